"""Chapters for a class: without their solutions, and as nbgrader takes them, with points that the answer checks give.

nbgrader is Jupyter's own grader. What it has to know of a cell is plain metadata of that cell, so that neither this
module nor a student needs it; a student's notebook runs wherever the chapter does. (otter-grader would have to be
installed with every student, and takes its tests as doctests, beside our checks.) Begin with
``notebooks/00_quickstart``, whose exercises show the form.
"""

import copy
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["NBGRADER_CONFIG", "Exercise", "exercises", "for_nbgrader", "without_solutions"]

NBGRADER_CONFIG = """\
# Settings of a course for nbgrader: run it in this folder.
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ComputeChecksums, LockCells, SaveCells

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "cs2s"
# All but what clears solutions: there are none, and an exercise stays as its chapter shows it, with dots to replace.
c.GenerateAssignment.preprocessors = [LockCells, ClearOutput, CheckCellMetadata, ComputeChecksums, SaveCells]
# Seconds for a cell: some train.
c.Execute.timeout = 1200
"""
"""The text of ``nbgrader_config.py``, beside the folder ``source``."""

_BADGE = re.compile(r"^\[!\[Open in Colab\].*\n\n?", re.MULTILINE)
_AT_THE_END = re.compile(r"; solutions\s+are\s+at\s+the\s+end(\s+of\s+the\s+notebook)?")
_BEFORE_LOOKING = re.compile(r"\bbefore(\s+)you\s+(?:look\s+at|open|read|unfold|compare\s+with)\s+the\s+solutions?\b")
_ENDING = re.compile(r"^## Solutions$", re.MULTILINE)
_CALL = re.compile(r"^check\.(\w+)\((.*)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """One exercise of a chapter.

    Attributes:
        check: the name of its check.
        arguments: what the check is called with, as code: the learner's answer, and what else it needs.
        points: 2 for a function to write, 1 for a number, a list or a choice.
    """

    check: str
    arguments: str
    points: int

    def verdict(self, chapter: str) -> str:
        """Return the code that stops unless the answer is right.

        Args:
            chapter: the name of the chapter, such as ``quickstart``, whose checks are taken: anew, for a learner may
                have called something else ``check``.
        """
        return (
            f"from cs2s.workbook.checks import {chapter} as check\n\n"
            f"verdict = check.{self.check}({self.arguments})\n"
            "assert verdict, verdict"
        )


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _tags(cell: dict[str, Any]) -> list[str]:
    return cell["metadata"].get("tags", [])


def _exercise(cell: dict[str, Any]) -> Exercise:
    ((check, arguments),) = _CALL.findall(_text(cell))
    return Exercise(check, arguments, 2 if re.search(r"^def ", _text(cell), re.MULTILINE) else 1)


def exercises(notebook: dict[str, Any]) -> list[Exercise]:
    """Return the exercises of a chapter, in its order.

    Args:
        notebook: what its ``.ipynb`` holds.
    """
    return [_exercise(cell) for cell in notebook["cells"] if "exercise" in _tags(cell)]


def without_solutions(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a chapter as students get it: it ends before its solutions, and says nothing of them.

    What was to be done before a look at the solution is to be done before going on. The badge goes, too, for it leads
    to the whole chapter. Pictures stay as they were stored.

    Args:
        notebook: what its ``.ipynb`` holds; it is left as it is.
    """
    told = copy.deepcopy(notebook)
    kept = []
    for cell in told["cells"]:
        if cell["cell_type"] == "markdown":
            text = _BEFORE_LOOKING.sub(r"before\1you go on", _AT_THE_END.sub("", _BADGE.sub("", _text(cell))))
            ending = _ENDING.search(text)
            cell["source"] = text[: ending.start()].rstrip() if ending else text
            kept.append(cell)
            if ending:
                break
        else:
            kept.append(cell)
    told["cells"] = kept
    return told


def for_nbgrader(notebook: dict[str, Any], chapter: str) -> dict[str, Any]:
    """Return a chapter as nbgrader's ``source`` holds it: without solutions, a graded cell behind each exercise.

    The learner's cell is called by the name of its check, such as ``answer-freeze``, and so is the one that gives the
    points, ``points-freeze``. That one is locked: nbgrader writes it anew before it grades.

    Args:
        notebook: what its ``.ipynb`` holds; it is left as it is.
        chapter: the name of the chapter, such as ``quickstart``.
    """
    told = without_solutions(notebook)
    cells = []
    for cell in told["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        cells.append(cell)
        if "exercise" in _tags(cell):
            exercise = _exercise(cell)
            cell["metadata"]["nbgrader"] = _marks(f"answer-{exercise.check}", solution=True)
            points = _marks(f"points-{exercise.check}", grade=True, locked=True) | {"points": exercise.points}
            cells.append(
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"points-{exercise.check}",
                    "metadata": {"nbgrader": points},
                    "outputs": [],
                    "source": exercise.verdict(chapter),
                }
            )
    told["cells"] = cells
    return told


def _marks(name: str, *, solution: bool = False, grade: bool = False, locked: bool = False) -> dict[str, Any]:
    """Return what nbgrader wants to know of a cell, in the third version of its form."""
    kinds = {"solution": solution, "grade": grade, "locked": locked, "task": False}
    return {"grade_id": name, "schema_version": 3, **kinds}
