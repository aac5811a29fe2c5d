"""The measures of a prediction: the paper's angle error; and joint angles, joint positions and spectra, with units.

The field's own position error is in `cs2s.evaluation.field_positions`.

All take true and predicted motions and measure every window by itself. The root never counts: where a person walks to
and turns to is left to other measures. A `Measure` is one of them with its name, its unit, and what a table says of
it. Taught in ``notebooks/05_error_evaluation`` and ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import dataset_statistics
from cs2s.errors import InputError
from cs2s.evaluation.field_positions import field_position_error
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.rotations import expmap_to_euler, expmap_to_rotmat
from cs2s.motion.skeleton import CMU

__all__ = [
    "ANGLE_ERROR",
    "FIELD_POSITIONS",
    "JOINT_ANGLES",
    "JOINT_POSITIONS",
    "MEASURES",
    "SPECTRA",
    "Measure",
    "Terms",
    "angle_error",
    "counted_columns",
    "euler_columns",
    "geodesic_angle",
    "joint_angle_error",
    "joint_euler_angles",
    "moving_joints",
    "mpjpe",
    "npss",
    "placed_at_root",
    "spectral_terms",
    "squared_differences",
]

_ROOT_COLUMNS = 6

Terms = tuple[np.ndarray, np.ndarray]
"""Of every window its numbers and their weights, each ``(windows, values)``: a mean is the ratio of their sums."""


@dataclass(frozen=True)
class Measure:
    """One way to measure how wrong predictions are.

    Attributes:
        name: what files and `cs2s.evaluation.evaluation.Result` call it.
        unit: of its numbers; empty where they have none.
        title: what a table says of it.
        digits: after the point, in a table.
        by_frame: whether it gives a number for every predicted frame, or one for all of them together.
        on: from a data set, which says for instance which joints move, to the function that measures: of the true
            windows (observed frames, then the future) and the predicted frames, both batches, it returns `Terms`, of
            ``(windows, frames)`` or of ``(windows, 1)``.
    """

    name: str
    unit: str
    title: str
    digits: int
    by_frame: bool
    on: Callable[[Dataset], Callable[[Motion, Motion], Terms]]


def _evenly(numbers: np.ndarray) -> Terms:
    """Weigh all numbers alike."""
    return numbers, np.ones_like(numbers)


def _future(truth: Motion, predicted: Motion) -> Motion:
    """Return the frames of true windows that were to be predicted."""
    return truth[len(truth) - len(predicted) :]


def euler_columns(motion: Motion) -> np.ndarray:
    """Return the Euler angles of the paper's error, ``(..., frames, columns)``, radians, the six root columns 0.

    In double precision: in single, rotations in gimbal lock are not seen to be.
    """
    angles = np.zeros_like(motion.rows, dtype=np.float64)
    euler = expmap_to_euler(motion.expmaps[..., 1:, :].astype(np.float64))
    angles[..., _ROOT_COLUMNS:] = euler.reshape(*euler.shape[:-2], -1)
    return angles


def counted_columns(true_angles: np.ndarray) -> np.ndarray:
    """Tell which columns of true windows ``(..., frames, columns)`` count in the paper's error, ``(..., 1, columns)``.

    Those are all whose Euler angle moves: with a standard deviation of more than 1e-4 over the whole window.
    """
    return true_angles.std(axis=-2, keepdims=True) > 1e-4


def squared_differences(truth: Motion, predicted: Motion) -> np.ndarray:
    """Square the differences in Euler angles of which the paper's mean angle error is made.

    Args:
        truth: rows ``(..., observed + frames, columns)``, the observed frames first.
        predicted: rows ``(..., frames, columns)``.

    Returns:
        ``(..., frames, columns)``, radians squared; 0 for the root and for columns that do not count.
    """
    true_angles = euler_columns(truth)
    differences = true_angles[..., -len(predicted) :, :] - euler_columns(predicted)
    return (differences * counted_columns(true_angles)) ** 2


def angle_error(truth: Motion, predicted: Motion) -> np.ndarray:
    """Measure the paper's angle error, window by window; averaged over windows it is the "mean angle error".

    Columns whose true Euler angle is all but constant over the whole window (standard deviation at most 1e-4)
    do not count; nor does the root.

    Args:
        truth: rows ``(..., observed + frames, columns)``, the observed frames first.
        predicted: rows ``(..., frames, columns)``.

    Returns:
        ``(..., frames)``: for each predicted frame the Euclidean norm over columns of the difference in Euler
        angles, radians.

    Source: section 4 of the paper; the measure is that of Fragkiadaki et al. 2015.
    """
    return np.sqrt(np.sum(squared_differences(truth, predicted), axis=-1))


def moving_joints(dataset: Dataset) -> tuple[int, ...]:
    """Return the joints, without the root, that turn anywhere in the training files: those whose angles count.

    T-pose rows are left out: on CMU they alone make two finger joints look as if they moved.

    Raises:
        InputError: if no training file is present, or nothing turns in any.
    """
    joints = dataset_statistics(dataset, t_pose="dropped").turning_joints
    if not joints:
        raise InputError(f"no joint turns in the training files of the {dataset.description.name} data.")
    return joints


def geodesic_angle(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Measure by which angle a predicted rotation must be turned to become the true one.

    Unlike a difference of Euler angles it does not depend on the choice of axes, knows no gimbal lock, and takes
    two maps that differ by a full turn for the one rotation that they are.

    Args:
        truth: ``(..., 3)`` exponential maps, radians.
        predicted: ``(..., 3)`` exponential maps, radians.

    Returns:
        ``(...)``: the angle of ``R_true^T R_predicted``, degrees, from 0 to 180.

    Raises:
        ValueError: if the last axis does not have 3 entries.

    Source: Huynh, "Metrics for 3D rotations", J. Mathematical Imaging and Vision 35, 2009 (its measure 6).
    """
    true, turned = (expmap_to_rotmat(np.asarray(maps, dtype=np.float64)) for maps in (truth, predicted))
    between = np.swapaxes(true, -1, -2) @ turned
    twist = np.stack([between[..., i, j] - between[..., j, i] for i, j in ((2, 1), (0, 2), (1, 0))], axis=-1)
    # Sine and cosine together: the arc cosine of the trace alone loses half the digits of small angles.
    sine, cosine = np.linalg.norm(twist, axis=-1), np.trace(between, axis1=-2, axis2=-1) - 1
    return np.degrees(np.arctan2(sine, cosine))


def joint_angle_error(truth: Motion, predicted: Motion, joints: Sequence[int]) -> np.ndarray:
    """Measure the mean geodesic angle between the true and the predicted rotations of joints.

    Each joint's own rotation counts, relative to its parent, so that a wrong hip is not counted again in the knee.

    Args:
        truth: rows ``(..., frames, columns)``.
        predicted: rows ``(..., frames, columns)``, of the same frames.
        joints: indices of the joints that count; see `moving_joints`.

    Returns:
        ``(..., frames)``, degrees.
    """
    counted = list(joints)
    return geodesic_angle(truth.expmaps[..., counted, :], predicted.expmaps[..., counted, :]).mean(axis=-1)


def placed_at_root(motion: Motion, points: Sequence[int]) -> np.ndarray:
    """Return where points are while the root is at the origin, unturned, ``(..., frames, points, 3)``, millimetres."""
    expmaps = motion.expmaps.astype(np.float64)
    expmaps[..., 0, :] = 0
    return motion.skeleton.forward_kinematics(expmaps, np.zeros((*expmaps.shape[:-2], 3)))[..., list(points), :]


def mpjpe(truth: Motion, predicted: Motion, points: Sequence[int]) -> np.ndarray:
    """Measure the mean per-joint position error, aligned at the root.

    The prediction gets the true translation and rotation of the root. Distances do not change when both figures are
    moved and turned alike, so no root has to be known: both are placed at the origin, unturned. This is why data
    with a relative root (Human3.6M) needs no path of the root either.

    Args:
        truth: rows ``(..., frames, columns)``.
        predicted: rows ``(..., frames, columns)``, of the same frames and skeleton.
        points: indices of the joints that count; see `distinct_points`.

    Returns:
        ``(..., frames)``: distance between true and predicted position, averaged over the points, millimetres.

    Source: Ionescu et al., "Human3.6M", PAMI 36(7), 2014, section 4 (there with the root's position aligned alone).
    """
    return np.linalg.norm(placed_at_root(truth, points) - placed_at_root(predicted, points), axis=-1).mean(axis=-1)


def joint_euler_angles(motion: Motion, joints: Sequence[int]) -> np.ndarray:
    """Return the paper's Euler angles of joints as curves over time, ``(..., frames, 3 * joints)``, radians."""
    angles = expmap_to_euler(motion.expmaps[..., list(joints), :].astype(np.float64))
    return angles.reshape(*angles.shape[:-2], -1)


def _normalised(power: np.ndarray) -> np.ndarray:
    """Divide spectra ``(windows, frequencies, columns)`` by their sums; one without any power stays 0."""
    total = power.sum(axis=1, keepdims=True)
    return np.divide(power, total, out=np.zeros_like(power), where=total != 0)


def spectral_terms(truth: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compare the power spectra of true and predicted curves, window by window: the two sums that make the NPSS.

    Args:
        truth: ``(windows, frames, columns)`` curves over time: Euler angles, radians.
        predicted: ``(windows, frames, columns)``.

    Returns:
        ``(windows,)``, the sum over columns of earth mover's distance times true power; and ``(windows,)``, the sum
        of true power. The first's total divided by the second's is the NPSS.
    """
    true_power, power = (
        np.abs(np.fft.fft(np.asarray(curves, dtype=np.float64), axis=1)) ** 2 for curves in (truth, predicted)
    )
    difference = np.cumsum(_normalised(true_power), axis=1) - np.cumsum(_normalised(power), axis=1)
    distance = np.abs(difference).sum(axis=1)
    weight = true_power.sum(axis=1)
    return (distance * weight).sum(axis=-1), weight.sum(axis=-1)


def npss(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Measure the normalised power spectrum similarity: do the curves hold the same frequencies?

    The power spectrum of each column of each window is divided by its sum; the earth mover's distance between the
    true and the predicted one is the sum of the absolute differences of the cumulated spectra; the distances are
    averaged, each weighted by the total power of the true spectrum. Phase and size of a curve do not matter: a
    prediction that is late, or twice as large, is as good as a perfect one. The mean of a curve does matter: it is
    the power at frequency 0, mostly the largest share. So all predictions that stand still have one NPSS, whatever the
    pose. Euler angles jump where they pass half a turn or come near gimbal lock (on CMU the thumbs, in 30 of 566 test
    windows, which raise the NPSS of standing still in jumping from 0.46 to 0.73); a jump counts as motion here, as it
    does for the authors.

    Args:
        truth: ``(windows, frames, columns)`` curves over time: Euler angles, radians.
        predicted: ``(windows, frames, columns)``.

    Returns:
        The NPSS, in steps of the discrete frequencies; 0 is best. nan where the truth has no power at all.

    Source: Gopalakrishnan et al. 2019, and the code of its authors, followed in using all frequencies of the
    transform, 0 and the negative ones included, in their usual order. One thing differs: the power here is the
    squared magnitude, as the paper says. Their code puts complex coefficients into an array of real numbers, which
    drops the imaginary parts (as others who took it over then did on purpose), and measures only the cosines. Numbers
    printed elsewhere are therefore not comparable with these.
    """
    cost, power = (terms.sum() for terms in spectral_terms(truth, predicted))
    return float(cost / power) if power > 0 else float("nan")


def _joint_angles(dataset: Dataset) -> Callable[[Motion, Motion], Terms]:
    joints = moving_joints(dataset)
    return lambda truth, predicted: _evenly(joint_angle_error(_future(truth, predicted), predicted, joints))


def _joint_positions(dataset: Dataset) -> Callable[[Motion, Motion], Terms]:
    points = distinct_points(dataset.description.skeleton, moving_joints(dataset))
    return lambda truth, predicted: _evenly(mpjpe(_future(truth, predicted), predicted, points))


def _field_positions(dataset: Dataset) -> Callable[[Motion, Motion], Terms]:
    description = dataset.description
    if description.skeleton is not CMU:
        raise InputError(
            f"the field's millimetres are made of the CMU skeleton, but the {description.name} data has the "
            f"{description.skeleton.name} one: take --protocol corrected, which measures positions on both."
        )
    return lambda truth, predicted: _evenly(field_position_error(_future(truth, predicted), predicted))


def _spectra(dataset: Dataset) -> Callable[[Motion, Motion], Terms]:
    joints = moving_joints(dataset)

    def terms(truth: Motion, predicted: Motion) -> Terms:
        curves = (joint_euler_angles(motion, joints) for motion in (_future(truth, predicted), predicted))
        cost, power = spectral_terms(*curves)
        return cost[:, None], power[:, None]

    return terms


ANGLE_ERROR = Measure(
    name="angle_error",
    unit="radians",
    title="mean angle error, radians",
    digits=3,
    by_frame=True,
    on=lambda dataset: lambda truth, predicted: _evenly(angle_error(truth, predicted)),
)
JOINT_ANGLES = Measure(
    name="degrees", unit="degrees", title="joint angle error, degrees", digits=2, by_frame=True, on=_joint_angles
)
JOINT_POSITIONS = Measure(
    name="mpjpe_mm",
    unit="millimetres",
    title="position error (MPJPE), millimetres",
    digits=1,
    by_frame=True,
    on=_joint_positions,
)
SPECTRA = Measure(name="npss", unit="", title="spectral error (NPSS)", digits=3, by_frame=False, on=_spectra)
FIELD_POSITIONS = Measure(
    name="field_mm",
    unit="millimetres of the field",
    title="position error, mm of the field (1.24 times too long)",
    digits=1,
    by_frame=True,
    on=_field_positions,
)

MEASURES = {m.name: m for m in (ANGLE_ERROR, JOINT_ANGLES, JOINT_POSITIONS, SPECTRA, FIELD_POSITIONS)}
"""All measures by name: what files of errors may hold."""
