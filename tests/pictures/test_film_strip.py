"""Film strips name their rows and moments."""

import pytest

from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.pictures.film_strip import plot_film_strip


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
