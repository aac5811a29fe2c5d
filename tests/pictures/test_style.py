"""Colours: each stands in one place, any common colour vision can tell them apart, and none says anything alone."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cs2s.pictures.style import CURVES, GUESS, TRUTH, dark, limb, on_screen, pale, panel_look

PACKAGE = Path(__file__).parents[2] / "cs2s"

# What people see who lack one of the three kinds of cones, in linear RGB: Machado, Oliveira and Fernandes (2009), for
# the highest severity.
VISIONS = {
    "normal": np.eye(3),
    "no long waves": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no middle waves": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no short waves": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    levels = np.array(to_rgb(colour))
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def lab(colour, vision):
    """Lightness and the two hues (CIE L*a*b*) of a colour as it is seen."""
    light = TO_XYZ @ np.clip(np.array(VISIONS[vision]) @ linear(colour), 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(light > 0.008856, np.cbrt(light), 7.787 * light + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISIONS)
def test_any_common_colour_vision_tells_the_colours_apart(vision):
    meanings = {limb(side, predicted)["color"] for side in ("left", "right") for predicted in (False, True)}
    meanings |= {look["color"] for look in CURVES}
    assert len(meanings) == 8
    for one, other in itertools.combinations(meanings, 2):
        # Neighbours of a fan of paints differ by about 5.
        assert np.linalg.norm(lab(one, vision) - lab(other, vision)) > 15, (one, other)


def test_nothing_is_said_by_colour_alone():
    assert len({(look["ls"], look["marker"]) for look in CURVES}) == len(CURVES)
    assert limb("left")["ls"] != limb("right")["ls"]
    assert limb("left")["marker"] != limb("left", True)["marker"]
    widths = [panel_look(predicted)[2] for predicted in (False, True)]
    assert widths[1] > 2 * widths[0]


@pytest.mark.parametrize("predicted", [False, True], ids=["recorded", "predicted"])
def test_right_limbs_are_a_lighter_shade_of_the_left(predicted):
    left, right = (lab(limb(side, predicted)["color"], "normal") for side in ("left", "right"))
    assert right[0] > left[0] + 10
    # The same kind of colour: both bluish, or both orange.
    assert np.sign(left[2]) == np.sign(right[2])


def test_words_in_a_dark_colour_can_be_read():
    for colour in (TRUTH, GUESS, *(look["color"] for look in CURVES[:3])):
        brightness = TO_XYZ[1] @ linear(dark(colour))
        assert 1.05 / (brightness + 0.05) > 4.5
        assert TO_XYZ[1] @ linear(pale(colour)) > 0.6


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_colours_stand_in_the_style_alone(path):
    if path.name != "style.py":
        found = re.findall(r"""["'](#[0-9A-Fa-f]{3,8}|C\d|tab:\w+)["']""", path.read_text())
        assert not found, f"{path.name} has colours of its own: say in style.py what they mean"


def contrast(one, other):
    """How much lighter one colour is than the other, as WCAG 2 defines it: from 1 to 21."""
    low, high = sorted(TO_XYZ[1] @ linear(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


DARK_AND_LIGHT = pytest.mark.parametrize("dark_page", [False, True], ids=["light", "dark"])


@DARK_AND_LIGHT
def test_colours_on_a_screen_stand_out_from_their_grounds(dark_page):
    colours = on_screen(dark_page)
    for who in ("truth", "guess"):
        # Words 4.5, all other things 3; the right limbs of a light page have an edge in the colour of the left.
        assert contrast(colours[f"{who}-word"], colours[f"{who}-area"]) > 4.5
        assert contrast(colours["ink"], colours[f"{who}-area"]) > 4.5
        for part in ("", "-middle", *(["-right"] if dark_page else [])):
            assert contrast(colours[who + part], colours[f"{who}-area"]) > 3, part
            assert contrast(colours[who + part], colours["ground"]) > 3, part
        # A band is behind the limbs, which are seen on it.
        assert contrast(colours[who], colours["band"]) > 2
    for name in ("ink", "text"):
        assert contrast(colours[name], colours["ground"]) > 4.5
        assert contrast(colours[name], colours["area"]) > 4.5
    assert contrast(colours["rule"], colours["ground"]) > 3
    for number in range(1, len(CURVES) + 1):
        assert contrast(colours[f"curve-{number}"], colours["ground"]) > 3


@pytest.mark.parametrize("vision", VISIONS)
def test_any_common_colour_vision_tells_the_colours_of_a_dark_page_apart(vision):
    colours = on_screen(True)
    names = ["truth", "truth-right", "guess", "guess-right", *(f"curve-{number}" for number in range(1, 5))]
    for one, other in itertools.combinations(names, 2):
        assert np.linalg.norm(lab(colours[one], vision) - lab(colours[other], vision)) > 15, (one, other)


def test_a_light_page_has_the_colours_of_all_pictures_and_a_dark_one_the_same_meanings():
    light, dark_page = on_screen(False), on_screen(True)
    assert set(light) == set(dark_page)
    for who, predicted in (("truth", False), ("guess", True)):
        assert light[who] == limb("left", predicted)["color"]
        assert light[f"{who}-right"] == limb("right", predicted)["color"]
        for colours in (light, dark_page):
            left, right = (lab(colours[who + part], "normal") for part in ("", "-right"))
            assert right[0] > left[0] + 10 and np.sign(left[2]) == np.sign(right[2])
    # The same hue: bluish or orange on either page.
    for name in ("truth", "guess", "curve-1", "curve-2"):
        assert np.dot(lab(light[name], "normal")[1:], lab(dark_page[name], "normal")[1:]) > 0
