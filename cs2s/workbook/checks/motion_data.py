"""Answer checks of ``notebooks/01_motion_data``."""

import numpy as np

from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.motion.skeleton import CMU
from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = ["columns", "file_rate", "milliseconds", "normalise", "starts"]


def columns(answer: object) -> Verdict:
    """Judge the three columns of a row that hold the rotation of the right forearm."""
    three, joint = np.arange(3), CMU.joints.index("RightForeArm")
    left = CMU.joints.index("LeftForeArm")
    return judge_array(
        answer,
        3 + 3 * joint + three,
        praise=f"Joint {joint}: behind the 3 numbers of the place come 3 numbers for each joint before it.",
        mistakes={
            "Three columns too early: the first three of a row belong to the translation (the place), no joint.": (
                3 * joint + three
            ),
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
        tolerance=3e-3,
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


def file_rate(answer: object) -> Verdict:
    """Judge a function ``file_rate(frames, seconds)``: frames a second in a file, from a stride after halving."""
    return judge_function(
        answer,
        lambda frames, seconds: 2 * frames / seconds,
        [(68, 1.1), (25, 1.25), (40, 0.8)],
        praise="Frames by seconds, and twice that in the file, because every second row was dropped.",
        mistakes={
            "That is the rate after halving; the file has twice as many frames.": lambda f, s: f / s,
            "That is the rate as if the rows had been halved once more; the file has more frames, not fewer.": (
                lambda f, s: f / s / 2
            ),
            "That is the seconds of one frame, upside down: frames a second are wanted.": lambda f, s: s / (2 * f),
            "That is the seconds of one frame after halving, upside down: frames a second are wanted.": (
                lambda f, s: s / f
            ),
            "That is milliseconds for one frame; frames a second (hertz) are wanted.": lambda f, s: 1000 * s / (2 * f),
            "That is milliseconds for one frame after halving; frames a second (hertz) are wanted.": (
                lambda f, s: 1000 * s / f
            ),
            "This multiplies by the seconds; frames a second is a division.": lambda f, s: 2 * f * s,
            "This multiplies by the seconds, and forgets the halving; frames a second is a division.": (
                lambda f, s: f * s
            ),
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
        [(344,), (151,), (801,)],
        praise=f"A take of {frames} rows has one. The paper draws from one fewer, so no training window ends at the "
        "last row of its take.",
        mistakes={
            "Off by one for odd numbers of rows: [::2] keeps row 0 as well, so 151 rows become 76.": (
                lambda rows: rows // 2 - frames + 1
            ),
            "Off by one: that is what the paper draws from. A take of exactly 75 rows has one window, not none.": (
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


def normalise(answer: object) -> Verdict:
    """Judge a function ``normalise(rows, mean, std, used)``: rows ``(frames, columns)`` as the model sees them."""
    draws = np.random.default_rng(1)
    inputs = [
        (draws.normal(size=(7, 6)), draws.normal(size=6), draws.uniform(0.5, 3, 6), np.array([0, 2, 3, 5])),
        (draws.normal(size=(4, 5)), draws.normal(size=5), draws.uniform(0.5, 3, 5), np.array([1, 4])),
    ]
    return judge_function(
        answer,
        lambda rows, mean, std, used: ((rows - mean) / std)[:, used],
        inputs,
        praise="Each used column now has the mean 0 and the spread 1 over the training rows.",
        axes="(frames, used columns)",
        mistakes={
            "This divides by the variance; divide by the standard deviation.": (
                lambda r, m, s, u: ((r - m) / s**2)[:, u]
            ),
            "The mean is not subtracted.": lambda r, m, s, u: (r / s)[:, u],
            "The standard deviation is missing: divide by it.": lambda r, m, s, u: (r - m)[:, u],
            "This multiplies by the standard deviation; divide by it.": lambda r, m, s, u: ((r - m) * s)[:, u],
            "The sign of the mean is wrong: subtract it.": lambda r, m, s, u: ((r + m) / s)[:, u],
            "The used columns are not selected: all columns are still there.": lambda r, m, s, u: (r - m) / s,
            "This divides first and subtracts then; subtract the mean first.": lambda r, m, s, u: (r / s - m)[:, u],
            "Only the mean was divided: / comes before -, so the subtraction needs brackets.": (
                lambda r, m, s, u: (r - m / s)[:, u]
            ),
            "This uses the mean and spread of the rows given; use the given ones, those of the training rows.": (
                lambda r, m, s, u: ((r - r.mean(0)) / r.std(0))[:, u]
            ),
        },
    )
