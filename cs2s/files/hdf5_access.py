"""HDF5 files read and written so that neither what one claims nor a disk that fills can do harm.

An HDF5 file can point at other files and devices, and a small one can claim to hold any amount of numbers. And its
library dies of a disk that is full: so files are written into memory first, then to disk.
Behind motions in HDF5 (``notebooks/08_your_own_motion``), sample files (``notebooks/05_error_evaluation``) and
checkpoints (``notebooks/04_adversarial_training``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from cs2s.errors import InputError
from cs2s.files.reading import existing_file
from cs2s.files.writing import replacing
from cs2s.motion.limits import check_bytes

__all__ = ["check_hdf5", "reading_hdf5", "writing_hdf5", "written_in_memory"]

_GROWTH = 1 << 20
"""By how many bytes a file in memory grows."""


def check_hdf5(file: h5py.File, path: Path) -> None:
    """Make sure that an HDF5 file holds all that is in it itself, and no more than memory should be taken for.

    Raises:
        InputError: if it points at another file, or would take more than 1 GiB.
    """
    found: list[tuple[bytes, int]] = []
    file.id.links.visit(lambda name, link: found.append((name, link.type)), info=True)
    size = 0
    for name, kind in found:
        if kind != h5py.h5l.TYPE_HARD:
            raise InputError(f"{path}: {_shown(name)} is a link to another place or file, which is not followed.")
        thing = h5py.h5o.open(file.id, name)
        if not isinstance(thing, h5py.h5d.DatasetID):
            continue
        plan = thing.get_create_plist()
        if plan.get_external_count() or plan.get_layout() == h5py.h5d.VIRTUAL:
            raise InputError(f"{path}: {_shown(name)} is kept in another file, which is not read.")
        item = thing.get_type().get_size()
        size += thing.get_space().get_simple_extent_npoints() * item
        if plan.get_layout() == h5py.h5d.CHUNKED:
            # Read as a whole, however little of one is used.
            check_bytes(int(np.prod(plan.get_chunk(), dtype=object)) * item, path)
        check_bytes(size, path)


def _shown(name: bytes) -> str:
    return repr(name.decode("utf-8", errors="replace")[:80])


@contextmanager
def reading_hdf5(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file that has passed `check_hdf5` for reading.

    Raises:
        InputError: if there is no such file, or it does not pass.
        OSError: if it is no HDF5 file, or cut short.
    """
    with h5py.File(existing_file(path), "r") as file:
        check_hdf5(file, path)
        yield file


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
        temporary.write_bytes(file.image)


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
    path.write_bytes(b"".join(file.image for file in opened))
