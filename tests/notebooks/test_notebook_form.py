"""Every chapter has the same form: how it opens and closes, how long its cells are, what its pictures carry.

Each failure says what to change in the .py of the chapter; `make notebooks` writes its .ipynb anew.
"""

import itertools
import re
import statistics
from pathlib import Path

import build
import jupytext
import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
SCRIPTS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))
CLOSING = ["What you found", "Exercises", "Further reading", "Next", "Solutions"]

each_chapter = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


def cells(script: Path, kind: str | None = None) -> list:
    return [cell for cell in jupytext.read(script, fmt=build.FORMAT).cells if kind in (None, cell.cell_type)]


def prose(script: Path) -> str:
    return "\n\n".join(cell.source for cell in cells(script, "markdown"))


def tags(cell) -> list[str]:
    return cell.metadata.get("tags", [])


def headings(script: Path) -> list[tuple[int, str]]:
    without_code = re.sub(r"```.*?```", "", prose(script), flags=re.DOTALL)
    return [(len(marks), title.strip()) for marks, title in re.findall(r"^(#+) (.*)$", without_code, re.MULTILINE)]


@each_chapter
def test_badge_and_bootstrap_cell_are_those_of_the_repository(script):
    assert build.badge(script.stem) in script.read_text(), "run 'make notebooks': its badge is not the repository's"
    assert build.BOOTSTRAP in script.read_text(), "run 'make notebooks': its bootstrap cell is not the repository's"
    assert tags(cells(script)[1]) == ["bootstrap"], "the bootstrap cell comes second, right after the opening"


@each_chapter
def test_opening_says_what_you_do_learn_and_need_and_how_long(script):
    opening = cells(script)[0].source
    number, _ = script.stem.split("_", 1)
    assert opening.startswith(f"# {number} "), f"the first cell begins with '# {number} ' and the title"
    parts = ["Open in Colab", "**What you'll do.**", "**What you'll learn**", "**What you need.**", "**Time.**"]
    places = [opening.find(part) for part in parts]
    assert -1 not in places and places == sorted(places), f"the opening has, in this order: {', '.join(parts)}"
    time = opening[places[-1] :]
    for word in ("minute", "CPU", "GPU", "read"):
        assert word in time, f"**Time.** says the minutes on a laptop CPU, on a GPU, and to read ('{word}' is missing)"


@each_chapter
def test_closing_parts_come_in_order_and_name_numbers(script):
    second_level = [title for level, title in headings(script) if level == 2]
    if second_level[-1].startswith("Appendix"):
        second_level.pop()
    assert second_level[-5:] == CLOSING, f"the last headings of level 2 are {CLOSING}, not {second_level[-5:]}"
    found = prose(script).split("## What you found")[1].split("## Exercises")[0]
    assert re.search(r"\d", found), "'What you found' names the numbers that were found"
    assert len(re.findall(r"^- ", found, re.MULTILINE)) >= 3, "'What you found' is a list of at least three items"
    reading = prose(script).split("## Further reading")[1].split("## Next")[0]
    assert len(re.findall(r"^- ", reading, re.MULTILINE)) >= 2, "'Further reading' is a list of at least two items"


@each_chapter
def test_next_links_to_the_next_chapter(script):
    part = prose(script).split("## Next")[1].split("## Solutions")[0]
    following = SCRIPTS[SCRIPTS.index(script) + 1 :]
    if following:
        assert f"({following[0].stem}.ipynb)" in part, f"'Next' links to {following[0].stem}.ipynb"
    else:
        assert "(00_quickstart.ipynb)" in part, "the last chapter's 'Next' links back to 00_quickstart.ipynb"


@each_chapter
def test_headings_do_not_skip_levels_or_come_twice(script):
    found = headings(script)
    assert [level for level, _ in found].count(1) == 1, "there is one heading of level 1: the title"
    for (before, _), (level, title) in itertools.pairwise(found):
        assert level <= before + 1, f"the heading '{title}' skips a level"
    titles = [title for _, title in found]
    assert len(set(titles)) == len(titles), "a heading comes twice"


@each_chapter
def test_code_cells_are_short(script):
    lengths = [len(cell.source.splitlines()) for cell in cells(script, "code") if "bootstrap" not in tags(cell)]
    assert max(lengths) <= 30, f"a code cell has {max(lengths)} lines; move code above 30 lines into cs2s"
    median = statistics.median(lengths)
    assert median <= 6, f"code cells have {median} lines in the median; 6 at most: one idea a cell"


@each_chapter
def test_there_is_prose_enough_and_not_too_much(script):
    lines = sum(
        len([line for line in cell.source.splitlines() if line.strip()])
        for cell in cells(script, "code")
        if "bootstrap" not in tags(cell)
    )
    words = len(re.sub(r"```.*?```", "", prose(script), flags=re.DOTALL).split())
    assert 8 <= words / lines <= 20, f"{words} words of prose for {lines} lines of code; 8 to 20 words a line"


@each_chapter
def test_links_lead_somewhere(script):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(script)):
        if target.startswith("https://"):
            continue
        assert (NOTEBOOKS / target).exists(), f"the link {target} leads nowhere (seen from notebooks/)"
    for name in re.findall(r"`(\d\d_\w+)`", prose(script)):
        assert (NOTEBOOKS / f"{name}.py").exists(), f"there is no chapter {name}"


@each_chapter
def test_every_slider_has_its_static_twin_in_the_next_cell(script):
    code = cells(script, "code")
    for cell, following in zip(code, [*code[1:], None], strict=True):
        for plot in re.findall(r"slider_picture\(\s*(\w+)", cell.source):
            assert following is not None and f"{plot}(" in following.source and "show(" in following.source, (
                f"the code cell after the sliders of {plot} shows {plot}(...) once, for static pages"
            )


@each_chapter
def test_exercises_have_a_check_a_hint_and_a_solution(script):
    exercises = [title for level, title in headings(script) if re.match(r"Exercise \d", title)]
    solutions = [title for level, title in headings(script) if re.match(r"Solution \d", title)]
    count = len(exercises)
    assert count >= 3, f"there are {count} headings 'Exercise N'; at least three"
    numbered = [re.match(r"\w+ (\d+)", title)[1] for title in exercises + solutions]
    assert numbered == 2 * [str(n + 1) for n in range(count)], "exercises and solutions are numbered from 1, alike"
    assert prose(script).count("<summary>Hint</summary>") == count, "every exercise has a <details> with a Hint"
    # Cells of an exercise call check.name(answer); that of its solution asserts the same check.
    asked = [cell for cell in cells(script, "code") if "exercise" in tags(cell)]
    solved = [cell for cell in cells(script, "code") if "solution" in tags(cell)]
    assert len(asked) == len(solved) == count, "every exercise has one code cell tagged exercise, and one solution"
    for question, answer in zip(asked, solved, strict=True):
        (name,) = re.findall(r"^check\.(\w+)\(", question.source, re.MULTILINE)
        assert f"assert check.{name}(" in answer.source, f"the solution has a line 'assert check.{name}(...)'"
        assert answer.metadata.get("jupyter", {}).get("source_hidden"), (
            'a solution is folded: # %% tags=["solution"] jupyter={"source_hidden": true}'
        )


@each_chapter
def test_paper_and_finding_are_told_apart(script):
    for quote in re.findall(r"^> (.*)$", prose(script), re.MULTILINE):
        if quote.startswith("**"):
            assert re.match(r"\*\*(The paper|Our finding)\.\*\*", quote), (
                "a marked quote is either '> **The paper.** ...' or '> **Our finding.** ...'"
            )


@each_chapter
def test_what_is_stored_names_no_folder_of_one_machine(script):
    for cell in nbformat.read(script.with_suffix(".ipynb"), as_version=4).cells:
        for output in cell.get("outputs", []):
            shown = [output.get("text", ""), *map(str, output.get("data", {}).values())]
            assert not re.search(r"(?<![\w.:/<])/(?:[\w.-]+/)+(?:runs|notebooks|shared)\b", "\n".join(shown)), (
                "an output holds a path that is only right where the notebook was built"
            )
