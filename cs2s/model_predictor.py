"""Predicting with a trained model: normalise, roll out, un-normalise.

Taught in ``notebooks/03_generator``.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from cs2s.datasets import describe
from cs2s.direct_model import DirectModel
from cs2s.errors import InputError
from cs2s.model import ConvSeq2Seq
from cs2s.model_choice import model_for, predicting_network
from cs2s.pretrained import is_pretrained, read_pretrained
from cs2s.runs import Run
from cs2s.tensorflow_startup import keras, tf
from cs2s.windows import Statistics
from cs2s.writing import replacing

__all__ = ["AveragedPredictor", "ModelPredictor", "load_checkpoint", "load_predictor", "save_checkpoint"]


@dataclass
class ModelPredictor:
    """A model as a predictor of rows, for `cs2s.evaluation.evaluate`.

    Attributes:
        model: the trained model, or the part of it that predicts.
        statistics: the normalisation it was trained with.
        name: what tables call it.
        made_from: what made the model: seed, data, command.
    """

    model: keras.layers.Layer
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


@dataclass
class AveragedPredictor:
    """The mean of the predictions of several models, which makes fewer mistakes than each of them alone.

    Attributes:
        members: whose predictions to average.
        name: what tables call it.
        made_from: what made the models.
    """

    members: list[ModelPredictor]
    name: str
    made_from: dict[str, object] = field(default_factory=dict)

    @property
    def statistics(self) -> Statistics:
        """The normalisation of the first member."""
        return self.members[0].statistics

    def __call__(self, observed: np.ndarray, frames: int) -> np.ndarray:
        """Predict rows ``(windows, frames, columns)`` after `observed` ``(windows, 50, columns)``."""
        return np.mean([member(observed, frames) for member in self.members], axis=0)


def save_checkpoint(model: ConvSeq2Seq | DirectModel, run: Run, iteration: int) -> None:
    """Save weights, optimisers, iteration count and random state of a compiled model, whole or not at all.

    Raises:
        InputError: if the file cannot be written.
    """
    with replacing(run.checkpoint_file(iteration)) as temporary:
        model.save_weights(temporary)


def load_checkpoint(model: ConvSeq2Seq | DirectModel, run: Run, iteration: int) -> None:
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


def load_predictor(name: Path | str, iteration: int | None = None) -> ModelPredictor | AveragedPredictor:
    """Load a trained predictor.

    Args:
        name: a run directory, or ``pretrained:NAME``, see `cs2s.pretrained`.
        iteration: which checkpoint of the run; if None, the best on validation windows, or else the last.

    Raises:
        InputError: if there is no such predictor, run or checkpoint, or it is damaged.
    """
    if is_pretrained(name):
        return _load_pretrained(str(name))
    run = Run.open(name)
    iteration = run.choose_checkpoint(iteration)
    model = model_for(run.settings, run.statistics, len(run.description.classes))
    load_checkpoint(model, run, iteration)
    made_from = {"seed": run.settings.seed, "preset": run.settings.preset, "trained": run.made_from}
    return ModelPredictor(model, run.statistics, f"{run.folder}@{iteration}", made_from)


def _load_pretrained(name: str) -> ModelPredictor | AveragedPredictor:
    predictors = []
    for member in read_pretrained(name):
        settings, statistics = member.settings, member.statistics
        network = predicting_network(settings, statistics, len(describe(settings.dataset).classes))
        network.set_weights(member.weights)
        made_from = {"seed": settings.seed, "preset": settings.preset, "trained": member.made_from}
        predictors.append(ModelPredictor(network, statistics, name, made_from))
    if len(predictors) == 1:
        return predictors[0]
    return AveragedPredictor(predictors, name, {"members": [predictor.made_from for predictor in predictors]})
