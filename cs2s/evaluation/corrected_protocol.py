"""The corrected protocol: every test window, true times, measures with units, and how sure the numbers are.

Beside the paper's protocol (`cs2s.evaluation.evaluation`), whose eight windows an action, T-pose row, frame labels and
Euler angles make its numbers hard to trust. Papers print nothing under this one: compare predictors measured here
only. Taught in ``notebooks/07_beyond_the_paper``.
"""

from dataclasses import dataclass, field

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import OBSERVED, PREDICTED, Statistics, all_windows, dataset_statistics
from cs2s.errors import InputError
from cs2s.evaluation.baselines import Predictor
from cs2s.evaluation.bootstrap import bootstrap_ratios, interval, window_blocks
from cs2s.evaluation.corrected_metrics import (
    distinct_points,
    joint_angle_error,
    joint_euler_angles,
    mpjpe,
    spectral_terms,
)
from cs2s.evaluation.evaluation import FRAMES

__all__ = ["STRIDE", "CorrectedEvaluation", "Result", "Scores", "evaluate_corrected", "moving_joints"]

STRIDE = 5
"""Frames between the starts of two test windows of a take, unless another stride is asked for."""

_BATCH = 128


@dataclass(frozen=True, eq=False)
class Scores:
    """One set of numbers: of an action, of the average, or one end of their intervals.

    Attributes:
        degrees: ``(frames,)`` mean geodesic joint angle of every predicted frame, degrees.
        mpjpe_mm: ``(frames,)`` mean per-joint position error, millimetres.
        npss: normalised power spectrum similarity over all predicted frames; 0 is best.
    """

    degrees: np.ndarray
    mpjpe_mm: np.ndarray
    npss: float

    @classmethod
    def of(cls, values: np.ndarray) -> "Scores":
        """Take apart the values of all measures in one row, ``(2 * frames + 1,)``."""
        frames = len(values) // 2
        return cls(values[:frames], values[frames:-1], float(values[-1]))


@dataclass(frozen=True, eq=False)
class Result:
    """What was measured of an action, or on average over the actions, and how sure it is.

    Attributes:
        scores: the numbers.
        windows: how many windows they are made of.
        blocks: how many blocks of windows were drawn from for the interval.
        over: what the blocks are: ``"takes"``, ``"stretches"`` of one take, or both.
        interval: lower and upper end of the 95 % bootstrap interval; None where there is one block, which says
            nothing of how another would be. Where there are two or three, it says little.
    """

    scores: Scores
    windows: int
    blocks: int
    over: str
    interval: tuple[Scores, Scores] | None


@dataclass(frozen=True, eq=False)
class CorrectedEvaluation:
    """The errors of one predictor on one data set, under the corrected protocol.

    Attributes:
        dataset: name of the data set.
        predictor: name of the predictor.
        fps: frames per second of the predicted frames.
        stride: frames between the starts of two windows of a take.
        actions: action -> what was measured of it, alphabetically.
        average: mean over the actions, each counting once. Its interval takes actions of one block as they are.
        protocol: name of the protocol.
        made_from: what made the numbers: data fingerprint, split, seed and the like.
    """

    dataset: str
    predictor: str
    fps: float
    stride: int
    actions: dict[str, Result]
    average: Result
    protocol: str = "corrected"
    made_from: dict[str, object] = field(default_factory=dict)

    @property
    def frames(self) -> tuple[int, ...]:
        """Predicted frames that a table shows: the paper's, and the last one where it lies elsewhere."""
        count = len(self.average.scores.degrees)
        return tuple(sorted({frame for frame in FRAMES if frame < count} | {count - 1}))

    @property
    def without_interval(self) -> tuple[str, ...]:
        """Actions of one block."""
        return tuple(action for action, result in self.actions.items() if result.interval is None)


def moving_joints(dataset: Dataset) -> tuple[int, ...]:
    """Return the joints, without the root, that turn anywhere in the training files: those whose angles count.

    T-pose rows are left out: on CMU they alone make two finger joints look as if they moved.

    Raises:
        InputError: if no training file is present, or nothing turns in any.
    """
    train = dataset.split("train")
    if not train:
        raise InputError(f"no training file of the {dataset.description.name} data is present.")
    skip = dataset.description.t_pose_rows
    used = Statistics.of(np.concatenate([motion.rows[skip:] for motion in train.values()])).used
    # Columns 0 to 2 are the root's translation, 3 to 5 its rotation.
    joints = tuple(int(joint) for joint in np.unique(used // 3 - 1) if joint > 0)
    if not joints:
        raise InputError(f"no joint turns in the training files of the {dataset.description.name} data.")
    return joints


def _predict(predictor: Predictor, observed: np.ndarray, frames: int) -> np.ndarray:
    """Let a predictor predict a batch that is filled up by repetition to always the same size.

    A model is compiled anew for each number of windows, which takes longer than predicting some in vain.
    """
    return predictor(np.resize(observed, (_BATCH, *observed.shape[1:])), frames)[: len(observed)]


def evaluate_corrected(
    dataset: Dataset,
    predictor: Predictor,
    frames: int = PREDICTED,
    stride: int = STRIDE,
    split: str = "test",
    resamples: int = 1000,
    seed: int = 0,
) -> CorrectedEvaluation:
    """Let a predictor predict every window of a split and measure how wrong it is, and how sure that is.

    Equal seeds draw equal blocks for every predictor.

    Args:
        dataset: the loaded data.
        predictor: a baseline or a model.
        frames: how many frames to predict.
        stride: frames between the starts of two windows of a take.
        split: ``"test"``, ``"train"``, or ``"validation"`` (see `cs2s.datasets.validation.hold_out`).
        resamples: how many times the bootstrap draws.
        seed: of the bootstrap.

    Returns:
        Errors of every action and their average, with intervals.

    Raises:
        InputError: if a number makes no sense, or files are missing or too short.
    """
    for name, number in (("frames", frames), ("stride", stride), ("resamples", resamples)):
        if number < 1:
            raise InputError(f"{name} {number} makes no sense: it must be at least 1.")
    joints = moving_joints(dataset)
    points = distinct_points(dataset.description.skeleton, joints)
    windows = all_windows(dataset, dataset_statistics(dataset), split, stride, frames)
    actions, drawn = {}, []
    for number, action in enumerate(sorted(windows, key=lambda w: w.action)):
        parts = [
            _measure(action.rows[first : first + _BATCH], predictor, frames, dataset, joints, points)
            for first in range(0, len(action.rows), _BATCH)
        ]
        totals, weights = (np.concatenate(values) for values in zip(*parts, strict=True))
        blocks, over = window_blocks(action.starts, OBSERVED + frames)
        # Sums over each block's windows: (blocks, windows) @ (windows, values).
        member = (np.arange(blocks.max() + 1)[:, None] == blocks).astype(np.float64)
        totals, weights = member @ totals, member @ weights
        value = _ratio(totals.sum(axis=0), weights.sum(axis=0))
        ends = None
        if len(totals) > 1:
            estimates = bootstrap_ratios(totals, weights, resamples, np.random.default_rng((seed, number)))
            ends = interval(estimates)
        else:
            estimates = np.broadcast_to(value, (resamples, len(value)))
        drawn.append(estimates)
        actions[action.action] = _result(value, len(action.rows), len(totals), over, ends)
    return CorrectedEvaluation(
        dataset.description.name,
        predictor.name,
        dataset.description.fps,
        stride,
        actions,
        _average(actions, drawn),
        made_from={
            "data": dataset.fingerprint,
            "missing": list(dataset.missing),
            "split": split,
            "resamples": resamples,
            "bootstrap_seed": seed,
            **getattr(predictor, "made_from", {}),
        },
    )


def _measure(
    rows: np.ndarray,
    predictor: Predictor,
    frames: int,
    dataset: Dataset,
    joints: tuple[int, ...],
    points: tuple[int, ...],
) -> tuple[np.ndarray, np.ndarray]:
    """Measure windows ``(windows, 50 + frames, columns)``: values and weights, each ``(windows, 2 * frames + 1)``.

    Every measure is a ratio of sums over windows: for degrees and millimetres the weights are 1, for the NPSS the
    power of the true curves.
    """
    future, predicted = rows[:, OBSERVED:], _predict(predictor, rows[:, :OBSERVED], frames)
    degrees = joint_angle_error(future, predicted, joints)
    distances = mpjpe(future, predicted, dataset.description.skeleton, points)
    cost, power = spectral_terms(joint_euler_angles(future, joints), joint_euler_angles(predicted, joints))
    totals = np.concatenate([degrees, distances, cost[:, None]], axis=1)
    weights = np.concatenate([np.ones_like(degrees), np.ones_like(distances), power[:, None]], axis=1)
    return totals, weights


def _ratio(totals: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.divide(totals, weights, out=np.full(totals.shape, np.nan), where=weights > 0)


def _result(
    value: np.ndarray, windows: int, blocks: int, over: str, ends: tuple[np.ndarray, np.ndarray] | None
) -> Result:
    return Result(Scores.of(value), windows, blocks, over, ends and (Scores.of(ends[0]), Scores.of(ends[1])))


def _average(actions: dict[str, Result], drawn: list[np.ndarray]) -> Result:
    """Average over the actions, the values and the estimates of the bootstrap ``(resamples, values)`` alike."""
    results = list(actions.values())
    value = np.mean([np.concatenate([r.scores.degrees, r.scores.mpjpe_mm, [r.scores.npss]]) for r in results], axis=0)
    ends = None
    if any(result.interval for result in results):
        ends = interval(np.mean(drawn, axis=0))
    over = " and ".join(sorted({result.over for result in results}, reverse=True))
    return _result(value, sum(r.windows for r in results), sum(r.blocks for r in results), over, ends)
