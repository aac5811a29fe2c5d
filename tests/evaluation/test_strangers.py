"""People whom no training saw: turned, elsewhere, without fingers; and what is said where that is not enough."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.datasets.loading import load
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.strangers import ask, leaps_at_first, still_columns, unlike_training
from cs2s.files.formats import load_motion
from cs2s.motion.heading import looking_along, standing_at
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU
from cs2s.training.continuation import prepare
from cs2s.training.predictors import load_predictor
from cs2s.training.pretrained import read_pretrained

OF_CMU = ("dct-mlp", "paper", "pose-mlp")


@pytest.fixture(scope="module")
def stranger(demo) -> Motion:
    """A demo walker, whom no CMU predictor has seen, without hands and fingers as most files are."""
    walk = next(motion for take, motion in demo.motions.items() if take.action == "walking")[::2]
    rows = walk.in_world().rows[40:90].astype(np.float64)
    for name in ("LeftHandIndex1", "RightHandIndex1", "LThumb", "RThumb", "LeftHand", "RightHand"):
        rows[:, 3 + 3 * CMU.joints.index(name) : 6 + 3 * CMU.joints.index(name)] = 0
    return Motion(rows, CMU, 60.0)


@pytest.fixture(scope="module", params=OF_CMU)
def predictor(request):
    return load_predictor(f"pretrained:{request.param}")


def statistics():
    return read_pretrained("pretrained:paper")[0].statistics


def apart(one: Motion, other: Motion) -> float:
    return np.linalg.norm(one.positions() - other.positions(), axis=-1).max()


def test_wherever_one_stands_and_looks_the_same_is_predicted(predictor, stranger):
    expected = ask(predictor, stranger, 25)
    for angle in (0.7, 2.0, -3.0):
        place = np.array([80.0, 0, -45])
        turned = standing_at(looking_along(stranger, angle), -place)
        back = looking_along(standing_at(ask(predictor, turned, 25), place), -angle)
        assert apart(back, expected) < 1


def test_a_batch_is_asked_as_its_motions_are(predictor, stranger):
    both = [stranger, looking_along(stranger, 1.5)]
    together = ask(predictor, Motion.stacked(both), 25)
    for number, alone in enumerate(both):
        assert apart(together.one(number), ask(predictor, alone, 25)) < 0.1


def test_what_hardly_moved_in_training_is_held_and_comes_back(predictor, stranger):
    """Bent fingers, 200 deviations off, change nothing but the fingers."""
    bent = stranger.rows.copy()
    columns = [3 + 3 * CMU.joints.index(f"{side}HandIndex1") + 2 for side in ("Left", "Right")]
    bent[:, columns] = 0.8
    with_fingers = ask(predictor, replace(stranger, rows=bent), 25)
    np.testing.assert_allclose(with_fingers.rows[:, columns], 0.8, atol=1e-6)
    others = np.setdiff1d(np.arange(CMU.columns), columns)
    # pose-mlp sees where fingers are, and takes these for its own mean ones.
    np.testing.assert_allclose(with_fingers.rows[:, others], ask(predictor, stranger, 25).rows[:, others], atol=1e-5)


def test_the_columns_that_hardly_moved_are_the_two_fingers():
    names = [f"{joint}.{axis}" for joint in CMU.joints for axis in "xyz"]
    assert {names[column - 3] for column in still_columns(statistics())} == {"LeftHandIndex1.z", "RightHandIndex1.z"}
    assert not len(still_columns(read_pretrained("pretrained:pose-mlp")[0].statistics))


def test_joints_that_a_file_lacks_do_not_turn(predictor, stranger):
    predicted = ask(predictor, stranger, 25)
    for name in ("LThumb", "RThumb", "LeftHand", "RightHand"):
        assert not predicted.rows[:, 3 + 3 * CMU.joints.index(name) : 6 + 3 * CMU.joints.index(name)].any()


def test_freezing_stays_freezing(stranger):
    frozen = ask(ZeroVelocity(), stranger, 25)
    np.testing.assert_allclose(frozen.rows, np.tile(stranger.rows[-1], (25, 1)), atol=1e-5)


def test_usual_poses_are_not_called_unlike_and_odd_ones_are(stranger, cmu_folder):
    cmu = load("cmu", cmu_folder)
    told, windows = 0, 0
    for motion in cmu.split("test").values():
        for start in range(1, len(motion) - 100, 100):
            told += bool(unlike_training(motion[start : start + 100 : 2], statistics()))
            windows += 1
    assert told <= 0.05 * windows
    assert unlike_training(stranger, statistics()) == ""
    odd = stranger.rows.copy()
    for side in ("Left", "Right"):
        odd[:, 3 + 3 * CMU.joints.index(f"{side}Leg")] -= 3
    sentence = unlike_training(replace(stranger, rows=odd), statistics())
    assert "the legs" in sentence and "arms" not in sentence


def test_a_first_step_that_is_none_is_told(stranger):
    still = replace(stranger, rows=np.tile(stranger.rows[-1], (50, 1)))
    leap = still[:25].rows.copy()
    leap[:, 3 + 3 * CMU.joints.index("LeftUpLeg")] += 0.8
    assert "first predicted step" in leaps_at_first(still, replace(still, rows=leap))
    far = stranger.rows[-1:] + np.eye(CMU.columns)[:1] * 5
    assert "first predicted step" in leaps_at_first(stranger, replace(stranger, rows=np.tile(far, (25, 1))))
    assert leaps_at_first(stranger[:40], stranger[40:]) == ""
    assert leaps_at_first(still, still) == ""


@pytest.mark.parametrize("name", ["dct-mlp", "average", "paper", "pose-mlp"])
def test_one_who_stands_still_without_fingers_goes_on_standing(name, reference):
    """Case 01 of the reference material: joints once moved by 220 mm at the first predicted frame."""
    motion, _ = prepare(load_motion(reference / "cases" / "own_motion" / "01" / "stands.bvh"), CMU_DATA)
    observed = motion[-50:]
    places = observed[-1:].then(ask(load_predictor(f"pretrained:{name}"), observed, 25)).positions()
    assert np.linalg.norm(places[1] - places[0], axis=-1).mean() <= 15
    assert np.linalg.norm(places[-1, 0] - places[0, 0]) <= 150
    assert (places[:, CMU.joints.index("Head"), 1] > places[:, 0, 1]).all()


@pytest.mark.parametrize("name", ["dct-mlp", "average", "paper", "pose-mlp"])
def test_a_walk_that_is_turned_is_predicted_turned(name, reference):
    """Case 03: whoever walked towards -z was predicted to glide backwards."""
    predictor, ways = load_predictor(f"pretrained:{name}"), []
    for degrees in (0, 90, 180):
        file = reference / "cases" / "own_motion" / "03" / f"walk_{degrees}.bvh"
        motion, _ = prepare(load_motion(file), CMU_DATA)
        places = motion[-1:].then(ask(predictor, motion[-50:], 25)).positions()
        ways.append(places[:, 0] - places[0, 0])
    np.testing.assert_allclose(ways[1][:, [0, 2]], ways[0][:, [2, 0]] * [1, -1], atol=20)
    np.testing.assert_allclose(ways[2][:, [0, 2]], -ways[0][:, [0, 2]], atol=20)
    assert ways[0][-1, 2] > 100
