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


def turner(headings, fps):
    rows = np.zeros((len(headings), CMU.columns))
    rows[:, 4] = -np.radians(headings)
    return Motion(rows, CMU, fps)


def test_who_turns_is_drawn_at_their_times_and_as_they_face(bones):
    told, averaged, turned = turner([100, 175, -110, -35], 10), turner([100, -10, -35], 20), turner([100, 180, -35], 5)
    chart, *people = figures.plot_turning(told, averaged, turned).axes
    for line, (motion, headings) in zip(
        chart.lines,
        {"f": (told, [100, 175, -110, -35]), "a": (averaged, [100, -10, -35]), "t": (turned, [100, 180, -35])}.values(),
        strict=False,
    ):
        np.testing.assert_allclose(line.get_data(), (np.arange(len(motion)) / motion.fps, headings), atol=1e-9)
    for axes, motion in zip(people, (averaged, turned), strict=True):
        assert axes.get_xlim() == chart.get_xlim()
        box = axes.get_position()
        inches = np.array([box.width * 7.6 / np.ptp(axes.get_xlim()), box.height * 5.6 / np.ptp(axes.get_ylim())])
        drawn = np.concatenate([bone for _, bone in bones(axes.lines)])
        wanted = []
        for frame, places in enumerate(motion.positions() / 1000):
            seen = places[:, :2] - [0, places[:, 1].min()]
            # One metre is as long across as up.
            seen[:, 0] = frame / motion.fps + seen[:, 0] * inches[1] / inches[0]
            wanted.append(seen)
        wanted = np.concatenate(wanted)
        far = np.linalg.norm((drawn[:, None] - wanted[None]) * inches, axis=-1)
        assert far.min(axis=1).max() < 1e-6 and far.min(axis=0).max() < 1e-6


def test_errors_on_files_are_drawn_by_file_and_measure():
    def told(hips, space):
        files = {
            name: {"ratios": {"hips_mm": [9, one], "space_mm": [9, other]}}
            for name, one, other in zip(("a.bvh", "b$.bvh"), hips, space, strict=True)
        }
        return {"files": files, "milliseconds": [17.0, 33.3]}

    figure = figures.plot_files({"one": told([0.5, 2], [0.4, 3]), "other": told([0.7, 0.8], [1, 1.5])}, frame=1)
    hips, space = figure.axes
    assert [list(line.get_xdata()) for line in hips.lines] == [[1, 1], [0.5, 2], [0.7, 0.8]]
    assert [list(line.get_xdata()) for line in space.lines] == [[1, 1], [0.4, 3], [1, 1.5]]
    assert all(list(line.get_ydata()) == [0, 1] for line in (*hips.lines[1:], *space.lines[1:]))
    assert [label.get_text() for label in hips.get_yticklabels()] == ["a.bvh", r"b\$.bvh"]
    assert len({line.get_marker() for line in hips.lines[1:]}) == 2
    assert "33 ms ahead" in figure.get_suptitle()
