"""Pictures of predictions, window by window: which are best and worst, where freezing wins, how fast joints move.

Taught in ``notebooks/06_explore_predictions``.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.motion.motion import Motion
from cs2s.pictures.panels import AZIMUTH, ELEVATION
from cs2s.pictures.stage import Stage
from cs2s.pictures.stick_figure import draw_pose, new_axes_3d
from cs2s.pictures.style import FIRST, GUESS, INK, QUIET, SECOND, TRUTH, new_figure, new_panels, plain
from cs2s.workbook.predictions import Predictions

__all__ = [
    "best_and_worst",
    "foot_sliding",
    "joint_speed",
    "plot_against_freezing",
    "plot_best_and_worst",
    "plot_speeds",
]


def joint_speed(motion: Motion) -> np.ndarray:
    """Return how fast the joints move, seen from the hips and averaged, ``(frames - 1,)``, mm a second."""
    positions = motion.positions()
    steps = np.diff(positions - positions[:, :1], axis=0)
    return np.linalg.norm(steps, axis=-1).mean(axis=-1) * motion.fps


def foot_sliding(motion: Motion, height: float = 30.0) -> float:
    """Return how fast the feet that are on the floor glide over it, mm a second; on a real floor about 0.

    A foot (the base of its toes) counts as on the floor in a step that starts and ends less than `height` mm above
    the lowest place where a foot of this motion ever is. If there is no such step, the result is nan.
    """
    feet = motion.positions()[:, [motion.skeleton.joints.index(f"{side}ToeBase") for side in ("Left", "Right")]]
    low = feet[..., 1] < feet[..., 1].min() + height
    speed = np.linalg.norm(np.diff(feet[..., [0, 2]], axis=0), axis=-1) * motion.fps
    on_floor = low[1:] & low[:-1]
    return float(speed[on_floor].mean()) if on_floor.any() else np.nan


def best_and_worst(predictions: Predictions, predictor: str, frame: int = 9) -> dict[str, tuple[int, int]]:
    """Return for each action the windows with the smallest and the largest error at a predicted frame."""
    errors = {action: predictions.errors(action, predictor)[:, frame] for action in predictions.actions}
    return {action: (int(e.argmin()), int(e.argmax())) for action, e in errors.items()}


def _overlay(figure: Figure, place: tuple[float, float, float, float], stage: Stage, frame: int, title: str) -> None:
    """Draw truth and prediction on top of each other, hips on hips, below a title, at one place of a figure."""
    left, bottom, width, height = place
    axes = new_axes_3d(figure, (left, bottom, width, 0.88 * height), AZIMUTH, ELEVATION)
    axes.set(xlim=(-0.6, 0.6), ylim=(-0.6, 0.6), zlim=(0, 1.7))
    axes.set_box_aspect((1.2, 1.2, 1.7), zoom=1.6)
    for panel in (0, 1):
        pose = draw_pose(axes, stage.truth.skeleton, stage.positions(panel, frame), panel == 1, size=0.8)
        for line in pose.lines:
            line.set_clip_on(False)
    figure.text(left + width / 2, bottom + height, title, ha="center", va="top", fontsize=9)


def plot_best_and_worst(predictions: Predictions, predictor: str, frame: int = 9) -> Figure:
    """Draw truth and prediction overlaid in the best and in the worst window of each action, at one frame."""
    found = best_and_worst(predictions, predictor, frame)
    figure = new_figure(1.8 * len(found), 6, layout=None)
    for column, (action, windows) in enumerate(found.items()):
        for row, (word, window) in enumerate(zip(("best", "worst"), windows, strict=True)):
            stage = Stage(*predictions.motions(action, window, [predictor]), OBSERVED)
            place = (column / len(found), 0.51 - 0.475 * row, 1 / len(found), 0.43)
            error = predictions.errors(action, predictor)[window, frame]
            _overlay(figure, place, stage, OBSERVED + frame, f"{action}, window {window}\n{word}: {error:.2f} rad")
    time = predictions.milliseconds()[frame]
    figure.suptitle(f"truth under {plain(predictor)} (dots) at {time:.0f} ms", fontsize=11)
    return figure


def plot_against_freezing(predictions: Predictions, predictor: str, frames: Sequence[int] = (1, 9)) -> Figure:
    """Draw for each window how much less wrong a predictor is than zero velocity: a dot a window."""
    figure = new_figure(10, 3.6)
    for axes, frame in zip(figure.subplots(1, len(frames)), frames, strict=True):
        for place, action in enumerate(predictions.actions):
            frozen, learned = (predictions.errors(action, p)[:, frame] for p in ("zero-velocity", predictor))
            x = place + np.linspace(-0.28, 0.28, len(frozen))
            for better, marker, colour in ((True, "o", FIRST), (False, "x", SECOND)):
                shown = (learned < frozen) == better
                axes.plot(x[shown], (frozen - learned)[shown], marker, color=colour, ms=6)
        axes.axhline(0, color=INK, lw=1)
        axes.set_xticks(range(len(predictions.actions)), predictions.actions)
        axes.set(title=f"predicted frame {frame}: {predictions.milliseconds()[frame]:.0f} ms", ylabel="gain (radians)")
    return figure


def plot_speeds(
    predictions: Predictions, action: str, windows: Sequence[int], predictor: str, frames: int = PREDICTED
) -> Figure:
    """Draw the speed of the joints over time, true and predicted: a panel a window."""
    figure, (panels,) = new_panels(5 * len(windows), 3.4, 1, len(windows), sharey=True)
    for axes, window in zip(panels, windows, strict=True):
        truth, predicted = predictions.motions(action, window, [predictor], frames)
        for name, motion, look, colour in (
            ("truth", truth, "-", TRUTH),
            (predictor, predicted[predictor], ".--", GUESS),
        ):
            time = (np.arange(1, len(motion)) - (OBSERVED - 1)) * 1000 / motion.fps
            axes.plot(time, joint_speed(motion), look, color=colour, label=plain(name))
        axes.axvline(0, color=QUIET, ls=":", label="last observed frame")
        axes.set(title=f"{action}, window {window}", xlabel="milliseconds", ylabel="joint speed (mm a second)")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    return figure
