"""Feet that stand stay where they stand: the commonest fault that people see in made motion, mended.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from dataclasses import replace

import numpy as np

from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton

__all__ = ["feet_of", "standing"]

_BALL = "ToeBase"
_SLOW, _FAST = 800.0, 1600.0
"""Millimetres a second along the ground: slower than the first a foot surely stands, faster than the second not."""
_NEAR = 40.0
"""Millimetres above its lowest place up to which a foot surely is on the ground; at twice as many it surely is not."""
_BEFORE = 20


def feet_of(skeleton: Skeleton) -> tuple[int, ...]:
    """Return the joints that stay while a person stands: the balls of the feet; none where a skeleton has none."""
    return tuple(number for number, name in enumerate(skeleton.joints) if name.endswith(_BALL))


def standing(motion: Motion, first: int) -> Motion:
    """Move the root of predicted frames along the ground, so that the foot that stands does not slide.

    Which foot stands is told by the prediction itself: the one that is low and slow, the slower one of two. How far it
    would slide in a frame, times how surely it stands, is taken off the root's way from there on. Nothing turns, and
    nothing rises.

    Args:
        motion: rows ``(..., frames, columns)`` with an absolute root and y up: frames before, and predicted ones.
        first: the first predicted frame.

    Returns:
        The motion, its frames before `first` unchanged.

    Source: a simple relative of Kovar, Schreiner, Gleicher, "Footskate cleanup for motion capture editing", 2002.
    """
    feet = list(feet_of(motion.skeleton))
    if not feet or first < 1:
        return motion
    begin = max(first - _BEFORE, 0)
    places = motion[begin:].positions()[..., feet, :]
    height = places[..., 1]
    above = height - height.min(axis=-2, keepdims=True)
    steps = np.diff(places, axis=-3) * [1, 0, 1]
    speeds = np.linalg.norm(steps, axis=-1) * motion.fps
    sure = np.clip((_FAST - speeds) / (_FAST - _SLOW), 0, 1) * np.clip(2 - above[..., 1:, :] / _NEAR, 0, 1)
    # Of two that stand equally surely, the slower one.
    foot = np.argmax(sure - speeds * 1e-9, axis=-1)[..., None]
    slid = (np.take_along_axis(steps, foot[..., None], axis=-2) * np.take_along_axis(sure, foot, axis=-1)[..., None])[
        ..., 0, :
    ]
    rows = motion.rows.copy()
    rows[..., first:, :3] -= np.cumsum(slid[..., first - begin - 1 :, :], axis=-2) / motion.skeleton.unit_mm
    return replace(motion, rows=rows)
