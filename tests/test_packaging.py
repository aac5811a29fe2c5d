"""What is published: a wheel and an sdist that checkers accept, a page whose pictures show, and programs that run."""

import email
import importlib.util
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from cs2s.datasets import TakeId, load
from cs2s.files import save_bvh

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]


def needed(name: str) -> None:
    """Skip where a part of the extra ``test`` is not installed."""
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed: pip install 'cs2s[test]'")


def tracked() -> list[Path]:
    """The files under version control; where there is none, as in an unpacked sdist, there is nothing to look at."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("no checkout: git does not know this folder")
    return [ROOT / name for name in done.stdout.split("\0") if name]


def test_the_address_is_decided_in_one_place():
    """Whatever names an address of this project names the one of pyproject.toml; few files name any."""
    account, name = re.fullmatch(r"https://github\.com/([\w-]+)/([\w-]+)", REPOSITORY).groups()
    naming = set()
    for path in tracked():
        if path.suffix not in {".py", ".ipynb", ".md", ".toml", ".yml", ".cff", ".json", ".html", ".txt", ""}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = re.findall(rf"github(?:usercontent)?\.com/(?:github/)?([\w-]+)/{name}\b(?!\.bvh)", text)
        assert set(found) <= {account}, f"{path.relative_to(ROOT)} names another address"
        if account in text:
            naming.add(path.relative_to(ROOT).parts[0])
    assert naming == {"pyproject.toml", "README.md", "notebooks"}
    assert f"git clone {REPOSITORY} && cd {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_devcontainer_runs_what_the_readme_tells():
    told = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    readme, makefile = (ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / "Makefile").read_text()
    said = re.findall(r"make (\w+):", told["postAttachCommand"])
    assert said == ["demo", "lab"]
    for target in said:
        assert re.search(rf"^make {target}\b", readme, re.MULTILINE)
    # It is set up by the rule that these two need, into the environment that the editor is told of.
    assert told["updateContentCommand"] == "make .venv/.installed"
    assert "VENV := .venv\n" in makefile and "READY := $(VENV)/.installed\n" in makefile
    assert told["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    (python,) = re.findall(r"python:(3\.\d+)", told["image"])
    assert f"Programming Language :: Python :: {python}" in PROJECT["classifiers"]


def test_classifiers_name_the_pythons_that_are_allowed():
    low, high = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    named = {int(n) for line in PROJECT["classifiers"] for n in re.findall(r"Python :: 3\.(\d+)", line)}
    assert named == set(range(int(low), int(high)))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the sdist, and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "uv", "build", "--out-dir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def wheel(built):
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.mark.slow
def test_twine_accepts_both(built):
    needed("twine")
    files = [str(path) for path in sorted(built.iterdir()) if path.suffix in {".whl", ".gz"}]
    assert len(files) == 2
    done = subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.count("PASSED") == 2, done.stdout + done.stderr


@pytest.fixture(scope="module")
def metadata(wheel):
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def whole_address(place: str) -> str:
    """Where a file beside README.md is shown from."""
    return f"{REPOSITORY.replace('//github.com', '//raw.githubusercontent.com')}/main/{place}"


@pytest.mark.slow
def test_a_package_index_renders_its_page_with_pictures(metadata):
    needed("readme_renderer")
    from readme_renderer import markdown

    page = markdown.render(metadata.get_payload(decode=True).decode("utf-8"))
    assert page is not None, "nothing is there to render Markdown"
    for place in ("figures/walking.gif", "figures/network.png"):
        assert re.search(rf'<img[^>]* src="{re.escape(whole_address(place))}"', page)
    assert "<table>" in page and "<code>" in page


@pytest.mark.slow
def test_the_page_of_the_package_leads_to_files_that_exist(metadata):
    told = metadata
    assert told["Description-Content-Type"] == "text/markdown" and told["License-Expression"] == "MIT"
    assert told["Keywords"] and f"Repository, {REPOSITORY}" in told.get_all("Project-URL")
    text = told.get_payload(decode=True).decode("utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", text)
    assert len(pictures) == readme.count("![") >= 2
    raw = whole_address("")
    for address in pictures:
        assert address.startswith(raw) and (ROOT / address.removeprefix(raw)).is_file()
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)]*)\)", text)
    assert len(links) > 10
    for address in links:
        assert address.startswith("https://")
        if address.startswith(REPOSITORY):
            assert (ROOT / address.removeprefix(REPOSITORY + "/blob/main/")).exists(), address
    # Nothing else was changed.
    assert re.sub(rf"{re.escape(REPOSITORY)}/blob/main/|{re.escape(raw)}", "", text).strip() == readme.strip()


@pytest.mark.slow
def test_the_sdist_holds_what_tests_and_book_are_made_from(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("hatch_build.py", "Makefile", "constraints.txt", "book/build.py", "tests/test_packaging.py"):
        assert name in names
    assert {"notebooks/00_quickstart.py", "notebooks/00_quickstart.ipynb", "data/experiments.toml"} <= names


@pytest.fixture(scope="module")
def own(wheel, tmp_path_factory):
    """An environment in which the wheel is installed. Dependencies are ours, but for cs2s, and TensorFlow is hidden."""
    folder = tmp_path_factory.mktemp("own")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    install = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--python",
        str(python),
        "--no-deps",
        "--offline",
        str(wheel),
    ]
    done = subprocess.run(install, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    find = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(find, capture_output=True, text=True, check=True).stdout.strip())
    # A folder that a .pth file names has its own .pth files left alone: our cs2s, which is one, is not seen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (site / "sitecustomize.py").write_text("import sys\nsys.modules['tensorflow'] = sys.modules['keras'] = None\n")
    home = tmp_path_factory.mktemp("home")
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    clean |= {"HOME": str(home), "XDG_STATE_HOME": str(home), "CS2S_TEST_LOOKS": str(home / "looks.jsonl")}

    def call(*words, cwd, program=False):
        first = [str(scripts / "cs2s")] if program else [str(python), "-m", "cs2s"]
        return subprocess.run([*first, *map(str, words)], cwd=cwd, env=clean, capture_output=True, text=True)

    call.python, call.env = python, clean
    return call


@pytest.mark.slow
def test_both_programs_run_from_the_wheel(own, tmp_path):
    where = [str(own.python), "-c", "import cs2s; print(cs2s.__file__)"]
    file = subprocess.run(where, cwd=tmp_path, env=own.env, capture_output=True, text=True, check=True).stdout
    assert not Path(file.strip()).is_relative_to(ROOT)
    for program in (False, True):
        done = own("--version", cwd=tmp_path, program=program)
        assert (done.returncode, done.stdout.strip()) == (0, f"cs2s {PROJECT['version']}"), done.stderr
    done = own("notebooks", "--to", "class", "--for", "students", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "class").glob("*.ipynb"))) == len(list((ROOT / "notebooks").glob("*.ipynb")))


@pytest.mark.slow
def test_a_prediction_needs_nothing_but_the_wheel(own, tmp_path):
    walk = load("demo").motions[TakeId("test", "", "walking", 1)]
    save_bvh(walk[:300], tmp_path / "mine.bvh")
    done = own("predict", "mine.bvh", "--out", "next.html", cwd=tmp_path, program=True)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "next.html").read_text(encoding="utf-8")
    assert '<script type="application/json">' in page and "predicted" in page
    assert not re.search(r"""(?:src|href)=["']?https?:""", page)
