"""What pictures of motion files show, against computations of its own."""

import numpy as np
import pytest

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU
from cs2s.pictures.style import limb
from cs2s.workbook.figures import your_own_motion as figures
from cs2s.workbook.stand_in import PERFORMER


@pytest.fixture(scope="module")
def walk():
    return load("demo").motions[TakeId("test", "", "walking", 1)][300:303]


def at_rest(skeleton):
    return Motion(np.zeros((1, skeleton.columns)), skeleton, 30.0)


@pytest.mark.parametrize("skeleton", [CMU, PERFORMER], ids=["CMU", "another"])
def test_every_bone_is_drawn_where_it_is_and_the_left_is_on_the_right(skeleton, bones, same_bones):
    (axes,) = figures.plot_bodies({"rest": at_rest(skeleton)}).axes
    places = skeleton.rest / 1000
    wanted = [places[[parent, joint], :2] for joint, parent in enumerate(skeleton.parents) if parent >= 0]
    drawn = bones(line for line in axes.lines if line.get_lw() == 2.2)
    same_bones([bone for _, bone in drawn], wanted)
    hands = [line for line, bone in drawn if bone[1, 0] > 0.5]
    assert hands and all(line.get_linestyle() == "-" and line.get_color() == limb("left")["color"] for line in hands)
    hands = [line for line, bone in drawn if bone[1, 0] < -0.5]
    assert hands and all(line.get_linestyle() == "--" and line.get_color() == limb("right")["color"] for line in hands)


def test_the_camera_goes_round_the_person_however_they_stand(walk):
    left = CMU.joints.index("LeftUpLeg")
    right = CMU.joints.index("RightUpLeg")

    def hips(azimuth):
        (axes,) = figures.plot_bodies({"walk": walk}, 1, azimuth=azimuth).axes
        dots = axes.lines[-1].get_xydata()
        return dots[left, 0] - dots[right, 0]

    across = walk.positions()[1, left] - walk.positions()[1, right]
    wide = np.hypot(across[0], across[2]) / 1000
    assert hips(0) == pytest.approx(wide)
    assert hips(60) == pytest.approx(wide / 2)
    assert hips(90) == pytest.approx(0, abs=1e-9)
    # From their left we see them walk to our left.
    (axes,) = figures.plot_bodies({"walk": walk}, 1, azimuth=90).axes
    dots = axes.lines[-1].get_xydata()
    assert dots[CMU.joints.index("LeftToeBase"), 0] < dots[CMU.joints.index("LeftFoot"), 0]


def test_the_body_behind_is_in_every_panel(walk, bones, same_bones):
    figure = figures.plot_bodies({"a": walk, "b": at_rest(CMU)}, behind=("other", at_rest(CMU)))
    for axes in figure.axes:
        behind = bones(line for line in axes.lines if line.get_lw() == 6)
        shown = bones(line for line in figure.axes[1].lines if line.get_lw() == 2.2)
        assert len(behind) == 37
        same_bones([bone for _, bone in behind], [bone for _, bone in shown])
    assert "other: wide, grey" in [text.get_text() for text in figure.legends[0].texts]


@pytest.mark.parametrize(
    ("first", "second", "percent", "averaged", "turned"),
    [(170, -170, 50, 0, 180), (170, -170, 25, 85, 175), (10, 50, 50, 30, 30), (-120, 150, 50, 15, -165)],
)
def test_between_two_headings(first, second, percent, averaged, turned):
    figure = figures.plot_between(first, second, percent)
    tips = [line.get_xydata()[1] for line in figure.axes[0].lines[1:]]
    for heading, tip in zip((first, second, averaged, turned), tips, strict=True):
        np.testing.assert_allclose(tip, [-np.sin(np.radians(heading)), np.cos(np.radians(heading))], atol=1e-9)
    assert f"numbers averaged: {averaged:.1f}°" in [text.get_text() for text in figure.legends[0].texts]


def test_headings_are_drawn_at_their_times():
    told = np.array([0, 0.1, 0.2]), np.array([100.0, 179, -170])
    lines = figures.plot_headings(told, [100, 140], [100, 150], 5).axes[0].lines
    np.testing.assert_array_equal(lines[0].get_data(), told)
    np.testing.assert_array_equal(lines[1].get_data(), ([0, 0.2], [100, 140]))
    np.testing.assert_array_equal(lines[2].get_data(), ([0, 0.2], [100, 150]))
