"""A motion that the tests of pictures draw."""

from collections.abc import Callable

import numpy as np
import pytest

from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton


@pytest.fixture(scope="session")
def stride() -> Callable[..., Motion]:
    """Makes motions that swing the left leg while travelling along z; `turned` about the vertical, radians."""

    def make(skeleton: Skeleton, frames: int = 12, fps: float = 25.0, turned: float = 0.0) -> Motion:
        rows = np.zeros((frames, skeleton.columns))
        leg = 3 + 3 * skeleton.joints.index("LeftUpLeg")
        rows[:, leg] = 0.5 * np.sin(np.arange(frames) / 3)
        rows[:, 2] = 60 * np.arange(frames) / skeleton.unit_mm
        rows[:, 4] = turned
        return Motion(rows, skeleton, fps)

    return make
