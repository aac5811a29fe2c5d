"""What the tests share: where the reference material is, and small data sets to try things on."""

import importlib.util
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.descriptions import HUMAN36M_DATA
from cs2s.datasets.loading import Dataset, load
from cs2s.datasets.windows import TrainingWindows, dataset_statistics

ROOT = Path(__file__).parents[1]

# Hypothesis fails an example of more than 200 ms, and a test whose draws are slow: a busy machine is no fault of ours.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def ctrl_c_is_heard():
    """A shell that starts the tests in the background has them ignore Ctrl-C, and so would what they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of reference material that is not ours to publish: real recordings, and what was made from them.

    ``CS2S_REFERENCE`` names it; where it is absent the test skips, or fails if it must be there (in CI).
    """
    folder = Path(os.environ.get("CS2S_REFERENCE", ROOT.parent / "shared"))
    if not (folder / "golden").is_dir():
        reason = f"the reference folder {folder} is not there (name it by CS2S_REFERENCE)"
        if os.environ.get("CS2S_REQUIRE_REFERENCE"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser: Debian's chromium, or what is called google-chrome, driven by Playwright, for one file of tests.

    Playwright keeps an event loop running, which other tests may want to start.
    Where there is none the test skips, or fails if there must be one (in CI).
    """
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        if os.environ.get("CS2S_REQUIRE_BROWSER"):
            pytest.fail("there is no browser: .ci/run installs Debian's chromium")
        pytest.skip("there is no chromium or google-chrome on this machine's PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=executable, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core's script, which judges a page as screen readers meet it.

    It comes with the package axe-core-python; ``$CS2S_AXE`` names another ``axe.min.js`` (a newer one: ``npm install
    axe-core``).
    """
    package = importlib.util.find_spec("axe_core_python")
    if package is None or package.origin is None:
        pytest.skip("axe-core-python is not installed: pip install 'cs2s[test]'")
    path = os.environ.get("CS2S_AXE") or Path(package.origin).with_name("axe.min.js")
    return Path(path).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def own_motion(reference: Path) -> Path:
    """The folder of small motion files that once failed, each with what is right."""
    folder = reference / "cases" / "own_motion"
    if not folder.is_dir():
        pytest.skip(f"the folder of cases {folder} is not there")
    return folder


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of numbers that the authors' program printed; its README says what each file is."""
    return ROOT / "tests" / "golden"


@pytest.fixture(scope="session")
def cmu_folder(request: pytest.FixtureRequest) -> Path:
    """The folder of the CMU files: downloaded into ``CS2S_DATA_DIR``, or that of the reference material."""
    downloaded = Path(os.environ.get("CS2S_DATA_DIR", "")) / "cmu_mocap"
    if os.environ.get("CS2S_DATA_DIR") and downloaded.is_dir():
        return downloaded
    return request.getfixturevalue("reference") / "data" / "cmu_mocap"


@pytest.fixture(autouse=True, scope="session")
def user_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the tests' caches, and their looks at test windows, out of the user's own."""
    folder = tmp_path_factory.mktemp("user-cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setenv("CS2S_TEST_LOOKS", str(folder / "test_looks.jsonl"))
        yield folder


@pytest.fixture(scope="session")
def demo() -> Dataset:
    """The demo data."""
    return load("demo")


@pytest.fixture(scope="session")
def windows(demo: Dataset) -> TrainingWindows:
    """Training windows of the demo data with two frames to predict, for trainings that are over at once."""
    return TrainingWindows(demo, dataset_statistics(demo), frames=2)


@pytest.fixture(scope="session")
def human36m_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made-up data set in the exact layout of Human3.6M: 7 subjects, 15 actions, 2 takes, 99 columns.

    As in the real one, 54 columns vary and some angles lie beyond 2 pi.
    """
    folder = tmp_path_factory.mktemp("human3.6m")
    draws = np.random.default_rng(36)
    varying = np.sort(draws.choice(np.arange(6, 99), size=48, replace=False))
    for split in ("train", "test"):
        for take in HUMAN36M_DATA.take_ids(split):
            frames = 520 + 10 * draws.integers(6) + 2 * take.take
            rows = np.zeros((frames, 99))
            time = np.arange(frames)[:, None] / 50
            columns = np.concatenate([np.arange(6), varying])
            speed, phase = draws.uniform(0.3, 2, len(columns)), draws.uniform(0, 6, len(columns))
            rows[:, columns] = 0.3 * np.sin(2 * np.pi * speed * time + phase)
            rows[:, 6:9] += np.array([0.0, 7.0, 0.0]) * (take.action == "walking")
            path = folder / HUMAN36M_DATA.file(take)
            path.parent.mkdir(exist_ok=True)
            np.savetxt(path, rows, delimiter=",", fmt="%.5f")
    return folder


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run directory with two checkpoints of a very short training on the demo data."""
    folder = tmp_path_factory.mktemp("runs") / "demo"
    arguments = ["train", "--dataset", "demo", "--run", str(folder), "--iterations", "3", "--quiet"]
    assert main([*arguments, "--checkpoint-interval", "2", "--output-length", "3", "--batch-size", "4"]) == 0
    return folder


@pytest.fixture(scope="session")
def sample_file(trained_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample file of `trained_run` with 25 predicted frames."""
    path = tmp_path_factory.mktemp("samples") / "samples.h5"
    assert main(["sample", "--run", str(trained_run), "--output-length", "25", "--out", str(path)]) == 0
    return path
