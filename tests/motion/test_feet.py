"""Feet that stand do not slide; what else changes, and what does not."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.motion.feet import feet_of, legs_of, standing
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M

FPS = 60.0
LEFT, RIGHT = feet_of(CMU)
THIGH, KNEE = (3 + 3 * CMU.joints.index(name) for name in ("LeftUpLeg", "LeftLeg"))


def gliding(speed_mm_per_s: float, frames: int = 40) -> Motion:
    """A body with slightly bent knees that stands upright and glides along the ground."""
    rows = np.zeros((frames, CMU.columns))
    rows[:, [0, 2]] = np.arange(frames)[:, None] * speed_mm_per_s / FPS / CMU.unit_mm * np.array([0.6, 0.8])
    rows[:, 1] = 17.0
    for side in ("Left", "Right"):
        for joint, angle in (("UpLeg", 0.25), ("Leg", -0.5), ("Foot", 0.25)):
            rows[:, 3 + 3 * CMU.joints.index(side + joint)] = angle
    return Motion(rows, CMU, FPS)


def speeds(motion: Motion) -> np.ndarray:
    feet = motion.positions()[..., [LEFT, RIGHT], :]
    return np.linalg.norm(np.diff(feet, axis=-3), axis=-1) * motion.fps


def test_the_feet_of_both_skeletons_are_found():
    assert [CMU.joints[foot] for foot in feet_of(CMU)] == ["LeftToeBase", "RightToeBase"]
    assert sorted(HUMAN36M.joints[foot] for foot in feet_of(HUMAN36M)) == ["LeftToeBase", "RightToeBase"]


def test_legs_are_what_feet_hang_on_and_what_hangs_on_them():
    legs = {CMU.joints[joint] for joint in legs_of(CMU)}
    assert legs == {
        *("LHipJoint", "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase", "LeftToeBaseEnd"),
        *("RHipJoint", "RightUpLeg", "RightLeg", "RightFoot", "RightToeBase", "RightToeBaseEnd"),
    }
    assert {HUMAN36M.joints[joint] for joint in legs_of(HUMAN36M)} >= {"LeftUpLeg", "RightLeg", "LeftToeBase"}
    assert 0 not in legs_of(HUMAN36M) and HUMAN36M.joints.index("Head") not in legs_of(HUMAN36M)
    footless = replace(CMU, joints=tuple(f"joint{number}" for number in range(len(CMU.joints))))
    assert legs_of(footless) == ()


@pytest.mark.parametrize(("speed", "left_over"), [(300.0, 0.0), (799.0, 0.0), (1200.0, 600.0), (2500.0, 2500.0)])
def test_slow_feet_stop_and_fast_ones_go_on(speed, left_over):
    motion = gliding(speed)
    mended = standing(motion, 34)
    np.testing.assert_array_equal(mended.rows[:34], motion.rows[:34])
    # Half way between slow and fast, about half is taken off: what the legs made up for, they give back in time.
    np.testing.assert_allclose(speeds(mended)[33:], left_over, atol=2.0 + 0.14 * left_over)


def test_legs_bend_and_feet_keep_their_height_and_their_turn_in_space():
    motion = gliding(500.0)
    mended = standing(motion, 34)
    legs = [CMU.joints.index(side + joint) for side in ("Left", "Right") for joint in ("UpLeg", "Leg", "Foot")]
    others = [joint for joint in range(len(CMU.joints)) if joint not in legs]
    np.testing.assert_array_equal(mended.expmaps[:, others], motion.expmaps[:, others])
    np.testing.assert_array_equal(mended.translation[:, 1], motion.translation[:, 1])
    before, after = (CMU.rotations_in_space(m.expmaps) for m in (motion, mended))
    np.testing.assert_allclose(after[:, [LEFT, RIGHT]], before[:, [LEFT, RIGHT]], atol=1e-6)
    heights = [m.positions()[:, [LEFT, RIGHT], 1] for m in (motion, mended)]
    np.testing.assert_allclose(*heights, atol=0.5)
    # The root makes up for a part, the legs for the rest: so they are bent otherwise than before.
    assert 0 < np.abs(mended.translation - motion.translation).max() * CMU.unit_mm < 500 / FPS * 6
    assert np.abs(mended.expmaps[-1, legs] - motion.expmaps[-1, legs]).max() > 0.01


def test_a_foot_that_swings_goes_on_and_its_leg_comes_back():
    motion = gliding(300.0, 60)
    rows = motion.rows.copy()
    # From frame 36 on the left foot is lifted, as when a step begins.
    lifted = np.clip((np.arange(60) - 36) / 6, 0, 1)
    rows[:, THIGH] += 0.6 * lifted
    rows[:, KNEE] -= 0.6 * lifted
    stepping = Motion(rows, CMU, FPS)
    mended = standing(stepping, 30)
    heights = stepping.positions()[:, [LEFT, RIGHT], 1]
    assert heights[-1, 0] - heights[0, 0] > 90
    left, right = speeds(mended)[46:].T
    assert right.max() < 5 < 100 < left.min()

    def ankles(m: Motion) -> np.ndarray:
        return m.positions()[:, CMU.joints.index("LeftFoot")] - m.positions()[:, 0]

    # Told from the root, the lifted leg is nearly where it was predicted; before, it was not.
    apart = np.linalg.norm(ankles(mended) - ankles(stepping), axis=-1)
    assert apart[-1] < 0.3 * apart.max() and apart.max() > 10


def test_every_motion_of_a_batch_is_mended_by_itself():
    one, two = gliding(300.0), gliding(700.0)
    both = standing(Motion(np.stack([one.rows, two.rows]), CMU, FPS), 30)
    np.testing.assert_allclose(both.one(0).rows, standing(one, 30).rows)
    np.testing.assert_allclose(both.one(1).rows, standing(two, 30).rows)


def test_a_person_in_the_air_flies_on():
    motion = gliding(500.0)
    rows = motion.rows.copy()
    rows[:, 1] += np.where(np.arange(40) < 22, 0, 5 * np.arange(40))
    flying = Motion(rows, CMU, FPS)
    np.testing.assert_allclose(standing(flying, 25).positions(), flying.positions(), atol=0.5)


def test_a_leg_that_cannot_reach_stretches_and_stays_a_leg():
    motion = gliding(590.0, 100)
    mended = standing(motion, 20)
    assert np.isfinite(mended.rows).all()
    places = mended.positions()
    for child in (KNEE // 3 - 1, LEFT):
        bone = np.linalg.norm(places[:, child] - places[:, CMU.parents[child]], axis=-1)
        np.testing.assert_allclose(bone, np.linalg.norm(CMU.offsets[child]), rtol=1e-6)
