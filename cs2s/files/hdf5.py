"""Motions in HDF5: rows and skeleton as they are, to the last bit.

Datasets ``rows`` (frames, columns), ``joints`` (names), ``parents`` and ``offsets_mm`` (joints, 3); attributes
``format``, ``fps``, ``root``, ``skeleton`` (its name) and ``unit_mm``. Taught in ``notebooks/08_your_own_motion``.
"""

from numbers import Real
from pathlib import Path
from typing import Literal

import h5py
import numpy as np

from cs2s.errors import InputError
from cs2s.files.hdf5_access import reading_hdf5, writing_hdf5
from cs2s.files.hierarchy import MOST_JOINTS, check_lengths, check_name, check_savable
from cs2s.motion.limits import LARGEST, UNIT_MM, check_size, checked_fps
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton

__all__ = ["load_hdf5", "save_hdf5"]

_FORMAT = "cs2s motion 1"


def save_hdf5(motion: Motion, path: Path | str) -> Path:
    """Save a motion as it is, whole or not at all.

    Raises:
        InputError: if the motion does not pass `cs2s.files.hierarchy.check_savable`, or the file cannot be written.
    """
    check_savable(motion)
    skeleton = motion.skeleton
    with writing_hdf5(Path(path)) as file:
        file["rows"] = motion.rows
        file["joints"] = list(skeleton.joints)
        file["parents"] = list(skeleton.parents)
        file["offsets_mm"] = skeleton.offsets
        attributes = {"fps": motion.fps, "root": motion.root, "skeleton": skeleton.name, "unit_mm": skeleton.unit_mm}
        file.attrs.update({"format": _FORMAT, **attributes})
    return Path(path)


def load_hdf5(path: Path | str) -> Motion:
    """Load what `save_hdf5` saved.

    Raises:
        InputError: if the file is missing, cut short, not laid out so, or holds more than memory should be taken for.
    """
    path = Path(path)
    try:
        with reading_hdf5(path) as file:
            return _read(file, path)
    except InputError as error:
        # Of the file as a whole, or of what a motion may not be.
        if str(error).startswith(str(path)):
            raise
        reason = str(error).rstrip(".")
    except Exception as error:
        # Whatever is amiss in a file that others may have written, it is the file and not the program.
        reason = str(error).partition("\n")[0]
    raise InputError(f"{path} is not a motion in HDF5 as 'cs2s convert' writes it ({reason}).")


def _read(file: h5py.File, path: Path) -> Motion:
    if file.attrs.get("format") != _FORMAT:
        hint = "; it is a sample file: see 'cs2s animate'" if "expmap" in file else ""
        raise ValueError(f"its attribute 'format' is not '{_FORMAT}'{hint}")
    frames, columns = file["rows"].shape
    count = len(file["joints"])
    # Before anything is read, since an empty file may claim to hold any number of rows.
    check_size(max(frames, 1), max(count, columns // 3, len(file["parents"]), len(file["offsets_mm"])), path)
    joints = tuple(file["joints"].asstr()[()].tolist())
    for name in joints:
        check_name(name)
    if count > MOST_JOINTS:
        raise ValueError(f"it has {count} joints; a motion file has at most {MOST_JOINTS}")
    twice = next((name for place, name in enumerate(joints) if name in joints[:place]), None)
    if twice is not None:
        raise ValueError(f"two joints are called '{twice}'")
    parents = tuple(int(parent) for parent in file["parents"][()])
    if parents[:1] != (-1,) or not all(0 <= parent < joint for joint, parent in enumerate(parents[1:], start=1)):
        raise ValueError("its parents are no tree with each parent before its children")
    offsets, rows = file["offsets_mm"][()].astype(np.float64), file["rows"][()]
    fps, unit_mm = checked_fps(file.attrs["fps"]), file.attrs["unit_mm"]
    if not isinstance(unit_mm, Real) or not UNIT_MM[0] <= float(unit_mm) <= UNIT_MM[1]:
        raise ValueError(f"{str(unit_mm)[:40]} mm in a unit cannot be")
    if offsets.shape != (count, 3) or len(parents) != count or rows.dtype not in (np.float32, np.float64):
        raise ValueError("its datasets do not fit together")
    # No array of absolute values: rows may be many. Written so that nan fails too.
    if not frames or not all(-LARGEST <= numbers.min() <= numbers.max() <= LARGEST for numbers in (rows, offsets)):
        raise ValueError("it has no frame, or numbers that are not between -1e9 and 1e9")
    told = str(file.attrs["root"])
    if told not in ("absolute", "relative"):
        raise ValueError(f"its root is neither absolute nor relative but {told[:20]!r}")
    root: Literal["absolute", "relative"] = "absolute" if told == "absolute" else "relative"
    skeleton = Skeleton(str(file.attrs["skeleton"]), joints, parents, offsets, float(unit_mm))
    check_lengths(skeleton)
    return Motion(rows, skeleton, fps, root)
