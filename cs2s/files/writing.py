"""Writing files whole or not at all.

So are run directories (``notebooks/04_adversarial_training``) and motion files (``notebooks/08_your_own_motion``).
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cs2s.errors import InputError

__all__ = ["clear_half_written", "make_folder", "replacing", "save_json"]


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
    killed leaves it, for `clear_half_written`. A link stays, what it points to is replaced.

    Raises:
        InputError: if the file cannot be written, or `path` is something other than a file.
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_file():
        raise InputError(f"cannot write {path}: it is {'a folder' if path.is_dir() else 'no file'}; name a file.")
    make_folder(path.parent)
    suffix = "".join(path.suffixes[-2:])
    temporary = path.with_name(f".{path.name.removesuffix(suffix)[:100]}.{os.getpid()}.tmp{suffix}")
    try:
        yield temporary
        with open(temporary, "r+b") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror or error}); choose another place.") from error
    finally:
        temporary.unlink(missing_ok=True)


def save_json(content: object, path: Path, indent: int = 1) -> None:
    """Write plain data as JSON, whole or not at all: a line for each entry, indented by so many blanks a level.

    Raises:
        InputError: see `replacing`.
    """
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=indent) + "\n", encoding="utf-8")


def clear_half_written(folder: Path, names: str = "**/.*.tmp*") -> None:
    """Remove what a process that was killed inside `replacing` left below `folder`: all, or what has such names."""
    for path in folder.glob(names):
        path.unlink(missing_ok=True)
