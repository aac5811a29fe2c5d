"""Panels that show one person of a stage each, as film strips and films lay them out: frame, words, floor and legend.

Recorded and predicted panels differ in their frames and words as well as in the poses.
Taught in ``notebooks/06_explore_predictions``.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox, TransformedBbox
from mpl_toolkits.mplot3d import Axes3D, proj3d

from cs2s.pictures.stage import FLOOR_SQUARE, Stage
from cs2s.pictures.stick_figure import HEAD_RADIUS, Pose, facing_camera, limb_sample, new_axes_3d
from cs2s.pictures.style import BEHIND, GUESS, TEXT, TRUTH, dark, panel_look

__all__ = [
    "AZIMUTH",
    "ELEVATION",
    "Person",
    "add_frame",
    "add_legend",
    "legend_rows",
    "name_size",
    "style_frame",
    "word_colour",
]

AZIMUTH, ELEVATION = -55.0, 12.0
"""The camera in degrees: 0 faces the person, 90 is on their left; elevation is above the horizon."""

_FLOOR = BEHIND
_LEGEND_WIDTH = 7.0
"""Inches that the legend takes in one row."""

Box = tuple[float, float, float, float]  # left, bottom, width and height, inches


def _seen(axes: Axes3D, points: np.ndarray) -> np.ndarray:
    """Return where ``(n, 3)`` points of the axes' data appear, ``(n, 2)``, in shares of the axes' sides."""
    across, upright, _ = proj3d.proj_transform(*points.T, axes.get_proj())
    return axes.transLimits.transform(np.stack([across, upright], axis=-1))


class Person:
    """One 3D axes with a floor and a person of a stage, shown at any frame.

    Attributes:
        axes: metres forward, to the left and up; the limits are those of the stage.
        metre: how many inches of the figure one metre takes.
        moving: the artists that `show` changes.
    """

    def __init__(
        self,
        figure: Figure,
        stage: Stage,
        panel: int,
        camera: tuple[float, float],
        window: Rectangle,
        area: Box,
        size: float,
    ) -> None:
        """Fit the stage's box into an area of the figure.

        Args:
            figure: where to draw.
            stage: what to show.
            panel: which of its motions.
            camera: azimuth and elevation, degrees.
            window: rectangle of the figure outside which nothing is drawn.
            area: what the person never leaves.
            size: factor on line widths.
        """
        self._stage, self._panel = stage, panel
        left, low, wide, high = area
        axes = self.axes = new_axes_3d(figure, (0, 0, 1, 1), *camera)
        axes.patch.set_visible(False)
        axes.set(xlim=stage.limits[0], ylim=stage.limits[1], zlim=stage.limits[2])
        shape = np.ptp(stage.limits, axis=1)
        axes.set_box_aspect(shape)
        # Where the people ever are, from the middle of the axes, in shares of its side; the axes is a square.
        right, _ = facing_camera(axes)
        metre = np.diff(_seen(axes, np.stack([0 * right, right])), axis=0)[0, 0]
        people = _seen(axes, np.clip(stage.points, *stage.limits.T)) - 0.5
        aside = np.nanmax(np.abs(people[:, 0])) + metre * HEAD_RADIUS
        bottom, top = np.nanmin(people[:, 1]), np.nanmax(people[:, 1]) + metre * HEAD_RADIUS
        side = max(wide, high)
        zoom = min(wide / (2 * aside), high / (top - bottom)) / side
        axes.set_box_aspect(shape, zoom=zoom)
        inches, middle = figure.get_size_inches(), np.array([left + wide / 2, low + high / 2])
        middle[1] -= zoom * side * (bottom + top) / 2
        axes.set_position((*(middle - side / 2) / inches, *side / inches))
        self.metre = metre * zoom * side
        (self._floor,) = axes.plot([], [], [], color=_FLOOR, lw=0.8 * size)
        self._pose = Pose(axes, stage.motions[panel].skeleton, size)
        self.moving = [self._floor, *self._pose.lines]
        for line in self.moving:
            line.set_clip_path(window)
        # The floor ends where the area does, short of what may stand beside the person.
        edges = window.get_bbox()
        floor = Bbox.from_extents(max(edges.x0, left), edges.y0, min(edges.x1, left + wide), edges.y1)
        self._floor.set_clip_box(TransformedBbox(floor, figure.dpi_scale_trans))

    def show(self, frame: int) -> None:
        """Show a frame, counted from 0."""
        predicted = self._stage.word(self._panel, frame) == "predicted"
        self._floor.set_data_3d(*self._stage.floor(self._panel, frame))
        self._pose.update(self._stage.positions(self._panel, frame), predicted)


def word_colour(word: str) -> str:
    """Return the colour of a panel's word, as `Stage.word` gives it."""
    return dark(GUESS) if word == "predicted" else TRUTH


def legend_rows(width: float) -> int:
    """Return how many rows the legend needs in a figure of a width in inches: one panel is too narrow for one row."""
    return 1 if width > _LEGEND_WIDTH else 2


def add_legend(figure: Figure, stage: Stage) -> None:
    """Say at the bottom of the figure what colours, dashes and dots mean."""

    def sample(side: str, predicted: bool) -> Line2D:
        return limb_sample(side, predicted=predicted)

    styles = (False, True) if stage.predictions else (False,)
    entries: dict[str, Any] = {
        "left limbs: solid": tuple(sample("left", style) for style in styles),
        "right limbs: dashed": tuple(sample("right", style) for style in styles),
        "recorded: no dots": (sample("left", False), sample("right", False)),
    }
    if stage.predictions:
        entries["predicted: dots"] = (sample("left", True), sample("right", True))
    entries[f"floor squares: {FLOOR_SQUARE:g} m"] = Line2D([], [], color=_FLOOR, lw=0.8)
    style: dict[str, Any] = {"fontsize": 7.5, "frameon": False, "labelcolor": TEXT, "handlelength": 3.0}
    handlers = {tuple: HandlerTuple(ndivide=None, pad=0.3)}
    place: dict[str, Any] = {
        "loc": "lower center",
        "ncols": -(-len(entries) // legend_rows(figure.get_figwidth())),
        "borderaxespad": 0.2,
        "columnspacing": 1.1,
        "handletextpad": 0.5,
    }
    figure.legend(list(entries.values()), list(entries), handler_map=handlers, **place, **style)


def name_size(name: str) -> float:
    """Return a font size at which the name of a panel fits, long or short."""
    return 240 / max(len(name), 23)


def add_frame(figure: Figure, box: Box) -> Rectangle:
    """Add a panel's background and frame."""
    frame = Rectangle(box[:2], *box[2:], transform=figure.dpi_scale_trans, zorder=-1)
    figure.add_artist(frame)
    return frame


def style_frame(patch: Rectangle, predicted: bool) -> None:
    """Give a panel the look of observed or predicted poses."""
    fill, edge, width = panel_look(predicted)
    patch.set(facecolor=fill, edgecolor=edge, linewidth=width)
