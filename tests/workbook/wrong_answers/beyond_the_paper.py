"""What learners really answer in 07_beyond_the_paper, and the word that its checks must say of it."""

import math

import numpy as np


def largest(curve, basis, kept):
    coefficients = basis @ curve
    small = np.argsort(np.abs(coefficients))[:-kept]
    coefficients[small] = 0
    return basis.T @ coefficients


def others(seeds):
    return (seeds.sum(axis=0) - seeds) / 2


def scatter(seeds):
    return np.abs(seeds / others(seeds) - 1)


def against(seeds, variant):
    return np.abs(variant / seeds.mean(axis=0) - 1)


def lengths(differences):
    return np.sqrt((differences**2).sum(axis=1))


def wrapped(differences, turned):
    short = (differences + np.pi) % (2 * np.pi) - np.pi
    return np.argmax((short**2).sum(axis=1) - turned**2)


def unpaired(first, second, times):
    ends = [np.percentile((times * e).sum(axis=1) / times.sum(axis=1), [2.5, 97.5]) for e in (first, second)]
    return ends[0] - ends[1]


def worst_case(first, second, times):
    (low, high), (other_low, other_high) = (
        np.percentile(times @ e / times.sum(axis=1), [2.5, 97.5]) for e in (first, second)
    )
    return [low - other_high, high - other_low]


WRONG = {
    "cut": [
        (lambda frames: frames - max(35, math.ceil(0.2 * frames)), "rounds up"),
        (lambda frames: frames - max(35, -(-frames // 5)), "rounds up"),
        (lambda n: n - int(n * 0.2), "35 frames"),
        (lambda n: round(n * 0.8), "35 frames"),
        (lambda n: max(35, round(n / 5)), "held out"),
        (lambda n: n - min(35, round(n / 5)), "max"),
        (lambda n: n - max(35, n // 5), "rounds down"),
        (lambda n: n - max(35, n / 5), "whole frames"),
        (lambda n: n - max(35, round(n / 4)), "quarter"),
        (320, "function"),
    ],
    "beyond_a_seed": [
        (lambda s, v: against(s, v) > scatter(s).max(), "each its own"),
        (lambda s, v: against(s, v) > np.abs(s / s.mean(axis=0) - 1).max(axis=0), "other two"),
        (lambda s, v: v / s.mean(axis=0) - 1 > scatter(s).max(axis=0), "for the better"),
        (lambda s, v: (v > s.max(axis=0)) | (v < s.min(axis=0)), "range"),
        (
            lambda s, v: np.abs(v / s.sum(axis=0) - 1) > np.abs(s / (s.sum(axis=0) - s) - 1).max(axis=0),
            "mean is wanted",
        ),
        (lambda s, v: against(s, v) < scatter(s).max(axis=0), "turn it round"),
        (lambda s, v: bool((against(s, v) > scatter(s).max(axis=0)).any()), "single"),
    ],
    "blind": [
        (lambda recent: [48, 49], "multiple of 8"),
        (lambda recent: list(range(50 - recent % 8, 50)), "long-term"),
        (lambda recent: list(range(50 - recent, 50 - recent + recent % 8)), "new end"),
        (lambda recent: list(range(recent - recent % 8, recent)), "of the 50"),
        (lambda recent: list(range(max(48, 50 - recent % 8), 51)), "too many"),
        (lambda recent: list(range(max(48, 50 - recent % 8), 49)), "too few"),
        (lambda recent: list(range(max(48, 50 - recent % 8))), "are seen"),
    ],
    "smoothed": [
        (largest, "largest"),
        (lambda c, b, k: (b @ c)[:k], "coefficients"),
        (lambda c, b, k: b.T @ (b @ c), "all cosines"),
        (lambda c, b, k: b[-k:].T @ (b[-k:] @ c), "slow"),
        (lambda c, b, k: b[k:].T @ (b[k:] @ c), "left out"),
        (lambda c, b, k: b[1 : k + 1].T @ (b[1 : k + 1] @ c), "constant"),
        (lambda c, b, k: b[: k - 1].T @ (b[: k - 1] @ c), "too few"),
        (lambda c, b, k: b[: k + 1].T @ (b[: k + 1] @ c), "too many"),
        (lambda c, b, k: b[:k].T @ (b @ c), "stops with"),
    ],
    "culprit": [
        (lambda d, t: np.argmax(lengths(d)), "its rotation is wrong, too"),
        (lambda d, t: np.argmax(t), "most wrong"),
        (lambda d, t: np.argmax(lengths(d) - t), "squares"),
        (lambda d, t: np.argmax(lengths(d) / t), "ratio"),
        (wrapped, "wrapped"),
        (lambda d, t: np.argmin(lengths(d) ** 2 - t**2), "argmin"),
        (lambda d, t: np.argmax(np.abs(d).max(axis=1)), "all three"),
        (lambda d, t: lengths(d) ** 2 - t**2, "numbers"),
    ],
    "paired": [
        (unpaired, "difference in each draw"),
        (worst_case, "pairs are lost"),
        (lambda f, s, t: np.percentile(t @ (s - f) / t.sum(axis=1), [2.5, 97.5]), "second minus first"),
        (lambda f, s, t: np.percentile(t @ (f - s), [2.5, 97.5]), "sum"),
        (lambda f, s, t: np.percentile(f - s, [2.5, 97.5]), "nothing was drawn"),
        (lambda f, s, t: np.percentile(t @ (f - s) / len(f), [5, 95]), "90 %"),
        (lambda f, s, t: [min(t @ (f - s) / len(f)), max(t @ (f - s) / len(f))], "whole range"),
        (lambda f, s, t: np.percentile((t @ (f - s)) / t.sum(axis=1), 2.5), "single"),
    ],
    "split_verdict": [
        (["jumping", "running"], "not running"),
        (["jumping", "soccer"], "2 more belong"),
        ("jumping", "3 more belong"),
        (["juggling"], "none of the actions"),
        (4, "list of actions"),
    ],
    "gained": [
        (lambda g: g.var(), "everything"),
        (lambda g: np.var(g, axis=0), "missing"),
        (lambda g: np.std(g, axis=0).mean(), "standard deviation"),
        (lambda g: np.var(g, axis=0, ddof=1).mean(), "n - 1"),
        (lambda g: g.var(axis=0).sum(), "summed over the places"),
        (lambda g: np.square(g - g.mean(axis=0)).sum(axis=0).mean(), "sums over the members"),
        (lambda g: np.square(g - g.mean(axis=0)).sum(), "too large"),
        (lambda g: -g.var(axis=0).mean(), "sign"),
    ],
}
