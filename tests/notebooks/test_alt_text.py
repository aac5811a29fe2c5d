"""What is to be seen in a picture is told to those who cannot see it, wherever a chapter is read.

Each chapter is exported by nbconvert's lab and classic templates, and its stored outputs are read as GitHub shows them:
without frames, scripts and styles. Every alt text that the chapter's `show` gave stands beside its picture.
"""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbconvert import HTMLExporter

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SCRIPTS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))
# What GitHub takes out of outputs, with all that is in it (no more than some of it, for certain).
_TAKEN_OUT = re.compile(r"<(iframe|script|style|form|object)\b.*?</\1>", re.DOTALL)

each_chapter = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


class Figures(HTMLParser):
    """Reads a page: its figures as (alt texts, titles of frames, caption), and pictures that stand outside of any."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.figures: list[tuple[list[str], list[str], str]] = []
        self.outside: list[str] = []
        self._open = self._in_caption = False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "figure":
            self.figures.append(([], [], ""))
            self._open = True
        elif tag == "img" and not self._open:
            self.outside.append(told.get("alt") or "")
        elif tag == "img":
            assert told["src"].startswith("data:image/png;base64,"), "a picture is not in the page"
            self.figures[-1][0].append(told.get("alt") or "")
        elif tag == "iframe" and self._open:
            self.figures[-1][1].append(told.get("title") or "")
        self._in_caption = tag == "figcaption"

    def handle_endtag(self, tag):
        self._open = self._open and tag != "figure"
        self._in_caption = False

    def handle_data(self, data):
        if self._in_caption:
            pictures, frames, caption = self.figures.pop()
            self.figures.append((pictures, frames, caption + data))


def outputs(script):
    """The stored HTML outputs of a chapter that hold a figure."""
    for cell in nbformat.read(script.with_suffix(".ipynb"), as_version=4).cells:
        for output in cell.get("outputs", []):
            assert not {"image/png", "image/jpeg", "image/svg+xml"} & set(output.get("data", {})), (
                f"a picture whose alt text reaches nobody: show(figure, alt=..., caption=...) in\n{cell.source}"
            )
            if "<figure" in (content := output.get("data", {}).get("text/html", "")):
                yield content


def asked(script):
    """What the script's calls of `show` say is to be seen, as far as that stands there in full."""
    for cell in jupytext.read(script, fmt="py:percent").cells:
        if cell.cell_type != "code":
            continue
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "show":
                named = {keyword.arg: keyword.value for keyword in call.keywords}
                for name in ("alt", "caption"):
                    if isinstance(named[name], ast.Constant):
                        yield name, named[name].value


@each_chapter
def test_all_pictures_stand_in_figures_with_alt_text_and_caption(script):
    read = [figure for content in outputs(script) for figure in Figures(content).figures]
    assert len(read) >= 3, "a chapter has at least three pictures"
    for pictures, frames, caption in read:
        assert pictures or frames
        assert all(len(alt.split()) >= 5 for alt in pictures + frames), f"an alt text is no sentence: {pictures}"
        assert len(caption.split()) >= 3, f"the picture of {pictures + frames} has no caption"
    told = {"alt": {alt for figure in read for alt in figure[0] + figure[1]}, "caption": {figure[2] for figure in read}}
    for name, words in asked(script):
        assert words in told[name], f"the {name} of a picture is not in the notebook: {words}"


@each_chapter
@pytest.mark.parametrize("template", ["lab", "classic"])
def test_alt_texts_stand_beside_their_pictures_in_exported_pages(script, template, caplog):
    page, _ = HTMLExporter(template_name=template).from_filename(str(script.with_suffix(".ipynb")))
    stored = [figure for content in outputs(script) for figure in Figures(content).figures]
    exported = Figures(page)
    assert exported.figures == stored
    assert all(exported.outside), "a picture of a text cell has no alt text"
    assert "Alternative text is missing" not in caplog.text


@each_chapter
def test_alt_texts_stand_beside_their_pictures_on_github(script):
    seen = 0
    for content in outputs(script):
        (whole,), (shown,) = Figures(content).figures, Figures(_TAKEN_OUT.sub("", content)).figures
        assert shown == (whole[0], [], whole[2])
        seen += bool(shown[0])
    assert seen >= 3, "at least three pictures are to be seen where no frame is"
