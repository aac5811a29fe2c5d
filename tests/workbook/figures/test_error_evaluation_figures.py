"""Pictures of errors show the errors: every line and bar against an independent computation."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.windows import dataset_statistics, test_windows
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, evaluate
from cs2s.evaluation.measures import angle_error
from cs2s.evaluation.published import PUBLISHED
from cs2s.evaluation.tables import FRAMES
from cs2s.files.places import data_file
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_euler
from cs2s.motion.skeleton import CMU
from cs2s.workbook.figures import error_evaluation as figures


@pytest.fixture(scope="module")
def frozen(demo):
    return evaluate(demo, ZeroVelocity())


def line(axes, label):
    """The points (n, 2) of the line of this label."""
    (found,) = [drawn for drawn in axes.get_lines() if drawn.get_label() == label]
    return found.get_xydata()


def test_parts_of_joints_add_up_to_the_error(frozen):
    for truth, predicted in frozen.motions.values():
        squares = figures.squared_by_joint(truth, predicted)
        assert squares.shape == (8, 25, 38)
        np.testing.assert_allclose(np.sqrt(squares.sum(-1)), angle_error(truth, predicted), atol=1e-5)
        assert (squares[..., 0] == 0).all()


def test_the_part_of_a_joint_is_that_of_its_three_columns():
    draws = np.random.default_rng(0)
    truth, predicted = draws.normal(size=(2, 9, CMU.columns)), draws.normal(size=(2, 4, CMU.columns))
    truth[0, :, 30:33] = 0.2
    squares = figures.squared_by_joint(*(Motion(rows, CMU, 60) for rows in (truth, predicted)))
    for joint in (1, 20, 37):
        columns = slice(3 + 3 * joint, 6 + 3 * joint)
        difference = expmap_to_euler(truth[:, 5:, columns]) - expmap_to_euler(predicted[..., columns])
        np.testing.assert_allclose(squares[..., joint], (difference**2).sum(-1))
    assert (squares[0, ..., 9] == 0).all()
    assert (squares[1, ..., 9] > 0).all()


@pytest.mark.parametrize("predictor", [ZeroVelocity(), RunningAverage(4)], ids=lambda predictor: predictor.name)
def test_errors_of_all_windows_hold_those_of_the_paper(demo, predictor):
    everything = figures.errors_of_all_windows(demo, predictor, 9)
    evaluation = evaluate(demo, predictor)
    for windows in test_windows(demo, dataset_statistics(demo)):
        (motion,) = [m for take, m in demo.split("test").items() if take.action == windows.action]
        assert len(everything[windows.action]) == (len(motion) + 1) // 2 - 75
        mean = everything[windows.action][[start for _, start in windows.starts]].mean()
        assert mean == pytest.approx(evaluation.errors[windows.action][9], abs=1e-4)


def test_errors_of_all_windows_know_the_margins_and_takes_of_human36m(human36m_folder):
    dataset = load("human3.6m", human36m_folder)
    takes = [motion for take, motion in dataset.split("test").items() if take.action == "walking"]
    everything = figures.errors_of_all_windows(dataset, ZeroVelocity(), 3)
    assert len(everything["walking"]) == sum((len(motion) + 1) // 2 - 150 - 16 for motion in takes)


def test_the_stored_study_is_what_the_program_gives(cmu_folder):
    stored = json.loads(data_file("results/cmu_window_study.json").read_text())
    dataset = load("cmu", cmu_folder)
    if dataset.fingerprint != stored["data"]:
        pytest.skip("other CMU files are present than those of the stored study")
    study = figures.window_study(dataset)
    np.testing.assert_allclose(study["averages"], stored["averages"], atol=1e-3)
    assert study["starts"] == stored["starts"]
    assert study["starts"]["running"] == 7
    assert study["joints"]["jumping"]["joint"] == stored["joints"]["jumping"]["joint"] == "RThumb"
    # What the chapter says of that thumb: it flips between neighbouring frames, 14 times.
    thumb = dataset.motions[TakeId("test", "", "jumping", 1)].expmaps[:, CMU.joints.index("RThumb")]
    turns = Rotation.from_rotvec(thumb.astype(np.float64))
    steps = np.degrees((turns[:-1].inv() * turns[1:]).magnitude())
    assert steps.max() > 179 and (steps > 90).sum() == 14
    truth, predicted = evaluate(dataset, ZeroVelocity()).motions["jumping"]
    squares = figures.squared_by_joint(truth, predicted)[:, 9].astype(np.float64)
    hit = squares[:, CMU.joints.index("RThumb")].argmax()
    squares[hit, CMU.joints.index("RThumb")] = 0
    assert np.sqrt(squares.sum(axis=1)).mean() == pytest.approx(1.24, abs=0.005)
    assert study["joints"]["jumping"]["without"] == pytest.approx(stored["joints"]["jumping"]["without"], abs=1e-3)


def test_a_study_of_the_demo_data_agrees_with_the_evaluator(demo, frozen):
    study = figures.window_study(demo, draws=40)
    assert len(study["averages"]) == 40
    assert study["paper_seed"] == pytest.approx(frozen.average[9], abs=1e-3)
    waving = study["joints"]["waving"]
    assert waving["joint"] == "LeftForeArm"
    assert waving["without"] < waving["error"] == pytest.approx(frozen.errors["waving"][9], abs=1e-3)


def test_angles_of_a_joint_lie_where_they_were_in_time():
    truth = np.random.default_rng(1).normal(size=(10, 3))
    figure = figures.plot_joint_angles(truth, truth[-4:] + 1, 5.0, ["a", "b", "c"], title="t")
    for number, axes in enumerate(figure.axes):
        drawn = line(axes, "truth")
        np.testing.assert_allclose(drawn[:, 0], np.arange(-5, 5) / 5)
        np.testing.assert_allclose(drawn[:, 1], truth[:, number])
        np.testing.assert_allclose(line(axes, "predicted"), drawn[-4:] + np.array([0, 1]))
        assert axes.get_title() == "abc"[number]


def test_matrices_show_their_numbers():
    matrix = np.arange(9.0).reshape(3, 3)
    figure = figures.plot_matrices({"one": matrix, "two": -matrix})
    words = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert words == [[f"{value:.2f}" for value in sign * matrix.ravel()] for sign in (1, -1)]


def test_columns_that_do_not_count_are_hatched_and_the_worst_that_does_is_named():
    counted = np.ones(CMU.columns, bool)
    counted[[0, 1, 40, 116]] = False
    difference = np.random.default_rng(2).uniform(-1, 1, size=(4, CMU.columns))
    difference[2, 3 + 3 * CMU.joints.index("LeftFoot") + 1] = -1.5
    difference[1, 40] = 9
    axes = figures.plot_columns(difference, counted, CMU, title="t").axes[0]
    np.testing.assert_allclose(axes.images[0].get_array(), np.abs(difference))
    spans = [(patch.get_x() + 0.5, patch.get_width()) for patch in axes.patches if patch.get_hatch()]
    assert spans == [(0, 2), (40, 1), (116, 1)]
    assert "(4 of 117)" in axes.get_xlabel()
    assert [text.get_text() for text in axes.texts] == ["E2 of LeftFoot"]
    parts = [label.get_text().replace("\n", " ") for label in axes.get_xticklabels()]
    assert parts == ["hips", "left leg", "right leg", "trunk, head", "left arm", "right arm"]


def test_windows_are_drawn_with_their_mean_and_the_printed_frames():
    errors = np.random.default_rng(3).uniform(size=(8, 25))
    (axes,) = figures.plot_windows(errors, 60.0, title="t").axes
    drawn = line(axes, "mean of the windows, at the frame")
    np.testing.assert_allclose(drawn[:, 1], errors.mean(axis=0))
    np.testing.assert_allclose(drawn[9, 0], 10 * 1000 / 60)
    np.testing.assert_allclose(line(axes, "printed frames"), drawn[list(FRAMES)])
    until = line(axes, "the same, mean of all frames until there")
    assert until[9, 1] == pytest.approx(errors[:, :10].mean())
    assert len(axes.get_lines()) == 8 + 3


@pytest.mark.parametrize(("fps", "frame"), [(25.0, 9), (60.0, 24)])
def test_error_horizon_shows_all_predictors_and_the_joints_of_one(fps, frame):
    draws = np.random.default_rng(4)
    squares = {name: draws.uniform(size=(8, 25, 38)) for name in ("first", "second")}
    figure = figures.plot_error_horizon(squares, CMU, fps, "second", frame, title="t", shown=5)
    horizon, parts = figure.axes
    for name, values in squares.items():
        drawn = line(horizon, name)
        np.testing.assert_allclose(drawn[:, 0], 1000 * np.arange(1, 26) / fps)
        np.testing.assert_allclose(drawn[:, 1], np.sqrt(values.sum(-1)).mean(0))
    assert len({(drawn.get_linestyle(), drawn.get_marker()) for drawn in horizon.get_lines()[:2]}) == 2
    part = squares["second"][:, frame].sum(axis=0)
    part *= 100 / part.sum()
    widths = [bar.get_width() for bar in parts.patches]
    np.testing.assert_allclose(widths, [*np.sort(part)[:-6:-1], np.sort(part)[:-5].sum()])
    names = [label.get_text() for label in parts.get_yticklabels()]
    assert names == [*(CMU.joints[joint] for joint in part.argsort()[:-6:-1]), "all others"]


def test_error_horizon_of_a_perfect_prediction_is_drawn():
    figure = figures.plot_error_horizon({"perfect": np.zeros((8, 25, 38))}, CMU, 25.0, "perfect", 0)
    assert all(bar.get_width() == 0 for bar in figure.axes[1].patches)


def test_near_lock_shows_three_angles_and_two_measures():
    turn = np.linspace(80, 100, 5)
    euler = np.random.default_rng(5).normal(size=(5, 3))
    left, right = figures.plot_near_lock(turn, euler, turn * 2, turn / 2).axes
    for number in range(3):
        np.testing.assert_allclose(line(left, f"E{number + 1}"), np.stack([turn, euler[:, number]], axis=1))
    assert len({drawn.get_linestyle() for drawn in left.get_lines()[:3]}) == 3
    np.testing.assert_allclose(line(right, "distance in Euler angles")[:, 1], turn * 2)
    np.testing.assert_allclose(line(right, "angle between the rotations")[:, 1], turn / 2)


def test_two_measures_are_pairs_of_bars():
    first, second = {"a": 1.0, "b": 2.0}, {"b": 0.5, "a": 0.25}
    (axes,) = figures.plot_two_measures(first, second, ["one", "two"]).axes
    assert [bar.get_height() for bar in axes.patches] == [1, 2, 0.25, 0.5]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b"]
    assert [bool(bar.get_hatch()) for bar in axes.patches] == [False, False, True, True]


def test_reach_of_joints_is_drawn_with_their_error():
    (axes,) = figures.plot_joint_reach({"hip": 150.0, "thumb": 8.0}, 0.1745).axes
    assert [bar.get_width() for bar in axes.patches] == [150, 8]
    assert [text.get_text() for text in axes.texts] == ["150 mm, error 0.174 rad", "8 mm, error 0.174 rad"]


def test_curves_are_told_apart_without_colour():
    values = {name: np.arange(3.0) + number for number, name in enumerate("abcd")}
    (axes,) = figures.plot_curves(np.array([0, 2, 8]), values, xlabel="x", ylabel="y").axes
    for name, numbers in values.items():
        np.testing.assert_allclose(line(axes, name), np.stack([[0, 2, 8], numbers], axis=1))
    assert len({(drawn.get_linestyle(), drawn.get_marker()) for drawn in axes.get_lines()}) == 4


def test_units_have_their_panels():
    figure = figures.plot_in_units({"a": (1.0, 20.0), "b": (2.0, 5.0)}, ["one [x]", "other [y]"])
    assert [[bar.get_width() for bar in axes.patches] for axes in figure.axes] == [[1, 2], [20, 5]]
    assert [axes.get_xlabel() for axes in figure.axes] == ["one [x]", "other [y]"]


def test_paired_draws_lie_beside_the_line_of_a_tie():
    first, second = np.array([1.0, 2, 3]), np.array([1.5, 2.5, 2])
    (axes,) = figures.plot_paired_draws(first, second, ["a", "b"]).axes
    np.testing.assert_allclose(line(axes, "one draw of windows"), np.stack([first, second], axis=1))
    np.testing.assert_allclose(line(axes, "a tie"), [[1, 1], [3, 3]])


def test_draws_are_shown_with_range_and_seed():
    averages = np.linspace(0, 1, 401)
    figure = figures.plot_draws({"one": (averages, 0.3), "two": (averages + 1, 1.6)}, frame=9)
    for axes, shift in zip(figure.axes, (0, 1), strict=True):
        words = [text.get_text() for text in axes.get_legend().get_texts()]
        assert f"95 % of the draws: {0.025 + shift:.2f} to {0.975 + shift:.2f}" in words
        assert sum(bar.get_height() for bar in axes.patches[:24]) == 401
        assert "frame 9" in axes.get_xlabel()
    assert [axes.get_lines()[0].get_xdata()[0] for axes in figure.axes] == [0.3, 1.6]


def test_printed_tables_are_averaged_over_our_actions():
    errors = {"walking": np.arange(25.0), "soccer": np.arange(25.0) + 1}
    tables = [table for table in PUBLISHED if table.dataset == "cmu"]
    figure = figures.plot_beside_papers({"ours": Evaluation.of_errors("cmu", "p", 60.0, errors)}, tables)
    panels = {axes.get_title(): axes for axes in figure.axes}
    average = panels["average of these 2"]
    np.testing.assert_allclose(line(average, "ours")[:, 1], np.array([1, 3, 7, 9, 24]) + 0.5)
    printed = [drawn for drawn in average.get_lines() if drawn.get_label().startswith("conv seq2seq")]
    np.testing.assert_allclose(printed[0].get_ydata(), np.mean([[35, 44, 45, 50, 78], [26, 44, 75, 87, 156]], 0) / 100)
    assert "unchecked" in printed[0].get_label()
    # True to time: 60 frames a second.
    np.testing.assert_allclose(line(average, "ours")[:, 0], np.array([2, 4, 8, 10, 25]) * 1000 / 60)
    marks = {text.get_text(): text.xy[0] for text in average.texts}
    assert marks["f9"] == pytest.approx(10 * 1000 / 60) and average.get_xlabel() == "ms ahead"
    assert panels["walking"].get_ylabel() == "angle error [radians]"


def test_errors_are_shown_by_start_with_the_windows_of_the_seed():
    errors, walked = np.array([1.0, 2, 4, 5]), np.array([0.1, 0.2, 0.3, 0.4])
    above, below = figures.plot_errors_by_start(errors, walked, [3, 0], frame=9).axes
    np.testing.assert_allclose(line(above, "one window each"), np.stack([range(4), errors], axis=1))
    np.testing.assert_allclose(line(above, "windows of the authors' seed"), [[0, 1], [3, 5]])
    words = [text.get_text() for text in above.get_legend().get_texts()]
    assert "mean of all: 3.00" in words and "of the seed's: 3.00" in words
    np.testing.assert_allclose(below.get_lines()[0].get_xydata(), np.stack([range(4), walked], axis=1))
    assert "frame 9" in above.get_ylabel() and "frame\n9" in below.get_ylabel()
