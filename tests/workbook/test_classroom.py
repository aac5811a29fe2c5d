"""Chapters for a class: no solution is left, and a graded cell gives points to right answers alone.

Points are given here by nbgrader's rule: a graded cell that stops gives none, any other all of its points. Solutions
are those of the chapters, run with no more of a chapter than they need; wrong answers are those of ``wrong_answers/``.
"""

import ast
import builtins
import importlib.util
import json
import os
import re
import subprocess
import symtable
import sys
from pathlib import Path

import nbformat
import pytest

from cs2s.cli.parser import main
from cs2s.workbook.classroom import exercises, for_nbgrader, without_solutions

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))

each_chapter = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def text(cell: dict) -> str:
    return "".join(cell["source"])


def tagged(notebook: dict, tag: str) -> list[dict]:
    return [cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", [])]


def graded_cells(path: Path) -> dict[str, dict]:
    """The cells that give points, by the name of their check."""
    cells = for_nbgrader(read(path), path.stem[3:])["cells"]
    graded = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
    return {cell["metadata"]["nbgrader"]["grade_id"].removeprefix("points-"): cell for cell in graded}


def points(cell: dict, names: dict) -> int:
    """What a graded cell gives where a chapter's names are these."""
    try:
        exec(text(cell), dict(names))
    except AssertionError:
        return 0
    return cell["metadata"]["nbgrader"]["points"]


def answer_and_rest(notebook: dict, check: str) -> tuple[str, list[ast.expr]]:
    """What is the learner's in the call of a check (a name), and what else the check is given."""
    (exercise,) = [exercise for exercise in exercises(notebook) if exercise.check == check]
    call = ast.parse(f"check({exercise.arguments})", mode="eval").body
    return call.args[0].id, call.args[1:]


def loaded(tree: ast.AST) -> set[str]:
    """The names that code takes from around it: those of its functions' own are not among them."""

    def around(table: symtable.SymbolTable) -> set[str]:
        outermost = table.get_type() == "module"
        names = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (outermost or s.is_global())}
        return names.union(*map(around, table.get_children()))

    return around(symtable.symtable(ast.unparse(tree), "chapter", "exec")) - set(dir(builtins))


def given(statement: ast.stmt) -> set[str]:
    """The names that a statement of a cell gives."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def run_needed(statements: list[ast.stmt], names: set[str], space: dict) -> None:
    """Run those of a chapter's statements that give the names, or what these need; the last that gives one counts."""
    needed, kept = set(names), []
    for statement in reversed(statements):
        if given(statement) & needed:
            if isinstance(statement, ast.Assign | ast.FunctionDef | ast.ClassDef):
                needed -= given(statement)
            needed |= loaded(statement)
            kept.append(statement)
    exec(compile(ast.Module(list(reversed(kept)), []), "chapter", "exec"), space)


def solved(path: Path) -> dict[str, dict]:
    """For each check the names of a chapter in which the learner's answer is the solution's."""
    notebook, spaces = read(path), {}
    before = [
        statement
        for cell in without_solutions(notebook)["cells"]
        if cell["cell_type"] == "code" and not {"bootstrap", "exercise"} & set(cell["metadata"].get("tags", []))
        for statement in ast.parse(text(cell)).body
    ]
    imports = [
        s for cell in tagged(notebook, "exercise") for s in ast.parse(text(cell)).body if "mport" in type(s).__name__
    ]
    before = imports + before
    for cell in tagged(notebook, "solution"):
        body = ast.parse(text(cell)).body
        for statement in body:
            found = re.match(r"assert check\.(\w+)\(", ast.unparse(statement))
            if found:
                break
        answer, rest = answer_and_rest(notebook, found[1])
        call = next(node for node in ast.walk(statement) if ast.unparse(node).startswith(f"check.{found[1]}("))
        before += body[: body.index(statement)]
        spaces[found[1]] = space = {}
        run_needed(before, loaded(call.args[0]).union(*map(loaded, rest)), space)
        space[answer] = eval(ast.unparse(call.args[0]), space)
    return spaces


@each_chapter
def test_students_get_the_chapter_without_its_solutions(path):
    notebook = read(path)
    told = without_solutions(notebook)
    assert notebook == read(path), "the chapter itself is left alone"
    nbformat.validate(nbformat.from_dict(told))
    assert not tagged(told, "solution") and len(tagged(told, "exercise")) == len(tagged(notebook, "solution"))
    assert tagged(told, "exercise") == tagged(notebook, "exercise")
    prose = "\n".join(text(cell) for cell in told["cells"] if cell["cell_type"] == "markdown")
    assert not re.search("solution", prose, re.IGNORECASE) and "colab-badge" not in prose
    assert "## Next" in prose and prose.count("<summary>Hint</summary>") == len(tagged(notebook, "exercise"))
    # Whatever is a line of solutions alone is gone.
    left = "\n".join(text(cell) for cell in told["cells"])
    for cell in tagged(notebook, "solution"):
        assert text(cell) not in left and not re.search(r"^assert check\.", left, re.MULTILINE)


def test_what_is_said_of_solutions_goes_or_is_put_otherwise():
    def told(words):
        cells = [{"cell_type": "markdown", "metadata": {}, "source": words}]
        return "".join(text(cell) for cell in without_solutions({"cells": cells})["cells"])

    assert told("Hints are folded; solutions are at\nthe end of the notebook.") == "Hints are folded."
    assert (
        told("Write it, and before you look at the\nsolution, say why.") == "Write it, and before you go on, say why."
    )
    assert told("Say why before\nyou open the solutions.") == "Say why before\nyou go on."
    assert told("Before the solution of an equation.") == "Before the solution of an equation."


@each_chapter
def test_what_nbgrader_gets_is_in_its_form(path):
    told = for_nbgrader(read(path), path.stem[3:])
    nbformat.validate(nbformat.from_dict(told))
    marked = [cell for cell in told["cells"] if "nbgrader" in cell["metadata"]]
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in marked]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"[\w-]+", name) for name in names)
    for question, verdict in zip(marked[::2], marked[1::2], strict=True):
        asked, graded = question["metadata"]["nbgrader"], verdict["metadata"]["nbgrader"]
        assert told["cells"].index(verdict) == told["cells"].index(question) + 1
        assert asked["solution"] and not asked["grade"] and not asked["locked"] and "points" not in asked
        assert graded["grade"] and graded["locked"] and not graded["solution"] and graded["points"] in (1, 2)
        assert asked["schema_version"] == graded["schema_version"] == 3
        assert asked["grade_id"].partition("-")[2] == graded["grade_id"].partition("-")[2]
    assert len(marked) == 2 * len(tagged(read(path), "exercise"))
    assert not any(cell.get("outputs") for cell in told["cells"])


@each_chapter
def test_what_nobody_has_answered_gives_no_points(path):
    notebook = read(path)
    for check, cell in graded_cells(path).items():
        answer, rest = answer_and_rest(notebook, check)
        space = {answer: ...}
        space |= dict.fromkeys(set().union(*map(loaded, rest)), None)
        space |= {"half": type("Half", (), {"fps": 25.0})}
        assert points(cell, space) == 0


@each_chapter
def test_each_solution_gets_all_points_and_each_wrong_answer_none(path):
    notebook, graded = read(path), graded_cells(path)
    spaces = solved(path)
    assert set(spaces) == set(graded)
    full = {check: points(cell, spaces[check]) for check, cell in graded.items()}
    assert full == {check: cell["metadata"]["nbgrader"]["points"] for check, cell in graded.items()}
    wrong = importlib.import_module(f"wrong_answers.{path.stem[3:]}").WRONG
    assert set(wrong) == set(graded)
    for check, answers in wrong.items():
        name, _ = answer_and_rest(notebook, check)
        for answer, word in answers:
            assert points(graded[check], spaces[check] | {name: answer}) == 0, f"{check} takes the one with '{word}'"


def test_a_learner_who_calls_something_else_check_is_judged_by_ours():
    cell = graded_cells(NOTEBOOKS[0])["seconds_predicted"]
    assert points(cell, {"seconds": 1.0, "check": None}) == 1
    assert points(cell, {"seconds": 3.0, "check": type("Mine", (), {"seconds_predicted": lambda _: True})}) == 0
    # What is wrong stands in what a learner gets back.
    with pytest.raises(AssertionError, match="Not yet"):
        exec(text(cell), {"seconds": 3})


@pytest.mark.parametrize(
    ("form", "place"), [("students", "{0}.ipynb"), ("nbgrader", "source/{0}/{0}.ipynb")], ids=["students", "nbgrader"]
)
def test_the_command_writes_them_and_keeps_what_is_there(tmp_path, capsys, form, place):
    mine = tmp_path / place.format(NOTEBOOKS[1].stem)
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("my answers")
    assert main(["notebooks", "--to", str(tmp_path), "--for", form]) == 0
    said = capsys.readouterr().out
    assert f"{len(NOTEBOOKS) - 1} chapters are in" in said and "1 was there already and kept" in said
    assert mine.read_text() == "my answers"
    made = {"students": without_solutions, "nbgrader": lambda told: for_nbgrader(told, "quickstart")}[form]
    assert read(tmp_path / place.format(NOTEBOOKS[0].stem)) == made(read(NOTEBOOKS[0]))
    assert (tmp_path / "nbgrader_config.py").exists() == (form == "nbgrader")


@pytest.mark.slow
def test_nbgrader_takes_and_grades_them(tmp_path):
    """With nbgrader itself, where it is installed: one right answer, one wrong, and the rest left open."""
    if importlib.util.find_spec("nbgrader") is None:
        pytest.skip("nbgrader is not installed; the other tests give points by its rule")
    assert main(["notebooks", "--to", str(tmp_path), "--for", "nbgrader"]) == 0
    name = NOTEBOOKS[0].stem

    def nbgrader(*words):
        # It calls programs that are installed beside it.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        call = [sys.executable, "-m", "nbgrader", *words]
        done = subprocess.run(call, cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]

    nbgrader("generate_assignment", name)
    answered = read(tmp_path / "release" / name / f"{name}.ipynb")
    for cell in tagged(answered, "exercise"):
        cell["source"] = (
            text(cell)
            .replace("seconds = ...", "seconds = 1")
            .replace("    return ...\n\n\ncheck.gain", "    return frozen - learned\n\n\ncheck.gain")
        )
    handed_in = tmp_path / "submitted" / "ada" / name / f"{name}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_text(json.dumps(answered))
    nbgrader("autograde", name)
    nbgrader("export")
    table = (tmp_path / "grades.csv").read_text().splitlines()
    row = dict(zip(table[0].split(","), table[1].split(","), strict=True))
    assert (float(row["score"]), float(row["max_score"])) == (1.0, 9.0)
