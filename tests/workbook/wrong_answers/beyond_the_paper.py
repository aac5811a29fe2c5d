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


def normal_interval(first, second, times):
    drawn = times @ (first - second) / times.sum(axis=1)
    return drawn.mean() - 1.96 * drawn.std(), drawn.mean() + 1.96 * drawn.std()


WRONG = {
    "cut": [
        (lambda n: n - 35 if n < 200 else n - round(n / 5), "held out"),
        (lambda frames: frames - max(35, math.ceil(0.2 * frames)), "rounds up"),
        (lambda frames: frames - max(35, -(-frames // 5)), "rounds up"),
        (lambda n: n - int(n * 0.2), "35 frames"),
        (lambda n: round(n * 0.8), "35 frames"),
        (lambda n: max(35, round(n / 5)), "held out"),
        (lambda n: n - min(35, round(n / 5)), "max"),
        (lambda n: max(n - 35, n - round(n / 5)), "the smaller one (min)"),
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
        (lambda s, v: against(s, v) > np.ptp(s, axis=0) / s.mean(axis=0), "whole range"),
        (lambda s, v: np.abs(v - s.mean(0)) > 2 * s.std(axis=0, ddof=1), "two standard deviations (with n - 1)"),
        (lambda s, v: np.abs(v - s.mean(0)) > 2 * s.std(axis=0), "two standard deviations;"),
        (lambda s, v: against(s, v) > np.std(s, axis=0, ddof=1) / s.mean(0), "a standard deviation (with n - 1)"),
        (lambda s, v: against(s, v) > np.std(s, axis=0) / s.mean(0), "a standard deviation;"),
        (lambda s, v: np.abs(v - s.mean(0)) > np.abs(s - (s.sum(0) - s) / 2).max(0), "mean of all, or none"),
        (lambda s, v: against(s, v) > (np.abs(s - others(s)) / s.mean(0)).max(0), "mean of all, or none"),
        (lambda s, v: against(s, v) > (np.abs(s - others(s)) / s).max(0), "seed itself"),
        (lambda s, v: np.abs(s.mean(0) / v - 1) > np.abs(others(s) / s - 1).max(0), "upside down"),
        (lambda s, v: against(s, v) > scatter(s).mean(axis=0), "mean of what the seeds do"),
        (lambda s, v: against(s, v) > scatter(s).min(axis=0), "differs least"),
        (lambda s, v: against(s, v) > scatter(s)[0], "first seed"),
        (lambda s, v: against(s, v) > (s / others(s) - 1).max(axis=0), "abs is missing"),
        (lambda s, v: bool((against(s, v) > scatter(s).max(axis=0)).any()), "single"),
    ],
    "blind": [
        (lambda n: [49] if n % 8 else [], "up to seven"),
        (lambda n: range(max(48, 50 - n % 16), 50), "sixteens"),
        (lambda recent: [48, 49], "multiple of 8"),
        (lambda recent: list(range(50 - recent % 8, 50)), "long-term"),
        (lambda recent: list(range(50 - recent, 50 - recent + recent % 8)), "new end"),
        (lambda recent: list(range(recent - recent % 8, recent)), "of the 50"),
        (lambda recent: list(range(max(48, 50 - recent % 8), 51)), "too many"),
        (lambda recent: list(range(max(48, 50 - recent % 8), 49)), "too few"),
        (lambda recent: list(range(max(48, 50 - recent % 8))), "are seen"),
        (lambda n: list(range(50 - max(0, min(2, n - 16)), 50)), "left over"),
        (lambda n: [t + 1 for t in range(max(48, 50 - n % 8), 50)], "from 0"),
        (lambda n: list(range(max(48, 50 - n % 4), 50)), "whole fours"),
        (lambda n: min(2, n % 8), "how many"),
        (lambda n: [] if n < 20 else [48, 49], "left over"),
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
        (lambda d, t: np.abs((d**2).sum(axis=1) - t**2).argmax(), "abs"),
        (lambda d, t: np.argmax(lengths(d)), "its rotation is wrong, too"),
        (lambda d, t: np.argmax(t), "most wrong"),
        (lambda d, t: np.argmax(lengths(d) - t), "squares"),
        (lambda d, t: np.argmax(lengths(d) / t), "ratio"),
        (wrapped, "wrapped"),
        (lambda d, t: np.argmin(lengths(d) ** 2 - t**2), "argmin"),
        (lambda d, t: np.argmax(np.abs(d).max(axis=1)), "all three"),
        (lambda d, t: lengths(d) ** 2 - t**2, "numbers"),
        (lambda d, t: np.argmax(lengths(d) ** 2 - t**2) + 1, "numbered from 0"),
        (lambda d, t: (d**2 - t[:, None] ** 2).sum(axis=1).argmax(), "from each of them"),
        (lambda d, t: ((d**2).mean(axis=1) - t**2).argmax(), "their mean"),
        (lambda d, t: (np.linalg.norm(d, axis=1) - t**2).argmax(), "square both"),
        (lambda d, t: (np.abs(d).max(axis=1) ** 2 - t**2).argmax(), "was squared"),
        (lambda d, t: (np.abs(d).max(axis=1) - t).argmax(), "lengths were subtracted"),
    ],
    "paired": [
        (unpaired, "difference in each draw"),
        (worst_case, "pairs are lost"),
        (lambda f, s, t: np.percentile(t @ (s - f) / t.sum(axis=1), [2.5, 97.5]), "second minus first"),
        (lambda f, s, t: np.percentile(t @ (f - s), [2.5, 97.5]), "sum"),
        (lambda f, s, t: np.percentile(f - s, [2.5, 97.5]), "nothing was drawn"),
        (lambda f, s, t: np.percentile(t @ (f - s) / len(f), [5, 95]), "90 %"),
        (lambda f, s, t: [min(t @ (f - s) / len(f)), max(t @ (f - s) / len(f))], "whole range"),
        (lambda f, s, t: np.percentile((t @ (f - s)) / t.sum(axis=1), 2.5), "shape (2,), the lower"),
        (normal_interval, "1.96"),
    ],
    "split_verdict": [
        (["jumping", "running"], "not running"),
        (["jumping", "soccer"], "Not soccer"),
        (["jumping", "walking"], "1 more belongs"),
        ("jumping", "2 more belong"),
        (["juggling"], "none of the actions"),
        (4, "list of actions"),
        ("jumping, soccer", "commas"),
        ({"jumping": True, "running": False}, "dict"),
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
