"""The benchmark's text files: comma-separated rows of numbers, one row a frame.

Taught in ``notebooks/01_motion_data``.
"""

import codecs
import io
from pathlib import Path

import numpy as np

from cs2s.errors import InputError
from cs2s.files.hierarchy import check_savable
from cs2s.files.reading import existing_file
from cs2s.files.writing import replacing
from cs2s.motion.limits import LARGEST
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU_ROWS, LAYOUTS

__all__ = ["load_text", "parse_rows", "save_text"]


def parse_rows(content: bytes, columns: int, path: Path) -> np.ndarray:
    """Parse the content of a motion file.

    Args:
        content: the file's bytes.
        columns: how many numbers a row must have (117 for CMU, 99 for Human3.6M).
        path: the file, for messages only.

    Returns:
        ``(frames, columns)`` float32.

    Raises:
        InputError: naming file and line, if the file is empty, a row has another number of entries, or an
            entry is not a number between -1e9 and 1e9.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise InputError(f"{path} is empty; it should hold rows of {columns} comma-separated numbers.")
    try:
        rows = np.loadtxt(io.BytesIO(content), delimiter=",", dtype=np.float32, ndmin=2, comments=None)
    except ValueError:
        rows = None
    # Written so that nan fails too.
    if rows is None or rows.shape[1] != columns or not (rows.max() <= LARGEST and rows.min() >= -LARGEST):
        raise InputError(_first_fault(content, columns, path))
    return rows


def _first_fault(content: bytes, columns: int, path: Path) -> str:
    """Say in one sentence what is wrong with a file that could not be parsed, naming the line."""
    # Line by line, since a small file may hold very many.
    for number, raw in enumerate(io.BytesIO(content), start=1):
        line = raw.decode("utf-8", errors="replace")
        entries = line.split(",")
        if not line.strip():
            continue
        if len(entries) != columns:
            return f"{path}, line {number}: {len(entries)} numbers, but a row has {columns}."
        for entry in entries:
            value = _number(entry)
            if not np.isfinite(value):
                return f"{path}, line {number}: {entry.strip()[:40]!r} is not a finite number."
            if abs(value) > LARGEST:
                return f"{path}, line {number}: {entry.strip()[:40]!r} is not a number between -1e9 and 1e9."
    return f"{path} is not a text of rows of {columns} comma-separated numbers."


def _number(entry: str) -> np.float32:
    try:
        # In float32, as it is stored: 1e39 is infinite there.
        with np.errstate(over="ignore"):
            return np.float32(entry)
    except ValueError:
        return np.float32(np.nan)


def load_text(path: Path | str) -> Motion:
    """Load rows in the benchmark's text format: 117 numbers a row are CMU's, 99 those of Human3.6M.

    Returns:
        The motion, rows float32, at the frame rate of that data set's files (120 or 50 a second).

    Raises:
        InputError: naming file and line, if a row is of another length or holds something else than numbers.
    """
    path = existing_file(path)
    content = path.read_bytes()
    count = content.lstrip().partition(b"\n")[0].count(b",") + 1
    layout = next((layout for layout in LAYOUTS if layout.skeleton.columns == count), CMU_ROWS)
    rows = parse_rows(content, layout.skeleton.columns, path)
    return Motion(rows, layout.skeleton, layout.fps, layout.root)


def save_text(motion: Motion, path: Path | str) -> Path:
    """Save rows in the benchmark's text format, whole or not at all; the frame rate is not kept.

    The root's way is written in the data set's unit of length, and as its files have it: absolute, or in steps.

    Raises:
        InputError: if the motion is not on the skeleton of CMU or Human3.6M (see `cs2s.motion.retargeting`), does not
            pass `cs2s.files.hierarchy.check_savable`, or the file cannot be written.
    """
    layout = next((layout for layout in LAYOUTS if layout.skeleton.joints == motion.skeleton.joints), None)
    if layout is None:
        raise InputError(
            f"cannot write {path}: rows of the benchmark are of the CMU or the Human3.6M skeleton, not of "
            f"{motion.skeleton.name}; retarget the motion first."
        )
    check_savable(motion)
    motion = motion.in_world() if layout.root == "absolute" else motion.in_steps()
    scale = motion.skeleton.unit_mm / layout.skeleton.unit_mm
    if scale != 1:
        motion = Motion.from_parts(motion.translation * scale, motion.expmaps, layout.skeleton, motion.fps, motion.root)
    check_savable(motion)
    with replacing(Path(path)) as temporary:
        # Nine digits bring every float32 back exactly.
        np.savetxt(temporary, motion.rows, delimiter=",", fmt="%.9g")
    return Path(path)
