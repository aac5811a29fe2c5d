"""How the CMU skeleton's bones lie in a file's joints: the constant turn between two rest poses, bone by bone.

Where the file's rest pose is that of a person, each bone is turned by the smallest angle to point where the file's bone
points at rest. Where it is not (all bones along x, frames of joints turned anyhow), where bones point is read off the
frames. A direction leaves the twist about the bone open. Of thigh and upper arm it is told by the axis about which
knee and elbow bend, of the trunk by where the shoulders are; others are not twisted, in the mean of the frames.
Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.pose import nearest_rotation
from cs2s.motion.rotations import expmap_to_rotmat
from cs2s.motion.skeleton import CMU, Skeleton

__all__ = ["BoneTurns", "angle", "bone_turns", "end_of_bone"]

# Each bone that is turned with its own direction: the joint, and where it points to (the first that is matched).
_MIDDLE = {
    "LowerBack": ("Spine", "Spine1", "Neck", "Head"),
    "Spine": ("Spine1", "Neck", "Neck1", "Head"),
    "Spine1": ("Neck1", "Head"),
    "Neck": ("Neck1", "Head"),
    "Neck1": ("Head",),
}
_SIDED = {
    "UpLeg": "Leg",
    "Leg": "Foot",
    "Foot": "ToeBase",
    "ToeBase": "ToeBaseEnd",
    "Shoulder": "Arm",
    "Arm": "ForeArm",
    "ForeArm": "Hand",
}
_POINTS_TO = _MIDDLE | {side + a: (side + b,) for side in ("Left", "Right") for a, b in _SIDED.items()}

# All skeletons of the CMU database have these bones in the very same directions, whoever was recorded.
_TELLING = tuple(side + bone for side in ("Left", "Right") for bone in ("UpLeg", "Leg", "Arm", "ForeArm"))
_SAME_REST_DEGREES = 5.0
_A_PERSONS_DEGREES = {"UpLeg": 60.0, "Leg": 60.0, "Arm": 100.0, "ForeArm": 100.0}
"""How far limbs of a rest pose that is a person's may point from where those of CMU point: arms may hang, or be up."""

_BENDS_ABOUT = {
    "LeftUpLeg": (0.9397, 0.3420, 0.0),
    "RightUpLeg": (0.9397, -0.3420, 0.0),
    "LeftArm": (0.0, -0.9833, 0.1819),
    "RightArm": (0.0, 0.9833, -0.1819),
}
"""Axes about which knees and elbows of the CMU skeleton bend, at rest: from the bone above crossed with the one below.
Measured in the benchmark's files, where they are the same to within a degree: the joints have one axis there."""
_BENT = np.sin(np.radians(20))
_ONE_AXIS = 0.8
"""How long the mean of a joint's bending axes must be, as a share: else they tell no twist."""
_TWISTED_DEGREES = {"UpLeg": 45.0, "Arm": 45.0, "Leg": 60.0, "ForeArm": 80.0}
"""By how much bones of a person's rest pose must be twisted for the frames to be believed instead."""
_LIMBS = (("UpLeg", "Leg", "Foot", "ToeBase"), ("Arm", "ForeArm", "Hand"))
_MOST_FRAMES = 1000


@dataclass(frozen=True, eq=False)
class BoneTurns:
    """The constant turns between the CMU skeleton's joints and a file's.

    Attributes:
        turns: ``(joints, 3, 3)``, for row vectors: what points somewhere in the rest pose of a CMU joint points where
            it is multiplied to in the frame of the file's joint.
        degrees: the largest angle between a limb's directions in the two rest poses.
        same: whether the two rest poses are about the same, so that nothing is turned.
        of_frames: whether the rest pose was none of a person, and directions were read off the frames.
        twisted: CMU joints whose twist about their bone was told by the frames.
    """

    turns: np.ndarray
    degrees: float
    same: bool
    of_frames: bool = False
    twisted: tuple[str, ...] = ()


def angle(a: np.ndarray, b: np.ndarray) -> float:
    """Return the angle between two vectors in degrees."""
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))


def bone_turns(motion: Motion, where: Mapping[str, int]) -> BoneTurns:
    """Tell how the CMU skeleton's bones lie in a file's joints.

    Args:
        motion: on the file's skeleton, root absolute, y up; its rest pose may lie anyhow.
        where: CMU joint -> index of the file's joint.

    Raises:
        InputError: if left and right are one.
    """
    facing, directions = _facing(motion.skeleton.rest, where), _directions(motion.skeleton, where)
    degrees = {
        bone: angle(directions[bone][0] @ (np.eye(3) if facing is None else facing), directions[bone][1])
        for bone in _TELLING
        if bone in directions
    }
    most = max(degrees.values(), default=0.0)
    posed = _Posed(motion, where)
    if facing is None or any(degrees[bone] > _A_PERSONS_DEGREES[_kind(bone)] for bone in degrees):
        return BoneTurns(*posed.turns(), degrees=most, same=False, of_frames=True)
    same = most <= _SAME_REST_DEGREES
    found: dict[str, np.ndarray] = {}
    for name, parent in zip(CMU.joints, CMU.parents, strict=True):
        above = found[CMU.joints[parent]] if parent >= 0 else facing
        ours, theirs = directions.get(name, (None, None))
        found[name] = above if same or ours is None or theirs is None else facing @ _turn(ours @ facing, theirs)
    twisted = posed.untwist(found, directions, only_beyond=_TWISTED_DEGREES)
    as_is = same and not twisted and bool((facing == np.eye(3)).all())
    return BoneTurns(np.stack(list(found.values())), most, as_is, twisted=twisted)


def _kind(bone: str) -> str:
    return bone.removeprefix("Left").removeprefix("Right")


def _facing(rest: np.ndarray, where: Mapping[str, int]) -> np.ndarray | None:
    """Return how the rest pose of CMU is turned to stand and look as a file's, by whole right angles; None if it can't.

    Returns:
        ``(3, 3)`` for row vectors.
    """
    head = next(where[joint] for joint in ("Head", "Neck", "LeftArm") if joint in where)
    up = rest[head] - (rest[where["LeftLeg"]] + rest[where["RightLeg"]]) / 2
    left = np.sum([rest[where["Left" + joint]] - rest[where["Right" + joint]] for joint in ("UpLeg", "Arm")], axis=0)
    rows = []
    for vector in (left, up):
        along = np.eye(3)[np.argmax(abs(vector))] * np.sign(vector[np.argmax(abs(vector))])
        if not along @ vector > 0.7 * np.linalg.norm(vector):
            return None
        rows.append(along)
    if rows[0] @ rows[1]:
        return None
    return np.stack([*rows, np.cross(rows[0], rows[1])])


def end_of_bone(skeleton: Skeleton, where: Mapping[str, int], joint: str) -> int | None:
    """Return where the bone of a matched CMU joint ends in a file: a matched joint, or an end of a bone; or None."""
    if joint not in where:
        return None
    following = next((where[other] for other in _POINTS_TO.get(joint, ()) if other in where), None)
    if following is None and joint not in _MIDDLE:
        ends = [end for end in skeleton.end_sites if skeleton.parents[end] == where[joint]]
        following = ends[0] if len(ends) == 1 and skeleton.offsets[ends[0]].any() else None
    return following


def _ahead(skeleton: Skeleton, where: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Return for each matched bone where it points to: a CMU joint, and the file's joint or end of a bone."""
    ahead = {}
    for joint, following in _POINTS_TO.items():
        end = end_of_bone(skeleton, where, joint)
        if end is not None:
            ahead[joint] = next((other for other in following if other in where), following[0]), end
    return ahead


def _directions(skeleton: Skeleton, where: Mapping[str, int]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return for each matched bone where it points at rest on the CMU skeleton and in the file, unit vectors."""
    cmu, rest = CMU.rest, skeleton.rest
    directions = {}
    for joint, (following, end) in _ahead(skeleton, where).items():
        ours = cmu[CMU.joints.index(following)] - cmu[CMU.joints.index(joint)]
        theirs = rest[end] - rest[where[joint]]
        if ours.any() and theirs.any():
            directions[joint] = _unit(ours), _unit(theirs)
    return directions


class _Posed:
    """A file's joints in its frames, of which as many are looked at as are needed.

    Args:
        motion: on the file's skeleton, root absolute, y up.
        where: CMU joint -> index of the file's joint.
    """

    def __init__(self, motion: Motion, where: Mapping[str, int]) -> None:
        motion = motion[:: max(1, len(motion) // _MOST_FRAMES)]
        self._motion, self._where = motion, where
        self._in_space = motion.skeleton.rotations_in_space(motion.expmaps)
        self._places = motion.positions()

    def turns(self) -> tuple[np.ndarray]:
        """Return the constant turns ``(joints, 3, 3)`` of all CMU joints, without asking the rest pose."""
        ahead, cmu = _ahead(self._motion.skeleton, self._where), CMU.rest
        directions = {}
        for joint, (following, end) in ahead.items():
            ours = cmu[CMU.joints.index(following)] - cmu[CMU.joints.index(joint)]
            theirs = self._seen_from(joint, end, self._where[joint])
            if ours.any() and theirs.any():
                directions[joint] = _unit(ours), _unit(theirs)
        found: dict[str, np.ndarray] = {}
        for name, parent in zip(CMU.joints, CMU.parents, strict=True):
            above = CMU.joints[parent] if parent >= 0 else ""
            if name == "Hips":
                found[name] = self._of_hips()
            elif name not in self._where:
                found[name] = found[above]
            elif name in directions and name == self._chest():
                found[name] = self._of_chest(directions[name])
            elif name in directions:
                found[name] = self._least_twisted(name, _turn(*directions[name]), directions[name][1], found)
            else:
                found[name] = nearest_rotation(np.swapaxes(self._relative(name, found), -1, -2))
        self.untwist(found, directions, only_beyond=dict.fromkeys(_TWISTED_DEGREES, 0.0))
        return (np.stack(list(found.values())),)

    def untwist(
        self,
        found: dict[str, np.ndarray],
        directions: Mapping[str, tuple[np.ndarray, np.ndarray]],
        only_beyond: Mapping[str, float],
    ) -> tuple[str, ...]:
        """Twist limbs so that knees and elbows bend about the axes that they have, and what hangs on them follows.

        Args:
            found: CMU joint -> constant turn; changed in place.
            directions: of bones, on the CMU skeleton and in the frame of the file's joint.
            only_beyond: kind of bone -> degrees: a smaller twist is left as it is.

        Returns:
            The joints that were twisted.
        """
        twisted: list[str] = []
        for side, limb in ((side, limb) for side in ("Left", "Right") for limb in _LIMBS):
            above = False
            for kind in limb:
                name = side + kind
                if name not in self._where:
                    continue
                if name not in directions:
                    if above:
                        found[name] = nearest_rotation(np.swapaxes(self._relative(name, found), -1, -2))
                    continue
                about = directions[name][1]
                if kind == limb[0]:
                    by = self._twist_of_bending(name, side + limb[1], about, found[name])
                else:
                    to_be = self._least_twisted(name, found[name], about, found)
                    by = _twist(np.swapaxes(found[name], -1, -2) @ to_be, about)
                beyond = 0.0 if above else only_beyond.get(kind, 180.0)
                if by is not None and abs(np.degrees(by)) > beyond:
                    found[name] = found[name] @ _about(about, by)
                    twisted.append(name)
                    above = True
        return tuple(twisted)

    def _seen_from(self, joint: str, end: int, start: int) -> np.ndarray:
        """Return the mean over the frames of the way from one joint to another in the frame of a third, ``(3,)``."""
        way = self._places[:, end] - self._places[:, start]
        return np.einsum("ti,tji->tj", way, self._in_space[:, self._where[joint]]).mean(axis=0)

    def _of_hips(self) -> np.ndarray:
        """Turn the hips so that hip joints and trunk are where they are in the file."""
        where, cmu = self._where, dict(zip(CMU.joints, CMU.rest, strict=True))
        theirs_left = self._seen_from("Hips", where["LeftUpLeg"], where["RightUpLeg"])
        if not theirs_left.any():
            theirs_left = self._seen_from("Hips", where["LeftArm"], where["RightArm"])
        if not theirs_left.any():
            raise InputError(
                f"left and right legs and arms start at one place in {self._motion.skeleton.name}: which way the "
                "person looks cannot be told."
            )
        ups = []
        for trunk in (("Spine",), ("Spine1",), ("Neck",), ("Neck1",), ("Head",), ("LeftArm", "RightArm")):
            if all(name in where for name in trunk):
                theirs_up = np.sum([self._seen_from("Hips", where[name], where["Hips"]) for name in trunk], axis=0)
                ups.append((np.sum([cmu[name] for name in trunk], axis=0), theirs_up))
        # A joint that stands where the hips do tells nothing.
        ours_up, theirs_up = next(
            (up for up in ups if np.linalg.norm(up[1]) > 0.1 * np.linalg.norm(theirs_left)), ups[-1]
        )
        ours = _frame(cmu["LeftUpLeg"] - cmu["RightUpLeg"], ours_up)
        theirs = _frame(theirs_left, theirs_up)
        turn = ours.T @ theirs
        straight = _right_angles(turn)
        # Spines leave the hips at other angles in other skeletons, but all hips are alike on both sides.
        return straight if angle(turn[0], straight[0]) < 5 and angle(turn[1], straight[1]) < 35 else turn

    def _chest(self) -> str:
        """Return the last matched joint of the trunk."""
        return [name for name in ("Hips", "LowerBack", "Spine", "Spine1") if name in self._where][-1]

    def _of_chest(self, direction: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Turn the chest so that it points up as in the file and its left is where the left shoulder is."""
        joints = [CMU.joints.index(side + "Arm") for side in ("Left", "Right")]
        ours = CMU.rest[joints[0]] - CMU.rest[joints[1]]
        theirs = self._seen_from(self._chest(), self._where["LeftArm"], self._where["RightArm"])
        return _upright_frame(ours, direction[0]).T @ _upright_frame(theirs, direction[1])

    def _relative(self, name: str, found: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the sum over the frames of a file's joint in the frame of the CMU joint above, ``(3, 3)``."""
        above = CMU.parents[CMU.joints.index(name)]
        while CMU.joints[above] not in self._where:
            above = CMU.parents[above]
        parent = CMU.joints[above]
        placed = found[parent] @ self._in_space[:, self._where[parent]]
        return (self._in_space[:, self._where[name]] @ np.swapaxes(placed, -1, -2)).sum(axis=0)

    def _least_twisted(
        self, name: str, turn: np.ndarray, about: np.ndarray, found: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """Twist a turn about a direction so that the joint, over all frames, turns least against that above."""
        # Largest for no turn is the trace of `turn @ twist @ relative`: a sine and a cosine of the twist's angle.
        product = self._relative(name, found) @ turn
        fixed = about @ product @ about
        cosine = np.trace(product) - fixed
        sine = np.trace(_about(about, np.pi / 2) @ product) - fixed
        return turn @ _about(about, float(np.arctan2(sine, cosine)))

    def _twist_of_bending(self, name: str, below: str, about: np.ndarray, turn: np.ndarray) -> float | None:
        """Return by how much a bone is to be twisted so that the joint at its end bends about the axis it has.

        Returns:
            Radians; None where it bends too little to tell, or about many axes.
        """
        ahead = _ahead(self._motion.skeleton, self._where)
        if name not in ahead or below not in ahead:
            return None
        start, middle, end = self._where[name], ahead[name][1], ahead[below][1]
        upper, lower = (
            bone / np.maximum(np.linalg.norm(bone, axis=-1, keepdims=True), 1e-9)
            for bone in (
                self._places[:, middle] - self._places[:, start],
                self._places[:, end] - self._places[:, middle],
            )
        )
        axes = np.einsum("ti,tji->tj", np.cross(upper, lower), self._in_space[:, start])
        sizes = np.linalg.norm(axes, axis=-1)
        axes = axes[sizes > _BENT]
        if not len(axes) or np.linalg.norm(axes.sum(axis=0)) < _ONE_AXIS * sizes[sizes > _BENT].sum():
            return None
        theirs, ours = axes.sum(axis=0), np.array(_BENDS_ABOUT[name]) @ turn
        return float(np.arctan2(np.cross(ours, theirs) @ about, ours @ theirs - (ours @ about) * (theirs @ about)))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _frame(left: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Return the rotation whose rows are left, up and ahead, going by `left` where they are not at right angles."""
    left = _unit(left)
    up = _unit(up - (up @ left) * left)
    return np.stack([left, up, np.cross(left, up)])


def _upright_frame(left: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Return the same, going by `up`."""
    up = _unit(up)
    left = _unit(left - (left @ up) * up)
    return np.stack([left, up, np.cross(left, up)])


def _right_angles(turn: np.ndarray) -> np.ndarray:
    """Return the rotation by whole right angles that is nearest to one, going by its first two rows."""
    rows: list[np.ndarray] = []
    for row in turn[:2]:
        free = abs(row) * (1 - abs(np.sum(rows, axis=0))) if rows else abs(row)
        rows.append(np.eye(3)[np.argmax(free)] * np.sign(row[np.argmax(free)]))
    return np.stack([*rows, np.cross(rows[0], rows[1])])


def _about(direction: np.ndarray, by: float) -> np.ndarray:
    """Return the rotation for row vectors about a unit vector by an angle in radians."""
    # Minus, because `expmap_to_rotmat` of a rotation vector turns columns, and these are rows.
    return expmap_to_rotmat(-by * direction)


def _twist(turn: np.ndarray, about: np.ndarray) -> float:
    """Return the angle of a rotation about a unit vector that it leaves as it is, radians."""
    sine = np.array([turn[1, 2] - turn[2, 1], turn[2, 0] - turn[0, 2], turn[0, 1] - turn[1, 0]]) @ about
    return float(np.arctan2(sine / 2, (np.trace(turn) - 1) / 2))


def _turn(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the smallest rotation matrix with ``a @ R == b`` for unit vectors."""
    around = np.cross(a, b)
    if not around.any():
        # Equal or opposite: about any axis at a right angle.
        around = np.cross(a, np.eye(3)[np.argmin(np.abs(a))])
    return _about(_unit(around), np.radians(angle(a, b)))
