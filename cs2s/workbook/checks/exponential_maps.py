"""Answer checks of ``notebooks/02_exponential_maps``.

A rotation has many vectors. Where a rotation is asked for, whatever vector of it is right: `_known` takes an answer for
the shortest one before it is judged.
"""

from collections.abc import Callable

import numpy as np

from cs2s.motion.rotations import (
    expmap_to_rotmat,
    quat_to_expmap,
    rotmat_to_euler,
    rotmat_to_expmap,
    rotmat_to_quat,
)
from cs2s.workbook.verdict import Verdict, as_numbers, judge_array, judge_function

__all__ = ["average", "cycle", "hand", "lock", "survive", "turn"]

_HALF = np.array([1, 2, 3]) / np.sqrt(14)


def _as_vector(answer: object) -> np.ndarray | None:
    """Return an answer as a vector ``(3,)`` of numbers, or None if it is none."""
    vector = as_numbers(answer)
    return vector if vector is not None and vector.shape == (3,) and np.isfinite(vector).all() else None


def _known(answer: object, right: np.ndarray, tolerance: float, longest: float = np.inf) -> object:
    """Return `right` for any rotation vector of the same rotation; everything else as it is."""
    vector = _as_vector(answer)
    if vector is None or np.linalg.norm(vector) > longest:
        return answer
    return right if np.allclose(expmap_to_rotmat(vector), expmap_to_rotmat(right), atol=tolerance) else answer


def _turned_to_known(
    function: object, right: Callable[..., np.ndarray], tolerance: float, longest: float = np.inf
) -> object:
    """Return a function whose results are known by their rotation; what is no function, as it is."""
    if not callable(function):
        return function

    def known(*arguments: np.ndarray) -> object:
        # First, as the learner's function may change what it is given.
        wanted = right(*arguments)
        return _known(function(*arguments), wanted, tolerance, longest)

    return known


def cycle(answer: object) -> Verdict:
    """Judge the usual rotation vector ``(3,)``, radians, that turns x onto y, y onto z and z onto x."""
    right, vector = np.full(3, 2 * np.pi / 3 / np.sqrt(3)), _as_vector(answer)
    return judge_array(
        answer if vector is None else _known(vector, right, 2e-3),
        right,
        praise="A third of a turn about the diagonal, which stays where it is. Three such turns are a full one.",
        axes="as (x, y, z)",
        tolerance=2e-3,
        mistakes={
            "The axis and the angle are right, but these are degrees; radians are wanted.": np.degrees(right),
            "That turns x onto z, y onto x and z onto y: the other way round, as files store it.": -right,
            "That turns x onto z, y onto x and z onto y, and these are degrees.": -np.degrees(right),
            "The axis is right, but each of its numbers is the angle, and so its length is 1.73 times that.": (
                np.full(3, 2 * np.pi / 3)
            ),
            "Each of its numbers is the angle, and in degrees: the length is to be the angle, in radians.": (
                np.full(3, 120)
            ),
            "These are degrees, rounded; radians are wanted.": np.full(3, 69),
            "Almost: more digits are wanted, or a formula.": np.full(3, 1.2),
            "The axis is right, its length is not: as a unit vector it turns by one radian.": np.ones(3) / np.sqrt(3),
            "The axis is right, its length is not: it turns by 1.73 radians.": np.ones(3),
            "The axis is right, but this is half the angle: the half is in the quaternion.": right / 2,
            "The axis is right, but this is a quarter of a turn: try it three times.": right * 0.75,
            "Each number is a quarter of a turn here; the vector is then 156 degrees long.": np.full(3, np.pi / 2),
            "The axis is right, but half a turn brings x to no other axis.": np.full(3, np.pi / np.sqrt(3)),
            "The axis is right, but a full turn moves nothing: divide it among three steps.": (
                np.full(3, 2 * np.pi / np.sqrt(3))
            ),
            "That turns x onto y, but z stays where it is.": np.array([0, 0, np.pi / 2]),
            "That is the angle alone; the rotation vector is the axis (three numbers) times the angle.": 2 * np.pi / 3,
        },
    )


def _some_vectors() -> np.ndarray:
    """Return rotation vectors ``(5, 3)`` about axes askew, radians; none is near 0 or a half turn."""
    return np.array([[0.7, -0.4, 1.1], [-1.5, 0.2, 0.3], [0.1, 2.0, -0.8], [0.5, 0.5, 0.6], [-0.9, -1.3, 0.4]])


def _turn(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    return expmap_to_rotmat(vector) @ point


def _axis(vector: np.ndarray) -> np.ndarray:
    angle = np.linalg.norm(vector)
    return vector / angle if angle else vector


def _turn_with_whole_vector(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with the rotation vector where its axis, of length 1, belongs."""
    angle = np.linalg.norm(vector)
    along = vector * (vector @ point) * (1 - np.cos(angle))
    return np.cos(angle) * point + np.sin(angle) * np.cross(vector, point) + along


def _turn_with_product(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with ``k * k * v`` instead of ``k * (k @ v)``."""
    angle, axis = np.linalg.norm(vector), _axis(vector)
    return np.cos(angle) * point + np.sin(angle) * np.cross(axis, point) + (1 - np.cos(angle)) * axis * axis * point


def _turn_with_swapped_terms(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with sine and cosine exchanged."""
    angle, axis = np.linalg.norm(vector), _axis(vector)
    return np.sin(angle) * point + np.cos(angle) * np.cross(axis, point) + (1 - np.sin(angle)) * axis * (axis @ point)


def _turn_without_cross(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Rodrigues with a product number by number for the cross product."""
    angle, axis = np.linalg.norm(vector), _axis(vector)
    return np.cos(angle) * point + np.sin(angle) * axis * point + (1 - np.cos(angle)) * axis * (axis @ point)


def _turn_about_the_point(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Both steps of the circle, the second of them towards the origin instead of the centre."""
    angle, axis = np.linalg.norm(vector), _axis(vector)
    return point + np.sin(angle) * np.cross(axis, point) - (1 - np.cos(angle)) * point


def _turn_outwards(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Both steps of the circle, the second of them away from the centre."""
    angle, axis = np.linalg.norm(vector), _axis(vector)
    radius = point - axis * (axis @ point)
    return point + np.sin(angle) * np.cross(axis, point) + (1 - np.cos(angle)) * radius


def _turn_from_the_centre(vector: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Round the circle, but seen from its centre."""
    axis = _axis(vector)
    return _turn(vector, point) - axis * (axis @ point)


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
            "The centre lies on the axis: k * (k @ point), three numbers; k @ point is one.": lambda v, p: (
                _turn(v, p) + (np.cos(np.linalg.norm(v)) - 1) * (_axis(v) * (_axis(v) @ p) - _axis(v) @ p)
            ),
            "The second step must go to the circle's centre, k * (k @ point) with the axis k, not to 0: what is "
            "along the axis stays.": (_turn_about_the_point),
            "The second step goes away from the centre of the circle; it must go towards it.": _turn_outwards,
            "No turn at all must leave the point where it is, not at 0.": lambda v, p: (
                _turn(v, p) if v.any() else 0 * p
            ),
            "Sine and cosine are exchanged: sine goes with the tangent.": _turn_with_swapped_terms,
            "This multiplies axis and point number by number; np.cross(axis, point) is wanted.": _turn_without_cross,
            "The rotation vector stands where the axis belongs: divide it by its length.": _turn_with_whole_vector,
            "This treats the vector as degrees; it is in radians.": lambda v, p: _turn(np.radians(v), p),
            "This adds the rotation vector to the point.": lambda vector, point: vector + point,
            "This multiplies number by number; k @ point is one number, which stretches k.": _turn_with_product,
            "This is seen from the circle's centre: add the centre back.": _turn_from_the_centre,
        },
    )


def _unsigned(rotmat: np.ndarray) -> np.ndarray:
    """Half turns by the diagonal alone, which does not know the signs of the axis."""
    if np.trace(rotmat) > -0.999:
        return rotmat_to_expmap(rotmat)
    return np.pi * np.sqrt(np.clip((np.diagonal(rotmat) + 1) / 2, 0, None))


def _from_first_column(rotmat: np.ndarray) -> np.ndarray:
    """Half turns by the first column of R + I, which is zero for axes without x."""
    if np.trace(rotmat) > -0.999:
        return rotmat_to_expmap(rotmat)
    column = (rotmat + np.eye(3))[:, 0]
    with np.errstate(invalid="ignore"):
        return np.pi * column / np.linalg.norm(column)


def _always_half(rotmat: np.ndarray) -> np.ndarray:
    """Near half turns taken for half turns."""
    symmetric = rotmat + np.eye(3)
    column = symmetric[:, np.argmax(np.diagonal(symmetric))]
    return np.pi * column / np.linalg.norm(column) if np.trace(rotmat) < -0.9 else rotmat_to_expmap(rotmat)


def _nearly_half(rotmat: np.ndarray) -> np.ndarray:
    """Turns by 179.8 degrees taken for half turns, as by ``np.isclose(cosine, -1)``."""
    return _always_half(rotmat) if np.trace(rotmat) < -1 + 2e-5 else rotmat_to_expmap(rotmat)


def _without_sign(rotmat: np.ndarray) -> np.ndarray:
    """A column of products, with the sign that it happens to have, for the axis of large turns."""
    vector = rotmat_to_expmap(rotmat)
    if np.trace(rotmat) > -0.9:
        return vector
    return vector if vector[np.argmax(np.abs(vector))] > 0 else -vector


def survive(answer: object) -> Verdict:
    """Judge a function ``back(rotmat)``, ``(3, 3)`` -> ``(3,)``, which must be right at and near half a turn too."""
    half_turns = np.array([_HALF, [0, 0, 1], [0, 0.6, -0.8], [-1, 0, 0], [0, np.sqrt(0.5), -np.sqrt(0.5)]])
    near = np.radians([[179.9999], [-175.0], [179.8], [-179.8], [120.0], [0.2]]) * _HALF
    if answer is rotmat_to_expmap:
        return Verdict(False, "That is `rotmat_to_expmap` itself; write the way back without it.")
    rotmats = [
        expmap_to_rotmat(_some_vectors()[0]),
        # Half turns to the last digit.
        *(2 * half_turns[:, :, None] * half_turns[:, None] - np.eye(3)),
        *expmap_to_rotmat(near),
        np.eye(3),
    ]
    # Longer ones would be right as rotations, but the shortest is asked for; a little more is rounding.
    function = _turned_to_known(answer, rotmat_to_expmap, 2e-5, np.pi + 1e-4)
    return judge_function(
        function,
        rotmat_to_expmap,
        [(rotmat,) for rotmat in rotmats],
        praise="It survives half a turn, what lies beside it, and no turn at all.",
        axes="as (x, y, z)",
        mistakes={
            "The first column of the products (or of R + I) is zero if the axis has no x: take that with the largest "
            "number on the diagonal.": _from_first_column,
            "At half a turn it gives nan: what it divides by is 0 there, a sine, or a column of zeros.": lambda r: (
                np.full(3, np.nan) if np.trace(r) < -0.999999 else rotmat_to_expmap(r)
            ),
            "Who was turned by half a turn comes back upright: there the twist is 0, and so is its sign in NumPy, "
            "np.sign(0).": lambda r: np.zeros(3) if np.trace(r) < -0.999999 else rotmat_to_expmap(r),
            "The diagonal tells only the sizes of the axis' numbers, not their signs: take a column of the products.": (
                _unsigned
            ),
            "Half a turn is right, but turns of 179.8 degrees are taken for half ones, too.": _nearly_half,
            "Half a turn is right, but turns of 175 degrees are taken for half ones, too.": _always_half,
            "Near half a turn the sign is missing: a column of products has none. Take that of the twist, R - R.T.": (
                _without_sign
            ),
            "Small turns are taken for none: a turn of 0.2 degrees has a vector.": lambda r: (
                np.zeros(3) if np.trace(r) > 3 - 2e-5 else rotmat_to_expmap(r)
            ),
            "This is minus the vector: it turns the other way round (or is meant for rows).": (
                lambda r: -rotmat_to_expmap(r)
            ),
            "These are degrees; radians are wanted.": lambda r: np.degrees(rotmat_to_expmap(r)),
            "No turn at all must give three zeros.": lambda r: (
                rotmat_to_expmap(r) if np.trace(r) < 2.999999 else np.full(3, np.nan)
            ),
            "This is the axis alone; times the angle is wanted.": lambda r: _axis(rotmat_to_expmap(r)),
        },
    )


def _average(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the vector of the rotation half way between two, by the shorter way."""
    first, second = expmap_to_rotmat(one), expmap_to_rotmat(other)
    return rotmat_to_expmap(expmap_to_rotmat(rotmat_to_expmap(second @ first.T) / 2) @ first)


def _average_of_quats(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    quat = rotmat_to_quat(expmap_to_rotmat(one)) + rotmat_to_quat(expmap_to_rotmat(other))
    return quat_to_expmap(quat / np.linalg.norm(quat))


def _average_of_euler(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Average the Euler angles, and turn by them (about x, then y, then z)."""
    first, second, third = (rotmat_to_euler(expmap_to_rotmat(-one)) + rotmat_to_euler(expmap_to_rotmat(-other))) / 2
    turns = [
        expmap_to_rotmat(angle * axis) for angle, axis in zip((third, second, first), np.eye(3)[::-1], strict=True)
    ]
    return rotmat_to_expmap(turns[0] @ turns[1] @ turns[2])


def average(answer: object) -> Verdict:
    """Judge a function ``average(one, other)``: a vector ``(3,)`` of the rotation half way between two others'."""
    vectors = _some_vectors()
    # Each call parts usual mistakes that agree in those before it.
    calls = [
        tuple(np.radians([[0, 20.0, 190.0], [0, 0, -160.0]])),
        (vectors[0], vectors[1]),
        tuple(np.radians([[0, 0, 170.0], [0, 0, -170.0]])),
        tuple(np.radians([[0, 0, 190.0], [0, 0, -170.0]])),
        tuple(np.radians([[0, 10.0, 0], [0, 350.0, 0]])),
        (vectors[2], vectors[4]),
    ]

    def mean(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return (one + other) / 2

    def shortened(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return mean(*(rotmat_to_expmap(expmap_to_rotmat(vector)) for vector in (one, other)))

    return judge_function(
        _turned_to_known(answer, _average, 1e-5),
        _average,
        calls,
        praise="190 and -170 are one rotation, and their average is that rotation, not 10 degrees.",
        axes="as (x, y, z)",
        mistakes={
            "170 and -170 lie about 180, and come out as 0: of q and -q take the one that is nearer to the other.": (
                _average_of_quats
            ),
            "This does half of one turn and then half of the other. That is half way only about one axis, by chance.": (
                lambda one, other: rotmat_to_expmap(expmap_to_rotmat(other / 2) @ expmap_to_rotmat(one / 2))
            ),
            "This does half of the other turn and then half of one. That is half way only about one axis, by chance.": (
                lambda one, other: rotmat_to_expmap(expmap_to_rotmat(one / 2) @ expmap_to_rotmat(other / 2))
            ),
            "This is the mean of the shortest vectors, which is right only for turns about one axis.": shortened,
            "This is the mean of the numbers, for which 190 and -170 degrees, one rotation, become 10.": mean,
            "This averages Euler angles, which knows nothing of rotations.": _average_of_euler,
            "This is one rotation and then the other (or the sum of the vectors): half way between is wanted.": (
                lambda one, other: rotmat_to_expmap(expmap_to_rotmat(other) @ expmap_to_rotmat(one))
            ),
            "This is the sum of the vectors; half way between is wanted.": lambda one, other: one + other,
            "This is the way from one to the other; go half of it, from the first rotation on.": lambda one, other: (
                rotmat_to_expmap(expmap_to_rotmat(other) @ expmap_to_rotmat(one).T)
            ),
            "This is half the way from one to the other; do it after the first rotation.": lambda one, other: (
                rotmat_to_expmap(expmap_to_rotmat(other) @ expmap_to_rotmat(one).T) / 2
            ),
            "This is the other rotation: only half of the way is wanted.": lambda one, other: rotmat_to_expmap(
                expmap_to_rotmat(other)
            ),
            "The right half way, but done before the first rotation instead of after it (or the order swapped).": (
                lambda one, other: rotmat_to_expmap(
                    expmap_to_rotmat(one)
                    @ expmap_to_rotmat(rotmat_to_expmap(expmap_to_rotmat(other) @ expmap_to_rotmat(one).T) / 2)
                )
            ),
            "These are degrees; radians are wanted.": lambda one, other: np.degrees(_average(one, other)),
        },
    )


def lock(answer: object) -> Verdict:
    """Judge a usual rotation vector ``(3,)``, radians, in gimbal lock, which turns not about y alone."""
    vector = _as_vector(answer)
    right = -np.full(3, 2 * np.pi / 3 / np.sqrt(3))
    if vector is None:
        return judge_array(answer, right, praise="", axes="as (x, y, z)")
    second = abs(np.degrees(rotmat_to_euler(expmap_to_rotmat(-vector))[1]))
    # Three digits of a vector are right to 0.06 degrees.
    if second > 89.9:
        # Less than 3 degrees beside y are y, for all that can be seen.
        if np.linalg.norm(vector[[0, 2]]) < 0.05:
            return Verdict(
                False, "That is in the lock, but it turns about y alone. Now roll the arm about itself, too."
            )
        ahead = "straight ahead" if (expmap_to_rotmat(vector) @ [1, 0, 0])[2] > 0 else "straight back"
        return Verdict(
            True, f"The arm points {ahead}, and the axes of E1 and E3 are one line. However it is rolled, it is locked."
        )
    locked = abs(np.degrees(rotmat_to_euler(expmap_to_rotmat(-np.radians(vector)))[1])) > 89.9
    if locked:
        return Verdict(False, "That would be in the lock in degrees; radians are wanted.")
    if np.isclose(abs(vector[1]), np.pi / 2, atol=1e-3):
        return Verdict(
            False,
            f"Here E2 is {second:.1f} degrees. The y of a rotation vector is no E2: with x or z, the axis leans. "
            "Multiply two turns, and go back to a vector.",
        )
    return Verdict(False, f"Here E2 is {second:.1f} degrees in size; in the lock it is 90: the arm points along z.")


def hand(answer: object) -> Verdict:
    """Judge a function ``hand(shoulder, elbow, upper, fore)``: where the hand ``(3,)`` is, seen from the shoulder.

    The first two arguments are vectors as the files store them, for rows; the others are the bones at rest.
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
            "Column vectors (matrix @ bone) or a minus too many: take the vectors as stored, and bone @ matrix.": (
                lambda s, e, u, f: placed(-s, -e, u, f)
            ),
            "Column vectors (matrix @ bone), and the order of the two matrices is that of rows.": (
                lambda s, e, u, f: swapped(-s, -e, u, f)
            ),
            "This adds the two vectors; rotations one after the other are multiplied, as matrices.": (
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
