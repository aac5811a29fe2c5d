"""Pictures of predictions: they show the numbers of the tables, and the poses of the right window."""

import itertools

import numpy as np
import pytest

from cs2s.pictures.stage import to_plot_axes
from cs2s.workbook.figures.explore_predictions import (
    best_and_worst,
    foot_sliding,
    joint_speed,
    plot_against_freezing,
    plot_best_and_worst,
    plot_speeds,
)
from cs2s.workbook.predictions import Predictions, found_predictors

TWO = ("zero-velocity", "running-average-4")


@pytest.fixture(scope="module")
def predictions(demo):
    return Predictions(demo, found_predictors(demo, folders=()))


def texts(figure):
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


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


def test_speeds_are_those_of_truth_and_prediction_against_time(predictions):
    figure = plot_speeds(predictions, "walking", [4, 6], "running-average-4", frames=40)
    for axes, window in zip(figure.axes, (4, 6), strict=True):
        truth, predicted = predictions.motions("walking", window, ["running-average-4"], 40)
        curves = {line.get_label(): line for line in axes.get_lines()}
        for name, motion in {"truth": truth, **predicted}.items():
            np.testing.assert_allclose(curves[name].get_ydata(), joint_speed(motion))
            # The first step ends at frame 1; frame 49 is at 0.
            assert curves[name].get_xdata()[[0, 48, -1]].tolist() == [-1920, 0, 1600]
