"""What a player must know of a skeleton: its joints that are apart, the lines of its limbs, its head, hands and feet.

Joints that stand on their parents throughout are left out, for they would be drawn, and written, for nothing. Used by
the player of ``notebooks/06_explore_predictions``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from cs2s.motion.joint_names import find_scheme, sides
from cs2s.motion.skeleton import Skeleton
from cs2s.pictures.stick_figure import bone_lines

__all__ = ["Body"]


@dataclass(frozen=True)
class Body:
    """A skeleton as it is drawn. Numbers of joints are places in `joints`.

    Attributes:
        joints: which joints of the skeleton are drawn, the root first.
        parents: the parent of each, -1 for the root.
        limbs: lines over joints from the trunk outwards, each of a side: ``"left"``, ``"right"`` or ``"middle"``.
        skull: two joints between which the middle of the head lies, if there is a head.
        ends: hands and feet, as far as there are, with their sides.
    """

    joints: tuple[int, ...]
    parents: tuple[int, ...]
    limbs: tuple[tuple[str, tuple[int, ...]], ...]
    skull: tuple[int, int] | None
    ends: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, skeleton: Skeleton, worlds: Sequence[np.ndarray]) -> "Body":
        """Look at a skeleton, and at all places ``(frames, joints, 3)`` of its joints that are to be drawn."""
        stands_for: list[int] = []
        for joint, parent in enumerate(skeleton.parents):
            apart = parent < 0 or any((world[:, joint] != world[:, parent]).any() for world in worlds)
            stands_for.append(joint if apart else stands_for[parent])
        joints = sorted(set(stands_for))
        number = [joints.index(joint) for joint in stands_for]
        parents = [skeleton.parents[joint] for joint in joints]
        limbs = []
        for side, line in bone_lines(skeleton).items():
            for there, part in groupby(line, key=lambda joint: joint >= 0):
                path = tuple(joint for joint, _ in groupby(number[joint] for joint in part if there))
                if len(path) > 1:
                    limbs.append((side, path))
        called = {ours: skeleton.joints.index(theirs) for ours, theirs in find_scheme(skeleton.joints)[1].items()}
        skull = None
        if (head := called.get("Head")) is not None:
            top = skeleton.parents.index(head) if head in skeleton.parents else head
            skull = number[head], number[top]
        told = sides(skeleton)
        names = ("LeftHand", "RightHand", "LeftFoot", "RightFoot")
        ends = [(number[called[name]], told[called[name]]) for name in names if name in called]
        return cls(
            tuple(joints),
            tuple(number[parent] if parent >= 0 else -1 for parent in parents),
            tuple(limbs),
            skull,
            tuple(ends),
        )
