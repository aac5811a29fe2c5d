"""The field's position error against a plain loop, and against numbers that its own code gave (the golden file)."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cs2s.datasets.loading import load
from cs2s.errors import InputError
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.field_positions import HELD, TWINS, field_position_error, field_positions
from cs2s.evaluation.measures import FIELD_POSITIONS, mpjpe
from cs2s.evaluation.protocols import POSITIONS, EveryStart
from cs2s.evaluation.tables import FRAMES, as_json, error_table, read_json, write_json
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.skeleton import CMU

# The lists of the code that papers use, as numbers.
HELD_NUMBERS = [0, 1, 2, 7, 8, 13]
TWIN_NUMBERS = {16: 15, 20: 15, 29: 15, 24: 23, 27: 23, 33: 32, 36: 32}


def rodrigues(turn):
    """The matrix of an exponential map, written out: I + sin K + (1 - cos) K K."""
    angle = np.sqrt(sum(turn**2))
    if angle == 0:
        return np.eye(3)
    x, y, z = turn / angle
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew


def loop_positions(row):
    """Joint positions of one row, joint by joint, offsets times 70, the root neither moved nor turned."""
    turned, placed = [np.eye(3)], [np.zeros(3)]
    for joint in range(1, 38):
        parent, turn = CMU.parents[joint], row[3 + 3 * joint : 6 + 3 * joint]
        turned.append(rodrigues(turn) @ turned[parent])
        placed.append(CMU.offsets[joint] / CMU.unit_mm * 70 @ turned[parent] + placed[parent])
    return np.array(placed)


def loop_error(truth, predicted):
    """Error of one frame as the recipe has it."""
    true, wrong = loop_positions(truth), loop_positions(predicted)
    for joint in HELD_NUMBERS:
        wrong[joint] = true[joint]
    for joint, twin in TWIN_NUMBERS.items():
        wrong[joint] = wrong[twin]
    return sum(np.sqrt(sum((true[joint] - wrong[joint]) ** 2)) for joint in range(38)) / 38


def test_the_named_joints_are_those_of_the_recipe():
    assert [CMU.joints.index(name) for name in HELD] == HELD_NUMBERS
    assert {CMU.joints.index(name): CMU.joints.index(twin) for name, twin in TWINS.items()} == TWIN_NUMBERS


def test_twins_are_at_one_place_whatever_turns():
    rows = np.random.default_rng(1).normal(size=(4, CMU.columns))
    placed = field_positions(Motion(rows, CMU, 60.0))
    for name, twin in TWINS.items():
        np.testing.assert_array_equal(placed[:, CMU.joints.index(name)], placed[:, CMU.joints.index(twin)])


def test_the_error_equals_a_loop_over_joints():
    truth, predicted = np.random.default_rng(0).normal(size=(2, 2, 3, CMU.columns))
    expected = [
        [loop_error(*pair) for pair in zip(*window, strict=True)] for window in zip(truth, predicted, strict=True)
    ]
    assert np.min(expected) > 100
    error = field_position_error(Motion(truth, CMU, 60.0), Motion(predicted, CMU, 60.0))
    np.testing.assert_allclose(error, expected, rtol=1e-12)


def test_the_root_does_not_count_nor_do_joints_that_a_prediction_has_from_the_truth():
    truth = np.random.default_rng(2).normal(size=(1, CMU.columns))
    predicted = truth.copy()
    predicted[:, :6] += 2
    motions = [Motion(rows, CMU, 60.0) for rows in (truth, predicted)]
    np.testing.assert_array_equal(field_position_error(*motions), 0)
    # The left hip joint turns: the upper leg that hangs on it is the truth's, what is below it moves.
    predicted[:, 6:9] += 1
    apart = np.linalg.norm(field_positions(motions[0]) - field_positions(motions[1]), axis=-1)[0]
    assert np.flatnonzero(apart > 1).tolist() == [2, 3, 4, 5, 6]
    np.testing.assert_allclose(field_position_error(*motions), apart[3:7].sum() / 38)


def test_a_millimetre_of_the_field_is_one_of_70_instead_of_56(demo):
    """Of the points that can move, each counted once, it is the MPJPE times 70 / 56.44."""
    motion = next(iter(demo.motions.values()))[:40]
    truth, predicted = motion[:20], replace(motion[20:], fps=motion.fps)
    points = distinct_points(CMU, range(38))
    assert set(points) & {CMU.joints.index(name) for name in TWINS} == set()
    apart = np.linalg.norm(field_positions(truth) - field_positions(predicted), axis=-1)
    expected = mpjpe(truth, predicted, points) * 70 / (25.4 / 0.45)
    np.testing.assert_allclose(apart[:, list(points)].mean(axis=-1), expected, rtol=1e-6)
    assert expected.min() > 1
    np.testing.assert_allclose(70 / CMU.unit_mm, 1.24, atol=0.001)


@pytest.fixture(scope="module")
def cmu(cmu_folder):
    return load("cmu", cmu_folder)


@pytest.mark.parametrize(
    ("key", "predictor"), [("zero velocity", ZeroVelocity()), ("running average 2", RunningAverage(2))]
)
def test_on_cmu_windows_and_errors_are_those_of_the_fields_own_code(key, predictor, cmu, reference):
    golden = json.loads((reference / "golden" / "cmu_positions_all_windows.json").read_text())
    if set(cmu.actions("test")) != set(golden["windows"]):
        pytest.skip("the golden mean is that of the six test files in the reference folder")
    evaluation = evaluate(cmu, predictor, POSITIONS)
    assert {action: result.windows for action, result in evaluation.actions.items()} == golden["windows"]
    for action, errors in {**evaluation.errors, "mean": evaluation.average}.items():
        np.testing.assert_allclose(errors[list(FRAMES)], golden[key][action], rtol=0, atol=1e-3)


def test_windows_of_the_demo_are_measured_as_a_loop_does_it(demo):
    """Cut and measure together, on few windows: every predicted row against the last observed one."""
    evaluation = evaluate(demo, ZeroVelocity(), replace(POSITIONS, cut=EveryStart(stride=150)), frames=2)
    for take, motion in demo.split("test").items():
        rows = motion.rows[::2].astype(np.float64)
        firsts = range(10, len(rows) - 1, 150)
        errors = [[loop_error(rows[first + ahead], rows[first - 1]) for ahead in (0, 1)] for first in firsts]
        np.testing.assert_allclose(evaluation.errors[take.action], np.mean(errors, axis=0), rtol=1e-6)


def test_table_and_file_tell_the_field_and_its_millimetres(demo, tmp_path):
    evaluation = evaluate(demo, ZeroVelocity(), replace(POSITIONS, cut=EveryStart(stride=30), resamples=20))
    head, title, frames, times, *_ = lines = error_table(evaluation).splitlines()
    assert head == "demo, zero-velocity: protocol 'positions', windows 30 frames apart"
    assert title == "position error, mm of the field (1.24 times too long)"
    assert frames.split() == ["windows", "(blocks)", "f1", "f3", "f7", "f9", "f13", "f24"]
    assert times.split() == ["ms", "ahead", "80", "160", "320", "400", "560", "1000"]
    at_60 = error_table(replace(evaluation, fps=60.0)).splitlines()
    assert at_60[4].split() == ["field", "prints", "80", "160", "320", "400", "560", "1000"]
    (average,) = [line.split() for line in lines if line.startswith("average")]
    assert average[1:3] == [str(evaluation.overall.windows), f"({evaluation.overall.blocks})"]
    assert average[3:] == [f"{error:.1f}" for error in evaluation.average[list(FRAMES)]]
    write_json([evaluation], tmp_path / "errors.json")
    (back,) = read_json(tmp_path / "errors.json")
    assert as_json(back) == as_json(evaluation)
    assert (back.measures, back.protocol) == ((FIELD_POSITIONS,), "positions")
    assert error_table(back) == error_table(evaluation)
    assert "windows 1 frame apart" in error_table(replace(evaluation, stride=1))


def test_another_skeleton_is_refused(human36m_folder):
    with pytest.raises(InputError, match=r"human3\.6m data has the Human3\.6M one: take --protocol corrected"):
        evaluate(load("human3.6m", human36m_folder), ZeroVelocity(), POSITIONS)
