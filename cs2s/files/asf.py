"""ASF files: the skeleton to which the motion of AMC files belongs.

Bones follow one another without gaps: each begins where its parent ends and goes its length along its direction, in a
frame that is parallel to the world's while nothing turns. A bone's rotation is told about its own tilted axes.
Here a bone is the joint at its beginning, as in BVH.

Source: Schafer, "Acclaim skeleton file definition V1.10", 1994; Vicon, "Acclaim format - ASF line details".
Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.doubts import checked_unit
from cs2s.files.hierarchy import JointNames, check_lengths, end_name
from cs2s.files.reading import fault, numbers, read_lines
from cs2s.motion.limits import UNIT_MM
from cs2s.motion.skeleton import Skeleton

__all__ = ["INCH_MM", "Acclaim", "Bone", "load_asf"]

INCH_MM = 25.4


@dataclass
class Bone:
    """What an ASF file says of a bone, or of the root.

    Attributes:
        name: of the bone.
        line: where it begins in the file.
        vector: ``(3,)`` from its beginning to its end, in the file's unit.
        tilt: the axes about which it turns, against the world's.
        freedom: what the AMC file tells of it, in this order: ``"rx"`` to ``"rz"``, for the root ``"tx"`` to ``"tz"``.
    """

    name: str
    line: int
    vector: np.ndarray = field(default_factory=lambda: np.zeros(3))
    tilt: Rotation = field(default_factory=Rotation.identity)
    freedom: tuple[str, ...] = ()


@dataclass(frozen=True)
class Acclaim:
    """An ASF file.

    Attributes:
        path: the file.
        bones: the root, then every bone, each before those that begin at its end.
        skeleton: the joints where they begin, and the ends of the last bones.
        degrees: whether angles are in degrees, else in radians.
        notes: what is doubtful in it, sentences for people.
    """

    path: Path
    bones: tuple[Bone, ...]
    skeleton: Skeleton
    degrees: bool
    notes: tuple[str, ...] = ()


Line = tuple[int, list[str]]


def _sections(path: Path) -> dict[str, list[Line]]:
    """Return section -> its lines as (number, words), the keyword's own line first, without the keyword."""
    sections: dict[str, list[Line]] = {}
    lines: list[Line] = []
    for count, text in enumerate(read_lines(path, "ASF"), start=1):
        words = text.partition("#")[0].translate(str.maketrans(",()", "   ")).split()
        if words and words[0].startswith(":"):
            keyword = words[0].lower()
            if keyword in sections:
                raise fault(path, count, f"a second section {keyword}.")
            lines = sections[keyword] = [(count, words[1:])]
        elif words:
            lines.append((count, words))
    for keyword in (":root", ":bonedata", ":hierarchy"):
        if keyword not in sections:
            raise InputError(f"{path} is not a whole ASF file: it has no section {keyword}.")
    return sections


def _values(lines: list[Line]) -> dict[str, Line]:
    """Return keyword -> (line, words after it) of lines that each begin with a keyword; the first of a kind counts."""
    values: dict[str, Line] = {}
    for count, words in lines:
        if words:
            values.setdefault(words[0].lower(), (count, words[1:]))
    return values


def _units(lines: list[Line], path: Path) -> tuple[float, bool]:
    """Return millimetres in one unit of length, and whether angles are in degrees."""
    values = _values(lines)
    count, words = values.get("length", (lines[0][0], ["1"]))
    (length,) = numbers(words, 1, "the unit of length", path, count)
    if not (length > 0 and UNIT_MM[0] <= INCH_MM / length <= UNIT_MM[1]):
        raise fault(path, count, f"a length of {length:g}; it must be the file's units in an inch (CMU: 0.45).")
    count, words = values.get("angle", (lines[0][0], ["deg"]))
    words = [word.lower() for word in words]
    if words not in (["deg"], ["rad"]):
        raise fault(path, count, f"the angle is {' '.join(words)[:20]!r}; it must be deg or rad.")
    return INCH_MM / length, words == ["deg"]


def _freedom(words: list[str], letters: str, path: Path, line: int) -> tuple[str, ...]:
    """Check degrees of freedom: an axis each, after one of the letters t (moves) and r (turns)."""
    freedom = tuple(word.lower() for word in words)
    allowed = {letter + axis for letter in letters for axis in "xyz"}
    if unknown := set(freedom) - allowed:
        raise fault(
            path, line, f"{min(unknown)[:20]!r} is no degree of freedom here; these are {', '.join(sorted(allowed))}."
        )
    if len(set(freedom)) != len(freedom):
        raise fault(path, line, "a degree of freedom comes twice.")
    return freedom


def _order(word: str, path: Path, line: int) -> str:
    """Check the order of the axes of an orientation, like XYZ."""
    if sorted(word.lower()) != ["x", "y", "z"]:
        raise fault(path, line, f"{word[:20]!r} is no order of axes; write for instance XYZ.")
    return word.lower()


def _root(lines: list[Line], path: Path) -> Bone:
    values = _values(lines[1:])
    for preset in ("position", "orientation"):
        count, words = values.get(preset, (lines[0][0], ["0", "0", "0"]))
        if any(numbers(words, 3, f"the root's {preset}", path, count)):
            # Programs disagree on whether it applies in fixed or in moving axes (Vicon's own note).
            raise fault(path, count, f"the root's preset {preset} is not 0 0 0, which programs read differently.")
    count, words = values.get("order", (lines[0][0], ["TX", "TY", "TZ", "RX", "RY", "RZ"]))
    return Bone("root", lines[0][0], freedom=_freedom(words, "tr", path, count))


def _bone_blocks(lines: list[Line], path: Path) -> Iterator[list[Line]]:
    """Yield the lines between each ``begin`` and ``end`` of a section, that of ``begin`` included."""
    block: list[Line] | None = None
    for count, words in lines[1:]:
        keyword = words[0].lower()
        if keyword == "begin":
            if block is not None:
                raise fault(path, count, f"a second 'begin'; the 'end' of the one in line {block[0][0]} is missing.")
            block = [(count, words)]
        elif block is None:
            raise fault(path, count, f"{words[0][:40]!r} stands outside of 'begin' and 'end'.")
        elif keyword == "end":
            yield block
            block = None
        else:
            block.append((count, words))
    if block is not None:
        raise fault(path, block[0][0], "the 'end' of this 'begin' is missing.")


def _bone(block: list[Line], degrees: bool, path: Path) -> Bone:
    values, begin = _values(block[1:]), block[0][0]
    for keyword in ("name", "direction", "length"):
        if keyword not in values:
            raise fault(path, begin, f"the bone that begins here has no {keyword}.")
    name = " ".join(values["name"][1])
    count, words = values["direction"]
    direction = np.array(numbers(words, 3, "a direction", path, count))
    (length,) = numbers(values["length"][1], 1, "a length", path, values["length"][0])
    if length and not 0.99 < np.linalg.norm(direction) < 1.01:
        raise fault(path, count, f"the direction of '{name}' must be of length 1.")
    count, words = values.get("axis", (begin, ["0", "0", "0", "XYZ"]))
    order = _order(words[-1] if words else "", path, count)
    angles = numbers(words[:-1], 3, "an axis before its order", path, count)
    tilt = Rotation.from_euler(order, [dict(zip("xyz", angles, strict=True))[axis] for axis in order], degrees=degrees)
    count, words = values.get("dof", (begin, []))
    return Bone(name, begin, direction * length, tilt, _freedom(words, "r", path, count))


def _connect(lines: list[Line], bones: dict[str, Bone], path: Path) -> list[tuple[str, int]]:
    """Return the bones depth first as (name, index of the parent's place in this list)."""
    below: dict[str, list[str]] = {name: [] for name in bones}
    hung = {"root"}
    blocks = list(_bone_blocks(lines, path))
    for count, words in [line for block in blocks for line in block[1:]]:
        for name in words:
            if name not in bones:
                raise fault(path, count, f"there is no bone '{name[:40]}' in :bonedata.")
        for name in words[1:]:
            if name in hung:
                raise fault(path, count, f"the bone '{name}' has a parent already, or is the root.")
            hung.add(name)
        below[words[0]] += words[1:]
    placed: list[tuple[str, int]] = []
    ahead = [("root", -1)]
    while ahead:
        name, parent = ahead.pop()
        ahead += [(child, len(placed)) for child in reversed(below[name])]
        placed.append((name, parent))
    if loose := sorted(set(bones) - {name for name, _ in placed}):
        raise fault(path, bones[loose[0]].line, f"the bone '{loose[0]}' does not hang on the root in :hierarchy.")
    return placed


def load_asf(path: Path | str) -> Acclaim:
    """Load an ASF file: units of length and angle, any axis order and degrees of freedom.

    Args:
        path: the file.

    Returns:
        What it says. The skeleton's joints are called after the bones that begin there; ends of last bones are added.
        A unit of length with which nobody could be as tall as its bones is replaced, see `cs2s.files.doubts`.

    Raises:
        InputError: naming file and line, if the file is not as the format wants it, or a bone may change its length
            or move from its place.
    """
    path = Path(path)
    sections = _sections(path)
    unit_mm, degrees = _units(sections.get(":units", [(1, [])]), path)
    bones = {"root": _root(sections[":root"], path)}
    names = JointNames(path)
    names.add("root", bones["root"].line)
    for block in _bone_blocks(sections[":bonedata"], path):
        bone = _bone(block, degrees, path)
        names.add(bone.name, bone.line)
        bones[bone.name] = bone
    placed = _connect(sections[":hierarchy"], bones, path)

    joints: list[str] = []
    parents: list[int] = []
    offsets: list[np.ndarray] = []
    has_children = {parent for _, parent in placed}
    index_of: list[int] = []
    # In which line the bone begins that ends at a joint.
    lines: dict[str, int] = {}
    for place, (name, parent) in enumerate(placed):
        index_of.append(len(joints))
        joints.append(name)
        parents.append(index_of[parent] if parent >= 0 else -1)
        offsets.append(bones[placed[parent][0]].vector if parent >= 0 else np.zeros(3))
        lines[name] = bones[placed[parent][0]].line if parent >= 0 else bones[name].line
        if place not in has_children and bones[name].vector.any():
            parents.append(len(joints) - 1)
            joints.append(end_name(name, {*joints, *bones}))
            offsets.append(bones[name].vector)
            lines[joints[-1]] = bones[name].line
    unit_mm, notes = checked_unit(joints, parents, np.array(offsets), unit_mm, path.name)
    skeleton = Skeleton(path.name, tuple(joints), tuple(parents), np.array(offsets) * unit_mm, unit_mm)
    check_lengths(skeleton, (path, lines))
    return Acclaim(path, tuple(bones[name] for name, _ in placed), skeleton, degrees, notes)
