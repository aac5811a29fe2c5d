"""Answer checks of ``notebooks/03_generator``."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from cs2s.networks.encoder import GENERATOR_FILTERS
from cs2s.workbook.figures.generator import KERNEL, layer_sizes, receptive_field
from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = ["blind_by_stride", "blind_frames", "columns_seen", "conv2_parameters", "roll_out"]

_LENGTH = 30  # of the window in the exercise about blind frames


def _ascending(answer: object) -> object:
    """Return numbers that may come in any order, and in anything that holds them, ascending; else what was given."""
    if isinstance(answer, str):
        return answer
    try:
        return sorted(islice(answer, 10_000))  # type: ignore[call-overload]
    except Exception:
        # Nothing to go through, or nothing to sort: the judge says what it is.
        return answer


def columns_seen(answer: object) -> Verdict:
    """Judge how many columns one unit of layer 2 sees, without padding."""
    spans = [receptive_field(0, layer, 70, KERNEL[1], "valid") for layer in (1, 2, 3)]
    one, two, three = (last - first + 1 for first, last in spans)
    first, last = receptive_field(0, 2, 20, KERNEL[0], "valid")
    return judge_array(
        answer,
        two,
        praise="Seven units of layer 1, two columns apart: the first sees 7 columns, the other six add 2 each.",
        mistakes={
            "That is what units one column apart would see; the stride sets them two apart.": 2 * one - 1,
            "That adds up two kernels, 7 + 7; but a unit of layer 2 reads 7 units, not 7 columns.": 2 * one,
            "Seven units of 7 columns each, but they overlap: they stand only two columns apart.": one**2,
            "That is a unit of layer 1: what one kernel spans.": one,
            "That is a unit of layer 3.": three,
            "These are the frames that it sees; columns are wanted.": last - first + 1,
            "Off by one: the columns from the first to the last, both counted.": two - 1,
        },
    )


def blind_frames(answer: object) -> Verdict:
    """Judge which frames of a window of 30 frames never reach the code, without padding."""
    rows = layer_sizes(_LENGTH, KERNEL[0], "valid")[-1]
    seen = receptive_field(rows - 1, 3, _LENGTH, KERNEL[0], "valid")[1]
    right = np.arange(seen + 1, _LENGTH)
    layer_2 = receptive_field(layer_sizes(_LENGTH, KERNEL[0], "valid")[2] - 1, 2, _LENGTH, KERNEL[0], "valid")[1]
    return judge_array(
        _ascending(answer),
        right,
        praise="Three rows of 8 frames are seen, 0 to 23; the newest six are not.",
        axes="(the numbers of the blind frames)",
        any_order=True,
        mistakes={
            "These are the oldest frames; the rows that are dropped are at the newest end.": np.arange(len(right)),
            "Off by one: frames are numbered from 0, so the newest of 30 is frame 29.": right + 1,
            f"Off by one: frame {seen} is the last that is seen.": np.arange(seen, _LENGTH),
            f"Off by one: frame {seen + 1} is blind, too.": right[1:],
            "These are the frames that are seen; the blind ones are wanted.": np.arange(seen + 1),
            "That is how many there are; which ones is the question.": len(right),
            "That is what layer 2 drops; layer 3 drops more.": np.arange(layer_2 + 1, _LENGTH),
            "The newest four are those of a window of 20; this one has 30 frames.": right[-4:],
        },
    )


def conv2_parameters(answer: object) -> Verdict:
    """Judge the number of weights in the second convolution of the generator's encoding module."""
    (tall, wide), (before, after, last) = KERNEL, GENERATOR_FILTERS
    right = tall * wide * before * after
    return judge_array(
        answer,
        right,
        praise="Each of its 128 filters has 2 x 7 weights for every one of the 64 channels that layer 1 gives it.",
        mistakes={
            "That counts a bias for each filter; these convolutions have none.": right + after,
            "That forgets the 64 input channels: a filter has 2 x 7 weights for each of them.": tall * wide * after,
            "That forgets that there are 128 filters; or it is the first convolution.": tall * wide * before,
            "That is the second convolution of both encoders together, where one is asked for; or the third "
            "convolution, whose input has 128 channels.": tall * wide * after * last,
            "That is one kernel for one channel: 2 x 7.": tall * wide,
            "That forgets the kernel: 2 x 7 weights for each pair of input channel and filter.": before * after,
        },
        tolerance=1e-9,  # weights are counted, not measured
    )


def _rows(before: int, stride: int) -> int:
    return (before - KERNEL[0]) // stride + 1


def _seen(length: int, stride: int, *, layers: int = 3, rows: Callable[[int, int], int] = _rows) -> np.ndarray:
    """Return the frames on which the last of some convolutions, 2 frames tall, depends, ascending."""
    sizes = [length]
    for _ in range(layers):
        sizes.append(rows(sizes[-1], stride))
    seen = np.arange(max(sizes[-1], 0))
    for size in sizes[-2::-1]:
        seen = np.unique([stride * seen + step for step in range(KERNEL[0])])
        seen = seen[seen < size]
    return seen


def _blind(length: int, stride: int, **changed: Any) -> np.ndarray:
    return np.setdiff1d(np.arange(length), _seen(length, stride, **changed)).astype(float)


def blind_by_stride(answer: object) -> Verdict:
    """Judge a function ``blind_by_stride(length, stride)``: the frames that never reach the code, without padding."""

    def tail(n: int, s: int) -> np.ndarray:
        return np.arange(_seen(n, s).max() + 1, n)

    return judge_function(
        (lambda n, s: _ascending(answer(n, s))) if callable(answer) else answer,
        _blind,
        # 45 before 20: of 20 frames with stride 3 several mistakes leave none that is seen.
        [(19, 2), (30, 2), (20, 2), (49, 2), (45, 3), (20, 3), (40, 3), (20, 1), (16, 2), (70, 4)],
        praise="With stride 3 a kernel 2 frames tall leaves a gap at every step: frames are lost inside, too.",
        axes="(the numbers of the blind frames)",
        mistakes={
            "The newest ones are right; with a stride above 2 the kernels leave gaps between them, too.": tail,
            "These are the frames that are seen; the blind ones are wanted.": _seen,
            "This is how many there are; which ones is the question.": lambda n, s: len(_blind(n, s)),
            "This is right for stride 2 alone: the remainder of dividing by 8.": lambda n, s: np.arange(n - n % 8, n),
            "The remainder of dividing by stride ** 3 is right for strides 1 and 2; with 3 there are gaps.": (
                lambda n, s: np.arange(n - n % s**3, n)
            ),
            "That is after one convolution; there are three.": lambda n, s: _blind(n, s, layers=1),
            "That is after two convolutions; there are three.": lambda n, s: _blind(n, s, layers=2),
            "Without padding a row that does not fill a kernel is dropped: round down, not up.": (
                lambda n, s: _blind(n, s, rows=lambda r, stride: -(-r // stride))
            ),
            "r // stride rows are too few where a last kernel, 2 frames tall, still fits: (r - 2) // stride + 1.": (
                lambda n, s: _blind(n, s, rows=lambda r, stride: r // stride)
            ),
            "These are the oldest frames; what is dropped is at the newest end.": lambda n, s: np.arange(
                len(_blind(n, s))
            ),
            "Off by one: frames are numbered from 0.": lambda n, s: _blind(n, s) + 1,
        },
    )


def _roll(step: Callable, observed: np.ndarray, frames: int, mistake: str = "") -> np.ndarray:
    """Roll out, with one of the usual mistakes or none: ``(frames, columns)``."""
    recent, predictions = observed, []
    for _ in range(frames):
        newest = recent[0] if mistake == "oldest" else recent[-1]
        if mistake == "frozen":
            newest = observed[-1]
        change = step(observed if mistake == "looks back" else recent)
        predicted = change if mistake == "no residual" else newest + change
        predictions.append(predicted)
        if mistake == "aliased":
            recent = np.concatenate([recent[:-1], predicted[None]])
        if mistake == "grows":
            recent = np.concatenate([recent, predicted[None]])
        elif mistake == "wrong end":
            recent = np.concatenate([predicted[None], recent[:-1]])
        elif mistake != "stands":
            fed = {"feeds the step": change, "feeds the past": observed[-1]}.get(mistake, predicted)
            recent = np.concatenate([recent[1:], fed[None]])
    if mistake == "begins early":
        predictions = [observed[-1], *predictions[:-1]]
    if mistake == "steps":
        return np.diff(np.stack([observed[-1], *predictions]), axis=0)
    return np.stack(predictions)


def roll_out(answer: object) -> Verdict:
    """Judge a function ``roll_out(step, observed, frames)``: predictions ``(frames, columns)``."""

    def step(recent: np.ndarray) -> np.ndarray:
        # Whoever keeps the window as a tensor of TensorFlow is right, too.
        recent = np.asarray(recent)
        # Depends on every frame of the window and on its length.
        ages = np.linspace(-1, 1, len(recent))[:, None]
        return 0.3 * (ages * recent).sum(axis=0) / len(recent) + 0.1 * recent.mean(axis=0) + 0.05 * len(recent)

    draws = np.random.default_rng(3)
    named = {
        "The residual is forgotten: the step is added to the newest frame.": "no residual",
        "The window does not move: put each prediction at its end, and drop its oldest frame.": "stands",
        "The window grows: when a prediction comes in, the oldest frame goes.": "grows",
        "The prediction goes to the end of the window, not to its beginning: time runs down the rows.": "wrong end",
        "The step is added to the oldest frame of the window; the newest one is its last row.": "oldest",
        "Every step is added to the last observed frame; add it to the newest frame of the moving window.": "frozen",
        "`step` is always given the observed frames; give it the window, which moves.": "looks back",
        "The step is put into the window; the prediction belongs there: newest frame plus step.": "feeds the step",
        "The last observed frame is put into the window again and again; put the prediction there.": "feeds the past",
        "The newest frame of the window was changed in place: after `p = recent[-1]`, which is no copy, `p += ...` "
        "overwrites it. Write `p = recent[-1] + ...`.": "aliased",
        "Off by one: the first prediction is the frame after the last observed one.": "begins early",
        "These are the steps; the predictions are wanted: each is a frame plus its step.": "steps",
    }
    mistakes = {words: lambda s, o, n, m=mistake: _roll(s, o, n, m) for words, mistake in named.items()}
    return judge_function(
        answer,
        _roll,
        [(step, draws.standard_normal((6, 3)), 5), (step, draws.standard_normal((4, 2)), 9)],
        praise="Look, step, add, slide on. Everything else in the generator serves to find a good step.",
        axes="(frames, columns)",
        mistakes=mistakes,
    )
