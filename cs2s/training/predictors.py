"""Predicting with a trained model: normalise, roll out, un-normalise.

Taught in ``notebooks/03_generator``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from cs2s.datasets.descriptions import describe
from cs2s.datasets.windows import Statistics
from cs2s.evaluation.baselines import check_predicted
from cs2s.files.provenance import MadeFrom
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.checkpoints import load_checkpoint
from cs2s.training.models import model_for, predicting_network
from cs2s.training.pose_predictor import PosePredictor
from cs2s.training.pretrained import full_name, is_pretrained, read_pretrained
from cs2s.training.runs import Run
from cs2s.training.settings import PoseSettings, Settings

__all__ = ["AveragedPredictor", "ModelPredictor", "TrainedPredictor", "load_predictor", "mirror_of", "predictor_of"]


@dataclass
class ModelPredictor:
    """A model as a predictor of motions, for `cs2s.evaluation.evaluation.evaluate`.

    Attributes:
        model: the trained model, or the part of it that predicts.
        statistics: the normalisation it was trained with.
        name: what tables call it.
        made_from: what made the model: seed, data, command.
        mirror: whether the model is asked twice: about the motion and about what a mirror shows of it. The mean of
            the two answers is better than either, and treats both sides of the body alike.
    """

    model: keras.layers.Layer
    statistics: Statistics
    name: str
    made_from: MadeFrom = field(default_factory=dict)
    mirror: bool = False

    @cached_property
    def _traced(self) -> dict[tuple[int, ...], Callable[[tf.Tensor], tf.Tensor]]:
        return {}

    def _rollout(self, values: np.ndarray, frames: int) -> tf.Tensor:
        """Roll out, traced once for each shape and number of frames, which is much faster than eager execution."""
        key = (*values.shape, frames)
        if key not in self._traced:
            # A function that traces itself anew for other shapes warns of it, though nothing is amiss.
            function = tf.function(lambda observed: self.model(observed, frames=frames))
            self._traced[key] = function.get_concrete_function(tf.TensorSpec(values.shape, tf.float32))
        return self._traced[key](tf.constant(values))

    def __call__(self, observed: Motion, frames: int) -> Motion:
        """Predict the `frames` frames after those of `observed`, for one motion or for each of a batch."""
        # The model takes batches with one axis of windows.
        rows = observed.rows.reshape(-1, *observed.rows.shape[-2:])
        seen = replace(observed, rows=rows)
        if self.mirror:
            seen = replace(seen, rows=np.concatenate([rows, mirrored(seen).rows]))
        values = self.statistics.normalise(seen.rows).astype(np.float32)
        predicted = self.statistics.unnormalise(self._rollout(values, frames).numpy())
        if self.mirror:
            predicted, in_mirror = np.split(predicted, 2)
            used = self.statistics.used
            # The columns that the model does not predict hold means, which are no mirror images of each other.
            back = mirrored(replace(observed, rows=in_mirror)).rows
            predicted[..., used] = (predicted + back)[..., used] / 2
        check_predicted(predicted, self.name)
        return replace(observed, rows=predicted.reshape(*observed.rows.shape[:-2], *predicted.shape[-2:]))


def mirror_of(settings: Settings) -> bool:
    """Tell whether `ModelPredictor.mirror` is for a model: for those that have been trained on mirrored motion too."""
    return settings.is_direct and settings.mirror > 0


@dataclass
class AveragedPredictor:
    """The mean of the predictions of several models, which makes fewer mistakes than each of them alone.

    Attributes:
        members: whose predictions to average.
        name: what tables call it.
        made_from: what made the models.
    """

    members: Sequence[ModelPredictor]
    name: str
    made_from: MadeFrom = field(default_factory=dict)

    @property
    def statistics(self) -> Statistics:
        """The normalisation of the first member."""
        return self.members[0].statistics

    def __call__(self, observed: Motion, frames: int) -> Motion:
        """Predict the `frames` frames after those of `observed`, for one motion or for each of a batch."""
        return replace(observed, rows=np.mean([member(observed, frames).rows for member in self.members], axis=0))


TrainedPredictor = ModelPredictor | PosePredictor | AveragedPredictor


def predictor_of(
    network: keras.layers.Layer,
    settings: Settings,
    statistics: Statistics,
    name: str = "",
    made_from: MadeFrom | None = None,
) -> ModelPredictor | PosePredictor:
    """Return the predictor of motions that a model is, or the part of one that predicts."""
    made_from = made_from or {}
    if isinstance(settings, PoseSettings):
        # A whole model brings its loss along; what predicts is a part of it.
        predicting, least = getattr(network, "predicting", network), settings.least_observed
        return PosePredictor(predicting, name, made_from, mirror_of(settings), least_observed=least)
    return ModelPredictor(network, statistics, name, made_from, mirror_of(settings))


def load_predictor(name: Path | str, iteration: int | None = None) -> TrainedPredictor:
    """Load a trained predictor.

    Args:
        name: a run directory, or ``pretrained:NAME``, see `cs2s.training.pretrained`.
        iteration: which checkpoint of the run; if None, the best on validation windows, or else the last.

    Raises:
        InputError: if there is no such predictor, run or checkpoint, or it is damaged.
    """
    if is_pretrained(name):
        return _load_pretrained(full_name(name))
    run = Run.open(name)
    iteration = run.choose_checkpoint(iteration)
    model = model_for(run.settings, run.statistics, len(run.description.classes))
    load_checkpoint(model, run, iteration)
    made_from = {"seed": run.settings.seed, "preset": run.settings.preset, "trained": run.made_from}
    return predictor_of(model, run.settings, run.statistics, f"{run.folder}@{iteration}", made_from)


def _load_pretrained(name: str) -> TrainedPredictor:
    predictors = []
    for member in read_pretrained(name):
        settings, statistics = member.settings, member.statistics
        description = describe(settings.dataset)
        network = predicting_network(settings, statistics, len(description.classes))
        network.set_weights(member.weights)
        made_from = {"seed": settings.seed, "preset": settings.preset, "trained": member.made_from}
        predictors.append(predictor_of(network, settings, statistics, name, made_from))
    if len(predictors) == 1:
        return predictors[0]
    of_rows = [predictor for predictor in predictors if isinstance(predictor, ModelPredictor)]
    return AveragedPredictor(of_rows, name, {"members": [predictor.made_from for predictor in of_rows]})
