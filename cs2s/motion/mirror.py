"""More motion from the same recordings: what a mirror shows.

Taught in ``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.motion.skeleton import Skeleton

__all__ = ["mirrored", "mirrored_joints"]

# A mirror in the plane x = 0 turns the direction of x around. Turning about x looks the same in it, turning about y
# or z goes the other way round.
_PLACE = np.array([-1, 1, 1])
_TURN = np.array([1, -1, -1])


def mirrored_joints(skeleton: Skeleton) -> list[int]:
    """Return for each joint the index of the one on the other side of the body; of itself in the middle.

    Told by the names: ``LeftArm`` and ``RightArm``, ``LHipJoint`` and ``RHipJoint``.
    """
    others = {"left": ("Left", "Right", "L", "R"), "right": ("Right", "Left", "R", "L")}
    found = []
    for joint, name in enumerate(skeleton.joints):
        if skeleton.side(joint) == "middle":
            found.append(joint)
            continue
        word, other_word, letter, other_letter = others[skeleton.side(joint)]
        there, instead = (word, other_word) if name.startswith(word) else (letter, other_letter)
        found.append(skeleton.joints.index(instead + name.removeprefix(there)))
    return found


def mirrored(rows: np.ndarray, skeleton: Skeleton) -> np.ndarray:
    """Return motion as a mirror shows it: left arms swing as right ones did, a step to the left is one to the right.

    Args:
        rows: ``(..., 3 + 3 * joints)``, root translation and exponential maps, radians.
        skeleton: the joints of the rows; its bones should be about equally long on both sides.

    Returns:
        Rows of the same shape and type.
    """
    rows = np.asarray(rows)
    joints = rows[..., 3:].reshape(*rows.shape[:-1], -1, 3)
    turned = joints[..., mirrored_joints(skeleton), :] * _TURN.astype(rows.dtype)
    place = rows[..., :3] * _PLACE.astype(rows.dtype)
    return np.concatenate([place, turned.reshape(*rows.shape[:-1], -1)], axis=-1)
