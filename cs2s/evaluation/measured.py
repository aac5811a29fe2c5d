"""The project's own results, measured under both protocols and kept as small files: reading them, laying them out.

``data/results/predictors/`` holds a file of errors for each preset, length of training and protocol (``cs2s results``
makes them). Every table of the results page and of chapter 07 is made from these. Taught in
``notebooks/07_beyond_the_paper``.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from cs2s.errors import InputError
from cs2s.evaluation.evaluation import Evaluation, milliseconds
from cs2s.evaluation.measures import ANGLE_ERROR, FIELD_POSITIONS, JOINT_ANGLES, JOINT_POSITIONS, SPECTRA
from cs2s.evaluation.protocols import PAPER
from cs2s.evaluation.published import PUBLISHED, PUBLISHED_POSITIONS
from cs2s.evaluation.tables import FRAMES, read_json, shown_frames
from cs2s.files.places import data_file

__all__ = [
    "MEASURED_FRAMES",
    "RERUN_LTD",
    "action_markdown",
    "blocks_markdown",
    "corrected_markdown",
    "errors_file",
    "measured",
    "overview_markdown",
    "paper_markdown",
    "positions_markdown",
    "steps_markdown",
]

MEASURED_FRAMES = (1, 3, 7, 9, 24)
"""Predicted frames (from 0) that papers on the CMU data print."""

RERUN_LTD = (0.31, 0.49, 0.85, 0.98, 1.39)
"""LTD (Mao et al. 2019), its authors' model and settings, the same 38 files, six actions: one run of 8 epochs of 50."""

_TITLES = {
    "zero-velocity": "zero velocity",
    "running-average-2": "running average 2",
    "paper": "the paper's model (`paper`)",
    "paper-plain": "the paper's model (`paper`), plain rollout",
    "aligned-conv": "better convolutional model (`aligned-conv`)",
    "dct-mlp": "small model (`dct-mlp`)",
    "average": "average of our models (`average`)",
    "pose-mlp": "single small model (`pose-mlp`)",
}
"""What tables call predictors, in the order of their rows."""


def _preset_and_length(name: str) -> tuple[str, int]:
    """Split what `by_preset_and_length` names; the length is 0 where the name has none."""
    preset, _, length = name.rpartition("-")
    return (preset, int(length)) if length.isdigit() and preset in _TITLES else (name, 0)


def _in_order(found: Mapping[str, list[Evaluation]]) -> dict[str, list[Evaluation]]:
    rank = {preset: place for place, preset in enumerate(_TITLES)}

    def place(name: str) -> tuple[int, str, int]:
        preset, length = _preset_and_length(name)
        return rank.get(preset, len(rank)), preset, length

    order = sorted(found, key=place)
    return {name: found[name] for name in order}


def measured(folder: Path, protocol: str = PAPER.name) -> dict[str, list[Evaluation]]:
    """Return what was measured under a protocol: predictor -> an evaluation for each of its runs.

    Args:
        folder: where the files are, ``PREDICTOR.PROTOCOL.json`` each.
        protocol: its name, ``"paper"``, ``"corrected"`` or ``"positions"``.

    Raises:
        InputError: if nothing was, or a file is damaged.
    """
    ending = f".{protocol}.json"
    files = sorted(folder.glob(f"*{ending}"))
    if not files:
        raise InputError(
            f"{folder} holds no results: start in a clone of the project, or measure runs with 'cs2s results RUN...'."
        )
    return _in_order({path.name.removesuffix(ending): read_json(path) for path in files})


def errors_file(name: str, protocol: str = PAPER.name) -> Path:
    """Return the file with the errors of a shipped predictor, one evaluation.

    They stand among the project's results, unless several runs of that name have been measured: the shipped network is
    one of those, and its own errors lie beside its weights.

    Args:
        name: of the shipped predictor, without ``pretrained:``.
        protocol: its name.
    """
    beside = data_file("pretrained") / f"{name}.{protocol}.json"
    return beside if beside.is_file() else data_file("results") / "predictors" / f"{name}.{protocol}.json"


def _title(name: str) -> str:
    preset, length = _preset_and_length(name)
    title = _TITLES.get(preset, preset)
    return f"{title}, stopped at {length:,}" if length else title


def _count(evaluations: Sequence[Evaluation]) -> str:
    """Say how many runs there are, and how many iterations each had, if it had any."""
    lengths = {int(length) for e in evaluations for length in re.findall(r"@(\d+)$", e.predictor)}
    return " × ".join([str(len(evaluations)), *(f"{length:,}" for length in sorted(lengths))])


def _mean_and_spread(rows: Sequence[np.ndarray], digits: int = 3) -> list[str]:
    mean, spread = np.mean(rows, axis=0), np.ptp(rows, axis=0) / 2
    told = [(f"{m:.{digits}f}", f"{s:.{digits}f}") for m, s in zip(mean, spread, strict=True)]
    return [m if len(rows) == 1 else f"{m} ± {s}" for m, s in told]


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (headings, ["---"] * len(headings), *rows)]
    return "\n".join(lines)


def paper_markdown(
    results: Mapping[str, Sequence[Evaluation]], action: str = "average", frames: Sequence[int] = MEASURED_FRAMES
) -> str:
    """Lay out errors under the paper's protocol, beside what papers print, as a Markdown table.

    Args:
        results: predictor -> an evaluation for each of its runs; a cell is their mean and half their range.
        action: which action, or ``"average"`` over all that were measured.
        frames: which of the `MEASURED_FRAMES`.

    Returns:
        Lines of Markdown; errors in radians.
    """
    places = [MEASURED_FRAMES.index(frame) for frame in frames]
    rows = []
    for name, evaluations in results.items():
        errors = [(e.average if action == "average" else e.errors[action])[list(frames)] for e in evaluations]
        rows.append([_title(name), _count(evaluations), *_mean_and_spread(errors)])
    actions = list(next(iter(results.values()))[0].errors) if action == "average" else [action]
    for table in PUBLISHED:
        if table.dataset == "cmu" and all(name in table.rows for name in actions):
            printed = np.mean([table.rows[name] for name in actions], axis=0)
            rows.append(
                [f"*{table.method}, printed ({table.source}; 48 files)*", "", *(f"{e:.3f}" for e in printed[places])]
            )
    if action == "average":
        rows.append(
            [
                "*LTD, re-run on the same 38 files (one run, 8 of its 50 epochs)*",
                "1",
                *(f"{RERUN_LTD[place]:.2f}" for place in places),
            ]
        )
    return _markdown(["", "runs × iterations", *(f"f{frame}" for frame in frames)], rows)


def positions_markdown(
    results: Mapping[str, Sequence[Evaluation]], without: str = "", frames: Sequence[int] = FRAMES
) -> str:
    """Lay out position errors of every test window, beside what papers print, as a Markdown table.

    Args:
        results: predictor -> an evaluation for each of its runs; a cell is their mean and half their range.
        without: an action that the averages leave out.
        frames: which of the `FRAMES`.

    Returns:
        Lines of Markdown; errors in the field's millimetres.
    """
    places = [FRAMES.index(frame) for frame in frames]
    actions = [action for action in next(iter(results.values()))[0].errors if action != without]
    rows = []
    for name, evaluations in results.items():
        errors = [np.mean([e.errors[action][list(frames)] for action in actions], axis=0) for e in evaluations]
        rows.append([_title(name), _count(evaluations), *_mean_and_spread(errors, digits=1)])
    for table in PUBLISHED_POSITIONS:
        printed = np.mean([table.rows[action] for action in actions], axis=0)
        rows.append(
            [f"*{table.method}, printed ({table.source}; 48 files)*", "", *(f"{e:.1f}" for e in printed[places])]
        )
    return _markdown(["", "runs × iterations", *(f"f{frame}" for frame in frames)], rows)


_ALL_STEPS = "none-taken-back"


def steps_markdown(both: Mapping[str, Sequence[Evaluation]], short: Mapping[str, Sequence[Evaluation]]) -> str:
    """Lay out what steps towards the single model give, each taken back alone, as a Markdown table.

    Args:
        both: step -> an evaluation for each seed, of both benchmarks' errors, on windows that were held out.
        short: the same of positions after ten frames.

    Returns:
        Lines of Markdown. The first row is the model with all of them: means over seeds and half their range. In the
        others a cell is the mean change in per cent, of pairs of equal seeds, and half the range of those changes.
    """
    asked = (
        *((both, ANGLE_ERROR, frame) for frame in (3, 9, 24)),
        *((both, FIELD_POSITIONS, frame) for frame in (3, 9, 24)),
        (short, FIELD_POSITIONS, 9),
    )

    def errors(step: str) -> np.ndarray:
        return np.array([[e.overall.scores[m.name][f] for e in of[step]] for of, m, f in asked])

    everything = errors(_ALL_STEPS)
    rows = []
    for step in sorted(both, key=lambda step: step != _ALL_STEPS):
        if step == _ALL_STEPS:
            told = [
                _mean_and_spread(row[:, None], m.digits)[0] for row, (_, m, _) in zip(everything, asked, strict=True)
            ]
        else:
            per_cent = 100 * (errors(step) / everything - 1)
            told = [f"{row.mean():+.0f} % ± {np.ptp(row) / 2:.0f}" for row in per_cent]
        rows.append([step.replace("-", " "), str(len(both[step])), *told])
    headings = [
        f"{'rad' if m is ANGLE_ERROR else 'mm'}, f{f}{', after 10' if of is short else ''}" for of, m, f in asked
    ]
    return _markdown(["", "seeds", *headings], rows)


def action_markdown(evaluation: Evaluation) -> str:
    """Lay out one predictor's errors by action, in its protocol's main measure, as a Markdown table."""
    frames, digits = list(shown_frames(evaluation)), evaluation.measures[0].digits
    rows = {**evaluation.errors, "average": evaluation.average}
    cells = [[action, *(f"{error:.{digits}f}" for error in errors[frames])] for action, errors in rows.items()]
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


def corrected_markdown(results: Mapping[str, Sequence[Evaluation]]) -> str:
    """Lay out averages under the corrected protocol as a Markdown table.

    Args:
        results: predictor -> an evaluation for each of its runs. A row is the first run, with its 95 % interval over
            windows; where there are several runs, another row has their mean and half their range.

    Returns:
        Lines of Markdown: degrees and millimetres with true times, and NPSS.
    """
    shown = [3, 9, 24]
    first = next(iter(results.values()))[0]
    times = [f"{1000 * (frame + 1) / first.fps:.0f} ms" for frame in shown]
    rows = []
    for name, evaluations in results.items():
        several = len(evaluations) > 1
        one, cells, of_all = evaluations[0].overall, [], []
        for measure in (JOINT_ANGLES, JOINT_POSITIONS):
            ends = one.interval or ()
            for frame in shown:
                number, *interval = (f"{s[measure.name][frame]:.{measure.digits}f}" for s in (one.scores, *ends))
                cells.append(f"{number} ({' to '.join(interval)})" if interval else number)
            of_all += _mean_and_spread([e.overall.scores[measure.name][shown] for e in evaluations], measure.digits)
        of_all += _mean_and_spread([np.array([e.overall.scores[SPECTRA.name]]) for e in evaluations])
        rows.append([_title(name) + ", first run" * several, *cells, f"{one.scores[SPECTRA.name]:.3f}"])
        if several:
            rows.append([f"{_title(name)}, all {len(evaluations)} runs", *of_all])
    headings = ["", *(f"degrees, {t}" for t in times), *(f"MPJPE mm, {t}" for t in times), "NPSS"]
    return _markdown(headings, rows)


def blocks_markdown(*evaluations: Evaluation) -> str:
    """Lay out how many windows each action has and how many blocks its interval rests on, as a Markdown table.

    Args:
        evaluations: one of each protocol that has intervals; all predictors share its windows.
    """
    rows = [
        [f"`{e.protocol}`", *(f"{result.windows} ({result.blocks})" for result in (*e.actions.values(), e.overall))]
        for e in evaluations
    ]
    return _markdown(["windows (blocks)", *evaluations[0].actions, "all"], rows)
