"""HDF5 files read and written so that neither what one claims nor a disk that fills can do harm.

An HDF5 file can point at other files and devices, and a small one can claim to hold any amount of numbers. Its
library dies of a disk that is full: so files are written into memory first, then to disk. And it may never end in
reading a damaged file: so what is written ends with a checksum (which the library does not look at), and a file without
one is read by way of trial first.
Behind motions in HDF5 (``notebooks/08_your_own_motion``), sample files (``notebooks/05_error_evaluation``) and
checkpoints (``notebooks/04_adversarial_training``).
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py

from cs2s.errors import InputError
from cs2s.files.hdf5_limits import check_hdf5
from cs2s.files.hdf5_trial import try_to_read
from cs2s.files.reading import existing_file
from cs2s.files.writing import replacing

__all__ = ["reading_hdf5", "writing_hdf5", "written_in_memory"]

_GROWTH = 1 << 20
"""By how many bytes a file in memory grows, and one on disk is read."""

_MARK = b"cs2s CRC-32 "
"""What comes between a file and its checksum."""

_CHECKSUM = 4
"""Bytes of it: CRC-32 notices every flipped bit."""


@contextmanager
def reading_hdf5(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading that is as it was written, or can be read, and has passed `check_hdf5`.

    Raises:
        InputError: if there is no such file, it has been changed since it was written, the library does not come back
            from reading it, or it does not pass.
        OSError: if it is no HDF5 file, or cut short.
    """
    as_written = _is_as_written(existing_file(path))
    if as_written is None:
        try_to_read(path)
    elif not as_written:
        raise InputError(f"{path} is damaged: it is not what was written (checksum); take a copy, or make it again.")
    with h5py.File(path, "r") as file:
        check_hdf5(file, path)
        yield file


def _is_as_written(path: Path) -> bool | None:
    """Tell whether a file is what was written, by the checksum at its end; None if there is no checksum."""
    with open(path, "rb") as file:
        content = max(file.seek(0, os.SEEK_END) - len(_MARK) - _CHECKSUM, 0)
        file.seek(content)
        told = file.read()
        if not told.startswith(_MARK):
            return None
        file.seek(0)
        found = 0
        while part := file.read(min(content, _GROWTH)):
            content -= len(part)
            found = zlib.crc32(part, found)
    return told == _MARK + found.to_bytes(_CHECKSUM, "little")


def _write(image: bytes, path: Path) -> None:
    """Write an HDF5 file with its checksum."""
    path.write_bytes(b"".join((image, _MARK, zlib.crc32(image).to_bytes(_CHECKSUM, "little"))))


class _MemoryFile(h5py.File):
    """An HDF5 file in memory: what would have been on disk is in `image` once it is closed."""

    image = b""

    def __init__(self, name: Any = "memory", mode: str = "w", **options: Any) -> None:
        super().__init__(name, "w", driver="core", backing_store=False, block_size=_GROWTH)

    def close(self) -> None:
        if self.id.valid:
            self.flush()
            self.image = self.id.get_file_image()
        super().close()


@contextmanager
def writing_hdf5(path: Path) -> Iterator[h5py.File]:
    """Yield an HDF5 file in memory; what is in it at the end of the block is written to `path`, whole or not at all.

    Raises:
        InputError: if the file cannot be written.
    """
    with replacing(path) as temporary:
        with _MemoryFile() as file:
            yield file
        _write(file.image, temporary)


@contextmanager
def written_in_memory(path: Path) -> Iterator[None]:
    """Let a library that only takes a path write an HDF5 file there: in memory, and to disk at the end of the block.

    Keras is such a library. Meanwhile the one file that ``h5py.File`` opens at that path is one in memory.

    Raises:
        OSError: if the file cannot be written.
    """
    usual, opened = h5py.File, []

    class Instead(_MemoryFile):
        def __new__(cls, name: Any, mode: str = "r", *others: Any, **options: Any) -> Any:
            if mode != "w" or str(name) != str(path):
                return usual(name, mode, *others, **options)
            opened.append(super().__new__(cls))
            return opened[-1]

    h5py.File = Instead
    try:
        yield
    finally:
        h5py.File = usual
    _write(b"".join(file.image for file in opened), path)
