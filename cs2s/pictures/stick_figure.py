"""Drawing motions: one pose, the stage that panels and frames share, and the film strip.

Every picture tells left from right and observed from predicted twice over, by colour and without it: left
limbs are solid and right limbs dashed; predicted poses carry joint dots, a framed panel and the word.
All data are shown on one `Stage`, so that panels and frames share axes and can be compared by eye.
Taught in ``notebooks/06_explore_predictions``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox, TransformedBbox
from mpl_toolkits.mplot3d import Axes3D, proj3d

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton

__all__ = ["Person", "Pose", "Stage", "draw_pose", "plot_film_strip", "to_plot_axes"]

AZIMUTH, ELEVATION = -55.0, 12.0
"""The camera in degrees: 0 faces the person, 90 is on their left; elevation is above the horizon."""

# Okabe and Ito's colours, which readers with any common colour vision can tell apart.
_COLOURS = {
    False: {"left": "#0072B2", "right": "#56B4E9", "middle": "#000000"},
    True: {"left": "#D55E00", "right": "#E69F00", "middle": "#000000"},
}
_DASHES = {"left": "-", "right": (0, (2.2, 1.1)), "middle": "-"}
_PANEL = {False: ("#F4F8FB", "#B8C7D3", 0.8), True: ("#FFF6EC", "#D55E00", 2.2)}
WORD_COLOURS = {"observed": "#0072B2", "true future": "#0072B2", "predicted": "#B34700"}
_GRID, TEXT_COLOUR = "#C4C4C4", "#333333"

# Rows are the plot's axes (forward, left, up) in the data's (left, up, forward): a cyclic exchange, so a
# rotation. Exchanging just two axes, the usual way from y up to z up, would show a mirror image.
_TO_PLOT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])

FLOOR_SQUARE = 0.5  # metres
_HEAD_RADIUS = 0.095  # metres

Box = tuple[float, float, float, float]  # left, bottom, width and height, inches


def to_plot_axes(positions: np.ndarray) -> np.ndarray:
    """Turn positions ``(..., 3)`` in mm (x left, y up, z forward) into m (x forward, y left, z up)."""
    return positions @ _TO_PLOT.T / 1000


def _bone_paths(skeleton: Skeleton) -> dict[str, list[list[int]]]:
    """Return joint indices of the lines to draw for each side, every bone once, each from its trunk end out.

    Long lines rather than single bones keep the dashes of the right limbs visible on short bones.
    """
    paths: dict[str, list[list[int]]] = {"left": [], "right": [], "middle": []}
    drawn = {skeleton.parents.index(-1)}
    for end in skeleton.end_sites:
        path, side = [end], skeleton.side(end)
        while path[-1] not in drawn and skeleton.side(path[-1]) == side:
            drawn.add(path[-1])
            path.append(skeleton.parents[path[-1]])
        paths[side].append(path[::-1])
    return paths


def _facing_camera(axes: Axes3D) -> tuple[np.ndarray, np.ndarray]:
    """Return the directions, ``(3,)`` each, that the axes' camera sees as right and as up."""
    azimuth, elevation = np.radians([axes.azim, axes.elev])
    right = np.array([-np.sin(azimuth), np.cos(azimuth), 0])
    back = np.array([np.cos(azimuth), np.sin(azimuth), 0]) * -np.sin(elevation)
    return right, back + np.array([0, 0, np.cos(elevation)])


def _seen(axes: Axes3D, points: np.ndarray) -> np.ndarray:
    """Return where ``(n, 3)`` points of the axes' data appear, ``(n, 2)``, in shares of the axes' sides."""
    across, upright, _ = proj3d.proj_transform(*points.T, axes.get_proj())
    return axes.transLimits.transform(np.stack([across, upright], axis=-1))


class Pose:
    """The lines that show one person in one 3D axes; `update` moves them, which is faster than redrawing."""

    def __init__(self, axes: Axes3D, skeleton: Skeleton, size: float) -> None:
        """Add the lines, still empty, to the axes; the axes' camera must have been set."""
        self._lines: dict[str, Line2D] = {}
        self._points: dict[str, list[int]] = {}
        for side, paths in _bone_paths(skeleton).items():
            # -1 stands for a gap between two paths.
            self._points[side] = [joint for path in paths for joint in (*path, -1)]
            width = 2.4 if side == "left" else 2.7
            self._lines[side] = axes.plot(
                [], [], [], ls=_DASHES[side], lw=width * size, ms=3.4 * size, dash_capstyle="butt"
            )[0]
        (self._head,) = axes.plot([], [], [], color=_COLOURS[False]["middle"], lw=1.8 * size)
        self.lines = [*self._lines.values(), self._head]
        self._skull = [skeleton.joints.index(name) for name in ("Head", "HeadEnd")]
        # The head is a ring that faces the camera.
        right, up = _facing_camera(axes)
        turn = np.linspace(0, 2 * np.pi, 33)[:, None]
        self._ring = _HEAD_RADIUS * (np.cos(turn) * right + np.sin(turn) * up)

    def update(self, positions: np.ndarray, predicted: bool) -> None:
        """Show other positions, ``(joints, 3)`` in mm, y up, in the style of observed or predicted poses."""
        placed = to_plot_axes(positions)
        with_gap = np.concatenate([placed, np.full((1, 3), np.nan)])
        for side, line in self._lines.items():
            line.set_data_3d(*with_gap[self._points[side]].T)
            line.set_color(_COLOURS[predicted][side])
            line.set_marker("o" if predicted else "")
        self._head.set_data_3d(*(placed[self._skull].mean(axis=0) + self._ring).T)


def draw_pose(axes: Axes3D, skeleton: Skeleton, positions: np.ndarray, predicted: bool, *, size: float = 1.0) -> Pose:
    """Draw one pose into 3D axes (metres; x forward, y left, z up) and return it; it can be moved.

    Args:
        axes: where to draw; set its camera (`view_init`) and limits first.
        skeleton: says which joints are connected and which limbs are left and right.
        positions: ``(joints, 3)``, millimetres, y up, as from `Motion.positions`.
        predicted: whether to draw in the style of predictions.
        size: factor on widths.
    """
    pose = Pose(axes, skeleton, size)
    pose.update(positions, predicted)
    return pose


@dataclass(frozen=True, eq=False)
class Stage:
    """The fixed box in which all panels and all frames of one picture show their motions.

    The box follows each person horizontally, so that a runner who crosses four metres is not drawn tiny:
    its middle is always the hips, and the squares of the floor, fixed to the ground, pass below. Forward is
    where the recorded person faces in the last observed frame; height 0 is that person's lowest point.

    Attributes:
        truth: the recorded motion; it has no panel where it ends with the observed frames and there are predictions.
        predictions: predicted motions by name, each beginning with the observed frames.
        observed: how many frames were observed.

    Raises:
        InputError: if the motions do not fit together.
    """

    truth: Motion
    predictions: dict[str, Motion]
    observed: int

    def __post_init__(self) -> None:
        for name, motion in self.predictions.items():
            if motion.fps != self.truth.fps:
                rates = f"{motion.fps:g} frames per second, the ground truth {self.truth.fps:g}"
                raise InputError(f"the prediction {name!r} has {rates}: they must be equal to be compared")
        if not 1 <= self.observed <= len(self):
            frames = f"motions of {len(self)} frames with {self.observed} observed"
            raise InputError(f"cannot show {frames}: `observed` must be from 1 to {len(self)}")

    def __len__(self) -> int:
        """Return the number of frames that all motions have."""
        return min(len(motion) for motion in self.motions)

    @property
    def names(self) -> list[str]:
        """What the panels are called."""
        return ["ground truth"] * self._known + list(self.predictions)

    @property
    def motions(self) -> list[Motion]:
        """The motions of the panels, the recorded one first."""
        return [self.truth] * self._known + list(self.predictions.values())

    @property
    def _known(self) -> int:
        """How many panels show what really happened: one or none."""
        return int(len(self.truth) > self.observed or not self.predictions)

    @cached_property
    def _world(self) -> list[np.ndarray]:
        """Positions per motion, ``(frames, joints, 3)``, mm, y up, turned to face z and standing on y = 0."""
        worlds = [motion[: len(self)].positions() for motion in self.motions]
        left, right = (self.truth.skeleton.joints.index(f"{side}UpLeg") for side in ("Left", "Right"))
        across = worlds[0][self.observed - 1, left] - worlds[0][self.observed - 1, right]
        angle = np.arctan2(across[2], across[0])
        cosine, sine = np.cos(angle), np.sin(angle)
        turn = np.array([[cosine, 0, -sine], [0, 1, 0], [sine, 0, cosine]])
        floor = np.array([0, worlds[0][..., 1].min(), 0])
        return [world @ turn - floor for world in worlds]

    def positions(self, panel: int, frame: int | slice) -> np.ndarray:
        """Return the joints of one panel, ``(..., joints, 3)``, mm, y up, from below the hips."""
        world = self._world[panel][frame]
        return world - world[..., :1, :] * [1, 0, 1]

    @cached_property
    def points(self) -> np.ndarray:
        """All places in the box where a joint ever is, ``(n, 3)``, in the plot's axes, metres."""
        panels = [self.positions(panel, slice(None)) for panel in range(len(self.motions))]
        return to_plot_axes(np.concatenate([panel.reshape(-1, 3) for panel in panels]))

    @cached_property
    def limits(self) -> np.ndarray:
        """Limits of the plot's axes (forward, left, up), ``(3, 2)``, metres."""
        low, high = np.nanmin(self.points, axis=0), np.nanmax(self.points, axis=0)
        reach = max(0.55, *np.abs([low[:2], high[:2]]).ravel() + 0.05)
        # A prediction that flies off must not shrink the people: it leaves the box instead.
        bottom, top = np.clip([low[2], high[2] + 0.05], -0.5, 3.0)
        return np.array([[-reach, reach], [-reach, reach], [bottom, top]])

    def floor(self, panel: int, frame: int) -> np.ndarray:
        """Return the floor's squares as one line with gaps, ``(3, points)``, in the plot's axes, metres."""
        # A prediction gone to nan has no place; its floor stays where it is.
        place = np.nan_to_num(to_plot_axes(self._world[panel][frame, 0])[:2])
        parts = []
        for axis in (0, 1):
            (low, high), (start, end) = self.limits[axis], self.limits[1 - axis]
            first = np.ceil((low + place[axis]) / FLOOR_SQUARE)
            for at in np.arange(first * FLOOR_SQUARE - place[axis], high, FLOOR_SQUARE):
                ends = [[at, at, np.nan], [start, end, np.nan], [0, 0, np.nan]]
                parts.append([ends[axis], ends[1 - axis], ends[2]])
        return np.concatenate(parts, axis=1)

    def word(self, panel: int, frame: int) -> str:
        """Return what the pose of a panel at a frame is, in a word or two."""
        if frame < self.observed:
            return "observed"
        return "predicted" if panel >= self._known else "true future"

    def milliseconds(self, frame: int) -> float:
        """Return the time of a frame relative to the last observed one."""
        return (frame - self.observed + 1) * 1000 / self.truth.fps


class Person:
    """One 3D axes with a floor and a person of a stage, shown at any frame.

    Attributes:
        axes: metres forward, to the left and up; the limits are those of the stage.
        metre: how many inches of the figure one metre takes.
        moving: the artists that `show` changes.
    """

    def __init__(
        self, stage: Stage, panel: int, camera: tuple[float, float], window: Rectangle, area: Box, size: float
    ) -> None:
        """Fit the stage's box into an area of the figure.

        Args:
            stage: what to show.
            panel: which of its motions.
            camera: azimuth and elevation, degrees.
            window: rectangle of the figure outside which nothing is drawn.
            area: what the person never leaves.
            size: factor on line widths.
        """
        self._stage, self._panel = stage, panel
        figure = window.get_figure()
        left, low, wide, high = area
        axes = self.axes = figure.add_axes((0, 0, 1, 1), projection="3d")
        axes.set_axis_off()
        axes.patch.set_visible(False)
        axes.set(xlim=stage.limits[0], ylim=stage.limits[1], zlim=stage.limits[2])
        axes.view_init(azim=camera[0], elev=camera[1])
        axes.set_proj_type("ortho")
        shape = np.ptp(stage.limits, axis=1)
        axes.set_box_aspect(shape)
        # Where the people ever are, from the middle of the axes, in shares of its side; the axes is a square.
        right, _ = _facing_camera(axes)
        metre = np.diff(_seen(axes, np.stack([0 * right, right])), axis=0)[0, 0]
        people = _seen(axes, np.clip(stage.points, *stage.limits.T)) - 0.5
        aside = np.nanmax(np.abs(people[:, 0])) + metre * _HEAD_RADIUS
        bottom, top = np.nanmin(people[:, 1]), np.nanmax(people[:, 1]) + metre * _HEAD_RADIUS
        side = max(wide, high)
        zoom = min(wide / (2 * aside), high / (top - bottom)) / side
        axes.set_box_aspect(shape, zoom=zoom)
        inches, middle = figure.get_size_inches(), np.array([left + wide / 2, low + high / 2])
        middle[1] -= zoom * side * (bottom + top) / 2
        axes.set_position((*(middle - side / 2) / inches, *side / inches))
        self.metre = metre * zoom * side
        (self._floor,) = axes.plot([], [], [], color=_GRID, lw=0.8 * size)
        self._pose = Pose(axes, stage.motions[panel].skeleton, size)
        self.moving = [self._floor, *self._pose.lines]
        for line in self.moving:
            line.set_clip_path(window)
        # The floor ends where the area does, short of what may stand beside the person.
        floor = Bbox.intersection(window.get_bbox(), Bbox.from_bounds(left, 0, wide, inches[1]))
        self._floor.set_clip_box(TransformedBbox(floor, figure.dpi_scale_trans))

    def show(self, frame: int) -> None:
        """Show a frame, counted from 0."""
        predicted = self._stage.word(self._panel, frame) == "predicted"
        self._floor.set_data_3d(*self._stage.floor(self._panel, frame))
        self._pose.update(self._stage.positions(self._panel, frame), predicted)


def add_legend(figure: Figure, stage: Stage) -> None:
    """Say at the bottom of the figure what colours, dashes and dots mean."""

    def sample(side: str, predicted: bool) -> Line2D:
        look = {"color": _COLOURS[predicted][side], "ls": _DASHES[side], "marker": "o" if predicted else ""}
        return Line2D([], [], lw=2.2, ms=3.4, **look)

    styles = (False, True) if stage.predictions else (False,)
    entries = {
        "left limbs: solid": tuple(sample("left", style) for style in styles),
        "right limbs: dashed": tuple(sample("right", style) for style in styles),
        "recorded: blue": (sample("left", False), sample("right", False)),
    }
    if stage.predictions:
        entries["predicted: orange, dots"] = (sample("left", True), sample("right", True))
    entries[f"floor squares: {FLOOR_SQUARE:g} m"] = Line2D([], [], color=_GRID, lw=0.8)
    style = {"fontsize": 7.5, "frameon": False, "labelcolor": TEXT_COLOUR, "handlelength": 3.0}
    handlers = {tuple: HandlerTuple(ndivide=None, pad=0.3)}
    place = {
        "loc": "lower center",
        "ncols": len(entries),
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
    return figure.add_artist(Rectangle(box[:2], *box[2:], transform=figure.dpi_scale_trans, zorder=-1))


def style_frame(patch: Rectangle, predicted: bool) -> None:
    """Give a panel the look of observed or predicted poses."""
    fill, edge, width = _PANEL[predicted]
    patch.set(facecolor=fill, edgecolor=edge, linewidth=width)


def _moments(frames: int, observed: int, count: int) -> list[int]:
    """Choose about `count` frames: up to three observed ones, the last included, and evenly the others."""
    seen = min(3, observed, count // 2) if frames > observed else count
    before = np.linspace(0, observed - 1, seen + 1)[1:] if observed > seen else np.arange(observed)
    after = np.linspace(observed - 1, frames - 1, count - seen + 1)[1:]
    return sorted({round(frame) for frame in (*before, *after)})


def plot_film_strip(
    truth: Motion,
    predictions: dict[str, Motion],
    observed: int,
    *,
    title: str = "",
    moments: int = 10,
    azimuth: float = AZIMUTH,
    elevation: float = ELEVATION,
) -> Figure:
    """Draw a motion as a row of poses from left to right in time, with one more row per prediction.

    Args:
        truth, predictions, observed, title, azimuth, elevation: as in `cs2s.pictures.film.plot_frame`.
        moments: about how many poses to draw in a row.

    Raises:
        InputError: if the motions do not fit together.
    """
    stage = Stage(truth, predictions, observed)
    frames = _moments(len(stage), observed, moments)
    rows, columns = len(stage.motions), len(frames)
    cell, tall, margin, top, bottom = 1.0, 1.95, 0.3, 0.62, 0.36
    width, height = margin + cell * columns + 0.06, top + tall * rows + bottom
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    centred = {"ha": "center", "va": "center"}
    figure.text(0.5, 1 - 0.19 / height, title, fontsize=12, weight="bold", **centred)
    add_legend(figure, stage)
    for panel, name in enumerate(stage.names):
        low = bottom + tall * (rows - 1 - panel)
        x, y = margin / 2 / width, (low + tall / 2) / height
        figure.text(x, y, name, rotation=90, fontsize=name_size(name), **centred)
        words = [stage.word(panel, frame) for frame in frames]
        for word in dict.fromkeys(words):
            first, count = words.index(word), words.count(word)
            patch = add_frame(figure, (margin + cell * first + 0.03, low + 0.04, cell * count - 0.06, tall - 0.08))
            style_frame(patch, word == "predicted")
            x, y = (margin + cell * (first + count / 2)) / width, (low + tall - 0.17) / height
            figure.text(x, y, word, fontsize=9, weight="bold", color=WORD_COLOURS[word], **centred)
            for column in range(first, first + count):
                # A little wider than the column: people rarely stretch out both ways at once.
                area = (margin + cell * (column - 0.08), low + 0.14, 1.16 * cell, tall - 0.42)
                Person(stage, panel, (azimuth, elevation), patch, area, 0.85).show(frames[column])
    for column, frame in enumerate(frames):
        x, y = (margin + cell * (column + 0.5)) / width, 1 - (top - 0.1) / height
        figure.text(x, y, f"{stage.milliseconds(frame):+.0f} ms", fontsize=9, **centred)
    return figure
