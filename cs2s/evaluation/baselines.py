"""Predictors that learn nothing: what every model has to beat.

A predictor is anything with a `name` and a call that maps observed rows to predicted rows.
Taught in ``notebooks/05_error_evaluation``.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

__all__ = ["BASELINES", "Predictor", "RunningAverage", "ZeroVelocity", "baseline"]


class Predictor(Protocol):
    """What the evaluator judges: a name, and a call from observed rows to predicted rows."""

    name: str

    def __call__(self, observed: np.ndarray, frames: int) -> np.ndarray:
        """Predict the rows ``(windows, frames, columns)`` after `observed` ``(windows, 50, columns)``."""
        ...


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

    def __call__(self, observed: np.ndarray, frames: int) -> np.ndarray:
        """Predict ``(windows, frames, columns)`` after ``(windows, observed, columns)``."""
        held = observed[:, -self.frames_averaged :].mean(axis=1, keepdims=True)
        return np.repeat(held, frames, axis=1)


class ZeroVelocity(RunningAverage):
    """Repeats the last observed row: the person freezes.

    Source: Martinez et al. 2017, section 3.
    """

    name = "zero-velocity"

    def __init__(self) -> None:
        super().__init__(1)


_ALL = (ZeroVelocity(), RunningAverage(2), RunningAverage(4))
BASELINES = tuple(predictor.name for predictor in _ALL)
"""The names of the baselines of Martinez et al."""


def baseline(name: str) -> RunningAverage | None:
    """Return the baseline called `name`, one of `BASELINES`, or None."""
    return next((predictor for predictor in _ALL if predictor.name == name), None)
