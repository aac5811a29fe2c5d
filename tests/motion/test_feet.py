"""A foot that stands does not slide, and nothing else changes."""

import numpy as np
import pytest

from cs2s.motion.feet import feet_of, standing
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M

FPS = 60.0


def gliding(speed_mm_per_s: float, frames: int = 40, lift: float = 0.0) -> Motion:
    """A body that stands upright and glides along x and z; its left knee may be lifted."""
    rows = np.zeros((frames, CMU.columns))
    rows[:, [0, 2]] = np.arange(frames)[:, None] * speed_mm_per_s / FPS / CMU.unit_mm * np.array([0.6, 0.8])
    rows[:, 1] = 17.0
    thigh = 3 + 3 * CMU.joints.index("LeftUpLeg")
    rows[:, thigh] = lift
    return Motion(rows, CMU, FPS)


def speeds(motion: Motion) -> np.ndarray:
    feet = motion.positions()[:, list(feet_of(CMU))]
    return np.linalg.norm(np.diff(feet, axis=0), axis=-1) * motion.fps


def test_the_feet_of_both_skeletons_are_found():
    assert [CMU.joints[foot] for foot in feet_of(CMU)] == ["LeftToeBase", "RightToeBase"]
    assert sorted(HUMAN36M.joints[foot] for foot in feet_of(HUMAN36M)) == ["LeftToeBase", "RightToeBase"]


@pytest.mark.parametrize(("speed", "left_over"), [(300.0, 0.0), (799.0, 0.0), (1200.0, 600.0), (2000.0, 2000.0)])
def test_slow_feet_stop_and_fast_ones_go_on(speed, left_over):
    motion = gliding(speed)
    still = standing(motion, 25)
    np.testing.assert_array_equal(still.rows[:25], motion.rows[:25])
    np.testing.assert_array_equal(np.delete(still.rows, [0, 2], axis=1), np.delete(motion.rows, [0, 2], axis=1))
    # Half way between slow and fast, half is taken off.
    np.testing.assert_allclose(speeds(still)[24:], left_over, atol=1.0)


def test_the_foot_on_the_ground_is_the_one_that_counts():
    motion = gliding(500.0, lift=-1.0)
    feet = motion.positions()[0, list(feet_of(CMU)), 1]
    assert abs(feet[0] - feet[1]) > 100
    # The lifted foot hangs low by its own measure, since it never was lower: so let it come down from above.
    rows = motion.rows.copy()
    thigh = 3 + 3 * CMU.joints.index("LeftUpLeg")
    rows[:, thigh] = np.linspace(-1.0, 0, len(rows))
    swinging = Motion(rows, CMU, FPS)
    left, right = speeds(standing(swinging, 25))[24:].T
    assert right.max() < 1.0 < left.min()


def test_every_motion_of_a_batch_is_mended_by_itself():
    one, two = gliding(300.0), gliding(700.0)
    both = standing(Motion(np.stack([one.rows, two.rows]), CMU, FPS), 30)
    np.testing.assert_allclose(both.one(0).rows, standing(one, 30).rows)
    np.testing.assert_allclose(both.one(1).rows, standing(two, 30).rows)


def test_a_person_in_the_air_flies_on():
    motion = gliding(1000.0)
    rows = motion.rows.copy()
    rows[:, 1] += np.where(np.arange(40) < 22, 0, 5 * np.arange(40))
    flying = Motion(rows, CMU, FPS)
    np.testing.assert_array_equal(standing(flying, 25).rows, flying.rows)
