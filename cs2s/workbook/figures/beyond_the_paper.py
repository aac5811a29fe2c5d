"""Pictures of what goes beyond the paper: a split by time, ablations, mended flaws, cosines, two rankings.

Lines differ in dashes and markers, bars in hatching, so that no picture needs its colours.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Patch

from cs2s.datasets.loading import Dataset
from cs2s.evaluation.evaluation import Evaluation, milliseconds
from cs2s.evaluation.tables import FRAMES
from cs2s.motion.motion import Motion
from cs2s.pictures.stage import straightened
from cs2s.pictures.stick_figure import draw_flat_pose, limb_sample
from cs2s.pictures.style import (
    BEHIND,
    CURVES,
    FIRST,
    GROUND,
    GUESS,
    INK,
    QUIET,
    SECOND,
    THIRD,
    TRUTH,
    legend_above,
    new_figure,
    only_picture,
    pale,
    plain,
    tidy,
    tidy_with_grid,
)

__all__ = [
    "plot_ablations",
    "plot_cosines",
    "plot_leaps",
    "plot_loss_shares",
    "plot_mirror",
    "plot_positions",
    "plot_predictors",
    "plot_rankings",
    "plot_sight",
    "plot_split",
    "ranked",
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


def plot_ablations(
    evaluations: Mapping[str, Evaluation], reference: str, frames: Sequence[int] = (3, 9, 24), spread: float = 0.0
) -> Figure:
    """Draw by how much each variant's average error differs from a reference's, in per cent.

    Args:
        evaluations: variant -> its errors, all on the same windows.
        reference: the variant that the others are compared with.
        frames: predicted frames, from 0; at most three.
        spread: per cent; a band this wide to both sides of 0 shows what another seed may change.
    """
    names = [name for name in evaluations if name != reference]
    figure = new_figure(8.5, 1.5 + 0.5 * len(names))
    axes = figure.subplots()
    base = evaluations[reference].average
    if spread:
        axes.axvspan(-spread, spread, facecolor=GROUND, edgecolor=BEHIND, hatch="....", lw=0, zorder=0)
        axes.axvline(-spread, color=BEHIND, lw=0.8)
        axes.axvline(spread, color=BEHIND, lw=0.8, label=f"dotted: seeds differ, ±{spread:.1f} %")
    axes.axvline(0, color="black", lw=1)
    for number, (frame, look) in enumerate(zip(frames, CURVES, strict=False)):
        changes = [100 * (evaluations[name].average[frame] / base[frame] - 1) for name in names]
        time = milliseconds(frame, evaluations[reference].fps)
        places = np.arange(len(names)) + 0.22 * (number - (len(frames) - 1) / 2)
        axes.plot(
            changes,
            places,
            ls="",
            color=look["color"],
            marker=look["marker"],
            ms=8,
            label=f"frame {frame} ({time:.0f} ms)",
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    largest = max(1.0, *(abs(x) for line in axes.get_lines() for x in np.asarray(line.get_xdata(), float)))
    axes.set(xlim=(-1.15 * largest, 1.15 * largest))
    axes.set_xlabel(f"error against {reference} [%]; left of 0 is better, right of 0 worse")
    legend_above(axes, 4, 8)
    tidy_with_grid(axes)
    return figure


def plot_mirror(motions: Mapping[str, Motion]) -> Figure:
    """Draw the first pose of each motion, side by side, seen from the front, titles from the keys; hips straight."""
    figure = new_figure(3.4 * len(motions), 4.2)
    panels = np.atleast_1d(figure.subplots(1, len(motions), sharex=True, sharey=True))
    for axes, (title, motion) in zip(panels, motions.items(), strict=True):
        # As somebody facing the person sees it: the person's left is on the right.
        (joints,) = straightened(motion[:1]) / 1000
        draw_flat_pose(axes, motion.skeleton, joints[:, :2], width=2.6, head=True)
        only_picture(axes, title)
    handles = [limb_sample(side, f"{side} limbs") for side in ("left", "right")]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=9)
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


def plot_loss_shares(losses: Mapping[str, np.ndarray], worst: float = 0.1) -> Figure:
    """Draw which part of a loss the worst numbers make.

    Args:
        losses: name -> array of any shape, the loss of each number; at most three.
        worst: the share of the numbers that is marked.
    """
    figure = new_figure(6.5, 3.8)
    axes = figure.subplots()
    for (name, values), look in zip(losses.items(), CURVES, strict=False):
        part = np.concatenate([[0], np.sort(values, axis=None)[::-1].cumsum(dtype=np.float64)])
        part *= 100 / part[-1]
        across = np.linspace(0, 100, len(part))
        at = np.interp(100 * worst, across, part)
        shown = np.linspace(0, 100, 201)
        label = f"{name}: {at:.0f} %"
        axes.plot(shown, np.interp(shown, across, part), color=look["color"], ls=look["ls"], lw=2.2, label=label)
        axes.plot(100 * worst, at, **look, ms=9)
    axes.plot([0, 100], [0, 100], color=QUIET, lw=1, ls=":", label="if all weighed alike")
    axes.axvline(100 * worst, color=QUIET, lw=0.8)
    axes.set(xlabel="predicted numbers, the worst first [%]", ylabel="part of the loss [%]", xlim=(0, 100))
    axes.set_ylim(0, 102)
    axes.legend(fontsize=9, loc="lower right", title=f"part of the worst {100 * worst:.0f} %", title_fontsize=9)
    tidy_with_grid(axes)
    return figure


def plot_frame_shares(missed: np.ndarray, weights: np.ndarray, fps: float) -> Figure:
    """Draw which part of a loss each predicted frame makes, with equal and with other weights.

    Args:
        missed: ``(frames,)``, the mean loss in each frame.
        weights: ``(frames,)``, what each frame weighs in the other case.
        fps: frames per second.
    """
    figure = new_figure(7.5, 3.6)
    axes = figure.subplots()
    frames = np.arange(1, len(missed) + 1)
    cases = (("every frame weighs alike", missed), ("weighted", missed * weights))
    for (name, values), look in zip(cases, CURVES[1::-1], strict=True):
        shares = 100 * values / values.sum()
        axes.plot(1000 * frames / fps, shares, **look, ms=5, label=plain(name))
    axes.axhline(100 / len(missed), color=QUIET, lw=1, ls=":", label="if all counted alike")
    axes.set(xlabel="time ahead [ms]", ylabel="part of the loss [%]", ylim=(0, None))
    axes.legend(fontsize=9, loc="lower right")
    tidy_with_grid(axes)
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


def ranked(errors: Mapping[str, float]) -> list[str]:
    """Return names by their errors, the least first."""
    return sorted(errors, key=errors.__getitem__)


def plot_predictors(
    results: Mapping[str, Sequence[Evaluation]],
    printed: Mapping[str, Mapping[int, float]],
    frames: Sequence[int] = (3, 9, 24),
) -> Figure:
    """Draw every predictor's average error, a mark a run, beside printed numbers.

    Args:
        results: predictor -> an evaluation for each of its runs.
        printed: label -> frame -> error of others, radians, drawn as lines; at most three.
        frames: predicted frames, a panel each.
    """
    figure = new_figure(3.6 * len(frames), 1.9 + 0.36 * len(results))
    panels = np.atleast_1d(figure.subplots(1, len(frames), sharey=True))
    lines = []
    for axes, frame in zip(panels, frames, strict=True):
        for row, evaluations in enumerate(results.values()):
            errors = [evaluation.average[frame] for evaluation in evaluations]
            axes.plot([min(errors), max(errors)], [row, row], color=FIRST, lw=2)
            axes.plot(errors, [row] * len(errors), ls="", marker="o", ms=7, mfc="white", mec=FIRST, mew=1.6)
            words = f"{np.mean(errors):.2f}"
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            axes.annotate(words, (max(errors), row), (8, 5), textcoords="offset points", fontsize=8, bbox=paper)
        lines = [
            axes.axvline(values[frame], color=look["color"], ls=look["ls"], lw=1.8, label=label)
            for (label, values), look in zip(printed.items(), CURVES[1:], strict=False)
        ]
        time = milliseconds(frame, next(iter(results.values()))[0].fps)
        axes.set_title(f"frame {frame} ({time:.0f} ms)", fontsize=10)
        axes.set_xlabel("angle error [radians]")
        axes.margins(x=0.2)
        tidy_with_grid(axes)
    panels[0].set_yticks(range(len(results)), list(results))
    panels[0].set_ylim(len(results) - 0.4, -0.7)
    figure.legend(handles=lines, loc="outside lower center", ncols=len(lines), fontsize=9)
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


def plot_positions(curves: Mapping[str, Sequence[float]], printed: Mapping[str, Sequence[float]]) -> Figure:
    """Draw position errors at the frames of a table: of ours as lines, of those that papers print as marks.

    Args:
        curves: predictor -> errors at `cs2s.evaluation.tables.FRAMES`, millimetres; the first is drawn quietly, the
            last in front.
        printed: method -> the same, as its paper prints them.
    """
    figure = new_figure(8.5, 3.8)
    axes = figure.subplots()
    looks: list[dict[str, Any]] = [
        {"color": QUIET, "ls": ":"},
        {"color": FIRST, "ls": "--"},
        {"color": THIRD, "ls": "-."},
        {"color": QUIET, "ls": (0, (8, 2, 1, 2, 1, 2))},
    ]
    for number, (name, errors) in enumerate(curves.items()):
        last = number == len(curves) - 1
        look: dict[str, Any] = {"color": SECOND, "ls": "-", "lw": 2.4}
        if not last:
            look = {"lw": 1.6, **looks[number % len(looks)]}
        axes.plot(FRAMES, errors, label=plain(name), marker=".", **look)
    for marker, (name, errors) in zip("o^sDv", printed.items(), strict=False):
        axes.plot(FRAMES, errors, label=f"{name}, printed", ls="", marker=marker, ms=6, mfc="none", mec=INK)
    axes.set_xticks(FRAMES)
    axes.set(xlabel="predicted frame", ylabel="position error [the field's mm]", ylim=(0, None))
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    tidy_with_grid(axes)
    return figure


def plot_rankings(
    paper: Mapping[str, Sequence[Evaluation]], corrected: Mapping[str, Sequence[Evaluation]], frame: int = 9
) -> Figure:
    """Draw the order of predictors under both protocols side by side, each predictor joined by a line.

    Args:
        paper: predictor -> an evaluation for each of its runs; the bar is the range of the runs.
        corrected: the same predictors; the bar is the bootstrap interval of the first run.
        frame: the predicted frame, from 0.
    """
    first = {name: [e.average[frame] for e in paper[name]] for name in paper}
    second = {name: [e.average[frame] for e in corrected[name]] for name in paper}
    ends = {}
    for name in paper:
        interval = corrected[name][0].overall.interval
        ends[name] = [end["degrees"][frame] for end in interval] if interval else [second[name][0]] * 2
    figure = new_figure(10.5, 1.5 + 0.45 * len(paper))
    figure.set_layout_engine("constrained", wspace=0.22)  # room for the lines that join
    left, right = figure.subplots(1, 2)
    orders = [ranked({name: float(np.mean(values[name])) for name in paper}) for values in (first, second)]
    for axes, order, values, bars in ((left, orders[0], first, first), (right, orders[1], second, ends)):
        for row, name in enumerate(order):
            axes.plot([min(bars[name]), max(bars[name])], [row, row], color=FIRST, lw=2.4, marker="|", ms=11)
            axes.plot(np.mean(values[name]), row, marker="o", ms=8, mfc="white", mec=FIRST, mew=1.8)
        axes.set_yticks(range(len(order)), [f"{row + 1}  {name}" for row, name in enumerate(order)], fontsize=9)
        axes.set_ylim(len(order) - 0.5, -0.5)
        axes.margins(x=0.08)
        tidy_with_grid(axes)
    for name in paper:
        rows = [order.index(name) for order in orders]
        moved = rows[0] != rows[1]
        joined = ConnectionPatch(
            (1.02, rows[0]), (-0.02, rows[1]), left.get_yaxis_transform(), right.get_yaxis_transform(),
            axesA=left, axesB=right, color=SECOND if moved else BEHIND, lw=2 if moved else 1,
            ls="--" if moved else "-",
        )  # fmt: skip
        figure.add_artist(joined)
    time = milliseconds(frame, next(iter(paper.values()))[0].fps)
    left.set_title("the paper's protocol; bars: range of the runs", fontsize=10)
    right.set_title("corrected protocol; bars: 95 % interval over windows", fontsize=10)
    left.set_xlabel(f"angle error at frame {frame} [radians]")
    right.set_xlabel(f"joint angle error at frame {frame} ({time:.0f} ms) [degrees]")
    right.yaxis.tick_right()
    return figure
