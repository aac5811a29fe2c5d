"""Pictures of the network: diagrams of generator and discriminator, what a unit sees, what depends on what.

The diagrams compute every shape in them, so they are right for any number of columns, frames or padding. Motion is
drawn as its array is printed: a row is a frame, time runs downwards. Taught in ``notebooks/03_generator``; the
discriminator in ``notebooks/04_adversarial_training``.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle

from cs2s.datasets.windows import OBSERVED
from cs2s.motion.skeleton import Skeleton
from cs2s.networks.discriminator import DISCRIMINATOR_FILTERS
from cs2s.networks.encoder import GENERATOR_FILTERS, KERNEL
from cs2s.pictures.style import (
    AMOUNTS,
    CURVES,
    FIRST,
    GRID,
    GROUND,
    GUESS,
    INK,
    QUIET,
    SECOND,
    SIGNED,
    TEXT,
    TRUTH,
    dark,
    new_figure,
    pale,
)
from cs2s.workbook.figures.motion_data import limbs

__all__ = [
    "body_parts",
    "layer_sizes",
    "plot_alone_and_helped",
    "plot_convolution",
    "plot_dependence",
    "plot_discriminator",
    "plot_influence",
    "plot_motion",
    "plot_network",
    "plot_receptive_field",
    "plot_timeline",
    "receptive_field",
]

Part = tuple[str, int, int]  # name, first and last column


def layer_sizes(length: int, kernel: int, padding: str) -> list[int]:
    """Return the sizes of one axis before and after each of the three convolutions of stride 2.

    Args:
        length: of the axis: frames or columns.
        kernel: what the convolution spans on this axis: 2 frames or 7 columns.
        padding: ``"valid"`` or ``"same"``.
    """
    sizes = [length]
    for _ in range(3):
        sizes.append((sizes[-1] + 1) // 2 if padding == "same" else (sizes[-1] - kernel) // 2 + 1)
    return sizes


def receptive_field(unit: int, layer: int, length: int, kernel: int, padding: str) -> tuple[int, int]:
    """Return the first and the last position of the motion that a unit sees, on one axis.

    Args:
        unit: its position in its layer, from 0.
        layer: 1, 2 or 3.
        length, kernel, padding: as in `layer_sizes`.
    """
    sizes = layer_sizes(length, kernel, padding)
    first = last = unit
    for before, after in reversed(list(itertools.pairwise(sizes[: layer + 1]))):
        # SAME adds zeros at both ends, one more at the far end if their number is odd.
        zeros = max(2 * (after - 1) + kernel - before, 0) // 2 if padding == "same" else 0
        first, last = max(2 * first - zeros, 0), min(2 * last - zeros + kernel - 1, before - 1)
    return first, last


def body_parts(used: np.ndarray, skeleton: Skeleton) -> list[Part]:
    """Name the columns that the network sees.

    Args:
        used: for each column its index in the row of a file, as in `cs2s.datasets.windows.Statistics`.
        skeleton: whose joints the rows hold.

    Returns:
        Name, first column and last column of each part of the body, from left to right.
    """
    # The three columns of the place belong to the root.
    names = ["hips" if part.start == 0 else name for name, part in limbs(skeleton) for _ in part]
    parts: list[Part] = []
    for name, group in itertools.groupby(enumerate(used), lambda placed: names[max(int(placed[1]) - 3, 0) // 3]):
        positions = [position for position, _ in group]
        parts.append((name, positions[0], positions[-1]))
    return parts


def _draw_motion(axes: Axes, values: np.ndarray, parts: Sequence[Part]) -> None:
    """Draw normalised motion ``(frames, columns)`` as an image."""
    axes.imshow(values, cmap=SIGNED, vmin=-3, vmax=3, aspect="auto", interpolation="nearest")
    axes.set(ylabel="frame (time runs down)")
    _name_parts(axes, parts)


def _name_parts(axes: Axes, parts: Sequence[Part], size: float = 9) -> None:
    axes.set_xlabel("column: an angle of a joint in this part of the body")
    middles = [(first + last) / 2 for _, first, last in parts]
    axes.set_xticks(middles, [name.replace(" ", "\n", 1) for name, *_ in parts], fontsize=size)
    axes.tick_params(axis="x", length=0)
    for _, first, _ in parts[1:]:
        axes.axvline(first - 0.5, color=INK, lw=0.6, ls=(0, (4, 3)))


def _write_cells(axes: Axes, texts: Sequence[Sequence[str]]) -> None:
    """Write a text into every cell of an image, and number its rows and columns."""
    for (row, column), text in np.ndenumerate(np.array(texts)):
        axes.text(column, row, text, ha="center", va="center", fontsize=8)
    axes.set(xticks=range(len(texts[0])), yticks=range(len(texts)))
    axes.tick_params(labelsize=8, length=0)


def plot_motion(values: np.ndarray, parts: Sequence[Part], *, to_predict: int = 25) -> Figure:
    """Draw observed motion as an image, with white space for the frames to predict.

    Args:
        values: ``(frames, columns)`` normalised.
        parts: of the body, see `body_parts`.
        to_predict: how many frames are wanted.
    """
    figure = new_figure(8.6, 5.4)
    axes = figure.add_subplot()
    _draw_motion(axes, values, parts)
    axes.set_ylim(len(values) + to_predict - 0.5, -0.5)
    axes.axhline(len(values) - 0.5, color=INK, lw=1.6)
    axes.text(0.5, 0.16, f"{to_predict} frames to predict", transform=axes.transAxes, ha="center", va="center")
    figure.colorbar(axes.images[0], label="standard deviations from the mean")
    return figure


def plot_convolution(patch: np.ndarray, kernel: np.ndarray, result: np.ndarray) -> Figure:
    """Draw a patch of motion, a kernel, and their convolution, with all numbers; two places are framed in all."""
    figure = new_figure(11, 2.6)
    panels = {"a patch of motion": patch, "the kernel": kernel, "the result": result}
    shares = [1.25 * patch.shape[1], kernel.shape[1], result.shape[1] + 1]
    for axes, (title, numbers) in zip(figure.subplots(1, 3, width_ratios=shares), panels.items(), strict=True):
        limit = np.abs(numbers).max() * 1.6
        axes.imshow(numbers, cmap=SIGNED, vmin=-limit, vmax=limit)
        _write_cells(axes, [[f"{cell:.2f}".replace("0.", ".", 1) for cell in row] for row in numbers])
        axes.set_title(f"{title}, {numbers.shape[0]} x {numbers.shape[1]}", fontsize=10)
        axes.set(xlabel="column", ylabel="frame")
    for place, (style, colour) in enumerate((("-", FIRST), ("--", SECOND))):
        for axes, left, (tall, wide) in ((figure.axes[0], 2 * place, kernel.shape), (figure.axes[2], place, (1, 1))):
            corner = (left - 0.44, -0.44 + 0.07 * place)
            axes.add_patch(Rectangle(corner, wide - 0.12, tall - 0.2, fill=False, ec=colour, lw=2.4, ls=style))
    return figure


def plot_receptive_field(
    window: np.ndarray, parts: Sequence[Part], layer: int, row: int, column: int, padding: str
) -> Figure:
    """Draw which frames and columns of a window one unit of the short-term encoder sees.

    Args:
        window: ``(frames, columns)`` normalised.
        parts: of the body, see `body_parts`.
        layer: 1, 2 or 3.
        row, column: the unit's place in its layer; beyond the last, the last is shown.
        padding: ``"valid"`` or ``"same"``.
    """
    rows, columns = (layer_sizes(*axis, padding)[layer] for axis in zip(window.shape, KERNEL, strict=True))
    row, column = min(row, rows - 1), min(column, columns - 1)
    top, bottom = receptive_field(row, layer, len(window), KERNEL[0], padding)
    left, right = receptive_field(column, layer, window.shape[1], KERNEL[1], padding)
    figure = new_figure(8.6, 3.9, layout=None)  # a computed layout would take half the time of a slider's step
    axes = figure.add_axes((0.065, 0.17, 0.925, 0.7))
    _draw_motion(axes, window, parts)
    veil = np.full(window.shape, 0.72)
    veil[top : bottom + 1, left : right + 1] = 0
    axes.imshow(np.ones((*window.shape, 3)), alpha=veil, aspect="auto", interpolation="nearest")
    size = (right - left + 1, bottom - top + 1)
    axes.add_patch(Rectangle((left - 0.5, top - 0.5), *size, fill=False, ec="black", lw=2.5))
    axes.set_yticks(range(0, len(window), 2))
    axes.set_title(
        f"Layer {layer} has {rows} rows x {columns} columns ({padding.upper()} padding). "
        f"Unit ({row}, {column}) sees\nframes {top} to {bottom} and columns {left} to {right} of the window.",
        fontsize=10,
    )
    return figure


def plot_influence(influences: Mapping[str, np.ndarray], parts: Sequence[Part]) -> Figure:
    """Draw how strongly a code depends on every number of a window, and, as bars, on every frame.

    Args:
        influences: title -> ``(frames, columns)``, not negative; where it is exactly 0, the code is blind.
        parts: of the body, see `body_parts`.
    """
    figure = new_figure(11, 4.0)
    panels = figure.subplots(1, 2 * len(influences), width_ratios=[5, 1] * len(influences))
    for image, bars, (title, influence) in zip(panels[::2], panels[1::2], influences.items(), strict=True):
        frames = len(influence)
        image.patch.set(fc="white", ec=SECOND, hatch="////")
        image.imshow(np.ma.masked_equal(influence, 0), cmap=AMOUNTS, vmin=0, aspect="auto", interpolation="nearest")
        _name_parts(image, parts, 7.5)
        image.set(xlabel="column", ylabel="frame of the window", yticks=range(0, frames, 2), title=title)
        bars.barh(range(frames), influence.sum(axis=1), color=FIRST)
        bars.set(ylim=(frames - 0.5, -0.5), xlabel="sum", yticks=[], xticks=[])
        for frame in np.flatnonzero(influence.sum(axis=1) == 0):
            bars.text(0, frame, "0", color=SECOND, va="center", fontsize=9, weight="bold")
    return figure


def plot_dependence(dependences: Mapping[str, np.ndarray]) -> Figure:
    """Draw by which share of it each prediction moves if one true frame is moved.

    `dependences` maps a title to a matrix ``(true frames, predictions)``, written into its cells in per cent.
    """
    figure = new_figure(5.2 * len(dependences), 4.6)
    panels = np.atleast_1d(figure.subplots(1, len(dependences)))
    for axes, (title, matrix) in zip(panels, dependences.items(), strict=True):
        axes.imshow(np.ma.masked_equal(matrix, 0), cmap=AMOUNTS, vmin=0, vmax=2.2 * matrix.max())
        _write_cells(axes, [[f"{100 * cell:.1f}" if cell else "0" for cell in row] for row in matrix])
        for frame in range(len(matrix)):
            axes.add_patch(Rectangle((frame - 0.5, frame - 0.5), 1, 1, fill=False, ec=SECOND, lw=1.8))
        axes.set(xlabel="prediction number", ylabel="number of the true frame that is moved")
        axes.set_title(title, fontsize=10)
    return figure


def plot_alone_and_helped(errors: Mapping[str, np.ndarray]) -> Figure:
    """Draw the errors ``(frames,)`` of `cs2s.workbook.measured_networks.alone_and_helped`, in standard deviations."""
    figure = new_figure(8, 3.8)
    axes = figure.add_subplot(xlabel="prediction number", ylabel="error (standard deviations)")
    by_itself, helped, added = (look["color"] for look in CURVES[:3])
    looks = (("^:", by_itself), ("s--", added), ("o-", by_itself), ("^:", helped), ("o-", helped))
    for (name, error), (style, colour) in zip(errors.items(), looks, strict=True):
        axes.plot(error, style, color=colour, ms=4, mfc="none" if "freezing" in name else None, label=name)
    axes.set_ylim(0)
    figure.legend(loc="outside right center", fontsize=9)
    return figure


def plot_timeline(
    prediction: int = 0, *, window_length: int = 20, padding: str = "valid", predictions: int = 7
) -> Figure:
    """Draw who sees which frame while one frame is predicted: both encoders, and the sum with the newest frame.

    Args:
        prediction: its number, from 0.
        window_length: frames that the short-term encoder is given.
        padding: ``"valid"`` or ``"same"``.
        predictions: for how many there is room.
    """
    newest, last = OBSERVED - 1 + prediction, OBSERVED + max(predictions, prediction + 1) - 1
    given = {"long-term code": (0, OBSERVED - 2), "short-term code": (newest - window_length + 1, newest)}
    seen = {}
    for name, (first, end) in given.items():
        length = end - first + 1
        unit = layer_sizes(length, KERNEL[0], padding)[-1] - 1
        seen[name] = (first, first + receptive_field(unit, 3, length, KERNEL[0], padding)[1])
    figure = new_figure(10.5, 3.5, layout=None)  # a computed layout would take half the time of a slider's step
    axes = figure.add_axes((0.125, 0.26, 0.865, 0.57), xlim=(-0.7, last + 0.7), ylim=(3.6, -0.55))
    rows = {"frames": (0, newest, newest), **{n: (*given[n], seen[n][1]) for n in given}, "the sum": (newest,) * 3}
    for row, (name, (first, end, clear)) in enumerate(rows.items()):
        colour = {"long-term code": SECOND, "short-term code": FIRST}.get(name)
        for frame in range(first, end + 1):
            fed_back, blind = frame >= OBSERVED, frame > clear
            edge = colour or (GUESS if fed_back else TRUTH)
            look: dict[str, Any] = {"fc": "white" if blind else pale(edge), "ec": edge, "lw": 0.8}
            box = Rectangle((frame - 0.42, row - 0.34), 0.84, 0.68, hatch="//////" if blind else None, **look)
            axes.add_patch(box)
            if fed_back:
                axes.plot(frame, row, marker="o", ms=3.5, color=INK, ls="")
    made = Rectangle((newest + 0.58, -0.34), 0.84, 0.68, fc="white", ec=GUESS, lw=2.2, ls=(0, (2, 1)))
    axes.add_patch(made)
    axes.text(newest + 1, 0, "?", ha="center", va="center", fontsize=9, weight="bold")
    axes.axvline(OBSERVED - 0.5, color=INK, lw=0.8, ls=(0, (4, 3)))
    axes.set_yticks(
        range(4), ["there is", "long-term code\n(made once)", "short-term code", "added to the step"], fontsize=9
    )
    axes.set_xticks([*range(0, OBSERVED, 10), OBSERVED - 1, *range(OBSERVED + 1, last + 1, 2)])
    axes.set_xlabel("frame of the window; observed up to the dashed line, then predicted")
    axes.tick_params(length=0, labelsize=9)
    axes.spines[:].set_visible(False)
    (first, end), (_, clear) = given["short-term code"], seen["short-term code"]
    back = max(0, clear - OBSERVED + 1)
    unseen = f"{clear + 1} to {end} do not get through" if clear < end else "all get through"
    axes.set_title(
        f"Prediction {prediction} makes frame {newest + 1}. The short-term encoder is given frames {first} to {end}:\n"
        f"{unseen}; of the predicted ones it sees {back or 'none'}.",
        fontsize=10,
    )
    figure.text(
        0.5,
        0.04,
        "filled: seen   hatched: given, and not seen   dot: a predicted frame, fed back   ?: to be predicted",
        ha="center",
        fontsize=9,
        color=TEXT,
    )
    return figure


class _Sheet:
    """A page to draw a diagram on: inches, y downwards."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = new_figure(width, height, layout=None)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()

    def words(self, x: float, y: float, text: str, **style: Any) -> None:
        style = {"ha": "center", "va": "center", "fontsize": 9, "color": INK, "linespacing": 1.25, **style}
        self.axes.text(x, y, text, **style)

    def box(self, x: float, y: float, wide: float, text: str, colour: str, tall: float = 0.34) -> None:
        """Draw a layer, centred on (x, y)."""
        style: dict[str, Any] = {
            "boxstyle": "round,pad=0,rounding_size=0.06",
            "fc": pale(colour),
            "ec": colour,
            "lw": 1.3,
        }
        self.axes.add_patch(FancyBboxPatch((x - wide / 2, y - tall / 2), wide, tall, zorder=3, **style))
        self.words(x, y, text, zorder=4)

    def arrow(self, *points: tuple[float, float], colour: str = INK, style: str = "-", head: bool = True) -> None:
        """Draw a line through points, with a head at its end."""
        look: dict[str, Any] = {"color": colour, "ls": style, "lw": 1.4}
        self.axes.plot(*zip(*points, strict=True), solid_joinstyle="round", solid_capstyle="butt", zorder=2, **look)
        if head:
            tip = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0}
            self.axes.annotate("", points[-1], points[-2], arrowprops={**tip, **look})

    def panel(self, left: float, top: float, right: float, bottom: float, title: str) -> None:
        """Draw a pale ground behind what belongs together, with a title along its lower edge."""
        style: dict[str, Any] = {"boxstyle": "round,pad=0,rounding_size=0.12", "fc": pale(GROUND, 0.5), "ec": GRID}
        self.axes.add_patch(FancyBboxPatch((left, top), right - left, bottom - top, zorder=0, **style))
        self.words((left + right) / 2, bottom - 0.17, title, fontsize=9.5, weight="bold", color=TEXT)

    def frames(self, x: float, y: float, count: int, wide: float, tall: float, colour: str, **style: Any) -> None:
        """Draw frames of motion as cells side by side."""
        for cell in range(count):
            style = {"fc": pale(colour), "ec": colour, "lw": 0.7, **style}
            self.axes.add_patch(Rectangle((x + cell * wide, y), wide, tall, zorder=2, **style))

    def beam(self, top: tuple[float, float, float], bottom: tuple[float, float, float], colour: str) -> None:
        """Shade what a module looks at: from (left, right, y) of the frames to that of the module."""
        (a, b, y), (c, d, z) = top, bottom
        self.axes.add_patch(Polygon([(a, y), (b, y), (d, z), (c, z)], fc=colour, alpha=0.17, lw=0, zorder=1))

    def module(self, x: float, y: float, wide: float, shapes: list[str], layers: list[str], colour: str) -> float:
        """Draw layers below one another, the shape of what flows before and after each; return the y of the end."""
        for number, layer in enumerate(layers):
            self.words(x, y + 0.12, shapes[number])
            self.box(x, y + 0.42, wide - 0.16 * number, layer, colour)
            y += 0.72
            self.arrow((x, y - 0.13), (x, y - 0.02), head=False)
        return y


def _module_words(
    frames: int, columns: int, filters: Sequence[int], padding: str, units: int | str
) -> tuple[list[str], list[str]]:
    """Return the shapes and the layers of an encoding module in words."""
    rows, wide = (layer_sizes(length, span, padding) for length, span in zip((frames, columns), KERNEL, strict=True))
    shapes = [f"{rows[0]} x {wide[0]}"]
    shapes += [f"{rows[n]} x {wide[n]} x {filters[n - 1]}" for n in (1, 2, 3)]
    shapes[3] += f" = {rows[3] * wide[3] * filters[2]}"
    return shapes, [*(f"conv {KERNEL[0]} x {KERNEL[1]}, {count} filters" for count in filters), f"dense {units}"]


def plot_network(
    columns: int = 70, classes: int = 8, *, padding: str = "valid", window_length: int = 20, frames: int = 25
) -> Figure:
    """Draw the generator: what each part looks at, its layers, and the shape of everything that flows.

    Args:
        columns: values a frame has.
        classes: actions, for the logits that nobody reads; 0 for none.
        padding, window_length: as in `cs2s.networks.generator.Generator`.
        frames: how many frames to predict.
    """
    sheet, cell, left, strip, tall = _Sheet(11, 6.85), 0.125, 0.4, 1.05, 0.42
    frame = [left + cell * number for number in range(OBSERVED + 1)]  # where each begins
    future, newest = frame[-1] + 0.6, frame[-1] - cell / 2
    middle = future + cell / 2  # of the first predicted frame; the decoder stands below it
    sheet.panel(0.25, 1.75, 3.72, 6.55, "once")
    sheet.panel(3.86, 1.75, 10.85, 6.55, f"again for each new frame: {frames} times")
    sheet.frames(left, strip, OBSERVED, cell, tall, TRUTH)
    sheet.frames(future, strip, frames, cell, tall, GUESS, ls=(0, (2, 1.5)))
    long = (1.98, frame[0], OBSERVED - 1, classes, f"long-term encoder: frames 0 to {OBSERVED - 2}", 5.98, SECOND)
    name = f"short-term encoder: newest {window_length}"
    short = (5.1, frame[-1 - window_length], window_length, 0, name, 5.5, FIRST)
    for x, start, length, logits, name, low, colour in (long, short):
        layers = _module_words(length, columns, GENERATOR_FILTERS, padding, f"512 + {logits}" if logits else "512")
        sheet.beam((start, start + length * cell, strip + tall), (x - 1.1, x + 1.1, 2.12), colour)
        sheet.words(x, 1.95, name, weight="bold", color=dark(colour))
        end = sheet.module(x, 2.15, 2.2, *layers, colour) - 0.13
        sheet.arrow((x, end), (x, low), (middle - 0.75, low), colour=colour)
        sheet.words(x + 0.14, low - 0.14, "code: 512", color=dark(colour), ha="left")
        if logits:
            sheet.arrow((1.4, end), (1.4, 5.72), colour=QUIET, style=":")
            sheet.words(1.1, 5.95, f"{logits} class logits:\nnobody reads them", color=QUIET)
    upwards = ((5.74, 0.62, "join", "1024", 4.95), (4.78, 0.34, "dense 512", "512", 4.23))
    for y, height, text, shape, above in (*upwards, (4.06, 0.34, f"dense {columns}", "", 2.74)):
        sheet.box(middle, y, 1.5, text, GUESS, height)
        sheet.arrow((middle, y - height / 2), (middle, above))
        sheet.words(middle + 0.1, (y - height / 2 + above) / 2, shape, ha="left")
    sheet.axes.add_patch(Circle((middle, 2.6), 0.14, fc="white", ec=INK, lw=1.4, zorder=3))
    sheet.words(middle, 2.6, "+", fontsize=13, zorder=4)
    sheet.arrow((newest, strip + tall), (newest, 2.6), (middle - 0.14, 2.6))
    sheet.arrow((middle, 2.46), (middle, strip + tall))
    sheet.arrow((middle, strip), (middle, 0.45), (newest, 0.45), (newest, strip - 0.02), colour=GUESS)
    bold, deep = {"weight": "bold"}, {"color": dark(GUESS)}
    for x, y, text, style in (
        (left, 0.86, f"{OBSERVED} observed frames (0 to {OBSERVED - 1}), {columns} columns each", bold),
        (future + 0.75, 0.86, f"{frames} predicted frames ({OBSERVED} to {OBSERVED + frames - 1})", bold),
        (middle + 0.9, 5.74, "decoder", bold | deep),
        (middle + 0.9, 4.78, "leaky ReLU, dropout", {}),
        (middle + 0.12, 3.3, f"step: {columns} numbers,\nwhat changes until the next frame", {}),
        (middle + 0.25, 2.6, "residual: the newest frame is added", {}),
        (middle + 0.12, 2.1, f"the next frame: {columns}", bold),
        (middle + 0.15, 0.45, "feedback: the new frame becomes the newest", deep),
        (newest - 3.1, 0.45, "and the short-term window slides on by one", deep),
        (left, 6.68, f"Every conv: stride 2, {padding.upper()} padding, leaky ReLU, dropout.", {"color": TEXT}),
    ):
        sheet.words(x, y, text, ha="left", **style)
    return sheet.figure


def plot_discriminator(columns: int = 70, classes: int = 8, *, padding: str = "valid", frames: int = 25) -> Figure:
    """Draw the discriminator: the two motions it is shown, its layers, and the shape of everything that flows.

    Args:
        columns, classes, padding, frames: as in `plot_network`.
    """
    sheet, cell, left, tall = _Sheet(11, 4.9), 0.062, 0.35, 0.4
    whole = OBSERVED + frames
    fake = (2.6, frames, "predicted motion", f"{OBSERVED} recorded frames,\nthen {frames} predicted frames")
    for y, made, title, words in ((0.9, 0, "recorded motion", f"{whole} recorded frames"), fake):
        sheet.words(left, y - 0.18, title, ha="left", weight="bold")
        sheet.frames(left, y, whole - made, cell, tall, TRUTH)
        sheet.frames(left + (whole - made) * cell, y, made, cell, tall, GUESS, ls=(0, (2, 1.5)))
        sheet.words(left, y + tall + 0.08, words, ha="left", va="top")
        sheet.arrow((left + whole * cell + 0.05, y + tall / 2), (5.42, y + tall / 2), (5.42, 1.95), (5.9, 1.95))
    sheet.words(5.3, 1.95, "one of the two", ha="right")
    sheet.panel(5.9, 0.25, 8.5, 3.75, "")
    sheet.words(7.2, 0.45, f"encoding module, {padding.upper()} padding", weight="bold", color=dark(FIRST))
    end = sheet.module(7.2, 0.6, 2.3, *_module_words(whole, columns, DISCRIMINATOR_FILTERS, padding, 512), FIRST)
    sheet.arrow((7.2, end - 0.13), (7.2, 4.17))
    sheet.words(7.32, 3.94, "code: 512, ReLU", ha="left")
    sheet.words(4.95, 4.34, f"the action it claims to be: {classes} numbers, one of them 1", ha="right")
    sheet.arrow((5.05, 4.34), (6.05, 4.34))
    sheet.box(7.2, 4.34, 2.3, f"join: 512 + {classes} = {512 + classes}", SECOND)
    sheet.arrow((8.35, 4.34), (9.7, 4.34), (9.7, 3.32))
    for y, text in ((3.15, "dense 256, ReLU"), (2.15, "dense 1")):
        sheet.box(9.7, y, 1.7, text, SECOND)
        sheet.arrow((9.7, y - 0.17), (9.7, y - 0.83))
    sheet.words(9.8, 2.65, "256", ha="left")
    sheet.words(9.7, 0.95, "one number, the logit:\npositive for recorded,\nnegative for predicted")
    return sheet.figure
