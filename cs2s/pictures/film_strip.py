"""The film strip: a motion as a row of poses, and below it each of its predictions.

Taught in ``notebooks/06_explore_predictions``.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs2s.motion.motion import Motion
from cs2s.pictures.panels import AZIMUTH, ELEVATION, Person, add_frame, add_legend, name_size, style_frame, word_colour
from cs2s.pictures.stage import Stage
from cs2s.pictures.style import new_figure, plain

__all__ = ["moments_of", "plot_film_strip"]


def _step(frames: int, count: int) -> int:
    """Choose how many frames to go on at a time, so that about `count` steps make `frames`, if possible to the last."""
    wanted = max(1.0, frames / count)
    to_the_end = [step for step in range(1, frames + 1) if frames % step == 0 and 2 / 3 <= step / wanted <= 1.5]
    return min(to_the_end or [round(wanted)], key=lambda step: abs(np.log(step / wanted)))


def moments_of(frames: int, observed: int, count: int) -> list[int]:
    """Choose about `count` of some frames, all equally far apart: gaps in a picture are then true to time.

    Up to three are observed ones, the last included, and the others follow; or all, where nothing follows.
    """
    future = frames - observed if observed else frames - 1
    now = max(0, observed - 1)
    seen = 1 if not observed else min(3, observed, count // 2) if future else count
    step = _step(future, max(1, count - seen)) if future else _step(max(1, now), max(1, count - 1))
    return [frame for frame in range(now - (seen - 1) * step, frames, step) if frame >= 0]


def plot_film_strip(
    truth: Motion,
    predictions: dict[str, Motion],
    observed: int,
    *,
    title: str = "",
    moments: int = 10,
    azimuth: float = AZIMUTH,
    elevation: float = ELEVATION,
) -> Figure:
    """Draw a motion as a row of poses from left to right in time, with one more row per prediction.

    Args:
        truth, predictions, observed, title, azimuth, elevation: as in `cs2s.pictures.film.plot_frame`.
        moments: about how many poses to draw in a row.

    Raises:
        InputError: if the motions do not fit together.
    """
    stage = Stage(truth, predictions, observed)
    frames = moments_of(len(stage), observed, moments)
    rows, columns = len(stage.motions), len(frames)
    cell, tall, margin, top, bottom = 1.0, 1.95, 0.3, 0.62, 0.36
    width, height = margin + cell * columns + 0.06, top + tall * rows + bottom
    figure = new_figure(width, height, layout=None)
    centred: dict[str, Any] = {"ha": "center", "va": "center"}
    figure.text(0.5, 1 - 0.19 / height, plain(title), fontsize=12, weight="bold", **centred)
    add_legend(figure, stage)
    for panel, name in enumerate(stage.names):
        low = bottom + tall * (rows - 1 - panel)
        x, y = margin / 2 / width, (low + tall / 2) / height
        figure.text(x, y, plain(name), rotation=90, fontsize=name_size(name), **centred)
        words = [stage.word(panel, frame) for frame in frames]
        for word in dict.fromkeys(words):
            first, count = words.index(word), words.count(word)
            patch = add_frame(figure, (margin + cell * first + 0.03, low + 0.04, cell * count - 0.06, tall - 0.08))
            style_frame(patch, word == "predicted")
            x, y = (margin + cell * (first + count / 2)) / width, (low + tall - 0.17) / height
            figure.text(x, y, word, fontsize=9, weight="bold", color=word_colour(word), **centred)
            for column in range(first, first + count):
                # A little wider than the column: people rarely stretch out both ways at once.
                area = (margin + cell * (column - 0.08), low + 0.14, 1.16 * cell, tall - 0.42)
                Person(figure, stage, panel, (azimuth, elevation), patch, area, 0.85).show(frames[column])
    for column, frame in enumerate(frames):
        x, y = (margin + cell * (column + 0.5)) / width, 1 - (top - 0.1) / height
        figure.text(x, y, f"{stage.milliseconds(frame):+.0f} ms", fontsize=9, **centred)
    return figure
