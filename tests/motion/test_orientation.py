"""Which way is up, judged from frames: whoever walks, sits, crawls, lies, stands on the hands or does a cartwheel."""

import numpy as np
import pytest
from other_rest_poses import about, along_x, as_is, reframed

from cs2s.datasets.loading import load
from cs2s.errors import InputError
from cs2s.files.formats import load_motion
from cs2s.motion.joint_names import find_scheme
from cs2s.motion.motion import Motion
from cs2s.motion.orientation import AXES, axis, orientation
from cs2s.motion.retargeting import retarget
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU
from cs2s.workbook.stand_in import PERFORMER, perform

WHERE = {joint: PERFORMER.joints.index(name) for joint, name in find_scheme(PERFORMER.joints)[1].items()}
SITS = {side + bone: ("x", by) for side in ("Left", "Right") for bone, by in (("UpLeg", -90), ("Leg", 85))}
WORLDS = {"y": np.eye(3), "z": about("x", 90), "-y": about("x", 180), "x": about("z", -90), "-z": about("x", -90)}


@pytest.fixture(scope="module")
def walk():
    return perform(next(iter(load("demo").motions.values()))[:400:5])


def acted(walk: Motion, root: np.ndarray, turned=None, travel: float = 1.0, at=(0.0, 0.0, 0.0)) -> Motion:
    """Turn a walk's hips and joints, and put it onto the floor at zero."""
    expmaps = np.asarray(walk.expmaps, np.float64).copy()
    for name, (letter, degrees) in (turned or {}).items():
        expmaps[:, WHERE[name]] = -np.radians(degrees) * axis(letter)
    expmaps[:, 0] = rotmat_to_expmap(expmap_to_rotmat(expmaps[:, 0]) @ root)
    place = walk.translation * travel + np.array(at)
    acted = Motion.from_parts(place, expmaps, PERFORMER, walk.fps)
    place = place - [0, acted.positions()[..., 1].min() / PERFORMER.unit_mm, 0]
    return Motion.from_parts(place, expmaps, PERFORMER, walk.fps)


def crawls(walk: Motion) -> Motion:
    return acted(walk, about("x", 80), SITS)


@pytest.mark.parametrize("world", list(WORLDS))
def test_a_walk_is_upright_whatever_the_axes(walk, world):
    turn = WORLDS[world]
    through = reframed(walk, [turn.T] * len(PERFORMER.joints), turn)
    frames_only = reframed(walk, as_is(PERFORMER), turn)
    folded = reframed(walk, along_x(PERFORMER), turn)
    for motion in (through, frames_only, folded):
        found = orientation(motion, WHERE)
        assert found.up == world
        upright = motion.positions() @ found.turn
        assert (upright[:, WHERE["Head"], 1] - upright[:, WHERE["LeftFoot"], 1] > 1000).all()
        assert np.linalg.det(found.turn) == pytest.approx(1)
    assert bool(orientation(through, WHERE).note) == (world != "y")
    assert (f"say --up {'y' if world != 'y' else '-'}" in orientation(frames_only, WHERE).note) == (world != "y")


def test_a_rest_pose_may_lie_while_frames_stand(walk):
    motion = reframed(walk, [about("x", 90).T] * len(PERFORMER.joints))
    found = orientation(motion, WHERE)
    assert found.up == "y"
    np.testing.assert_array_equal(found.turn, np.eye(3))


@pytest.mark.parametrize("world", ["y", "z", "-y"])
@pytest.mark.parametrize("bones", ["as they are", "along x"])
def test_who_sits_or_crawls_or_turns_over_is_not_turned(walk, world, bones):
    over = np.stack([about("z", degrees) for degrees in np.clip(np.arange(len(walk)) - 30, 0, 36) * 10])
    cartwheel = np.asarray(walk.expmaps, np.float64).copy()
    cartwheel[:, 0] = rotmat_to_expmap(expmap_to_rotmat(cartwheel[:, 0]) @ over)
    turn = WORLDS[world]
    frames = along_x(PERFORMER) if bones == "along x" else [turn.T] * len(PERFORMER.joints)
    for motion in (
        acted(walk, np.eye(3), SITS, travel=0.0),
        crawls(walk),
        Motion.from_parts(walk.translation, cartwheel, PERFORMER, walk.fps),
    ):
        assert orientation(reframed(motion, frames, turn), WHERE).up == world


def test_who_lies_on_the_floor_stays_lying_and_it_is_said(walk):
    straight = {"LeftArm": ("z", -85), "RightArm": ("z", 85)}
    lies = acted(walk, about("x", -90), straight, travel=0.01, at=(60.0, 0.0, 90.0))
    found = orientation(lies, WHERE)
    assert found.up == "y"
    assert "the person lies along" in found.note and "--up" in found.note
    upside_down = acted(walk, about("z", 180), {"LeftArm": ("z", 90), "RightArm": ("z", -90)}, travel=0.0)
    found = orientation(upside_down, WHERE)
    assert found.up == "y"
    assert "is upside down in all frames" in found.note


def test_what_is_told_goes_before_what_is_judged(walk):
    assert orientation(walk, WHERE, up="z").up == "z"
    turned = orientation(walk, WHERE, forward="x")
    np.testing.assert_array_equal(np.eye(3) @ turned.turn, [[0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    both = orientation(walk, WHERE, up="z", forward="-y").turn
    np.testing.assert_array_equal(both, about("x", -90).round())
    with pytest.raises(InputError, match="--up z and --forward -z lie along one line"):
        orientation(walk, WHERE, up="z", forward="-z")
    with pytest.raises(InputError, match="y is up in this file, so --forward -y makes no sense"):
        orientation(walk, WHERE, forward="-y")
    with pytest.raises(InputError, match="'up' is no axis"):
        axis("up")
    for name in AXES:
        np.testing.assert_allclose(axis(name) @ orientation(walk, WHERE, up=name).turn, [0, 1, 0], atol=0)


def test_what_cannot_be_told_is_asked_for(walk):
    slanting = reframed(walk, along_x(PERFORMER), about("x", 45))
    with pytest.raises(InputError, match=r"which way is up cannot be told: .* name it by --up"):
        retarget(slanting)
    retarget(slanting, up="y")


def test_the_cases_that_people_sent_in(reference):
    cases = reference / "cases/own_motion"
    # 08: the rest pose stands along y, the frames along z; 09: z up through and through.
    for path, noted in (("08/lies.bvh", "in the frames the person stands along z"), ("09/zup.bvh", "z is up")):
        motion, report = retarget(load_motion(cases / path))
        assert report.up == "z"
        assert noted in str(report) and "--up" in str(report)
        places = motion.positions()
        hips, arms = places[:, 0, 1], places[:, CMU.joints.index("LeftArm"), 1]
        np.testing.assert_allclose(hips, 950, atol=60)
        assert abs(places[..., 1].min()) < 60
        assert (arms - hips > 250).all()
        # Arms hang down.
        assert (places[:, CMU.joints.index("LeftHand"), 1] < arms - 300).all()
    # As lying, if that is what it is.
    lying, report = retarget(load_motion(cases / "08/lies.bvh"), up="y")
    assert report.notes == ()
    assert np.ptp(lying.positions()[..., 1]) < 600
