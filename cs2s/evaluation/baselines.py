"""Who predicts: the contract of all predictors, and those that learn nothing, which every model has to beat.

Taught in ``notebooks/05_error_evaluation``.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.motion import Motion

__all__ = ["BASELINES", "Predictor", "RunningAverage", "ZeroVelocity", "check_predicted"]


class Predictor(Protocol):
    """What the evaluator judges: a name, and a call from an observed motion to the one that is to follow."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    def __call__(self, observed: Motion, frames: int) -> Motion:
        """Predict the `frames` frames after those of `observed`, for one motion or for each of a batch."""
        ...


def check_predicted(numbers: np.ndarray, name: str) -> None:
    """Make sure that what a predictor of that name predicts are numbers.

    Raises:
        InputError: if one is not finite.
    """
    if not np.isfinite(numbers).all():
        raise InputError(f"{name} predicts numbers that are not finite; train it longer or more gently.")


@dataclass(frozen=True)
class RunningAverage:
    """Holds the mean of the last `frames_averaged` observed rows for ever.

    Source: Martinez et al. 2017, section 5 (running averages 2 and 4).
    """

    frames_averaged: int

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"running-average-{self.frames_averaged}"

    def __call__(self, observed: Motion, frames: int) -> Motion:
        """Predict the `frames` frames after those of `observed`, for one motion or for each of a batch."""
        held = observed.rows[..., -self.frames_averaged :, :].mean(axis=-2, keepdims=True)
        return replace(observed, rows=np.repeat(held, frames, axis=-2))


class ZeroVelocity(RunningAverage):
    """Repeats the last observed row: the person freezes.

    Source: Martinez et al. 2017, section 3.
    """

    def __init__(self) -> None:
        super().__init__(1)

    @property
    def name(self) -> str:
        """What tables call it."""
        return "zero-velocity"


BASELINES = {predictor.name: predictor for predictor in (ZeroVelocity(), RunningAverage(2), RunningAverage(4))}
"""The baselines of Martinez et al., by name."""
