"""What files leave unsaid or say wrongly of themselves: the unit of length and the frame rate, judged by the person.

Lengths are judged by how tall their owner would be. Where that leaves a doubt, a note for people says all readings and
the option that settles it. Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from cs2s.motion.joint_names import find_scheme
from cs2s.motion.skeleton import CMU, Skeleton

__all__ = ["FPS_OPTION", "UNIT_OPTION", "checked_unit", "guessed_unit", "person_metres", "rate_notes"]

FPS_OPTION, UNIT_OPTION = "--source-fps", "--unit-mm"
"""The options that settle doubts; a note that names one is void where it is given."""

_UNITS: Mapping[str, float] = {
    "millimetres": 1.0,
    "centimetres": 10.0,
    "inches": 25.4,
    "units of the CMU database": CMU.unit_mm,
    "decimetres": 100.0,
    "feet": 304.8,
    "metres": 1000.0,
}
"""Units of length of motion files, in millimetres."""

_RARE = {"decimetres", "feet"}
_OF_ADULTS = "units of the CMU database"
"""In these nobody but the database's subjects is measured, who are grown up."""

_USUAL = 1.7
"""Metres that a person is tall, the likeliest."""
_ADULT, _SURELY = (1.4, 2.1), (1.45, 1.95)
"""Metres that grown-ups are tall; within the second no child in another unit is thought of."""
_PERSON = (0.75, 2.2)
"""Metres that people are tall who walk."""
_LEG = 0.491
"""From hip to ankle, as a share of the height."""
_TOES_TO_FINGERS = 2.3 / 1.75
"""The longest way along a body's bones, of which the joints' names are unknown, as a share of the height."""
_USUAL_FPS = (12.0, 500.0)


def _height(names: Sequence[str], parents: Sequence[int], offsets: np.ndarray) -> tuple[float, bool]:
    """Return how tall the owner of bones is, in their unit, and whether it is told by legs: only those are a person's.

    Source: Drillis and Contini, "Body segment parameters", 1966: hips at .530 of the height, ankles at .039.
    """
    lengths = np.linalg.norm(offsets, axis=1)
    matched = {joint: names.index(name) for joint, name in find_scheme(names)[1].items()}
    legs = []
    for side in ("Left", "Right"):
        hip, knee, ankle = (matched.get(side + joint) for joint in ("UpLeg", "Leg", "Foot"))
        if ankle is None and knee is not None:
            ankle = next((joint for joint, parent in enumerate(parents) if parent == knee), None)
        if hip is not None and ankle is not None:
            legs.append(_way(hip, ankle, parents, lengths))
    if len(legs) == 2 and min(legs) > 0:
        return sum(legs) / 2 / _LEG, True
    deepest, longest = np.zeros(len(parents)), 0.0
    for joint in range(len(parents) - 1, 0, -1):
        reach, parent = deepest[joint] + lengths[joint], parents[joint]
        longest = max(longest, deepest[parent] + reach)
        deepest[parent] = max(deepest[parent], reach)
    return longest / _TOES_TO_FINGERS, False


def _way(above: int, below: int, parents: Sequence[int], lengths: np.ndarray) -> float:
    """Return how long the bones between two joints are; 0 if one does not hang on the other."""
    way = 0.0
    while below >= 0 and below != above:
        way, below = way + float(lengths[below]), parents[below]
    return way if below == above else 0.0


def person_metres(skeleton: Skeleton) -> float | None:
    """Return how tall the person is to whom a skeleton belongs, about, in metres; None if it has no known legs."""
    height, sure = _height(skeleton.joints, skeleton.parents, skeleton.offsets / 1000)
    return height if sure else None


def guessed_unit(names: Sequence[str], parents: Sequence[int], offsets: np.ndarray) -> tuple[float, tuple[str, ...]]:
    """Guess in which unit of length a file was written, from how tall the person would be.

    Args:
        names: of the joints.
        parents: index of each joint's parent, -1 for the root.
        offsets: ``(joints, 3)``, in the file's unit.

    Returns:
        Millimetres in one unit: of all known ones that which makes an adult, else a child, else whoever is nearest.
        And a note, if two of them fit, or none makes a person of usual size.
    """
    height, _ = _height(names, parents, offsets)
    if height == 0:
        return 10.0, ()
    tall = {unit: height * mm / 1000 for unit, mm in _UNITS.items()}
    unit = min(tall, key=lambda unit: _odd(unit, tall[unit]))
    metres = tall[unit]
    if _SURELY[0] <= metres <= _SURELY[1]:
        return _UNITS[unit], ()
    fitting = [u for u in tall if u != unit and _PERSON[0] <= tall[u] <= _PERSON[1]]
    # Where no other unit fits either, the one that comes nearest is said.
    others = fitting or [min((u for u in tall if u != unit), key=lambda u: abs(np.log(tall[u] / _USUAL)))]
    if _ADULT[0] <= metres <= _ADULT[1] and not fitting:
        return _UNITS[unit], ()
    said = " or ".join(f"{tall[u]:.2f} m in {u}" for u in others)
    none = "" if _PERSON[0] <= metres <= _PERSON[1] else "no known unit makes a person of usual size; "
    note = (
        f"the unit of length is a guess: {none}in {unit} the person is {metres:.2f} m tall, but {said}; "
        f"{UNIT_OPTION} {_UNITS[others[0]]:.4g} takes the other, any number of millimetres can be told"
    )
    return _UNITS[unit], (note,)


def _odd(unit: str, metres: float) -> float:
    """Return how odd it is that lengths in a unit make a person of so many metres."""
    odd = abs(np.log(metres / _USUAL))
    if not _ADULT[0] <= metres <= _ADULT[1]:
        odd += 0.3 + (unit in _RARE) * 0.3 + (unit == _OF_ADULTS)
    return float(odd) + (not _PERSON[0] <= metres <= _PERSON[1])


def checked_unit(
    names: Sequence[str], parents: Sequence[int], offsets: np.ndarray, told_mm: float, name: str
) -> tuple[float, tuple[str, ...]]:
    """Check the unit of length that a file tells of itself by how tall the person would be.

    Args:
        names: of the joints.
        parents: index of each joint's parent, -1 for the root.
        offsets: ``(joints, 3)``, in the file's unit.
        told_mm: millimetres in one unit, as the file says.
        name: of the file.

    Returns:
        Millimetres in one unit: as told, unless nobody is that tall and another unit makes an adult. And a note if
        what is told is doubted.
    """
    height, sure = _height(names, parents, offsets)
    metres = height * told_mm / 1000
    if not sure or _PERSON[0] <= metres <= _PERSON[1]:
        return told_mm, ()
    guess = min(_UNITS.values(), key=lambda mm: abs(np.log(height * mm / 1000 / _USUAL)))
    says = f"{name} says a unit of length of {told_mm:.4g} mm, which makes a person of {metres:.2f} m"
    guessed = f"{guess:.4g} mm ({height * guess / 1000:.2f} m)"
    if _ADULT[0] <= height * guess / 1000 <= _ADULT[1]:
        return guess, (f"{says}: taken for {guessed}; {UNIT_OPTION} {told_mm:.4g} keeps what it says",)
    return told_mm, (f"{says}; no known unit makes one of usual size (nearest: {guessed}): {UNIT_OPTION} tells it",)


def rate_notes(fps: float) -> tuple[str, ...]:
    """Return a note if a file's frame rate is none that anybody records at: often a placeholder."""
    if _USUAL_FPS[0] <= fps <= _USUAL_FPS[1]:
        return ()
    return (
        f"{fps:.4g} frame{'s' * (fps != 1)} a second is no usual rate, maybe a placeholder; {FPS_OPTION} tells another",
    )
