"""Bringing a motion to another frame rate.

Between two frames a joint turns at constant speed along the shortest way (slerp), and the root goes straight on.
Taught in ``notebooks/08_your_own_motion``.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.motion.limits import FPS, check_size
from cs2s.motion.motion import Motion

__all__ = ["at_times", "resample"]


def resample(motion: Motion, fps: float, keep: Literal["first", "last"] = "first") -> Motion:
    """Return a motion at another frame rate.

    Where the rate is a whole part of the old one, every second (third, ...) frame is taken as it is: the paper's
    halving. Nothing is smoothed before, so shaking faster than half the new rate folds into slower shaking.

    Args:
        motion: at any frame rate.
        fps: frames a second of the result, between 0.1 and 10000.
        keep: which frame of the motion stays as it is, the first or the last; the result counts from there.

    Returns:
        The motion at `fps`, no longer than before. A relative root has been made absolute unless frames are just
        left out.

    Raises:
        InputError: if the rate makes no sense or the result would not fit into memory.

    Source: Shoemake, "Animating rotation with quaternion curves", SIGGRAPH 1985.
    """
    if not FPS[0] <= fps <= FPS[1]:
        raise InputError(f"{fps:g} frames a second make no sense: name between 0.1 and 10000.")
    step = round(motion.fps / fps)
    # But for rounding: a millionth too fast is a frame too many after a million.
    if step >= 1 and abs(motion.fps / fps - step) < 1e-9 * step:
        first = (len(motion) - 1) % step if keep == "last" and len(motion) else 0
        return replace(motion, rows=motion.rows[first::step], fps=float(fps))
    if len(motion) < 2:
        return replace(motion, fps=float(fps))
    motion = motion.in_world()
    last = (len(motion) - 1) / motion.fps
    count = int(np.floor(last * fps + 1e-9)) + 1
    check_size(count, len(motion.skeleton.joints), motion.skeleton.name)
    times = np.arange(count) / fps
    if keep == "last":
        times += last - times[-1]
    return replace(at_times(motion, times), fps=float(fps))


def at_times(motion: Motion, times: np.ndarray) -> Motion:
    """Return the poses of one motion at other times than its frames, between which joints turn at constant speed.

    Args:
        motion: rows ``(frames, columns)``; a relative root is made absolute.
        times: ``(poses,)``, seconds from the first frame; before it and after the last one that frame stays.

    Returns:
        A motion of so many frames. Its frame rate is still that of `motion`.
    """
    motion = motion.in_world()
    if len(motion) < 2:
        return replace(motion, rows=np.repeat(motion.rows, len(times), axis=0))
    told = np.arange(len(motion)) / motion.fps
    times = np.clip(times, 0, told[-1])
    place = np.stack([np.interp(times, told, along) for along in motion.translation.T], axis=-1)
    before = np.minimum(np.searchsorted(told, times, side="right") - 1, len(told) - 2)
    share = (times - told[before]) / (told[before + 1] - told[before])
    expmaps = np.asarray(motion.expmaps, np.float64)
    start, end = (Rotation.from_rotvec(expmaps[frames].reshape(-1, 3)) for frames in (before, before + 1))
    steps = (start.inv() * end).as_rotvec() * np.repeat(share, expmaps.shape[1])[:, None]
    turned = (start * Rotation.from_rotvec(steps)).as_rotvec().reshape(len(times), -1, 3)
    return Motion.from_parts(place, turned, motion.skeleton, motion.fps, motion.root)
