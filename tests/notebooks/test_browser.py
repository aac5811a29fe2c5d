"""Chapters in a real browser: JupyterLab, Run All, sliders moved by keyboard.

Each picture that a slider leads to must be the one that the pure plotting function gives for the same values.
"""

import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
STEPS = 3

# chapter -> the picture that its first slider leads to, as an expression; STEP stands for the number of key presses
CHAPTERS = {
    "05_error_evaluation": "plot_horizon(action='all actions', predictor='network', frame=9 + STEP)",
}

RUN_ALL = """async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    await window.jupyterapp.commands.execute('notebook:run-all-cells');
    return panel.content.model.toJSON();
}"""

# Evaluates an expression in the notebook's own kernel and returns what it prints.
IN_KERNEL = """async (code) => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const request = kernel.requestExecute({code, silent: false, store_history: false});
    let text = '';
    request.onIOPub = (message) => {
        const content = message.content;
        text += content.text || (content.traceback || []).join('\\n');
    };
    await request.done;
    return text.trim();
}"""

# Presses nothing itself: waits until the picture below the focused slider is another one, and says how long it took.
WATCH = """() => {
    const box = document.activeElement.closest('.jp-OutputArea-output');
    const picture = box.querySelector('img.widget-image');
    const before = picture.src;
    const start = performance.now();
    window.nextPicture = new Promise((resolve) => {
        const look = () => {
            if (picture.src !== before && picture.complete) resolve(performance.now() - start);
            else requestAnimationFrame(look);
        };
        look();
    });
}"""

SHA256_OF_PICTURE = """async () => {
    const box = document.activeElement.closest('.jp-OutputArea-output');
    const bytes = await (await fetch(box.querySelector('img.widget-image').src)).arrayBuffer();
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab server on loopback over copies of the notebooks: its address and its token."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, folder / "notebooks")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    environment = {name: value for name, value in os.environ.items() if name != "CS2S_DATA_DIR"}
    environment |= {
        "CS2S_PROFILE": "smoke",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **{f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "RUNTIME")},
    }
    arguments = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={token}"]
    arguments += [f"--ServerApp.root_dir={folder / 'notebooks'}", "--allow-root"]
    arguments += ["--LabApp.expose_app_in_browser=True"]
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *arguments], env=environment, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    # As often as it takes while the server lives; the number only ends a wait that would have no end.
    for _ in range(2000):
        try:
            urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=5).close()
            break
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert server.poll() is None, (folder / "log").read_text()[-3000:]
            time.sleep(0.3)
    else:
        pytest.fail(f"JupyterLab never answered: {(folder / 'log').read_text()[-3000:]}")
    yield address, token
    server.terminate()
    server.wait()


def opened(browser, lab, chapter):
    """A page of JupyterLab with a chapter of which all cells have run."""
    address, token = lab
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.set_default_timeout(300_000)
    page.goto(f"{address}/lab/tree/{chapter}.ipynb?reset&token={token}")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext !== undefined")
    notebook = page.evaluate(RUN_ALL)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            assert output["output_type"] != "error", f"{cell['source']}\n{output.get('traceback')}"
    return page


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_sliders_show_what_the_plotting_function_gives(browser, lab, chapter, record_property):
    page = opened(browser, lab, chapter)
    page.wait_for_selector(".widget-hslider .noUi-handle", state="attached")
    # The parts of a box of widgets come one after the other.
    page.wait_for_selector(".jp-OutputArea-output:has(.widget-hslider) img.widget-image", state="attached")
    page.locator(".widget-hslider .noUi-handle").first.focus()
    first = page.evaluate(SHA256_OF_PICTURE)
    latencies, seen = [], [first]
    for step in range(STEPS):
        page.evaluate(WATCH)
        page.keyboard.press("ArrowRight")
        latencies.append(page.evaluate("window.nextPicture"))
        seen.append(page.evaluate(SHA256_OF_PICTURE))
        expression = CHAPTERS[chapter].replace("STEP", str(step + 1))
        shown = f"hashlib.sha256(as_png({expression})).hexdigest()"
        code = f"import hashlib; from cs2s.workbook.opening import as_png; print({shown})"
        assert page.evaluate(IN_KERNEL, code) == seen[-1], f"after step {step + 1} the picture is not {expression}"
    assert len(set(seen)) == STEPS + 1
    # Seen, not asserted: how long a step takes says as much about the machine as about the chapter.
    record_property("median_milliseconds_a_step", round(statistics.median(latencies)))
    print(f"\n{chapter}: a slider step takes {json.dumps([round(t) for t in latencies])} ms")
    page.close()


# What the explorer, the first player of widgets, shows; null while a page is being opened.
EXPLORED = """() => {
    const frame = document.querySelector('.widget-html iframe');
    const root = frame?.contentDocument?.querySelector('.cs2s-explorer.ready .cs2s-player');
    if (!root?.player || root.dataset.frame === undefined) return null;
    return {title: root.querySelector('.head b').textContent, frame: root.player.at.frame, yaw: root.player.at.yaw,
            names: root.player.film.people.map(person => person.name), bars: frame.contentDocument
            .querySelectorAll('.joints dt').length};
}"""


@pytest.mark.slow
def test_the_explorer_plays_what_is_asked_and_predicts_another_past_anew(browser, lab, record_property):
    page = opened(browser, lab, "06_explore_predictions")
    page.wait_for_selector(".widget-hslider .noUi-handle", state="attached")

    def shown(**wanted):
        """Wait until the explorer shows what is wanted, and return all it shows."""
        for _ in range(15_000):
            found = page.evaluate(EXPLORED)
            if found and all(found[name] == value for name, value in wanted.items()):
                return found
            page.wait_for_timeout(20)
        pytest.fail(f"five minutes later the explorer still shows {found} in place of {wanted}")

    both = ["truth", "zero-velocity", "network"]
    assert shown(title="walking, window 4", names=both)["bars"] == 6
    # The reader's camera and frame stay, once they are drawn, which they are where they can be seen.
    page.locator(".widget-html iframe").first.scroll_into_view_if_needed()
    page.evaluate("""async () => {
        const frame = document.querySelector('.widget-html iframe');
        const root = frame.contentDocument.querySelector('.cs2s-player');
        root.player.play(false);
        root.player.at.yaw = 20;
        root.player.show(58);
        while (root.dataset.frame !== '58') await new Promise(done => setTimeout(done, 20));
    }""")
    page.locator(".widget-hslider .noUi-handle").first.focus()
    latencies = []
    for window in (5, 6, 7):
        start = page.evaluate("performance.now()")
        page.keyboard.press("ArrowRight")
        now = shown(title=f"walking, window {window}", names=both)
        latencies.append(round(page.evaluate("performance.now()") - start))
        assert (now["frame"], now["yaw"]) == (58, 20)
    page.locator(".jupyter-widget-Collapse-header").first.click()
    page.locator(".widget-checkbox input").first.check()
    start = page.evaluate("performance.now()")
    others = ["what if: truth", "what if: zero-velocity", "what if: network"]
    now = shown(title="walking, window 7; what if: mirrored", names=both + others)
    again = round(page.evaluate("performance.now()") - start)
    assert (now["frame"], now["yaw"]) == (58, 20)
    page.get_by_role("button", name="as it was").first.click()
    shown(title="walking, window 7", names=both)
    page.get_by_role("button", name="all windows").first.click()
    page.locator(".cs2s-windows button").nth(3).click()
    action = page.evaluate(IN_KERNEL, "print(predictions.actions[0])")
    shown(title=f"{action}, window 3")
    # Seen, not asserted.
    record_property("milliseconds_a_window", latencies)
    record_property("milliseconds_another_past", again)
    print(f"\nexplorer: another window takes {latencies} ms, another past {again} ms")
    page.screenshot(path=os.environ.get("CS2S_SCREENSHOT", os.devnull), type="png")
    page.close()


@pytest.mark.slow
def test_the_stored_output_of_the_explorers_chapter_plays_without_a_kernel(browser, tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path)]
    subprocess.run([*command, str(NOTEBOOKS / "06_explore_predictions.ipynb")], check=True, capture_output=True)
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    # Widgets and mathematics of a page of nbconvert come from elsewhere; what plays here does not.
    page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "06_explore_predictions.html").as_uri())
    frame = next(f for f in page.frames[1:] if f.query_selector(".cs2s-explorer .field"))
    title = "document.querySelector('.cs2s-player .head b').textContent"
    for name, words in (("walking 4", "walking, window 4: "), ("boxing 0", "boxing, window 0: ")):
        frame.locator(f".field button[name='{name}']").click()
        assert frame.evaluate(title).startswith(words)
    frame.locator(".cs2s-player button[name=play]").click()
    before = frame.evaluate("document.querySelector('.cs2s-player').player.at.frame")
    while frame.evaluate("document.querySelector('.cs2s-player').player.at.frame") == before:
        page.wait_for_timeout(20)
    assert not [words for words in wrong if "cs2s" in words]
    page.close()
