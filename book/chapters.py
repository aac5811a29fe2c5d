"""Chapters of the book from the stored notebooks: nothing is run, and what only a notebook has use for is left out."""

import json
import re
from pathlib import Path
from typing import Any

__all__ = ["chapter", "terms_of"]

_BADGE = re.compile(r"^\[!\[Open in Colab\].*\n?", re.MULTILINE)
_STORED = (
    "*This is the notebook as it was last run. [Run it yourself](../contents.md) to move its sliders and to have your "
    "answers checked.*\n"
)
_WIDGET = "application/vnd.jupyter.widget-view+json"
_HINT = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
_OTHER = re.compile(r"(?<!\[)`(\d\d_[a-z_]+)`")
# What is no prose: code, formulas, links, HTML, headings.
_NO_PROSE = re.compile(
    r"(```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\[[^\]]*\]\([^)]*\)|<[^>]*>|^#[^\n]*$)", re.DOTALL | re.MULTILINE
)


def terms_of(glossary: str) -> dict[str, str]:
    """Return the words that chapters link into the glossary -> the term they stand for.

    A term is a line that is followed by a line of ``: `` and what it means. On the line before, ``% words: windows``
    says what else it is called; ``% only: a take, the take`` what alone is linked, where the word has other uses.
    """
    terms: dict[str, str] = {}
    for only, words, term in re.findall(r"(?:^% (?:(only)|words): (.*)\n)?^(\S.*)\n: ", glossary, re.MULTILINE):
        called = [word.strip() for word in words.split(",") if word.strip()]
        terms |= dict.fromkeys(called if only else [term, *called], term)
    return terms


def chapter(notebook: Path, terms: dict[str, str]) -> str:
    """Return a notebook as the book takes it.

    Args:
        notebook: a stored ``.ipynb``.
        terms: as of `terms_of`; the first time that a chapter uses one, it is linked.
    """
    told = json.loads(notebook.read_text(encoding="utf-8"))
    left = dict(terms)
    for cell in told["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = _HINT.sub(r"<details><summary>\1</summary>\n\n\2\n\n</details>", _BADGE.sub(_STORED, text))
            text = _OTHER.sub(lambda found: f"[`{found[1]}`]({found[1]}.ipynb)", text)
            cell["source"] = _linked(text, left)
        else:
            _trim(cell)
    return json.dumps(told, ensure_ascii=False, indent=1)


def _trim(cell: dict[str, Any]) -> None:
    tags = cell["metadata"].setdefault("tags", [])
    tags += ["remove-cell"] * ("bootstrap" in tags) + ["hide-cell"] * ("solution" in tags)
    kept = []
    for output in cell["outputs"]:
        data = output.get("data", {})
        if data.pop(_WIDGET, None):
            data.clear()
            data["text/markdown"] = "*Here the notebook has sliders; this is how it looks where it runs: `make lab`.*"
        alt = output.get("metadata", {}).get("image/png", {}).get("alt")
        if "image/png" in data or "image/gif" in data:
            cell["metadata"]["mystnb"] = {"image": {"alt": alt or "a picture; the text below says what it shows"}}
        kept.append(output)
    cell["outputs"] = kept


def _linked(text: str, left: dict[str, str]) -> str:
    """Link what is in `left` where it first stands in prose, and take it out of there."""
    parts = _NO_PROSE.split(text)
    for number in range(0, len(parts), 2):
        for word in sorted(left, key=len, reverse=True):
            if word not in left:
                continue
            found = re.search(rf"(?<![\w{{<`-]){re.escape(word)}(?![\w>`-])", parts[number])
            if found:
                term = left[word]
                before, after = parts[number][: found.start()], parts[number][found.end() :]
                link = f"[{found[0]}](../glossary.md#{anchor(term)})"
                # What is linked is no prose any more.
                parts[number : number + 1] = [before, link, after]
                for other in [other for other, same in left.items() if same == term]:
                    del left[other]
                return _linked_rest(parts, number, left)
    return "".join(parts)


def _linked_rest(parts: list[str], number: int, left: dict[str, str]) -> str:
    return (
        "".join(parts[:number])
        + _linked(parts[number], left)
        + parts[number + 1]
        + _linked("".join(parts[number + 2 :]), left)
    )


def anchor(term: str) -> str:
    """Return the anchor of a term in the glossary."""
    return "term-" + re.sub(r"\W+", "-", term.lower()).strip("-")
