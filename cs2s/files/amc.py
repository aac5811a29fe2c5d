"""AMC files, in and out: for every frame the angles of each bone of an ASF file, see `cs2s.files.asf`.

A bone's angles turn it about its own tilted axes, fixed ones, in the order of its degrees of freedom: with the tilt C
and their product M the joint turns by ``C M C^-1``. Rows hold MINUS the rotation vector of that
(`cs2s.motion.rotations`).
Taught in ``notebooks/08_your_own_motion``.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.asf import INCH_MM, Acclaim, Bone, load_asf
from cs2s.files.doubts import rate_notes
from cs2s.files.hierarchy import bone_ends, check_numbers, children, euler_degrees, savable
from cs2s.files.reading import fault, ill_written, number, read_lines
from cs2s.files.writing import replacing
from cs2s.motion.limits import FPS, LARGEST, check_size
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU_ROWS

__all__ = ["find_asf", "load_amc", "save_amc"]

_CMU_FPS = CMU_ROWS.fps


def find_asf(path: Path) -> Path:
    """Return the ASF file that belongs to an AMC file: of the same name, else of its subject, else the only one.

    The CMU database calls the skeleton of ``01_01.amc`` ``01.asf``.

    Raises:
        InputError: if there is none in its folder, or several of other names.
    """
    there = sorted(file for file in path.parent.glob("*") if file.suffix.lower() == ".asf")
    for stem in (path.stem, path.stem.rpartition("_")[0]):
        for file in there:
            if stem and file.stem == stem:
                return file
    if len(there) != 1:
        what = "are several ASF files" if there else "is no ASF file"
        raise InputError(f"there {what} beside {path} and none called after it: name its skeleton by --asf FILE.")
    return there[0]


def load_amc(path: Path | str, asf: Path | str | None = None) -> Motion:
    """Load an AMC file with the ASF file that it belongs to.

    Args:
        path: the AMC file.
        asf: its skeleton; `find_asf` if None.

    Returns:
        The motion, rows float64, on the ASF file's skeleton, at 120 frames a second (that of the CMU database) if the
        file does not say ``:SAMPLES-PER-SECOND``. In a file that is not ``:FULLY-SPECIFIED``, what a frame leaves out
        stays as it was.

    Raises:
        InputError: naming file and line, if one of the files is not as the format wants it, they do not belong
            together, or frames are missing.
    """
    path = Path(path)
    lines = read_lines(path, "AMC")
    skeleton_file = load_asf(asf if asf is not None else find_asf(path))
    flags, first = _header(lines, path)
    told = _frames(lines, first, skeleton_file, ":fully-specified" in flags, path)
    degrees = skeleton_file.degrees
    if ":degrees" in flags or ":radians" in flags:
        degrees = ":degrees" in flags
    skeleton = skeleton_file.skeleton
    frames = len(told[0])
    place, expmaps = np.zeros((frames, 3)), np.zeros((frames, len(skeleton.joints), 3))
    for bone, values in zip(skeleton_file.bones, told, strict=True):
        if bone.freedom:
            expmaps[:, skeleton.joints.index(bone.name)] = -_rotation_vectors(bone, values, degrees)
    for column, freedom in enumerate(skeleton_file.bones[0].freedom):
        if freedom[0] == "t":
            place[:, "xyz".index(freedom[1])] = told[0][:, column]
    fps = flags.get(":samples-per-second", _CMU_FPS)
    motion = Motion.from_parts(place, expmaps, skeleton, fps)
    return replace(motion, notes=skeleton_file.notes + rate_notes(fps))


def _header(lines: list[str], path: Path) -> tuple[dict[str, float], int]:
    """Return the flags at the head of an AMC file, each with its number if it has one, and the first line after."""
    flags: dict[str, float] = {}
    for index, line in enumerate(lines):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if not words[0].startswith(":"):
            return flags, index
        flags[words[0].lower()] = number(words[1], path, index + 1) if len(words) == 2 else 0.0
        if words[0].lower() == ":samples-per-second" and not FPS[0] <= flags[":samples-per-second"] <= FPS[1]:
            raise fault(path, index + 1, "the samples per second must be between 0.1 and 10000.")
    raise InputError(f"{path} holds no frame.")


@dataclass
class _Told:
    """What the frames say of one bone: its words, and the frame and the line in which each stands."""

    words: list[list[str]] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def values(self, frames: int, freedom: int, path: Path) -> np.ndarray:
        """Return ``(frames, freedom)`` numbers: those told last up to each frame, zeros before the first."""
        if not self.words:
            return np.zeros((frames, freedom))
        text = "".join([word for words in self.words for word in words])
        try:
            # NumPy takes 1_0 and the digits of any script for numbers, `number` does not.
            if not text.isascii() or "_" in text:
                raise ValueError
            told = np.array(self.words, dtype=np.float64).reshape(-1, freedom)
        except ValueError:
            told = np.full((1, 1), np.nan)
        if not np.all(np.abs(told) <= LARGEST):
            pairs = zip(self.words, self.lines, strict=True)
            told = np.array([[number(word, path, line) for word in words] for words, line in pairs])
        last = np.searchsorted(self.frames, np.arange(frames), side="right")
        return np.concatenate([np.zeros((1, freedom)), told])[last]


def _frames(lines: list[str], first: int, skeleton: Acclaim, fully: bool, path: Path) -> list[np.ndarray]:
    """Return for each bone its values ``(frames, degrees of freedom)``."""
    told = {bone.name: _Told() for bone in skeleton.bones}
    freedom = {bone.name: len(bone.freedom) for bone in skeleton.bones}
    free = sum(count > 0 for count in freedom.values())
    frame, stated, begun, seen = -1, 0, first + 1, free

    def end_frame() -> None:
        if fully and seen < free:
            lacking = next(name for name, of in told.items() if freedom[name] and of.frames[-1:] != [frame])
            raise fault(path, begun, f"the frame that begins here lacks the bone '{lacking}' (cut short?).")

    for line, text in enumerate(lines[first:], start=first + 1):
        words = text.split()
        if words and words[0].startswith("#"):
            continue
        if len(words) == 1 and words[0].isdecimal() and words[0].isascii():
            end_frame()
            following = int(words[0][:18])
            if frame >= 0 and following != stated + 1:
                raise fault(path, line, f"frame {following} follows frame {stated}; frames are missing or doubled.")
            frame, stated, begun, seen = frame + 1, following, line, 0
        elif words:
            name, count = words[0], len(words) - 1
            if frame < 0:
                raise fault(path, line, f"a frame's number was expected before {text.strip()[:40]!r}.")
            if name not in told:
                raise fault(path, line, f"{skeleton.path} has no bone {name[:40]!r}; name the right one by --asf FILE.")
            if count != freedom[name]:
                if sentence := next(filter(None, map(ill_written, words[1:])), None):
                    raise fault(path, line, sentence)
                raise fault(path, line, f"{count} numbers, but '{name}' has {freedom[name]} degrees of freedom.")
            if told[name].frames[-1:] == [frame]:
                raise fault(path, line, f"'{name}' comes twice in this frame.")
            if count:
                told[name].words.append(words[1:])
                told[name].frames.append(frame)
                told[name].lines.append(line)
                seen += 1
    end_frame()
    check_size(frame + 1, len(skeleton.skeleton.joints), path)
    return [of.values(frame + 1, freedom[name], path) for name, of in told.items()]


def _rotation_vectors(bone: Bone, values: np.ndarray, degrees: bool) -> np.ndarray:
    """Return the usual rotation vectors ``(frames, 3)``, radians, of a bone's values ``(frames, freedom)``."""
    turning = [n for n, freedom in enumerate(bone.freedom) if freedom[0] == "r"]
    if not turning:
        return np.zeros((len(values), 3))
    order = "".join(bone.freedom[n][1] for n in turning)
    turned = Rotation.from_euler(order, values[:, turning], degrees=degrees)
    # The rotation vector of C M C^-1 is that of M, turned by C.
    return bone.tilt.apply(turned.as_rotvec())


@dataclass(frozen=True)
class _Bone:
    """A bone to write: its parent's place in the list (-1 for the root), and the joint that it turns, if any."""

    name: str
    parent: int
    vector: np.ndarray
    joint: int | None


def save_amc(motion: Motion, path: Path | str) -> Path:
    """Save a motion as AMC, and its skeleton beside it as ASF; each whole or not at all.

    Bones are not tilted and turn freely. Where the children of a joint begin at different places, still bones called
    ``PARENT-CHILD`` lead to them, as ``lhipjoint`` does in the CMU files. The root is called ``root``, and what has a
    meaning in the format (blanks, ``#``, ``:``, commas, parentheses) becomes ``_`` in names.

    Args:
        motion: what to save, in its skeleton's unit of length; a relative root is made absolute.
        path: the AMC file; the ASF file is that with the ending ``.asf``. The AMC file is replaced
            if it is there, another skeleton is not: motions may belong to it.

    Returns:
        `path`.

    Raises:
        InputError: if the motion is not `cs2s.files.hierarchy.savable`, another ASF file of that name is there, or a
            file cannot be written.
    """
    path = Path(path)
    motion = savable(motion)
    bones = _bones(motion)
    told: dict[str, np.ndarray] = {}
    for place, bone in enumerate(bones):
        if bone.joint is None or not (place == 0 or motion.expmaps[:, bone.joint].any()):
            continue
        told[bone.name] = euler_degrees(motion.expmaps[:, bone.joint], "xyz")
    root_offset = motion.skeleton.offsets[motion.skeleton.parents.index(-1)] / motion.skeleton.unit_mm
    told["root"] = np.concatenate([motion.translation + root_offset, told["root"]], axis=1)
    check_numbers(told["root"])
    columns = [(name, values.tolist()) for name, values in told.items()]
    asf_path = path.with_suffix(".asf")
    content = "\n".join([*_asf_lines(bones, motion.skeleton.unit_mm, set(told)), ""]).encode()
    if asf_path.is_file() and asf_path.read_bytes() != content:
        raise InputError(f"{asf_path} is there and holds another skeleton than {path} needs; choose another name.")
    with replacing(asf_path) as asf, replacing(path) as amc:
        asf.write_bytes(content)
        with open(amc, "w", encoding="utf-8", newline="\n") as file:
            file.write(f":FULLY-SPECIFIED\n:SAMPLES-PER-SECOND {motion.fps:.10g}\n:DEGREES\n")
            for frame in range(len(motion)):
                file.write(f"{frame + 1}\n")
                file.writelines(
                    f"{name} {' '.join([f'{value:.10g}' for value in values[frame]])}\n" for name, values in columns
                )
    return path


def _bones(motion: Motion) -> list[_Bone]:
    """Return the bones of a motion's skeleton, depth first: one for each joint, and those that lead to children."""
    skeleton = motion.skeleton
    offsets, below = skeleton.offsets / skeleton.unit_mm, children(skeleton)
    ends = bone_ends(skeleton, motion.expmaps)
    bones: list[_Bone] = []
    taken = {"begin", "end"}
    ahead = [(skeleton.parents.index(-1), -1)]
    while ahead:
        joint, parent = ahead.pop()
        begins = offsets[below[joint]]
        # One bone does for all children that begin at the same place; the root has no bone of its own.
        together = len(begins) > 0 and (begins == begins[0]).all() and (parent >= 0 or not begins[0].any())
        name = _bone_name("root" if parent < 0 else skeleton.joints[joint], taken)
        here = len(bones)
        bones.append(_Bone(name, parent, begins[0] if together else np.zeros(3), joint))
        following = []
        for child in below[joint]:
            leading = here
            if not together and offsets[child].any():
                leading = len(bones)
                between = _bone_name(f"{name}-{skeleton.joints[child]}", taken)
                bones.append(_Bone(between, here, offsets[child], None))
            if child not in ends:
                following.append((child, leading))
        ahead += reversed(following)
    return bones


def _bone_name(name: str, taken: set[str]) -> str:
    """Return a name that the format can hold and that is not taken yet; note it as taken."""
    name = "_".join(name.translate(str.maketrans("#:,()", "_____")).split())
    while name.lower() in taken:
        name += "_"
    taken.add(name.lower())
    return name


def _asf_lines(bones: list[_Bone], unit_mm: float, free: set[str]) -> list[str]:
    """Return the lines of the ASF file; the bones that are `free` can turn about all axes."""
    lines = [
        ":version 1.10",
        ":name cs2s",
        ":units",
        "  mass 1.0",
        f"  length {INCH_MM / unit_mm:.12g}",
        "  angle deg",
        ":root",
        "  order TX TY TZ RX RY RZ",
        "  axis XYZ",
        "  position 0 0 0",
        "  orientation 0 0 0",
        ":bonedata",
    ]
    for place, bone in enumerate(bones[1:], start=1):
        length = float(np.linalg.norm(bone.vector))
        x, y, z = bone.vector / length if length else (1.0, 0.0, 0.0)
        lines += ["  begin", f"    id {place}", f"    name {bone.name}", f"    direction {x:.12g} {y:.12g} {z:.12g}"]
        lines += [f"    length {length:.12g}", "    axis 0 0 0 XYZ"]
        lines += ["    dof rx ry rz"] * (bone.name in free)
        lines.append("  end")
    lines += [":hierarchy", "  begin"]
    below: list[list[str]] = [[] for _ in bones]
    for bone in bones[1:]:
        below[bone.parent].append(bone.name)
    lines += [f"    {' '.join([bone.name, *names])}" for bone, names in zip(bones, below, strict=True) if names]
    return [*lines, "  end"]
