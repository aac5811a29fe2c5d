"""Every notebook is what its percent script says, and its stored pictures are of that script."""

import re
import tempfile
from pathlib import Path

import build
import nbformat
import pytest
from jupytext.compare import compare_notebooks

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SCRIPTS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))


def test_there_are_notebooks_and_all_are_pairs():
    assert SCRIPTS
    assert [path.with_suffix(".ipynb") for path in SCRIPTS] == sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_notebook_and_script_say_the_same(script):
    notebook = nbformat.read(script.with_suffix(".ipynb"), as_version=4)
    advice = f"{script.stem}.ipynb differs from its script: run 'make notebooks'"
    assert notebook.metadata["cs2s"]["source_sha256"] == build.fingerprint(script), advice
    compare_notebooks(build.from_script(script), notebook, build.FORMAT, compare_outputs=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_stored_outputs_are_small_pictures_without_errors_or_warnings(script):
    path = script.with_suffix(".ipynb")
    assert path.stat().st_size < 1_000_000
    outputs = [o for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code" for o in c.outputs]
    assert any("<img " in str(output.get("data", {}).get("text/html")) for output in outputs)
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_nothing_of_one_machine_is_stored(script):
    notebook = nbformat.read(script.with_suffix(".ipynb"), as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            # The letters of a picture's bytes may spell anything.
            if "text/html" in output.get("data", {}):
                output["data"]["text/html"] = re.sub(r"base64,[^\"]*", "", output["data"]["text/html"])
    text = nbformat.writes(notebook)
    for folder in (str(Path.home()), tempfile.gettempdir(), "/home/", "/Users/"):
        assert folder not in text, f"an output of {script.stem} names the folder {folder}"
