"""Which way a person looks, and turning a person about the vertical: for predictors that see where and whither.

The models of the paper, and our earlier ones, see the root in space, and most people of their training walk along one
line. To those a person who looks elsewhere is a stranger. Taught in ``notebooks/08_your_own_motion``.
"""

from dataclasses import replace

import numpy as np

from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU

__all__ = ["heading", "looking_along", "standing_at"]

_LEFT_WEIGHT = 2.0
"""How much more the direction from right to left says of the heading than the direction of the chest."""


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def heading(motion: Motion) -> np.ndarray:
    """Return the angle by which a person in each frame is turned about the vertical, away from looking along z.

    Hips and shoulders tell where left is, and with the spine where the chest points; both are seen from above. So the
    heading of one who lies is told by the left, on the side by the chest, and head over heels it is still that of the
    left. No rule is steady in every pose (the directions of a body cannot be combed); this one is undecided where one
    hangs head down and leans by 60 degrees to a side.

    Args:
        motion: on the CMU skeleton, root absolute, rows ``(..., frames, columns)``.

    Returns:
        ``(..., frames)``, radians, positive from z towards x.
    """
    places = motion.positions()
    at = {name: places[..., CMU.joints.index(name), :] for name in ("LeftUpLeg", "RightUpLeg", "LeftArm", "RightArm")}
    left = _unit(_unit(at["LeftUpLeg"] - at["RightUpLeg"]) + _unit(at["LeftArm"] - at["RightArm"]))
    spine = at["LeftArm"] + at["RightArm"] - at["LeftUpLeg"] - at["RightUpLeg"]
    chest = _unit(np.cross(left, spine))
    # Looking along z, left is x and the chest points along z.
    along_z = _LEFT_WEIGHT * left[..., 0] + chest[..., 2]
    along_x = -_LEFT_WEIGHT * left[..., 2] + chest[..., 0]
    return np.arctan2(along_x, along_z)


def looking_along(motion: Motion, angles: np.ndarray) -> Motion:
    """Turn each motion of a batch about the vertical through the origin.

    Args:
        motion: root absolute, rows ``(..., frames, columns)``.
        angles: ``(...)``, radians, positive from z towards x; one for each motion.
    """
    turn = expmap_to_rotmat(-np.asarray(angles, np.float64)[..., None, None] * [0.0, 1, 0])
    rows = motion.rows.astype(np.float64)
    rows[..., :3] = rows[..., :3] @ turn[..., 0, :, :]
    rows[..., 3:6] = rotmat_to_expmap(expmap_to_rotmat(rows[..., 3:6]) @ turn)
    return replace(motion, rows=rows)


def standing_at(motion: Motion, places: np.ndarray) -> Motion:
    """Move each motion of a batch along the ground, such that what was at a place ``(..., 3)`` is at the origin."""
    rows = motion.rows.astype(np.float64)
    rows[..., :3] -= np.asarray(places)[..., None, :] * [1.0, 0, 1]
    return replace(motion, rows=rows)
