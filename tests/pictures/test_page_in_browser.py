"""The page on which a browser predicts, in a real browser: its numbers against Python's, and what readers can do."""

import shlex
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.cli.parser import main
from cs2s.datasets.descriptions import CMU_DATA
from cs2s.datasets.loading import load
from cs2s.datasets.windows import dataset_statistics, every_start, test_windows
from cs2s.files.bvh import save_bvh
from cs2s.files.formats import load_motion, save_motion
from cs2s.motion.heading import looking_along
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.pictures.page import prediction_page
from cs2s.training.plain import plain_predictor

WAIT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(prediction_page(), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def predictor():
    return plain_predictor("pretrained:")


@pytest.fixture
def opened(browser, address):
    """Opens the page; at the end nothing may have gone wrong in it, and nobody have been asked."""
    contexts, wrong, asked = [], [], []

    def open_page(width=1000, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.evaluate("cs2sPage.ready")
        page.evaluate(WAIT)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)


def set_to(page, **values):
    """Move controls as a reader does, and wait until the future has followed."""
    for name, value in values.items():
        page.evaluate(
            """([name, value]) => {
                const control = document.querySelector('form.page').elements[name];
                if (typeof value === 'boolean') control.checked = value;
                else control.value = value;
                control.dispatchEvent(new Event('input', {bubbles: true}));
            }""",
            [name, value],
        )
    page.evaluate(WAIT)


def shown(page, what, motion=None):
    rows = np.array(page.evaluate(f"cs2sPage.shown.{what}"))
    return Motion(rows, CMU, CMU_DATA.fps)


def assert_equal(page, predictor, observed, frames=25):
    """Predictions of windows ``(windows, frames, columns)``: rotations to 1e-5 radians, places to 0.01 mm."""
    expected = predictor(observed, frames)
    rows, places = [], []
    for start in range(0, len(observed.rows), 50):
        answers = page.evaluate(
            """([windows, frames, fps]) => windows.map(rows => {
                const predicted = cs2sPage.predictor.predict(rows, frames, fps);
                return [predicted, predicted.map(cs2sPage.predictor.positions)];
            })""",
            [observed.rows[start : start + 50].astype(np.float64).tolist(), frames, observed.fps],
        )
        rows += [answer[0] for answer in answers]
        places += [answer[1] for answer in answers]
    found = replace(expected, rows=np.array(rows))
    np.testing.assert_allclose(found.expmaps, expected.expmaps, atol=1e-5)
    np.testing.assert_allclose(np.array(places), expected.positions(), atol=0.01)


@pytest.mark.slow
def test_its_numbers_are_pythons_on_the_demo_datas_test_windows(opened, predictor, demo):
    page = opened()
    for windows in test_windows(demo, dataset_statistics(demo)):
        assert_equal(page, predictor, windows.observed)
    # The first ones have a past of ten frames, repeated.
    for windows in every_start(demo, stride=40):
        assert_equal(page, predictor, windows.observed)


@pytest.mark.slow
def test_its_numbers_are_pythons_on_the_cmu_datas_test_windows(opened, predictor, cmu_folder):
    page, data = opened(), load("cmu", cmu_folder)
    for windows in test_windows(data, dataset_statistics(data)):
        assert_equal(page, predictor, windows.observed)
    for windows in every_start(data, stride=60):
        assert_equal(page, predictor, windows.observed)


def test_each_way_to_three_numbers_is_scipys(opened):
    """Of a turn by nearly half a circle, each axis has its own formula; matrices are written as SciPy does."""
    page, draws = opened(), np.random.default_rng(4)
    axes = np.concatenate([np.eye(3), -np.eye(3), draws.normal(size=(300, 3))])
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    angles = np.concatenate([np.full(100, np.pi - 1e-10), draws.uniform(0, 3.14, 196), np.full(10, 1e-9)])
    vectors = axes * angles[:, None]
    matrices = Rotation.from_rotvec(vectors).as_matrix().reshape(-1, 9)
    found = page.evaluate("matrices => matrices.map(cs2sModel.mapOf)", matrices.tolist())
    np.testing.assert_allclose(found, vectors, atol=1e-7)
    back = page.evaluate("vectors => vectors.map(cs2sModel.rotation)", vectors.tolist())
    np.testing.assert_allclose(back, matrices, atol=1e-12)


def test_odd_pasts_are_understood_as_python_does(opened, predictor, demo):
    page = opened()
    motion = resample(next(iter(demo.motions.values())), 60).rows[200:250].astype(np.float64)
    leap, still, lacking = motion.copy(), motion.copy(), motion.copy()
    leap[:20, 3 + 3 * CMU.joints.index("LeftUpLeg")] += 2
    still[:45] = still[45]
    for joint in ("LeftArm", "LeftForeArm", "Head"):
        lacking[:, 3 + 3 * CMU.joints.index(joint) :][:, :3] = 0
    windows = np.stack([leap, still, lacking, np.repeat(motion[:1], 50, axis=0)])
    assert_equal(page, predictor, Motion(windows, CMU, 60.0), frames=60)
    assert_equal(page, predictor, Motion(motion[None, -12:], CMU, 60.0))


def test_the_future_follows_the_moment(opened, predictor):
    page = opened()
    rows = np.array(page.evaluate("cs2sPage.take().rows"))
    take = Motion(rows, CMU, CMU_DATA.fps)
    assert page.evaluate("cs2sPage.moment()") == 180
    for moment in (180, 300, 60, 20, len(rows) - 1):
        set_to(page, moment=moment)
        seen = take[max(0, moment - 49) : moment + 1]
        np.testing.assert_allclose(shown(page, "guess").positions(), predictor(seen, 50).positions(), atol=0.01)
        film = page.evaluate(
            "(({people}) => people.map(p => [p.name, p.frames]))(document.querySelector('.cs2s-player').player.film)"
        )
        true = min(50, len(rows) - 1 - moment)
        assert film == [["what happened", 50 + true], ["prediction", 100]]
    # In the player, the joints of the last prediction, from its own floor and heading.
    places = page.evaluate("(({people}) => [...people[1].places])(document.querySelector('.cs2s-player').player.film)")
    joints = np.reshape(places, (100, -1, 3))
    world = seen.then(predictor(seen, 50)).positions()
    one, other = (np.linalg.norm(p[:, 0] - p[0, 0], axis=-1) for p in (joints, world))
    np.testing.assert_allclose(one, other, atol=0.01)
    assert "25 frames predicted in" in page.locator(".told").inner_text()


def test_a_mouse_drags_the_moment_and_the_future_follows_at_every_step(opened, predictor):
    page = opened()
    take = Motion(np.array(page.evaluate("cs2sPage.take().rows")), CMU, CMU_DATA.fps)
    slider = page.locator("[name=moment]")
    slider.scroll_into_view_if_needed()
    box, moments = slider.bounding_box(), []
    least, most = (int(slider.get_attribute(end)) for end in ("min", "max"))

    def across(moment):
        return box["x"] + 8 + (box["width"] - 16) * (moment - least) / (most - least), box["y"] + box["height"] / 2

    page.mouse.move(*across(180))
    page.mouse.down()
    for wanted in (180, 240, 330, 150):
        page.mouse.move(*across(wanted), steps=4)
        page.evaluate(WAIT)
        moment = page.evaluate("cs2sPage.moment()")
        assert moment == pytest.approx(wanted, abs=3)
        expected = predictor(take[moment - 49 : moment + 1], 50)
        np.testing.assert_allclose(shown(page, "guess").positions(), expected.positions(), atol=0.01)
        assert page.locator("[name=time]").inner_text() == f"{moment / 60:.2f} s"
        moments.append(moment)
    page.mouse.up()
    page.mouse.move(*across(600))
    page.keyboard.press("ArrowRight")
    page.evaluate(WAIT)
    assert page.evaluate("cs2sPage.moment()") == moments[-1] + 1, "let go of, it stays; the keys move it by a frame"


def test_what_ifs_change_the_past_and_the_unedited_future_stays(opened, predictor):
    page = opened()
    before, past = shown(page, "guess").rows, shown(page, "unedited")

    def edited(**values):
        set_to(page, **values)
        np.testing.assert_array_equal(shown(page, "guess").rows, before)
        changed, after = shown(page, "past"), shown(page, "predicted")
        np.testing.assert_allclose(after.positions(), predictor(changed, 50).positions(), atol=0.01)
        names = page.evaluate("document.querySelector('.cs2s-player').player.film.people.map(person => person.name)")
        assert names == ["what happened", "prediction", "what if"]
        page.locator("[name=clear]").click()
        page.evaluate(WAIT)
        assert page.evaluate("document.querySelector('.cs2s-player').player.film.people.length") == 2
        return changed, after

    arm = CMU.joints.index("LeftForeArm")
    changed, _ = edited(joint=str(arm), axis="2", bend=90)
    angles = np.linalg.norm(changed.expmaps - past.expmaps, axis=-1)
    assert (angles[:, arm] > 0.1).all() and np.delete(angles, arm, axis=1).max() < 1e-12
    changed, _ = edited(joint=str(arm), hold=True)
    assert np.ptp(changed.expmaps[:, arm], axis=0).max() == 0
    changed, _ = edited(mirror=True)
    hips = past.rows[-1, :3]
    aside = replace(past, rows=past.rows - np.eye(117)[0] * 2 * hips[0])
    np.testing.assert_allclose(changed.rows, mirrored(aside).rows, atol=1e-12)
    changed, _ = edited(turn=70, ahead=1, aside=-0.5)
    turned = looking_along(replace(past, rows=past.rows - np.pad(hips * [1, 0, 1], (0, 114))), np.radians(70))
    np.testing.assert_allclose(changed[-1:].positions()[0, :, 1], turned[-1:].positions()[0, :, 1], atol=0.01)
    gone = changed.positions()[:, 0] - turned.positions()[:, 0]
    np.testing.assert_allclose(
        np.linalg.norm((gone - [hips[0] * CMU.unit_mm, 0, hips[2] * CMU.unit_mm])[:, [0, 2]], axis=1), 1118.03, atol=0.1
    )
    changed, _ = edited(speed=1)
    rows = np.array(page.evaluate("cs2sPage.take().rows"))
    np.testing.assert_allclose(changed.rows, rows[180 - 98 : 181 : 2], atol=1e-9)
    changed, _ = edited(noise=5)
    turning = page.evaluate("cs2sPage.model.turning")
    spread = (changed.expmaps - past.expmaps)[:, turning]
    assert spread.std() == pytest.approx(np.radians(5), rel=0.05) and abs(spread.mean()) < 0.01
    changed, _ = edited(drop="left leg")
    below = [CMU.joints.index(name) for name in ("LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase")]
    assert not changed.expmaps[:, below].any() and changed.expmaps[:, CMU.joints.index("RightLeg")].any()


def drop(page, path):
    page.locator("[name=file]").set_input_files(str(path))
    page.wait_for_function("name => cs2sPage.take().name === name", arg=path.name)
    page.evaluate(WAIT)


def test_files_of_ones_own_are_read_as_python_reads_them(opened, predictor, demo, tmp_path):
    page = opened()
    motion = demo.motions[next(iter(demo.split("test")))][100:220]
    text, bvh = tmp_path / "mine.txt", tmp_path / "mine.bvh"
    save_motion(motion, text)
    save_bvh(replace(motion, rows=motion.rows.astype(np.float64)), bvh)
    set_to(page, rate=str(motion.fps))
    for path in (text, bvh):
        drop(page, path)
        read = load_motion(path)
        expected = resample(replace(read, fps=motion.fps), 60, keep="last")
        found = Motion(np.array(page.evaluate("cs2sPage.take().rows")), CMU, 60.0)
        np.testing.assert_allclose(found.positions(), expected.positions(), atol=0.02)
    set_to(page, rate="120")
    drop(page, text)
    found = np.array(page.evaluate("cs2sPage.take().rows"))
    np.testing.assert_allclose(found, motion.rows[1::2], atol=1e-6)
    moment = len(found) - 1
    set_to(page, moment=moment)
    with page.expect_download() as download:
        page.locator("[name=save]").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    rows = load_motion(saved).rows
    assert saved.name == "mine-predicted.txt" and len(rows) == len(found) + 50
    np.testing.assert_allclose(rows[: len(found)], found, atol=1e-6)
    guess = predictor(Motion(found[-50:], CMU, 60.0), 50)
    np.testing.assert_allclose(Motion(rows[len(found) :], CMU, 60.0).positions(), guess.positions(), atol=0.05)


def let_fall(page, path):
    """Drop a file on the page, as the hand of a reader does who has dragged it from a folder."""
    data = page.evaluate_handle(
        """([name, text]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], name));
            return carried;
        }""",
        [path.name, path.read_text()],
    )
    marked = "document.body.classList.contains('dropping')"
    page.locator(".lead").dispatch_event("dragover", {"dataTransfer": data})
    assert page.evaluate(marked)
    page.locator(".lead").dispatch_event("drop", {"dataTransfer": data})
    assert not page.evaluate(marked)


def test_what_is_dropped_on_it_is_predicted_saved_and_read_back_as_python_predicts(opened, predictor, demo, tmp_path):
    page = opened()
    motion = resample(next(iter(demo.motions.values())), 60)[100:220]
    text, bvh = tmp_path / "mine.txt", tmp_path / "mine too.bvh"
    save_motion(motion, text)
    save_bvh(replace(motion, rows=motion.rows.astype(np.float64)), bvh)
    set_to(page, rate="60")
    for path, what_if in [(text, {}), (bvh, {}), (text, {"mirror": True})]:
        let_fall(page, path)
        page.wait_for_function("name => cs2sPage.take().name === name", arg=path.name)
        set_to(page, moment=len(motion) - 1, **what_if)
        with page.expect_download() as download:
            page.locator("[name=save]").click()
        saved = tmp_path / f"saved-{path.suffix[1:]}-{len(what_if)}.txt"
        download.value.save_as(saved)
        rows = load_motion(saved).rows.astype(np.float64)
        past = Motion(rows[:-50], CMU, 60.0)
        if not what_if:
            read = replace(load_motion(path), fps=60.0)
            np.testing.assert_allclose(past.positions(), read.positions(), atol=0.01)
            past = read
        guess, expected = Motion(rows[-50:], CMU, 60.0), predictor(past[-50:], 50)
        np.testing.assert_allclose(guess.expmaps, expected.expmaps, atol=1e-5)
        np.testing.assert_allclose(guess.positions(), expected.positions(), atol=0.01)


def test_another_body_gets_the_command_that_brings_it_here(opened, stride, tmp_path):
    assert_brought_here(opened(), stride(HUMAN36M), tmp_path)


@pytest.mark.slow
def test_a_body_that_is_nearly_cmus_is_brought_here_too(opened, reference, tmp_path):
    """The database's own conversion calls fingers otherwise and has other bones."""
    assert_brought_here(opened(), load_motion(reference / "data" / "raw" / "01_01.bvh")[:400], tmp_path)


def assert_brought_here(page, motion, folder):
    """What the page says about a stranger is done to the letter, and what comes out is taken, at its own rate."""
    stranger, brought = folder / "other.bvh", folder / "out.bvh"
    save_bvh(motion, stranger)
    let_fall(page, stranger)
    page.wait_for_selector(".told.wrong")
    told = page.locator(".told").inner_text()
    assert "not on the CMU skeleton" in told and page.evaluate("cs2sPage.take().name") == "walking"
    command = told[told.index("cs2s ") :].replace("FILE.bvh", str(stranger)).replace("OUT.bvh", str(brought))
    assert main(shlex.split(command)[1:]) == 0
    let_fall(page, brought)
    page.wait_for_function("name => cs2sPage.take().name === name", arg=brought.name)
    assert page.locator(".told.wrong").count() == 0
    assert page.evaluate("cs2sPage.take().rows.length") == int((len(motion) - 1) / motion.fps * 60 + 1e-9) + 1


def test_what_it_cannot_read_gets_a_sentence(opened, stride, tmp_path):
    page = opened()
    bvh = tmp_path / "other.bvh"
    save_bvh(stride(HUMAN36M), bvh)
    files = {
        "empty.txt": ("", "has 0 frames"),
        "short.txt": ((",".join(["0"] * 117) + "\n") * 3, "10 are needed"),
        "human.txt": (",".join(["0"] * 99), "cs2s convert --retarget"),
        "narrow.txt": ("1,2,3", "Line 1 has 3 numbers, a row of the benchmark has 117"),
        "odd.txt": (",".join(["0"] * 116 + ["x"]), "Line 1: 'x' is not a number"),
        "other.bvh": (bvh.read_text(), "not on the CMU skeleton"),
        "cut.bvh": ("HIERARCHY\nROOT Hips", "no line MOTION"),
        "motion.npz": ("", "neither a .txt of rows nor a .bvh"),
    }
    for name, (content, words) in files.items():
        (tmp_path / name).write_text(content)
        page.locator("[name=file]").set_input_files(str(tmp_path / name))
        page.wait_for_function("words => document.querySelector('.told.wrong')?.textContent.includes(words)", arg=words)
        assert page.evaluate("cs2sPage.take().name") == "walking"


def test_without_fast_products_of_matrices_it_predicts_the_same(opened, predictor):
    page = opened()
    rows = page.evaluate("cs2sPage.take().rows.slice(100, 150)")
    page.context.add_init_script("delete window.WebAssembly.Module")
    page.reload()
    page.evaluate("cs2sPage.ready")
    assert_equal(page, predictor, Motion(np.array([rows]), CMU, 60.0))


@pytest.mark.parametrize("width", [360, 1000])
def test_it_fits_and_moves(opened, width):
    page = opened(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.cs2s-player').dataset.playing") == "true"
    for control in page.locator("form.page :is(input, select, button)").all():
        box = control.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and min(box["width"], box["height"]) >= 20
    unnamed = page.evaluate(
        "() => [...document.querySelectorAll('form.page :is(input, select)')].filter(c => !c.closest('label')).length"
    )
    assert unnamed == 0
