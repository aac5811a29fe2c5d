"""Pictures of the network: every shape and every frame of sight in them is that of the network itself."""

import re

import numpy as np
import pytest
import tensorflow as tf

from cs2s.motion.skeleton import CMU
from cs2s.networks import encoder
from cs2s.networks.discriminator import Discriminator
from cs2s.networks.encoder import EncodingModule
from cs2s.networks.generator import Generator
from cs2s.networks.options import VARIANTS
from cs2s.workbook.figures import generator as network_figures
from cs2s.workbook.figures.generator import (
    body_parts,
    layer_sizes,
    plot_alone_and_helped,
    plot_convolution,
    plot_dependence,
    plot_discriminator,
    plot_influence,
    plot_motion,
    plot_network,
    plot_receptive_field,
    plot_timeline,
    receptive_field,
)

PADDINGS = pytest.mark.parametrize("padding", ["valid", "same"])
PARTS = [("left leg", 0, 9), ("right leg", 10, 19)]


def features(module: EncodingModule, motion: np.ndarray) -> list:
    """The shapes of what flows in an encoding module: the motion, and the output of each convolution."""
    shapes = [(1, *motion.shape, 1)]
    for convolution in module.convolutions:
        shapes.append(convolution.compute_output_shape(shapes[-1]))
    return [tuple(shape[1:]) for shape in shapes]


def words(figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def in_words(module: EncodingModule, frames: int, columns: int) -> list[str]:
    """What a diagram must say of an encoding module: its shapes, in order."""
    shapes = features(module, np.zeros((frames, columns)))
    said = [" x ".join(map(str, shape)) for shape in (shapes[0][:2], *shapes[1:])]
    return [*said[:3], f"{said[3]} = {np.prod(shapes[3])}", f"dense {module.dense.units}"]


def test_kernels_and_filters_are_those_of_the_network():
    module = EncodingModule(8)
    assert all(convolution.kernel_size == network_figures.KERNEL for convolution in module.convolutions)
    discriminator = Discriminator(70, 75, 8)
    filters = tuple(convolution.filters for convolution in discriminator.encoder.convolutions)
    assert filters == network_figures.DISCRIMINATOR_FILTERS
    assert tuple(c.filters for c in module.convolutions) == encoder.GENERATOR_FILTERS


@PADDINGS
@pytest.mark.parametrize(("frames", "columns"), [(20, 70), (49, 72), (75, 54), (17, 61)])
def test_sizes_are_those_of_keras(padding, frames, columns):
    shapes = features(EncodingModule(8, padding=padding), np.zeros((frames, columns)))
    assert layer_sizes(frames, 2, padding) == [shape[0] for shape in shapes]
    assert layer_sizes(columns, 7, padding) == [shape[1] for shape in shapes]


@PADDINGS
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_receptive_fields_are_where_the_gradient_is(padding, layer):
    frames, columns = 21, 62
    module = EncodingModule(4, filters=(3, 3, 3), padding=padding)
    module.build((None, frames, columns))
    motion = tf.ones((1, frames, columns))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(motion)
        output = motion[..., None]
        for convolution in module.convolutions[:layer]:
            output = convolution(output)
        corners = [output[0, row, column, 0] for row in (0, 1, -1) for column in (0, 1, -1)]
    rows, wide = output.shape[1:3]
    places = [(row % rows, column % wide) for row in (0, 1, -1) for column in (0, 1, -1)]
    for unit, (row, column) in zip(corners, places, strict=True):
        seen = np.argwhere(tape.gradient(unit, motion).numpy()[0])
        (top, left), (bottom, right) = seen.min(axis=0), seen.max(axis=0)
        assert receptive_field(row, layer, frames, 2, padding) == (top, bottom)
        assert receptive_field(column, layer, columns, 7, padding) == (left, right)


def test_parts_of_the_body_cover_all_columns_in_order():
    used = np.arange(CMU.columns)
    parts = body_parts(used, CMU)
    assert [name for name, *_ in parts] == ["hips", "left leg", "right leg", "trunk, head", "left arm", "right arm"]
    assert [first for _, first, _ in parts] == [0] + [last + 1 for *_, last in parts[:-1]]
    assert parts[-1][2] == CMU.columns - 1
    for joint, part in (("LeftFoot", 1), ("RightUpLeg", 2), ("Head", 3), ("LThumb", 4), ("RightHandIndex1", 5)):
        column = 3 + 3 * CMU.joints.index(joint)
        assert parts[part][1] <= column <= parts[part][2]


@PADDINGS
@pytest.mark.parametrize(("columns", "classes", "window_length"), [(70, 8, 20), (72, 5, 16)])
def test_the_network_diagram_says_the_shapes_of_the_generator(padding, columns, classes, window_length):
    generator = Generator(columns, classes, VARIANTS["paper"], window_length)
    generator.build()
    said = words(plot_network(columns, classes, padding=padding, window_length=window_length))
    for module, frames in ((generator.long_term, 49), (generator.short_term, window_length)):
        padded = EncodingModule(module.dense.units, padding=padding)
        expected = in_words(padded, frames, columns)
        if module is generator.long_term:
            expected[-1] = f"dense 512 + {classes}"
            assert module.dense.units == 512 + classes
        assert [text for text in said if text in expected][: len(expected)]
        assert not set(expected) - set(said)
    assert {f"dense {generator.hidden.units}", f"dense {columns}", "1024"} <= set(said)
    assert generator.hidden.kernel.shape[0] == 1024
    assert any(f"{classes} class logits" in text for text in said)
    assert not any("class logits" in text for text in words(plot_network(columns, 0)))


@PADDINGS
@pytest.mark.slow
def test_the_discriminator_diagram_says_the_shapes_of_the_discriminator(padding):
    discriminator = Discriminator(70, 60, 5, padding)
    said = words(plot_discriminator(70, 5, padding=padding, frames=10))
    assert not set(in_words(discriminator.encoder, 60, 70)) - set(said)
    assert "join: 512 + 5 = 517" in said
    assert any("50 recorded frames" in text and "10 predicted" in text for text in said)


@pytest.mark.parametrize("plot", [plot_network, plot_discriminator])
def test_no_words_of_a_diagram_overlap_or_leave_it(plot):
    figure = plot()
    renderer = figure.canvas.get_renderer()
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.axes[0].texts
        if text.get_text() and text.get_text() != "+"
    ]
    for number, (text, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, text
        for other, other_box in boxes[number + 1 :]:
            assert not box.overlaps(other_box), f"'{text}' lies on '{other}'"


def test_the_motion_leaves_room_for_what_is_to_be_predicted():
    values = np.random.default_rng(0).standard_normal((50, 20))
    axes = plot_motion(values, PARTS, to_predict=25).axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), values)
    assert axes.get_ylim() == (74.5, -0.5)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["left\nleg", "right\nleg"]


def test_the_convolution_is_written_in_numbers():
    patch, kernel, result = np.arange(36.0).reshape(4, 9), np.ones((2, 7)), np.full((2, 2), 7.25)
    panels = plot_convolution(patch, kernel, result).axes
    assert [len(panel.texts) for panel in panels] == [36, 14, 4]
    assert panels[2].texts[0].get_text() == "7.25"
    (first, second), marks = panels[0].patches, panels[2].patches
    # The second place is one stride, two columns, further on; its result one column.
    assert second.get_x() - first.get_x() == pytest.approx(2)
    assert marks[1].get_x() - marks[0].get_x() == pytest.approx(1)


@pytest.mark.parametrize(("row", "column", "unit"), [(1, 2, (1, 2)), (99, 99, (1, 3))])
def test_what_a_unit_sees_is_framed_and_the_rest_is_veiled(row, column, unit):
    figure = plot_receptive_field(np.zeros((20, 70)), PARTS, 3, row, column, "valid")
    (box,) = figure.axes[0].patches
    top, bottom = 8 * unit[0], 8 * unit[0] + 7
    left, right = 8 * unit[1], 8 * unit[1] + 42
    assert box.get_bbox().extents == pytest.approx((left - 0.5, top - 0.5, right + 0.5, bottom + 0.5))
    veil = figure.axes[0].images[1].get_alpha()
    assert (veil[top : bottom + 1, left : right + 1] == 0).all()
    assert np.count_nonzero(veil == 0) == 8 * 43
    assert f"Unit {unit} sees\nframes {top} to {bottom} and columns {left} to {right}" in figure.axes[0].get_title()


def test_influence_is_drawn_as_bars_and_zeros_are_marked():
    influence = np.ones((6, 20))
    influence[4:] = 0
    image, bars = plot_influence({"a code": influence}, PARTS).axes
    assert [bar.get_width() for bar in bars.patches] == [20, 20, 20, 20, 0, 0]
    assert [text.get_position()[1] for text in bars.texts] == [4, 5]
    assert image.images[0].get_array().mask[4:].all()
    assert image.get_title() == "a code"


def test_dependence_is_written_in_per_cent():
    matrix = np.triu(np.full((3, 3), 0.05))
    axes = plot_dependence({"one": matrix, "two": matrix.T}).axes
    assert [text.get_text() for text in axes[0].texts] == ["5.0", "5.0", "5.0", "0", "5.0", "5.0", "0", "0", "5.0"]
    assert axes[1].get_title() == "two"


def boxes(axes, row):
    """Frame -> whether its box is hatched, of a row of the timeline; the frame to be predicted is left out."""
    return {
        round(box.get_x() + 0.42): bool(box.get_hatch())
        for box in axes.patches
        if round(box.get_y() + 0.34) == row and box.get_linestyle() == "solid"
    }


@PADDINGS
@pytest.mark.parametrize(("prediction", "window_length"), [(0, 20), (4, 20), (6, 20), (5, 16), (2, 30)])
def test_the_timeline_hatches_what_the_encoder_does_not_see(padding, prediction, window_length):
    (axes,) = plot_timeline(prediction, window_length=window_length, padding=padding).axes
    module = EncodingModule(4, filters=(2, 2, 2), padding=padding)
    for row, (first, count) in {1: (0, 49), 2: (50 + prediction - window_length, window_length)}.items():
        motion = tf.ones((1, count, 46))
        with tf.GradientTape() as tape:
            tape.watch(motion)
            size = tf.reduce_sum(module(motion) ** 2)
        strength = np.abs(tape.gradient(size, motion)[0]).sum(axis=1)
        assert boxes(axes, row) == {first + frame: value == 0 for frame, value in enumerate(strength)}
        module = EncodingModule(4, filters=(2, 2, 2), padding=padding)
    assert list(boxes(axes, 0)) == list(range(50 + prediction)) and list(boxes(axes, 3)) == [49 + prediction]
    # A dot marks what was fed back, in whichever row.
    dots = [tuple(point) for drawn in axes.get_lines() if drawn.get_marker() == "o" for point in drawn.get_xydata()]
    assert sorted(dots) == sorted((f, row) for row in (0, 2, 3) for f in boxes(axes, row) if f >= 50)


def test_the_timeline_says_what_it_shows():
    assert "46 to 49 do not get through; of the predicted ones it sees none" in plot_timeline(0).axes[0].get_title()
    assert "makes frame 55" in plot_timeline(5).axes[0].get_title()
    assert "of the predicted ones it sees 1" in plot_timeline(5).axes[0].get_title()
    assert "all get through" in plot_timeline(0, padding="same").axes[0].get_title()


def test_five_predictions_are_told_apart_without_colour():
    names = [
        "freezing (zero velocity)",
        "helped steps, added up",
        "network alone",
        "freezing, helped",
        "network, helped",
    ]
    figure = plot_alone_and_helped({name: np.arange(4.0) + number for number, name in enumerate(names)})
    lines = figure.axes[0].get_lines()
    assert [drawn.get_label() for drawn in lines] == names
    np.testing.assert_allclose(lines[2].get_ydata(), [2, 3, 4, 5])
    # Those of a height look different: the two that are fed on themselves, and the two with help.
    looks = [(drawn.get_marker(), drawn.get_linestyle()) for drawn in lines]
    assert len(set(looks[:3])) == 3 and looks[3] != looks[4]


def test_diagrams_can_be_saved(tmp_path):
    path = tmp_path / "network.png"
    plot_network().savefig(path, dpi=40)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert not re.search("None|nan", " ".join(words(plot_network())))
