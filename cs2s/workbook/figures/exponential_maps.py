"""Pictures of rotations: a turned forearm, small turns, half turns, gimbal lock and a chain of bones.

All are pure functions from numbers to a figure. Rotation vectors here are the usual ones, for column vectors
(``R @ x``); angles are degrees, because people read them. Used in ``notebooks/02_exponential_maps``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator
from mpl_toolkits.mplot3d import Axes3D

from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_euler, rotmat_to_expmap
from cs2s.motion.skeleton import CMU, Skeleton
from cs2s.pictures.stage import facing
from cs2s.pictures.stick_figure import draw_flat_pose, limb_sample, new_axes_3d
from cs2s.pictures.style import (
    BEHIND,
    CURVES,
    FIRST,
    INK,
    QUIET,
    SECOND,
    TEXT,
    THIRD,
    legend_above,
    new_figure,
    tidy_with_grid,
)

__all__ = [
    "arm_raise",
    "forearm",
    "plot_double_cover",
    "plot_gimbal_lock",
    "plot_half_turn_error",
    "plot_rotation_vector",
    "plot_shifts",
    "plot_side_views",
    "plot_small_turns",
    "plot_two_bones",
    "steps_in_degrees",
]

_FRAME = {"x": (FIRST, "-"), "y": (SECOND, (0, (4, 1.5))), "z": (THIRD, (0, (1.2, 1.2)))}
_WORDS = {"x": "left", "y": "up", "z": "forward"}
_REACH = 300  # mm, the length of the axes of space
_STEP = 3  # degrees that `arm_raise` turns from frame to frame
_ROLL = -30  # degrees that the arm of `arm_raise` is rolled about itself
_FPS = 25  # the demo data's


def forearm() -> dict[str, np.ndarray]:
    """Return the left forearm of the CMU skeleton, ``(points, 3)`` mm from the elbow: x left, y up, z forward.

    Returns:
        ``"fingers"``: elbow, wrist, fingertip; ``"thumb"``: wrist, thumb tip. The arm points left, along x.
    """
    hand, index, tip, thumb = (
        CMU.offsets[CMU.joints.index(name)] for name in ("LeftHand", "LeftHandIndex1", "LeftHandIndex1End", "LThumbEnd")
    )
    return {
        "fingers": np.stack([0 * hand, hand, hand + index + tip]),
        "thumb": np.stack([hand, hand + thumb]),
    }


def _draw(axes: Axes3D, points: np.ndarray, *style: str, **look: Any) -> None:
    """Draw a line of points (x left, y up, z forward) with up as up; a cyclic exchange mirrors nothing."""
    axes.plot(*points[:, [2, 0, 1]].T, *style, **look)


def _write(axes: Axes3D, point: np.ndarray, text: str, **look: Any) -> None:
    axes.text(*point[[2, 0, 1]], text, ha="center", va="center", **look)


def plot_rotation_vector(x: float = 0, y: float = 0, z: float = 90) -> Figure:
    """Draw the left forearm before and after it is turned by a rotation vector.

    Args:
        x, y, z: the usual rotation vector, degrees.
    """
    vector = np.radians([float(x), float(y), float(z)])
    angle = np.linalg.norm(vector)
    figure = new_figure(6.4, 5.8, layout=None)
    axes = new_axes_3d(figure, (0, 0.13, 1, 0.8), azimuth=32, elevation=20)
    limits = (-0.75 * _REACH, 0.75 * _REACH)
    axes.set(xlim=limits, ylim=limits, zlim=limits)
    axes.set_box_aspect((1, 1, 1), zoom=1.02)
    # The three axes of space stay; those of the arm are turned with it.
    turned = expmap_to_rotmat(vector)
    ticks = np.arange(0, _REACH + 1, 100)
    for (name, word), direction, image in zip(_WORDS.items(), np.eye(3), turned.T, strict=True):
        colour, style = _FRAME[name]
        _draw(axes, np.outer(ticks, direction), ".-", color=QUIET, lw=0.8, ms=5)
        _write(axes, 1.13 * _REACH * direction, f"{name} ({word})", color=TEXT, fontsize=9)
        _draw(axes, np.outer([0, 0.82 * _REACH], image), color=colour, ls=style, lw=2.2, zorder=5)
        _write(axes, 0.94 * _REACH * image, f"{name}'", color=colour, fontsize=12, weight="bold", zorder=6)
    for part in forearm().values():
        _draw(axes, part, color=BEHIND, lw=6, solid_capstyle="round", zorder=2)
        _draw(axes, part @ turned.T, color="black", lw=6, solid_capstyle="round", zorder=4)
    if angle > 0:
        axis = vector / angle
        _draw(axes, np.outer([-0.7 * _REACH, 1.1 * _REACH], axis), color=INK, ls="-.", lw=1.4)
        _draw(axes, 1.1 * _REACH * axis[None], "D", color=INK, ms=6)
        shares = np.linspace(0, 1, 49)[:, None]
        path = expmap_to_rotmat(shares * vector) @ forearm()["fingers"][-1]
        _draw(axes, path, color=INK, lw=1.2)
        _draw(axes, path[[12, 24, 36]], "o", color=INK, ms=4)
        words = f"axis ({axis[0]:.2f}, {axis[1]:.2f}, {axis[2]:.2f}), angle {np.degrees(angle):.1f}°"
    else:
        words = "no turn: the angle is 0°, any axis will do"
    figure.text(0.5, 0.955, f"rotation vector ({x:g}, {y:g}, {z:g}) degrees", ha="center", fontsize=12, weight="bold")
    figure.text(0.5, 0.915, words, ha="center", fontsize=10.5)
    entries: dict[str, dict[str, Any]] = {
        "forearm and thumb, before": {"color": BEHIND, "lw": 5},
        "forearm and thumb, after": {"color": "black", "lw": 5},
        "axes of space, a dot every 100 mm": {"color": QUIET, "lw": 0.8, "marker": ".", "ms": 5},
        "path of the fingertip, a dot every quarter": {"color": INK, "lw": 1.2, "marker": "o", "ms": 4},
        "axis of the turn, a diamond at its tip": {"color": INK, "lw": 1.4, "ls": "-.", "marker": "D", "ms": 5},
        "x' of the arm: solid": {"color": FIRST, "ls": "-", "lw": 2.2},
        "y' of the arm: dashed": {"color": SECOND, "ls": _FRAME["y"][1], "lw": 2.2},
        "z' of the arm: dotted": {"color": THIRD, "ls": _FRAME["z"][1], "lw": 2.2},
    }
    handles = [Line2D([], [], label=label, **look) for label, look in entries.items()]
    figure.legend(handles=handles, loc="lower center", ncols=2, fontsize=8, frameon=False, handlelength=3)
    return figure


def plot_small_turns(counts: Sequence[int] = (4, 12, 64), degrees: float = 90) -> Figure:
    """Draw a fingertip that is turned about z in straight steps along the tangent, seen against the axis.

    Args:
        counts: into how many steps the turn is cut; one line for each.
        degrees: the whole turn.
    """
    figure = new_figure(5.6, 4.4)
    axes = figure.add_subplot()
    tip = forearm()["fingers"][-1]
    arc = np.radians(np.linspace(0, degrees, 91))
    length = np.linalg.norm(tip)
    axes.plot(length * np.cos(arc), length * np.sin(arc), color=FIRST, lw=1.4, label="true turn (circle)")
    for count, look in zip(counts, CURVES[1:], strict=False):
        step = np.eye(3) + np.radians(degrees) / count * np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 0]])
        path = [tip]
        for _ in range(count):
            path.append(step @ path[-1])
        across, up, _ = np.transpose(path)
        axes.plot(across, up, **look, ms=min(4, 60 / count), lw=1.1, label=f"{count} straight steps")
    axes.set(xlabel="left x (mm)", ylabel="up y (mm)", aspect="equal")
    axes.legend(loc="lower left", fontsize=9)
    tidy_with_grid(axes)
    return figure


def plot_side_views(people: Mapping[str, np.ndarray], skeleton: Skeleton) -> Figure:
    """Draw people from their right side, facing right, a row of poses for each.

    Args:
        people: what to call each -> positions ``(poses, joints, 3)``, millimetres, y up.
        skeleton: whose joints they are.
    """
    columns = max(len(poses) for poses in people.values())
    figure = new_figure(1.5 * columns + 0.6, 2.6 * len(people) + 0.3)
    panels = figure.subplots(len(people), columns, squeeze=False, sharex=True, sharey=True)
    for row, (name, poses) in zip(panels, people.items(), strict=True):
        for axes, pose in zip(row, poses, strict=False):
            _, ahead = facing(pose, skeleton)
            placed = np.stack([(pose - pose[0]) @ ahead, pose[:, 1] - pose[0, 1]], axis=-1)
            draw_flat_pose(axes, skeleton, placed, width=2)
            axes.set_aspect("equal")
            tidy_with_grid(axes)
        row[0].set_ylabel(f"{name}\nup from the hips (mm)", fontsize=9)
    for axes in panels[-1]:
        axes.set_xlabel("ahead (mm)", fontsize=9)
    handles = [limb_sample("left", "left limbs: solid"), limb_sample("right", "right limbs: dashed")]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    return figure


def plot_half_turn_error(short: np.ndarray, errors: Mapping[str, np.ndarray]) -> Figure:
    """Draw how wrong ways back from a rotation matrix are when the turn is nearly a half turn.

    Args:
        short: ``(n,)``, by how many degrees each turn falls short of 180.
        errors: way back -> ``(n,)`` angle between the rotation and what came back, degrees; nan is not drawn.
    """
    figure = new_figure(6.6, 4.0)
    axes = figure.add_subplot()
    for (name, error), look in zip(errors.items(), CURVES, strict=False):
        axes.plot(short, np.maximum(error, 1e-16), **look, ms=4, lw=1.3, label=name)
    axes.set(xscale="log", yscale="log", xlabel="short of a half turn by (degrees)", ylabel="error (degrees)")
    axes.invert_xaxis()
    legend_above(axes, 1, 8.5)
    tidy_with_grid(axes)
    return figure


def plot_double_cover() -> Figure:
    """Draw the quaternion of a turn about x from 0 to 720 degrees: it needs two full turns to come back."""
    figure = new_figure(6.4, 3.2)
    axes = figure.add_subplot()
    turn = np.linspace(0, 720, 145)
    w, x = np.cos(np.radians(turn) / 2), np.sin(np.radians(turn) / 2)
    axes.plot(turn, w, color=FIRST, lw=1.8, label="w = cos(angle / 2)")
    axes.plot(turn, x, color=SECOND, ls="--", lw=1.8, label="x = sin(angle / 2)")
    for marker, at, words in (("o", 90, "a quarter turn"), ("s", 450, "one more full turn")):
        half = np.radians(at) / 2
        axes.axvline(at, color=QUIET, lw=0.8, ls=":")
        axes.plot([at, at], [np.cos(half), np.sin(half)], marker, color="black", ms=6, ls="", label=f"{at}°: {words}")
    axes.set(xlabel="angle of the turn about x (degrees)", ylabel="number in the quaternion", xticks=range(0, 721, 90))
    axes.legend(fontsize=8.5, ncols=2, loc="upper center", bbox_to_anchor=(0.5, 1.3), frameon=False)
    tidy_with_grid(axes)
    return figure


def arm_raise(second: float) -> np.ndarray:
    """Raise a straight right arm from below to above at a constant speed, past the direction straight ahead.

    Args:
        second: how large the second Euler angle becomes midway between the two middle frames, degrees; at 90 the arm
            passes exactly straight ahead.

    Returns:
        ``(40, 3, 3)`` rotation matrices for row vectors (``x @ R``), one per frame; from each frame to the next
        the arm turns by 3 degrees about one and the same axis.
    """
    turned = np.radians(float(second))
    # Half way up the arm points to the right and ahead; at rest it points to the right, along -x. It is rolled a
    # little about itself, which only keeps the curves of the first and the third angle apart.
    halfway = expmap_to_rotmat(np.array([0, turned, 0])) @ expmap_to_rotmat(np.radians([_ROLL, 0, 0]))
    axis = np.cross([-np.cos(turned), 0, np.sin(turned)], [0, 1, 0])
    angles = np.radians(_STEP) * (np.arange(40) - 19.5)
    return np.swapaxes(expmap_to_rotmat(angles[:, None] * axis) @ halfway, -1, -2)


def steps_in_degrees(rotmats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Measure the steps from frame to frame: as rotations, and as the paper's evaluation would.

    Args:
        rotmats: ``(frames, 3, 3)``.

    Returns:
        Two arrays ``(frames - 1,)``, degrees: the true angle of each step, and the length of the change of the three
        Euler angles.
    """
    true = np.linalg.norm(rotmat_to_expmap(rotmats[1:] @ np.swapaxes(rotmats[:-1], -1, -2)), axis=-1)
    euler = np.linalg.norm(np.diff(rotmat_to_euler(rotmats), axis=0), axis=-1)
    return np.degrees(true), np.degrees(euler)


def plot_gimbal_lock(second: float = 85) -> Figure:
    """Draw Euler angles of an evenly raised arm, the steps of both measures, and the path of the hand.

    Args:
        second: how large the second Euler angle becomes, degrees, from 0 to 90.
    """
    rotmats = arm_raise(second)
    figure = new_figure(8.8, 4.8, layout=None)
    curves, steps = figure.add_axes((0.1, 0.47, 0.51, 0.46)), figure.add_axes((0.1, 0.11, 0.51, 0.25))
    front = figure.add_axes((0.71, 0.34, 0.275, 0.275 * 8.8 / 4.8))
    time = np.arange(len(rotmats)) / _FPS
    looks = ((FIRST, "-", "first E1"), (SECOND, "--", "second E2"), (THIRD, ":", "third E3"))
    for angle, (colour, style, name) in zip(np.degrees(rotmat_to_euler(rotmats)).T, looks, strict=True):
        curves.plot(time, angle, color=colour, ls=style, lw=2.2 if style == ":" else 1.7, label=name)
    curves.set(ylabel="Euler angle (degrees)", ylim=(-135, 135), yticks=(-90, 0, 90))
    curves.set_title(f"E2, the second angle, goes up to {second:g}°", fontsize=11)
    curves.legend(fontsize=8.5, loc="upper center", ncols=3)
    true, euler = steps_in_degrees(rotmats)
    steps.plot(time[1:], true, color=FIRST, lw=1.7, label="true angle")
    steps.plot(time[1:], euler, color=SECOND, ls="--", marker=".", ms=4, lw=1.1, label="change of E1, E2, E3")
    steps.set(yscale="log", ylim=(1, 400), xlabel="time (s)", ylabel="step to the next\nframe (degrees)")
    # Few ticks: they take most of the time of drawing.
    steps.yaxis.set_minor_locator(NullLocator())
    steps.set_yticks([3, 30, 300], ["3", "30", "300"])
    steps.set_xticks(np.arange(0, 1.6, 0.5))
    curves.set_xticks(np.arange(0, 1.6, 0.5), [])
    curves.set_xlim(-0.05, 1.62)
    steps.set_xlim(-0.05, 1.62)
    steps.legend(fontsize=8.5, loc="upper left")
    hand = -rotmats[:, 0]
    # Seen from in front, the person's right is at the left of the picture, as x points to the person's left.
    front.plot(hand[:, 0], hand[:, 1], ".-", color=FIRST, lw=1, ms=4, label="hand, every frame")
    front.plot(0, 0, "+", color=SECOND, ms=13, mew=2, label="straight ahead")
    sides = {"xlim": (-1.08, 1.08), "ylim": (-1.08, 1.08), "xticks": (-1, 0, 1), "yticks": (-1, 0, 1)}
    front.set(**sides, aspect="equal", xlabel="left x (arm lengths)", ylabel="up y (arm lengths)")
    front.set_title("right hand, from in front", fontsize=11)
    front.legend(fontsize=8.5, loc="upper center", bbox_to_anchor=(0.5, -0.2), frameon=False)
    for axes in (curves, steps, front):
        tidy_with_grid(axes)
    return figure


def plot_two_bones(shoulder: float = 30, elbow: float = 45) -> Figure:
    """Draw an arm of two bones that turn about z: in rest, after the elbow turned, after the shoulder turned too.

    Args:
        shoulder, elbow: how far each joint turns, degrees.
    """
    figure = new_figure(5.8, 4.0)
    axes = figure.add_subplot()
    upper, fore = (CMU.offsets[CMU.joints.index(name), 0] for name in ("LeftForeArm", "LeftHand"))
    poses = {
        "at rest": (0, 0, QUIET, ":"),
        f"elbow {elbow:g}°": (0, elbow, SECOND, "--"),
        f"elbow {elbow:g}°, then shoulder {shoulder:g}°": (shoulder, elbow, FIRST, "-"),
    }
    for name, (first, second, colour, style) in poses.items():
        angles = np.radians([first, first + second])
        across = np.cumsum([0, *np.array([upper, fore]) * np.cos(angles)])
        up = np.cumsum([0, *np.array([upper, fore]) * np.sin(angles)])
        axes.plot(across, up, color=colour, ls=style, marker="o", ms=6, lw=2.4, label=name)
    for word, x, y in zip(("shoulder", "elbow", "hand"), across, up, strict=True):
        axes.annotate(word, (x, y), xytext=(-8, 9), textcoords="offset points", ha="right", fontsize=9)
    axes.set(xlabel="left x (mm)", ylabel="up y (mm)", aspect="equal", xlim=(-110, 500), ylim=(-50, 400))
    axes.legend(fontsize=8.5, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)
    tidy_with_grid(axes)
    return figure


def plot_shifts(shifts: Mapping[str, float], turn: float) -> Figure:
    """Draw how far the tip of a chain moves when one of its joints is turned.

    Args:
        shifts: joint -> how far the tip moved, millimetres.
        turn: by how many degrees each joint was turned, one at a time.
    """
    figure = new_figure(6.2, 0.42 * len(shifts) + 0.9)
    axes = figure.add_subplot()
    bars = axes.barh(list(shifts), list(shifts.values()), color=FIRST, height=0.6)
    axes.bar_label(bars, fmt="%.0f mm", padding=4, fontsize=9)
    axes.invert_yaxis()
    axes.set(xlabel=f"the tip moves by (mm) when this joint alone is turned by {turn:g}°")
    axes.set_xlim(0, 1.15 * max(shifts.values()))
    tidy_with_grid(axes)
    axes.grid(False, axis="y")
    return figure
