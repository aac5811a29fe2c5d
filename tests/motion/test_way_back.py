"""From the CMU skeleton back onto a file's own: there and back is where one was, and feet stay where they stood."""

from dataclasses import replace

import numpy as np
import pytest
from other_rest_poses import about, along_x, anyhow, reframed
from scipy.spatial.transform import Rotation

from cs2s.datasets.loading import load
from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.rest_poses import end_of_bone
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton
from cs2s.workbook.stand_in import PERFORMER, perform


@pytest.fixture(scope="module")
def walk() -> Motion:
    """A walk of the CMU skeleton, smoothly resampled to 60 frames a second."""
    motion = next(iter(load("demo").motions.values()))[:600:2]
    return replace(motion, fps=60.0)


def grown(motion: Motion, by: float) -> Motion:
    """Return the same of a person who is so many times as tall."""
    skeleton = replace(motion.skeleton, offsets=motion.skeleton.offsets * by)
    return Motion.from_parts(motion.translation * by, motion.expmaps, skeleton, motion.fps)


def bodies(walk: Motion) -> dict[str, Motion]:
    mixamo = perform(walk)
    grounded = Skeleton(
        "grounded",
        ("ground", *PERFORMER.joints),
        (-1, *(parent + 1 for parent in PERFORMER.parents)),
        np.concatenate([np.zeros((1, 3)), [[0, 900, 0]], PERFORMER.offsets[1:]]),
        10.0,
    )
    on_ground = np.concatenate([np.zeros((len(walk), 1, 3)), mixamo.expmaps], axis=1)
    return {
        "CMU": walk,
        "Mixamo": mixamo,
        "child": grown(mixamo, 0.6),
        "z up": reframed(mixamo, [about("x", 90).T] * len(PERFORMER.joints), about("x", 90)),
        "along x": reframed(mixamo, along_x(PERFORMER)),
        "anyhow": reframed(mixamo, anyhow(PERFORMER, 3), about("x", 90)),
        "grounded": Motion.from_parts(mixamo.translation - [0, 90, 0], on_ground, grounded, walk.fps),
    }


@pytest.mark.parametrize("name", ["CMU", "Mixamo", "child", "z up", "along x", "anyhow", "grounded"])
def test_there_and_back_joints_turn_as_they_did(walk, name):
    source = bodies(walk)[name]
    motion, report = retarget(source)
    again = report.back(motion)
    assert (again.skeleton, again.fps) == (source.skeleton, source.fps)
    matched = [source.skeleton.joints.index(joint) for joint in report.matched.values()]
    there, back = (Rotation.from_rotvec(np.asarray(one.expmaps)[:, matched].reshape(-1, 3)) for one in (source, again))
    assert (there.inv() * back).magnitude().max() < 1e-6
    np.testing.assert_allclose(again.positions(), source.positions(), atol=10)
    # Without a step where a prediction begins.
    going_on = report.back.going_on(motion[-10:], 30.0)
    np.testing.assert_allclose(going_on.rows[0], source.rows[-1], atol=1e-6)
    assert (len(going_on), going_on.fps) == (6, 30)


def test_joints_that_cmu_does_not_know_keep_their_last_rotation(walk):
    source = perform(walk)
    fingers = [PERFORMER.joints.index(f"mixamorig:LeftHandIndex{n}") for n in (2, 3)]
    expmaps = source.expmaps.copy()
    expmaps[:, fingers] = np.linspace(0, 1, len(walk))[:, None, None] * [0.3, 0.2, 0.1]
    source = Motion.from_parts(source.translation, expmaps, PERFORMER, source.fps)
    motion, report = retarget(source)
    again = report.back(motion[:20])
    np.testing.assert_allclose(again.expmaps[:, fingers], np.broadcast_to([0.3, 0.2, 0.1], (20, 2, 3)), atol=1e-9)


def test_a_joint_between_that_moved_is_made_up_for_by_the_next(walk):
    skeleton = replace(CMU, joints=tuple("Chest" if name == "Spine1" else name for name in CMU.joints))
    source = replace(walk, skeleton=skeleton)
    motion, report = retarget(source)
    again = report.back(motion)
    neck = CMU.joints.index("Neck")
    there, back = (skeleton.rotations_in_space(np.asarray(one.expmaps))[:, neck] for one in (source, again))
    np.testing.assert_allclose(back, there, atol=1e-9)


def floor(motion: Motion) -> float:
    return float(np.percentile(motion.positions()[..., 1].min(axis=-1), 5))


def standing_steps(motion: Motion, points: list[int]) -> np.ndarray:
    """Return how fast points go along the ground, ``(frames - 1, points)``, mm/s."""
    return np.linalg.norm(np.diff(motion.positions()[:, points][..., [0, 2]], axis=0), axis=-1) * motion.fps


def treads(skeleton_scale: float) -> Motion:
    """Return a made-up walk of the performer with a foot nailed to the ground in each half of its cycle."""
    frames, cycle, step = 240, 60, 0.45
    phase = 2 * np.pi * np.arange(frames) / cycle
    expmaps = np.zeros((frames, len(PERFORMER.joints), 3))
    for side, sign in (("Left", 1), ("Right", -1)):
        hip, knee = (PERFORMER.joints.index(f"mixamorig:{side}{bone}") for bone in ("UpLeg", "Leg"))
        expmaps[:, hip, 0] = sign * step * np.sin(phase)
        expmaps[:, knee, 0] = -0.9 * np.clip(sign * np.cos(phase), 0, None) ** 2
        arm = PERFORMER.joints.index(f"mixamorig:{side}Arm")
        expmaps[:, arm, 2] = sign * 1.3
    still = Motion.from_parts(np.zeros((frames, 3)), expmaps, PERFORMER, 60.0)
    feet = still.positions()[:, [PERFORMER.joints.index(f"mixamorig:{side}ToeBase") for side in ("Left", "Right")]]
    lower = np.argmin(feet[..., 1], axis=1)
    along = np.take_along_axis(np.diff(feet[..., 2], axis=0), lower[1:, None], axis=1)[:, 0]
    place = np.zeros((frames, 3))
    place[1:, 2] = -np.cumsum(along)
    place[:, 1] = -feet[np.arange(frames), lower, 1]
    walk = Motion.from_parts(place / PERFORMER.unit_mm, expmaps, PERFORMER, 60.0)
    return grown(walk, skeleton_scale)


@pytest.mark.parametrize("scale", [0.6, 0.75, 1.0, 1.2])
def test_feet_that_stand_do_so_on_the_cmu_skeleton_and_back(scale):
    source = treads(scale)
    motion, report = retarget(source)
    assert report.longer == pytest.approx(0.8818 / scale, abs=1e-3)
    theirs = [end_of_bone(source.skeleton, report.back.where, side + "Foot") for side in ("Left", "Right")]
    ours = [CMU.joints.index(side + "ToeBase") for side in ("Left", "Right")]
    heights = source.positions()[1:, theirs, 1]
    true = standing_steps(source, theirs)
    stands = (true < 60) & (heights < np.percentile(heights, 10) + 30)
    assert stands.sum() > 150
    assert standing_steps(motion, ours)[stands].mean() < 60
    assert standing_steps(report.back(motion), theirs)[stands].mean() < 60
    assert abs(floor(motion) - floor(source)) < 60
    if scale != 1.0:
        # Only scaled by size, they would slide.
        unscaled = replace(motion, rows=np.concatenate([source.translation / CMU.unit_mm * 10, motion.rows[:, 3:]], 1))
        assert standing_steps(unscaled, ours)[stands].mean() > 100


def test_a_shorter_person_stands_on_the_floor(reference):
    source = load_motion(reference / "cases/own_motion/14/shorter.bvh")
    motion, report = retarget(source)
    places = motion.positions()
    np.testing.assert_allclose(places[:, 0, 1], 950, atol=60)
    assert abs(places[..., 1].min() - source.positions()[..., 1].min()) < 60
    assert report.longer == pytest.approx(840 / 672, abs=0.01)
    assert "way times 1.25" in str(report)


@pytest.mark.parametrize("file", ["bvhtb_freebvh.bvh", "bvhtb_walk01.bvh", "pymo_walk.bvh"])
def test_feet_stand_in_files_that_people_have(reference, file):
    source = load_motion(reference / "data/wild" / file)
    motion, report = retarget(source)
    theirs = [end_of_bone(source.skeleton, report.back.where, side + "Foot") for side in ("Left", "Right")]
    ours = [CMU.joints.index(side + "ToeBase") for side in ("Left", "Right")]
    heights, true = source.positions()[1:, theirs, 1], standing_steps(source, theirs)
    stands = (true < 60) & (heights < np.percentile(heights, 10, axis=0) + 30)
    assert standing_steps(motion, ours)[stands].mean() < 60
    assert abs(floor(motion) - floor(source)) < 60


def test_rows_of_the_database_and_of_a_wrong_unit_keep_their_way(walk, reference):
    for file in ("01_01.amc", "11_01.amc"):
        source = load_motion(reference / "data/raw" / file)
        motion, report = retarget(source)
        np.testing.assert_allclose(motion.translation, source.translation, atol=1e-9)
        assert report.longer == 1
    shrunk = replace(walk, skeleton=replace(CMU, unit_mm=10.0, offsets=CMU.offsets * 10 / CMU.unit_mm))
    np.testing.assert_allclose(retarget(shrunk)[0].translation, walk.translation * 10 / CMU.unit_mm, rtol=1e-6)
    # A child that has the database's rest pose is none of its people.
    child = grown(walk, 0.7)
    assert retarget(child)[1].longer == pytest.approx(1 / 0.7)


def test_the_other_benchmarks_skeleton_is_scaled(walk):
    still = Motion(np.zeros((5, HUMAN36M.columns)), HUMAN36M, 50.0)
    assert retarget(still)[1].longer == pytest.approx(839.9 / 897.1, abs=0.01)
