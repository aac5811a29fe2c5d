"""Writing files whole or not at all.

So are run directories (``notebooks/04_adversarial_training``) and motion files (``notebooks/08_your_own_motion``).
"""

import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cs2s.errors import InputError

__all__ = ["clear_half_written", "make_folder", "replacing", "resolved", "save_json"]

_OLD = 3600
"""Seconds after which a file that nobody has finished is taken for one of a process that was killed."""


def resolved(path: Path) -> Path:
    """Return where a path leads, links followed.

    Raises:
        InputError: if they lead in a circle.
    """
    try:
        return path.resolve()
    except (RuntimeError, OSError) as error:
        raise InputError(f"{path} is a link that leads in a circle; name another file.") from error


def make_folder(folder: Path) -> Path:
    """Create `folder` (and its parents) if it is not there, and make sure that files can be put into it.

    Raises:
        InputError: if it cannot be created or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(f"cannot write into folder {folder} ({error.strerror}); choose another one.") from error
    return folder


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path` (same ending); put it in place of `path` when the block succeeds.

    The file is flushed to disk before it is renamed, so that even a machine that dies leaves the old file or
    the new one. If the block fails, the temporary file is removed and `path` is as it was; a process that is
    killed leaves it, until the same file is written an hour later, or for `clear_half_written`. A link stays, what
    it points to is replaced.

    Raises:
        InputError: if the file cannot be written, or `path` is something other than a file.
    """
    path = resolved(Path(path))
    if path.exists() and not path.is_file():
        raise InputError(f"cannot write {path}: it is {'a folder' if path.is_dir() else 'no file'}; name a file.")
    make_folder(path.parent)
    suffix = "".join(path.suffixes[-2:])
    stem = f".{path.name.removesuffix(suffix)[:100]}"
    temporary = path.with_name(f"{stem}.{os.getpid()}.tmp{suffix}")
    try:
        _clear_old(path.parent, re.compile(rf"{re.escape(stem)}\.\d+\.tmp{re.escape(suffix)}"))
        yield temporary
        with open(temporary, "r+b") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror or error}); choose another place.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _clear_old(folder: Path, name: re.Pattern[str]) -> None:
    """Remove what processes that were killed have left of a file: names that fit, unchanged for an hour."""
    with os.scandir(folder) as there:
        for entry in there:
            if name.fullmatch(entry.name) and time.time() - entry.stat().st_mtime > _OLD:
                Path(entry).unlink(missing_ok=True)


def save_json(content: object, path: Path, indent: int | None = 1) -> None:
    """Write plain data as JSON, whole or not at all: a line for each entry, indented by so many blanks a level.

    Raises:
        InputError: see `replacing`.
        ValueError: if a number is not finite, which JSON does not know.
    """
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=indent, allow_nan=False) + "\n", encoding="utf-8")


def clear_half_written(folder: Path, names: str = "**/.*.tmp*") -> None:
    """Remove what a process that was killed inside `replacing` left below `folder`: all, or what has such names."""
    for path in folder.glob(names):
        path.unlink(missing_ok=True)
