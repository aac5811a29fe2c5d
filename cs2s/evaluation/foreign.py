"""A yardstick off the benchmark: how wrong predictions are on motion files that no one chose for them.

A file is brought to the CMU skeleton and 60 frames a second, cut into windows, and every window's future predicted.
Errors in millimetres and degrees hang on how much the person moves, so what is told first is their ratio to those of
freezing (zero velocity) on the same windows; a file counts once, however long it is. Beside errors stand two things
that people see at once in a film and errors do not show: a jump at the first predicted frame, and sliding feet. These
are no test windows of the benchmark, and no look at them is logged. Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np

from cs2s.datasets.windows import OBSERVED, PREDICTED, Statistics
from cs2s.errors import InputError
from cs2s.evaluation.baselines import Predictor, ZeroVelocity
from cs2s.evaluation.evaluation import Scores
from cs2s.evaluation.measures import joint_angle_error, mpjpe, placed_at_root
from cs2s.evaluation.strangers import ask
from cs2s.files.provenance import MadeFrom, made_by
from cs2s.motion.feet import feet_of
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.skeleton import CMU

__all__ = [
    "FEET",
    "FILE_MEASURES",
    "FILE_STRIDE",
    "POINTS",
    "SHOWN",
    "FileErrors",
    "FileMeasure",
    "FilesEvaluation",
    "check_evaluable",
    "evaluate_files",
    "moved",
    "planted",
    "position_error_in_space",
    "speeds_over_ground",
]

FILE_STRIDE = 10
"""Frames between the starts of two windows of a file, unless another stride is asked for."""

SHOWN = (0, 3, 9, 24)
"""The predicted frames (0-based) that are columns of a table: 17, 67, 167 and 417 ms."""

# The hip joints stand where the hips are and turn in no recording of the CMU database.
_FIXED = ("Hips", "LHipJoint", "RHipJoint")
POINTS = distinct_points(CMU, [joint for joint, name in enumerate(CMU.joints) if name not in _FIXED])
"""The joints of the CMU skeleton whose positions count: the 25 that the benchmark's MPJPE counts, without its data."""

FEET = feet_of(CMU)
"""The joints that say whether a foot is planted: the balls of the feet, which stay while the heels rise."""

_LOW_PERCENTILE, _LOW_MM, _SLOW_MM_PER_S = 10, 30.0, 200.0
_OBSERVED_STEPS = 10
# As many windows as a predictor gets at once; a model is compiled anew for each number.
_BATCH = 128


def position_error_in_space(truth: Motion, predicted: Motion) -> np.ndarray:
    """Measure how far the `POINTS` are from where they truly are, with the predicted way and heading of the root.

    Args:
        truth: rows ``(..., frames, columns)``, root absolute.
        predicted: rows ``(..., frames, columns)``, of the same frames and skeleton.

    Returns:
        ``(..., frames)``: distance averaged over the points, millimetres.
    """
    points = list(POINTS)
    apart = truth.positions()[..., points, :] - predicted.positions()[..., points, :]
    return np.linalg.norm(apart, axis=-1).mean(axis=-1)


def moved(motion: Motion) -> np.ndarray:
    """Measure how far the `POINTS` move from each frame to the next while the root stays at the origin, unturned.

    Args:
        motion: rows ``(..., frames, columns)``.

    Returns:
        ``(..., frames - 1)``: distance averaged over the points, millimetres.
    """
    return np.linalg.norm(np.diff(placed_at_root(motion, POINTS), axis=-3), axis=-1).mean(axis=-1)


def speeds_over_ground(motion: Motion) -> np.ndarray:
    """Measure how fast the `FEET` move horizontally in space, from each frame to the next.

    Args:
        motion: rows ``(..., frames, columns)``, root absolute.

    Returns:
        ``(..., frames - 1, feet)``, mm/s.
    """
    along = motion.positions()[..., list(FEET), :][..., [0, 2]]
    return np.linalg.norm(np.diff(along, axis=-3), axis=-1) * motion.fps


def _floor(motion: Motion) -> np.ndarray:
    """Return for each of the `FEET` the height below which it is near the ground in a file, ``(feet,)``, mm."""
    return np.percentile(motion.positions()[:, list(FEET), 1], _LOW_PERCENTILE, axis=0) + _LOW_MM


def planted(truth: Motion, floor: np.ndarray) -> np.ndarray:
    """Tell in which frames a foot truly stands on the ground.

    It is near the ground (no more than 30 mm above the tenth percentile of its own heights in the whole file, so that
    no file needs to have its ground at zero) and slow (it comes there from the frame before by less than 200 mm/s along
    the ground; a foot that swings reaches some thousands). Stairs and slopes are not thought of.

    Args:
        truth: rows ``(..., frames, columns)``, root absolute.
        floor: ``(feet,)``, the heights in millimetres below which the `FEET` are near the ground.

    Returns:
        ``(..., frames - 1, feet)``, of every frame but the first.
    """
    heights = truth.positions()[..., 1:, list(FEET), 1]
    return (heights < floor) & (speeds_over_ground(truth) < _SLOW_MM_PER_S)


@dataclass(frozen=True)
class FileMeasure:
    """One way to measure how wrong predictions on a file are.

    Attributes:
        name: what files call it, with its unit.
        title: what a table says of it.
        unit: of its numbers.
        digits: after the point, in a table.
        of: of true and predicted futures and the joints that turn in the file, ``(windows, frames)`` numbers.
    """

    name: str
    title: str
    unit: str
    digits: int
    of: Callable[[Motion, Motion, tuple[int, ...]], np.ndarray]


FILE_MEASURES = (
    FileMeasure("hips_mm", "position, hips-relative", "mm", 1, lambda truth, given, _: mpjpe(truth, given, POINTS)),
    FileMeasure(
        "space_mm", "position in space", "mm", 1, lambda truth, given, _: position_error_in_space(truth, given)
    ),
    FileMeasure("degrees", "joint angle", "degrees", 2, joint_angle_error),
)
"""What is measured at every predicted frame: where joints are with the root where it truly is; where they are in space;
and how far the rotations of those joints are off that turn in the file after its first 50 frames."""


@dataclass(frozen=True, eq=False)
class FileErrors:
    """What was measured of a predictor on one file, averaged over its windows.

    Attributes:
        windows: how many.
        errors: measure -> ``(frames,)``.
        frozen: the same of zero velocity on the same windows.
        observed_step_mm: how far points move from frame to frame, hips-relative, in the last ten observed steps.
        true_step_mm: how far from the last observed frame to the one that truly follows.
        step_mm: how far from the last observed frame to the first predicted one.
        planted: in how many frames a foot is planted, those of both feet and all windows counted together.
        true_sliding_mm_per_s: how fast a foot truly moves along the ground in these; nan where there is none.
        sliding_mm_per_s: how fast a predicted foot moves in the same frames. The step to the first predicted frame is
            left out: a jump there is told by `step_mm`.
    """

    windows: int
    errors: Scores
    frozen: Scores
    observed_step_mm: float
    true_step_mm: float
    step_mm: float
    planted: int
    true_sliding_mm_per_s: float
    sliding_mm_per_s: float

    @property
    def ratios(self) -> Scores:
        """Measure -> mean error divided by that of freezing, ``(frames,)``; nan where freezing makes no error."""
        return {name: _ratio(error, self.frozen[name]) for name, error in self.errors.items()}


@dataclass(frozen=True, eq=False)
class FilesEvaluation:
    """The errors of one predictor on motion files.

    Attributes:
        predictor: its name.
        fps: frames a second of observed and predicted frames.
        stride: frames between the starts of two windows of a file.
        files: name of the file -> what was measured.
        made_from: what made the numbers: checksums, command and the like.
    """

    predictor: str
    fps: float
    stride: int
    files: Mapping[str, FileErrors]
    made_from: MadeFrom = field(default_factory=dict)

    @property
    def errors(self) -> Scores:
        """Measure -> mean over the files of their errors, ``(frames,)``."""
        return _over_files([file.errors for file in self.files.values()])

    @property
    def ratios(self) -> Scores:
        """Measure -> mean over the files of their ratios to freezing, ``(frames,)``; files without one left out."""
        return _over_files([file.ratios for file in self.files.values()])

    def mean(self, number: str) -> float:
        """Return the mean over the files of one of the numbers of `FileErrors`; files that have none left out."""
        return float(_mean(np.array([getattr(file, number) for file in self.files.values()])))

    def worst(self, measure: str) -> str:
        """Return the file on which the predictor does worst beside freezing, on average over the `SHOWN` frames."""

        def height(name: str) -> float:
            ratio = _mean(self.files[name].ratios[measure][list(SHOWN)])
            return -np.inf if np.isnan(ratio) else float(ratio)

        return max(self.files, key=height)


def check_evaluable(name: str, motion: Motion, observed: int = OBSERVED) -> None:
    """Make sure that there is something to predict in a motion.

    Args:
        name: what messages call it.
        motion: one motion, on the skeleton and at the frame rate of predictors.
        observed: frames of a window that predictors see.

    Raises:
        InputError: if it is not on the CMU skeleton or shorter than a window, or no joint turns in what is predicted.
    """
    if motion.skeleton.joints != CMU.joints or motion.root != "absolute":
        raise InputError(f"{name} is not on the CMU skeleton with an absolute root; retarget it first.")
    needed = observed + PREDICTED
    if len(motion) < needed:
        raise InputError(
            f"{name} has {len(motion)} frames at {motion.fps:g} a second, but a window of {observed} observed and "
            f"{PREDICTED} predicted frames takes {needed}: it must last at least {needed / motion.fps:.2f} seconds."
        )
    if not Statistics.of(motion.rows[observed:]).turning_joints:
        raise InputError(f"no joint turns in {name} after its first {observed} frames: there is nothing to predict.")


def evaluate_files(
    motions: Mapping[str, Motion],
    predictor: Predictor,
    stride: int = FILE_STRIDE,
    made_from: MadeFrom | None = None,
    observed: int = OBSERVED,
) -> FilesEvaluation:
    """Let a predictor predict windows of motions and measure how wrong it is, also beside freezing.

    Windows of the observed frames and 25 to predict start at every `stride` frames, from a motion's first frame on.
    Joints that a model does not predict stay as they are in the last observed frame, see
    `cs2s.evaluation.strangers.ask`.

    Args:
        motions: name of the file -> the motion, on the CMU skeleton and at 60 frames a second, see
            `cs2s.training.continuation.prepare`.
        predictor: a baseline or a model.
        stride: frames between the starts of two windows of a motion.
        made_from: what is to be kept with the numbers, such as the checksums of the files.
        observed: frames of a window that predictors see; fewer than 50 for those that have learned to do with them.

    Raises:
        InputError: if there is no motion or one does not pass `check_evaluable`, they differ in their frame rates, the
            stride makes no sense, or predictions are not finite.
    """
    if stride < 1:
        raise InputError(f"stride {stride} makes no sense: it must be at least 1.")
    rates = {motion.fps for motion in motions.values()}
    if len(rates) != 1:
        raise InputError(f"motions are evaluated at one frame rate, and these have {len(rates)}.")
    for name, motion in motions.items():
        check_evaluable(name, motion, observed)
    files = {name: _measured(motion, predictor, stride, observed) for name, motion in motions.items()}
    facts = {**(made_from or {}), **getattr(predictor, "made_from", {}), **made_by()}
    return FilesEvaluation(predictor.name, rates.pop(), stride, files, facts)


@dataclass(frozen=True, eq=False)
class _Measured:
    """What was measured of some windows of a file, window by window, the axis of windows first.

    Attributes:
        errors: ``(windows, measures, frames)``.
        frozen: the same of freezing.
        true_steps: ``(windows, steps)``, the last ten observed steps at most, and the true next one.
        step: ``(windows,)``.
        planted: ``(windows, frames - 1, feet)``.
        true_slides: the same, mm/s; of all frames, planted or not.
        slides: the same, of the prediction.
    """

    errors: np.ndarray
    frozen: np.ndarray
    true_steps: np.ndarray
    step: np.ndarray
    planted: np.ndarray
    true_slides: np.ndarray
    slides: np.ndarray


def _measured(motion: Motion, predictor: Predictor, stride: int, observed: int) -> FileErrors:
    joints, floor = Statistics.of(motion.rows[observed:]).turning_joints, _floor(motion)
    batches = [
        _measured_batch(truth, predicted, joints, floor)
        for truth, predicted in _predicted_windows(motion, predictor, stride, observed)
    ]
    whole = _Measured(*(np.concatenate([getattr(batch, one.name) for batch in batches]) for one in fields(_Measured)))

    def scores(errors: np.ndarray) -> Scores:
        return {measure.name: error for measure, error in zip(FILE_MEASURES, errors.mean(axis=0), strict=True)}

    return FileErrors(
        len(whole.step),
        scores(whole.errors),
        scores(whole.frozen),
        float(whole.true_steps[:, :-1].mean()),
        float(whole.true_steps[:, -1].mean()),
        float(whole.step.mean()),
        int(whole.planted.sum()),
        float(_mean(whole.true_slides[whole.planted])),
        float(_mean(whole.slides[whole.planted])),
    )


def _predicted_windows(
    motion: Motion, predictor: Predictor, stride: int, observed: int
) -> Iterator[tuple[Motion, Motion]]:
    """Yield true windows and their predicted futures, batch by batch; batches are filled up by repetition."""
    length = observed + PREDICTED
    starts = range(0, len(motion) - length + 1, stride)
    for first in range(0, len(starts), _BATCH):
        some = starts[first : first + _BATCH]
        truth = Motion.stacked([motion[start : start + length] for start in some])
        past = truth[:observed]
        filled = replace(past, rows=np.resize(past.rows, (_BATCH, *past.rows.shape[1:])))
        predicted = ask(predictor, filled, PREDICTED)
        yield truth, replace(predicted, rows=predicted.rows[: len(some)])


def _measured_batch(truth: Motion, predicted: Motion, joints: tuple[int, ...], floor: np.ndarray) -> _Measured:
    observed = len(truth) - len(predicted)
    future, last = truth[observed:], truth[observed - 1 : observed]
    frozen = ask(ZeroVelocity(), last, PREDICTED)
    return _Measured(
        np.stack([measure.of(future, predicted, joints) for measure in FILE_MEASURES], axis=1),
        np.stack([measure.of(future, frozen, joints) for measure in FILE_MEASURES], axis=1),
        moved(truth[max(observed - _OBSERVED_STEPS - 1, 0) : observed + 1]),
        moved(last.then(predicted[:1]))[:, 0],
        planted(future, floor),
        speeds_over_ground(future),
        speeds_over_ground(predicted),
    )


def _ratio(errors: np.ndarray, frozen: np.ndarray) -> np.ndarray:
    return np.divide(errors, frozen, out=np.full_like(errors, np.nan), where=frozen > 0)


def _mean(numbers: np.ndarray) -> np.ndarray:
    """Return the mean along the first axis of those that are numbers; nan where none is."""
    there = ~np.isnan(numbers)
    count = there.sum(axis=0)
    return np.where(count, np.where(there, numbers, 0).sum(axis=0), np.nan) / np.maximum(count, 1)


def _over_files(scores: list[Scores]) -> Scores:
    return {name: _mean(np.array([one[name] for one in scores])) for name in scores[0]}
