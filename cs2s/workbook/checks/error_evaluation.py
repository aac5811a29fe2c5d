"""Answer checks of ``notebooks/05_error_evaluation``."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_euler, rotmat_to_expmap
from cs2s.workbook.verdict import NO_ORDER, Verdict, judge_function

__all__ = ["angle_between", "at_the_frame", "error_by_hand", "paired"]


def _judge_in_order(answer: object, right: Callable, inputs: Sequence[tuple], **told: Any) -> Verdict:
    """Judge a function by `judge_function`, and refuse sets where the order of numbers counts."""
    sets = []

    def call(*arguments: object) -> object:
        result = answer(*arguments)  # type: ignore[operator]
        sets.append(isinstance(result, set | frozenset))
        return result

    verdict = judge_function(call if callable(answer) else answer, right, inputs, **told)
    if any(sets):
        return NO_ORDER
    return verdict


def _moves(angles: np.ndarray) -> np.ndarray:
    """Tell which columns of whole windows ``(windows, frames, columns)`` count, ``(windows, columns)``."""
    return angles.std(axis=1) > 1e-4


def _differences(true: np.ndarray, guess: np.ndarray, moves: Callable = _moves) -> np.ndarray:
    """Return future differences ``(windows, frames, columns)``, 0 where a column does not count."""
    return (true[:, -guess.shape[1] :] - guess) * np.broadcast_to(moves(true), true[:, 0].shape)[:, None]


def _norms(differences: np.ndarray) -> np.ndarray:
    return np.linalg.norm(differences, axis=-1)


def _by(moves: Callable) -> Callable:
    """Return the error with columns chosen in another way."""
    return lambda true, guess: _norms(_differences(true, guess, moves)).mean(axis=0)


def _of(measure: Callable) -> Callable:
    """Return the error with something else made of the right differences."""
    return lambda true, guess: measure(_differences(true, guess))


def _until(errors: np.ndarray) -> np.ndarray:
    return np.cumsum(errors) / np.arange(1, len(errors) + 1)


def _where_moving(differences: np.ndarray) -> np.ndarray:
    """Average squares over the columns that count, where their sum is wanted."""
    counted = (differences != 0).any(axis=1).sum(axis=-1)
    return np.sqrt((differences**2).sum(axis=-1) / np.maximum(counted, 1)[:, None]).mean(axis=0)


def _whole_windows() -> np.ndarray:
    """Return Euler angles of windows ``(3, 64, 13)`` whose columns try every mistake."""
    draws = np.random.default_rng(4)
    angles = draws.normal(size=(3, 64, 13))
    angles[:, :, 1] = [[0.1], [0.2], [0.3]]  # constant in each window, but not the same in all
    angles[:, :, 2] *= 5e-3  # moves, though its variance is below 1e-4
    angles[:, :, 3] *= 5e-5  # all but constant
    angles[:, 7:, 4] = 0.7  # moves in the beginning only
    # A standard deviation of exactly 1e-4: powers of 2 round nothing.
    angles[:, :, 5] = 0
    angles[:, 3:7, 5] = [4e-4, -4e-4, 4e-4, -4e-4]
    angles[:, :50, 6] = 0.3  # moves after the observed frames only
    angles[:, :, 7] *= 5e-4  # moves less than 1e-3
    angles[:, :, 8] *= 1e-6  # all but constant, even by its range
    # The windows differ in what moves, so that none can decide for the others.
    angles[2, :, 9] = 0.4
    angles[:2, :, 10] = -0.6
    angles[:, :, 11] = np.linspace(0, 1, 64)  # turns steadily: all steps are equal
    # A standard deviation a little above 1e-4, and a mean distance from the mean a little below.
    angles[:, :, 12] = 0
    angles[:, ::8, 12] = 3.9e-4
    return angles


def error_by_hand(answer: object) -> Verdict:
    """Judge a function ``error_by_hand(true_windows, predicted)``: the paper's error at each frame, ``(frames,)``.

    Both hold Euler angles, ``(windows, observed + frames, columns)`` and ``(windows, frames, columns)``.
    """
    draws = np.random.default_rng(3)
    # In the first all columns move, and some differ by more than half a turn, so that wrapping them is noticed.
    inputs = [
        (draws.normal(scale=2, size=(4, 15, 9)), draws.normal(scale=2, size=(4, 6, 9))),
        (_whole_windows(), draws.normal(size=(3, 14, 13))),
    ]
    inputs[1][1][..., 0] = 0.5  # predicted to stand still, and moves
    return _judge_in_order(
        answer,
        _by(_moves),
        inputs,
        praise="Which columns count, a norm over them, and the mean over windows last: that is the paper's error.",
        axes="(frames,)",
        mistakes={
            "The root is missing: this is the mean of the sums of squares.": _of(
                lambda d: (d**2).sum(axis=-1).mean(axis=0)
            ),
            "The mean came before the norm: errors of opposite sign in two windows then cancel.": _of(
                lambda d: _norms(d.mean(axis=0))
            ),
            "The mean over windows was taken under the root; first the root in each window, then the mean.": _of(
                lambda d: np.sqrt((d**2).sum(axis=-1).mean(axis=0))
            ),
            "Squares were averaged over columns; the Euclidean norm sums them.": _of(
                lambda d: np.sqrt((d**2).mean(axis=-1)).mean(axis=0)
            ),
            "Squares were averaged over the columns that count; the Euclidean norm sums them.": _of(_where_moving),
            "This is one mean and one root over windows and columns together: sum over columns, root, then the mean.": (
                _of(lambda d: np.sqrt((d**2).mean(axis=(0, 2))))
            ),
            "The norm was taken over the windows (axis 0); it goes over the columns, the last axis.": _of(
                lambda d: np.linalg.norm(d, axis=0).mean(axis=-1)
            ),
            "These are sums of absolute differences; the Euclidean norm takes squares and a root.": _of(
                lambda d: np.abs(d).sum(axis=-1).mean(axis=0)
            ),
            "The differences were wrapped into half a turn; the paper's error takes them as they are.": _of(
                lambda d: _norms((d + np.pi) % (2 * np.pi) - np.pi).mean(axis=0)
            ),
            "This is a sum over the windows; the mean is wanted.": _of(lambda d: _norms(d).sum(axis=0)),
            "This compares steps from frame to frame; poses are wanted.": (
                lambda t, p: _norms(np.diff(t[:, -p.shape[1] :], axis=1) - np.diff(p, axis=1)).mean(axis=0)
            ),
            "The mean over windows (axis 0) is missing.": _of(_norms),
            "The norm was taken over the frames (axis 1); it goes over the columns, the last axis.": _of(
                lambda d: np.linalg.norm(d, axis=1).mean(axis=0)
            ),
            "This is the mean until each frame; the error at the frame is wanted.": _of(
                lambda d: _until(_norms(d).mean(axis=0))
            ),
            "The prediction is compared with the first frames of the windows; its truth is their last ones.": (
                lambda t, p: _norms((t[:, : p.shape[1]] - p) * _moves(t)[:, None]).mean(axis=0)
            ),
            "Off by one: the last true frame is left out, for a slice up to -1 ends before it.": (
                lambda t, p: _norms((t[:, -p.shape[1] - 1 : -1] - p) * _moves(t)[:, None]).mean(axis=0)
            ),
            "All columns count here; those that stand still in the true window must not.": _by(lambda a: True),
            "The other way round: columns that move are those that count.": _by(lambda a: ~_moves(a)),
            "Exactly 1e-4 does not count as moving: > and not >= (or ddof=1 is one too many).": _by(
                lambda a: a.std(axis=1) >= 1e-4
            ),
            "Which columns move was measured over the windows (axis 0); the frames are axis 1.": (
                lambda t, p: _norms((t[:, -p.shape[1] :] - p) * (t.std(axis=0) > 1e-4)[-p.shape[1] :]).mean(axis=0)
            ),
            "This throws all windows together to see what moves; each window decides for itself.": _by(
                lambda a: a.std(axis=(0, 1)) > 1e-4
            ),
            "The first window decides here for all; each window decides for itself which columns count.": _by(
                lambda a: _moves(a[:1])
            ),
            "Columns count here only if they move in all windows; each window decides for itself.": _by(
                lambda a: _moves(a).all(axis=0, keepdims=True)
            ),
            "Columns count here in all windows if they move in any; each window decides for itself.": _by(
                lambda a: _moves(a).any(axis=0, keepdims=True)
            ),
            "This measures steps from frame to frame: a steady turn has equal steps, and it moves.": _by(
                lambda a: np.diff(a, axis=1).std(axis=1) > 1e-4
            ),
            "This compares the variance with 1e-4; the standard deviation is its root.": _by(
                lambda a: a.var(axis=1) > 1e-4
            ),
            "Exactly constant columns only are left out; all but constant ones (at most 1e-4) do not count either.": (
                _by(lambda a: np.ptp(a, axis=1) > 0)
            ),
            "What moves was looked for in the future frames only; the observed ones belong to the window too.": (
                lambda t, p: _norms(_differences(t, p, lambda a: _moves(a[:, -p.shape[1] :]))).mean(axis=0)
            ),
            "What moves was looked for in the observed frames only; the future ones belong to the window too.": (
                lambda t, p: _norms(_differences(t, p, lambda a: _moves(a[:, : -p.shape[1]]))).mean(axis=0)
            ),
            "What moves was looked for in the prediction; the true window decides.": (
                lambda t, p: _norms(_differences(t, p, lambda _: _moves(p))).mean(axis=0)
            ),
            "This measures movement by something other than the standard deviation, by the range perhaps.": _by(
                lambda a: np.ptp(a, axis=1) > 1e-4
            ),
            "1e-3 is too much: 0.0001 is 1e-4.": _by(lambda a: a.std(axis=1) > 1e-3),
        },
    )


def at_the_frame(answer: object) -> Verdict:
    """Judge a function ``at_the_frame(until)``: from mean errors until each frame to those at it, ``(frames,)``."""

    def back(until: np.ndarray) -> np.ndarray:
        return np.diff(until * np.arange(1, len(until) + 1), prepend=0)

    draws = np.random.default_rng(8)
    return _judge_in_order(
        answer,
        back,
        [(_until(draws.gamma(3, 0.4, 10)),), (_until(draws.gamma(2, 0.5, 25)),)],
        praise="Times how many frames, it is a sum; and a sum less the one before it is the last that was added.",
        axes="(frames,)",
        mistakes={
            "These are the errors until each frame, as they were given.": lambda u: u,
            "This averages once more; undo the averaging.": _until,
            "Means do not subtract: the mean until frame t is a sum divided by t + 1.": lambda u: np.diff(u, prepend=0),
            "Means do not subtract, and one frame is lost on the way.": np.diff,
            "These are the sums until each frame; subtract the one before.": lambda u: u * np.arange(1, len(u) + 1),
            "Until frame t there are t + 1 frames, not t: they are numbered from 0.": (
                lambda u: np.diff(u * np.arange(len(u)), prepend=0)
            ),
            "The first frame is missing: its mean is of one frame, itself.": lambda u: back(u)[1:],
            "The first frame is 0 here; its mean is of one frame, itself.": lambda u: back(u) * (np.arange(len(u)) > 0),
        },
    )


def _about_z(degrees: float) -> np.ndarray:
    return expmap_to_rotmat(np.radians([0, 0, degrees]))


def _cosine(first: np.ndarray, second: np.ndarray) -> float:
    return float((np.trace(first.T @ second) - 1) / 2)


def _between(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.linalg.norm(rotmat_to_expmap(first.T @ second)))


def _unclipped(first: np.ndarray, second: np.ndarray) -> float:
    with np.errstate(invalid="ignore"):
        return float(np.arccos(_cosine(first, second)))


def _euler_apart(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return rotmat_to_euler(first) - rotmat_to_euler(second)


def angle_between(answer: object) -> Verdict:
    """Judge a function ``angle_between(first, second)`` of two rotation matrices ``(3, 3)``: one angle, radians."""
    vectors = np.random.default_rng(9).normal(size=(24, 3))
    matrices = expmap_to_rotmat(vectors)
    calls = [
        # On two sides of the seam, about axes askew: Euler angles, wrapped ones and vectors all say something else.
        (expmap_to_rotmat(np.array([0.3, 0.2, 3.0])), expmap_to_rotmat(np.array([-0.2, 0.4, -2.9]))),
        (matrices[0], matrices[1]),
        (_about_z(170), _about_z(-170)),
        (_about_z(10), _about_z(170)),
        (_about_z(190), _about_z(-170)),
        (_about_z(0), expmap_to_rotmat(np.pi * np.array([0.6, 0, 0.8]))),
        # Equal ones, of which rounding lifts some above a cosine of 1.
        *((matrix, matrix) for matrix in matrices),
    ]
    return judge_function(
        answer,
        _between,
        calls,
        praise="190 and -170 are 0 apart, 170 and -170 are 20. No seam, no lock, no nan.",
        mistakes={
            "For equal rotations this gives nan: rounding lifts the cosine a little above 1, so clip it.": _unclipped,
            "Rounding takes the cosine of half a turn a little below -1, and its nan became 0 here, where pi is right: "
            "clip the cosine, do not mend the nan.": lambda a, b: np.nan_to_num(_unclipped(a, b)),
            "Without the transpose this is the angle of one turn after the other; one of them must be undone.": (
                lambda a, b: np.arccos(np.clip(_cosine(a.T, b), -1, 1))
            ),
            "That is the cosine; its arccos is the angle.": _cosine,
            "The trace is 1 + 2 cosine: subtract 1 and halve it first.": (
                lambda a, b: np.arccos(np.clip(np.trace(a.T @ b), -1, 1))
            ),
            "This is the length of a difference of Euler angles, the very number that jumps.": (
                lambda a, b: np.linalg.norm(_euler_apart(a, b))
            ),
            "This is a difference of Euler angles, wrapped: no longer a seam, but still a lock.": (
                lambda a, b: np.linalg.norm((_euler_apart(a, b) + np.pi) % (2 * np.pi) - np.pi)
            ),
            "This is how far apart the matrices' numbers are, not an angle.": lambda a, b: np.linalg.norm(a - b),
            "This subtracts the vectors of the two, and so finds 340 degrees between 170 and -170.": (
                lambda a, b: np.linalg.norm(rotmat_to_expmap(a) - rotmat_to_expmap(b))
            ),
            "This subtracts the sizes of two turns; their axes count, too.": (
                lambda a, b: abs(np.linalg.norm(rotmat_to_expmap(a)) - np.linalg.norm(rotmat_to_expmap(b)))
            ),
            "By the sine alone, or by the cosine without its sign (abs), 160 degrees look like 20: the sign tells them "
            "apart.": (lambda a, b: np.arcsin(np.clip(np.sin(_between(a, b)), -1, 1))),
            "This is the vector of the turn between them; the angle is its length.": (
                lambda a, b: rotmat_to_expmap(a.T @ b)
            ),
        },
        # In float32 the arccos of a number next to 1 is some 5e-4 off, and no mistake is that small.
        tolerance=2e-3,
    )


def paired(answer: object) -> Verdict:
    """Judge a function ``paired(first, second, chosen)``: the middle 95 % of second minus first, over the draws.

    The first two are errors in all windows, ``(windows,)``; `chosen` is ``(draws, 8)``, which windows each draw took.
    """
    draws = np.random.default_rng(5)
    inputs = []
    for windows in (400, 150):
        hard = draws.gamma(3, 0.4, windows)
        second = hard + draws.gamma(2, 0.1, windows) - 0.1
        inputs.append((hard, second, draws.integers(windows, size=(2000, 8))))

    def over(reduce: Callable) -> Callable:
        return lambda a, b, c: reduce(b[c].mean(axis=1) - a[c].mean(axis=1))

    def around(values: np.ndarray, half: float) -> np.ndarray:
        return values.mean() + half * np.array([-1, 1])

    def ends(first: np.ndarray, second: np.ndarray, chosen: np.ndarray) -> object:
        """Call the learner's function, and take any number between two neighbouring draws for the percentile there."""
        found = answer(first.copy(), second.copy(), chosen.copy())  # type: ignore[operator]
        draws = second[chosen].mean(axis=1) - first[chosen].mean(axis=1)
        try:
            low = np.percentile(draws, [2.5, 97.5], method="lower") - 1e-5
            high = np.percentile(draws, [2.5, 97.5], method="higher") + 1e-5
            inside = np.shape(found) == (2,) and bool((low <= found).all() and (found <= high).all())
        except Exception:
            # No numbers at all: the judge says what they are.
            return found
        return np.percentile(draws, [2.5, 97.5]) if inside else found

    return _judge_in_order(
        ends if callable(answer) else answer,
        over(lambda d: np.percentile(d, [2.5, 97.5])),
        inputs,
        praise="Both predictors had the same windows in each draw, so what is hard for both has cancelled.",
        axes="(lower end, upper end)",
        mistakes={
            "The ends of two ranges were subtracted, which pairs nothing: subtract in each draw, then take the ends.": (
                lambda a, b, c: (
                    np.percentile(b[c].mean(axis=1), [2.5, 97.5]) - np.percentile(a[c].mean(axis=1), [2.5, 97.5])
                )
            ),
            "This is first minus second; second minus first is wanted.": (
                lambda a, b, c: np.percentile((a - b)[c].mean(axis=1), [2.5, 97.5])
            ),
            "This is the range of single windows; each draw is the mean of its eight.": (
                lambda a, b, c: np.percentile((b - a)[c], [2.5, 97.5])
            ),
            "These are sums over the eight windows of a draw; a table prints their mean.": (
                lambda a, b, c: np.percentile((b - a)[c].sum(axis=1), [2.5, 97.5])
            ),
            "This is the range of all windows, not of the draws of eight.": (
                lambda a, b, c: np.percentile(b - a, [2.5, 97.5])
            ),
            "The mean was taken over the draws (axis 0); each draw of eight has a mean of its own.": (
                lambda a, b, c: np.percentile((b - a)[c].mean(axis=0), [2.5, 97.5])
            ),
            "This is the range of the second predictor alone; the difference is wanted.": (
                lambda a, b, c: np.percentile(b[c].mean(axis=1), [2.5, 97.5])
            ),
            "np.percentile counts from 0 to 100; this took 0.025 and 0.975 per cent. (np.quantile counts to 1.)": over(
                lambda d: np.percentile(d, [0.025, 0.975])
            ),
            "This leaves 5 % out at each end, so 90 % are inside; 2.5 % at each end are wanted.": over(
                lambda d: np.percentile(d, [5, 95])
            ),
            "The upper end leaves out 5 %, the lower one 2.5 %: 92.5 % are inside. Share the 5 % out.": over(
                lambda d: np.percentile(d, [2.5, 95])
            ),
            "The lower end is the smallest draw: all 5 % are left out at the top. Share them out.": over(
                lambda d: np.percentile(d, [0, 95])
            ),
            "This is the standard error: how well the mean of all draws is known. How far a single draw may lie from "
            "it is wanted.": over(lambda d: around(d, 1.96 * d.std() / np.sqrt(len(d)))),
            "This takes the draws for a bell curve. They are there: count 2.5 % off at each end.": over(
                lambda d: around(d, 1.96 * d.std())
            ),
            "This takes the draws for a bell curve (with 2 for 1.96). They are there: count 2.5 % off at each end.": (
                over(lambda d: around(d, 2 * d.std()))
            ),
            "These are the smallest and the largest draw: all of them, not 95 %.": over(
                lambda d: np.array([d.min(), d.max()])
            ),
            "The upper end comes first; the lower one should.": over(lambda d: np.percentile(d, [97.5, 2.5])),
        },
    )
