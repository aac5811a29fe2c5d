"""A small modern predictor: a cosine transform over time, then a stack of residual layers that mix frequencies.

Taught in ``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.networks.tensorflow import keras, tf

__all__ = ["DctMlp", "cosine_basis", "over_columns", "over_time"]


def cosine_basis(frames: int) -> np.ndarray:
    """Return the orthonormal cosine transform of `frames` frames, ``(frequencies, frames)``; its transpose undoes it.

    Source: the DCT-II of Ahmed, Natarajan and Rao 1974; Mao et al. 2019 first predicted motion with it.
    """
    frequency, frame = np.arange(frames)[:, None], np.arange(frames)[None]
    basis = np.sqrt(2 / frames) * np.cos(np.pi / frames * (frame + 0.5) * frequency)
    basis[0] /= np.sqrt(2)
    return basis.astype(np.float32)


class DctMlp(keras.layers.Layer):
    """Predicts motion from 50 observed frames, all frames at once, as what is to be added to the newest one.

    It sees each observed frame less the newest one, and the newest one itself (less the place it is at). A dense
    layer mixes those columns. Then come blocks, each of which mixes the 50 frequencies of every feature with one
    matrix, normalises each frequency's features, and adds the result to what it got. A last dense layer makes columns
    of features. It starts at zero, so that an untrained network predicts what zero velocity does.

    No block mixes features, but for their normalisation, and there is no activation: with few recordings, a network
    that can do less learns less by heart.

    Args:
        columns: values a frame has (the used columns).
        place: how many of them, the first, are the root's translation: only how it changes is seen.
        frames: how many frames are predicted at once, 50 at most; more are made by feeding predictions back.
        blocks: how many blocks.
        width: features.
        seed: of the weights.

    Source: Guo et al., "Back to MLP: A Simple Baseline for Human Motion Prediction", WACV 2023, with fewer blocks, and
    with the newest frame taken off the input.
    """

    def __init__(
        self,
        columns: int,
        place: int = 3,
        frames: int = PREDICTED,
        blocks: int = 24,
        width: int = 70,
        seed: int = 0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.columns, self.place, self.frames = columns, place, frames
        self.blocks, self.width, self.seed = blocks, width, seed
        self.basis = cosine_basis(OBSERVED)

    def build(self, input_shape: tuple | None = None) -> None:
        """Create the weights; they depend on the constructor's arguments alone."""
        seeds = np.random.default_rng(self.seed).integers(2**31, size=self.blocks + 1)

        def made(name: str, *shape: int, start: str | keras.Initializer = "zeros") -> keras.Variable:
            return self.add_weight(shape=shape, initializer=start, name=name)

        first, *others = (keras.initializers.GlorotUniform(seed=int(seed)) for seed in seeds)
        seen = 2 * self.columns - self.place
        self.enter = made("enter_kernel", seen, self.width, start=first), made("enter_bias", self.width)
        self.mixing = [
            (
                made(f"block{n}_kernel", OBSERVED, OBSERVED, start=start),
                made(f"block{n}_bias", OBSERVED),
                made(f"block{n}_gamma", self.width, start="ones"),
                made(f"block{n}_beta", self.width),
            )
            for n, start in enumerate(others, start=1)
        ]
        self.leave = made("leave_kernel", self.width, self.columns), made("leave_bias", self.columns)

    def call(self, observed: tf.Tensor, frames: int = PREDICTED, training: bool = False) -> tf.Tensor:
        """Predict normalised ``(batch, frames, columns)`` after ``(batch, 50, columns)``, training or not."""
        motion = observed
        while motion.shape[1] < OBSERVED + frames:
            motion = tf.concat([motion, self.predict_once(motion[:, -OBSERVED:])], axis=1)
        return motion[:, OBSERVED : OBSERVED + frames]

    def predict_once(self, observed: tf.Tensor) -> tf.Tensor:
        """Predict the ``(batch, self.frames, columns)`` after the observed ``(batch, 50, columns)``."""
        newest = observed[:, -1:]
        pose = tf.repeat(newest[..., self.place :], OBSERVED, axis=1)
        # Time first: a matrix that mixes frequencies is then one product, for all features of all windows.
        seen = tf.transpose(tf.concat([observed - newest, pose], axis=-1), (1, 0, 2))
        features = over_columns(*self.enter, over_time(self.basis, seen))
        for kernel, bias, gamma, beta in self.mixing:
            mixed = over_time(kernel, features) + bias[:, None, None]
            mixed -= tf.reduce_mean(mixed, axis=-1, keepdims=True)
            variance = tf.reduce_mean(mixed**2, axis=-1, keepdims=True)
            features += mixed * tf.math.rsqrt(variance + 1e-5) * gamma + beta
        steps = over_time(self.basis.T[: self.frames], over_columns(*self.leave, features))
        return newest + tf.transpose(steps, (1, 0, 2))


def over_time(matrix: tf.Tensor, motion: tf.Tensor) -> tf.Tensor:
    """Multiply the first axis of ``(time, batch, features)`` by a matrix, as one product."""
    product = tf.matmul(matrix, tf.reshape(motion, (motion.shape[0], -1)))
    return tf.reshape(product, (matrix.shape[0], -1, motion.shape[2]))


def over_columns(kernel: tf.Tensor, bias: tf.Tensor | float, motion: tf.Tensor) -> tf.Tensor:
    """Apply a dense layer to the last axis of ``(time, batch, features)``, as one product."""
    product = tf.matmul(tf.reshape(motion, (-1, motion.shape[2])), kernel) + bias
    return tf.reshape(product, (motion.shape[0], -1, kernel.shape[1]))
