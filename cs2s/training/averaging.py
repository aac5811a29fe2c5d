"""A network that learns, and beside it the running mean of its weights, which predicts: for predictors of our own.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from abc import abstractmethod
from typing import Any, Self

import numpy as np

from cs2s.datasets.windows import Statistics
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.checkpoints import ResumableModel
from cs2s.training.optimisers import LARGEST_GRADIENT, clipped_sum, decaying_adam
from cs2s.training.settings import DirectSettings, PoseSettings, Settings

__all__ = ["AveragedModel"]


class AveragedModel(ResumableModel):
    """A network, the running mean of its weights, and the optimiser; a subclass says which network, and its loss.

    Outside of training, the network with the mean weights predicts.

    Args:
        settings: of the training.
        statistics: of the training data.

    Source: the running mean is Polyak's (Polyak and Juditsky 1992).
    """

    settings: DirectSettings | PoseSettings

    def __init__(self, settings: DirectSettings | PoseSettings, statistics: Statistics, **kwargs) -> None:
        super().__init__(**kwargs)
        self.settings, self.statistics = settings, statistics
        self.network, self.averaged = self._fresh_network(), self._fresh_network()
        self.averaged.trainable = False

    @classmethod
    def fresh(cls, settings: DirectSettings | PoseSettings, statistics: Statistics, **kwargs) -> Self:
        """Make the model with fresh weights (a function of the seed) and compile it."""
        keras.utils.set_random_seed(settings.seed)
        model = cls(settings, statistics, **kwargs)
        model.build()
        model.compile()
        return model

    @abstractmethod
    def _fresh_network(self) -> keras.layers.Layer:
        """Make the network; its weights are a function of the settings."""

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs, for Keras' own `save`."""
        statistics = {name: getattr(self.statistics, name).tolist() for name in ("mean", "std", "used")}
        return {"settings": self.settings.as_dict(), "statistics": statistics}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        """Make a compiled model with fresh weights, as `keras.models.load_model` does before it loads them."""
        settings, told = Settings.from_file(config["settings"]), config["statistics"]
        assert isinstance(settings, DirectSettings | PoseSettings)
        mean, std = (np.array(told[name], np.float32) for name in ("mean", "std"))
        return cls.fresh(settings, Statistics(mean, std, np.array(told["used"])))

    def build(self, input_shape: tuple | None = None) -> None:
        """Create all weights; they depend on the constructor's arguments alone."""
        for network in (self.network, self.averaged):
            network.build()
        self.averaged.set_weights(self.network.get_weights())
        self.built = True

    def compile(self, **kwargs) -> None:
        """Give the network its AdamW optimiser. Further arguments go to `keras.Model.compile`."""
        super().compile(**{"optimizer": None, "jit_compile": False, **kwargs})
        self.adam = decaying_adam(self.settings)
        # Created now, so that a checkpoint can be loaded before the first step.
        self.adam.build(self.network.trainable_variables)

    @property
    def predicting(self) -> keras.layers.Layer:
        """The network that predicts, and all that a shipped predictor needs."""
        return self.averaged

    @property
    def random_states(self) -> list[keras.Variable]:
        """The states of the random generators of the network that is trained.

        That is what Keras counts as state and not as weights, unless the network names them in an order of its own.
        """
        weights = {id(weight) for weight in self.network.weights}
        others = [variable for variable in self.network.variables if id(variable) not in weights]
        return getattr(self.network, "random_states", others)

    def step_down(self, tape: tf.GradientTape, objective: tf.Tensor) -> None:
        """One step down an objective that a tape has seen, and one step of the mean weights towards the new ones."""
        variables = self.network.trainable_variables
        gradients = tape.gradient(objective, [variable.value for variable in variables])
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            gradients = clipped_sum(gradients, LARGEST_GRADIENT)
        self.adam.apply_gradients(zip(gradients, variables, strict=True))
        # At first the mean is over few iterations: it should soon forget the random start.
        done = tf.cast(self.adam.iterations, tf.float32)
        decay = tf.minimum(self.settings.averaging, done / (done + 9))
        for mean, variable in zip(self.averaged.weights, self.network.weights, strict=True):
            mean.assign(decay * mean + (1 - decay) * variable)
