"""A page on which a browser predicts: the single small model, a few motions and the player, in one file.

It needs no server, no library and no other host. Network and kinematics are ``pose_mlp.js``, what readers may do is
``page.js``, what they see ``page.html`` and ``page.css``; the player draws. The motions are those of the demo data,
which are made by this program. Goes with ``notebooks/06_explore_predictions``.
"""

import html
import json
from collections.abc import Mapping
from string import Template
from typing import Any

import numpy as np

from cs2s.datasets.descriptions import OBSERVED, describe
from cs2s.datasets.loading import load
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.pictures.body import Body
from cs2s.pictures.packed import pack, whole_millimetres
from cs2s.pictures.parts import part, styled
from cs2s.pictures.player import player
from cs2s.pictures.shipped_model import shipped_model
from cs2s.pictures.stage import seen_from
from cs2s.training.plain import plain_predictor
from cs2s.training.pretrained import DEFAULT, PREFIX, read_pretrained

__all__ = ["FUTURE", "prediction_page"]

FUTURE = 50
"""Frames that the page predicts: the network twice, the second time after its own first prediction."""

_SECONDS = 12.0
_MOMENT = 3.0
_UNITS = 1e-3, 1e-4
"""What places (units of the file) and rotations (radians) of shipped motions are whole multiples of."""

_JOINTS = {
    "LeftArm": "left upper arm",
    "RightArm": "right upper arm",
    "LeftForeArm": "left elbow",
    "RightForeArm": "right elbow",
    "LeftUpLeg": "left thigh",
    "RightUpLeg": "right thigh",
    "LeftLeg": "left knee",
    "RightLeg": "right knee",
    "LeftFoot": "left ankle",
    "RightFoot": "right ankle",
    "Spine": "back",
    "Neck1": "neck",
}
_LIMBS = {"left arm": "LeftArm", "right arm": "RightArm", "left leg": "LeftUpLeg", "right leg": "RightUpLeg"}

_LEAD = (
    "A person moves. From the last observed frame on, a small network predicts what comes next (the person with dots), "
    "beside what really happened. Drag the moment of prediction along: the future follows."
)

_PAGE = Template("""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; img-src data:">
<link rel="icon" href="data:,">
<title>$title</title>
<style>$style</style></head>
<body>$links<main><h1>$title</h1>$body</main>
<script type="application/json" id="cs2s-page">$data</script>
<script>$model</script>
<script>$page</script></body></html>
""")


def prediction_page(
    name: str = PREFIX + DEFAULT,
    title: str = "What will they do next?",
    links: Mapping[str, str] | None = None,
    above: str = "",
    below: str = "",
) -> str:
    """Make the page on which a browser predicts.

    Args:
        name: ``pretrained:NAME``; of one network that sees poses, trained on the CMU skeleton.
        title: heading.
        links: words -> addresses, shown on top of the page.
        above: HTML that stands below the heading.
        below: HTML that stands below all else.

    Returns:
        HTML of a whole page.

    Raises:
        InputError: if there is no such predictor, or it is of another kind.
    """
    model = shipped_model(name)
    description = describe(read_pretrained(name)[0].settings.dataset)
    demo = load("demo")
    takes = {take.action: resample(demo.motions[take], description.fps) for take in demo.split("test")}
    takes = {action: _rounded(motion[: round(_SECONDS * motion.fps)]) for action, motion in takes.items()}
    first, moment = next(iter(takes.values())), round(_MOMENT * description.fps)
    motions = _first_shown(first, moment, name)
    joints = Body.of(
        first.skeleton, [whole_millimetres(world) for world in seen_from(list(motions.values()), 0)]
    ).joints
    skeleton = first.skeleton
    data = {
        "model": model,
        "fps": description.fps,
        "future": FUTURE,
        "moment": moment,
        "drawn": joints,
        "limbs": {limb: skeleton.below(skeleton.joints.index(joint)) for limb, joint in _LIMBS.items()},
        "takes": [{"name": action, **_written(motion)} for action, motion in takes.items()],
    }
    fragment = player(motions, OBSERVED, predicted=["prediction"], alt=_LEAD)
    body = Template(part("page.html")).substitute(
        above=above,
        lead=_LEAD,
        player=fragment,
        takes=_options({str(number): action for number, action in enumerate(takes)}),
        joints=_options({str(skeleton.joints.index(joint)): words for joint, words in _JOINTS.items()}),
        limbs=_options({limb: limb for limb in _LIMBS}),
        about=_about(model["name"], takes) + below,
    )
    shown = "".join(
        f'<a href="{html.escape(where)}">{html.escape(words)}</a>' for words, where in (links or {}).items()
    )
    return _PAGE.substitute(
        title=html.escape(title),
        style=styled("page.css"),
        links=f'<nav aria-label="the book">{shown}</nav>' if shown else "",
        body=body,
        data=json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
        model=part("pose_mlp.js"),
        page=part("page.js"),
    )


def _about(name: str, takes: Mapping[str, Motion]) -> str:
    listed = ", ".join(takes)
    return (
        f"<p>The motions ({listed}) are the demo data of this workbook: made by its own program from joint-angle "
        "curves of the biomechanics literature, recordings of nobody, and under the workbook's licence (MIT). The "
        f"network, <code>{html.escape(name)}</code>, was trained on the CMU motion capture database "
        "(mocap.cs.cmu.edu, created with funding from NSF EIA-0196217), which may be used freely. It has never seen "
        "the demo data's made person.</p>"
    )


def _options(choices: Mapping[str, str]) -> str:
    return "".join(f'<option value="{value}">{html.escape(words)}</option>' for value, words in choices.items())


def _moving(motion: Motion) -> list[int]:
    """Return the first columns of what moves: the place, and the joints that are ever turned."""
    turned = np.flatnonzero(motion.expmaps.any(axis=(0, 2)))
    return [0, *(3 + 3 * turned).tolist()]


def _whole(motion: Motion) -> np.ndarray:
    """Return what moves as whole numbers ``(frames, moving, 3)``."""
    moving = [motion.rows[:, column : column + 3] / _UNITS[column > 0] for column in _moving(motion)]
    return np.rint(np.stack(moving, axis=1)).astype(np.int64)


def _rounded(motion: Motion) -> Motion:
    """Return a motion as the page will read it."""
    rows = np.zeros(motion.rows.shape)
    for column, whole in zip(_moving(motion), np.moveaxis(_whole(motion), 1, 0), strict=True):
        rows[:, column : column + 3] = whole * _UNITS[column > 0]
    return Motion(rows, motion.skeleton, motion.fps)


def _written(motion: Motion) -> dict[str, Any]:
    columns = _moving(motion)
    low, data = pack(_whole(motion), [-1] * len(columns), 0)
    return {"frames": len(motion), "low": low, "data": data, "columns": columns, "units": _UNITS}


def _first_shown(motion: Motion, moment: int, name: str) -> dict[str, Motion]:
    """Return what moves before the model has been unpacked."""
    seen, predictor = motion[moment + 1 - OBSERVED : moment + 1], plain_predictor(name)
    assert predictor is not None
    return {
        "what happened": motion[moment + 1 - OBSERVED : moment + 1 + FUTURE],
        "prediction": seen.then(predictor(seen, FUTURE)),
    }
