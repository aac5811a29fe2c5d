"""Builds the book: ``make book`` writes it into ``book/_build/html``, whose ``index.html`` is the page that predicts.

Chapters come from the stored notebooks, tables and cards from ``data/``, the reference from docstrings, all else from
the texts in this folder. What has not changed is not made anew.
"""

import argparse
import json
import re
import shutil
import sys
import tomllib
from pathlib import Path

from sphinx.cmd.build import main as sphinx

from cs2s.datasets.descriptions import DESCRIPTIONS, OBSERVED, PREDICTED
from cs2s.pictures.page import prediction_page

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

from chapters import anchor, chapter, terms_of  # noqa: E402
from reference import package_page  # noqa: E402

REPOSITORY = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
PACKAGES = "motion files datasets networks evaluation training pictures workbook cli".split()


def write(path: Path, text: str) -> Path:
    """Write a text unless it is there already, so that Sphinx sees what has changed."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path


def glossary() -> str:
    """Return the glossary as Markdown with an anchor for each term."""
    text = (HERE / "glossary.md").read_text(encoding="utf-8")
    text = re.sub(r"^% (words|only): .*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^(\S.*)\n: ", lambda term: f"({anchor(term[1])})=\n## {term[1]}\n\n", text, flags=re.MULTILINE)


def data_page() -> str:
    """Return the page of the data sets, from their descriptions."""
    text = (HERE / "data.md").read_text(encoding="utf-8")
    parts = []
    for name, description in DESCRIPTIONS.items():
        getting = {
            "demo": "It is made by the program when it is asked for; nothing is downloaded.",
            "cmu": "`cs2s data download cmu`, which checks each file against its published checksum (a git blob id, "
            "`data/cmu_mocap.txt`); then `cs2s data info cmu` says what is there.",
            "own": "`cs2s data add *.bvh --action WHAT --to FOLDER`, [chapter 08](chapters/08_your_own_motion.ipynb).",
        }.get(name, "By request from its authors; it may not be passed on. `cs2s data list` says where.")
        licence = getattr(description, "licence", "") or getattr(description, "license", "") or ""
        rows = {
            "what": description.title,
            "from": description.source or "",
            "terms": licence,
            "skeleton": f"{description.skeleton.name}, {len(description.skeleton.joints)} joints",
            "frames a second": f"{description.source_fps:g} in the files, {description.fps:g} for the models",
            "a window": f"{OBSERVED} observed frames, {PREDICTED} to predict",
            "how to get it": getting,
        }
        table = "\n".join(f"| {key} | {_cell(value)} |" for key, value in rows.items() if value)
        parts.append(f"## {name}\n\n| | |\n| --- | --- |\n{table}\n")
    return text + "\n" + "\n".join(parts)


def teaching() -> str:
    """Return the page for those who teach, with what each chapter says of its time."""

    def said(found: re.Match) -> str:
        (path,) = (ROOT / "notebooks").glob(f"{found[1]}_*.ipynb")
        opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        return re.sub(r"\s+", " ", re.search(r"\*\*Time\.\*\* (.*?)(?:\n\n|\Z)", opening, re.DOTALL)[1]).strip()

    return re.sub(r"TIME (\d\d)", said, (HERE / "teaching.md").read_text(encoding="utf-8"))


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def without_links(text: str) -> str:
    """Return Markdown whose links lead into the book, or are words only where what they name is not in it."""

    def linked(found: re.Match) -> str:
        words, where = found[1], found[2]
        inside = {
            "tables.md": "tables.md",
            "data/results/README.md": "results.md",
        }
        if where.startswith(("http", "#")):
            return found[0]
        return f"[{words}]({inside[where]})" if where in inside else words

    return re.sub(r"(?<!!)\[([^\]]*)\]\(([^)]*)\)", linked, text)


def unbroken(text: str) -> str:
    """Return Markdown in whose narrow columns no line is a lone ± or a lone "to"."""
    return re.sub(r"(?<=\d) (±|to) (?=\d)", " \\1\N{NO-BREAK SPACE}", text)


def cards() -> str:
    """Return the page of model cards."""
    text = (HERE / "cards.md").read_text(encoding="utf-8")
    folder = ROOT / "data" / "pretrained"
    named = re.findall(r"^\| \[`pretrained:([\w-]+)`\]", text, re.MULTILINE)
    assert sorted(named) == sorted(path.stem for path in folder.glob("*.md")), "cards.md names each card once"
    for name in named:
        text += "\n" + re.sub(r"^#", "##", (folder / f"{name}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return text


def sources(folder: Path) -> None:
    """Write all that Sphinx is to read, and remove what is no longer a part of it."""
    told = glossary()
    terms = terms_of((HERE / "glossary.md").read_text(encoding="utf-8"))
    written = {write(folder / "glossary.md", told), write(folder / "data.md", data_page())}
    written |= {write(folder / "cards.md", cards()), write(folder / "teaching.md", teaching())}
    for name in ("contents", "notation", "cite"):
        text = (HERE / f"{name}.md").read_text(encoding="utf-8").replace("REPOSITORY", REPOSITORY)
        written.add(write(folder / f"{name}.md", text))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        written.add(write(folder / "chapters" / path.name, chapter(path, terms)))
    for name, path in {
        "results": "data/results/README.md",
        "tables": "data/results/tables.md",
        "changelog": "CHANGELOG.md",
    }.items():
        text = unbroken(without_links((ROOT / path).read_text(encoding="utf-8")))
        if len(re.findall(r"^# ", text, re.MULTILINE)) > 1:
            text = "# All tables\n\n" + re.sub(r"^#", "##", text, flags=re.MULTILINE)
        written.add(write(folder / f"{name}.md", text))
    for name in PACKAGES:
        written.add(write(folder / "reference" / f"{name}.rst", package_page(ROOT / "cs2s" / name)))
    for path in folder.rglob("*"):
        if path.is_file() and path not in written:
            path.unlink()


_MENDED = {
    # The theme gives headings of the sidebar no level, and two asides no name.
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="the book">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="this page">',
    # What is wider than the page is scrolled, by keys as well.
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" role="group" aria-label="table" class="table-wrapper',
}


def mend(out: Path) -> None:
    """Mend what makes pages hard to use without eyes or without a mouse, wherever Sphinx has written."""
    for path in out.rglob("*.html"):
        text = mended = path.read_text(encoding="utf-8")
        for theirs, ours in _MENDED.items():
            mended = mended.replace(theirs, ours)
        if path.name == "search.html" and "<h1>Search</h1>" not in mended:
            mended = mended.replace('<div id="search-results">', '<h1>Search</h1>\n<div id="search-results">')
        if mended != text:
            path.write_text(mended, encoding="utf-8")


def start_page(out: Path) -> None:
    """Write the page that predicts, with what a newcomer wants to know."""
    words = (HERE / "start.html").read_text(encoding="utf-8").replace("REPOSITORY", REPOSITORY)
    links = {"The book": "contents.html", "First chapter": "chapters/00_quickstart.html", "Results": "results.html"}
    above = (
        '<p class="lead">The front page of CS2S, a workbook on how a machine predicts human motion: '
        '<a href="#what">what it is</a>, <a href="#found">what it found</a>, <a href="#start">how to start</a>.</p>'
    )
    write(out / "index.html", prediction_page(links=links, above=above, below=words))


def main() -> int:
    """Build the book."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=HERE / "_build" / "html", help="where to (default: book/_build/html)"
    )
    parser.add_argument("--fresh", action="store_true", help="make everything anew")
    arguments = parser.parse_args()
    work = arguments.out.parent
    if arguments.fresh:
        for folder in (arguments.out, work / "source", work / "doctrees"):
            shutil.rmtree(folder, ignore_errors=True)
    sources(work / "source")
    given = ["-q", "-W", "--keep-going", "-c", str(HERE), "-d", str(work / "doctrees")]
    status = sphinx([*given, str(work / "source"), str(arguments.out)])
    mend(arguments.out)
    start_page(arguments.out)
    print(f"the book is in {arguments.out}: open {arguments.out / 'index.html'}")
    return status


if __name__ == "__main__":
    sys.exit(main())
