"""Answer checks of ``notebooks/07_beyond_the_paper``."""

import math
from collections.abc import Callable

import numpy as np

from cs2s.evaluation.measured import measured
from cs2s.files.places import data_file
from cs2s.workbook.verdict import Verdict, chosen_names, judge_function

__all__ = ["beyond_a_seed", "blind", "culprit", "cut", "gained", "paired", "smoothed", "split_verdict"]


def cut(answer: object) -> Verdict:
    """Judge a function ``cut(frames)``: the frame of a file at which validation begins."""
    return judge_function(
        answer,
        lambda frames: frames - max(35, round(0.2 * frames)),
        [(400,), (120,), (418,), (401,), (160,), (180,), (190,), (250,)],
        praise="Up to 177 frames the 35 decide, from 178 on the fifth.",
        mistakes={
            "This is how many frames are held out; where they begin is wanted: subtract them from all.": (
                lambda n: max(35, round(0.2 * n))
            ),
            "The 35 frames at least are missing: a short file holds out too little to predict.": (
                lambda n: n - round(0.2 * n)
            ),
            "At least 35 frames are held out: of the numbers held out the larger one counts (max), of the places "
            "where validation may begin the smaller one (min).": lambda n: n - min(35, round(0.2 * n)),
            "A fifth is held out, not a quarter.": lambda n: n - max(35, round(0.25 * n)),
            "This holds out four fifths; the last fifth is wanted.": lambda n: n - max(35, round(0.8 * n)),
            "Round the fifth to whole frames.": lambda n: n - max(35, 0.2 * n),
            "Round to the nearest frame; this rounds down.": lambda n: n - max(35, int(0.2 * n)),
            "Round to the nearest frame; this rounds up.": lambda n: n - max(35, math.ceil(0.2 * n)),
        },
        tolerance=1e-9,
    )


def _beyond(seeds: np.ndarray, variant: np.ndarray) -> np.ndarray:
    others = (seeds.sum(axis=0) - seeds) / (len(seeds) - 1)
    return np.abs(variant / seeds.mean(axis=0) - 1) > np.abs(seeds / others - 1).max(axis=0)


def beyond_a_seed(answer: object) -> Verdict:
    """Judge a function ``beyond_a_seed(seeds, variant)``: where a variant changes more than a seed, ``(frames,)``."""

    def pooled(seeds: np.ndarray, variant: np.ndarray) -> np.ndarray:
        others = (seeds.sum(axis=0) - seeds) / 2
        return np.abs(variant / seeds.mean(axis=0) - 1) > np.abs(seeds / others - 1).max()

    def from_mean_of_all(seeds: np.ndarray, variant: np.ndarray) -> np.ndarray:
        mean = seeds.mean(axis=0)
        return np.abs(variant / mean - 1) > np.abs(seeds / mean - 1).max(axis=0)

    def worse_only(seeds: np.ndarray, variant: np.ndarray) -> np.ndarray:
        others = (seeds.sum(axis=0) - seeds) / 2
        return variant / seeds.mean(axis=0) - 1 > np.abs(seeds / others - 1).max(axis=0)

    def from_a_sum(seeds: np.ndarray, variant: np.ndarray) -> np.ndarray:
        others = seeds.sum(axis=0) - seeds
        return np.abs(variant / seeds.sum(axis=0) - 1) > np.abs(seeds / others - 1).max(axis=0)

    def than(yard: Callable) -> Callable:
        """Return a function with the right distance and another yardstick, a share of the seeds' mean."""
        return lambda s, v: np.abs(v / s.mean(axis=0) - 1) > yard(s)

    def apart(seeds: np.ndarray) -> np.ndarray:
        return np.abs(seeds - (seeds.sum(axis=0) - seeds) / 2)

    # Seeds differ from the mean of the other two by up to 10, 7, 1, 2.5 and 88 per cent; the variants lie between what
    # is right and what each usual mistake takes for the yardstick, so that no two mistakes agree on all these frames.
    five = np.array([[0.36, 1.5, 1.01, 1.02, 0.5], [0.33, 1.62, 1.0, 1.03, 0.8], [0.375, 1.53, 1.01, 1.0, 0.35]])
    seeds = np.repeat(five, (5, 4, 2, 2, 2), axis=1)
    mean = seeds.mean(axis=0)
    changes = np.array(
        [10.4, 11, 12, -5.8, -2.8, -6.6, -0.8, 2.4, 7.8, -15.2, 0.6, 1.4, 60, 47, 95],
    )
    return judge_function(
        answer,
        _beyond,
        [(seeds, mean * (1 + changes / 100)), (seeds[[1, 2, 0]], mean * (1 - changes / 100))],
        praise="Each frame has a yardstick of its own: one that scatters much must not lend it to one that does not.",
        axes="(frames,)",
        mistakes={
            "All frames are measured by the frame that scatters most. Give each its own: max(axis=0).": pooled,
            "Each seed is compared with a mean that it is part of: it pulls that towards itself. Take the other two.": (
                from_mean_of_all
            ),
            "Only changes for the worse are counted; one for the better can be luck, too.": worse_only,
            "A sum stands where a mean is wanted: divide by how many seeds there are.": from_a_sum,
            "The yardstick is the mean of what the seeds do; the one that differs most is wanted: max.": than(
                lambda s: np.abs(s / ((s.sum(axis=0) - s) / 2) - 1).mean(axis=0)
            ),
            "The yardstick is the seed that differs least; take the one that differs most.": than(
                lambda s: np.abs(s / ((s.sum(axis=0) - s) / 2) - 1).min(axis=0)
            ),
            "The yardstick is the first seed alone; any of the three may differ most.": than(
                lambda s: np.abs(s / ((s.sum(axis=0) - s) / 2) - 1)[0]
            ),
            "A seed that is lower differs, too: abs is missing where the seeds are compared.": than(
                lambda s: (s / ((s.sum(axis=0) - s) / 2) - 1).max(axis=0)
            ),
            "The yardstick is the whole range; asked is how far one is from the mean of the other two.": than(
                lambda s: np.ptp(s, axis=0) / s.mean(axis=0)
            ),
            "The yardstick is a standard deviation; take the distance from the mean of the other two.": than(
                lambda s: s.std(axis=0) / s.mean(axis=0)
            ),
            "The yardstick is a standard deviation (with n - 1); take distances from means of the other two.": than(
                lambda s: s.std(axis=0, ddof=1) / s.mean(axis=0)
            ),
            "The yardstick is two standard deviations; take the distance from the mean of the other two.": than(
                lambda s: 2 * s.std(axis=0) / s.mean(axis=0)
            ),
            "The yardstick is two standard deviations (with n - 1); take distances from means of the other two.": than(
                lambda s: 2 * s.std(axis=0, ddof=1) / s.mean(axis=0)
            ),
            "A seed's difference is a share of the mean of the other two, not of the mean of all, or none.": (
                than(lambda s: apart(s).max(axis=0) / s.mean(axis=0))
            ),
            "A seed's difference is a share of the mean of the other two, not of the seed itself.": than(
                lambda s: (apart(s) / s).max(axis=0)
            ),
            "The fractions are upside down: variant over mean, and seed over the mean of the other two.": (
                lambda s, v: np.abs(s.mean(axis=0) / v - 1) > np.abs((s.sum(axis=0) - s) / 2 / s - 1).max(axis=0)
            ),
            "This tells where it is not more than a seed; turn it round.": lambda s, v: ~_beyond(s, v),
            "This asks whether the variant is outside the range of the seeds; a difference from a mean is asked.": (
                lambda s, v: (v < s.min(axis=0)) | (v > s.max(axis=0))
            ),
        },
    )


def _blind(recent: int) -> list[int]:
    return list(range(max(48, 50 - recent + recent // 8 * 8), 50))


def blind(answer: object) -> Verdict:
    """Judge a function ``blind(recent)``: the observed frames that no encoder sees, a list."""
    return judge_function(
        answer,
        _blind,
        # In this order each usual mistake is the only one to fail first as it does.
        [(31,), (20,), (13,), (17,), (8,), (26,), (9,), (24,)],
        praise="The oldest frames fill whole eights, and what is left over at the new end falls off.",
        any_order=True,
        mistakes={
            "The short-term encoder is right, but the long-term one sees frames 0 to 47: they are not blind.": (
                lambda n: range(50 - n + n // 8 * 8, 50)
            ),
            "That is what falls off of a window numbered from 0; say which frames of the 50 they are.": (
                lambda n: range(n // 8 * 8, n)
            ),
            "What falls off lies at the new end of the window, not at the old one.": (
                lambda n: range(50 - n, 50 - n // 8 * 8)
            ),
            "The frames are halved three times, so whole eights are seen, not whole fours.": (
                lambda n: range(max(48, 50 - n % 4), 50)
            ),
            "More than one frame can be left over: up to seven, of which the long-term encoder sees all but two.": (
                lambda n: [49] if n % 8 else []
            ),
            "The frames are halved three times: whole eights are seen, not whole sixteens.": (
                lambda n: range(max(48, 50 - n % 16), 50)
            ),
            "One too many: 49 is the newest frame.": lambda n: [*_blind(n), 50],
            "One too few: the newest frame, 49, counts.": lambda n: _blind(n)[:-1],
            "These are the frames that are seen; the others are wanted.": lambda n: [
                t for t in range(50) if t not in _blind(n)
            ],
            "It depends on the window: a multiple of 8 frames loses nothing.": lambda n: [48, 49],
            "Frames are numbered from 0: the newest of 50 is frame 49.": lambda n: [t + 1 for t in _blind(n)],
            "This is how many they are; give the list of their numbers.": lambda n: len(_blind(n)),
            "This list is empty; but the window is no multiple of 8, and what is left over of it falls off.": (
                lambda n: []
            ),
        },
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


def _culprit(differences: np.ndarray, turned: np.ndarray) -> int:
    return int(((differences**2).sum(axis=1) - turned**2).argmax())


def culprit(answer: object) -> Verdict:
    """Judge a function ``culprit(differences, turned)``: the joint whose Euler angles inflate a window most."""
    # Each usual mistake names another joint of these; the one after the right one is named by none.
    differences = np.array(
        [
            [-1.7, 0.0, 2.1],
            [-3.2, 0.2, -1.4],
            [-1.9, 1.6, 4.7],
            [1.4, 4.3, 1.2],
            [-2.3, -3.7, 0.0],
            [3.0, 3.4, 0.5],
            [0.3, 0.0, -0.2],
            [-0.5, 3.8, -2.4],
            [-4.7, 2.8, -2.2],
            [2.4, -3.9, -3.5],
            [-3.9, 2.4, 3.5],
            [-4.9, -0.3, 0.1],
            [-0.4, 0.3, 0.8],
            [0.0, 1.1, 4.8],
            [4.2, 0.2, 0.3],
            [-4.3, -0.1, 3.9],
            [0.6, 1.6, -0.9],
        ]
    )
    turned = np.array(
        [1.67, 0.06, 1.25, 0.65, 0.081, 2.25, 0.89, 0.277, 2.88, 2.77, 2.98, 2.64, 0.217, 1.22, 0.27, 2.05, 0.146]
    )
    order = np.random.default_rng(3).permutation(len(turned))
    # A joint that is turned far, and whose Euler angles hide it: they deflate the error more than any inflates it.
    small, far = differences[order] / 4, turned[order] / 4
    hidden = int((_culprit(small, far) + 5) % len(far))
    small[hidden], far[hidden] = (0.2, -0.1, 0.1), 3.1

    def wrapped(d: np.ndarray, t: np.ndarray) -> int:
        return int(((((d + np.pi) % (2 * np.pi) - np.pi) ** 2).sum(axis=1) - t**2).argmax())

    mistakes: dict[str, Callable] = {
        "That joint's angle is larger than its Euler error, which so comes out too small; no abs.": (
            lambda d, t: int(np.abs((d**2).sum(axis=1) - t**2).argmax())
        ),
        "That joint has the largest Euler error, but its rotation is wrong, too: what would be left with its angle?": (
            lambda d, t: int((d**2).sum(axis=1).argmax())
        ),
        "That is the joint whose rotation is most wrong; the one whose Euler angles inflate the error is wanted.": (
            lambda d, t: int(t.argmax())
        ),
        "Squares add up in a length, lengths do not: compare the squared Euler error with the squared angle.": (
            lambda d, t: int((np.linalg.norm(d, axis=1) - t).argmax())
        ),
        "That has the largest ratio; a small joint can have it and not matter.": (
            lambda d, t: int((np.linalg.norm(d, axis=1) / t).argmax())
        ),
        "The differences were wrapped; the published error does not wrap them, and it is what is to be explained.": (
            wrapped
        ),
        "That is the joint with the least; argmax, not argmin.": (
            lambda d, t: int(((d**2).sum(axis=1) - t**2).argmin())
        ),
        "A single angle was looked at; the error takes all three of a joint.": (
            lambda d, t: int(np.abs(d).max(axis=1).argmax())
        ),
        "A single angle was squared; the error takes all three of a joint.": (
            lambda d, t: int((np.abs(d).max(axis=1) ** 2 - t**2).argmax())
        ),
        "A single angle was looked at, and lengths were subtracted; take the squares of all three.": (
            lambda d, t: int((np.abs(d).max(axis=1) - t).argmax())
        ),
        "The one angle takes the place of the sum of three squares: here it is subtracted from each of them, or from "
        "their mean.": lambda d, t: int((d**2 - t[:, None] ** 2).sum(axis=1).argmax()),
        "A length was compared with a square: square both, or the root is taken too early.": (
            lambda d, t: int((np.linalg.norm(d, axis=1) - t**2).argmax())
        ),
        "Almost: joints are numbered from 0.": lambda d, t: _culprit(d, t) + 1,
    }
    return judge_function(
        answer,
        _culprit,
        [(differences, turned), (differences[order], turned[order]), (small, far)],
        praise="A thumb turned over is truly wrong. The arm is hardly wrong, and pays for it all the same.",
        mistakes=mistakes,
    )


def _paired(first: np.ndarray, second: np.ndarray, times: np.ndarray) -> np.ndarray:
    return np.percentile(times @ (first - second) / times.sum(axis=1), [2.5, 97.5])


def paired(answer: object) -> Verdict:
    """Judge a function ``paired(first, second, times)``: the 95 % interval of a difference, ``(2,)``."""
    inputs = []
    for seed, blocks in ((6, 9), (7, 14)):  # so many draws that all methods of percentiles agree to 0.002
        draws = np.random.default_rng(seed)
        hard = 8 + 3 * draws.normal(size=blocks)
        first, second = hard - 0.4 + 0.3 * draws.normal(size=blocks), hard + 0.3 * draws.normal(size=blocks)
        inputs.append((first, second, draws.multinomial(blocks, np.full(blocks, 1 / blocks), size=2000)))

    def means(errors: np.ndarray, times: np.ndarray) -> np.ndarray:
        return times @ errors / times.sum(axis=1)

    def ends(values: np.ndarray, outside: float = 2.5) -> np.ndarray:
        return np.percentile(values, [outside, 100 - outside])

    return judge_function(
        answer,
        _paired,
        inputs,
        praise="What is hard for both drops out before the interval is formed. Both ends on one side of 0: told apart.",
        axes="(2,), the lower and the upper end",
        tolerance=0.002,
        mistakes={
            "Two intervals were formed and subtracted: form the difference in each draw first, then one interval.": (
                lambda f, s, t: ends(means(f, t)) - ends(means(s, t))
            ),
            "Two intervals were set against each other, lower end against upper: the pairs are lost that way.": (
                lambda f, s, t: ends(means(f, t)) - ends(means(s, t))[::-1]
            ),
            "The two were not drawn together: the same row of times goes with both.": (
                lambda f, s, t: ends(means(f, t) - means(s, t[::-1]))
            ),
            "This is second minus first.": lambda f, s, t: ends(means(s - f, t)),
            "A sum stands where a mean is wanted: divide by how many blocks were drawn.": lambda f, s, t: ends(
                t @ (f - s)
            ),
            "Nothing was drawn: this is how the blocks scatter, not how their mean does.": lambda f, s, t: ends(f - s),
            "Between 5 and 95 lie 90 %; 2.5 are left out on each side.": lambda f, s, t: ends(means(f - s, t), 5),
            "This is the whole range of the draws; 95 % of them are wanted.": lambda f, s, t: ends(means(f - s, t), 0),
            "This is the interval of the first alone.": lambda f, s, t: ends(means(f, t)),
            "This is the mean with 1.96 standard deviations to each side; the percentiles 2.5 and 97.5 are wanted.": (
                lambda f, s, t: means(f - s, t).mean() + 1.96 * means(f - s, t).std() * np.array([-1, 1])
            ),
        },
    )


def _split() -> tuple[set[str], list[str]]:
    """Return the actions in which the first is better in radians and worse in millimetres, and all actions."""
    folder = data_file("results") / "predictors"
    errors = []
    for protocol, name in (("paper", "angle_error"), ("corrected", "mpjpe_mm")):
        found = measured(folder, protocol)
        of_both = [
            {a: np.mean([run.actions[a].scores[name][9] for run in found[title]]) for a in found[title][0].actions}
            for title in ("average", "pose-mlp")
        ]
        errors.append({action: of_both[0][action] - of_both[1][action] for action in of_both[0]})
    radians, millimetres = errors
    return {action for action in radians if radians[action] < 0 < millimetres[action]}, list(radians)


def split_verdict(answer: object) -> Verdict:
    """Judge a list of actions: where ``average`` is ahead of ``pose-mlp`` in Euler angles and behind in millimetres."""
    right, actions = _split()
    chosen = chosen_names(answer, actions, "actions")
    if isinstance(chosen, Verdict):
        return chosen
    if wrong := sorted(chosen - right):
        return Verdict(False, f"Not {wrong[0]}: look at the signs of both differences there.")
    if missing := right - chosen:
        return Verdict(False, f"So far so good; {len(missing)} more belong{'s' if len(missing) == 1 else ''} to them.")
    return Verdict(
        True,
        f"In {len(right)} of {len(actions)} actions the measure decides who wins; neither is wrong.",
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
