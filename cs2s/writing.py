"""Writing files so that nothing half-written is ever left behind."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cs2s.errors import InputError

__all__ = ["clear_half_written", "make_folder", "replacing"]


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
    the new one. If the block fails, the temporary file is removed and `path` is as it was.

    Raises:
        InputError: if the folder of `path` cannot be written to, or `path` is a folder.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder; name a file.")
    make_folder(path.parent)
    suffix = "".join(path.suffixes[-2:])
    temporary = path.with_name(f".{path.name.removesuffix(suffix)}.{os.getpid()}.tmp{suffix}")
    try:
        yield temporary
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def clear_half_written(folder: Path) -> None:
    """Remove what a process that was killed inside `replacing` left anywhere below `folder`."""
    for path in folder.rglob(".*.tmp*"):
        path.unlink(missing_ok=True)
