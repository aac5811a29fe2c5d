"""Opening a chapter on Colab: its bootstrap cell in a clean environment, with a stand-in for Colab itself.

The environment has what Colab brings along, NumPy in an older version among it, and a module ``google.colab``; git
takes a copy of this project for the repository that the cell names. Then a whole chapter runs there.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import build
import pytest

ROOT = Path(__file__).parents[2]
CHAPTER = "02_exponential_maps"
COLAB_HAS = ["numpy<2.3", "scipy", "matplotlib", "h5py", "pillow", "requests", "tqdm", "ipywidgets", "ipython"]

RUN = """
import json, runpy, subprocess, sys
from importlib import metadata
import google.colab

def versions():
    return {{d.metadata["Name"].lower(): d.version for d in metadata.distributions()}}

before, calls, run = versions(), [], subprocess.run
subprocess.run = lambda *given, **named: calls.append(given) or run(*given, **named)
for _ in range(2):
    exec({bootstrap!r}, {{}})
    calls.append("-")
subprocess.run, after = run, versions()
runpy.run_path({chapter!r})
print(json.dumps({{"before": before, "after": after, "calls": [str(call) for call in calls]}}))
"""


def copied_repository(folder: Path) -> Path:
    """Return a new git repository with the files of this project."""
    ignored = shutil.ignore_patterns(".git", ".venv", "runs", "__pycache__", ".pytest_cache", ".ruff_cache")
    shutil.copytree(ROOT, folder, ignore=ignored)
    git = ["git", "-C", str(folder), "-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "copy"]):
        subprocess.run([*git, *command], check=True)
    return folder


@pytest.mark.slow
def test_the_bootstrap_cell_installs_once_and_moves_nothing_of_colab(tmp_path):
    repository = copied_repository(tmp_path / "repository")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "colab"], check=True)
    python = tmp_path / "colab" / "bin" / "python"
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*uv, *COLAB_HAS], check=True)
    stand_in = tmp_path / "stand-in" / "google" / "colab"
    stand_in.mkdir(parents=True)
    (stand_in / "__init__.py").write_text("")
    chapter = tmp_path / f"{CHAPTER}.py"
    shutil.copy(ROOT / "notebooks" / chapter.name, chapter)

    environment = {name: value for name, value in os.environ.items() if name not in ("CS2S_DATA_DIR", "PYTHONPATH")}
    environment |= {
        "CS2S_PROFILE": "smoke",
        "PYTHONPATH": str(tmp_path / "stand-in"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": build.REPOSITORY,
    }
    code = RUN.format(bootstrap=build.BOOTSTRAP, chapter=str(chapter))
    done = subprocess.run(
        [python, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found["after"]) - set(found["before"]) == {"cs2s", "imageio-ffmpeg", "lazy-loader", "platformdirs"}
    for name, version in found["before"].items():
        assert found["after"][name] == version, f"{name} was moved from {version} to {found['after'][name]}"
    *_, second_to_last, last = found["calls"]
    assert build.REPOSITORY in found["calls"][0]
    assert (second_to_last, last) == ("-", "-"), "run again, the cell installs nothing"
