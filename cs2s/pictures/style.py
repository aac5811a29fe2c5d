"""How every picture looks: colours by their meaning, the looks of limbs and curves, an empty figure, quiet axes.

A colour means one thing in the whole workbook, and it never says so alone: dashes, markers, hatching or words say the
same. Whatever draws in another way (a page, a player) takes its colours from here. Used from
``notebooks/01_motion_data`` on.
"""

from typing import Any, Literal, TypedDict

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from cs2s.errors import printable

__all__ = [
    "AMOUNTS",
    "BEHIND",
    "CURVES",
    "FIRST",
    "GRID",
    "GROUND",
    "GUESS",
    "INK",
    "QUIET",
    "SECOND",
    "SIGNED",
    "TEXT",
    "THIRD",
    "TRUTH",
    "XYZ",
    "Dashes",
    "Look",
    "dark",
    "legend_above",
    "limb",
    "new_figure",
    "new_panels",
    "on_screen",
    "only_picture",
    "pale",
    "panel_look",
    "plain",
    "tidy",
    "tidy_with_grid",
]

# Okabe and Ito's, and a purple of Paul Tol's: told apart with any common colour vision (tests/pictures/test_style.py).
TRUTH = "#0072B2"
"""Blue: what was recorded, or observed, or is the truth."""
GUESS = "#D55E00"
"""Orange: what was predicted, is to be predicted, or predicts."""
FIRST, SECOND, THIRD, _FOURTH = "#009E73", "#AA3377", "#222222", "#CB73AA"
"""Curves and bars that are neither: the first of a chart; the second, or what is marked in the first; and so on."""

INK = "#222222"
"""Lines and words of diagrams, and what a picture is about if nothing is compared with it."""
TEXT = "#444444"
"""Words that explain."""
QUIET = "#777777"
"""Rules, guides, and what is only there to be compared with."""
BEHIND = "#BBBBBB"
"""What lies behind: another body, what was before, all the others together."""
GRID = "#DDDDDD"
"""Grids."""
GROUND = "#F0F0F0"
"""Areas that are marked without a meaning of their own."""
XYZ = (INK, "#888888", "#C8C8C8")
"""The bars of three numbers that belong together."""

SIGNED, AMOUNTS = "PuOr", "Greys"
"""Colour maps: of numbers around 0, and of those from 0 on."""

# The limbs of recorded (False) and of predicted (True) people: the right is a lighter shade of the left.
_LEFT = {False: TRUTH, True: GUESS}
_RIGHT = {False: "#56B4E9", True: "#E69F00"}
_MIDDLE = {False: "#000000", True: "#000000"}
_LIMBS = {"left": _LEFT, "right": _RIGHT, "middle": _MIDDLE}

Dashes = str | tuple[float, tuple[float, ...]]


class Look(TypedDict):
    """What a line is drawn with: its colour, its dashes and its marker."""

    color: str
    ls: Dashes
    marker: str


CURVES: tuple[Look, ...] = (
    {"color": FIRST, "ls": "-", "marker": "o"},
    {"color": SECOND, "ls": "--", "marker": "s"},
    {"color": THIRD, "ls": "-.", "marker": "^"},
    {"color": _FOURTH, "ls": ":", "marker": "D"},
)
"""The looks of the curves of a chart, in their order."""


def limb(side: str, predicted: bool = False) -> Look:
    """Return the look of limbs, ``"left"``, ``"right"`` or ``"middle"``: right is dashed, predicted has dots."""
    dashes: Dashes = (0, (2.2, 1.1)) if side == "right" else "-"
    return {"color": _LIMBS[side][predicted], "ls": dashes, "marker": "o" if predicted else ""}


def panel_look(predicted: bool) -> tuple[str, str, float]:
    """Return ground, edge and width of the edge, in points, of a panel with recorded or with predicted people."""
    return (pale(GUESS, 0.06), GUESS, 2.2) if predicted else (pale(TRUTH, 0.05), pale(TRUTH, 0.3), 0.8)


def _mixed(colour: str, share: float, other: float) -> str:
    red, green, blue = (share * level + (1 - share) * other for level in to_rgb(colour))
    return to_hex((red, green, blue))


def pale(colour: str, share: float = 0.14) -> str:
    """Return a colour mixed with white, for areas: `share` of it."""
    return _mixed(colour, share, 1.0)


def dark(colour: str) -> str:
    """Return a colour mixed with black, for words."""
    return _mixed(colour, 0.75, 0.0)


# On a dark page: the same hues, light enough to be seen. Right limbs are the lighter ones here too.
_DARK_PAGE = {
    "ground": "#16181D",
    "area": "#262A32",
    "ink": "#ECEDEF",
    "text": "#C2C5CB",
    "grid": "#4A4F59",
    "rule": "#868C98",
    "truth": "#3F97DB",
    "truth-right": "#AEDBF8",
    "truth-middle": "#C9DFF1",
    "truth-word": "#6DB3EA",
    "truth-area": "#1A212A",
    "truth-edge": "#35506A",
    "guess": "#EC7A2C",
    "guess-right": "#FFC84A",
    "guess-middle": "#F5D9C4",
    "guess-word": "#FF9A57",
    "guess-area": "#241D19",
    "guess-edge": "#EC7A2C",
    "band": "#6B4426",
    "curve-1": "#3FDCA0",
    "curve-2": "#AB4AA6",
    "curve-3": "#F2F2F2",
    "curve-4": "#E8457F",
}


def on_screen(dark_page: bool) -> dict[str, str]:
    """Return the colours of what is drawn by a browser, by their meanings, for a light or for a dark page.

    ``truth`` and ``guess`` are the left limbs of recorded and of predicted people; ``-right`` and ``-middle`` are their
    other limbs, ``-word`` what is written of them, ``-area`` and ``-edge`` their panels; ``band`` lies behind what is
    wrong. ``curve-1`` and so on are those of `CURVES`, for charts.
    """
    if dark_page:
        return dict(_DARK_PAGE)
    colours = {"ground": "#FFFFFF", "area": GROUND, "ink": INK, "text": TEXT, "grid": BEHIND, "rule": QUIET}
    for name, colour, predicted in (("truth", TRUTH, False), ("guess", GUESS, True)):
        area, edge, _ = panel_look(predicted)
        words = {"": colour, "-right": _RIGHT[predicted], "-middle": _mixed(colour, 0.35, 0.0), "-word": dark(colour)}
        colours |= {name + part: value for part, value in {**words, "-area": area, "-edge": edge}.items()}
    colours["band"] = pale(GUESS, 0.35)
    return colours | {f"curve-{number}": look["color"] for number, look in enumerate(CURVES, 1)}


def new_figure(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> Figure:
    """Return an empty figure of a size in inches; without a layout it is drawn twice as fast, as sliders want."""
    figure = Figure(figsize=(width, height), facecolor="white", layout=layout)
    FigureCanvasAgg(figure)
    return figure


def new_panels(
    width: float, height: float, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure of a size in inches and its tidy axes, row by row; `options` as for `Figure.subplots`."""
    figure = new_figure(width, height)
    panels = [list(row) for row in figure.subplots(rows, columns, squeeze=False, **options)]
    for row in panels:
        for axes in row:
            tidy(axes)
    return figure, panels


def plain(name: str) -> str:
    r"""Return a name as pictures show it: a dollar sign stands for itself, not for mathematics.

    What cannot be printed is spelled out.
    """
    return printable(name).replace("$", r"\$")


def tidy(axes: Axes) -> None:
    """Leave out the lines above and to the right of the axes."""
    axes.spines[["top", "right"]].set_visible(False)


def tidy_with_grid(axes: Axes) -> None:
    """Leave out the lines above and to the right, and draw a pale grid behind everything."""
    axes.grid(color=GRID, lw=0.6)
    axes.set_axisbelow(True)
    tidy(axes)


def only_picture(axes: Axes, title: str) -> None:
    """Leave out all lines and numbers around the axes, show both directions in one scale, and write a title above."""
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.set_title(title, fontsize=10)
    axes.spines[:].set_visible(False)


def legend_above(axes: Axes, columns: int = 1, size: float = 9, **options: Any) -> None:
    """Put the legend above the axes, where it hides nothing, in one font size."""
    place: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "frameon": False}
    axes.legend(fontsize=size, ncols=columns, **place, **options)
