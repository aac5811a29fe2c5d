"""Answer checks of the exercises in ``notebooks/06_explore_predictions``."""

import numpy as np

from cs2s.workbook.verdict import Verdict, judge_choice, judge_function

__all__ = ["damped_velocity", "ground_speed", "least_gain", "worst_window"]


def least_gain(answer: object) -> Verdict:
    """Judge exercise 1: which action gains least from the paper's network."""
    reasons = {
        "soccer": "Soccer gains only .01, but it gains. In one action the difference is negative.",
        "running": "Running gains most: the network halves its error.",
        "washwindow": "Washwindow gains .04. Two actions gain less.",
        "walking": "Walking gains .06. Three actions gain less.",
        "basketball": "Basketball gains .12, more than most. Compare the two rows, not the size of the errors.",
    }
    praise = "In jumping the network is worse than freezing by .03; only there."
    return judge_choice(answer, "jumping", praise=praise, reasons=reasons)


def worst_window(answer: object) -> Verdict:
    """Judge exercise 2: a function from errors ``(windows, frames)`` and a frame to the worst window."""
    errors = np.random.default_rng(6).uniform(0.5, 0.6, (8, 25))
    # At frame 3 window 5 is the worst and 1 the best; each usual mistake ends at another window.
    errors[5, 3], errors[1, 3] = 2.5, 0.1
    errors[4, 2] = errors[0, 4] = 1.9
    errors[3, 20] = 3.0
    errors[2, 5:], errors[7, :3] = 1.2, 1.6
    praise = "A column is one moment of all windows, a row is one window at all moments."
    mistakes = {
        "Windows are counted from 0, and this is one too many.": lambda e, f: e[:, f].argmax() + 1,
        "This is the best window: the one with the smallest error.": lambda e, f: e[:, f].argmin(),
        "This is the largest error itself; wanted is the number of its window.": lambda e, f: e[:, f].max(),
        "This names a window for every frame; wanted is the one at the given frame.": lambda e, f: e.argmax(axis=0),
        "This is a frame, not a window: errors[frame] is one window at all moments.": lambda e, f: e[f].argmax(),
        "This is the window with the largest mean over all frames, not the largest error at that frame.": (
            lambda e, f: e.mean(axis=1).argmax()
        ),
        "This takes the mean up to that frame; wanted is the error at that frame.": (
            lambda e, f: e[:, : f + 1].mean(axis=1).argmax()
        ),
        "This looks one frame too early: frames are counted from 0.": lambda e, f: e[:, f - 1].argmax(),
        "This looks one frame too late: frames are counted from 0.": lambda e, f: e[:, f + 1].argmax(),
        "This is a place in the whole array, laid out in one row: choose the column first.": lambda e, f: e.argmax(),
        "This is the window with the largest error of all frames; only the given frame counts.": (
            lambda e, f: e.max(axis=1).argmax()
        ),
    }
    return judge_function(answer, lambda e, f: e[:, f].argmax(), [(errors, 3)], praise=praise, mistakes=mistakes)


def _speeds(positions: np.ndarray, fps: float, axes: tuple[int, ...] = (0, 2)) -> np.ndarray:
    return np.linalg.norm(np.diff(positions[:, 0, list(axes)], axis=0), axis=1) * fps / 1000


def _speed(positions: np.ndarray, fps: float, axes: tuple[int, ...] = (0, 2)) -> float:
    return float(_speeds(positions, fps, axes).mean())


def _straight(positions: np.ndarray, fps: float) -> float:
    way = (positions[-1, 0] - positions[0, 0])[[0, 2]]
    return float(np.linalg.norm(way) * fps / 1000 / (len(positions) - 1))


def ground_speed(answer: object) -> Verdict:
    """Judge exercise 3: a function from positions in millimetres and a frame rate to metres a second."""
    draws = np.random.default_rng(6)
    inputs = []
    for frames, fps in ((26, 25.0), (11, 60.0)):
        hips = np.cumsum(draws.normal(30, 25, (frames, 1, 3)), axis=0)
        inputs.append((hips + draws.normal(0, 200, (frames, 4, 3)) * np.arange(4)[:, None], fps))
    mistakes = {
        "These are millimetres a second; metres are wanted.": lambda p, f: 1000 * _speed(p, f),
        "These are kilometres an hour; metres a second are wanted.": lambda p, f: 3.6 * _speed(p, f),
        "These are centimetres a second; metres are wanted.": lambda p, f: 100 * _speed(p, f),
        "These are mean steps along x and z, with their signs; the length of each step is wanted first.": (
            lambda p, f: np.diff(p[:, 0, ::2], axis=0).mean(axis=0) * f / 1000
        ),
        "Along each axis this is the mean of signed steps; forward and back cancel. Take each step's length first.": (
            lambda p, f: float(np.diff(p[:, 0, ::2], axis=0).sum(axis=1).mean()) * f / 1000
        ),
        "These are metres a frame: multiply by the frames a second.": lambda p, f: _speed(p, f) / f,
        "These are millimetres a frame: mind the unit and the frames a second.": lambda p, f: 1000 * _speed(p, f) / f,
        "The fps are frames a second: multiply by them, do not divide.": lambda p, f: _speed(p, f) / f**2,
        "This is the length of the path in metres: divide it by the time it took.": (
            lambda p, f: _speed(p, f) * (len(p) - 1) / f
        ),
        "These are the speeds of all steps: take their mean.": _speeds,
        "Without axis=1, np.linalg.norm takes all steps for one long list of numbers: one length a step is wanted.": (
            lambda p, f: float(np.linalg.norm(np.diff(p[:, 0, ::2], axis=0))) * f / 1000 / (len(p) - 1)
        ),
        "This adds |x| and |z| of a step; its length is the root of the sum of their squares.": (
            lambda p, f: float(np.abs(np.diff(p[:, 0, ::2], axis=0)).sum(axis=1).mean()) * f / 1000
        ),
        "The height is in it: y is axis 1, and points up.": lambda p, f: _speed(p, f, (0, 1, 2)),
        "This takes x and y for the ground, but y points up: the ground is x and z.": lambda p, f: _speed(p, f, (0, 1)),
        "This is the straight line from start to end; the path is the sum of all steps.": _straight,
        "Between n frames there are n - 1 steps; this divides by the time of n.": (
            lambda p, f: _speed(p, f) * (len(p) - 1) / len(p)
        ),
        "This is the mean over all joints; only joint 0 is the hips.": (
            lambda p, f: float(np.mean([_speed(p[:, j:], f) for j in range(p.shape[1])]))
        ),
    }
    praise = "Walkers make about 1.3 metres a second, runners 3 and more."
    return judge_function(answer, _speed, inputs, praise=praise, mistakes=mistakes)


def _damped(observed: np.ndarray, frames: int, first: int = 1, step: np.ndarray | None = None) -> np.ndarray:
    step = observed[:, -1:] - observed[:, -2:-1] if step is None else step
    return observed[:, -1:] + np.cumsum(0.8 ** np.arange(first, first + frames))[:, None] * step


def _late(observed: np.ndarray, frames: int) -> np.ndarray:
    return np.concatenate([observed[:, -1:], _damped(observed, frames)], axis=1)[:, :frames]


def damped_velocity(answer: object) -> Verdict:
    """Judge exercise 4: a function from observed rows and a number of frames to predicted rows."""
    observed = np.cumsum(np.random.default_rng(6).normal(size=(3, 50, 7)), axis=1)
    step = observed[:, -1:] - observed[:, -2:-1]
    count = np.arange(1, 6)[:, None]
    mistakes = {
        "The last frame is repeated: no step is made.": lambda o, n: np.repeat(o[:, -1:], n, axis=1),
        "This is constant velocity: the brakes are missing.": lambda o, n: o[:, -1:] + count * step,
        "The first predicted frame is the last observed one again: all is one frame late.": _late,
        "The first step is not damped yet: it is 0.8 times the last observed one.": lambda o, n: _damped(o, n, 0),
        "Every step is 0.8 times the observed one; each has to be 0.8 times the one before.": (
            lambda o, n: o[:, -1:] + 0.8 * count * step
        ),
        "The steps do not add up: each frame starts again from the last observed one.": (
            lambda o, n: o[:, -1:] + 0.8**count * step
        ),
        "Each frame has made 0.8 + 0.64 + ... steps: add the powers up (cumsum), do not multiply one by the count.": (
            lambda o, n: o[:, -1:] + count * 0.8**count * step
        ),
        "This shrinks the pose; only the step gets smaller.": lambda o, n: o[:, -1:] * 0.8**count,
        "The steps go backwards: the newer frame minus the older one.": lambda o, n: _damped(o, n, step=-step),
        "This is the step between the first two observed frames; the last two count.": (
            lambda o, n: _damped(o, n, step=o[:, 1:2] - o[:, :1])
        ),
        "This is the difference of the last two windows: frames are axis 1.": (
            lambda o, n: _damped(o, n, step=(o[-1] - o[-2])[-1])
        ),
        "It starts from the first observed frame instead of the last.": (
            lambda o, n: _damped(o, n) - o[:, -1:] + o[:, :1]
        ),
        "Only the new steps are here: add them to the last observed frame.": lambda o, n: _damped(o, n) - o[:, -1:],
    }
    praise = "Momentum first, rest later. It beats freezing for longer than constant velocity does."
    axes = "(windows, frames, columns)"
    return judge_function(answer, _damped, [(observed, 5)], praise=praise, axes=axes, mistakes=mistakes)
