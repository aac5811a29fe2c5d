"""What learners really answer in 05_error_evaluation, and the word that its checks must say of it."""

import numpy as np


def mean_fed_back(observed, frames, averaged):
    rows = list(np.swapaxes(observed, 0, 1))
    for _ in range(frames):
        rows.append(np.mean(rows[-averaged:], axis=0))
    return np.stack(rows[-frames:], axis=1)


def wrapped(true, guess):
    off = np.arctan2(np.sin(true - guess), np.cos(true - guess))
    return np.sqrt((off**2).sum(axis=2)).mean(axis=0)


WRONG = {
    "milliseconds": [
        ([360, 150], "off by one"),
        ([0.4, 1 / 6], "seconds"),
        ([400, 400], "label"),
        ([166.7, 400], "order"),
        ([40, 16.7], "ten steps"),
        (400, "shape"),
    ],
    "range_of_draws": [
        (lambda v: np.percentile(v, [0.025, 0.975]), "0 to 100"),
        (lambda v: np.quantile(v, [2.5, 97.5]), "stops with"),
        (lambda v: np.percentile(v, [5, 95]), "90 %"),
        (lambda v: v.mean() + 1.96 * v.std() / len(v) ** 0.5 * np.array([-1, 1]), "standard error"),
        (lambda v: [v.mean() - 2 * v.std(), v.mean() + 2 * v.std()], "bell"),
        (lambda v: (min(v), max(v)), "smallest"),
        (lambda v: np.percentile(v, [97.5, 2.5]), "first"),
        (lambda v: np.percentile(v, [2.5, 95]), "92.5 %"),
        (lambda v: np.percentile(v, [0, 95]), "smallest"),
        (lambda v: np.percentile(v, 95), "shape"),
    ],
    "error_by_hand": [
        (wrapped, "wrapped"),
        (lambda true, guess: np.sqrt(((true - guess) ** 2).sum(2)).sum(0), "sum over the windows"),
        (
            lambda t, p: np.sqrt(((t[:, 1:] - t[:, :-1] - p[:, 1:] + p[:, :-1]) ** 2).sum(2)).mean(0),
            "steps from frame to frame",
        ),
        (lambda t, p: np.mean(np.sum((t - p) ** 2, axis=2), axis=0), "root"),
        (lambda t, p: np.linalg.norm(t.mean(axis=0) - p.mean(axis=0), axis=-1), "cancel"),
        (lambda t, p: np.sqrt(np.mean(np.sum((t - p) ** 2, axis=2), axis=0)), "under the root"),
        (lambda t, p: np.mean(np.sqrt(np.mean((t - p) ** 2, axis=2)), axis=0), "averaged over columns"),
        (lambda t, p: np.abs(t - p).sum(axis=2).mean(axis=0), "absolute"),
        (lambda t, p: np.linalg.norm(t - p, axis=2), "missing"),
        (lambda t, p: np.linalg.norm(t - p, axis=1).mean(axis=0), "axis 1"),
        (lambda t, p: np.linalg.norm(t - p, axis=0).mean(axis=1), "axis 0"),
        (lambda t, p: np.sqrt(np.mean((t - p) ** 2, axis=(0, 2))), "together"),
        (lambda t, p: np.array([np.linalg.norm(t - p, axis=2)[:, : k + 1].mean() for k in range(t.shape[1])]), "until"),
    ],
    "moving": [
        (lambda angles: angles.std(axis=1, ddof=1) > 1e-4, "ddof"),
        (lambda a: a.std(axis=1) < 1e-4, "above 1e-4"),
        (lambda a: a.std(axis=1) <= 1e-4, "other way round"),
        (lambda a: a.std(axis=1) >= 1e-4, "exactly"),
        (lambda a: a.std(axis=0) > 1e-4, "axis 0"),
        (lambda a: a.std(axis=(0, 1)) > 1e-4, "together"),
        (lambda a: a.var(axis=1) > 1e-4, "variance"),
        (lambda a: a.std(axis=1) > 0, "all but constant"),
        (lambda a: a[:, -25:].std(axis=1) > 1e-4, "last 25"),
        (lambda a: a[:, :50].std(axis=1) > 1e-4, "future"),
        (lambda a: np.std(a, axis=1) > 1e-3, "too much"),
        (lambda a: a.max(axis=1) - a.min(axis=1) > 1e-4, "range"),
        (lambda a: a.std(axis=1, keepdims=True) > 1e-4, "shape"),
    ],
    "running_average": [
        (lambda o, n, k: np.repeat(o[:, :k].mean(axis=1, keepdims=True), n, axis=1), "first"),
        (lambda o, n, k: np.repeat(o[:, -k:-1].mean(axis=1, keepdims=True), n, axis=1), "left out"),
        (lambda o, n, k: np.repeat(o[:, -k:].mean(axis=1), n, axis=0), "shape"),
        (lambda o, n, k: o[:, -k:].mean(axis=1), "not repeated"),
        (lambda o, n, k: o[:, -k:].mean(axis=1, keepdims=True), "one frame"),
        (lambda o, n, k: np.stack([o[:, -k:].mean(axis=1)] * n), "swapped"),
        (lambda o, n, k: np.repeat(o[:, -1:], n, axis=1), "zero velocity"),
        (lambda o, n, k: np.repeat(o[:, -4:].mean(axis=1, keepdims=True), n, axis=1), "four"),
        (lambda o, n, k: np.repeat(o[:, 1 - k :].mean(axis=1, keepdims=True), n, axis=1), "too few"),
        (mean_fed_back, "averaged in"),
    ],
}
