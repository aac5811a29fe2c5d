"""Forward kinematics against the original's numbers and a joint-by-joint loop."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.loading import load
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M

ORIGINAL_CMU_UNIT = 70.0


@pytest.fixture(scope="module")
def original(golden):
    with np.load(golden / "original_kinematics.npz") as printed:
        return dict(printed)


@pytest.fixture(scope="module")
def recorded(reference):
    """What the original computes of six recorded frames, which are therefore not among our golden numbers."""
    with np.load(reference / "golden" / "original_kinematics.npz") as printed:
        return dict(printed)


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda s: s.name)
def test_forward_kinematics_equals_a_walk_down_each_chain(skeleton):
    draws = np.random.default_rng(1)
    expmaps = draws.normal(size=(len(skeleton.joints), 3))
    translation = draws.normal(size=3)
    positions = skeleton.forward_kinematics(expmaps, translation)
    # Independent way: column vectors, so each turn is the inverse of the stored map, summed from joint to root.
    for joint in range(len(skeleton.joints)):
        vector, at = np.zeros(3), joint
        while at >= 0:
            vector = skeleton.offsets[at] + Rotation.from_rotvec(-expmaps[at]).apply(vector)
            at = skeleton.parents[at]
        np.testing.assert_allclose(positions[joint], vector + translation * skeleton.unit_mm, atol=1e-9)


def test_cmu_positions_equal_the_original_with_its_quirks_put_in(recorded):
    # The original multiplies offsets by 70 and adds the root translation, unscaled, with its components reversed.
    for frames, xyz in (("cmu_frames", "cmu_xyz_raw"), ("cmu_reverted", "cmu_xyz")):
        motion = Motion(recorded[frames].astype(float), CMU, 60.0)
        bones = CMU.forward_kinematics(motion.expmaps, np.zeros((6, 3))) / CMU.unit_mm * ORIGINAL_CMU_UNIT
        quirky = bones + motion.translation[:, None, ::-1]
        np.testing.assert_allclose(quirky[..., [0, 2, 1]], recorded[xyz], atol=1e-3)
        right = bones + motion.translation[:, None]
        assert np.abs(right[..., [0, 2, 1]] - recorded[xyz]).max() > 10


def test_human36m_positions_equal_the_original_with_its_quirk_put_in(original):
    # The original adds columns 3k+4, 3k+5, 3k+3 to the offset of the k-th joint that is not an end site.
    inner = [j for j in range(32) if j not in (5, 10, 15, 21, 23, 29, 31)]
    for frames, xyz in (("h36m_frames", "h36m_xyz_raw"), ("h36m_reverted", "h36m_xyz")):
        rows = original[frames].astype(float)
        for row, expected in zip(rows, original[xyz], strict=True):
            offsets = HUMAN36M.offsets.copy()
            for k, joint in enumerate(inner):
                offsets[joint] += row[[3 * k + 4, 3 * k + 5, 3 * k + 3]]
            quirky = type(HUMAN36M)("quirky", HUMAN36M.joints, HUMAN36M.parents, offsets, 1.0)
            positions = quirky.forward_kinematics(row[3:].reshape(32, 3), np.zeros(3))
            np.testing.assert_allclose(positions[:, [0, 2, 1]], expected, atol=1e-3)
        # How much the quirk moves a joint, in millimetres: up to 3 or so.
        right = HUMAN36M.forward_kinematics(rows[:, 3:].reshape(-1, 32, 3), np.zeros((len(rows), 3)))
        assert 1 < np.abs(right[..., [0, 2, 1]] - original[xyz]).max() < 6


def test_reverting_human36m_coordinates_equals_the_original(original):
    motion = Motion(original["h36m_frames"].astype(float), HUMAN36M, 25.0, root="relative")
    np.testing.assert_allclose(motion.in_world().rows, original["h36m_reverted"], atol=1e-5)


def test_cmu_translation_in_the_world_is_turned_by_the_start_rotation(recorded):
    # The original's start "rotation" is singular, so only its translation has a meaning.
    start = np.array([[0.0, 0, -1], [0, 1, 0], [0, 0, -1]])
    expected = recorded["cmu_frames"][:, :3].astype(float) @ start
    np.testing.assert_allclose(recorded["cmu_reverted"][:, :3], expected, atol=1e-4)


def test_skeletons_equal_the_originals(golden):
    printed = json.loads((golden / "skeletons.json").read_text())
    for skeleton, unit in ((CMU, CMU.unit_mm), (HUMAN36M, 1.0)):
        facts = printed[skeleton.name.lower()]
        assert list(skeleton.joints) == facts["names"]
        assert list(skeleton.parents) == facts["parents"]
        np.testing.assert_allclose(skeleton.offsets / unit, facts["offsets"])


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda s: s.name)
def test_sides_are_told_by_name_and_agree_with_where_the_joints_are(skeleton):
    for joint, name in enumerate(skeleton.joints):
        side = skeleton.side(joint)
        assert (side == "left") == (name.startswith("Left") or name in ("LHipJoint", "LThumb", "LThumbEnd"))
        assert (side == "right") == (name.startswith("Right") or name in ("RHipJoint", "RThumb", "RThumbEnd"))
    standing = skeleton.forward_kinematics(np.zeros((len(skeleton.joints), 3)), np.zeros(3))
    left, right = (standing[skeleton.joints.index(f"{side}Leg"), 0] for side in ("Left", "Right"))
    assert left > 0 > right


def test_the_cmu_person_is_of_human_size():
    standing = CMU.forward_kinematics(np.zeros((38, 3)), np.zeros(3))
    height = np.ptp(standing[:, 1])
    assert 1350 < height < 1550  # a short trunk: the benchmark's skeleton lacks the thorax bone


def test_a_recorded_walk_is_upright_and_keeps_to_the_ground(cmu_folder):
    dataset = load("cmu", cmu_folder)
    for take, motion in dataset.motions.items():
        if take.action == "walking":
            positions = motion[dataset.description.t_pose_rows :].positions()
            feet = [CMU.joints.index(f"{side}{part}") for side in ("Left", "Right") for part in ("Foot", "ToeBase")]
            lowest = positions[:, feet, 1].min(axis=1)
            assert np.abs(lowest - np.median(lowest)).max() < 100, "the lowest foot joint, millimetres"
            head, hips = (positions[:, CMU.joints.index(name), 1] for name in ("Head", "Hips"))
            assert (head > hips + 300).all()
            assert (hips > lowest + 500).all()


def test_a_motion_of_another_skeleton_is_refused():
    with pytest.raises(ValueError, match="117 numbers"):
        Motion(np.zeros((5, 99)), CMU, 60.0)
    with pytest.raises(ValueError, match="38 joints"):
        CMU.forward_kinematics(np.zeros((5, 32, 3)), np.zeros((5, 3)))


def test_slicing_a_motion_keeps_its_time():
    motion = Motion(np.zeros((100, 117)), CMU, 120.0)
    assert motion[::2].fps == 60.0
    assert motion[::2].seconds == motion.seconds
    assert len(motion[10:20]) == 10
