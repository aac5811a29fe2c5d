"""Pictures of motion files: bodies of any skeleton side by side, and what lies between two frames.

All are pure functions from motions or numbers to a figure. Used in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator
from scipy.spatial.transform import Rotation, Slerp

from cs2s.motion.motion import Motion
from cs2s.pictures.stage import facing
from cs2s.pictures.stick_figure import draw_flat_pose, limb_sample
from cs2s.pictures.style import BEHIND, FIRST, INK, QUIET, SECOND, new_figure, plain, tidy_with_grid

__all__ = ["plot_between", "plot_bodies", "plot_headings"]

_TOLD, _AVERAGED, _TURNED = INK, SECOND, FIRST


def _seen(motion: Motion, frame: int, azimuth: float) -> np.ndarray:
    """Return where the joints of a frame are seen, ``(joints, 2)`` metres from the hips: to the right, and up."""
    places = motion.positions()[frame] / 1000
    across, ahead = facing(places, motion.skeleton)
    turn = np.radians(azimuth)
    to_the_right = np.cos(turn) * across - np.sin(turn) * ahead
    return np.stack([(places - places[0]) @ to_the_right, places[:, 1] - places[0, 1]], axis=-1)


def plot_bodies(
    bodies: Mapping[str, Motion],
    frame: int = 0,
    *,
    behind: tuple[str, Motion] | None = None,
    azimuth: float = 0,
) -> Figure:
    """Draw one moment of some motions side by side, the hips of all in the same place.

    Args:
        bodies: title of a panel -> the motion; their skeletons may differ.
        frame: which frame of each to draw.
        behind: a name and a motion that is drawn in grey behind all of them, for comparison.
        azimuth: where the camera is, degrees around each person: 0 is in front of them, 90 on their left.
    """
    hidden = {} if behind is None else {"": behind[1]}
    points = {name: _seen(motion, frame, azimuth) for name, motion in {**bodies, **hidden}.items()}
    low, high = (edge(np.concatenate(list(points.values())), axis=0) for edge in (np.min, np.max))
    low, high = np.minimum(low, [-0.45, 0]) - 0.08, np.maximum(high, [0.45, 0]) + 0.08
    # In inches, so that one metre is as long across as up and nothing lies between the panels in vain.
    tall, gap = 3.5, 0.25
    wide = tall * (high - low)[0] / (high - low)[1]
    width, height = max(len(bodies) * (wide + gap) + 0.75, 6.2), tall + 1.25
    figure = new_figure(width, height, layout=None)
    left = 0.7 + (width - 0.75 - len(bodies) * (wide + gap)) / 2
    boxes = [(left + n * (wide + gap), 0.9, wide, tall) for n in range(len(bodies))]
    panels = [figure.add_axes((x / width, y / height, w / width, h / height)) for x, y, w, h in boxes]
    for axes in panels[1:]:
        axes.tick_params(labelleft=False)
    for axes, (name, motion) in zip(panels, bodies.items(), strict=True):
        if behind is not None:
            draw_flat_pose(axes, behind[1].skeleton, points[""], width=6, shadow=True, zorder=1)
        draw_flat_pose(axes, motion.skeleton, points[name], width=2.2)
        axes.plot(*points[name].T, ls="", marker=".", ms=4, color="black", zorder=3)
        axes.set(xlabel="across (m)", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axes.xaxis.set_major_locator(MultipleLocator(0.5))
        axes.yaxis.set_major_locator(MultipleLocator(0.5))
        axes.set_title(plain(name), fontsize=10.5)
        tidy_with_grid(axes)
    panels[0].set_ylabel("up from the hips (m)")
    handles = [limb_sample("left", "the person's left: solid"), limb_sample("right", "right: dashed")]
    if behind is not None:
        handles.append(Line2D([], [], color=BEHIND, lw=6, label=f"{plain(behind[0])}: wide, grey"))
    figure.legend(handles=handles, loc="lower center", ncols=len(handles), fontsize=9, frameon=False)
    return figure


def _between(first: float, second: float, share: float) -> float:
    """Return the heading, degrees, that lies a share of the shortest turn from the first to the second."""
    ends = Rotation.from_euler("y", [[first], [second]], degrees=True)
    return float(Slerp([0, 1], ends)(share).as_euler("YXZ", degrees=True)[0])


def plot_between(first: float = 170, second: float = -170, percent: float = 50) -> Figure:
    """Draw two headings of a person seen from above, and what lies between them by two ways of reckoning.

    Args:
        first, second: headings in two neighbouring frames, degrees; 0 is forward (z), 90 the left (x).
        percent: how much of the time from the first to the second frame has passed.
    """
    share = percent / 100
    averaged = (1 - share) * first + share * second
    turned = _between(first, second, share)
    figure = new_figure(7.0, 4.3, layout=None)
    axes = figure.add_axes((0.02, 0.03, 0.56, 0.9))
    ring = np.radians(np.arange(361))
    axes.plot(np.sin(ring), np.cos(ring), color=BEHIND, lw=1)
    for angle, word in ((0, "0°\nforward"), (90, "90°\nleft"), (180, "±180°\nback"), (-90, "-90°\nright")):
        # Seen from above with forward up, the person's left is on our left.
        axes.text(-1.2 * np.sin(np.radians(angle)), 1.2 * np.cos(np.radians(angle)), word, ha="center", va="center")
    arrows: tuple[tuple[float, str, str, str, str, float], ...] = (
        (first, _TOLD, "-", "o", f"one frame: {first:g}°", 1.5),
        (second, _TOLD, "--", "s", f"the next frame: {second:g}°", 1.5),
        (averaged, _AVERAGED, ":", "X", f"numbers averaged: {averaged:.1f}°", 3),
        (turned, _TURNED, "-", "D", f"shortest turn (slerp): {turned:.1f}°", 3),
    )
    for heading, colour, style, marker, label, width in arrows:
        tip = np.array([-np.sin(np.radians(heading)), np.cos(np.radians(heading))])
        line = axes.plot([0, tip[0]], [0, tip[1]], color=colour, ls=style, lw=width, marker=marker, markevery=[1], ms=8)
        line[0].set_label(label)
    axes.set(xlim=(-1.45, 1.45), ylim=(-1.4, 1.4), aspect="equal")
    axes.set_axis_off()
    figure.text(0.5, 0.95, f"{percent:g} % of the way between two frames, seen from above", ha="center", weight="bold")
    figure.legend(
        handles=axes.get_lines()[1:], loc="center left", bbox_to_anchor=(0.6, 0.5), fontsize=9.5, frameon=False
    )
    return figure


def plot_headings(
    told: tuple[np.ndarray, np.ndarray], averaged: Sequence[float], turned: Sequence[float], fps: float
) -> Figure:
    """Draw the heading of somebody who turns on the spot, before and after a change of the frame rate.

    Args:
        told: times in seconds and headings in degrees of the file's frames.
        averaged: headings of the new frames, made by averaging the file's numbers, degrees.
        turned: the same, made by turning the shortest way.
        fps: frames a second of the new frames; the first of them is the file's first.
    """
    figure = new_figure(7.4, 3.6)
    axes = figure.add_subplot()
    axes.plot(*told, ls="", marker="o", ms=8, mfc="none", color=_TOLD, label="the file's frames")
    axes.plot(np.arange(len(averaged)) / fps, averaged, "X", ms=7, color=_AVERAGED, label="numbers averaged")
    axes.plot(np.arange(len(turned)) / fps, turned, "D", ms=4, color=_TURNED, label="shortest turn (slerp)")
    for wrap in (-180, 180):
        axes.axhline(wrap, color=QUIET, lw=0.8, ls="--")
    axes.set(xlabel="time (s)", ylabel="heading (degrees)", ylim=(-205, 205), yticks=range(-180, 181, 90))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=3, fontsize=9, frameon=False)
    tidy_with_grid(axes)
    return figure
