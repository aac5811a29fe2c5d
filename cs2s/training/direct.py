"""Training a predictor directly on its error: one network, one loss, a running mean of its weights that predicts.

For predictors of our own, beside the paper's adversarial training in `cs2s.training.adversarial`.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Callable

import numpy as np

from cs2s.datasets.windows import OBSERVED, Statistics
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.learning_rate import learning_rate
from cs2s.training.resumable_model import ResumableModel
from cs2s.training.settings import Settings

__all__ = ["DirectModel", "direct_loss"]

_ROOT_WEIGHT = 0.4
"""Weight of the root's columns, whose error no table counts: enough for the figure to stay on its way."""

_LARGEST_GRADIENT = 4.0


def direct_loss(kind: str, statistics: Statistics) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """Return a loss of predicted frames.

    Args:
        kind: ``"squared"``: the mean squared error in the model's space, as in the paper. ``"absolute"``: the absolute
            error in radians, summed over the columns of joints, averaged over frames; the root counts a little. It is
            nearer to what is measured in the end, and a few wild windows do not outweigh all others. ``"balanced"``:
            the same, but frame f weighs 1 / sqrt(f), with a mean weight of 1: about what a pose moves in f frames, so
            that each frame matters, and not the last ones most.
        statistics: the normalisation.

    Returns:
        A function from true and predicted normalised frames ``(batch, frames, used)`` to a scalar.
    """
    if kind == "squared":
        return lambda true, predicted: tf.reduce_mean(tf.square(true - predicted))
    root = statistics.used < 6
    radians = tf.constant(np.where(root, 0, statistics.std[statistics.used]), tf.float32)
    of_root = tf.constant(root * (_ROOT_WEIGHT / max(root.sum(), 1)), tf.float32)

    def absolute(true: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
        of_frames = tf.reduce_sum(tf.abs(true - predicted) * (radians + of_root), axis=-1)
        if kind == "balanced":
            weights = np.arange(1, true.shape[1] + 1) ** -0.5
            of_frames *= tf.constant(weights / weights.mean(), tf.float32)
        return tf.reduce_mean(of_frames)

    return absolute


class DirectModel(ResumableModel):
    """A network and the running mean of its weights, trained on windows.

    `fit` takes batches ``(windows, labels)``: windows are ``(batch, 50 + output_length, columns)``, normalised; labels
    are not used. Outside of training, the network with the mean weights predicts.

    Args:
        settings: of the training.
        network: makes a network with fresh weights: a layer from normalised ``(batch, 50, columns)`` and a number of
            frames to ``(batch, frames, columns)``. Called twice.
        statistics: the normalisation of the training data.

    Source: the running mean is Polyak's (Polyak and Juditsky 1992).
    """

    def __init__(
        self, settings: Settings, network: Callable[[], keras.layers.Layer], statistics: Statistics, **kwargs
    ) -> None:
        super().__init__(**kwargs)
        self.settings = settings
        self.network, self.averaged = network(), network()
        self.averaged.trainable = False
        self.loss_of = direct_loss(settings.loss, statistics)
        self.trackers = {"reconstruction": keras.metrics.Mean(name="reconstruction")}

    def build(self, input_shape: tuple | None = None) -> None:
        """Create all weights; they depend on the constructor's arguments alone."""
        for network in (self.network, self.averaged):
            network.build()
        self.averaged.set_weights(self.network.get_weights())
        self.built = True

    def compile(self, **kwargs) -> None:
        """Give the network its AdamW optimiser. Further arguments go to `keras.Model.compile`."""
        super().compile(**{"optimizer": None, "jit_compile": False, **kwargs})
        settings = self.settings
        self.adam = keras.optimizers.AdamW(
            learning_rate(settings),
            settings.weight_decay,
            beta_2=0.99,
            epsilon=1e-8,
            global_clipnorm=_LARGEST_GRADIENT,
            name="adam",
        )
        self.adam.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        # Created now, so that a checkpoint can be loaded before the first step.
        self.adam.build(self.network.trainable_variables)

    @property
    def predicting(self) -> keras.layers.Layer:
        """The network that predicts, and all that a shipped predictor needs."""
        return self.averaged

    @property
    def random_states(self) -> list[keras.Variable]:
        """The states of the dropouts of the network that is trained."""
        layers = [layer for layer in self.network._flatten_layers() if isinstance(layer, keras.layers.Dropout)]
        return [layer.seed_generator.state for layer in layers]

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
