"""Reading the benchmark's text files: comma-separated rows of numbers, one row a frame."""

import codecs
import io
from pathlib import Path

import numpy as np

from cs2s.errors import InputError

__all__ = ["parse_rows"]


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
            entry is not a finite number.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise InputError(f"{path} is empty; it should hold rows of {columns} comma-separated numbers.")
    try:
        rows = np.loadtxt(io.BytesIO(content), delimiter=",", dtype=np.float32, ndmin=2, comments=None)
    except ValueError:
        rows = None
    if rows is None or rows.shape[1] != columns or not np.isfinite(rows).all():
        raise InputError(_first_fault(content, columns, path))
    return rows


def _first_fault(content: bytes, columns: int, path: Path) -> str:
    """Say in one sentence what is wrong with a file that could not be parsed, naming the line."""
    lines = content.decode("utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        entries = line.split(",")
        if not line.strip():
            continue
        if len(entries) != columns:
            return f"{path}, line {number}: {len(entries)} numbers, but a row has {columns}."
        for entry in entries:
            if not _is_number(entry):
                return f"{path}, line {number}: {entry.strip()!r} is not a finite number."
    return f"{path} is not a text of rows of {columns} comma-separated numbers."


def _is_number(entry: str) -> bool:
    try:
        # In float32, as it is stored: 1e39 is infinite there.
        return bool(np.isfinite(np.float32(entry)))
    except ValueError:
        return False
