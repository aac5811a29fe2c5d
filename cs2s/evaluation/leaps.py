"""Leaps: where the paper's error says that a joint is wrong by turns, and its rotation is not.

An Euler angle that passes half a turn starts again at the other end, and near gimbal lock two of them run against each
other. Then two rotations that are alike have Euler angles that are far apart, and one such joint of one window can move
the average over all windows. Here each is set beside the angle by which its rotation is wrong. Taught in
``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from cs2s.datasets.descriptions import PREDICTED
from cs2s.errors import InputError
from cs2s.evaluation.evaluation import Evaluation
from cs2s.evaluation.measures import angle_error, counted_columns, euler_columns, geodesic_angle
from cs2s.evaluation.protocols import PAPER
from cs2s.evaluation.tables import aligned

__all__ = ["LEAP", "Leap", "check_study", "find_leaps", "leap_table", "study_leaps"]

LEAP = 2.0
"""Radians of Euler error of one joint, from which on it is worth a look."""

_ROOT_TRIPLETS = 2  # its translation and its rotation, which come first in a row


@dataclass(frozen=True)
class Leap:
    """A joint of one window whose Euler angles are far from the true ones, and what that makes of the error.

    Attributes:
        action: of the window.
        window: its number within the action, from 0.
        joint: the joint's name.
        differences: of its three Euler angles, true minus predicted, radians; 0 for one that does not count.
        euler: their Euclidean norm: the joint's part in the window's error, radians.
        degrees: the angle between the true and the predicted rotation.
        error: the window's error, radians.
        error_by_angle: what it would be with that angle, in radians, in place of the three differences.
        average_by_angle: what the average over the actions would be then, everything else as it is.
    """

    action: str
    window: int
    joint: str
    differences: tuple[float, float, float]
    euler: float
    degrees: float
    error: float
    error_by_angle: float
    average_by_angle: float


def check_study(frame: int, over: float, frames: int = PREDICTED) -> None:
    """Check what is asked for, before windows are predicted for it: that would be a look at them.

    Raises:
        InputError: if there is no such predicted frame, or `over`, radians, is not positive.
    """
    if not 0 <= frame < frames:
        raise InputError(f"frame {frame} makes no sense: the predicted frames are 0 to {frames - 1}.")
    if not over > 0:
        raise InputError(f"a leap of over {over:g} radians makes no sense: it must be more than 0.")


def find_leaps(evaluation: Evaluation, frame: int = 9, over: float = LEAP) -> list[Leap]:
    """List the joints whose Euler error at one predicted frame is large, window by window.

    Not every one has leapt: a rotation that is wrong by half a turn is listed, too, and its angle says so.

    Args:
        evaluation: under the paper's protocol, with its motions.
        frame: the predicted frame, from 0.
        over: how large, radians.

    Returns:
        The leaps, by action in the order of the motions, then by window and by joint.

    Raises:
        InputError: if the evaluation holds no motions or is under another protocol, or a number makes no sense.
    """
    if evaluation.protocol != PAPER.name or not evaluation.motions:
        raise InputError("leaps are looked for in an evaluation under the paper's protocol that has its motions.")
    check_study(frame, over, len(evaluation.average))
    leaps = []
    for action, (truth, predicted) in evaluation.motions.items():
        at = len(truth) - len(predicted) + frame
        true_angles = euler_columns(truth)
        differences = (true_angles[:, at] - euler_columns(predicted)[:, frame]) * counted_columns(true_angles)[:, 0]
        by_joint = differences.astype(np.float64).reshape(len(differences), -1, 3)[:, _ROOT_TRIPLETS:]
        euler = np.linalg.norm(by_joint, axis=-1)
        errors = np.linalg.norm(euler, axis=-1)
        degrees = geodesic_angle(truth.expmaps[:, at], predicted.expmaps[:, frame])[:, 1:]
        for window, joint in np.argwhere(euler > over).tolist():
            others = np.delete(euler[window], joint)
            by_angle = np.linalg.norm([*others, np.radians(degrees[window, joint])])
            gained = (errors[window] - by_angle) / len(errors) / len(evaluation.motions)
            x, y, z = by_joint[window, joint].tolist()
            leaps.append(
                Leap(
                    action,
                    window,
                    truth.skeleton.joints[joint + 1],
                    (x, y, z),
                    float(euler[window, joint]),
                    float(degrees[window, joint]),
                    float(errors[window]),
                    float(by_angle),
                    float(evaluation.average[frame] - gained),
                )
            )
    return leaps


def study_leaps(evaluation: Evaluation, frame: int = 9, over: float = LEAP) -> dict[str, object]:
    """Return what `find_leaps` finds, with every window's error beside it, as JSON can hold it.

    ``data/results/cmu_leap_study.json`` is what this gives for ``pretrained:paper`` on the CMU data.

    Returns:
        Plain data: whose errors they are, at which ``frame`` and ``over`` how many radians; ``average`` over the
        actions; ``errors``, action -> the error of each window, radians; ``leaps``, see `Leap`.

    Raises:
        InputError: as in `find_leaps`.
    """
    leaps = [asdict(leap) for leap in find_leaps(evaluation, frame, over)]
    return {
        "dataset": evaluation.dataset,
        "predictor": evaluation.predictor,
        "frame": frame,
        "over": over,
        "average": _rounded(evaluation.average[frame]),
        "errors": {a: _rounded(angle_error(*pair)[:, frame].tolist()) for a, pair in evaluation.motions.items()},
        "leaps": [{name: _rounded(value) for name, value in leap.items()} for leap in leaps],
    }


def leap_table(leaps: Sequence[Leap]) -> str:
    """Lay out leaps as lines of text, the largest Euler error first."""
    rows = [["action", "window", "joint", "Euler error", "rotation", "window's error", "by angle", "average by angle"]]
    for leap in sorted(leaps, key=lambda leap: -leap.euler):
        names = [leap.action, str(leap.window), leap.joint]
        numbers = [
            f"{leap.euler:.2f} rad",
            f"{leap.degrees:.0f} deg",
            f"{leap.error:.2f}",
            f"{leap.error_by_angle:.2f}",
        ]
        rows.append([*names, *numbers, f"{leap.average_by_angle:.3f}"])
    return "\n".join(aligned(rows))


def _rounded(value: object) -> object:
    """Round numbers to four digits after the point, in lists and tuples too."""
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(float(value), 4) if isinstance(value, float | np.floating) else value
