"""The generator: two encoders look at the past, a decoder writes the future one frame at a time.

Taught in ``notebooks/03_generator``.
"""

import functools

from cs2s.datasets.windows import OBSERVED
from cs2s.networks.encoder import LEAKY_SLOPE, EncodingModule
from cs2s.networks.options import NetworkOptions
from cs2s.networks.rollout import fast_rollout
from cs2s.networks.tensorflow import keras, tf

__all__ = ["Generator"]

_CODE = 512


class Generator(keras.layers.Layer):
    """Predicts motion from 50 observed frames.

    The long-term encoder sees all observed frames but the last, once. The short-term encoder sees the newest
    `window_length` frames, again for every new one. A decoder turns both codes into a step that is added to the
    newest frame.

    Args:
        columns: values a frame has (the used columns).
        classes: actions of the data set.
        options: what the network does in detail. With class logits ``"unused"`` the long-term encoder also emits
            one logit a class, which no loss and no layer uses; they are kept so that the paper's checkpoints fit.
        window_length: frames the short-term encoder sees.
        sampling: while training, the share of the prediction in what is fed back; the rest is ground truth. At 0 the
            decoder sees nothing but ground truth (teacher forcing).
        seed: of the dropout.
        precision: the numbers that all but the last layer compute in, see `cs2s.training.settings.PRECISIONS`.
        rollout: ``"fast"`` (`cs2s.networks.rollout`) computes every feature once, ``"plain"`` for every window anew.

    Source: sections 3.2 and 3.3 of the paper.
    """

    def __init__(
        self,
        columns: int,
        classes: int,
        options: NetworkOptions,
        window_length: int = 20,
        sampling: float = 0.95,
        seed: int = 0,
        precision: str = "float32",
        rollout: str = "fast",
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.rollout = rollout
        self.columns = columns
        self.options = options
        self.window_length = window_length
        self.sampling = sampling
        logits = classes if options.class_logits == "unused" else 0
        encoder = functools.partial(EncodingModule, padding=options.padding, precision=precision)
        self.long_term = encoder(_CODE + logits, seed=seed, name="long_term")
        self.short_term = encoder(_CODE, seed=seed + 10, name="short_term")
        self.hidden = keras.layers.Dense(_CODE, dtype=precision, name="fc3")
        self.dropout = keras.layers.Dropout(0.5, seed=seed + 20, dtype=precision, name="dropout")
        self.coin = keras.random.SeedGenerator(seed + 30)
        # The steps, and the frames they are added to, are float32 always: half precision would round poses.
        self.step = keras.layers.Dense(columns, name="fc4")

    def build(self, input_shape: tuple | None = None) -> None:
        """Create the weights; they depend on the constructor's arguments alone."""
        self.long_term.build((None, OBSERVED - 1, self.columns))
        self.short_term.build((None, self.window_length, self.columns))
        self.hidden.build((None, 2 * _CODE))
        self.step.build((None, _CODE))

    def decode(self, code: tf.Tensor, recent: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Predict the frame ``(batch, columns)`` after the recent frames ``(batch, window_length, columns)``.

        `code` is the long-term code ``(batch, 512)``.
        """
        codes = tf.concat([code, self.short_term(recent, training=training)], axis=1)
        hidden = keras.ops.leaky_relu(self.hidden(codes), LEAKY_SLOPE)
        return recent[:, -1] + self.step(self.dropout(hidden, training=training))

    def call(
        self,
        observed: tf.Tensor,
        frames: int = 25,
        truth: tf.Tensor | None = None,
        training: bool = False,
    ) -> tf.Tensor:
        """Roll the decoder out.

        Args:
            observed: ``(batch, 50, columns)`` normalised motion.
            frames: how many to predict.
            truth: ``(batch, frames, columns)`` the true future, to be blended into what is fed back. In the paper,
                the frame blended with prediction t is the true frame t + 1: an off-by-one.
            training: whether dropout is on.

        Returns:
            ``(batch, frames, columns)`` normalised prediction.
        """
        past = observed[:, : OBSERVED - 1]
        if self.rollout == "plain":
            code = self.long_term(past, training=training)
        else:
            code = self.long_term.condense(self.long_term.convolve_fast(past, training))
        code = code[:, :_CODE] * (1 if self.options.long_term == "used" else 0)
        roll_out = self.plain_rollout if self.rollout == "plain" else functools.partial(fast_rollout, self)
        return roll_out(code, observed, frames, truth, training)

    def plain_rollout(
        self,
        code: tf.Tensor,
        observed: tf.Tensor,
        frames: int,
        truth: tf.Tensor | None = None,
        training: bool = False,
    ) -> tf.Tensor:
        """Roll the decoder out as the paper describes it: encode the newest frames, decode one, and again.

        Arguments and result are those of `cs2s.networks.rollout.fast_rollout`, which does the same in a fraction of the
        time.
        """
        recent = observed[:, OBSERVED - self.window_length :]
        predictions = []
        for frame in range(frames):
            predicted = self.decode(code, recent, training)
            predictions.append(predicted)
            if frame + 1 < frames:
                recent = tf.concat([recent[:, 1:], self.fed_back(predicted, truth, frame)[:, None]], axis=1)
        return tf.stack(predictions, axis=1)

    def fed_back(self, predicted: tf.Tensor, truth: tf.Tensor | None, frame: int) -> tf.Tensor:
        """Return the frame which the decoder sees next, after it predicted frame number `frame`."""
        if truth is None:
            return predicted
        if self.sampling == 0:
            return truth[:, frame]
        true_frame = truth[:, frame + 1 if self.options.blended_frame == "next" else frame]
        share = self.sampling
        if self.options.feedback == "coin":
            tossed = keras.random.uniform((tf.shape(predicted)[0], 1), seed=self.coin)
            share = tf.cast(tossed < share, predicted.dtype)
        return share * predicted + (1 - share) * true_frame
