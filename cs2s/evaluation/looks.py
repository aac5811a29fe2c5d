"""An append-only log of every evaluation on test windows, so that how often they were looked at is known.

Whoever chooses among many models by their test error tests nothing any more. Choices are for the validation split
(`cs2s.datasets.validation`); the test windows are for the end, and each look at them leaves a line here.
Taught in ``notebooks/07_beyond_the_paper``.
"""

import json
import os
from io import RawIOBase
from pathlib import Path

from cs2s.errors import InputError
from cs2s.files.locking import lock
from cs2s.files.places import look_file
from cs2s.files.provenance import made_by
from cs2s.files.writing import make_folder

__all__ = ["check_logged", "count_test_looks", "log_test_look", "read_test_looks"]


def read_test_looks(data: str | None = None) -> list[dict[str, object]]:
    """Return the lines of the log, oldest first; damaged lines are left out, and `count_test_looks` tells them.

    Args:
        data: only those at the data with this fingerprint.

    Raises:
        InputError: if the log cannot be read.
    """
    looks, _ = _read()
    return [look for look in looks if data is None or look["data"] == data]


def _read() -> tuple[list[dict[str, object]], list[int]]:
    """Return all looks, and the numbers of the lines that are none."""
    path = look_file()
    if not path.is_file():
        return [], []
    looks, damaged = [], []
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"cannot read {path} ({error.strerror}); name another file by CS2S_TEST_LOOKS.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            look = json.loads(line)
            if not isinstance(look["data"], str):
                raise ValueError("a fingerprint is a word")
            looks.append(look)
        except (ValueError, KeyError, TypeError, RecursionError):
            damaged.append(number)
    return looks, damaged


def log_test_look(dataset: str, data: str, predictor: str, protocol: str) -> None:
    """Append a line to the log, whole or not at all.

    Args:
        dataset: name of the data set.
        data: its fingerprint.
        predictor: whose predictions were measured.
        protocol: under which protocol.

    Raises:
        InputError: if the log cannot be written to.
    """
    path = look_file()
    make_folder(path.parent)
    look = made_by(dataset=dataset, data=data, predictor=predictor, protocol=protocol)
    try:
        with open(path, "ab", buffering=0) as file:
            # Two programs at once do not mix their lines, and what is taken back is nobody else's.
            lock(file, wait=True)
            _append(file, json.dumps(look).encode() + b"\n", path)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); name another file by CS2S_TEST_LOOKS.") from error


def _append(file: RawIOBase, line: bytes, path: Path) -> None:
    """Write a line of its own at the end of a file; where there is no room for all of it, none of it stays."""
    size = file.seek(0, os.SEEK_END)
    if size and path.is_file():
        with open(path, "rb") as written:
            written.seek(size - 1)
            if written.read(1) != b"\n":
                # A program that was killed, or a full disk, left half a line.
                line = b"\n" + line
    try:
        left = memoryview(line)
        while left:
            left = left[file.write(left) or 0 :]
    except OSError:
        if path.is_file():
            file.truncate(size)
        raise


def count_test_looks(dataset: str, data: str) -> str:
    """Say how often the test windows of data with this fingerprint have been evaluated, baselines included.

    Lines of the log that are damaged are named; they count for nothing.
    """
    try:
        looks, damaged = _read()
    except InputError as error:
        return f"how often the test windows of this {dataset} data have been evaluated cannot be told: {error}"
    count = sum(look["data"] == data for look in looks)
    times = "once" if count == 1 else f"{count} times"
    said = f"the test windows of this {dataset} data have been evaluated {times} (logged)"
    if not damaged:
        return said
    first, many = damaged[0], len(damaged) > 1
    lines = f"lines {first} and {len(damaged) - 1} more" if many else f"line {first}"
    return f"{said}; not counted, because damaged: {lines} of {look_file()}"


def check_logged(*unlogged: str) -> None:
    """Say that looks could not be logged, once all that they found has been shown.

    Args:
        unlogged: why not, of each evaluation (`cs2s.evaluation.evaluation.Evaluation.unlogged`); empty where it was.

    Raises:
        InputError: if one could not.
    """
    reasons = [reason for reason in unlogged if reason]
    if reasons:
        raise InputError(f"this look at the test windows is not logged: {reasons[0]}")
