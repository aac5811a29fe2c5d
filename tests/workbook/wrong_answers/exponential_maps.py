"""What learners really answer in 02_exponential_maps, and the word that its checks must say of it."""

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.motion import rotmat_to_expmap


def matrix(vector):
    return Rotation.from_rotvec(vector).as_matrix()


def vector_of(rotmat):
    return Rotation.from_matrix(rotmat).as_rotvec()


def by_sine(rotmat):
    angle = np.arccos(np.clip((np.trace(rotmat) - 1) / 2, -1, 1))
    twist = np.array([rotmat[2, 1] - rotmat[1, 2], rotmat[0, 2] - rotmat[2, 0], rotmat[1, 0] - rotmat[0, 1]])
    with np.errstate(all="ignore"):
        return angle * twist / (2 * np.sin(angle))


def half_turns(by):
    """A way back that is right but near half a turn, where it does something else."""
    return lambda rotmat: by(rotmat) if np.trace(rotmat) < -0.99999 else vector_of(rotmat)


def by_diagonal(rotmat):
    return np.pi * np.sqrt(np.clip((np.diagonal(rotmat) + 1) / 2, 0, 1))


def by_first_column(rotmat):
    column = rotmat[:, 0] + [1, 0, 0]
    with np.errstate(all="ignore"):
        return np.pi * column / np.linalg.norm(column)


def by_largest_column(rotmat):
    column = (rotmat + np.eye(3))[:, np.argmax(np.diagonal(rotmat))]
    return np.pi * column / np.linalg.norm(column)


def coarse(rotmat):
    return by_largest_column(rotmat) if np.trace(rotmat) < -0.9 else vector_of(rotmat)


def cosine(rotmat):
    return (np.trace(rotmat) - 1) / 2


def close_to_half(rotmat):
    return by_largest_column(rotmat) if np.isclose(cosine(rotmat), -1) else vector_of(rotmat)


def close_to_none(rotmat):
    return np.zeros(3) if np.isclose(cosine(rotmat), 1) else vector_of(rotmat)


def without_sign(rotmat):
    if cosine(rotmat) > -0.5:
        return vector_of(rotmat)
    column = ((rotmat + rotmat.T) / 2 - cosine(rotmat) * np.eye(3))[:, np.argmax(np.diagonal(rotmat))]
    return np.arccos(np.clip(cosine(rotmat), -1, 1)) * column / np.linalg.norm(column)


def zero_is_nan(rotmat):
    return vector_of(rotmat) if np.trace(rotmat) < 3 - 1e-9 else np.full(3, np.nan)


def of_quaternions(one, other):
    first, second = (Rotation.from_rotvec(vector).as_quat(canonical=True) for vector in (one, other))
    return Rotation.from_quat(first + second).as_rotvec()


def of_euler(one, other):
    angles = [Rotation.from_rotvec(vector).as_euler("xyz") for vector in (one, other)]
    return Rotation.from_euler("xyz", np.mean(angles, axis=0)).as_rotvec()


def of_shortest(one, other):
    return np.mean([vector_of(matrix(vector)) for vector in (one, other)], axis=0)


def way(one, other):
    return Rotation.from_rotvec(other) * Rotation.from_rotvec(one).inv()


def half_of(rotation):
    return Rotation.from_rotvec(rotation.as_rotvec() / 2)


def half_turn_of(vector):
    return Rotation.from_rotvec(vector / 2)


def without_last_term(vector, point):
    theta = np.linalg.norm(vector)
    axis = vector / theta if theta else vector
    return np.cos(theta) * point + np.sin(theta) * np.cross(axis, point)


def to_the_origin(vector, point):
    angle = np.linalg.norm(vector)
    axis = vector / angle if angle else vector
    return point + np.sin(angle) * np.cross(axis, point) - (1 - np.cos(angle)) * point


def outwards(vector, point):
    angle = np.linalg.norm(vector)
    axis = vector / angle if angle else vector
    radius = point - axis * (axis @ point)
    return point + np.sin(angle) * np.cross(axis, point) + (1 - np.cos(angle)) * radius


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


def seen_from_the_centre(vector, point):
    angle = np.linalg.norm(vector)
    if angle == 0:
        return point
    centre = vector / angle * (vector / angle @ point)
    return np.cos(angle) * (point - centre) + np.sin(angle) * np.cross(vector / angle, point)


def rodrigues(vector, point, with_point, with_product, product):
    angle = np.linalg.norm(vector)
    axis = vector / angle if angle else vector
    rest = (1 - with_point(angle)) * axis * (axis @ point)
    return with_point(angle) * point + with_product(angle) * product(axis, point) + rest


def with_a_number_for_the_centre(vector, point):
    angle = np.linalg.norm(vector)
    if angle == 0:
        return point
    centre = vector / angle @ point
    return centre + np.cos(angle) * (point - centre) + np.sin(angle) * np.cross(vector / angle, point)


def by_sum_of_products(rotmat):
    if cosine(rotmat) > -0.5:
        return vector_of(rotmat)
    column = ((rotmat + rotmat.T) / 2 - cosine(rotmat) * np.eye(3)).sum(axis=1)
    twist = np.array([rotmat[2, 1] - rotmat[1, 2], rotmat[0, 2] - rotmat[2, 0], rotmat[1, 0] - rotmat[0, 1]])
    with np.errstate(all="ignore"):
        axis = column / np.linalg.norm(column)
    return np.arccos(np.clip(cosine(rotmat), -1, 1)) * (axis if axis @ twist >= 0 else -axis)


THIRD = np.full(3, 2 * np.pi / 3 / 3**0.5)

WRONG = {
    "cycle": [
        (["1.2092"] * 3, "not all"),
        ([1.2] * 3, "more digits"),
        (THIRD * 180 / np.pi, "degrees"),
        (-THIRD, "other way round"),
        (-np.degrees(THIRD), "and these are degrees"),
        (np.full(3, 2 * np.pi / 3), "each of its numbers"),
        ([120] * 3, "in degrees"),
        ([69] * 3, "degrees"),
        ([69.3] * 3, "degrees"),
        ([1.2, 1.2, 1.3], "at (2,)."),
        (np.full(3, 1), "1.73 radians"),
        (np.full(3, 3**-0.5), "one radian"),
        (THIRD / 2, "half the angle"),
        (np.full(3, np.pi / 2 / 3**0.5), "quarter"),
        (np.full(3, np.pi / 2), "quarter"),
        (np.full(3, np.pi / 3**0.5), "half a turn brings"),
        (3 * THIRD, "moves nothing"),
        ([0, 0, np.pi / 2], "z stays"),
        (2 * np.pi / 3, "angle alone"),
        ([1.2091996, 1.2091996], "shape"),
    ],
    "survive": [
        (by_sum_of_products, "numbers are not"),
        (by_sine, "upright"),
        (half_turns(by_sine), "upright"),
        (half_turns(lambda rotmat: np.zeros(3)), "upright"),
        (half_turns(lambda rotmat: np.full(3, np.nan)), "nan"),
        (half_turns(by_diagonal), "signs"),
        (half_turns(by_first_column), "first column"),
        (coarse, "175"),
        (lambda rotmat: -vector_of(rotmat), "minus"),
        (lambda rotmat: vector_of(rotmat.T), "minus"),
        (lambda rotmat: np.degrees(vector_of(rotmat)), "degrees"),
        (zero_is_nan, "three zeros"),
        (rotmat_to_expmap, "itself"),
        (close_to_half, "179.8"),
        (close_to_none, "0.2"),
        (without_sign, "sign is missing"),
        (lambda rotmat: vector_of(rotmat) / (np.linalg.norm(vector_of(rotmat)) or 1), "axis alone"),
        (lambda rotmat: vector_of(rotmat) + 2 * np.pi * vector_of(rotmat) / 3, "numbers are not"),
    ],
    "average": [
        (lambda one, other: (one + other) / 2, "become 10"),
        (lambda one, other: np.mean([one, other], axis=0), "become 10"),
        (of_shortest, "shortest vectors"),
        (of_quaternions, "q and -q"),
        (of_euler, "Euler"),
        (lambda one, other: (half_turn_of(other) * half_turn_of(one)).as_rotvec(), "half of one turn and then"),
        (lambda one, other: vector_of(matrix(one / 2) @ matrix(other / 2)), "half of the other turn and then"),
        (lambda one, other: one + other, "sum"),
        (lambda one, other: vector_of(matrix(other) @ matrix(one)), "one rotation and then"),
        (lambda one, other: way(one, other).as_rotvec(), "go half"),
        (lambda one, other: half_of(way(one, other)).as_rotvec(), "after the first"),
        (lambda one, other: other, "only half"),
        (lambda one, other: (Rotation.from_rotvec(one) * half_of(way(one, other))).as_rotvec(), "order"),
        (lambda one, other: np.degrees((half_of(way(one, other)) * Rotation.from_rotvec(one)).as_rotvec()), "degrees"),
    ],
    "lock": [
        (["2.22", "0", "2.22"], "not all"),
        ([0, np.pi / 2, 0], "y alone"),
        ([0, -np.pi / 2, 0], "y alone"),
        ([0.0011, -np.pi / 2, 0], "y alone"),
        ([0.5, np.pi / 2, 0], "no E2"),
        ([0, 0, np.pi / 2], "E2 is 0.0"),
        (np.degrees(-THIRD), "in degrees"),
        (THIRD, "E2 is"),
        ([0, 85 * np.pi / 180, 0], "85.0"),
        (90, "single number"),
        ([90, 0], "shape"),
    ],
    "turn": [
        (with_a_number_for_the_centre, "three numbers"),
        (lambda vector, point: rodrigues(vector, point, np.sin, np.cos, np.cross), "exchanged"),
        (lambda vector, point: rodrigues(vector, point, np.cos, np.sin, np.multiply), "np.cross"),
        (lambda vector, point: matrix(vector).T @ point, "other way"),
        (lambda vector, point: point @ matrix(vector), "other way"),
        (without_last_term, "along the axis stays"),
        (to_the_origin, "not to 0"),
        (outwards, "away from"),
        (lambda vector, point: matrix(np.radians(vector)) @ point, "degrees"),
        (naive, "nan"),
        (lambda vector, point: matrix(vector) @ point if vector.any() else np.zeros(3), "not at 0"),
        (number_by_number, "one number"),
        (seen_from_the_centre, "add the centre"),
    ],
    "hand": [
        (lambda s, e, u, f: u @ matrix(s) + f @ matrix(s) @ matrix(e), "swapped"),
        (lambda s, e, u, f: u @ matrix(s) + f @ matrix(e), "carried"),
        (lambda s, e, u, f: matrix(s) @ u + matrix(s) @ matrix(e) @ f, "column"),
        (lambda s, e, u, f: matrix(s) @ u + matrix(e) @ matrix(s) @ f, "column"),
        (lambda s, e, u, f: u @ matrix(s) + f @ matrix(s + e), "adds the two vectors"),
        (lambda s, e, u, f: f @ matrix(e) @ matrix(s), "missing"),
        (lambda s, e, u, f: u @ matrix(s), "missing"),
        (lambda s, e, u, f: (u + f) @ matrix(e) @ matrix(s), "both bones"),
        (lambda s, e, u, f: u + f @ matrix(e) @ matrix(s), "at rest"),
        (lambda s, e, u, f: u @ matrix(-s) + f @ matrix(-e) @ matrix(-s), "minus"),
        (lambda s, e, u, f: f @ matrix(s) @ matrix(e), "numbers are not"),
    ],
}
