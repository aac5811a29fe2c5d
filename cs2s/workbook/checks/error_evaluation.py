"""Answer checks of ``notebooks/05_error_evaluation``."""

import numpy as np

from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = ["error_by_hand", "milliseconds", "moving", "range_of_draws", "running_average"]


def milliseconds(answer: object) -> Verdict:
    """Judge how far ahead frame 9 is at 25 and at 60 frames a second: two numbers."""
    right = 10 * 1000 / np.array([25, 60])
    return judge_array(
        answer,
        right,
        praise="Ten steps: 400 ms at 25 frames a second, 167 ms at 60. The printed label is 400 ms for both.",
        axes="(at 25, at 60 frames a second)",
        mistakes={
            "Off by one: frame 0 is already one step after the last observed frame, so frame 9 is ten.": 0.9 * right,
            "These are seconds; milliseconds are wanted.": right / 1000,
            "The order is the other way round: first 25 frames a second, then 60.": right[::-1],
            "400 ms is the label that tables print; at 60 frames a second it is not the true time.": np.array(
                [400, 400]
            ),
            "This is one step each; frame 9 is ten steps ahead.": right / 10,
        },
        tolerance=4e-3,
    )


def range_of_draws(answer: object) -> Verdict:
    """Judge a function ``range_of_draws(averages)``: the two ends of the middle 95 %."""
    draws = np.random.default_rng(5)

    def around(values: np.ndarray, half: float) -> np.ndarray:
        return values.mean() + half * np.array([-1, 1])

    return judge_function(
        answer,
        lambda values: np.percentile(values, [2.5, 97.5]),
        [(draws.gamma(3, 0.4, 400),), (draws.gamma(2, 1.0, 150),)],
        praise="The middle 95 % of what the choice of windows makes of one predictor.",
        axes="(lower end, upper end)",
        mistakes={
            "np.percentile counts from 0 to 100; this took 0.025 and 0.975 per cent. (np.quantile counts to 1.)": (
                lambda v: np.percentile(v, [0.025, 0.975])
            ),
            "This leaves 5 % out at each end, so 90 % are inside; 2.5 % at each end are wanted.": (
                lambda v: np.percentile(v, [5, 95])
            ),
            "This is the standard error: how well the mean of all draws is known. How far a single draw may lie from "
            "it is wanted.": lambda v: around(v, 1.96 * v.std() / np.sqrt(len(v))),
            "This is the standard error (with 2 for 1.96): how well the mean of all draws is known. How far a single "
            "draw may lie from it is wanted.": lambda v: around(v, 2 * v.std() / np.sqrt(len(v))),
            "This takes the draws for a bell curve. They are there: count 2.5 % off at each end.": (
                lambda v: around(v, 1.96 * v.std())
            ),
            "This takes the draws for a bell curve (with 2 for 1.96). They are there: count 2.5 % off at each end.": (
                lambda v: around(v, 2 * v.std())
            ),
            "These are the smallest and the largest draw: all of them, not 95 %.": lambda v: np.array(
                [v.min(), v.max()]
            ),
            "The upper end leaves out 5 %, the lower one 2.5 %: 92.5 % are inside. Share the 5 % out.": (
                lambda v: np.percentile(v, [2.5, 95])
            ),
            "This is a standard deviation with n - 1, and a bell curve; the draws are there: count them.": (
                lambda v: around(v, 1.96 * v.std(ddof=1))
            ),
            "The lower end is the smallest draw: all 5 % are left out at the top. Share them out.": (
                lambda v: np.percentile(v, [0, 95])
            ),
            "The upper end comes first; the lower one should.": lambda v: np.percentile(v, [97.5, 2.5]),
        },
    )


def error_by_hand(answer: object) -> Verdict:
    """Judge a function ``error_by_hand(true_angles, predicted_angles)``: the error at each frame, ``(frames,)``."""
    draws = np.random.default_rng(3)
    # Some differ by more than half a turn, so that wrapping them is noticed.
    inputs = [tuple(draws.normal(scale=2, size=(2, *shape))) for shape in ((4, 6, 9), (3, 5, 7))]
    return judge_function(
        answer,
        lambda true, guess: np.linalg.norm(true - guess, axis=-1).mean(axis=0),
        inputs,
        praise="Norm over columns first, mean over windows last.",
        axes="(frames,)",
        mistakes={
            "The root is missing: this is the mean of the sums of squares.": (
                lambda t, p: ((t - p) ** 2).sum(axis=-1).mean(axis=0)
            ),
            "The mean came before the norm: errors of opposite sign in two windows then cancel.": (
                lambda t, p: np.linalg.norm((t - p).mean(axis=0), axis=-1)
            ),
            "The mean over windows was taken under the root; first the root in each window, then the mean.": (
                lambda t, p: np.sqrt(((t - p) ** 2).sum(axis=-1).mean(axis=0))
            ),
            "Squares were averaged over columns; the Euclidean norm sums them.": (
                lambda t, p: np.sqrt(((t - p) ** 2).mean(axis=-1)).mean(axis=0)
            ),
            "This is one mean and one root over windows and columns together: sum over columns, root, then the mean.": (
                lambda t, p: np.sqrt(((t - p) ** 2).mean(axis=(0, 2)))
            ),
            "The norm was taken over the windows (axis 0); it goes over the columns, the last axis.": (
                lambda t, p: np.linalg.norm(t - p, axis=0).mean(axis=-1)
            ),
            "These are sums of absolute differences; the Euclidean norm takes squares and a root.": (
                lambda t, p: np.abs(t - p).sum(axis=-1).mean(axis=0)
            ),
            "The differences were wrapped into half a turn; the paper's error takes them as they are.": (
                lambda t, p: np.linalg.norm((t - p + np.pi) % (2 * np.pi) - np.pi, axis=-1).mean(axis=0)
            ),
            "This is a sum over the windows; the mean is wanted.": (
                lambda t, p: np.linalg.norm(t - p, axis=-1).sum(axis=0)
            ),
            "This compares steps from frame to frame; poses are wanted.": (
                lambda t, p: np.linalg.norm(np.diff(t, axis=1) - np.diff(p, axis=1), axis=-1).mean(axis=0)
            ),
            "The mean over windows (axis 0) is missing.": lambda t, p: np.linalg.norm(t - p, axis=-1),
            "The norm was taken over the frames (axis 1); it goes over the columns, the last axis.": (
                lambda t, p: np.linalg.norm(t - p, axis=1).mean(axis=0)
            ),
            "This is the mean until each frame; the error at the frame is wanted.": (
                lambda t, p: np.cumsum(np.linalg.norm(t - p, axis=-1).mean(axis=0)) / np.arange(1, np.shape(t)[1] + 1)
            ),
        },
    )


def _windows_to_mask() -> np.ndarray:
    """Return Euler angles ``(3, 64, 8)`` whose columns try every mistake."""
    draws = np.random.default_rng(4)
    angles = draws.normal(size=(3, 64, 8))
    angles[:, :, 1] = [[0.1], [0.2], [0.3]]  # constant in each window, but not the same in all
    angles[:, :, 2] *= 5e-3  # moves, though its variance is below 1e-4
    angles[:, :, 3] *= 5e-5  # all but constant
    angles[:, 7:, 4] = 0.7  # moves in the beginning only
    # A standard deviation of exactly 1e-4: powers of 2 round nothing.
    angles[:, :, 5] = 0
    angles[:, 3:7, 5] = [4e-4, -4e-4, 4e-4, -4e-4]
    angles[:, :, 7] *= 5e-4  # moves less than 1e-3
    angles[:, :50, 6] = 0.3  # moves after the observed frames only
    return angles


def moving(answer: object) -> Verdict:
    """Judge a function ``moving(true_angles)``: which columns of each window count, ``(windows, columns)``."""
    return judge_function(
        answer,
        lambda angles: angles.std(axis=1) > 1e-4,
        [(_windows_to_mask(),)],
        praise="Measured over all frames of each window, and only a standard deviation above 1e-4 counts as moving.",
        axes="(windows, columns)",
        mistakes={
            "This is the other way round: True should stand for columns that move.": lambda a: a.std(axis=1) <= 1e-4,
            "The other way round: True should stand for columns that move, those above 1e-4.": (
                lambda a: a.std(axis=1) < 1e-4
            ),
            "Almost: exactly 1e-4 does not count, so > and not >= (or ddof=1 is one too many).": (
                lambda a: a.std(axis=1) >= 1e-4
            ),
            "This measures over the windows (axis 0), the frames are axis 1.": lambda a: a.std(axis=0) > 1e-4,
            "This measures over the columns (axis 2), the frames are axis 1.": lambda a: a.std(axis=2) > 1e-4,
            "This throws all windows together; each window decides for itself.": lambda a: a.std(axis=(0, 1)) > 1e-4,
            "This compares the variance; the standard deviation is its root.": lambda a: a.var(axis=1) > 1e-4,
            "This asks for exactly constant columns; all but constant ones (at most 1e-4) do not count either.": (
                lambda a: a.std(axis=1) > 0
            ),
            "This looks at the last 25 frames only; the observed ones belong to the window too.": (
                lambda a: a[:, -25:].std(axis=1) > 1e-4
            ),
            "This looks at the 50 observed frames only; the future ones belong to the window too.": (
                lambda a: a[:, :50].std(axis=1) > 1e-4
            ),
            "This measures movement by something other than the standard deviation, by the range perhaps.": (
                lambda a: np.ptp(a, axis=1) > 1e-4
            ),
            "1e-3 is too much: 0.0001 is 1e-4.": lambda a: a.std(axis=1) > 1e-3,
            "These are the standard deviations; compare them with 1e-4.": lambda a: a.std(axis=1),
        },
        tolerance=1e-12,
    )


def _fed_back(observed: np.ndarray, frames: int, averaged: int) -> np.ndarray:
    """Predict each frame as the mean of the frames before it, predicted ones included."""
    rows = observed
    for _ in range(frames):
        rows = np.concatenate([rows, rows[:, -averaged:].mean(axis=1, keepdims=True)], axis=1)
    return rows[:, observed.shape[1] :]


def running_average(answer: object) -> Verdict:
    """Judge a function ``running_average(observed, frames, averaged)`` of rows: ``(windows, frames, columns)``."""
    draws = np.random.default_rng(6)

    def held(rows: np.ndarray, frames: int) -> np.ndarray:
        return np.repeat(rows[:, None], frames, axis=1)

    return judge_function(
        answer,
        lambda observed, frames, averaged: held(observed[:, -averaged:].mean(axis=1), frames),
        [(draws.normal(size=(4, 50, 5)), 6, 7), (draws.normal(size=(3, 50, 4)), 2, 5)],
        praise="With 1 frame averaged it is zero velocity.",
        axes="(windows, frames, columns)",
        mistakes={
            "This averages the first observed frames; the last ones are wanted.": (
                lambda o, n, k: held(o[:, :k].mean(axis=1), n)
            ),
            "This averages all observed frames; only the last few are wanted.": lambda o, n, k: held(o.mean(axis=1), n),
            "One frame too many is averaged.": lambda o, n, k: held(o[:, -k - 1 :].mean(axis=1), n),
            "One frame too few is averaged.": lambda o, n, k: held(o[:, -k + 1 :].mean(axis=1), n),
            "This averages four frames whatever `averaged` says.": lambda o, n, k: held(o[:, -4:].mean(axis=1), n),
            "The last frame is left out: a slice up to -1 ends before it.": (
                lambda o, n, k: held(o[:, -k:-1].mean(axis=1), n)
            ),
            "Predictions were averaged in, too; the mean of the observed frames is held.": _fed_back,
            "This takes the mean over the columns (axis 2); the frames are axis 1.": (
                lambda o, n, k: np.repeat(o[:, -1:, -k:].mean(axis=2, keepdims=True), n, axis=1)
            ),
            "This slices the windows (axis 0); the frames are axis 1.": (
                lambda o, n, k: np.repeat(o[-k:].mean(axis=0, keepdims=True), n, axis=0)
            ),
            "The mean is right, but it is not repeated: the axis of the frames is missing.": (
                lambda o, n, k: o[:, -k:].mean(axis=1)
            ),
            "The mean is right, but there is one frame only: repeat it.": (
                lambda o, n, k: o[:, -k:].mean(axis=1, keepdims=True)
            ),
            "The axes are swapped: (frames, windows, columns) instead of (windows, frames, columns).": (
                lambda o, n, k: np.repeat(o[:, -k:].mean(axis=1)[None], n, axis=0)
            ),
            "This holds the last frame: zero velocity, no average.": lambda o, n, k: held(o[:, -1], n),
        },
    )
