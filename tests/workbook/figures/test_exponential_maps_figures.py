"""Pictures of rotations show what the formulas say: each line is compared with a computation of its own."""

import numpy as np
import pytest
from mpl_toolkits.mplot3d import proj3d
from scipy.spatial.transform import Rotation

from cs2s.motion.skeleton import CMU
from cs2s.workbook.figures import exponential_maps as figures
from cs2s.workbook.measured_turns import arm_raise
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
def test_arm_axes_and_path_are_turned_as_scipy_turns_them(degrees):
    rotation = Rotation.from_rotvec(degrees, degrees=True)
    lines = lines_3d(figures.plot_rotation_vector(*degrees))
    for part in figures.arm().values():
        assert drawn(lines, part)
        assert drawn(lines, rotation.apply(part))
    for image in rotation.as_matrix().T:
        assert any(len(line) == 2 and np.allclose(line[1] / np.linalg.norm(line[1]), image) for line in lines)
    (path,) = [line for line in lines if len(line) == 49]
    halfway = Rotation.from_rotvec(np.array(degrees) / 2, degrees=True)
    np.testing.assert_allclose(path[24], halfway.apply(figures.arm()["fingers"][-1]))


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


def test_gimbal_lock_shows_the_euler_angles_and_both_steps():
    figure = figures.plot_gimbal_lock(85)
    angles, steps, front = sorted(figure.axes, key=lambda axes: axes.get_ylabel())
    rotmats = arm_raise(85)
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


def test_arm_and_person_are_those_of_the_skeleton():
    at_rest = CMU.forward_kinematics(np.zeros((38, 3)), np.zeros(3))
    joint = {name: at_rest[index] - at_rest[CMU.joints.index("LeftArm")] for index, name in enumerate(CMU.joints)}
    arm = figures.arm()
    wanted = [joint[name] for name in ("LeftArm", "LeftForeArm", "LeftHand", "LeftHandIndex1End")]
    np.testing.assert_allclose(arm["fingers"], wanted)
    np.testing.assert_allclose(arm["thumb"], [joint["LeftHand"], joint["LThumbEnd"]])
    lines = lines_3d(figures.plot_rotation_vector(0, 0, 0))
    assert drawn(lines, np.array([joint[name] for name in ("LeftUpLeg", "Hips", "RightUpLeg")]))
    # The other arm hangs down: its hand is below its shoulder by almost the length of the arm.
    (other,) = [line for line in lines if len(line) == 5 and np.allclose(line[0], 0)]
    length = np.linalg.norm(np.diff(other[2:], axis=0), axis=-1).sum()
    assert other[2, 1] - other[-1, 1] > 0.95 * length


@pytest.mark.parametrize("degrees", [20, 65, 120])
def test_the_steps_on_the_circle_are_those_of_rodrigues(degrees):
    lines = curves(figures.plot_rodrigues_circle(degrees).axes[0])
    rotation = Rotation.from_rotvec([0, 0, degrees], degrees=True)
    before = np.array([1.0, 0, 0])
    along = np.cross([0, 0, 1], before)
    inwards = np.cross([0, 0, 1], along)
    sine, rest = (lines[label] for label in (r"$\sin\theta$ of $Kv$", r"$1-\cos\theta$ of $KKv$"))
    np.testing.assert_allclose(sine.T, np.stack([before, before + np.sin(np.radians(degrees)) * along])[:, :2])
    np.testing.assert_allclose(rest.T[0], sine.T[1])
    np.testing.assert_allclose(rest.T[1], rotation.apply(before)[:2], atol=1e-12)
    np.testing.assert_allclose(rest.T[1] - rest.T[0], (1 - np.cos(np.radians(degrees))) * inwards[:2], atol=1e-12)


def test_quaternions_go_round_at_half_the_angle():
    arm_at, quat_at = figures.plot_half_angle((90, 450)).axes
    spokes = [
        np.array([line.get_data() for line in axes.lines if len(line.get_xdata()) == 2]) for axes in (arm_at, quat_at)
    ]
    np.testing.assert_allclose(spokes[0][:, :, 1], [[0, 1], [0, 1]], atol=1e-12)
    quat = Rotation.from_rotvec([0, 0, 90], degrees=True).as_quat()[[3, 2]]
    np.testing.assert_allclose(spokes[1][:, :, 1], [quat, -quat])
    assert {text.get_text() for text in arm_at.texts} == {"90° and 450°"}
    assert {text.get_text() for text in quat_at.texts} == {"90°", "450°"}


@pytest.mark.parametrize("second", [-90, -30, 50, 90])
def test_rings_hold_each_other_and_the_innermost_is_the_arm(second):
    figure = figures.plot_rings((second,), first=40, third=25)
    lines = lines_3d(figure)
    rings = [line for line in lines if len(line) == 73]
    rotation = Rotation.from_euler("xyz", [40, second, 25], degrees=True)
    arm = next(line for line in lines if len(line) == 2 and np.allclose(line[0], 0))
    np.testing.assert_allclose(arm[1], 0.6 * rotation.apply([1, 0, 0]), atol=1e-12)
    # In the lock, all that the two outer rings hold lies in one plane.
    normals = [np.cross(ring[0], ring[18]) / np.linalg.norm(np.cross(ring[0], ring[18])) for ring in rings]
    assert (abs(normals[0] @ normals[1]) > 1 - 1e-12) == (abs(second) == 90)
    # Each ring holds the next one's axis: the axis is a diameter of both.
    for outer, inner in ((0, 1), (1, 2)):
        axis = rings[inner][0] / np.linalg.norm(rings[inner][0])
        assert abs(axis @ normals[outer]) < 1e-9 and abs(axis @ normals[inner]) < 1e-9
    np.testing.assert_allclose(rings[0][0], [0, 0, 1], atol=1e-12)
    assert any("gimbal lock" in text.get_text() for text in figure.texts) == (abs(second) == 90)


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
