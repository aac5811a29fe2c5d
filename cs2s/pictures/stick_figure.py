"""The stick figure: one person in one pose, in 3D axes and, flat, in the axes of any chart.

Left is told from right and recorded from predicted twice over, by colour and without it: left limbs are solid and right
limbs dashed; predicted poses carry joint dots. Which limbs are left and right says `cs2s.motion.joint_names.sides`, how
they look says `cs2s.pictures.style.limb`. Taught in ``notebooks/06_explore_predictions``.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from mpl_toolkits.mplot3d import Axes3D
from mpl_toolkits.mplot3d.art3d import Line3D

from cs2s.motion.joint_names import sides
from cs2s.motion.skeleton import Skeleton
from cs2s.pictures.stage import to_plot_axes
from cs2s.pictures.style import BEHIND, limb

__all__ = [
    "HEAD_RADIUS",
    "Pose",
    "bone_lines",
    "draw_flat_pose",
    "draw_pose",
    "facing_camera",
    "limb_sample",
    "new_axes_3d",
]

HEAD_RADIUS = 0.095  # metres


def bone_lines(skeleton: Skeleton) -> dict[str, list[int]]:
    """Return for each side the joints of its limbs as one line, every bone once, with -1 for the gaps between limbs.

    Long lines rather than single bones keep the dashes of the right limbs visible on short bones. They run from the
    trunk outwards.
    """
    told = sides(skeleton)
    lines: dict[str, list[int]] = {"left": [], "right": [], "middle": []}
    drawn = {skeleton.parents.index(-1)}
    # A parent comes before its children, so that the ends of limbs are met first.
    for end in reversed(range(len(skeleton.joints))):
        path = [end]
        while path[-1] not in drawn and told[path[-1]] == told[end]:
            drawn.add(path[-1])
            path.append(skeleton.parents[path[-1]])
        if len(path) > 1:
            lines[told[end]] += [*path[::-1], -1]
    return lines


def _with_gap(places: np.ndarray) -> np.ndarray:
    """Return places with a last one that is nowhere: the -1 of `bone_lines`."""
    return np.concatenate([places, np.full((1, places.shape[-1]), np.nan)])


def _skull(skeleton: Skeleton) -> list[int]:
    """Return the two joints between which the middle of the head lies."""
    return [skeleton.joints.index(name) for name in ("Head", "HeadEnd")]


def limb_sample(side: str, label: str = "", *, predicted: bool = False) -> Line2D:
    """Return a line for a legend that looks like the limbs of a side."""
    return Line2D([], [], lw=2.2, ms=3.4, label=label, **limb(side, predicted))


def draw_flat_pose(
    axes: Axes,
    skeleton: Skeleton,
    places: np.ndarray,
    *,
    width: float = 2.4,
    head: bool = False,
    shadow: bool = False,
    zorder: float = 2,
) -> None:
    """Draw a pose as it is seen from one side into the axes of a chart, which decide on the unit.

    Args:
        axes: where to draw.
        skeleton: of any naming scheme; says which joints are connected and which limbs are left and right.
        places: ``(joints, 2)``, to the right and up.
        width: of the lines, points.
        head: whether to add the ring of the head; then the unit must be metres.
        shadow: draw in one pale colour, as a body to compare others with.
        zorder: what it lies over.
    """
    with_gap = _with_gap(places)
    for side, joints in bone_lines(skeleton).items():
        if shadow:
            axes.plot(*with_gap[joints].T, color=BEHIND, lw=width, solid_capstyle="round", zorder=zorder)
        else:
            axes.plot(*with_gap[joints].T, **limb(side), lw=width, dash_capstyle="butt", zorder=zorder)
    if head:
        across, up = places[_skull(skeleton)].mean(axis=0)
        axes.add_patch(Circle((across, up), HEAD_RADIUS, fill=False, lw=2))


def facing_camera(axes: Axes3D) -> tuple[np.ndarray, np.ndarray]:
    """Return the directions, ``(3,)`` each, that the axes' camera sees as right and as up."""
    azimuth, elevation = np.radians([axes.azim, axes.elev])
    right = np.array([-np.sin(azimuth), np.cos(azimuth), 0])
    back = np.array([np.cos(azimuth), np.sin(azimuth), 0]) * -np.sin(elevation)
    return right, back + np.array([0, 0, np.cos(elevation)])


def new_axes_3d(figure: Figure, box: tuple[float, float, float, float], azimuth: float, elevation: float) -> Axes3D:
    """Add 3D axes without lines and numbers to a figure, seen from far away, so that what is equal looks equal.

    Args:
        figure: where.
        box: left, bottom, width and height in shares of the figure.
        azimuth, elevation: the camera in degrees.
    """
    axes = figure.add_axes(box, projection="3d", azim=azimuth, elev=elevation, proj_type="ortho")
    axes.set_axis_off()
    return axes


class Pose:
    """The lines that show one person in one 3D axes; `update` moves them, which is faster than redrawing."""

    def __init__(self, axes: Axes3D, skeleton: Skeleton, size: float) -> None:
        """Add the lines, still empty, to the axes; the axes' camera must have been set."""
        self._lines: dict[str, Line3D] = {}
        self._points: dict[str, list[int]] = {}
        for side, joints in bone_lines(skeleton).items():
            self._points[side] = joints
            width = 2.4 if side == "left" else 2.7
            style = {"lw": width * size, "ms": 3.4 * size, "dash_capstyle": "butt"}
            self._lines[side] = axes.plot([], [], [], **limb(side), **style)[0]
        (self._head,) = axes.plot([], [], [], color=limb("middle")["color"], lw=1.8 * size)
        self.lines = [*self._lines.values(), self._head]
        self._skull = _skull(skeleton)
        # The head is a ring that faces the camera.
        right, up = facing_camera(axes)
        turn = np.linspace(0, 2 * np.pi, 33)[:, None]
        self._ring = HEAD_RADIUS * (np.cos(turn) * right + np.sin(turn) * up)

    def update(self, positions: np.ndarray, predicted: bool) -> None:
        """Show other positions, ``(joints, 3)`` in mm, y up, in the style of observed or predicted poses."""
        placed = to_plot_axes(positions)
        with_gap = _with_gap(placed)
        for side, line in self._lines.items():
            line.set_data_3d(*with_gap[self._points[side]].T)
            look = limb(side, predicted)
            line.set(color=look["color"], marker=look["marker"])
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
