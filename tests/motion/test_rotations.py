"""Rotations against the original's numbers, SciPy, and what must be true of any rotation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from cs2s.motion.rotations import (
    expmap_to_euler,
    expmap_to_rotmat,
    quat_to_expmap,
    rotmat_to_euler,
    rotmat_to_expmap,
    rotmat_to_quat,
    wrap_angle,
)

EXPMAPS = arrays(np.float64, (3,), elements=st.floats(-8, 8))
AXES = arrays(np.float64, (3,), elements=st.floats(-1, 1)).filter(lambda axis: np.linalg.norm(axis) > 0.1)


@pytest.fixture(scope="module")
def original(golden):
    with np.load(golden / "original_kinematics.npz") as printed:
        return dict(printed)


def test_expmap_to_rotmat_equals_the_original(original):
    np.testing.assert_allclose(expmap_to_rotmat(original["expmap"]), original["rotmat"], atol=1e-6)


def test_rotmat_to_euler_equals_the_original(original):
    np.testing.assert_allclose(rotmat_to_euler(original["rotmat"]), original["euler"], atol=1e-6)


def test_quaternions_equal_the_original_where_it_is_valid(original):
    valid = np.arange(64) != 4  # a rotation by exactly pi, where the original fails
    np.testing.assert_allclose(rotmat_to_quat(original["rotmat"])[valid], original["quat"][valid], atol=1e-6)
    np.testing.assert_allclose(rotmat_to_expmap(original["rotmat"])[valid], original["expmap_back"][valid], atol=1e-6)


def test_rotation_by_pi_is_right_where_the_original_raises(original):
    # Three nan stand in the file where the original has no result: it stops with an error.
    assert np.isnan(original["expmap_back"][4]).all()
    back = rotmat_to_expmap(original["rotmat"][4])
    assert np.linalg.norm(back) == pytest.approx(np.pi, abs=1e-6)
    np.testing.assert_allclose(expmap_to_rotmat(back), original["rotmat"][4], atol=1e-6)


@given(EXPMAPS)
def test_rotmat_equals_scipy(expmap):
    np.testing.assert_allclose(expmap_to_rotmat(expmap), Rotation.from_rotvec(expmap).as_matrix(), atol=1e-12)


@given(EXPMAPS)
def test_quaternions_and_their_maps_equal_scipy(expmap):
    rotation = Rotation.from_rotvec(expmap)
    quat = rotmat_to_quat(rotation.as_matrix())
    # SciPy puts w last, and can put it first only from 1.14 on.
    expected = np.roll(rotation.as_quat(canonical=True), 1)
    # At w = 0 both signs are the same rotation.
    assert min(np.abs(quat - expected).max(), np.abs(quat + expected).max()) < 1e-7
    np.testing.assert_allclose(Rotation.from_rotvec(quat_to_expmap(quat)).as_matrix(), rotation.as_matrix(), atol=1e-7)


@given(EXPMAPS)
def test_euler_angles_build_the_same_rotation(expmap):
    rotmat = expmap_to_rotmat(expmap)
    first, second, third = rotmat_to_euler(rotmat)
    # The stored maps are for row vectors, so the matrix that the angles build is the transposed one.
    rebuilt = Rotation.from_euler("ZYX", [third, second, first]).as_matrix()
    np.testing.assert_allclose(rebuilt.T, rotmat, atol=1e-6)


QUARTERS = st.sampled_from([0.0, -0.0, 1e-9, np.pi / 2, float(np.float32(np.pi / 2)), 2.0, np.pi])


@given(st.one_of(EXPMAPS, st.tuples(QUARTERS, QUARTERS, QUARTERS).map(lambda angles: np.copysign(angles, (1, -1, 1)))))
def test_euler_angles_of_maps_are_those_of_their_matrices(expmap):
    """Also of the sign of half a turn, and where two axes are one."""
    rotmat = expmap_to_rotmat(expmap)
    euler, expected = expmap_to_euler(expmap), rotmat_to_euler(rotmat)
    assert euler.shape == (3,)
    # The sine and cosine of the second angle tell how many digits the others have: none in the lock itself.
    if np.abs(rotmat[0, 2]) < 1 - 1e-15:
        far = np.hypot(rotmat[0, 0], rotmat[0, 1])
        same = np.abs(np.abs(euler - expected) % (2 * np.pi))
        assert np.minimum(same, 2 * np.pi - same).max() < 1e-14 / far


@pytest.mark.parametrize("turn", [2.0, 3.0, -2.0, -3.0])
def test_of_two_halves_of_a_turn_that_are_one_the_positive_one_is_told(turn):
    """As the authors' code does: a turn about the second axis by more than a quarter."""
    expected = (np.pi, np.sign(turn) * (np.pi - abs(turn)) * -1, np.pi)
    for expmap in np.array([[0, turn, 0], [-0.0, turn, 0], [0, turn, -0.0], [-0.0, turn, -0.0]]):
        np.testing.assert_allclose(expmap_to_euler(expmap), expected, atol=1e-12)
        np.testing.assert_allclose(rotmat_to_euler(expmap_to_rotmat(expmap)), expected, atol=1e-12)


@given(AXES, st.sampled_from([0.0, 1e-12, 1e-8, 1e-4, 1.0, 3.0, np.pi - 1e-4, np.pi - 1e-8]))
def test_round_trip_of_angles_from_0_to_pi(axis, angle):
    expmap = axis / np.linalg.norm(axis) * angle
    np.testing.assert_allclose(rotmat_to_expmap(expmap_to_rotmat(expmap)), expmap, atol=1e-7)


@given(AXES)
def test_round_trip_at_pi_gives_the_same_rotation(axis):
    rotmat = expmap_to_rotmat(axis / np.linalg.norm(axis) * np.pi)
    np.testing.assert_allclose(expmap_to_rotmat(rotmat_to_expmap(rotmat)), rotmat, atol=1e-7)


@given(EXPMAPS)
def test_rotation_matrices_are_orthonormal(expmap):
    rotmat = expmap_to_rotmat(expmap)
    np.testing.assert_allclose(rotmat @ rotmat.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(rotmat) == pytest.approx(1)


@given(EXPMAPS)
def test_wrapping_keeps_the_rotation_and_its_direction(expmap):
    wrapped = wrap_angle(expmap)
    assert np.linalg.norm(wrapped) <= 2 * np.pi
    assert wrapped @ expmap >= 0
    np.testing.assert_allclose(expmap_to_rotmat(wrapped), expmap_to_rotmat(expmap), atol=1e-9)


def test_gimbal_lock_sets_the_third_angle_to_zero():
    for r02 in (1.0, -1.0):
        rotmat = np.array([[0, 0, r02], [0.6, 0.8, 0], [-0.8 * r02, 0.6 * r02, 0]])
        first, second, third = rotmat_to_euler(rotmat)
        assert third == 0
        assert second == pytest.approx(-r02 * np.pi / 2)
        assert np.isfinite(first)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (1,), (4, 5), (2, 0, 3)])
def test_any_leading_shape_and_both_precisions(dtype, shape):
    expmaps = np.random.default_rng(0).normal(size=(*shape, 3)).astype(dtype)
    rotmats = expmap_to_rotmat(expmaps)
    assert rotmats.shape == (*shape, 3, 3)
    quats = rotmat_to_quat(rotmats)
    assert quats.shape == (*shape, 4)
    for result in (rotmats, quats, quat_to_expmap(quats), rotmat_to_euler(rotmats), expmap_to_euler(expmaps)):
        assert result.dtype == dtype
        assert result.shape[: len(shape)] == shape and result.ndim > len(shape)
    np.testing.assert_allclose(
        rotmat_to_expmap(rotmats), rotmat_to_expmap(expmap_to_rotmat(expmaps.astype(np.float64))), atol=1e-5
    )


def test_a_wrong_shape_is_named():
    with pytest.raises(ValueError, match=r"\(\.\.\., 3\), got \(2, 4\)"):
        expmap_to_rotmat(np.zeros((2, 4)))
