"""The command that copies the chapters of the workbook to where the reader wants them, or a class does."""

import json
import shutil
from argparse import Namespace
from pathlib import Path

from cs2s.errors import InputError
from cs2s.files.places import chapters_folder
from cs2s.files.writing import make_folder, replacing

__all__ = ["copy"]


def copy(arguments: Namespace) -> None:
    """Copy the chapters that come with the program; leave alone what is there: it may hold the reader's answers."""
    chapters = sorted(chapters_folder().glob("[0-9][0-9]_*.ipynb"))
    if not chapters:
        raise InputError("this installation has no chapters: install the program anew.")
    make_folder(arguments.to)
    places = {chapter: _place(arguments.to, chapter, arguments.form) for chapter in chapters}
    copied = [chapter for chapter, place in places.items() if not place.exists()]
    for chapter in copied:
        make_folder(places[chapter].parent)
        with replacing(places[chapter]) as temporary:
            _write(chapter, temporary, arguments.form)
    kept = len(chapters) - len(copied)
    there = f"; {kept} {'was' if kept == 1 else 'were'} there already and kept" if kept else ""
    print(f"{len(copied)} chapters are in {arguments.to.resolve()}{there}")
    if arguments.form == "nbgrader":
        _add_config(arguments.to / "nbgrader_config.py")
        print(f"next, in that folder: nbgrader generate_assignment {chapters[0].stem}")
    else:
        print(f"next: jupyter lab {places[chapters[0]]}")


def _place(folder: Path, chapter: Path, form: str) -> Path:
    """Return where a chapter goes; for nbgrader each is an assignment, in a folder of its own."""
    return folder / "source" / chapter.stem / chapter.name if form == "nbgrader" else folder / chapter.name


def _write(chapter: Path, out: Path, form: str) -> None:
    if form == "whole":
        shutil.copyfile(chapter, out)
        return
    from cs2s.workbook.classroom import for_nbgrader, without_solutions

    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    told = without_solutions(notebook) if form == "students" else for_nbgrader(notebook, chapter.stem[3:])
    out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _add_config(path: Path) -> None:
    from cs2s.workbook.classroom import NBGRADER_CONFIG

    if not path.exists():
        with replacing(path) as temporary:
            temporary.write_text(NBGRADER_CONFIG, encoding="utf-8")
