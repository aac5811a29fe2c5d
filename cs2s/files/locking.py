"""Locks on files, so that two programs do not write the same thing at once.

The operating system holds them for an open file, and lets go of them when the process ends, however it ends: a lock
that nobody holds is never left behind, only an empty file. So is a run held while it is trained
(``notebooks/04_adversarial_training``).
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["holding", "lock"]

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
# Some network folders have no locks: whoever keeps runs there must see to it that they are trained once at a time.
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}

_held: set[Path] = set()


def lock(file: IO, wait: bool = False) -> bool:
    """Lock an open file until it is closed or the process ends.

    Args:
        file: opened for writing.
        wait: for another holder to let go, instead of giving up.

    Returns:
        Whether nobody else holds it.

    Raises:
        OSError: for any reason but that.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind all that is written: what is locked on Windows cannot be read by others either.
            place = file.tell()
            file.seek(1 << 40)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            finally:
                file.seek(place)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        if error.errno not in _NO_LOCKS:
            raise
    return True


@contextmanager
def holding(path: Path) -> Iterator[bool]:
    """Hold the lock of a file, which is made if it is not there, for the length of a block.

    Yields:
        Whether nobody else holds it. In a block that holds it already, it is held once more.

    Raises:
        OSError: if the file cannot be made.
    """
    path = path.resolve()
    if path in _held:
        yield True
        return
    with open(path, "ab") as file:
        if not lock(file):
            yield False
            return
        _held.add(path)
        try:
            yield True
        finally:
            _held.discard(path)
            # Said once more, because a process that was forked meanwhile would keep it.
            _unlock(file)


def _unlock(file: IO) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)
