"""Pages of windows in a real browser, without a kernel: a click plays the window, and its joints say their numbers."""

import json
import re

import numpy as np
import pytest

from cs2s.errors import InputError
from cs2s.pictures.player import player_page
from cs2s.pictures.stage import seen_from
from cs2s.workbook.predictions import Predictions, found_predictors, joint_differences
from cs2s.workbook.what_if import WhatIf
from cs2s.workbook.window_pages import window_page, windows_page

NAME = "running-average-4"
TWO = ("zero-velocity", NAME)
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
STATE = """() => {
    const root = document.querySelector('.cs2s-player'), {film, at} = root.player;
    return {...at, playing: root.dataset.playing === 'true', title: root.querySelector('.head b').textContent,
            names: film.people.map(person => person.name), frames: film.frames};
}"""
BARS = """() => [...document.querySelectorAll('.joints dt')].map(term => [
    term.textContent, ...[...term.nextElementSibling.children].map(line => line.textContent)])"""


@pytest.fixture(scope="module")
def predictions(demo):
    return Predictions(demo, found_predictors(demo, folders=()))


@pytest.fixture(scope="module")
def all_windows(predictions):
    return player_page(windows_page(predictions, NAME))


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a page; at the end nothing may have gone wrong in it, and no host may have been asked."""
    contexts, wrong, asked = [], [], []

    def open_page(content, width=900, height=1000, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(content, encoding="utf-8")
        page.goto(path.as_uri())
        if options.get("java_script_enabled", True):
            page.evaluate(DRAWN)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong
    assert all(url.startswith(("file:", "data:", "about:")) for url in asked)


def show(page, frame):
    page.evaluate("frame => document.querySelector('.cs2s-player').player.show(frame)", frame)
    page.evaluate(DRAWN)


def places(page, person):
    """Where a person of the page is, ``(frames, joints, 3)``, mm."""
    flat, joints = page.evaluate(
        """name => {
            const {people, bodies} = document.querySelector('.cs2s-player').player.film;
            const person = people.find(one => one.name === name);
            return [[...person.places], bodies[person.body].parents.length];
        }""",
        person,
    )
    return np.reshape(flat, (-1, joints, 3))


def hips(predictions, action, window, name, first=25):
    truth, motions = predictions.motions(action, window, [name])
    return seen_from([truth[first:], motions[name][first:]], 49 - first)[1][:, 0]


def test_a_click_on_a_dot_plays_its_window(predictions, all_windows, opened):
    page = opened(all_windows)
    assert page.evaluate(STATE)["title"].startswith("{}, window {}".format(*predictions.worst(NAME)))
    for action, window in (("walking", 4), ("boxing", 0), ("waving", 7)):
        page.locator(f".field button[name='{action} {window}']").click()
        page.evaluate(DRAWN)
        now = page.evaluate(STATE)
        assert now["title"].startswith(f"{action}, window {window}: ")
        assert now["names"] == ["truth", NAME] and now["frames"] == 50
        np.testing.assert_allclose(places(page, NAME)[:, 0], hips(predictions, action, window, NAME), atol=1)
        chosen = page.locator(".field button[aria-checked='true']")
        assert chosen.count() == 1 and chosen.get_attribute("name") == f"{action} {window}"
    assert page.locator(".cs2s-player").count() == 1
    # It plays, and is drawn anew.
    before = page.evaluate("document.querySelector('.stage canvas').toDataURL()")
    page.locator(".cs2s-player button[name=play]").click()
    while page.evaluate(STATE)["frame"] <= 30:
        page.evaluate(DRAWN)
    assert page.evaluate("document.querySelector('.stage canvas').toDataURL()") != before


def test_the_buttons_open_the_worst_and_the_most_improved_window(predictions, all_windows, opened):
    page = opened(all_windows)
    gains = predictions.gains(NAME)
    for words, (action, window) in (
        ("most improved window", max(gains, key=gains.get)),
        ("worst window", predictions.worst(NAME)),
    ):
        page.get_by_role("button", name=words).click()
        assert page.evaluate(STATE)["title"].startswith(f"{action}, window {window}: ")


def test_camera_frame_and_speed_stay_from_window_to_window(all_windows, opened):
    page = opened(all_windows)
    page.locator("select[name=speed]").select_option("0.25")
    page.locator("button[name=trails]").click()
    page.locator(".stage canvas").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    show(page, 40)
    before = page.evaluate(STATE)
    page.locator(".field button[name='walking 4']").click()
    page.evaluate(DRAWN)
    after = page.evaluate(STATE)
    kept = ("frame", "yaw", "pitch", "zoom", "speed", "trails", "view", "room", "loop", "playing")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert page.locator("select[name=speed]").input_value() == "0.25"
    assert page.locator("button[name=trails]").get_attribute("aria-pressed") == "true"


def test_arrow_keys_go_from_dot_to_dot(predictions, all_windows, opened):
    page = opened(all_windows)
    page.locator(".field button[name='boxing 7']").click()
    page.keyboard.press("ArrowRight")
    first, *_ = [action for action in predictions.actions if action != "boxing"]
    assert page.evaluate(STATE)["title"].startswith(f"{first}, window 0: ")
    assert page.evaluate("document.activeElement.name") == f"{first} 0"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(STATE)["title"].startswith("boxing, window 7: ")
    # The Tab key stops at one dot only.
    assert page.locator(".field button[tabindex='0']").count() == 1


def test_joints_say_their_numbers_at_the_frame(predictions, all_windows, opened):
    page = opened(all_windows)
    page.locator(".field button[name='boxing 0']").click()
    predicted, _ = predictions.of_window("boxing", 0, NAME)
    truth = predictions.truth("boxing", 0)
    euler, turns = joint_differences(truth, predicted)
    worst = np.maximum(euler, turns).max(axis=0).argsort()[::-1][:6]
    for frame in (25, 34, 49):
        show(page, frame)
        rows = page.evaluate(BARS)
        assert [name for name, *_ in rows] == [truth.skeleton.joints[joint] for joint in worst]
        for joint, (_, *told) in zip(worst, rows, strict=True):
            both = euler[frame - 25, joint], turns[frame - 25, joint]
            assert [float(number) for number in told] == pytest.approx(both, abs=0.0051)
    show(page, 10)
    assert all(told == ["", ""] for _, *told in page.evaluate(BARS))


def test_another_past_stands_beside_the_one_that_was(predictions, opened):
    what_if = WhatIf(turn=60, lost_limb="left arm")
    page = opened(player_page(window_page(predictions, "walking", 4, TWO[:1], what_if=what_if, play=False)))
    now = page.evaluate(STATE)
    assert now["names"] == ["truth", "zero-velocity", "what if: truth", "what if: zero-velocity"]
    assert now["view"] == "beside"
    truth, motions = predictions.motions("walking", 4, TWO[:1])
    seen, other = predictions.motions("walking", 4, TWO[:1], what_if=what_if)
    people = [truth, motions["zero-velocity"], seen, other["zero-velocity"]]
    for name, world in zip(now["names"], seen_from(people, 49), strict=True):
        np.testing.assert_allclose(places(page, name)[:, 0], world[:, 0], atol=1)
    # Only what the camera missed is another one: the truth is not shown twice.
    page = opened(player_page(window_page(predictions, "walking", 4, TWO[:1], what_if=WhatIf(noise=3), play=False)))
    assert page.evaluate(STATE)["names"] == ["truth", "zero-velocity", "what if: zero-velocity"]


def test_the_next_page_of_an_explorer_goes_on_where_the_last_was_left(predictions, opened):
    pages = [
        player_page(window_page(predictions, "walking", window, TWO[:1], play=False, keep="it")) for window in (4, 5)
    ]
    page = opened("<!DOCTYPE html><title>a notebook</title><iframe title='it' width=900 height=900></iframe>")
    for source in pages:
        page.evaluate("source => { document.querySelector('iframe').srcdoc = source; }", source)
        page.wait_for_function(
            """title => {
                const {contentDocument} = document.querySelector('iframe');
                return contentDocument?.querySelector('.ready .head b')?.textContent === title;
            }""",
            arg=f"walking, window {4 if source == pages[0] else 5}",
        )
        if source == pages[0]:
            frame = page.frames[1]
            frame.evaluate("""() => {
                const {player} = document.querySelector('.cs2s-player');
                player.at.yaw = 33;
                player.show(61);
            }""")
            frame.locator("select[name=room]").select_option("room")
            frame.evaluate(DRAWN)
    now = page.frames[1].evaluate(STATE)
    assert (now["yaw"], now["frame"], now["room"], now["playing"]) == (33, 61, True, False)


def test_dark_narrow_and_without_a_script(predictions, all_windows, opened):
    page = opened(all_windows, width=360, color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.querySelector('.cs2s-explorer')).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", ground)[:3])) < 150
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    still = opened(all_windows, java_script_enabled=False)
    assert still.locator(".still svg").is_visible() and not still.locator(".field").is_visible()


def test_all_windows_are_in_the_page_and_it_is_small(predictions):
    page = windows_page(predictions, NAME, beside=TWO[:1])
    assert page.count("<template") == 40
    assert len(page.encode()) < 600_000
    assert not re.search(r"https?:", page)
    films = re.findall(r'<template[^>]*><script type="application/json">(.*?)</script>', page, re.DOTALL)
    films = [json.loads(film) for film in films]
    assert all([person["name"] for person in film["people"]] == ["truth", *TWO] for film in films)
    # What all share is said once.
    assert sum("colours" in film for film in films) == 1


def test_what_cannot_be_shown_is_refused(predictions):
    for arguments, options, words in (
        ((predictions, "nobody"), {}, "no predictor 'nobody'"),
        ((predictions, NAME, 25), {}, "no predicted frame 25"),
        ((predictions, NAME), {"seen": 0}, "0 observed frames"),
    ):
        with pytest.raises(InputError, match=words):
            windows_page(*arguments, **options)
    with pytest.raises(InputError, match="no frame 75"):
        window_page(predictions, "walking", 4, TWO, frame=75)
