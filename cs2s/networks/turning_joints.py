"""What a predictor of poses must know of a body: which joints turn, how the others are, which bones hang on each.

Needs no TensorFlow. Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np

from cs2s.datasets.descriptions import describe
from cs2s.datasets.windows import Statistics
from cs2s.motion.points import distinct_points, shares
from cs2s.motion.rotations import expmap_to_rotmat
from cs2s.motion.skeleton import Skeleton

__all__ = ["TurningJoints"]

_ALONG = 1e-3
"""Two bones are one line where the sine of the angle between them is less than this."""


class TurningJoints:
    """The joints of a skeleton, seen from its root: some turn, the others stay as they are.

    Args:
        skeleton: the joints.
        turning: indices of the joints that turn, without the root, ascending.
        means: ``(joints, 3, 3)``: mean rotations; those of all others are taken for them.
        points: indices of the joints whose places are asked for (`cs2s.motion.points.distinct_points`).

    Attributes:
        still: ``(joints, 3, 3)``: all mean rotations.
        means: ``(turning, 3, 3)``: those of the joints that turn.
        offsets: ``(joints, 3)``, metres.
        weights: ``(points,)``: shares of a mean over all joints, see `cs2s.motion.points.shares`.
        above: for each turning joint the place in ``turning`` of the next one above it; None below the root.
    """

    def __init__(self, skeleton: Skeleton, turning: Sequence[int], means: np.ndarray, points: Sequence[int]) -> None:
        self.skeleton, self.turning, self.points = skeleton, tuple(turning), tuple(points)
        self.still = means.astype(np.float32)
        self.means = self.still[list(turning)]
        self.offsets = (skeleton.offsets / 1000).astype(np.float32)
        self.weights = shares(skeleton, points).astype(np.float32)
        self.above = [self._turning_above(joint) for joint in turning]

    @classmethod
    def of(cls, dataset: str, statistics: Statistics) -> Self:
        """Return the joints of a data set's skeleton; those that never turn stay at their mean."""
        skeleton = describe(dataset).skeleton
        turning = statistics.turning_joints
        means = expmap_to_rotmat(statistics.mean[3:].reshape(-1, 3).astype(np.float64))
        return cls(skeleton, turning, means, distinct_points(skeleton, turning))

    def _turning_above(self, joint: int) -> int | None:
        """Return the place among the turning joints of the next one above a joint, if there is one."""
        above = self.skeleton.parents[joint]
        while above > 0 and above not in self.turning:
            above = self.skeleton.parents[above]
        return self.turning.index(above) if above in self.turning else None

    def _carried(self, joint: int) -> Iterator[np.ndarray]:
        """Yield the bones that a joint carries rigidly: to its children, and beyond children that never turn."""
        for child, parent in enumerate(self.skeleton.parents):
            if parent == joint:
                if self.skeleton.offsets[child].any():
                    yield self.skeleton.offsets[child]
                if child not in self.turning:
                    yield from self._carried(child)

    @property
    def bones(self) -> list[np.ndarray | None]:
        """What each turning joint can be twisted about unseen: a unit vector ``(3,)``, its only bone.

        Zeros stand for a joint that carries none, which may be turned any way; None for one that carries several.
        """
        bones: list[np.ndarray | None] = []
        for joint in self.turning:
            carried = [bone / np.linalg.norm(bone) for bone in self._carried(joint)]
            one_line = all(np.linalg.norm(np.cross(carried[0], bone)) < _ALONG for bone in carried)
            bones.append((carried[0] if carried else np.zeros(3)).astype(np.float32) if one_line else None)
        return bones
