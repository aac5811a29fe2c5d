"""Rotations and forward kinematics in TensorFlow, so that a network can see and be judged by where joints are.

The conventions are those of `cs2s.motion.rotations` and `cs2s.motion.skeleton`: matrices for row vectors, a joint's own
rotation first. Products of 3 by 3 matrices are written out, since TensorFlow's own are slow for such small ones.
Taught in ``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.networks.tensorflow import tf
from cs2s.networks.turning_joints import TurningJoints

__all__ = ["Kinematics", "euler_circles", "length", "orthonormal", "product", "rotation", "transposed", "turned"]

_LOCKED = 0.055
"""Cosine of the second Euler angle at which the circles of the others have shrunk to seven tenths."""


def product(first: tf.Tensor, then: tf.Tensor) -> tf.Tensor:
    """Multiply matrices ``(..., 3, 3)``: for row vectors, `first` turns and `then` turns the result."""
    return tf.add_n([first[..., :, k : k + 1] * then[..., k : k + 1, :] for k in range(3)])


def turned(vectors: tf.Tensor, rotations: tf.Tensor) -> tf.Tensor:
    """Turn row vectors ``(..., 3)`` by matrices ``(..., 3, 3)``."""
    return tf.add_n([vectors[..., k : k + 1] * rotations[..., k, :] for k in range(3)])


def transposed(matrices: tf.Tensor) -> tf.Tensor:
    """Transpose matrices ``(..., 3, 3)``: the inverse of rotations."""
    return tf.linalg.matrix_transpose(matrices)


def length(vectors: tf.Tensor) -> tf.Tensor:
    """Return the length of vectors ``(..., numbers)``; its gradient is finite at 0."""
    return tf.sqrt(tf.reduce_sum(vectors**2, axis=-1) + 1e-10)


def orthonormal(rows: tf.Tensor) -> tf.Tensor:
    """Make rotation matrices ``(..., 3, 3)`` of numbers ``(..., 6)``, their first two rows but for errors.

    Source: Gram and Schmidt; Zhou et al., "On the continuity of rotation representations in neural networks", 2019.
    """
    first, second = rows[..., :3], rows[..., 3:]
    first = first * tf.math.rsqrt(tf.reduce_sum(first**2, axis=-1, keepdims=True) + 1e-8)
    second = second - tf.reduce_sum(first * second, axis=-1, keepdims=True) * first
    second = second * tf.math.rsqrt(tf.reduce_sum(second**2, axis=-1, keepdims=True) + 1e-8)
    return tf.stack([first, second, _cross(first, second)], axis=-2)


def _cross(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Return the cross product of vectors ``(..., 3)``."""
    x, y, z = (a[..., i] * b[..., j] - a[..., j] * b[..., i] for i, j in ((1, 2), (2, 0), (0, 1)))
    return tf.stack([x, y, z], axis=-1)


def rotation(expmaps: tf.Tensor) -> tf.Tensor:
    """Make rotation matrices ``(..., 3, 3)`` of exponential maps ``(..., 3)``, radians; see `expmap_to_rotmat`."""
    squared = tf.reduce_sum(expmaps**2, axis=-1)[..., None, None] + 1e-12
    angle = tf.sqrt(squared)
    x, y, z = tf.unstack(expmaps, axis=-1)
    none = tf.zeros_like(x)
    skew = tf.stack([tf.stack(row, axis=-1) for row in ((none, -z, y), (z, none, -x), (-y, x, none))], axis=-2)
    return tf.eye(3) + tf.sin(angle) / angle * skew + (1 - tf.cos(angle)) / squared * product(skew, skew)


def euler_circles(rotations: tf.Tensor) -> tf.Tensor:
    """Return sines and cosines of the three Euler angles in which the benchmark measures, ``(..., 6)``.

    Distances of these grow as those of the angles, but neither leap from half a turn to minus half a turn nor, as the
    angles do, in gimbal lock: there the first and the third angle are not known, and their sines and cosines shrink.

    Args:
        rotations: ``(..., 3, 3)``.

    Source: `cs2s.motion.rotations.rotmat_to_euler`; the circles are ours.
    """

    def circle(sine: tf.Tensor, cosine: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        shorter = tf.math.rsqrt(sine**2 + cosine**2 + _LOCKED**2)
        return sine * shorter, cosine * shorter

    first = circle(rotations[..., 1, 2], rotations[..., 2, 2])
    third = circle(rotations[..., 0, 1], rotations[..., 0, 0])
    second = rotations[..., 0, 2], tf.sqrt(rotations[..., 0, 0] ** 2 + rotations[..., 0, 1] ** 2 + 1e-6)
    return tf.stack([*first, *second, *third], axis=-1)


class Kinematics(TurningJoints):
    """Where the joints of a skeleton are, seen from its root: the root stands at the origin, unturned."""

    def positions(self, rotations: tf.Tensor) -> tf.Tensor:
        """Return where the points are, ``(..., points, 3)``, metres, for rotations ``(..., turning, 3, 3)``."""
        lead = tf.shape(rotations)[:-3]
        # None stands for a rotation that changes nothing.
        space: list[tf.Tensor | None] = [None]
        places: list[tf.Tensor] = [tf.zeros(3)]
        for joint, parent in list(enumerate(self.skeleton.parents))[1:]:
            offset, above = self.offsets[joint], space[parent]
            bone = offset if above is None or not offset.any() else turned(offset, above)
            places.append(places[parent] + bone if offset.any() else places[parent])
            if joint in self.turning:
                own = rotations[..., self.turning.index(joint), :, :]
            elif np.allclose(self.still[joint], np.eye(3)):
                own = None
            else:
                own = tf.constant(self.still[joint])
            space.append(above if own is None else own if above is None else product(own, above))
        shape = tf.concat([lead, [3]], axis=0)
        return tf.stack([tf.broadcast_to(places[point], shape) for point in self.points], axis=-2)
