"""BVH files: a hierarchy of joints with their offsets, then a row of channel values a frame.

Conventions of the format, as read and written here:

* A joint's rotation is intrinsic in the order of its channels: ``Zrotation Yrotation Xrotation`` turns about z, then
  about the turned y, then about the twice turned x; degrees. Rows hold MINUS its rotation vector
  (`cs2s.motion.rotations`).
* Position channels replace the OFFSET, as in Blender, MotionBuilder and the readers of this field. Bones have fixed
  lengths here: `cs2s.files.moving_joints` says what becomes of joints that move.
* The format knows no unit of length: `cs2s.files.doubts` tells it from the person's size.

Source: Biovision's format, as described by Meredith and Maddock, "Motion capture file formats explained", 2001.
Taught in ``notebooks/08_your_own_motion``.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.files.doubts import guessed_unit, rate_notes
from cs2s.files.hierarchy import (
    JointNames,
    bone_ends,
    check_lengths,
    check_numbers,
    children,
    end_name,
    euler_degrees,
    savable,
)
from cs2s.files.moving_joints import rigid
from cs2s.files.reading import fault, number, numbers, read_lines
from cs2s.files.writing import replacing
from cs2s.motion.limits import LARGEST, check_size
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton

__all__ = ["load_bvh", "save_bvh"]

_CHANNEL = re.compile(r"([XYZ])(position|rotation)", re.IGNORECASE)
_USUAL_RATES = (24, 25, 30, 50, 60, 100, 120, 200, 240)


@dataclass
class _Joint:
    """A joint, or the end of a bone (its name is empty), as read so far."""

    name: str
    parent: int
    line: int
    offset: tuple[float, ...] | None = None
    channels: tuple[tuple[int, str], ...] = ()  # (axis, "position" or "rotation")


class _Hierarchy:
    """Reads the statements of the HIERARCHY section, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.joints: list[_Joint] = []
        self.names = JointNames(path)
        self._open: list[int] = []
        self._announced = False
        self._statements = {
            "ROOT": self._root,
            "JOINT": self._joint,
            "END": self._end_site,
            "OFFSET": self._offset,
            "CHANNELS": self._channels,
            "{": self._begin,
            "}": self._end,
        }

    def read(self, statement: str, line: int) -> None:
        """Take one statement: a brace, or a keyword with what follows it."""
        keyword, _, rest = statement.partition(" ")
        if keyword.upper() not in self._statements:
            expected = "ROOT, JOINT, End Site, OFFSET, CHANNELS, a brace or MOTION"
            raise fault(self.path, line, f"{statement[:40]!r} was not expected here, but {expected}.")
        if self._announced and keyword != "{":
            raise fault(self.path, line, f"a '{{' was expected before {statement[:40]!r}.")
        self._statements[keyword.upper()](rest.strip(), line)

    def finish(self, line: int) -> list[_Joint]:
        """Return the joints once MOTION, or the end of the file, has been reached in a line."""
        if self._open or self._announced:
            opened = self.joints[self._open[-1] if self._open else -1]
            what = f"'{opened.name}'" if opened.name else "an End Site"
            raise fault(self.path, line, f"the '{{' of {what} (line {opened.line}) is not closed by a '}}'.")
        if not self.joints:
            raise fault(self.path, line, "there is no ROOT before this line.")
        return self.joints

    def _root(self, name: str, line: int) -> None:
        if self.joints:
            raise fault(self.path, line, "a second ROOT; keep one person a file.")
        self._add(name, -1, line)

    def _joint(self, name: str, line: int) -> None:
        self._add(name, self._inside("JOINT", line), line)

    def _end_site(self, rest: str, line: int) -> None:
        self._append("", self._inside("End Site", line), line)

    def _add(self, name: str, parent: int, line: int) -> None:
        self.names.add(name, line)
        self._append(name, parent, line)

    def _append(self, name: str, parent: int, line: int) -> None:
        if len(self.joints) > 2000:
            raise fault(self.path, line, "more than 2000 joints and End Sites; a motion file has fewer.")
        self.joints.append(_Joint(name, parent, line))
        self._announced = True

    def _inside(self, what: str, line: int) -> int:
        """Return the index of the joint whose braces are open."""
        if not self._open:
            raise fault(self.path, line, f"{what} stands outside of all braces; it belongs into those of a joint.")
        inside = self._open[-1]
        if not self.joints[inside].name and what != "OFFSET":
            raise fault(self.path, line, f"{what} stands in an End Site, which holds an OFFSET and nothing else.")
        return inside

    def _offset(self, rest: str, line: int) -> None:
        joint = self.joints[self._inside("OFFSET", line)]
        if joint.offset is not None:
            raise fault(self.path, line, "a second OFFSET of the same joint.")
        joint.offset = numbers(rest.split(), 3, "an OFFSET", self.path, line)

    def _channels(self, rest: str, line: int) -> None:
        joint = self.joints[self._inside("CHANNELS", line)]
        if joint.channels:
            raise fault(self.path, line, f"a second line of CHANNELS of '{joint.name}'.")
        count, *words = rest.split() or [""]
        told: list[tuple[int, str]] = []
        for word in words:
            match = _CHANNEL.fullmatch(word)
            if match is None:
                sentence = f"{word[:40]!r} is no channel; these are Xposition to Zposition and Xrotation ..."
                raise fault(self.path, line, sentence)
            told.append(("XYZ".index(match[1].upper()), match[2].lower()))
        channels = tuple(told)
        if len(set(channels)) != len(channels):
            raise fault(self.path, line, f"'{joint.name}' has a channel twice; each may come once.")
        if count != str(len(channels)):
            raise fault(self.path, line, f"CHANNELS {count[:20]} is followed by {len(channels)} channels.")
        joint.channels = channels

    def _begin(self, rest: str, line: int) -> None:
        if not self._announced:
            raise fault(self.path, line, "a '{' without a ROOT, JOINT or End Site before it.")
        self._announced = False
        self._open.append(len(self.joints) - 1)

    def _end(self, rest: str, line: int) -> None:
        if not self._open:
            raise fault(self.path, line, "a '}' too many.")
        joint = self.joints[self._open.pop()]
        if joint.offset is None:
            raise fault(self.path, line, f"the joint of line {joint.line} ends here and had no OFFSET.")


def _skip_empty(lines: list[str], index: int) -> int:
    """Return the index of the first line from `index` on that is not empty, the count of lines if there is none."""
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _read_hierarchy(lines: list[str], path: Path) -> tuple[list[_Joint], int]:
    """Return the joints and the index of the line MOTION."""
    first = _skip_empty(lines, 0)
    if lines[first].strip().upper() != "HIERARCHY":
        raise fault(path, first + 1, f"{lines[first].strip()[:40]!r}, but a BVH file begins with HIERARCHY.")
    hierarchy = _Hierarchy(path)
    for index, line in enumerate(lines[first + 1 :], start=first + 1):
        if line.strip().upper() == "MOTION":
            return hierarchy.finish(index + 1), index
        for statement in re.findall(r"[{}]|[^{}]+", line):
            words = statement.split()
            if words:
                # Names may hold blanks, so all that follows the keyword stays together.
                hierarchy.read(" ".join(words), index + 1)
    hierarchy.finish(len(lines))
    raise fault(path, len(lines), "the file ends without a line MOTION.")


def _header(lines: list[str], index: int, keyword: str, path: Path) -> str:
    """Return what follows a keyword and a colon in the line at an index."""
    text = lines[index] if index < len(lines) else ""
    name, colon, rest = text.partition(":")
    if " ".join(name.split()).lower() != keyword.lower() or not colon:
        raise fault(path, min(index + 1, len(lines)), f"'{keyword}: NUMBER' was expected, got {text.strip()[:40]!r}.")
    return rest.strip()


def _frames_per_second(word: str, path: Path, line: int) -> float:
    """Turn a frame time into a frame rate: a usual or whole one where its digits allow it (0.017 is 60)."""
    seconds = number(word, path, line)
    if not 1e-4 <= seconds <= 10:
        hint = " (milliseconds, or frames a second?)" if seconds > 10 else ""
        raise fault(path, line, f"a Frame Time of {word[:40]} seconds{hint}; it must be between 0.0001 and 10.")
    last_digit = 10.0 ** int(Decimal(word).as_tuple().exponent)  # an int, as the number is finite
    whole = max(1, round(1 / seconds))
    usual = min(_USUAL_RATES, key=lambda rate: abs(1 / rate - seconds))
    for rate, share in ((whole, 1e-9), (usual, 0.05), (whole, 0.005)):
        if abs(1 / rate - seconds) <= min(1.01 * last_digit, share * seconds):
            return float(rate)
    return 1 / seconds


def _read_frames(lines: list[str], first: int, columns: int, path: Path) -> np.ndarray:
    """Return the channel values ``(frames, columns)`` of the lines from an index on."""
    rows = [line for line in lines[first:] if line.strip()]
    try:
        values = np.loadtxt(rows, dtype=np.float64, ndmin=2, comments=None)
        if values.shape[1] == columns and np.all(np.abs(values) <= LARGEST):
            return values
    except ValueError:
        pass
    for index, line in enumerate(lines[first:], start=first + 1):
        if line.strip():
            numbers(line.split(), columns, "a frame of these CHANNELS", path, index)
    raise fault(path, first + 1, "here or below is something else than rows of numbers.")


def load_bvh(path: Path | str) -> Motion:
    """Load a BVH file: any hierarchy, channel order, frame time and line ends.

    Args:
        path: the file.

    Returns:
        The motion, rows float64, on a skeleton of the file's joints and ends of bones, in the file's order. Its notes
        say what is doubtful: another number of frames than the file says, joints that move on their own, the unit of
        length, the frame rate.

    Raises:
        InputError: naming file and line, if the file is not as the format wants it, or a bone changes its length.
    """
    path = Path(path)
    lines = read_lines(path, "BVH")
    joints, motion = _read_hierarchy(lines, path)
    frames_line = _skip_empty(lines, motion + 1)
    stated = _header(lines, frames_line, "Frames", path)
    time_line = _skip_empty(lines, frames_line + 1)
    fps = _frames_per_second(_header(lines, time_line, "Frame Time", path), path, time_line + 1)
    first = time_line + 1
    frames = sum(1 for line in lines[first:] if line.strip())
    if not stated.isdecimal() or not frames:
        raise fault(path, frames_line + 1, f"Frames: {stated[:40]}, but {frames or 'no'} frames follow.")
    check_size(frames, len(joints), path)
    columns = sum(len(joint.channels) for joint in joints)
    if not columns:
        raise fault(path, motion + 1, "no joint above has CHANNELS.")
    values = _read_frames(lines, first, columns, path)
    notes: tuple[str, ...] = ()
    if stated.lstrip("0") != str(frames):
        notes = (f"line {frames_line + 1} says Frames: {stated[:20]}, but {frames} whole ones follow, which are read",)

    names: list[str] = []
    for joint in joints:
        names.append(joint.name or end_name(joints[joint.parent].name, {*names, *(j.name for j in joints)}))
    expmaps = np.zeros((frames, len(joints), 3))
    positions: dict[int, dict[int, np.ndarray]] = {}
    column = 0
    for index, joint in enumerate(joints):
        own = values[:, column : column + len(joint.channels)]
        column += len(joint.channels)
        turning = [n for n, (_, kind) in enumerate(joint.channels) if kind == "rotation"]
        if turning:
            order = "".join("XYZ"[joint.channels[n][0]] for n in turning)
            turned = Rotation.from_euler(order, own[:, turning], degrees=True)
            expmaps[:, index] = -turned.as_rotvec()
        if len(turning) < len(joint.channels):
            positions[index] = {axis: own[:, n] for n, (axis, kind) in enumerate(joint.channels) if kind == "position"}
    parents = tuple(joint.parent for joint in joints)
    offsets, begins = np.array([joint.offset for joint in joints]), [joint.line for joint in joints]
    told = rigid(names, parents, offsets, positions, expmaps, path, begins)
    unit_mm, unit_notes = guessed_unit(told.names, told.parents, told.offsets)
    skeleton = Skeleton(path.name, told.names, told.parents, told.offsets * unit_mm, unit_mm)
    check_lengths(skeleton, (path, dict(zip(names, begins, strict=True))))
    moved = Motion.from_parts(told.place, told.expmaps, skeleton, fps)
    return replace(moved, notes=notes + told.notes + unit_notes + rate_notes(fps))


def save_bvh(motion: Motion, path: Path | str) -> Path:
    """Save a motion as BVH: rotations in the order Z, Y, X, as in the CMU files; whole or not at all.

    Joints called after their parent with ``End`` at the end that never turn become End Sites.

    Args:
        motion: what to save, in its skeleton's unit of length; a relative root is made absolute.
        path: the file, replaced if it is there.

    Returns:
        `path`.

    Raises:
        InputError: if the motion is not `cs2s.files.hierarchy.savable`, or the file cannot be written.
    """
    motion = savable(motion)
    skeleton, expmaps = motion.skeleton, motion.expmaps
    ends = bone_ends(skeleton, expmaps)
    hierarchy, order = _hierarchy_lines(skeleton, ends)
    columns = [motion.translation + skeleton.offsets[0] / skeleton.unit_mm]
    check_numbers(columns[0])
    columns += [euler_degrees(expmaps[:, joint], "ZYX") for joint in order]
    with replacing(Path(path)) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as file:
        lines = [*hierarchy, "MOTION", f"Frames: {len(motion)}", f"Frame Time: {1 / motion.fps:.10g}"]
        file.write("\n".join(lines) + "\n")
        np.savetxt(file, np.concatenate(columns, axis=1), fmt="%.7f")
    return Path(path)


def _hierarchy_lines(skeleton: Skeleton, ends: set[int]) -> tuple[list[str], list[int]]:
    """Return the lines of the HIERARCHY section, and the joints that have channels in their order there."""
    below, lines, order = children(skeleton), ["HIERARCHY"], []
    # Depth first with a list of what is to come, because skeletons may be deeper than Python's recursion.
    ahead: list[tuple[int, int] | str] = [(skeleton.parents.index(-1), 0)]
    while ahead:
        item = ahead.pop()
        if isinstance(item, str):
            lines.append(item)
            continue
        joint, depth = item
        indent, root = "\t" * depth, depth == 0
        name = skeleton.joints[joint]
        x, y, z = skeleton.offsets[joint] / skeleton.unit_mm * (not root)
        lines.append(f"{indent}End Site" if joint in ends else f"{indent}{'ROOT' if root else 'JOINT'} {name}")
        lines += [f"{indent}{{", f"{indent}\tOFFSET {x:.9g} {y:.9g} {z:.9g}"]
        if joint not in ends:
            order.append(joint)
            position = "6 Xposition Yposition Zposition" if root else "3"
            lines.append(f"{indent}\tCHANNELS {position} Zrotation Yrotation Xrotation")
        ahead.append(f"{indent}}}")
        ahead += [(child, depth + 1) for child in reversed(below[joint])]
    return lines, order
