"""Exploring predictions: any window, predictor and moment, as pure pictures and as a panel of widgets.

`Predictions` holds the test windows of a data set and predicts each of them once; the functions ``plot_...`` draw
from it, and `Explorer` puts controls around `plot_prediction`. Taught in ``notebooks/06_explore_predictions``.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import OBSERVED, PREDICTED, dataset_statistics, halved, test_windows
from cs2s.errors import InputError
from cs2s.evaluation.baselines import BASELINES, Predictor
from cs2s.evaluation.evaluation import milliseconds
from cs2s.evaluation.measures import angle_error
from cs2s.motion.motion import Motion
from cs2s.pictures.film import Scene
from cs2s.pictures.panels import AZIMUTH, ELEVATION
from cs2s.pictures.stage import Stage
from cs2s.pictures.stick_figure import draw_pose, new_axes_3d
from cs2s.pictures.style import CURVES, FIRST, INK, QUIET, SECOND, new_figure, plain
from cs2s.training.pretrained import is_pretrained, pretrained_for
from cs2s.training.runs import RUN_FOLDERS, Run
from cs2s.workbook.opening import as_png

__all__ = [
    "Explorer",
    "Predictions",
    "best_and_worst",
    "error_line",
    "foot_sliding",
    "found_predictors",
    "joint_speed",
    "plot_against_freezing",
    "plot_best_and_worst",
    "plot_drift",
    "plot_prediction",
]

LONGEST = 100  # the most frames that can be predicted


@dataclass
class _LoadedWhenAsked:
    """A trained predictor, loaded when it first predicts: TensorFlow takes seconds to import."""

    source: Path | str
    name: str

    @cached_property
    def _model(self) -> Predictor:
        from cs2s.training.predictors import load_predictor

        return load_predictor(self.source)

    def __call__(self, observed: Motion, frames: int) -> Motion:
        return self._model(observed, frames)


def found_predictors(
    dataset: Dataset, network: Path | str | None = None, folders: Sequence[Path] = RUN_FOLDERS
) -> dict[str, Predictor]:
    """Return everything there is that can predict a data set, by name: baselines, runs and shipped predictors.

    Args:
        dataset: what is to be predicted.
        network: the run directory or ``pretrained:NAME`` to be called ``"network"``; it is not listed a second time.
        folders: where to look for run directories. All that were trained on this very data and have a checkpoint
            count, imported ones too; damaged ones do not.
    """
    found: dict[str, Predictor] = dict(BASELINES)
    if network is not None:
        found["network"] = _LoadedWhenAsked(network, "network")
    seen = {Path(network).resolve()} if network is not None and not is_pretrained(network) else set()
    for folder in sorted(path.parent for parent in folders for path in parent.glob("*/run.json")):
        try:
            other = Run.open(folder)
        except InputError:
            continue
        if other.is_trained_on(dataset.fingerprint) and folder.resolve() not in seen:
            seen.add(folder.resolve())
            found[f"runs/{folder.name}"] = _LoadedWhenAsked(folder, f"runs/{folder.name}")
    shipped = [name for name in pretrained_for(dataset.description.name) if name != network]
    return found | {name: _LoadedWhenAsked(name, name) for name in shipped}


class Predictions:
    """The paper's test windows of a data set, and what predictors make of them.

    A predictor is asked once for 25 frames of all windows of an action, and once for `LONGEST` where more than 25
    are wanted. What is asked for again comes out of memory. Unknown names and numbers raise an `InputError`.

    Attributes:
        dataset: the data.
        predictors: by the names that pictures show.
        actions: of the test takes, alphabetically.
    """

    def __init__(self, dataset: Dataset, predictors: Mapping[str, Predictor]) -> None:
        self.dataset = dataset
        self.predictors = dict(predictors)
        self.actions = dataset.actions("test")
        statistics = dataset_statistics(dataset)
        self._truth: dict[str, list[Motion]] = {}
        for windows in test_windows(dataset, statistics):
            # The windows of every table, except that the recording goes on for longer.
            takes = [
                halved(dataset.motions[take])[start : start + OBSERVED + LONGEST] for take, start in windows.starts
            ]
            self._truth[windows.action] = [
                replace(motion, rows=statistics.unnormalise(statistics.normalise(motion.rows))) for motion in takes
            ]
        # (action, predictor, 25 or LONGEST) -> all windows at once
        self._predicted: dict[tuple[str, str, int], Motion] = {}
        self._errors: dict[tuple[str, str, int], np.ndarray] = {}

    def truth(self, action: str, window: int, frames: int = PREDICTED) -> Motion:
        """Return a true window of 50 frames and so many more; fewer if the recording ends before."""
        if action not in self._truth:
            raise InputError(f"there is no action '{action}'; choose one of: {', '.join(self.actions)}.")
        if not 0 <= window < len(self._truth[action]):
            raise InputError(f"{action} has no window {window}, but windows 0 to {len(self._truth[action]) - 1}.")
        if not 1 <= frames <= LONGEST:
            raise InputError(f"a horizon of {frames} frames makes no sense: it must be from 1 to {LONGEST}.")
        return self._truth[action][window][: OBSERVED + frames]

    def predicted(self, action: str, predictor: str, frames: int = PREDICTED) -> Motion:
        """Return what follows all windows of an action, a batch, rows ``(windows, frames, columns)``.

        Raises:
            InputError: if the predictor is unknown, or what it returns is no motion or has rows of another shape.
        """
        if predictor not in self.predictors:
            raise InputError(f"there is no predictor '{predictor}'; choose one of: {', '.join(self.predictors)}.")
        length = PREDICTED if frames <= PREDICTED else LONGEST
        key = action, predictor, length
        if key not in self._predicted:
            self.truth(action, 0, frames)
            observed = Motion.stacked([motion[:OBSERVED] for motion in self._truth[action]])
            found = self.predictors[predictor](observed, length)
            if not isinstance(found, Motion):
                raise InputError(f"{predictor} returned a {type(found).__name__} instead of a Motion.")
            wanted = (len(observed.rows), length, observed.rows.shape[-1])
            if found.rows.shape != wanted:
                raise InputError(f"{predictor} returned rows of shape {found.rows.shape} instead of {wanted}.")
            self._predicted[key] = found
        return self._predicted[key][:frames]

    def errors(self, action: str, predictor: str, frames: int = PREDICTED) -> np.ndarray:
        """Return the angle error of each window at each predicted frame, ``(windows, frames)``, radians.

        Over the windows, the first 25 average to what `cs2s.evaluation.evaluation.evaluate` gives. After the end of a
        recording they are nan.
        """
        length = PREDICTED if frames <= PREDICTED else LONGEST
        key = action, predictor, length
        if key not in self._errors:
            predicted = self.predicted(action, predictor, length)
            errors = np.full(predicted.rows.shape[:2], np.nan)
            for window in range(len(errors)):
                truth = self.truth(action, window, length)
                # The first 25 are measured on windows of 75 frames, whose columns at rest do not count.
                for count in dict.fromkeys((len(truth) - OBSERVED, PREDICTED)):
                    errors[window, :count] = angle_error(truth[: OBSERVED + count], predicted.one(window)[:count])
            self._errors[key] = errors
        return self._errors[key][:, :frames]

    def motions(
        self, action: str, window: int, predictors: Sequence[str], frames: int = PREDICTED
    ) -> tuple[Motion, dict[str, Motion]]:
        """Return a window as motions: the truth, and by predictor the observed frames and their continuation."""
        truth = self.truth(action, window, frames)
        predicted = {name: self.predicted(action, name, frames).one(window) for name in predictors}
        return truth, {name: truth[:OBSERVED].then(motion) for name, motion in predicted.items()}

    def milliseconds(self, frames: int = PREDICTED) -> np.ndarray:
        """Return how long after the last observed frame each predicted frame is, ``(frames,)``."""
        return milliseconds(np.arange(frames), self.dataset.description.fps)


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


def _scene(
    predictions: Predictions, action: str, window: int, predictors: Sequence[str], frames: int, azimuth: float
) -> Scene:
    truth, motions = predictions.motions(action, window, predictors, frames)
    title = f"{predictions.dataset.description.name}, {action}, window {window}"
    return Scene(truth, motions, OBSERVED, title=title, azimuth=azimuth)


def plot_prediction(
    predictions: Predictions,
    action: str,
    window: int,
    predictors: Sequence[str],
    frames: int = PREDICTED,
    frame: int = OBSERVED + 9,
    azimuth: float = AZIMUTH,
) -> Figure:
    """Draw one moment of a window: the truth, and what each predictor expected, side by side.

    Args:
        predictions: the windows of a data set and what is made of them.
        action: which action.
        window: which of its windows, from 0.
        predictors: names of those to show.
        frames: how many frames are predicted, from 1 to `LONGEST`.
        frame: which frame of the window: 0 to 49 are observed, 50 is the first predicted.
        azimuth: camera in degrees around the person: 0 is in front of them, 90 on their left.

    Raises:
        InputError: if there is no such action, window, predictor, frames or frame.
    """
    scene = _scene(predictions, action, window, predictors, frames, azimuth)
    scene.show(frame)
    return scene.figure


def error_line(
    predictions: Predictions, action: str, window: int, predictors: Sequence[str], frames: int, frame: int, **_: float
) -> str:
    """Say the angle error of each predictor at one moment of a window; arguments as in `plot_prediction`."""
    if frame < OBSERVED:
        return f"This frame was observed; the first predicted one is frame {OBSERVED}."
    moment = frame - OBSERVED
    errors = [f"{name} {predictions.errors(action, name, frames)[window, moment]:.2f}" for name in predictors]
    time = predictions.milliseconds(frames)[moment]
    return f"Angle error at {time:.0f} ms, in radians: {', '.join(errors) or 'no predictor is chosen'}."


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


def plot_drift(
    predictions: Predictions, action: str, window: int, predictors: Sequence[str], frames: int = PREDICTED
) -> Figure:
    """Draw the error of one window over time; above it truth and first predictor, overlaid."""
    figure = new_figure(10, 5, layout=None)
    axes = figure.add_axes((0.07, 0.12, 0.91, 0.4))
    stage = Stage(*predictions.motions(action, window, predictors[:1], frames), OBSERVED)
    time, count = predictions.milliseconds(frames), 6
    for name, look in zip(predictors, CURVES, strict=False):
        error = predictions.errors(action, name, frames)[window]
        axes.plot(time, error, **look, ms=4, label=plain(name))
    for column in range(count):
        moment = min(round((column + 0.5) * frames / count), len(stage) - OBSERVED) - 1
        place = (0.07 + 0.91 * column / count, 0.55, 0.91 / count, 0.39)
        _overlay(figure, place, stage, OBSERVED + moment, f"{time[moment]:.0f} ms")
        axes.axvline(time[moment], color=QUIET, ls=":", lw=1)
    axes.set(xlim=(0, frames * time[0]), xlabel="milliseconds after the last observed frame")
    axes.set(ylim=(0, 1.25 * axes.dataLim.y1), ylabel="angle error (radians)")
    axes.legend(loc="upper left", frameon=False, ncols=4)
    figure.suptitle(f"{action}, window {window}: truth under {plain(predictors[0])} (dots)", fontsize=11)
    return figure


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


class Explorer(widgets.VBox):
    """Controls above a picture that follows them: `plot_prediction` with everything to choose.

    One picture is replaced again and again. The film runs in the browser, which sends a frame only when the one
    before has been drawn, and leaves out those that came in between.

    Attributes:
        controls: the widgets by the arguments of `plot_prediction`, and ``dataset``.
        play, picture, line: the film's buttons; what `plot_prediction` draws; what `error_line` says.
    """

    def __init__(self, *collections: Predictions, **start: Any) -> None:
        """Show one or more data sets; `start` is what `plot_prediction` is given at first."""
        self._collections = {predictions.dataset.description.name: predictions for predictions in collections}
        first, last = collections[0], OBSERVED + LONGEST - 1
        start = {"window": 0, "frames": PREDICTED, "frame": OBSERVED + 9, "azimuth": AZIMUTH, **start}
        self.controls = {
            "frame": widgets.IntSlider(start["frame"], 0, last, layout={"width": "32em"}),
            "window": widgets.IntSlider(start["window"], 0, 7),
            "frames": widgets.IntSlider(start["frames"], 1, LONGEST),
            "azimuth": widgets.IntSlider(int(start["azimuth"]), -180, 180, 5),
            "dataset": widgets.Dropdown(options=list(self._collections)),
            "action": widgets.Dropdown(options=first.actions, value=start.get("action", first.actions[0])),
            "predictors": widgets.SelectMultiple(options=list(first.predictors), rows=6),
        }
        self.controls["predictors"].value = tuple(start.get("predictors", ()))
        self.play = widgets.Play(value=start["frame"], max=last, interval=150)
        self.picture, self.line = widgets.Image(format="png"), widgets.HTML()
        self._shown: tuple[tuple[Any, ...], Scene] | None = None
        self._adapting = False
        for name, control in self.controls.items():
            control.description = name
            control.observe(self._follow, names="value")
        widgets.jslink((self.play, "value"), (self.controls["frame"], "value"))
        frame, *others, predictors = self.controls.values()
        choice = widgets.HBox([widgets.VBox(others), predictors])
        super().__init__([widgets.HBox([self.play, frame]), choice, self.picture, self.line])
        self._follow()

    def settings(self) -> dict[str, Any]:
        """Return the arguments of `plot_prediction` at which the controls stand."""
        settings = {name: control.value for name, control in self.controls.items()}
        return {"predictions": self._collections[settings.pop("dataset")], **settings}

    def _follow(self, _: object = None) -> None:
        """Draw what the controls say: once, even where one control moves another."""
        if self._adapting:
            return
        self._adapting = True
        try:
            self._adapt(**self.settings())
            self._draw(**self.settings())
        except Exception as error:
            # Whatever a reader's own predictor does, it is said here and not lost in a log.
            self.line.value = f"<b>{html.escape(f'{type(error).__name__}: {error}')}</b>"
        finally:
            self._adapting = False

    def _adapt(self, predictions: Predictions, predictors: tuple[str, ...], **_: Any) -> None:
        """Offer what the chosen data set and window have."""
        control = self.controls
        if tuple(control["action"].options) != predictions.actions:
            control["action"].options = predictions.actions
            control["predictors"].options = tuple(predictions.predictors)
            control["predictors"].value = [name for name in predictors if name in predictions.predictors]
        truth = predictions.truth(control["action"].value, control["window"].value, control["frames"].value)
        control["frame"].max = self.play.max = len(truth) - 1

    def _draw(self, frame: int, **settings: Any) -> None:
        key = tuple(settings.values())
        if self._shown is None or self._shown[0] != key:
            self.line.value = "predicting and drawing ..."
            self._shown = key, _scene(**settings)
        # A scene that was moved shows the same as a new one, and takes half the time.
        scene = self._shown[1]
        scene.show(frame)
        self.picture.value = as_png(scene.figure)
        self.line.value = html.escape(error_line(frame=frame, **settings))
