"""The pictures of a chapter are tested in ``test_CHAPTER_figures.py``, named like the module that draws them."""

import itertools
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cs2s.motion.motion import Motion


@pytest.fixture(scope="session")
def bones() -> Callable[[Iterable[Line2D]], list[tuple[Line2D, np.ndarray]]]:
    """Cuts the lines of a stick figure into bones: each line, and the bone's two ends, ``(2, 2)``."""

    def cut(lines: Iterable[Line2D]) -> list[tuple[Line2D, np.ndarray]]:
        found = []
        for line in lines:
            places = np.asarray(line.get_xydata(), dtype=float)
            found += [(line, np.stack(pair)) for pair in itertools.pairwise(places)]
        return [(line, bone) for line, bone in found if np.isfinite(bone).all()]

    return cut


@pytest.fixture(scope="session")
def same_bones() -> Callable[[Iterable[np.ndarray], Iterable[np.ndarray]], None]:
    """Asserts that two lists of bones, ``(2, 2)`` each, hold the same ones in any order."""

    def compare(drawn: Iterable[np.ndarray], wanted: Iterable[np.ndarray]) -> None:
        # Rounded to find the order only.
        ordered = [
            np.array(sorted(bones, key=lambda bone: np.round(bone, 6).ravel().tolist())) for bones in (drawn, wanted)
        ]
        np.testing.assert_allclose(*ordered, atol=2e-6)

    return compare


@pytest.fixture(scope="session")
def is_person(bones, same_bones) -> Callable[..., None]:
    """Asserts that axes show the person of a frame, the hips upright: from their right, or from the front."""

    def check(axes: Axes, motion: Motion, frame: int, front: bool = False) -> None:
        maps = motion.expmaps[frame].astype(float)
        maps[0] = 0
        world = motion.skeleton.forward_kinematics(maps[None], np.zeros((1, 3)))[0] / 1000
        seen = world[:, [0, 1] if front else [2, 1]]
        ends = [(joint, parent) for joint, parent in enumerate(motion.skeleton.parents) if parent >= 0]
        # In which direction a bone is drawn does not matter.
        drawn = [bone[np.lexsort(bone.round(6).T)] for _, bone in bones(axes.lines)]
        wanted = [seen[list(pair)][np.lexsort(seen[list(pair)].round(6).T)] for pair in ends]
        same_bones(drawn, wanted)

    return check
