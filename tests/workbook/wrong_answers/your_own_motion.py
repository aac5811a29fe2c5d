"""What learners really answer in 08_your_own_motion, and the word that its checks must say of it."""

import numpy as np
from scipy.spatial.transform import Rotation


def turned(angles, order):
    return Rotation.from_euler(order, angles, degrees=True)


def by_hand(angles, order, cosine=np.cos, sine=np.sin, sign=-1, turn=np.radians):
    """Three matrices written out, as in the chapter; with whatever is swapped in them."""
    product = np.eye(3)
    for angle, axis in zip(angles, order.lower(), strict=True):
        first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        one = np.eye(3)
        one[first, first] = one[second, second] = cosine(turn(angle))
        one[second, first], one[first, second] = sine(turn(angle)), -sine(turn(angle))
        product = product @ one
    return sign * Rotation.from_matrix(product).as_rotvec()


def floor(places):
    return np.linalg.norm(np.diff(places[:, :2], axis=0), axis=-1)


def printed(*arguments):
    print(arguments)


WRONG = {
    "joint_numbers": [
        (lambda angles, order: by_hand(angles, order, cosine=np.sin, sine=np.cos), "swapped"),
        (lambda angles, order: by_hand(angles, order, cosine=np.sin, sine=np.cos, sign=1), "swapped"),
        (lambda angles, order: by_hand(angles, order, turn=float), "radians"),
        (lambda angles, order: by_hand(angles[::-1], order[::-1]), "x-y-z for z-y-x"),
        (lambda angles, order: -turned(angles, order.lower()).as_rotvec(), "x-y-z for z-y-x"),
        (lambda angles, order: turned(-angles, order).as_rotvec(), "reversed"),
        (lambda angles, order: turned(angles, order).as_rotvec(), "sign"),
        (lambda angles, order: -np.degrees(turned(angles, order).as_rotvec()), "degrees"),
        (lambda angles, order: -turned(angles, "ZYX").as_rotvec(), "always"),
        (lambda angles, order: -turned(angles[::-1], order).as_rotvec(), "wrong angles"),
        (lambda angles, order: np.radians(angles), "no rotation vector"),
        (lambda angles, order: turned(angles, order).as_quat(), "shape is (4,); wanted is (3,)."),
        (lambda angles, order: turned(angles, order).as_matrix(), "shape"),
        (lambda angles, order: -turned(angles, order).as_rotvec()[5], "counting starts at 0"),
        (printed, "return"),
        ([0.1, 0.2, 0.3], "function"),
    ],
    "unharmed": [
        (["knee", "wrist"], "1 more"),
        ("knee", "2 more"),
        (["knee", "wrist", "neck", "hip"], "far"),
        (["shoulder"], "far"),
        (["elbow"], "none of the five"),
        (3, "int"),
        ("knee, wrist, neck", "commas"),
        ({"knee": True, "wrist": True, "neck": True, "hip": False, "shoulder": False}, "dict"),
    ],
    "kmh": [
        (lambda places, fps: floor(places).mean() * fps / 100, "3.6"),
        (lambda places, fps: floor(places).mean() * fps, "centimetres a second"),
        (lambda places, fps: floor(places).mean() * fps * 3.6, "centimetres, not metres"),
        (lambda places, fps: np.linalg.norm((places[-1] - places[0])[:2]) * fps / (len(places) - 1) * 0.036, "signed"),
        (lambda places, fps: np.diff(places[:, :2], axis=0).mean() * fps * 0.036, "signed"),
        (lambda places, fps: np.linalg.norm(np.diff(places, axis=0), axis=-1).mean() * fps * 0.036, "up and down"),
        (lambda places, fps: floor(places).sum() / (len(places) / fps) * 0.036, "n - 1 steps"),
        (lambda places, fps: floor(places).mean() * 0.036, "one frame"),
        (lambda places, fps: floor(places).mean() / fps * 0.036, "multiply"),
        (lambda places, fps: (floor(places) ** 2).mean() * fps * 0.036, "root"),
        (lambda places, fps: [floor(places).mean() * fps * 0.036], "brackets"),
        (lambda places, fps: floor(places) * fps * 0.036, "a single one"),
        (lambda places, fps: places[:, 3], "counting starts at 0"),
        (printed, "return"),
    ],
    "rate": [
        (10, "what the file says"),
        (60, "four steps"),
        (120, "eight steps"),
        (1 / 30, "time of one frame"),
        ([30], "brackets"),
        (3, "wrong"),
        (18, "small"),
        (np.array(60), "four steps"),
    ],
    "left_behind": [
        (0.4745, "metres"),
        (47.5, "centimetres"),
        (1708, "divide by 3.6"),
        (1139, "whole second"),
        (19, "one frame"),
        (0, "walks on"),
        ([475], "brackets"),
        (4.1 / 3.6 * 24 / 60 * 1000, "24 steps"),
        (4.1 / 3.6 * 26 / 60 * 1000, "26 steps"),
        (245, "seen from the hips"),
        (237.2, "seen from the hips"),
        (540, "large"),
    ],
    "warning": [
        ("rate", "mother says"),
        ("both", "one of the two"),
        ("none", "lies"),
        (1, "choose"),
        (["up", "rate"], "choose"),
    ],
    "ahead": [
        (417, "believes"),
        (416.7, "believes"),
        (208, "other way round"),
        (800, "25 steps"),
        (0.833, "seconds"),
        (1667, "twice"),
        (50, "frames"),
        ([833.3], "brackets"),
    ],
}
