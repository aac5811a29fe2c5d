"""The player: motions that move on a page, can be turned, and stopped at any frame.

`player` makes a piece of HTML that needs nothing else: no library, no kernel, no host. Notebooks show it by
`cs2s.workbook.opening.show`, and `player_page` makes a file of it. What stands in the page's script is ``player.js``,
what it looks like is ``player.css``, its buttons are ``player.html``. Taught in ``notebooks/06_explore_predictions``.
"""

import base64
import html
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any, Literal, get_args

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.pictures.body import Body
from cs2s.pictures.drawn import Pose, Row, chart, curve_look, key, still
from cs2s.pictures.film_strip import moments_of
from cs2s.pictures.packed import pack, whole_millimetres
from cs2s.pictures.panels import AZIMUTH, ELEVATION
from cs2s.pictures.parts import part, styled
from cs2s.pictures.stage import FLOOR_SQUARE, seen_from
from cs2s.pictures.stick_figure import HEAD_RADIUS
from cs2s.pictures.style import CURVES, on_screen

__all__ = ["SLOWEST_FASTEST", "View", "player", "player_page"]

View = Literal["beside", "over", "both"]
"""People side by side, overlaid in one panel, or both."""

SLOWEST_FASTEST = 0.01, 100.0
"""Between which speeds a motion can be played."""

_SPEEDS = {0.25: "¼ speed", 0.5: "½ speed", 1.0: "true speed", 2.0: "2 × speed"}
_VIEWS = {"beside": "side by side", "over": "overlaid", "both": "both"}
_POSES = 8  # of the still picture
_LONG = 3.0  # seconds; of what was observed longer, the last second is shown first


@dataclass
class _Person:
    """One motion of a player: its places are whole mm, and end where there are no more numbers."""

    name: str
    motion: Motion
    predicted: bool
    places: np.ndarray
    body: Body
    number: int

    def frame(self, frame: int, fps: float) -> int:
        """Return which of the own frames is shown at a frame of the player."""
        return min(len(self.places) - 1, int(frame / fps * self.motion.fps + 1e-6))


def _refuse(
    motions: Mapping[str, Motion], observed: int, predicted: Collection[str], speed: float, view: str, errors: int
) -> None:
    """Raise an InputError that says what cannot be shown."""
    if not motions:
        raise InputError("there is no motion to show.")
    for name, motion in motions.items():
        if motion.rows.ndim != 2 or not len(motion):
            raise InputError(f"{name!r} must be one motion of a frame or more, not of shape {motion.rows.shape}.")
    if unknown := [name for name in predicted if name not in motions]:
        raise InputError(f"{unknown[0]!r} is predicted, and not among the motions: {', '.join(motions)}.")
    rates = {motion.fps for motion in motions.values()}
    if observed and len(rates) > 1:
        listed = " and ".join(f"{rate:g}" for rate in sorted(rates))
        raise InputError(f"motions of {listed} frames a second have no observed frames in common: leave `observed` 0.")
    shortest = min(len(motion) for motion in motions.values())
    if not 0 <= observed <= shortest:
        raise InputError(f"motions of {shortest} frames cannot have {observed} observed ones.")
    if not SLOWEST_FASTEST[0] <= speed <= SLOWEST_FASTEST[1]:
        raise InputError(f"the speed must be a number from 0.01 to 100, got {speed:g}")
    if view not in get_args(View):
        raise InputError(f"there is no view {view!r}: choose one of {', '.join(get_args(View))}.")
    if errors > len(CURVES):
        raise InputError(f"{errors} curves cannot be told apart: give at most {len(CURVES)}.")


def _people(motions: Mapping[str, Motion], observed: int, predicted: Collection[str]) -> list[_Person]:
    """Put everybody into one room."""
    worlds = []
    for name, world in zip(motions, seen_from(list(motions.values()), max(0, observed - 1)), strict=True):
        gone = ~np.isfinite(world).all(axis=(1, 2))
        if gone[0]:
            raise InputError(f"{name!r} begins with a frame that holds no numbers.")
        worlds.append(whole_millimetres(world[: int(gone.argmax())] if gone.any() else world))
    bodies: dict[int, Body] = {}
    for motion in motions.values():
        same = [
            world for other, world in zip(motions.values(), worlds, strict=True) if other.skeleton is motion.skeleton
        ]
        if id(motion.skeleton) not in bodies:
            bodies[id(motion.skeleton)] = Body.of(motion.skeleton, same)
    people: list[_Person] = []
    for (name, motion), world in zip(motions.items(), worlds, strict=True):
        body = bodies[id(motion.skeleton)]
        places, number = world[:, list(body.joints)], sum(person.predicted for person in people)
        people.append(_Person(name, motion, name in predicted, places, body, number))
    return people


def _boxes(people: list[_Person], azimuth: float) -> dict[str, Any]:
    """Return the room for all, mm: near the hips and in the world. Who flies off does not make the others tiny."""
    low, high, reach, aside = 0.0, 0.0, 550.0, 0.0
    across = np.array([np.cos(np.radians(azimuth)), -np.sin(np.radians(azimuth))])
    for person in people:
        flat = person.places[..., [0, 2]] - person.places[:, :1, [0, 2]]
        low, high = min(low, person.places[..., 1].min()), max(high, person.places[..., 1].max())
        reach = max(reach, np.linalg.norm(flat, axis=-1).max())
        aside = max(aside, np.abs(flat @ across).max())
    low, high, reach = max(low, -500), min(high, 3000), min(reach, 2500)
    # As wide as at first; who is turned may stretch a hand out of the panel, which would be empty else.
    near_wide = min(reach, max(0.7 * reach, aside + HEAD_RADIUS * 1000))
    ground = [person.places[..., [0, 2]].reshape(-1, 2) for person in people]
    start, end = ground[0].min(axis=0), ground[0].max(axis=0)
    most, middle = 3 * max(1500, *(end - start)), (start + end) / 2
    every = np.clip(np.concatenate(ground), middle - most, middle + most)
    start, end = every.min(axis=0), every.max(axis=0)
    square = FLOOR_SQUARE * 1000
    half = (np.ceil((end - start) / (2 * square) + 0.3) * square).tolist()
    near = max(750, reach)
    return {
        "low": round(low),
        "high": round(high),
        "near": {"wide": round(near_wide), "deep": round(reach), "half": [round(near)] * 2, "middle": [0, 0]},
        "world": {
            "wide": round(np.abs(across) @ half),
            "deep": round(np.hypot(*half)),
            "half": half,
            "middle": ((start + end) / 2).round().tolist(),
        },
        "square": square,
        "head": HEAD_RADIUS * 1000,
    }


def _written(people: list[_Person], joint_errors: Mapping[str, np.ndarray], most: float) -> dict[str, Any]:
    """Return what ``player.js`` must know of people and bodies."""
    first, several = people[0], sum(person.predicted for person in people) > 1
    bodies = list(dict.fromkeys(person.body for person in people))
    listed = []
    for person in people:
        known, places = 0, person.places
        if person is not first and person.body == first.body and person.motion.fps == first.motion.fps:
            length = min(len(places), len(first.places))
            differ = (places[:length] != first.places[:length]).any(axis=(1, 2))
            known = int(differ.argmax()) if differ.any() else length
        low, data = pack(places, person.body.parents, known)
        colour, marker = curve_look(person.number)
        told = {
            "name": person.name,
            "body": bodies.index(person.body),
            "fps": person.motion.fps,
            "frames": len(places),
            "gone": len(places) < len(person.motion),
            "predicted": person.predicted,
            "colour": colour if several else "guess",
            "marker": marker,
            "same": known,
            "low": low,
            "data": data,
        }
        if person.name in joint_errors:
            errors = np.nan_to_num(joint_errors[person.name][: len(places), list(person.body.joints)])
            level = np.clip(np.rint(255 * errors / (most or 1)), 0, 255).astype(np.uint8)
            told["bands"] = base64.b64encode(level.tobytes()).decode()
        listed.append(told)
    shapes = [{"parents": b.parents, "limbs": b.limbs, "skull": b.skull, "ends": b.ends} for b in bodies]
    return {"people": listed, "bodies": shapes}


def _still(people: list[_Person], observed: int, frames: int, fps: float, camera: tuple[float, float]) -> str:
    moments = moments_of(frames, observed, min(_POSES, frames))
    rows = []
    for person in people:
        poses = []
        for frame in moments:
            predicted = person.predicted and frame >= observed
            word = (
                "predicted" if predicted else "" if not observed else "observed" if frame < observed else "true future"
            )
            poses.append(Pose(person.places[person.frame(frame, fps)], word, predicted))
        rows.append(Row(person.name, person.body, poses))
    times = [f"{(frame - max(0, observed - 1)) * 1000 / fps:+.0f} ms".replace("+0 ", "0 ") for frame in moments]
    return still(rows, times, *camera)


def _options(choices: Mapping[Any, str]) -> str:
    return "".join(f'<option value="{value}">{words}</option>' for value, words in choices.items())


def player(
    motions: Mapping[str, Motion],
    observed: int = 0,
    *,
    predicted: Collection[str] = (),
    errors: Mapping[str, np.ndarray] | None = None,
    errors_are: str = "error",
    joint_errors: Mapping[str, np.ndarray] | None = None,
    joint_errors_are: str = "error",
    title: str = "",
    alt: str = "",
    view: View = "beside",
    room: bool = False,
    trails: bool = False,
    speed: float = 1.0,
    frame: int | None = None,
    play: bool = True,
    azimuth: float = AZIMUTH,
    elevation: float = ELEVATION,
) -> str:
    """Make a player of motions: a piece of HTML with its own script, which asks nothing of any host.

    Readers turn people by dragging, zoom, play, stop and step; what every key does stands under "?". Time is told in
    milliseconds from the last observed frame. Where no script runs, a row of poses is there instead. Motions are in
    the page to the millimetre.

    Args:
        motions: what to show, by names; the first stands on the floor and, in the last observed frame, faces ahead.
            They may differ in length and, if nothing was observed, in frames a second: each is played at its own rate,
            and its last frame stays.
        observed: how many frames were observed, the same in all motions; 0 if that is not the question.
        predicted: names of those motions whose other frames are predictions, drawn as such.
        errors: names -> errors of the frames after the observed ones, ``(frames,)``, at most four; they are drawn as
            curves below. A name of a predicted motion gets the marker of its joints.
        errors_are: what these errors are, and in which unit, such as ``"angle error (radians)"``.
        joint_errors: names of motions -> how wrong each joint is, ``(frames, joints)``, from the first frame on; drawn
            as bands round the bones, the wider the more wrong.
        joint_errors_are: what these errors are, and in which unit.
        title: heading.
        alt: what is to be seen, for those who cannot; made from title and names if it is empty.
        view: how people are arranged at first: ``"beside"``, ``"over"`` or ``"both"``.
        room: whether at first the room is fixed, so that people move through it, or their hips.
        trails: whether at first trails of hands and feet are drawn.
        speed: at first; 1 is the true speed.
        frame: which frame is shown first; None for the first, or where long was observed, one second before its end.
        play: whether it plays by itself, unless the reader's system asks for little motion.
        azimuth, elevation: the camera at first, in degrees; 0 faces the person, 90 is on their left.

    Returns:
        HTML that stands by itself in any page, also more than once. It is 520 pixels high, or as high as the page's
        custom property ``--player-height`` says.

    Raises:
        InputError: if the motions do not fit together, or cannot be shown in the way asked for.
    """
    errors, joint_errors = errors or {}, joint_errors or {}
    _refuse(motions, observed, predicted, speed, view, len(errors))
    fps = max(motion.fps for motion in motions.values())
    frames = max(round(len(motion) / motion.fps * fps) for motion in motions.values())
    for name, values in errors.items():
        if np.ndim(values) != 1 or len(values) > frames - observed:
            shape = np.shape(values)
            raise InputError(f"the errors of {name!r} have shape {shape}: {frames - observed} frames can have errors.")
    for name, values in joint_errors.items():
        wanted = (len(motions[name]), len(motions[name].skeleton.joints)) if name in motions else None
        if np.shape(values) != wanted:
            raise InputError(f"the joint errors of {name!r} have shape {np.shape(values)}, wanted is {wanted}.")
    if frame is None:
        frame = max(0, observed - round(fps)) if observed > _LONG * fps else 0
    if not 0 <= frame < frames:
        raise InputError(f"there is no frame {frame}: frames are from 0 to {frames - 1}")

    # As the page writes it.
    speed = float(f"{speed:g}")
    people = _people(motions, observed, predicted)
    most = max((float(np.nanmax(values, initial=0)) for values in joint_errors.values()), default=0.0)
    guesses = [person for person in people if person.predicted]
    looks, free = {person.name: person.number for person in guesses}, len(guesses)
    for name in errors:
        if name not in looks:
            looks[name], free = free, free + 1
    drawn, top = "", 1.0
    if errors and frames > observed:
        first = max(0, observed - 1)
        steps = max(1, frames - 1 - first)
        shown = {name: np.asarray(values, np.float64) for name, values in errors.items()}
        drawn, top = chart(shown, [looks[name] % len(CURVES) for name in errors], errors_are, steps, steps * 1000 / fps)
    speeds = dict(sorted({**{speed: f"{speed:g} × speed"}, **_SPEEDS}.items()))
    film = {
        **_written(people, joint_errors, most),
        **_boxes(people, azimuth),
        "observed": observed,
        "told": observed > 0,
        "fps": fps,
        "frames": frames,
        "at": {
            "frame": frame,
            "view": view if len(people) > 1 else "beside",
            "room": room,
            "trails": trails,
            "loop": True,
            "speed": speed,
            "yaw": azimuth,
            "pitch": elevation,
            "zoom": 1,
        },
        "play": play,
        "curves": [[float(f"{v:.4g}") if np.isfinite(v) else None for v in values] for values in errors.values()],
        "top": top,
        "colours": list(on_screen(False)),
    }
    names = " beside ".join(motions)
    told = alt or f"{title + ': ' if title else ''}stick figures that move, {names}."
    dots = [curve_look(person.number) for person in guesses]
    if len(dots) == 1:
        dots = [("guess", dots[0][1])]
    bands = f"bands: {joint_errors_are}, widest {most:.3g}" if joint_errors else ""
    now = '<button type="button" name="now" title="the last observed frame">last observed</button>'
    several = len(people) > 1
    controls = Template(part("player.html")).substitute(
        title=html.escape(title),
        label=html.escape(f"{told} Drag or press arrow keys to turn."),
        key=key(dots, FLOOR_SQUARE, bands),
        chart=drawn,
        last=frames - 1,
        frame=frame,
        mark=f'<i style="--mark:{(observed - 1) / max(1, frames - 1):.4f}"></i>' if observed else "",
        now=now if observed else "",
        now_key="<dt>N</dt><dd>the last observed frame</dd>" if observed else "",
        speeds=_options({f"{value:g}": words for value, words in speeds.items()}),
        views=f'<select name="view" aria-label="arrangement">{_options(_VIEWS)}</select>' if several else "",
        view_key="<dt>V</dt><dd>side by side, overlaid, both</dd>" if several else "",
    )
    data = json.dumps(film, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    picture = _still(people, observed, frames, fps, (azimuth, elevation))
    return (
        f'<div class="cs2s-player"><style>{styled("player.css")}</style><script type="application/json">{data}</script>'
        f'<div class="still" role="img" aria-label="{html.escape(told)}">{picture}</div>'
        f'<div class="live">{controls}</div></div>\n<script>{part("player.js")}</script>\n'
    )


_PAGE = Template("""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>$title</title>
<style>:root { color-scheme: light dark; --player-height: 100vh; } body { margin: 0; }
h1 { position: absolute; clip-path: inset(50%); }</style></head>
<body><main><h1>$title</h1>$body</main></body></html>
""")


def player_page(fragment: str, title: str = "motion") -> str:
    """Make a page of what `player` returned, which fills it; the page may ask nothing of any host."""
    return _PAGE.substitute(title=html.escape(title), body=fragment)
