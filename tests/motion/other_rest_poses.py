"""The same motion written on skeletons whose joints have other frames: what programs' rest poses differ in."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.motion.motion import Motion
from cs2s.motion.rotations import rotmat_to_expmap
from cs2s.motion.skeleton import Skeleton


def about(axis: str, degrees: float) -> np.ndarray:
    """Return the rotation for row vectors about an axis."""
    return Rotation.from_euler(axis, degrees, degrees=True).as_matrix().T


def reframed(motion: Motion, frames: Sequence[np.ndarray], world: np.ndarray | None = None) -> Motion:
    """Write a motion on a skeleton whose joints have other frames, and turn the world.

    Args:
        motion: with an absolute root.
        frames: for each joint the rotation ``(3, 3)`` of its new frame in its old one: the rows are the new axes.
        world: ``(3, 3)``, what turns all places.
    """
    world = np.eye(3) if world is None else world
    skeleton = motion.skeleton
    turned = np.stack(frames) @ skeleton.rotations_in_space(np.asarray(motion.expmaps, np.float64)) @ world
    expmaps, offsets = np.zeros((len(motion), len(skeleton.joints), 3)), skeleton.offsets.copy()
    for joint, parent in enumerate(skeleton.parents):
        above = turned[:, parent] if parent >= 0 else np.eye(3)
        expmaps[:, joint] = rotmat_to_expmap(turned[:, joint] @ np.swapaxes(above, -1, -2))
        if parent >= 0:
            offsets[joint] = skeleton.offsets[joint] @ frames[parent].T
    named = replace(skeleton, offsets=offsets, name="another file")
    return Motion.from_parts(motion.translation @ world, expmaps, named, motion.fps)


def as_is(skeleton: Skeleton) -> list[np.ndarray]:
    """Return frames that are those that the joints have."""
    return [np.eye(3)] * len(skeleton.joints)


def resting_as(skeleton: Skeleton, **turned: tuple[str, float]) -> list[np.ndarray]:
    """Return frames with which the rest pose is one in which joints are turned: name -> axis, degrees."""
    placed: list[np.ndarray] = []
    for name, parent in zip(skeleton.joints, skeleton.parents, strict=True):
        plain = name.rpartition(":")[2]
        own = about(*turned[plain]) if plain in turned else np.eye(3)
        placed.append(own @ (placed[parent] if parent >= 0 else np.eye(3)))
    return [place.T for place in placed]


def along_x(skeleton: Skeleton) -> list[np.ndarray]:
    """Return frames in which each joint's child lies along x, as LAFAN1 and MotionBuilder write it."""
    frames: list[np.ndarray] = []
    for joint, parent in enumerate(skeleton.parents):
        below = [offset for offset, above in zip(skeleton.offsets, skeleton.parents, strict=True) if above == joint]
        below = [offset for offset in below if offset.any()]
        if not below:
            frames.append(frames[parent] if parent >= 0 else np.eye(3))
            continue
        ahead = below[0] / np.linalg.norm(below[0]) if len(below) == 1 else np.array([0.0, 1.0, 0.0])
        across = np.eye(3)[2] if abs(ahead[2]) < 0.9 else np.eye(3)[1]
        across = across - (across @ ahead) * ahead
        across /= np.linalg.norm(across)
        frames.append(np.stack([ahead, np.cross(across, ahead), across]))
    return frames


def anyhow(skeleton: Skeleton, seed: int) -> list[np.ndarray]:
    """Return frames turned at random."""
    return list(Rotation.random(len(skeleton.joints), random_state=seed).as_matrix())


def twisted(skeleton: Skeleton, degrees: float) -> list[np.ndarray]:
    """Return frames of thighs, shanks and arms that are twisted about their bones, which no rest pose shows."""
    frames = as_is(skeleton)
    for joint, name in enumerate(skeleton.joints):
        if name.endswith(("UpLeg", "Leg", "Arm")):
            child = next(
                offset for offset, above in zip(skeleton.offsets, skeleton.parents, strict=True) if above == joint
            )
            frames[joint] = Rotation.from_rotvec(np.radians(degrees) * child / np.linalg.norm(child)).as_matrix()
    return frames
