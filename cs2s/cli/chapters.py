"""The command that copies the chapters of the workbook to where the reader wants them."""

import shutil
from argparse import Namespace

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
    copied = [chapter for chapter in chapters if not (arguments.to / chapter.name).exists()]
    for chapter in copied:
        with replacing(arguments.to / chapter.name) as temporary:
            shutil.copyfile(chapter, temporary)
    kept = len(chapters) - len(copied)
    there = f"; {kept} {'was' if kept == 1 else 'were'} there already and kept" if kept else ""
    print(f"{len(copied)} chapters are in {arguments.to.resolve()}{there}")
    print(f"next: jupyter lab {arguments.to / chapters[0].name}")
