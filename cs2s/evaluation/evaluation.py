"""The one evaluator, for baselines and models and under every protocol, and what it returns.

Taught in ``notebooks/05_error_evaluation``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import OBSERVED, PREDICTED, Windows
from cs2s.errors import InputError
from cs2s.evaluation.baselines import Predictor, ZeroVelocity
from cs2s.evaluation.bootstrap import bootstrap_ratios, interval, window_blocks
from cs2s.evaluation.looks import log_test_look
from cs2s.evaluation.measures import ANGLE_ERROR, Measure, Terms, angle_error
from cs2s.evaluation.protocols import PAPER, EvaluationProtocol
from cs2s.files.provenance import MadeFrom, made_by
from cs2s.motion.motion import Motion

__all__ = ["Evaluation", "Result", "Scores", "evaluate", "freezing_error", "frozen", "milliseconds"]

Scores = Mapping[str, np.ndarray]
"""Measure -> its numbers: ``(frames,)``, or ``()`` for a measure of all frames together."""


@overload
def milliseconds(frame: int, fps: float) -> float: ...
@overload
def milliseconds(frame: np.ndarray, fps: float) -> np.ndarray: ...
def milliseconds(frame: int | np.ndarray, fps: float) -> float | np.ndarray:
    """Return how long after the last observed frame predicted frames (counted from 0) are."""
    return (frame + 1) * 1000 / fps


@dataclass(frozen=True, eq=False)
class Result:
    """What was measured of an action, or on average over the actions, and how sure it is.

    Attributes:
        scores: the numbers.
        windows: how many windows they are made of.
        blocks: how many blocks of windows were drawn from for the interval; 0 where the protocol has none.
        over: what the blocks are: ``"takes"``, ``"stretches"`` of one take, or both.
        interval: lower and upper end of the 95 % bootstrap interval; None where there is one block, which says
            nothing of how another would be. Where there are two or three, it says little.
        drawn: what the bootstrap made of the scores, ``(resamples, frames)`` each, for `cs2s.evaluation.paired`; None
            where nothing was drawn, or where the numbers come from a file, which does not hold them.
    """

    scores: Scores
    windows: int = 0
    blocks: int = 0
    over: str = ""
    interval: tuple[Scores, Scores] | None = None
    drawn: Scores | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The errors of one predictor on one data set, under one protocol.

    Attributes:
        dataset: name of the data set.
        predictor: name of the predictor.
        fps: frames per second of the predicted frames, for telling the true time of each.
        protocol: name of the protocol.
        measures: what was measured, the protocol's main measure first.
        actions: action -> what was measured of it, alphabetically.
        overall: average over the actions. Its interval takes actions of one block as they are.
        stride: frames between the starts of two windows of a take; None where they were drawn.
        made_from: what made the numbers: data fingerprint, command and the like.
        motions: action -> the true windows (observed frames, then the future) and the predicted frames, as batches, in
            the data set's own order; empty where the protocol does not keep them, or where they come from a file.
        unlogged: why this look at test windows could not be logged; empty where it was, or where it is none.
    """

    dataset: str
    predictor: str
    fps: float
    protocol: str
    measures: tuple[Measure, ...]
    actions: Mapping[str, Result]
    overall: Result
    stride: int | None = None
    made_from: MadeFrom = field(default_factory=dict)
    motions: Mapping[str, tuple[Motion, Motion]] = field(default_factory=dict, repr=False)
    unlogged: str = ""

    @classmethod
    def of_errors(
        cls,
        dataset: str,
        predictor: str,
        fps: float,
        errors: Mapping[str, np.ndarray],
        protocol: str = "paper",
        made_from: MadeFrom | None = None,
    ) -> "Evaluation":
        """Return what mean angle errors make, action -> ``(frames,)``, radians: all that older files hold."""
        name = ANGLE_ERROR.name
        actions = {action: Result({name: error}) for action, error in errors.items()}
        overall = Result({name: np.mean(list(errors.values()), axis=0)})
        return cls(dataset, predictor, fps, protocol, (ANGLE_ERROR,), actions, overall, made_from=made_from or {})

    @property
    def errors(self) -> dict[str, np.ndarray]:
        """Action -> the main measure's numbers at every predicted frame, ``(frames,)``; radians for the paper's."""
        return {action: result.scores[self.measures[0].name] for action, result in self.actions.items()}

    @property
    def average(self) -> np.ndarray:
        """Average of the main measure over the actions, ``(frames,)``."""
        return self.overall.scores[self.measures[0].name]

    @property
    def without_interval(self) -> tuple[str, ...]:
        """Actions of one block."""
        return tuple(action for action, result in self.actions.items() if result.interval is None)


def evaluate(
    dataset: Dataset, predictor: Predictor, protocol: EvaluationProtocol = PAPER, frames: int = PREDICTED
) -> Evaluation:
    """Let a predictor predict windows and measure how wrong it is, under a protocol.

    If they are test windows, this look at them is logged (see `cs2s.evaluation.looks`). Where the log cannot be written
    to, what was measured says so: it may have taken an hour.

    Args:
        dataset: the loaded data.
        predictor: a baseline or a model.
        protocol: ``PAPER``, ``CORRECTED``, ``POSITIONS``, ``VALIDATION`` or one of your own.
        frames: how many frames to predict.

    Returns:
        Errors of every action and their average.

    Raises:
        InputError: if a number makes no sense, or files are missing or too short.
    """
    if frames < 1:
        raise InputError(f"frames {frames} makes no sense: it must be at least 1.")
    if protocol.resamples is not None and protocol.resamples < 1:
        raise InputError(f"resamples {protocol.resamples} makes no sense: it must be at least 1.")
    functions = [measure.on(dataset) for measure in protocol.measures]
    measured: dict[str, _Measured] = {}
    motions: dict[str, tuple[Motion, Motion]] = {}
    cut = protocol.cut(dataset, frames)
    for number, windows in enumerate(sorted(cut, key=lambda w: w.action)):
        parts = []
        for truth, predicted in _predict_windows(windows, predictor, protocol.batch):
            parts.append([function(truth, predicted) for function in functions])
            if protocol.keeps_motions:
                motions[windows.action] = truth, predicted
        measured[windows.action] = _summed(windows, parts, protocol, number)
    actions = {action: _result(one, protocol.measures, frames) for action, one in measured.items()}
    overall = _result(_averaged(list(measured.values()), protocol), protocol.measures, frames)
    evaluation = Evaluation(
        dataset.description.name,
        predictor.name,
        dataset.description.fps,
        protocol.name,
        protocol.measures,
        actions,
        overall,
        protocol.cut.stride,
        {
            "data": dataset.fingerprint,
            "missing": list(dataset.missing),
            **_facts_of_intervals(protocol),
            **getattr(predictor, "made_from", {}),
            **made_by(),
        },
        {windows.action: motions[windows.action] for windows in cut if windows.action in motions},
    )
    if any(take.split == "test" for windows in cut for take, _ in windows.starts):
        try:
            log_test_look(evaluation.dataset, dataset.fingerprint, evaluation.predictor, evaluation.protocol)
        except InputError as error:
            return replace(evaluation, unlogged=str(error))
    return evaluation


def freezing_error(truth: Motion, frames: int) -> np.ndarray:
    """Return the angle error of freezing (zero velocity), ``(..., frames)``, radians.

    Args:
        truth: rows ``(..., observed + frames, columns)``.
        frames: how many of them were to be predicted.
    """
    return angle_error(truth, ZeroVelocity()(truth[: len(truth) - frames], frames))


def frozen(evaluation: Evaluation) -> Evaluation:
    """Return what freezing has on the windows of an evaluation of mean angle errors that kept its motions.

    Nothing is looked at that was not looked at before, so no look is logged.
    """
    errors = {}
    for action in evaluation.actions:
        truth, predicted = evaluation.motions[action]
        errors[action] = freezing_error(truth, len(predicted)).mean(axis=0)
    name = ZeroVelocity().name
    return Evaluation.of_errors(evaluation.dataset, name, evaluation.fps, errors, evaluation.protocol)


def _predict_windows(
    windows: Windows, predictor: Predictor, batch: int | None = None
) -> Iterator[tuple[Motion, Motion]]:
    """Yield the true windows and what a predictor makes of their observed frames, batch by batch.

    Args:
        windows: of one action.
        predictor: a baseline or a model.
        batch: how many windows it gets at once, the last batch filled up by repetition; if None, all of them. A model
            is compiled anew for each number of windows, which takes longer than predicting some in vain.
    """
    size, frames = batch or len(windows), len(windows.future)
    for first in range(0, len(windows), size):
        truth = replace(windows.motion, rows=windows.motion.rows[first : first + size])
        observed = truth[:OBSERVED]
        filled = replace(observed, rows=np.resize(observed.rows, (size, *observed.rows.shape[1:])))
        predicted = predictor(filled, frames)
        yield truth, replace(predicted, rows=predicted.rows[: len(truth.rows)])


@dataclass(frozen=True, eq=False)
class _Measured:
    """Numbers of all measures in one row, ``(values,)``, and what a bootstrap made of them, ``(resamples, values)``."""

    value: np.ndarray
    estimates: np.ndarray
    windows: int
    blocks: int
    over: str
    uncertain: bool


def _summed(windows: Windows, parts: Sequence[Sequence[Terms]], protocol: EvaluationProtocol, number: int) -> _Measured:
    """Sum over the windows of an action what was measured batch by batch, and draw its blocks again and again.

    Every measure is a ratio of sums over windows: for degrees and millimetres the weights are 1, for the NPSS the
    power of the true curves.
    """
    totals, weights = (
        np.concatenate([np.concatenate([terms[part] for terms in batch], axis=1) for batch in parts]) for part in (0, 1)
    )
    if protocol.resamples is None:
        value = _ratio(totals.sum(axis=0), weights.sum(axis=0))
        return _Measured(value, value[None], len(windows), 0, "", uncertain=False)
    blocks, over = window_blocks(windows.starts, len(windows.motion))
    # Sums over each block's windows: (blocks, windows) @ (windows, values).
    member = (np.arange(blocks.max() + 1)[:, None] == blocks).astype(np.float64)
    totals, weights = member @ totals, member @ weights
    value = _ratio(totals.sum(axis=0), weights.sum(axis=0))
    if len(totals) == 1:
        fixed = np.broadcast_to(value, (protocol.resamples, len(value)))
        return _Measured(value, fixed, len(windows), 1, over, uncertain=False)
    draws = np.random.default_rng((protocol.seed, number))
    estimates = bootstrap_ratios(totals, weights, protocol.resamples, draws)
    return _Measured(value, estimates, len(windows), len(totals), over, uncertain=True)


def _ratio(totals: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.divide(totals, weights, out=np.full_like(totals, np.nan), where=weights > 0)


def _averaged(actions: Sequence[_Measured], protocol: EvaluationProtocol) -> _Measured:
    """Average over the actions, the values and the estimates of the bootstrap alike."""
    counts = [action.windows for action in actions]
    return _Measured(
        protocol.average([action.value for action in actions], counts),
        protocol.average([action.estimates for action in actions], counts),
        sum(counts),
        sum(action.blocks for action in actions),
        " and ".join(sorted({action.over for action in actions}, reverse=True)),
        any(action.uncertain for action in actions),
    )


def _result(measured: _Measured, measures: Sequence[Measure], frames: int) -> Result:
    """Take the numbers of all measures apart."""

    def scores(rows: np.ndarray) -> Scores:
        ends = np.cumsum([frames if measure.by_frame else 1 for measure in measures])[:-1]
        pieces = zip(measures, np.split(rows, ends, axis=-1), strict=True)
        return {measure.name: piece if measure.by_frame else piece[..., 0] for measure, piece in pieces}

    ends, drawn = None, None
    if measured.uncertain:
        low, high = interval(measured.estimates)
        ends, drawn = (scores(low), scores(high)), scores(measured.estimates)
    return Result(scores(measured.value), measured.windows, measured.blocks, measured.over, ends, drawn)


def _facts_of_intervals(protocol: EvaluationProtocol) -> MadeFrom:
    if protocol.resamples is None:
        return {}
    return {"split": protocol.cut.split, "resamples": protocol.resamples, "bootstrap_seed": protocol.seed}
