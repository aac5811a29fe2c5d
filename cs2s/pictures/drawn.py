"""SVG of what a player shows besides its moving picture: the still one for whom no script runs, the key, the chart.

Its colours are the custom properties of ``player.css``, so that all of it is dark where the page is.
Used by the player of ``notebooks/06_explore_predictions``.
"""

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cs2s.pictures.body import Body
from cs2s.pictures.stage import to_plot_axes
from cs2s.pictures.stick_figure import HEAD_RADIUS
from cs2s.pictures.style import CURVES, Look

__all__ = ["Pose", "Row", "chart", "curve_look", "dashes_of", "key", "still"]

_CELL, _TALL, _LEFT, _TOP = 92, 150, 22, 22  # of the still picture, pixels


@dataclass(frozen=True)
class Pose:
    """A pose of the still picture: the joints of a body, ``(joints, 3)``, mm, y up, and what it is, in a word."""

    places: np.ndarray
    word: str
    predicted: bool


@dataclass(frozen=True)
class Row:
    """A row of the still picture: a motion."""

    name: str
    body: Body
    poses: Sequence[Pose]


def _points(places: np.ndarray) -> str:
    return " ".join(f"{x:.0f} {y:.0f}" for x, y in places)


def _limbs(body: Body, seen: np.ndarray, predicted: bool, ring: float) -> str:
    """Draw the joints of a body, ``(joints, 2)``, in pixels; `ring` is the radius of the head."""
    who = "guess" if predicted else "truth"
    parts = []
    for side, joints in body.limbs:
        line = f'<path class="limb" d="M{_points(seen[list(joints)])}" style="stroke:var(--{who}'
        if side == "right":
            # Dashes of a lighter shade, with an edge that is seen on any ground.
            dashes = ';stroke-dasharray:5 2.5"/>'
            parts += [f"{line}){dashes}", f"{line}-right);stroke-width:1.2{dashes}"]
        else:
            parts.append(f'{line}{"" if side == "left" else "-middle"})"/>')
    if body.skull:
        x, y = seen[list(body.skull)].mean(axis=0)
        style = f"stroke:var(--{who}-middle);stroke-width:2"
        parts.append(f'<circle class="limb" cx="{x:.0f}" cy="{y:.0f}" r="{ring:.1f}" style="{style}"/>')
    if predicted:
        dots = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in seen)
        style = f"stroke:var(--{who});stroke-width:3.8;stroke-linecap:round"
        parts.append(f'<path class="limb" d="{dots}" style="{style}"/>')
    return "".join(parts)


def still(rows: Sequence[Row], times: Sequence[str], azimuth: float, elevation: float) -> str:
    """Draw motions as rows of poses, all of one size, hips above hips, from left to right in time.

    Args:
        rows: a motion each, all with as many poses.
        times: when the poses are, in words.
        azimuth, elevation: the camera in degrees, as for films.
    """
    turn, tilt = math.radians(azimuth), math.radians(elevation)
    right = np.array([-math.sin(turn), math.cos(turn), 0])
    up = np.array([-math.sin(tilt) * math.cos(turn), -math.sin(tilt) * math.sin(turn), math.cos(tilt)])
    seen = []
    for row in rows:
        placed = [to_plot_axes(pose.places - pose.places[:1] * [1, 0, 1]) for pose in row.poses]
        seen.append([np.stack([place @ right, -(place @ up)], axis=-1) for place in placed])
    # Metres, as far as people reach; whoever flies off leaves the picture.
    every = np.clip(np.concatenate([pose for poses in seen for pose in poses]), [-1.2, -2.5], [1.2, 0.6])
    low, high = every.min(axis=0) - HEAD_RADIUS, every.max(axis=0) + HEAD_RADIUS
    scale = min((_CELL - 4) / (2 * max(-low[0], high[0])), (_TALL - 26) / (high[1] - low[1]))
    wide, tall = _LEFT + _CELL * len(times), _TOP + _TALL * len(rows)
    parts = []
    for column, time in enumerate(times):
        parts.append(f'<text x="{_LEFT + _CELL * (column + 0.5):.0f}" y="15">{html.escape(time)}</text>')
    for number, (row, poses) in enumerate(zip(rows, seen, strict=True)):
        top = _TOP + _TALL * number
        name = html.escape(row.name)
        parts.append(f'<text transform="translate(14 {top + _TALL / 2:.0f}) rotate(-90)">{name}</text>')
        words = [(pose.word, pose.predicted) for pose in row.poses]
        for word, predicted in dict.fromkeys(words):
            first, count = words.index((word, predicted)), words.count((word, predicted))
            x, y, who = _LEFT + _CELL * first, top, "guess" if predicted else "truth"
            box = f'x="{x + 2}" y="{y + 2}" width="{_CELL * count - 4}" height="{_TALL - 4}" rx="4"'
            look = f"fill:var(--{who}-area);stroke:var(--{who}-edge);stroke-width:{2 if predicted else 1}"
            parts.append(f'<rect {box} style="{look}"/>')
            written = f'x="{x + _CELL * count / 2:.0f}" y="{y + 16}" style="font-weight:600;fill:var(--{who}-word)"'
            parts.append(f"<text {written}>{word}</text>")
        for column, (pose, place) in enumerate(zip(row.poses, poses, strict=True)):
            moved = place * scale + [_LEFT + _CELL * (column + 0.5), top + _TALL - 6 - high[1] * scale]
            parts.append(_limbs(row.body, moved, pose.predicted, HEAD_RADIUS * scale))
    size = f'viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}"'
    return f'<svg {size} aria-hidden="true">{"".join(parts)}</svg>'


def dashes_of(look: Look) -> str:
    """Return the dashes of a curve as SVG and canvas have them."""
    return {"-": "none", "--": "7 4", "-.": "8 3 2 3", ":": "2 3"}[str(look["ls"])]


_MARKERS = {
    "o": '<circle cx="0" cy="0" r="4"/>',
    "s": '<rect x="-4" y="-4" width="8" height="8"/>',
    "^": '<path d="M0 -5L5 4H-5z"/>',
    "D": '<path d="M0 -6L6 0L0 6L-6 0z"/>',
}


def curve_look(number: int) -> tuple[str, str]:
    """Return the colour's name and the marker of the curve, and of the prediction, with a number."""
    return f"curve-{number % len(CURVES) + 1}", CURVES[number % len(CURVES)]["marker"]


def _marker(colour: str, shape: str) -> str:
    return f'<g style="fill:var(--{colour});stroke:none">{_MARKERS[shape]}</g>'


def _sample(inside: str) -> str:
    """Return a short line for a key; its drawing goes from -14 to 14 along y = 0."""
    return f'<svg viewBox="-15 -6 30 12" width="30" height="12" aria-hidden="true">{inside}</svg>'


def _line(style: str) -> str:
    return f'<path d="M-14 0H14" style="fill:none;{style}"/>'


def key(dots: Sequence[tuple[str, str]], square: float, bands: str) -> str:
    """Say what the lines of people mean.

    Args:
        dots: colour's name and marker of each prediction.
        square: metres of the floor's squares.
        bands: what the widest band round a bone means, if there are bands.
    """
    who = ["truth", "guess"] if dots else ["truth"]
    entries = []
    for side, words in (("", "left"), ("-right", "right")):
        samples = []
        for colour in who:
            if side:
                dashes = "stroke-dasharray:7 3.5"
                samples.append(_line(f"stroke:var(--{colour});stroke-width:3.6;{dashes}"))
                samples[-1] += _line(f"stroke:var(--{colour}-right);stroke-width:1.8;{dashes}")
            else:
                samples.append(_line(f"stroke:var(--{colour});stroke-width:3"))
        entries.append("".join(map(_sample, samples)) + words)
    if dots:
        lines = _line("stroke:var(--guess);stroke-width:3")
        entries.append("".join(_sample(lines + _marker(*dot)) for dot in dict.fromkeys(dots)) + "predicted")
    if bands:
        entries.append(_sample(_line("stroke:var(--band);stroke-width:10")) + html.escape(bands))
    entries.append(f"floor: {square:g} m")
    return "".join(f"<span>{entry}</span>" for entry in entries)


def _ticks(most: float, count: int) -> np.ndarray:
    """Return about `count` round numbers from 0 to `most`, which is above 0."""
    power = 10.0 ** math.floor(math.log10(most))
    step = next(n * power for n in (0.1, 0.2, 0.5, 1, 2, 5) if most / (n * power) <= count)
    return np.arange(0, most * (1 + 1e-9), step)


def chart(
    curves: Mapping[str, np.ndarray], looks: Sequence[int], unit: str, steps: int, end: float
) -> tuple[str, float]:
    """Draw errors over time, with a cursor that the player moves.

    Args:
        curves: a name -> errors at equal steps of time, from one step after the last observed frame on, to the end of
            the film if there are as many; nan where there are none.
        looks: which of `CURVES` each looks like.
        unit: what the errors are, and in which unit.
        steps: after how many steps the film ends.
        end: how many ms that is.

    Returns:
        HTML, and the error at its upper edge.
    """
    most = max((float(np.nanmax(values)) for values in curves.values() if np.isfinite(values).any()), default=0.0)
    top = 1.06 * most or 1.0
    rules, lines, dots, legend, told = [], [], [], [], []
    for level in _ticks(top, 4):
        height = 100 * (1 - level / top)
        rules.append(f"M0 {height:.1f}H1000")
        lines.append(f'<span class="up" style="top:{height:.1f}%" aria-hidden="true">{level:.4g}</span>')
    for time in _ticks(end, 5):
        label = f"+{time:.0f} ms" if time else "0"
        lines.append(f'<span class="along" style="--x:{100 * time / end:.1f}" aria-hidden="true">{label}</span>')
    paths = []
    for (name, values), number in zip(curves.items(), looks, strict=True):
        (colour, shape), dashes = curve_look(number), dashes_of(CURVES[number])
        places, on = [], False
        for step, value in enumerate(values, 1):
            if np.isfinite(value):
                places.append(f"{'L' if on else 'M'}{1000 * step / steps:.0f} {100 * (1 - value / top):.1f}")
            on = bool(np.isfinite(value))
        style = f"stroke:var(--{colour});stroke-dasharray:{dashes}"
        paths.append(f'<path d="{"".join(places)}" style="{style}"/>')
        marked = f'<svg viewBox="-6 -6 12 12" width="12" height="12">{_marker(colour, shape)}</svg>'
        dots.append(f'<span class="dot" hidden aria-hidden="true">{marked}</span>')
        sample = _sample(_line(f"{style};stroke-width:2") + _marker(colour, shape))
        legend.append(f"<span>{sample}{html.escape(name)} <output></output></span>")
        finite = values[np.isfinite(values)]
        told.append(f"{name} from {finite[0]:.3g} to {finite[-1]:.3g}" if len(finite) else f"{name}: none")
    alt = html.escape(f"{unit} after the last observed frame: {'; '.join(told)}.")
    drawn = (
        f'<svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="{alt}">'
        f'<path class="rules" d="{"".join(rules)}"/>{"".join(paths)}</svg>'
    )
    named = f'<p class="legend"><span>{html.escape(unit)}:</span>{"".join(legend)}</p>'
    inside = f'{drawn}{"".join(lines)}<i class="cursor"></i>{"".join(dots)}'
    return f'{named}<div class="chart"><div class="plot">{inside}</div></div>', top
