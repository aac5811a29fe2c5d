"""Which way a bone is turned while it is "unturned": a convention of each file, which a prediction should not hang on.

Taught in ``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.networks.kinematics import Kinematics, product, transposed
from cs2s.networks.tensorflow import tf

__all__ = ["RestFrames"]


class RestFrames:
    """Redefines what "unturned" means for each joint, such that no joint moves and the newest frame is a usual one.

    A thigh may be twisted about itself by any constant angle if the shin is twisted back by as much: every joint stays
    where it is, and only the numbers change. Files differ in such angles, by their makers' conventions, up to half a
    turn. So each joint that carries one bone is twisted about it until its newest rotation is as near as can be to its
    mean in training; one that carries none may be turned any way, and takes that mean; one that carries several stays.
    What is computed from such rotations is the same for all conventions.

    Args:
        kinematics: which joints turn; the rotations of all others, and the means of those that turn.

    Source: ours; the twist is that of the swing-twist decomposition.
    """

    def __init__(self, kinematics: Kinematics) -> None:
        self._above = kinematics.above
        self._usual = kinematics.means
        self._bones = kinematics.bones

    def __call__(self, newest: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Choose rest frames by newest rotations ``(batch, turning, 3, 3)``.

        Returns:
            Two rotations for each joint, ``(batch, turning, 3, 3)`` each: ``first @ rotation @ second`` is the joint's
            rotation in the new frames. The second undoes what is done to the joint above.
        """
        unturned = tf.broadcast_to(tf.eye(3), tf.shape(newest[:, 0]))
        own: list[tf.Tensor] = []
        undone: list[tf.Tensor] = []
        for joint, (bone, above) in enumerate(zip(self._bones, self._above, strict=True)):
            undone.append(unturned if above is None else transposed(own[above]))
            if bone is None:
                own.append(unturned)
                continue
            usual = transposed(tf.constant(self._usual[joint]))
            apart = product(product(newest[:, joint], undone[-1]), tf.broadcast_to(usual, tf.shape(unturned)))
            own.append(_nearest_twist(apart, bone) if bone.any() else transposed(apart))
        return tf.stack(own, axis=1), tf.stack(undone, axis=1)


def _nearest_twist(rotation: tf.Tensor, bone: np.ndarray) -> tf.Tensor:
    """Return the rotations about a bone ``(3,)`` that best undo rotations ``(batch, 3, 3)``.

    With the angle t, the trace of ``twist @ rotation``, which is to be largest, is a sine and a cosine of t.
    """
    x, y, z = bone
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], np.float32)
    outer = np.outer(bone, bone)
    cosine = tf.linalg.trace(rotation) - tf.reduce_sum(outer * rotation, axis=(-1, -2))
    sine = tf.reduce_sum(skew.T * rotation, axis=(-1, -2))
    shorter = tf.math.rsqrt(cosine**2 + sine**2 + 1e-8)
    cosine, sine = (cosine * shorter)[:, None, None], (sine * shorter)[:, None, None]
    return cosine * np.eye(3, dtype=np.float32) + (1 - cosine) * outer + sine * skew
