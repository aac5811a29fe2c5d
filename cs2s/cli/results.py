"""The project's own results: measured from run directories, kept as small files, laid out as tables.

``cs2s results RUN...`` measures runs under both protocols and keeps, in ``data/results/predictors/``, a file of errors
for each preset and length of training, and what each run says of itself. Runs that held validation windows out are
measured on those only, into ``ablations/`` or ``changes/``. Every table of the README and of chapter 07 is made from
the files of errors (``cs2s results`` without runs makes them anew). Taught in ``notebooks/07_beyond_the_paper``.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from cs2s.errors import InputError
from cs2s.evaluation import corrected_tables, tables
from cs2s.evaluation.corrected_protocol import CorrectedEvaluation
from cs2s.evaluation.evaluation import FRAMES, Evaluation, milliseconds
from cs2s.evaluation.published import PUBLISHED
from cs2s.files.writing import make_folder, replacing
from cs2s.training.runs import Run

__all__ = [
    "MEASURED_FRAMES",
    "action_markdown",
    "by_preset_and_length",
    "corrected_markdown",
    "keep_run",
    "measured",
    "measured_corrected",
    "overview_markdown",
    "paper_markdown",
    "put_tables",
    "write_measured",
]

MEASURED_FRAMES = (1, 3, 7, 9, 24)
"""Predicted frames (from 0) that papers on the CMU data print."""

RERUN_LTD = (0.31, 0.49, 0.85, 0.98, 1.39)
"""LTD (Mao et al. 2019), its authors' model and settings trained for 8 epochs on the same 38 files, six actions."""

_TITLES = {
    "zero-velocity": "zero velocity",
    "running-average-2": "running average 2",
    "paper": "the paper's model (`paper`)",
    "aligned-conv": "better convolutional model (`aligned-conv`)",
    "dct-mlp": "small model (`dct-mlp`)",
    "average": "average of our models (`average`)",
}
"""What tables call predictors, in the order of their rows."""


def by_preset_and_length(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Group runs whose errors may be averaged: those of one preset that were trained equally long.

    Returns:
        Name -> runs. The longest runs of a preset go by its name, such as ``paper``; shorter ones have their iterations
        in it, such as ``paper-6000``.

    Raises:
        InputError: if a run has no checkpoint yet.
    """
    lengths = [(run.settings.preset, run.choose_checkpoint()) for run in runs]
    groups: dict[str, list[Run]] = {}
    for run, (preset, length) in zip(runs, lengths, strict=True):
        longest = length == max(other for name, other in lengths if name == preset)
        groups.setdefault(preset if longest else f"{preset}-{length}", []).append(run)
    return groups


def keep_run(run: Run, folder: Path) -> None:
    """Keep what a run says of itself, without its weights: settings and making, and its history.

    Raises:
        InputError: if the files cannot be written.
    """
    make_folder(folder)
    name = run.folder.resolve().name
    told = {
        "settings": run.settings.as_dict(),
        "made_from": run.made_from,
        "done": run.checkpoints[-1],
        "measured_at": run.choose_checkpoint(),
    }
    with replacing(folder / f"{name}.json") as temporary:
        temporary.write_text(json.dumps(told, indent=1) + "\n")
    keep_history(run, folder / f"{name}.csv")


def keep_history(run: Run, path: Path) -> None:
    """Keep a copy of a run's history, if it has one: its losses and watched errors at each checkpoint.

    Raises:
        InputError: if the file cannot be written.
    """
    if (run.folder / "history.csv").is_file():
        with replacing(path) as temporary:
            shutil.copyfile(run.folder / "history.csv", temporary)


def write_measured(
    name: str, evaluations: Sequence[Evaluation], corrected: Sequence[CorrectedEvaluation], folder: Path
) -> None:
    """Keep what runs of one preset and length measured, a run each, under both protocols.

    Raises:
        InputError: if the files cannot be written.
    """
    make_folder(folder)
    tables.write_json(evaluations, folder / f"{name}.paper.json")
    corrected_tables.write_json(corrected, folder / f"{name}.corrected.json")


def _preset_and_length(name: str) -> tuple[str, int]:
    """Split what `by_preset_and_length` names; the length is 0 where the name has none."""
    preset, _, length = name.rpartition("-")
    return (preset, int(length)) if length.isdigit() and preset in _TITLES else (name, 0)


def _in_order(found: Mapping[str, object]) -> dict:
    rank = {preset: place for place, preset in enumerate(_TITLES)}

    def place(name: str) -> tuple[int, str, int]:
        preset, length = _preset_and_length(name)
        return rank.get(preset, len(rank)), preset, length

    order = sorted(found, key=place)
    return {name: found[name] for name in order}


def measured(folder: Path) -> dict[str, list[Evaluation]]:
    """Return what was measured under the paper's protocol: predictor -> an evaluation for each of its runs.

    Raises:
        InputError: if nothing was, or a file is damaged.
    """
    files = sorted(folder.glob("*.paper.json"))
    if not files:
        raise InputError(f"{folder} holds no results; measure runs with 'cs2s results RUN...'.")
    return _in_order({path.name.removesuffix(".paper.json"): tables.read_json(path) for path in files})


def measured_corrected(folder: Path) -> dict[str, list[CorrectedEvaluation]]:
    """Return what was measured under the corrected protocol: predictor -> an evaluation for each of its runs.

    Raises:
        InputError: if a file is damaged.
    """
    files = sorted(folder.glob("*.corrected.json"))
    return _in_order({path.name.removesuffix(".corrected.json"): corrected_tables.read_json(path) for path in files})


def _title(name: str) -> str:
    preset, length = _preset_and_length(name)
    title = _TITLES.get(preset, preset)
    return f"{title}, stopped at {length:,}" if length else title


def _count(evaluations: Sequence[Evaluation]) -> str:
    """Say how many runs there are, and how many iterations each had, if it had any."""
    lengths = {int(length) for e in evaluations for length in re.findall(r"@(\d+)$", e.predictor)}
    return " × ".join([str(len(evaluations)), *(f"{length:,}" for length in sorted(lengths))])


def _mean_and_spread(rows: Sequence[np.ndarray]) -> list[str]:
    mean, spread = np.mean(rows, axis=0), np.ptp(rows, axis=0) / 2
    return [f"{m:.3f}" if len(rows) == 1 else f"{m:.3f} ± {s:.3f}" for m, s in zip(mean, spread, strict=True)]


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (headings, ["---"] * len(headings), *rows)]
    return "\n".join(lines)


def paper_markdown(results: Mapping[str, Sequence[Evaluation]], action: str = "average") -> str:
    """Lay out errors under the paper's protocol, beside what papers print, as a Markdown table.

    Args:
        results: predictor -> an evaluation for each of its runs; a cell is their mean and half their range.
        action: which action, or ``"average"`` over all that were measured.

    Returns:
        Lines of Markdown; errors in radians.
    """
    frames = list(MEASURED_FRAMES)
    rows = []
    for name, evaluations in results.items():
        errors = [(e.average if action == "average" else e.errors[action])[frames] for e in evaluations]
        rows.append([_title(name), _count(evaluations), *_mean_and_spread(errors)])
    actions = list(next(iter(results.values()))[0].errors) if action == "average" else [action]
    for table in PUBLISHED:
        if table.dataset == "cmu" and all(name in table.rows for name in actions):
            printed = np.mean([table.rows[name] for name in actions], axis=0)
            rows.append([f"*{table.method}, printed ({table.source}; 48 files)*", "", *(f"{e:.3f}" for e in printed)])
    if action == "average":
        rows.append(["*LTD, re-run on the same 38 files (8 epochs)*", "1", *(f"{e:.2f}" for e in RERUN_LTD)])
    return _markdown(["", "runs × iterations", *(f"f{frame}" for frame in frames)], rows)


def action_markdown(evaluation: Evaluation) -> str:
    """Lay out one predictor's errors by action, under the paper's protocol, as a Markdown table; radians."""
    frames = list(evaluation.frames)
    rows = {**evaluation.errors, "average": evaluation.average}
    cells = [[action, *(f"{error:.3f}" for error in errors[frames])] for action, errors in rows.items()]
    return _markdown(["action", *(f"f{frame}" for frame in frames)], cells)


def overview_markdown(demo: Sequence[Evaluation], main_job: Sequence[Evaluation]) -> str:
    """Lay out averages on the demo data and of the main job on CMU, beside the paper's, as a Markdown table."""
    frames = list(FRAMES)
    rows = []
    for evaluation in (*demo, *main_job):
        times = [milliseconds(frame, evaluation.fps) for frame in (frames[0], frames[-1])]
        where = f"{evaluation.dataset}, {times[0]:.0f} to {times[1]:.0f} ms"
        name = evaluation.predictor.removeprefix("pretrained:")
        rows.append([where, name, *(f"{error:.3f}" for error in evaluation.average[frames])])
    (paper,) = [table for table in PUBLISHED if (table.dataset, table.method) == ("cmu", "conv seq2seq")]
    printed = dict(zip(paper.frames, paper.rows["average"], strict=True))
    cells = [f"{printed[frame]:.2f}" if frame in printed else "" for frame in frames]
    rows.append(["cmu, 48 files, 8 actions", "the paper, after 20,000 iterations", *cells])
    return _markdown(["data, first to last column", "predictor", *(f"f{frame}" for frame in frames)], rows)


def corrected_markdown(results: Mapping[str, Sequence[CorrectedEvaluation]]) -> str:
    """Lay out averages under the corrected protocol as a Markdown table.

    Args:
        results: predictor -> an evaluation for each of its runs. Numbers are means over the runs; the 95 % interval,
            over windows, is that of the first run.

    Returns:
        Lines of Markdown: degrees and millimetres with true times, and NPSS.
    """
    shown = (3, 9, 24)
    first = next(iter(results.values()))[0]
    times = [f"{1000 * (frame + 1) / first.fps:.0f} ms" for frame in shown]
    rows = []
    for name, evaluations in results.items():
        averages = [evaluation.average for evaluation in evaluations]
        cells = []
        for measure, digits in (("degrees", 2), ("mpjpe_mm", 1)):
            mean = np.mean([getattr(average.scores, measure) for average in averages], axis=0)
            for frame in shown:
                cell = f"{mean[frame]:.{digits}f}"
                if averages[0].interval:
                    low, high = (getattr(end, measure)[frame] for end in averages[0].interval)
                    cell += f" ({low:.{digits}f} to {high:.{digits}f})"
                cells.append(cell)
        npss = np.mean([average.scores.npss for average in averages])
        rows.append([_title(name), *cells, f"{npss:.3f}"])
    headings = ["", *(f"degrees, {t}" for t in times), *(f"MPJPE mm, {t}" for t in times), "NPSS"]
    return _markdown(headings, rows)


def put_tables(path: Path, made: Mapping[str, str]) -> int:
    """Write tables into a Markdown file, between the marks ``<!-- NAME: ... -->`` and ``<!-- end of NAME -->``.

    Args:
        path: the file.
        made: name -> table.

    Returns:
        How many tables were found in the file and written.

    Raises:
        InputError: if the file is missing or cannot be written.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path} to write tables into.")
    text, count = path.read_text(), 0
    for name, table in made.items():
        between = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text, found = between.subn(lambda marks, table=table: f"{marks[1]}\n{table}\n\n{marks[2]}", text)
        count += found
    with replacing(path) as temporary:
        temporary.write_text(text)
    return count
