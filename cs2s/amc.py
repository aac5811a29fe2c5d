"""AMC files: for every frame the angles of each bone of an ASF file, see `cs2s.asf`.

A bone's angles turn it about its own tilted axes, fixed ones, in the order of its degrees of freedom: with the tilt C
and their product M the joint turns by ``C M C^-1``. Rows hold MINUS the rotation vector of that (`cs2s.rotations`).
Taught in ``notebooks/08_your_own_motion``.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.asf import Acclaim, Bone, load_asf
from cs2s.errors import InputError
from cs2s.motion import Motion
from cs2s.reading import FPS, LARGEST, check_size, fault, number, read_lines

__all__ = ["find_asf", "load_amc"]

_CMU_FPS = 120.0


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
    rows = np.zeros((frames, skeleton.columns))
    for bone, values in zip(skeleton_file.bones, told, strict=True):
        if bone.freedom:
            joint = skeleton.joints.index(bone.name)
            rows[:, 3 + 3 * joint : 6 + 3 * joint] = -_rotation_vectors(bone, values, degrees)
    for column, freedom in enumerate(skeleton_file.bones[0].freedom):
        if freedom[0] == "t":
            rows[:, "xyz".index(freedom[1])] = told[0][:, column]
    return Motion(rows, skeleton, flags.get(":samples-per-second", _CMU_FPS))


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
