"""Tables of errors on motion files, for people and as JSON. Taught in ``notebooks/08_your_own_motion``."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cs2s.evaluation.evaluation import milliseconds
from cs2s.evaluation.foreign import FILE_MEASURES, SHOWN, FileErrors, FilesEvaluation
from cs2s.evaluation.tables import WIDTH, aligned, clipped, scores_as_json
from cs2s.files.writing import save_json

__all__ = ["files_json", "files_table", "write_files_json"]

_RATIO_DIGITS = 2
_STEP, _SLIDING = "step, mm", "slide, mm/s"


def _cell(number: float, digits: int) -> str:
    return "-" if np.isnan(number) else f"{number:.{digits}f}"


def _cells(numbers: np.ndarray, digits: int) -> list[str]:
    return [_cell(number, digits) for number in numbers[list(SHOWN)]]


def _times(fps: float) -> list[str]:
    return [f"{milliseconds(frame, fps):.0f} ms" for frame in SHOWN]


def _ratio_rows(evaluations: Sequence[FilesEvaluation]) -> list[list[str]]:
    rows = []
    for measure in FILE_MEASURES:
        rows.append([measure.title, *_times(evaluations[0].fps)])
        for evaluation in evaluations:
            rows.append([clipped(evaluation.predictor), *_cells(evaluation.ratios[measure.name], _RATIO_DIGITS)])
            # Freezing beside itself is the same everywhere.
            if len(evaluation.files) > 1 and evaluation is not evaluations[0]:
                worst = evaluation.worst(measure.name)
                ratios = evaluation.files[worst].ratios[measure.name]
                rows.append([f"  worst: {clipped(worst)}", *_cells(ratios, _RATIO_DIGITS)])
    return rows


def _error_rows(evaluations: Sequence[FilesEvaluation]) -> list[list[str]]:
    rows = []
    for measure in FILE_MEASURES:
        rows.append([f"{measure.title}, {measure.unit}", *_times(evaluations[0].fps)])
        for evaluation in evaluations:
            rows.append([clipped(evaluation.predictor), *_cells(evaluation.errors[measure.name], measure.digits)])
    return rows


def _step_rows(evaluations: Sequence[FilesEvaluation]) -> list[list[str]]:
    first = evaluations[0]
    return [
        ["", _STEP, _SLIDING],
        ["last ten observed steps", _cell(first.mean("observed_step_mm"), 1), ""],
        ["truth", _cell(first.mean("true_step_mm"), 1), _cell(first.mean("true_sliding_mm_per_s"), 0)],
        *(
            [clipped(one.predictor), _cell(one.mean("step_mm"), 1), _cell(one.mean("sliding_mm_per_s"), 0)]
            for one in evaluations
        ),
    ]


def _file_rows(evaluations: Sequence[FilesEvaluation]) -> list[list[str]]:
    none = [""] * len(SHOWN)
    rows = []
    for name, file in evaluations[0].files.items():
        rows.append([clipped(name), *_times(evaluations[0].fps), _STEP, _SLIDING])
        rows.append(["  last ten observed steps", *none, _cell(file.observed_step_mm, 1), ""])
        rows.append(["  truth", *none, _cell(file.true_step_mm, 1), _cell(file.true_sliding_mm_per_s, 0)])
        for evaluation in evaluations:
            one = evaluation.files[name]
            ratios = _cells(one.ratios[FILE_MEASURES[0].name], _RATIO_DIGITS)
            label = f"  {clipped(evaluation.predictor)}"
            rows.append([label, *ratios, _cell(one.step_mm, 1), _cell(one.sliding_mm_per_s, 0)])
    return rows


def files_table(evaluations: Sequence[FilesEvaluation]) -> str:
    """Lay out errors on motion files as text, the ratios to freezing first.

    Args:
        evaluations: of predictors on the same files and windows, that of zero velocity first.

    Returns:
        Lines of text: ratios, errors, the first step and sliding on average over the files; the same file by file, if
        there are several; and what windows they are made of. A minus stands where there is no number.
    """
    first = evaluations[0]
    count = len(first.files)
    over = f"mean over {count} files" if count > 1 else clipped(next(iter(first.files)))
    lines = [f"errors divided by those of freezing (below 1 is better), {over}"]
    lines += aligned(_ratio_rows(evaluations))
    lines += ["", f"errors, {over}", *aligned(_error_rows(evaluations))]
    lines += [
        "",
        f"first step (hips-relative) and sliding of planted feet, {over}",
        *aligned(_step_rows(evaluations)),
    ]
    if count > 1:
        title = FILE_MEASURES[0].title
        lines += [
            "",
            f"file by file: {title}, divided by freezing; first step; sliding",
            *aligned(_file_rows(evaluations)),
        ]
    windows = ", ".join(f"{name} {file.windows}" for name, file in first.files.items())
    note = f"windows, {first.stride} frames apart at {first.fps:g} frames a second: {windows}"
    return "\n".join([*(line.rstrip() for line in lines), "", textwrap.fill(note, WIDTH)])


def _file_as_json(file: FileErrors) -> dict[str, Any]:
    steps = ("observed_step_mm", "true_step_mm", "step_mm")
    slides = ("true_sliding_mm_per_s", "sliding_mm_per_s")
    return {
        "windows": file.windows,
        "errors": scores_as_json(file.errors),
        "ratios": scores_as_json(file.ratios),
        **scores_as_json({name: np.asarray(getattr(file, name)) for name in steps}),
        "planted": file.planted,
        **scores_as_json({name: np.asarray(getattr(file, name)) for name in slides}),
    }


def files_json(evaluation: FilesEvaluation) -> dict[str, Any]:
    """Return errors on motion files as plain data: every predicted frame; None where there is no number."""
    count = len(next(iter(evaluation.files.values())).errors[FILE_MEASURES[0].name])
    return {
        "predictor": evaluation.predictor,
        "fps": evaluation.fps,
        "stride": evaluation.stride,
        "milliseconds": [float(milliseconds(frame, evaluation.fps)) for frame in range(count)],
        "ratios": scores_as_json(evaluation.ratios),
        "worst": {measure.name: evaluation.worst(measure.name) for measure in FILE_MEASURES},
        "errors": scores_as_json(evaluation.errors),
        "files": {name: _file_as_json(file) for name, file in evaluation.files.items()},
        "made_from": evaluation.made_from,
    }


def write_files_json(evaluations: Sequence[FilesEvaluation], path: Path) -> None:
    """Write errors on motion files to a JSON file: a list with an object for each predictor.

    Raises:
        InputError: if the file cannot be written.
    """
    save_json([files_json(evaluation) for evaluation in evaluations], path)
