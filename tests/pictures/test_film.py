"""Moving pictures: fixed equal axes, words that match the frame, real time, and nothing half-written."""

import json
import re
import resource
import signal
import sys

import imageio_ffmpeg
import numpy as np
import pytest
from matplotlib import pyplot
from mpl_toolkits.mplot3d import proj3d
from PIL import Image

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.pictures import film as animation
from cs2s.pictures.film import Scene, plot_frame, save_animation
from cs2s.pictures.style import new_figure, plain

OBSERVED = 4


def swing(skeleton, frames=8, fps=25.0, size=0.4):
    """A motion that swings the right arm, on either kind of root."""
    rows = np.zeros((frames, skeleton.columns))
    rows[:, 3 + 3 * skeleton.joints.index("RightArm")] = size * np.arange(frames)
    return Motion(rows, skeleton, fps, "absolute" if skeleton is CMU else "relative")


def pair(skeleton=CMU, frames=8, fps=25.0):
    """A recorded motion and one prediction, which parts from it after the observed frames."""
    truth = swing(skeleton, frames, fps)
    rows = truth.rows.copy()
    rows[OBSERVED:] = rows[OBSERVED - 1]
    return truth, {"still": Motion(rows, skeleton, fps, truth.root)}


def words(figure):
    """All words of a figure that stand in the figure itself."""
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)
def test_axes_are_fixed_equal_and_the_same_in_all_panels(skeleton):
    truth, predictions = pair(skeleton)
    scene = Scene(truth, {**predictions, "again": truth}, OBSERVED)
    seen, places = set(), set()
    for frame in (0, OBSERVED - 1, OBSERVED, len(truth) - 1):
        scene.show(frame)
        scene.figure.canvas.draw()
        for number, axes in enumerate(scene.figure.axes):
            limits = np.array([axes.get_xlim(), axes.get_ylim(), axes.get_zlim()])
            seen.add(tuple(limits.ravel()))
            places.add((number, *axes.get_position().bounds))
            # Equal aspect: the box's sides are as long as the ranges they show.
            shape = axes._box_aspect / np.ptp(limits, axis=1)
            assert np.allclose(shape, shape[0])
            width, height = axes.get_window_extent().size
            assert width == pytest.approx(height)
    assert len(scene.figure.axes) == 3 and len(seen) == 1 and len(places) == 3


def test_frame_and_time_are_told():
    truth, predictions = pair()
    observed = words(plot_frame(truth, predictions, OBSERVED, 1))
    assert "observed frame 2 of 4, -80 ms from the last observed" in observed
    assert observed.count("observed") == 2
    future = words(plot_frame(truth, predictions, OBSERVED, 6, title="swinging"))
    assert "future frame 3 of 4, +120 ms from the last observed" in future
    assert {"swinging", "ground truth", "still", "true future", "predicted"} <= set(future)


def test_words_lie_inside_the_picture_and_apart_from_each_other():
    truth, predictions = pair()
    name = "a model with quite a long name"
    figure = plot_frame(truth, {name: predictions["still"]}, OBSERVED, 6, title="swinging")
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.texts if text.get_text()]
    boxes += [figure.legends[0].get_window_extent()]
    for box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:number])
    # The labels of the rulers start where their panels leave room for them, about 30 pixels.
    for panel, axes in enumerate(figure.axes):
        for text in axes.texts:
            place = proj3d.proj_transform(*text.get_position_3d(), axes.get_proj())[:2]
            across, up = text.get_transform().transform(place)
            right = figure.bbox.width * (panel + 1) / 2
            assert right - 60 < across < right - 40 and 30 < up < 390


@pytest.mark.parametrize("panels", [1, 2, 3])
def test_the_legend_is_not_cut_and_lies_below_the_panels(panels):
    truth, predictions = pair()
    # One panel: nothing is known of the future, as in `cs2s predict --out next.gif`.
    recorded = truth[:OBSERVED] if panels == 1 else truth
    names = ["still", "again"][: max(1, panels - 1)]
    figure = plot_frame(recorded, dict.fromkeys(names, predictions["still"]), OBSERVED, 6)
    figure.canvas.draw()
    assert len(figure.axes) == panels
    box = figure.legends[0].get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0
    frames = [artist for artist in figure.artists + figure.patches if artist is not figure.patch]
    lowest = min(artist.get_window_extent().y0 for artist in frames)
    entries = max(text.get_window_extent().y1 for text in figure.legends[0].get_texts())
    assert entries <= lowest


def test_the_shortest_motion_ends_the_film():
    truth, predictions = pair()
    scene = Scene(truth[:7], predictions, OBSERVED)
    assert len(scene.stage) == 7
    assert len(Scene(truth, {"short": predictions["still"][:6]}, OBSERVED).stage) == 6
    for frame in (-1, 7):
        with pytest.raises(InputError, match="no frame"):
            scene.show(frame)


def test_pixels_are_those_of_the_figure():
    truth, predictions = pair()
    scene = Scene(truth, predictions, OBSERVED)
    fast = [scene.pixels(frame) for frame in (0, 6, 1)]
    for picture, frame in zip(fast, (0, 6, 1), strict=True):
        canvas = plot_frame(truth, predictions, OBSERVED, frame).canvas
        canvas.draw()
        slow = np.asarray(canvas.buffer_rgba())[..., :3]
        assert picture.shape == slow.shape
        # Only the order in which lines lie over each other may differ.
        assert np.mean(np.any(picture != slow, axis=-1)) < 0.005


@pytest.mark.parametrize(
    ("fps", "speed", "step", "pictures"),
    [(25, 1, 1, 25), (60, 1, 2, 30), (60, 0.5, 1, 30), (120, 1, 4, 30), (50, 1, 2, 25), (25, 3, 3, 25)],
)
def test_playback_is_real_time_at_no_more_than_30_pictures_a_second(fps, speed, step, pictures):
    assert animation._timing(fps, speed) == (step, pytest.approx(pictures))


@pytest.mark.parametrize(("skeleton", "fps"), [(CMU, 60.0), (HUMAN36M, 25.0)], ids=["CMU", "Human3.6M"])
def test_gif_has_all_frames_and_keeps_time(tmp_path, skeleton, fps):
    truth, predictions = pair(skeleton, frames=9, fps=fps)
    out = save_animation(truth, predictions, OBSERVED, tmp_path / "swing.gif")
    step = 2 if fps == 60 else 1
    with Image.open(out) as film:
        assert film.n_frames == len(range(0, 9, step))
        assert film.info["loop"] == 0
        total = 0
        for number in range(film.n_frames):
            film.seek(number)
            total += film.info["duration"]
        # Delays are whole hundredths of a second.
        assert total == pytest.approx(film.n_frames * step * 1000 / fps, abs=5)
        assert film.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_mp4_has_all_frames_and_keeps_time(tmp_path):
    truth, predictions = pair(frames=9, fps=60.0)
    out = save_animation(truth, predictions, OBSERVED, tmp_path / "swing.mp4")
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(out))
    assert frames == 5 and seconds == pytest.approx(5 / 30, abs=0.02)
    details = next(imageio_ffmpeg.read_frames(str(out)))
    assert details["pix_fmt"].startswith("yuv420p")
    assert all(size % 2 == 0 for size in details["size"])


def test_html_is_a_page_with_a_player_of_all_frames(tmp_path):
    truth, predictions = pair()
    title = "<swing> & 'turn'"
    out = save_animation(truth[:7], predictions, OBSERVED, tmp_path / "swing.html", title=title, speed=0.3)
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "&lt;swing&gt; &amp;" in page and "<swing>" not in page
    film = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page).group(1))
    assert (film["frames"], film["observed"], film["fps"], film["at"]["speed"]) == (7, OBSERVED, 25, 0.3)
    assert [(p["name"], p["predicted"]) for p in film["people"]] == [("ground truth", False), ("still", True)]


def test_html_of_a_prediction_without_truth_shows_it_alone(tmp_path):
    truth, predictions = pair()
    out = save_animation(truth[:OBSERVED], predictions, OBSERVED, tmp_path / "swing.html")
    (film,) = re.findall(r'<script type="application/json">(.*?)</script>', out.read_text(encoding="utf-8"))
    assert [person["name"] for person in json.loads(film)["people"]] == ["still"]


def test_png_is_a_film_strip(tmp_path):
    truth, predictions = pair()
    out = save_animation(truth, predictions, OBSERVED, tmp_path / "SWING.PNG")
    with Image.open(out) as strip:
        assert strip.format == "PNG" and strip.width > strip.height > 300


@pytest.mark.parametrize("name", ["swing.avi", "swing"])
def test_unknown_ending_names_the_known_ones(tmp_path, name):
    truth, predictions = pair()
    with pytest.raises(InputError, match=r"\.gif, \.mp4, \.html or \.png"):
        save_animation(truth, predictions, OBSERVED, tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("speed", [0, -1, 1e-9, float("nan"), float("inf")])
def test_impossible_speed_is_refused(tmp_path, speed):
    truth, predictions = pair()
    with pytest.raises(InputError, match="speed"):
        save_animation(truth, predictions, OBSERVED, tmp_path / "swing.gif", speed=speed)


def test_folder_that_cannot_be_written_is_told(tmp_path):
    truth, predictions = pair()
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InputError, match="cannot write"):
        save_animation(truth, predictions, OBSERVED, tmp_path / "file" / "swing.gif")


def test_disk_that_fills_up_is_told(tmp_path, monkeypatch):
    def fill_up(*_):
        raise OSError(28, "No space left on device")

    truth, predictions = pair()
    monkeypatch.setattr(Scene, "pixels", fill_up)
    with pytest.raises(InputError, match=r"cannot write .*swing\.gif \(No space left on device\)"):
        save_animation(truth, predictions, OBSERVED, tmp_path / "swing.gif")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_failing_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, ending):
    truth, predictions = pair()
    out = tmp_path / f"swing.{ending}"
    out.write_text("old")
    show = Scene.show

    def fail(scene, frame):
        if frame == 5:
            raise KeyboardInterrupt
        show(scene, frame)

    monkeypatch.setattr(Scene, "show", fail)
    with pytest.raises(KeyboardInterrupt):
        save_animation(truth, predictions, OBSERVED, out)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.read_text() == "old"


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_told_on_standard_error_where_it_is_a_terminal(tmp_path, capsys, monkeypatch, terminal):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    truth, predictions = pair()
    save_animation(truth, predictions, OBSERVED, tmp_path / "swing.gif")
    told = capsys.readouterr()
    assert not told.out and ("drawing" in told.err) == terminal


def test_pyplot_is_not_involved():
    truth, predictions = pair()
    before = pyplot.get_fignums()
    plot_frame(truth, predictions, OBSERVED, 0)
    assert pyplot.get_fignums() == before


@pytest.mark.parametrize("part", [0, 3_000])
def test_a_film_that_ffmpeg_could_not_write_leaves_the_old_one(tmp_path, part, capfd):
    """On a disk that filled, all of 8 films were 'in' their file: only ffmpeg's exit status tells."""
    out = tmp_path / "swing.mp4"
    out.write_bytes(b"the old film")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    truth, predictions = pair(frames=40)
    scene = Scene(truth, predictions, OBSERVED)
    pictures = iter([scene.pixels(frame) for frame in range(40)])
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (part, before[1]))
        sentence = r"cannot write .*swing\.mp4 \(ffmpeg ends with -?\d+: "
        with pytest.raises(InputError, match=sentence) as raised, animation.replacing(out) as file:
            animation._save_mp4(pictures, 25.0, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")
    assert out.read_bytes() == b"the old film"
    assert list(tmp_path.iterdir()) == [out]


def test_an_ffmpeg_that_fails_is_no_film(tmp_path, monkeypatch):
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", lambda: "false")
    truth, predictions = pair()
    with pytest.raises(InputError, match="ffmpeg ends with 1: without a word"):
        save_animation(truth, predictions, OBSERVED, tmp_path / "swing.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [r"$\frac$", "a$b", "$", r"\$x$", "a\x1b[31m$"])
@pytest.mark.parametrize("ending", ["png", "gif"])
def test_names_are_no_mathematics(tmp_path, name, ending):
    truth, predictions = pair()
    out = save_animation(truth, {name: predictions["still"]}, OBSERVED, tmp_path / f"a.{ending}", title=name)
    assert out.stat().st_size > 1000


def test_a_dollar_sign_is_shown_as_one():
    figure = new_figure(2, 1)
    text = figure.text(0, 0, plain("a$b$c"))
    figure.canvas.draw()
    assert text._preprocess_math(text.get_text()) == ("a$b$c", False)
