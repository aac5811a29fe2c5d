"""Asking a predictor about a person whom its training never saw: what it is shown of them, and what is doubtful then.

The benchmark's own windows are given to predictors as they are (`cs2s.evaluation.evaluation`). A file of one's own
looks elsewhere, stands elsewhere, and may lack fingers; a model that sees such numbers takes them for what they meant
in its training. Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cs2s.datasets.windows import Statistics
from cs2s.evaluation.baselines import Predictor, check_predicted
from cs2s.motion.heading import heading, looking_along, standing_at
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.skeleton import CMU

__all__ = ["ask", "leaps_at_first", "still_columns", "unlike_training"]

_ALL_BUT_STILL = 0.01
"""Radians: a column with a lower standard deviation in training was moved by T-poses that open files, if at all."""

_GROUPS = {
    "the hips (tilt)": ("Hips",),
    "the legs": tuple(side + joint for side in ("Left", "Right") for joint in ("UpLeg", "Leg", "Foot", "ToeBase")),
    "the trunk and the head": ("LowerBack", "Spine", "Spine1", "Neck", "Neck1", "Head"),
    "the arms": tuple(side + joint for side in ("Left", "Right") for joint in ("Shoulder", "Arm", "ForeArm")),
    "the hands": (
        *(s + j for s in ("Left", "Right") for j in ("Hand", "HandIndex1", "FingerBase")),
        "LThumb",
        "RThumb",
    ),
}
_UNLIKE = 3.0
_LEAST_DEVIATION = 0.1
"""Radians: what a joint of another body is off by is not much, however still that joint was in training."""

_LEAP = 3.0
_STEPS = 10
_LEAST_MM = 3.0


def still_columns(statistics: Statistics) -> np.ndarray:
    """Return the columns of rotations that a model predicts though they all but stood still in its training.

    On CMU these are ``LeftHandIndex1.z`` and ``RightHandIndex1.z``: .1242 radians with a deviation of .0038, so that a
    person without fingers is 32 deviations off, and one with bent fingers 200.
    """
    used = statistics.used
    return used[(used >= 3) & (statistics.std[used] < _ALL_BUT_STILL)]


def _as_known(rows: np.ndarray, statistics: Statistics) -> np.ndarray:
    """Return rows ``(windows, observed, columns)`` in which what a model cannot judge is as in its training.

    That is what all but stood still there, and joints that a file lacks, whose rotations are all exactly zero.
    """
    known = rows.copy()
    still = still_columns(statistics)
    known[..., still] = statistics.mean[still]
    for joint in statistics.turning_joints:
        columns = slice(3 + 3 * joint, 6 + 3 * joint)
        lacking = ~rows[..., columns].any(axis=(-2, -1))
        known[lacking, :, columns] = statistics.mean[columns]
    return known


def ask(predictor: Predictor, observed: Motion, frames: int) -> Motion:
    """Let a predictor predict motion that need not be of its data: a file of one's own.

    The person is turned to look along z and put above the origin in the last observed frame, and turned and put back
    after; so wherever one stands and looks, the same is predicted. Joints that the predictor does not predict, or
    cannot judge (`still_columns`; joints that the file lacks), stay as they are in the last observed frame. It is given
    single precision, in which models are trained.

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
    batch = replace(observed, rows=observed.rows.reshape(-1, *observed.rows.shape[-2:]).astype(np.float64))
    shown = batch
    if in_space := _is_in_space(observed):
        places, angles = batch.rows[:, -1, :3], heading(batch[-1:])[:, 0]
        shown = looking_along(standing_at(batch, places), -angles)
    statistics = getattr(predictor, "statistics", None)
    if statistics is not None:
        shown = replace(shown, rows=_as_known(shown.rows, statistics))
    predicted = predictor(replace(shown, rows=shown.rows.astype(np.float32)), frames)
    predicted = replace(predicted, rows=np.array(predicted.rows, dtype=np.float64))
    check_predicted(predicted.rows, predictor.name)
    if in_space:
        predicted = standing_at(looking_along(predicted, angles), -places)
    rows = predicted.rows
    if statistics is not None:
        judged = np.setdiff1d(statistics.used, still_columns(statistics))
        held = np.setdiff1d(np.arange(rows.shape[-1]), judged)
        rows[..., held] = batch.rows[:, -1:, held]
        for joint in statistics.turning_joints:
            columns = slice(3 + 3 * joint, 6 + 3 * joint)
            lacking = ~batch.rows[..., columns].any(axis=(-2, -1))
            rows[lacking, :, columns] = 0
    rows = rows.reshape(*observed.rows.shape[:-2], *rows.shape[-2:]).astype(observed.rows.dtype)
    return replace(observed, rows=rows)


def _is_in_space(motion: Motion) -> bool:
    """Tell whether the motion says where a person of the CMU skeleton stands and looks."""
    return motion.root == "absolute" and motion.skeleton.joints == CMU.joints


def unlike_training(observed: Motion, statistics: Statistics) -> str:
    """Say which joints of a person are bent as in no training, and how far; nothing if all are usual.

    The distance of a group of joints is the root of the mean square of (number - mean) / deviation over the group's
    columns, those of joints that the file lacks and those that stood still in training aside; then the median over
    frames. In training it is about 1; more than 3 is told. A deviation counts as .1 radians at least.

    Args:
        observed: rows ``(frames, columns)``; of a skeleton other than CMU's, or with a relative root, nothing is said.
        statistics: of the training data.

    Returns:
        A sentence, or an empty string.
    """
    if not _is_in_space(observed):
        return ""
    along_z = looking_along(observed, -heading(observed[-1:])[0])
    off = (along_z.rows - statistics.mean) / np.maximum(statistics.std, _LEAST_DEVIATION)
    judged = set(np.setdiff1d(statistics.used, still_columns(statistics)).tolist())
    told = []
    for group, joints in _GROUPS.items():
        columns = []
        for joint in (CMU.joints.index(name) for name in joints):
            three = slice(3 + 3 * joint, 6 + 3 * joint)
            if joint == 0 or observed.rows[..., three].any():
                columns += [column for column in range(three.start, three.stop) if column in judged]
        if columns:
            distance = float(np.median(np.sqrt(np.mean(off[:, columns] ** 2, axis=-1))))
            if distance > _UNLIKE:
                told.append(f"{group}, {distance:.1f} deviations")
    return f"bent as hardly anything in training: {'; '.join(told)}" if told else ""


def leaps_at_first(observed: Motion, predicted: Motion) -> str:
    """Say so if the first predicted step is larger than three times the observed steps; nothing if it is not.

    Args:
        observed: root absolute, rows ``(frames, columns)``.
        predicted: what follows.

    Returns:
        A sentence, or an empty string.
    """
    both = observed[-_STEPS - 1 :].then(predicted[:1])
    points = distinct_points(both.skeleton, range(1, len(both.skeleton.joints)))
    steps = _steps(both.positions()[:, list(points)])
    usual = steps[:-1].mean()
    if steps[-1] <= max(_LEAP * usual, _LEAST_MM):
        return ""
    return (
        f"the first predicted step moves joints by {steps[-1]:.0f} mm on average, where the last observed ones moved "
        f"them by {usual:.1f}: do not trust this prediction"
    )


def _steps(places: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    return np.linalg.norm(np.diff(places, axis=0), axis=-1).mean(axis=-1)
