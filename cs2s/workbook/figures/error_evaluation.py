"""Pictures of errors, and the numbers behind them: joint by joint, window by window, beside printed tables.

Every figure is readable without colour: lines differ in dashes and markers, bars in hatching, areas in words.
Taught in ``notebooks/05_error_evaluation``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import OBSERVED, PREDICTED, dataset_statistics, halved, possible_starts
from cs2s.evaluation.baselines import Predictor, ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, evaluate, milliseconds
from cs2s.evaluation.measures import counted_columns, euler_columns, squared_differences
from cs2s.evaluation.published import PublishedTable
from cs2s.evaluation.tables import FRAMES
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton
from cs2s.pictures.style import (
    AMOUNTS,
    BEHIND,
    CURVES,
    FIRST,
    GRID,
    GROUND,
    GUESS,
    INK,
    QUIET,
    SECOND,
    SIGNED,
    TRUTH,
    new_figure,
    new_panels,
    pale,
    plain,
)
from cs2s.workbook.figures.generator import body_parts

__all__ = [
    "errors_of_all_windows",
    "plot_beside_papers",
    "plot_columns",
    "plot_curves",
    "plot_draws",
    "plot_error_horizon",
    "plot_errors_by_start",
    "plot_in_units",
    "plot_joint_angles",
    "plot_joint_reach",
    "plot_matrices",
    "plot_near_lock",
    "plot_paired_draws",
    "plot_two_measures",
    "plot_windows",
    "squared_by_joint",
    "window_study",
]

_PIECE = 256  # windows measured at once, so that memory stays small


def squared_by_joint(truth: Motion, predicted: Motion) -> np.ndarray:
    """Split the squared angle error into the parts of the joints.

    The square root of the sum over joints is `cs2s.evaluation.measures.angle_error`.

    Args:
        truth: rows ``(windows, observed + frames, columns)``.
        predicted: rows ``(windows, frames, columns)``.

    Returns:
        ``(windows, frames, joints)``, radians squared; 0 for the root and for columns that are constant in the truth.
    """
    # The squares lie in columns as a motion's rows do: three a joint.
    return replace(predicted, rows=squared_differences(truth, predicted)).expmaps.sum(axis=-1)


def errors_of_all_windows(
    dataset: Dataset, predictor: Predictor, frame: int, frames: int = PREDICTED
) -> dict[str, np.ndarray]:
    """Measure a predictor at one frame in every window that the paper's draws could have hit.

    Args:
        dataset: the loaded data.
        predictor: a baseline or a model.
        frame: the predicted frame, from 0.
        frames: how many frames to predict in a window.

    Returns:
        Action -> ``(starts,)`` errors in radians, take after take, in the order of the windows' first frames.

    Raises:
        InputError: if training or test files are missing or too short.
    """
    statistics = dataset_statistics(dataset)
    errors: dict[str, list[float]] = {}
    for take, motion in dataset.split("test").items():
        half = halved(motion)
        seen = replace(half, rows=statistics.unnormalise(statistics.normalise(half.rows)))
        # Windows overlap: computing the angles of a take once is many times faster than window by window.
        angles, starts = euler_columns(seen), np.array(possible_starts(dataset, take, frames))
        for piece in np.split(starts, range(_PIECE, len(starts), _PIECE)):
            inside = piece[:, None] + np.arange(OBSERVED + frames)
            guess = predictor(replace(seen, rows=seen.rows[inside[:, :OBSERVED]]), frame + 1)[frame:]
            differences = angles[inside[:, [OBSERVED + frame]]] - euler_columns(guess)
            counted = counted_columns(angles[inside])
            errors.setdefault(take.action, []).extend(np.linalg.norm(differences * counted, axis=-1)[:, 0])
    return {action: np.array(values) for action, values in errors.items()}


def window_study(dataset: Dataset, frame: int = 9, draws: int = 500, seed: int = 0) -> dict[str, object]:
    """Measure what hangs on the choice of eight windows and on single joints, for zero velocity at one frame.

    ``data/results/cmu_window_study.json`` is what this gives for the CMU data.

    Returns:
        Plain data: ``averages`` over actions of each draw of eight windows; ``paper_seed``, that of the paper's own;
        ``starts``, action -> possible starts; ``joints``, action -> the joint with the largest part of the squared
        error, that part, the error, and the error without that joint.
    """
    everything = errors_of_all_windows(dataset, ZeroVelocity(), frame)
    random = np.random.default_rng(seed)
    averages = np.mean([e[random.integers(len(e), size=(draws, 8))].mean(axis=1) for e in everything.values()], axis=0)
    evaluation = evaluate(dataset, ZeroVelocity())
    joints = {}
    for action, (truth, predicted) in evaluation.motions.items():
        squares = squared_by_joint(truth, predicted)[:, frame].astype(np.float64)
        largest = int(squares.sum(axis=0).argmax())
        joints[action] = {
            "joint": dataset.description.skeleton.joints[largest],
            "part": round(float(squares[:, largest].sum() / squares.sum()), 4),
            "error": round(float(evaluation.errors[action][frame]), 4),
            "without": round(float(np.sqrt(np.delete(squares, largest, axis=1).sum(axis=1)).mean()), 4),
        }
    return {
        "dataset": dataset.description.name,
        "data": dataset.fingerprint,
        "frame": frame,
        "seed": seed,
        "averages": [round(float(average), 4) for average in averages],
        "paper_seed": round(float(evaluation.average[frame]), 4),
        "starts": {action: len(errors) for action, errors in everything.items()},
        "joints": joints,
    }


def _time_axis(axes: Axes, fps: float, frames: Sequence[int] = FRAMES) -> None:
    """Label time in milliseconds below and mark the paper's frames above."""
    axes.set(xlabel="time after the last observed frame [ms]", xlim=(0, None), ylim=(0, None))
    above = axes.secondary_xaxis("top")
    above.set_xticks(milliseconds(np.array(frames), fps), [f"f{frame}" for frame in frames], fontsize=8)
    above.set_xlabel("predicted frame, from 0", fontsize=8)


def plot_joint_angles(
    truth: np.ndarray, predicted: np.ndarray, fps: float, names: Sequence[str], *, title: str, unit: str = "radians"
) -> Figure:
    """Draw the three numbers of one joint over a window, and what was predicted of them.

    Args:
        truth: ``(observed + frames, 3)``.
        predicted: ``(frames, 3)``, which end with the truth.
        fps: frames per second.
        names: of the three numbers.
        title: heading of the figure.
        unit: of the numbers.
    """
    figure, (panels,) = new_panels(9, 2.6, 1, 3, sharey=True)
    figure.suptitle(title, fontsize=11)
    seconds = (np.arange(len(truth)) - (len(truth) - len(predicted)) + 1) / fps
    for number, axes in enumerate(panels):
        axes.plot(seconds, truth[:, number], color=TRUTH, lw=2, label="truth")
        axes.plot(seconds[-len(predicted) :], predicted[:, number], color=GUESS, ls="--", lw=2, label="predicted")
        axes.axvspan(0, seconds[-1], color=GROUND, zorder=0)
        axes.set(title=names[number], xlabel="time [s]; grey: future")
    panels[0].set_ylabel(unit)
    panels[0].legend(fontsize=8, loc="best")
    return figure


def plot_matrices(matrices: Mapping[str, np.ndarray]) -> Figure:
    """Draw 3 x 3 matrices beside one another, numbers and shades, titles from the keys."""
    figure, (panels,) = new_panels(2.7 * len(matrices), 2.7, 1, len(matrices))
    for axes, (name, matrix) in zip(panels, matrices.items(), strict=True):
        axes.imshow(matrix, cmap=SIGNED, vmin=-1.6, vmax=1.6)
        for (row, column), value in np.ndenumerate(matrix):
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=12)
        axes.set(title=name, xlabel="column", xticks=range(3), yticks=range(3))
        axes.spines[:].set_visible(False)
    panels[0].set_ylabel("row")
    return figure


def plot_columns(difference: np.ndarray, counted: np.ndarray, skeleton: Skeleton, *, title: str) -> Figure:
    """Draw the differences of one window as a map, columns that do not count hatched, parts of the body named.

    Args:
        difference: ``(frames, columns)``, radians.
        counted: ``(columns,)``, whether a column counts.
        skeleton: whose angles the columns are.
        title: heading of the figure.
    """
    figure, ((axes,),) = new_panels(9, 2.8)
    image = axes.imshow(np.abs(difference), cmap=AMOUNTS, aspect="auto", interpolation="nearest", vmin=0)
    figure.colorbar(image, ax=axes, label="|difference| [radians]")
    edges = np.flatnonzero(np.diff(np.concatenate([[True], counted, [True]]).astype(int)))
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        axes.axvspan(first - 0.5, after - 0.5, facecolor=pale(SECOND), edgecolor=SECOND, hatch="////", lw=0)
    parts = body_parts(np.arange(len(counted)), skeleton)
    axes.set_xticks(
        [(first + last) / 2 for _, first, last in parts], [name.replace(" ", "\n", 1) for name, *_ in parts]
    )
    axes.tick_params(axis="x", length=0)
    for _, first, _ in parts[1:]:
        axes.axvline(first - 0.5, color=INK, lw=0.6, ls=(0, (4, 3)))
    worst = int(np.nanargmax(np.where(counted, np.abs(difference).max(axis=0), np.nan)))
    joint, axis = divmod(worst - 3, 3)
    axes.annotate(
        f"E{axis + 1} of {skeleton.joints[joint]}",
        (worst, -0.5),
        (0, 9),
        textcoords="offset points",
        ha="center",
        fontsize=8,
        arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0},
    )
    axes.set_title(title, pad=20)
    axes.set_xlabel(f"three angles a joint; hatched: does not count ({np.sum(~counted)} of {len(counted)})")
    axes.set_ylabel("predicted frame, from 0")
    return figure


def plot_windows(errors: np.ndarray, fps: float, *, title: str) -> Figure:
    """Draw errors ``(windows, frames)`` over time, and their mean with the paper's frames marked.

    A dashed line shows the mean of all frames until there, which is not what tables print.
    """
    figure, ((axes,),) = new_panels(7, 3.6)
    time, mean = milliseconds(np.arange(errors.shape[1]), fps), errors.mean(axis=0)
    for number, error in enumerate(errors):
        axes.plot(time, error, color=QUIET, lw=0.9, label="one window" if number == 0 else None)
    shown = [frame for frame in FRAMES if frame < len(mean)]
    until = np.cumsum(mean) / np.arange(1, len(mean) + 1)
    axes.plot(time, mean, color=FIRST, lw=3, label="mean of the windows, at the frame")
    axes.plot(time, until, color=SECOND, lw=2, ls="--", label="the same, mean of all frames until there")
    axes.plot(time[shown], mean[shown], ls="", marker="o", ms=9, mfc="white", mec=FIRST, mew=2, label="printed frames")
    axes.set(title=title, ylabel="angle error [radians]", ylim=(0, 1.4 * errors.max()))
    axes.legend(fontsize=8, loc="upper left", ncols=2)
    _time_axis(axes, fps, shown)
    return figure


def plot_error_horizon(
    squares: Mapping[str, np.ndarray],
    skeleton: Skeleton,
    fps: float,
    predictor: str,
    frame: int,
    *,
    title: str = "",
    shown: int = 8,
) -> Figure:
    """Draw error against horizon for each predictor, and which joints make it up at one frame of one of them.

    Args:
        squares: predictor -> ``(windows, frames, joints)`` as from `squared_by_joint`.
        skeleton: names the joints.
        fps: frames per second.
        predictor: whose joints to show.
        frame: at which predicted frame, from 0.
        title: heading of the figure.
        shown: how many joints get a bar of their own.
    """
    figure, ((horizon, parts),) = new_panels(9.5, 4.1, 1, 2, width_ratios=(1.35, 1))
    # Fixed margins: finding them anew at every step of a slider would take longer than drawing.
    figure.set_layout_engine(None)
    figure.subplots_adjust(left=0.07, right=0.97, bottom=0.13, top=0.82, wspace=0.36)
    figure.suptitle(plain(title), fontsize=11)
    for (name, values), look in zip(squares.items(), cycle(CURVES)):
        error = np.sqrt(values.sum(axis=-1)).mean(axis=0)
        time = milliseconds(np.arange(len(error)), fps)
        horizon.plot(time, error, lw=3 if name == predictor else 1.5, ms=3, label=plain(name), **look)
    chosen = squares[predictor][:, frame]
    height = np.sqrt(chosen.sum(axis=-1)).mean()
    at = milliseconds(frame, fps)
    horizon.axvline(at, color=QUIET, lw=1)
    horizon.plot(at, height, marker="o", ms=11, mfc="none", mec="black", mew=1.5)
    horizon.set_ylabel("angle error [radians]")
    horizon.legend(fontsize=8, loc="lower right")
    _time_axis(horizon, fps)
    part = 100 * chosen.sum(axis=0) / max(chosen.sum(), 1e-12)
    order = part.argsort()[::-1][:shown]
    names = [*(skeleton.joints[joint] for joint in order), "all others"]
    shares = [*part[order], part.sum() - part[order].sum()]
    bars = parts.barh(range(len(names)), shares, color=[FIRST] * len(order) + [BEHIND])
    parts.bar_label(bars, fmt="%.0f", fontsize=8, padding=2)
    parts.set_yticks(range(len(names)), names, fontsize=8)
    parts.invert_yaxis()
    parts.set(xlabel="part of the squared error [%]", xlim=(0, max(30, 1.12 * max(shares))))
    parts.set_title(f"{plain(predictor)}, frame {frame} ({at:.0f} ms): {height:.2f} rad", fontsize=9)
    return figure


def plot_near_lock(turn: np.ndarray, euler: np.ndarray, error: np.ndarray, angle: np.ndarray) -> Figure:
    """Draw Euler angles of an arm that turns through gimbal lock, and two measures of a small miss.

    Args:
        turn: ``(n,)`` how far the arm has turned, degrees.
        euler: ``(n, 3)`` its Euler angles, degrees.
        error: ``(n,)`` distance of its Euler angles from those of the prediction, degrees.
        angle: ``(n,)`` true angle between the two rotations, degrees.
    """
    figure, ((left, right),) = new_panels(9, 3.3, 1, 2)
    for number, look in enumerate(CURVES[:3]):
        left.plot(turn, euler[:, number], color=look["color"], ls=look["ls"], lw=2, label=f"E{number + 1}")
    left.set(title="Euler angles of the true arm", ylabel="degrees")
    right.semilogy(turn, error, color=SECOND, ls="--", lw=2, label="distance in Euler angles")
    right.semilogy(turn, angle, color=FIRST, lw=2, label="angle between the rotations")
    right.set(title="how wrong is the prediction?", ylabel="degrees, logarithmic", ylim=(0.3, 3e4))
    for axes in (left, right):
        axes.axvline(90, color=QUIET, lw=1, ls=":")
        axes.set_xlabel("arm turned to the front [degrees]; 90: level, forward")
        axes.legend(fontsize=8, loc="upper left")
    return figure


def plot_two_measures(first: Mapping[str, float], second: Mapping[str, float], labels: Sequence[str]) -> Figure:
    """Draw two measures of each action as pairs of bars; `labels` names the two."""
    (figure, ((axes,),)), places = new_panels(7.5, 3.3), np.arange(len(first))
    looks: tuple[dict[str, Any], ...] = ({"color": FIRST}, {"color": "white", "edgecolor": SECOND, "hatch": "////"})
    for shift, values, label, look in zip((-0.2, 0.2), (first, second), labels, looks, strict=True):
        bars = axes.bar(places + shift, [values[action] for action in first], 0.38, label=label, **look)
        axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.set_xticks(places, list(first))
    axes.set_ylabel("error [radians]")
    axes.legend(fontsize=8)
    return figure


def plot_joint_reach(millimetres: Mapping[str, float], error: float) -> Figure:
    """Draw how far the body moves when one joint is off, with the angle error that each of them gets."""
    figure, ((axes,),) = new_panels(7, 0.32 * len(millimetres) + 1.1)
    bars = axes.barh(list(millimetres), list(millimetres.values()), color=FIRST)
    axes.bar_label(bars, [f"{mm:.0f} mm, error {error:.3f} rad" for mm in millimetres.values()], fontsize=8, padding=3)
    axes.invert_yaxis()
    axes.set(xlabel="movement of the joint that moves furthest [mm]", xlim=(0, 1.45 * max(millimetres.values())))
    return figure


def plot_curves(x: np.ndarray, curves: Mapping[str, np.ndarray], *, xlabel: str, ylabel: str) -> Figure:
    """Draw up to four curves over the same numbers, told apart by dashes and markers."""
    figure, ((axes,),) = new_panels(7, 3.5)
    for (name, values), look in zip(curves.items(), CURVES, strict=False):
        axes.plot(x, values, lw=2, ms=5, label=plain(name), **look)
    axes.set(xlabel=xlabel, ylabel=ylabel, xlim=(0, None), ylim=(0, None))
    axes.legend(fontsize=8, loc="best")
    return figure


def plot_in_units(errors: Mapping[str, Sequence[float]], units: Sequence[str]) -> Figure:
    """Draw errors in several units, a panel a unit with its own scale, a bar a predictor."""
    figure, (panels,) = new_panels(9, 0.42 * len(errors) + 1.1, 1, len(units), sharey=True)
    for number, (axes, unit) in enumerate(zip(panels, units, strict=True)):
        values = [found[number] for found in errors.values()]
        bars = axes.barh([plain(name) for name in errors], values, color=FIRST)
        axes.bar_label(bars, [f"{value:.3g}" for value in values], fontsize=9, padding=3)
        axes.set(xlabel=unit, xlim=(0, 1.25 * max(values)))
    panels[0].invert_yaxis()
    return figure


def plot_errors_by_start(errors: np.ndarray, walked: np.ndarray, drawn: Sequence[int], *, frame: int) -> Figure:
    """Draw the errors of all windows of a take by where they begin, over how far the person gets in each.

    Args:
        errors: ``(starts,)`` at one predicted frame, radians.
        walked: ``(starts,)``, metres that the hips go from the last observed frame to that one.
        drawn: the starts that the paper's seed drew.
        frame: the predicted frame, from 0.
    """
    figure, ((above,), (below,)) = new_panels(8.4, 4.6, 2, 1, sharex=True)
    drawn = sorted(drawn)
    above.plot(errors, color=FIRST, lw=2, label="one window each")
    above.axhline(errors.mean(), color=QUIET, lw=1.5, label=f"mean of all: {errors.mean():.2f}")
    above.axhline(
        errors[drawn].mean(), color=SECOND, lw=1.5, ls="--", label=f"of the seed's: {errors[drawn].mean():.2f}"
    )
    look: dict[str, Any] = {"ls": "", "marker": "o", "ms": 8, "mfc": "white", "mec": SECOND, "mew": 2}
    above.plot(drawn, errors[drawn], **look, label="windows of the authors' seed")
    above.set(ylabel=f"error at frame {frame}\n[radians]", ylim=(0, 1.5 * errors.max()))
    above.legend(fontsize=8, loc="upper left", ncols=4)
    below.plot(walked, color=INK, lw=2)
    below.set(xlabel="first frame of the window", ylabel=f"hips, until frame\n{frame} [metres]", ylim=(0, None))
    return figure


def plot_paired_draws(first: np.ndarray, second: np.ndarray, names: Sequence[str]) -> Figure:
    """Draw two predictors' averages ``(draws,)`` over the same draws against each other, and the line of a tie."""
    figure, ((axes,),) = new_panels(5.2, 4.2)
    ends = np.array([min(first.min(), second.min()), max(first.max(), second.max())])
    axes.plot(ends, ends, color=SECOND, ls="--", lw=2, label="a tie")
    axes.plot(first, second, ls="", marker="o", ms=4, mfc="none", mec=FIRST, mew=0.8, label="one draw of windows")
    axes.set(xlabel=f"{plain(names[0])} [radians]", ylabel=f"{plain(names[1])} [radians]", aspect="equal")
    axes.legend(fontsize=8, loc="upper left")
    return figure


def plot_draws(draws: Mapping[str, tuple[np.ndarray, float]], *, frame: int) -> Figure:
    """Draw averages over many draws of eight windows, with their 95 % range and the draw of the paper's seed.

    Args:
        draws: title -> averages ``(draws,)`` and the average of the paper's seed, radians.
        frame: the predicted frame that they are about.
    """
    figure, (panels,) = new_panels(4.6 * len(draws) + 0.4, 3.4, 1, len(draws))
    for axes, (title, (averages, seed)) in zip(panels, draws.items(), strict=True):
        low, high = np.percentile(averages, [2.5, 97.5])
        axes.hist(averages, bins=24, color=pale(FIRST, 0.4), edgecolor="white")
        axes.axvspan(low, high, 0, 0.05, color=QUIET, label=f"95 % of the draws: {low:.2f} to {high:.2f}")
        axes.axvline(seed, 0, 0.78, color=SECOND, lw=2.5, ls="--", label=f"the authors' seed: {seed:.2f}")
        axes.set_title(title, fontsize=10)
        axes.set(xlabel=f"average error at frame {frame} [radians]", ylabel="draws")
        axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
        axes.legend(fontsize=8, loc="upper left")
    return figure


def plot_beside_papers(evaluations: Mapping[str, Evaluation], tables: Sequence[PublishedTable]) -> Figure:
    """Draw our errors beside printed ones, a panel an action, over the true time of the frames.

    Args:
        evaluations: label -> ours, all of the same data set and actions.
        tables: of that data set.
    """
    first = next(iter(evaluations.values()))
    frames = np.array(tables[0].frames)
    panels = [*first.errors, "average"]
    columns = -(-(len(panels) + 1) // 2)
    figure = new_figure(2.5 * columns, 5.8)
    grid = figure.subplots(2, columns, sharex=True, sharey=True)
    time = milliseconds(frames, first.fps)
    for axes, action in zip(grid.flat, panels, strict=False):
        ours = {label: {**e.errors, "average": e.average}[action][frames] for label, e in evaluations.items()}
        theirs = {}
        for table in tables:
            # The printed average is over other actions than ours: take it over the same ones.
            rows = [table.rows[name] for name in ([action] if action in first.errors else first.errors)]
            label = f"{table.method}, printed" + ("\n(rows unchecked)" if "not checked" in table.checked else "")
            theirs[label] = np.mean(rows, axis=0)
        for (label, values), look in zip({**ours, **theirs}.items(), cycle(CURVES)):
            axes.plot(time, values, lw=1.6, ms=4.5, label=plain(label), **look)
        heading = action if action in first.errors else f"average of these {len(first.errors)}"
        axes.set_title(plain(heading), fontsize=10)
        axes.set(xlim=(0, None), ylim=(0, None), xlabel="ms ahead")
        axes.grid(axis="y", color=GRID)
        axes.tick_params(labelbottom=True, labelsize=8)
        for place, frame in zip(time, frames, strict=True):
            axes.annotate(f"f{frame}", (place, 0), (0, 3), textcoords="offset points", ha="center", fontsize=7)
    for axes in grid[:, 0]:
        axes.set_ylabel("angle error [radians]")
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_axis_off()
    figure.legend(*grid.flat[0].get_legend_handles_labels(), loc="lower right", fontsize=8, title="source")
    return figure
