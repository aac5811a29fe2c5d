"""More motion from the same recordings: what a mirror shows.

Taught in ``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.motion.motion import Motion
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


def mirrored(motion: Motion) -> Motion:
    """Return a motion as a mirror shows it: left arms swing as right ones did, a step to the left is one to the right.

    The bones of its skeleton should be about equally long on both sides. Numbers keep their type.
    """
    turned = motion.expmaps[..., mirrored_joints(motion.skeleton), :] * _TURN.astype(motion.rows.dtype)
    place = motion.translation * _PLACE.astype(motion.rows.dtype)
    return Motion.from_parts(place, turned, motion.skeleton, motion.fps, motion.root)
