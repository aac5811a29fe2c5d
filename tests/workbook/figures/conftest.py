"""The pictures of a chapter are tested in ``test_CHAPTER_figures.py``, named like the module that draws them."""

import itertools
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from matplotlib.lines import Line2D


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
