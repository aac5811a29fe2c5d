"""The live arm: its numbers, read off the page in a browser, are those of cs2s; it is turned by hand and by keys."""

import re

import numpy as np
import pytest
from in_a_browser import DRAWN
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.motion.rotations import rotmat_to_euler, rotmat_to_expmap, rotmat_to_quat
from cs2s.pictures.arm import arm_numbers, arm_panel
from cs2s.pictures.parts import part
from cs2s.pictures.player import player_page
from cs2s.pictures.style import on_screen
from cs2s.workbook.opening import show

PICTURE = ".cs2s-arm canvas.person"
ASKEW = 180 * np.array([1, 2, 3]) / np.sqrt(14)

# Degrees. None, almost none, quarter, half, full turns, and near them; then any.
VECTORS = [
    (0, 0, 0), (1e-6, 0, 0), (0, 1e-9, 0), (90, 0, 0), (0, -90, 0), (0, 0, 90), (180, 0, 0), (0, 180, 0), (0, 0, 180),
    (0, 0, -180), (180, 180, 0), tuple(ASKEW), tuple(-ASKEW), tuple(0.999999 * ASKEW), tuple(1.000001 * ASKEW),
    (0, 0, 190), (0, 0, -170), (360, 0, 0), (0, 359.999, 0), (120, 120, 120), (0, 89.9999, 0), (-60, 45, 90),
    *map(tuple, np.random.default_rng(2).uniform(-180, 180, (18, 3)).round(3)),
]  # fmt: skip
EULERS = [
    (0, 90, 0), (0, -90, 0), (-30, 90, 0), (-30, -90, 20), (170, 90, -170), (45, 89.9999, -45), (45, -89.99999, 100),
    (180, 0, 180), (180, 0, 0), (0, 0, 0), (90, 60, -90), (10, 20, 30),
    *map(tuple, np.random.default_rng(3).uniform([-180, -90, -180], [180, 90, 180], (8, 3)).round(3)),
]  # fmt: skip


def test_numbers_are_those_of_scipy():
    for vector in VECTORS:
        numbers, rotation = arm_numbers(np.radians(vector)), Rotation.from_rotvec(vector, degrees=True)
        np.testing.assert_allclose(numbers["matrix"], rotation.as_matrix().reshape(9), atol=1e-12)
        assert numbers["angle"][0] == pytest.approx(np.degrees(rotation.magnitude()), abs=1e-5)
        for again in (
            Rotation.from_quat(numbers["quaternion"], scalar_first=True),
            Rotation.from_rotvec(numbers["shortest"], degrees=True),
            Rotation.from_rotvec(numbers["angle"] * numbers["axis"], degrees=True),
        ):
            assert (again * rotation.inv()).magnitude() < 1e-6
        if abs(abs(numbers["euler"][1]) - 90) > 1e-3:
            again = Rotation.from_euler("xyz", numbers["euler"], degrees=True)
            assert (again * rotation.inv()).magnitude() < 1e-6
        of_file = arm_numbers(np.radians(vector), rows=True)
        np.testing.assert_array_equal(of_file["vector"], -numbers["vector"])
        np.testing.assert_allclose(of_file["matrix"], rotation.inv().as_matrix().reshape(9), atol=1e-12)
        np.testing.assert_array_equal(of_file["euler"], numbers["euler"])


def test_the_panel_is_small_and_asks_nothing_of_anybody():
    script = part("arm.js")
    assert len(script.encode()) <= 20_000 and len(arm_panel().encode()) <= 40_000
    assert not re.search(r"https?:|//\w|fetch|XMLHttp|WebSocket|import\b|eval|sendBeacon|\.src\b", script)


@pytest.mark.parametrize("vector", [(1, 2), (0, 0, np.nan), 3])
def test_an_arm_has_three_numbers(vector):
    with pytest.raises(InputError, match="three numbers"):
        arm_panel(vector)


def test_euler_angles_may_be_what_the_sliders_say_at_first(opened):
    page = opened(player_page(arm_panel((-30, -70, 20), mode="euler")))
    page.evaluate(DRAWN)
    assert [page.locator(f"[name=number-{name}]").input_value() for name in "xyz"] == ["-30", "-70", "20"]
    right = Rotation.from_euler("xyz", [-30, -70, 20], degrees=True)
    np.testing.assert_allclose(read(page)[1]["radians"], right.as_rotvec(), atol=1e-12)
    bare = opened(player_page(arm_panel((-30, -70, 20), mode="euler")), java_script_enabled=False)
    assert bare.locator("data[data-at='euler.1']").inner_text() == "−70.0"


def test_sliders_have_a_mode():
    with pytest.raises(InputError, match="'euler', not 'quaternion'"):
        arm_panel(mode="quaternion")


def ask(page, numbers):
    """Type three numbers into the fields beside the sliders."""
    for name, value in zip("xyz", numbers, strict=True):
        page.locator(f"[name=number-{name}]").fill(repr(float(value)))
    page.evaluate(DRAWN)


def read(page):
    """What stands in the table: name -> numbers as written, and as they are behind the writing."""
    cells = page.evaluate("""() => [...document.querySelectorAll('.numbers data')].map(place =>
        [place.dataset.at, place.innerText, place.getAttribute('value')])""")
    texts, values = {}, {}
    for place, text, value in cells:
        name = place.split(".")[0]
        texts.setdefault(name, []).append(float(text.replace("−", "-")))
        values.setdefault(name, []).append(float(value))
    return {n: np.array(v) for n, v in texts.items()}, {n: np.array(v) for n, v in values.items()}


def check(page, rotation, rows):
    """Compare all numbers of the page with those of cs2s, and of SciPy."""
    texts, values = read(page)
    for name, value in values.items():
        np.testing.assert_allclose(texts[name], value, atol=5.1e-8, err_msg=name)
    matrix = values["matrix"].reshape(3, 3)
    of_rows = matrix if rows else matrix.T
    np.testing.assert_allclose(matrix, (rotation.inv() if rows else rotation).as_matrix(), atol=1e-9)
    # Where a formula leaps (half a turn, gimbal lock), cs2s is asked about the very matrix of the page.
    shortest = rotmat_to_expmap(matrix)
    wanted = {
        "quaternion": rotmat_to_quat(matrix),
        "shortest": np.degrees(shortest),
        "angle": np.degrees([np.linalg.norm(shortest)]),
        "axis": shortest / (np.linalg.norm(shortest) or 1),
        "euler": np.degrees(rotmat_to_euler(of_rows)),
    }
    for name, right in wanted.items():
        np.testing.assert_allclose(texts[name], right, atol=1e-6, err_msg=name)
    return texts, of_rows


@pytest.mark.parametrize("rows", [False, True])
def test_numbers_on_the_page_are_those_of_cs2s(opened, rows):
    assert len(VECTORS) + len(EULERS) == 60
    page = opened(player_page(arm_panel()))
    page.locator("[name=digits]").click()
    page.locator("[name=reading]").select_option("rows" if rows else "columns")
    compared = 0
    for vector in VECTORS:
        ask(page, -np.array(vector) if rows else vector)
        texts, of_rows = check(page, Rotation.from_rotvec(vector, degrees=True), rows)
        wanted = arm_numbers(np.radians(vector), rows)
        told = ["vector", "radians", "matrix"]
        angle = wanted["angle"][0]
        if 1e-3 < angle < 179.99 and abs(of_rows[0, 2]) < 0.999999:
            # Nothing leaps here: the whole way from the numbers that were typed.
            told, compared = list(wanted), compared + 1
        for name in told:
            np.testing.assert_allclose(texts[name], wanted[name], atol=1e-6, err_msg=f"{name} of {vector}")
    assert compared >= 20
    page.locator("[name=mode]").select_option("euler")
    locked = 0
    for angles in EULERS:
        ask(page, angles)
        _, of_rows = check(page, Rotation.from_euler("xyz", angles, degrees=True), rows)
        locked += abs(of_rows[0, 2]) == 1
    assert locked == 5


def test_the_page_holds_numbers_before_any_script_runs(opened):
    page = opened(player_page(arm_panel((-60, 45, 90))), java_script_enabled=False)
    assert page.locator(".still svg").is_visible() and not page.locator(".stage").is_visible()
    assert page.locator("data[data-at='angle.0']").inner_text() == "117.2"
    assert (
        page.locator("data[data-at='matrix.8']").inner_text()
        == f"{arm_numbers(np.radians([-60, 45, 90]))['matrix'][8]:.3f}"
    )
    still = page.locator(".numbers").inner_text()
    moving = opened(player_page(arm_panel((-60, 45, 90))))
    assert moving.locator(".numbers tbody").inner_text() == still
    assert not moving.locator(".still").is_visible()


def vector(page):
    page.evaluate(DRAWN)
    return read(page)[1]["vector"]


def hand(page):
    """Where the fingertip is drawn, in pixels of the page."""
    page.evaluate(DRAWN)
    box = page.locator(PICTURE).bounding_box()
    x, y = page.evaluate("document.querySelector('.cs2s-arm').arm.hand()")
    return np.array([box["x"] + x, box["y"] + y])


def camera(page):
    return page.evaluate("(({yaw, pitch}) => [yaw, pitch])(document.querySelector('.cs2s-arm').arm.at)")


def drag(page, start, *way):
    page.mouse.move(*start)
    page.mouse.down()
    for place in way:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("mode", ["vector", "euler"])
def test_the_hand_goes_where_it_is_dragged(opened, mode):
    page = opened(player_page(arm_panel((0, 0, 0), mode=mode)))
    start = hand(page)
    target = start + np.array([-60, -110])
    drag(page, start, target)
    np.testing.assert_allclose(hand(page), target, atol=1)
    # The hand stays on its sphere: it is turned, and by the shortest way, so not about itself.
    told = np.radians(vector(page))
    tip = Rotation.from_rotvec(told).apply([1, 0, 0])
    assert abs(told @ np.cross([1, 0, 0], tip)) == pytest.approx(
        np.linalg.norm(told) * np.linalg.norm(np.cross([1, 0, 0], tip)), rel=0.1
    )
    # Past the rim it goes on behind.
    behind = opened(player_page(arm_panel((0, 0, 0), mode=mode)))
    start = hand(behind)
    drag(behind, start, start + np.array([200, 0]), start + np.array([-60, 0]))
    assert Rotation.from_rotvec(vector(behind), degrees=True).apply([1, 0, 0])[2] < 0


def test_beside_the_arm_one_turns_the_camera(opened):
    page = opened(player_page(arm_panel()))
    before, first, box = vector(page), camera(page), page.locator(PICTURE).bounding_box()
    corner = np.array([box["x"] + 20, box["y"] + 20])
    drag(page, corner, corner + np.array([40, 30]))
    assert camera(page) == [first[0] - 20, first[1] + 10]
    page.locator(PICTURE).press("ArrowRight")
    page.locator(PICTURE).press("ArrowDown")
    assert camera(page) == [first[0] - 26, first[1] + 4]
    np.testing.assert_array_equal(vector(page), before)
    page.locator("[name=view]").click()
    assert camera(page) == first


def test_sliders_are_moved_by_keys(opened):
    page = opened(player_page(arm_panel((0, 0, 90))))
    slider = page.locator("[name=slider-x]")
    for _ in range(3):
        slider.press("ArrowLeft")
    np.testing.assert_allclose(vector(page), [-3, 0, 90])
    assert slider.get_attribute("aria-valuetext") == "−3.0 degrees"
    # In a file stands minus the vector; the arm stays.
    tip = hand(page)
    page.locator("[name=reading]").select_option("rows")
    np.testing.assert_allclose(vector(page), [3, 0, -90])
    np.testing.assert_allclose(hand(page), tip)
    page.locator("[name=mode]").select_option("euler")
    ask(page, (10, 30, 20))
    page.locator("[name=slider-y]").press("End")
    page.evaluate(DRAWN)
    assert page.locator("[name=slider-y]").input_value() == "90"
    assert "Gimbal lock" in page.locator("figcaption").first.inner_text()
    # In the lock the first and the third slider do one job: both up by a degree, nothing is turned.
    before = read(page)[1]["matrix"]
    page.locator("[name=slider-x]").press("ArrowRight")
    page.evaluate(DRAWN)
    assert np.abs(read(page)[1]["matrix"] - before).max() > 0.01
    page.locator("[name=slider-z]").press("ArrowRight")
    page.evaluate(DRAWN)
    np.testing.assert_allclose(read(page)[1]["matrix"], before, atol=1e-12)


@pytest.mark.parametrize(
    ("place", "said", "rings", "ball"),
    [
        ("no turn", "No turn at all", "90.0° apart", "The centre"),
        ("half a turn about y", "180.0° about the axis (0.00, 1.00, 0.00)", "90.0° apart", "opposite points"),
        ("190° about z", "170.0° about the axis (0.00, 0.00, −1.00)", "90.0° apart", "190.0° the other way"),
        ("a full turn about x", "No turn at all", "90.0° apart", "The centre"),
        ("near gimbal lock", "°", "5.0° apart", "●"),
        ("gimbal lock", "93.8°", "Gimbal lock", "266.2°"),
    ],
)
def test_words_say_what_is_seen(opened, place, said, rings, ball):
    page = opened(player_page(arm_panel()))
    page.locator("[name=place]").select_option(place)
    page.evaluate(DRAWN)
    assert said in page.locator(".said").inner_text()
    captions = page.locator("figcaption").all_inner_texts()
    assert rings in captions[0] and ball in captions[1]


def test_nothing_that_is_no_number_turns_the_arm(opened):
    page = opened(player_page(arm_panel()))
    before = vector(page)
    field = page.locator("[name=number-x]")
    field.fill("")
    field.press("e")
    np.testing.assert_array_equal(vector(page), before)
    field.fill("1e9")
    assert vector(page)[0] == pytest.approx(720)


@pytest.mark.parametrize("digits", [False, True])
def test_it_fits_into_a_narrow_window(opened, digits):
    page = opened(player_page(arm_panel((-123.4, -123.4, -123.4))), width=360, height=640)
    page.locator("[name=reading]").select_option("rows")
    if digits:
        page.locator("[name=digits]").click()
    page.evaluate(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for control in page.locator(".live :is(button, select, input, canvas)").all():
        box = control.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
        assert min(box["width"], box["height"]) >= 24


def test_it_is_dark_where_the_system_or_the_page_is(opened):
    behind = "getComputedStyle(document.querySelector('.cs2s-arm')).backgroundColor.match(/\\d+/g).map(Number)"
    page = opened(player_page(arm_panel()), color_scheme="dark")
    for theme in ("", "light", "dark"):
        if theme:
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            page.evaluate(DRAWN)
        wanted = on_screen(theme != "light")["ground"]
        assert "#{:02X}{:02X}{:02X}".format(*page.evaluate(behind)) == wanted


def test_a_chapter_shows_all_of_it_in_a_frame(opened, monkeypatch):
    displayed = []
    monkeypatch.setattr("cs2s.workbook.opening.display", lambda *outputs: displayed.extend(outputs))
    show(arm_panel(), alt="An arm, and numbers.", caption="Turn it.", height=300)
    frame = next(data for output in displayed if "<iframe" in (data := str(getattr(output, "data", ""))))
    page = opened(f"<!DOCTYPE html><meta charset='utf-8'><body>{frame}</body>", height=900)
    page.frame_locator("iframe").locator(".cs2s-arm.ready").wait_for()
    page.wait_for_function("document.querySelector('iframe').getBoundingClientRect().height > 400")
    inside = page.frame_locator("iframe")
    assert inside.locator(".key").bounding_box()["y"] > 300
    inside.locator("[name=slider-z]").press("Home")
    # The frame draws in its own time.
    inside.locator("data[data-at='vector.2']", has_text="−180.0").wait_for()


def test_two_in_one_page_do_not_disturb_each_other(opened):
    page = opened(f"<!DOCTYPE html><meta charset='utf-8'><body>{arm_panel((0, 0, 0))}{arm_panel((0, 0, 0))}</body>")
    page.locator("[name=slider-z]").nth(1).press("End")
    page.evaluate(DRAWN)
    angles = page.locator("data[data-at='angle.0']").all_inner_texts()
    assert angles == ["0.0", "180.0"]
