"""People whom no training saw: turned, elsewhere, without fingers; and what is said where that is not enough."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.datasets.loading import load
from cs2s.datasets.windows import Statistics
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.strangers import ask, leaps_at_first, still_columns, unlike_training
from cs2s.files.formats import load_motion
from cs2s.motion.heading import heading, looking_along, standing_at
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
    np.testing.assert_array_equal(frozen.rows, np.tile(stranger.rows[-1], (25, 1)))


def test_a_mean_of_rows_is_turned_too(stranger):
    """Looking along -z, a person's root leaps from pi to -pi: the mean of two such numbers looks along z."""
    expected = ask(RunningAverage(2), stranger, 3)
    angles = np.pi - heading(stranger[-2:])
    for angle in (angles.mean(), 1.0):
        back = looking_along(ask(RunningAverage(2), looking_along(stranger, angle), 3), -angle)
        assert apart(back, expected) < 1


class Told:
    """A predictor that says what is asked of it: it predicts the newest row, `by` added, and keeps what it saw."""

    name = "told"

    def __init__(self, statistics: Statistics, by: float = 0.0) -> None:
        self.statistics, self.by = statistics, by

    def __call__(self, observed: Motion, frames: int) -> Motion:
        self.seen = observed.rows
        rows = np.repeat(observed.rows[..., -1:, :], frames, axis=-2) + np.float32(self.by)
        return replace(observed, rows=rows)


def test_a_joint_far_out_is_shown_three_deviations_out_and_goes_on_from_where_it_is(stranger):
    known, column = statistics(), 3 + 3 * CMU.joints.index("LeftFoot") + 2
    for deviations, shown in ((8.0, 3.0), (-8.0, -3.0), (2.0, 2.0)):
        rows = stranger.rows.copy()
        rows[:, column] = known.mean[column] + deviations * known.std[column]
        rows[:-1, column] += 0.01
        told = Told(known, by=0.02)
        predicted = ask(told, replace(stranger, rows=rows), 4)
        at = known.mean[column] + shown * known.std[column]
        np.testing.assert_allclose(told.seen[0, :, column], np.append(np.full(49, at + 0.01), at), atol=1e-5)
        np.testing.assert_allclose(predicted.rows[:, column], rows[-1, column] + 0.02, atol=1e-5)


def test_a_person_is_shown_as_those_of_the_training_stood_and_looked(stranger):
    """Recordings of one's own may all look along x, ten metres from the origin."""
    known = statistics()
    mean = looking_along(Motion(known.mean[None].astype(np.float64), CMU, 60.0), 1.3)
    mean = standing_at(mean, [-200.0, 0, 30])
    told = Told(replace(known, mean=mean.rows[0].astype(np.float32)))
    predicted = ask(told, stranger, 2)
    seen = Motion(told.seen[0], CMU, 60.0)
    assert heading(seen)[-1] == pytest.approx(heading(mean)[0], abs=1e-3)
    np.testing.assert_allclose(seen.rows[-1, [0, 2]], mean.rows[0, [0, 2]], atol=1e-3)
    np.testing.assert_allclose(seen.rows[-1, 1], stranger.rows[-1, 1], atol=1e-5)
    assert apart(predicted[:1], stranger[-1:]) < 0.1


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


def test_a_single_odd_joint_a_tilt_and_a_height_are_called_unlike(stranger):
    def told(column: int, by: float, **how: bool) -> str:
        rows = stranger.rows.copy()
        rows[:, column] += by
        return unlike_training(replace(stranger, rows=rows), statistics(), **how)

    foot = told(3 + 3 * CMU.joints.index("LeftFoot") + 2, 1.1)
    assert "LeftFoot" in foot and "the legs" not in foot
    assert "the hips' tilt" in told(3, 1.6)
    # Ten units are over half a metre.
    assert "the height of the hips" in told(1, -10)
    assert told(1, -10, sees_place=False) == told(0, 500) == ""
    assert unlike_training(replace(stranger, root="relative"), statistics()) == ""


def test_a_first_step_that_is_none_is_told(stranger):
    still = replace(stranger, rows=np.tile(stranger.rows[-1], (50, 1)))
    leap = still[:25].rows.copy()
    leap[:, 3 + 3 * CMU.joints.index("LeftUpLeg")] += 0.8
    assert "first predicted step" in leaps_at_first(still, replace(still, rows=leap))
    far = stranger.rows[-1:] + np.eye(CMU.columns)[:1] * 5
    assert "first predicted step" in leaps_at_first(stranger, replace(stranger, rows=np.tile(far, (25, 1))))
    assert leaps_at_first(stranger[:40], stranger[40:]) == ""
    # One who glides fast and lifts an arm: in space that is no leap, seen from the hips it is.
    gliding = still.rows.copy()
    gliding[:, 0] += np.arange(50) * 0.5
    gliding[40:, 3 + 3 * CMU.joints.index("LeftArm")] += 0.3
    gliding = replace(still, rows=gliding)
    assert ", seen from the hips," in leaps_at_first(gliding[:40], gliding[40:])
    assert leaps_at_first(gliding[:30], gliding[30:40]) == ""
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
