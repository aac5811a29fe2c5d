"""Where a person looks: equal to the angle that it was turned by, in every pose that has one."""

import numpy as np
import pytest

from cs2s.motion.heading import heading, looking_along, standing_at
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU


def posed(about: list[float]) -> Motion:
    """Return one frame of the resting CMU skeleton, its root turned by a usual rotation vector, degrees."""
    expmaps = np.zeros((1, len(CMU.joints), 3))
    expmaps[0, 0] = -np.radians(about)
    return Motion.from_parts(np.array([[3.0, 17, -5]]), expmaps, CMU, 60.0)


def test_the_resting_skeleton_looks_along_z():
    # Its shoulders are not quite level.
    assert heading(posed([0, 0, 0])) == pytest.approx(0, abs=0.02)
    # A usual turn about y by 90 degrees takes z to x.
    assert heading(posed([0, 90, 0])) == pytest.approx(np.pi / 2, abs=0.02)


@pytest.mark.parametrize(
    "pose",
    [
        [0, 0, 0],
        [90, 0, 0],
        [-90, 0, 0],
        [0, 0, 90],
        [0, 0, -90],
        [180, 0, 0],
        [0, 0, 175],
        [60, 0, 80],
        [-150, 10, 20],
    ],
    ids=str,
)
def test_turned_by_an_angle_the_heading_is_more_by_it_and_steady(pose):
    """Standing, lying on any side, head down: turned by any angle, and a little bent besides."""
    motion, draws = posed(pose), np.random.default_rng(0)
    first = heading(motion)[0]
    for angle in np.radians([-170, -35, 10, 90, 181]):
        more = heading(looking_along(motion, angle))[0] - first - angle
        assert np.sin(more) == pytest.approx(0, abs=1e-6) and np.cos(more) > 0
    for _ in range(5):
        rows = motion.rows.copy()
        rows[:, 3:] += draws.normal(0, 0.02, rows[:, 3:].shape)
        bent = heading(Motion(rows, CMU, 60.0))[0] - first
        assert abs(np.sin(bent)) < 0.25 and np.cos(bent) > 0


def test_turning_moves_every_joint_about_the_vertical():
    draws = np.random.default_rng(1)
    batch = Motion(draws.normal(0, 0.7, (2, 4, CMU.columns)), CMU, 60.0)
    angles = np.array([0.4, -2.0])
    turned = looking_along(batch, angles).positions()
    for motion, angle, found in zip(batch.positions(), angles, turned, strict=True):
        about = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
        np.testing.assert_allclose(found, motion @ about, atol=1e-6)
    back = looking_along(looking_along(batch, angles), -angles)
    np.testing.assert_allclose(back.positions(), batch.positions(), atol=1e-6)


def test_standing_elsewhere_keeps_the_height():
    motion = posed([0, 30, 0])
    moved = standing_at(motion, motion.rows[-1, :3])
    np.testing.assert_allclose(moved.translation, [[0, 17, 0]])
    np.testing.assert_array_equal(moved.rows[:, 3:], motion.rows[:, 3:])


def test_a_root_turned_is_the_root_times_the_turn():
    motion = posed([20, 50, -10])
    about = expmap_to_rotmat(np.array([0.0, -0.3, 0]))
    expected = rotmat_to_expmap(expmap_to_rotmat(motion.expmaps[0, 0]) @ about)
    np.testing.assert_allclose(looking_along(motion, 0.3).expmaps[0, 0], expected, atol=1e-12)
