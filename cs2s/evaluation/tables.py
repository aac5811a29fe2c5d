"""Error tables, for people and as JSON.

Taught in ``notebooks/05_error_evaluation``.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cs2s.datasets.descriptions import describe
from cs2s.errors import InputError
from cs2s.evaluation.evaluation import Evaluation, milliseconds
from cs2s.files.writing import replacing

__all__ = ["as_json", "error_table", "read_json", "write_json"]

_PAPER_LABELS = {1: 80, 3: 160, 7: 320, 9: 400, 13: 560, 24: 1000}


def _headings(evaluation: Evaluation) -> list[str]:
    """Name each shown frame, its true time and, where the protocol is the paper's, the time the paper prints."""
    headings = []
    for frame in evaluation.frames:
        heading = f"f{frame} {milliseconds(frame, evaluation.fps):.0f} ms"
        if evaluation.protocol == "paper" and frame in _PAPER_LABELS:
            heading += f" (paper: {_PAPER_LABELS[frame]})"
        headings.append(heading)
    return headings


def error_table(*evaluations: Evaluation) -> str:
    """Lay out errors as text: a row an action, the average last, a column for each of the paper's frames.

    Args:
        evaluations: one predictor, or several on the same data set; several get a block of rows each, and their
            averages once more side by side.

    Returns:
        Lines of text; errors in radians.
    """
    first = evaluations[0]
    headings = _headings(first)
    blocks = [
        (
            f"{e.dataset}, {e.predictor}: mean angle error, protocol '{e.protocol}'",
            "action",
            {**e.errors, "average": e.average},
        )
        for e in evaluations
    ]
    if len(evaluations) > 1:
        averages = {e.predictor: e.average for e in evaluations}
        blocks.append((f"{first.dataset}: averages over the actions, compared", "predictor", averages))
    lines = []
    for title, label, rows in blocks:
        width = max(map(len, [label, *rows]))
        lines += ["", title, "  ".join([label.ljust(width), *headings])]
        for name, errors in rows.items():
            cells = [f"{errors[f]:.3f}".rjust(len(h)) for f, h in zip(first.frames, headings, strict=True)]
            lines.append("  ".join([name.ljust(width), *cells]))
    return "\n".join(lines[1:])


def as_json(evaluation: Evaluation) -> dict[str, object]:
    """Return the errors as plain data: every predicted frame of every action, radians."""
    return {
        "dataset": evaluation.dataset,
        "protocol": evaluation.protocol,
        "predictor": evaluation.predictor,
        "fps": evaluation.fps,
        "frames": list(evaluation.frames),
        "actions": {action: [float(e) for e in errors] for action, errors in evaluation.errors.items()},
        "average": [float(e) for e in evaluation.average],
        "made_from": evaluation.made_from,
    }


def write_json(evaluations: Sequence[Evaluation], path: Path) -> None:
    """Write errors to a JSON file: one object, or a list of them where there are several predictors.

    Raises:
        InputError: if the file cannot be written.
    """
    contents = [as_json(evaluation) for evaluation in evaluations]
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(contents if len(contents) > 1 else contents[0], indent=1) + "\n")


def read_json(path: Path) -> list[Evaluation]:
    """Read the errors that `write_json` wrote.

    Raises:
        InputError: if there is no such file, or it is not laid out as one.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path}; make one with 'cs2s evaluate --json'.")
    try:
        contents = json.loads(path.read_text())
        return [
            Evaluation(
                content["dataset"],
                content["predictor"],
                # Own captures may be at any rate; older files do not tell theirs.
                float(content.get("fps", describe(content["dataset"]).fps)),
                {action: np.array(errors, dtype=np.float64) for action, errors in content["actions"].items()},
                content["protocol"],
                content["made_from"],
            )
            for content in (contents if isinstance(contents, list) else [contents])
        ]
    except Exception as error:
        # Whatever is amiss in a file that others may have written, it is the file and not the program.
        raise InputError(f"{path} is not a file of errors ({error}); make one with 'cs2s evaluate --json'.") from error
