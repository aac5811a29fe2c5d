"""A BVH file that goes on: its own text, with a person's next frames after those that are there.

What others wrote stays as they wrote it, byte for byte: hierarchy, offsets, order of channels, frames. Only the number
of frames is another. New frames have the angles that are nearest to those before, so that no channel leaps by whole
turns. Taught in ``notebooks/08_your_own_motion``.
"""

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.reading import existing_file
from cs2s.files.writing import replacing
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat

__all__ = ["continue_bvh"]

_STILL = 1e-9
"""Radians: a joint that turns less keeps the very numbers that it has."""
_CHANNEL = re.compile(rb"([XYZ])(position|rotation)", re.IGNORECASE)


@dataclass
class _Joint:
    """A joint of the file: its channels are axes (0 to 2) and their columns among the numbers of a frame."""

    name: str
    parent: int
    offset: np.ndarray = field(default_factory=lambda: np.zeros(3))
    turning: list[tuple[int, int]] = field(default_factory=list)
    moving: list[tuple[int, int]] = field(default_factory=list)


def continue_bvh(source: Path | str, predicted: Motion, hips: str, out: Path | str, new_rate: bool = False) -> int:
    """Write a BVH file anew with more frames after its own.

    Joints that a motion does not hold, and positions of joints but the root, stay as in the file's last frame.

    Args:
        source: the file, one that `cs2s.files.bvh.load_bvh` has read.
        predicted: what comes next, on the file's own skeleton and at its frame rate. Its first frame is the last one of
            the file, from which changes are told, and is not written.
        hips: the joint whose way the root makes.
        out: the file to write; may not be `source`.
        new_rate: whether the file is to say the frame rate of `predicted` instead of its own.

    Returns:
        How many frames the file had.

    Raises:
        InputError: if the file cannot be read any more, or the other one not be written.
    """
    lines = existing_file(source).read_bytes().splitlines(keepends=True)
    motion = next((n for n, line in enumerate(lines) if line.strip().upper() == b"MOTION"), None)
    if motion is None:
        raise InputError(f"{source} has changed while it was read: it has no line MOTION any more.")
    joints = _joints(lines[:motion])
    said = [n for n in range(motion + 1, len(lines)) if lines[n].strip()]
    count, rate, rows = said[0], said[1], said[2:]
    last = lines[rows[-1]].split()
    new = _frames(joints, np.array(last, np.float64), predicted, hips)
    digits = min(max([4, *(len(word.partition(b".")[2]) for word in last if b"e" not in word.lower())]), 9)
    between = "\t" if b"\t" in lines[rows[-1]].strip() else " "
    end = b"\r\n" if lines[motion].endswith(b"\r\n") else b"\r" if lines[motion].endswith(b"\r") else b"\n"
    lines[count] = _with_value(lines[count], str(len(rows) + len(new)))
    if new_rate:
        lines[rate] = _with_value(lines[rate], f"{1 / predicted.fps:.10g}")
    kept = lines[: rows[-1] + 1]
    kept[-1] = kept[-1].rstrip(b"\r\n") + end
    with replacing(Path(out)) as temporary, open(temporary, "wb") as file:
        file.writelines(kept)
        for row in new:
            file.write(between.join(f"{value:.{digits}f}" for value in row).encode() + end)
    return len(rows)


def _with_value(line: bytes, value: str) -> bytes:
    """Put another number behind the colon of a line, and leave all blanks as they are."""
    name, colon, rest = line.partition(b":")
    return name + colon + re.sub(rb"\S+", value.encode(), rest, count=1)


def _joints(lines: list[bytes]) -> list[_Joint]:
    """Read the joints and ends of bones of a hierarchy that has been read before."""
    joints: list[_Joint] = []
    inside: list[int] = []
    column = 0
    for statement in (part for line in lines for part in re.findall(rb"[{}]|[^{}]+", line)):
        word, *rest = statement.split() or [b""]
        keyword = word.upper()
        if keyword in (b"ROOT", b"JOINT", b"END"):
            name = "" if keyword == b"END" else b" ".join(rest).decode("utf-8", errors="replace")
            joints.append(_Joint(name, inside[-1] if inside else -1))
        elif keyword == b"{":
            inside.append(len(joints) - 1)
        elif keyword == b"}":
            inside.pop()
        elif keyword == b"OFFSET":
            joints[inside[-1]].offset = np.array(rest, np.float64)
        elif keyword == b"CHANNELS":
            for axis, kind in _CHANNEL.findall(b" ".join(rest)):
                channels = joints[inside[-1]].turning if kind.lower() == b"rotation" else joints[inside[-1]].moving
                channels.append(("XYZ".index(axis.decode().upper()), column))
                column += 1
    return joints


def _frames(joints: list[_Joint], last: np.ndarray, predicted: Motion, hips: str) -> np.ndarray:
    """Return the numbers of new frames, ``(frames, columns)``, after the file's last row ``(columns,)``."""
    skeleton = predicted.skeleton
    there = {name: joint for joint, name in enumerate(skeleton.joints)}
    own = expmap_to_rotmat(np.asarray(predicted.expmaps, np.float64))
    in_space = skeleton.rotations_in_space(np.asarray(predicted.expmaps, np.float64))
    moves = np.linalg.norm(np.diff(in_space, axis=0), axis=(-2, -1)).max(axis=0, initial=0.0)
    turns = np.linalg.norm(np.diff(own, axis=0), axis=(-2, -1)).max(axis=0, initial=0.0)
    values = np.repeat(last[None], len(predicted), axis=0)
    placed: list[np.ndarray] = []
    for joint in joints:
        above = placed[joint.parent] if joint.parent >= 0 else np.broadcast_to(np.eye(3), in_space[:, 0].shape)
        order = "".join("XYZ"[axis] for axis, _ in joint.turning)
        columns = [column for _, column in joint.turning]
        number = there.get(joint.name) if joint.name else None
        if number is not None and order and max(moves[number], turns[number]) > _STILL:
            local = in_space[:, number] @ np.swapaxes(above, -1, -2)
            values[:, columns] = _angles(local, order, last[columns])
        if not order:
            placed.append(above)
            continue
        turned = Rotation.from_euler(order, values[:, columns], degrees=True).as_matrix()
        placed.append(np.swapaxes(turned, -1, -2) @ above)
    wanted = predicted.positions()[:, there[hips]] / skeleton.unit_mm
    written = _place(joints, [joint.name for joint in joints].index(hips), last, placed)
    gone = (wanted - wanted[0]) - (written - written[0])
    for axis, column in joints[0].moving:
        values[:, column] += gone[:, axis]
    return values[1:]


def _place(joints: list[_Joint], joint: int, last: np.ndarray, placed: list[np.ndarray]) -> np.ndarray:
    """Return where a joint is while the root stays and joints are turned so in space, ``(frames, 3)``."""
    place = np.zeros((len(placed[0]), 3))
    while joints[joint].parent >= 0:
        way = joints[joint].offset.copy()
        told = [last[column] for _, column in joints[joint].moving]
        if any(told):
            for (axis, _), value in zip(joints[joint].moving, told, strict=True):
                way[axis] = value
        joint = joints[joint].parent
        place = place + way @ placed[joint]
    return place


def _angles(turned: np.ndarray, order: str, before: np.ndarray) -> np.ndarray:
    """Return Euler angles ``(frames, axes)``, degrees, of rotations for row vectors, each nearest to the one before.

    Args:
        turned: ``(frames, 3, 3)``.
        order: the axes, intrinsic; of fewer than three those are told that there are.
        before: ``(axes,)``, the angles that come before the first frame.
    """
    whole = order + "".join(axis for axis in "XYZ" if axis not in order)
    # A warning of gimbal lock: any of equal triplets will do, and the one nearest to the frame before is chosen below.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        angles = Rotation.from_matrix(np.swapaxes(turned, -1, -2)).as_euler(whole, degrees=True)
    # The same rotations: about the middle axis from the other side.
    others = angles * [1, -1, 1] + 180
    told = np.concatenate([before, np.zeros(3 - len(order))])
    for frame in range(len(angles)):
        one, other = (told + (way[frame] - told + 180) % 360 - 180 for way in (angles, others))
        told = one if np.abs(one - told).sum() <= np.abs(other - told).sum() else other
        angles[frame] = told
    return angles[:, : len(order)]
