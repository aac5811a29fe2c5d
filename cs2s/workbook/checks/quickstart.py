"""Answer checks of ``notebooks/00_quickstart``."""

import numpy as np

from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = ["freeze", "gain", "keep_going", "right_again", "seconds_predicted"]


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
        [(2.0, 1.5), (0.8, 0.9), (1.6, 0.4)],
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


def right_again(answer: object) -> Verdict:
    """Judge a function ``right_again(period, frames)``: at which predicted frames a pose of that period comes back."""
    return judge_function(
        answer,
        lambda period, frames: np.arange(period - 1, frames, period),
        [(4, 9), (14, 30), (5, 25), (4, 11), (30, 25)],
        praise="The last observed pose comes back a period later, and predicted frame 0 is one frame later already.",
        axes="(times,)",
        mistakes={
            "Off by one: predicted frame 0 is already one frame after the last observed one.": (
                lambda p, n: np.arange(p, n, p)
            ),
            "Off by one: predicted frame 0 is already one frame after the last observed one; 0 is none.": (
                lambda p, n: np.arange(0, n, p)
            ),
            "Off by one: frame `frames` is not predicted any more, and predicted frame 0 is one frame ahead.": (
                lambda p, n: np.arange(p, n + 1, p)
            ),
            "Off by one: frame `frames` is not predicted any more; the last one is `frames - 1`.": (
                lambda p, n: np.arange(p - 1, n + 1, p)
            ),
            "That is the first time only; the pose comes back again and again.": lambda p, n: np.array([p - 1]),
            "That is the first time only, as a number; a list of all times is wanted.": lambda p, n: p - 1,
            "A pose whose period is longer than what is predicted never comes back: the list is empty then.": (
                lambda p, n: np.array([p - 1, *range(2 * p - 1, n, p)])
            ),
            "That is how often; the numbers of the frames are wanted.": lambda p, n: n // p,
            "Half a period later the other leg is where this one was: that is another pose.": (
                lambda p, n: np.arange(p / 2 - 1, n, p / 2)
            ),
        },
    )


def keep_going(answer: object) -> Verdict:
    """Judge a function ``keep_going(observed, frames)``: constant velocity, ``(windows, frames, columns)``."""
    draws = np.random.default_rng(2)

    def steps(observed: np.ndarray, frames: int, first: int = 1) -> np.ndarray:
        step = observed[:, -1:] - observed[:, -2:-1]
        return step * np.arange(first, first + frames)[:, None]

    return judge_function(
        answer,
        lambda observed, frames: observed[:, -1:] + steps(observed, frames),
        [(draws.standard_normal((3, 50, 4)), 5), (draws.standard_normal((2, 50, 3)), 7)],
        praise="Everything goes on as in the last step.",
        axes="(windows, frames, columns)",
        mistakes={
            "Off by one: the first predicted frame is a step ahead of the last observed one, not the same.": (
                lambda o, n: o[:, -1:] + steps(o, n, 0)
            ),
            "Off by one: the first predicted frame is one step ahead, not two.": lambda o, n: (
                o[:, -1:] + steps(o, n, 2)
            ),
            "This takes one step and then stands still: add one step more in each frame.": (
                lambda o, n: _held(2 * o[:, -1] - o[:, -2], n)
            ),
            "This goes backwards: the step is the last frame less the one before it.": (
                lambda o, n: o[:, -1:] - steps(o, n)
            ),
            "These are the steps alone; add them to the last observed frame.": steps,
            "That is the mean step of all observed frames; the last step is wanted.": (
                lambda o, n: o[:, -1:] + np.diff(o, axis=1).mean(1, keepdims=True) * np.arange(1, n + 1)[:, None]
            ),
            "That is freezing: where is the step?": lambda o, n: _held(o[:, -1], n),
            "The axes are swapped: (frames, windows, columns) instead of (windows, frames, columns).": (
                lambda o, n: np.swapaxes(o[:, -1:] + steps(o, n), 0, 1)
            ),
        },
    )
