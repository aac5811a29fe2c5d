"""Poses: the root seen from one of its own frames, means of rotations, and which places tell a pose."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points, shares
from cs2s.motion.pose import RootFrame, nearest_rotation, orthonormal
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU, HUMAN36M


@pytest.fixture
def draws():
    return np.random.default_rng(3)


def made(draws: np.random.Generator, frames: int = 9) -> Motion:
    rows = draws.normal(0, 0.6, (2, frames, CMU.columns))
    return Motion(rows, CMU, 60.0)


def moved_and_turned(motion: Motion, turn: np.ndarray, way: np.ndarray) -> Motion:
    """The same motion elsewhere: every point of it turned by ``point @ turn`` and then moved, in file units."""
    rows = motion.rows.copy()
    rows[..., :3] = rows[..., :3] @ turn + way
    rows[..., 3:6] = rotmat_to_expmap(expmap_to_rotmat(rows[..., 3:6]) @ turn)
    return Motion(rows, motion.skeleton, motion.fps)


def seen(motion: Motion) -> np.ndarray:
    places = motion.translation * CMU.unit_mm / 1000
    return RootFrame.of(motion, -1).seen(expmap_to_rotmat(motion.expmaps[..., 0, :]), places)


def test_what_is_seen_of_the_root_does_not_change_with_place_and_heading(draws):
    motion = made(draws)
    about_up = Rotation.from_rotvec([0, 2.1, 0]).as_matrix()
    there = moved_and_turned(motion, about_up, np.array([3.0, -1.0, 20.0]))
    np.testing.assert_allclose(seen(there), seen(motion), atol=1e-9)


def test_a_body_that_is_tipped_over_sees_up_elsewhere_and_its_way_the_same(draws):
    motion = made(draws)
    tipped = moved_and_turned(motion, Rotation.from_rotvec([0.8, 0, 0]).as_matrix(), np.zeros(3))
    np.testing.assert_allclose(seen(tipped)[..., :9], seen(motion)[..., :9], atol=1e-9)
    assert np.abs(seen(tipped)[..., 9:] - seen(motion)[..., 9:]).max() > 0.1


def test_up_is_the_vertical_of_the_room_in_the_roots_own_axes(draws):
    motion = made(draws)
    turned = expmap_to_rotmat(motion.expmaps[:, -1, 0])
    up = seen(motion)[:, -1, 9:]
    np.testing.assert_allclose((up[:, None] @ turned)[:, 0], np.tile([0, 1, 0], (2, 1)), atol=1e-9)


def test_rows_undo_what_is_seen(draws):
    motion = made(draws)
    frame = RootFrame.of(motion, -1)
    turns, places = expmap_to_rotmat(motion.expmaps[..., 0, :]), motion.translation * CMU.unit_mm / 1000
    rows = frame.rows(motion, *frame.relative(turns, places))
    np.testing.assert_allclose(rows[..., :3], motion.translation, atol=1e-9)
    np.testing.assert_allclose(expmap_to_rotmat(rows[..., 3:]), turns, atol=1e-9)


def test_the_mean_of_rotations_is_that_of_scipy(draws):
    rotations = Rotation.random(3, random_state=4)
    close = Rotation.from_rotvec(draws.normal(0, 0.3, (5, 3))) * rotations[0]
    mean = nearest_rotation(close.as_matrix().sum(axis=0))
    np.testing.assert_allclose(mean, close.mean().as_matrix(), atol=1e-9)


def test_the_nearest_rotation_is_never_a_reflection(draws):
    matrices = draws.normal(0, 1, (500, 3, 3))
    nearest = nearest_rotation(matrices)
    np.testing.assert_allclose(np.linalg.det(nearest), 1)
    # No rotation drawn at random is nearer.
    for other in Rotation.random(50, random_state=1).as_matrix():
        assert (np.linalg.norm(matrices - nearest, axis=(1, 2)) <= np.linalg.norm(matrices - other, axis=(1, 2))).all()


def test_nearly_rotations_become_rotations_and_rotations_stay(draws):
    rotations = Rotation.random(20, random_state=2).as_matrix()
    np.testing.assert_allclose(orthonormal(rotations), rotations, atol=1e-12)
    rough = orthonormal(rotations + draws.normal(0, 0.01, rotations.shape))
    np.testing.assert_allclose(rough @ np.swapaxes(rough, -1, -2), np.tile(np.eye(3), (20, 1, 1)), atol=1e-12)
    assert np.abs(rough - rotations).max() < 0.1


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M])
def test_joints_that_share_a_place_share_it_in_every_pose(skeleton, draws):
    moving = range(1, len(skeleton.joints))
    points = distinct_points(skeleton, moving)
    counts = shares(skeleton, points)
    placed = skeleton.forward_kinematics(draws.normal(0, 1, (4, len(skeleton.joints), 3)), np.zeros((4, 3)))
    together = (np.linalg.norm(placed[:, points, None] - placed[:, None], axis=-1) < 1e-9).all(axis=0).sum(axis=-1)
    np.testing.assert_allclose(counts, together / together.sum())
