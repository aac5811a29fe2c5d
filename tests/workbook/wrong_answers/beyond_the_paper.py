"""What learners really answer in 07_beyond_the_paper, and the word that its checks must say of it."""

import math

import numpy as np


def mean_from_zero(weights, decay):
    mean = np.zeros(weights.shape[1])
    for new in weights:
        mean = decay * mean + (1 - decay) * new
    return mean


def exchanged(weights, decay):
    mean = weights[0]
    for new in weights[1:]:
        mean = (1 - decay) * mean + decay * new
    return mean


def all_means(weights, decay):
    means = [weights[0]]
    for new in weights[1:]:
        means.append(decay * means[-1] + (1 - decay) * new)
    return np.array(means)


def unchanged_signs(maps, other):
    mirrored = maps.copy()
    for joint, partner in enumerate(other):
        mirrored[joint] = maps[partner]
    return mirrored


def largest(curve, basis, kept):
    coefficients = basis @ curve
    small = np.argsort(np.abs(coefficients))[:-kept]
    coefficients[small] = 0
    return basis.T @ coefficients


WRONG = {
    "tempting_report": [
        ("right", "luck"),
        ("too high", "other way round"),
        ("too good", "choose one of"),
        (8, "choose one of"),
    ],
    "cut": [
        (lambda frames: frames - max(35, math.ceil(0.2 * frames)), "rounds up"),
        (lambda n: n - int(n * 0.2), "35 frames"),
        (lambda n: round(n * 0.8), "35 frames"),
        (lambda n: max(35, round(n / 5)), "held out"),
        (lambda n: n - min(35, round(n / 5)), "max"),
        (lambda n: n - max(35, n // 5), "rounds down"),
        (lambda n: n - max(35, n / 5), "whole frames"),
        (lambda n: n - max(35, round(n / 4)), "quarter"),
        (320, "function"),
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
    "in_the_mirror": [
        (unchanged_signs, "signs"),
        (lambda m, o: m * np.array([1, -1, -1]), "change places"),
        (lambda m, o: m[o] * np.array([-1, 1, 1]), "places are mirrored"),
        (lambda m, o: -m[o], "all three"),
        (lambda m, o: m[o] * np.array([1, -1, 1]), "z changes"),
        (lambda m, o: m[:, [0, 2, 1]], "not"),
    ],
    "running_mean": [
        (exchanged, "exchanged"),
        (mean_from_zero, "starts at 0"),
        (lambda w, d: w.mean(axis=0), "plain mean"),
        (lambda w, d: w[-1], "last weights"),
        (lambda w, d: d * w[-2] + (1 - d) * w[-1], "last two"),
        (all_means, "shape"),
    ],
    "gained": [
        (lambda g: g.var(), "everything"),
        (lambda g: np.var(g, axis=0), "missing"),
        (lambda g: np.std(g, axis=0).mean(), "standard deviation"),
        (lambda g: np.var(g, axis=0, ddof=1).mean(), "n - 1"),
        (lambda g: np.square(g - g.mean(axis=0)).sum(), "too large"),
        (lambda g: -g.var(axis=0).mean(), "sign"),
    ],
}
