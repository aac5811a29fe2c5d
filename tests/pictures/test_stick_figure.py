"""The stick figure: every bone is drawn once, and sides and predictions are told apart in more than colour."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton
from cs2s.pictures.stage import to_plot_axes
from cs2s.pictures.stick_figure import bone_lines, draw_flat_pose, draw_pose
from cs2s.pictures.style import BEHIND, limb

SKELETONS = pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)


def new_axes():
    """A 3D axes of an otherwise empty figure."""
    figure = Figure(figsize=(4, 4))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(projection="3d")
    axes.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1))
    return axes


def drawn_lines(pose):
    """Points (3, n) of the left, the right and the middle line of a pose, in the order they are drawn."""
    return {side: np.array(line.get_data_3d()) for side, line in pose._lines.items()}


@SKELETONS
def test_every_bone_is_drawn_once_on_its_side(skeleton, stride):
    positions = stride(skeleton).positions()[0]
    pose = draw_pose(new_axes(), skeleton, positions, predicted=False)
    drawn = []
    for side, line in drawn_lines(pose).items():
        for start, end in zip(line.T[:-1], line.T[1:], strict=True):
            if not np.isnan([start, end]).any():
                drawn.append((side, *np.round([*start, *end], 6)))
    placed = to_plot_axes(positions)
    bones = [
        (skeleton.side(joint), *np.round([*placed[parent], *placed[joint]], 6))
        for joint, parent in enumerate(skeleton.parents)
        if parent >= 0
    ]
    assert sorted(drawn) == sorted(bones)


def test_left_and_right_observed_and_predicted_differ_in_more_than_colour(stride):
    positions = stride(CMU).positions()[0]
    looks = {}
    for predicted in (False, True):
        pose = draw_pose(new_axes(), CMU, positions, predicted)
        looks[predicted] = {
            side: (line.get_linestyle(), line.get_marker(), line.get_color()) for side, line in pose._lines.items()
        }
        assert looks[predicted]["left"][0] == "-" and looks[predicted]["right"][0] == "--"
    assert all(looks[False][side][1] != looks[True][side][1] for side in ("left", "right", "middle"))
    colours = {look[side][2] for look in looks.values() for side in ("left", "right")}
    assert len(colours) == 4
    # Left is darker than right also when printed in grey.
    grey = {colour: np.dot(to_rgb(colour), [0.299, 0.587, 0.114]) for colour in colours}
    for look in looks.values():
        assert grey[look["left"][2]] < grey[look["right"][2]] - 0.15


@SKELETONS
def test_a_flat_pose_has_the_same_bones_on_the_same_sides(skeleton, stride):
    places = stride(skeleton).positions()[3][:, [2, 1]] / 1000
    axes = Figure().subplots()
    draw_flat_pose(axes, skeleton, places, head=True)
    for side, line in zip(("left", "right", "middle"), axes.lines, strict=True):
        ends = line.get_xydata()
        drawn = [np.round([*start, *end], 6) for start, end in itertools.pairwise(ends)]
        bones = [(parent, joint) for joint, parent in enumerate(skeleton.parents) if parent >= 0]
        wanted = [np.round(places[list(bone)].ravel(), 6) for bone in bones if skeleton.side(bone[1]) == side]
        assert sorted(map(tuple, wanted)) == sorted(tuple(bone) for bone in drawn if np.isfinite(bone).all())
        assert (line.get_color(), line.get_linestyle()) == (limb(side)["color"], "--" if side == "right" else "-")
    (ring,) = axes.patches
    skull = places[[skeleton.joints.index("Head"), skeleton.joints.index("HeadEnd")]]
    np.testing.assert_allclose(ring.center, skull.mean(axis=0))


def test_a_shadow_has_one_colour_and_no_dashes(stride):
    axes = Figure().subplots()
    draw_flat_pose(axes, CMU, CMU.rest[:, :2], shadow=True)
    assert {(line.get_color(), line.get_linestyle()) for line in axes.lines} == {(BEHIND, "-")}


def test_bones_of_a_body_without_a_head_are_drawn_too():
    trunk = "Hips - 0 0 0\nSpine Hips 0 1 0\nLeftUpLeg Hips 1 0 0\nLeftLeg LeftUpLeg 0 -1 0\nRightUpLeg Hips -1 0 0"
    headless = Skeleton.from_table("headless", trunk + "\nLeftArm Spine 1 0 0", 1.0)
    assert bone_lines(headless) == {"left": [1, 5, -1, 0, 2, 3, -1], "right": [0, 4, -1], "middle": [0, 1, -1]}
