"""Pictures of what goes beyond the paper: a split by time, changes beside seeds, cosines, pairs, the road to one model.

Lines differ in dashes and markers, bars in hatching, so that no picture needs its colours.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from cs2s.datasets.loading import Dataset
from cs2s.pictures.style import (
    BEHIND,
    CURVES,
    FIRST,
    GROUND,
    GUESS,
    SECOND,
    TRUTH,
    legend_above,
    new_figure,
    pale,
    plain,
    tidy,
    tidy_with_grid,
)

__all__ = [
    "beside_seeds",
    "plot_changes",
    "plot_cosines",
    "plot_disagreement",
    "plot_leaps",
    "plot_paired",
    "plot_road",
    "plot_sight",
    "plot_split",
    "split_lengths",
]


def split_lengths(dataset: Dataset, held_out: Dataset) -> dict[str, list[tuple[int, int]]]:
    """Return, for each training file, how many of its frames train and how many validate.

    Args:
        dataset: before it was split.
        held_out: after (see `cs2s.datasets.validation.hold_out`).

    Returns:
        Action -> one pair a file, in frames after halving. Frames that validation windows only observe train, too,
        and are counted there.
    """
    train, validation = held_out.split("train"), held_out.split("validation")
    lengths: dict[str, list[tuple[int, int]]] = {}
    for take, motion in dataset.split("train").items():
        frames = (len(motion) + 1) // 2
        kept = len(train[take]) // 2 if take._replace(split="validation") in validation and take in train else frames
        if take not in train:
            kept = 0
        lengths.setdefault(take.action, []).append((kept, frames - kept))
    return lengths


def plot_split(lengths: Mapping[str, Sequence[tuple[int, int]]], fps: float) -> Figure:
    """Draw which part of which file trains and which validates.

    Args:
        lengths: as from `split_lengths`.
        fps: frames per second after halving.
    """
    files = sum(map(len, lengths.values()))
    figure = new_figure(9, 1.4 + 0.105 * files)
    axes = figure.subplots()
    at, centres, longest = 0.0, [], 0.0
    for pairs in lengths.values():
        centres.append(at + (len(pairs) - 1) / 2)
        for train, held in pairs:
            axes.barh(at, train / fps, 0.8, color=pale(TRUTH, 0.35), edgecolor=TRUTH, lw=0.5)
            axes.barh(at, held / fps, 0.8, left=train / fps, color="white", edgecolor=GUESS, hatch="/////", lw=0.8)
            longest = max(longest, (train + held) / fps)
            at += 1
        at += 0.8
    axes.set_yticks(centres, list(lengths))
    axes.invert_yaxis()
    axes.set(xlabel="time in the file [s]; one bar a file", xlim=(0, 1.02 * longest))
    looks = [
        Patch(facecolor=pale(TRUTH, 0.35), edgecolor=TRUTH, label="trains"),
        Patch(facecolor="white", edgecolor=GUESS, hatch="/////", label="validates: is to be predicted"),
    ]
    legend_above(axes, 2, handles=looks)
    tidy(axes)
    return figure


def beside_seeds(errors: Mapping[str, np.ndarray], same: Sequence[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Compare trainings with equal ones that differ in the seed, number by number.

    Args:
        errors: training -> its errors, ``(frames,)``.
        same: those that differ in the seed alone.

    Returns:
        Each other training -> by how much it is above the mean of those, per cent, ``(frames,)``; and what a seed
        may do: the most by which one of them differs from the mean of the others, per cent, ``(frames,)``.
    """
    seeds = np.array([errors[title] for title in same])
    others = (seeds.sum(axis=0) - seeds) / (len(seeds) - 1)
    changed = {title: 100 * (one / seeds.mean(axis=0) - 1) for title, one in errors.items() if title not in same}
    return changed, 100 * np.abs(seeds / others - 1).max(axis=0)


def plot_changes(
    changes: Mapping[str, Mapping[str, Sequence[float]]],
    seeds: Mapping[str, Sequence[float]],
    kinds: Sequence[str],
    reference: str,
) -> Figure:
    """Draw by how much each variant's error differs from a reference's, beside what another seed may change.

    Args:
        changes: panel -> variant -> its change in per cent, one number a kind; the same variants in every panel.
        seeds: panel -> what another seed changes, per cent, one number a kind: a bar that wide to both sides of 0.
        kinds: what the numbers of a variant are, such as its best and its last checkpoint; at most three.
        reference: what 0 stands for.
    """
    names = list(next(iter(changes.values())))
    figure = new_figure(10.5, 1.7 + 0.42 * len(names))
    panels = np.atleast_1d(figure.subplots(1, len(changes), sharey=True))
    for axes, (title, of_variants) in zip(panels, changes.items(), strict=True):
        largest = 1.0
        for number, look in zip(range(len(kinds)), CURVES, strict=False):
            places = np.arange(len(names)) + 0.26 * (number - (len(kinds) - 1) / 2)
            values = np.array([of_variants[name][number] for name in names])
            half = seeds[title][number]
            axes.barh(places, 2 * half, 0.2, left=-half, color=GROUND, edgecolor=BEHIND, hatch="....", lw=0.6)
            for beyond, face in ((True, look["color"]), (False, "white")):
                kept = (np.abs(values) > half) == beyond
                axes.plot(values[kept], places[kept], ls="", marker=look["marker"], ms=7, mfc=face, mec=look["color"])
            largest = max(largest, half, *np.abs(values))
        axes.axvline(0, color="black", lw=1)
        axes.set(xlim=(-1.15 * largest, 1.15 * largest), xlabel="change [%]")
        axes.set_title(title, fontsize=10)
        tidy_with_grid(axes)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    marks = [
        Line2D([], [], ls="", marker=look["marker"], color=look["color"], label=kind)
        for kind, look in zip(kinds, CURVES, strict=False)
    ]
    bar = Patch(facecolor=GROUND, edgecolor=BEHIND, hatch="....", label="what another seed changes")
    words = f"against {reference}; left of 0 is better; filled: more than another seed changes"
    figure.legend(handles=[*marks, bar], loc="outside lower center", ncols=4, fontsize=9, title=words, title_fontsize=9)
    return figure


def plot_sight(influences: Mapping[str, np.ndarray]) -> Figure:
    """Draw how much of a predicted step hangs on each observed frame; frames that are not seen at all are hatched.

    Args:
        influences: title -> ``(50,)``, not negative; each is shown as shares of its sum.
    """
    figure = new_figure(9, 2.1 * len(influences))
    panels = np.atleast_1d(figure.subplots(len(influences), 1, sharex=True))
    for axes, (title, influence) in zip(panels, influences.items(), strict=True):
        shares = 100 * influence / influence.sum()
        axes.bar(range(len(shares)), shares, color=FIRST, width=0.8)
        blind = np.flatnonzero(influence == 0)
        for frame in blind:
            axes.axvspan(frame - 0.5, frame + 0.5, facecolor=pale(SECOND), edgecolor=SECOND, hatch="////", lw=0)
        words = f"blind to frame{'s' * (len(blind) != 1)} {', '.join(map(str, blind))} (hatched)" if len(blind) else ""
        axes.set_title(f"{title}; {words}" if words else f"{title}; sees every frame", fontsize=10)
        axes.set(ylabel="share [%]", xlim=(-0.7, len(shares) - 0.3))
        tidy(axes)
    panels[-1].set_xlabel("observed frame; 49 is the newest")
    return figure


def plot_cosines(curve: np.ndarray, basis: np.ndarray, fps: float, kept: int = 10) -> Figure:
    """Draw a curve, its cosine coefficients, and the curve that the first of them give back.

    Args:
        curve: ``(frames,)``, degrees.
        basis: ``(frames, frames)``, as from `cs2s.networks.dct_mlp.cosine_basis`.
        fps: frames per second.
        kept: how many coefficients are kept, the slowest first.
    """
    coefficients = basis @ curve
    again = basis[:kept].T @ coefficients[:kept]
    # Laid out by numbers, which is fast enough for a slider.
    figure = new_figure(10, 3.6, layout=None)
    left, right = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.07, right=0.99, bottom=0.15, top=0.84, wspace=0.2)
    number = np.arange(len(curve))
    looks = (FIRST, FIRST, ""), ("white", SECOND, "/////")
    for part, (face, edge, hatch), label in zip(
        (number < kept, number >= kept), looks, ("kept", "set to 0"), strict=True
    ):
        if part.any():
            left.bar(
                number[part], np.abs(coefficients[part]), 0.8, color=face, ec=edge, hatch=hatch, lw=0.8, label=label
            )
    left.set_yscale("log")
    left.set(xlabel="number of the cosine (0: constant)", ylabel="size of the coefficient [degrees]")
    left.set_title(f"{len(curve)} coefficients, {kept} kept", fontsize=10)
    left.set_ylim(max(1e-3, np.abs(coefficients).max() * 1e-5), 3 * np.abs(coefficients).max())
    time = 1000 * number / fps
    right.plot(time, curve, color=TRUTH, lw=3, label="the curve")
    right.plot(time, again, color=SECOND, lw=1.8, ls="--", marker="s", ms=3.5, label=f"from {kept} coefficients")
    right.set(xlabel="time [ms]", ylabel="angle [degrees]")
    right.set_title(f"largest difference {np.abs(curve - again).max():.2f} degrees", fontsize=10)
    low, high = min(curve.min(), again.min()), max(curve.max(), again.max())
    right.set_ylim(low - 0.08 * (high - low), high + 0.3 * (high - low))  # room for the legend
    for axes in (left, right):
        axes.legend(fontsize=9, ncols=2, loc="upper right")
        tidy(axes)
    return figure


def plot_leaps(study: Mapping[str, Any]) -> Figure:
    """Draw every window's error, a dot each, and an arrow from each leap to where its rotation's angle puts the window.

    Args:
        study: as from `cs2s.evaluation.leaps.study_leaps`.
    """
    actions = list(study["errors"])
    figure = new_figure(8.5, 1.2 + 0.36 * len(actions))
    axes = figure.subplots()
    for row, errors in enumerate(study["errors"].values()):
        axes.plot(errors, [row] * len(errors), ls="", marker="o", ms=6, color=FIRST, alpha=0.6)
    for leap in study["leaps"]:
        row, error, by_angle = actions.index(leap["action"]), leap["error"], leap["error_by_angle"]
        axes.plot(by_angle, row, ls="", marker="o", ms=8, mfc="none", mec=SECOND, mew=1.6)
        arrow = {"arrowstyle": "->", "color": SECOND, "lw": 1.4, "shrinkA": 5, "shrinkB": 5}
        axes.annotate("", (by_angle, row), (error, row), arrowprops=arrow)
        words = f"{leap['joint']}: {leap['euler']:.1f} rad, {leap['degrees']:.0f}°"
        axes.annotate(words, (error, row), (0, 6), textcoords="offset points", fontsize=8, ha="right")
    axes.set_yticks(range(len(actions)), actions)
    axes.set(ylim=(len(actions) - 0.5, -0.8), xlim=(0, None), xlabel="error of a window [radians]")
    tidy_with_grid(axes)
    return figure


def plot_paired(numbers: Mapping[str, tuple[float, float, float]], less: str, unit: str) -> Figure:
    """Draw predictors' errors with their intervals, and beside them the differences from one, with theirs.

    Args:
        numbers: label -> value, lower and upper end; labels of differences begin with "minus".
        less: from whose error the others differ.
        unit: of the errors.
    """
    parts = [{k: v for k, v in numbers.items() if k.startswith("minus") == minus} for minus in (False, True)]
    figure = new_figure(9.5, 1.3 + 0.42 * max(map(len, parts)))
    titles = ("each with its own interval", f"difference from {less}, drawn in pairs")
    for axes, part, title in zip(figure.subplots(1, 2), parts, titles, strict=True):
        for row, (value, low, high) in enumerate(part.values()):
            axes.plot([low, high], [row, row], color=FIRST, lw=2.4, marker="|", ms=11)
            axes.plot(value, row, marker="o", ms=8, mfc="white", mec=FIRST, mew=1.8)
        axes.set_yticks(range(len(part)), [plain(label.removeprefix("minus ")) for label in part])
        axes.set(ylim=(len(part) - 0.5, -0.5), xlabel=unit)
        axes.set_title(title, fontsize=10)
        axes.margins(x=0.1)
        tidy_with_grid(axes)
    axes.axvline(0, color="black", lw=1)
    return figure


def plot_disagreement(across: Mapping[str, float], up: Mapping[str, float], labels: tuple[str, str]) -> Figure:
    """Draw how two measures compare two predictors, a mark an action; where they disagree the ground is hatched.

    Args:
        across: action -> by how much the one is above the other in the first measure, per cent.
        up: action -> the same in the second measure.
        labels: of the two axes.
    """
    figure = new_figure(7, 4.6)
    axes = figure.subplots()
    x, y = (1.25 * max(1.0, *map(abs, values.values())) for values in (across, up))
    for corner in ((-x, 0), (0, -y)):
        axes.add_patch(Rectangle(corner, x, y, facecolor=GROUND, edgecolor=BEHIND, hatch="//", lw=0, zorder=0))
    axes.axhline(0, color="black", lw=1)
    axes.axvline(0, color="black", lw=1)
    for rank, action in enumerate(sorted(across, key=across.__getitem__)):
        agree = across[action] * up[action] > 0
        axes.plot(
            across[action], up[action], marker="o" if agree else "D", ms=9, mfc="white" if agree else SECOND, mec=SECOND
        )
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        axes.annotate(
            plain(action),
            (across[action], up[action]),
            (9, 4 if rank % 2 else -12),
            textcoords="offset points",
            fontsize=9,
            bbox=paper,
        )
    # A half without marks is there to be seen, and narrow.
    low, high = (y if any(side * value > 0 for value in up.values()) else 0.3 * y for side in (-1, 1))
    axes.set(xlim=(-x, x), ylim=(-low, high), xlabel=labels[0], ylabel=labels[1])
    tidy(axes)
    return figure


def plot_road(stations: Sequence[str], panels: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Draw the errors of predictors on the way to the single model, in several measures, a ring a run.

    Args:
        stations: predictors from top to bottom; the last one is drawn filled.
        panels: label of a measure, with its unit -> predictor -> the errors of its runs; one may be missing.
    """
    figure = new_figure(10.5, 1.4 + 0.36 * len(stations))
    drawn_in = np.atleast_1d(figure.subplots(1, len(panels), sharey=True))
    for axes, (label, errors) in zip(drawn_in, panels.items(), strict=True):
        there = [(row, errors[name]) for row, name in enumerate(stations) if name in errors]
        axes.plot([np.mean(runs) for _, runs in there], [row for row, _ in there], color=BEHIND, lw=1.4, zorder=0)
        for row, runs in there:
            face = SECOND if row == len(stations) - 1 else "white"
            axes.plot(runs, [row] * len(runs), ls="", marker="o", ms=8, mfc=face, mec=SECOND, mew=1.6)
            axes.annotate(f"{np.mean(runs):.3g}", (max(runs), row), (8, 3), textcoords="offset points", fontsize=8)
        axes.set(xlim=(0, 1.2 * max(max(runs) for _, runs in there)))
        axes.set_xlabel(label, fontsize=9)
        tidy_with_grid(axes)
        axes.set_yticks(range(len(stations)), stations)
    axes.set_ylim(len(stations) - 0.5, -0.6)
    return figure
