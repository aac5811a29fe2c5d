"""Asking a predictor about a person whom its training never saw: what it is shown of them, and what is doubtful then.

The benchmark's own windows are given to predictors as they are (`cs2s.evaluation.evaluation`). A file of one's own
looks elsewhere, stands elsewhere, and may lack fingers; a model that sees such numbers takes them for what they meant
in its training. Taught in ``notebooks/08_your_own_motion``.
"""

from dataclasses import replace

import numpy as np

from cs2s.datasets.windows import Statistics
from cs2s.evaluation.baselines import Predictor, ZeroVelocity, check_predicted
from cs2s.evaluation.measures import placed_at_root
from cs2s.motion.heading import heading, looking_along, standing_at
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.skeleton import CMU

__all__ = ["ask", "leaps_at_first", "still_columns", "unlike_training"]

_ALL_BUT_STILL = 0.01
"""Radians: a column with a lower standard deviation in training was moved by T-poses that open files, if at all."""

_NO_TURN = 1e-6
"""Radians: below it are the rotations of joints that a file lacks, which retargeting leaves at zero."""

_REACH = 3.0
"""Standard deviations from the training mean: where a joint rests farther out, a model is shown it so far out."""

_LIMBS = {
    "the hips' tilt": ("Hips",),
    "the legs": tuple(side + joint for side in ("Left", "Right") for joint in ("UpLeg", "Leg", "Foot", "ToeBase")),
    "the trunk and the head": ("LowerBack", "Spine", "Spine1", "Neck", "Neck1", "Head"),
    "the arms": tuple(side + joint for side in ("Left", "Right") for joint in ("Shoulder", "Arm", "ForeArm")),
    "the hands": (
        *(side + joint for side in ("Left", "Right") for joint in ("Hand", "FingerBase", "HandIndex1")),
        "LThumb",
        "RThumb",
    ),
}
_UNLIKE, _UNLIKE_ALONE = 3.0, 6.0
"""Deviations that are told: of a group of joints, and of a single joint or the height of the hips."""
_LEAST_DEVIATION = 0.1
"""Radians: what a joint of another body is off by is not much, however still that joint was in training."""

_LEAP = 3.0
_STEPS = 10
_SEEN_MM = 0.5
"""Millimetres: a first step below it is no leap, however still a person stood."""


def still_columns(statistics: Statistics) -> np.ndarray:
    """Return the columns of rotations that a model predicts though they all but stood still in its training.

    On CMU these are ``LeftHandIndex1.z`` and ``RightHandIndex1.z``: .1242 radians with a deviation of .0038, so that a
    person without fingers is 32 deviations off, and one with bent fingers 200. The next has a deviation of .02.
    """
    used = statistics.used
    return used[(used >= 3) & (statistics.std[used] < _ALL_BUT_STILL)]


def _unknown(rows: np.ndarray, statistics: Statistics) -> np.ndarray:
    """Tell which columns a model cannot judge, ``(windows, columns)``, in rows ``(windows, observed, columns)``.

    That is what all but stood still in its training, and joints that a file lacks, whose rotations are all zero.
    """
    unknown = np.zeros((len(rows), rows.shape[-1]), bool)
    unknown[:, still_columns(statistics)] = True
    for joint in statistics.turning_joints:
        columns = slice(3 + 3 * joint, 6 + 3 * joint)
        unknown[:, columns] |= _lacking(rows[..., columns])[:, None]
    return unknown


def _lacking(turns: np.ndarray) -> np.ndarray:
    """Tell whether a file lacks a joint, for its exponential maps ``(..., frames, 3)``: it does not turn at all."""
    return np.abs(turns).max(axis=(-2, -1)) < _NO_TURN


def _farther_out(newest: np.ndarray, statistics: Statistics) -> np.ndarray:
    """Return by how much joints rest farther out than a model can judge, for newest rows ``(windows, 1, columns)``."""
    reach = _REACH * statistics.std
    farther = newest - np.clip(newest, statistics.mean - reach, statistics.mean + reach)
    # The root's place and turn are no pose; and what a model does not see needs no help.
    unseen = np.setdiff1d(np.arange(newest.shape[-1]), statistics.used[statistics.used >= 6])
    farther[..., unseen] = 0
    return farther


def _of_rows(predictor: Predictor, statistics: Statistics, shown: Motion, frames: int) -> Motion:
    """Ask a predictor that sees rows, whose training had `statistics`, about ``(windows, observed, columns)``."""
    newest, unknown = shown.rows[:, -1:], _unknown(shown.rows, statistics)[:, None]
    farther = _farther_out(newest, statistics)
    known = np.where(unknown, statistics.mean, shown.rows - farther)
    predicted = predictor(replace(shown, rows=known.astype(np.float32)), frames)
    held = unknown.copy()
    held[..., np.setdiff1d(np.arange(held.shape[-1]), statistics.used)] = True
    return replace(predicted, rows=np.where(held, newest, predicted.rows + farther))


def ask(predictor: Predictor, observed: Motion, frames: int) -> Motion:
    """Let a predictor predict motion that need not be of its data: a file of one's own.

    The person is turned and put, in the last observed frame, as people looked and stood on average in the training of
    the predictor (of CMU: along z, above the origin), and turned and put back after; so wherever one stands and looks,
    the same is predicted. Of predictors that see rows:

    * what they do not predict, or cannot judge (`still_columns`; joints that the file lacks), is shown to them as the
      training mean and stays as it is in the last observed frame;
    * where a joint rests farther out than three deviations of training, they are shown it at three, and the difference
      is added to what they predict: they tell how it moves from there, not where to.

    Predictors are given single precision, in which models are trained.

    Args:
        predictor: a baseline or a model.
        observed: the observed frames, on the skeleton and at the frame rate of the predictor's data; one motion or a
            batch, rows ``(..., observed, columns)``.
        frames: how many frames to predict.

    Returns:
        The predicted frames, rows ``(..., frames, columns)`` in the precision of those observed.

    Raises:
        InputError: if the prediction holds numbers that are not finite.
    """
    if isinstance(predictor, ZeroVelocity):
        # Whose rows need no turning, and are to be the very same.
        return predictor(observed, frames)
    batch = replace(observed, rows=observed.rows.reshape(-1, *observed.rows.shape[-2:]).astype(np.float64))
    statistics = getattr(predictor, "statistics", None)
    shown, in_space = batch, observed.root == "absolute" and observed.skeleton.joints == CMU.joints
    if in_space:
        place, angle = np.zeros(3), 0.0
        if statistics is not None:
            mean = replace(batch, rows=statistics.mean[None].astype(np.float64))
            place, angle = mean.rows[0, :3], heading(mean)[0]
        places, angles = batch.rows[:, -1, :3], heading(batch[-1:])[:, 0] - angle
        shown = standing_at(looking_along(standing_at(batch, places), -angles), -place)
    if statistics is None:
        predicted = predictor(replace(shown, rows=shown.rows.astype(np.float32)), frames)
    else:
        predicted = _of_rows(predictor, statistics, shown, frames)
    check_predicted(predicted.rows, predictor.name)
    if in_space:
        predicted = standing_at(looking_along(standing_at(predicted, place), angles), -places)
    rows = predicted.rows.reshape(*observed.rows.shape[:-2], *predicted.rows.shape[-2:])
    return replace(observed, rows=rows.astype(observed.rows.dtype))


def unlike_training(observed: Motion, statistics: Statistics, sees_place: bool = True) -> str:
    """Say which joints of a person are bent as in hardly any training, and how far; nothing if all are usual.

    The distance of a joint is the root of the mean square of (number - mean) / deviation over its columns, the median
    over frames; that of a group of joints likewise, over all its columns. What all but stood still in training and
    joints that the file lacks are left out, and a deviation counts as .1 radians at least. In training a distance is
    about 1. Told are groups beyond 3, and of the others single joints, and the height of the hips, beyond 6: that is so
    for about 2 of 100 windows of the CMU data.

    Args:
        observed: on the skeleton of the training data, rows ``(frames, columns)``.
        statistics: of the training data.
        sees_place: whether the predictor sees how high the hips are.

    Returns:
        A sentence without a full stop, or an empty string; so also for skeletons other than CMU's.
    """
    if observed.root != "absolute" or observed.skeleton.joints != CMU.joints:
        return ""
    mean = replace(observed, rows=statistics.mean[None].astype(np.float64))
    shown = looking_along(observed, heading(mean)[0] - heading(observed[-1:])[0])
    off = ((shown.rows - statistics.mean) / np.maximum(statistics.std, _LEAST_DEVIATION)) ** 2
    judged = np.zeros(len(statistics.mean), bool)
    judged[np.setdiff1d(statistics.used, still_columns(statistics))] = True
    told = []
    for limb, names in _LIMBS.items():
        columns = {name: _judged_columns(name, observed.rows, judged) for name in names}
        distances = {name: _distance(off[:, own]) for name, own in columns.items() if own.size}
        together = _distance(off[:, np.concatenate(list(columns.values()))]) if distances else 0.0
        if together > _UNLIKE:
            told.append(f"{limb} {together:.1f}")
        else:
            told += [f"{name} {far:.1f}" for name, far in distances.items() if far > _UNLIKE_ALONE]
    if sees_place and judged[1] and (high := _distance(off[:, 1:2])) > _UNLIKE_ALONE:
        told.append(f"the height of the hips {high:.1f}")
    if not told:
        return ""
    return f"bent as hardly anything in training, in deviations from what is usual there: {', '.join(told)}"


def _judged_columns(joint: str, rows: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """Return the columns of a joint that count; none of one that a file lacks."""
    first = 3 + 3 * CMU.joints.index(joint)
    columns = np.arange(first, first + 3)
    return columns[judged[columns] & (joint == "Hips" or not _lacking(rows[:, columns]))]


def _distance(squares: np.ndarray) -> float:
    """Return the median over frames of the root of the mean over columns, of squares ``(frames, columns)``."""
    return float(np.median(np.sqrt(squares.mean(axis=-1))))


def leaps_at_first(observed: Motion, predicted: Motion) -> str:
    """Say so if the first predicted step is larger than three times the last ten observed ones; nothing if it is not.

    Steps are how far joints move from frame to frame, on average: in space, and with the hips held where they are.

    Args:
        observed: rows ``(frames, columns)``.
        predicted: what follows.

    Returns:
        A sentence without a full stop, or an empty string.
    """
    both = observed[-_STEPS - 1 :].then(predicted[:1])
    joints = distinct_points(both.skeleton, range(1, len(both.skeleton.joints)))
    for seen, places in (
        ("", both.positions()[:, list(joints)]),
        (", seen from the hips,", placed_at_root(both, joints)),
    ):
        steps = np.linalg.norm(np.diff(places, axis=0), axis=-1).mean(axis=-1)
        usual, first = steps[:-1].mean(), steps[-1]
        if first > max(_LEAP * usual, _SEEN_MM):
            return (
                f"the first predicted step moves joints{seen} by {first:.1f} mm on average, the last observed ones "
                f"moved them by {usual:.1f} mm: it is a leap, and what follows is to be doubted"
            )
    return ""
