"""The two skeletons: joint names, hierarchy and bone offsets, and forward kinematics over them.

A `Skeleton` is data; `CMU` and `HUMAN36M` are the two of the paper. Names and offsets are facts of the
CMU motion capture database (mocap.cs.cmu.edu; BVH conversion) and of the Human3.6M recordings.
Positions are in millimetres, with y pointing up, x to the left of the standing person and z forward.
Taught in ``notebooks/02_exponential_maps``.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cs2s.motion.rotations import expmap_to_rotmat

__all__ = ["CMU", "CMU_ROWS", "HUMAN36M", "HUMAN36M_ROWS", "LAYOUTS", "RowLayout", "Skeleton"]


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A tree of joints.

    Attributes:
        name: what to call it in messages.
        joints: joint names, a parent always before its children, End Sites included.
        parents: index of each joint's parent, -1 for the root.
        offsets: ``(joints, 3)``, millimetres, each joint's position in its parent's frame.
        unit_mm: millimetres in one unit of the root translation of the motion files.
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray
    unit_mm: float

    @classmethod
    def from_table(cls, name: str, table: str, unit_mm: float) -> "Skeleton":
        """Read a skeleton from lines of ``joint parent x y z``, offsets in units of `unit_mm` millimetres."""
        fields = [line.split() for line in table.strip().splitlines()]
        joints = tuple(field[0] for field in fields)
        parents = tuple(-1 if field[1] == "-" else joints.index(field[1]) for field in fields)
        offsets = np.array([[float(x) for x in field[2:]] for field in fields]) * unit_mm
        offsets.setflags(write=False)
        return cls(name, joints, parents, offsets, unit_mm)

    @property
    def columns(self) -> int:
        """Numbers in one row of a motion file: the root translation and three per joint."""
        return 3 + 3 * len(self.joints)

    @property
    def end_sites(self) -> tuple[int, ...]:
        """Indices of the joints that have no children: they only mark where the last bone ends."""
        return tuple(j for j in range(len(self.joints)) if j not in self.parents)

    def below(self, joint: int) -> list[int]:
        """Return a joint and all that hang on it, as indices."""
        found = [joint]
        for number, parent in enumerate(self.parents):
            if parent in found:
                found.append(number)
        return found

    def side(self, joint: int) -> str:
        """Return ``"left"``, ``"right"`` or ``"middle"`` for a joint index, read off the joint's name."""
        name = self.joints[joint]
        for letter, side in (("L", "left"), ("R", "right")):
            abbreviated = name[:1] == letter and name[1:2].isupper()
            if abbreviated or name.startswith(side.capitalize()):
                return side
        return "middle"

    def rotations_in_space(self, expmaps: np.ndarray) -> np.ndarray:
        """Return how every joint is turned in space, ``(..., joints, 3, 3)``, matrices for row vectors.

        Each joint's own rotation comes first, that of all above it after: ``R_joint @ G_parent``.

        Args:
            expmaps: ``(..., joints, 3)``, radians, as stored in the motion files.

        Raises:
            ValueError: if the joint axis does not fit this skeleton.
        """
        if expmaps.shape[-2:] != (len(self.joints), 3):
            raise ValueError(
                f"the {self.name} skeleton has {len(self.joints)} joints, got exponential maps of shape "
                f"{expmaps.shape} instead of (..., {len(self.joints)}, 3)"
            )
        rotations = expmap_to_rotmat(np.asarray(expmaps, dtype=np.float64))
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                rotations[..., joint, :, :] = rotations[..., joint, :, :] @ rotations[..., parent, :, :]
        return rotations

    def forward_kinematics(self, expmaps: np.ndarray, translation: np.ndarray) -> np.ndarray:
        """Place every joint in space.

        Row vectors throughout: a joint's position is ``offset @ G_parent + x_parent``, with the rotations ``G`` of
        `rotations_in_space`.

        Args:
            expmaps: ``(..., joints, 3)``, radians, as stored in the motion files.
            translation: ``(..., 3)``, position of the root in the files' unit.

        Returns:
            ``(..., joints, 3)`` positions in millimetres, y up.

        Raises:
            ValueError: if the joint axis does not fit this skeleton.
        """
        turned = self.rotations_in_space(expmaps)
        placed: list[np.ndarray] = []
        for joint, parent in enumerate(self.parents):
            if parent < 0:
                placed.append(self.offsets[joint] + np.asarray(translation, np.float64) * self.unit_mm)
            else:
                placed.append(self.offsets[joint] @ turned[..., parent, :, :] + placed[parent])
        return np.stack(placed, axis=-2)

    @property
    def rest(self) -> np.ndarray:
        """Where the joints are while nothing turns, ``(joints, 3)``, millimetres, the root at its own offset."""
        return self.forward_kinematics(np.zeros((len(self.joints), 3)), np.zeros(3))


# One unit of the CMU database's ASF files is an inch / 0.45, 56.44 mm. (The original code multiplies by 70.)
CMU = Skeleton.from_table(
    "CMU",
    """
    Hips               -                       0.0         0.0         0.0
    LHipJoint          Hips                    0.0         0.0         0.0
    LeftUpLeg          LHipJoint           1.65674    -1.80282     0.62477
    LeftLeg            LeftUpLeg            2.5972    -7.13576         0.0
    LeftFoot           LeftLeg             2.49236     -6.8477         0.0
    LeftToeBase        LeftFoot            0.19704    -0.54136     2.14581
    LeftToeBaseEnd     LeftToeBase             0.0         0.0     1.11249
    RHipJoint          Hips                    0.0         0.0         0.0
    RightUpLeg         RHipJoint           -1.6107    -1.80282     0.62476
    RightLeg           RightUpLeg         -2.59502    -7.12977         0.0
    RightFoot          RightLeg            -2.4678    -6.78024         0.0
    RightToeBase       RightFoot          -0.23024    -0.63258     2.13368
    RightToeBaseEnd    RightToeBase            0.0         0.0     1.11569
    LowerBack          Hips                    0.0         0.0         0.0
    Spine              LowerBack           0.01961      2.0545    -0.14112
    Spine1             Spine               0.01021     2.06436    -0.05921
    Neck               Spine1                  0.0         0.0         0.0
    Neck1              Neck                0.00713     1.56711     0.14968
    Head               Neck1               0.03429     1.56041    -0.10006
    HeadEnd            Head                0.01305      1.6256    -0.05265
    LeftShoulder       Spine1                  0.0         0.0         0.0
    LeftArm            LeftShoulder        3.54205     0.90436    -0.17364
    LeftForeArm        LeftArm             4.86513         0.0         0.0
    LeftHand           LeftForeArm         3.35554         0.0         0.0
    LeftFingerBase     LeftHand                0.0         0.0         0.0
    LeftHandIndex1     LeftFingerBase      0.66117         0.0         0.0
    LeftHandIndex1End  LeftHandIndex1      0.53306         0.0         0.0
    LThumb             LeftHand                0.0         0.0         0.0
    LThumbEnd          LThumb               0.5412         0.0      0.5412
    RightShoulder      Spine1                  0.0         0.0         0.0
    RightArm           RightShoulder      -3.49802     0.75994    -0.32616
    RightForeArm       RightArm           -5.02649         0.0         0.0
    RightHand          RightForeArm       -3.36431         0.0         0.0
    RightFingerBase    RightHand               0.0         0.0         0.0
    RightHandIndex1    RightFingerBase    -0.73041         0.0         0.0
    RightHandIndex1End RightHandIndex1    -0.58887         0.0         0.0
    RThumb             RightHand               0.0         0.0         0.0
    RThumbEnd          RThumb             -0.59786         0.0     0.59786
""",
    unit_mm=25.4 / 0.45,
)

HUMAN36M = Skeleton.from_table(
    "Human3.6M",
    """
    Hips               -                       0.0         0.0         0.0
    RightUpLeg         Hips            -132.948591         0.0         0.0
    RightLeg           RightUpLeg              0.0 -442.894612         0.0
    RightFoot          RightLeg                0.0 -454.206447         0.0
    RightToeBase       RightFoot               0.0         0.0  162.767078
    RightToeBaseEnd    RightToeBase            0.0         0.0   74.999437
    LeftUpLeg          Hips             132.948826         0.0         0.0
    LeftLeg            LeftUpLeg               0.0 -442.894413         0.0
    LeftFoot           LeftLeg                 0.0  -454.20659         0.0
    LeftToeBase        LeftFoot                0.0         0.0  162.767426
    LeftToeBaseEnd     LeftToeBase             0.0         0.0   74.999948
    Spine              Hips                    0.0         0.1         0.0
    Spine1             Spine                   0.0  233.383263         0.0
    Neck               Spine1                  0.0  257.077681         0.0
    Head               Neck                    0.0  121.134938         0.0
    HeadEnd            Head                    0.0  115.002227         0.0
    LeftShoulder       Spine1                  0.0  257.077681         0.0
    LeftArm            LeftShoulder            0.0  151.034226         0.0
    LeftForeArm        LeftArm                 0.0  278.882773         0.0
    LeftHand           LeftForeArm             0.0  251.733451         0.0
    LeftHandThumb      LeftHand                0.0         0.0         0.0
    LeftHandThumbEnd   LeftHandThumb           0.0         0.0   99.999627
    LeftWristEnd       LeftHand                0.0  100.000188         0.0
    LeftWristEndSite   LeftWristEnd            0.0         0.0         0.0
    RightShoulder      Spine1                  0.0  257.077681         0.0
    RightArm           RightShoulder           0.0  151.031437         0.0
    RightForeArm       RightArm                0.0  278.892924         0.0
    RightHand          RightForeArm            0.0   251.72868         0.0
    RightHandThumb     RightHand               0.0         0.0         0.0
    RightHandThumbEnd  RightHandThumb          0.0         0.0   99.999888
    RightWristEnd      RightHand               0.0  137.499922         0.0
    RightWristEndSite  RightWristEnd           0.0         0.0         0.0
""",
    unit_mm=1.0,
)


@dataclass(frozen=True)
class RowLayout:
    """What the rows of a benchmark's text files are, which the files themselves do not say.

    Attributes:
        skeleton: its joints: a row is the root's translation and three numbers a joint.
        fps: frames a second.
        root: how the root's motion is stored, see `cs2s.motion.motion.Motion`.
    """

    skeleton: Skeleton
    fps: float
    root: Literal["absolute", "relative"]


CMU_ROWS = RowLayout(CMU, 120.0, "absolute")
HUMAN36M_ROWS = RowLayout(HUMAN36M, 50.0, "relative")
LAYOUTS = (CMU_ROWS, HUMAN36M_ROWS)
