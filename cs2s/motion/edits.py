"""What if the past had been another one? Changes of a motion, to ask a predictor what it makes of them.

Each is a pure function from a motion to an equally long one at the same frame rate. Some change what happened
(`faster`, `turned_and_moved`, and `mirrored` of `cs2s.motion.mirror`), others only what was seen of it (`noisy`,
`frames_lost`, `at_rest`), and `held` and `bent` make up what nobody did. All work on one motion, rows
``(frames, columns)``, but for `faster` on batches too. Taught in ``notebooks/06_explore_predictions``.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import at_times
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import Skeleton

__all__ = [
    "LIMBS",
    "at_rest",
    "bent",
    "faster",
    "frames_lost",
    "held",
    "limb",
    "noisy",
    "shifted",
    "turned_and_moved",
]

LIMBS = {"left arm": "LeftArm", "right arm": "RightArm", "left leg": "LeftUpLeg", "right leg": "RightUpLeg"}
"""Limbs of a person, by the joints that they hang from."""


def _joint(skeleton: Skeleton, name: str) -> int:
    if name not in skeleton.joints:
        raise InputError(f"the {skeleton.name} skeleton has no joint {name!r}, but {', '.join(skeleton.joints)}.")
    return skeleton.joints.index(name)


def limb(skeleton: Skeleton, name: str) -> list[int]:
    """Return the joints of a limb: the one that it hangs from, and all below.

    Raises:
        InputError: if the name is none of `LIMBS`.
    """
    if name not in LIMBS:
        raise InputError(f"there is no limb {name!r}: choose one of {', '.join(LIMBS)}.")
    found = [_joint(skeleton, LIMBS[name])]
    for joint, parent in enumerate(skeleton.parents):
        if parent in found:
            found.append(joint)
    return found


def _with_joints(motion: Motion, joints: Sequence[int], expmaps: np.ndarray, first: int = 0) -> Motion:
    """Return a motion whose joints turn as ``(..., frames, joints, 3)`` says, from a frame on."""
    turned = motion.expmaps.copy()
    turned[..., first:, list(joints), :] = expmaps
    return replace(motion, rows=np.concatenate([motion.translation, turned.reshape(*turned.shape[:-2], -1)], axis=-1))


def held(motion: Motion, joint: str, first: int = 0) -> Motion:
    """Hold a joint: from a frame on it stays turned as it is there, while all others go on.

    Args:
        motion: any motion or batch.
        joint: its name.
        first: the frame.

    Raises:
        InputError: if there is no such joint or frame.
    """
    if not 0 <= first < len(motion):
        raise InputError(f"there is no frame {first}: frames are from 0 to {len(motion) - 1}.")
    number = _joint(motion.skeleton, joint)
    return _with_joints(motion, [number], motion.expmaps[..., first : first + 1, [number], :], first)


def bent(motion: Motion, joint: str, degrees: Sequence[float]) -> Motion:
    """Bend a joint further in every frame, about axes that turn with what hangs from it.

    Args:
        motion: any motion or batch.
        joint: its name.
        degrees: by how much, about x, y and z at once: a vector along the axis, as long as the angle.

    Raises:
        InputError: if there is no such joint.
    """
    number = _joint(motion.skeleton, joint)
    own = expmap_to_rotmat(motion.expmaps[..., [number], :].astype(np.float64))
    # Row vectors: what stands to the left turns first, and so in the limb's own axes. Files hold minus the vector.
    further = expmap_to_rotmat(-np.radians(np.asarray(degrees, np.float64)))
    return _with_joints(motion, [number], rotmat_to_expmap(further @ own))


def at_rest(motion: Motion, joints: Sequence[int], first: int = 0) -> Motion:
    """Lose joints from a frame on, as a tracker does that reports no turn where it sees nothing.

    Args:
        motion: any motion or batch.
        joints: their numbers; see `limb`.
        first: the frame.
    """
    return _with_joints(motion, joints, np.zeros(3, motion.rows.dtype), first)


def shifted(motion: Motion, frames: int) -> Motion:
    """Let everything happen so many frames later, or earlier if it is negative.

    What would have to come from before the first frame, or from after the last one, is that frame.
    """
    told = np.clip(np.arange(len(motion)) - frames, 0, len(motion) - 1)
    return replace(motion, rows=motion.rows[..., told, :])


def faster(motion: Motion, factor: float, about: int = 0) -> Motion:
    """Play a motion faster, or slower with a factor below 1: at the same frame rate, the person hurries.

    Args:
        motion: one motion, root absolute, or made so.
        factor: how many times as fast.
        about: the frame that stays. What would have to come from beyond the ends is the first or the last frame.

    Raises:
        InputError: if the factor is not positive.
    """
    if not (np.isfinite(factor) and factor > 0):
        raise InputError(f"nobody can be played {factor:g} times as fast: name a positive number.")
    frames = about + (np.arange(len(motion)) - about) * factor
    return at_times(motion, frames / motion.fps)


def noisy(motion: Motion, degrees: float, seed: int = 0) -> Motion:
    """Shake every joint that turns anywhere, in every frame anew: what a poor camera sees.

    Args:
        motion: any motion or batch.
        degrees: standard deviation of the turn about each of three axes.
        seed: of the noise.
    """
    turns = motion.expmaps.astype(np.float64)
    axes = tuple(range(turns.ndim - 2))
    moving = np.flatnonzero((np.ptp(turns, axis=axes) > 1e-6).any(axis=-1))
    noise = np.random.default_rng(seed).normal(0, np.radians(degrees), (*turns.shape[:-2], len(moving), 3))
    shaken = expmap_to_rotmat(noise) @ expmap_to_rotmat(turns[..., moving, :])
    return _with_joints(motion, moving.tolist(), rotmat_to_expmap(shaken))


def frames_lost(motion: Motion, share: float, seed: int = 0) -> Motion:
    """Lose frames here and there; in the place of each the last one is shown that was seen.

    Args:
        motion: any motion or batch; all of a batch lose the same frames.
        share: of the frames is lost, at random; never the first.
        seed: which.

    Raises:
        InputError: if the share is not from 0 to 1.
    """
    if not 0 <= share <= 1:
        raise InputError(f"a share of {share:g} of the frames cannot be lost: name a number from 0 to 1.")
    seen = np.random.default_rng(seed).random(len(motion)) >= share
    seen[0] = True
    last = np.maximum.accumulate(np.where(seen, np.arange(len(motion)), 0))
    return replace(motion, rows=motion.rows[..., last, :])


def turned_and_moved(motion: Motion, degrees: float = 0, metres: Sequence[float] = (0, 0), about: int = 0) -> Motion:
    """Turn a person about the vertical through where the hips are in one frame, then move them along the ground.

    Args:
        motion: any motion or batch; a relative root is made absolute.
        degrees: to the person's left, which is from z towards x.
        metres: along x and z.
        about: the frame.
    """
    motion = motion.in_world()
    rows = motion.rows.astype(np.float64)
    turn = expmap_to_rotmat(-np.radians(degrees) * np.array([0.0, 1, 0]))
    unit = motion.skeleton.unit_mm
    centre = rows[..., about : about + 1, :3] * [1.0, 0, 1]
    aside = np.array([metres[0], 0, metres[1]]) * 1000 / unit
    rows[..., :3] = (rows[..., :3] - centre) @ turn + centre + aside
    rows[..., 3:6] = rotmat_to_expmap(expmap_to_rotmat(rows[..., 3:6]) @ turn)
    return replace(motion, rows=rows)
