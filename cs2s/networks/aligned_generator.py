"""A generator after the paper's, with its flaws mended: long and short past, convolutions, a decoder that goes on.

What differs from `cs2s.networks.generator.Generator`, and why:

* Its windows end with the newest frame and hold a multiple of 8 frames, so no encoder has a blind spot in time; over
  the columns the convolutions are padded, so none is left out either.
* The encoders see how each frame differs from the newest one; the newest pose itself goes to the decoder, but for the
  root's place: the same motion elsewhere in the room is continued alike.
* Beside it they see how fast each value changes, which is small beside the values themselves, and hard to learn.
* The decoder gives several frames at a time, as steps from the newest one. Fewer rounds pile up fewer errors.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from cs2s.datasets.windows import OBSERVED
from cs2s.networks.encoder import LEAKY_SLOPE
from cs2s.networks.tensorflow import keras, tf

__all__ = ["AlignedGenerator"]

_VELOCITY_SCALE = 5.0
"""Brings differences of neighbouring frames to about the size of normalised values."""


class _Encoder(keras.layers.Layer):
    """Three convolutions of 2 frames by 7 columns that halve both axes, then a dense layer."""

    def __init__(self, units: int, filters: tuple[int, ...], dropout: tuple[float, ...], seed: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.convolutions = [
            keras.layers.Conv2D(
                count, (2, 7), strides=2, name=f"conv{n}", kernel_initializer=keras.initializers.GlorotUniform(seed + n)
            )
            for n, count in enumerate(filters)
        ]
        self.dropouts = [
            keras.layers.Dropout(rate, seed=seed + n, name=f"dropout{n}") for n, rate in enumerate(dropout)
        ]
        self.dense = keras.layers.Dense(
            units, kernel_initializer=keras.initializers.GlorotUniform(seed + 9), name="code"
        )

    def build(self, input_shape: tuple[int | None, int, int, int]) -> None:
        """Create the weights for features ``(batch, frames, columns, channels)``."""
        _, rows, width, channels = input_shape
        for convolution in self.convolutions:
            convolution.build((None, 2, width + 6, channels))
            rows, width, channels = rows // 2, (width + 1) // 2, convolution.filters
        self.dense.build((None, rows * width * channels))

    def call(self, features: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Encode ``(batch, frames, columns, channels)``, the frames a multiple of 8, as codes ``(batch, units)``."""
        for convolution, dropout in zip(self.convolutions, self.dropouts, strict=True):
            _, rows, width, channels = features.shape
            # All windows in one image, see `cs2s.networks.encoder.EncodingModule.convolve_pairs`.
            padded = tf.pad(features, ((0, 0), (0, 0), (3, 3), (0, 0)))
            seen = convolution(tf.reshape(padded, (1, -1, width + 6, channels)))
            seen = tf.reshape(seen, (-1, rows // 2, seen.shape[2], seen.shape[3]))
            features = dropout(keras.ops.leaky_relu(seen, LEAKY_SLOPE), training=training)
        return self.dense(tf.reshape(features, (-1, self.dense.kernel.shape[0])))


class AlignedGenerator(keras.layers.Layer):
    """Predicts motion from 50 observed frames, several frames at a time.

    Args:
        columns: values a frame has (the used columns).
        root_columns: how many of the first columns are the place of the root.
        block: frames that the decoder gives at a time.
        recent: frames the short-term encoder sees; a multiple of 8.
        past: frames the long-term encoder sees; a multiple of 8, below 50.
        filters: of the three convolutions of each encoder.
        units: length of each code, and of the decoder's hidden layer.
        dropout: after each convolution, and in the decoder.
        seed: of weights and dropout.
    """

    def __init__(
        self,
        columns: int,
        root_columns: int = 3,
        block: int = 5,
        recent: int = 16,
        past: int = 48,
        filters: tuple[int, int, int] = (32, 64, 64),
        units: int = 256,
        dropout: tuple[float, float, float, float] = (0.1, 0.1, 0.2, 0.2),
        seed: int = 0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.columns, self.root_columns, self.block = columns, root_columns, block
        self.recent, self.past = recent, past
        self.long_term = _Encoder(units, filters, dropout[:3], seed, name="long_term")
        self.short_term = _Encoder(units, filters, dropout[:3], seed + 20, name="short_term")
        self.hidden = keras.layers.Dense(
            units, kernel_initializer=keras.initializers.GlorotUniform(seed + 40), name="hidden"
        )
        self.dropout = keras.layers.Dropout(dropout[3], seed=seed + 41, name="dropout")
        # Near 0, so that training begins at zero velocity.
        self.steps = keras.layers.Dense(
            block * columns, kernel_initializer=keras.initializers.RandomNormal(stddev=1e-3, seed=seed + 42),
            name="steps",
        )  # fmt: skip

    def build(self, input_shape: tuple | None = None) -> None:
        """Create the weights; they depend on the constructor's arguments alone."""
        self.long_term.build((None, self.past, self.columns, 2))
        self.short_term.build((None, self.recent, self.columns, 2))
        self.hidden.build((None, 2 * self.long_term.dense.units + self.columns - self.root_columns))
        self.steps.build((None, self.hidden.units))

    @property
    def random_states(self) -> list[keras.Variable]:
        """The states of all dropouts, in the order in which checkpoints hold them: in each encoder, the last first."""
        encoders = (self.long_term, self.short_term)
        dropouts = [dropout for encoder in encoders for dropout in reversed(encoder.dropouts)]
        return [dropout.seed_generator.state for dropout in [*dropouts, self.dropout]]

    def _features(self, frames: tf.Tensor) -> tf.Tensor:
        """Turn ``n + 1`` frames ``(batch, n + 1, columns)`` into differences ``(batch, n, columns, 2)``.

        The first channel is the difference to the newest frame, the second that to the frame before.
        """
        return tf.stack([frames[:, 1:] - frames[:, -1:], _VELOCITY_SCALE * (frames[:, 1:] - frames[:, :-1])], axis=3)

    def call(self, observed: tf.Tensor, frames: int = 25, training: bool = False) -> tf.Tensor:
        """Predict ``(batch, frames, columns)`` after normalised `observed` ``(batch, 50, columns)``."""
        code = self.long_term(self._features(observed[:, OBSERVED - self.past - 1 :]), training=training)
        recent, predictions = observed[:, OBSERVED - self.recent - 1 :], []
        for _ in range(-(-frames // self.block)):
            newest = self.short_term(self._features(recent), training=training)
            pose = recent[:, -1, self.root_columns :]
            hidden = keras.ops.leaky_relu(self.hidden(tf.concat([code, newest, pose], axis=1)), LEAKY_SLOPE)
            steps = self.steps(self.dropout(hidden, training=training))
            predicted = recent[:, -1:] + tf.reshape(steps, (-1, self.block, self.columns))
            predictions.append(predicted)
            recent = tf.concat([recent, predicted], axis=1)[:, -self.recent - 1 :]
        return tf.concat(predictions, axis=1)[:, :frames]
