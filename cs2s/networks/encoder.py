"""The convolutional encoding module: three strided convolutions over time and pose, then a dense layer.

The generator uses it twice and the discriminator once. Taught in ``notebooks/03_generator``.
"""

from cs2s.networks.tensorflow import keras, tf

__all__ = ["GENERATOR_FILTERS", "KERNEL", "LEAKY_SLOPE", "EncodingModule"]

GENERATOR_FILTERS = (64, 128, 128)
LEAKY_SLOPE = 0.2

KERNEL = (2, 7)
_DROPOUT = (0.2, 0.2, 0.5)


class EncodingModule(keras.layers.Layer):
    """Encodes a stretch of motion into one vector.

    Each convolution spans 2 frames by 7 pose columns and halves both axes; neighbouring columns are
    neighbouring angles, so a wide kernel over the pose axis lets distant joints meet within three layers.

    Args:
        units: length of the code.
        filters: of the three convolutions.
        padding: ``"valid"`` or ``"same"``. VALID drops what does not fill a stride, at the end of the time axis:
            of 20 frames the newest 4 never reach the code (20 -> 10 -> 5 -> 2 rows). The paper's CMU network
            has this blind spot, its Human3.6M network, which pads, has not.
        seed: of the dropout.
        precision: the numbers it computes in, and so those of the code, see `cs2s.training.settings.PRECISIONS`.

    Source: sections 3.1 and 4 of the paper.
    """

    def __init__(
        self,
        units: int,
        filters: tuple[int, int, int] = GENERATOR_FILTERS,
        padding: str = "valid",
        seed: int = 0,
        precision: str = "float32",
        **kwargs,
    ) -> None:
        super().__init__(dtype=precision, **kwargs)
        self.convolutions = [
            keras.layers.Conv2D(
                count, KERNEL, strides=2, padding=padding, use_bias=False, dtype=precision, name=f"conv{n}"
            )
            for n, count in enumerate(filters, start=1)
        ]
        self.dropouts = [
            keras.layers.Dropout(rate, seed=seed + n, dtype=precision, name=f"dropout{n}")
            for n, rate in enumerate(_DROPOUT, start=1)
        ]
        self.dense = keras.layers.Dense(units, dtype=precision, name="fc1")

    def build(self, input_shape: tuple[int | None, int, int]) -> None:
        """Create the weights for motion of shape ``(batch, frames, columns)``."""
        shape = (*input_shape, 1)
        for convolution in self.convolutions:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        self.dense.build((shape[0], shape[1] * shape[2] * shape[3]))

    def call(self, motion: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Encode normalised motion ``(batch, frames, columns)`` into codes ``(batch, units)``."""
        return self.condense(self.convolve(motion, training))

    def convolve(self, motion: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Return the features ``(batch, rows, width, channels)`` of the last convolution.

        A row depends on 8 frames alone, so the features of a motion cut at a multiple of 8 frames are those of its
        pieces, one after the other.
        """
        features = motion[..., None]
        for layer in range(len(self.convolutions)):
            features = self.apply(layer, features, training)
        return features

    def convolve_pairs(self, layer: int, rows: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Apply convolution number `layer` to an even number of rows ``(batch, rows, width, channels)``.

        The same as `apply`, and faster on a CPU: since no pair of rows overlaps another, all windows of a batch can
        be laid one after the other into a single image, where the gradient of the kernel is one long sum.
        """
        count, width, channels = rows.shape[1:]
        features = self.apply(layer, tf.reshape(rows, (1, -1, width, channels)), training)
        return tf.reshape(features, (-1, count // 2, *features.shape[2:]))

    def apply(self, layer: int, rows: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Apply convolution number `layer` (from 0), leaky ReLU and dropout to ``(batch, rows, width, channels)``."""
        features = keras.ops.leaky_relu(self.convolutions[layer](rows), LEAKY_SLOPE)
        return self.dropouts[layer](features, training=training)

    def convolve_fast(self, motion: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Return what `convolve` returns, faster, see `convolve_pairs`."""
        features = motion[..., None]
        for layer, convolution in enumerate(self.convolutions):
            if features.shape[1] % 2:
                same = convolution.padding == "same"
                features = tf.pad(features, ((0, 0), (0, 1), (0, 0), (0, 0))) if same else features[:, :-1]
            features = self.convolve_pairs(layer, features, training)
        return features

    def condense(self, features: tf.Tensor) -> tf.Tensor:
        """Turn the features of all of a motion into its code ``(batch, units)``."""
        return self.dense(keras.ops.reshape(features, (-1, self.dense.kernel.shape[0])))
