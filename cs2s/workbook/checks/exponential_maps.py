"""Answer checks of ``notebooks/02_exponential_maps``."""

import numpy as np

from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_euler, rotmat_to_expmap
from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = ["angle_between", "hand", "quarter_turn", "turn", "undo"]


def quarter_turn(answer: object) -> Verdict:
    """Judge the usual rotation vector ``(3,)`` that turns x onto y, radians."""
    quarter = np.pi / 2
    return judge_array(
        answer,
        np.array([0, 0, quarter]),
        praise="Thumb along z, and the fingers curl from x to y. The files would store minus this vector.",
        axes="as (x, y, z)",
        tolerance=1e-3,
        mistakes={
            "The axis is right, but these are degrees; radians are wanted.": np.array([0, 0, 90]),
            "The sign is that of the files: this turns x onto minus y. The usual rotation vector is wanted.": (
                np.array([0, 0, -quarter])
            ),
            "The sign is that of the files, and these are degrees.": np.array([0, 0, -90]),
            "Half the angle: the half is in the quaternion, not in the rotation vector.": np.array([0, 0, np.pi / 4]),
            "That is a half turn: x goes to minus x.": np.array([0, 0, np.pi]),
            "It ends at y, but goes the long way round: these are three quarters of a turn.": np.array(
                [0, 0, -3 * quarter]
            ),
            "It ends at y, but by half a turn, about the line between x and y; a quarter turn is wanted.": (
                np.array([np.pi, np.pi, 0]) / np.sqrt(2)
            ),
            "This axis lies between x and y; for a quarter turn it must be at a right angle to both.": (
                np.array([quarter, quarter, 0])
            ),
            "The axis is right, its length is not: it is the angle, in radians.": np.array([0, 0, 1]),
            "That turns about x, and x itself stays where it is.": np.array([quarter, 0, 0]),
            "That turns about y, and x goes to minus z.": np.array([0, quarter, 0]),
            "That is the angle alone; the rotation vector is the axis (three numbers) times the angle.": quarter,
        },
    )


def _some_vectors() -> np.ndarray:
    """Return rotation vectors ``(5, 3)`` about axes askew, radians; none is near 0 or a half turn."""
    return np.array([[0.7, -0.4, 1.1], [-1.5, 0.2, 0.3], [0.1, 2.0, -0.8], [0.5, 0.5, 0.6], [-0.9, -1.3, 0.4]])


def _elementwise_inverse(rotmat: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 / rotmat


def undo(answer: object) -> Verdict:
    """Judge a function ``undo(rotmat)``: the rotation back, ``(..., 3, 3)``."""
    rotmats = expmap_to_rotmat(_some_vectors())
    return judge_function(
        answer,
        lambda rotmat: np.swapaxes(rotmat, -1, -2),
        [(rotmats[0],), (rotmats[1:4],), (rotmats,)],
        praise="The transpose turns back: no rotation needs a matrix solver.",
        axes="(..., 3, 3)",
        mistakes={
            "This gives the rotation itself back, and turns nothing back.": lambda rotmat: rotmat,
            "Minus the matrix is a mirror image, no rotation. (Minus the rotation vector would be right.)": (
                lambda rotmat: -rotmat
            ),
            "Minus the transpose: the transpose alone turns back; the minus mirrors.": (
                lambda rotmat: -np.swapaxes(rotmat, -1, -2)
            ),
            "This is one divided by each number; the inverse of a matrix is something else.": _elementwise_inverse,
            "Right for one matrix; but .T reverses all axes of a batch. Swap only the last two.": lambda r: r.T,
            "This is the rotation vector of the rotation back; its matrix is wanted.": lambda r: -rotmat_to_expmap(r),
        },
    )


def _angle_between(first: np.ndarray, second: np.ndarray) -> float:
    """Return the angle in degrees from one rotation ``(3, 3)`` to another."""
    return float(np.degrees(np.linalg.norm(rotmat_to_expmap(first @ second.T))))


def angle_between(answer: object) -> Verdict:
    """Judge a function ``angle_between(first, second)`` of two matrices ``(3, 3)``: degrees from one to the other."""
    rotmats = expmap_to_rotmat(_some_vectors())

    def euler_distance(first: np.ndarray, second: np.ndarray) -> float:
        return float(np.degrees(np.linalg.norm(rotmat_to_euler(first) - rotmat_to_euler(second))))

    def vector_distance(first: np.ndarray, second: np.ndarray) -> float:
        return float(np.degrees(np.linalg.norm(rotmat_to_expmap(first) - rotmat_to_expmap(second))))

    return judge_function(
        answer,
        _angle_between,
        [
            (rotmats[0], rotmats[1]),
            (rotmats[2], rotmats[3]),
            (rotmats[4], rotmats[4] @ rotmats[3]),
            # Equal ones, of which the cosine is rounded to more than 1.
            2 * (expmap_to_rotmat(np.array([1.4, -0.7, 0.4])),),
            # 20 degrees apart, though their quaternions with w >= 0 are 170 degrees apart: 340 seen the long way round.
            tuple(expmap_to_rotmat(np.radians([[0, 0, 170.0], [0, 0, -170.0]]))),
        ],
        praise="This angle does not care about Euler angles, about signs, or about where the axes point.",
        tolerance=1e-4,
        mistakes={
            "These are radians; degrees are wanted.": lambda a, b: np.radians(_angle_between(a, b)),
            "That is the long way round: no two rotations are more than 180 degrees apart. (q and -q are one rotation: "
            "take the absolute value of w.)": lambda a, b: 360 - _angle_between(a, b),
            "nan: the cosine of equal rotations is rounded to a little more than 1; clip it before arccos.": (
                lambda a, b: np.nan if np.allclose(a, b) else _angle_between(a, b)
            ),
            "This is half the angle: the half is in the quaternion; double it.": lambda a, b: _angle_between(a, b) / 2,
            "This is half the angle, and in radians.": lambda a, b: np.radians(_angle_between(a, b)) / 2,
            "This is double the angle.": lambda a, b: 2 * _angle_between(a, b),
            "This does one rotation after the other; to compare them, undo one of them first (transpose it).": (
                lambda a, b: _angle_between(a, b.T)
            ),
            "This is the distance of the Euler angles, which the paper measures; gimbal lock is in it.": euler_distance,
            "This is the distance of the rotation vectors, equal to the angle only if both have the same axis.": (
                vector_distance
            ),
            "This is the difference of two angles, and their axes are forgotten; undo one rotation first.": (
                lambda a, b: float(
                    np.degrees(abs(np.linalg.norm(rotmat_to_expmap(a)) - np.linalg.norm(rotmat_to_expmap(b))))
                )
            ),
            "Undone rightly, but measured in Euler angles; take the length of the rotation vector.": (
                lambda a, b: float(np.degrees(np.linalg.norm(rotmat_to_euler(a @ b.T))))
            ),
            "This is the distance of the matrices, number by number; an angle is wanted.": (
                lambda a, b: float(np.linalg.norm(a - b))
            ),
            "This is the rotation vector from one to the other; its length, in degrees, is wanted.": (
                lambda a, b: rotmat_to_expmap(a @ b.T)
            ),
            "This is the rotation vector from one to the other, in degrees; its length is wanted.": (
                lambda a, b: np.degrees(rotmat_to_expmap(a @ b.T))
            ),
        },
    )


def _turn(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    return expmap_to_rotmat(vector) @ point


def _turn_without_last_term(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    angle = np.linalg.norm(vector)
    return np.cos(angle) * point + np.sinc(angle / np.pi) * np.cross(vector, point)


def _turn_with_whole_vector(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with the rotation vector where its axis, of length 1, belongs."""
    angle = np.linalg.norm(vector)
    along = vector * (vector @ point) * (1 - np.cos(angle))
    return np.cos(angle) * point + np.sin(angle) * np.cross(vector, point) + along


def _turn_with_product(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with ``k * k * v`` instead of ``k * (k @ v)``."""
    angle = np.linalg.norm(vector)
    axis = vector / angle if angle else vector
    return np.cos(angle) * point + np.sin(angle) * np.cross(axis, point) + (1 - np.cos(angle)) * axis * axis * point


def _turn_with_swapped_terms(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with sine and cosine exchanged."""
    angle = np.linalg.norm(vector)
    axis = vector / angle if angle else vector
    return np.sin(angle) * point + np.cos(angle) * np.cross(axis, point) + (1 - np.sin(angle)) * axis * (axis @ point)


def _turn_without_cross(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with a product number by number for the cross product."""
    angle = np.linalg.norm(vector)
    axis = vector / angle if angle else vector
    return np.cos(angle) * point + np.sin(angle) * axis * point + (1 - np.cos(angle)) * axis * (axis @ point)


def turn(answer: object) -> Verdict:
    """Judge a function ``turn(vector, point)``: a point ``(3,)`` turned by a usual rotation vector, Rodrigues."""
    points = np.array([[200.0, 0, 0], [30.0, -80, 55], [0.3, 0.4, -0.5]])
    calls = [*zip(_some_vectors()[:3], points, strict=True), (np.zeros(3), points[1])]
    return judge_function(
        answer,
        _turn,
        calls,
        praise="And no turn at all leaves the point where it is, without a nan.",
        axes="as (x, y, z)",
        tolerance=1e-6,
        mistakes={
            "This turns the other way round: the files' sign, or the factors of the cross product swapped.": (
                lambda vector, point: _turn(-vector, point)
            ),
            "The part along the axis is missing: the term with (1 - cos).": _turn_without_last_term,
            "No turn at all must leave the point where it is, not at 0.": lambda v, p: (
                _turn(v, p) if v.any() else 0 * p
            ),
            "Sine and cosine are exchanged: cosine goes with the point, sine with the cross product.": (
                _turn_with_swapped_terms
            ),
            "This multiplies axis and point number by number; np.cross(axis, point) is wanted.": _turn_without_cross,
            "The rotation vector stands where the axis belongs: divide it by its length.": _turn_with_whole_vector,
            "This treats the vector as degrees; it is in radians.": lambda v, p: _turn(np.radians(v), p),
            "This adds the rotation vector to the point.": lambda vector, point: vector + point,
            "The last term multiplies number by number; k @ v is one number, which stretches k.": _turn_with_product,
        },
    )


def hand(answer: object) -> Verdict:
    """Judge a function ``hand(shoulder, elbow, upper, fore)``: where the hand ``(3,)`` is, seen from the shoulder.

    The first two arguments are maps as the files store them, for row vectors; the others are the bones at rest.
    """

    def placed(shoulder: np.ndarray, elbow: np.ndarray, upper: np.ndarray, fore: np.ndarray) -> np.ndarray:
        first, second = expmap_to_rotmat(shoulder), expmap_to_rotmat(elbow)
        return upper @ first + fore @ (second @ first)

    def swapped(shoulder: np.ndarray, elbow: np.ndarray, upper: np.ndarray, fore: np.ndarray) -> np.ndarray:
        first, second = expmap_to_rotmat(shoulder), expmap_to_rotmat(elbow)
        return upper @ first + fore @ (first @ second)

    def unchained(shoulder: np.ndarray, elbow: np.ndarray, upper: np.ndarray, fore: np.ndarray) -> np.ndarray:
        return upper @ expmap_to_rotmat(shoulder) + fore @ expmap_to_rotmat(elbow)

    def late(shoulder: np.ndarray, elbow: np.ndarray, upper: np.ndarray, fore: np.ndarray) -> np.ndarray:
        return upper @ expmap_to_rotmat(elbow) @ expmap_to_rotmat(shoulder) + fore @ expmap_to_rotmat(shoulder)

    vectors, bones = _some_vectors(), np.array([[274.6, 0, 0], [189.4, 0, 0], [250.0, 20, -10], [0, -190, 30]])
    return judge_function(
        answer,
        placed,
        [(vectors[0], vectors[1], bones[0], bones[1]), (vectors[2], vectors[4], bones[2], bones[3])],
        praise="That is forward kinematics: do it for 38 joints and you have drawn a person.",
        axes="as (x, y, z)",
        mistakes={
            "The order is swapped: with row vectors the elbow's matrix comes first, elbow @ shoulder.": swapped,
            "The forearm is turned by the elbow alone: it is also carried along by the shoulder.": unchained,
            "Column vectors (matrix @ bone) or a minus too many: take the maps as stored, and bone @ matrix.": (
                lambda s, e, u, f: placed(-s, -e, u, f)
            ),
            "Column vectors (matrix @ bone), and the order of the two matrices is that of rows.": (
                lambda s, e, u, f: swapped(-s, -e, u, f)
            ),
            "This adds the two maps; rotations one after the other are multiplied, as matrices.": (
                lambda s, e, u, f: u @ expmap_to_rotmat(s) + f @ expmap_to_rotmat(s + e)
            ),
            "The upper arm is missing: this is where the hand is, seen from the elbow.": (
                lambda s, e, u, f: placed(s, e, 0 * u, f)
            ),
            "This is where the elbow is; the forearm is missing.": lambda s, e, u, f: placed(s, e, u, 0 * f),
            "The elbow turns the upper arm here; it turns only what comes after it.": late,
            "Here the elbow turns both bones; it turns only what comes after it, the forearm.": (
                lambda s, e, u, f: placed(s, e, 0 * u, u + f)
            ),
            "The upper arm stays at rest here; the shoulder turns it, too.": (
                lambda s, e, u, f: u + placed(s, e, 0 * u, f)
            ),
        },
    )
