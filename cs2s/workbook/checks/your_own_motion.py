"""Answer checks of ``notebooks/08_your_own_motion``."""

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU
from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = ["frames", "halfway", "height", "matrix", "row_numbers"]


def height(answer: object) -> Verdict:
    """Judge the hips' height of 101.6 cm in the unit of the CMU rows."""
    return judge_array(
        answer,
        1016 / CMU.unit_mm,
        praise="101.6 cm are 40 inches, and the CMU unit is an inch divided by 0.45.",
        tolerance=1e-3,
        mistakes={
            "This is in millimetres; divide by the millimetres in one unit of the rows, 56.44.": 1016,
            "These are still centimetres: a row of them would be a person of almost six metres.": 101.6,
            "Centimetres were divided by 56.44, which are millimetres: a factor of 10 is missing.": 101.6 / CMU.unit_mm,
            "This is in metres; rows have a unit of their own.": 1.016,
            "These are inches; the unit of the rows is an inch divided by 0.45.": 40,
            "This multiplies by 56.44; the longer the unit, the smaller the number.": 1016 * CMU.unit_mm,
            "This multiplies centimetres by 56.44; divide millimetres by it.": 101.6 * CMU.unit_mm,
        },
    )


def frames(answer: object) -> Verdict:
    """Judge how many frames at 25 a second a file of 301 frames at 30 a second becomes."""
    return judge_array(
        answer,
        251,
        praise="Between 301 frames there are 300 steps: 10 seconds. Ten seconds at 25 a second need 251 frames.",
        tolerance=1e-6,
        mistakes={
            "Off by one: the first frame, at time 0, counts too.": 250,
            "Off by one the other way: 301 frames are 10 seconds, not 10.033.": 252,
            "Almost. Count the steps between frames, not the frames: there are 300.": 301 / 30 * 25,
            "Almost. Between the frames lie 300 steps, not 301; and a count of frames is whole.": 250.83,
            "301 frames span 300 steps, 10 seconds; then count the new frames, the first included.": 301 * 25 // 30 + 2,
            "The rates are swapped: 25 a second are fewer frames than 30.": 361,
            "The rates are swapped, and a frame is missing.": 360,
            "This is for 30 frames a second, as in the file.": 301,
        },
    )


def _angles() -> list[tuple[np.ndarray, str]]:
    """Return angles in degrees with the order of their channels; none is near gimbal lock or a half turn."""
    return [
        (np.array([20.0, -35, 50]), "ZYX"),
        (np.array([-70.0, 15, 40]), "ZXY"),
        (np.array([10.0, 60, -25]), "YXZ"),
        (np.array([35.0, 25, 15]), "XYZ"),
    ]


def _matrix(angles: np.ndarray, order: str) -> np.ndarray:
    return Rotation.from_euler(order, angles, degrees=True).as_matrix()


def matrix(answer: object) -> Verdict:
    """Judge a function ``matrix(angles, order)``: the matrix ``(3, 3)`` of channels in degrees, for columns."""
    return judge_function(
        answer,
        _matrix,
        _angles(),
        praise="First channel first, and each later one about axes that have turned along.",
        mistakes={
            "The matrices are multiplied in the reverse order: the first channel's matrix stands on the left.": (
                lambda angles, order: Rotation.from_euler(order.lower(), angles, degrees=True).as_matrix()
            ),
            "This takes the angles for radians; they are degrees.": lambda angles, order: Rotation.from_euler(
                order, angles
            ).as_matrix(),
            "The letters go with the wrong angles: the first angle belongs to the first letter.": (
                lambda angles, order: _matrix(angles[::-1], order)
            ),
            "This is always Z, Y, X; the order is the second argument.": lambda angles, order: _matrix(angles, "ZYX"),
            "This sorts the angles as x, y, z, whatever the file's order is.": lambda angles, order: _matrix(
                angles, "XYZ"
            ),
            "This turns back: each angle has the wrong sign.": lambda angles, order: _matrix(-angles, order),
            "This is the transpose: it turns back, or it is for row vectors; the matrix for columns is wanted.": (
                lambda angles, order: _matrix(angles, order).T
            ),
            "This multiplies number by number (*); matrices are multiplied with @.": lambda angles, order: np.prod(
                [_matrix(angle, axis) for angle, axis in zip(angles, order, strict=True)], axis=0
            ),
            "This is the first channel alone; the other two turn as well.": lambda angles, order: _matrix(
                angles[0], order[0]
            ),
            "These are zeros: start from the identity, np.eye(3), before you multiply.": lambda angles, order: np.zeros(
                (3, 3)
            ),
            "This adds the three matrices; turns one after the other are multiplied.": lambda angles, order: sum(
                _matrix(angle, axis) for angle, axis in zip(angles, order, strict=True)
            ),
        },
    )


def row_numbers(answer: object) -> Verdict:
    """Judge a function ``row_numbers(angles, order)``: what a row holds for a joint, ``(3,)`` radians."""

    def vector(angles: np.ndarray, order: str) -> np.ndarray:
        return Rotation.from_euler(order, angles, degrees=True).as_rotvec()

    return judge_function(
        answer,
        lambda angles, order: -vector(angles, order),
        _angles(),
        praise="This is all that a converter from BVH does, joint by joint.",
        mistakes={
            "The sign: this is the usual rotation vector, and rows hold minus it.": vector,
            "These are degrees, and the sign is the usual one; rows hold minus the vector, in radians.": (
                lambda angles, order: np.degrees(vector(angles, order))
            ),
            "The order is reversed: small letters in SciPy, or a minus before each angle.": lambda angles, order: (
                -vector(angles, order.lower())
            ),
            "The axes did not turn along (small letters in SciPy), and the sign is the usual one.": (
                lambda angles, order: vector(angles, order.lower())
            ),
            "This takes the angles for radians.": lambda angles, order: -Rotation.from_euler(order, angles).as_rotvec(),
            "These are still the angles of the channels; three numbers, but no rotation vector.": (
                lambda angles, order: np.radians(angles)
            ),
            "Minus the angles of the channels is no rotation vector.": lambda angles, order: -np.radians(angles),
            "The letters go with the wrong angles: the first angle belongs to the first letter.": (
                lambda angles, order: _matrix(angles[::-1], order)
            ),
            "This is always Z, Y, X; the order is the file's.": lambda angles, order: -vector(angles, "ZYX"),
        },
    )


def _halfway(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return first @ expmap_to_rotmat(rotmat_to_expmap(first.T @ second) / 2)


def halfway(answer: object) -> Verdict:
    """Judge a function ``halfway(first, second)``: the matrix ``(3, 3)`` half of the shortest turn between two."""
    about_y = [Rotation.from_euler("y", degrees, degrees=True).as_matrix() for degrees in (170, -170)]
    askew = [expmap_to_rotmat(np.array(v)) for v in ([0.7, -0.4, 1.1], [-1.5, 0.2, 0.3], [0.1, 2.0, -0.8])]

    def euler(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        both = Rotation.from_matrix(np.stack([first, second])).as_euler("YXZ")
        return Rotation.from_euler("YXZ", both.mean(axis=0)).as_matrix()

    def wrong_side(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return expmap_to_rotmat(rotmat_to_expmap(first.T @ second) / 2) @ first

    return judge_function(
        answer,
        _halfway,
        [(askew[0], askew[1]), (askew[2], askew[0]), tuple(about_y)],
        praise="From 170 to -170 degrees this goes through 180, as it should.",
        mistakes={
            "This averages the numbers of the matrices: what comes out is no rotation, it shrinks bones.": (
                lambda first, second: (first + second) / 2
            ),
            "This averages rotation vectors: between 170 and -170 degrees that gives 0.": lambda first, second: (
                expmap_to_rotmat((rotmat_to_expmap(first) + rotmat_to_expmap(second)) / 2)
            ),
            "This averages Euler angles: between 170 and -170 degrees that gives 0.": euler,
            "This goes the whole way; halve the turn between them.": lambda first, second: second,
            "This is half of the turn between them; put it onto the first rotation.": lambda first, second: (
                expmap_to_rotmat(rotmat_to_expmap(first.T @ second) / 2)
            ),
            "The half turn stands on the wrong side: first.T @ second is seen from the first, so it comes after it.": (
                wrong_side
            ),
            "This halves the matrix of the turn; halve its rotation vector.": lambda first, second: (
                first @ (first.T @ second / 2)
            ),
            "This half turn is seen from outside (second @ first.T): it stands on the left of the first, or take "
            "first.T @ second.": lambda first, second: first @ expmap_to_rotmat(rotmat_to_expmap(second @ first.T) / 2),
            "This goes half a turn beyond the second; start from the first.": lambda first, second: (
                second @ expmap_to_rotmat(rotmat_to_expmap(first.T @ second) / 2)
            ),
            "This turns the other way, away from the second.": lambda first, second: (
                first @ expmap_to_rotmat(-rotmat_to_expmap(first.T @ second) / 2)
            ),
        },
    )
