"""Film strips name their rows and moments."""

import numpy as np
import pytest

from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.pictures.film_strip import moments_of, plot_film_strip


def texts(figure):
    """All words of a figure that stand in the figure itself."""
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(("skeleton", "count"), [(CMU, 0), (CMU, 2), (HUMAN36M, 1)])
def test_film_strip_names_rows_and_moments(skeleton, count, stride):
    truth = stride(skeleton, frames=20)
    predictions = {f"model {number}": truth for number in range(count)}
    figure = plot_film_strip(truth, predictions, 10, title="a stride", moments=4)
    words = texts(figure)
    assert {"a stride", "ground truth", "observed", "true future", *predictions} <= set(words)
    assert words.count("predicted") == count
    times = [word for word in words if word.endswith(" ms")]
    assert len(times) == 4 and "+0 ms" in times and times[-1] == "+400 ms"
    assert len(figure.axes) == 4 * (count + 1)
    assert len({(*axes.get_xlim(), *axes.get_ylim(), *axes.get_zlim()) for axes in figure.axes}) == 1
    (legend,) = figure.legends
    assert any("dashed" in text.get_text() for text in legend.get_texts())


def test_film_strip_of_observed_frames_only(stride):
    figure = plot_film_strip(stride(CMU, frames=4), {}, 4)
    assert [word for word in texts(figure) if word.endswith(" ms")][-1] == "+0 ms"


def test_predictions_are_shown_alone_where_the_truth_ends_with_the_observed_frames(stride):
    motion = stride(CMU, frames=20)
    figure = plot_film_strip(motion[:10], {"model": motion}, 10, moments=4)
    words = texts(figure)
    assert {"model", "observed", "predicted"} <= set(words)
    assert not {"ground truth", "true future"} & set(words)
    assert len(figure.axes) == 4


@pytest.mark.parametrize(
    ("frames", "observed", "count"),
    [
        (75, 50, 10),
        (75, 50, 7),
        (75, 75, 10),
        (75, 0, 8),
        (150, 50, 8),
        (63, 50, 10),
        (52, 50, 10),
        (1, 1, 8),
        (2, 1, 2),
    ],
)
def test_gaps_are_true_to_time(frames, observed, count):
    moments = moments_of(frames, observed, count)
    gaps = set(np.diff(moments))
    assert len(gaps) <= 1, "equal gaps stand for equal times"
    assert moments[0] >= 0 and frames - max(gaps, default=1) <= moments[-1] < frames
    assert not observed or observed - 1 in moments
    assert len(moments) <= 1.6 * count and len(moments) >= min(count / 1.6, frames if not observed else 2, frames)


def test_what_is_printed_as_the_last_moment_is_seen():
    assert moments_of(75, 50, 10) == [39, 44, 49, 54, 59, 64, 69, 74]
