"""Reading an HDF5 file by way of trial, in a process of its own.

There are damaged files from which the HDF5 library never comes back, and none of Python's signals reaches it there; of
others it dies. So a process that can be killed reads a file first, whole; it stays for the next file.
Behind `cs2s.files.hdf5_access` (``notebooks/08_your_own_motion``).
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import h5py

from cs2s.errors import InputError
from cs2s.files.hdf5_limits import check_hdf5

__all__ = ["SECONDS", "try_to_read"]

SECONDS = 15.0
"""How long a file is waited for: one of 1 GiB, which is the most, is read in a few seconds."""


class _Reader:
    """A process that reads one file after the other, for as long as it lives."""

    def __init__(self) -> None:
        # Where this very package is found, however it came to be found here.
        packages = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
        cannot = InputError(f"cannot start {sys.executable}, which is needed to read HDF5 files of others.")
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, packages))},
                encoding="ascii",
            )
        except OSError as error:
            raise cannot from error
        self.owner = os.getpid()
        atexit.register(self.end)
        # That it is there: a machine that is slow to start it is no fault of the file.
        if not self._answer():
            self.end()
            raise cannot

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def reads(self, path: Path) -> bool:
        """Tell whether the process has come back from a file, with whatever result, in time."""
        assert self.process.stdin is not None
        limit = threading.Timer(SECONDS, self.process.kill)
        limit.start()
        try:
            # As JSON, since a name may hold anything, a line's end too.
            print(json.dumps(str(path.absolute())), file=self.process.stdin, flush=True)
            return bool(self._answer())
        except OSError:
            return False
        finally:
            limit.cancel()

    @property
    def lives(self) -> bool:
        return self.process.poll() is None and self.owner == os.getpid()

    def end(self) -> None:
        atexit.unregister(self.end)
        if self.owner != os.getpid():
            return
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()


_lock = threading.Lock()
_reader: _Reader | None = None


def try_to_read(path: Path) -> None:
    """Read an HDF5 file, whole, in a process of its own; how it went does not matter, if only it ends.

    Raises:
        InputError: if it does not end within `SECONDS`, or the process dies of it.
    """
    global _reader
    with _lock:
        while True:
            fresh = _reader is None or not _reader.lives
            if _reader is None or fresh:
                _reader = _Reader()
            if _reader.reads(path):
                return
            _reader.end()
            # What another file has left behind in the process is not to be this one's fault.
            if fresh:
                raise InputError(f"{path} is damaged: the HDF5 library does not come back from it; take another copy.")


def _read(path: Path) -> None:
    """Read all that is in a file, and throw it away."""

    def look(thing: h5py.HLObject) -> None:
        for name in thing.attrs:
            with contextlib.suppress(Exception):
                thing.attrs[name]
        if isinstance(thing, h5py.Dataset):
            with contextlib.suppress(Exception):
                thing[()]

    # Whatever is wrong with it is said by the reader who wants something of it.
    with contextlib.suppress(Exception), h5py.File(path, "r") as file:
        check_hdf5(file, path)
        look(file)
        file.visititems(lambda _, thing: look(thing))


def main() -> None:
    """Read file after file, as they are named on standard input, and say after each that it has ended."""
    print("ready", flush=True)
    for line in sys.stdin:
        _read(Path(json.loads(line)))
        print("read", flush=True)


if __name__ == "__main__":
    main()
