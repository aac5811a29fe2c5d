"""Rotations of joints: exponential maps, rotation matrices, quaternions and Euler angles.

Conventions, stated once for the whole package:

* An *exponential map* is rotation axis times angle in radians, shape ``(..., 3)``. The benchmark files
  store MINUS the usual rotation vector, because their authors multiply row vectors from the left.
* `expmap_to_rotmat` is plain Rodrigues. Used on the stored maps with row vectors (``x_row @ R``) it turns
  the way the recorded person turned.
* Quaternions are ``(w, x, y, z)`` with ``w >= 0``.
* Euler angles are those of the paper's evaluation, read off the rotation matrix by `rotmat_to_euler`.

Every function takes any leading batch shape and keeps float32 as float32 and float64 as float64.
Taught in ``notebooks/02_exponential_maps``.
"""

import numpy as np

__all__ = [
    "expmap_to_euler",
    "expmap_to_rotmat",
    "quat_to_expmap",
    "rotmat_to_euler",
    "rotmat_to_expmap",
    "rotmat_to_quat",
    "wrap_angle",
]


def _as_float(array: np.ndarray, *trailing: int) -> np.ndarray:
    """Return `array` as floating point after checking that its last axes have the sizes `trailing`."""
    array = np.asarray(array)
    if not np.issubdtype(array.dtype, np.floating):
        array = array.astype(np.float64)
    if array.shape[-len(trailing) :] != trailing:
        wanted = ", ".join(str(size) for size in trailing)
        raise ValueError(f"expected an array of shape (..., {wanted}), got {array.shape}")
    return array


def expmap_to_rotmat(expmap: np.ndarray) -> np.ndarray:
    """Turn exponential maps into rotation matrices by Rodrigues' formula.

    Args:
        expmap: ``(..., 3)``, radians.

    Returns:
        ``(..., 3, 3)`` rotation matrices; exactly the identity for a zero map.

    Raises:
        ValueError: if the last axis does not have 3 entries.

    Source: Rodrigues (1840); the paper's section 4.1 names exponential maps as its pose representation.
    """
    expmap = _as_float(expmap, 3)
    angle_squared = np.sum(expmap * expmap, axis=-1)[..., None, None]
    angle = np.sqrt(angle_squared)
    # np.sinc(x) is sin(pi x) / (pi x): exact at 0, so small angles need no branch.
    sine_term = np.sinc(angle / np.pi)
    cosine_term = 0.5 * np.sinc(angle / (2 * np.pi)) ** 2
    skew = np.zeros((*expmap.shape, 3), dtype=expmap.dtype)
    x, y, z = expmap[..., 0], expmap[..., 1], expmap[..., 2]
    skew[..., 0, 1], skew[..., 0, 2], skew[..., 1, 2] = -z, y, -x
    skew[..., 1, 0], skew[..., 2, 0], skew[..., 2, 1] = z, -y, x
    identity = np.eye(3, dtype=expmap.dtype)
    rotmat = identity + sine_term * skew + cosine_term * (skew @ skew)
    return rotmat.astype(expmap.dtype, copy=False)


def rotmat_to_quat(rotmat: np.ndarray) -> np.ndarray:
    """Turn rotation matrices into unit quaternions ``(w, x, y, z)`` with ``w >= 0``.

    Args:
        rotmat: ``(..., 3, 3)`` rotation matrices.

    Returns:
        ``(..., 4)``. Each is computed from its largest component, so that rotations by exactly pi are right
        too (the original implementation fails there).

    Raises:
        ValueError: if the last two axes are not 3 by 3.

    Source: Shepperd, "Quaternion from rotation matrix", J. Guidance and Control 1(3), 1978.
    """
    m = _as_float(rotmat, 3, 3)
    trace = np.trace(m, axis1=-2, axis2=-1)[..., None]
    diagonal = np.diagonal(m, axis1=-2, axis2=-1)
    twist = np.stack([m[..., i, j] - m[..., j, i] for i, j in ((2, 1), (0, 2), (1, 0))], axis=-1)
    # Row k holds 4 * q_k * (w, x, y, z): the row of the largest component divides by no small number.
    rows = np.empty((*m.shape[:-2], 4, 4), dtype=m.dtype)
    rows[..., 0, :] = np.concatenate([1 + trace, twist], axis=-1)
    rows[..., 1:, 0] = twist
    rows[..., 1:, 1:] = m + np.swapaxes(m, -1, -2)
    rows[..., range(1, 4), range(1, 4)] = 1 + 2 * diagonal - trace
    largest = np.argmax(np.diagonal(rows, axis1=-2, axis2=-1), axis=-1)
    quat = np.take_along_axis(rows, largest[..., None, None], axis=-2)[..., 0, :]
    quat = quat / np.linalg.norm(quat, axis=-1, keepdims=True)
    return np.where(quat[..., :1] < 0, -quat, quat)


def quat_to_expmap(quat: np.ndarray) -> np.ndarray:
    """Turn unit quaternions into the shortest exponential maps (angle at most pi).

    Args:
        quat: ``(..., 4)`` as ``(w, x, y, z)``, unit length.

    Returns:
        ``(..., 3)``, radians.

    Raises:
        ValueError: if the last axis does not have 4 entries.
    """
    quat = _as_float(quat, 4)
    quat = np.where(quat[..., :1] < 0, -quat, quat)
    vector = quat[..., 1:]
    sine = np.linalg.norm(vector, axis=-1, keepdims=True)
    angle = 2 * np.arctan2(sine, quat[..., :1])
    # Near 0 the ratio angle / sine tends to 2 / w; the guarded division is never used there.
    small = sine < 1e-7
    ratio = np.where(small, 2, angle / np.where(small, 1, sine))
    return (ratio * vector).astype(quat.dtype, copy=False)


def rotmat_to_expmap(rotmat: np.ndarray) -> np.ndarray:
    """Turn rotation matrices into the shortest exponential maps (angle at most pi).

    Args:
        rotmat: ``(..., 3, 3)`` rotation matrices.

    Returns:
        ``(..., 3)``, radians.

    Raises:
        ValueError: if the last two axes are not 3 by 3.
    """
    return quat_to_expmap(rotmat_to_quat(rotmat))


def rotmat_to_euler(rotmat: np.ndarray) -> np.ndarray:
    """Turn rotation matrices into the three Euler angles in which the paper measures its error.

    Args:
        rotmat: ``(..., 3, 3)`` rotation matrices.

    Returns:
        ``(..., 3)``, radians. In gimbal lock (``R[0, 2]`` exactly 1 or -1) the third angle is set to 0.

    Raises:
        ValueError: if the last two axes are not 3 by 3.

    Source: the evaluation of Fragkiadaki et al. 2015, used by every paper on this benchmark since.
    """
    m = _as_float(rotmat, 3, 3)
    return _euler(m[..., 0, 0], m[..., 0, 1], m[..., 0, 2], m[..., 1, 2], m[..., 2, 2])


def _euler(r00: np.ndarray, r01: np.ndarray, r02: np.ndarray, r12: np.ndarray, r22: np.ndarray) -> np.ndarray:
    """Return the Euler angles ``(..., 3)`` of rotation matrices of which these are the entries, each ``(...)``."""
    # The authors divide the arguments of each arc tangent by the second angle's cosine, which turns none of them.
    angles = np.empty((*r02.shape, 3), dtype=r02.dtype)
    np.arctan2(r12, r22, out=angles[..., 0])
    # Rounding can push |R02| an ulp past 1, where arcsin is nan.
    np.arcsin(np.clip(-r02, -1, 1), out=angles[..., 1])
    np.arctan2(r01, r00, out=angles[..., 2])
    locked = np.abs(r02) == 1
    if locked.any():
        angles[..., 0] = np.where(locked, np.arctan2(r01, r02), angles[..., 0])
        angles[..., 2] = np.where(locked, 0, angles[..., 2])
    return angles


def expmap_to_euler(expmap: np.ndarray) -> np.ndarray:
    """Turn exponential maps into the three Euler angles in which the paper measures its error.

    Computes only those five entries of the rotation matrix that are needed, which takes a third of the time of all.

    Args:
        expmap: ``(..., 3)``, radians.

    Returns:
        ``(..., 3)``, radians; see `rotmat_to_euler`.

    Raises:
        ValueError: if the last axis does not have 3 entries.
    """
    expmap = _as_float(expmap, 3)
    x, y, z = (expmap[..., axis].copy() for axis in range(3))
    xx, yy, zz = x * x, y * y, z * z
    half = np.sqrt(xx + yy + zz) / 2
    # Rodrigues' formula, of half the angle: sin a / a = s cos h and (1 - cos a) / a^2 = s^2 / 2, where s is sin h / h.
    ratio = np.divide(np.sin(half), half, out=np.ones_like(half), where=half > 0)
    sine, cosine = ratio * np.cos(half), ratio * ratio / 2
    cosine_z = cosine * z
    # Adding 0 makes 0 of -0, whose arc tangent may be minus half a turn where that of 0 is half a turn.
    return _euler(
        1 - cosine * (yy + zz),
        0 + (cosine * x * y - sine * z),
        cosine_z * x + sine * y,
        0 + (cosine_z * y - sine * x),
        1 - cosine * (xx + yy),
    )


def wrap_angle(expmap: np.ndarray) -> np.ndarray:
    """Take the length of each exponential map modulo 2 pi, keeping its direction.

    Args:
        expmap: ``(..., 3)``, radians.

    Returns:
        ``(..., 3)``: the same rotations with angles in ``[0, 2 pi)``.

    Source: the paper's Human3.6M loader, which does this before statistics and normalisation.
    """
    expmap = _as_float(expmap, 3)
    angle = np.linalg.norm(expmap, axis=-1, keepdims=True)
    turning = angle > 0
    wrapped = np.mod(angle, 2 * np.pi)
    return np.where(turning, expmap * (wrapped / np.where(turning, angle, 1)), expmap)
