"""Moving pictures of motions: the recorded motion and its predictions side by side, saved to a file.

One `Scene` is laid out once and then only moves its people, both for a single frame (`plot_frame`, for
sliders) and for all frames of a film (`save_animation`). A page that moves by itself is a player.
Taught in ``notebooks/06_explore_predictions``.
"""

import itertools
import math
import subprocess
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy
from PIL import Image
from tqdm import tqdm

from cs2s.errors import InputError, printable
from cs2s.files.writing import replacing
from cs2s.motion.motion import Motion
from cs2s.pictures.film_strip import plot_film_strip
from cs2s.pictures.panels import (
    AZIMUTH,
    ELEVATION,
    Person,
    add_frame,
    add_legend,
    legend_rows,
    name_size,
    style_frame,
    word_colour,
)
from cs2s.pictures.player import SLOWEST_FASTEST, player, player_page
from cs2s.pictures.stage import FLOOR_SQUARE, Stage
from cs2s.pictures.style import TEXT, new_figure, plain

__all__ = ["PICTURES", "Scene", "plot_frame", "save_animation"]

PICTURES = (".gif", ".mp4", ".html", ".png")
"""What the file of an animation may end in."""

_FASTEST = 30.0
"""Pictures per second that a saved film has at most."""

_REASONS = ("No space left on device", "File too large", "Disk quota exceeded", "Permission denied")


def _add_ruler(person: Person, stage: Stage, place: float) -> None:
    """Draw a ruler of heights in metres, `place` inches to the right of the person and as far away.

    There is none for the horizontal: the box follows the person, and the squares of the floor tell the scale.
    """
    axes = person.axes
    azimuth = np.radians(axes.azim)
    x, y = np.array([-np.sin(azimuth), np.cos(azimuth)]) * place / person.metre
    low, high = stage.limits[2]
    heights = np.arange(math.ceil(low / FLOOR_SQUARE - 1e-9), high / FLOOR_SQUARE) * FLOOR_SQUARE
    axes.plot([x, x], [y, y], [low, high], color=TEXT, lw=0.8, clip_on=False)
    marks = np.full_like(heights, x), np.full_like(heights, y), heights
    axes.plot(*marks, color=TEXT, ls="", marker="_", ms=6, clip_on=False)
    aside = offset_copy(axes.transData, axes.figure, x=5, units="points")
    for height in heights:
        label = f"{height:.1f} m"
        axes.text(x, y, height, label, va="center", fontsize=7.5, color=TEXT, transform=aside)


def _caption(stage: Stage, frame: int) -> str:
    """Return the words that say which frame is shown and when it is."""
    which, number, count = "observed", frame + 1, stage.observed
    if frame >= stage.observed:
        which, number, count = "future", number - stage.observed, len(stage) - stage.observed
    return f"{which} frame {number} of {count}, {stage.milliseconds(frame):+.0f} ms from the last observed"


class Scene:
    """A figure with one panel per motion that can be set to any frame; nothing but the people moves.

    Attributes:
        figure: the figure, without a window and unknown to pyplot, so that notebooks do not show it twice.
        stage: what is shown.
    """

    def __init__(
        self,
        truth: Motion,
        predictions: dict[str, Motion],
        observed: int,
        *,
        title: str = "",
        azimuth: float = AZIMUTH,
        elevation: float = ELEVATION,
    ) -> None:
        """Lay out the figure; arguments as in `plot_frame`."""
        self.stage = Stage(truth, predictions, observed)
        panels = len(self.stage.motions)
        width, height, top = max(5.6, 3.7 * panels), 4.6, 0.62
        bottom = 0.16 + 0.16 * legend_rows(width)
        self.figure = new_figure(width, height, layout=None)
        centred: dict[str, Any] = {"ha": "center", "va": "center"}
        self.figure.text(0.5, 1 - 0.19 / height, plain(title), fontsize=12, weight="bold", **centred)
        y = 1 - (0.45 if title else 0.3) / height
        self._caption = self.figure.text(0.5, y, "", fontsize=10.5, color=TEXT, **centred)
        add_legend(self.figure, self.stage)
        self._people, self._frames, self._badges = [], [], []
        gap = 0.06
        for panel, name in enumerate(self.stage.names):
            left, wide, high = width / panels * panel + gap, width / panels - 2 * gap, height - top - bottom
            patch = add_frame(self.figure, (left, bottom, wide, high))
            y = (height - top - 0.16) / height
            self.figure.text((left + 0.1) / width, y, plain(name), ha="left", va="center", fontsize=name_size(name))
            badge = self.figure.text(
                (left + wide - 0.1) / width, y, "", ha="right", va="center", fontsize=10, weight="bold"
            )
            area = (left + 0.5, bottom + 0.3, wide - 1.0, high - 0.7)
            person = Person(self.figure, self.stage, panel, (azimuth, elevation), patch, area, 1.0)
            _add_ruler(person, self.stage, wide / 2 - 0.45)
            self._people.append(person)
            self._frames.append(patch)
            self._badges.append(badge)
        self._canvas = FigureCanvasAgg(self.figure)
        self._still: dict[bool, Any] = {}
        self._moving = [self._caption, *(artist for person in self._people for artist in person.moving)]

    def show(self, frame: int) -> None:
        """Move everybody to a frame, counted from 0.

        Raises:
            InputError: if there is no such frame.
        """
        if not 0 <= frame < len(self.stage):
            raise InputError(f"there is no frame {frame}: frames are from 0 to {len(self.stage) - 1}")
        self._caption.set_text(_caption(self.stage, frame))
        for panel, person in enumerate(self._people):
            person.show(frame)
            word = self.stage.word(panel, frame)
            style_frame(self._frames[panel], word == "predicted")
            self._badges[panel].set(text=word, color=word_colour(word))

    def pixels(self, frame: int) -> np.ndarray:
        """Return a frame as a picture, ``(height, width, 3)``, 8 bits per colour.

        What does not move is drawn once before and once after the last observed frame, then copied: a picture
        takes a few milliseconds instead of a tenth of a second.
        """
        self.show(frame)
        canvas = self._canvas
        future = frame >= self.stage.observed
        if future not in self._still:
            for artist in self._moving:
                artist.set_animated(True)
            canvas.draw()
            self._still[future] = canvas.copy_from_bbox(self.figure.bbox)
        canvas.restore_region(self._still[future])
        for artist in self._moving:
            self.figure.draw_artist(artist)
        return np.array(canvas.buffer_rgba())[..., :3]


def plot_frame(
    truth: Motion,
    predictions: dict[str, Motion],
    observed: int,
    frame: int,
    *,
    title: str = "",
    azimuth: float = AZIMUTH,
    elevation: float = ELEVATION,
) -> Figure:
    """Draw one frame of a recorded motion and of its predictions side by side; fit for a slider to call.

    Args:
        truth: the recorded motion; its first `observed` frames are the observed ones.
        predictions: predicted motions by the names of their panels, each beginning with the observed frames;
            may be empty.
        observed: how many frames were observed.
        frame: which frame to draw, from 0 to the end of the shortest motion.
        title: heading of the figure.
        azimuth: camera in degrees around the person: 0 is in front of them, 90 on their left.
        elevation: camera in degrees above the horizon.

    Returns:
        the figure, with axes in metres as described at `Stage`.

    Raises:
        InputError: if the motions do not fit together or there is no such frame.
    """
    scene = Scene(truth, predictions, observed, title=title, azimuth=azimuth, elevation=elevation)
    scene.show(frame)
    return scene.figure


def _timing(fps: float, speed: float) -> tuple[int, float]:
    """Return which n-th frame to show, and how many pictures a second that makes, at most `_FASTEST`."""
    step = math.ceil(fps * speed / _FASTEST - 1e-9)
    return step, fps * speed / step


def _pictures(scene: Scene, step: int) -> Iterator[np.ndarray]:
    """Yield every `step`-th frame of a scene as pixels, telling the progress where standard error is a terminal."""
    frames = range(0, len(scene.stage), step)
    for frame in tqdm(frames, desc="drawing", unit="frame", leave=False, dynamic_ncols=True, disable=None):
        yield scene.pixels(frame)


def _in_one_palette(pictures: Iterator[np.ndarray]) -> list[Image.Image]:
    """Turn pictures into images of the same 256 colours, so that nothing flickers and files stay small.

    The colours are the commonest ones, exactly, so that white stays white; Pillow finds the nearest of a
    palette only to about 8 levels, so of colours closer than that one is kept.
    """
    pixels = list(pictures)
    # Between them the first and the last picture have all the colours, observed and predicted.
    sample = Image.fromarray(np.concatenate([pixels[0], pixels[-1]]))
    chosen: dict[tuple[int, ...], tuple[int, ...]] = {}
    counted: Any = sample.getcolors(sample.width * sample.height)
    for _, colour in sorted(counted, reverse=True):
        chosen.setdefault(tuple(level // 8 for level in colour), colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([level for colour in list(chosen.values())[:256] for level in colour])
    return [Image.fromarray(p).quantize(palette=palette, dither=Image.Dither.NONE) for p in pixels]


def _save_gif(pictures: Iterator[np.ndarray], fps: float, file: Path) -> None:
    """Write a GIF that repeats for ever and keeps time although delays are whole hundredths of seconds."""
    images = _in_one_palette(pictures)
    ends = np.round(np.arange(len(images) + 1) * 100 / fps).astype(int)
    delays = (10 * np.diff(ends)).tolist()
    images[0].save(file, save_all=True, append_images=images[1:], duration=delays, loop=0)


def _save_mp4(pictures: Iterator[np.ndarray], fps: float, file: Path) -> None:
    """Write an H.264 film that browsers and slides play: yuv420p, which needs even sizes.

    Raises:
        OSError: if ffmpeg fails, as on a disk that is full: its exit status says so, and nothing else.
    """
    first = next(pictures)
    height, width = (size // 2 * 2 for size in first.shape[:2])
    given = f"-f rawvideo -pix_fmt rgb24 -s {width}x{height} -r {Fraction(fps).limit_denominator()} -i -".split()
    wanted = "-an -pix_fmt yuv420p -crf 10 -y".split()
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *given, *wanted, str(file)]
    with tempfile.TemporaryFile() as said:
        # In a session of its own, so that Ctrl-C stops the drawing, which then stops ffmpeg.
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said, start_new_session=True) as ffmpeg:
            assert ffmpeg.stdin is not None
            try:
                for picture in itertools.chain([first], pictures):
                    ffmpeg.stdin.write(np.ascontiguousarray(picture[:height, :width]).data)
                ffmpeg.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and says why below
            except BaseException:
                ffmpeg.kill()
                raise
        said.seek(0)
        reasons = printable(said.read(10_000).decode(errors="replace")).split("\n")
    if ffmpeg.returncode:
        known = next((reason for reason in _REASONS if any(reason in line for line in reasons)), reasons[0][:100])
        raise OSError(f"ffmpeg ends with {ffmpeg.returncode}: {known or 'without a word'}")


def save_animation(
    truth: Motion,
    predictions: dict[str, Motion],
    observed: int,
    out: Path,
    *,
    title: str = "",
    speed: float = 1.0,
) -> Path:
    """Save a recorded motion and its predictions side by side, as a film or as a film strip.

    The ending of the file says what to write: ``.gif``, ``.mp4``, ``.html`` (a page with a player, which needs
    nothing else) or ``.png`` (`plot_film_strip`). All play in real time at `speed` 1; of motions faster than 30
    frames a second, gif and mp4 show every other frame (or every third, and so on).

    Args:
        truth: the recorded motion; its first `observed` frames are the observed ones. If it has no others, the
            predictions are shown alone.
        predictions: predicted motions by the names of their panels, each beginning with the observed frames;
            may be empty. The film ends with the shortest motion.
        observed: how many frames were observed.
        out: the file, replaced if it is there and left alone if anything fails.
        title: heading of the pictures.
        speed: 0.5 plays half as fast; from 0.01 to 100.

    Returns:
        `out`.

    Raises:
        InputError: if the ending is none of the four, the file cannot be written, the speed is out of
            range, or the motions do not fit together.
    """
    out = Path(out)
    ending = out.suffix.lower()
    if ending not in PICTURES:
        raise InputError(f"cannot write {out}: the file must end in .gif, .mp4, .html or .png")
    if not SLOWEST_FASTEST[0] <= speed <= SLOWEST_FASTEST[1]:
        raise InputError(f"the speed must be a number from 0.01 to 100, got {speed:g}")
    with replacing(out) as file:
        if ending == ".png":
            strip = plot_film_strip(truth, predictions, observed, title=title)
            strip.savefig(file, dpi=110, facecolor="white")
            return out
        if ending == ".html":
            stage = Stage(truth, predictions, observed)
            shown = {name: motion[: len(stage)] for name, motion in zip(stage.names, stage.motions, strict=True)}
            film = player(shown, observed, predicted=predictions, title=title, speed=speed)
            file.write_text(player_page(film, title or "motion"), encoding="utf-8")
            return out
        scene = Scene(truth, predictions, observed, title=title)
        step, fps = _timing(truth.fps, speed)
        pictures = _pictures(scene, step)
        if ending == ".gif":
            _save_gif(pictures, fps, file)
        else:
            _save_mp4(pictures, fps, file)
    return out
