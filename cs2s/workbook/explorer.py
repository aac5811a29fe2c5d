"""The explorer: controls round `cs2s.workbook.window_pages.window_page`, which answer "what if".

It is made of core ipywidgets alone: its page plays, turns and scrubs by itself, and Python hears of what is asked
anew by ordinary controls, so that no channel of its own from the page is needed. Taught in
``notebooks/06_explore_predictions``.
"""

import html
from collections.abc import Callable
from threading import RLock, Thread
from typing import Any

import ipywidgets as widgets
import numpy as np

from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.motion.edits import LIMBS
from cs2s.pictures.player import player_page
from cs2s.workbook.predictions import LONGEST, Predictions
from cs2s.workbook.what_if import AS_IT_WAS, WhatIf
from cs2s.workbook.window_pages import window_page

__all__ = ["Explorer", "error_line"]

_HEIGHT = 790  # pixels of the page
_MAP = 600, 150  # pixels of the scatter of windows
_JOINTS = ("Spine", "Neck", *(side + name for name in ("Arm", "ForeArm", "UpLeg", "Leg") for side in ("Left", "Right")))
_FIRST = 25  # frame: a second before the end of what was observed
_MOMENT = 9  # the predicted frame by which windows are told worst and most improved


def error_line(
    predictions: Predictions,
    action: str,
    window: int,
    predictors: tuple[str, ...],
    frames: int = PREDICTED,
    what_if: WhatIf = AS_IT_WAS,
) -> str:
    """Say the angle errors of predictors in a window, as it was and with another past; see `window_page`."""
    moments = [moment for moment in (1, 9, 24) if moment < frames] or [0]
    times = predictions.milliseconds(frames)
    parts = []
    for name in predictors:
        was = predictions.of_window(action, window, name, frames)[1]
        numbers = [f"{was[moment]:.2f}" for moment in moments]
        if what_if.only_what_matters() != AS_IT_WAS:
            now = predictions.of_window(action, window, name, frames, what_if)[1]
            numbers = [f"{number} → {now[moment]:.2f}" for number, moment in zip(numbers, moments, strict=True)]
        parts.append(f"{name} {', '.join(numbers)}")
    at = ", ".join(f"{times[moment]:.0f}" for moment in moments)
    return f"Angle error in radians at {at} ms: {'; '.join(parts) or 'no predictor is chosen'}."


class Explorer(widgets.VBox):
    """Any window of any data set, what predictors make of it, and what they would make of another past.

    A predictor that has to be loaded first is shown as soon as it answers; the others are there at once.

    Attributes:
        controls: the widgets by the arguments of `window_page`, and ``dataset``.
        what_if: the widgets by the fields of `WhatIf`.
        buttons: by what stands on them.
        page, line: what is shown, and what is said of it.
    """

    def __init__(self, *collections: Predictions, **start: Any) -> None:
        """Show one or more data sets; `start` is what `window_page` is given at first."""
        self._collections = {predictions.dataset.description.name: predictions for predictions in collections}
        first = collections[0]
        what_if = start.get("what_if", AS_IT_WAS)
        action = start.get("action", first.actions[0])
        self.controls = {
            "window": widgets.IntSlider(start.get("window", 0), 0, first.windows(action) - 1),
            "action": widgets.Dropdown(options=first.actions, value=action),
            "dataset": widgets.Dropdown(options=list(self._collections)),
            "frames": widgets.IntSlider(start.get("frames", PREDICTED), 1, LONGEST),
            "predictors": widgets.SelectMultiple(options=list(first.predictors), rows=5),
        }
        self.controls["predictors"].value = tuple(start.get("predictors", ()))
        self.what_if = _what_if_controls(first, what_if)
        self.page, self.line = widgets.HTML(), widgets.HTML()
        self.buttons = {
            words: widgets.Button(description=words, layout={"width": "auto"})
            for words in ("worst window", "most improved window", "all windows", "as it was")
        }
        self.map = widgets.Box(layout={"display": "none"})
        self._lock, self._adapting = RLock(), False
        self._loading: Thread | None = None
        for name, control in {**self.controls, **self.what_if}.items():
            control.description = name.replace("_", " ")
            control.observe(self._follow, names="value")
        for words, act in zip(self.buttons, (self._worst, self._most_improved, self._all, self._reset), strict=True):
            self.buttons[words].on_click(act)
        super().__init__([*self._arranged(), self.line, self.page])
        self._follow()

    def _arranged(self) -> list[widgets.Widget]:
        *others, predictors = self.controls.values()
        if len(self._collections) == 1:
            others.remove(self.controls["dataset"])
        worst, improved, everything, reset = self.buttons.values()
        edits = list(self.what_if.values())
        columns = [widgets.VBox(edits[place : place + 5]) for place in range(0, len(edits), 5)]
        what_if = widgets.Accordion([widgets.VBox([widgets.HBox(columns, layout={"flex_flow": "row wrap"}), reset])])
        what_if.set_title(0, "What if the past had been another one?")
        choice = widgets.HBox([widgets.VBox(others), predictors], layout={"flex_flow": "row wrap"})
        return [choice, widgets.HBox([worst, improved, everything]), self.map, what_if]

    def settings(self) -> dict[str, Any]:
        """Return the arguments of `window_page` at which the controls stand."""
        settings = {name: control.value for name, control in self.controls.items()}
        what_if = WhatIf(**{name: control.value for name, control in self.what_if.items()})
        return {"predictions": self._collections[settings.pop("dataset")], **settings, "what_if": what_if}

    def wait(self) -> None:
        """Wait until every predictor that was asked for is loaded and shown."""
        while (loading := self._loading) is not None:
            loading.join()

    def go_to(self, action: str, window: int) -> None:
        """Show another window."""
        self._set(self.controls, action=action, window=window)

    def _set(self, controls: dict[str, widgets.Widget], **values: object) -> None:
        """Move several controls, and draw once."""
        with self._lock:
            self._adapting = True
            try:
                for name, value in values.items():
                    controls[name].value = value
            finally:
                self._adapting = False
            self._follow()

    def _follow(self, _: object = None) -> None:
        """Show what the controls say: once, even where one control moves another."""
        with self._lock:
            if self._adapting:
                return
            self._adapting = True
            try:
                self._adapt(self.settings())
                self._draw(**self.settings())
            except Exception as error:
                # Whatever a reader's own predictor does, it is said here and not lost in a log.
                self._say(error)
            finally:
                self._adapting = False

    def _say(self, error: Exception) -> None:
        self.line.value = f"<b>{html.escape(f'{type(error).__name__}: {error}')}</b>"

    def _adapt(self, settings: dict[str, Any]) -> None:
        """Offer what the chosen data set has."""
        predictions, control = settings["predictions"], self.controls
        if tuple(control["action"].options) != predictions.actions:
            control["action"].options = predictions.actions
            control["predictors"].options = tuple(predictions.predictors)
            known = [name for name in settings["predictors"] if name in predictions.predictors]
            control["predictors"].value = known or tuple(predictions.predictors)[:1]
            self.map.children, self.map.layout.display = (), "none"
        control["window"].max = predictions.windows(control["action"].value) - 1

    def _draw(self, predictions: Predictions, predictors: tuple[str, ...], **settings: Any) -> None:
        ready = tuple(name for name in predictors if predictions.is_ready(name))
        coming = [name for name in predictors if name not in ready]
        page = window_page(predictions, predictors=ready, **settings, keep=self.model_id, frame=_FIRST)
        self.page.value = _framed(page)
        self.line.value = html.escape(error_line(predictions, predictors=ready, **settings))
        if coming:
            self.line.value += f" <b>{html.escape(', '.join(coming))}: being loaded ...</b>"
            if self._loading is None:
                self._loading = Thread(target=self._load, args=(predictions, coming, settings), daemon=True)
                self._loading.start()

    def _load(self, predictions: Predictions, names: list[str], settings: dict[str, Any]) -> None:
        """Ask predictors for the first time, beside the reader; then show what the controls say by now."""
        try:
            for name in names:
                predictions.predicted(settings["action"], name, settings["frames"], settings["what_if"])
        except Exception as error:
            self._loading = None
            self._say(error)
        else:
            with self._lock:
                self._loading = None
                self._follow()

    def _judged(self) -> tuple[Predictions, str]:
        """Return the data set, and the predictor that buttons speak of: the last chosen one."""
        settings = self.settings()
        chosen = [name for name in settings["predictors"] if name != "zero-velocity"]
        return settings["predictions"], chosen[-1] if chosen else "zero-velocity"

    def _worst(self, _: object = None) -> None:
        self._ask(lambda predictions, name: self.go_to(*predictions.worst(name, _MOMENT)))

    def _most_improved(self, _: object = None) -> None:
        def most(predictions: Predictions, name: str) -> None:
            gains = predictions.gains(name, _MOMENT)
            self.go_to(*max(gains, key=lambda key: gains[key]))

        self._ask(most)

    def _all(self, _: object = None) -> None:
        def scatter(predictions: Predictions, name: str) -> None:
            shown = self.map.layout.display != "none"
            self.map.children = [] if shown else [_scatter(predictions, name, self.go_to)]
            self.map.layout.display = "none" if shown else None

        self._ask(scatter)

    def _ask(self, act: Callable[[Predictions, str], None]) -> None:
        try:
            act(*self._judged())
        except Exception as error:
            self._say(error)

    def _reset(self, _: object = None) -> None:
        was = WhatIf()
        self._set(self.what_if, **{name: getattr(was, name) for name in self.what_if})


def _framed(page: str) -> str:
    title = "a player of the chosen window, and its joints"
    source = html.escape(player_page(page, title))
    return f'<iframe title="{title}" style="width: 100%; height: {_HEIGHT}px; border: 0" srcdoc="{source}"></iframe>'


def _what_if_controls(predictions: Predictions, start: WhatIf) -> dict[str, widgets.Widget]:
    """Return a control for each field of `WhatIf`, in its order."""
    joints = predictions.dataset.description.skeleton.joints
    named = [("none", ""), *((name, name) for name in _JOINTS if name in joints)]
    limbs = [("none", ""), *((name, name) for name in LIMBS)]
    controls: dict[str, widgets.Widget] = {
        "mirror": widgets.Checkbox(indent=True),
        "faster": widgets.FloatSlider(1, min=0.5, max=2, step=0.05),
        "shift": widgets.IntSlider(0, -25, 25),
        "bend": widgets.Dropdown(options=named),
        "bend_about": widgets.Dropdown(options=["x", "y", "z"], value="y"),
        "bend_degrees": widgets.IntSlider(0, -120, 120, 5),
        "hold": widgets.Dropdown(options=named),
        "hold_frames": widgets.IntSlider(25, 0, OBSERVED - 1),
        "turn": widgets.IntSlider(0, -180, 180, 5),
        "move_x": widgets.FloatSlider(0, min=-5, max=5, step=0.25),
        "move_z": widgets.FloatSlider(0, min=-5, max=5, step=0.25),
        "noise": widgets.FloatSlider(0, min=0, max=20, step=0.5),
        "lost_limb": widgets.Dropdown(options=limbs),
        "lost_limb_frames": widgets.IntSlider(25, 0, OBSERVED),
        "lost_frames": widgets.FloatSlider(0, min=0, max=1, step=0.05),
    }
    for name, control in controls.items():
        control.value = getattr(start, name)
        control.style.description_width = "8em"
    return controls


def _scatter(predictions: Predictions, predictor: str, choose: Callable[[str, int], None]) -> widgets.Box:
    """Return a button for each window, as high as the predictor gains over freezing there; it opens its window."""
    gains = predictions.gains(predictor, _MOMENT)
    values = np.array([*gains.values(), 0.0])
    low, high = values.min(), max(values.max(), values.min() + 1e-9)
    wide, tall = _MAP
    inside = [
        widgets.HTML(
            "<style>.cs2s-windows, .cs2s-windows > * { position: relative; margin: 0; padding: 0; } "
            ".cs2s-windows > * { position: absolute; line-height: 18px; } "
            ".cs2s-windows > .widget-html { pointer-events: none; }</style>"
        )
    ]
    rule = f"{tall * (1 - (0 - low) / (high - low)) + 9:.0f}px"
    line = f'<div style="width: {wide}px; border-top: 1px solid"></div>'
    inside.append(widgets.HTML(line, layout={"top": rule, "left": "0px", "width": f"{wide}px", "height": "2px"}))
    count = len(predictions.actions)
    for place, action in enumerate(predictions.actions):
        at = {"top": f"{tall + 22}px", "left": f"{wide * place / count:.0f}px", "width": f"{wide / count:.0f}px"}
        inside.append(widgets.HTML(f"<center>{html.escape(action)}</center>", layout=at))
    for (action, window), gain in gains.items():
        across = (predictions.actions.index(action) + (window + 0.5) / predictions.windows(action)) / count
        top, left = tall * (1 - (gain - low) / (high - low)), wide * across - 7
        layout = {"top": f"{top:.0f}px", "left": f"{left:.0f}px", "width": "15px", "height": "18px"}
        words = f"{action}, window {window}: {'better' if gain > 0 else 'worse'} than freezing by {abs(gain):.2f}"
        button = widgets.Button(description="●" if gain > 0 else "✕", tooltip=words, layout=layout)
        button.on_click(lambda _, action=action, window=window: choose(action, window))
        inside.append(button)
    box = widgets.Box(inside, layout={"width": f"{wide + 10}px", "height": f"{tall + 45}px", "overflow": "visible"})
    box.add_class("cs2s-windows")
    told = f"{predictor} at {predictions.milliseconds()[_MOMENT]:.0f} ms: above the line it beats freezing"
    return widgets.VBox([widgets.HTML(html.escape(told)), box])
