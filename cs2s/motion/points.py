"""Which joints' places tell a pose: each place once, and only those that can be elsewhere.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Collection, Sequence

import numpy as np

from cs2s.motion.skeleton import Skeleton

__all__ = ["distinct_points", "shares"]


def _twins(skeleton: Skeleton) -> list[int]:
    """Return for each joint the first one that stands at the same place whatever turns."""
    first: dict[tuple[float, ...], int] = {}
    twins: list[int] = []
    for joint, parent in enumerate(skeleton.parents):
        above = twins[parent] if parent >= 0 else -1
        if parent >= 0 and not skeleton.offsets[joint].any():
            twins.append(above)
        else:
            # Two joints on one place can turn differently, so below them only children of one parent coincide.
            twins.append(first.setdefault((parent, *skeleton.offsets[joint]), joint))
    return twins


def distinct_points(skeleton: Skeleton, moving: Collection[int]) -> tuple[int, ...]:
    """Choose the joints whose positions make up the MPJPE: each place once, and only places that can be wrong.

    A joint at the end of a bone of length zero coincides with its parent, and joints of one parent with equal
    offsets with one another (the neck and both shoulders of Human3.6M): of such joints one counts. The root does
    not count, nor does what no moving joint lies above (the hips): aligned at the root, these are right whatever
    is predicted. End sites count, for they show how the last joints turn.

    Args:
        skeleton: the joints.
        moving: indices of the joints that turn; see `cs2s.evaluation.measures.moving_joints`.

    Returns:
        Indices of joints, ascending: 25 of 38 on CMU and 22 of 32 on Human3.6M, those that Mao et al. predict.

    Source: the lists of ignored joints in the code of Mao et al. 2019 ("constant joints and joints at same position
    with other joints"), from which this rule was found and which it gives again.
    """
    carried, twins = [False] * len(skeleton.joints), _twins(skeleton)
    points = []
    for joint, parent in enumerate(skeleton.parents):
        if parent < 0:
            continue
        carried[joint] = carried[parent] or (parent in moving and skeleton.parents[parent] >= 0)
        if carried[joint] and twins[joint] == joint:
            points.append(joint)
    return tuple(points)


def shares(skeleton: Skeleton, points: Sequence[int]) -> np.ndarray:
    """Return how many joints stand at each of some points, ``(points,)``, divided by their sum.

    A mean over points with these weights is the mean over all joints that can be elsewhere.
    """
    twins = _twins(skeleton)
    counts = np.array([twins.count(point) for point in points], np.float64)
    return counts / counts.sum()
