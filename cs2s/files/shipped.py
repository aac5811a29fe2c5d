"""The files that come with the program: facts about data sets, trained weights, numbers that chapters quote.

First used in ``notebooks/05_error_evaluation``.
"""

from pathlib import Path

import cs2s

__all__ = ["data_file"]


def data_file(name: str) -> Path:
    """Return the path of a file of the top-level ``data/`` folder, in a checkout or an installed package."""
    package = Path(cs2s.__file__).parent
    installed = package / "data" / name  # the wheel carries data/ inside the package
    return installed if installed.exists() else package.parent / "data" / name
