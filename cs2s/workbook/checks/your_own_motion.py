"""Answer checks of ``notebooks/08_your_own_motion``."""

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.workbook.verdict import (
    Verdict,
    as_numbers,
    chosen_names,
    judge_array,
    judge_choice,
    judge_function,
    single_number,
)

__all__ = ["ahead", "joint_numbers", "kmh", "left_behind", "rate", "unharmed", "warning"]


def _angles() -> list[tuple[np.ndarray, str]]:
    """Return angles in degrees with the order of their channels; none is near gimbal lock or a half turn."""
    return [
        # ZYX is not the first: its letters backwards are those that sort the angles.
        (np.array([-70.0, 15, 40]), "ZXY"),
        (np.array([10.0, 60, -25]), "YXZ"),
        (np.array([20.0, -35, 50]), "ZYX"),
        (np.array([35.0, 25, 15]), "XYZ"),
    ]


def _vector(angles: np.ndarray, order: str) -> np.ndarray:
    return Rotation.from_euler(order, angles, degrees=True).as_rotvec()


def joint_numbers(answer: object) -> Verdict:
    """Judge exercise 1: from a joint's channels, degrees, to what a row holds for it, ``(3,)`` radians."""

    def swapped(angles: np.ndarray, order: str) -> np.ndarray:
        # With sine for cosine and the other way round, a matrix turns by 90 degrees minus the angle.
        return _vector(90 - angles, order)

    return judge_function(
        answer,
        lambda angles, order: -_vector(angles, order),
        _angles(),
        praise="First channel first, each later one about axes that have turned along, and minus: a whole converter.",
        axes="(3,)",
        mistakes={
            "The sign: this is the usual rotation vector, and rows hold minus it.": _vector,
            "These are degrees, and the sign is the usual one; rows hold minus the vector, in radians.": (
                lambda angles, order: np.degrees(_vector(angles, order))
            ),
            "The order is reversed: x-y-z for z-y-x, or minus on the angles in place of the vector, which is the same. "
            "The first channel's matrix stands on the left; in SciPy, capital letters make axes turn along.": (
                lambda angles, order: -_vector(angles, order.lower())
            ),
            "The order is reversed, and the sign is the usual one: the first channel's matrix stands on the left "
            "(capital letters in SciPy), and rows hold minus the vector.": (
                lambda angles, order: _vector(angles, order.lower())
            ),
            "This takes the angles for radians; they are degrees.": (
                lambda angles, order: -Rotation.from_euler(order, angles).as_rotvec()
            ),
            "This takes the angles for radians, and the sign is the usual one.": (
                lambda angles, order: Rotation.from_euler(order, angles).as_rotvec()
            ),
            "Cosine and sine are swapped: at 0 degrees a matrix of turning must be the identity.": (
                lambda angles, order: -swapped(angles, order)
            ),
            "Cosine and sine are swapped, and the sign is the usual one; rows hold minus the vector.": swapped,
            "These are still the angles of the channels; three numbers, but no rotation vector.": (
                lambda angles, order: np.radians(angles)
            ),
            "Minus the angles of the channels is no rotation vector.": lambda angles, order: -np.radians(angles),
            "The letters go with the wrong angles: the first angle belongs to the first letter.": (
                lambda angles, order: -_vector(angles[::-1], order)
            ),
            "This is always Z, Y, X; the order is the second argument.": lambda angles, order: -_vector(angles, "ZYX"),
            "This sorts the angles as x, y, z, whatever the file's order is.": (
                lambda angles, order: -_vector(angles, "XYZ")
            ),
            "This adds the vectors of the three turns; turns one after the other are multiplied.": (
                lambda angles, order: -sum(_vector(a, axis) for a, axis in zip(angles, order, strict=True))
            ),
        },
    )


_JOINTS = {
    "knee": "The knee bends about one axis alone, so there is nothing to put in another order.",
    "wrist": "The wrist turns about one axis alone, so there is nothing to put in another order.",
    "neck": "The neck turns by a few degrees; what the order changes is about their product, in radians: next to none.",
    "hip": "The hip turns about all three axes, and far: its order matters by several degrees.",
    "shoulder": "The shoulder turns far about all three axes; nothing is hurt more by a wrong order.",
}


def unharmed(answer: object) -> Verdict:
    """Judge exercise 2: the joints that are off by less than a degree if x-y-z is read for z-y-x."""
    chosen = chosen_names(answer, list(_JOINTS), "five joints")
    if isinstance(chosen, Verdict):
        return chosen
    if hurt := [joint for joint in ("shoulder", "hip") if joint in chosen]:
        return Verdict(False, f"Not all of these. {_JOINTS[hurt[0]]}")
    if missing := len({"knee", "wrist", "neck"} - chosen):
        return Verdict(False, f"So far so good; {missing} more {'is' if missing == 1 else 'are'} missing.")
    return Verdict(True, " ".join(_JOINTS[joint] for joint in ("knee", "wrist", "neck")))


def kmh(answer: object) -> Verdict:
    """Judge exercise 3: a function from places in centimetres ``(frames, 3)``, z up, and a rate to km/h."""
    there, time = np.random.default_rng(8), np.linspace(0, 3, 46)
    ahead = np.stack([140 * time, 60 * np.sin(2 * time), 95 + 4 * np.sin(11 * time)], axis=-1)
    # Somebody who walks there and back again: signed steps cancel.
    back = np.stack([200 * np.sin(time), -90 * np.cos(time), 88 + there.normal(0, 2, 46)], axis=-1)

    def steps(places: np.ndarray, columns: tuple[int, ...] = (0, 1)) -> np.ndarray:
        return np.linalg.norm(np.diff(places[:, list(columns)], axis=0), axis=-1)

    def right(places: np.ndarray, fps: float) -> float:
        return float(steps(places).mean() * fps * 0.036)

    def straight(places: np.ndarray, fps: float) -> float:
        return float(np.linalg.norm(places[-1, :2] - places[0, :2]) / (len(places) - 1) * fps * 0.036)

    return judge_function(
        answer,
        right,
        [(ahead, 30.0), (back, 120.0)],
        praise="A path is as long as its steps together, and a step has no sign.",
        tolerance=0.006,  # a speed that is rounded to a tenth is right
        mistakes={
            "Rounded to whole km/h: one decimal at least is wanted.": lambda p, fps: round(right(p, fps)),
            "These are metres a second; one metre a second is 3.6 km/h.": lambda p, fps: right(p, fps) / 3.6,
            "These are centimetres a second: 100 make a metre, and a metre a second is 3.6 km/h.": (
                lambda p, fps: right(p, fps) / 0.036
            ),
            "A hundred times too fast: the places are in centimetres, not metres.": lambda p, fps: 100 * right(p, fps),
            "Ten times too slow: the places are in centimetres, not millimetres.": lambda p, fps: right(p, fps) / 10,
            "This divides by 3.6 where it must multiply: 1 m/s is 3.6 km/h.": lambda p, fps: right(p, fps) / 3.6**2,
            "This is the straight way from the first place to the last: signed steps cancel where somebody turns "
            "round. Add up the lengths of all steps.": straight,
            "Signed steps cancel: take the length of each step before you average.": (
                lambda p, fps: float(np.diff(p[:, :2], axis=0).mean() * fps * 0.036)
            ),
            "The hips' going up and down is counted too: z is up in this file, and the floor is x and y.": (
                lambda p, fps: float(steps(p, (0, 1, 2)).mean() * fps * 0.036)
            ),
            "This takes y for up; in this file z is.": (lambda p, fps: float(steps(p, (0, 2)).mean() * fps * 0.036)),
            "Almost: between n places lie n - 1 steps, and the time is theirs.": (
                lambda p, fps: right(p, fps) * (len(p) - 1) / len(p)
            ),
            "Almost: there are n - 1 steps between n places, and the time is theirs, not that of n - 2.": (
                lambda p, fps: right(p, fps) * (len(p) - 1) / (len(p) - 2)
            ),
            "This is the way of one frame; how many frames make a second?": lambda p, fps: right(p, fps) / fps,
            "This divides by the frames a second; a step takes 1 / fps seconds, so multiply.": (
                lambda p, fps: right(p, fps) / fps**2
            ),
            "The steps' sizes along x and y are added; the length of a step is the root of the sum of their squares.": (
                lambda p, fps: float(np.abs(np.diff(p[:, :2], axis=0)).sum(axis=1).mean() * fps * 0.036)
            ),
            "These are the squares of the steps: the root is missing.": (
                lambda p, fps: float((steps(p) ** 2).mean() * fps * 0.036)
            ),
            "This is the length of the whole way; divide it by the time.": (lambda p, fps: float(steps(p).sum())),
        },
    )


def rate(answer: object) -> Verdict:
    """Judge exercise 4: the true frames a second of the file that says 10. What cameras have near 30 is right too."""
    numbers = as_numbers(answer)
    told = float(numbers.reshape(())) if numbers is not None and numbers.size == 1 else 0.0
    right = told if 23.9 <= told <= 36 else 30.0
    # The file has 19 steps in 299 frames, and the chapter finds 4.6 km/h at 30 a second.
    steps, speed = 19 * right / 299, 4.647 * right / 30
    recorded = "" if abs(right - 30) < 0.5 else " It was 30, but legs cannot tell such rates apart."
    return judge_array(
        answer,
        right,
        praise=f"About 30: at {right:.4g} this person makes {steps:.1f} steps a second and goes at {speed:.1f} km/h, "
        f"as people do.{recorded}",
        tolerance=1e-6,
        mistakes={
            "That is what the file says: 1.5 km/h, and two steps in three seconds.": 10,
            "Half as fast as people walk: one step a second. Nearly 2 are usual.": 15,
            "Hardly: 3.1 km/h and four steps in three seconds. Nearly 2 a second are usual.": 20,
            "At 50 they would make more than three steps a second and go at almost 8 km/h, and yet walk.": 50,
            "At 60 they would make four steps a second; nobody walks so.": 60,
            "At 100 they would make more than six steps a second.": 100,
            "At 120 they would make almost eight steps a second and go at 19 km/h.": 120,
            "This is the time of one frame; wanted are frames a second, 1 divided by it.": 1 / 30,
            "This is by how much the file is wrong; how many frames make a second then?": 3,
        },
    )


def left_behind(answer: object) -> Verdict:
    """Judge exercise 6: how far a frozen person is behind one who walks at 4.1 km/h, millimetres, after 25 of 60."""
    number = single_number(answer)
    if number is not None and 230 <= number <= 250:
        return Verdict(
            False,
            f"About {number:.0f} mm is how wrong freezing is seen from the hips, as `predict` told: there both bodies "
            "have their hips at one place. Here the way in space is asked for.",
        )
    return judge_array(
        answer,
        4100 / 3.6 * 25 / 60,
        praise="4.1 km/h are 1.14 metres a second: almost half a metre in 0.42 seconds.",
        tolerance=0.0211,  # ten millimetres
        mistakes={
            "Almost: that is the way of 24 steps, or of numbers rounded early. From the last observed frame to the "
            "25th predicted one there are 25.": 4100 / 3.6 * 24 / 60,
            "Almost: that is the way of 26 steps, or of numbers rounded early. From the last observed frame to the "
            "25th predicted one there are 25.": 4100 / 3.6 * 26 / 60,
            "These are metres; millimetres are wanted.": 4.1 / 3.6 * 25 / 60,
            "These are centimetres; millimetres are wanted.": 410 / 3.6 * 25 / 60,
            "Kilometres an hour were taken for metres a second: divide by 3.6.": 4100 * 25 / 60,
            "Multiplied by 3.6 instead of divided: 4.1 km/h are 1.14 metres a second.": 4100 * 3.6 * 25 / 60,
            "This is the way of a whole second; the last predicted frame is 25 / 60 seconds ahead.": 4100 / 3.6,
            "This is the way in one frame; 25 frames have passed.": 4100 / 3.6 / 60,
            "A frozen person stays, and the true one walks on; so how far apart are they in the end?": 0,
        },
    )


def warning(answer: object) -> Verdict:
    """Judge exercise 5: which of two notes must be acted on for a person who lies."""
    return judge_choice(
        answer,
        "up",
        praise="The child lies and was stood up; only you know: --up z. The odd rate is true, that note only doubts.",
        reasons={
            "rate": "The mother says how often the camera looks, and the file agrees: the note only doubts. What did "
            "the program take for granted in the other one?",
            "both": "One of the two only doubts what the mother confirms. Which one took something for granted?",
            "none": "One of them tells of a guess that rests on a person who stands. This one lies.",
        },
    )


def ahead(answer: object) -> Verdict:
    """Judge exercise 7: how far ahead the last predicted frame truly is, if 30 frames a second are taken for 60."""
    return judge_array(
        answer,
        2000 * 25 / 60,
        praise="Time itself is stretched: what is called 417 ms is 833, almost the whole stride of 1.03 seconds.",
        tolerance=5e-3,
        mistakes={
            "That is what the program believes. In truth its seconds last longer, or shorter?": 1000 * 25 / 60,
            "The other way round: the person is played too fast, so a second of the program is two in truth.": (
                500 * 25 / 60
            ),
            "Almost: from the last observed frame to the 25th predicted one there are 25 steps, not 24.": 2000
            * 24
            / 60,
            "These are seconds; milliseconds are wanted.": 2 * 25 / 60,
            "These are frames; milliseconds are wanted.": 50,
            "That is doubled twice; one second of the program is two in truth.": 4000 * 25 / 60,
        },
    )
