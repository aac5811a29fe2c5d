"""Writes every .ipynb anew from its percent script, runs it, and marks it with a fingerprint of the script.

`make notebooks` calls this. The committed outputs are those of the ``cpu`` profile. Code cells are numbered from 1,
so that running a notebook twice gives no difference in version control; without any number, nbval would refuse cells
that have outputs.
"""

import argparse
import hashlib
import os
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
FORMAT = "py:percent"


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
    os.environ.setdefault("CS2S_PROFILE", "cpu")
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
