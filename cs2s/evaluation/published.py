"""Error tables that papers print, as data with their source, and how far they compare with ours.

Taught in ``notebooks/05_error_evaluation``.
"""

from dataclasses import dataclass

import numpy as np

from cs2s.evaluation.evaluation import Evaluation

__all__ = ["PUBLISHED", "PublishedTable", "comparison"]

_CHECKED = "averages checked against public result files of its authors"
_UNCHECKED = "rows taken from secondary sources, not checked against the paper's own text; they reproduce its averages"


@dataclass(frozen=True)
class PublishedTable:
    """A printed table of mean angle errors.

    Attributes:
        dataset: which data set.
        method: what was measured.
        source: the paper.
        checked: how far the numbers were verified.
        frames: the predicted frame (0-based) that each column shows.
        rows: action (or ``"average"``) -> errors, radians.
    """

    dataset: str
    method: str
    source: str
    checked: str
    frames: tuple[int, ...]
    rows: dict[str, tuple[float, ...]]


def _rows(text: str) -> dict[str, tuple[float, ...]]:
    fields = (line.split() for line in text.strip().splitlines())
    return {name: tuple(map(float, numbers)) for name, *numbers in fields}


_CMU_FRAMES, _HUMAN36M_FRAMES = (1, 3, 7, 9, 24), (1, 3, 7, 9)
_LI = "Li, Zhang, Lee, Lee, CVPR 2018"
_MARTINEZ = "Martinez, Black, Romero, CVPR 2017"
_MAO = "Mao, Liu, Salzmann, Li, ICCV 2019"

PUBLISHED = (
    PublishedTable(
        "cmu",
        "conv seq2seq",
        _LI,
        _UNCHECKED,
        _CMU_FRAMES,
        _rows("""
            basketball         .37 .62 1.07 1.18 1.95
            basketball_signal  .32 .59 1.04 1.24 1.96
            directing_traffic  .25 .56 .89 1.00 2.04
            jumping            .39 .60 1.36 1.56 2.01
            running            .28 .41 .52 .57 .67
            soccer             .26 .44 .75 .87 1.56
            walking            .35 .44 .45 .50 .78
            washwindow         .30 .47 .80 1.01 1.39
            average            .32 .52 .86 .99 1.55
        """),
    ),
    PublishedTable(
        "cmu",
        "LTD",
        _MAO,
        f"{_UNCHECKED}; {_CHECKED}",
        _CMU_FRAMES,
        _rows("""
            basketball         .33 .52 .89 1.06 1.71
            basketball_signal  .11 .20 .41 .53 1.00
            directing_traffic  .15 .32 .52 .60 2.00
            jumping            .31 .49 1.23 1.39 1.80
            running            .33 .55 .73 .74 .95
            soccer             .18 .29 .61 .71 1.40
            walking            .33 .45 .49 .53 .61
            washwindow         .22 .33 .57 .75 1.20
            average            .25 .39 .68 .79 1.33
        """),
    ),
    *(
        PublishedTable("human3.6m", method, source, checked, _HUMAN36M_FRAMES, {"average": errors})
        for method, source, checked, errors in (
            ("zero velocity", _MARTINEZ, _CHECKED, (0.40, 0.71, 1.07, 1.21)),
            ("residual RNN", _MARTINEZ, _UNCHECKED, (0.36, 0.67, 1.02, 1.15)),
            ("conv seq2seq", _LI, _UNCHECKED, (0.38, 0.68, 1.01, 1.13)),
            ("LTD", _MAO, _CHECKED, (0.27, 0.51, 0.83, 0.95)),
            ("HisRep", "Mao, Liu, Salzmann, ECCV 2020 (8 windows)", _CHECKED, (0.27, 0.52, 0.82, 0.94)),
        )
    ),
)


def _average(table: PublishedTable, actions: list[str]) -> np.ndarray:
    """Return a table's average over those actions, or the one it prints where it has no rows of actions."""
    if all(action in table.rows for action in actions):
        return np.mean([table.rows[action] for action in actions], axis=0)
    return np.array(table.rows["average"])


def _notes(evaluation: Evaluation) -> list[str]:
    notes = []
    missing = evaluation.made_from.get("missing", ())
    if missing:
        notes.append(f"{len(missing)} files are missing here, of training or test; the papers used all.")
    if evaluation.fps != 25:
        notes.append(
            f"the papers print 80 to 1000 ms over these columns, but at {evaluation.fps:g} frames a second "
            f"they lie {2000 / evaluation.fps:.0f} to {25000 / evaluation.fps:.0f} ms ahead."
        )
    notes.append(
        "eight test windows an action are few: over other draws of them, zero velocity at frame 9 on six CMU actions "
        "ranges from 1.14 to 1.47 (95 %)."
    )
    return notes


def comparison(evaluation: Evaluation) -> str:
    """Set an evaluation beside the published tables of its data set, as text.

    Published averages are taken over the actions that were evaluated, where the table has them.

    Args:
        evaluation: ours, protocol ``"paper"``.

    Returns:
        Lines of text: a block an action, the average last, then what is not comparable. A sentence that there is
        nothing to compare with, for data sets of which no paper prints a table.
    """
    tables = [table for table in PUBLISHED if table.dataset == evaluation.dataset]
    if not tables:
        return f"no paper prints a table of the {evaluation.dataset} data: there is nothing to compare with."
    frames = [frame for frame in tables[0].frames if frame < len(evaluation.average)]
    actions = list(evaluation.errors)
    ours = {**evaluation.errors, "average": evaluation.average}
    width = max(len(name) for name in (evaluation.predictor, *(table.method for table in tables)))
    lines = ["beside what papers print, mean angle error at frames " + ", ".join(map(str, frames))]
    for action, errors in ours.items():
        lines.append(action)
        rows = {evaluation.predictor: errors[frames]}
        for table in tables:
            if action == "average":
                rows[table.method] = _average(table, actions)[: len(frames)]
            elif action in table.rows:
                rows[table.method] = np.array(table.rows[action][: len(frames)])
        lines += [f"  {name:<{width}}  " + "  ".join(f"{e:5.2f}" for e in row) for name, row in rows.items()]
    lines += [f"source of {table.method}: {table.source}; {table.checked}." for table in tables]
    return "\n".join(lines + [f"not comparable: {note}" for note in _notes(evaluation)])
