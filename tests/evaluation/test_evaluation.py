"""The angle error against the original's numbers and a loop over frames and joints."""

import json

import numpy as np
import pytest
from benchmark import loop_error
from scipy.spatial.transform import Rotation

from cs2s.datasets.loading import load
from cs2s.datasets.windows import dataset_statistics, test_windows
from cs2s.evaluation.baselines import BASELINES, RunningAverage, ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, evaluate
from cs2s.evaluation.measures import angle_error
from cs2s.evaluation.tables import FRAMES, as_json, error_table, shown_frames
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, Skeleton


def scipy_angles(expmap: np.ndarray) -> tuple[float, float, float]:
    """The paper's Euler angles by SciPy: the stored maps are for row vectors, so the matrix is transposed."""
    third, second, first = Rotation.from_rotvec(-expmap).as_euler("ZYX")
    return first, second, third


def motion(rows: np.ndarray) -> Motion:
    """A motion with these rows, on a skeleton of as many joints as they have room for."""
    joints = rows.shape[-1] // 3 - 1
    chain = Skeleton("made up", tuple(map(str, range(joints))), tuple(range(-1, joints - 1)), np.ones((joints, 3)), 1.0)
    return Motion(rows, chain, 25.0)


def mean_error(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return angle_error(motion(truth), motion(predicted)).mean(axis=0)


@pytest.fixture(scope="module")
def zero_velocity(cmu_folder):
    return evaluate(load("cmu", cmu_folder), ZeroVelocity())


def test_zero_velocity_equals_the_original_at_every_frame(zero_velocity, golden):
    printed = json.loads((golden / "cmu_protocol.json").read_text())["actions"]
    assert set(printed) <= set(zero_velocity.errors)
    for action, numbers in printed.items():
        np.testing.assert_allclose(zero_velocity.errors[action], numbers["zero_velocity_error"], atol=1e-4)


@pytest.mark.parametrize("scale", [0.3, 2.0])
def test_error_equals_the_slow_way(scale):
    draws = np.random.default_rng(0)
    truth = scale * draws.normal(size=(2, 9, 15))
    truth[:, :, 8] = 0.1
    predicted = scale * draws.normal(size=(2, 4, 15))
    expected = loop_error(truth, predicted, scipy_angles)
    np.testing.assert_allclose(mean_error(truth, predicted), expected, atol=1e-6)


def test_a_constant_column_does_not_count_even_if_the_prediction_moves_it():
    truth = np.zeros((1, 10, 12))
    truth[0, :, 6] = np.linspace(0, 1, 10)
    predicted = truth[:, -3:].copy()
    predicted[..., 9:] = 0.7
    np.testing.assert_allclose(mean_error(truth, predicted), 0, atol=1e-12)
    truth[0, 0, 9] = 0.01
    assert (mean_error(truth, predicted) > 0.5).all()


def test_the_root_does_not_count():
    truth = np.random.default_rng(1).normal(size=(2, 8, 12))
    predicted = truth[:, -3:].copy()
    predicted[..., :6] += 1
    np.testing.assert_allclose(mean_error(truth, predicted), 0)


def test_baselines_hold_the_mean_of_the_last_frames():
    observed = np.random.default_rng(2).normal(size=(3, 50, 6))
    for predictor, count in ((ZeroVelocity(), 1), (RunningAverage(2), 2), (RunningAverage(4), 4)):
        predicted = predictor(motion(observed), 7).rows
        assert predicted.shape == (3, 7, 6)
        for window in range(3):
            for frame in range(7):
                expected = sum(observed[window, -k] for k in range(1, count + 1)) / count
                np.testing.assert_allclose(predicted[window, frame], expected)


def test_baselines_are_known_by_name():
    counting = np.arange(50.0)[:, None] * np.ones(6)
    assert (BASELINES["zero-velocity"](motion(counting), 1).rows == 49).all()
    assert BASELINES["running-average-4"].frames_averaged == 4
    assert list(BASELINES) == ["zero-velocity", "running-average-2", "running-average-4"]


@pytest.mark.slow
def test_a_perfect_predictor_has_no_error_on_every_dataset(human36m_folder):
    for dataset in (load("demo"), load("human3.6m", human36m_folder)):
        windows = test_windows(dataset, dataset_statistics(dataset))

        class Oracle:
            name = "oracle"

            def __call__(self, observed, frames, windows=windows):
                (window,) = [w for w in windows if np.array_equal(w.observed.rows, observed.rows)]
                return window.future[:frames]

        evaluation = evaluate(dataset, Oracle())
        assert set(evaluation.errors) == set(dataset.description.actions)
        np.testing.assert_allclose(evaluation.average, 0, atol=1e-6)
        assert all(predicted.rows.shape[:2] == (8, 25) for _, predicted in evaluation.motions.values())


def test_the_table_names_frame_true_time_and_the_papers_label():
    errors = {"b": np.arange(25.0), "a": np.arange(25.0) + 1}
    table = error_table(Evaluation.of_errors("cmu", "p", 60.0, errors)).splitlines()
    assert table[1].split() == ["f1", "f3", "f7", "f9", "f13", "f24"]
    assert table[2].split() == ["ms", "ahead", "33", "67", "133", "167", "233", "417"]
    assert table[3].split() == ["paper", "prints", "80", "160", "320", "400", "560", "1000"]
    assert table[-1].split() == ["average", "1.500", "3.500", "7.500", "9.500", "13.500", "24.500"]
    assert len(table) == 7


@pytest.mark.parametrize(("frames", "shown"), [(25, FRAMES), (10, (1, 3, 7, 9)), (1, (0,)), (40, (*FRAMES, 39))])
def test_the_table_shows_the_papers_frames_and_the_last(frames, shown):
    evaluation = Evaluation.of_errors("cmu", "p", 60.0, {"a": np.zeros(frames)})
    assert shown_frames(evaluation) == shown
    assert error_table(evaluation).splitlines()[1].split()[-1] == f"f{shown[-1]}"


def test_json_holds_every_frame():
    content = as_json(Evaluation.of_errors("cmu", "zero-velocity", 60.0, {"a": np.arange(25.0), "b": np.zeros(25)}))
    assert content["frames"] == [1, 3, 7, 9, 13, 24]
    assert content["actions"]["a"] == list(range(25))
    assert content["average"][24] == 12
    assert {"dataset", "protocol", "predictor"} <= set(content)


def exact_angles(expmap: np.ndarray) -> tuple[float, float, float]:
    """The paper's Euler angles of one map, with the most digits that there are."""
    expmap = np.asarray(expmap, np.longdouble)
    angle = np.sqrt((expmap**2).sum())
    x, y, z = expmap / angle if angle else expmap
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    m = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    return np.arctan2(m[1, 2], m[2, 2]), -np.arcsin(m[0, 2]), np.arctan2(m[0, 1], m[0, 0])


@pytest.mark.parametrize("angle", [-np.pi / 2, np.pi / 2, 1.5706, 1.57])
def test_rotations_in_gimbal_lock_are_seen_to_be_in_single_precision(angle):
    """1.197 instead of 2.257: in single precision the sine of a quarter turn was not exactly 1."""
    draws = np.random.default_rng(1)
    true = draws.normal(scale=0.3, size=(1, 75, CMU.columns))
    predicted = true[:, 50:].copy()
    predicted[..., 12:15] = (0, angle, 0)
    true[..., 12:15] += 0.5
    rows = [np.asarray(part, np.float32) for part in (true, predicted)]
    expected = loop_error(*(part.astype(np.float64) for part in rows), exact_angles)
    for kind in (np.float32, np.float64):
        errors = angle_error(*(Motion(part.astype(kind), CMU, 25.0) for part in rows))
        np.testing.assert_allclose(errors[0], expected, atol=1e-6)
