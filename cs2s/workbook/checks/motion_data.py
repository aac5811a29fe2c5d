"""Answer checks of ``notebooks/01_motion_data``."""

import contextlib
from collections.abc import Callable

import numpy as np

from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.motion.skeleton import CMU
from cs2s.workbook.verdict import Verdict, judge_array, judge_choice, judge_function

__all__ = ["columns", "milliseconds", "rate", "spike", "starts", "t_pose_row", "unnormalise"]


def columns(answer: object) -> Verdict:
    """Judge the three columns of a row that hold the rotation of the right forearm."""
    three, joint = np.arange(3), CMU.joints.index("RightForeArm")
    left = CMU.joints.index("LeftForeArm")
    if isinstance(answer, slice):
        # Between things that are no whole numbers, it stays a slice, and the judge says what is wanted.
        with contextlib.suppress(TypeError):
            answer = list(range(CMU.columns)[answer])
    return judge_array(
        answer,
        3 + 3 * joint + three,
        praise=f"Joint {joint}: behind the 3 numbers of the place come 3 numbers for each joint before it.",
        mistakes={
            "Three columns too early: these turn RightArm. Either its parent was taken, or the 3 columns of the place, "
            "which stand first in a row, were forgotten.": 3 * joint + three,
            "Off by one joint: these are the columns of the joint after it.": 6 + 3 * joint + three,
            "Off by one column: columns are counted from 0.": 4 + 3 * joint + three,
            "These are the columns of the left forearm; the right one is asked for.": 3 + 3 * left + three,
            "This is the joint's number; its three columns are wanted.": joint,
            "This begins at the joint's number. But the place has three columns, and each joint before it three.": (
                joint + three
            ),
            "Each joint takes three columns: multiply the joint's number by 3.": 3 + joint + three,
            "This is only the first of its three columns.": 3 + 3 * joint,
        },
    )


def milliseconds(answer: object) -> Verdict:
    """Judge how many milliseconds after the last observed frame predicted frame 9 lies, at 60 frames a second."""
    return judge_array(
        answer,
        10 * 1000 / 60,
        # 166 is right, too, as somebody cuts the digits off.
        tolerance=5e-3,
        praise="Frame 9 is the tenth predicted frame: ten steps of 16.7 ms. Tables print 400 above it.",
        mistakes={
            "That is the paper's label. It is right at 25 frames a second, but here there are 60.": 400,
            "Off by one: counting starts at 0, so predicted frame 9 is the tenth step.": 9 * 1000 / 60,
            "Off by one, at 25 frames a second: but here there are 60.": 360,
            "This is as at 50 frames a second; CMU has 60, after halving.": 10 * 1000 / 50,
            "That is predicted frame 24, the last one; frame 9 is asked for.": 25 * 1000 / 60,
            "This is as at 120 frames a second; 60 are left after halving.": 10 * 1000 / 120,
            "Seconds; milliseconds are wanted.": 10 / 60,
            "That is the duration of a single frame; how many frames ahead is this one?": 1000 / 60,
        },
    )


def starts(answer: object) -> Verdict:
    """Judge a function ``starts(rows)``: where a window can begin in a file of so many rows, before halving."""
    frames = OBSERVED + PREDICTED

    def after_halving(rows: int) -> int:
        return (rows + 1) // 2

    return judge_function(
        answer,
        lambda rows: after_halving(rows) - frames + 1,
        # An even number first: there, leaving out row 0 makes no difference, so that the mistakes can be told apart.
        [(344,), (151,), (801,), (150,), (149,)],
        praise=f"{frames} frames, which are 149 or 150 rows, have one. The paper draws from one fewer, so no training "
        "window ends at the last frame of its take.",
        mistakes={
            "Off by one for odd numbers of rows: [::2] keeps row 0 as well, so 151 rows become 76.": (
                lambda rows: rows // 2 - frames + 1
            ),
            "Off by one: that is what the paper draws from. 75 frames (149 or 150 rows) have one window, not none.": (
                lambda rows: after_halving(rows) - frames
            ),
            "Half of an odd number: [::2] keeps row 0 as well, so 151 rows become 76, not 75.5.": (
                lambda rows: rows / 2 - frames + 1
            ),
            "This is not halved: windows are cut from every second row.": lambda rows: rows - frames + 1,
            "This is not halved, and off by one.": lambda rows: rows - frames,
            "That is how many windows fit side by side; windows may overlap.": lambda rows: (
                after_halving(rows) // frames
            ),
        },
    )


def _rate_of(answer: object) -> object:
    """Return the rate that a film's name or a number of any kind stands for, 0 if none; no answer as it is."""
    if answer is None or answer is ...:
        return answer
    try:
        if isinstance(answer, list | tuple | set | frozenset) and len(answer) == 1:
            (answer,) = answer
        if isinstance(answer, str) or (isinstance(answer, np.ndarray) and answer.dtype.kind == "U"):
            name = str(answer).strip(" .").lower().removeprefix("film ")
            number = np.float64({"a": 60, "b": 25}.get(name) or float(name))
        else:
            number = np.float64(answer)  # type: ignore[arg-type]
        return int(number) if number == number.round() else 0
    except Exception:
        # Whatever a learner's object does when it is turned into a number, it is no rate.
        return 0


def rate(answer: object, fps: float = 25.0) -> Verdict:
    """Judge which film, A (60 frames a second) or B (25), shows a walk as it was; `fps` is what is right.

    The rate itself is taken as well, as a number of any kind.
    """
    answer = _rate_of(answer)
    too_slow = "At 25 a second two steps would take 2.7 seconds: that is slow motion."
    too_fast = "At 60 a second two steps would take 0.4 seconds: nobody walks so, not even a sprinter runs so."
    if answer is not None and answer is not ... and answer not in (25, 60):
        return Verdict(False, "Choose one of the two films: 'A' or 'B'.")
    return judge_choice(
        answer,
        round(fps),
        praise="Two steps take about a second, as people walk. Below it is measured.",
        reasons={60: too_fast} if round(fps) == 25 else {25: too_slow},
    )


def unnormalise(answer: object) -> Verdict:
    """Judge a function ``unnormalise(z, mean, std, used)``: back to rows ``(frames, columns)``."""
    draws = np.random.default_rng(1)
    inputs = [
        (draws.normal(size=(7, 4)), draws.normal(size=6), draws.uniform(0.5, 3, 6), np.array([0, 2, 3, 5])),
        (draws.normal(size=(4, 2)), draws.normal(size=5), draws.uniform(0.5, 3, 5), np.array([1, 4])),
    ]

    def filled(inner: Callable[..., np.ndarray], outer: Callable[..., np.ndarray] = lambda mean: mean) -> Callable:
        def rows(z: np.ndarray, mean: np.ndarray, std: np.ndarray, used: np.ndarray) -> np.ndarray:
            made = np.tile(outer(mean), (len(z), 1))
            made[:, used] = inner(z, mean[used], std[used])
            return made

        return rows

    return judge_function(
        answer,
        filled(lambda z, m, s: z * s + m),
        inputs,
        praise="The columns that the network never saw get what they had in all training rows: their mean.",
        axes="(frames, columns)",
        mistakes={
            "The used columns are right. The others should have their mean, not 0.": filled(
                lambda z, m, s: z * s + m, np.zeros_like
            ),
            "The other columns are missing: there should be as many as in `mean`.": (
                lambda z, m, s, u: z * s[u] + m[u]
            ),
            "This normalises once more: multiply by the standard deviation, then add the mean.": filled(
                lambda z, m, s: (z - m) / s
            ),
            "The mean is added too early: multiply by the standard deviation first.": filled(
                lambda z, m, s: (z + m) * s
            ),
            "The mean is not added in the used columns.": filled(lambda z, m, s: z * s),
            "The standard deviation is missing in the used columns: multiply by it.": filled(lambda z, m, s: z + m),
            "This multiplies by the variance; multiply by the standard deviation.": filled(
                lambda z, m, s: z * s**2 + m
            ),
            "This divides by the standard deviation; multiply by it.": filled(lambda z, m, s: z / s + m),
        },
    )


def spike(answer: object) -> Verdict:
    """Judge a function ``spike(c, p)``: how far 0 lies from the mean of a column that is c but for a share p of 0."""
    return judge_function(
        answer,
        lambda c, p: -np.sqrt((1 - p) / p),
        [(0.125, 0.02), (1.0, 0.1), (2.0, 1 / 1056)],
        praise="c has cancelled: the height says how rare the row is, and nothing about the angle.",
        mistakes={
            "That is how far 0 lies from the mean, in radians; standard deviations are wanted: divide by one.": (
                lambda c, p: -c * (1 - p)
            ),
            "This divides by the variance; its root is the standard deviation.": lambda c, p: -1 / (c * p),
            "The mean is c (1 - p), not c: a share p of the rows is 0.": lambda c, p: -1 / np.sqrt(p * (1 - p)),
            "The share is upside down: the rarer the row, the taller the spike.": lambda c, p: -np.sqrt(p / (1 - p)),
            "This is the square of what is wanted: take the root of the variance.": lambda c, p: -(1 - p) / p,
            "That is the mean of the column; how far from it lies 0, in standard deviations?": lambda c, p: c * (1 - p),
            "That is the standard deviation of the column; how many of them is 0 from the mean?": (
                lambda c, p: c * np.sqrt(p * (1 - p))
            ),
            "That is how many standard deviations c itself lies from the mean; 0 is asked for.": (
                lambda c, p: np.sqrt(p / (1 - p))
            ),
            "The variance is the mean of the squares less the square of the mean: c^2 (1 - p) - c^2 (1 - p)^2.": (
                lambda c, p: -np.sqrt(1 - p)
            ),
        },
    )


def t_pose_row(answer: object) -> Verdict:
    """Judge a function ``find_t_pose(rows)``: which row ``(frames, columns)`` nobody moved."""
    draws = np.random.default_rng(5)
    inputs = []
    # The numbers of the T-pose, of the farthest row, of a row of small angles, of the first row that has any 0, and of
    # one with zeros in more than half of its columns all differ; none is the first row.
    for t_pose, farthest, quiet, first, lost in ((17, 40, 3, 5, 11), (33, 9, 21, 2, 8)):
        rows = draws.normal(0.3, 0.4, (60, 30)) * draws.uniform(0.5, 2, 30)
        rows[:, :3] = draws.normal(20, 5, (60, 3))
        rows[farthest, 3:] *= 9
        rows[quiet] *= 0.001
        rows[[first, first + 1, 50], 12] = 0
        rows[lost, 5:22] = 0
        rows[t_pose, 3:] = 0
        rows[t_pose, [7, 19]] = 1.6
        inputs.append((rows,))

    def far(rows: np.ndarray) -> np.ndarray:
        return np.abs((rows - rows.mean(0)) / rows.std(0))

    return judge_function(
        answer,
        lambda rows: (rows == 0).sum(axis=1).argmax(),
        inputs,
        praise="No sensor measures exactly 0, and here most columns do.",
        mistakes={
            "That is the row farthest from the usual: somebody moved a lot. A T-pose is not far out.": (
                lambda rows: far(rows).max(axis=1).argmax()
            ),
            "That is the row farthest from the usual on average: somebody moved a lot. A T-pose is not far out.": (
                lambda rows: far(rows).mean(axis=1).argmax()
            ),
            "That is a row of small numbers, but none is exactly 0: somebody stood still.": (
                lambda rows: np.abs(rows).sum(axis=1).argmin()
            ),
            "That row has a 0, but the T-pose has many: count them, and take the row that has most.": (
                lambda rows: (rows == 0).any(axis=1).argmax()
            ),
            "Some joints of that row were lost, about half. In the T-pose nearly all columns are 0: count them.": (
                lambda rows: np.median(np.abs(rows), axis=1).argmin()
            ),
            "That row is the nearest to the usual: somebody moved as always.": (
                lambda rows: far(rows).max(axis=1).argmin()
            ),
            "In the CMU files it is row 0, but not here: look for it, or find out why nothing is found.": lambda rows: (
                0
            ),
            "That is how many columns are 0; which row is it?": lambda rows: (rows == 0).sum(axis=1).max(),
            "That is a column; the number of a row is wanted: count along axis 1.": (
                lambda rows: (rows == 0).sum(axis=0).argmax()
            ),
        },
    )
