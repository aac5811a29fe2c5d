"""Writes every .ipynb anew from its percent script, runs it, and marks it with a fingerprint of the script.

`make notebooks` calls this. Before that it writes the Colab badge and the cell that installs the package on Colab
into each script, from the repository's address in pyproject.toml, which is the only place that knows it.

The committed outputs are those of the ``cpu`` profile on the demo data, which everybody has. Code cells are numbered
from 1, so that running a notebook twice gives no difference in version control; without any number, nbval would refuse
cells that have outputs.
"""

import argparse
import hashlib
import os
import re
import tomllib
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
FORMAT = "py:percent"
REPOSITORY = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text())["project"]["urls"]["Repository"]

BOOTSTRAP = f"""# %% tags=["bootstrap"]
# On Colab this installs cs2s beside Colab's own TensorFlow and NumPy. Anywhere else, or run again, it does nothing.
import importlib.util
import subprocess
import sys

if "google.colab" in sys.modules and importlib.util.find_spec("cs2s") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "git+{REPOSITORY}"], check=True)
    subprocess.run([*pip, "imageio-ffmpeg", "lazy-loader", "platformdirs"], check=True)
    importlib.invalidate_caches()

"""


def badge(name: str) -> str:
    """Return the line of a script that shows the badge of its notebook."""
    address = REPOSITORY.replace("https://github.com", "https://colab.research.google.com/github")
    picture = "https://colab.research.google.com/assets/colab-badge.svg"
    return f"# [![Open in Colab]({picture})]({address}/blob/main/notebooks/{name}.ipynb)\n"


def refreshed(script: Path) -> str:
    """Return the text of a script with badge and bootstrap cell as they should be."""
    text = script.read_text()
    text = re.sub(r"^# \[!\[Open in Colab\].*\n", lambda _: badge(script.stem), text, count=1, flags=re.MULTILINE)
    cell = r'^# %% tags=\["bootstrap"\]\n.*?(?=^# %%)'
    return re.sub(cell, lambda _: BOOTSTRAP, text, count=1, flags=re.MULTILINE | re.DOTALL)


def fingerprint(script: Path) -> str:
    """Return the SHA-256 of a script, which its notebook carries in its metadata."""
    return hashlib.sha256(script.read_bytes()).hexdigest()


def from_script(script: Path) -> nbformat.NotebookNode:
    """Return the notebook of a script, without outputs; cell ids are numbers, so that they stay the same."""
    notebook = jupytext.read(script, fmt=FORMAT)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:03d}"
    notebook.metadata["cs2s"] = {"source_sha256": fingerprint(script)}
    return notebook


def build(script: Path) -> None:
    """Write and run the notebook of one script."""
    script.write_text(refreshed(script))
    os.environ.setdefault("CS2S_PROFILE", "cpu")
    # The CMU data of whoever builds is not looked for, so that stored outputs are the same everywhere.
    os.environ["CS2S_DATA_DIR"] = "no-data"
    notebook = from_script(script)
    NotebookClient(notebook, timeout=3600, resources={"metadata": {"path": str(FOLDER)}}).execute()
    for number, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        cell.metadata.pop("execution", None)
        cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    # What the sliders showed is in their static twins; their state would be the same pictures once more.
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("language_info", None)
    temporary = script.with_suffix(".ipynb.tmp")
    nbformat.write(notebook, temporary)
    temporary.replace(script.with_suffix(".ipynb"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="notebooks to build, such as 00_quickstart (default: all)")
    names = parser.parse_args().names
    for path in sorted(FOLDER.glob("[0-9][0-9]_*.py")):
        if not names or path.stem in names:
            print(f"building {path.stem}", flush=True)
            build(path)
