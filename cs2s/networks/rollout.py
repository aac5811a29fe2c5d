"""The fast rollout: the decoder's convolutions, each computed once for each new frame.

The plain rollout (`cs2s.networks.generator.Generator.plain_rollout`, the one to read first) encodes the newest 20
frames anew for every frame that it predicts, though all but a sliver of that was computed before. Two windows one
frame apart share no row of a convolution that strides by 2, but windows two, four and eight frames apart do. So the
strided convolutions are computed as dilated ones: for *every* first frame once, in a cache, from which each window
takes its rows. A window that does not see its newest frames (VALID padding) needs no prediction of the frames before
it either: several frames then come out of one pass.

Source: the idea is that of fast WaveNet generation (Paine et al. 2016). Taught in ``notebooks/03_generator``.
"""

from collections.abc import Iterable

from cs2s.networks.encoder import LEAKY_SLOPE, EncodingModule
from cs2s.networks.tensorflow import keras, tf

__all__ = ["WindowEncoder", "fast_rollout"]


class WindowEncoder:
    """Encodes all windows of a growing motion with an encoding module, every feature computed once.

    Row r of layer l in the window that starts at frame s depends on s + r * 2**l alone, its *anchor*: that is what is
    kept. Only where padding ends a layer with half a pair of rows does a window have a row of its own, its *tail*.

    Args:
        module: encodes windows.
        length: frames of a window.
        windows: how many windows there will be in all, each one frame after the one before.
        training: whether dropout is on. A feature is dropped for all windows that use it.
    """

    def __init__(self, module: EncodingModule, length: int, windows: int, training: bool) -> None:
        self.module, self.training = module, training
        # The rows of each layer, from the motion itself (0) up: all, and those that see no padding.
        self._rows, self._full = [length], [length]
        for _ in module.convolutions:
            rows = self._rows[-1]
            self._rows.append((rows + 1) // 2 if module.convolutions[0].padding == "same" else rows // 2)
            self._full.append(self._full[-1] // 2)
        self._limit = self._limits(windows)
        self.blind = length - self._seen()
        # For each layer, its features by anchor, as single rows: the gradient of a slice would fill all that the slice
        # leaves out with zeros, again and again.
        self._kept: list[list[tf.Tensor]] = [[] for _ in self._rows]

    def _has_tail(self, layer: int) -> bool:
        return self._rows[layer] > self._full[layer]

    def _tail_starts_full(self, layer: int) -> bool:
        """Whether the first row of the pair below a layer's tail is one that sees no padding."""
        return 2 * self._full[layer] < self._full[layer - 1]

    def _seen(self) -> int:
        """How many frames from the start of a window reach its code."""
        return self._rows[0] if self._rows[-1] > self._full[-1] else self._full[-1] * 2 ** (len(self._rows) - 1)

    def _limits(self, windows: int) -> list[int]:
        """For each layer, the number of anchors that any window needs."""
        top = len(self._rows) - 1
        limits = [0] * (top + 1)
        for layer in range(top, -1, -1):
            needed = [0]
            if layer == top and self._full[top]:
                needed.append(windows + 2**top * (self._full[top] - 1))
            if layer < top:
                if limits[layer + 1]:
                    needed.append(limits[layer + 1] + 2**layer)
                if self._has_tail(layer + 1) and self._tail_starts_full(layer + 1):
                    needed.append(windows + 2**layer * 2 * self._full[layer + 1])
            limits[layer] = max(needed)
        return limits

    def _convolve(self, layer: int, pairs: Iterable[tuple[tf.Tensor, tf.Tensor]]) -> list[tf.Tensor]:
        """Apply a layer's convolution to pairs of rows of the layer below, each row ``(batch, width, channels)``."""
        rows = tf.stack([row for pair in pairs for row in pair], axis=1)
        return tf.unstack(self.module.convolve_pairs(layer - 1, rows, self.training), axis=1)

    def append(self, frames: Iterable[tf.Tensor]) -> None:
        """Take new frames, each ``(batch, columns)``, and compute what they complete."""
        self._kept[0] += [frame[..., None] for frame in frames]
        for layer in range(1, len(self._rows)):
            below, kept, gap = self._kept[layer - 1], self._kept[layer], 2 ** (layer - 1)
            stop = min(len(below) - gap, self._limit[layer])
            pairs = [(below[anchor], below[anchor + gap]) for anchor in range(len(kept), stop)]
            if pairs:
                kept += self._convolve(layer, pairs)

    def codes(self, start: int, stop: int) -> tf.Tensor:
        """Return the codes ``(batch, windows, units)`` of the windows from `start` to `stop` (excluded)."""
        top = len(self._rows) - 1
        tails: list[tf.Tensor] = []
        for layer in range(1, top + 1):
            if not self._has_tail(layer):
                tails = []
                continue
            if self._tail_starts_full(layer):
                at = 2**layer * self._full[layer]
                first = self._kept[layer - 1][start + at : stop + at]
                second = tails or [tf.zeros_like(row) for row in first]
            else:
                first, second = tails, [tf.zeros_like(row) for row in tails]
            tails = self._convolve(layer, zip(first, second, strict=True))
        rows = []
        for window in range(start, stop):
            rows += [self._kept[top][window + 2**top * row] for row in range(self._full[top])]
            rows += tails[window - start : window - start + 1]
        features = tf.reshape(tf.stack(rows, axis=1), (-1, stop - start, self.module.dense.kernel.shape[0]))
        return self.module.dense(features)


def fast_rollout(
    generator: keras.layers.Layer,
    code: tf.Tensor,
    observed: tf.Tensor,
    frames: int,
    truth: tf.Tensor | None = None,
    training: bool = False,
) -> tf.Tensor:
    """Roll a generator's decoder out; equal to `Generator.plain_rollout` to rounding while dropout is off.

    With dropout on, the plain rollout drops other features in every window, this one the same feature in all windows
    that share it.

    Args:
        generator: the `cs2s.networks.generator.Generator` whose weights to use.
        code: ``(batch, 512)``, of the long-term encoder.
        observed: ``(batch, 50, columns)`` normalised motion.
        frames: how many to predict.
        truth: ``(batch, frames, columns)``, to be blended into what is fed back, see `Generator.call`.
        training: whether dropout is on.

    Returns:
        ``(batch, frames, columns)`` normalised prediction.
    """
    length = generator.window_length
    encoder = WindowEncoder(generator.short_term, length, frames, training)
    encoder.append(tf.unstack(observed[:, observed.shape[1] - length :], axis=1))
    # The part of the decoder's first layer that looks at the long-term code is the same for all frames. It is float32
    # at any precision, so that a sum of two parts is rounded no more often than the one product that it replaces.
    kernel, units = tf.convert_to_tensor(generator.hidden.kernel), code.shape[1]
    from_past = tf.cast(code, tf.float32) @ kernel[:units] + generator.hidden.bias
    from_window = tf.cast(kernel[units:], code.dtype)
    newest, predictions, at = observed[:, -1], [], 0
    while at < frames:
        stop = min(at + encoder.blind + 1, frames)
        codes = encoder.codes(at, stop)
        seen = tf.reshape(tf.reshape(codes, (-1, codes.shape[2])) @ from_window, (-1, stop - at, kernel.shape[1]))
        hidden = keras.ops.leaky_relu(from_past[:, None] + tf.cast(seen, tf.float32), LEAKY_SLOPE)
        steps = generator.step(generator.dropout(hidden, training=training))
        fed_back = []
        for frame in range(at, stop):
            predicted = newest + steps[:, frame - at]
            predictions.append(predicted)
            if frame + 1 < frames:
                newest = generator.fed_back(predicted, truth, frame)
                fed_back.append(newest)
        at = stop
        if at < frames:
            encoder.append(fed_back)
    return tf.stack(predictions, axis=1)
