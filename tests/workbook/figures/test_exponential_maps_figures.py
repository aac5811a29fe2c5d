"""Pictures of rotations show what the formulas say: each line is compared with a computation of its own."""

import numpy as np
import pytest
from mpl_toolkits.mplot3d import proj3d
from scipy.spatial.transform import Rotation

from cs2s.motion.skeleton import CMU
from cs2s.workbook.figures import exponential_maps as figures
from cs2s.workbook.opening import as_png

# The 3D axes show (forward, left, up).
TO_PLOT = [2, 0, 1]


def curves(axes):
    """Label -> x and y of a line, ``(2, n)``."""
    return {line.get_label(): np.array(line.get_data()) for line in axes.lines}


def lines_3d(figure):
    """Points ``(n, 3)`` in the data's axes (x left, y up, z forward) of each line of the figure's first axes."""
    plotted = [np.transpose(line.get_data_3d()) for line in figure.axes[0].lines]
    return [line[:, np.argsort(TO_PLOT)] for line in plotted]


def drawn(lines, wanted):
    return any(line.shape == wanted.shape and np.allclose(line, wanted, atol=1e-9) for line in lines)


@pytest.mark.parametrize("degrees", [(0, 0, 90), (-60, 45, 90), (15, 0, 0), (-180, 165, 30)])
def test_forearm_axes_and_path_are_turned_as_scipy_turns_them(degrees):
    rotation = Rotation.from_rotvec(degrees, degrees=True)
    lines = lines_3d(figures.plot_rotation_vector(*degrees))
    for part in figures.forearm().values():
        assert drawn(lines, part)
        assert drawn(lines, rotation.apply(part))
    for image in rotation.as_matrix().T:
        assert any(len(line) == 2 and np.allclose(line[1] / np.linalg.norm(line[1]), image) for line in lines)
    (path,) = [line for line in lines if len(line) == 49]
    halfway = Rotation.from_rotvec(np.array(degrees) / 2, degrees=True)
    np.testing.assert_allclose(path[24], halfway.apply(figures.forearm()["fingers"][-1]))


def test_up_is_up_left_is_right_of_a_person_who_faces_us():
    figure = figures.plot_rotation_vector()
    axes = figure.axes[0]
    ends = np.eye(3)[:, TO_PLOT]
    across, up, _ = proj3d.proj_transform(*np.concatenate([ends, np.zeros((1, 3))]).T, axes.get_proj())
    assert across[0] > across[3]
    assert up[1] > up[3]
    assert np.linalg.det(np.eye(3)[:, TO_PLOT]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("degrees", "words"), [((0, 0, 0), "any axis"), ((0, 45, 0), "(0.00, 1.00, 0.00), angle 45.0°")]
)
def test_axis_and_angle_are_said_in_words(degrees, words):
    assert any(words in text.get_text() for text in figures.plot_rotation_vector(*degrees).texts)


def test_axes_are_named_and_differ_in_more_than_colour():
    figure = figures.plot_rotation_vector(30, 0, 0)
    assert {"x'", "y'", "z'", "x (left)", "y (up)", "z (forward)"} <= {t.get_text() for t in figure.axes[0].texts}
    legend = dict(zip((t.get_text() for t in figure.legends[0].texts), figure.legends[0].get_lines(), strict=True))
    words = {"x": "solid", "y": "dashed", "z": "dotted"}
    patterns = {str(legend[f"{axis}' of the arm: {word}"]._dash_pattern) for axis, word in words.items()}
    assert len(patterns) == 3


def test_forearm_is_that_of_the_skeleton():
    arm = figures.forearm()
    at_rest = CMU.forward_kinematics(np.zeros((38, 3)), np.zeros(3))
    joint = {name: at_rest[index] for index, name in enumerate(CMU.joints)}
    wanted = [joint[name] - joint["LeftForeArm"] for name in ("LeftForeArm", "LeftHand", "LeftHandIndex1End")]
    np.testing.assert_allclose(arm["fingers"], wanted)
    np.testing.assert_allclose(arm["thumb"][1], joint["LThumbEnd"] - joint["LeftForeArm"])


def test_straight_steps_leave_the_circle_by_the_known_factor():
    lines = curves(figures.plot_small_turns((4, 12), 90).axes[0])
    radius = np.linalg.norm(figures.forearm()["fingers"][-1])
    np.testing.assert_allclose(np.linalg.norm(lines["true turn (circle)"], axis=0), radius)
    for count in (4, 12):
        # Each step along the tangent makes the distance longer by sqrt(1 + step ** 2).
        growth = (1 + (np.pi / 2 / count) ** 2) ** (np.arange(count + 1) / 2)
        np.testing.assert_allclose(np.linalg.norm(lines[f"{count} straight steps"], axis=0), radius * growth)


@pytest.mark.parametrize("second", [0, 35, 60, 85, 89])
def test_raised_arm_turns_evenly_and_reaches_the_second_angle(second):
    rotmats = figures.arm_raise(second)
    steps = Rotation.from_matrix(rotmats[1:]) * Rotation.from_matrix(rotmats[:-1]).inv()
    np.testing.assert_allclose(np.degrees(steps.magnitude()), 3)
    # The two frames in the middle are 1.5 degrees before and after the nearest point of the path.
    nearest = np.cos(np.radians(1.5)) * np.sin(np.radians(second))
    assert -rotmats[:, 0, 2].min() == pytest.approx(nearest)
    # The arm begins low, ends high, and points to the right and ahead between.
    hand = -rotmats[:, 0]
    assert hand[0, 1] < -0.8 and hand[-1, 1] > 0.8
    assert (hand[:, 0] <= 0).all() and (hand[:, 2] >= 0).all()


def test_gimbal_lock_shows_the_euler_angles_and_both_steps():
    figure = figures.plot_gimbal_lock(85)
    angles, steps, front = sorted(figure.axes, key=lambda axes: axes.get_ylabel())
    rotmats = figures.arm_raise(85)
    # The stored matrices are for rows; SciPy reads those for columns.
    third, second, first = Rotation.from_matrix(np.swapaxes(rotmats, 1, 2)).as_euler("ZYX", degrees=True).T
    for name, wanted in (("first E1", first), ("second E2", second), ("third E3", third)):
        np.testing.assert_allclose(curves(angles)[name][1], wanted, atol=1e-6)
    np.testing.assert_allclose(curves(steps)["true angle"][1], 3)
    jumps = np.sqrt(np.diff(first) ** 2 + np.diff(second) ** 2 + np.diff(third) ** 2)
    np.testing.assert_allclose(curves(steps)["change of E1, E2, E3"][1], jumps, rtol=1e-6)
    assert jumps.max() > 40
    hand = Rotation.from_matrix(np.swapaxes(rotmats, 1, 2)).apply([-1, 0, 0])
    np.testing.assert_allclose(curves(front)["hand, every frame"], hand[:, :2].T, atol=1e-12)


def test_side_views_face_right_and_keep_lengths_in_the_plane(bones):
    maps = np.zeros((2, 38, 3))
    maps[:, 0, 1] = [0.4, -2.0]  # two headings
    poses = CMU.forward_kinematics(maps, np.zeros((2, 3)))
    figure = figures.plot_side_views({"one": poses, "other": poses[:1]}, CMU)
    drawn = bones(figure.axes[0].lines)
    assert len(drawn) == 37

    def dashes_of_bones_like(offset):
        """The dashes of the lines with a bone that goes so far ahead and up."""
        near = [line for line, bone in drawn if np.diff(bone, axis=0)[0] == pytest.approx(offset[[2, 1]], rel=0.01)]
        return {line.get_linestyle() for line in near}

    # The feet have offsets of their own on each side, and lie in the plane of the picture.
    left, right = (CMU.offsets[CMU.joints.index(f"{side}ToeBase")] for side in ("Left", "Right"))
    assert dashes_of_bones_like(left) == {"-"}
    assert dashes_of_bones_like(right) == {"--"}
    assert [axes.get_ylabel().split("\n")[0] for axes in figure.axes if axes.get_ylabel()] == ["one", "other"]


def test_half_turn_errors_are_drawn_towards_the_half_turn():
    short, error = np.array([10.0, 0.1]), np.array([1e-6, np.nan])
    axes = figures.plot_half_turn_error(short, {"back": error}).axes[0]
    np.testing.assert_array_equal(curves(axes)["back"], [short, error])
    assert axes.xaxis_inverted()


def test_quaternion_of_one_more_turn_is_minus_the_quaternion():
    lines = curves(figures.plot_double_cover().axes[0])
    angle, w = lines["w = cos(angle / 2)"]
    x = lines["x = sin(angle / 2)"][1]
    quats = Rotation.from_rotvec(np.outer(angle[angle < 180], [1, 0, 0]), degrees=True).as_quat()  # x, y, z, w
    np.testing.assert_allclose(np.stack([w, x])[:, angle < 180], quats[:, [3, 0]].T, atol=1e-12)
    quarter, later = (lines[label][1] for label in ("90°: a quarter turn", "450°: one more full turn"))
    np.testing.assert_allclose(quarter, -later)


def test_two_bones_are_where_school_geometry_puts_them():
    lines = curves(figures.plot_two_bones(30, 45).axes[0])
    upper, fore = (np.linalg.norm(CMU.offsets[CMU.joints.index(name)]) for name in ("LeftForeArm", "LeftHand"))
    ways = np.array([[np.cos(a), np.sin(a)] for a in np.radians([30, 75])])
    wanted = [[0, 0], upper * ways[0], upper * ways[0] + fore * ways[1]]
    np.testing.assert_allclose(lines["elbow 45°, then shoulder 30°"].T, wanted, atol=1e-9)


@pytest.mark.slow
def test_bars_are_as_long_as_the_shifts():
    axes = figures.plot_shifts({"hip": 80.0, "toes": 5.0}, 5).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [80, 5]
    assert {text.get_text() for text in axes.texts} == {"80 mm", "5 mm"}


@pytest.mark.parametrize(
    ("plot", "values"), [(figures.plot_rotation_vector, (15, -30, 180)), (figures.plot_gimbal_lock, (90,))]
)
def test_the_same_values_give_the_same_bytes(plot, values):
    assert as_png(plot(*values)) == as_png(plot(*values))
