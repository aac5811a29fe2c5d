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
    "06_explore_predictions": (
        "plot_prediction(predictions, 'walking', 4, ('zero-velocity', 'network'), frames=25, frame=59 + STEP)"
    ),
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


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_sliders_show_what_the_plotting_function_gives(browser, lab, chapter, record_property):
    address, token = lab
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.set_default_timeout(300_000)
    page.goto(f"{address}/lab/tree/{chapter}.ipynb?reset&token={token}")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext !== undefined")
    notebook = page.evaluate(RUN_ALL)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            assert output["output_type"] != "error", f"{cell['source']}\n{output.get('traceback')}"

    page.wait_for_selector(".widget-hslider .noUi-handle", state="attached")
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
