"""The page for those who teach: what it names is there, what it plans adds up, and each chapter has its part."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from cs2s.workbook.classroom import exercises

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
CHAPTERS = {
    path.stem[:2]: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
}
SET = {f"{number}.{n + 1}" for number, told in CHAPTERS.items() for n in range(len(exercises(told)))}
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


def part(title: str) -> str:
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]


def test_exercises_that_it_names_are_there():
    assert set(re.findall(r"\b0\d\.\d+", PAGE)) <= SET


@pytest.mark.parametrize(("plan", "sessions"), [("One session of 90 minutes", 1), ("Four sessions", 4)])
def test_the_minutes_of_each_session_are_90(plan, sessions):
    tables = part(plan).split("| minutes |")[1:]
    sums = [sum(map(int, re.findall(r"^\| (\d+) \|", table, re.MULTILINE))) for table in tables]
    assert sums == [90] * sessions


def test_a_term_sets_every_exercise_once():
    weeks = re.findall(r"^\| (\d+) \|.*\|(.*)\|$", part("A term"), re.MULTILINE)
    assert [int(week) for week, _ in weeks] == list(range(1, 13))
    named = [one for _, at_home in weeks for one in re.findall(r"0\d\.\d+", at_home)]
    assert sorted(named) == sorted(SET)


def test_sections_that_plans_name_are_there():
    headings = {
        number: {
            title.strip()
            for cell in told["cells"]
            if cell["cell_type"] == "markdown"
            for title in re.findall(r"^##+ (.*)$", "".join(cell["source"]), re.MULTILINE)
        }
        for number, told in CHAPTERS.items()
    }
    found = 0
    for row in ROWS:
        named = re.findall(r"\b(0\d)\b", " ".join(row))
        for title in re.findall(r'"([^"]+)"', " ".join(row)):
            found += 1
            assert any(title in headings[number] for number in named), f"no chapter of this row has '{title}'"
    assert found > 8


def test_each_chapter_has_its_part():
    for number, told in CHAPTERS.items():
        (title,) = re.findall(rf"^# {number} ([^:\n]+)", "".join(told["cells"][0]["source"]), re.MULTILINE)
        (own,) = re.findall(rf"^## {number} [^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
        assert f"## {number} {title}\n" in PAGE
        assert re.findall(r"^- \*\*(.*?)\.\*\*", own, re.MULTILINE) == [
            "Goals", "Presumes", "Set", "Discuss", "Goes wrong",
        ]  # fmt: skip
        assert own.count("?*") >= 3, "three questions at least, each with its point"
        asked = re.search(r"\*\*Set\.\*\*(.*?)\*\*Discuss", own, re.DOTALL)[1]
        assert {one[:2] for one in re.findall(r"0\d\.\d+", asked)} == {number}


def test_minutes_are_those_of_the_chapters(monkeypatch):
    if importlib.util.find_spec("sphinx") is None:
        pytest.skip("sphinx is not installed: pip install 'cs2s[book]'")
    monkeypatch.syspath_prepend(str(ROOT / "book"))
    spec = importlib.util.spec_from_file_location("build_of_the_book", ROOT / "book" / "build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    told = build.teaching()
    assert PAGE.count("TIME ") == len(CHAPTERS) and "TIME " not in told
    for number, chapter in CHAPTERS.items():
        (row,) = [line for line in told.splitlines() if line.startswith(f"| [{number}]")]
        said = row.split("|")[2].strip()
        assert "minute" in said and said in " ".join("".join(chapter["cells"][0]["source"]).split())


def test_commands_that_it_names_are_there():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (\w+)`", PAGE):
        assert re.search(rf"^{target}:|^EXPERIMENTS := .*\b{target}\b", makefile, re.MULTILINE), target
    from cs2s.cli.parser import _build_parser

    for words in re.findall(r"`cs2s ([^`]+)`", PAGE):
        _build_parser().parse_args(words.split())
