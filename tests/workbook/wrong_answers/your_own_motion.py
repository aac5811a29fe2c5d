"""What learners really answer in 08_your_own_motion, and the word that its checks must say of it."""

import numpy as np
from scipy.spatial.transform import Rotation


def turned(angles, order):
    return Rotation.from_euler(order, angles, degrees=True)


def matrix_of(vector):
    return Rotation.from_rotvec(vector).as_matrix()


def vector_of(rotmat):
    return Rotation.from_matrix(rotmat).as_rotvec()


WRONG = {
    "height": [
        (1016, "millimetres"),
        (101.6, "six metres"),
        (1.8, "factor of 10"),
        (40, "inches"),
        (57345, "multiplies"),
        (1.016, "metres"),
        (19, "large"),
    ],
    "frames": [
        (250, "off by one"),
        (250.83, "whole"),
        (301 / 30 * 25, "steps"),
        (361, "swapped"),
        (301, "as in the file"),
        (100, "small"),
    ],
    "matrix": [
        (lambda angles, order: Rotation.from_euler(order, angles[::-1], degrees=True).as_matrix(), "wrong angles"),
        (lambda angles, order: turned(angles, order.lower()).as_matrix(), "reverse order"),
        (lambda angles, order: turned(angles[::-1], order[::-1]).as_matrix(), "reverse order"),
        (lambda angles, order: Rotation.from_euler(order, angles).as_matrix(), "degrees"),
        (lambda angles, order: turned(angles, "ZXY").as_matrix(), "not"),
        (lambda angles, order: turned(angles, "XYZ").as_matrix(), "sorts"),
        (lambda angles, order: turned(angles, order).as_matrix().T, "transpose"),
        (lambda angles, order: turned(angles, order).as_rotvec(), "shape"),
        (lambda angles, order: turned(angles[0], order[0]).as_matrix(), "first channel alone"),
        (lambda angles, order: np.zeros((3, 3)) @ turned(angles, order).as_matrix(), "identity"),
        (
            lambda angles, order: np.prod([turned(*pair).as_matrix() for pair in zip(angles, order, strict=True)], 0),
            "@",
        ),
    ],
    "row_numbers": [
        (lambda angles, order: turned(angles, order).as_rotvec(), "sign"),
        (lambda angles, order: -turned(angles, order.lower()).as_rotvec(), "small letters"),
        (lambda angles, order: turned(-angles, order).as_rotvec(), "before each angle"),
        (lambda angles, order: np.radians(angles), "no rotation vector"),
        (lambda angles, order: -np.degrees(turned(angles, order).as_rotvec()), "degrees"),
        (lambda angles, order: turned(angles, order).as_quat(), "shape"),
    ],
    "halfway": [
        (lambda first, second: (first + second) / 2, "shrinks"),
        (lambda first, second: matrix_of((vector_of(first) + vector_of(second)) / 2), "rotation vectors"),
        (lambda first, second: matrix_of(vector_of(first.T @ second) / 2) @ first, "wrong side"),
        (lambda first, second: matrix_of(vector_of(first.T @ second) / 2), "onto the first"),
        (lambda first, second: second, "whole way"),
        (lambda first, second: first @ matrix_of(vector_of(second @ first.T) / 2), "outside"),
        (lambda first, second: second @ matrix_of(vector_of(first.T @ second) / 2), "beyond"),
        (lambda first, second: first @ matrix_of(-vector_of(first.T @ second) / 2), "other way"),
    ],
}
