"""Pages that play windows: one window with what is to be known of it, or all windows of a data set behind a scatter.

`window_page` is what the explorer shows; `windows_page` needs no kernel: a dot is a window, and a click plays it. Both
are a player with ``explorer.js`` round it. Taught in ``notebooks/06_explore_predictions``.
"""

import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.pictures.parts import part, styled
from cs2s.pictures.player import player
from cs2s.pictures.style import CURVES
from cs2s.workbook.predictions import Predictions, joint_differences
from cs2s.workbook.what_if import AS_IT_WAS, WhatIf

__all__ = ["window_page", "windows_page"]

_UNIT = "radians"
_ERRORS_ARE = "angle error (radians)"
_JOINTS = 6  # are shown, those with the largest differences
_WHAT_IF = "what if: "


def _joints(truth: Motion, predicted: Motion) -> str:
    """Return the joints that differ most, frame by frame, in hundredths of a radian, as the script reads them."""
    count = min(len(predicted), len(truth) - OBSERVED)
    euler, turns = joint_differences(truth[: OBSERVED + count], predicted[:count])
    worst = np.maximum(euler, turns).max(axis=0).argsort()[::-1][:_JOINTS]
    both = [[np.rint(100 * part[:, joint]).astype(int).tolist() for part in (euler, turns)] for joint in worst]
    names = [truth.skeleton.joints[joint] for joint in worst]
    return json.dumps([[name, *parts] for name, parts in zip(names, both, strict=True)], separators=(",", ":"))


def _window(
    predictions: Predictions,
    action: str,
    window: int,
    predictors: Sequence[str],
    frames: int,
    what_if: WhatIf,
    look: Mapping[str, Any],
    first: int = 0,
) -> tuple[str, str]:
    """Return a player of a window from a frame on, and of its most telling predictor the joints."""
    what_if = what_if.only_what_matters()
    truth = last = predictions.truth(action, window, frames)
    people, predicted, errors = {"truth": truth}, [], {}
    told = f"{action}, window {window}"
    for name in predictors:
        motion, errors[name] = predictions.of_window(action, window, name, frames)
        people[name] = truth[:OBSERVED].then(motion)
        predicted.append(name)
    if what_if != AS_IT_WAS:
        told += f"; what if: {what_if}"
        last = predictions.truth(action, window, frames, what_if)
        if what_if.changes_what_happened or not predictors:
            people[_WHAT_IF + "truth"] = last
        for name in predictors:
            motion, errors[_WHAT_IF + name] = predictions.of_window(action, window, name, frames, what_if)
            people[_WHAT_IF + name] = last[:OBSERVED].then(motion)
            predicted.append(_WHAT_IF + name)
    fragment = player(
        {name: motion[first:] for name, motion in people.items()},
        OBSERVED - first,
        predicted=predicted,
        errors=dict(list(errors.items())[: len(CURVES)]),
        errors_are=_ERRORS_ARE,
        title=told,
        **look,
    )
    return fragment, _joints(last, people[predicted[-1]][OBSERVED:]) if predicted else ""


def _around(inside: str, above: str, joints: str, joints_of: str, told: Mapping[str, object]) -> str:
    folder = Path(__file__).parent
    legend = (
        f"<p>joints of {html.escape(joints_of)} at this frame, {_UNIT}: "
        f'<b class="euler"></b>difference in Euler angles, <b class="turn"></b>rotation angle from the truth</p>'
    )
    beside = f'<div class="joints">{legend}<dl></dl></div>' if joints else ""
    data = json.dumps({**told, "unit": _UNIT}).replace("<", "\\u003c")
    style, script = styled("explorer.css", folder), part("explorer.js", folder)
    return (
        f'<div class="cs2s-explorer"><style>{style}</style><script type="application/json">{data}</script>{above}'
        f'<div data-joints="{html.escape(joints)}">{inside}</div>{beside}</div>\n<script>{script}</script>\n'
    )


def window_page(
    predictions: Predictions,
    action: str,
    window: int,
    predictors: Sequence[str],
    frames: int = PREDICTED,
    what_if: WhatIf = AS_IT_WAS,
    *,
    frame: int = 0,
    play: bool = True,
    keep: str = "",
) -> str:
    """Make a player of one window: the truth, what predictors expected, and the same of another past.

    Below it stand the joints of the last predictor, at the frame that is shown: how wrong each is in Euler angles, as
    tables have it, and by which angle it would have to be turned to be right.

    Args:
        predictions: the windows of a data set and what is made of them.
        action: which action.
        window: which of its windows, from 0.
        predictors: names of those to show.
        frames: how many frames are predicted, from 1 to `cs2s.workbook.predictions.LONGEST`.
        what_if: another past; what becomes of it is shown beside what was predicted of the true one.
        frame: which frame is shown first.
        play: whether it plays by itself.
        keep: a name under which the page keeps camera, frame and speed for the next page of that name.

    Returns:
        HTML that needs nothing else, for `cs2s.workbook.opening.show` or `cs2s.pictures.player.player_page`.

    Raises:
        InputError: if there is no such action, window, predictor, frames or frame.
    """
    view = "over" if what_if.only_what_matters() == AS_IT_WAS else "beside"
    look = {"frame": frame, "play": play, "view": view}
    fragment, joints = _window(predictions, action, window, predictors, frames, what_if, look)
    shown = predictors[-1] if predictors else ""
    return _around(fragment, "", joints, shown, {"keep": keep})


_FILM = '<script type="application/json">', "</script>"
_CHART = '<div class="chart">', '<div class="row"'


def _between(fragment: str, before: str, after: str) -> str:
    """Return what stands in a player between two marks; the first belongs to it if it opens the chart."""
    start = fragment.index(before) + (len(before) if before == _FILM[0] else 0)
    return fragment[start : fragment.index(after, start)]


def _dots(predictions: Predictions, predictor: str, frame: int, templates: Mapping[tuple[str, int], str]) -> str:
    """Draw a dot for each window: how much less wrong than freezing the predictor is, each with its template."""
    gains = predictions.gains(predictor, frame)
    low, high = min(*gains.values(), 0), max(*gains.values(), 0)
    room = 0.08 * (high - low) or 1.0
    low, high = low - room, high + room
    height = {window: 100 * (gain - low) / (high - low) for window, gain in gains.items()}
    step = 10 ** np.floor(np.log10(high - low))
    ticks = np.arange(np.ceil(low / step), high / step) * step
    if len(ticks) < 3:
        ticks = np.arange(np.ceil(2 * low / step), 2 * high / step) * step / 2
    parts = [f'<i style="bottom:{-100 * low / (high - low):.1f}%"></i>']
    for tick in ticks:
        said = f"{tick:+.3g}" if abs(tick) > 1e-9 else "0"
        parts.append(f'<span class="up" style="bottom:{100 * (tick - low) / (high - low):.1f}%">{said}</span>')
    count, first = len(predictions.actions), next(iter(templates))
    for place, action in enumerate(predictions.actions):
        parts.append(
            f'<span class="under" style="left:{100 * (place + 0.5) / count:.1f}%">{html.escape(action)}</span>'
        )
    for (action, window), template in templates.items():
        windows, gain = predictions.windows(action), gains[action, window]
        across = (predictions.actions.index(action) + 0.08 + 0.84 * (window + 0.5) / windows) / count
        said = (
            f"{action}, window {window}: {'better' if gain > 0 else 'worse'} than freezing by {abs(gain):.2f} {_UNIT}"
        )
        chosen = (action, window) == first
        parts.append(
            f'<button type="button" role="radio" aria-checked="{str(chosen).lower()}" tabindex="{0 if chosen else -1}" '
            f'name="{html.escape(action)} {window}" title="{html.escape(said)}" aria-label="{html.escape(said)}" '
            f'style="left:{100 * across:.2f}%;bottom:{height[action, window]:.1f}%">{"●" if gain > 0 else "✕"}</button>'
            f"{template}"
        )
    label = f"windows by the gain of {predictor} over freezing"
    return f'<div class="field" role="radiogroup" aria-label="{html.escape(label)}">{"".join(parts)}</div>'


def windows_page(
    predictions: Predictions, predictor: str, frame: int = 9, *, beside: Sequence[str] = (), seen: int = 25
) -> str:
    """Make a page of all windows of a data set, which needs no kernel: a dot is a window, and a click plays it.

    Args:
        predictions: the windows of a data set and what is made of them.
        predictor: who is to be judged; the dots stand where it is less wrong than freezing, or more.
        frame: at which predicted frame.
        beside: other predictors to be shown.
        seen: how many of the observed frames are in the page.

    Raises:
        InputError: if there is no such predictor or frame, or more than 50 frames are to be seen.
    """
    if not 0 <= frame < PREDICTED:
        raise InputError(f"there is no predicted frame {frame}: they are from 0 to {PREDICTED - 1}.")
    if not 1 <= seen <= OBSERVED:
        raise InputError(f"{seen} observed frames cannot be seen: name a number from 1 to {OBSERVED}.")
    gains, (action, window) = predictions.gains(predictor, frame), predictions.worst(predictor, frame)
    best, worst = max(gains, key=lambda key: gains[key]), (action, window)
    look = {"view": "over", "play": False, "frame": seen - 1}
    made = {
        key: _window(predictions, *key, [*beside, predictor], PREDICTED, AS_IT_WAS, look, OBSERVED - seen)
        for key in [worst, *(key for key in gains if key != worst)]
    }
    shared = json.loads(_between(made[worst][0], *_FILM))
    templates = {}
    for key, (fragment, joints) in made.items():
        film = json.loads(_between(fragment, *_FILM))
        # Only what differs from the first film, which the page has anyway.
        own = {name: value for name, value in film.items() if key == worst or value != shared[name]}
        data = json.dumps(own, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        parts = f"{_FILM[0]}{data}{_FILM[1]}{_between(fragment, *_CHART)}"
        templates[key] = f'<template data-joints="{html.escape(joints)}">{parts}</template>'
    time = predictions.milliseconds()[frame]
    buttons = "".join(
        f'<button type="button" class="pick" value="{html.escape(action)} {window}">{words}</button> '
        for words, (action, window) in (("worst window", worst), ("most improved window", best))
    )
    told = f"{predictor}, {time:.0f} ms ahead: a dot is a window, and a click plays it; "
    told += f"above the line it beats freezing ({_UNIT})."
    dots = _dots(predictions, predictor, frame, templates)
    above = f'<div class="map"><p>{html.escape(told)} {buttons}</p><div class="scroll">{dots}</div></div>'
    fragment, joints = made[worst]
    return _around(fragment, above, joints, predictor, {"keep": ""})
