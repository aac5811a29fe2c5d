"""Answer checks of ``notebooks/00_quickstart``."""

import numpy as np

from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = ["freeze", "gain", "seconds_predicted"]


def seconds_predicted(answer: object) -> Verdict:
    """Judge how many seconds 25 frames are at 25 frames a second."""
    return judge_array(
        answer,
        1.0,
        praise="25 frames at 25 a second are one second of future.",
        mistakes={
            "That is the number of frames; seconds are wanted: divide by the frame rate.": 25,
            "That is the duration of one frame; 25 of them are predicted.": 1 / 25,
            "Off by one frame: the first predicted frame is already one step after the last observed one.": 24 / 25,
            "That is the time observed; the time predicted is wanted.": 2,
            "Milliseconds; seconds are wanted.": 1000,
        },
    )


def gain(answer: object) -> Verdict:
    """Judge a function ``gain(frozen, learned)``: by which part the second error is lower than the first."""
    return judge_function(
        answer,
        lambda frozen, learned: 1 - learned / frozen,
        [(2.0, 1.5), (0.8, 0.9), (np.array([1.0, 2.0]), np.array([0.5, 1.0]))],
        praise="Positive where the network is better, negative where it is worse than freezing.",
        mistakes={
            "This gain is never negative; where the network is worse, it should be.": lambda f, n: abs(1 - n / f),
            "This gain stops at 0; where the network is worse, it should be negative.": lambda f, n: np.maximum(
                0, 1 - n / f
            ),
            "The sign is the other way round: a lower error of the network is a gain.": lambda f, n: n / f - 1,
            "This divides by the network's error; the error to beat is the frozen one.": lambda f, n: f / n - 1,
            "This divides by the network's error; the error to beat is the frozen one (and mind the 1).": (
                lambda f, n: 1 - f / n
            ),
            "This divides by the network's error; the error to beat is the frozen one (and subtract from 1).": (
                lambda f, n: f / n
            ),
            "This is what is left of the error, not what is gained.": lambda f, n: n / f,
            "Only one of the two was divided: / comes before -, so the difference needs brackets.": (
                lambda f, n: f - n / f
            ),
            "This is a difference in radians; a part of the frozen error is wanted.": lambda f, n: f - n,
            "These are per cent; a part of 1 is wanted.": lambda f, n: 100 * (1 - n / f),
        },
    )


def _held(rows: np.ndarray, frames: int) -> np.ndarray:
    """Hold rows ``(windows, columns)`` for some frames: ``(windows, frames, columns)``."""
    return np.repeat(rows[:, None], frames, axis=1)


def freeze(answer: object) -> Verdict:
    """Judge a function ``freeze(observed, frames)``: zero velocity, ``(windows, frames, columns)``."""
    draws = np.random.default_rng(0)
    return judge_function(
        answer,
        lambda observed, frames: _held(observed[:, -1], frames),
        [(draws.standard_normal((3, 50, 4)), 5), (draws.standard_normal((2, 50, 3)), 1)],
        praise="That is the predictor to beat, in one line.",
        axes="(windows, frames, columns)",
        mistakes={
            "This holds the first observed frame; the last one is wanted.": lambda o, n: _held(o[:, 0], n),
            "Off by one: this holds the last frame but one.": lambda o, n: _held(o[:, -2], n),
            "These are the last observed frames, moving; each frame wanted is the very last one.": (
                lambda o, n: o[:, -n:]
            ),
            "This always predicts 25 frames; the argument `frames` says how many are wanted.": (
                lambda o, n: _held(o[:, -1], 25)
            ),
            "This holds the mean of all observed frames; the last frame is wanted.": lambda o, n: _held(o.mean(1), n),
            "This takes the last column of each frame; the last frame of each window is wanted (axis 1).": (
                lambda o, n: np.repeat(o[:, :, -1:], n, axis=2)
            ),
            "The axes are swapped: (frames, windows, columns) instead of (windows, frames, columns).": (
                lambda o, n: np.swapaxes(_held(o[:, -1], n), 0, 1)
            ),
            "This repeats the last window; the last frame of each window is wanted (axis 1).": (
                lambda o, n: np.repeat(o[-1:], n, axis=0)
            ),
            "The axis of the frames is missing: this is one row for each window.": lambda o, n: o[:, -1],
        },
    )
