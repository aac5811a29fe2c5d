"""A live arm: a person on a page whose left arm one turns, and what its rotation is called in every language.

`arm_panel` makes a piece of HTML that needs nothing else, in the manner of the player. What stands in the page's script
is ``arm.js``, what it looks like ``arm.css``, its controls ``arm.html``. Taught in ``notebooks/02_exponential_maps``.
"""

import html
import json
from collections.abc import Sequence
from string import Template
from typing import Any

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_euler, rotmat_to_expmap, rotmat_to_quat
from cs2s.motion.skeleton import CMU
from cs2s.pictures.body import Body
from cs2s.pictures.drawn import Pose, Row, still
from cs2s.pictures.parts import part, styled
from cs2s.pictures.stick_figure import HEAD_RADIUS
from cs2s.pictures.style import on_screen

__all__ = ["arm_numbers", "arm_panel"]

_CAMERA = {"yaw": 30.0, "pitch": 14.0}
_LOOK = (-170, -10, 0)  # mm from the shoulder to the middle of the picture
_ARM = ("LeftForeArm", "LeftHand", "LThumbEnd", "LeftHandIndex1", "LeftHandIndex1End")  # the fingertip comes last
_PLACES = {
    "no turn": ("vector", (0.0, 0.0, 0.0)),
    "a quarter turn about z": ("vector", (0.0, 0.0, 90.0)),
    "half a turn about y": ("vector", (0.0, 180.0, 0.0)),
    "190° about z": ("vector", (0.0, 0.0, 190.0)),
    "a full turn about x": ("vector", (360.0, 0.0, 0.0)),
    "near gimbal lock": ("euler", (-30.0, -85.0, 0.0)),
    "gimbal lock": ("euler", (-30.0, -90.0, 0.0)),
}
_ROWS = (
    ("vector (°)", "vector", 3),
    ("vector (radians)", "radians", 3),
    ("shortest (°)", "shortest", 3),
    ("its angle (°)", "angle", 1),
    ("its axis", "axis", 3),
    ("matrix", "matrix", 9),
    ("quaternion", "quaternion", 4),
    ("E1, E2, E3 (°)", "euler", 3),
)


def arm_numbers(vector: Sequence[float] | np.ndarray, rows: bool = False) -> dict[str, np.ndarray]:
    """Return what the panel shows of a rotation.

    Args:
        vector: the usual rotation vector ``(3,)``, radians.
        rows: whether the numbers are those of the files, for row vectors; Euler angles are the same either way.

    Returns:
        ``"vector"`` and ``"shortest"`` (the one of at most half a turn), degrees; ``"radians"``; ``"angle"`` of the
        shortest, degrees, ``(1,)``, and its ``"axis"``, zeros if there is none; ``"matrix"``, ``(9,)``, row by row;
        ``"quaternion"``, w first; ``"euler"``, degrees.
    """
    usual = np.asarray(vector, np.float64)
    shown = -usual if rows else usual
    rotmat = expmap_to_rotmat(shown)
    shortest = rotmat_to_expmap(rotmat)
    angle = float(np.linalg.norm(shortest))
    return {
        "vector": np.degrees(shown),
        "radians": shown,
        "shortest": np.degrees(shortest),
        "angle": np.degrees([angle]),
        "axis": shortest / angle if angle else np.zeros(3),
        "matrix": rotmat.reshape(9),
        "quaternion": rotmat_to_quat(rotmat),
        "euler": np.degrees(rotmat_to_euler(expmap_to_rotmat(-usual))),
    }


def _person(vector: np.ndarray) -> tuple[Body, np.ndarray, np.ndarray]:
    """Return a person who stands, the places ``(joints, 3)`` with the left arm at rest, and with it turned, mm."""
    maps = np.zeros((2, len(CMU.joints), 3))
    hang = {"RightArm": 78, "LeftUpLeg": -20, "RightUpLeg": 20}
    for name, degrees in hang.items():
        # Minus, as in the files.
        maps[:, CMU.joints.index(name), 2] = -np.radians(degrees)
    maps[1, CMU.joints.index("LeftArm")] = -vector
    worlds = CMU.forward_kinematics(maps, np.zeros((2, 3)))
    body = Body.of(CMU, [worlds])
    rest, turned = worlds[:, list(body.joints)]
    return body, rest, turned


def _table(numbers: dict[str, np.ndarray]) -> str:
    lines = []
    for title, name, count in _ROWS:
        digits = 1 if name in ("vector", "shortest", "angle", "euler") else 3
        texts = [f"{value:.{digits}f}".replace("-", "−") for value in numbers[name]]
        cells = [
            f'<td><data data-at="{name}.{i}" value="{numbers[name][i]!r}">{texts[i]}</data></td>' for i in range(count)
        ]
        for first in range(0, count, 3 if count == 9 else 4):
            some = cells[first : first + (3 if count == 9 else 4)]
            head = f'<th scope="row"{" rowspan=3" if count == 9 else ""}>{title}</th>' if not first else ""
            kind = ' class="on"' if first else ""
            lines.append(f"<tr{kind}>{head}{''.join(some)}{'<td></td>' * (4 - len(some))}</tr>")
    return "\n".join(lines)


def _slider(number: int, degrees: float) -> str:
    name = "xyz"[number]
    return (
        f'<label><b>{name}</b><input type="range" name="slider-{name}" min="-180" max="180" step="1" '
        f'value="{degrees:.0f}"><input type="number" name="number-{name}" step="any" value="{degrees:.4g}"></label>'
    )


def _sample(style: str, words: str) -> str:
    line = f'<path d="M1 6H29" style="fill:none;{style}"/>'
    return f'<span><svg viewBox="0 0 30 12" width="30" height="12" aria-hidden="true">{line}</svg>{words}</span>'


def _key() -> str:
    samples = [
        _sample("stroke:var(--ink);stroke-width:6", "the arm, turned"),
        _sample("stroke:var(--grid);stroke-width:7", "at rest"),
        _sample("stroke:var(--ink);stroke-width:1.5;stroke-dasharray:8 3 2 3", "axis, and the path of the fingertip"),
    ]
    for number, (name, dash) in enumerate(zip(("x′, E1", "y′, E2", "z′, E3"), ("none", "7 4", "2 3"), strict=True), 1):
        samples.append(_sample(f"stroke:var(--curve-{number});stroke-width:2.6;stroke-dasharray:{dash}", name))
    return "".join(samples) + "<span>drag the arm to turn it; drag beside it, or arrow keys, for the camera</span>"


def arm_panel(numbers: Sequence[float] = (-60, 45, 90), *, mode: str = "vector", alt: str = "") -> str:
    """Make a panel with a person whose left arm one turns: a piece of HTML with its own script, for `show`.

    One drags the arm, moves three sliders (rotation vector or Euler angles) or types numbers. Beside it answer matrix,
    quaternion and Euler angles, three gimbal rings, and the ball of rotation vectors of radius pi. One switch shows the
    numbers that a file would hold. Where no script runs, a still person and the numbers stand there.

    Args:
        numbers: what the three sliders say at first, degrees.
        mode: what they are at first: the usual rotation ``"vector"``, or ``"euler"`` angles, about x, then y, then z.
        alt: what is to be seen, for those who cannot.

    Returns:
        HTML that stands by itself in any page, also more than once.

    Raises:
        InputError: if these are not three finite numbers, or the mode is another one.
    """
    degrees = np.asarray(numbers, np.float64)
    if degrees.shape != (3,) or not np.isfinite(degrees).all():
        raise InputError(f"the arm is turned by three numbers, not by {numbers!r}.")
    if mode not in ("vector", "euler"):
        raise InputError(f"sliders are 'vector' or 'euler', not {mode!r}.")
    asked = np.radians(degrees)
    vector = asked
    if mode == "euler":
        about_x, about_y, about_z = expmap_to_rotmat(asked[:, None] * np.eye(3))
        vector = rotmat_to_expmap(about_z @ about_y @ about_x)
    body, rest, turned = _person(vector)
    drawn = {CMU.joints[joint]: number for number, joint in enumerate(body.joints)}
    told: dict[str, Any] = {
        "body": {"places": rest.round(3).tolist(), "limbs": body.limbs, "skull": body.skull},
        "shoulder": rest[drawn["LeftArm"]].round(3).tolist(),
        "arm": [drawn[name] for name in _ARM],
        "look": _LOOK,
        "head": HEAD_RADIUS * 1000,
        "at": {
            "vector": vector.tolist(),
            "euler": asked.tolist(),
            "mode": mode,
            "reading": "columns",
            "digits": False,
            **_CAMERA,
        },
        "places": {name: {"mode": kind, "degrees": where} for name, (kind, where) in _PLACES.items()},
        "colours": list(on_screen(False)),
    }
    words = alt or "A person whose left arm can be turned, with the numbers of its rotation."
    panel = Template(part("arm.html")).substitute(
        label=html.escape(f"{words} Drag the arm to turn it; beside it, or with arrow keys, the camera."),
        sliders="\n".join(_slider(number, value) for number, value in enumerate(degrees)),
        places="".join(f"<option>{name}</option>" for name in _PLACES),
        numbers=_table(arm_numbers(vector)),
        key=_key(),
    )
    poses = [Pose(rest, "at rest", False), Pose(turned, "turned", False)]
    picture = still([Row("", body, poses)], ["", ""], 90 - _CAMERA["yaw"], _CAMERA["pitch"])
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<div class="cs2s-arm"><style>{styled("arm.css")}</style><script type="application/json">{data}</script>'
        f'<div class="still" role="img" aria-label="{html.escape(words)}">{picture}</div>'
        f'<div class="live">{panel}</div></div>\n<script>{part("arm.js")}</script>\n'
    )
