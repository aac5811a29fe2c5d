"""A chapter's figures, their tests, its checks and its wrong answers are found by the chapter's name.

Chapter ``NN_NAME`` draws with ``cs2s/workbook/figures/NAME.py``, tested in ``figures/test_NAME_figures.py`` here; its
checks are in ``cs2s/workbook/checks/NAME.py`` and their wrong answers in ``wrong_answers/NAME.py``. What the tests of
figures share is in ``figures/conftest.py``.
"""

from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORKBOOK = ROOT / "cs2s" / "workbook"


def modules(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_everything_of_a_chapter_is_called_like_it():
    chapters = {path.stem.split("_", 1)[1] for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.py")}
    assert modules(WORKBOOK / "checks") == modules(HERE / "wrong_answers") == chapters
    # The first chapter draws with `cs2s.pictures` alone.
    assert modules(WORKBOOK / "figures") == chapters - {"quickstart"}
    tested = {path.stem.removeprefix("test_").removesuffix("_figures") for path in (HERE / "figures").glob("test_*.py")}
    assert tested == modules(WORKBOOK / "figures")
