"""The explorer: its pictures are those of the pure functions, its numbers those of the tables, and nothing piles up."""

import itertools
import shutil

import ipywidgets as widgets
import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.loading import load
from cs2s.datasets.windows import dataset_statistics, halved, test_windows
from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.pictures.stage import to_plot_axes
from cs2s.training.pretrained import pretrained_for
from cs2s.workbook.figures.explore_predictions import (
    LONGEST,
    Explorer,
    Predictions,
    best_and_worst,
    error_line,
    foot_sliding,
    found_predictors,
    joint_speed,
    plot_against_freezing,
    plot_best_and_worst,
    plot_drift,
    plot_prediction,
)
from cs2s.workbook.opening import as_png

TWO = ("zero-velocity", "running-average-4")


class Counting:
    """Freezes the person, and counts how often it is asked."""

    name = "counting"

    def __init__(self):
        self.asked = []

    def __call__(self, observed, frames):
        self.asked.append((observed.rows.shape, frames))
        return ZeroVelocity()(observed, frames)


@pytest.fixture(scope="module")
def predictions(demo):
    return Predictions(demo, found_predictors(demo, folders=()))


def texts(figure):
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def test_windows_and_errors_are_those_of_the_tables(demo, predictions):
    for windows in test_windows(demo, dataset_statistics(demo)):
        ours = [predictions.truth(windows.action, window).rows for window in range(8)]
        np.testing.assert_array_equal(ours, windows.motion.rows)
    table = evaluate(demo, ZeroVelocity())
    for action in predictions.actions:
        for frames in (25, 10, LONGEST):
            errors = predictions.errors(action, "zero-velocity", frames)
            assert errors.shape == (8, frames)
            expected = table.errors[action][:frames]
            np.testing.assert_allclose(errors[:, :25].mean(axis=0), expected, atol=1e-6)
        predicted = predictions.predicted(action, "zero-velocity")
        np.testing.assert_array_equal(predicted.rows, table.motions[action][1].rows)


def test_the_truth_goes_on_as_the_recording_does_and_ends_with_it(demo, predictions, cmu_folder):
    (windows,) = [w for w in test_windows(demo, dataset_statistics(demo)) if w.action == "walking"]
    take, start = windows.starts[3]
    recorded = halved(demo.motions[take]).rows[start : start + 50 + LONGEST]
    np.testing.assert_allclose(predictions.truth("walking", 3, LONGEST).rows, recorded, atol=1e-5)
    cmu = load("cmu", cmu_folder)
    short = Predictions(cmu, found_predictors(cmu, folders=()))
    left = len(short.truth("running", 0, LONGEST)) - 50
    assert 25 <= left < LONGEST
    errors = short.errors("running", "zero-velocity", LONGEST)[0]
    assert np.isfinite(errors[:left]).all() and np.isnan(errors[left:]).all()
    panel = Explorer(short, action="running", predictors=TWO, frames=LONGEST, frame=149)
    assert panel.controls["frame"].value == panel.controls["frame"].max == panel.play.max == 50 + left - 1
    panel.controls["action"].value = "washwindow"
    assert panel.controls["frame"].max == 149


@pytest.mark.slow
def test_a_predictor_is_asked_once(demo):
    counting = Counting()
    predictions = Predictions(demo, {"counting": counting})
    panel = Explorer(predictions, action="walking", predictors=("counting",))
    for frame in (50, 60, 70):
        panel.controls["frame"].value = frame
    panel.controls["window"].value = 5
    panel.controls["frames"].value = 12
    assert counting.asked == [((8, 50, 117), 25)]
    panel.controls["frames"].value = 60
    panel.controls["frames"].value = 80
    assert counting.asked[1:] == [((8, 50, 117), LONGEST)]


def test_wrong_names_numbers_and_shapes_are_refused(demo, predictions):
    for arguments, words in (
        (("flying", 0, TWO), "no action 'flying'"),
        (("walking", 8, TWO), "no window 8"),
        (("walking", 0, ("nobody",)), "no predictor 'nobody'"),
        (("walking", 0, TWO, 0), "horizon of 0"),
        (("walking", 0, TWO, LONGEST + 1), "horizon of 101"),
        (("walking", 0, TWO, 25, 75), "no frame 75"),
    ):
        with pytest.raises(InputError, match=words):
            plot_prediction(predictions, *arguments)
    lazy = Predictions(demo, {"lazy": lambda observed, frames: observed})
    with pytest.raises(InputError, match=r"lazy returned rows of shape \(8, 50, 117\) instead of \(8, 25, 117\)"):
        lazy.predicted("walking", "lazy")
    arrays = Predictions(demo, {"arrays": lambda observed, frames: observed.rows})
    with pytest.raises(InputError, match="arrays returned a ndarray instead of a Motion"):
        arrays.predicted("walking", "arrays")


@pytest.mark.slow
def test_the_panel_shows_what_the_pure_function_draws_after_any_step(predictions):
    start = {"action": "walking", "window": 4, "predictors": TWO, "frames": 25, "frame": 59}
    panel = Explorer(predictions, **start)
    assert panel.picture.value == as_png(plot_prediction(predictions, **start))
    steps = {"frame": 61, "window": 3, "azimuth": 30, "action": "boxing", "predictors": TWO[:1], "frames": 9}
    drawn = {panel.picture.value}
    for name, value in steps.items():
        panel.controls[name].value = value
        assert panel.settings()[name] == value
        settings = panel.settings()
        assert panel.picture.value == as_png(plot_prediction(**settings))
        assert panel.line.value == error_line(**settings)
        drawn.add(panel.picture.value)
    assert len(drawn) == len(steps) + 1
    # The horizon of 9 frames has taken the frame with it.
    assert panel.controls["frame"].value == 58


def test_one_change_draws_one_picture(predictions, monkeypatch):
    panel = Explorer(predictions, action="walking", predictors=TWO, frame=74)
    pictures = []
    panel.picture.observe(lambda change: pictures.append(change.new), names="value")
    panel.controls["frames"].value = 5
    assert panel.controls["frame"].value == 54
    assert len(pictures) == 1
    assert sum(isinstance(child, widgets.Image) for child in panel.children) == 1


def test_the_first_slider_is_the_frame_and_the_film_moves_it_in_the_browser(predictions):
    before = set(widgets.widget._instances)
    panel = Explorer(predictions, action="walking", predictors=TWO, frame=59)
    play, frame = panel.children[0].children
    assert isinstance(play, widgets.Play) and frame is panel.controls["frame"]
    assert (play.min, play.max, play.value) == (frame.min, frame.max, frame.value)
    made = [widget for key, widget in widgets.widget._instances.items() if key not in before]
    (link,) = [widget for widget in made if isinstance(widget, widgets.widget_link.Link)]
    assert (link.source, link.target) == ((play, "value"), (frame, "value"))
    # Python does not follow the film itself: only the slider asks for pictures.
    shown = panel.picture.value
    play.value = 60
    assert panel.picture.value == shown


def test_another_data_set_brings_its_own_actions_and_predictors(predictions, cmu_folder):
    cmu = load("cmu", cmu_folder)
    other = Predictions(cmu, {"zero-velocity": ZeroVelocity(), "mine": Counting()})
    panel = Explorer(predictions, other, action="boxing", predictors=TWO)
    panel.controls["dataset"].value = "cmu"
    assert panel.controls["action"].options == other.actions
    assert panel.controls["predictors"].options == ("zero-velocity", "mine")
    assert panel.settings()["predictors"] == ("zero-velocity",)
    assert panel.picture.value == as_png(plot_prediction(**panel.settings()))


def test_a_predictor_that_fails_is_told_in_the_panel(demo):
    def failing(observed, frames):
        raise ValueError("5 < 6")

    panel = Explorer(Predictions(demo, {"failing": failing, "good": ZeroVelocity()}), predictors=("failing",))
    assert panel.line.value == "<b>ValueError: 5 &lt; 6</b>"
    panel.controls["predictors"].value = ("good",)
    assert "good" in panel.line.value and panel.picture.value


def test_the_line_tells_time_and_errors(predictions):
    error = predictions.errors("walking", "zero-velocity")[4, 9]
    settings = {"action": "walking", "window": 4, "predictors": TWO[:1], "frames": 25}
    assert error_line(predictions, **settings, frame=59) == (
        f"Angle error at 400 ms, in radians: zero-velocity {error:.2f}."
    )
    assert "observed" in error_line(predictions, **settings, frame=49)
    assert "no predictor" in error_line(predictions, **{**settings, "predictors": ()}, frame=59)


@pytest.mark.slow
def test_runs_are_found_by_their_data_and_their_checkpoints(demo, trained_run, cmu_folder, tmp_path):
    runs = tmp_path / "runs"
    shutil.copytree(trained_run, runs / "mine")
    shutil.copytree(trained_run, runs / "empty")
    shutil.rmtree(runs / "empty" / "checkpoints")
    (runs / "broken").mkdir()
    (runs / "broken" / "run.json").write_text("{")
    (runs / "notes").mkdir()
    # Trained on an older version of the demo data: its normalisation is another one.
    shutil.copytree(runs / "mine", runs / "older")
    content = (runs / "older" / "run.json").read_text()
    (runs / "older" / "run.json").write_text(content.replace(demo.fingerprint, "older"))
    shipped = pretrained_for("demo")
    found = found_predictors(demo, folders=(runs, tmp_path / "nothing", runs))
    assert list(found) == ["zero-velocity", "running-average-2", "running-average-4", "runs/mine", *shipped]
    assert found["runs/mine"].name == "runs/mine"
    named = found_predictors(demo, runs / "mine", folders=(runs,))
    assert list(named)[3:] == ["network", *shipped]
    assert "runs/mine" not in found_predictors(load("cmu", cmu_folder), folders=(runs,))
    observed = Predictions(demo, named).truth("walking", 0)[:50]
    from cs2s.training.predictors import load_predictor

    expected = load_predictor(trained_run)(observed, 3)
    np.testing.assert_array_equal(named["network"](observed, 3).rows, expected.rows)


@pytest.mark.slow
def test_an_imported_checkpoint_appears_and_predicts(reference, cmu_folder, tmp_path):
    prefix = reference / "golden" / "tf1_checkpoint_cmu" / "original-24000"
    run = tmp_path / "runs" / "original"
    arguments = ("import-checkpoint", prefix, "--dataset", "cmu", "--data-dir", cmu_folder, "--run", run)
    assert main([str(argument) for argument in arguments]) == 0
    cmu = load("cmu", cmu_folder)
    predictions = Predictions(cmu, found_predictors(cmu, folders=(tmp_path / "runs",)))
    assert "runs/original" in predictions.predictors
    from cs2s.training.predictors import load_predictor

    expected = evaluate(cmu, load_predictor(run))
    predicted = predictions.predicted("soccer", "runs/original")
    np.testing.assert_allclose(predicted.rows, expected.motions["soccer"][1].rows, atol=1e-5)
    errors = predictions.errors("soccer", "runs/original")
    np.testing.assert_allclose(errors.mean(axis=0), expected.errors["soccer"], atol=1e-4)
    panel = Explorer(predictions, action="soccer", predictors=("zero-velocity", "runs/original"))
    assert f"runs/original {errors[0, 9]:.2f}" in panel.line.value


def test_speed_and_sliding_are_what_they_say(predictions):
    truth, predicted = predictions.motions("walking", 4, ["zero-velocity"])
    positions = truth.positions()
    seen = [pose - pose[0] for pose in positions]
    steps = [25 * np.linalg.norm(b - a, axis=-1).mean() for a, b in itertools.pairwise(seen)]
    np.testing.assert_allclose(joint_speed(truth), steps)
    still = predicted["zero-velocity"][49:]
    np.testing.assert_allclose(joint_speed(still), 0, atol=1e-9)
    assert foot_sliding(still) == 0
    # Somebody who stands and is pushed along at 0.1 units a frame glides at that speed.
    rows = still.rows.astype(np.float64)
    rows[:, 2] += 0.1 * np.arange(len(rows))
    pushed = type(still)(rows, still.skeleton, still.fps)
    assert foot_sliding(pushed) == pytest.approx(0.1 * 25 * truth.skeleton.unit_mm)
    # Only steps near the floor count: one frame far below leaves none.
    rows[5, 1] -= 10
    assert np.isnan(foot_sliding(type(still)(rows, still.skeleton, still.fps)))


def test_best_and_worst_windows_are_drawn_with_their_errors(predictions):
    found = best_and_worst(predictions, "zero-velocity", 9)
    figure = plot_best_and_worst(predictions, "zero-velocity", 9)
    assert len(figure.axes) == 2 * len(predictions.actions)
    for action, (best, worst) in found.items():
        errors = predictions.errors(action, "zero-velocity")[:, 9]
        assert errors[best] == errors.min() and errors[worst] == errors.max()
        for word, window in (("best", best), ("worst", worst)):
            assert f"{action}, window {window}\n{word}: {errors[window]:.2f} rad" in texts(figure)


def test_an_overlay_shows_truth_and_prediction_hips_on_hips(predictions):
    figure = plot_best_and_worst(predictions, "zero-velocity", 9)
    action = predictions.actions[0]
    best, _ = best_and_worst(predictions, "zero-velocity", 9)[action]
    truth, predicted = predictions.motions(action, best, ["zero-velocity"])
    lines = figure.axes[0].get_lines()
    assert len(lines) == 8
    heights = [np.nanmax(line.get_data_3d()[2]) - np.nanmin(line.get_data_3d()[2]) for line in lines]
    for panel, motion in enumerate((truth, predicted["zero-velocity"])):
        placed = to_plot_axes(motion.positions()[59])
        left = [joint for joint in range(38) if truth.skeleton.side(joint) == "left" and joint > 1]
        assert heights[4 * panel] == pytest.approx(np.ptp(placed[[0, *left], 2]), abs=0.3)
        assert (lines[4 * panel].get_marker() == "o") == (panel == 1)


def test_drift_shows_the_errors_of_the_window(predictions):
    figure = plot_drift(predictions, "walking", 4, TWO)
    axes = figure.axes[0]
    curves = {line.get_label(): line for line in axes.get_lines()}
    for name in TWO:
        np.testing.assert_allclose(curves[name].get_ydata(), predictions.errors("walking", name)[4])
        np.testing.assert_allclose(curves[name].get_xdata(), np.arange(1, 26) * 40)
    moments = [line.get_xdata()[0] for line in axes.get_lines() if line.get_ls() == ":"]
    assert len(moments) == 6
    assert [f"{moment:.0f} ms" in texts(figure) for moment in moments] == 6 * [True]


def test_gain_is_a_dot_a_window(predictions):
    figure = plot_against_freezing(predictions, "running-average-4", (1, 9))
    for axes, frame in zip(figure.axes, (1, 9), strict=True):
        shown = {"o": [], "x": []}
        for line in axes.get_lines():
            if line.get_marker() in shown:
                shown[line.get_marker()] += line.get_ydata().tolist()
        both = [[predictions.errors(a, p)[:, frame] for a in predictions.actions] for p in TWO]
        gains = np.subtract(*both).ravel()
        np.testing.assert_allclose(np.sort(shown["o"]), np.sort(gains[gains > 0]))
        np.testing.assert_allclose(np.sort(shown["x"]), np.sort(gains[gains <= 0]))
