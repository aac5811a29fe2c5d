"""Retargeting by joint name: CMU files exactly, other rest poses so that bones point where they pointed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.loading import load
from cs2s.errors import InputError
from cs2s.files.formats import load_motion
from cs2s.motion.joint_names import SCHEMES, find_scheme, plain_name
from cs2s.motion.motion import Motion
from cs2s.motion.retargeting import retarget
from cs2s.motion.rotations import rotmat_to_expmap
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton
from cs2s.workbook.stand_in import PERFORMER


def test_files_of_the_cmu_database_give_the_benchmarks_rows(reference):
    walking = reference / "data/cmu_mocap/test/walking/walking_1.txt"
    expected = np.loadtxt(walking, delimiter=",", max_rows=3)
    motion, report = retarget(load_motion(reference / "data/raw/35_01_first_frames.bvh"))
    np.testing.assert_allclose(motion.rows[:, 6:], expected[:, 6:], atol=2e-5, rtol=0)
    np.testing.assert_array_equal(motion.translation, expected[:, :3])
    assert motion.skeleton is CMU
    assert (report.missing, report.unused, report.turned) == ((), (), False)


def test_amc_and_bvh_of_one_performance_give_the_same_rows(reference):
    from_amc, report = retarget(load_motion(reference / "data/raw/01_01.amc"))
    from_bvh, _ = retarget(load_motion(reference / "data/raw/01_01.bvh"))
    np.testing.assert_allclose(from_amc.rows, from_bvh.rows[1:], atol=1e-4, rtol=0)
    assert report.scheme == "ASF"
    assert len(report.matched) == 31
    assert report.rest_degrees < 0.01


def test_a_motion_on_the_skeleton_keeps_its_rows():
    motion = next(iter(load("demo").motions.values()))
    again, _ = retarget(motion)
    assert again.rows is motion.rows
    metres = replace(motion, skeleton=replace(CMU, unit_mm=1000.0, offsets=CMU.offsets))
    np.testing.assert_allclose(retarget(metres)[0].translation, motion.translation * 1000 / CMU.unit_mm, rtol=1e-6)


THIGHS_AND_SHANKS = [
    np.linalg.norm(CMU.offsets[CMU.joints.index(side + joint)])
    for side in ("Left", "Right")
    for joint in ("Leg", "Foot")
]


def turned_at_random(skeleton: Skeleton, seed: int) -> Motion:
    rows = np.random.default_rng(seed).normal(scale=0.4, size=(5, skeleton.columns))
    return Motion(rows, skeleton, 30.0)


def bone_direction(motion: Motion, a: str, b: str) -> np.ndarray:
    """Return the direction of a bone in every frame, ``(frames, 3)``."""
    places = motion.positions()
    joints = motion.skeleton.joints
    vector = places[:, joints.index(b)] - places[:, joints.index(a)]
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True)


@pytest.mark.parametrize("skeleton", [PERFORMER, HUMAN36M], ids=["Mixamo", "Human3.6M"])
def test_bones_point_where_they_pointed(skeleton):
    source = turned_at_random(skeleton, 4)
    motion, report = retarget(source)
    assert report.scheme == ("Mixamo" if skeleton is PERFORMER else "Human3.6M")
    assert report.turned
    assert report.rest_degrees == pytest.approx(20 if skeleton is PERFORMER else 90, abs=1)
    for side in ("Left", "Right"):
        for a, b in (("UpLeg", "Leg"), ("Leg", "Foot"), ("Foot", "ToeBase"), ("Arm", "ForeArm"), ("ForeArm", "Hand")):
            expected = bone_direction(source, report.matched[side + a], report.matched[side + b])
            np.testing.assert_allclose(bone_direction(motion, side + a, side + b), expected, atol=1e-9)
    legs = {side: [report.matched[side + joint] for joint in ("Leg", "Foot")] for side in ("Left", "Right")}
    lengths = [np.linalg.norm(skeleton.offsets[skeleton.joints.index(name)]) for both in legs.values() for name in both]
    assert report.longer == pytest.approx(sum(THIGHS_AND_SHANKS) / sum(lengths))
    # The hips turn as they did.
    np.testing.assert_allclose(motion.expmaps[:, 0], source.expmaps[:, 0], atol=1e-9)


def test_a_skeleton_of_the_same_joints_with_another_rest_pose_is_turned():
    straight = CMU.offsets.copy()
    for side in ("Left", "Right"):
        for joint in ("Leg", "Foot"):
            straight[CMU.joints.index(side + joint)] = (0, -400, 0)
    source = turned_at_random(replace(CMU, offsets=straight), 2)
    motion, report = retarget(source)
    assert report.turned
    for bone in (("LeftUpLeg", "LeftLeg"), ("RightLeg", "RightFoot")):
        np.testing.assert_allclose(bone_direction(motion, *bone), bone_direction(source, *bone), atol=1e-9)


def test_the_way_is_that_of_the_hips_though_the_root_stays_on_the_ground():
    joints, parents = ("Reference", *PERFORMER.joints), (-1, *(parent + 1 for parent in PERFORMER.parents))
    offsets = np.concatenate([np.zeros((1, 3)), [[0, 950, 0]], PERFORMER.offsets[1:]])
    source = turned_at_random(Skeleton("grounded", joints, parents, offsets, 10.0), 5)
    motion, _ = retarget(source)
    hanging = replace(source, skeleton=PERFORMER, rows=np.delete(source.rows, np.s_[3:6], axis=1))
    # The same as of a body whose root the hips are, turned and moved by what is above them.
    turned = source.skeleton.rotations_in_space(source.expmaps)
    expmaps = hanging.expmaps.copy()
    expmaps[:, 0] = rotmat_to_expmap(turned[:, 1])
    alone = Motion.from_parts(source.positions()[:, 1] / 10, expmaps, PERFORMER, 30.0)
    np.testing.assert_allclose(motion.rows, retarget(alone)[0].rows, atol=1e-9)


def test_what_a_joint_between_adds_is_not_lost():
    source = replace(CMU, joints=tuple("Chest" if name == "Spine1" else name for name in CMU.joints))
    given = turned_at_random(source, 6)
    motion, report = retarget(given)
    assert report.missing == ("Spine1",)
    assert report.unused == ("Chest",)
    spine1, neck = CMU.joints.index("Spine1"), CMU.joints.index("Neck")
    assert not motion.expmaps[:, spine1].any()
    chest, own = (Rotation.from_rotvec(-given.expmaps[:, joint]) for joint in (spine1, neck))
    assert ((chest * own).inv() * Rotation.from_rotvec(-motion.expmaps[:, neck])).magnitude().max() < 1e-9


def test_the_report_tells_what_is_missing_and_left_out():
    text = str(retarget(turned_at_random(PERFORMER, 1))[1])
    assert "joint names as in Mixamo: 26 of the 31 CMU joints found" in text
    assert "do not turn: LHipJoint, RHipJoint, Neck1, 2 finger joints" in text
    assert "left out: 2 finger joints" in text
    assert "bones turned to point as in the file" in text
    assert "legs 1.13 times as long as the CMU skeleton's: way times 0.88" in text
    assert len(text.splitlines()) == 5


def test_prefixes_and_case_do_not_matter():
    assert (
        plain_name("mixamorig:LeftArm") == plain_name("mixamorig12_LEFTARM") == plain_name("a:b:LeftArm") == "leftarm"
    )
    for prefix in ("", "mixamorig_", "Character1:"):
        joints = tuple(prefix + name.rpartition(":")[2] for name in PERFORMER.joints)
        assert find_scheme(joints)[0] == "Mixamo"


def test_each_scheme_names_only_cmu_joints_and_both_sides():
    ends = {CMU.joints[end] for end in CMU.end_sites}
    for table in SCHEMES.values():
        assert set(table) <= set(CMU.joints) - ends
        flat = [name for names in table.values() for name in names]
        assert len(set(flat)) == len(flat)
        for joint in table:
            if joint.startswith("Left"):
                assert joint.replace("Left", "Right") in table
    assert find_scheme(HUMAN36M.joints)[0] == "Human3.6M"
    assert find_scheme(CMU.joints) == ("CMU BVH", {j: j for j in CMU.joints if j not in ends})


def test_what_is_no_person_is_refused():
    snake = Skeleton("snake", ("a", "b"), (-1, 0), np.ones((2, 3)), 1.0)
    with pytest.raises(InputError, match=r"named as in no scheme known here .* by --names FILE, a text of lines like"):
        retarget(Motion(np.zeros((2, 9)), snake, 30.0))
    flat = replace(PERFORMER, offsets=PERFORMER.offsets * [0, 1, 1])
    with pytest.raises(InputError, match="left and right legs and arms start at one place"):
        retarget(Motion(np.zeros((2, flat.columns)), flat, 30.0))


def test_hips_without_width_are_told_by_the_arms():
    narrow = PERFORMER.offsets.copy()
    for name in ("LeftUpLeg", "RightUpLeg"):
        narrow[PERFORMER.joints.index(f"mixamorig:{name}")] = (0, -50, 0)
    source = turned_at_random(replace(PERFORMER, offsets=narrow), 4)
    motion, _ = retarget(source)
    np.testing.assert_allclose(motion.expmaps[:, 0], source.expmaps[:, 0], atol=1e-9)
