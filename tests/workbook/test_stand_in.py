"""The stand-in for a reader's own file: another body that does the same, and a BVH file with other habits."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.files.bvh import load_bvh
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU
from cs2s.workbook.stand_in import PERFORMER, perform, save_as_elsewhere, save_stranger, with_z_up


@pytest.fixture(scope="module")
def walk():
    return load("demo").motions[TakeId("test", "", "walking", 1)][200:260]


def directions(motion, start, end):
    places, joints = motion.positions(), motion.skeleton.joints
    bone = places[:, joints.index(end)] - places[:, joints.index(start)]
    return bone / np.linalg.norm(bone, axis=-1, keepdims=True)


@pytest.mark.parametrize("bone", [("UpLeg", "Leg"), ("Leg", "Foot"), ("Foot", "ToeBase"), ("ForeArm", "Hand")])
def test_bones_of_the_performer_point_where_they_point_in_the_motion(walk, bone):
    performed = perform(walk)
    for side in ("Left", "Right"):
        theirs = directions(performed, *(f"mixamorig:{side}{joint}" for joint in bone))
        np.testing.assert_allclose(theirs, directions(walk, *(side + joint for joint in bone)), atol=1e-6)


def test_the_performer_stands_on_the_same_floor(walk):
    lowest = [motion.positions()[..., 1].min() for motion in (perform(walk), walk)]
    assert lowest[0] == pytest.approx(lowest[1], abs=20)
    height = PERFORMER.rest[:, 1]
    assert 1600 < np.ptp(height) < 1900


def test_back_on_the_cmu_skeleton_it_is_the_motion_that_it_was(walk):
    again, report = retarget(perform(walk))
    assert (report.scheme, report.turned) == ("Mixamo", True)
    for name in report.matched:
        # The performer has no Neck1: what it turns goes into the head. Fingers have no direction to keep.
        if name == "Head" or "Thumb" in name or "Index" in name:
            continue
        joint = CMU.joints.index(name)
        off = Rotation.from_rotvec(-again.expmaps[:, joint]).inv() * Rotation.from_rotvec(-walk.expmaps[:, joint])
        assert off.magnitude().max() < 1e-6, name


@pytest.mark.parametrize("order", ["ZXY", "XYZ", "YXZ"])
def test_the_file_has_other_habits_and_says_the_same(walk, tmp_path, order):
    performed = perform(walk)
    path = save_as_elsewhere(performed, tmp_path / "a.bvh", order)
    content = path.read_bytes()
    assert b"\r\n" in content and b"\n" not in content.replace(b"\r\n", b"")
    assert f"CHANNELS 3 {order[0]}rotation {order[1]}rotation {order[2]}rotation".encode() in content
    again = load_bvh(path)
    assert (again.skeleton.joints, again.skeleton.unit_mm, again.fps) == (PERFORMER.joints, 10.0, 50)
    np.testing.assert_allclose(again.positions(), performed.positions(), atol=0.05)


def test_with_z_up_it_is_the_same_movement_in_other_axes(walk):
    performed = perform(walk)
    told = with_z_up(performed)
    x, y, z = np.moveaxis(performed.positions(), -1, 0)
    np.testing.assert_allclose(told.positions(), np.stack([x, -z, y], axis=-1), atol=1e-6)
    back, _ = retarget(told, up="z")
    np.testing.assert_allclose(back.rows, retarget(performed)[0].rows, atol=1e-6)


def test_the_stranger_is_saved_twice_once_at_a_rate_that_lies(walk, tmp_path):
    stranger = save_stranger(walk, tmp_path)
    mended, odd = (load_bvh(tmp_path / f"{name}.bvh") for name in ("mended", "stranger"))
    assert (stranger.fps, mended.fps, odd.fps) == (30, 30, 10)
    assert not mended.notes and any("no usual rate" in note for note in odd.notes)
    np.testing.assert_array_equal(odd.rows, mended.rows)
    x, y, z = np.moveaxis(stranger.positions(), -1, 0)
    np.testing.assert_allclose(mended.positions(), np.stack([x, -z, y], axis=-1), atol=0.05)
