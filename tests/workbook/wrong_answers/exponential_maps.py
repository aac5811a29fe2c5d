"""What learners really answer in 02_exponential_maps, and the word that its checks must say of it."""

import numpy as np
from scipy.spatial.transform import Rotation


def matrix(vector):
    return Rotation.from_rotvec(vector).as_matrix()


def angle(rotmat):
    return Rotation.from_matrix(rotmat).magnitude()


def without_last_term(vector, point):
    theta = np.linalg.norm(vector)
    axis = vector / theta if theta else vector
    return np.cos(theta) * point + np.sin(theta) * np.cross(axis, point)


def naive(vector, point):
    theta = np.linalg.norm(vector)
    with np.errstate(invalid="ignore"):
        axis = vector / theta
    turned = np.cos(theta) * point + np.sin(theta) * np.cross(axis, point)
    return turned + (1 - np.cos(theta)) * (axis @ point) * axis


def number_by_number(vector, point):
    theta = np.linalg.norm(vector)
    axis = vector / theta if theta else vector
    turned = np.cos(theta) * point + np.sin(theta) * np.cross(axis, point)
    return turned + (1 - np.cos(theta)) * axis * axis * point


# The stored maps are for row vectors: bone @ matrix(map), with the same formula for the matrix.
def unclipped(a, b):
    with np.errstate(invalid="ignore"):
        return np.degrees(np.arccos((np.trace(a @ b.T) - 1) / 2))


def unsigned_quaternions(a, b):
    one, other = (Rotation.from_matrix(m).as_quat() for m in (a, b))
    one, other = (q if q[3] >= 0 else -q for q in (one, other))
    return 2 * np.degrees(np.arccos(np.clip(one @ other, -1, 1)))


def rodrigues(vector, point, with_point, with_product, product):
    angle = np.linalg.norm(vector)
    axis = vector / angle if angle else vector
    rest = (1 - with_point(angle)) * axis * (axis @ point)
    return with_point(angle) * point + with_product(angle) * product(axis, point) + rest


WRONG = {
    "quarter_turn": [
        ([0, 0, 90], "degrees"),
        ([0, 0, -np.pi / 2], "sign"),
        ([0, 0, np.pi / 4], "half the angle"),
        ([0, 0, 1], "length"),
        ([np.pi / 2, 0, 0], "about x"),
        ([0, np.pi / 2, 0], "about y"),
        (np.pi / 2, "axis"),
        ([0, 0, -3 * np.pi / 2], "long way"),
        (np.pi * np.sqrt([0.5, 0.5, 0]), "half a turn"),
        ([np.pi / 2, np.pi / 2, 0], "right angle"),
        ([0, 1.5707963], "shape"),
    ],
    "undo": [
        (lambda rotmat: -rotmat, "mirror"),
        (lambda rotmat: 1 / rotmat, "divided"),
        (lambda rotmat: rotmat.T, "batch"),
        (lambda rotmat: rotmat, "itself"),
        (lambda rotmat: rotmat[::-1, ::-1], "numbers are not"),
    ],
    "angle_between": [
        (unclipped, "nan"),
        (unsigned_quaternions, "long way round"),
        (lambda a, b: angle(a @ b.T), "radians"),
        (lambda a, b: np.degrees(angle(a @ b.T)) / 2, "half"),
        (lambda a, b: np.degrees(angle(a @ b)), "transpose"),
        (lambda a, b: np.linalg.norm(a - b), "matrices"),
        (
            lambda a, b: np.degrees(
                np.linalg.norm(Rotation.from_matrix(a).as_rotvec() - Rotation.from_matrix(b).as_rotvec())
            ),
            "rotation vectors",
        ),
        (
            lambda a, b: np.degrees(
                np.linalg.norm(Rotation.from_matrix(a.T).as_euler("ZYX") - Rotation.from_matrix(b.T).as_euler("ZYX"))
            ),
            "Euler",
        ),
        (lambda a, b: angle(a @ b.T) / 2, "half the angle, and in radians"),
        (lambda a, b: np.degrees(abs(angle(a) - angle(b))), "axes are forgotten"),
        (lambda a, b: np.degrees(Rotation.from_matrix(a @ b.T).as_rotvec()), "length is wanted"),
        (lambda a, b: np.degrees(np.linalg.norm(Rotation.from_matrix(b @ a.T).as_euler("ZYX"))), "Undone rightly"),
    ],
    "turn": [
        (lambda vector, point: rodrigues(vector, point, np.sin, np.cos, np.cross), "exchanged"),
        (lambda vector, point: rodrigues(vector, point, np.cos, np.sin, np.multiply), "np.cross"),
        (lambda vector, point: matrix(vector).T @ point, "other way"),
        (lambda vector, point: point @ matrix(vector), "other way"),
        (without_last_term, "1 - cos"),
        (lambda vector, point: matrix(np.radians(vector)) @ point, "degrees"),
        (naive, "nan"),
        (lambda vector, point: matrix(vector) @ point if vector.any() else np.zeros(3), "not at 0"),
        (number_by_number, "one number"),
    ],
    "hand": [
        (lambda s, e, u, f: u @ matrix(s) + f @ matrix(s) @ matrix(e), "swapped"),
        (lambda s, e, u, f: u @ matrix(s) + f @ matrix(e), "carried"),
        (lambda s, e, u, f: matrix(s) @ u + matrix(s) @ matrix(e) @ f, "column"),
        (lambda s, e, u, f: matrix(s) @ u + matrix(e) @ matrix(s) @ f, "column"),
        (lambda s, e, u, f: u @ matrix(s) + f @ matrix(s + e), "adds"),
        (lambda s, e, u, f: f @ matrix(e) @ matrix(s), "missing"),
        (lambda s, e, u, f: u @ matrix(s), "missing"),
        (lambda s, e, u, f: (u + f) @ matrix(e) @ matrix(s), "both bones"),
        (lambda s, e, u, f: u + f @ matrix(e) @ matrix(s), "at rest"),
        (lambda s, e, u, f: u @ matrix(-s) + f @ matrix(-e) @ matrix(-s), "minus"),
        (lambda s, e, u, f: f @ matrix(s) @ matrix(e), "numbers are not"),
    ],
}
