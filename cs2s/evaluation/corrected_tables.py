"""Tables of the corrected protocol, for people and as JSON.

Taught in ``notebooks/07_beyond_the_paper``.
"""

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cs2s.errors import InputError
from cs2s.evaluation.corrected_protocol import CorrectedEvaluation, Result, Scores
from cs2s.evaluation.evaluation import milliseconds
from cs2s.files.writing import replacing

__all__ = ["as_json", "corrected_table", "read_json", "write_json"]

_INTERVAL = "  95 %"
_LONGEST_NAME = 24


def _clipped(name: str) -> str:
    """Shorten a name from the left: the end of a run's path says which run it is."""
    return name if len(name) <= _LONGEST_NAME else "..." + name[3 - _LONGEST_NAME :]


def _cells(scores: Scores, frames: Sequence[int], positions: bool) -> list[str]:
    if not positions:
        return [f"{scores.degrees[frame]:.2f}" for frame in frames]
    return [*(f"{scores.mpjpe_mm[frame]:.1f}" for frame in frames), f"{scores.npss:.3f}"]


def _block(evaluation: CorrectedEvaluation, label: str, results: dict[str, Result], positions: bool) -> list[str]:
    """Lay out a heading, a row for each result, and intervals below the rows that are averages."""
    frames = evaluation.frames
    headings = [f"f{frame} {milliseconds(frame, evaluation.fps):.0f} ms" for frame in frames]
    if positions:
        headings.append("NPSS")
    rows = [[label, "windows", "blocks", *headings]]
    for name, result in results.items():
        rows.append(
            [_clipped(name), str(result.windows), str(result.blocks), *_cells(result.scores, frames, positions)]
        )
        if result.interval and (name == "average" or label == "predictor"):
            low, high = (_cells(end, frames, positions) for end in result.interval)
            rows.append([_INTERVAL, "", "", *("-".join(ends) for ends in zip(low, high, strict=True))])
    if positions or label == "predictor":
        rows = [[row[0], *row[3:]] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]


def corrected_table(*evaluations: CorrectedEvaluation) -> str:
    """Lay out what the corrected protocol measured as text of at most 120 columns.

    Args:
        evaluations: one predictor, or several on the same data set; several get their blocks of rows each, and
            their averages once more side by side.

    Returns:
        Lines of text: for each predictor a block of joint angles in degrees, then one of the MPJPE in millimetres
        and the NPSS; a row an action, the average last, with its 95 % interval below it. Names are cut to 24
        characters.
    """
    first = evaluations[0]
    lines = []
    for evaluation in evaluations:
        results = {**evaluation.actions, "average": evaluation.average}
        lines += [
            "",
            f"{evaluation.dataset}, {evaluation.predictor}: protocol '{evaluation.protocol}', "
            f"windows {evaluation.stride} frames apart",
            "joint angle error, degrees",
            *_block(evaluation, "action", results, positions=False),
            "position error (MPJPE), millimetres, and spectral error (NPSS)",
            *_block(evaluation, "action", results, positions=True),
        ]
    if len(evaluations) > 1:
        averages = {evaluation.predictor: evaluation.average for evaluation in evaluations}
        lines += [
            "",
            f"{first.dataset}: averages over the actions, compared; joint angle error, degrees",
            *_block(first, "predictor", averages, positions=False),
            "position error (MPJPE), millimetres, and spectral error (NPSS)",
            *_block(first, "predictor", averages, positions=True),
        ]
    notes = _notes(first)
    if len(evaluations) > 1:
        notes.append(
            "All predict the same windows: intervals that overlap do not mean that predictors are equally good."
        )
    notes = [textwrap.fill(note, 120) for note in notes]
    return "\n".join([*lines[1:], "", *notes])


def _notes(evaluation: CorrectedEvaluation) -> list[str]:
    """Say what the intervals are made of, and where there are too few blocks for one."""
    over = evaluation.average.over.replace("stretches", "stretches of one take")
    notes = [f"95 %: bootstrap intervals, drawn from blocks of windows: {over}."]
    few = [name for name, result in evaluation.actions.items() if 1 < result.blocks < 5]
    if few:
        notes.append(f"Fewer than five blocks, so that the interval is likely too narrow: {', '.join(few)}.")
    if evaluation.without_interval:
        taken = "" if evaluation.average.interval is None else "; held fixed in the interval of the average"
        notes.append(f"One block only, so no interval: {', '.join(evaluation.without_interval)}{taken}.")
    return notes


def _number(value: float) -> float | None:
    """Return a number as JSON can hold it, which knows no nan."""
    return None if np.isnan(value) else float(value)


def _scores_as_json(scores: Scores) -> dict[str, object]:
    return {
        "degrees": [_number(value) for value in scores.degrees],
        "mpjpe_mm": [_number(value) for value in scores.mpjpe_mm],
        "npss": _number(scores.npss),
    }


def _result_as_json(result: Result) -> dict[str, object]:
    low, high = map(_scores_as_json, result.interval) if result.interval else (None, None)
    return {
        "windows": result.windows,
        "blocks": result.blocks,
        "over": result.over,
        **_scores_as_json(result.scores),
        "interval": {"low": low, "high": high} if result.interval else None,
    }


def as_json(evaluation: CorrectedEvaluation) -> dict[str, object]:
    """Return the errors as plain data: every predicted frame of every action; None where there is no number."""
    count = len(evaluation.average.scores.degrees)
    return {
        "dataset": evaluation.dataset,
        "protocol": evaluation.protocol,
        "predictor": evaluation.predictor,
        "fps": evaluation.fps,
        "stride": evaluation.stride,
        "milliseconds": [float(milliseconds(frame, evaluation.fps)) for frame in range(count)],
        "actions": {action: _result_as_json(result) for action, result in evaluation.actions.items()},
        "average": _result_as_json(evaluation.average),
        "made_from": evaluation.made_from,
    }


def write_json(evaluations: Sequence[CorrectedEvaluation], path: Path) -> None:
    """Write errors to a JSON file: one object, or a list of them where there are several predictors.

    Raises:
        InputError: if the file cannot be written.
    """
    contents = [as_json(evaluation) for evaluation in evaluations]
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(contents if len(contents) > 1 else contents[0], indent=1) + "\n")


def _scores(content: dict) -> Scores:
    # As float64, None becomes nan.
    degrees, distances = (np.array(content[key], dtype=np.float64) for key in ("degrees", "mpjpe_mm"))
    if degrees.shape != distances.shape or degrees.ndim != 1 or not len(degrees):
        raise ValueError("the numbers of frames differ")
    return Scores(degrees, distances, float(np.float64(content["npss"])))


def _result(content: dict) -> Result:
    ends = content["interval"]
    return Result(
        _scores(content),
        int(content["windows"]),
        int(content["blocks"]),
        str(content["over"]),
        (_scores(ends["low"]), _scores(ends["high"])) if ends else None,
    )


def read_json(path: Path) -> list[CorrectedEvaluation]:
    """Read the errors that `write_json` wrote.

    Raises:
        InputError: if there is no such file, or it is not laid out as one.
    """
    made = "make one with 'cs2s evaluate --protocol corrected --json'"
    if not path.is_file():
        raise InputError(f"there is no file {path}; {made}.")
    try:
        contents = json.loads(path.read_text())
        return [
            CorrectedEvaluation(
                content["dataset"],
                content["predictor"],
                float(content["fps"]),
                int(content["stride"]),
                {action: _result(result) for action, result in content["actions"].items()},
                _result(content["average"]),
                content["protocol"],
                content["made_from"],
            )
            for content in (contents if isinstance(contents, list) else [contents])
        ]
    except Exception as error:
        # Whatever is amiss in a file that others may have written, it is the file and not the program.
        raise InputError(f"{path} is not a file of errors of the corrected protocol ({error}); {made}.") from error
