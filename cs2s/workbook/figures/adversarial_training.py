"""Pictures of adversarial training: two futures and their mean, two losses of a generator, curves of a training.

Lines differ in dashes and markers, bars in hatching, so that no picture needs its colours.
Taught in ``notebooks/04_adversarial_training``.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import norm

from cs2s.datasets.windows import OBSERVED
from cs2s.motion.motion import Motion
from cs2s.pictures.stage import straightened
from cs2s.pictures.stick_figure import draw_flat_pose
from cs2s.pictures.style import CURVES, FIRST, QUIET, SECOND, TEXT, legend_above, new_figure, only_picture, plain
from cs2s.workbook.two_futures import best_critic, best_critic_loss, recorded_density, resting_place

__all__ = [
    "KNOWS_NOTHING",
    "feet_apart",
    "plot_critic",
    "plot_futures",
    "plot_generator_losses",
    "plot_history",
    "plot_movement",
    "plot_objective",
    "plot_resumed",
    "plot_steps",
    "plot_two_futures",
    "pulls",
    "roles_changed",
    "step_sizes",
]

KNOWS_NOTHING = 2 * np.log(2)
"""The two cross-entropies of a discriminator whose logit is always 0."""


def feet_apart(motion: Motion) -> np.ndarray:
    """Return how far the left foot is ahead of the right one, ``(frames,)``, mm; forward is where the hips face."""
    positions = straightened(motion)
    left, right = (motion.skeleton.joints.index(name) for name in ("LeftFoot", "RightFoot"))
    return positions[:, left, 2] - positions[:, right, 2]


def roles_changed(apart: np.ndarray, start: int, frames: int, longest: int = 60) -> int:
    """Return after how many frames left and right have changed roles, in a walk.

    Args:
        apart: of the walk, see `feet_apart`.
        start, frames: the stretch that is looked for again, with the feet exchanged.
        longest: the most frames it may take; five at least.
    """
    stretch = apart[start : start + frames]
    later = [apart[start + lag : start + lag + frames] for lag in range(5, longest)]
    return 5 + int(np.argmin([np.square(stretch + other).mean() for other in later]))


def _draw_side_view(axes: Axes, motion: Motion, frame: int, title: str) -> None:
    """Draw one pose seen from its right side: forward is right. Left limbs solid, right limbs dashed."""
    (joints,) = straightened(motion[frame : frame + 1]) / 1000
    draw_flat_pose(axes, motion.skeleton, joints[:, [2, 1]], head=True)
    only_picture(axes, title)


def plot_futures(futures: Mapping[str, Motion], moment: int) -> Figure:
    """Draw motions as curves of their feet, and as people at one moment.

    Args:
        futures: by name; at most three.
        moment: the frame at which the people are drawn.
    """
    figure = new_figure(10, 6.2)
    grid = figure.add_gridspec(2, len(futures), height_ratios=(1, 1.6))
    axes = figure.add_subplot(grid[0, :])
    for (name, motion), look in zip(futures.items(), CURVES, strict=False):
        axes.plot(
            1000 / motion.fps * np.arange(1, len(motion) + 1), feet_apart(motion), **look, ms=4, label=plain(name)
        )
    axes.axvline(1000 / motion.fps * (moment + 1), color=QUIET, lw=1, ls=":")
    axes.axhline(0, color=QUIET, lw=0.8)
    axes.set(xlabel="time into the future (ms)", ylabel="left foot ahead of right (mm)")
    legend_above(axes, len(futures))
    people = None  # all in the same limits, which leave room for every hand and foot
    for column, (name, motion) in enumerate(futures.items()):
        people = figure.add_subplot(grid[1, column], sharex=people, sharey=people)
        _draw_side_view(people, motion, moment, name)
    return figure


def _sigmoid(logit: np.ndarray | float) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(logit, dtype=np.float64)))


def plot_generator_losses(logit: float = -4.0) -> Figure:
    """Draw both losses that a generator may minimise, and their slopes, as functions of the discriminator's logit.

    Args:
        logit: where a point marks both curves.
    """
    logits = np.linspace(-8, 8, 161)
    # Laid out by numbers: finding a layout anew would take as long as all the rest, at every step of a slider.
    figure = new_figure(10, 3.9, layout=None)
    values, slopes = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.07, right=0.99, bottom=0.13, top=0.85, wspace=0.2)
    curves = {
        "saturating: log(1 - D)": (lambda x: np.log(1 - _sigmoid(x)), lambda x: -_sigmoid(x)),
        "non-saturating: -log D": (lambda x: -np.log(_sigmoid(x)), lambda x: _sigmoid(x) - 1),
    }
    for (name, functions), look, below in zip(curves.items(), (CURVES[1], CURVES[0]), (10, -18), strict=True):
        line = {"color": look["color"], "ls": look["ls"], "lw": 2}
        for axes, function in zip((values, slopes), functions, strict=True):
            axes.plot(logits, function(logits), **line, label=name)
            axes.plot([logit], [function(logit)], look["marker"], color=look["color"], ms=9)
        slope = float(functions[1](logit))
        aside = (9 if logit > 0 else -47, below)
        slopes.annotate(f"{slope:.3f}", (logit, slope), aside, textcoords="offset points", fontsize=10)
    for axes, title in ((values, "the loss"), (slopes, "its slope: the push on the generator")):
        axes.axvline(logit, color=QUIET, lw=0.9, ls=":")
        axes.axhline(0, color=QUIET, lw=0.8)
        axes.set(xlabel="logit of a predicted motion", title=title)
    values.set_ylabel("loss")
    values.legend(fontsize=9, loc="upper right")
    slopes.set(ylabel="derivative by the logit", ylim=(-1.25, 0.25))
    # The curves leave the middle of both sides free.
    slopes.legend(fontsize=9, loc="center left" if logit > 0 else "center right")
    figure.suptitle(
        f"logit {logit:g}: the discriminator gives it {_sigmoid(logit):.1%} for recorded", fontsize=11, y=0.98
    )
    return figure


def plot_objective(values: Mapping[str, float], lengths: Mapping[str, float]) -> Figure:
    """Draw what part of an objective each of its terms is, and beside it how long each term's gradient is.

    Values add up, so they are one stacked bar. Lengths of gradients do not, since gradients point in different
    directions: each is a point of its own, on a scale of powers of ten.

    Args:
        values: term -> its value; at most three, all positive.
        lengths: the same terms -> the length of its gradient.
    """
    figure = new_figure(10, 3.4)
    shares, pulls = figure.subplots(1, 2, width_ratios=(1.5, 1))
    left, total = 0.0, sum(values.values())
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85}
    for row, (term, look, hatch) in enumerate(zip(values, CURVES[:3], ("", "///", ".."), strict=True)):
        part = 100 * values[term] / total
        shares.barh(0, part, 0.5, left=left, color=look["color"], hatch=hatch, edgecolor="white", label=term)
        if part > 6:
            shares.text(left + part / 2, 0, f"{part:.0f} %", ha="center", va="center", fontsize=10, bbox=box)
        left += part
        pulls.plot([lengths[term]], [row], look["marker"], color=look["color"], ms=11)
        pulls.text(lengths[term], row, f"   {lengths[term]:.2g}", va="center", fontsize=10)
    shares.set(xlim=(0, 100), ylim=(-0.7, 0.7), yticks=[], xlabel="share of the objective's value (%)")
    legend_above(shares, 3)
    pulls.set(xscale="log", xlabel="length of the gradient", yticks=range(len(values)), yticklabels=list(values))
    low, high = min(lengths.values()), max(lengths.values())
    pulls.set(xlim=(low / 5, high * 20), ylim=(-0.6, len(values) - 0.4))  # room for the numbers
    pulls.invert_yaxis()
    return figure


_WEIGHTS = np.geomspace(0.01, 100, 121)


@cache
def _resting_places(blur: float) -> list[float]:
    """Return where answers come to rest, for each of the weights that are drawn: the same at every step of a slider."""
    return [resting_place(weight, blur) for weight in _WEIGHTS]


def plot_two_futures(weight: float = 0.01, blur: float = 0.5) -> Figure:
    """Draw the toy of two futures: recordings, the generator's answer and the critic, and where answers come to rest.

    Args:
        weight: of the critic's term, more than 0.
        blur: of recordings and predictions, see `cs2s.workbook.two_futures`.
    """
    places, guess = np.linspace(-2.5, 2.5, 251), resting_place(weight, blur)
    figure = new_figure(10, 4.1, layout=None)
    shown, rests = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.07, right=0.98, bottom=0.13, top=0.76, wspace=0.22)
    recorded, predicted, judged = CURVES[:3]
    shown.fill_between(places, recorded_density(places, blur), color=recorded["color"], alpha=0.25)
    curves = {
        "recorded (density)": (recorded_density(places, blur), recorded),
        "predicted (density)": (norm.pdf(places, guess, blur), predicted),
        "best critic: D": (best_critic(places, guess, blur), judged),
    }
    for name, (heights, look) in curves.items():
        shown.plot(places, heights, color=look["color"], ls=look["ls"], lw=2, label=name)
    shown.plot([guess], [0], predicted["marker"], color=predicted["color"], ms=11, clip_on=False, zorder=5)
    shown.set(xlabel="the number that is to be predicted", ylim=(0, 1.2 * max(1, norm.pdf(0, 0, blur))))
    legend_above(shown, 3)
    rests.plot(_WEIGHTS, _resting_places(blur), color=predicted["color"], lw=2)
    rests.plot([weight], [guess], predicted["marker"], color=predicted["color"], ms=11, zorder=5)
    rests.axhline(1, color=QUIET, lw=1, ls=":")
    rests.text(0.011, 1.02, "a future that is recorded", fontsize=10, color=TEXT)
    rests.text(0.011, 0.03, "their mean", fontsize=10, color=TEXT)
    rests.set(xscale="log", ylim=(-0.04, 1.12), xlabel="weight of the critic", ylabel="where the answer comes to rest")
    figure.suptitle(
        f"weight {weight:g}: the answer is {guess:.2f}; the best critic loses {best_critic_loss(guess, blur):.2f}, "
        f"and would lose {KNOWS_NOTHING:.2f} if it could not tell",
        fontsize=11,
        y=0.97,
    )
    return figure


def pulls(study: Mapping[str, Any]) -> np.ndarray:
    """Return how many times as long the squared error's gradient is as the critic's, weighted, at each checkpoint.

    Args:
        study: of a run, as ``cs2s critic-study`` writes it; its critic's weight is not 0.
    """
    moments = study["checkpoints"]
    return np.array([moment["pull_reconstruction"] / (study["weight"] * moment["pull_gan"]) for moment in moments])


def plot_critic(studies: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Draw how much the critic pulls along trainings, both losses, and how often it is right.

    Args:
        studies: name to show -> study, see `pulls`; at most three.
    """
    figure = new_figure(11, 7)
    (ratio, right), (rebuilt, judged) = figure.subplots(2, 2)
    for (name, study), look in zip(studies.items(), CURVES, strict=False):
        moments = study["checkpoints"]
        iterations = [moment["iteration"] for moment in moments]
        line = {**look, "ms": 4, "label": name}
        ratio.plot(iterations, pulls(study), **line)
        shares = [50 * (moment["right_recorded"] + moment["right_predicted"]) for moment in moments]
        right.plot(iterations, shares, **line)
        rebuilt.plot(iterations, [moment["reconstruction"] for moment in moments], **line)
        judged.plot(iterations, [moment["discriminator_loss"] for moment in moments], **line)
    ratio.set_yscale("log")
    ratio.axhline(1, color=QUIET, lw=1.4, ls=":")
    ratio.set_title("the squared error's pull over the critic's\n(dotted: both pull alike)", fontsize=10)
    right.axhline(50, color=QUIET, lw=1.4, ls=":")
    right.set_ylim(0, 103)
    right.set_title("how often the critic is right (%)\n(dotted: by guessing)", fontsize=10)
    rebuilt.set_title(_RECONSTRUCTION, fontsize=10)
    rebuilt.set_yscale("log")
    judged.axhline(KNOWS_NOTHING, color=QUIET, lw=1.4, ls=":")
    judged.set_title("discriminator loss\n(dotted: cannot tell)", fontsize=10)
    judged.set_ylim(bottom=0)
    for axes in (ratio, right, rebuilt, judged):
        axes.set_xlabel("iteration")
    ratio.legend(fontsize=9)
    return figure


def plot_movement(studies: Mapping[str, Mapping[str, Any]], fps: float = 25) -> Figure:
    """Draw how far predicted joints move from frame to frame, over how far recorded ones do; one panel an action.

    Args:
        studies: name to show -> study, see `pulls`; at most three, of the same data.
        fps: of the motion.
    """
    actions = list(next(iter(studies.values()))["movement"])
    figure = new_figure(11, 3.4)
    panels = figure.subplots(1, len(actions), sharey=True, squeeze=False)[0]
    for axes, action in zip(panels, actions, strict=True):
        for (name, study), look in zip(studies.items(), CURVES, strict=False):
            moved = study["movement"][action]
            share = np.array(moved["predicted"]) / np.array(moved["recorded"])
            axes.plot(1000 / fps * np.arange(1, len(share) + 1), share, **look, ms=4, label=name)
        axes.axhline(1, color=QUIET, lw=1.4, ls=":")
        axes.set_xlabel("time into the future (ms)")
        axes.set_title(plain(action), fontsize=10)
    panels[0].set(ylabel="movement, predicted\nover recorded", ylim=(0, None))
    lines, names = panels[0].get_legend_handles_labels()
    figure.legend(lines, names, loc="outside upper center", ncols=len(studies), fontsize=10)
    return figure


def step_sizes(motion: Motion) -> np.ndarray:
    """Return how far a joint moves from each frame to the next, mean over the joints, ``(frames - 1,)``, mm."""
    return np.linalg.norm(np.diff(motion.positions(), axis=0), axis=-1).mean(axis=-1)


def plot_steps(steps: Mapping[str, np.ndarray], first: int = 40, last: int = 59) -> Figure:
    """Draw how far the joints move between successive frames, around the seam of past and prediction.

    Args:
        steps: name of the motion -> mean movement to each frame from the one before, ``(frames - 1,)``, mm.
        first, last: the places in the motion to draw, from 0.
    """
    figure = new_figure(10, 3.9)
    axes = figure.subplots()
    places = np.arange(first, last + 1)
    for (name, sizes), look, size in zip(steps.items(), CURVES, (10, 5, 3), strict=False):
        # Where curves coincide, the smaller marks lie within the larger, hollow ones.
        axes.plot(places, sizes[places - 1], **look, ms=size, mfc="none", label=name)
    axes.axvline(OBSERVED - 0.5, color=QUIET, lw=1, ls=":")
    top: dict[str, Any] = {"y": 0.93, "fontsize": 10, "color": TEXT, "transform": axes.get_xaxis_transform()}
    axes.text(OBSERVED - 0.7, s="the past", ha="right", **top)
    axes.text(OBSERVED - 0.3, s="the prediction", **top)
    axes.set(xlabel="place in the motion that is shown", ylabel="movement since the frame before\n(mm, mean of joints)")
    axes.set_ylim(0, 1.25 * max(sizes[places - 1].max() for sizes in steps.values()))
    axes.set_xticks(places[::2])
    legend_above(axes, 2)
    return figure


_RECONSTRUCTION = "reconstruction\n(mean squared error)"
_GAN = "GAN loss of the generator\n(mean of -log D)"
_DISCRIMINATOR = "discriminator loss\n(two cross-entropies)"


def _mark(axes: Axes, level: float) -> None:
    """Draw the line of a discriminator that knows nothing."""
    axes.axhline(level, color=QUIET, lw=1.4, ls=":", label=f"cannot tell: {level:.3f}")


def plot_resumed(before: list[dict], after: list[dict], gan_loss_weight: float = 0.01) -> Figure:
    """Draw the losses of every iteration of a training that was interrupted and resumed.

    Args:
        before: one entry an iteration: its number ("iteration", from 1) and its losses by the names of `fit`.
        after: the same of the resumed training, which begins at the last checkpoint, so some come twice.
        gan_loss_weight: of the settings; the GAN loss is worked out from the generator's loss with it.
    """
    figure = new_figure(11, 3.9)
    looks = {
        "until it was stopped": {"color": FIRST, "ls": "-", "lw": 1.8},
        "resumed": {"color": SECOND, "ls": "--", "lw": 0.8, "marker": "o", "mfc": "none", "ms": 4.5},
    }
    panels = {
        _RECONSTRUCTION: lambda row: row["reconstruction"],
        _GAN: lambda row: (row["generator_loss"] - row["reconstruction"]) / gan_loss_weight,
        _DISCRIMINATOR: lambda row: row["discriminator_loss"],
    }
    levels = (None, KNOWS_NOTHING / 2, KNOWS_NOTHING)
    for axes, (title, value), level in zip(figure.subplots(1, 3), panels.items(), levels, strict=True):
        for (label, look), rows in zip(looks.items(), (before, after), strict=True):
            axes.plot([row["iteration"] for row in rows], [value(row) for row in rows], **look, label=plain(label))
        if level:
            _mark(axes, level)
        axes.set(xlabel="iteration")
        axes.set_title(title, fontsize=10)
        axes.legend(fontsize=8, loc="upper right")
        low, high = axes.get_ylim()
        axes.set_ylim(low, high + 0.35 * (high - low))  # room for the legend
    return figure


def plot_history(history: list[dict[str, str]]) -> Figure:
    """Draw a run's ``history.csv``: discriminator loss, reconstruction and test error after each stretch.

    Args:
        history: as `cs2s.training.runs.Run.read_history` gives it.
    """
    iterations = [int(row["iteration"]) for row in history]
    figure = new_figure(11, 3.6)
    judge, rebuilt, tested = figure.subplots(1, 3)
    panels = ((judge, "discriminator_loss", _DISCRIMINATOR), (rebuilt, "reconstruction", _RECONSTRUCTION))
    for axes, name, title in panels:
        axes.plot(iterations, [float(row[name]) for row in history], **CURVES[0])
        axes.set_title(title, fontsize=10)
    for frame, look in zip((1, 9), CURVES, strict=False):
        errors = [float(row[f"test_error_f{frame}"]) for row in history]
        tested.plot(iterations, errors, **look, label=f"frame {frame}")
    tested.set_title("error on the test windows\n(mean angle error, radians)", fontsize=10)
    _mark(judge, KNOWS_NOTHING)
    judge.legend(fontsize=8, loc="lower left")
    for axes in (judge, rebuilt, tested):
        axes.set(xlabel="iteration")
        axes.set_ylim(bottom=0)
    tested.legend(fontsize=8)
    return figure
