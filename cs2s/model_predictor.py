"""Predicting with a trained model: normalise, roll out, un-normalise.

Taught in ``notebooks/03_generator``.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from cs2s.errors import InputError
from cs2s.model import ConvSeq2Seq, build_model
from cs2s.runs import Run
from cs2s.tensorflow_startup import tf
from cs2s.windows import Statistics
from cs2s.writing import replacing

__all__ = ["ModelPredictor", "load_checkpoint", "load_predictor", "save_checkpoint"]


@dataclass
class ModelPredictor:
    """A model as a predictor of rows, for `cs2s.evaluation.evaluate`.

    Attributes:
        model: the trained model.
        statistics: the normalisation it was trained with.
        name: what tables call it.
        made_from: what made the model: seed, data, command.
    """

    model: ConvSeq2Seq
    statistics: Statistics
    name: str
    made_from: dict[str, object] = field(default_factory=dict)

    @cached_property
    def _rollout(self) -> tf.types.experimental.PolymorphicFunction:
        # Traced once for each number of windows and frames, which is much faster than eager execution.
        return tf.function(lambda observed, frames: self.model(observed, frames=frames))

    def __call__(self, observed: np.ndarray, frames: int) -> np.ndarray:
        """Predict rows ``(windows, frames, columns)`` after `observed` ``(windows, 50, columns)``."""
        values = self.statistics.normalise(observed).astype(np.float32)
        return self.statistics.unnormalise(self._rollout(values, frames).numpy())


def save_checkpoint(model: ConvSeq2Seq, run: Run, iteration: int) -> None:
    """Save weights, optimisers, iteration count and random state of a compiled model, whole or not at all.

    Raises:
        InputError: if the file cannot be written.
    """
    with replacing(run.checkpoint_file(iteration)) as temporary:
        model.save_weights(temporary)


def load_checkpoint(model: ConvSeq2Seq, run: Run, iteration: int) -> None:
    """Load weights, optimisers, iteration count and random state into a compiled model.

    Raises:
        InputError: if the file is damaged or does not fit the model.
    """
    path = run.checkpoint_file(iteration)
    try:
        model.load_weights(path)
    except Exception as error:
        raise InputError(
            f"the checkpoint {path} is damaged or belongs to another model; delete it to use the one before."
        ) from error


def load_predictor(folder: Path | str, iteration: int | None = None) -> ModelPredictor:
    """Load the model of a run directory for predicting.

    Args:
        folder: the run directory.
        iteration: which checkpoint; the last if None.

    Raises:
        InputError: if there is no such run or checkpoint, or it is damaged.
    """
    run = Run.open(folder)
    iteration = run.choose_checkpoint(iteration)
    model = build_model(run.settings, len(run.statistics.used), len(run.description.classes))
    load_checkpoint(model, run, iteration)
    made_from = {"seed": run.settings.seed, "preset": run.settings.preset, "trained": run.made_from}
    return ModelPredictor(model, run.statistics, f"{run.folder}@{iteration}", made_from)
