"""Still pictures: nobody is mirrored, every bone is drawn, and sides and predictions are told apart."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import proj3d

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.pictures import stick_figure as figures

SKELETONS = pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)


def stride(skeleton, frames=12, fps=25.0, turned=0.0):
    """A motion that swings the left leg while travelling along z; `turned` about the vertical, radians."""
    rows = np.zeros((frames, skeleton.columns))
    leg = 3 + 3 * skeleton.joints.index("LeftUpLeg")
    rows[:, leg] = 0.5 * np.sin(np.arange(frames) / 3)
    rows[:, 2] = 60 * np.arange(frames) / skeleton.unit_mm
    rows[:, 4] = turned
    return Motion(rows, skeleton, fps)


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


def drawn_lines(pose):
    """Points (3, n) of the left, the right and the middle line of a pose, in the order they are drawn."""
    return {side: np.array(line.get_data_3d()) for side, line in pose._lines.items()}


def test_axis_map_is_a_rotation_in_metres():
    images = figures.to_plot_axes(np.eye(3) * 1000)
    assert np.linalg.det(images) == pytest.approx(1)
    assert np.allclose(images @ images.T, np.eye(3))
    assert np.allclose(figures.to_plot_axes(np.array([0, 1700.0, 0])), [0, 0, 1.7])


@SKELETONS
def test_left_appears_at_the_right_when_the_person_faces_us_and_the_head_is_up(skeleton):
    stage = figures.Stage(stride(skeleton), {}, 6)
    placed = figures.to_plot_axes(stage.positions(0, 0))
    joint = skeleton.joints.index
    front, back, left = (on_screen(new_axes(azimuth), placed) for azimuth in (0, 180, 90))
    assert front[joint("LeftUpLeg"), 0] > front[joint("RightUpLeg"), 0]
    assert back[joint("LeftUpLeg"), 0] < back[joint("RightUpLeg"), 0]
    # Seen from their left, people look to the left of the picture.
    assert left[joint("LeftToeBaseEnd"), 0] < left[joint("LeftFoot"), 0]
    assert front[joint("HeadEnd"), 1] > front[joint("Hips"), 1] > front[joint("RightFoot"), 1]


@SKELETONS
@pytest.mark.parametrize("turned", [0.0, 1.0, -2.5])
def test_camera_is_relative_to_where_the_person_faces(skeleton, turned):
    stage = figures.Stage(stride(skeleton, turned=turned), {}, 6)
    placed = figures.to_plot_axes(stage.positions(0, 5))
    joint = skeleton.joints.index
    across = placed[joint("LeftUpLeg")] - placed[joint("RightUpLeg")]
    assert across[1] > 0.1 and np.allclose(across[[0, 2]], 0, atol=2e-3)
    toes = placed[joint("RightToeBaseEnd")] - placed[joint("RightFoot")]
    assert toes[0] > 0.1


@SKELETONS
def test_every_bone_is_drawn_once_on_its_side(skeleton):
    positions = stride(skeleton).positions()[0]
    pose = figures.draw_pose(new_axes(), skeleton, positions, predicted=False)
    drawn = []
    for side, line in drawn_lines(pose).items():
        for start, end in zip(line.T[:-1], line.T[1:], strict=True):
            if not np.isnan([start, end]).any():
                drawn.append((side, *np.round([*start, *end], 6)))
    placed = figures.to_plot_axes(positions)
    bones = [
        (skeleton.side(joint), *np.round([*placed[parent], *placed[joint]], 6))
        for joint, parent in enumerate(skeleton.parents)
        if parent >= 0
    ]
    assert sorted(drawn) == sorted(bones)


def test_left_and_right_observed_and_predicted_differ_in_more_than_colour():
    positions = stride(CMU).positions()[0]
    looks = {}
    for predicted in (False, True):
        pose = figures.draw_pose(new_axes(), CMU, positions, predicted)
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
def test_stage_has_room_for_everybody_and_its_floor_is_at_the_feet(skeleton):
    truth = stride(skeleton)
    stage = figures.Stage(truth, {"still": truth}, 6)
    low, high = stage.limits.T
    for frame in range(len(truth)):
        placed = figures.to_plot_axes(stage.positions(0, frame))
        assert (placed >= low - 1e-9).all() and (placed <= high + 1e-9).all()
    lowest = min(stage.positions(0, frame)[:, 1].min() for frame in range(len(truth)))
    assert lowest == pytest.approx(0, abs=1e-9)
    assert 1.3 < high[2] - low[2] < 2.6


def test_floor_squares_are_fixed_to_the_ground():
    stage = figures.Stage(stride(CMU), {}, 6)
    along = [np.unique(stage.floor(0, frame)[0][np.isfinite(stage.floor(0, frame)[0])]) for frame in (0, 1)]
    inner = [line[(line > stage.limits[0, 0]) & (line < stage.limits[0, 1])] for line in along]
    assert np.allclose(np.diff(inner[0]), 0.5)
    # The person walks 60 mm a frame, so the ground passes below by as much.
    assert np.allclose((inner[0][0] - inner[1][0]) % 0.5, 0.06)


def test_a_prediction_that_flies_off_does_not_shrink_the_others():
    truth = stride(CMU)
    lost = truth.rows.copy()
    lost[8:, 1] = 1e6
    assert np.ptp(figures.Stage(truth, {"lost": Motion(lost, CMU, 25.0)}, 6).limits[2]) <= 3.5
    lost[8:] = np.nan
    gone = figures.Stage(truth, {"gone": Motion(lost, CMU, 25.0)}, 6)
    assert np.isfinite(gone.limits).all() and np.isfinite(gone.floor(1, 9)[0, 0])


def test_motions_that_do_not_fit_are_refused():
    truth = stride(CMU)
    with pytest.raises(InputError, match=r"prediction 'fast' has 60 .* the ground truth 25"):
        figures.Stage(truth, {"fast": stride(CMU, fps=60.0)}, 6)
    with pytest.raises(InputError, match="5 frames with 6 observed"):
        figures.Stage(truth, {"short": stride(CMU, frames=5)}, 6)


def texts(figure):
    """All words of a figure that stand in the figure itself."""
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(("skeleton", "count"), [(CMU, 0), (CMU, 2), (HUMAN36M, 1)])
def test_film_strip_names_rows_and_moments(skeleton, count):
    truth = stride(skeleton, frames=20)
    predictions = {f"model {number}": truth for number in range(count)}
    figure = figures.plot_film_strip(truth, predictions, 10, title="a stride", moments=4)
    words = texts(figure)
    assert {"a stride", "ground truth", "observed", "true future", *predictions} <= set(words)
    assert words.count("predicted") == count
    times = [word for word in words if word.endswith(" ms")]
    assert len(times) == 4 and "+0 ms" in times and times[-1] == "+400 ms"
    assert len(figure.axes) == 4 * (count + 1)
    assert len({(*axes.get_xlim(), *axes.get_ylim(), *axes.get_zlim()) for axes in figure.axes}) == 1
    (legend,) = figure.legends
    assert any("dashed" in text.get_text() for text in legend.get_texts())


def test_film_strip_of_observed_frames_only():
    figure = figures.plot_film_strip(stride(CMU, frames=4), {}, 4)
    assert [word for word in texts(figure) if word.endswith(" ms")][-1] == "+0 ms"


def test_predictions_are_shown_alone_where_the_truth_ends_with_the_observed_frames():
    motion = stride(CMU, frames=20)
    figure = figures.plot_film_strip(motion[:10], {"model": motion}, 10, moments=4)
    words = texts(figure)
    assert {"model", "observed", "predicted"} <= set(words)
    assert not {"ground truth", "true future"} & set(words)
    assert len(figure.axes) == 4
