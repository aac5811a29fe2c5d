"""The single small model: it sees how a body is bent and where its joints are, and not where it stands or looks.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cs2s.datasets.descriptions import OBSERVED, PREDICTED
from cs2s.motion.pose import ROOT_NUMBERS
from cs2s.networks.dct_mlp import cosine_basis, over_columns, over_time
from cs2s.networks.kinematics import Kinematics, orthonormal, product, transposed
from cs2s.networks.rest_frames import RestFrames
from cs2s.networks.tensorflow import keras, tf

__all__ = ["PoseMlp"]

_NOTHING = np.eye(3)[:2].reshape(-1)
"""Two rows of the rotation that changes nothing."""

_Block = tuple[keras.Variable, ...]


class _Branch(NamedTuple):
    """The weights of one branch, in order of creation."""

    analysis: keras.Variable
    synthesis: keras.Variable
    enter: keras.Variable
    enter_bias: keras.Variable
    body: list[_Block]
    leave: keras.Variable
    leave_bias: keras.Variable
    enter_root: keras.Variable
    enter_root_body: keras.Variable
    enter_root_bias: keras.Variable
    root: list[_Block]
    leave_root: keras.Variable
    leave_root_bias: keras.Variable


class PoseMlp(keras.layers.Layer):
    """Predicts 25 frames of rotations, all at once, as what is to be done to the newest one.

    It sees how each joint's rotation differs from its newest one (two rows of the matrix, in `RestFrames`), where the
    joints are (by forward kinematics, the root held still at the origin), and which of the 50 frames are repetitions,
    since fewer were observed. So neither the place nor the heading of a person makes any difference, nor what a file's
    skeleton calls untwisted.

    Two matrices take time apart: one makes `mixtures` of the 50 frames (at first their lowest cosine frequencies, the
    newest frame being repeated 25 times), one makes 25 frames of mixtures (at first the cosines' inverse); both are
    learned. Between them are blocks, each of which mixes the mixtures of every feature, normalises the features, and
    adds the result; then mixes the features of every mixture, and adds that. A last dense layer makes two rows of a
    rotation a joint, which Gram and Schmidt complete. It starts at zero, so that an untrained network freezes.

    What the blocks made also goes, with the root's own way, into a few narrower blocks that predict the root: its place
    and turn seen from its newest frame. Their errors do not change what is predicted of the body.

    All from the mixtures to the last layers may be there several times over, in branches that share nothing. In
    training each learns from its own part of the batch; what is predicted is the mean of what they say, which is better
    than each.

    Args:
        kinematics: which joints turn, and where they are.
        mixtures: how many mixtures of frames.
        width: features.
        blocks: how many blocks.
        root_width: features of the root's blocks.
        root_blocks: how many blocks predict the root.
        branches: how many branches there are.
        dropout: share of features that is dropped in training.
        seed: of the weights and of dropout.

    Source: Guo et al., "Back to MLP", WACV 2023, for the blocks; Mao et al. 2019 for the cosines; Zhou et al. 2019 for
    two rows. Positions beside rotations, rest frames and learned mixtures are ours.
    """

    def __init__(
        self,
        kinematics: Kinematics,
        mixtures: int = 75,
        width: int = 128,
        blocks: int = 12,
        root_width: int = 64,
        root_blocks: int = 2,
        branches: int = 1,
        dropout: float = 0.2,
        seed: int = 0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.kinematics, self.mixtures, self.width, self.blocks = kinematics, mixtures, width, blocks
        self.rest_frames = RestFrames(kinematics)
        self.root_width, self.root_blocks, self.seed = root_width, root_blocks, seed
        self.branches = branches
        self.dropout = keras.layers.Dropout(dropout, seed=seed)

    def build(self, input_shape: tuple | None = None) -> None:
        """Create the weights; they depend on the constructor's arguments alone."""
        draws = np.random.default_rng(self.seed)
        self.weights_of = [self._branch(draws, f"branch{n}_" if n else "") for n in range(self.branches)]
        self.built = True

    def _branch(self, draws: np.random.Generator, prefix: str) -> _Branch:
        def made(name: str, *shape: int, start: str | keras.Initializer = "zeros") -> keras.Variable:
            return self.add_weight(shape=shape, initializer=start, name=prefix + name)

        def drawn() -> keras.Initializer:
            return keras.initializers.GlorotUniform(seed=int(draws.integers(2**31)))

        def block(name: str, width: int) -> _Block:
            return (
                made(f"{name}_time_kernel", self.mixtures, self.mixtures, start=drawn()),
                made(f"{name}_time_bias", self.mixtures),
                made(f"{name}_gamma", width, start="ones"),
                made(f"{name}_beta", width),
                made(f"{name}_kernel", width, width),
                made(f"{name}_bias", width),
            )

        cosines = cosine_basis(OBSERVED + PREDICTED)[: self.mixtures]
        seen = cosines[:, :OBSERVED].copy()
        seen[:, -1] += cosines[:, OBSERVED:].sum(axis=1)
        joints, points = len(self.kinematics.turning), len(self.kinematics.points)
        branch = _Branch(
            analysis=made("analysis_kernel", self.mixtures, OBSERVED),
            synthesis=made("synthesis_kernel", PREDICTED, self.mixtures),
            enter=made("enter_kernel", 6 * joints + 3 * points + 1, self.width, start=drawn()),
            enter_bias=made("enter_bias", self.width),
            body=[block(f"body{n}", self.width) for n in range(self.blocks)],
            leave=made("leave_kernel", self.width, 6 * joints),
            leave_bias=made("leave_bias", 6 * joints),
            enter_root=made("enter_root_kernel", ROOT_NUMBERS + 1, self.root_width, start=drawn()),
            enter_root_body=made("enter_root_body_kernel", self.width, self.root_width, start=drawn()),
            enter_root_bias=made("enter_root_bias", self.root_width),
            root=[block(f"root{n}", self.root_width) for n in range(self.root_blocks)],
            leave_root=made("leave_root_kernel", self.root_width, 9),
            leave_root_bias=made("leave_root_bias", 9),
        )
        branch.analysis.assign(seen)
        branch.synthesis.assign(cosines[:, OBSERVED:].T)
        return branch

    def call(
        self, turns: tf.Tensor, root: tf.Tensor, observed: tf.Tensor, training: bool = False
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Predict 25 frames after 50.

        Args:
            turns: ``(batch, 50, turning, 3, 3)`` rotations of the joints that turn.
            root: ``(batch, 50, 12)``, see `cs2s.motion.pose.RootFrame.seen`, from the newest frame.
            observed: ``(batch, 50, 1)``: 1 where a frame was observed, 0 where the first one is repeated instead.
            training: whether features are dropped.

        Returns:
            Rotations ``(batch, 25, turning, 3, 3)``; the root's turns ``(batch, 25, 3, 3)`` and its places
            ``(batch, 25, 3)``, metres, both seen from the newest observed frame.
        """
        batch, joints = tf.shape(turns)[0], turns.shape[2]
        first, second = (part[:, None] for part in self.rest_frames(turns[:, -1]))
        rows = tf.reshape(product(product(first, turns), second)[..., :2, :], (batch, OBSERVED, joints, 6))
        newest = rows[:, -1:]
        flat = [tf.reshape(part, (batch, OBSERVED, -1)) for part in (rows - newest, self.kinematics.positions(turns))]
        frames = tf.concat([*flat, observed], axis=-1)
        frames = tf.ensure_shape(frames, (None, OBSERVED, self.weights_of[0].enter.shape[0]))
        changed, gone = self._answers(frames, tf.concat([root, observed], axis=-1), training)
        changed = tf.reshape(changed, (batch, PREDICTED, joints, 6))
        predicted = product(product(transposed(first), orthonormal(newest + changed)), transposed(second))
        return predicted, orthonormal(gone[..., 3:] + tf.constant(_NOTHING, tf.float32)), gone[..., :3]

    def _answers(self, frames: tf.Tensor, root: tf.Tensor, training: bool) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the branches' mean answer; in training each one's to its own part of the windows, one after another.

        Args:
            frames: ``(batch, 50, numbers)`` seen of the body.
            root: ``(batch, 50, 13)`` seen of the root.
            training: whether features are dropped; then `branches` must divide the batch.

        Returns:
            Numbers ``(batch, 25, 6 * turning)`` of the body, ``(batch, 25, 9)`` of the root.
        """
        if not training:
            answers = [self._answer(branch, frames, root, training) for branch in self.weights_of]
            body, way = (tf.add_n(parts) / len(answers) for parts in zip(*answers, strict=True))
            return body, way
        bodies, roots = (tf.split(seen, self.branches) for seen in (frames, root))
        answers = [self._answer(*part, training) for part in zip(self.weights_of, bodies, roots, strict=True)]
        body, way = (tf.concat(said, axis=0) for said in zip(*answers, strict=True))
        return body, way

    def _answer(
        self, branch: _Branch, frames: tf.Tensor, root: tf.Tensor, training: bool
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Return what a branch says of windows; arguments and answers as those of `_answers`."""
        features = _entered(branch.analysis, frames, branch.enter, branch.enter_bias)
        for weights in branch.body:
            features = self._block(features, weights, training)
        way = _entered(branch.analysis, root, branch.enter_root, branch.enter_root_bias)
        way += over_columns(branch.enter_root_body, 0.0, tf.stop_gradient(features))
        for weights in branch.root:
            way = self._block(way, weights, training)
        return (
            _left(branch.synthesis, features, branch.leave, branch.leave_bias),
            _left(branch.synthesis, way, branch.leave_root, branch.leave_root_bias),
        )

    @cached_property
    def _traced(self) -> Callable[..., tuple[tf.Tensor, ...]]:
        # Traced once, for any number of windows, which is much faster than eager execution.
        joints = len(self.kinematics.turning)
        shapes = (None, OBSERVED, joints, 3, 3), (None, OBSERVED, ROOT_NUMBERS), (None, OBSERVED, 1)
        function = tf.function(lambda *seen: self(*seen))
        return function.get_concrete_function(*(tf.TensorSpec(shape, tf.float32) for shape in shapes))

    def predict(self, turns: np.ndarray, root: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, ...]:
        """Predict from NumPy's arrays and into such, float32; otherwise as `call`."""
        answers = self._traced(*(tf.constant(array, tf.float32) for array in (turns, root, observed)))
        return tuple(answer.numpy() for answer in answers)

    def _block(self, features: tf.Tensor, weights: _Block, training: bool) -> tf.Tensor:
        """Mix ``(mixtures, batch, features)`` over time, then over features."""
        time_kernel, time_bias, gamma, beta, kernel, bias = weights
        mixed = over_time(time_kernel, features) + time_bias[:, None, None]
        mixed -= tf.reduce_mean(mixed, axis=-1, keepdims=True)
        variance = tf.reduce_mean(mixed**2, axis=-1, keepdims=True)
        features += mixed * tf.math.rsqrt(variance + 1e-5) * gamma + beta
        bent = self.dropout(keras.activations.gelu(features, approximate=True), training=training)
        return features + over_columns(kernel, bias, bent)


def _entered(analysis: tf.Tensor, frames: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Make mixtures ``(mixtures, batch, features)`` of frames ``(batch, 50, numbers)``.

    Time comes first: a matrix that mixes it is then one product, for all features of all windows.
    """
    return over_columns(kernel, bias, over_time(analysis, tf.transpose(frames, (1, 0, 2))))


def _left(synthesis: tf.Tensor, features: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Make frames ``(batch, 25, numbers)`` of mixtures ``(mixtures, batch, features)``."""
    return tf.transpose(over_time(synthesis, over_columns(kernel, bias, features)), (1, 0, 2))
