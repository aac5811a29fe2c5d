"""The single small model once more, in NumPy: it predicts where TensorFlow is not installed, and cannot be trained.

What it computes, and why, is told by `cs2s.networks.pose_mlp.PoseMlp`. The page on which a browser predicts
(``cs2s/pictures/pose_mlp.js``) does the same in the same order. Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Sequence

import numpy as np

from cs2s.datasets.descriptions import OBSERVED, PREDICTED
from cs2s.motion.pose import ROOT_NUMBERS
from cs2s.networks.turning_joints import TurningJoints

__all__ = ["PlainPoseMlp"]

_BLOCK = 6
"""Arrays of one block."""
_OTHERS = "the weights are not those of a PoseMlp of these joints"
_TINY = 1e-8
"""Under roots by which lengths are divided."""
_MOST = 256
"""Windows computed at a time: more would not be faster, and need much memory."""


class PlainPoseMlp:
    """A trained `PoseMlp`, without Keras.

    Args:
        kinematics: which joints turn, and where they are.
        weights: of the trained network, in order of creation.
        branches: how many branches it has.

    Raises:
        ValueError: if the weights are not those of a `PoseMlp` of these joints.
    """

    def __init__(self, kinematics: TurningJoints, weights: Sequence[np.ndarray], branches: int = 1) -> None:
        self.kinematics, self._bones = kinematics, kinematics.bones
        of_each, more = divmod(len(weights), branches)
        if more:
            raise ValueError(_OTHERS)
        parts = [weights[n : n + of_each] for n in range(0, len(weights), of_each)]
        self._branches = [_Branch(kinematics, part) for part in parts]

    def predict(self, turns: np.ndarray, root: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, ...]:
        """Predict 25 frames after 50; see `cs2s.networks.pose_mlp.PoseMlp.call`, whose arguments and answers these are.

        Returns:
            Rotations ``(batch, 25, turning, 3, 3)``; the root's turns ``(batch, 25, 3, 3)`` and its places
            ``(batch, 25, 3)``, metres, float32.
        """
        seen = [np.asarray(part, np.float32) for part in (turns, root, observed)]
        parts = [self._some(*(part[n : n + _MOST] for part in seen)) for n in range(0, max(1, len(turns)), _MOST)]
        return tuple(np.concatenate(answers) for answers in zip(*parts, strict=True))

    def _some(self, turns: np.ndarray, root: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, ...]:
        batch, joints = len(turns), len(self.kinematics.turning)
        first, second = (part[:, None] for part in self._rest_frames(turns[:, -1]))
        rows = (first @ turns @ second)[..., :2, :].reshape(batch, OBSERVED, joints, 6)
        newest = rows[:, -1:]
        flat = [part.reshape(batch, OBSERVED, -1) for part in (rows - newest, self.positions(turns))]
        frames, root = np.concatenate([*flat, observed], axis=-1), np.concatenate([root, observed], axis=-1)
        answers = [branch.answer(frames, root) for branch in self._branches]
        changed, gone = (np.mean(part, axis=0) for part in zip(*answers, strict=True))
        rows = newest + changed.reshape(batch, PREDICTED, joints, 6)
        predicted = np.swapaxes(first, -1, -2) @ _orthonormal(rows) @ np.swapaxes(second, -1, -2)
        return predicted, _orthonormal(gone[..., 3:] + np.eye(3, dtype=np.float32)[:2].ravel()), gone[..., :3]

    def _rest_frames(self, newest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Choose rest frames by newest rotations ``(batch, turning, 3, 3)``; see `cs2s.networks.rest_frames`."""
        own, undone = (np.broadcast_to(np.eye(3, dtype=np.float32), newest.shape).copy() for _ in range(2))
        for joint, (bone, above) in enumerate(zip(self._bones, self.kinematics.above, strict=True)):
            if above is not None:
                undone[:, joint] = np.swapaxes(own[:, above], -1, -2)
            if bone is None:
                continue
            apart = newest[:, joint] @ undone[:, joint] @ self.kinematics.means[joint].T
            own[:, joint] = _nearest_twist(apart, bone) if bone.any() else np.swapaxes(apart, -1, -2)
        return own, undone

    def positions(self, rotations: np.ndarray) -> np.ndarray:
        """Return where the points are, ``(..., points, 3)``, metres, for rotations ``(..., turning, 3, 3)``."""
        joints = self.kinematics
        space = [np.eye(3, dtype=np.float32)]
        places = [np.zeros((*rotations.shape[:-3], 3), np.float32)]
        for joint, parent in list(enumerate(joints.skeleton.parents))[1:]:
            turns = joint in joints.turning
            own = rotations[..., joints.turning.index(joint), :, :] if turns else joints.still[joint]
            places.append(places[parent] + joints.offsets[joint] @ space[parent])
            space.append(own @ space[parent])
        return np.stack([places[point] for point in joints.points], axis=-2)


class _Branch:
    """One branch of a `PoseMlp`.

    Args:
        kinematics: see `PlainPoseMlp`.
        weights: of the branch, in order of creation.

    Raises:
        ValueError: if the weights are not those of a branch of these joints.
    """

    def __init__(self, kinematics: TurningJoints, weights: Sequence[np.ndarray]) -> None:
        left = [np.asarray(weight, np.float32) for weight in weights]
        joints, points = len(kinematics.turning), len(kinematics.points)
        leave = next((n for n, w in enumerate(left) if w.ndim == 2 and w.shape[1] == 6 * joints), 0)
        body, root = (leave - 4, len(left) - leave - 7) if leave else (1, 1)
        if body % _BLOCK or root % _BLOCK or min(body, root) < 0 or left[2].shape[0] != 6 * joints + 3 * points + 1:
            raise ValueError(_OTHERS)
        self._analysis, self._synthesis, self._enter, self._enter_bias, *left = left
        self._body, left = _blocks(left[:body]), left[body:]
        self._leave, self._leave_bias, self._enter_root, self._enter_root_body, self._enter_root_bias, *left = left
        self._root, (self._leave_root, self._leave_root_bias) = _blocks(left[:-2]), left[-2:]
        if self._enter_root.shape[0] != ROOT_NUMBERS + 1 or self._leave_root.shape[1] != 9:
            raise ValueError(_OTHERS)

    def answer(self, frames: np.ndarray, root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what the branch says of windows: numbers ``(batch, 25, 6 * turning)`` and ``(batch, 25, 9)``.

        Args:
            frames: ``(batch, 50, numbers)`` seen of the body.
            root: ``(batch, 50, 13)`` seen of the root.
        """
        features = self._entered(frames, self._enter) + self._enter_bias
        for weights in self._body:
            features = _block(features, weights)
        way = self._entered(root, self._enter_root) + self._enter_root_bias + features @ self._enter_root_body
        for weights in self._root:
            way = _block(way, weights)
        return (
            self._left(features, self._leave, self._leave_bias),
            self._left(way, self._leave_root, self._leave_root_bias),
        )

    def _entered(self, frames: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        """Make mixtures ``(mixtures, batch, features)`` of frames ``(batch, 50, numbers)``."""
        return _over_time(self._analysis, np.swapaxes(frames, 0, 1)) @ kernel

    def _left(self, features: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
        """Make frames ``(batch, 25, numbers)`` of mixtures ``(mixtures, batch, features)``."""
        return np.swapaxes(_over_time(self._synthesis, features @ kernel + bias), 0, 1)


def _blocks(weights: Sequence[np.ndarray]) -> list[Sequence[np.ndarray]]:
    return [weights[n : n + _BLOCK] for n in range(0, len(weights), _BLOCK)]


def _over_time(matrix: np.ndarray, motion: np.ndarray) -> np.ndarray:
    """Multiply the first axis of ``(time, batch, features)`` by a matrix, as one product, which is faster than many."""
    return (matrix @ motion.reshape(len(motion), -1)).reshape(-1, *motion.shape[1:])


def _block(features: np.ndarray, weights: Sequence[np.ndarray]) -> np.ndarray:
    """Mix ``(mixtures, batch, features)`` over time, then over features."""
    time_kernel, time_bias, gamma, beta, kernel, bias = weights
    mixed = _over_time(time_kernel, features) + time_bias[:, None, None]
    mixed -= mixed.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.mean(mixed**2, axis=-1, keepdims=True) + np.float32(1e-5))
    features = features + mixed / spread * gamma + beta
    # The usual approximation of x times the share of a normal distribution below x. A power of 3 is slow in NumPy.
    cubed = features * features * features
    bent = 0.5 * features * (1 + np.tanh(np.float32(np.sqrt(2 / np.pi)) * (features + np.float32(0.044715) * cubed)))
    return features + (bent.reshape(-1, len(kernel)) @ kernel).reshape(features.shape) + bias


def _orthonormal(rows: np.ndarray) -> np.ndarray:
    """Make rotation matrices ``(..., 3, 3)`` of numbers ``(..., 6)``, their first two rows but for errors."""
    first, second = rows[..., :3], rows[..., 3:]
    first = first / np.sqrt(np.sum(first**2, axis=-1, keepdims=True) + np.float32(_TINY))
    second = second - np.sum(first * second, axis=-1, keepdims=True) * first
    second = second / np.sqrt(np.sum(second**2, axis=-1, keepdims=True) + np.float32(_TINY))
    return np.stack([first, second, np.cross(first, second)], axis=-2)


def _nearest_twist(rotation: np.ndarray, bone: np.ndarray) -> np.ndarray:
    """Return the rotations about a bone ``(3,)`` that best undo rotations ``(batch, 3, 3)``."""
    x, y, z = bone
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], np.float32)
    outer = np.outer(bone, bone)
    cosine = np.trace(rotation, axis1=-2, axis2=-1) - np.sum(outer * rotation, axis=(-1, -2))
    sine = np.sum(skew.T * rotation, axis=(-1, -2))
    longer = np.sqrt(cosine**2 + sine**2 + np.float32(_TINY))
    cosine, sine = (cosine / longer)[:, None, None], (sine / longer)[:, None, None]
    return cosine * np.eye(3, dtype=np.float32) + (1 - cosine) * outer + sine * skew
