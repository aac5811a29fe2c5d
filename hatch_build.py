"""Hatchling's hook: the page of the package is README.md, its links and pictures with whole addresses."""

import re
import tomllib
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

__all__ = ["LongDescription"]


class LongDescription(MetadataHookInterface):
    """Gives the long description. A package index shows it without the files that README.md names beside itself."""

    def update(self, metadata: dict) -> None:
        """Put the text into the metadata."""
        root = Path(self.root)
        urls = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
        pages = urls["Repository"] + "/blob/main/"
        files = urls["Repository"].replace("//github.com/", "//raw.githubusercontent.com/") + "/main/"

        def whole(found: re.Match) -> str:
            return f"{found[1]}({files if found[1].startswith('!') else pages}{found[2]})"

        text = (root / "README.md").read_text(encoding="utf-8")
        text = re.sub(r"(!?\[[^\]]*\])\((?!https?:|#)([^)\s]+)\)", whole, text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
