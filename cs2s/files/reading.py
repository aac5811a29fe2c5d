"""Reading text files that other programs wrote: whatever is wrong in one is said in a sentence with its line.

What a file claims about itself is never believed before memory is taken for it.
Taught in ``notebooks/08_your_own_motion``.
"""

import math
import re
from collections.abc import Sequence
from pathlib import Path

from cs2s.errors import InputError
from cs2s.motion.limits import LARGEST

__all__ = ["existing_file", "fault", "ill_written", "number", "numbers", "read_lines"]

_MOST_BYTES = 1 << 30
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
        raise InputError(f"{path} {what}; name a motion file.")
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path} has {path.stat().st_size} bytes; cut the motion into files of at most 1 GiB.")
    return path


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
