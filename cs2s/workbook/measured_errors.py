"""What chapter 05 asks of predictors beyond the paper's test: longer ones of shorter, poor cameras, other units.

A predictor around a predictor is one itself, so that `cs2s.evaluation.evaluation.evaluate` takes it. Taught in
``notebooks/05_error_evaluation``.
"""

from dataclasses import dataclass, replace

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.errors import InputError
from cs2s.evaluation.baselines import Predictor
from cs2s.evaluation.evaluation import Evaluation
from cs2s.evaluation.measures import joint_angle_error, moving_joints, mpjpe
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.workbook.what_if import WhatIf

__all__ = ["InPieces", "PoorlySeen", "in_other_units"]


@dataclass(frozen=True)
class InPieces:
    """Predicts `piece` frames, takes them for observed, lets go of as many old ones, and predicts on from there."""

    predictor: Predictor
    piece: int

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.predictor.name}-in-pieces-of-{self.piece}"

    def __call__(self, observed: Motion, frames: int) -> Motion:
        """Predict the `frames` frames after those of `observed`, for one motion or for each of a batch.

        Raises:
            InputError: if a piece has no frame.
        """
        if self.piece < 1:
            raise InputError(f"nobody gets on by pieces of {self.piece} frames: name 1 or more.")
        rows, count = observed.rows, len(observed)
        while rows.shape[-2] < count + frames:
            guess = self.predictor(replace(observed, rows=rows[..., -count:, :]), self.piece)
            rows = np.concatenate([rows, guess.rows], axis=-2)
        return replace(observed, rows=rows[..., count : count + frames, :])


@dataclass(frozen=True)
class PoorlySeen:
    """Shows a predictor the observed frames as a poor camera would have; the true future stays as it is."""

    predictor: Predictor
    camera: WhatIf

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.predictor.name}, {self.camera}"

    def __call__(self, observed: Motion, frames: int) -> Motion:
        """Predict the `frames` frames after those of `observed`, for one motion or for each of a batch."""
        return self.predictor(self.camera.seen(observed), frames)


def in_other_units(dataset: Dataset, evaluation: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    """Measure predictions by how far joints are turned, and by how far they are away.

    Args:
        dataset: whose turning joints count, the hips left out.
        evaluation: under a protocol that keeps the motions.

    Returns:
        Twice ``(frames,)``, averaged over windows and then over actions: degrees by which a turning joint would have
        to be turned to be right; and millimetres between true and predicted joints, hips on hips and turned alike, each
        place that can be wrong counted once.
    """
    turning = moving_joints(dataset)
    places = distinct_points(dataset.description.skeleton, turning)
    degrees, millimetres = [], []
    for truth, predicted in evaluation.motions.values():
        future = truth[len(truth) - len(predicted) :]
        degrees.append(joint_angle_error(future, predicted, turning).mean(axis=0))
        millimetres.append(mpjpe(future, predicted, places).mean(axis=0))
    return np.mean(degrees, axis=0), np.mean(millimetres, axis=0)
