"""Putting a motion onto the CMU skeleton of 38 joints, joint by joint, by name.

What is assumed: the file's y axis points up, and its rest pose (all rotations zero) stands upright and looks along z.
Where the rest pose has the limbs as the CMU skeleton has them (legs 20 degrees apart, arms straight out), rotations are
taken over as they are, so that files of the CMU database give the rows of the benchmark. Where it has not, each bone is
turned so that it points in space where the file's bone points; the twist about the bone is the smallest.
Only rotations and the root's way are taken: the figure keeps the CMU skeleton's bone lengths.
Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.joint_names import find_scheme
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU, Skeleton

__all__ = ["RetargetReport", "retarget"]

# Without these no figure comes about.
_NEEDED = ("Hips", *(side + joint for side in ("Left", "Right") for joint in ("UpLeg", "Leg", "Arm", "ForeArm")))

# Each bone that is turned with its own direction: the joint, and where it points to (the first that is matched).
_MIDDLE = {
    "LowerBack": ("Spine", "Spine1", "Neck", "Head"),
    "Spine": ("Spine1", "Neck", "Neck1", "Head"),
    "Spine1": ("Neck1", "Head"),
    "Neck": ("Neck1", "Head"),
    "Neck1": ("Head",),
}
_SIDED = {"UpLeg": "Leg", "Leg": "Foot", "Foot": "ToeBase", "Shoulder": "Arm", "Arm": "ForeArm", "ForeArm": "Hand"}
_POINTS_TO = _MIDDLE | {side + a: (side + b,) for side in ("Left", "Right") for a, b in _SIDED.items()}

# All skeletons of the CMU database have these bones in the very same directions, whoever was recorded.
_TELLING = tuple(side + bone for side in ("Left", "Right") for bone in ("UpLeg", "Leg", "Arm", "ForeArm"))
_SAME_REST_DEGREES = 5.0


@dataclass(frozen=True)
class RetargetReport:
    """What became of a file's joints.

    Attributes:
        scheme: the naming scheme that was recognised, see `cs2s.motion.joint_names.SCHEMES`.
        matched: CMU joint -> the file's joint.
        missing: CMU joints that nothing in the file matches: they do not turn.
        unused: the file's joints that match none: what they add goes into the next matched joint above the hand or
            foot, or is lost beyond it. Ends of bones are not listed.
        rest_degrees: the largest angle between a limb's direction in the two rest poses.
        turned: whether bones were turned to make up for that.
    """

    scheme: str
    matched: dict[str, str]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    rest_degrees: float
    turned: bool

    def __str__(self) -> str:
        """Tell it in a few lines for people."""
        joints = len(CMU.joints) - len(CMU.end_sites)
        lines = [f"joint names as in {self.scheme}: {len(self.matched)} of the {joints} CMU joints found"]
        if self.missing:
            lines.append(f"not in the file, do not turn: {', '.join(self.missing)}")
        if self.unused:
            listed = ", ".join(self.unused[:12]) + (f" and {len(self.unused) - 12} more" * (len(self.unused) > 12))
            lines.append(f"not in the CMU skeleton, left out: {listed}")
        if self.turned:
            lines.append(
                f"rest pose differs by up to {self.rest_degrees:.0f} degrees: bones turned to point as in the file"
            )
        return "\n".join(lines)


def retarget(motion: Motion, *, names: Mapping[str, str] | None = None) -> tuple[Motion, RetargetReport]:
    """Put a motion onto the CMU skeleton.

    Args:
        motion: on any skeleton whose joints bear the names of one of `cs2s.motion.joint_names.SCHEMES`.
        names: CMU joint -> the file's joint, for names of no scheme.

    Returns:
        The motion on `cs2s.motion.skeleton.CMU`, root absolute and in its unit of length, and what became of the
        joints. A motion that is on that skeleton already keeps its rows.

    Raises:
        InputError: if joints that every figure needs are not found, or the rest pose does not stand upright along y
            and look along z.
    """
    motion = motion.in_world()
    source = motion.skeleton
    scheme, matched = find_scheme(source.joints, names)
    if lacking := [joint for joint in _NEEDED if joint not in matched]:
        raise InputError(
            f"the joints of {source.name} are named as in no scheme known here (nearest: {scheme}, without "
            f"{', '.join(lacking)}); say which they are by --names FILE, a text of lines like '{lacking[0]} "
            f"{next((j for j in source.joints if j not in matched.values()), source.joints[0])}'."
        )
    where = {joint: source.joints.index(name) for joint, name in matched.items()}
    rest = source.rest
    _check_upright(source, rest, where)
    directions = _directions(rest, where)
    degrees = max((_angle(*directions[bone]) for bone in _TELLING if bone in directions), default=0.0)
    turned = degrees > _SAME_REST_DEGREES
    ends = {source.joints[joint] for joint in source.end_sites}
    report = RetargetReport(
        scheme,
        matched,
        tuple(j for n, j in enumerate(CMU.joints) if j not in matched and n not in CMU.end_sites),
        tuple(j for j in source.joints if j not in matched.values() and j not in ends),
        degrees,
        turned,
    )
    scale = source.unit_mm / CMU.unit_mm
    if source.joints == CMU.joints and source.parents == CMU.parents and not turned:
        if scale == 1:
            return replace(motion, skeleton=CMU), report
        return Motion.from_parts(motion.translation * scale, motion.expmaps, CMU, motion.fps), report
    if source.parents[where["Hips"]] < 0:
        place = motion.translation * scale
    else:
        # Such a root stays on the ground, or is the whole scene's: the way is that of the joint itself.
        place = motion.positions()[:, where["Hips"]] / CMU.unit_mm
    expmaps = _expmaps(motion, where, directions if turned else {})
    return Motion.from_parts(place, expmaps, CMU, motion.fps), report


def _check_upright(source: Skeleton, rest: np.ndarray, where: dict[str, int]) -> None:
    head = next(where[joint] for joint in ("Head", "Neck", "LeftArm") if joint in where)
    up = rest[head] - (rest[where["LeftLeg"]] + rest[where["RightLeg"]]) / 2
    left = rest[where["LeftUpLeg"]] - rest[where["RightUpLeg"]]
    for vector, axis, what in ((up, 1, "stand upright along y"), (left, 0, "look along z (its left at positive x)")):
        if not vector[axis] > 0.7 * np.linalg.norm(vector):
            raise InputError(
                f"the rest pose of {source.name} does not {what}, which is assumed here; turn the skeleton in the "
                "program that wrote it, for instance by exporting with y up and forward along z."
            )


def _directions(rest: np.ndarray, where: dict[str, int]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return for each matched bone where it points at rest on the CMU skeleton and in the file, unit vectors."""
    cmu = CMU.rest
    directions = {}
    for joint, ahead in _POINTS_TO.items():
        following = next((other for other in ahead if other in where), None)
        if joint in where and following is not None:
            ours = cmu[CMU.joints.index(following)] - cmu[CMU.joints.index(joint)]
            theirs = rest[where[following]] - rest[where[joint]]
            if ours.any() and theirs.any():
                directions[joint] = ours / np.linalg.norm(ours), theirs / np.linalg.norm(theirs)
    return directions


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    """Return the angle between two unit vectors in degrees."""
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))


def _turn(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the smallest rotation matrix with ``a @ R == b`` for unit vectors."""
    axis, angle = np.cross(a, b), np.radians(_angle(a, b))
    if not axis.any():
        # Equal or opposite: about any axis at a right angle.
        axis = np.cross(a, np.eye(3)[np.argmin(np.abs(a))])
    # Minus, because `expmap_to_rotmat` of a rotation vector turns columns, and these are rows.
    return expmap_to_rotmat(-angle * axis / np.linalg.norm(axis))


def _expmaps(motion: Motion, where: dict[str, int], directions: dict[str, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return exponential maps on the CMU skeleton, ``(frames, joints, 3)``: in space joints turn as the file's.

    Where `directions` of rest poses are given, the CMU bone is first turned into the direction of the file's bone.
    Joints between or beyond those (hands, toes) are turned like the one above them.
    """
    in_space = motion.skeleton.rotations_in_space(motion.expmaps)
    expmaps = np.zeros((len(motion), len(CMU.joints), 3))
    placed: list[np.ndarray] = []
    turns: list[np.ndarray] = []
    for joint, (name, parent) in enumerate(zip(CMU.joints, CMU.parents, strict=True)):
        above = placed[parent] if parent >= 0 else np.eye(3)
        turns.append(_turn(*directions[name]) if name in directions else turns[parent] if parent >= 0 else np.eye(3))
        if name not in where:
            placed.append(above)
            continue
        placed.append(turns[joint] @ in_space[:, where[name]])
        expmaps[:, joint] = rotmat_to_expmap(placed[joint] @ np.swapaxes(above, -1, -2))
    return expmaps
