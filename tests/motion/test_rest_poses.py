"""The same motion, whatever the rest pose and the axes of the file: the same places and twists on the CMU skeleton."""

from dataclasses import replace

import numpy as np
import pytest
from other_rest_poses import about, along_x, anyhow, reframed, resting_as, twisted
from scipy.spatial.transform import Rotation

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.motion.motion import Motion
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU
from cs2s.workbook.stand_in import PERFORMER, perform

Z_UP = about("x", 90)
ARMS = {"A": 45, "arms down": 85}


@pytest.fixture(scope="module")
def walks():
    walk = load("demo").motions[TakeId("test", "", "walking", 1)][200:500:4]
    # Another rest pose, so that it is nobody of the CMU database.
    body = reframed(walk, resting_as(CMU, LeftArm=("z", -8), RightArm=("z", 8)))
    return {"CMU": body, "Mixamo": perform(walk)}


def variants(skeleton):
    """Return name -> frames of joints, and whether a rest pose of a person is left."""
    return {
        **{
            name: (resting_as(skeleton, LeftArm=("z", -down), RightArm=("z", down)), True)
            for name, down in ARMS.items()
        },
        "lying": ([Z_UP.T] * len(skeleton.joints), True),
        "looking back": ([about("y", 180)] * len(skeleton.joints), True),
        "along x": (along_x(skeleton), False),
        "anyhow": (anyhow(skeleton, 1), False),
        "otherwise": (anyhow(skeleton, 2), False),
    }


def seen_from_hips(motion: Motion) -> np.ndarray:
    """Return how far joints are from the hips, upward and along the ground: no heading changes it; millimetres."""
    away = motion.positions() - motion.positions()[:, :1]
    return np.stack([away[..., 1], np.hypot(away[..., 0], away[..., 2])], axis=-1)


@pytest.mark.parametrize("body", ["CMU", "Mixamo"])
@pytest.mark.parametrize("name", list(variants(CMU)))
@pytest.mark.parametrize("world", ["y", "z"])
def test_joints_are_where_they_were(walks, body, name, world):
    walk = walks[body]
    frames, person = variants(walk.skeleton)[name]
    expected, _ = retarget(walk)
    motion, report = retarget(reframed(walk, frames, Z_UP if world == "z" else None))
    assert (report.up, report.of_frames) == (world, not person)
    # Spines leave hips at other angles, and fingers have no direction.
    within = 1e-6 if person else 8 if body == "CMU" else 15
    np.testing.assert_allclose(seen_from_hips(motion), seen_from_hips(expected), atol=within)
    moved, expected_moved = (np.linalg.norm(np.diff(one.translation, axis=0), axis=-1) for one in (motion, expected))
    np.testing.assert_allclose(moved, expected_moved, atol=0.1)
    assert motion.positions()[..., 1].min() == pytest.approx(expected.positions()[..., 1].min(), abs=within + 1e-6)
    # Knees and elbows bend about the axes that they have, and nothing is twisted by much.
    off = Rotation.from_rotvec(motion.expmaps[:, 1:].reshape(-1, 3)).inv()
    off *= Rotation.from_rotvec(np.asarray(expected.expmaps[:, 1:], np.float64).reshape(-1, 3))
    degrees = np.degrees(off.magnitude()).reshape(len(motion), -1).mean(axis=0)
    assert degrees.max() < (1e-4 if person else 20), CMU.joints[1 + int(np.argmax(degrees))]
    legs = [CMU.joints.index(side + bone) - 1 for side in ("Left", "Right") for bone in ("UpLeg", "Leg", "Foot")]
    assert degrees[legs].max() < (1e-4 if person else 6)


@pytest.mark.parametrize("body", ["CMU", "Mixamo"])
@pytest.mark.parametrize("degrees", [90, -120, 180])
def test_twisted_frames_are_found_by_how_knees_and_elbows_bend(walks, body, degrees):
    walk = walks[body]
    expected, plain = retarget(walk)
    assert plain.twisted == ()
    motion, report = retarget(reframed(walk, twisted(walk.skeleton, degrees)))
    assert {"LeftUpLeg", "RightUpLeg", "LeftLeg", "RightLeg", "LeftArm", "RightArm"} <= set(report.twisted)
    assert "twist about the bone as knees and elbows bend" in str(report)
    off = Rotation.from_rotvec(motion.expmaps[:, 1:].reshape(-1, 3)).inv()
    off *= Rotation.from_rotvec(np.asarray(expected.expmaps[:, 1:], np.float64).reshape(-1, 3))
    assert np.degrees(off.magnitude()).reshape(len(motion), -1).mean(axis=0).max() < 25


def test_a_small_twist_is_the_persons(walks):
    motion, report = retarget(reframed(walks["Mixamo"], twisted(PERFORMER, 20)))
    assert report.twisted == ()
    expected, _ = retarget(walks["Mixamo"])
    np.testing.assert_allclose(seen_from_hips(motion)[:, 2:5], seen_from_hips(expected)[:, 2:5], atol=1e-6)


def test_a_straight_leg_tells_no_twist(walks):
    still = Motion(np.zeros((30, PERFORMER.columns)), PERFORMER, 30.0)
    _, report = retarget(reframed(still, twisted(PERFORMER, 90)))
    assert not {"LeftUpLeg", "LeftArm"} & set(report.twisted)


def test_bones_that_end_without_a_joint_point_as_their_ends(walks):
    renamed = {"LeftToeBase": "LeftFootEnd", "RightToeBase": "RightFootEnd"}
    joints = tuple(renamed.get(name.rpartition(":")[2], name) for name in PERFORMER.joints)
    expected, _ = retarget(walks["Mixamo"])
    motion, report = retarget(replace(walks["Mixamo"], skeleton=replace(PERFORMER, joints=joints)))
    assert "LeftToeBase" in report.missing
    toes = CMU.joints.index("LeftToeBase")
    np.testing.assert_allclose(seen_from_hips(motion)[:, toes], seen_from_hips(expected)[:, toes], atol=1e-6)
