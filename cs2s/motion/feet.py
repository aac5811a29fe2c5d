"""Feet that stand stay where they stand: the fault that people see first in made motion, mended.

Taught in ``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import Skeleton

__all__ = ["feet_of", "legs_of", "standing"]

_BALL = "ToeBase"
_SLOW, _FAST = 800.0, 1600.0
"""Millimetres a second along the ground: slower than the first a foot surely stands, faster than the second not."""
_NEAR = 40.0
"""Millimetres above its lowest place up to which a foot surely is on the ground; at twice as many it surely is not."""
_BEFORE = 20
"""Observed frames that say how low a foot comes."""
_OF_ROOT = 0.6
"""Share of a slide that the root makes up for; the leg does the rest."""
_BACK = 0.1
"""Seconds in which a leg returns to its predicted way once its foot is lifted."""
_FARTHEST = 150.0
"""Millimetres that a leg may be moved."""
_STRETCHED = 0.9995
"""Share of its length that a leg is stretched to at most."""


def feet_of(skeleton: Skeleton) -> tuple[int, ...]:
    """Return the joints that stay while a person stands: the balls of the feet; none where a skeleton has none."""
    return tuple(number for number, name in enumerate(skeleton.joints) if name.endswith(_BALL))


def legs_of(skeleton: Skeleton) -> tuple[int, ...]:
    """Return the joints of the legs: of all limbs that hang on the root and have a foot; none without feet."""
    limbs = [skeleton.below(joint) for joint, parent in enumerate(skeleton.parents) if parent == 0]
    feet = set(feet_of(skeleton))
    return tuple(sorted(joint for limb in limbs if feet & set(limb) for joint in limb))


def standing(motion: Motion, first: int) -> Motion:
    """Change predicted frames so that feet that stand do not slide.

    Which feet stand is told by the prediction itself: those that are low and slow. What they would slide along the
    ground, times how surely they stand, is made up for: a part by moving the root, the rest by bending the leg at hip
    and knee. A foot keeps its height and how it is turned in space. Once lifted, the leg returns to its predicted way.

    Args:
        motion: rows ``(..., frames, columns)`` with an absolute root and y up: frames before, and predicted ones.
        first: the first predicted frame.

    Returns:
        The motion, its frames before `first` unchanged.

    Source: Kovar, Schreiner, Gleicher, "Footskate cleanup for motion capture editing", 2002, much simplified.
    """
    feet = list(feet_of(motion.skeleton))
    if not feet or first < 1:
        return motion
    steps, sure = _steps_and_sureness(motion, feet, first)
    of_root = np.zeros((*steps.shape[:-2], 3))
    of_legs = np.zeros_like(steps)
    # Once a foot is lifted, each frame takes this share off what its leg was moved by.
    back = 1 - np.exp(-1 / (_BACK * motion.fps))
    root, legs = of_root[..., 0, :].copy(), of_legs[..., 0, :, :].copy()
    for frame in range(steps.shape[-3]):
        step, stands = steps[..., frame, :, :], sure[..., frame, :, None]
        surest = stands.max(axis=-2, keepdims=True)
        # Of feet that stand equally surely the mean, of one that stands alone its own.
        by_root = _OF_ROOT * surest * (stands * step).sum(axis=-2, keepdims=True)
        by_root /= np.maximum(stands.sum(axis=-2, keepdims=True), 1e-9)
        root -= by_root[..., 0, :]
        legs = legs * (1 - back * (1 - stands)) - stands * (step - by_root / np.maximum(surest, 1e-9))
        legs *= np.minimum(1, _FARTHEST / np.maximum(np.linalg.norm(legs, axis=-1, keepdims=True), 1e-9))
        of_root[..., frame, :], of_legs[..., frame, :, :] = root, legs
    predicted = motion[first:]
    translation = predicted.translation + of_root / motion.skeleton.unit_mm
    moved = Motion.from_parts(translation, predicted.expmaps, motion.skeleton, motion.fps, motion.root)
    return motion[:first].then(_with_legs_moved(moved, feet, of_legs))


def _steps_and_sureness(motion: Motion, feet: list[int], first: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how feet step along the ground to each predicted frame, and how surely they stand meanwhile.

    Returns:
        ``(..., predicted, feet, 3)``, millimetres, and ``(..., predicted, feet)``, from 0 to 1.
    """
    begin = max(first - _BEFORE, 0)
    places = motion[begin:].positions()[..., feet, :]
    above = places[..., 1] - places[..., 1].min(axis=-2, keepdims=True)
    steps = np.diff(places, axis=-3) * [1, 0, 1]
    speeds = np.linalg.norm(steps, axis=-1) * motion.fps
    sure = np.clip((_FAST - speeds) / (_FAST - _SLOW), 0, 1) * np.clip(2 - above[..., 1:, :] / _NEAR, 0, 1)
    return steps[..., first - begin - 1 :, :, :], sure[..., first - begin - 1 :, :]


def _with_legs_moved(motion: Motion, feet: list[int], by: np.ndarray) -> Motion:
    """Bend legs so that each foot moves by ``(..., frames, feet, 3)``, millimetres, turned in space as before.

    Source: the inverse kinematics of two bones, by the law of cosines.
    """
    skeleton, expmaps = motion.skeleton, motion.expmaps.copy()
    places, turns = motion.positions(), skeleton.rotations_in_space(motion.expmaps)
    for number, foot in enumerate(feet):
        ankle = skeleton.parents[foot]
        knee = skeleton.parents[ankle]
        hip = skeleton.parents[knee]
        at_hip, at_knee, at_ankle = (places[..., joint, :] for joint in (hip, knee, ankle))
        target = at_ankle + by[..., number, :]
        thigh, shin = (np.linalg.norm(bone, axis=-1) for bone in (at_knee - at_hip, at_ankle - at_knee))
        wanted = np.linalg.norm(target - at_hip, axis=-1)
        wanted = np.clip(wanted, 1.01 * np.abs(thigh - shin), _STRETCHED * (thigh + shin))
        up, down = _unit(at_hip - at_knee), _unit(at_ankle - at_knee)
        bent = np.arccos(np.clip((up * down).sum(axis=-1), -1, 1))
        to_be = np.arccos(np.clip((thigh**2 + shin**2 - wanted**2) / (2 * thigh * shin), -1, 1))
        # A straight knee bends forward: about the axis that points to the right.
        axis = _unit(np.cross(up, down) - 1e-3 * turns[..., 0, 0, :])
        bend = _rotation(axis, to_be - bent)
        reached = at_knee + ((at_ankle - at_knee)[..., None, :] @ bend)[..., 0, :]
        swing = _shortest(_unit(reached - at_hip), _unit(target - at_hip))
        at_thigh, at_shin = turns[..., hip, :, :] @ swing, turns[..., knee, :, :] @ bend @ swing
        above = turns[..., skeleton.parents[hip], :, :]
        for joint, turned, parent in (
            (hip, at_thigh, above),
            (knee, at_shin, at_thigh),
            (ankle, turns[..., ankle, :, :], at_shin),
        ):
            expmaps[..., joint, :] = rotmat_to_expmap(turned @ np.swapaxes(parent, -1, -2))
    return Motion.from_parts(motion.translation, expmaps, skeleton, motion.fps, motion.root)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _rotation(axis: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Return matrices that turn row vectors about unit axes ``(..., 3)`` by angles ``(...)``, right-handed."""
    return expmap_to_rotmat(-axis * angle[..., None])


def _shortest(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the smallest rotations that turn unit row vectors into others."""
    axis = np.cross(start, end)
    return _rotation(_unit(axis), np.arctan2(np.linalg.norm(axis, axis=-1), (start * end).sum(axis=-1)))
