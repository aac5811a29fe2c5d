"""Wrong answers to the exercises of ``notebooks/06_explore_predictions`` and a word of what must be said to each."""

import numpy as np


def _steps(positions: np.ndarray, axes: list[int]) -> np.ndarray:
    return np.linalg.norm(np.diff(positions[:, 0][:, axes], axis=0), axis=1)


def _ahead(observed: np.ndarray, made: np.ndarray) -> np.ndarray:
    return observed[:, -1:] + made[:, None] * (observed[:, -1:] - observed[:, -2:-1])


def speed_of(p, f):
    return float(np.hypot(np.diff(p[:, 0, 0]), np.diff(p[:, 0, 2])).mean()) * f / 1000


WRONG = {
    "least_gain": [
        ("soccer", "but it gains"),
        ("running", "most"),
        ("basketball", "compare the two rows"),
        ("washwindow", "two actions"),
        ("walking", "three actions"),
        ("boxing", "choose one"),
    ],
    "worst_window": [
        (lambda errors, frame: errors[:, frame].argmax() + 1, "from 0"),
        (lambda errors, frame: errors[:, frame].argmin(), "best"),
        (lambda errors, frame: errors[frame].argmax(), "one window at all moments"),
        (lambda errors, frame: errors.mean(axis=1).argmax(), "mean over all frames"),
        (lambda errors, frame: errors[:, :frame].mean(axis=1).argmax(), "up to that frame"),
        (lambda errors, frame: errors[:, frame - 1].argmax(), "early"),
        (lambda errors, frame: errors[:, frame + 1].argmax(), "late"),
        (lambda errors, frame: errors.argmax(), "whole array"),
        (lambda errors, frame: errors.max(axis=1).argmax(), "only the given frame"),
        (lambda errors, frame: errors.argmax(axis=0), "every frame"),
        (lambda errors, frame: errors[:, frame].max(), "error itself"),
    ],
    "ground_speed": [
        (lambda p, f: 3.6 * speed_of(p, f), "kilometres"),
        (lambda p, f: 100 * speed_of(p, f), "centimetres"),
        (lambda p, f: float((p[1:, 0, [0, 2]] - p[:-1, 0, [0, 2]]).sum(1).mean()) * f / 1000, "cancel"),
        (lambda p, fps: _steps(p, [0, 2]).mean() * fps, "millimetres a second"),
        (lambda p, fps: _steps(p, [0, 2]).mean() / 1000, "metres a frame"),
        (lambda p, fps: _steps(p, [0, 2]).mean(), "millimetres a frame"),
        (lambda p, fps: _steps(p, [0, 2]).mean() / fps / 1000, "multiply"),
        (lambda p, fps: _steps(p, [0, 2]).sum() / 1000, "divide it by the time"),
        (lambda p, fps: _steps(p, [0, 2]) * fps / 1000, "their mean"),
        (lambda p, fps: np.linalg.norm(np.diff(p[:, 0, ::2], axis=0)) / 1000 * fps / (len(p) - 1), "axis=1"),
        (lambda p, fps: np.abs(np.diff(p[:, 0, ::2], axis=0)).sum(axis=1).mean() * fps / 1000, "squares"),
        (lambda p, fps: _steps(p, [0, 1, 2]).mean() * fps / 1000, "height"),
        (lambda p, fps: _steps(p, [0, 1]).mean() * fps / 1000, "x and z"),
        (lambda p, fps: np.linalg.norm((p[-1, 0] - p[0, 0])[::2]) / 1000 * fps / (len(p) - 1), "straight"),
        (lambda p, fps: _steps(p, [0, 2]).sum() / 1000 * fps / len(p), "n - 1"),
        (lambda p, fps: np.linalg.norm(np.diff(p[..., ::2], axis=0), axis=-1).mean() * fps / 1000, "all joints"),
    ],
    "damped_velocity": [
        (lambda o, n: np.repeat(o[:, -1:], n, axis=1), "repeated"),
        (lambda o, n: _ahead(o, np.arange(1, n + 1)), "constant velocity"),
        (lambda o, n: _ahead(o, np.concatenate([[0], np.cumsum(0.8 ** np.arange(1, n))])), "late"),
        (lambda o, n: _ahead(o, np.cumsum(0.8 ** np.arange(n))), "not damped"),
        (lambda o, n: _ahead(o, 0.8 * np.arange(1, n + 1)), "the one before"),
        (lambda o, n: _ahead(o, 0.8 ** np.arange(1, n + 1)), "add up"),
        (lambda o, n: _ahead(o, np.arange(1, n + 1) * 0.8 ** np.arange(1, n + 1)), "cumsum"),
        (lambda o, n: o[:, -1:] * 0.8 ** np.arange(1, n + 1)[:, None], "shrinks"),
        (lambda o, n: _ahead(o, -np.cumsum(0.8 ** np.arange(1, n + 1))), "backwards"),
        (lambda o, n: _ahead(o, np.cumsum(0.8 ** np.arange(1, n + 1)))[0], "shape"),
        (lambda o, n: _ahead(o[:, 1::-1], np.cumsum(0.8 ** np.arange(1, n + 1))), "numbers are not"),
        (
            lambda o, n: o[:, -1:] + np.cumsum(0.8 ** np.arange(1, n + 1))[:, None] * (o[:, 1:2] - o[:, :1]),
            "first two",
        ),
        (
            lambda o, n: o[:, -1:] + np.cumsum(0.8 ** np.arange(1, n + 1))[:, None] * (o[-1] - o[-2])[-1],
            "axis 1",
        ),
        (lambda o, n: _ahead(o, np.cumsum(0.8 ** np.arange(1, n + 1))) - o[:, -1:], "only the new"),
    ],
}
