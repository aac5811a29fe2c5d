"""The discriminator: tells recorded motion from predicted motion.

Taught in ``notebooks/04_adversarial_training``.
"""

from collections.abc import Sequence

from cs2s.networks.encoder import EncodingModule
from cs2s.networks.tensorflow import keras, tf

__all__ = ["DISCRIMINATOR_FILTERS", "Discriminator"]

DISCRIMINATOR_FILTERS = (128, 256, 256)


class Discriminator(keras.layers.Layer):
    """Gives one logit to a whole motion, observed frames and future, and the action it claims to be.

    Args:
        columns: values a frame has (the used columns).
        frames: of the motion it judges.
        classes: actions of the data set.
        padding: of the convolutions, see `EncodingModule`.
        seed: of the dropout.
        precision: the numbers that all but the last layer compute in, see `cs2s.training.settings.PRECISIONS`.

    Source: section 3.4 of the paper.
    """

    def __init__(
        self,
        columns: int,
        frames: int,
        classes: int,
        padding: str = "valid",
        seed: int = 0,
        precision: str = "float32",
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.motion_shape = (None, frames, columns)
        self.classes = classes
        self.encoder = EncodingModule(512, DISCRIMINATOR_FILTERS, padding, seed, precision, name="encoder")
        self.hidden = keras.layers.Dense(256, activation="relu", dtype=precision, name="fc1")
        self.logit = keras.layers.Dense(1, name="logit")

    def build(self, input_shape: tuple | None = None) -> None:
        """Create the weights; they depend on the constructor's arguments alone."""
        self.encoder.build(self.motion_shape)
        self.hidden.build((None, 512 + self.classes))
        self.logit.build((None, 256))

    def call(self, motion: tf.Tensor, labels: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Judge normalised motion ``(batch, frames, columns)`` with one-hot labels ``(batch, classes)``.

        Returns logits ``(batch,)``: positive for "recorded".
        """
        return self._judge(self.encoder(motion, training=training), labels)

    def compare(
        self, past: tf.Tensor, continuations: Sequence[tf.Tensor], labels: tf.Tensor, training: bool = False
    ) -> list[tf.Tensor]:
        """Judge several motions that begin alike, looking at their common past once.

        The logits are those of `call`, to rounding, while dropout is off; with dropout on, the same features of the
        past are dropped for all continuations. Nor is a gradient carried back into a past that is data, which in the
        generator's step is two thirds of the motion.

        Args:
            past: ``(batch, frames, columns)`` normalised motion; the frames a multiple of 8, see
                `EncodingModule.convolve`.
            continuations: of each motion, the frames that follow the past.
            labels: ``(batch, classes)``, one-hot.
            training: whether dropout is on.

        Returns:
            For each continuation, logits ``(batch,)``.
        """
        count = len(continuations)
        remembered = self.encoder.convolve_fast(past, training)
        ahead = self.encoder.convolve_fast(tf.concat(continuations, axis=0), training)
        features = tf.concat([tf.concat([remembered] * count, axis=0), ahead], axis=1)
        logits = self._judge(self.encoder.condense(features), tf.concat([labels] * count, axis=0))
        return tf.split(logits, count)

    def _judge(self, code: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        code = keras.ops.relu(code)
        return self.logit(self.hidden(keras.ops.concatenate([code, labels], axis=1)))[:, 0]
