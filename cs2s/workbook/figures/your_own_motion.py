"""Pictures of motion files: bodies of any skeleton side by side, what lies between two frames, errors file by file.

All are pure functions from motions or numbers to a figure. Used in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator

from cs2s.motion.motion import Motion
from cs2s.pictures.stage import facing
from cs2s.pictures.stick_figure import draw_flat_pose, limb_sample
from cs2s.pictures.style import (
    BEHIND,
    FIRST,
    GRID,
    INK,
    QUIET,
    SECOND,
    new_figure,
    new_panels,
    plain,
    tidy_with_grid,
)

__all__ = ["plot_bodies", "plot_files", "plot_turning"]

_TOLD, _AVERAGED, _TURNED = INK, SECOND, FIRST
_SEEN_DEGREES = 20
"""Frames that differ by more are marked."""


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


def _headings(motion: Motion) -> np.ndarray:
    """Return where somebody looks who only turns about y, degrees to the left of ahead: minus the stored number."""
    return -np.degrees(motion.expmaps[:, 0, 1])


def plot_turning(file: Motion, averaged: Motion, turned: Motion) -> Figure:
    """Draw somebody who turns on the spot before and after a change of the frame rate, and every new frame as a person.

    Args:
        file: as it was recorded; the hips turn about y alone.
        averaged: the new frames, by averaging numbers; it begins with the file's first frame.
        turned: the same by turning the shortest way.
    """
    figure = new_figure(7.6, 5.6, layout=None)
    axes = figure.add_axes((0.1, 0.09, 0.88, 0.4))
    ways: tuple[tuple[str, Motion, str, dict[str, Any]], ...] = (
        ("the file's frames", file, _TOLD, {"marker": "o", "ms": 8, "mfc": "none"}),
        ("numbers averaged", averaged, _AVERAGED, {"marker": "X", "ms": 7}),
        ("shortest turn (slerp)", turned, _TURNED, {"marker": "D", "ms": 4}),
    )
    for label, motion, colour, look in ways:
        times = np.arange(len(motion)) / motion.fps
        axes.plot(times, _headings(motion), ls="", color=colour, label=label, **look)
    for wrap in (-180, 180):
        axes.axhline(wrap, color=QUIET, lw=0.8, ls="--")
    end = (len(file) - 1) / file.fps
    axes.set(xlim=(-0.02, end + 0.02), xlabel="time (s)", ylabel="heading (degrees)", ylim=(-205, 205))
    axes.yaxis.set_major_locator(MultipleLocator(90))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=3, fontsize=9, frameon=False)
    tidy_with_grid(axes)
    off = (_headings(averaged) - _headings(turned) + 180) % 360 - 180
    wrong = np.flatnonzero(np.abs(off) > _SEEN_DEGREES) / averaged.fps
    for (label, motion, _, _), low in zip(ways[1:], (0.79, 0.585), strict=True):
        # Of the same times as the axis below, so that each person stands above its mark.
        people = figure.add_axes((0.1, low, 0.88, 0.16), sharex=axes)
        people.set_title(f"{label}: seen from one place", fontsize=9.5, pad=3)
        for time in wrong:
            people.axvspan(time - 0.5 / averaged.fps, time + 0.5 / averaged.fps, color=GRID)
        wide, tall = people.get_position().width * 7.6, people.get_position().height * 5.6
        metres = 1.7  # from the floor to above the head
        seconds_a_metre = (end + 0.04) / wide * tall / metres
        for frame, places in enumerate(motion.positions() / 1000):
            seen = places[:, :2] - [places[0, 0], places[:, 1].min()]
            seen[:, 0] = frame / motion.fps + seconds_a_metre * seen[:, 0]
            draw_flat_pose(people, motion.skeleton, seen, width=1.2)
        people.set(ylim=(-0.05, metres - 0.05), xlim=axes.get_xlim())
        people.set_axis_off()
    return figure


_MARKS = ("X", "s", "o", "D", "^")


def plot_files(told: Mapping[str, Mapping[str, Any]], frame: int = 9) -> Figure:
    """Draw how wrong predictors are on motion files, beside freezing, seen from the hips and in space.

    Args:
        told: name of a predictor -> what `cs2s evaluate FILES --json` keeps of it; all of the same files.
        frame: which predicted frame, from 0.
    """
    first = next(iter(told.values()))
    files = list(first["files"])
    figure, panels = new_panels(7.6, 0.34 * len(files) + 1.5, 1, 2, sharey=True)
    measures = {"hips_mm": "seen from the hips", "space_mm": "in space"}
    for axes, (measure, title) in zip(panels[0], measures.items(), strict=True):
        axes.axvline(1, color=INK, lw=1.2, ls="--", label="freezing")
        for (name, one), mark, colour in zip(told.items(), _MARKS, (SECOND, QUIET, FIRST, INK, BEHIND), strict=False):
            ratios = [one["files"][file]["ratios"][measure][frame] for file in files]
            axes.plot(ratios, range(len(files)), ls="", marker=mark, ms=7, color=colour, label=plain(name))
        axes.set_xscale("log")
        axes.set_xticks([0.25, 0.5, 1, 2, 4], labels=["¼", "½", "1", "2", "4"])
        axes.minorticks_off()
        axes.set(xlim=(0.2, 5), ylim=(len(files) - 0.5, -0.5), xlabel="error / freezing's error")
        axes.set_title(title, fontsize=10.5)
        axes.grid(axis="y", color=BEHIND, lw=0.5)
    panels[0][0].set_yticks(range(len(files)), labels=[plain(file) for file in files])
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.suptitle(f"{first['milliseconds'][frame]:.0f} ms ahead", fontsize=10.5, weight="bold")
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=9, frameon=False)
    return figure
