"""The explorer: what it shows is what the pure function makes of its controls, and one change draws once."""

import html
import itertools
import re
import threading

import ipywidgets as widgets
import pytest

from cs2s.datasets.loading import load
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.workbook.explorer import Explorer, error_line
from cs2s.workbook.predictions import LONGEST, Predictions, found_predictors
from cs2s.workbook.what_if import WhatIf
from cs2s.workbook.window_pages import window_page

TWO = ("zero-velocity", "running-average-4")


@pytest.fixture(scope="module")
def predictions(demo):
    return Predictions(demo, found_predictors(demo, folders=()))


def shown(panel):
    """The page in the frame, as the browser gets it."""
    (source,) = re.findall(r'srcdoc="(.*?)"', panel.page.value, re.DOTALL)
    return html.unescape(source)


def expected(panel):
    return window_page(**panel.settings(), keep=panel.model_id, frame=25)


def test_it_shows_what_the_pure_function_makes_after_any_step(predictions):
    panel = Explorer(predictions, action="walking", window=4, predictors=TWO)
    assert expected(panel) in shown(panel)
    steps = {"window": 3, "action": "boxing", "predictors": TWO[:1], "frames": 9}
    seen = {panel.page.value}
    for name, value in steps.items():
        panel.controls[name].value = value
        assert panel.settings()[name] == value
        assert expected(panel) in shown(panel)
        assert panel.line.value == error_line(**panel.settings())
        seen.add(panel.page.value)
    for name, value in {"mirror": True, "turn": 45, "noise": 2.0, "lost_limb": "left arm"}.items():
        panel.what_if[name].value = value
        assert panel.settings()["what_if"] != WhatIf()
        assert expected(panel) in shown(panel) and "→" in panel.line.value
        seen.add(panel.page.value)
    assert len(seen) == 1 + len(steps) + 4
    panel.buttons["as it was"].click()
    assert panel.settings()["what_if"] == WhatIf() and "→" not in panel.line.value


def test_every_way_of_another_past_has_a_control_that_begins_with_none(predictions):
    panel = Explorer(predictions, predictors=TWO[:1])
    assert WhatIf(**{name: control.value for name, control in panel.what_if.items()}) == WhatIf()
    start = WhatIf(faster=1.5, hold="LeftLeg", hold_frames=10, move_x=1.5, lost_frames=0.25)
    assert Explorer(predictions, predictors=TWO[:1], what_if=start).settings()["what_if"] == start


def test_one_change_draws_one_page(predictions):
    panel = Explorer(predictions, action="walking", predictors=TWO, what_if=WhatIf(turn=20, mirror=True))
    pages = []
    panel.page.observe(lambda change: pages.append(change.new), names="value")
    panel.go_to("boxing", 7)
    assert len(pages) == 1 and panel.settings()["window"] == 7
    panel.buttons["as it was"].click()
    assert len(pages) == 2


def test_buttons_and_dots_open_their_windows(predictions):
    panel = Explorer(predictions, action="walking", predictors=TWO)
    panel.buttons["worst window"].click()
    assert (panel.settings()["action"], panel.settings()["window"]) == predictions.worst("running-average-4")
    panel.buttons["most improved window"].click()
    gains = predictions.gains("running-average-4")
    assert (panel.settings()["action"], panel.settings()["window"]) == max(gains, key=gains.get)
    panel.buttons["all windows"].click()
    (scatter,) = panel.map.children
    dots = [child for child in scatter.children[1].children if isinstance(child, widgets.Button)]
    assert len(dots) == len(gains)
    for place in (3, 17, 38):
        (action, window), gain = list(gains.items())[place]
        assert dots[place].tooltip.startswith(f"{action}, window {window}: {'better' if gain > 0 else 'worse'}")
        dots[place].click()
        assert (panel.settings()["action"], panel.settings()["window"]) == (action, window)
        assert f"{action}, window {window}" in shown(panel)
    # The higher the dot, the larger the gain.
    heights = [-float(dot.layout.top[:-2]) for dot in dots]
    by_gain = sorted(range(len(dots)), key=lambda place: list(gains.values())[place])
    assert all(heights[a] <= heights[b] for a, b in itertools.pairwise(by_gain))
    panel.buttons["all windows"].click()
    assert not panel.map.children


def test_another_data_set_brings_its_own_actions_and_predictors(predictions, cmu_folder):
    cmu = load("cmu", cmu_folder)
    other = Predictions(cmu, {"zero-velocity": ZeroVelocity(), "mine": ZeroVelocity()})
    panel = Explorer(predictions, other, action="boxing", predictors=TWO)
    panel.controls["dataset"].value = "cmu"
    assert panel.controls["action"].options == other.actions
    assert panel.controls["predictors"].options == ("zero-velocity", "mine")
    assert panel.settings()["predictors"] == ("zero-velocity",)
    assert expected(panel) in shown(panel)
    # Some recordings end before the longest horizon.
    panel.controls["action"].value = "running"
    panel.controls["frames"].value = LONGEST
    assert expected(panel) in shown(panel)


def test_a_predictor_that_fails_is_told(demo):
    def failing(observed, frames):
        raise ValueError("5 < 6")

    panel = Explorer(Predictions(demo, {"failing": failing, "zero-velocity": ZeroVelocity()}), predictors=("failing",))
    assert panel.line.value == "<b>ValueError: 5 &lt; 6</b>"
    panel.controls["predictors"].value = ("zero-velocity",)
    assert "zero-velocity" in panel.line.value and expected(panel) in shown(panel)


@pytest.mark.parametrize("fails", [False, True])
def test_who_has_to_be_loaded_comes_later_and_the_others_are_there_at_once(demo, monkeypatch, fails):
    go_on = threading.Event()

    def load_predictor(source):
        assert go_on.wait(60)
        if fails:
            raise OSError("no weights")
        return ZeroVelocity()

    monkeypatch.setattr("cs2s.training.predictors.load_predictor", load_predictor)
    found = found_predictors(demo, "pretrained:demo", folders=())
    panel = Explorer(Predictions(demo, found), action="walking", predictors=("zero-velocity", "network"))
    assert "network: being loaded" in panel.line.value
    assert window_page(panel.settings()["predictions"], "walking", 0, TWO[:1], keep=panel.model_id, frame=25) in shown(
        panel
    )
    # Readers go on meanwhile.
    panel.controls["window"].value = 2
    assert "walking, window 2" in shown(panel)
    go_on.set()
    panel.wait()
    if fails:
        assert panel.line.value == "<b>OSError: no weights</b>"
    else:
        assert "loaded" not in panel.line.value and expected(panel) in shown(panel)


def test_the_line_tells_errors_before_and_after(predictions):
    errors = predictions.errors("walking", "zero-velocity")[4]
    told = error_line(predictions, "walking", 4, TWO[:1])
    assert told == (
        f"Angle error in radians at 80, 400, 1000 ms: zero-velocity {errors[1]:.2f}, {errors[9]:.2f}, {errors[24]:.2f}."
    )
    what_if = WhatIf(faster=2)
    after = predictions.errors("walking", "zero-velocity", what_if=what_if)[4]
    assert f"{errors[9]:.2f} → {after[9]:.2f}" in error_line(predictions, "walking", 4, TWO[:1], what_if=what_if)
    assert "no predictor" in error_line(predictions, "walking", 4, ())
    assert error_line(predictions, "walking", 4, TWO[:1], frames=1).startswith("Angle error in radians at 40 ms")
