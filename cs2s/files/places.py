"""Where files lie that nobody names: those that come with the program, downloaded data, caches, and the log of looks.

First used in ``notebooks/05_error_evaluation``.
"""

import os
from pathlib import Path

import platformdirs

import cs2s

__all__ = ["cache_folder", "chapters_folder", "data_file", "data_home", "look_file"]


def data_file(name: str) -> Path:
    """Return the path of a file of the top-level ``data/`` folder, in a checkout or an installed package."""
    package = Path(cs2s.__file__).parent
    installed = package / "data" / name  # the wheel carries data/ inside the package
    return installed if installed.exists() else package.parent / "data" / name


def chapters_folder() -> Path:
    """Return the folder of the workbook's chapters, in a checkout or an installed package."""
    package = Path(cs2s.__file__).parent
    installed = package / "notebooks"
    return installed if installed.exists() else package.parent / "notebooks"


def cache_folder() -> Path:
    """Return the folder of what can be made or fetched again, in the user's own cache."""
    return Path(platformdirs.user_cache_dir("cs2s"))


def data_home() -> Path:
    """Return the folder that holds data sets, one folder each: ``$CS2S_DATA_DIR`` if that is set, else the cache."""
    named = os.environ.get("CS2S_DATA_DIR")
    return Path(named) if named else cache_folder()


def look_file() -> Path:
    """Return where looks at test windows are logged: ``$CS2S_TEST_LOOKS`` if that is set, else in the user's state."""
    named = os.environ.get("CS2S_TEST_LOOKS")
    return Path(named) if named else Path(platformdirs.user_state_dir("cs2s")) / "test_looks.jsonl"
