"""Windows: the pieces of motion that the model sees, and the numbers that normalise them.

A window is 50 observed frames followed by the frames to predict, at half the files' frame rate.
Taught in ``notebooks/01_motion_data``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cs2s.datasets.descriptions import OBSERVED, PREDICTED, Description, TakeId
from cs2s.datasets.loading import Dataset
from cs2s.errors import InputError
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion

__all__ = [
    "OBSERVED",
    "PREDICTED",
    "Drawing",
    "Statistics",
    "TestWindows",
    "TrainingWindows",
    "all_windows",
    "dataset_statistics",
    "halved",
    "test_windows",
]

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
        constant = std < 1e-4
        return cls(mean, np.where(constant, np.float32(1), std), np.flatnonzero(~constant))

    def normalise(self, rows: np.ndarray) -> np.ndarray:
        """Map rows ``(..., columns)`` to the model's space ``(..., used)``."""
        return (rows[..., self.used] - self.mean[self.used]) / self.std[self.used]

    def unnormalise(self, values: np.ndarray) -> np.ndarray:
        """Map model values ``(..., used)`` back to rows ``(..., columns)``; constant columns get their mean."""
        values = np.asarray(values)
        rows = np.broadcast_to(self.mean, (*values.shape[:-1], len(self.mean))).astype(values.dtype)
        rows[..., self.used] = values * self.std[self.used] + self.mean[self.used]
        return rows


def dataset_statistics(dataset: Dataset) -> Statistics:
    """Measure the full-rate training rows of a data set, concatenated in the paper's order.

    Raises:
        InputError: if no training file is present.
    """
    train = dataset.split("train")
    if not train:
        raise InputError(
            f"no training file of the {dataset.description.name} data is present; normalisation needs them."
        )
    return Statistics.of(np.concatenate([motion.rows for motion in train.values()]))


def _check_length(dataset: Dataset, take: TakeId, motion: Motion, needed: int, predicted: int) -> None:
    if len(motion) <= needed:
        raise InputError(
            f"{dataset.file(take)} has {len(motion)} frames after halving, but windows of {OBSERVED} observed "
            f"and {predicted} predicted frames need more than {needed}."
        )


@dataclass(frozen=True, eq=False)
class TestWindows:
    """The test windows of one action.

    Attributes:
        action: what is done.
        rows: ``(windows, frames, columns)`` float32: observed frames, then the ground truth to predict. They
            have been normalised and un-normalised, as in the paper: constant columns hold the training mean.
        starts: for each window, the take it was cut from and its first frame after halving.
    """

    # pytest must not take this for a class of tests.
    __test__ = False

    action: str
    rows: np.ndarray
    starts: tuple[tuple[TakeId, int], ...]

    @property
    def observed(self) -> np.ndarray:
        """The observed frames, ``(windows, 50, columns)``."""
        return self.rows[:, :OBSERVED]

    @property
    def future(self) -> np.ndarray:
        """The frames to predict, ``(windows, predicted, columns)``."""
        return self.rows[:, OBSERVED:]


def test_windows(dataset: Dataset, statistics: Statistics, predicted: int = PREDICTED) -> list[TestWindows]:
    """Cut the paper's eight test windows of every action that is present.

    For each action the random numbers start anew, so actions of about equal length get equal starts: NumPy draws as
    many bits as the largest start needs, and throws away what is too large. Windows alternate between the takes of an
    action.

    Args:
        dataset: the loaded data.
        statistics: of its training rows.
        predicted: frames to predict.

    Returns:
        One entry an action, in the data set's own order.

    Raises:
        InputError: if a take is too short for a window, or no test file is present.

    Source: the protocol of Fragkiadaki et al. 2015 and Martinez et al. 2017, as the paper's code does it.
    """
    description = dataset.description
    tail = max(description.test_tail or 0, OBSERVED + predicted)
    windows = []
    for action in description.actions:
        takes = {take: halved(m) for take, m in dataset.split("test").items() if take.action == action}
        if not takes:
            continue
        for take, motion in takes.items():
            _check_length(dataset, take, motion, tail + description.first_start, predicted)
        draws = np.random.RandomState(_TEST_SEED)
        starts, rows = [], []
        for window in range(_TEST_WINDOWS):
            take, motion = list(takes.items())[window % len(takes)]
            start = draws.randint(description.first_start, len(motion) - tail)
            starts.append((take, start))
            rows.append(motion.rows[start : start + OBSERVED + predicted])
        seen = statistics.unnormalise(statistics.normalise(np.stack(rows)))
        windows.append(TestWindows(action, seen, tuple(starts)))
    if not windows:
        raise InputError(f"no test file of the {description.name} data is present.")
    return windows


# pytest must not take this for a test.
test_windows.__test__ = False


def all_windows(
    dataset: Dataset, statistics: Statistics, split: str, stride: int, predicted: int = PREDICTED
) -> list[TestWindows]:
    """Cut every window of a split, a stride apart, without the T-pose row that is no motion.

    Args:
        dataset: the loaded data.
        statistics: of its training rows.
        split: ``"train"``, ``"test"``, or ``"validation"`` (see `cs2s.datasets.validation.hold_out`).
        stride: frames between the starts of two windows.
        predicted: frames to predict.

    Returns:
        One entry an action, in the data set's own order.

    Raises:
        InputError: if a take is too short for a window, or there is none.
    """
    description = dataset.description
    windows = []
    for action in description.actions:
        rows, starts = [], []
        for take, motion in dataset.split(split).items():
            if take.action != action:
                continue
            motion = halved(motion)
            first = _first_motion(description, take)
            _check_length(dataset, take, motion, first + OBSERVED + predicted - 1, predicted)
            for start in range(first, len(motion) - OBSERVED - predicted + 1, stride):
                starts.append((take, start))
                rows.append(motion.rows[start : start + OBSERVED + predicted])
        if rows:
            seen = statistics.unnormalise(statistics.normalise(np.stack(rows)))
            windows.append(TestWindows(action, seen, tuple(starts)))
    if not windows:
        raise InputError(f"no {split} file of the {description.name} data is present.")
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
        predicted: frames to predict.
        drawing: how windows are drawn.

    Raises:
        InputError: if no training file is present, or one is too short for a window.
    """

    def __init__(
        self,
        dataset: Dataset,
        statistics: Statistics,
        predicted: int = PREDICTED,
        drawing: Drawing = Drawing(),
    ) -> None:
        description = dataset.description
        self.first_start = description.first_start
        self.frames = OBSERVED + predicted
        self.classes = len(description.classes)
        self.columns = len(statistics.used)
        self.drawing = drawing
        self._takes = []
        for take, motion in dataset.split("train").items():
            label = description.classes.index(take.action)
            for rows in self._halves(dataset, take, motion):
                values = [rows, mirrored(rows, description.skeleton)] if drawing.mirror else [rows]
                self._takes.append(([statistics.normalise(v).astype(np.float32) for v in values], label))
        if not self._takes:
            raise InputError(f"no training file of the {description.name} data is present.")

    def _halves(self, dataset: Dataset, take: TakeId, motion: Motion) -> Iterator[np.ndarray]:
        """Yield the even rows of a take and, if asked for, the odd ones."""
        if self.drawing.t_pose == "dropped":
            motion = motion[dataset.description.t_pose_rows :]
        half, other = halved(motion), halved(motion[1:])
        needed = self.frames + self.first_start - (self.drawing.starts == "all")
        _check_length(dataset, take, half, needed, self.frames - OBSERVED)
        yield half.rows
        if self.drawing.rows == "both" and len(other) > needed:
            yield other.rows

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
