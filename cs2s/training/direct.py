"""Training a predictor directly on its error: one network, one loss, a running mean of its weights that predicts.

For predictors of our own, beside the paper's adversarial training in `cs2s.training.adversarial`.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from pkgutil import resolve_name
from typing import Any

import numpy as np

from cs2s.datasets.windows import OBSERVED, Statistics
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.checkpoints import ResumableModel
from cs2s.training.losses import frame_loss
from cs2s.training.optimisers import decaying_adam
from cs2s.training.settings import DIRECT_PRESETS, DirectSettings, Settings

__all__ = ["DirectModel", "build_direct_model"]


@keras.saving.register_keras_serializable("cs2s")
class DirectModel(ResumableModel):
    """A network and the running mean of its weights, trained on windows.

    `fit` takes batches ``(windows, labels)``: windows are ``(batch, 50 + output_length, columns)``, normalised; labels
    are not used. Outside of training, the network with the mean weights predicts.

    Args:
        settings: of the training; their preset names the network.
        statistics: the normalisation of the training data.

    Source: the running mean is Polyak's (Polyak and Juditsky 1992).
    """

    def __init__(self, settings: DirectSettings, statistics: Statistics, **kwargs) -> None:
        super().__init__(**kwargs)
        self.settings, self.statistics = settings, statistics
        self.network, self.averaged = self._fresh_network(), self._fresh_network()
        self.averaged.trainable = False
        self.loss_of = frame_loss(settings.loss, statistics)
        self.trackers = {"reconstruction": keras.metrics.Mean(name="reconstruction")}

    def _fresh_network(self) -> keras.layers.Layer:
        layer = DIRECT_PRESETS[self.settings.preset].layer
        used = self.statistics.used
        root_columns = int((used < 3).sum())
        seed, name = 100 * self.settings.seed, layer.partition(":")[0]
        return resolve_name(f"cs2s.networks.{layer}")(len(used), root_columns, seed=seed, name=name)

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs, for Keras' own `save`."""
        statistics = {name: getattr(self.statistics, name).tolist() for name in ("mean", "std", "used")}
        return {"settings": self.settings.as_dict(), "statistics": statistics}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> "DirectModel":
        """Make a compiled model with fresh weights, as `keras.models.load_model` does before it loads them."""
        settings, told = Settings.from_file(config["settings"]), config["statistics"]
        assert isinstance(settings, DirectSettings)
        mean, std = (np.array(told[name], np.float32) for name in ("mean", "std"))
        return build_direct_model(settings, Statistics(mean, std, np.array(told["used"])))

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

    def call(self, observed: tf.Tensor, frames: int | None = None, training: bool = False) -> tf.Tensor:
        """Predict ``(batch, frames, columns)`` after normalised `observed` ``(batch, 50, columns)``."""
        return self.averaged(observed, frames=frames or self.settings.output_length, training=training)

    def train_step(self, data: tuple) -> dict[str, tf.Tensor]:
        """One step down the loss, and one step of the mean weights towards the new ones."""
        windows, _ = data
        share = 1.0 / tf.distribute.get_strategy().num_replicas_in_sync
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            predicted = self.network(windows[:, :OBSERVED], frames=self.settings.output_length, training=True)
            loss = self.loss_of(windows[:, OBSERVED:], predicted)
            objective = loss * share
        gradients = tape.gradient(objective, [variable.value for variable in variables])
        self.adam.apply_gradients(zip(gradients, variables, strict=True))
        # At first the mean is over few iterations: it should soon forget the random start.
        done = tf.cast(self.adam.iterations, tf.float32)
        decay = tf.minimum(self.settings.averaging, done / (done + 9))
        for mean, variable in zip(self.averaged.weights, self.network.weights, strict=True):
            mean.assign(decay * mean + (1 - decay) * variable)
        self.trackers["reconstruction"].update_state(loss)
        return self.get_metrics_result()


def build_direct_model(settings: DirectSettings, statistics: Statistics) -> DirectModel:
    """Make the model with fresh weights (a function of the seed) and compile it."""
    keras.utils.set_random_seed(settings.seed)
    model = DirectModel(settings, statistics, name="direct")
    model.build()
    model.compile()
    return model
