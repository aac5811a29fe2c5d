"""What chapter 02 measures of rotations: knees, half turns, Euler angles of an even turn, errors near the root.

Rotation vectors here are the usual ones, for columns (``R @ x``). Taught in ``notebooks/02_exponential_maps``.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from cs2s.datasets.descriptions import TakeId
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_euler, rotmat_to_expmap

__all__ = [
    "arm_raise",
    "half_turn_errors",
    "knees_ahead",
    "largest_euler_step",
    "shifts_of",
    "steps_in_degrees",
]

_STEP = 3  # degrees that `arm_raise` turns from frame to frame
_ROLL = -30  # degrees that the arm of `arm_raise` is rolled about itself


def knees_ahead(motion: Motion) -> np.ndarray:
    """Return how far both knees are in front of the line from hip to ankle, ``(2, frames)``, left first, mm."""
    at = {name: motion.positions()[:, joint] for joint, name in enumerate(motion.skeleton.joints)}
    # Left times up is forward.
    ahead = np.cross(at["LeftUpLeg"] - at["RightUpLeg"], [0, 1, 0])
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    gaps = []
    for side in ("Left", "Right"):
        hip, knee, ankle = (at[side + part] for part in ("UpLeg", "Leg", "Foot"))
        down = (ankle - hip) / np.linalg.norm(ankle - hip, axis=-1, keepdims=True)
        # From hip to knee, less what goes along the line: how the knee lies off it.
        across = knee - hip - down * np.sum(down * (knee - hip), axis=-1, keepdims=True)
        gaps.append(np.sum(across * ahead, axis=-1))
    return np.array(gaps)


def half_turn_errors(
    back: Callable[[np.ndarray], np.ndarray], short: np.ndarray, axis: np.ndarray, dtype: type = np.float64
) -> np.ndarray:
    """Measure a way back from a matrix to a vector near half a turn.

    Args:
        back: the way back, ``(n, 3, 3)`` -> ``(n, 3)`` radians.
        short: ``(n,)``, by how many degrees each turn falls short of 180.
        axis: ``(3,)``, of length 1, about which all turn.
        dtype: the precision in which `back` computes.

    Returns:
        ``(n,)``: the angle between each rotation and what came back, degrees.
    """
    near = expmap_to_rotmat(np.radians(180 - short)[:, None] * axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        returned = expmap_to_rotmat(back(near.astype(dtype)).astype(np.float64))
        # What came back is undone: the turn that remains is the error.
        left = near @ np.swapaxes(returned, -1, -2)
        return np.degrees(np.linalg.norm(rotmat_to_expmap(left), axis=-1))


def arm_raise(second: float) -> np.ndarray:
    """Raise a straight right arm from below to above at a constant speed, past the direction straight ahead.

    Args:
        second: how large the second Euler angle becomes midway between the two middle frames, degrees; at 90 the arm
            passes exactly straight ahead.

    Returns:
        ``(40, 3, 3)`` rotation matrices for row vectors (``x @ R``), one per frame; from each frame to the next
        the arm turns by 3 degrees about one and the same axis.
    """
    turned = np.radians(float(second))
    # Half way up the arm points to the right and ahead; at rest it points to the right, along -x. It is rolled a
    # little about itself, which only keeps the curves of the first and the third angle apart.
    halfway = expmap_to_rotmat(np.array([0, turned, 0])) @ expmap_to_rotmat(np.radians([_ROLL, 0, 0]))
    axis = np.cross([-np.cos(turned), 0, np.sin(turned)], [0, 1, 0])
    angles = np.radians(_STEP) * (np.arange(40) - 19.5)
    return np.swapaxes(expmap_to_rotmat(angles[:, None] * axis) @ halfway, -1, -2)


def steps_in_degrees(rotmats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Measure the steps from frame to frame: as rotations, and as the paper's evaluation would.

    Args:
        rotmats: ``(frames, 3, 3)``.

    Returns:
        Two arrays ``(frames - 1,)``, degrees: the true angle of each step, and the length of the change of the three
        Euler angles.
    """
    true = np.linalg.norm(rotmat_to_expmap(rotmats[1:] @ np.swapaxes(rotmats[:-1], -1, -2)), axis=-1)
    euler = np.linalg.norm(np.diff(rotmat_to_euler(rotmats), axis=0), axis=-1)
    return np.degrees(true), np.degrees(euler)


def largest_euler_step(motions: Mapping[TakeId, Motion], below: float = 5) -> tuple[float, float, str, str]:
    """Find the joint whose Euler angles change most from a row to the next while it truly turns little, hips left out.

    Args:
        motions: takes and their rows; the first row of each, which is no motion in the CMU files, is left out.
        below: only steps that truly are smaller count, degrees.

    Returns:
        The change of the three Euler angles and the true angle, degrees, the action and the joint.
    """
    found = []
    for take, motion in motions.items():
        rotmats = expmap_to_rotmat(motion[1:].expmaps.astype(np.float64))
        for joint, name in list(enumerate(motion.skeleton.joints))[1:]:
            true, euler = steps_in_degrees(rotmats[:, joint])
            small = np.flatnonzero(true < below)
            if len(small):
                at = small[euler[small].argmax()]
                found.append((float(euler[at]), float(true[at]), take.action, name))
    return max(found)


def shifts_of(motion: Motion, names: Sequence[str], tip: str, degrees: float) -> dict[str, float]:
    """Turn one joint at a time by one and the same angle, in every frame, and measure how far a tip moves.

    Args:
        motion: whose joints they are.
        names: which joints are turned, each by itself.
        tip: the joint that is watched.
        degrees: by how much each is turned, about x.

    Returns:
        Joint -> how far the tip moves, mm, averaged over the frames.
    """
    joints, skeleton = motion.skeleton.joints, motion.skeleton
    watched, shifts = joints.index(tip), {}
    rotmats = expmap_to_rotmat(motion.expmaps.astype(np.float64))
    for name in names:
        spoilt = rotmats.copy()
        spoilt[:, joints.index(name)] @= expmap_to_rotmat(np.radians([degrees, 0.0, 0.0]))
        moved = skeleton.forward_kinematics(rotmat_to_expmap(spoilt), motion.translation.astype(np.float64))
        shift = np.linalg.norm(moved[:, watched] - motion.positions()[:, watched], axis=-1)
        shifts[name] = float(shift.mean())
    return shifts
