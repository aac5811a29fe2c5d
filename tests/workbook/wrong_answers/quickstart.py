"""What learners really answer in 00_quickstart, and the word that its checks must say of it."""

import numpy as np

WRONG = {
    "seconds_predicted": [
        (25, "frames"),
        (0.04, "one frame"),
        (0.96, "off by one"),
        (1000, "milliseconds"),
        (3, "large"),
    ],
    "gain": [
        (lambda frozen, learned: frozen - learned / frozen, "brackets"),
        (lambda frozen, learned: learned / frozen - 1, "sign"),
        (lambda frozen, learned: (frozen - learned) / learned, "divides by the network"),
        (lambda frozen, learned: learned / frozen, "left"),
        (lambda frozen, learned: frozen / learned, "divides by the network"),
        (lambda frozen, learned: abs(frozen - learned) / frozen, "never negative"),
        (lambda frozen, learned: np.maximum(0, 1 - learned / frozen), "stops at 0"),
        (lambda frozen, learned: frozen - learned, "radians"),
        (lambda frozen, learned: 100 * (frozen - learned) / frozen, "per cent"),
        (0.25, "function"),
    ],
    "freeze": [
        (lambda observed, frames: np.repeat(observed[:, 5:6], frames, axis=1), "numbers are not"),
        (lambda observed, frames: np.repeat(observed[:, :1], frames, axis=1), "first"),
        (lambda observed, frames: np.repeat(observed[:, -2:-1], frames, axis=1), "off by one"),
        (lambda observed, frames: np.stack([observed[:, -1]] * frames), "swapped"),
        (lambda observed, frames: np.repeat(observed[:, -1], frames, axis=0), "shape"),
        (lambda observed, frames: observed[:, -1], "missing"),
        (lambda observed, frames: observed[:, -frames:], "moving"),
        (lambda observed, frames: np.repeat(observed[:, -1:], 25, axis=1), "always predicts 25"),
    ],
    "right_again": [
        (lambda p, n: [p - 1, *range(2 * p - 1, n, p)], "first time only"),
        (lambda p, n: [p - 1 + k * p for k in range(max(1, n // p))], "first time only"),
        (lambda period, frames: list(range(period, frames, period)), "off by one"),
        (lambda period, frames: list(range(0, frames, period)), "off by one"),
        (lambda period, frames: [f for f in range(frames) if f % period == 0], "off by one"),
        (lambda period, frames: list(range(period - 1, frames + 1, period)), "not predicted any more"),
        (lambda period, frames: "3, 7", "a list"),
        (lambda period, frames: [period - 1], "first time only"),
        (lambda period, frames: period - 1, "first time only"),
        (lambda period, frames: frames // period, "how often"),
        (lambda period, frames: [period / 2 * n - 1 for n in range(1, 2 * frames // period + 1)], "other leg"),
        (lambda period, frames: print(period - 1), "return"),
        ([13], "function"),
    ],
    "keep_going": [
        (
            lambda observed, frames: observed[:, -1:] + np.diff(observed[:, -2:], axis=1) * ramp(frames, 0),
            "not the same",
        ),
        (lambda observed, frames: observed[:, -1:] + np.diff(observed[:, -2:], axis=1) * ramp(frames, 2), "not two"),
        (lambda observed, frames: np.repeat(2 * observed[:, -1:] - observed[:, -2:-1], frames, 1), "stands still"),
        (lambda observed, frames: observed[:, -1:] - np.diff(observed[:, -2:], axis=1) * ramp(frames, 1), "backwards"),
        (lambda observed, frames: np.diff(observed[:, -2:], axis=1) * ramp(frames, 1), "steps alone"),
        (lambda observed, frames: np.repeat(observed[:, -1:], frames, axis=1), "freezing"),
        (lambda observed, frames: observed[:, -1:] + np.diff(observed[:, -2:], axis=1), "shape"),
        (lambda observed, frames: observed[:, -1] + np.arange(frames), "stops"),
    ],
}


def ramp(frames, first):
    return np.arange(first, first + frames)[:, None]
