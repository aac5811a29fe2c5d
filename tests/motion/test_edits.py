"""What if: every edit changes what it says and nothing else, held against plain loops and SciPy's rotations."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.windows import halved
from cs2s.errors import InputError
from cs2s.motion.edits import (
    LIMBS,
    at_rest,
    bent,
    faster,
    frames_lost,
    held,
    limb,
    noisy,
    shifted,
    turned_and_moved,
)
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat
from cs2s.motion.skeleton import CMU, HUMAN36M

ELBOW = CMU.joints.index("LeftForeArm")


@pytest.fixture(scope="module")
def walk(demo) -> Motion:
    (take,) = [halved(m) for take, m in demo.motions.items() if take.action == "walking" and take.take == 2][:1]
    return take[:60]


def columns(joints):
    return [3 + 3 * joint + axis for joint in joints for axis in range(3)]


def test_a_held_joint_stays_and_all_others_go_on(walk):
    edited = held(walk, "LeftForeArm", 20)
    expected = walk.rows.copy()
    for frame in range(21, 60):
        expected[frame, columns([ELBOW])] = expected[20, columns([ELBOW])]
    np.testing.assert_array_equal(edited.rows, expected)
    assert not np.array_equal(expected, walk.rows)


def test_a_bent_joint_turns_what_hangs_from_it_about_the_limbs_own_axes(walk):
    degrees = np.array([0, -50, 20])
    edited = bent(walk, "LeftForeArm", degrees)
    rest = np.delete(np.arange(CMU.columns), columns([ELBOW]))
    np.testing.assert_array_equal(edited.rows[:, rest], walk.rows[:, rest])
    below = [joint for joint in limb(CMU, "left arm") if joint > ELBOW]
    moved = np.linalg.norm(edited.positions() - walk.positions(), axis=-1).max(axis=0)
    assert set(np.flatnonzero(moved > 1)) <= set(below) and moved[CMU.joints.index("LeftHand")] > 100
    for frame in (0, 30):
        # Usual rotations of column vectors; files hold minus the vector.
        old = Rotation.from_rotvec(-walk.expmaps[frame, ELBOW])
        new = Rotation.from_rotvec(-edited.expmaps[frame, ELBOW])
        assert (new.inv() * old * Rotation.from_rotvec(np.radians(degrees))).magnitude() == pytest.approx(0, abs=1e-6)


def test_a_joint_that_rests_bends_by_the_angle_about_the_usual_axis():
    still = Motion(np.zeros((2, CMU.columns)), CMU, 25.0)
    # A left arm points along x; turned by 90 degrees about z it points up.
    raised = bent(still, "LeftArm", (0, 0, 90)).positions()[0]
    arm, elbow = (CMU.joints.index(name) for name in ("LeftArm", "LeftForeArm"))
    assert raised[elbow, 1] - raised[arm, 1] == pytest.approx(CMU.offsets[elbow, 0])


def test_a_lost_limb_rests(walk):
    joints = limb(CMU, "right leg")
    assert [CMU.joints[joint] for joint in joints] == [
        "RightUpLeg",
        "RightLeg",
        "RightFoot",
        "RightToeBase",
        "RightToeBaseEnd",
    ]
    edited = at_rest(walk, joints, 10)
    expected = walk.rows.copy()
    expected[10:, columns(joints)] = 0
    np.testing.assert_array_equal(edited.rows, expected)
    for skeleton in (CMU, HUMAN36M):
        for name in LIMBS:
            sides = {skeleton.side(joint) for joint in limb(skeleton, name)}
            # Human3.6M calls some joints of hands after no side.
            assert name.split()[0] in sides and not sides & ({"left", "right"} - {name.split()[0]})


def test_a_shift_shows_what_was_and_keeps_the_ends(walk):
    for frames in (-7, 0, 12):
        edited = shifted(walk, frames)
        for frame in range(60):
            np.testing.assert_array_equal(edited.rows[frame], walk.rows[min(59, max(0, frame - frames))])


def test_twice_as_fast_is_every_second_frame_and_half_as_fast_is_between(walk):
    quick = faster(walk, 2, about=49)
    assert quick.fps == walk.fps and len(quick) == len(walk)
    for frame in (30, 40, 49, 54):
        told = 49 + 2 * (frame - 49)
        turned = Rotation.from_rotvec(quick.expmaps[frame]) * Rotation.from_rotvec(walk.expmaps[told]).inv()
        assert np.abs(turned.magnitude()).max() < 1e-5
        np.testing.assert_allclose(quick.translation[frame], walk.translation[told], atol=1e-5)
    np.testing.assert_allclose(quick.positions()[:25], np.repeat(walk.positions()[:1], 25, axis=0), atol=0.01)
    slow = faster(walk, 0.5, about=49)
    halfway = Rotation.from_rotvec(slow.expmaps[48]) * Rotation.from_rotvec(walk.expmaps[48]).inv()
    whole = Rotation.from_rotvec(walk.expmaps[49]) * Rotation.from_rotvec(walk.expmaps[48]).inv()
    np.testing.assert_allclose(halfway.magnitude(), whole.magnitude() / 2, atol=1e-5)


def test_noise_is_as_large_as_asked_anew_in_each_frame_and_leaves_still_joints(walk):
    edited = noisy(walk, 4, seed=1)
    np.testing.assert_array_equal(edited.rows, noisy(walk, 4, seed=1).rows)
    assert not np.array_equal(edited.rows, noisy(walk, 4, seed=2).rows)
    moving = [joint for joint in range(38) if np.ptp(walk.expmaps[:, joint], axis=0).max() > 1e-6]
    still = [joint for joint in range(38) if joint not in moving]
    assert still and len(moving) > 15
    np.testing.assert_array_equal(edited.expmaps[:, still], walk.expmaps[:, still])
    np.testing.assert_array_equal(edited.translation, walk.translation)
    old, new = (Rotation.from_matrix(expmap_to_rotmat(m.expmaps[:, moving]).reshape(-1, 3, 3)) for m in (walk, edited))
    shaken = np.degrees((new * old.inv()).as_rotvec())
    assert shaken.std() == pytest.approx(4, rel=0.03) and abs(shaken.mean()) < 0.2
    steps = np.diff(shaken.reshape(60, len(moving), 3), axis=0)
    assert steps.std() == pytest.approx(4 * np.sqrt(2), rel=0.05)
    np.testing.assert_allclose(noisy(walk, 0).positions(), walk.positions(), atol=0.01)


def test_in_the_place_of_a_lost_frame_stands_the_last_one_seen(walk):
    edited = frames_lost(walk, 0.5, seed=3)
    lost = 0
    for frame in range(60):
        before = edited.rows[max(0, frame - 1)]
        was_seen = np.array_equal(edited.rows[frame], walk.rows[frame])
        assert was_seen or np.array_equal(edited.rows[frame], before)
        lost += not was_seen
    assert 20 <= lost <= 40
    np.testing.assert_array_equal(frames_lost(walk, 0).rows, walk.rows)
    np.testing.assert_array_equal(frames_lost(walk, 1).rows, np.repeat(walk.rows[:1], 60, axis=0))


def test_turned_and_moved_keeps_the_shape_and_takes_the_hips_where_they_should_be(walk):
    edited = turned_and_moved(walk, 90, (2, -1), about=49)
    old, new = walk.positions(), edited.positions()
    np.testing.assert_allclose(new[49, 0] - old[49, 0], [2000, 0, -1000], atol=0.01)
    for frame in (0, 49, 59):
        for joint in (0, 5, 21, 37):
            # A quarter turn from z to x takes (x, z) to (z, -x).
            x, y, z = old[frame, joint] - old[49, 0]
            expected = old[49, 0] + [z + 2000, y, -x - 1000]
            np.testing.assert_allclose(new[frame, joint], expected, atol=0.01)


def test_a_relative_root_is_made_absolute_before_it_is_turned():
    steps = np.zeros((5, HUMAN36M.columns))
    steps[:, 2] = 10.0
    edited = turned_and_moved(Motion(steps, HUMAN36M, 25.0, root="relative"), 90, about=0)
    hips = edited.positions()[:, 0]
    np.testing.assert_allclose(np.diff(hips, axis=0), np.tile([10.0, 0, 0], (4, 1)), atol=1e-6)


def test_batches_are_edited_one_by_one(walk):
    pair = [walk[:50], walk[10:]]
    batch = Motion.stacked(pair)
    for edit in (
        lambda motion: held(motion, "Spine", 5),
        lambda motion: bent(motion, "RightArm", (10, 20, 30)),
        lambda motion: at_rest(motion, [3, 4], 7),
        lambda motion: shifted(motion, 4),
        lambda motion: frames_lost(motion, 0.3, 5),
        lambda motion: turned_and_moved(motion, 40, (1, 2), 20),
    ):
        np.testing.assert_allclose(edit(batch).rows, [edit(one).rows for one in pair], atol=1e-6)


def test_nothing_is_changed_in_place_and_the_rate_stays(walk):
    before = walk.rows.copy()
    edits = [held(walk, "Head"), bent(walk, "Head", (9, 0, 0)), at_rest(walk, [4]), shifted(walk, 3)]
    edits += [faster(walk, 1.5), noisy(walk, 9), frames_lost(walk, 0.5), turned_and_moved(walk, 9)]
    np.testing.assert_array_equal(walk.rows, before)
    assert {(len(edited), edited.fps) for edited in edits} == {(len(walk), walk.fps)}


def test_what_makes_no_sense_is_refused(walk):
    for edit, words in (
        (lambda: held(walk, "Tail"), "no joint 'Tail'"),
        (lambda: held(walk, "Head", 60), "no frame 60"),
        (lambda: bent(walk, "Tail", (0, 0, 0)), "no joint 'Tail'"),
        (lambda: limb(CMU, "tail"), "no limb 'tail'"),
        (lambda: faster(walk, 0), "0 times as fast"),
        (lambda: faster(walk, np.nan), "nan times"),
        (lambda: frames_lost(walk, 1.2), "share of 1.2"),
    ):
        with pytest.raises(InputError, match=words):
            edit()


def test_single_precision_stays_close(walk):
    """Windows of the data sets are of single precision."""
    single = replace(walk, rows=walk.rows.astype(np.float32))
    np.testing.assert_allclose(
        bent(single, "LeftArm", (0, 90, 0)).rows, bent(walk, "LeftArm", (0, 90, 0)).rows, atol=1e-5
    )
