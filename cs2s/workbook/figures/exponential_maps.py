"""Pictures of rotations: a turned arm, Rodrigues' circle, half turns, gimbal lock and a chain of bones.

All are pure functions from numbers to a figure. Rotation vectors here are the usual ones, for columns (``R @ x``);
angles are degrees, as people read them. Used in ``notebooks/02_exponential_maps``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator
from mpl_toolkits.mplot3d import Axes3D

from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_euler
from cs2s.motion.skeleton import CMU, Skeleton
from cs2s.pictures.stage import facing
from cs2s.pictures.stick_figure import HEAD_RADIUS, draw_flat_pose, limb_sample, new_axes_3d
from cs2s.pictures.style import (
    BEHIND,
    CURVES,
    FIRST,
    INK,
    QUIET,
    SECOND,
    TEXT,
    THIRD,
    TRUTH,
    legend_above,
    new_figure,
    tidy_with_grid,
)
from cs2s.workbook.measured_turns import arm_raise, steps_in_degrees

__all__ = [
    "arm",
    "plot_gimbal_lock",
    "plot_half_angle",
    "plot_half_turn_error",
    "plot_rings",
    "plot_rodrigues_circle",
    "plot_rotation_vector",
    "plot_shifts",
    "plot_side_views",
    "plot_two_bones",
]

_FRAME = {"x": (FIRST, "-"), "y": (SECOND, (0, (4, 1.5))), "z": (THIRD, (0, (1.2, 1.2)))}
_WORDS = {"x": "left", "y": "up", "z": "forward"}
_REACH = 600  # mm, the length of the axes of space
_FPS = 25  # the demo data's


def arm() -> dict[str, np.ndarray]:
    """Return the left arm of the CMU skeleton, ``(points, 3)`` mm from the shoulder: x left, y up, z forward.

    Returns:
        ``"fingers"``: shoulder, elbow, wrist, fingertip; ``"thumb"``: wrist, thumb tip. The arm points left, along x.
    """
    places = _at_rest()
    line = ("LeftArm", "LeftForeArm", "LeftHand", "LeftHandIndex1End")
    return {
        name: np.stack([places[joint] for joint in joints])
        for name, joints in {"fingers": line, "thumb": ("LeftHand", "LThumbEnd")}.items()
    }


def _at_rest() -> dict[str, np.ndarray]:
    """Return where the joints of a person are whose right arm hangs down, mm from the left shoulder."""
    maps = np.zeros((len(CMU.joints), 3))
    # Minus, as in the files.
    maps[CMU.joints.index("RightArm"), 2] = -np.radians(80)
    world = CMU.forward_kinematics(maps, np.zeros(3))
    return dict(zip(CMU.joints, world - world[CMU.joints.index("LeftArm")], strict=True))


def _draw_upper_body(axes: Axes3D) -> None:
    """Draw the person whose arm is turned, without legs."""
    places = _at_rest()
    lines = (
        ("LeftArm", "Spine1", "RightArm", "RightForeArm", "RightHand"),
        ("LeftUpLeg", "Hips", "RightUpLeg"),
        ("Hips", "Spine", "Spine1", "Neck1", "Head"),
    )
    for line in lines:
        _draw(axes, np.stack([places[name] for name in line]), color=TRUTH, lw=1.6, zorder=1)
    middle, circle = (places["Head"] + places["HeadEnd"]) / 2, np.radians(np.arange(0, 361, 15))
    ring = np.stack([np.cos(circle), np.sin(circle), 0 * circle], axis=-1) @ expmap_to_rotmat(np.array([0, -0.56, 0]))
    _draw(axes, middle + 1000 * HEAD_RADIUS * ring, color=TRUTH, lw=1.6, zorder=1)


def _draw(axes: Axes3D, points: np.ndarray, *style: str, **look: Any) -> None:
    """Draw a line of points (x left, y up, z forward) with up as up; a cyclic exchange mirrors nothing."""
    axes.plot(*points[:, [2, 0, 1]].T, *style, **look)


def _write(axes: Axes3D, point: np.ndarray, text: str, **look: Any) -> None:
    axes.text(*point[[2, 0, 1]], text, ha="center", va="center", **look)


def plot_rotation_vector(x: float = 0, y: float = 0, z: float = 90) -> Figure:
    """Draw a person's left arm before and after it is turned by a rotation vector.

    Args:
        x, y, z: the usual rotation vector, degrees.
    """
    vector = np.radians([float(x), float(y), float(z)])
    angle = np.linalg.norm(vector)
    figure = new_figure(6.4, 5.8, layout=None)
    axes = new_axes_3d(figure, (0, 0.13, 1, 0.8), azimuth=32, elevation=20)
    limits = (-0.8 * _REACH, 0.8 * _REACH)
    axes.set(xlim=limits, ylim=limits, zlim=limits)
    axes.set_box_aspect((1, 1, 1), zoom=1.02)
    # The three axes of space stay; those of the arm are turned with it.
    turned = expmap_to_rotmat(vector)
    _draw_upper_body(axes)
    ticks = np.arange(0, _REACH + 1, 100)
    for (name, word), direction, image in zip(_WORDS.items(), np.eye(3), turned.T, strict=True):
        colour, style = _FRAME[name]
        _draw(axes, np.outer(ticks, direction), ".-", color=QUIET, lw=0.8, ms=5)
        _write(axes, 1.13 * _REACH * direction, f"{name} ({word})", color=TEXT, fontsize=9)
        _draw(axes, np.outer([0, 0.82 * _REACH], image), color=colour, ls=style, lw=2.2, zorder=5)
        _write(axes, 0.94 * _REACH * image, f"{name}'", color=colour, fontsize=12, weight="bold", zorder=6)
    for part in arm().values():
        _draw(axes, part, color=BEHIND, lw=6, solid_capstyle="round", zorder=2)
        _draw(axes, part @ turned.T, color="black", lw=6, solid_capstyle="round", zorder=4)
    if angle > 0:
        axis = vector / angle
        _draw(axes, np.outer([-0.7 * _REACH, 1.1 * _REACH], axis), color=INK, ls="-.", lw=1.4)
        _draw(axes, 1.1 * _REACH * axis[None], "D", color=INK, ms=6)
        shares = np.linspace(0, 1, 49)[:, None]
        path = expmap_to_rotmat(shares * vector) @ arm()["fingers"][-1]
        _draw(axes, path, color=INK, lw=1.2)
        _draw(axes, path[[12, 24, 36]], "o", color=INK, ms=4)
        words = f"axis ({axis[0]:.2f}, {axis[1]:.2f}, {axis[2]:.2f}), angle {np.degrees(angle):.1f}°"
    else:
        words = "no turn: the angle is 0°, any axis will do"
    figure.text(0.5, 0.955, f"rotation vector ({x:g}, {y:g}, {z:g}) degrees", ha="center", fontsize=12, weight="bold")
    figure.text(0.5, 0.915, words, ha="center", fontsize=10.5)
    entries: dict[str, dict[str, Any]] = {
        "arm and thumb, before": {"color": BEHIND, "lw": 5},
        "arm and thumb, after": {"color": "black", "lw": 5},
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


def plot_rodrigues_circle(degrees: float = 65) -> Figure:
    """Draw the circle of a turned point, seen against the axis, with the terms of Rodrigues' formula on it.

    Args:
        degrees: the angle of the turn.
    """
    figure = new_figure(6.2, 5.0)
    axes = figure.add_subplot()
    angle, circle = np.radians(degrees), np.radians(np.linspace(0, 360, 181))
    sine, rest = np.sin(angle), 1 - np.cos(angle)
    axes.plot(np.cos(circle), np.sin(circle), color=BEHIND, lw=1.2)
    axes.plot([0, 1], [0, 0], color=QUIET, lw=1)
    axes.plot([0, np.cos(angle)], [0, sine], color=QUIET, lw=1)
    arc = np.radians(np.linspace(0, degrees, 61))
    axes.plot(0.22 * np.cos(arc), 0.22 * np.sin(arc), color=INK, lw=1)
    axes.text(0.3 * np.cos(angle / 2), 0.3 * np.sin(angle / 2), r"$\theta$", ha="center", va="center", fontsize=12)
    for end, words, at in (
        ((1, 1), r"$Kv$, along the circle", (1.03, 0.97)),
        ((0, 0), r"$KKv$, to the centre", (0.02, -0.1)),
    ):
        axes.annotate(
            "", end, (1, 0), arrowprops={"arrowstyle": "->", "color": QUIET, "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
        )
        axes.text(*at, words, color=TEXT, fontsize=9.5)
    axes.plot([1, 1], [0, sine], color=FIRST, lw=4, label=r"$\sin\theta$ of $Kv$")
    axes.plot([1, 1 - rest], [sine, sine], color=SECOND, lw=4, ls=(0, (2, 0.8)), label=r"$1-\cos\theta$ of $KKv$")
    axes.plot([0], [0], "+", color=INK, ms=10)
    axes.plot([1, 1 - rest], [0, sine], "o", color=INK, ms=7)
    axes.text(1.06, 0.03, r"$v$, before", fontsize=11)
    axes.text(1 - rest - 0.05, sine + 0.05, r"$Rv$, after", ha="right", fontsize=11)
    axes.text(-0.06, 0.03, "axis", ha="right", fontsize=9.5, color=TEXT)
    axes.legend(fontsize=9.5, loc="lower left", frameon=False)
    axes.set(aspect="equal", xlim=(-1.1, 2.1), ylim=(-1.15, 1.15), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
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


def plot_half_angle(marked: Sequence[float] = (0, 90, 180, 270, 450)) -> Figure:
    """Draw an arm that is turned about an axis, and beside it its quaternion, which goes round half as fast.

    Args:
        marked: angles of the turn that are marked in both circles, degrees, from 0 to 720.
    """
    figure = new_figure(8.2, 4.3)
    arm_at, quat_at = figure.subplots(1, 2)
    circle = np.radians(np.linspace(0, 360, 181))
    for axes, share in ((arm_at, 1.0), (quat_at, 0.5)):
        axes.plot(np.cos(circle), np.sin(circle), color=BEHIND, lw=1.2)
        placed: dict[tuple[float, float], list[str]] = {}
        for degrees in marked:
            x, y = np.cos(np.radians(share * degrees)), np.sin(np.radians(share * degrees))
            axes.plot([0, x], [0, y], color=FIRST, lw=1.6)
            axes.plot(x, y, "o", color=INK, ms=6)
            placed.setdefault((round(x, 6), round(y, 6)), []).append(f"{degrees:g}°")
        for (x, y), words in placed.items():
            axes.text(1.2 * x, 1.16 * y, " and ".join(words), ha="center", va="center", fontsize=10)
        axes.set(aspect="equal", xlim=(-1.5, 1.5), ylim=(-1.35, 1.35), xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        tidy_with_grid(axes)
    arm_at.set_title("the arm, seen against the axis", fontsize=11)
    quat_at.set_title("its quaternion, at half the angle", fontsize=11)
    quat_at.set(xlabel="w = cos(angle / 2)", ylabel="along the axis: sin(angle / 2)")
    return figure


_RINGS = (("E3", 1.0, 2), ("E2", 0.84, 1), ("E1", 0.68, 0))


def plot_rings(seconds: Sequence[float] = (-30, -90), first: float = 40, third: float = 25) -> Figure:
    """Draw gimbal rings, each of which holds the next by an axis; the innermost is the arm.

    Args:
        seconds: the second Euler angle of each picture, degrees.
        first, third: the others, which are the same in all.
    """
    figure = new_figure(4.2 * len(seconds), 4.4, layout=None)
    circle = np.radians(np.linspace(0, 360, 73))
    for number, second in enumerate(seconds):
        axes = new_axes_3d(figure, (number / len(seconds), 0.06, 1 / len(seconds), 0.84), azimuth=40, elevation=18)
        axes.set(xlim=(-0.8, 0.8), ylim=(-0.8, 0.8), zlim=(-0.8, 0.8))
        axes.set_box_aspect((1, 1, 1), zoom=1.1)
        outer = expmap_to_rotmat(np.radians([0, 0, float(third)]))
        middle = outer @ expmap_to_rotmat(np.radians([0, float(second), 0]))
        inner = middle @ expmap_to_rotmat(np.radians([float(first), 0, 0]))
        pivots = (np.array([0, 0, 1.0]), outer[:, 1], middle[:, 0])
        for (name, radius, look), pivot, across in zip(
            _RINGS, pivots, (outer[:, 1], middle[:, 0], inner[:, 1]), strict=True
        ):
            colour, dashes = list(_FRAME.values())[look]
            ring = radius * (np.outer(np.cos(circle), pivot) + np.outer(np.sin(circle), across))
            _draw(axes, ring, color=colour, ls=dashes, lw=2.4)
            for end in (-1, 1):
                _draw(axes, np.outer([end * radius, end * (radius + 0.14)], pivot), color=colour, lw=4)
            # In the lock two names would stand on one another.
            end = -1 if name == "E1" and middle[2, 0] > 0 else 1
            _write(axes, end * (radius + 0.27) * pivot, name, color=INK, fontsize=11, weight="bold")
        _draw(axes, np.outer([0, 0.6], inner[:, 0]), color=INK, lw=5)
        _draw(axes, np.stack([0.4 * inner[:, 0], 0.5 * inner[:, 0] + 0.14 * inner[:, 2]]), color=INK, lw=3)
        apart = 90 - abs(second)
        words = f"the axes of E1 and E3 are {apart:g}° apart" if apart else "gimbal lock: E1 and E3 turn about one line"
        figure.text((number + 0.5) / len(seconds), 0.93, f"E2 = {second:g}°: {words}", ha="center", fontsize=9.5)
    entries = (("E1: solid", "x"), ("E2: dashed", "y"), ("E3: dotted", "z"))
    handles = [
        Line2D([], [], color=_FRAME[axis][0], ls=_FRAME[axis][1], lw=2.4, label=words) for words, axis in entries
    ]
    handles.append(Line2D([], [], color=INK, lw=5, label="arm and thumb"))
    figure.legend(handles=handles, loc="lower center", ncols=4, fontsize=9, frameon=False)
    return figure


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
