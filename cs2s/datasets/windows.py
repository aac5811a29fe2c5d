"""Windows: the pieces of motion that the model sees, and the numbers that normalise them.

A window is 50 observed frames followed by the frames to predict, at half the files' frame rate.
Taught in ``notebooks/01_motion_data``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cs2s.datasets.descriptions import OBSERVED, PREDICTED, Description, TakeId
from cs2s.datasets.loading import Dataset
from cs2s.errors import InputError
from cs2s.motion.limits import LARGEST
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion

__all__ = [
    "OBSERVED",
    "PREDICTED",
    "Drawing",
    "Statistics",
    "TrainingWindows",
    "Windows",
    "all_windows",
    "dataset_statistics",
    "every_start",
    "halved",
    "possible_starts",
    "test_windows",
]

_FAR = 100
"""Deviations from 0 to the mean of a column beyond which float32 sums are too coarse; no column of CMU is so far."""

_TEST_SEED = 1234567890
_TEST_WINDOWS = 8


def halved(motion: Motion) -> Motion:
    """Return every second frame of a motion, starting with the first: the paper's down-sampling."""
    return motion[::2]


@dataclass(frozen=True, eq=False)
class Statistics:
    """Mean and spread of every column over the training rows.

    Attributes:
        mean: ``(columns,)`` float32.
        std: ``(columns,)`` float32, 1 where the column is constant.
        used: indices of the columns that are not constant: what the model sees and predicts.
    """

    mean: np.ndarray
    std: np.ndarray
    used: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray) -> "Statistics":
        """Measure rows ``(frames, columns)``. Columns with a standard deviation below 1e-4 count as constant.

        The order of the rows matters in the last digits: float32 sums, as in the original.
        """
        mean, std = rows.mean(axis=0), rows.std(axis=0)
        # Far from 0 the sums lose what the deviation is made of: at 1e6 it came out as 30 instead of 1.
        far = np.flatnonzero((std >= 1e-4) & (np.abs(mean) > _FAR * std))
        if len(far):
            exact = rows[:, far].astype(np.float64)
            mean[far], std[far] = exact.mean(axis=0), exact.std(axis=0)
        constant = std < 1e-4
        return cls(mean, np.where(constant, np.float32(1), std), np.flatnonzero(~constant))

    def checked(self, columns: int) -> "Statistics":
        """Return these statistics, if rows of so many columns can be normalised by them.

        Raises:
            ValueError: if they cannot: a number is not finite, a deviation is none, or lengths differ.
        """
        for name, numbers in (("mean", self.mean), ("deviation", self.std)):
            if numbers.shape != (columns,) or numbers.dtype.kind != "f" or not np.abs(numbers).max() <= LARGEST:
                raise ValueError(f"the {name}s of its statistics are not {columns} finite numbers")
        if not (self.std > 0).all():
            raise ValueError("a deviation of its statistics is not above 0")
        used = self.used
        if used.ndim != 1 or not len(used) or used.dtype.kind not in "iu" or (np.diff(used) <= 0).any():
            raise ValueError("the used columns of its statistics are no ascending numbers")
        if used[0] < 0 or used[-1] >= columns:
            raise ValueError(f"the used columns of its statistics are not among {columns}")
        return self

    @property
    def turning_joints(self) -> tuple[int, ...]:
        """The joints, without the root, that turn in those rows: of which a column is used."""
        # Columns 0 to 2 are the root's translation, 3 to 5 its rotation.
        return tuple(int(joint) for joint in np.unique(self.used // 3 - 1) if joint > 0)

    def normalise(self, rows: np.ndarray) -> np.ndarray:
        """Map rows ``(..., columns)`` to the model's space ``(..., used)``."""
        return (rows[..., self.used] - self.mean[self.used]) / self.std[self.used]

    def unnormalise(self, values: np.ndarray) -> np.ndarray:
        """Map model values ``(..., used)`` back to rows ``(..., columns)``; constant columns get their mean."""
        values = np.asarray(values)
        rows = np.broadcast_to(self.mean, (*values.shape[:-1], len(self.mean))).astype(values.dtype)
        rows[..., self.used] = values * self.std[self.used] + self.mean[self.used]
        return rows


def dataset_statistics(dataset: Dataset, t_pose: Literal["kept", "dropped"] = "kept") -> Statistics:
    """Measure the full-rate training rows of a data set, concatenated in the paper's order.

    Args:
        dataset: the loaded data.
        t_pose: whether the T-pose row of each file counts, as in the paper: it makes two finger joints look as if they
            moved.

    Raises:
        InputError: if no training file is present.
    """
    train = dataset.split("train")
    if not train:
        raise InputError(
            f"no training file of the {dataset.description.name} data is present; normalisation needs them."
        )
    skip = dataset.description.t_pose_rows if t_pose == "dropped" else 0
    return Statistics.of(np.concatenate([motion.rows[skip:] for motion in train.values()]))


def _check_length(
    dataset: Dataset, take: TakeId, motion: Motion, needed: int, frames: int, observed: int = OBSERVED
) -> None:
    if len(motion) <= needed:
        raise InputError(
            f"{dataset.file(take)} has {len(motion)} frames after halving, but windows of {observed} observed "
            f"and {frames} predicted frames need more than {needed}."
        )


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of one action: those of a test, of validation, or others.

    Attributes:
        action: what is done.
        motion: the windows as a batch, rows ``(windows, frames, columns)`` float32: observed frames, then the ground
            truth to predict. They have been normalised and un-normalised, as in the paper: constant columns hold the
            training mean. (Those of `every_start` are as the files have them.) The rows are read-only.
        starts: for each window, the take it was cut from and its first frame after halving; it is negative where the
            window reaches back beyond the take, see `every_start`.
    """

    action: str
    motion: Motion
    starts: tuple[tuple[TakeId, int], ...]

    @classmethod
    def cut(
        cls, dataset: Dataset, statistics: Statistics, action: str, starts: Sequence[tuple[TakeId, int]], frames: int
    ) -> "Windows":
        """Cut windows of 50 observed frames and `frames` to predict out of the takes of a data set."""
        halves = {take: halved(dataset.motions[take]) for take, _ in starts}
        stacked = Motion.stacked([halves[take][start : start + OBSERVED + frames] for take, start in starts])
        rows = statistics.unnormalise(statistics.normalise(stacked.rows))
        rows.flags.writeable = False
        return cls(action, replace(stacked, rows=rows), tuple(starts))

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def observed(self) -> Motion:
        """The observed frames, rows ``(windows, 50, columns)``."""
        return self.motion[:OBSERVED]

    @property
    def future(self) -> Motion:
        """The frames to predict, rows ``(windows, frames, columns)``."""
        return self.motion[OBSERVED:]


def _takes_by_action(dataset: Dataset, split: str) -> Iterator[tuple[str, list[TakeId]]]:
    """Yield the actions of which a split has takes, in the data set's own order.

    Raises:
        InputError: if there is none.
    """
    present = list(dataset.split(split))
    if not present:
        raise InputError(f"no {split} file of the {dataset.description.name} data is present.")
    for action in dataset.description.actions:
        takes = [take for take in present if take.action == action]
        if takes:
            yield action, takes


def possible_starts(dataset: Dataset, take: TakeId, frames: int) -> range:
    """Return the first frames, after halving, of the windows of a test take that the paper's draws can hit.

    Raises:
        InputError: if there is none.
    """
    description, motion = dataset.description, halved(dataset.motions[take])
    tail = max(description.test_tail or 0, OBSERVED + frames)
    _check_length(dataset, take, motion, tail + description.first_start, frames)
    return range(description.first_start, len(motion) - tail)


def test_windows(dataset: Dataset, statistics: Statistics, frames: int = PREDICTED) -> list[Windows]:
    """Cut the paper's eight test windows of every action that is present.

    For each action the random numbers start anew, so actions of about equal length get equal starts: NumPy draws as
    many bits as the largest start needs, and throws away what is too large. Windows alternate between the takes of an
    action.

    Args:
        dataset: the loaded data.
        statistics: of its training rows.
        frames: how many frames to predict.

    Returns:
        One entry an action, in the data set's own order.

    Raises:
        InputError: if a take is too short for a window, or no test file is present.

    Source: the protocol of Fragkiadaki et al. 2015 and Martinez et al. 2017, as the paper's code does it.
    """
    windows = []
    for action, takes in _takes_by_action(dataset, "test"):
        possible = {take: possible_starts(dataset, take, frames) for take in takes}
        draws = np.random.RandomState(_TEST_SEED)
        drawn = [takes[window % len(takes)] for window in range(_TEST_WINDOWS)]
        starts = [(take, draws.randint(possible[take].start, possible[take].stop)) for take in drawn]
        windows.append(Windows.cut(dataset, statistics, action, starts, frames))
    return windows


# pytest must not take this for a test.
test_windows.__test__ = False  # type: ignore[attr-defined]


def all_windows(
    dataset: Dataset, statistics: Statistics, split: str, stride: int, frames: int = PREDICTED
) -> list[Windows]:
    """Cut every window of a split, a stride apart, without the T-pose row that is no motion.

    Args:
        dataset: the loaded data.
        statistics: of its training rows.
        split: ``"train"``, ``"test"``, or ``"validation"`` (see `cs2s.datasets.validation.hold_out`).
        stride: frames between the starts of two windows.
        frames: how many frames to predict.

    Returns:
        One entry an action, in the data set's own order.

    Raises:
        InputError: if a take is too short for a window, or there is none.
    """
    description = dataset.description
    windows = []
    for action, takes in _takes_by_action(dataset, split):
        starts = []
        for take in takes:
            motion, first = halved(dataset.motions[take]), _first_motion(description, take)
            _check_length(dataset, take, motion, first + OBSERVED + frames - 1, frames)
            starts += [(take, start) for start in range(first, len(motion) - OBSERVED - frames + 1, stride)]
        windows.append(Windows.cut(dataset, statistics, action, starts, frames))
    return windows


def every_start(
    dataset: Dataset, split: str = "test", stride: int = 1, frames: int = PREDICTED, least: int = 10
) -> list[Windows]:
    """Cut every window that has a few observed frames, as the field does that measures positions.

    Where a take has fewer than 50 frames before the first one to predict, its first frame is repeated in front, so
    that every predictor gets its 50. The rows are those of the files: neither normalised and back nor without the
    T-pose row.

    Args:
        dataset: the loaded data.
        split: ``"train"``, ``"test"``, or ``"validation"`` (see `cs2s.datasets.validation.hold_out`).
        stride: frames between the starts of two windows.
        frames: how many frames to predict.
        least: how many of the take's own frames there are, at the least, before those; from 1 to 50.

    Returns:
        One entry an action, in the data set's own order.

    Raises:
        InputError: if a take is too short for a window, there is none, or `least` or the stride makes no sense.

    Source: the data loader of PGBIG (Ma et al., CVPR 2022) on CMU, where the 10 frames are all that a network sees.
    """
    if not 1 <= least <= OBSERVED:
        raise InputError(f"{least} observed frames make no sense: there must be 1 to {OBSERVED}.")
    if stride < 1:
        raise InputError(f"stride {stride} makes no sense: it must be at least 1.")
    repeated = OBSERVED - least
    windows = []
    for action, takes in _takes_by_action(dataset, split):
        starts, cut = [], []
        for take in takes:
            motion = halved(dataset.motions[take])
            _check_length(dataset, take, motion, least + frames - 1, frames, least)
            firsts = range(0, len(motion) - least - frames + 1, stride)
            in_front = replace(motion, rows=np.repeat(motion.rows[:1], repeated, axis=0))
            longer = in_front.then(motion)
            cut += [longer[first : first + OBSERVED + frames] for first in firsts]
            starts += [(take, first - repeated) for first in firsts]
        batch = Motion.stacked(cut)
        batch.rows.flags.writeable = False
        windows.append(Windows(action, batch, tuple(starts)))
    return windows


def _first_motion(description: Description, take: TakeId) -> int:
    """Return the first frame, after halving, that a person moved in and that windows may start with."""
    if take.split == "validation":
        return 0
    return max((description.t_pose_rows + 1) // 2, description.first_start)


@dataclass(frozen=True)
class Drawing:
    """How training windows are drawn. The defaults are the paper's.

    Attributes:
        rows: ``"even"``: of each file the rows 0, 2, 4, ...; ``"both"``: the odd rows too, as takes of their own.
        t_pose: whether the T-pose row, which is no motion, is ``"kept"`` or ``"dropped"``.
        starts: ``"but_last"``: never a file's last possible window (the paper); ``"all"``: each with equal chances.
        mirror: probability that a window is seen in a mirror, see `cs2s.motion.mirror.mirrored`.
        reverse: probability that a window runs backwards.
    """

    rows: Literal["even", "both"] = "even"
    t_pose: Literal["kept", "dropped"] = "kept"
    starts: Literal["but_last", "all"] = "but_last"
    mirror: float = 0.0
    reverse: float = 0.0


class TrainingWindows:
    """Draws batches of training windows, each a function of seed, iteration and stream alone.

    A file is drawn uniformly, then a start in it uniformly, so short files weigh as much as long ones.

    Args:
        dataset: the loaded data.
        statistics: of its training rows.
        frames: how many frames to predict.
        drawing: how windows are drawn.

    Raises:
        InputError: if no training file is present, or one is too short for a window.
    """

    def __init__(
        self,
        dataset: Dataset,
        statistics: Statistics,
        frames: int = PREDICTED,
        drawing: Drawing = Drawing(),
    ) -> None:
        description = dataset.description
        self.first_start = description.first_start
        self.frames = OBSERVED + frames
        self.classes = len(description.classes)
        self.columns = len(statistics.used)
        self.drawing = drawing
        self._takes = []
        for take, motion in dataset.split("train").items():
            label = description.classes.index(take.action)
            for half in self._halves(dataset, take, motion):
                versions = [half, mirrored(half)] if drawing.mirror else [half]
                self._takes.append(([statistics.normalise(v.rows).astype(np.float32) for v in versions], label))
        if not self._takes:
            raise InputError(f"no training file of the {description.name} data is present.")

    def _halves(self, dataset: Dataset, take: TakeId, motion: Motion) -> Iterator[Motion]:
        """Yield the even rows of a take and, if asked for, the odd ones."""
        if self.drawing.t_pose == "dropped":
            motion = motion[dataset.description.t_pose_rows :]
        half, other = halved(motion), halved(motion[1:])
        needed = self.frames + self.first_start - (self.drawing.starts == "all")
        _check_length(dataset, take, half, needed, self.frames - OBSERVED)
        yield half
        if self.drawing.rows == "both" and len(other) > needed:
            yield other

    def shapes(self, batch_size: int) -> list[tuple[int, ...]]:
        """Return the shapes of what `draw` returns."""
        return [(batch_size, self.frames, self.columns), (batch_size, self.classes)]

    def draw(self, batch_size: int, seed: int, iteration: int, stream: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Draw one batch.

        Args:
            batch_size: windows in the batch.
            seed: of the training run.
            iteration: of the training run.
            stream: tells batches of one iteration apart (the paper draws one for each of its two steps).

        Returns:
            Normalised windows ``(batch, frames, used)`` and one-hot action labels ``(batch, classes)``, float32.
        """
        draws = np.random.default_rng((seed, iteration, stream))
        windows, labels = [], []
        for _ in range(batch_size):
            versions, label = self._takes[draws.integers(len(self._takes))]
            last = len(versions[0]) - self.frames + (self.drawing.starts == "all")
            start = draws.integers(self.first_start, last)
            version = 1 if self.drawing.mirror and draws.random() < self.drawing.mirror else 0
            window = versions[version][start : start + self.frames]
            backwards = self.drawing.reverse and draws.random() < self.drawing.reverse
            windows.append(window[::-1] if backwards else window)
            labels.append(label)
        return np.stack(windows), np.eye(self.classes, dtype=np.float32)[labels]
