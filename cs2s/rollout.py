"""The fast rollout: the decoder's convolutions, each computed once for each new frame.

The plain rollout (`cs2s.generator.Generator.plain_rollout`, the one to read first) encodes the newest 20 frames anew
for every frame that it predicts, though all but a sliver of that was computed before. Two windows one frame apart share
no row of a convolution that strides by 2, but windows two, four and eight frames apart do. So the strided convolutions
are computed as dilated ones: for *every* first frame once, in a cache, from which each window takes its rows. A window
that does not see its newest frames (VALID padding) needs no prediction of the frames before it either: several frames
then come out of one pass.

Source: the idea is that of fast WaveNet generation (Paine et al. 2016). Taught in ``notebooks/03_generator``.
"""

from cs2s.encoder import LEAKY_SLOPE, EncodingModule
from cs2s.tensorflow_startup import keras, tf

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
        self._kept: list[tf.Tensor | None] = [None] * len(self._rows)
        self._first = [0] * len(self._rows)
        self._next = [0] * len(self._rows)

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

    def _convolve(self, layer: int, first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
        """Apply a layer's convolution to pairs of rows ``(batch, pairs, width, channels)`` of the layer below."""
        _, pairs, width, channels = first.shape
        rows = tf.reshape(tf.stack([first, second], axis=2), (-1, 2 * pairs, width, channels))
        return self.module.convolve_pairs(layer - 1, rows, self.training)

    def _anchored(self, layer: int, start: int, stop: int) -> tf.Tensor:
        """Return the features of a layer with anchors from `start` to `stop` (excluded)."""
        offset = self._first[layer]
        return self._kept[layer][:, start - offset : stop - offset]

    def append(self, frames: tf.Tensor, next_window: int) -> None:
        """Take new frames ``(batch, frames, columns)`` and compute what they complete.

        Features which no window from `next_window` on needs are forgotten.
        """
        new = frames[..., None]
        for layer in range(len(self._rows)):
            if layer:
                start, gap = self._next[layer], 2 ** (layer - 1)
                stop = min(self._next[layer - 1] - gap, self._limit[layer])
                if stop <= start:
                    continue
                new = self._convolve(
                    layer,
                    self._anchored(layer - 1, start, stop),
                    self._anchored(layer - 1, start + gap, stop + gap),
                )
            else:
                stop = self._next[0] + frames.shape[1]
            kept = self._kept[layer]
            self._kept[layer] = new if kept is None else tf.concat([kept, new], axis=1)
            self._next[layer] = stop
        for layer in range(len(self._rows) - 1):
            # The next pair above begins here, as does the tail of the next window.
            needed = min(self._next[layer + 1], next_window + 2**layer * 2 * self._full[layer + 1])
            self._forget(layer, needed)
        self._forget(len(self._rows) - 1, next_window)

    def _forget(self, layer: int, needed: int) -> None:
        drop = needed - self._first[layer]
        if self._kept[layer] is not None and drop > 0:
            self._kept[layer] = self._kept[layer][:, drop:]
            self._first[layer] = needed

    def codes(self, start: int, stop: int) -> tf.Tensor:
        """Return the codes ``(batch, windows, units)`` of the windows from `start` to `stop` (excluded)."""
        top, tail = len(self._rows) - 1, None
        for layer in range(1, top + 1):
            if not self._has_tail(layer):
                tail = None
                continue
            at = 2 ** (layer - 1) * 2 * self._full[layer]
            if self._tail_starts_full(layer):
                first = self._anchored(layer - 1, start + at, stop + at)
                second = tf.zeros_like(first) if tail is None else tail
            else:
                first, second = tail, tf.zeros_like(tail)
            tail = self._convolve(layer, first, second)
        shift = 2**top
        rows = [self._anchored(top, start + shift * r, stop + shift * r) for r in range(self._full[top])]
        rows += [] if tail is None else [tail]
        flat = [tf.reshape(row, (-1, stop - start, row.shape[2] * row.shape[3])) for row in rows]
        return self.module.dense(tf.concat(flat, axis=2) if len(flat) > 1 else flat[0])


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
        generator: the `cs2s.generator.Generator` whose weights to use.
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
    encoder.append(observed[:, observed.shape[1] - length :], 0)
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
            encoder.append(tf.stack(fed_back, axis=1), at)
    return tf.stack(predictions, axis=1)
