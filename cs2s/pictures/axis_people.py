"""People in charts: who did what the curve below shows, drawn small above an axis, at its moments.

Taught in ``notebooks/01_motion_data``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from cs2s.motion.motion import Motion
from cs2s.pictures.stage import straightened
from cs2s.pictures.stick_figure import draw_flat_pose
from cs2s.pictures.style import QUIET

__all__ = ["add_people", "add_person", "evenly"]

_ROOM = 1.05  # metres above and below the hips


def add_person(
    axes: Axes, pose: Motion, box: tuple[float, float, float, float], *, front: bool = False, width: float = 1.4
) -> Axes:
    """Add one person to a chart, seen from their right, or from the front, the hips upright.

    Args:
        axes: of the chart.
        pose: whose first frame is drawn.
        box: left, bottom, width and height of the person's place, in shares of the axes; they are as large as fits.
        front: whether they are seen from the front, their left on the right side of the picture.
        width: of the lines, points.

    Returns:
        The person's own axes, in metres from the hips.
    """
    place = axes.inset_axes(box)
    place.set_axis_off()
    world = straightened(pose[:1])[0] / 1000
    draw_flat_pose(place, pose.skeleton, world[:, [0, 1] if front else [2, 1]], width=width)
    reach = _ROOM if front else 0.6
    place.set(xlim=(-reach, reach), ylim=(-_ROOM, _ROOM), aspect="equal")
    return place


def add_people(axes: Axes, motion: Motion, moments: Mapping[float, int] | Sequence[int], height: float = 0.5) -> None:
    """Add a row of people above a chart, each joined to its moment by a dotted line.

    Args:
        axes: of the chart; its limits must be set.
        motion: whose frames are drawn.
        moments: where on the horizontal axis -> which frame; or frames, where the axis counts them.
        height: of the row, in shares of the axes.
    """
    if not isinstance(moments, Mapping):
        moments = {float(frame): frame for frame in moments}
    left, right = axes.get_xlim()
    for at, frame in moments.items():
        axes.axvline(at, color=QUIET, ls=":", lw=0.8, zorder=0)
        middle = (at - left) / (right - left)
        add_person(axes, motion[frame : frame + 1], (middle - 0.05, 1.02, 0.1, height))


def evenly(length: int, people: int) -> np.ndarray:
    """Return frames for some people, evenly spaced, none of them at the very edge."""
    return np.rint((np.arange(people) + 0.5) * length / people).astype(int)
