"""Drawing data rather than people: a skeleton's tree, a row, curves, spreads, windows.

Every picture is readable without colour: left is solid and right dashed, kinds differ in their markers.
Taught in ``notebooks/01_motion_data``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs2s.datasets.windows import OBSERVED, PREDICTED, Windows
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton
from cs2s.pictures.axis_people import add_people, add_person, evenly
from cs2s.pictures.stick_figure import draw_flat_pose, limb_sample
from cs2s.pictures.style import (
    FIRST,
    GROUND,
    GUESS,
    QUIET,
    SECOND,
    TRUTH,
    XYZ,
    legend_above,
    limb,
    new_figure,
    new_panels,
    pale,
)

__all__ = [
    "limbs",
    "plot_farthest",
    "plot_joint_angle",
    "plot_likeness",
    "plot_row",
    "plot_skeleton",
    "plot_spread",
    "plot_test_windows",
    "plot_window",
]

_SAME_PLACE = 60.0  # millimetres


def limbs(skeleton: Skeleton) -> list[tuple[str, range]]:
    """Return the parts of the body in the skeleton's order: a name, and the indices of the joints."""
    joints = len(skeleton.joints)
    starts = [j for j in range(joints) if j < 2 or skeleton.side(j) != skeleton.side(j - 1)]

    def name(part: range) -> str:
        side = skeleton.side(part.start)
        if side == "middle":
            return "root" if part.start == 0 else "trunk, head"
        return f"{side} {'leg' if any('Foot' in skeleton.joints[joint] for joint in part) else 'arm'}"

    return [(name(part), part) for part in map(range, starts, [*starts[1:], joints])]


def plot_skeleton(skeleton: Skeleton) -> Figure:
    """Draw a skeleton with all angles 0, seen from the front, its joints numbered, beside the tree of its joints.

    Joints less than 6 cm apart share one label. End sites are hollow dots without a number.
    """
    joints = len(skeleton.joints)
    figure, ((body, tree),) = new_panels(10.5, 6.6, 1, 2, width_ratios=(1.35, 1))
    places = skeleton.rest[:, :2] / 1000
    draw_flat_pose(body, skeleton, places, zorder=1)
    ends = set(skeleton.end_sites)
    solid = [joint for joint in range(joints) if joint not in ends]
    across, up = places.T
    body.scatter(across[solid], up[solid], s=26, color="black", zorder=3)
    body.scatter(across[sorted(ends)], up[sorted(ends)], s=26, facecolor="white", edgecolor="black", zorder=2)
    groups: list[list[int]] = []
    for joint in solid:
        near = [g for g in groups if np.linalg.norm(places[g[0]] - places[joint]) < _SAME_PLACE / 1000]
        near[0].append(joint) if near else groups.append([joint])
    for group in groups:
        aside, above = places[group[0]]
        if abs(aside) > 0.15 and above > 0:
            # Along the arms; the long label of a hand stands below, clear of that of the elbow.
            shift, align = (0, -11 if len(group) > 1 else 9), "center"
        elif aside < -0.01:
            shift, align = (-9, 0), "right"
        else:
            # Clear of the arm that begins at the chest.
            shift, align = (9, -8 if len(group) > 1 and above > 0.1 else 1), "left"
        words = ", ".join(map(str, group))
        body.annotate(words, places[group[0]], shift, textcoords="offset points", ha=align, va="center", fontsize=9)
    for side in ("right", "left"):
        body.add_line(limb_sample(side, f"the person's {side}"))
    body.scatter([], [], s=26, facecolor="white", edgecolor="black", label="end site: where the last bone ends")
    legend_above(body, 3, 8)
    body.set(xlabel="metres to the person's left", ylabel="metres above the hips", aspect="equal")
    body.margins(0.06)
    _draw_tree(tree, skeleton)
    return figure


def _draw_tree(axes: Axes, skeleton: Skeleton) -> None:
    """Write one line a joint, indented by its depth: number and name."""
    depths: list[int] = []
    for joint, parent in enumerate(skeleton.parents):
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
        if parent >= 0:
            axes.plot([depths[parent] + 0.15] * 2 + [depths[joint] - 0.1], [parent + 0.4, joint, joint], QUIET, lw=1)
        end = " (end site)" if joint in skeleton.end_sites else ""
        axes.text(depths[joint], joint, f"{joint}  {skeleton.joints[joint]}{end}", fontsize=7.5, va="center")
    axes.set(xlim=(-0.2, max(depths) + 9), ylim=(len(depths) - 0.4, -0.8))
    axes.set_title("number  name", fontsize=9, loc="left")
    axes.set_axis_off()


def plot_row(motion: Motion, frame: int) -> Figure:
    """Draw the numbers of one row as bars, joint by joint, the parts of the body labelled, and the pose they are."""
    row, skeleton = motion.rows[frame], motion.skeleton
    figure, ((person, place, angles),) = new_panels(11, 3.6, 1, 3, width_ratios=(2, 1, 14))
    person.set_axis_off()
    person.set_title("the pose", fontsize=8)
    add_person(person, motion[frame : frame + 1], (0, 0, 1, 1), width=1.8)
    place.bar(range(3), row[:3], color=XYZ, edgecolor="black", lw=0.4)
    place.axhline(0, color="black", lw=0.6)
    place.set_xticks(range(3), ["0", "1", "2"], fontsize=7)
    place.set(ylabel=f"position, units of {skeleton.unit_mm:.0f} mm", xlabel="column")
    place.set_title("place\n0-2", fontsize=8)
    columns = np.arange(3, len(row))
    for axis, name in enumerate("xyz"):
        angles.bar(columns[axis::3], row[3 + axis :: 3], color=XYZ[axis], edgecolor="black", lw=0.4, label=name)
    for number, (name, part) in enumerate(limbs(skeleton)):
        first, last = 3 + 3 * part.start, 2 + 3 * part.stop
        angles.axvspan(first - 0.5, last + 0.5, color=GROUND if number % 2 else "white", zorder=-1)
        words = f"{name}\n{first}-{last}"
        angles.annotate(
            words,
            ((first + last) / 2, 1),
            (0, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=8,
        )
    angles.axhline(0, color="black", lw=0.6)
    angles.set_xticks(columns[1::3], skeleton.joints, rotation=90, fontsize=7)
    angles.set(xlim=(2.3, len(row) - 0.3), ylabel="exponential map, rad")
    angles.legend(title="three numbers a joint", ncols=3, fontsize=7, title_fontsize=7, frameon=False, loc="best")
    return figure


def plot_joint_angle(motion: Motion, joint: str, axis: str) -> Figure:
    """Draw one angle of a joint over time, and that of its fellow on the other side; above, the person at ten moments.

    Args:
        motion: whose.
        joint: a name of its skeleton; of ``LeftLeg`` and ``RightLeg``, either draws both.
        axis: ``"x"``, ``"y"`` or ``"z"``.
    """
    names = motion.skeleton.joints
    pairs = (("Left", "Right"), ("Right", "Left"), ("L", "R"), ("R", "L"))
    fellows = [other + joint.removeprefix(one) for one, other in pairs if joint.startswith(one)]
    # Sliders redraw this picture: laying it out by constraints, as `new_panels` does, takes as long as drawing it.
    figure = new_figure(9, 3.8, layout=None)
    axes = figure.add_axes((0.09, 0.13, 0.83, 0.5))
    seconds = np.arange(len(motion)) / motion.fps
    for name in sorted({joint, *(set(fellows) & set(names))}):
        look = limb(motion.skeleton.side(names.index(name)))
        axes.plot(seconds, motion.expmaps[:, names.index(name), "xyz".index(axis)], **look, label=name)
    axes.set(xlabel="time, s", ylabel=f"{axis} of the exponential map, rad", xlim=(0, seconds[-1]))
    in_degrees = axes.secondary_yaxis("right", functions=(np.degrees, np.radians))
    in_degrees.set_ylabel("degrees")
    axes.legend(loc="upper left", bbox_to_anchor=(0, 1.74), ncols=2, fontsize=8, frameon=False)
    axes.spines["top"].set_visible(False)
    add_people(axes, motion, {seconds[frame]: int(frame) for frame in evenly(len(motion), 10)})
    return figure


def plot_likeness(curve: np.ndarray, likenesses: np.ndarray, lag: int, motion: Motion) -> Figure:
    """Draw a curve upon itself, shifted by some frames, and how alike both are for every shift.

    Above stands the person at the start, and after every quarter of the shift.

    Args:
        curve: ``(frames,)``, radians.
        likenesses: ``(lags,)``, the correlation for the shifts 1, 2, ...
        lag: the shift to draw and to mark, frames.
        motion: whose curve it is, from the same frame on.
    """
    figure, ((above,), (below,)) = new_panels(9, 5.4, 2)
    frames = np.arange(min(len(curve), 4 * lag))
    above.plot(frames, curve[frames], color=TRUTH, label="the curve")
    above.plot(frames[lag:], curve[frames[:-lag]], color=SECOND, ls="--", label=f"the same, {lag} frames later")
    above.set(xlabel="frame after halving", ylabel="thigh angle x, rad", xlim=(0, frames[-1]))
    above.legend(loc="lower left", ncols=2, fontsize=8, frameon=False)
    add_people(
        above, motion, [round(quarter * lag / 4) for quarter in range(13) if quarter * lag / 4 < frames[-1]], 0.7
    )
    below.plot(np.arange(1, len(likenesses) + 1), likenesses, color=FIRST)
    below.plot(lag, likenesses[lag - 1], "o", color=SECOND)
    below.annotate(
        f"{lag} frames", (lag, likenesses[lag - 1]), (0, 5), textcoords="offset points", ha="center", color=SECOND
    )
    below.axhline(0, color="black", lw=0.6)
    below.set(xlabel="shift, frames after halving", ylabel="correlation", xlim=(0, len(likenesses)), ylim=(-1, 1.3))
    return figure


def plot_spread(std: np.ndarray, skeleton: Skeleton) -> Figure:
    """Draw the standard deviation of every column ``(columns,)``, sorted, and on a person how far each joint turns.

    The first three columns are the place. A joint's dot is as wide as the root mean square of its three deviations.
    """
    figure, ((axes, person),) = new_panels(10.5, 3.6, 1, 2, width_ratios=(2.4, 1))
    order = np.argsort(std)[::-1]
    rank, threshold, floor = np.arange(len(std)), 1e-4, 1e-9
    kinds = {
        "place of the root (file units)": (order < 3, "^", SECOND),
        "rotation of a joint (rad)": ((order >= 3) & (std[order] >= threshold), "o", FIRST),
        "as good as constant": ((order >= 3) & (std[order] < threshold), "x", QUIET),
    }
    for name, (which, marker, colour) in kinds.items():
        height = np.maximum(std[order][which], floor)
        axes.plot(rank[which], height, marker, ms=5, color=colour, label=f"{name}: {which.sum()} columns")
    axes.axhline(threshold, color="black", ls=":", lw=1)
    axes.annotate(f"{threshold:g}: below this line a column is not used", (0, threshold), (2, 4), fontsize=8,
                  textcoords="offset points")  # fmt: skip
    axes.set(yscale="log", xlabel="columns, the most restless first", ylabel="standard deviation")
    ticks = [floor, *10.0 ** np.arange(-7, 3)]
    axes.set_yticks(ticks, ["0", *(f"{tick:g}" for tick in ticks[1:])], fontsize=8)
    axes.minorticks_off()
    axes.legend(fontsize=8, frameon=False)
    _draw_spread_on_body(person, std, skeleton)
    return figure


def _draw_spread_on_body(axes: Axes, std: np.ndarray, skeleton: Skeleton) -> None:
    places = skeleton.rest[:, :2] / 1000
    turned = np.degrees(np.sqrt((std[3:].reshape(-1, 3) ** 2).mean(axis=1)))
    moves = np.flatnonzero(turned >= np.degrees(1e-4))
    draw_flat_pose(axes, skeleton, places, width=1.4, zorder=1)
    axes.scatter(
        places[moves, 0], places[moves, 1], s=(0.9 * turned[moves]) ** 2, color=FIRST, alpha=0.55, lw=0, zorder=3
    )
    for rank, joint in enumerate(sorted(moves, key=lambda joint: -turned[joint])[:4]):
        words = f"{skeleton.joints[joint]}\n{turned[joint]:.0f}°"
        axes.annotate(words, places[joint], (0, 19 if rank < 2 else -19), textcoords="offset points", fontsize=7,
                      ha="center", va="center", zorder=4)  # fmt: skip
    axes.set_title("how far each joint turns", fontsize=9)
    axes.set(aspect="equal")
    axes.margins(0.15, 0.08)
    axes.set_axis_off()


def plot_farthest(distances: Mapping[str, np.ndarray], poses: Mapping[str, Motion]) -> Figure:
    """Draw how far each row is from the mean, ``(rows,)`` standard deviations; one panel for each name.

    Beside each stands the person whose row is the farthest: the first frame of `poses`.
    """
    figure, panels = new_panels(9, 1.9 * len(distances), len(distances), sharex=True, sharey=True)
    for (name, distance), (axes,) in zip(distances.items(), panels, strict=True):
        axes.plot(distance, lw=0.5, color=FIRST)
        at = int(np.argmax(distance))
        axes.plot(at, distance[at], "o", ms=4, color=SECOND)
        words = f"row {at}: {distance[at]:.1f}"
        after = at < len(distance) / 2
        axes.annotate(words, (at, distance[at]), (6 if after else -6, 4), textcoords="offset points",
                      ha="left" if after else "right", color=SECOND, fontsize=9)  # fmt: skip
        axes.set_title(name, fontsize=9, loc="left")
        axes.set_ylabel("largest |z|")
        axes.set_ylim(0, 1.2 * max(d.max() for d in distances.values()))
        add_person(axes, poses[name], (1.0, 0.02, 0.16, 0.9), front=True)
        axes.annotate(f"row {at}", (1.08, 0.92), xycoords="axes fraction", ha="center", fontsize=8)
    panels[-1][0].set(xlabel="training rows, file after file", xlim=(0, max(map(len, distances.values()))))
    return figure


def plot_window(window: np.ndarray, used: np.ndarray, motion: Motion) -> Figure:
    """Draw a normalised window ``(frames, used columns)`` as an image: time to the right, columns downwards.

    Above stands the person of the window, `motion`, every eighth frame.
    """
    skeleton = motion.skeleton
    figure, ((axes,),) = new_panels(9, 5.2)
    axes.spines[:].set_visible(True)
    image = axes.imshow(window.T, aspect="auto", cmap="cividis", vmin=-3, vmax=3, interpolation="nearest")
    figure.colorbar(image, ax=axes, label="standard deviations from the mean", extend="both", pad=0.01)
    ticks, names = [], []
    parts = [("place", range(0, 3)), *((n, range(3 + 3 * p.start, 3 + 3 * p.stop)) for n, p in limbs(skeleton))]
    for name, columns in parts:
        rows = np.flatnonzero((used >= columns.start) & (used < columns.stop))
        if len(rows):
            ticks.append(rows.mean())
            names.append(name)
            axes.axhline(rows[-1] + 0.5, color="white", lw=0.8)
    axes.axvline(OBSERVED - 0.5, color="white", lw=3)
    axes.axvline(OBSERVED - 0.5, color="black", lw=1.2, ls="--")
    axes.set_yticks(ticks, names, fontsize=8)
    ahead = f"{len(window) - OBSERVED} to predict"
    for words, middle in ((f"{OBSERVED} observed", OBSERVED / 2), (ahead, (OBSERVED + len(window)) / 2)):
        axes.annotate(words, (middle - 0.5, 1), (0, 4), xycoords=("data", "axes fraction"), ha="center",
                      textcoords="offset points", fontsize=9)  # fmt: skip
    axes.set(xlabel="frame of the window", ylabel=f"{len(used)} used columns")
    for frame in range(1, len(window), 8):
        add_person(axes, motion[frame : frame + 1], ((frame + 0.5) / len(window) - 0.05, 1.07, 0.1, 0.26))
    return figure


def plot_test_windows(windows: Sequence[Windows], lengths: Mapping[str, int]) -> Figure:
    """Draw where the test windows of each action lie in its take.

    Args:
        windows: as `cs2s.datasets.windows.test_windows` gives them, from one take an action.
        lengths: rows of each action's take after halving.
    """
    figure, ((axes,),) = new_panels(9, 0.62 * len(windows) + 1.2)
    for row, of_action in enumerate(windows):
        axes.plot([0, lengths[of_action.action]], [row + 0.42] * 2, color="black", lw=1.5,
                  label=None if row else "the take")  # fmt: skip
        for window, (_, start) in enumerate(of_action.starts):
            at = row - 0.4 + 0.1 * window
            names = (None, None) if row or window else ("observed", "to predict")
            axes.barh(at, OBSERVED, 0.07, start, color=TRUTH, label=names[0])
            axes.barh(at, PREDICTED, 0.07, start + OBSERVED, color=pale(GUESS, 0.5), ec=GUESS, lw=0.5, label=names[1])
    axes.set_yticks(range(len(windows)), [of_action.action for of_action in windows])
    axes.set(xlabel="frame after halving", ylim=(len(windows) - 0.4, -0.6), xlim=(0, None))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=8, frameon=False)
    return figure
