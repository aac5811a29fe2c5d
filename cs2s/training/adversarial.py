"""The whole model: generator against discriminator, as a `keras.Model` with the paper's two training steps.

Taught in ``notebooks/04_adversarial_training``.
"""

from typing import Any

from cs2s.datasets.windows import OBSERVED
from cs2s.networks.discriminator import Discriminator
from cs2s.networks.generator import Generator
from cs2s.networks.options import NetworkOptions
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.checkpoints import ResumableModel
from cs2s.training.losses import cross_entropy, l2_penalty, squared_error
from cs2s.training.optimisers import adam
from cs2s.training.settings import AdversarialSettings, Settings

__all__ = ["ConvSeq2Seq", "build_model", "fake_motion"]


def fake_motion(windows: tf.Tensor, predicted: tf.Tensor, options: NetworkOptions) -> tf.Tensor:
    """Return what the discriminator is shown as predicted motion, ``(batch, frames, columns)``.

    In the paper that is frames 0..48, then the true frame 50 (not 49), then the prediction: a slip of one frame.

    Args:
        windows: ``(batch, 50 + predicted frames, columns)``, normalised.
        predicted: ``(batch, predicted frames, columns)``, normalised.
        options: whose `fake_past` says which past it is given.
    """
    last = OBSERVED if options.fake_past == "skips" else OBSERVED - 1
    return tf.concat([windows[:, : OBSERVED - 1], windows[:, last : last + 1], predicted], axis=1)


@keras.saving.register_keras_serializable("cs2s")
class ConvSeq2Seq(ResumableModel):
    """Convolutional sequence-to-sequence model, trained adversarially.

    `fit` takes batches ``((windows, labels), (windows, labels))``: the first pair feeds the discriminator's step,
    the second the generator's. Windows are ``(batch, 50 + output_length, columns)``, normalised; labels are
    ``(batch, classes)``, one-hot.

    Args:
        settings: of the training.
        columns: values a frame has (the used columns).
        classes: actions of the data set.

    Source: section 3 of the paper.
    """

    def __init__(self, settings: AdversarialSettings, columns: int, classes: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.settings = settings
        self.columns, self.classes = columns, classes
        self.generator = Generator(
            columns,
            classes,
            settings.options,
            settings.window_length,
            settings.sampling,
            seed=settings.seed * 100,
            precision=settings.precision,
            rollout=settings.rollout,
            name="generator",
        )
        self.discriminator = Discriminator(
            columns,
            OBSERVED + settings.output_length,
            classes,
            settings.options.padding,
            seed=settings.seed * 100 + 50,
            precision=settings.precision,
            name="discriminator",
        )
        self.trackers = {
            name: keras.metrics.Mean(name=name) for name in ("reconstruction", "generator_loss", "discriminator_loss")
        }

    def build(self, input_shape: tuple | None = None) -> None:
        """Create all weights; they depend on the constructor's arguments alone."""
        self.generator.build()
        self.discriminator.build()
        self.built = True

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs, for Keras' own `save`."""
        return {"settings": self.settings.as_dict(), "columns": self.columns, "classes": self.classes}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> "ConvSeq2Seq":
        """Make a compiled model with fresh weights, as `keras.models.load_model` does before it loads them."""
        settings = Settings.from_file(config["settings"])
        assert isinstance(settings, AdversarialSettings)
        return build_model(settings, config["columns"], config["classes"])

    def compile(self, **kwargs) -> None:
        """Give both networks their Adam optimiser, with the paper's learning rate and decay.

        Further arguments go to `keras.Model.compile`. XLA is off unless asked for: on a CPU it makes this
        training slower.
        """
        super().compile(**{"optimizer": None, "jit_compile": False, **kwargs})
        self.generator_optimizer, self.discriminator_optimizer = (
            adam(self.settings, f"{name}_optimizer") for name in ("generator", "discriminator")
        )
        # Created now, so that a checkpoint can be loaded before the first step.
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)

    @property
    def predicting(self) -> Generator:
        """The network that predicts, and all that a shipped predictor needs."""
        return self.generator

    @property
    def random_states(self) -> list[keras.Variable]:
        """The states of all random generators, which Keras does not save with the weights."""
        encoders = (self.generator.long_term, self.generator.short_term, self.discriminator.encoder)
        dropouts = [dropout for encoder in encoders for dropout in encoder.dropouts]
        generators = [dropout.seed_generator for dropout in [*dropouts, self.generator.dropout]]
        return [generator.state for generator in [*generators, self.generator.coin]]

    def call(self, observed: tf.Tensor, frames: int | None = None, training: bool = False) -> tf.Tensor:
        """Predict ``(batch, frames, columns)`` after normalised `observed` ``(batch, 50, columns)``."""
        return self.generator(observed, frames=frames or self.settings.output_length, training=training)

    def rollout(self, windows: tf.Tensor, training: bool) -> tf.Tensor:
        """Predict the future of training windows, with ground truth blended in as the sampling setting says."""
        observed, truth = windows[:, :OBSERVED], windows[:, OBSERVED:]
        return self.generator(observed, frames=truth.shape[1], truth=truth, training=training)

    def _judge_all(self, windows: tf.Tensor, labels: tf.Tensor, motions: list[tf.Tensor], training: bool) -> list:
        """Return the discriminator's logits for each of several motions that begin as the windows do."""
        if self.settings.rollout == "plain":
            return [self.discriminator(motion, labels, training=training) for motion in motions]
        # Frame 49 may be skipped; past and future are cut at a multiple of 8, and each must fill a row.
        past = 48 if windows.shape[1] >= 56 else 40
        ahead = [motion[:, past:] for motion in motions]
        return self.discriminator.compare(windows[:, :past], ahead, labels, training=training)

    def generator_losses(
        self, windows: tf.Tensor, labels: tf.Tensor, training: bool, predicted: tf.Tensor | None = None
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Return reconstruction error, generator loss, and generator loss with L2 penalty (scalars).

        `predicted` is the rollout of these windows, if there is one already.
        """
        if predicted is None:
            predicted = self.rollout(windows, training)
        reconstruction = squared_error(windows[:, OBSERVED:], predicted)
        fake = fake_motion(windows, predicted, self.settings.options)
        (logits,) = self._judge_all(windows, labels, [fake], training)
        loss = reconstruction + self.settings.gan_loss_weight * cross_entropy(logits, 1.0)
        penalty = self.settings.l2_weight * l2_penalty(self.generator.trainable_variables)
        return reconstruction, loss, loss + penalty

    def discriminator_losses(
        self, windows: tf.Tensor, labels: tf.Tensor, predicted: tf.Tensor, training: bool
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the discriminator loss without and with L2 penalty (scalars)."""
        motions = [windows, fake_motion(windows, predicted, self.settings.options)]
        real, fake = self._judge_all(windows, labels, motions, training)
        loss = cross_entropy(real, 1.0) + cross_entropy(fake, 0.0)
        penalty = self.settings.l2_weight * l2_penalty(self.discriminator.trainable_variables)
        return loss, loss + penalty

    def train_step(self, data: tuple) -> dict[str, tf.Tensor]:
        """One discriminator step, then one generator step, each on its own batch.

        With the setting ``batches="one"`` both take the generator's batch, and share its rollout.

        Source: section 3.4 of the paper and the training loop of its code.
        """
        (real_windows, real_labels), (windows, labels) = data
        # Each replica sees a share of the batch; its loss is that share of the mean over the whole batch.
        share = 1.0 / tf.distribute.get_strategy().num_replicas_in_sync

        generator_tape, shared = tf.GradientTape(), None
        if self.settings.batches == "one":
            real_windows, real_labels = windows, labels
            with generator_tape:
                shared = self.rollout(windows, training=True)
        predicted = self.rollout(real_windows, training=True) if shared is None else tf.stop_gradient(shared)
        with tf.GradientTape() as tape:
            discriminator_loss, objective = self.discriminator_losses(
                real_windows, real_labels, predicted, training=True
            )
            objective = self.discriminator_optimizer.scale_loss(objective * share)
        _apply(self.discriminator_optimizer, tape, objective, self.discriminator.trainable_variables)

        with generator_tape:
            reconstruction, generator_loss, objective = self.generator_losses(
                windows, labels, training=True, predicted=shared
            )
            objective = self.generator_optimizer.scale_loss(objective * share)
        _apply(self.generator_optimizer, generator_tape, objective, self.generator.trainable_variables)

        losses = (reconstruction, generator_loss, discriminator_loss)
        for tracker, loss in zip(self.trackers.values(), losses, strict=True):
            tracker.update_state(loss)
        return self.get_metrics_result()


def _apply(optimizer: keras.Optimizer, tape: tf.GradientTape, loss: tf.Tensor, variables: list[keras.Variable]) -> None:
    gradients = tape.gradient(loss, [variable.value for variable in variables])
    optimizer.apply_gradients(zip(gradients, variables, strict=True))


def build_model(settings: AdversarialSettings, columns: int, classes: int) -> ConvSeq2Seq:
    """Make a model with fresh weights (a function of the seed) and compile it."""
    keras.utils.set_random_seed(settings.seed)
    model = ConvSeq2Seq(settings, columns, classes, name="conv_seq2seq")
    model.build()
    model.compile()
    return model
