"""The corrected protocol against SciPy, loops over windows and joints, and numbers worked out by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.transform import Rotation

from cs2s.cli.parser import main
from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.own_takes import add_takes
from cs2s.datasets.validation import hold_out
from cs2s.datasets.windows import all_windows, dataset_statistics
from cs2s.errors import InputError
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.bootstrap import bootstrap_ratios, interval, window_blocks
from cs2s.evaluation.evaluation import Evaluation, evaluate
from cs2s.evaluation.measures import (
    geodesic_angle,
    joint_angle_error,
    joint_euler_angles,
    moving_joints,
    mpjpe,
    npss,
)
from cs2s.evaluation.protocols import CORRECTED, EveryWindow
from cs2s.evaluation.tables import as_json, error_table, read_json, shown_frames, write_json
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton

# A leg beside the root: hip and knee carry something, the shin ends in a foot of length zero and a toe.
LEG = Skeleton.from_table(
    "leg",
    """
    Root  -      0    0  0
    Hip   Root  10    0  0
    Knee  Hip    0 -100  0
    Foot  Knee   0 -100  0
    Ball  Foot   0    0  0
    Toe   Ball   0    0 50
    Twin  Foot   0    0  0
    Spur  Knee   0 -100  0
""",
    unit_mm=1.0,
)
LEG_POINTS = (2, 3, 5)
FOUR = Skeleton.from_table("four", "A - 0 0 0\nB A 1 0 0\nC B 1 0 0\nD C 1 0 0", unit_mm=1.0)


class Scripted:
    """Predicts what a function makes of the last observed row."""

    def __init__(self, change):
        self.name = "scripted"
        self.change = change
        self.batches = set()

    def __call__(self, observed, frames):
        self.batches.add(len(observed.rows))
        return replace(observed, rows=self.change(np.repeat(observed.rows[:, -1:], frames, axis=1)))


def evaluate_corrected(dataset, predictor, frames=25, split="test", stride=5, **others) -> Evaluation:
    """Evaluate under the corrected protocol, or under one that differs from it in what is named."""
    return evaluate(dataset, predictor, replace(CORRECTED, cut=EveryWindow(split, stride), **others), frames)


def on(skeleton, *rows):
    return [Motion(array, skeleton, 60.0) for array in rows]


@pytest.fixture(scope="module")
def cmu(cmu_folder):
    return load("cmu", cmu_folder)


@pytest.fixture(scope="module")
def still(cmu):
    """Zero velocity on CMU."""
    return evaluate_corrected(cmu, ZeroVelocity())


@pytest.fixture(scope="module")
def still_demo(demo):
    """Zero velocity on the demo data, every 20th window."""
    return evaluate_corrected(demo, ZeroVelocity(), stride=20)


# Metrics


@pytest.mark.parametrize("size", [1e-7, 0.1, 1.0, 3.1, 7.0])
def test_geodesic_angle_equals_scipy(size):
    draws = np.random.default_rng(0)
    truth = draws.normal(size=(40, 3))
    step = Rotation.from_rotvec(size * draws.normal(size=(40, 3)) / np.sqrt(3))
    predicted = -(Rotation.from_rotvec(-truth) * step).as_rotvec()
    np.testing.assert_allclose(geodesic_angle(truth, predicted), np.degrees(step.magnitude()), rtol=1e-7, atol=1e-13)


def test_geodesic_angle_of_half_a_turn_and_of_a_whole_one():
    axis = np.array([0.6, 0.0, 0.8])
    np.testing.assert_allclose(geodesic_angle(0.3 * axis, (0.3 + np.pi) * axis), 180, atol=1e-6)
    np.testing.assert_allclose(geodesic_angle(0.3 * axis, (0.3 - 2 * np.pi) * axis), 0, atol=1e-6)


def test_joint_angles_are_averaged_over_the_joints_that_count():
    truth = np.zeros((1, 2, FOUR.columns))
    predicted = truth.copy()
    # The root and joint 3 turn as well, and must not count; joint 1 turns by 60 degrees, joint 2 by 0, then 90.
    predicted[..., 3:6] = 1
    predicted[..., 12:15] = 1
    predicted[..., 6] = np.pi / 3
    predicted[0, 1, 10] = np.pi / 2
    np.testing.assert_allclose(joint_angle_error(*on(FOUR, truth, predicted), (1, 2)), [[30, 75]])


def loop_positions(skeleton, row):
    """Joint positions the slow way, by SciPy: the person turns by minus the stored map."""
    turned, placed = [], []
    for joint, parent in enumerate(skeleton.parents):
        own = Rotation.from_rotvec(-row[3 + 3 * joint : 6 + 3 * joint].astype(np.float64))
        turned.append(own if parent < 0 else turned[parent] * own)
        start = row[:3] * skeleton.unit_mm if parent < 0 else placed[parent]
        offset = skeleton.offsets[joint].copy()
        placed.append(start + (offset if parent < 0 else turned[parent].apply(offset)))
    return np.array(placed)


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda s: s.name)
def test_mpjpe_equals_a_loop_that_gives_both_figures_the_true_root(skeleton):
    draws = np.random.default_rng(1)
    truth, predicted = draws.normal(size=(2, 2, 3, skeleton.columns))
    points = distinct_points(skeleton, range(len(skeleton.joints)))
    expected = np.empty((2, 3))
    for window, frame in np.ndindex(2, 3):
        aligned = predicted[window, frame].copy()
        aligned[:6] = truth[window, frame, :6]
        apart = loop_positions(skeleton, aligned) - loop_positions(skeleton, truth[window, frame])
        expected[window, frame] = np.mean([np.sqrt(sum(apart[point] ** 2)) for point in points])
    assert expected.min() > 50
    np.testing.assert_allclose(mpjpe(*on(skeleton, truth, predicted), points), expected, rtol=1e-9)


def test_mpjpe_of_a_leg_by_hand():
    truth = np.zeros((1, 1, LEG.columns))
    predicted = truth.copy()
    assert distinct_points(LEG, (1, 2, 3)) == LEG_POINTS
    # The knee bends by a right angle, forwards or backwards. It stays itself. The foot, 100 below it, comes to lie
    # 100 before or behind it; the toe, 50 before the foot, comes to lie 50 above or below it.
    predicted[0, 0, 9] = np.pi / 2
    expected = (0 + np.hypot(100, 100) + np.hypot(150, 50)) / 3
    for sign in (1, -1):
        np.testing.assert_allclose(mpjpe(*on(LEG, truth, sign * predicted), LEG_POINTS), [[expected]])
    # Wherever the root goes, and however it turns, nothing changes.
    moved = predicted.copy()
    moved[..., :6] = 3
    np.testing.assert_allclose(mpjpe(*on(LEG, truth, moved), LEG_POINTS), mpjpe(*on(LEG, truth, predicted), LEG_POINTS))


def test_points_are_those_that_others_predict(cmu):
    # The ignored joints in the code of Mao et al. 2019.
    cmu_ignored = {0, 1, 2, 7, 8, 13, 16, 20, 29, 24, 27, 33, 36}
    human36m_ignored = {0, 1, 6, 11, 16, 20, 23, 24, 28, 31}
    assert set(distinct_points(CMU, moving_joints(cmu))) == set(range(38)) - cmu_ignored
    assert set(distinct_points(HUMAN36M, range(32))) == set(range(32)) - human36m_ignored


def test_every_point_can_be_wrong_and_no_two_coincide(cmu):
    moving = moving_joints(cmu)
    points = distinct_points(CMU, moving)
    rows = np.zeros((1, 8, CMU.columns))
    for joint in moving:
        rows[..., 3 + 3 * joint : 6 + 3 * joint] = np.random.default_rng(joint).normal(size=(8, 3))
    here, there = (np.array([loop_positions(CMU, row) for row in part]) for part in (rows[0, :4], rows[0, 4:]))
    assert (np.linalg.norm(here - there, axis=-1)[:, list(points)] > 1).all()
    places = here[0, list(points)]
    apart = np.linalg.norm(places[:, None] - places, axis=-1)
    assert (apart[~np.eye(len(points), dtype=bool)] > 1).all()


def loop_npss(truth, predicted):
    """The slow way: sums over frames and frequencies written out."""

    def power(curve):
        frames = len(curve)
        waves = [np.exp(-2j * np.pi * k * np.arange(frames) / frames) for k in range(frames)]
        return [abs(sum(curve * wave)) ** 2 for wave in waves]

    cost = total = 0.0
    for window, column in np.ndindex(truth.shape[0], truth.shape[2]):
        true, other = power(truth[window, :, column]), power(predicted[window, :, column])
        true_below = other_below = distance = 0.0
        for k in range(len(true)):
            true_below += true[k] / sum(true)
            other_below += other[k] / sum(other)
            distance += abs(true_below - other_below)
        cost += distance * sum(true)
        total += sum(true)
    return cost / total


def test_npss_equals_a_loop():
    truth, predicted = np.random.default_rng(2).normal(size=(2, 3, 11, 4)) * [1, 2, 3, 4]
    np.testing.assert_allclose(npss(truth, predicted), loop_npss(truth, predicted))


def cosine(cycles, frames=8, phase=0.0):
    return np.cos(2 * np.pi * cycles * np.arange(frames) / frames + phase)[None, :, None]


def test_npss_by_hand():
    # Power of one cycle in 8 frames: half at frequency 1, half at 7. Cumulated 0 .5 .5 .5 .5 .5 .5 1.
    # Standing still: 1 everywhere: 1 + 6 * .5 apart. Two cycles: 0 0 .5 .5 .5 .5 1 1: .5 + .5 apart.
    still, once, twice = np.full((1, 8, 1), 5.0), cosine(1), cosine(2)
    np.testing.assert_allclose(npss(once, still), 4)
    np.testing.assert_allclose(npss(once, twice), 1)
    np.testing.assert_allclose(npss(once, 3 * once), 0, atol=1e-12)
    # Columns weigh as the power of the true ones: 9 to 1.
    both = np.concatenate([3 * once, once], axis=-1)
    np.testing.assert_allclose(npss(both, np.concatenate([still, twice], axis=-1)), (9 * 4 + 1 * 1) / 10)
    # Nothing can be said where the truth is 0 throughout.
    assert np.isnan(npss(np.zeros((1, 8, 1)), once))


@given(st.integers(0, 1000), st.integers(1, 11), st.floats(0.1, 10))
def test_npss_does_not_see_phase_order_or_size_of_a_curve(seed, shift, size):
    truth = np.random.default_rng(seed).normal(size=(2, 12, 3))
    for same in (truth, np.roll(truth, shift, axis=1), truth[:, ::-1], size * truth, -truth):
        np.testing.assert_allclose(npss(truth, same), 0, atol=1e-9)
    assert npss(truth, np.random.default_rng(seed + 1).normal(size=truth.shape)) > 0.01


def test_npss_sees_the_mean_of_a_curve_but_not_the_height_of_a_constant():
    truth = np.random.default_rng(3).normal(size=(2, 12, 3))
    assert npss(truth, truth + 1) > 0.5
    # A constant has all its power at frequency 0, whichever it is: predictions that hold a pose are all the same.
    np.testing.assert_allclose(npss(truth, 0 * truth + 1), npss(truth, 0 * truth - 7))


# Bootstrap


def test_interval_of_a_mean_equals_scipys():
    values = np.random.default_rng(4).normal(size=(30, 2))
    low, high = interval(bootstrap_ratios(values, np.ones((30, 2)), 20_000, np.random.default_rng(0)))
    expected = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", random_state=np.random.default_rng(1)
    ).confidence_interval
    width = expected.high - expected.low
    assert (np.abs(low - expected.low) < 0.03 * width).all()
    assert (np.abs(high - expected.high) < 0.03 * width).all()


def test_intervals_cover_the_truth_as_often_as_they_say_and_shrink():
    draws = np.random.default_rng(5)
    widths = {}
    for blocks in (25, 100):
        # Means over blocks of unequal size, around a true mean of 3: 400 experiments side by side.
        sizes = draws.integers(1, 10, size=(blocks, 1)) * np.ones((1, 400))
        means = 3 + draws.normal(size=(blocks, 400))
        low, high = interval(bootstrap_ratios(sizes * means, sizes, 500, draws))
        assert 0.88 < np.mean((low < 3) & (high > 3)) < 0.98
        widths[blocks] = np.mean(high - low)
    assert 1.8 < widths[25] / widths[100] < 2.2


def test_equal_blocks_make_an_interval_of_no_width():
    sizes = np.array([[1.0], [5.0], [2.0]])
    low, high = interval(bootstrap_ratios(4 * sizes, sizes, 100, np.random.default_rng(0)))
    np.testing.assert_allclose([low, high], 4)


def test_ratios_are_those_of_the_drawn_blocks():
    totals, weights = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    ratios = bootstrap_ratios(totals, weights, 4000, np.random.default_rng(0))[:, 0]
    values, counts = np.unique(ratios, return_counts=True)
    np.testing.assert_allclose(values, [0.5, 3 / 5, 1])
    np.testing.assert_allclose(counts / 4000, [0.25, 0.5, 0.25], atol=0.03)


def starts(*firsts, take=1):
    return [(TakeId("test", "", "a", take), first) for first in firsts]


def test_blocks_are_takes_where_there_are_several():
    blocks, over = window_blocks(starts(0, 5, take=1) + starts(3, take=2), 75)
    assert (blocks.tolist(), over) == ([0, 0, 1], "takes")


def test_blocks_of_one_take_are_stretches_as_long_as_a_window():
    # Running: frames 1 to 80 hold no two windows side by side. 150 frames hold two, up to 77 starts.
    assert window_blocks(starts(1, 6), 75)[0].tolist() == [0, 0]
    assert window_blocks(starts(*range(0, 75)), 75)[0].max() == 0
    blocks, over = window_blocks(starts(*range(0, 76)), 75)
    assert (over, np.bincount(blocks).tolist()) == ("stretches", [38, 38])
    # Stretches without a window are none.
    assert window_blocks(starts(0, 1000), 75)[0].tolist() == [0, 1]


@given(st.integers(0, 50), st.integers(1, 40), st.integers(1, 200), st.integers(2, 80))
def test_stretches_follow_one_another(first, stride, windows, length):
    firsts = first + stride * np.arange(windows)
    blocks, _ = window_blocks(starts(*firsts.tolist()), length)
    assert set(np.diff(blocks)) <= {0, 1}
    span = firsts[-1] - firsts[0] + length
    assert blocks[0] == 0
    assert blocks[-1] + 1 <= span // length


# Protocol


def test_finger_joints_that_only_the_t_pose_turns_do_not_count(cmu):
    names = [CMU.joints[joint] for joint in moving_joints(cmu)]
    assert len(names) == 24
    assert not {"Hips", "LHipJoint", "LeftHandIndex1", "RightHandIndex1", "HeadEnd"} & set(names)


def test_cmu_windows_are_all_there(cmu, still):
    for take, motion in cmu.split("test").items():
        # Without the T-pose row, after halving, every 5th start that leaves room for 75 frames.
        frames = (len(motion) + 1) // 2 - 1
        assert still.actions[take.action].windows == len(range(0, frames - 74, 5))
    assert still.overall.windows == sum(result.windows for result in still.actions.values())
    assert {action: result.blocks for action, result in still.actions.items()} == {
        "basketball": 3,
        "jumping": 13,
        "running": 1,
        "soccer": 3,
        "walking": 2,
        "washwindow": 18,
    }


def test_numbers_of_walking_equal_a_loop_over_windows(cmu, still):
    (motion,) = [motion for take, motion in cmu.split("test").items() if take.action == "walking"]
    (action,) = [w for w in all_windows(cmu, dataset_statistics(cmu), "test", 5) if w.action == "walking"]
    joints, frame = moving_joints(cmu), 9
    points = distinct_points(CMU, joints)
    rows = motion.rows[::2]
    angles, distances = [], []
    for start in range(1, len(rows) - 74, 5):
        true, held = rows[start + 50 + frame], rows[start + 49].copy()
        for joint in joints:
            columns = slice(3 + 3 * joint, 6 + 3 * joint)
            step = Rotation.from_rotvec(true[columns]).inv() * Rotation.from_rotvec(held[columns])
            angles.append(np.degrees(step.magnitude()))
        held[:6] = true[:6]
        apart = loop_positions(CMU, held) - loop_positions(CMU, true)
        distances.append(np.linalg.norm(apart[list(points)], axis=1).mean())
    scores = still.actions["walking"].scores
    # The windows' constant columns hold the training mean: a difference in the last digits.
    np.testing.assert_allclose(scores["degrees"][frame], np.mean(angles), rtol=1e-4)
    np.testing.assert_allclose(scores["mpjpe_mm"][frame], np.mean(distances), rtol=1e-4)
    future = joint_euler_angles(action.future, joints)
    held = joint_euler_angles(ZeroVelocity()(action.observed, 25), joints)
    np.testing.assert_allclose(scores["npss"], npss(future, held))


def test_one_block_has_no_interval(still):
    assert still.without_interval == ("running",)
    for action, result in still.actions.items():
        assert (result.interval is None) == (action == "running")
        if result.interval:
            low, high = result.interval
            for name in ("degrees", "mpjpe_mm", "npss"):
                values = [np.asarray(scores[name]) for scores in (low, result.scores, high)]
                assert (values[0] < values[1]).all()
                assert (values[1] < values[2]).all()
    assert still.overall.interval is not None


def test_the_average_counts_every_action_once(still):
    for name in ("degrees", "mpjpe_mm", "npss"):
        expected = sum(result.scores[name] for result in still.actions.values()) / 6
        np.testing.assert_allclose(still.overall.scores[name], expected)


def test_running_averages_are_worse_at_first_and_have_the_npss_of_standing_still(cmu, still):
    averaged = evaluate_corrected(cmu, RunningAverage(2))
    assert averaged.overall.scores["degrees"][0] > still.overall.scores["degrees"][0]
    assert averaged.overall.scores["mpjpe_mm"][0] > still.overall.scores["mpjpe_mm"][0]
    np.testing.assert_allclose(averaged.overall.scores["npss"], still.overall.scores["npss"], rtol=1e-6)


def test_zero_velocity_drifts_off_and_beats_the_rest_pose_at_first(demo, still_demo):
    degrees, distances = still_demo.overall.scores["degrees"], still_demo.overall.scores["mpjpe_mm"]
    assert degrees[0] < degrees[5] < degrees[12]
    assert distances[0] < distances[5] < distances[12]
    rest = evaluate_corrected(demo, Scripted(np.zeros_like), stride=20).overall.scores
    assert 0 < degrees[0] < rest["degrees"][0] < 180
    assert 0 < distances[0] < rest["mpjpe_mm"][0] < 2000


def test_a_perfect_prediction_has_no_error_on_every_split(demo):
    held_out = hold_out(demo)
    for dataset, split in ((demo, "test"), (held_out, "validation")):
        windows = all_windows(dataset, dataset_statistics(dataset), split, 40)
        pairs = [pair for w in windows for pair in zip(w.observed.rows, w.future.rows, strict=True)]
        futures = {observed.tobytes(): future for observed, future in pairs}

        class Oracle:
            name = "oracle"

            def __call__(self, observed, frames, futures=futures):
                return replace(observed, rows=np.stack([futures[window.tobytes()] for window in observed.rows]))

        evaluation = evaluate_corrected(dataset, Oracle(), stride=40, split=split)
        assert {a: r.windows for a, r in evaluation.actions.items()} == {w.action: len(w) for w in windows}
        np.testing.assert_allclose(evaluation.overall.scores["degrees"], 0, atol=1e-5)
        np.testing.assert_allclose(evaluation.overall.scores["mpjpe_mm"], 0, atol=1e-5)
        np.testing.assert_allclose(evaluation.overall.scores["npss"], 0, atol=1e-9)
        assert evaluation.made_from["split"] == split


def test_human36m_needs_no_path_of_the_root(human36m_folder):
    dataset = load("human3.6m", human36m_folder)

    def lost(rows):
        rows[..., :6] = 9
        return rows

    predictor = Scripted(lost)
    still, astray = (evaluate_corrected(dataset, p, stride=60) for p in (ZeroVelocity(), predictor))
    assert predictor.batches == {128}
    np.testing.assert_array_equal(still.overall.scores["mpjpe_mm"], astray.overall.scores["mpjpe_mm"])
    np.testing.assert_array_equal(still.overall.scores["degrees"], astray.overall.scores["degrees"])
    assert still.overall.scores["mpjpe_mm"].min() > 1
    assert {(result.blocks, result.over) for result in still.actions.values()} == {(2, "takes")}
    assert error_table(still).splitlines()[3].split()[-1] == "1000"


def test_own_captures_keep_their_own_time(demo, tmp_path):
    takes = [motion for take, motion in demo.split("train").items() if take.action == "walking"][:2]
    add_takes(takes[:1], "strolling", tmp_path, "train", 50)
    add_takes(takes[1:], "strolling", tmp_path, "test", 50)
    evaluation = evaluate_corrected(load("own", tmp_path), ZeroVelocity())
    assert set(evaluation.actions) == {"strolling"}
    assert as_json(evaluation)["milliseconds"][:2] == [40, 80]
    assert error_table(evaluation).splitlines()[3].split()[:3] == ["ms", "ahead", "80"]
    assert evaluation.overall.scores["mpjpe_mm"].min() > 0


def test_a_seed_makes_the_intervals_again(demo, still_demo):
    again = evaluate_corrected(demo, ZeroVelocity(), stride=20)
    other = evaluate_corrected(demo, ZeroVelocity(), stride=20, seed=1)
    for one, two in zip(still_demo.overall.interval, again.overall.interval, strict=True):
        np.testing.assert_array_equal(one["degrees"], two["degrees"])
    assert (other.overall.interval[0]["degrees"] != still_demo.overall.interval[0]["degrees"]).any()
    np.testing.assert_array_equal(other.overall.scores["degrees"], still_demo.overall.scores["degrees"])


@pytest.mark.parametrize("wrong", [{"stride": 0}, {"frames": 0}, {"resamples": 0}, {"stride": -5}])
def test_numbers_that_make_no_sense_are_refused(demo, wrong):
    with pytest.raises(InputError, match="makes no sense"):
        evaluate_corrected(demo, ZeroVelocity(), **wrong)


def test_a_missing_split_is_refused(demo):
    with pytest.raises(InputError, match="no validation file"):
        evaluate_corrected(demo, ZeroVelocity(), split="validation")


# Tables and command line


def test_json_gives_everything_back(still, tmp_path):
    path = tmp_path / "errors.json"
    write_json([still], path)
    (back,) = read_json(path)
    assert as_json(back) == as_json(still)
    assert back.actions["running"].interval is None
    np.testing.assert_array_equal(back.actions["running"].scores["degrees"], still.actions["running"].scores["degrees"])
    np.testing.assert_array_equal(back.overall.interval[1]["mpjpe_mm"], still.overall.interval[1]["mpjpe_mm"])


def test_a_number_that_there_is_not_is_null_in_json(demo, tmp_path):
    def vanish(rows):
        return rows * np.nan

    evaluation = evaluate_corrected(demo, Scripted(vanish), stride=40)
    write_json([evaluation, evaluation], tmp_path / "errors.json")
    text = (tmp_path / "errors.json").read_text()
    assert "NaN" not in text
    assert json.loads(text)[0]["average"]["npss"] is None
    assert np.isnan(read_json(tmp_path / "errors.json")[1].overall.scores["degrees"]).all()


@pytest.mark.parametrize("text", ["", "[]x", "{}", '{"protocol": "paper"}', "[3]"])
def test_what_is_no_file_of_errors_is_refused(text, tmp_path):
    path = tmp_path / "errors.json"
    with pytest.raises(InputError, match="there is no file"):
        read_json(path)
    path.write_text(text)
    with pytest.raises(InputError, match="not a file of errors"):
        read_json(path)


@pytest.mark.slow
def test_the_command_prints_and_writes_what_was_measured(cmu_folder, still, tmp_path, capsys):
    path = tmp_path / "errors.json"
    words = ["evaluate", "--dataset", "cmu", "--data-dir", str(cmu_folder), "--protocol", "corrected"]
    predictors = ["--predictor", "zero-velocity", "--predictor", "running-average-2"]
    assert main([*words, *predictors, "--json", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert "One block only, so no interval: running; held fixed in the interval of the\naverage." in text
    assert "walking 21 (2)" in text
    heading = lines.index("joint angle error, degrees") + 1
    assert lines[heading].split()[-1] == "f24" and lines[heading + 1].split()[-1] == "417"
    walking = lines[lines.index("walking 21 (2)") + 1]
    scores = still.actions["walking"].scores
    assert walking.split() == ["zero-velocity", *(f"{scores['degrees'][frame]:.2f}" for frame in shown_frames(still))]
    average = lines[lines.index("average 566 (40)") + 1 :][:6]
    assert [line.split()[0] for line in average] == ["zero-velocity", "95", "to", "running-average-2", "95", "to"]
    low, high = still.overall.interval
    assert average[1].split()[4] == f"{low['degrees'][3]:.2f}" and average[2].split()[2] == f"{high['degrees'][3]:.2f}"
    first, second = read_json(path)
    assert {**as_json(first), "made_from": None} == {**as_json(still), "made_from": None}
    assert second.predictor == "running-average-2"
    assert {"command", "versions", "data", "bootstrap_seed"} <= set(first.made_from)


@pytest.mark.slow
def test_the_command_takes_a_stride(demo, still_demo, capsys):
    words = ["evaluate", "--dataset", "demo", "--predictor", "zero-velocity", "--protocol", "corrected"]
    assert main([*words, "--stride", "20"]) == 0
    text = capsys.readouterr().out
    assert "windows 20 frames apart" in text
    assert f"{still_demo.overall.scores['mpjpe_mm'][24]:.1f}" in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--stride", "5"), "--stride goes with --protocol corrected or positions"),
        (("--protocol", "paper", "--stride", "5"), "--stride goes with --protocol corrected or positions"),
        (("--protocol", "corrected", "--compare"), "--compare goes with --protocol paper or positions"),
        (("--protocol", "corrected", "--stride", "0"), "stride 0 makes no sense"),
        (("--protocol", "positions", "--stride", "0"), "stride 0 makes no sense"),
        (("--protocol", "fair"), "invalid choice: 'fair'"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_sentence(words, sentence, capsys):
    try:
        code = main(["evaluate", "--dataset", "demo", "--predictor", "zero-velocity", *words])
    except SystemExit as stop:
        code = stop.code
    error = capsys.readouterr().err
    assert code == 2
    assert error.startswith("cs2s: ")
    assert error.strip().count("\n") == 0
    assert sentence in error


def test_a_sample_file_has_the_papers_windows_only(capsys):
    for protocol in ("corrected", "positions"):
        assert main(["evaluate", "samples.h5", "--protocol", protocol]) == 2
        assert "holds the paper's windows only" in capsys.readouterr().err


def test_joints_that_count_are_those_that_turn_counted_by_hand(human36m_folder):
    data = load("human3.6m", human36m_folder)
    rows = np.concatenate([motion.rows for motion in data.split("train").values()])
    expected = {joint for joint in range(1, 32) for axis in range(3) if rows[:, 3 + 3 * joint + axis].std() >= 1e-4}
    assert set(moving_joints(data)) == expected
    assert 1 in expected


def test_npss_does_not_hang_on_the_size_of_curves():
    truth, predicted = np.random.default_rng(5).standard_normal((2, 3, 25, 4))
    assert npss(1e-3 * truth, 1e-3 * predicted) == pytest.approx(npss(truth, predicted))
