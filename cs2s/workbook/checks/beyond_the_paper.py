"""Answer checks of ``notebooks/07_beyond_the_paper``."""

import math

import numpy as np

from cs2s.workbook.verdict import Verdict, judge_choice, judge_function

__all__ = ["cut", "gained", "in_the_mirror", "running_mean", "smoothed", "tempting_report"]


def tempting_report(answer: object) -> Verdict:
    """Judge what an error is that chose among models: ``"too low"``, ``"right"`` or ``"too high"``."""
    return judge_choice(
        answer,
        "too low",
        praise="The least of eight noisy errors is low partly by luck, and luck does not come again on new windows.",
        reasons={
            "right": "It would be right for a model that these windows did not choose. Of eight noisy numbers the "
            "least was taken: part of it is luck.",
            "too high": "It is the other way round: the least of eight noisy numbers was taken, and noise goes down "
            "as well as up.",
        },
    )


def cut(answer: object) -> Verdict:
    """Judge a function ``cut(frames)``: the frame of a file at which validation begins."""
    return judge_function(
        answer,
        lambda frames: frames - max(35, round(0.2 * frames)),
        [(400,), (120,), (418,), (401,)],
        praise="Below 175 frames the 35 decide, above it the fifth.",
        mistakes={
            "This is how many frames are held out; where they begin is wanted: subtract them from all.": (
                lambda n: max(35, round(0.2 * n))
            ),
            "The 35 frames at least are missing: a short file holds out too little to predict.": (
                lambda n: n - round(0.2 * n)
            ),
            "max, not min: at least 35 frames are held out.": lambda n: n - min(35, round(0.2 * n)),
            "A fifth is held out, not a quarter.": lambda n: n - max(35, round(0.25 * n)),
            "This holds out four fifths; the last fifth is wanted.": lambda n: n - max(35, round(0.8 * n)),
            "Round the fifth to whole frames.": lambda n: n - max(35, 0.2 * n),
            "Round to the nearest frame; this rounds down.": lambda n: n - max(35, int(0.2 * n)),
            "Round to the nearest frame; this rounds up.": lambda n: n - max(35, math.ceil(0.2 * n)),
        },
        tolerance=1e-9,
    )


def smoothed(answer: object) -> Verdict:
    """Judge a function ``smoothed(curve, basis, kept)``: the curve of the first cosines, ``(frames,)``."""
    draws = np.random.default_rng(2)
    # Any orthonormal basis does.
    bases = [np.linalg.qr(draws.normal(size=(frames, frames)))[0] for frames in (30, 20)]

    def last(curve: np.ndarray, basis: np.ndarray, kept: int) -> np.ndarray:
        return basis[-kept:].T @ (basis[-kept:] @ curve)

    return judge_function(
        answer,
        lambda curve, basis, kept: basis[:kept].T @ (basis[:kept] @ curve),
        [(draws.normal(size=len(basis)), basis, kept) for basis, kept in zip(bases, (8, 3), strict=True)],
        praise="With all cosines kept it is the curve itself; with one, its mean.",
        axes="(frames,)",
        mistakes={
            "These are the coefficients that are kept; the transpose of the basis brings them back to time.": (
                lambda c, b, k: b[:k] @ c
            ),
            "All cosines were kept: this is the curve itself.": lambda c, b, k: c,
            "The fastest cosines were kept; the slow ones come first.": last,
            "The largest coefficients were kept; the first ones are wanted, the slow cosines.": (
                lambda c, b, k: b[np.argsort(-np.abs(b @ c))[:k]].T @ (b @ c)[np.argsort(-np.abs(b @ c))[:k]]
            ),
            "What is left out was returned: this is the curve minus the smooth one.": (
                lambda c, b, k: c - b[:k].T @ (b[:k] @ c)
            ),
            "The basis was cut by columns (frames); its rows are the cosines.": (
                lambda c, b, k: b[:, :k] @ (b[:, :k].T @ c)
            ),
            "The basis and its transpose are exchanged: basis @ curve comes first.": lambda c, b, k: b[:k].T @ c[:k],
            "One cosine too few is kept: number 0, the constant, counts.": (
                lambda c, b, k: b[: k - 1].T @ (b[: k - 1] @ c)
            ),
            "One cosine too many is kept.": lambda c, b, k: b[: k + 1].T @ (b[: k + 1] @ c),
            "The constant is left out: number 0 counts among those kept.": (
                lambda c, b, k: b[1 : k + 1].T @ (b[1 : k + 1] @ c)
            ),
        },
    )


def in_the_mirror(answer: object) -> Verdict:
    """Judge a function ``in_the_mirror(maps, other)``: the mirrored exponential maps, ``(joints, 3)``."""
    draws = np.random.default_rng(3)
    return judge_function(
        answer,
        lambda maps, other: maps[other] * [1, -1, -1],
        [(draws.normal(size=(5, 3)), np.array([0, 3, 4, 1, 2])), (draws.normal(size=(3, 3)), np.array([2, 1, 0]))],
        praise="A turn about x looks the same in the mirror, turns about y and z go the other way round.",
        axes="(joints, 3)",
        mistakes={
            "The joints are swapped, the signs are not changed: turns about y and z go the other way round.": (
                lambda m, o: m[o]
            ),
            "The signs are right, but left and right joints must change places.": lambda m, o: m * [1, -1, -1],
            "That is how places are mirrored; of a turn, x stays and the other two change sign.": (
                lambda m, o: m[o] * [-1, 1, 1]
            ),
            "Joints not swapped, and signs as for places: of a turn, x stays and the other two change sign.": (
                lambda m, o: m * [-1, 1, 1]
            ),
            "All three signs were changed: that turns every joint back, and is no mirror.": lambda m, o: -m[o],
            "Only y was turned around; z changes sign, too.": lambda m, o: m[o] * [1, -1, 1],
            "Only z was turned around; y changes sign, too.": lambda m, o: m[o] * [1, 1, -1],
        },
    )


def _running_mean(weights: np.ndarray, decay: float, start: float | None = None) -> np.ndarray:
    mean = weights[0] if start is None else np.full(weights.shape[1], start)
    for new in weights[1:] if start is None else weights:
        mean = decay * mean + (1 - decay) * new
    return mean


def running_mean(answer: object) -> Verdict:
    """Judge a function ``running_mean(weights, decay)``: the last running mean, ``(n,)``."""
    draws = np.random.default_rng(4)
    return judge_function(
        answer,
        _running_mean,
        [(draws.normal(size=(12, 3)), 0.9), (draws.normal(size=(7, 2)), 0.6)],
        praise="Iterations long past count less and less; the last 1 / (1 - decay) make up most of it.",
        axes="(n,)",
        mistakes={
            "decay and 1 - decay are exchanged: the mean keeps the share decay.": lambda w, d: _running_mean(w, 1 - d),
            "The mean starts at 0; it should start as the first weights.": lambda w, d: _running_mean(w, d, 0.0),
            "This is the plain mean of all iterations.": lambda w, d: w.mean(axis=0),
            "These are the last weights.": lambda w, d: w[-1],
            "This mixes the first weights with the last ones only; every iteration moves the mean.": (
                lambda w, d: d * w[0] + (1 - d) * w[-1]
            ),
            "This mixes the last two iterations only; the mean before goes in, not the weights before.": (
                lambda w, d: d * w[-2] + (1 - d) * w[-1]
            ),
            "The last weights are left out.": lambda w, d: _running_mean(w[:-1], d),
        },
    )


def gained(answer: object) -> Verdict:
    """Judge a function ``gained(guesses)``: by how much averaging lowers the mean squared error, a number."""
    draws = np.random.default_rng(5)
    return judge_function(
        answer,
        lambda guesses: guesses.var(axis=0).mean(),
        [(draws.normal(size=(3, 4, 5)) + 1,), (2 * draws.normal(size=(4, 6)) + np.arange(6),)],
        praise="The more the members disagree, the more their average gains, whatever the truth is.",
        mistakes={
            "This is the variance over everything; members disagree at each place: axis 0.": lambda g: g.var(),
            "The mean over all places is missing.": lambda g: g.var(axis=0),
            "This is a standard deviation; squared errors differ by the variance.": lambda g: g.std(axis=0).mean(),
            "This divides by n - 1; in the equation it is n.": lambda g: g.var(axis=0, ddof=1).mean(),
            "The last axis was taken; members are axis 0.": lambda g: g.var(axis=-1).mean(),
            "This is summed over the places; the mean is wanted.": lambda g: g.var(axis=0).sum(),
            "This is a mean of absolute differences; the equation has squares.": (
                lambda g: np.abs(g - g.mean(axis=0)).mean()
            ),
            "This sums over the members; the equation has their mean.": (
                lambda g: np.square(g - g.mean(axis=0)).sum(axis=0).mean()
            ),
        },
    )
