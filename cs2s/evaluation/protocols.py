"""Protocols: what it means to evaluate a predictor, as data. To add a protocol, write one more object below.

``PAPER`` draws eight windows an action and measures its angle error. Its windows, its T-pose row, its frame labels and
its Euler angles make numbers that are hard to trust; ``CORRECTED`` takes every test window, true times, measures with
units, and says how sure the numbers are. Papers print nothing under it: compare predictors measured here only.
``POSITIONS`` is how papers since 2020 measure on CMU: every test window again, but positions, in millimetres of their
own. Taught in ``notebooks/05_error_evaluation`` and ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from cs2s.datasets.descriptions import LEAST_OBSERVED, OBSERVED
from cs2s.datasets.loading import Dataset
from cs2s.datasets.validation import VALIDATION_STRIDE
from cs2s.datasets.windows import Windows, all_windows, dataset_statistics, every_start, test_windows
from cs2s.errors import InputError
from cs2s.evaluation.measures import ANGLE_ERROR, FIELD_POSITIONS, JOINT_ANGLES, JOINT_POSITIONS, SPECTRA, Measure

__all__ = [
    "CORRECTED",
    "PAPER",
    "POSITIONS",
    "PROTOCOLS",
    "STRIDE",
    "VALIDATION",
    "VALIDATION_STEPS",
    "Cut",
    "EightDraws",
    "EvaluationProtocol",
    "EveryStart",
    "EveryWindow",
    "over_actions",
]

STRIDE = 5
"""Frames between the starts of two test windows of a take, unless another stride is asked for."""


class Cut(Protocol):
    """How windows are cut from a data set."""

    @property
    def split(self) -> str:
        """The split that they are cut from."""
        ...

    @property
    def stride(self) -> int | None:
        """Frames between the starts of two windows of a take; None where they are drawn."""
        ...

    def __call__(self, dataset: Dataset, frames: int) -> Sequence[Windows]:
        """Cut windows with so many frames to predict, an entry an action."""
        ...


@dataclass(frozen=True)
class EightDraws:
    """The paper's eight test windows of every action, see `cs2s.datasets.windows.test_windows`."""

    @property
    def split(self) -> str:
        """The split that they are cut from."""
        return "test"

    @property
    def stride(self) -> int | None:
        """None: they are drawn."""
        return None

    def __call__(self, dataset: Dataset, frames: int) -> Sequence[Windows]:
        """Cut windows with so many frames to predict, an entry an action."""
        return test_windows(dataset, dataset_statistics(dataset), frames)


@dataclass(frozen=True)
class EveryWindow:
    """Every window of a split, a stride apart, see `cs2s.datasets.windows.all_windows`.

    Attributes:
        split: ``"test"``, ``"train"``, or ``"validation"`` (see `cs2s.datasets.validation.hold_out`).
        stride: frames between the starts of two windows of a take.
        least: how many of the 50 observed frames a predictor gets; before them the first of these is repeated.
    """

    split: str = "test"
    stride: int = STRIDE
    least: int = OBSERVED

    def __call__(self, dataset: Dataset, frames: int) -> Sequence[Windows]:
        """Cut windows with so many frames to predict, an entry an action.

        Raises:
            InputError: if a number makes no sense, or files are missing or too short.
        """
        if self.stride < 1:
            raise InputError(f"stride {self.stride} makes no sense: it must be at least 1.")
        if not 1 <= self.least <= OBSERVED:
            raise InputError(f"{self.least} observed frames make no sense: there must be 1 to {OBSERVED}.")
        cut = all_windows(dataset, dataset_statistics(dataset), self.split, self.stride, frames)
        if self.least == OBSERVED:
            return cut
        seen = np.maximum(np.arange(OBSERVED + frames), OBSERVED - self.least)
        return [replace(w, motion=replace(w.motion, rows=w.motion.rows[:, seen])) for w in cut]


@dataclass(frozen=True)
class EveryStart:
    """Every window of a split that has a few observed frames, see `cs2s.datasets.windows.every_start`.

    Attributes:
        split: ``"test"``, ``"train"``, or ``"validation"`` (see `cs2s.datasets.validation.hold_out`).
        stride: frames between the starts of two windows of a take.
        least: how many of the take's own frames a predictor gets at the least; the first is repeated up to 50.
    """

    split: str = "test"
    stride: int = 1
    least: int = 10

    def __call__(self, dataset: Dataset, frames: int) -> Sequence[Windows]:
        """Cut windows with so many frames to predict, an entry an action.

        Raises:
            InputError: if a number makes no sense, or files are missing or too short.
        """
        return every_start(dataset, self.split, self.stride, frames, self.least)


def over_actions(numbers: Sequence[np.ndarray], windows: Sequence[int]) -> np.ndarray:
    """Average the numbers of actions, ``(..., values)`` each, every action counting once."""
    return np.mean(numbers, axis=0)


@dataclass(frozen=True)
class EvaluationProtocol:
    """What it means to evaluate a predictor.

    Attributes:
        name: what tables and files call it.
        cut: how windows are cut.
        measures: what is measured in each of them. Of every action the mean over its windows is told.
        average: how an average is formed of the numbers of actions, ``(..., values)`` each, and of their numbers of
            windows.
        resamples: how many times a bootstrap draws, for intervals of 95 %; None for no intervals.
        seed: of the bootstrap. Equal seeds draw equal blocks for every predictor.
        batch: how many windows a predictor gets at once; if None, all of an action. A fixed number is for protocols
            with many windows: a model is compiled anew for each number.
        keeps_motions: whether true and predicted motions are kept in what is returned; for few windows, which a
            predictor gets all at once.
    """

    name: str
    cut: Cut
    measures: tuple[Measure, ...]
    average: Callable[[Sequence[np.ndarray], Sequence[int]], np.ndarray] = over_actions
    resamples: int | None = None
    seed: int = 0
    batch: int | None = None
    keeps_motions: bool = False


PAPER = EvaluationProtocol("paper", EightDraws(), (ANGLE_ERROR,), keeps_motions=True)
"""The paper's own: eight windows an action, mean angle error."""

VALIDATION = EvaluationProtocol("validation", EveryWindow("validation", VALIDATION_STRIDE), (ANGLE_ERROR,))
"""The paper's error on windows that a training held out, see `cs2s.datasets.validation`: what choices are made on."""

VALIDATION_STEPS = (
    EvaluationProtocol(
        "validation-both", EveryWindow("validation", VALIDATION_STRIDE), (ANGLE_ERROR, FIELD_POSITIONS), batch=128
    ),
    EvaluationProtocol(
        "validation-short",
        EveryWindow("validation", VALIDATION_STRIDE, LEAST_OBSERVED),
        (FIELD_POSITIONS,),
        batch=128,
    ),
)
"""Both benchmarks' errors on windows that a training held out, and positions where only ten frames were observed: what
a part of the single model gives."""

CORRECTED = EvaluationProtocol(
    "corrected", EveryWindow(), (JOINT_ANGLES, JOINT_POSITIONS, SPECTRA), resamples=1000, batch=128
)
"""Every test window; degrees, millimetres and spectra, with intervals."""

POSITIONS = EvaluationProtocol("positions", EveryStart(), (FIELD_POSITIONS,), resamples=1000, batch=128)
"""What papers since 2020 print on CMU: joint positions in every test window, in the millimetres of that field.

Those papers observe 10 frames; here a predictor gets 50, of which at least 10 are the take's own.
"""

PROTOCOLS = {protocol.name: protocol for protocol in (PAPER, CORRECTED, POSITIONS)}
"""The protocols under which test windows are looked at, by name."""
