"""Reading files that other programs wrote: whatever is wrong in one is said in a sentence, with its line in a text.

What a file claims about itself is never believed before memory is taken for it: `cs2s.motion.limits.MOST_BYTES`.
Taught in ``notebooks/08_your_own_motion``.
"""

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from cs2s.errors import InputError, printable
from cs2s.motion.limits import LARGEST, MOST_BYTES, check_bytes

__all__ = [
    "existing_file",
    "fault",
    "ill_written",
    "load_json",
    "number",
    "numbers",
    "parse_json",
    "printable_name",
    "read_arrays",
    "read_lines",
]

_LINE_BYTES = 128
"""What Python takes for a line of text, in lists of lines and words, beside its letters."""

_JSON_BYTES = 32
"""What Python takes for a byte of JSON, at the most: of ``{},{},`` for instance."""

_PLAIN = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(rf"[-+]?{_PLAIN}", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+([eE][-+]?\d+)?", re.ASCII)
_WITH_COMMAS = re.compile(rf"([-+]?{_PLAIN},)+([-+]?{_PLAIN})?", re.ASCII)
_GLUED = re.compile(rf"[-+]?{_PLAIN}([-+]{_PLAIN})+|[-+]?\d*\.\d+\.\d+", re.ASCII)


def fault(path: Path, line: int, sentence: str) -> InputError:
    """Return the exception that says what is wrong with a line (counted from 1) of a file."""
    return InputError(f"{path}, line {line}: {sentence}")


def existing_file(path: Path | str) -> Path:
    """Return `path`, if it is a file that can be read whole.

    Raises:
        InputError: if it is missing, a folder, a device (reading one may never end) or larger than 1 GiB.
    """
    path = Path(path)
    if not path.is_file():
        what = "is no file" if path.exists() else "does not exist"
        raise InputError(f"{path} {what}; name a file.")
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path} has {path.stat().st_size} bytes; a file may hold at most 1 GiB.")
    return path


def printable_name(name: object) -> str:
    """Return a name that stands in a file, if tables and pictures can show it.

    Raises:
        ValueError: if it is empty, longer than 1000 characters, or not all of them can be printed.
    """
    if not isinstance(name, str) or not 0 < len(name) <= 1000 or printable(name) != name or "\n" in name:
        raise ValueError(f"{ascii(name)[:60]} cannot be a name")
    return name


def parse_json(text: str | bytes) -> Any:
    """Parse JSON in which numbers are numbers: one of hundreds of digits is infinite, as in other languages.

    Args:
        text: bytes are UTF-8, with or without a byte order mark.

    Raises:
        ValueError: if it is none, or nested too deep.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    try:
        return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 100 else float(digits))
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def load_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        InputError: if it is missing, no file (reading a pipe may never end) or would take more than 1 GiB.
        ValueError: if it is no JSON.
    """
    check_bytes(_JSON_BYTES * existing_file(path).stat().st_size, path)
    return parse_json(path.read_bytes())


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read all arrays of an ``.npz`` file, by name.

    Raises:
        InputError: if it is missing, no file, or would take more than 1 GiB.
        Exception: of many kinds, if it is damaged.
    """
    existing_file(path)
    with ZipFile(path) as archive:
        check_bytes(sum(member.file_size for member in archive.infolist()), path)
        sizes = {member.filename: member.file_size for member in archive.infolist()}
        for name, size in sizes.items():
            with archive.open(name) as member:
                # What the array says of itself is allocated before it is read.
                version = np.lib.format.read_magic(member)
                header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
                shape, _, dtype = header[version](member)
                if math.prod(shape) * dtype.itemsize > size:
                    raise ValueError(f"{name} is shorter than it says")
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def read_lines(path: Path, kind: str) -> list[str]:
    """Return the lines of a text file, whatever its line ends; the last is followed by no empty one.

    Bytes that are not UTF-8 are replaced: they can only stand in names and comments.

    Args:
        path: the file.
        kind: what it should be, for messages.

    Raises:
        InputError: if it cannot be read, is empty or holds no text.
    """
    content = existing_file(path).read_bytes()
    if b"\0" in content:
        raise InputError(f"{path} is not a text file, so it is no {kind} file (UTF-16 must be saved as UTF-8).")
    count = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    check_bytes(len(content) + _LINE_BYTES * count, path, f"a text of {count} lines")
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if not text:
        raise InputError(f"{path} is empty, so it is no {kind} file.")
    return text.split("\n")


def number(word: str, path: Path, line: int) -> float:
    """Return the number that a word of a file stands for.

    Raises:
        InputError: if it is none, not finite, or beyond `LARGEST`; decimal commas and numbers without a blank between
            them are called so.
    """
    value = float(word) if _NUMBER.fullmatch(word) else math.nan
    # Written so that nan fails too.
    if not abs(value) <= LARGEST:
        if sentence := ill_written(word):
            raise fault(path, line, sentence)
        raise fault(path, line, f"{word[:40]!r} is not a number between -1e9 and 1e9.")
    return value


def ill_written(word: str) -> str:
    """Return what is wrong with a word that stands for numbers in another way of writing, or nothing."""
    if _DECIMAL_COMMA.fullmatch(word):
        return f"{word[:40]!r} has a decimal comma; export with decimal points, or replace each comma by a point."
    if _WITH_COMMAS.fullmatch(word):
        return f"{word[:40]!r} has commas between numbers; these must be parted by blanks."
    if _GLUED.fullmatch(word):
        return f"{word[:40]!r} is more than one number without a blank between; export with more room for each."
    return ""


def numbers(words: Sequence[str], count: int, what: str, path: Path, line: int) -> tuple[float, ...]:
    """Return the `count` numbers that the words of a line stand for.

    Raises:
        InputError: if there are more or fewer, or one of them is no `number`.
    """
    if len(words) != count:
        # What stands without a blank between makes the count wrong: that is to be said.
        if sentence := next(filter(None, map(ill_written, words)), None):
            raise fault(path, line, sentence)
        raise fault(path, line, f"{len(words)} numbers, but {what} has {count}.")
    return tuple(number(word, path, line) for word in words)
