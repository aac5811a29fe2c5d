"""The stage: nobody is mirrored, everybody faces ahead in a box with room for all, and the ground passes below."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import proj3d

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton
from cs2s.pictures.stage import FLOOR_SQUARE, Stage, facing, seen_from, straightened, to_plot_axes

SKELETONS = pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)


def new_axes(azimuth=0.0, elevation=0.0):
    """A 3D axes of an otherwise empty figure, seen from a side."""
    figure = Figure(figsize=(4, 4))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(projection="3d")
    axes.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1))
    axes.view_init(azim=azimuth, elev=elevation)
    return axes


def on_screen(axes, points):
    """Where points (n, 3) of the axes' data appear: (n, 2), to the right and up."""
    right, up, _ = proj3d.proj_transform(*np.transpose(points), axes.get_proj())
    return np.stack([right, up], axis=-1)


def test_axis_map_is_a_rotation_in_metres():
    images = to_plot_axes(np.eye(3) * 1000)
    assert np.linalg.det(images) == pytest.approx(1)
    assert np.allclose(images @ images.T, np.eye(3))
    assert np.allclose(to_plot_axes(np.array([0, 1700.0, 0])), [0, 0, 1.7])


@SKELETONS
def test_left_appears_at_the_right_when_the_person_faces_us_and_the_head_is_up(skeleton, stride):
    stage = Stage(stride(skeleton), {}, 6)
    placed = to_plot_axes(stage.positions(0, 0))
    joint = skeleton.joints.index
    front, back, left = (on_screen(new_axes(azimuth), placed) for azimuth in (0, 180, 90))
    assert front[joint("LeftUpLeg"), 0] > front[joint("RightUpLeg"), 0]
    assert back[joint("LeftUpLeg"), 0] < back[joint("RightUpLeg"), 0]
    # Seen from their left, people look to the left of the picture.
    assert left[joint("LeftToeBaseEnd"), 0] < left[joint("LeftFoot"), 0]
    assert front[joint("HeadEnd"), 1] > front[joint("Hips"), 1] > front[joint("RightFoot"), 1]


@SKELETONS
@pytest.mark.parametrize("turned", [0.0, 1.0, -2.5])
def test_camera_is_relative_to_where_the_person_faces(skeleton, turned, stride):
    stage = Stage(stride(skeleton, turned=turned), {}, 6)
    placed = to_plot_axes(stage.positions(0, 5))
    joint = skeleton.joints.index
    across = placed[joint("LeftUpLeg")] - placed[joint("RightUpLeg")]
    assert across[1] > 0.1 and np.allclose(across[[0, 2]], 0, atol=2e-3)
    toes = placed[joint("RightToeBaseEnd")] - placed[joint("RightFoot")]
    assert toes[0] > 0.1


@SKELETONS
def test_stage_has_room_for_everybody_and_its_floor_is_at_the_feet(skeleton, stride):
    truth = stride(skeleton)
    stage = Stage(truth, {"still": truth}, 6)
    low, high = stage.limits.T
    for frame in range(len(truth)):
        placed = to_plot_axes(stage.positions(0, frame))
        assert (placed >= low - 1e-9).all() and (placed <= high + 1e-9).all()
    lowest = min(stage.positions(0, frame)[:, 1].min() for frame in range(len(truth)))
    assert lowest == pytest.approx(0, abs=1e-9)
    assert 1.3 < high[2] - low[2] < 2.6


def test_floor_squares_are_fixed_to_the_ground(stride):
    stage = Stage(stride(CMU), {}, 6)
    along = [np.unique(stage.floor(0, frame)[0][np.isfinite(stage.floor(0, frame)[0])]) for frame in (0, 1)]
    inner = [line[(line > stage.limits[0, 0]) & (line < stage.limits[0, 1])] for line in along]
    assert np.allclose(np.diff(inner[0]), 0.5)
    # The person walks 60 mm a frame, so the ground passes below by as much.
    assert np.allclose((inner[0][0] - inner[1][0]) % 0.5, 0.06)


@SKELETONS
def test_the_person_stays_in_the_middle_and_the_ground_passes_below(skeleton, stride):
    walk = stride(skeleton)
    rows = walk.rows.copy()
    rows[:, 0] = -35 * np.arange(len(rows)) / skeleton.unit_mm
    rows[:, 1] = 20 * np.sin(np.arange(len(rows))) / skeleton.unit_mm
    truth, still = Motion(rows, skeleton, 25.0), Motion(rows[[0] * len(rows)], skeleton, 25.0)
    stage = Stage(truth, {"still": still}, 6)
    for panel, motion in enumerate((truth, still)):
        # The motions face z already (almost: one hip of CMU is 0.6 micrometres ahead), so only the height changes.
        world = motion.positions() - [0, truth.positions()[..., 1].min(), 0]
        for frame in range(len(truth)):
            hips = world[frame, 0] * [1, 0, 1]
            np.testing.assert_allclose(stage.positions(panel, frame), world[frame] - hips, atol=5e-3)
            # Every line of the floor lies on a multiple of half a metre of the world, in both directions.
            lines = np.split(stage.floor(panel, frame).T, stage.floor(panel, frame).shape[1] // 3)
            (forward, left, _) = to_plot_axes(hips)
            for axis, place in ((0, forward), (1, left)):
                across = [line[0, axis] for line in lines if line[0, axis] == line[1, axis]]
                squares = (np.array(across) + place) / FLOOR_SQUARE
                np.testing.assert_allclose(squares, np.round(squares), atol=1e-4)
                assert len(across) >= 2
            assert not np.nanmax(np.abs(stage.floor(panel, frame)[2]))
    shown = stage.positions(0, slice(None))
    np.testing.assert_array_equal(shown, [stage.positions(0, frame) for frame in range(len(truth))])
    assert not shown[:, 0, [0, 2]].any()


@SKELETONS
def test_facing_says_where_left_and_ahead_are(skeleton, stride):
    for turned in (0.0, 1.0, -2.5):
        (pose, *_) = stride(skeleton, turned=turned).positions()
        across, ahead = facing(pose, skeleton)
        # Exponential maps in rows are for row vectors, which turn the other way round.
        np.testing.assert_allclose(ahead, [-np.sin(turned), 0, np.cos(turned)], atol=5e-3)
        np.testing.assert_allclose(across, [np.cos(turned), 0, np.sin(turned)], atol=5e-3)


@SKELETONS
def test_straightened_people_face_ahead_wherever_they_went(skeleton, stride):
    walk, ahead = stride(skeleton, turned=1.0), stride(skeleton).positions()
    np.testing.assert_allclose(straightened(walk), ahead - ahead[:, :1], atol=1e-6)
    steps = Motion(walk.rows, skeleton, 25.0, "relative")
    np.testing.assert_array_equal(straightened(steps), straightened(walk))


def test_a_prediction_that_flies_off_does_not_shrink_the_others(stride):
    truth = stride(CMU)
    lost = truth.rows.copy()
    lost[8:, 1] = 1e6
    assert np.ptp(Stage(truth, {"lost": Motion(lost, CMU, 25.0)}, 6).limits[2]) <= 3.5
    lost[8:] = np.nan
    gone = Stage(truth, {"gone": Motion(lost, CMU, 25.0)}, 6)
    assert np.isfinite(gone.limits).all() and np.isfinite(gone.floor(1, 9)[0, 0])


def test_motions_that_do_not_fit_are_refused(stride):
    truth = stride(CMU)
    with pytest.raises(InputError, match=r"prediction 'fast' has 60 .* the ground truth 25"):
        Stage(truth, {"fast": stride(CMU, fps=60.0)}, 6)
    with pytest.raises(InputError, match="cannot be called 'ground truth'"):
        Stage(truth, {"ground truth": truth}, 6)
    with pytest.raises(InputError, match="5 frames with 6 observed"):
        Stage(truth, {"short": stride(CMU, frames=5)}, 6)


def test_who_has_no_hips_that_tell_is_not_turned():
    trunk = Skeleton.from_table("trunk", "Root - 0 0 0\nTop Root 0 1 0", 10.0)
    rows = np.zeros((2, trunk.columns))
    rows[:, 1] = 3, 4
    (world,) = seen_from([Motion(rows, trunk, 25.0)], 0)
    np.testing.assert_allclose(world[:, :, 1], [[0, 10], [10, 20]])
