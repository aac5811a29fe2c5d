"""Tables of errors, for people and as JSON, of every protocol.

Taught in ``notebooks/05_error_evaluation`` and ``notebooks/07_beyond_the_paper``.
"""

import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cs2s.datasets.descriptions import describe
from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, Result, Scores, milliseconds
from cs2s.evaluation.measures import ANGLE_ERROR, MEASURES, Measure
from cs2s.evaluation.paired import difference, pairable
from cs2s.files.reading import load_json, printable_name
from cs2s.files.writing import save_json
from cs2s.motion.limits import checked_fps

__all__ = [
    "FRAMES",
    "WIDTH",
    "aligned",
    "as_json",
    "clipped",
    "error_table",
    "in_words",
    "read_json",
    "scores_as_json",
    "shown_frames",
    "write_json",
]

FRAMES = (1, 3, 7, 9, 13, 24)
"""The predicted frames (0-based) that are columns of a table: those that the paper shows."""

WIDTH = 80
"""How many characters a line of a table has at most."""

_PRINTED_LABELS = {1: 80, 3: 160, 7: 320, 9: 400, 13: 560, 24: 1000}
_PRINTED_BY = {"paper": "paper", "positions": "field"}
"""Protocol -> who prints those labels, in milliseconds, over its columns."""
_TOLD = (1, 9, 24)
"""The predicted frames that `in_words` tells."""
_INTERVAL = ("  95 % from", "       to")
_WINDOWS = "windows (blocks)"
_LONGEST_NAME = 24


def shown_frames(evaluation: Evaluation) -> tuple[int, ...]:
    """Return the predicted frames that a table shows: `FRAMES`, and the last one where it lies elsewhere."""
    count = len(evaluation.average)
    return tuple(sorted({frame for frame in FRAMES if frame < count} | {count - 1}))


def _has_intervals(evaluation: Evaluation) -> bool:
    """Tell whether the protocol draws blocks of windows again, to say how sure its numbers are."""
    return evaluation.overall.blocks > 0


def _blocks(measures: Sequence[Measure]) -> list[list[Measure]]:
    """Group measures into blocks of a table: one by frame, and with it those of all frames together that follow."""
    blocks: list[list[Measure]] = []
    for measure in measures:
        if measure.by_frame or not blocks:
            blocks.append([])
        blocks[-1].append(measure)
    return blocks


def _title(block: Sequence[Measure]) -> str:
    return ", and ".join(measure.title for measure in block)


def _apart(stride: int | None) -> str:
    """Say how far the windows are apart, if they are not drawn."""
    return "" if stride is None else f", windows {stride} frame{'s' if stride > 1 else ''} apart"


def _headings(evaluation: Evaluation, block: Sequence[Measure]) -> list[list[str]]:
    """Name each shown frame, its true time and, where papers print others under the protocol, the times they print."""
    frames = shown_frames(evaluation)
    ahead = {frame: f"{milliseconds(frame, evaluation.fps):.0f}" for frame in frames}
    rows = [
        [_WINDOWS if _has_intervals(evaluation) else "", *(f"f{frame}" for frame in frames)],
        ["ms ahead", *ahead.values()],
    ]
    printed = {frame: str(_PRINTED_LABELS[frame]) for frame in frames if frame in _PRINTED_LABELS}
    by = _PRINTED_BY.get(evaluation.protocol)
    if by and any(ahead[frame] != label for frame, label in printed.items()):
        rows.append([f"{by} prints", *(printed.get(frame, "") for frame in frames)])
    others = [measure.name.upper() for measure in block if not measure.by_frame]
    rows[0] += others
    return [[*row, *[""] * (1 + len(frames) + len(others) - len(row))] for row in rows]


def _cells(scores: Scores, frames: Sequence[int], block: Sequence[Measure]) -> list[str]:
    shown = ((m, scores[m.name][list(frames)] if m.by_frame else [scores[m.name]]) for m in block)
    return [f"{number:.{measure.digits}f}" for measure, numbers in shown for number in numbers]


def clipped(name: str, longest: int = _LONGEST_NAME) -> str:
    """Shorten a name from the left: the end of a run's path says which run it is."""
    return name if len(name) <= longest else "..." + name[3 - longest :]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows of equally many cells as lines: names on the left, numbers below each other on the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]


def _rows(evaluations: Sequence[Evaluation], block: Sequence[Measure], of_actions: bool) -> list[str]:
    """Lay out the headings and a row for each result, those of several predictors below each other.

    Where there are intervals, the numbers of windows and blocks stand beside the names of actions, and the intervals
    below the rows that are averages; of several predictors the differences from the first follow.
    """
    first, several = evaluations[0], len(evaluations) > 1
    frames = shown_frames(first)
    rows = _headings(first, block)
    indent = "  " if several else ""

    def add(label: str, result: Result, with_interval: bool) -> None:
        rows.append([label, *_cells(result.scores, frames, block)])
        if result.interval and with_interval:
            for word, end in zip(_INTERVAL, result.interval, strict=True):
                rows.append([indent + word, *_cells(end, frames, block)])

    def heading(words: str) -> None:
        rows.append([words, *[""] * (len(rows[0]) - 1)])

    for action in [*(first.actions if of_actions else ()), "average"]:
        of_all = [e.overall if action == "average" else e.actions[action] for e in evaluations]
        named = f"{action} {of_all[0].windows} ({of_all[0].blocks})" if _has_intervals(first) else action
        if several:
            heading(named)
        for evaluation, result in zip(evaluations, of_all, strict=True):
            label = "  " + clipped(evaluation.predictor) if several else named
            add(label, result, with_interval=action == "average")
    pairs = [evaluation for evaluation in evaluations[1:] if pairable(evaluation, first)]
    if pairs:
        heading(f"minus {clipped(first.predictor, _LONGEST_NAME - 4)}")
    for evaluation in pairs:
        add("  " + clipped(evaluation.predictor), difference(evaluation, first), with_interval=True)
    return [line.rstrip() for line in aligned(rows)]


def error_table(*evaluations: Evaluation, of_actions: bool = True) -> str:
    """Lay out errors as text: a row an action, the average last, a column for each of the paper's frames.

    Args:
        evaluations: one predictor, or several on the same data set and under the same protocol, whose rows stand below
            each other.
        of_actions: whether there are rows of actions, or only the average.

    Returns:
        Lines of at most 80 characters. A protocol of several measures gets a block of rows for each of them; one with
        intervals gets these below the average, and notes on what they are made of. If freezing (zero velocity) is among
        several predictors, the last lines say in words how the others compare with it.
    """
    first = evaluations[0]
    blocks = _blocks(first.measures)
    single = len(blocks) == 1 and not _has_intervals(first)
    what = f"protocol '{first.protocol}'"
    what = f"{_title(blocks[0])}, {what}" if single else f"{what}{_apart(first.stride)}"
    name = ""
    if len(evaluations) == 1:
        name = ", " + clipped(first.predictor, max(_LONGEST_NAME, WIDTH - len(f"{first.dataset}, : {what}")))
    lines = [f"{first.dataset}{name}: {what}"]
    for block in blocks:
        lines += [] if single else [_title(block)]
        lines += _rows(evaluations, block, of_actions)
    if _has_intervals(first):
        lines += ["", *(textwrap.fill(note, WIDTH) for note in _notes(evaluations))]
    frozen = [evaluation for evaluation in evaluations if evaluation.predictor == ZeroVelocity().name]
    if frozen:
        lines += [in_words(one, frozen[0]) for one in evaluations if one.predictor != frozen[0].predictor]
    return "\n".join(lines)


def in_words(evaluation: Evaluation, frozen: Evaluation) -> str:
    """Say how much better or worse than freezing a predictor is on average, some frames ahead.

    Args:
        evaluation: of the predictor.
        frozen: of zero velocity, on the same windows.

    Returns:
        A sentence in lines of at most 80 characters, the second one indented.
    """
    shown = shown_frames(evaluation)
    frames = [frame for frame in _TOLD if frame in shown] or [shown[0], shown[-1]]
    told: list[str] = []
    for frame in dict.fromkeys(frames):
        if not frozen.average[frame] > 0:
            continue
        change = round(100 * (evaluation.average[frame] / frozen.average[frame] - 1))
        much = f"{abs(change)} % {'less' if change < 0 else 'more'}" if change else "as much"
        time = f"{milliseconds(frame, evaluation.fps):.0f} ms"
        than = "as" if not change else "than"
        told.append(f"{much} at {time}" if told else f"{much} error {than} freezing {time} ahead")
    told = told or ["freezing makes no error here"]
    # A number and its unit stay on one line: wrapping leaves no-break spaces alone.
    kept = re.sub(r"(?<=\d) (?=%|ms)", "\N{NO-BREAK SPACE}", f"{clipped(evaluation.predictor)}: {', '.join(told)}")
    return textwrap.fill(kept, WIDTH, subsequent_indent="  ").replace("\N{NO-BREAK SPACE}", " ")


def _notes(evaluations: Sequence[Evaluation]) -> list[str]:
    """Say what the intervals are made of, and where there are too few blocks for one."""
    first = evaluations[0]
    over = first.overall.over.replace("stretches", "stretches of one take")
    notes = [f"95 %: bootstrap intervals, drawn from blocks of windows (in brackets): {over}."]
    few = [name for name, result in first.actions.items() if 1 < result.blocks < 5]
    if few:
        notes.append(f"Fewer than five blocks, so that the interval is likely too narrow: {', '.join(few)}.")
    if first.without_interval:
        taken = "" if first.overall.interval is None else "; held fixed in the interval of the average"
        notes.append(f"One block only, so no interval: {', '.join(first.without_interval)}{taken}.")
    if any(pairable(evaluation, first) for evaluation in evaluations[1:]):
        notes.append(
            f"All predict the same windows. Below 'minus ...' stand differences, formed draw by draw: where both ends "
            f"are below 0, a predictor is better than {clipped(first.predictor)}."
        )
    elif len(evaluations) > 1:
        notes.append(
            "All predict the same windows: intervals that overlap do not mean that predictors are equally good."
        )
    return notes


def _of_angle_errors_alone(evaluation: Evaluation) -> bool:
    """Tell whether a file holds nothing but mean angle errors: then it is laid out as files of the paper's protocol."""
    return evaluation.measures == (ANGLE_ERROR,) and not _has_intervals(evaluation)


def _number(value: float) -> float | None:
    """Return a number as JSON can hold it, which knows no nan."""
    return float(value) if np.isfinite(value) else None


def scores_as_json(scores: Scores) -> dict[str, Any]:
    """Return numbers as plain data, None where there is none."""
    return {
        name: [_number(number) for number in numbers] if np.ndim(numbers) else _number(float(numbers))
        for name, numbers in scores.items()
    }


def _result_as_json(result: Result) -> dict[str, Any]:
    low, high = map(scores_as_json, result.interval) if result.interval else (None, None)
    return {
        "windows": result.windows,
        "blocks": result.blocks,
        "over": result.over,
        **scores_as_json(result.scores),
        "interval": {"low": low, "high": high} if result.interval else None,
    }


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the errors as plain data: every predicted frame of every action; None where there is no number."""
    content: dict[str, Any] = {
        "dataset": evaluation.dataset,
        "protocol": evaluation.protocol,
        "predictor": evaluation.predictor,
        "fps": evaluation.fps,
    }
    if _of_angle_errors_alone(evaluation):
        content |= {
            "frames": list(shown_frames(evaluation)),
            "actions": {action: [_number(e) for e in errors] for action, errors in evaluation.errors.items()},
            "average": [_number(e) for e in evaluation.average],
        }
    else:
        count = len(evaluation.average)
        content |= {
            "stride": evaluation.stride,
            "milliseconds": [float(milliseconds(frame, evaluation.fps)) for frame in range(count)],
            "actions": {action: _result_as_json(result) for action, result in evaluation.actions.items()},
            "average": _result_as_json(evaluation.overall),
        }
    return content | {"made_from": evaluation.made_from}


def write_json(evaluations: Sequence[Evaluation], path: Path) -> None:
    """Write errors to a JSON file: one object, or a list of them where there are several predictors.

    Raises:
        InputError: if the file cannot be written.
    """
    contents = [as_json(evaluation) for evaluation in evaluations]
    save_json(contents if len(contents) > 1 else contents[0], path)


def _errors(told: Any) -> np.ndarray:
    """Return numbers of a file, float64, nan where it has none.

    Raises:
        ValueError: if they are none, or no errors can be.
    """
    listed = told if isinstance(told, list) else [told]
    if not all(value is None or type(value) in (int, float) for value in listed):
        raise ValueError("an error is no number")
    # As float64, None becomes nan.
    errors = np.array(told, dtype=np.float64)
    if np.isinf(errors).any() or (errors < 0).any():
        raise ValueError("an error is negative or infinite")
    return errors[()]


def _scores(content: Mapping[str, Any]) -> Scores:
    return {name: _errors(content[name]) for name in MEASURES if name in content}


def _read_result(content: Mapping[str, Any]) -> Result:
    ends = content["interval"]
    return Result(
        _scores(content),
        int(content["windows"]),
        int(content["blocks"]),
        str(content["over"]),
        (_scores(ends["low"]), _scores(ends["high"])) if ends else None,
    )


def _check_scores(measures: Sequence[Measure], results: Sequence[Result]) -> None:
    """Make sure that all results hold the same measures, of the same number of frames."""
    if not measures:
        raise ValueError("it holds no measure known here")
    shapes = set()
    for result in results:
        for scores in (result.scores, *(result.interval or ())):
            if list(scores) != [measure.name for measure in measures]:
                raise ValueError("the measures differ")
            shapes |= {np.shape(scores[measure.name]) for measure in measures if measure.by_frame}
            if any(np.ndim(scores[measure.name]) for measure in measures if not measure.by_frame):
                raise ValueError("a number is missing")
    if len(shapes) != 1 or len(shape := shapes.pop()) != 1 or not shape[0]:
        raise ValueError("the numbers of frames differ")


def _read(content: Mapping[str, Any]) -> Evaluation:
    for name in (content["dataset"], content["predictor"], content["protocol"], *content["actions"]):
        printable_name(name)
    if isinstance(content["average"], list):
        errors = {action: _errors(numbers) for action, numbers in content["actions"].items()}
        lengths = {np.shape(numbers) for numbers in errors.values()}
        if len(lengths) != 1 or len(shape := lengths.pop()) != 1 or not shape[0]:
            raise ValueError("its errors are not lists of one length")
        return Evaluation.of_errors(
            content["dataset"],
            content["predictor"],
            # Own captures may be at any rate; older files do not tell theirs.
            checked_fps(content.get("fps", describe(content["dataset"]).fps)),
            errors,
            content["protocol"],
            dict(content["made_from"]),
        )
    overall = _read_result(content["average"])
    actions = {action: _read_result(result) for action, result in content["actions"].items()}
    measures = tuple(MEASURES[name] for name in overall.scores)
    _check_scores(measures, [overall, *actions.values()])
    stride = content["stride"]
    return Evaluation(
        content["dataset"],
        content["predictor"],
        checked_fps(content["fps"]),
        content["protocol"],
        measures,
        actions,
        overall,
        None if stride is None else int(stride),
        dict(content["made_from"]),
    )


def read_json(path: Path) -> list[Evaluation]:
    """Read the errors that `write_json` wrote, of any protocol.

    Raises:
        InputError: if there is no such file, or it is not laid out as one.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path}; make one with 'cs2s evaluate --json'.")
    try:
        contents = load_json(path)
        evaluations = [_read(content) for content in (contents if isinstance(contents, list) else [contents])]
        if not evaluations:
            raise ValueError("it holds none")
        return evaluations
    except Exception as error:
        # Whatever is amiss in a file that others may have written, it is the file and not the program.
        raise InputError(f"{path} is not a file of errors ({error}); make one with 'cs2s evaluate --json'.") from error
