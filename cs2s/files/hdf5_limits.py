"""What an HDF5 file may hold: everything itself, and no more than memory should be taken for.

Behind `cs2s.files.hdf5_access` (``notebooks/08_your_own_motion``).
"""

from pathlib import Path

import h5py
import numpy as np

from cs2s.errors import InputError
from cs2s.motion.limits import check_bytes

__all__ = ["check_hdf5"]


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
