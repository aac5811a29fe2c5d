"""The player in a real browser: turned, played and scrubbed by keys, mouse and fingers, and the frame asked shown."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from in_a_browser import DRAWN

from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.pictures.body import Body
from cs2s.pictures.player import player, player_page
from cs2s.pictures.stage import seen_from
from cs2s.pictures.style import on_screen
from cs2s.workbook.opening import show

OBSERVED, FRAMES = 10, 25
PICTURE = ".cs2s-player .stage canvas"

# What the player is doing, as a page around it may ask.
STATE = """() => {
    const root = document.querySelector('.cs2s-player'), {player} = root;
    return {...player.at, playing: root.dataset.playing === 'true', shown: Number(root.dataset.frame)};
}"""
INK = "() => document.querySelector('.stage canvas').toDataURL()"


@pytest.fixture(scope="session")
def people(stride):
    """A truth and a prediction, which has parted from it after the observed frames."""
    truth = stride(CMU, frames=FRAMES)
    model = replace(truth, rows=truth.rows.copy())
    arm = 3 + 3 * CMU.joints.index("LeftArm")
    model.rows[OBSERVED:, arm + 2] = 0.1 * np.arange(FRAMES - OBSERVED)
    return {"ground truth": truth, "model": model}


def still_page(people, **options):
    """A page with a player that does not play by itself."""
    fragment = player(people, OBSERVED, **{"predicted": ["model"], "play": False, "title": "a stride", **options})
    return player_page(fragment)


def state(page):
    page.evaluate(DRAWN)
    return page.evaluate(STATE)


def places(page, person):
    """Where the script believes the joints of a person are, in all frames: (frames, joints, 3)."""
    told = page.evaluate(f"""() => {{
        const {{people}} = document.querySelector('.cs2s-player').player.film, person = people[{person}];
        return {{places: [...person.places], joints: person.wide / 3}};
    }}""")
    return np.array(told["places"]).reshape(-1, told["joints"], 3)


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)
def test_the_script_reads_places_to_half_a_millimetre(opened, stride, skeleton):
    walk = stride(skeleton, frames=40, turned=1.0)
    rows = walk.rows.copy()
    rows[20:, 3:] += np.random.default_rng(0).normal(0, 0.3, rows[20:, 3:].shape)
    rows[35:, :3] = 1e5 / skeleton.unit_mm
    motions = {"ground truth": walk, "model": Motion(rows, skeleton, walk.fps)}
    page = opened(still_page(motions))
    true = seen_from(list(motions.values()), OBSERVED - 1)
    joints = Body.of(skeleton, [world.round() for world in true]).joints
    for number, world in enumerate(true):
        np.testing.assert_allclose(places(page, number), world[:, joints], atol=0.51)


def test_real_people_are_read_and_shown(opened, cmu_folder, reference):
    walk = load_motion(next(iter(sorted((cmu_folder / "test" / "walking").glob("*.txt")))))[::4]
    foreign = load_motion(reference / "data" / "wild" / "pymo_walk.bvh")[:200]
    page = opened(player_page(player({"walk": walk, "foreign": foreign}, play=False, trails=True, room=True)))
    for number, world in enumerate(seen_from([walk, foreign], 0)):
        read = places(page, number)
        assert len(read) == len(world)
        np.testing.assert_allclose(read[:, 0], world[:, 0], atol=0.51)
    before = page.evaluate(INK)
    page.locator(PICTURE).press("End")
    page.evaluate(DRAWN)
    assert page.evaluate(INK) != before


def seen_on_canvas(page, panel, person, joint):
    """Where the joint of a person is drawn, in CSS pixels of the canvas."""
    return page.evaluate(f"""() => {{
        const {{player}} = document.querySelector('.cs2s-player'), {{look, place}} = player.panels()[{panel}];
        return look(place(player.film.people[{person}], player.at.frame, {joint})).slice(0, 2);
    }}""")


def colours_near(page, x, y, radius=3):
    """The colours of the canvas round a place, as hexadecimal numbers."""
    levels = page.evaluate(f"""() => {{
        const canvas = document.querySelector('.stage canvas'), ratio = devicePixelRatio, wide = {2 * radius + 1};
        const corner = [{x}, {y}].map(place => Math.round(place * ratio) - {radius});
        return [...canvas.getContext('2d').getImageData(...corner, wide, wide).data];
    }}""")
    return {"#{:02X}{:02X}{:02X}".format(*pixel[:3]) for pixel in np.array(levels).reshape(-1, 4).tolist()}


@pytest.mark.parametrize("frame", [0, OBSERVED - 1, OBSERVED, 17, FRAMES - 1])
def test_the_frame_shown_is_the_frame_asked(opened, people, frame):
    page = opened(still_page(people))
    page.locator("input[name=frame]").focus()
    for _ in range(frame):
        page.keyboard.press("ArrowRight")
    assert state(page)["shown"] == frame
    # The left shin, as seen by a camera that is calculated here: of the frame asked, up to place and size.
    worlds = seen_from(list(people.values()), OBSERVED - 1)
    body = Body.of(CMU, [world.round() for world in worlds])
    azimuth, elevation = np.radians([-55.0, 12.0])
    right = np.array([np.cos(azimuth), 0, -np.sin(azimuth)])
    away = np.array([np.sin(azimuth), 0, np.cos(azimuth)])
    down = np.sin(elevation) * away - np.array([0, np.cos(elevation), 0])
    names = ["Hips", "Head", "LeftLeg", "LeftFoot", "RightFoot", "LeftHand"]
    numbers = [body.joints.index(CMU.joints.index(name)) for name in names]
    colours = on_screen(False)
    for person, world in enumerate(worlds):
        drawn = np.array([seen_on_canvas(page, person, person, joint) for joint in numbers])
        spots = world[frame, [body.joints[joint] for joint in numbers]]
        wanted = np.stack([spots @ right, spots @ down], axis=-1)
        scale = np.linalg.norm(drawn[1] - drawn[0]) / np.linalg.norm(wanted[1] - wanted[0])
        np.testing.assert_allclose(drawn - drawn[0], scale * (wanted - wanted[0]), atol=0.3)
        middle = (drawn[2] + drawn[3]) / 2
        predicted = person == 1 and frame >= OBSERVED
        found = colours_near(page, *middle)
        assert (colours["guess"] in found, colours["truth"] in found) == (predicted, not predicted)


def test_words_follow_the_frame(opened, people):
    errors = {"model": np.linspace(0.1, 1.5, FRAMES - OBSERVED), "frozen": np.full(FRAMES - OBSERVED, np.nan)}
    page = opened(still_page(people, errors=errors, errors_are="angle error (radians)"))
    now, slider = page.locator(".head .now"), page.locator("input[name=frame]")
    assert now.inner_text() == "observed frame 1 of 10, −360 ms from the last observed"
    picture = page.locator(PICTURE)
    picture.press("n")
    assert state(page)["shown"] == OBSERVED - 1 and "observed frame 10 of 10, 0 ms" in now.inner_text()
    at = "parseFloat(getComputedStyle(document.querySelector('.plot')).getPropertyValue('--at'))"
    assert page.evaluate(at) == 0 and page.locator(".legend output").all_inner_texts() == ["", ""]
    for number in (1, 2, 3):
        picture.press(".")
        assert state(page)["shown"] == OBSERVED - 1 + number
        assert page.evaluate(at) == pytest.approx(number / 15, abs=1e-3)
        assert page.locator(".legend output").all_inner_texts() == [f"{errors['model'][number - 1]:.3f}", ""]
        words = f"+{40 * number} ms, future frame {number} of 15"
        assert slider.get_attribute("aria-valuetext") == words
    dot = page.locator(".plot .dot").first.bounding_box()
    plot = page.locator(".plot").bounding_box()
    # The highest error, 1.5, is 1 / 1.06 of the height.
    assert dot["y"] + 6 == pytest.approx(plot["y"] + plot["height"] * (1 - 0.3 / (1.5 * 1.06)), abs=1)
    assert dot["x"] + 6 == pytest.approx(plot["x"] + plot["width"] * 0.2, abs=1)


def test_keys_turn_zoom_and_set(opened, people):
    page = opened(still_page(people))
    picture = page.locator(PICTURE)
    first, ink = state(page), page.evaluate(INK)
    inks = [ink]
    for key, name, value in [
        ("ArrowRight", "yaw", -61),
        ("ArrowLeft", "yaw", -55),
        ("ArrowUp", "pitch", 18),
        ("ArrowDown", "pitch", 12),
        ("+", "zoom", 1.15),
        ("-", "zoom", 1),
    ]:
        picture.press(key)
        assert state(page)[name] == pytest.approx(value)
        inks.append(page.evaluate(INK))
    assert all(one != other for one, other in itertools.pairwise(inks)) and inks[2] == inks[4] == ink
    for key in ("ArrowLeft", "ArrowUp", "+", "+"):
        picture.press(key)
    picture.press("r")
    assert state(page) == first and page.evaluate(INK) == ink
    for _ in range(40):
        picture.press("ArrowUp")
    assert state(page)["pitch"] == 90
    for key, name, values in [
        ("v", "view", ["over", "both", "beside"]),
        ("f", "room", [True, False]),
        ("t", "trails", [True, False]),
        ("l", "loop", [False, True]),
        ("]", "speed", [2, 2]),
        ("[", "speed", [1, 0.5, 0.25, 0.25]),
    ]:
        for value in values:
            picture.press(key)
            assert state(page)[name] == value
            shown = page.locator(f"[name={name}]")
            if name in ("trails", "loop"):
                assert shown.get_attribute("aria-pressed") == json.dumps(value)
            else:
                said = {True: "room", False: "hips"}[value] if name == "room" else str(value)
                assert shown.input_value() == said


def test_keys_go_to_frames_and_list_themselves(opened, people):
    page = opened(still_page(people))
    picture = page.locator(PICTURE)
    for key, frame in [(".", 1), (".", 2), (",", 1), ("End", 24), (".", 24), ("Home", 0), (",", 0), ("n", 9)]:
        picture.press(key)
        assert state(page)["shown"] == frame, key
    help_page, button = page.locator(".help"), page.locator("[name=help]")
    assert not help_page.is_visible()
    picture.press("?")
    assert help_page.is_visible() and button.get_attribute("aria-expanded") == "true"
    picture.press("Escape")
    assert not help_page.is_visible() and button.get_attribute("aria-expanded") == "false"
    # Keys of the browser and of other elements stay theirs.
    picture.press("Control+ArrowLeft")
    assert state(page)["yaw"] == -55
    page.locator("[name=loop]").press(" ")
    assert state(page)["loop"] is False and not state(page)["playing"]


def test_the_mouse_turns_zooms_and_resets(opened, people):
    page = opened(still_page(people))
    box = page.locator(PICTURE).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -300)
    assert state(page)["zoom"] == 1, "who scrolls past goes on scrolling"
    page.mouse.down()
    page.mouse.move(x - 60, y + 30, steps=4)
    page.mouse.up()
    turned = state(page)
    assert (turned["yaw"], turned["pitch"]) == (pytest.approx(-25), pytest.approx(22))
    page.mouse.move(x + 50, y)
    assert state(page)["yaw"] == turned["yaw"]
    page.mouse.wheel(0, -300)
    page.wait_for_function("document.querySelector('.cs2s-player').player.at.zoom > 1.2")
    page.mouse.dblclick(x, y)
    assert (state(page)["yaw"], state(page)["pitch"], state(page)["zoom"]) == (-55, 12, 1)


def test_fingers_turn_and_pinch(opened, people):
    page = opened(still_page(people), has_touch=True)
    box = page.locator(PICTURE).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    send("touchStart", (x, y))
    for move in (10, 20, 30, 40):
        send("touchMove", (x + move, y))
    send("touchEnd")
    assert state(page)["yaw"] < -60
    before = state(page)
    send("touchStart", (x - 20, y), (x + 20, y))
    for move in (30, 40, 50, 60):
        send("touchMove", (x - move, y), (x + move, y))
    send("touchEnd")
    after = state(page)
    assert after["zoom"] > 1.5 and after["yaw"] == before["yaw"]


def test_buttons_slider_and_curve_are_scrubbed_by_mouse(opened, people):
    page = opened(still_page(people, errors={"model": np.arange(15.0)}))
    page.locator("[name=step]").click()
    assert state(page)["shown"] == 1
    page.locator("[name=back]").click()
    assert state(page)["shown"] == 0
    page.locator("[name=now]").click()
    assert state(page)["shown"] == 9
    slider = page.locator("input[name=frame]").bounding_box()
    page.mouse.move(slider["x"] + 8, slider["y"] + slider["height"] / 2)
    page.mouse.down()
    for share, frame in ((0.5, 12), (1, 24), (0.25, 6)):
        page.mouse.move(slider["x"] + 8 + share * (slider["width"] - 16), slider["y"] + slider["height"] / 2)
        assert state(page)["shown"] == frame
    page.mouse.up()
    plot = page.locator(".plot").bounding_box()
    for share, frame in ((0.2, 12), (1, 24), (0, 9)):
        page.mouse.click(plot["x"] + share * (plot["width"] - 1), plot["y"] + 20)
        assert state(page)["shown"] == frame
    page.locator("[name=view]").select_option("both")
    page.locator("[name=room]").select_option("room")
    page.locator("[name=speed]").select_option("0.25")
    page.locator("[name=trails]").click()
    now = state(page)
    assert (now["view"], now["room"], now["speed"], now["trails"]) == ("both", True, 0.25, True)
    panels = page.evaluate("() => document.querySelector('.cs2s-player').player.panels().map(panel => panel.members)")
    assert panels == [[0], [1], [0, 1]]


def frozen_clock(context_page, content, tmp_path):
    """Open a page whose time goes on only when it is told to."""
    path = tmp_path / "clock.html"
    path.write_text(content, encoding="utf-8")
    context_page.clock.install(time=0)
    context_page.goto(path.as_uri())
    context_page.clock.pause_at(1000)
    context_page.clock.run_for(50)


@pytest.mark.parametrize(("speed", "frames"), [(1, 10), (0.5, 5), (2, 20)])
def test_it_plays_at_the_speed_it_says(browser, people, tmp_path, speed, frames):
    """Four tenths of a second of 25 frames are ten frames; the page's own clock is turned by hand."""
    context = browser.new_context(viewport={"width": 900, "height": 700})
    page = context.new_page()
    frozen_clock(page, still_page(people, speed=speed), tmp_path)
    page.locator(PICTURE).focus()
    page.keyboard.press(" ")
    page.clock.run_for(400)
    assert abs(page.evaluate(STATE)["frame"] - frames) <= 1
    assert page.evaluate(STATE)["playing"]
    assert page.locator("[name=play]").get_attribute("aria-label") == "pause"
    page.keyboard.press(" ")
    stopped = page.evaluate(STATE)["frame"]
    page.clock.run_for(400)
    assert page.evaluate(STATE)["frame"] == stopped and not page.evaluate(STATE)["playing"]
    context.close()


def test_it_begins_again_or_stops_at_the_end(browser, people, tmp_path):
    context = browser.new_context(viewport={"width": 900, "height": 700})
    page = context.new_page()
    frozen_clock(page, still_page(people, play=True), tmp_path)
    assert page.evaluate(STATE)["playing"]
    seen = []
    for _ in range(30):
        page.clock.run_for(100)
        seen.append(page.evaluate(STATE)["frame"])
    assert sum(one > other for one, other in itertools.pairwise(seen)) == 3, "3 seconds of a film of one second"
    page.locator(PICTURE).focus()
    page.keyboard.press("l")
    for _ in range(15):
        page.clock.run_for(100)
    assert page.evaluate(STATE)["frame"] == FRAMES - 1 and not page.evaluate(STATE)["playing"]
    page.keyboard.press(" ")
    page.clock.run_for(100)
    assert page.evaluate(STATE)["playing"] and page.evaluate(STATE)["frame"] < 5
    context.close()


def test_who_wants_little_motion_gets_none_unasked(opened, people):
    moving = still_page(people, play=True)
    assert state(opened(moving))["playing"]
    calm = opened(moving, reduced_motion="reduce")
    assert not state(calm)["playing"] and state(calm)["shown"] == 0
    calm.locator("[name=play]").click()
    assert state(calm)["playing"]


def test_everything_fits_into_a_narrow_window(opened, people):
    errors = {"model": np.arange(15.0), "another with a long name": np.arange(15.0)}
    page = opened(still_page(people, errors=errors, view="both"), width=360, height=640)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.documentElement.scrollHeight") <= 640
    for control in page.locator(".live :is(button, select, input, canvas)").all():
        box = control.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] + box["height"] <= 640
        assert min(box["width"], box["height"]) >= 24
    assert page.locator(PICTURE).bounding_box()["height"] >= 120
    page.locator("[name=help]").click()
    assert page.locator(".help").bounding_box()["width"] <= 360


def test_without_a_script_the_still_picture_is_there(opened, people):
    page = opened(still_page(people), java_script_enabled=False)
    assert page.locator(".still svg").is_visible() and not page.locator(".live").is_visible()
    page = opened(still_page(people))
    assert not page.locator(".still").is_visible() and page.locator(".live").is_visible()


@pytest.mark.parametrize("ratio", [1, 2.5])
def test_the_picture_has_the_dots_that_the_screen_has(opened, people, ratio):
    page = opened(still_page(people), device_scale_factor=ratio)
    sizes = page.evaluate(
        "() => { const c = document.querySelector('.stage canvas'); return [c.width, c.clientWidth]; }"
    )
    assert sizes[0] == pytest.approx(ratio * sizes[1], abs=1)


def ground(page, selector=".cs2s-player"):
    """The colour behind a player, and that of its picture near the lower left corner."""
    levels = page.locator(selector).first.evaluate("root => getComputedStyle(root).backgroundColor.match(/\\d+/g)")
    behind = "#{:02X}{:02X}{:02X}".format(*map(int, levels))
    return behind, *(() if selector != ".cs2s-player" else colours_near(page, 12, 30, 0))


def test_it_is_dark_where_the_system_or_the_page_is(opened, people):
    light, dark = on_screen(False), on_screen(True)
    wanted = {False: (light["ground"], light["truth-area"].upper()), True: (dark["ground"], dark["truth-area"])}
    assert ground(opened(still_page(people))) == wanted[False]
    page = opened(still_page(people), color_scheme="dark")
    assert ground(page) == wanted[True]
    # A page that says what it is counts more than the system; also when it changes its mind.
    for theme in ("light", "dark", "light"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.evaluate(DRAWN)
        assert ground(page) == wanted[theme == "dark"]


@pytest.fixture
def shown(people, monkeypatch):
    """What a chapter's `show` puts into its output."""
    displayed = []
    monkeypatch.setattr("cs2s.workbook.opening.display", lambda *outputs: displayed.extend(outputs))
    fragment = player(people, OBSERVED, predicted=["model"], title='a "stride" & more', play=False)
    show(fragment, alt="A person who strides, twice.", caption="Look at the leg.", height=480)
    return [getattr(output, "data", output) for output in displayed]


def test_a_chapter_shows_it_in_a_frame_of_its_own(opened, shown):
    (frame,) = shown
    for told, dark in (("data-jp-theme-light='false'", True), ("data-jp-theme-light='true'", False)):
        page = opened(f"<!DOCTYPE html><meta charset='utf-8'><body {told}>{frame}</body>", color_scheme="dark")
        assert page.locator("iframe").get_attribute("title") == "A person who strides, twice."
        assert page.locator("figure > figcaption").inner_text() == "Look at the leg."
        inside = page.frame_locator("iframe")
        assert inside.locator(".head b").inner_text() == 'a "stride" & more'
        root = inside.locator(".cs2s-player.ready")
        assert root.bounding_box()["height"] == 480
        levels = root.evaluate("root => getComputedStyle(root).backgroundColor.match(/\\d+/g)")
        assert "#{:02X}{:02X}{:02X}".format(*map(int, levels)) == on_screen(dark)["ground"]
        inside.locator("canvas").press("End")
        inside.locator(f".cs2s-player[data-frame='{FRAMES - 1}']").wait_for()


def test_two_in_one_page_do_not_disturb_each_other(opened, people):
    fragment = player(people, OBSERVED, predicted=["model"], play=False)
    page = opened(f"<!DOCTYPE html><meta charset='utf-8'><body>{fragment}{fragment}</body>", height=1200)
    page.locator("canvas").nth(1).press("End")
    page.evaluate(DRAWN)
    frames = page.evaluate("() => [...document.querySelectorAll('.cs2s-player.ready')].map(root => root.dataset.frame)")
    assert frames == ["0", str(FRAMES - 1)]
    assert page.locator(".cs2s-player").first.bounding_box()["height"] == 520


def test_whoever_flies_off_or_is_gone_does_not_stop_it(opened, people):
    truth = people["ground truth"]
    far, gone = (replace(truth, rows=truth.rows.copy()) for _ in range(2))
    far.rows[12:, :3] = 1e6
    gone.rows[12:] = np.nan
    motions = {"truth": truth, "far": far, "gone": gone}
    fragment = player(motions, OBSERVED, predicted=["far", "gone"], view="both", trails=True, play=False)
    page = opened(player_page(fragment))
    picture = page.locator(PICTURE)
    for key in ("End", "f", "v", "Home", "v", "n", ".", "."):
        picture.press(key)
    assert state(page)["shown"] == OBSERVED + 1


def test_bands_are_wider_where_joints_are_more_wrong(opened, people):
    wrong = np.zeros((FRAMES, 38))
    wrong[:, CMU.joints.index("LeftFoot")] = np.linspace(0, 80, FRAMES)
    page = opened(still_page(people, joint_errors={"model": wrong}, joint_errors_are="error (mm)", frame=FRAMES - 1))
    assert "bands: error (mm), widest 80" in page.locator(".key").inner_text()
    band = on_screen(False)["band"].upper()
    count = f"""() => {{
        const canvas = document.querySelector('.stage canvas');
        const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const wanted = [1, 3, 5].map(at => parseInt('{band}'.slice(at, at + 2), 16));
        let found = 0;
        for (let i = 0; i < dots.length; i += 4) found += wanted.every((level, n) => dots[i + n] === level);
        return found;
    }}"""
    widths = []
    for _ in range(3):
        page.evaluate(DRAWN)
        widths.append(page.evaluate(count))
        for _ in range(8):
            page.locator(PICTURE).press(",")
    assert widths[0] > widths[1] > widths[2] > 0
