"""What pages are made of: the files of a player or a panel, without what only their readers need.

Used by the player of ``notebooks/06_explore_predictions`` and the arm of ``notebooks/02_exponential_maps``.
"""

import re
from pathlib import Path
from string import Template

from cs2s.pictures.style import on_screen

__all__ = ["part", "styled"]

_HERE = Path(__file__).parent


def part(name: str, folder: Path = _HERE) -> str:
    """Return a file of a folder as it goes into pages: without comments and indents, which are for its readers."""
    text = (folder / name).read_text(encoding="utf-8")
    text = re.sub(r"^\s*//.*\n|^\s*/\*.*\*/\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^\s+", "", text, flags=re.MULTILINE)


def styled(name: str, folder: Path = _HERE) -> str:
    """Return a style sheet of a folder with the colours of `on_screen` for its ``$light`` and ``$dark``."""
    colours = {
        page: "; ".join(f"--{meaning}: {colour}" for meaning, colour in on_screen(page == "dark").items())
        for page in ("light", "dark")
    }
    return Template(part(name, folder)).substitute(**colours)
