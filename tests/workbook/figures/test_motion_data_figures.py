"""Pictures of data: what is drawn is what the data say, and no reader depends on colour."""

import numpy as np
import pytest

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.windows import dataset_statistics, test_windows
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.workbook.figures import motion_data as data_figures

SKELETONS = pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)


def random_motion(skeleton, frames=40, fps=20.0):
    return Motion(np.random.default_rng(3).normal(size=(frames, skeleton.columns)), skeleton, fps)


def words(axes):
    return [text.get_text() for text in axes.texts]


@SKELETONS
def test_the_parts_of_the_body_cover_every_joint_once(skeleton):
    parts = data_figures.limbs(skeleton)
    assert [joint for _, part in parts for joint in part] == list(range(len(skeleton.joints)))
    names = [name for name, _ in parts]
    assert names[0] == "root" and len(set(names)) == len(names) == 6
    for name, part in parts:
        joints = " ".join(skeleton.joints[joint] for joint in part)
        assert ("Foot" in joints) == name.endswith("leg")
        assert ("Hand" in joints) == name.endswith("arm")
        assert ("Spine" in joints) == name.startswith("trunk")


@SKELETONS
def test_the_skeleton_numbers_every_joint(skeleton, bones):
    body, tree = data_figures.plot_skeleton(skeleton).axes
    listed = [word.split() for word in words(tree)]
    assert [int(number) for number, *_ in listed] == list(range(len(skeleton.joints)))
    assert tuple(name for _, name, *_ in listed) == skeleton.joints
    labelled = sorted(int(number) for word in words(body) for number in word.split(", "))
    assert labelled == [joint for joint in range(len(skeleton.joints)) if joint not in skeleton.end_sites]
    drawn = bones(body.lines)
    assert len(drawn) == len(skeleton.joints) - 1
    # The person faces us, so their left is on the right side of the picture; right is dashed.
    sides = {line.get_linestyle() for line, bone in drawn if np.mean(bone[:, 0]) < -0.05}
    assert sides == {"--"}
    assert {line.get_linestyle() for line, bone in drawn if np.mean(bone[:, 0]) > 0.05} == {"-"}


@SKELETONS
def test_the_skeleton_says_in_words_what_is_drawn(skeleton):
    body, tree = data_figures.plot_skeleton(skeleton).axes
    for joint, word in enumerate(words(tree)):
        assert word == f"{joint}  {skeleton.joints[joint]}" + " (end site)" * (joint in skeleton.end_sites)
    # Indented by how many bones a joint is away from the root.
    for joint, parent in enumerate(skeleton.parents):
        place = tree.texts[joint].get_position()
        assert place == ((0, 0) if parent < 0 else (tree.texts[parent].get_position()[0] + 1, joint))
    assert tree.get_title(loc="left") == "number  name"
    assert body.get_xlabel() == "metres to the person's left" and body.get_ylabel() == "metres above the hips"
    legend = body.get_legend()
    explained = dict(zip((text.get_text() for text in legend.texts), legend.legend_handles, strict=True))
    assert list(explained) == ["the person's right", "the person's left", "end site: where the last bone ends"]
    dashes = [explained[f"the person's {side}"].get_linestyle() for side in ("right", "left")]
    assert dashes == ["--", "-"]
    # A label stands at its first joint, and joints that share it lie less than 6 cm apart.
    for label in body.texts:
        first, *others = map(int, label.get_text().split(", "))
        np.testing.assert_allclose(label.xy, skeleton.rest[first, :2] / 1000)
        for other in others:
            assert np.linalg.norm(skeleton.rest[other, :2] - skeleton.rest[first, :2]) < 60
    hollow = body.collections[1].get_offsets()
    np.testing.assert_allclose(hollow, skeleton.rest[list(skeleton.end_sites), :2] / 1000)


def test_a_row_is_drawn_number_by_number(is_person):
    motion = random_motion(CMU)
    person, place, angles = data_figures.plot_row(motion, 7).axes
    is_person(person.child_axes[0], motion, 7)
    assert [bar.get_height() for bar in place.patches] == pytest.approx(motion.rows[7, :3].tolist())
    bars = {round(b.get_x() + b.get_width() / 2): b.get_height() for box in angles.containers for b in box}
    assert sorted(bars) == list(range(3, 117))
    assert [bars[column] for column in range(3, 117)] == pytest.approx(motion.rows[7, 3:].tolist())
    assert "left leg\n6-23" in words(angles) and "right arm\n90-116" in words(angles)
    assert [label.get_text() for label in angles.get_xticklabels()] == list(CMU.joints)


@pytest.mark.parametrize(
    ("joint", "names"),
    [
        ("RightForeArm", ["LeftForeArm", "RightForeArm"]),
        ("LHipJoint", ["LHipJoint", "RHipJoint"]),
        ("Spine", ["Spine"]),
    ],
)
def test_an_angle_is_drawn_over_seconds_with_that_of_the_other_side(joint, names, is_person):
    motion = random_motion(CMU)
    (axes,) = data_figures.plot_joint_angle(motion, joint, "y").axes
    curves = [line for line in axes.lines if not line.get_label().startswith("_")]
    assert [line.get_label() for line in curves] == names
    for line in curves:
        column = 3 + 3 * CMU.joints.index(line.get_label()) + 1
        np.testing.assert_allclose(line.get_ydata(), motion.rows[:, column])
        np.testing.assert_allclose(line.get_xdata(), np.arange(40) / 20)
    assert len({line.get_linestyle() for line in curves}) == len(names)
    # Ten people above, each at the moment that it is.
    marks = [line.get_xdata()[0] * 20 for line in axes.lines if line not in curves]
    assert len(marks) == len(axes.child_axes) - 1 == 10
    for frame, person in zip(marks, axes.child_axes[1:], strict=True):
        is_person(person, motion, round(frame))


def test_a_curve_is_laid_upon_itself(is_person):
    curve = np.sin(np.arange(200) / 5)
    motion = random_motion(CMU, 200)
    above, below = data_figures.plot_likeness(curve, np.linspace(1, 0, 50), 31, motion).axes
    here, shifted, *marks = above.lines
    frames = [line.get_xdata()[0] for line in marks]
    np.testing.assert_allclose(frames, np.arange(13) * 31 / 4, atol=0.51)
    for frame, person in zip(frames, above.child_axes, strict=True):
        is_person(person, motion, round(frame))
    assert shifted.get_xdata()[0] == 31
    np.testing.assert_allclose(shifted.get_ydata(), here.get_ydata()[: len(shifted.get_ydata())])
    assert here.get_linestyle() != shifted.get_linestyle()
    assert below.lines[1].get_xdata() == [31] and below.lines[1].get_ydata() == [np.linspace(1, 0, 50)[30]]
    assert "31 frames" in words(below)


def test_spreads_are_sorted_and_their_kinds_counted():
    std = np.concatenate([[7.0, 5.0, 0.5], np.linspace(0.01, 1, 99), np.zeros(15)])
    std[-1] = 1e-6
    axes, person = data_figures.plot_spread(std, CMU).axes
    markers = [line for line in axes.lines if line.get_marker() != "None"]
    drawn = sorted((x, y) for line in markers for x, y in zip(*line.get_data(), strict=True))
    np.testing.assert_allclose([y for _, y in drawn][:103], np.sort(std)[::-1][:103])
    assert len({line.get_marker() for line in markers}) == 3
    counts = [text.get_text().split(": ")[1] for text in axes.get_legend().get_texts()]
    assert counts == ["3 columns", "99 columns", "15 columns"]
    # On the person: a dot at each joint that moves, the wider the more; the four that move most have names.
    (dots,) = [found for found in person.collections if len(found.get_offsets())]
    np.testing.assert_allclose(dots.get_offsets(), CMU.rest[:33, :2] / 1000)
    wide = np.sqrt(dots.get_sizes())
    turned = [np.degrees(np.sqrt((std[3 + 3 * j : 6 + 3 * j] ** 2).mean())) for j in range(33)]
    np.testing.assert_allclose(wide / wide[0], np.array(turned) / turned[0])
    assert words(person)[0] == f"{CMU.joints[32]}\n{turned[32]:.0f}°" and len(words(person)) == 4


def test_the_farthest_row_is_marked(is_person):
    near, far = np.ones(50), np.ones(50)
    far[40] = 9.0
    motion = random_motion(CMU)
    poses = {"near": motion[3:4], "far": motion[5:6]}
    upper, lower = data_figures.plot_farthest({"near": near, "far": far}, poses).axes
    assert words(lower) == ["row 40: 9.0", "row 40"]
    np.testing.assert_allclose(lower.lines[0].get_ydata(), far)
    assert upper.get_ylim() == lower.get_ylim() and upper.get_ylim()[1] > 9
    for axes, frame in ((upper, 3), (lower, 5)):
        is_person(axes.child_axes[0], motion, frame, front=True)


def test_a_window_is_drawn_with_time_to_the_right_and_its_border(demo, is_person):
    statistics = dataset_statistics(demo)
    window = np.random.default_rng(0).normal(size=(75, len(statistics.used)))
    motion = random_motion(CMU, 75)
    figure = data_figures.plot_window(window, statistics.used, motion)
    axes = figure.axes[0]
    np.testing.assert_allclose(axes.images[0].get_array(), window.T)
    assert {"50 observed", "25 to predict"} <= set(words(axes))
    assert any(list(line.get_xdata()) == [49.5, 49.5] for line in axes.lines)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[0] == "place" and "left leg" in labels and "right arm" in labels
    figure.draw_without_rendering()
    to_frame = axes.transData.inverted()
    for person in axes.child_axes:
        box = person.get_window_extent()
        is_person(person, motion, round(to_frame.transform([(box.x0 + box.x1) / 2, 0])[0]))
    assert len(axes.child_axes) == 10


def test_test_windows_are_drawn_where_they_start(demo):
    windows = test_windows(demo, dataset_statistics(demo))
    lengths = {w.action: (len(demo.motions[TakeId("test", "", w.action, 1)]) + 1) // 2 for w in windows}
    (axes,) = data_figures.plot_test_windows(windows, lengths).axes
    bars = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    starts = [start for w in windows for _, start in w.starts]
    assert sorted(x for x, width in bars if width == 50) == sorted(starts)
    assert sorted(x for x, width in bars if width == 25) == sorted(start + 50 for start in starts)
    assert [line.get_xdata()[1] for line in axes.lines] == [lengths[w.action] for w in windows]
