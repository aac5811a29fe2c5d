"""What chapter 02 measures, against SciPy and plain loops."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import rotmat_to_expmap
from cs2s.motion.skeleton import CMU
from cs2s.workbook.measured_turns import (
    arm_raise,
    half_turn_errors,
    knees_ahead,
    largest_euler_step,
    shifts_of,
    steps_in_degrees,
)


@pytest.mark.parametrize("second", [0, 35, 60, 85, 89])
def test_raised_arm_turns_evenly_and_reaches_the_second_angle(second):
    rotmats = arm_raise(second)
    steps = Rotation.from_matrix(rotmats[1:]) * Rotation.from_matrix(rotmats[:-1]).inv()
    np.testing.assert_allclose(np.degrees(steps.magnitude()), 3)
    # The two frames in the middle are 1.5 degrees before and after the nearest point of the path.
    nearest = np.cos(np.radians(1.5)) * np.sin(np.radians(second))
    assert -rotmats[:, 0, 2].min() == pytest.approx(nearest)
    # The arm begins low, ends high, and points to the right and ahead between.
    hand = -rotmats[:, 0]
    assert hand[0, 1] < -0.8 and hand[-1, 1] > 0.8
    assert (hand[:, 0] <= 0).all() and (hand[:, 2] >= 0).all()


def test_an_even_turn_through_the_lock_leaps_in_euler_angles():
    true, euler = steps_in_degrees(arm_raise(90))
    np.testing.assert_allclose(true, 3)
    # Two angles change by half a turn at once.
    assert euler.max() == pytest.approx(180 * np.sqrt(2), abs=3)
    np.testing.assert_allclose(steps_in_degrees(arm_raise(0))[1], 3)


@pytest.fixture(scope="module")
def walk():
    return load("demo").motions[TakeId("test", "", "walking", 1)][1:]


def bent(degrees):
    """A motion of one frame whose legs hang straight down, with both knees bent; usually to the back."""
    rows = np.zeros((1, CMU.columns))
    for side, sign in (("Left", 1), ("Right", -1)):
        # Minus, as in the files.
        spread = -np.radians(-20 * sign)
        rows[0, 3 + 3 * CMU.joints.index(side + "UpLeg") + 2] = spread
        rows[0, 3 + 3 * CMU.joints.index(side + "Leg")] = -np.radians(degrees)
    return Motion(rows, CMU, 25.0)


def test_bent_knees_are_in_front_of_the_line_from_hip_to_ankle():
    for degrees in (30, 60, 90):
        motion = bent(degrees)
        for side, found in zip(("Left", "Right"), knees_ahead(motion)[:, 0], strict=True):
            hip, knee, ankle = (
                motion.positions()[0, CMU.joints.index(side + part)] for part in ("UpLeg", "Leg", "Foot")
            )
            share = np.linalg.lstsq((ankle - hip)[:, None], knee - hip, rcond=None)[0]
            # The person faces along z.
            assert found == pytest.approx((knee - hip - share * (ankle - hip))[2], rel=1e-4)
            assert found > 400 * np.sin(np.radians(degrees / 2)) * 0.6
    assert (knees_ahead(bent(-40)) < 0).all()
    # Whoever turns round has the knees in front as before.
    turned = bent(60)
    turned.rows[0, 4] = 2.0
    np.testing.assert_allclose(knees_ahead(turned), knees_ahead(bent(60)))


def test_flipped_signs_put_the_knees_of_the_walker_behind(walk):
    rows = walk.rows.copy()
    rows[:, 6:] *= -1
    assert knees_ahead(walk).mean() > 50 and knees_ahead(replace(walk, rows=rows)).mean() < -50


def test_half_turn_errors_are_the_angles_that_remain():
    axis, short = np.array([0.0, 0.6, -0.8]), np.array([10.0, 1.0, 1e-3])
    off = Rotation.from_rotvec([0, 0, 7], degrees=True)

    def wrong_by_7_degrees(rotmats):
        return (off * Rotation.from_matrix(rotmats)).as_rotvec()

    np.testing.assert_allclose(half_turn_errors(wrong_by_7_degrees, short, axis), 7)
    assert half_turn_errors(rotmat_to_expmap, short, axis).max() < 1e-6
    seen = []
    half_turn_errors(lambda rotmats: seen.append(rotmats.dtype) or rotmat_to_expmap(rotmats), short, axis, np.float32)
    assert seen == [np.float32]


def test_the_largest_euler_step_is_found_among_small_true_steps():
    rows = np.zeros((5, CMU.columns))
    arm = slice(3 + 3 * CMU.joints.index("RightArm"), 6 + 3 * CMU.joints.index("RightArm"))
    # Minus, as in the files. The first row is no motion; then 3 degrees past the lock, then a large true step.
    angles = [(90, 0, 0), (0, 88, 10), (3, 88.5, -50), (3, 88.5, -50), (3, 0, 0)]
    rotations = Rotation.from_euler("xyz", angles, degrees=True)
    rows[:, arm] = -rotations.as_rotvec()
    rows[:, :6] = np.random.default_rng(0).normal(size=(5, 6))
    true = np.degrees((rotations[2] * rotations[1].inv()).magnitude())
    all_steps = [np.degrees((rotations[n + 1] * rotations[n].inv()).magnitude()) for n in range(1, 4)]
    assert true == all_steps[0] < all_steps[2] - 1
    for below, wanted in ((true + 1, (1, 2)), (170, (3, 4))):
        found = largest_euler_step({TakeId("test", "", "waving", 1): Motion(rows, CMU, 25.0)}, below)
        one, other = (np.array(angles[number]) for number in wanted)
        assert found[0] == pytest.approx(np.linalg.norm(other - one)) and found[2:] == ("waving", "RightArm")
        assert found[1] == pytest.approx(all_steps[wanted[0] - 1])
    small = largest_euler_step({TakeId("test", "", "waving", 1): Motion(rows, CMU, 25.0)}, true / 2)
    assert small[0] == pytest.approx(0, abs=1e-6)


def test_shifts_are_those_of_spoilt_motions(walk):
    short = walk[:20]
    names = ["Hips", "LeftUpLeg", "LeftLeg", "LeftFoot", "RightUpLeg"]
    found = shifts_of(short, names, "LeftToeBaseEnd", degrees=5)
    error = Rotation.from_rotvec([5, 0, 0], degrees=True).as_matrix()
    tip = CMU.joints.index("LeftToeBaseEnd")
    for name in names:
        joint, rows = CMU.joints.index(name), short.rows.astype(np.float64)
        columns = slice(3 + 3 * joint, 6 + 3 * joint)
        for row in rows:
            stored = Rotation.from_rotvec(row[columns]).as_matrix() @ error
            row[columns] = Rotation.from_matrix(stored).as_rotvec()
        moved = replace(short, rows=rows).positions()[:, tip] - short.positions()[:, tip]
        assert found[name] == pytest.approx(np.linalg.norm(moved, axis=-1).mean(), rel=1e-3, abs=1e-6)
    assert found["RightUpLeg"] == pytest.approx(0, abs=1e-9)
