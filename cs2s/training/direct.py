"""Training a predictor directly on its error: one network, one loss, a running mean of its weights that predicts.

For predictors of our own, beside the paper's adversarial training in `cs2s.training.adversarial`.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from pkgutil import resolve_name

from cs2s.datasets.windows import OBSERVED, Statistics
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.averaging import AveragedModel
from cs2s.training.losses import frame_loss
from cs2s.training.settings import DIRECT_PRESETS, DirectSettings

__all__ = ["DirectModel"]


@keras.saving.register_keras_serializable("cs2s")
class DirectModel(AveragedModel):
    """A network and the running mean of its weights, trained on windows.

    `fit` takes batches ``(windows, labels)``: windows are ``(batch, 50 + output_length, columns)``, normalised; labels
    are not used.

    Args:
        settings: of the training; their preset names the network.
        statistics: the normalisation of the training data.
    """

    settings: DirectSettings

    def __init__(self, settings: DirectSettings, statistics: Statistics, **kwargs) -> None:
        super().__init__(settings, statistics, **kwargs)
        self.loss_of = frame_loss(settings.loss, statistics)
        self.trackers = {"reconstruction": keras.metrics.Mean(name="reconstruction")}

    def _fresh_network(self) -> keras.layers.Layer:
        layer = DIRECT_PRESETS[self.settings.preset].layer
        used = self.statistics.used
        root_columns = int((used < 3).sum())
        seed, name = 100 * self.settings.seed, layer.partition(":")[0]
        return resolve_name(f"cs2s.networks.{layer}")(len(used), root_columns, seed=seed, name=name)

    def call(self, observed: tf.Tensor, frames: int | None = None, training: bool = False) -> tf.Tensor:
        """Predict ``(batch, frames, columns)`` after normalised `observed` ``(batch, 50, columns)``."""
        return self.averaged(observed, frames=frames or self.settings.output_length, training=training)

    def train_step(self, data: tuple) -> dict[str, tf.Tensor]:
        """One step down the loss, and one step of the mean weights towards the new ones."""
        windows, _ = data
        share = 1.0 / tf.distribute.get_strategy().num_replicas_in_sync
        with tf.GradientTape() as tape:
            predicted = self.network(windows[:, :OBSERVED], frames=self.settings.output_length, training=True)
            loss = self.loss_of(windows[:, OBSERVED:], predicted)
            objective = loss * share
        self.step_down(tape, objective)
        self.trackers["reconstruction"].update_state(loss)
        return self.get_metrics_result()
