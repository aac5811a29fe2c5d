"""Three measures of a prediction, each with a unit: joint angles, joint positions and spectra.

They take rows ``(windows, frames, columns)`` as motion files hold them and measure every window by itself, in
float64. The root never counts: where a person walks to and turns to is left to other measures.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Sequence

import numpy as np

from cs2s.motion.rotations import expmap_to_euler, expmap_to_rotmat
from cs2s.motion.skeleton import Skeleton

__all__ = [
    "distinct_points",
    "geodesic_angle",
    "joint_angle_error",
    "joint_euler_angles",
    "mpjpe",
    "npss",
    "spectral_terms",
]


def _expmaps(rows: np.ndarray) -> np.ndarray:
    """Return the exponential maps ``(..., joints, 3)`` in rows ``(..., 3 + 3 * joints)``, float64."""
    return np.asarray(rows[..., 3:], dtype=np.float64).reshape(*rows.shape[:-1], -1, 3)


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


def joint_angle_error(truth: np.ndarray, predicted: np.ndarray, joints: Sequence[int]) -> np.ndarray:
    """Measure the mean geodesic angle between the true and the predicted rotations of joints.

    Each joint's own rotation counts, relative to its parent, so that a wrong hip is not counted again in the knee.

    Args:
        truth: ``(windows, frames, columns)`` rows.
        predicted: ``(windows, frames, columns)`` rows.
        joints: indices of the joints that count; see `cs2s.evaluation.corrected_protocol.moving_joints`.

    Returns:
        ``(windows, frames)``, degrees.
    """
    counted = list(joints)
    return geodesic_angle(_expmaps(truth)[..., counted, :], _expmaps(predicted)[..., counted, :]).mean(axis=-1)


def distinct_points(skeleton: Skeleton, moving: Sequence[int]) -> tuple[int, ...]:
    """Choose the joints whose positions make up the MPJPE: each place once, and only places that can be wrong.

    A joint at the end of a bone of length zero coincides with its parent, and joints of one parent with equal
    offsets with one another (the neck and both shoulders of Human3.6M): of such joints one counts. The root does
    not count, nor does what no moving joint lies above (the hips): aligned at the root, these are right whatever
    is predicted. End sites count, for they show how the last joints turn.

    Args:
        skeleton: the joints.
        moving: indices of the joints that turn; see `cs2s.evaluation.corrected_protocol.moving_joints`.

    Returns:
        Indices of joints, ascending: 25 of 38 on CMU and 22 of 32 on Human3.6M, those that Mao et al. predict.

    Source: the lists of ignored joints in the code of Mao et al. 2019 ("constant joints and joints at same position
    with other joints"), from which this rule was found and which it gives again.
    """
    carried = [False] * len(skeleton.joints)
    points, seen = [], set()
    for joint, parent in enumerate(skeleton.parents):
        if parent < 0:
            continue
        carried[joint] = carried[parent] or (parent in moving and skeleton.parents[parent] >= 0)
        place = (parent, *skeleton.offsets[joint])
        if carried[joint] and skeleton.offsets[joint].any() and place not in seen:
            points.append(joint)
        seen.add(place)
    return tuple(points)


def mpjpe(truth: np.ndarray, predicted: np.ndarray, skeleton: Skeleton, points: Sequence[int]) -> np.ndarray:
    """Measure the mean per-joint position error, aligned at the root.

    The prediction gets the true translation and rotation of the root. Distances do not change when both figures are
    moved and turned alike, so no root has to be known: both are placed at the origin, unturned. This is why data
    with a relative root (Human3.6M) needs no path of the root either.

    Args:
        truth: ``(windows, frames, columns)`` rows.
        predicted: ``(windows, frames, columns)`` rows.
        skeleton: the joints of the rows.
        points: indices of the joints that count; see `distinct_points`.

    Returns:
        ``(windows, frames)``: distance between true and predicted position, averaged over the points, millimetres.

    Raises:
        ValueError: if the rows do not fit the skeleton.

    Source: Ionescu et al., "Human3.6M", PAMI 36(7), 2014, section 4 (there with the root's position aligned alone).
    """
    places = []
    for rows in (truth, predicted):
        expmaps = _expmaps(rows).copy()
        expmaps[..., 0, :] = 0
        placed = skeleton.forward_kinematics(expmaps, np.zeros((*expmaps.shape[:-2], 3)))
        places.append(placed[..., list(points), :])
    return np.linalg.norm(places[0] - places[1], axis=-1).mean(axis=-1)


def joint_euler_angles(rows: np.ndarray, joints: Sequence[int]) -> np.ndarray:
    """Return the paper's Euler angles of joints, ``(..., 3 * joints)``, radians, for rows ``(..., columns)``."""
    angles = expmap_to_euler(_expmaps(rows)[..., list(joints), :])
    return angles.reshape(*rows.shape[:-1], -1)


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
