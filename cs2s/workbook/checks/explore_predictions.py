"""Answer checks of the exercises in ``notebooks/06_explore_predictions``."""

from collections.abc import Callable

import numpy as np

from cs2s.workbook.verdict import Verdict, as_numbers, chosen_names, judge_array, judge_function

__all__ = ["damped_velocity", "elbow", "unmoved_by", "wins_and_loses", "without_worst_joint"]

FROZEN = (1.0, 0.8, 1.2, 0.9, 1.1, 1.0, 0.7, 1.3)
"""Errors of freezing in exercise 1."""


def wins_and_loses(answer: object) -> Verdict:
    """Judge exercise 1: eight errors that are lower than `FROZEN` in seven windows and higher on average."""
    praise = "Seven wins of eight and a worse table: one bad window weighs as much as it is bad."
    errors = as_numbers(answer)
    # Once only, since a generator is empty the second time.
    numbers = judge_array(answer if errors is None else errors, _WINS, praise=praise, axes="(windows,)")
    if numbers or errors is None or errors.shape != (8,) or not np.isfinite(errors).all():
        return numbers
    if (errors < 0).any():
        return Verdict(False, "An error is a length: none is below 0.")
    wins = int((errors < FROZEN).sum())
    if wins != 7:
        return Verdict(False, f"Your predictor is better in {wins} of the 8 windows; 7 are wanted.")
    if errors.mean() <= np.mean(FROZEN):
        return Verdict(
            False,
            f"7 windows are won. The mean is {errors.mean():.3f}, not above {np.mean(FROZEN):.3f}: how bad may the "
            "lost window be?",
        )
    return Verdict(True, praise)


_WINS = np.array([*np.subtract(FROZEN[:-1], 0.1), 3.0])


def _left(differences: np.ndarray) -> float:
    squares = np.sort((differences**2).sum(axis=1))
    return float(np.sqrt(squares[:-1].sum()))


def _norm(differences: np.ndarray) -> np.ndarray:
    return np.linalg.norm(differences, axis=1)


def without_worst_joint(answer: object) -> Verdict:
    """Judge exercise 2: from differences ``(joints, 3)`` to the error that is left without the worst joint."""
    draws = np.random.default_rng(6)
    inputs = []
    for joints in (7, 12):
        differences = draws.normal(0, 0.3, (joints, 3))
        # The worst joint, 2, has neither the largest angle (4) nor the largest sum, with signs (5) or without (6), nor
        # the largest product (3).
        differences[1], differences[2], differences[4] = (1.5, 0, 0), (-1.55, 1.25, 0.02), (-0.2, -0.3, 1.6)
        differences[5], differences[6], differences[3] = (0.9, 0.95, 0.85), (1.2, -1.2, -0.45), (0.93, -0.93, 0.93)
        inputs.append((differences,))
    # Angles beyond half a turn, and worst joints at other places, whose three angles do not scatter.
    scattered = draws.normal(0, 0.2, (8, 3))
    scattered[0], scattered[4], scattered[6] = (1.5, -1.4, 0.1), (0.2, 1.7, -0.4), (-1.25, -1.2, -1.3)
    leaping = draws.normal(0, 0.2, (6, 3))
    leaping[1], leaping[4], leaping[5] = (4.4, 0.3, -0.2), (-3.6, -3.0, -0.4), (1.2, 1.3, 0.9)
    inputs += [(scattered,), (leaping,)]
    mistakes: dict[str, Callable] = {
        "Lengths do not subtract: the parts of the error are squared, added, and only then comes the root.": (
            lambda d: np.linalg.norm(d) - _norm(d).max()
        ),
        "This is the whole error: no joint is left out.": np.linalg.norm,
        "The differences were wrapped to the short way round; the error that is taken apart here does not wrap them.": (
            lambda d: _left((d + np.pi) % (2 * np.pi) - np.pi)
        ),
        "This is the part of the worst joint; wanted is what is left without it.": lambda d: _norm(d).max(),
        "This is the number of the worst joint; wanted is the error that is left without it.": (
            lambda d: _norm(d).argmax()
        ),
        "The root is missing: these are radians squared.": lambda d: _left(d) ** 2,
        "This leaves out the joint with the largest single angle; the part of a joint is the length of its three.": (
            lambda d: np.linalg.norm(np.delete(d, np.abs(d).max(axis=1).argmax(), axis=0))
        ),
        "This leaves out the joint with the largest sum of angles with their signs, which cancel.": (
            lambda d: np.linalg.norm(np.delete(d, d.sum(axis=1).argmax(), axis=0))
        ),
        "This leaves out the joint with the largest sum of sizes; the part of a joint is the length of its three.": (
            lambda d: np.linalg.norm(np.delete(d, np.abs(d).sum(axis=1).argmax(), axis=0))
        ),
        "This leaves out the joint with the largest product; the part of a joint is the length of its three.": (
            lambda d: np.linalg.norm(np.delete(d, np.abs(d.prod(axis=1)).argmax(), axis=0))
        ),
        "This leaves out the best joint.": lambda d: np.linalg.norm(np.delete(d, _norm(d).argmin(), axis=0)),
        "This leaves out one angle; a joint has three.": (lambda d: float(np.sqrt((d**2).sum() - (d**2).max()))),
        "These are parts, a number a joint; one error is wanted: the length of all that is left.": (
            lambda d: np.delete(_norm(d), _norm(d).argmax())
        ),
        "This adds the lengths of the other joints; their squares add up, and the root comes last.": (
            lambda d: _norm(d).sum() - _norm(d).max()
        ),
    }
    praise = "One joint may be most of an error: the square makes the large ones larger."
    return judge_function(answer, _left, inputs, praise=praise, mistakes=mistakes)


_UPPER, _FORE, _SHOULDER = 300, 250, 0.1  # mm, mm, radians


def elbow(answer: object) -> Verdict:
    """Judge exercise 3: an elbow's error that costs more in angles and less in millimetres than the shoulder's 0.1."""
    praise = "More radians, fewer millimetres: a table of angles prefers the other prediction, your eye this one."
    number, told = judge_array(answer, 0.15, praise=praise), as_numbers(answer)
    if number or told is None or told.size != 1 or not np.isfinite(told).all():
        return number
    if told.ndim:
        inside = elbow(float(told.reshape(())))
        return Verdict(False, "The number is right; take it out of its brackets.") if inside else inside
    angle = abs(float(told))
    far = 2 * (_UPPER + _FORE) * np.sin(_SHOULDER / 2)
    missed = 2 * _FORE * np.sin(min(angle, np.pi) / 2)
    if angle > np.pi:
        return Verdict(False, "That is more than half a turn. Are these degrees?")
    if angle <= _SHOULDER:
        return Verdict(False, f"The angle error is {angle:.3g}, and that of the shoulder 0.1: it must be larger.")
    if missed >= far:
        degrees = " (Radians are wanted, not degrees.)" if angle >= 1 else ""
        return Verdict(
            False, f"The hand is {missed:.1f} mm off, and {far:.1f} mm by the shoulder: it must be nearer.{degrees}"
        )
    return Verdict(True, praise)


_EDITS = {
    "mirror": "A mirror changes the sign of some Euler angles, of the true and the frozen pose alike: lengths stay.",
    "turn": "The error leaves out the hips, and only they turn.",
    "move": "The error leaves out where the hips are.",
    "faster": "Who hurries is at other poses in the frames to come, farther from the frozen one or nearer.",
    "noise": "The frozen pose is the last one that was seen: what it is shaken by stays in it for ever.",
    "lost frames": "If the last frame was not seen, freezing freezes an older pose.",
}


def unmoved_by(answer: object) -> Verdict:
    """Judge exercise 4: the changes of the past that leave the error of freezing as it was."""
    chosen = chosen_names(answer, list(_EDITS), "changes")
    if isinstance(chosen, Verdict):
        return chosen
    right = {"mirror", "turn", "move"}
    for word in _EDITS:
        if word in chosen - right:
            return Verdict(False, f"Not {word}: {_EDITS[word][0].lower()}{_EDITS[word][1:]}")
    if missing := [word for word in _EDITS if word in right - chosen]:
        # Which one is theirs to find.
        return Verdict(
            False, f"So far so good; {len(missing)} more of the changes {'is' if len(missing) == 1 else 'are'} missing."
        )
    return Verdict(True, " ".join(_EDITS[word] for word in ("mirror", "turn", "move")))


def _damped(observed: np.ndarray, frames: int, first: int = 1, step: np.ndarray | None = None) -> np.ndarray:
    step = observed[:, -1:] - observed[:, -2:-1] if step is None else step
    return observed[:, -1:] + np.cumsum(0.8 ** np.arange(first, first + frames))[:, None] * step


def _late(observed: np.ndarray, frames: int) -> np.ndarray:
    return np.concatenate([observed[:, -1:], _damped(observed, frames)], axis=1)[:, :frames]


def damped_velocity(answer: object) -> Verdict:
    """Judge exercise 5: a function from observed rows and a number of frames to predicted rows."""
    observed = np.cumsum(np.random.default_rng(6).normal(size=(3, 50, 7)), axis=1)

    def ahead(o: np.ndarray, steps: np.ndarray) -> np.ndarray:
        return o[:, -1:] + steps * (o[:, -1:] - o[:, -2:-1])

    def count(frames: int) -> np.ndarray:
        return np.arange(1, frames + 1)[:, None]

    mistakes = {
        "The last frame is repeated: no step is made.": lambda o, n: np.repeat(o[:, -1:], n, axis=1),
        "This is constant velocity: the brakes are missing.": lambda o, n: ahead(o, count(n)),
        "The first predicted frame is the last observed one again: all is one frame late.": _late,
        "The first step is not damped yet: it is 0.8 times the last observed one.": lambda o, n: _damped(o, n, 0),
        "Every step is 0.8 times the observed one; each has to be 0.8 times the one before.": (
            lambda o, n: ahead(o, 0.8 * count(n))
        ),
        "The steps do not add up: each frame starts again from the last observed one.": (
            lambda o, n: ahead(o, 0.8 ** count(n))
        ),
        "Each frame has made 0.8 + 0.64 + ... steps: add the powers up (cumsum), do not multiply one by the count.": (
            lambda o, n: ahead(o, count(n) * 0.8 ** count(n))
        ),
        "This shrinks the pose; only the step gets smaller.": lambda o, n: o[:, -1:] * 0.8 ** count(n),
        "The steps go backwards: the newer frame minus the older one.": lambda o, n: ahead(
            o, -np.cumsum(0.8 ** count(n), axis=0)
        ),
        "This is the step between the first two observed frames; the last two count.": (
            lambda o, n: _damped(o, n, step=o[:, 1:2] - o[:, :1])
        ),
        "This is the difference of the last two windows: frames are axis 1.": (
            lambda o, n: _damped(o, n, step=(o[-1] - o[-2])[-1])
        ),
        "It starts from the first observed frame instead of the last.": (
            lambda o, n: _damped(o, n) - o[:, -1:] + o[:, :1]
        ),
        "This always predicts 5 frames; the argument `frames` says how many are wanted.": lambda o, n: _damped(o, 5),
        "Only the new steps are here: add them to the last observed frame.": lambda o, n: _damped(o, n) - o[:, -1:],
    }
    praise = "Momentum first, rest later. It beats freezing for longer than constant velocity does."
    axes = "(windows, frames, columns)"
    return judge_function(
        answer, _damped, [(observed, 5), (observed[:2], 8)], praise=praise, axes=axes, mistakes=mistakes
    )
