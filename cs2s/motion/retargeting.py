"""Putting a motion onto the CMU skeleton of 38 joints, joint by joint, by name; and the way back.

First the file is turned so that y points up (`cs2s.motion.orientation`). Where its rest pose has the limbs as the CMU
skeleton has them (legs 20 degrees apart, arms straight out), rotations are taken over as they are, so that files of the
CMU database give the rows of the benchmark. Where it has not, each bone is turned so that it points in space where the
file's bone points (`cs2s.motion.rest_poses`).
Only rotations and the root's way are taken: the figure keeps the CMU skeleton's bone lengths. So that its feet stand
where the file's stand, the way is as much longer as its legs are (`cs2s.motion.footing`), but for the bodies of the CMU
database, whose rows are the benchmark's. Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.footing import Footing
from cs2s.motion.joint_names import find_scheme, with_hips
from cs2s.motion.motion import Motion
from cs2s.motion.orientation import Orientation, orientation
from cs2s.motion.rest_poses import BoneTurns, bone_turns, end_of_bone
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU, Skeleton
from cs2s.motion.way_back import WayBack

__all__ = ["RetargetReport", "retarget"]

# Without these no figure comes about.
_NEEDED = ("Hips", *(side + joint for side in ("Left", "Right") for joint in ("UpLeg", "Leg", "Arm", "ForeArm")))

_OF_THE_DATABASE = ("CMU BVH", "ASF")
_USUAL_LEGS = (0.8, 1.25)
"""Between these are the legs of the CMU skeleton divided by those of people in the database."""
_ANYONES_LEGS = (0.4, 2.5)
"""The same of anyone; beyond, the file's unit of length is not what it is taken for."""
_FINGERS = ("thumb", "index", "middle", "ring", "pinky", "little", "finger", "meta")


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
        back: the way from the CMU skeleton back to the file's own.
        up: the file's axis that is up.
        of_frames: whether where bones point was read off the frames, as the rest pose is none of a person.
        twisted: CMU joints whose twist about their bone was told by the frames.
        longer: how many times longer the way became.
        notes: sentences about what was doubtful.
    """

    scheme: str
    matched: dict[str, str]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    rest_degrees: float
    turned: bool
    back: WayBack = field(repr=False)
    up: str = "y"
    of_frames: bool = False
    twisted: tuple[str, ...] = ()
    longer: float = 1.0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Tell it in a few lines for people."""
        joints = len(CMU.joints) - len(CMU.end_sites)
        lines = [f"joint names as in {self.scheme}: {len(self.matched)} of the {joints} CMU joints found"]
        if self.missing:
            lines.append(f"not in the file, do not turn: {_listed(self.missing)}")
        if self.unused:
            lines.append(f"not in the CMU skeleton, left out: {_listed(self.unused)}")
        if self.of_frames:
            lines.append("rest pose is none of a person: where bones point was read off the frames")
        elif self.turned and self.rest_degrees >= 1:
            lines.append(
                f"rest pose differs by up to {self.rest_degrees:.0f} degrees: bones turned to point as in the file"
            )
        if self.twisted and not self.of_frames:
            lines.append(
                f"twist about the bone as knees and elbows bend, not as in the rest pose: {_listed(self.twisted)}"
            )
        if abs(self.longer - 1) >= 0.005:
            lines.append(f"legs {1 / self.longer:.2f} times as long as the CMU skeleton's: way times {self.longer:.2f}")
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def _listed(joints: tuple[str, ...]) -> str:
    """List joints in short: fingers are counted, and of others the first few are named."""
    fingers = [joint for joint in joints if any(word in joint.lower() for word in _FINGERS)]
    others = [joint for joint in joints if joint not in fingers]
    told = others[:6]
    if len(others) > len(told):
        told.append(f"{len(others) - len(told)} more")
    if fingers:
        told.append(fingers[0] if len(fingers) == 1 else f"{len(fingers)} finger joints")
    return ", ".join(told)


def retarget(
    motion: Motion, *, names: Mapping[str, str] | None = None, up: str | None = None, forward: str | None = None
) -> tuple[Motion, RetargetReport]:
    """Put a motion onto the CMU skeleton.

    Args:
        motion: on any skeleton whose joints bear the names of one of `cs2s.motion.joint_names.SCHEMES`.
        names: CMU joint -> the file's joint, for names of no scheme.
        up: the file's axis that is up, such as ``z`` or ``-y``; if None it is judged from the frames.
        forward: the file's axis that becomes z; if None as `cs2s.motion.orientation.orientation` says.

    Returns:
        The motion on `cs2s.motion.skeleton.CMU`, root absolute and in its unit of length, and what became of the
        joints. A motion that is on that skeleton already keeps its rows.

    Raises:
        InputError: if joints that every figure needs are not found, or it cannot be told which way is up.
    """
    motion = motion.in_world()
    source = motion.skeleton
    scheme, matched = find_scheme(source.joints, names)
    matched = with_hips(matched, source.joints, source.parents)
    if lacking := [joint for joint in _NEEDED if joint not in matched]:
        raise InputError(
            f"the joints of {source.name} are named as in no scheme known here (nearest: {scheme}, without "
            f"{', '.join(lacking)}); say which they are by --names FILE, a text of lines like '{lacking[0]} "
            f"{next((j for j in source.joints if j not in matched.values()), source.joints[0])}'."
        )
    where = {joint: source.joints.index(name) for joint, name in matched.items()}
    same_joints = source.joints == CMU.joints and source.parents == CMU.parents
    if same_joints and not (up or forward) and np.allclose(source.offsets, CMU.offsets, atol=0.01):
        # It is that skeleton: nothing is to be judged.
        stands, bones = Orientation("y", np.eye(3)), BoneTurns(np.tile(np.eye(3), (len(CMU.joints), 1, 1)), 0.0, True)
        as_is, upright = True, motion
    else:
        stands = orientation(motion, where, up, forward)
        as_is = bool((stands.turn == np.eye(3)).all())
        upright = motion if as_is else _turned(motion, stands.turn)
        bones = bone_turns(upright, where)
    taken_over = as_is and bones.same
    expmaps = motion.expmaps if taken_over and same_joints else _expmaps(upright, where, bones.turns)
    legs = _legs_ratio(source, where)
    hips = where["Hips"]
    of_database = taken_over and scheme in _OF_THE_DATABASE and _USUAL_LEGS[0] < legs < _USUAL_LEGS[1]
    if of_database or not _ANYONES_LEGS[0] < legs < _ANYONES_LEGS[1]:
        footing = Footing(hips=hips)
        # A root above the hips stays on the ground, or is the whole scene's: the way is that of the hips themselves.
        way = upright.translation * source.unit_mm if source.parents[hips] < 0 else upright.positions()[:, hips]
    else:
        footing, way = Footing.of(upright, expmaps, legs, hips, _standing_points(source, where))
    if taken_over and same_joints and source.unit_mm == CMU.unit_mm and not footing.feet:
        done = replace(motion, skeleton=CMU)
    else:
        done = Motion.from_parts(way / CMU.unit_mm, expmaps, CMU, motion.fps)
    ends = {source.joints[joint] for joint in source.end_sites}
    report = RetargetReport(
        scheme,
        matched,
        tuple(j for n, j in enumerate(CMU.joints) if j not in matched and n not in CMU.end_sites),
        tuple(j for j in source.joints if j not in matched.values() and j not in ends),
        bones.degrees,
        not bones.same,
        WayBack(motion[-1:], done[-1:], where, stands.turn, bones.turns, footing),
        stands.up,
        bones.of_frames,
        bones.twisted,
        footing.longer,
        (stands.note,) if stands.note else (),
    )
    return done, report


def _turned(motion: Motion, turn: np.ndarray) -> Motion:
    """Return a motion turned in space, with a root that turns and moves accordingly."""
    expmaps = np.asarray(motion.expmaps, np.float64).copy()
    root, source = motion.skeleton.parents.index(-1), motion.skeleton
    expmaps[:, root] = rotmat_to_expmap(expmap_to_rotmat(expmaps[:, root]) @ turn)
    origin = source.offsets[root] / source.unit_mm
    return Motion.from_parts((motion.translation + origin) @ turn - origin, expmaps, source, motion.fps)


def _legs_ratio(source: Skeleton, where: Mapping[str, int]) -> float:
    """Return how long the CMU skeleton's legs are, in those of the file's: thighs and shanks; 1 where it has none."""
    ours = theirs = 0.0
    for side in ("Left", "Right"):
        knee, ankle = where[side + "Leg"], end_of_bone(source, where, side + "Leg")
        for name, joint in (("Leg", knee), ("Foot", ankle)):
            if joint is not None:
                ours += float(np.linalg.norm(CMU.offsets[CMU.joints.index(side + name)]))
                theirs += float(np.linalg.norm(source.offsets[joint]))
    return ours / theirs if theirs > 0 else 1.0


def _standing_points(source: Skeleton, where: Mapping[str, int]) -> dict[str, int]:
    """Return CMU joint -> the file's joint or end of a bone of what stands on the ground: balls of feet, or ankles."""
    points = {}
    for side in ("Left", "Right"):
        for bone, end in (("Foot", "ToeBase"), ("Leg", "Foot")):
            joint = end_of_bone(source, where, side + bone)
            if joint is not None:
                points[side + end] = joint
                break
    return points


def _expmaps(motion: Motion, where: Mapping[str, int], turns: np.ndarray) -> np.ndarray:
    """Return exponential maps on the CMU skeleton, ``(frames, joints, 3)``: in space joints turn as the file's.

    Args:
        motion: on the file's skeleton, y up.
        where: CMU joint -> index of the file's joint.
        turns: ``(joints, 3, 3)``, how each CMU bone is first turned into the direction of the file's bone.
    """
    in_space = motion.skeleton.rotations_in_space(motion.expmaps)
    expmaps = np.zeros((len(motion), len(CMU.joints), 3))
    placed: list[np.ndarray] = []
    for joint, (name, parent) in enumerate(zip(CMU.joints, CMU.parents, strict=True)):
        above = placed[parent] if parent >= 0 else np.eye(3)
        if name not in where:
            placed.append(above)
            continue
        placed.append(turns[joint] @ in_space[:, where[name]])
        expmaps[:, joint] = rotmat_to_expmap(placed[joint] @ np.swapaxes(above, -1, -2))
    return expmaps
