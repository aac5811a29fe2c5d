"""Judging predictions: the paper's angle error, and the one evaluator for baselines and models.

Taught in ``notebooks/05_error_evaluation``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import PREDICTED, TestWindows, dataset_statistics, test_windows
from cs2s.evaluation.baselines import Predictor
from cs2s.motion.rotations import expmap_to_euler

__all__ = ["FRAMES", "Evaluation", "angle_error", "evaluate", "judge", "milliseconds", "squared_differences"]

FRAMES = (1, 3, 7, 9, 13, 24)
"""The predicted frames (0-based) that the paper's tables show."""

_ROOT_COLUMNS = 6


def _euler_columns(rows: np.ndarray) -> np.ndarray:
    """Turn rows ``(..., columns)`` into Euler angles ``(..., columns)``, the six root columns set to 0."""
    angles = np.zeros_like(rows)
    joints = rows[..., _ROOT_COLUMNS:]
    euler = expmap_to_euler(joints.reshape(*joints.shape[:-1], -1, 3))
    angles[..., _ROOT_COLUMNS:] = euler.reshape(joints.shape)
    return angles


def squared_differences(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Square the differences in Euler angles of which the paper's mean angle error is made.

    Args:
        truth: ``(windows, observed + frames, columns)`` rows, the observed frames first.
        predicted: ``(windows, frames, columns)`` rows.

    Returns:
        ``(windows, frames, columns)``, radians squared; 0 for the root and for columns that do not count.
    """
    true_angles = _euler_columns(truth)
    moving = true_angles.std(axis=1, keepdims=True) > 1e-4
    return ((true_angles[:, -predicted.shape[1] :] - _euler_columns(predicted)) * moving) ** 2


def milliseconds(frame: np.ndarray | int, fps: float) -> np.ndarray | float:
    """Return how long after the last observed frame predicted frames (counted from 0) are."""
    return (frame + 1) * 1000 / fps


def angle_error(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Measure the paper's mean angle error.

    Columns whose true Euler angle is all but constant over the whole window (standard deviation at most 1e-4)
    do not count; nor does the root.

    Args:
        truth: ``(windows, observed + frames, columns)`` rows, the observed frames first.
        predicted: ``(windows, frames, columns)`` rows.

    Returns:
        ``(frames,)``: for each predicted frame the Euclidean norm over columns of the difference in Euler
        angles, radians, averaged over the windows.

    Source: section 4 of the paper; the measure is that of Fragkiadaki et al. 2015.
    """
    return np.sqrt(np.sum(squared_differences(truth, predicted), axis=-1)).mean(axis=0)


@dataclass(frozen=True)
class Evaluation:
    """The errors of one predictor on one data set.

    Attributes:
        dataset: name of the data set.
        predictor: name of the predictor.
        fps: frames per second of the predicted frames, for telling the true time of each.
        errors: action -> ``(frames,)`` mean angle error of every predicted frame, radians.
        protocol: name of the protocol.
        made_from: what made the numbers: data fingerprint and the like.
    """

    dataset: str
    predictor: str
    fps: float
    errors: dict[str, np.ndarray]
    protocol: str = "paper"
    made_from: dict[str, object] = field(default_factory=dict)

    @property
    def average(self) -> np.ndarray:
        """Mean over the actions, ``(frames,)``, radians."""
        return np.mean(list(self.errors.values()), axis=0)

    @property
    def frames(self) -> tuple[int, ...]:
        """Predicted frames that a table shows: the paper's, and the last one where it lies elsewhere."""
        count = len(self.average)
        return tuple(sorted({frame for frame in FRAMES if frame < count} | {count - 1}))


def evaluate(
    dataset: Dataset, predictor: Predictor, frames: int = PREDICTED
) -> tuple[Evaluation, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Let a predictor predict the paper's test windows and measure its error.

    Args:
        dataset: the loaded data.
        predictor: a baseline or a model.
        frames: how many frames to predict.

    Returns:
        The errors; and for each action the true rows ``(windows, 50 + frames, columns)`` and the predicted
        rows ``(windows, frames, columns)``.

    Raises:
        InputError: if test or training files are missing or too short.
    """
    return judge(dataset, predictor, test_windows(dataset, dataset_statistics(dataset), frames))


def judge(
    dataset: Dataset, predictor: Predictor, windows: Sequence[TestWindows], protocol: str = "paper"
) -> tuple[Evaluation, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Let a predictor predict the future of given windows and measure its error.

    Args:
        dataset: the loaded data that they were cut from.
        predictor: a baseline or a model.
        windows: one entry an action.
        protocol: what to call this way of measuring.

    Returns:
        What `evaluate` returns.
    """
    motions = {w.action: (w.rows, predictor(w.observed, w.future.shape[1])) for w in windows}
    errors = {action: angle_error(*motions[action]) for action in sorted(motions)}
    description = dataset.description
    evaluation = Evaluation(
        description.name,
        predictor.name,
        description.fps,
        errors,
        protocol,
        made_from={
            "data": dataset.fingerprint,
            "missing": list(dataset.missing),
            **getattr(predictor, "made_from", {}),
        },
    )
    return evaluation, motions
