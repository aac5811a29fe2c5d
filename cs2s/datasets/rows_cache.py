"""A cache of parsed motion files, so that a data set is parsed once and then loads in a blink.

Entries are keyed by the git blob id of a file's content, so a changed file is never served stale.
It stands behind `cs2s.datasets.loading.load`, with which ``notebooks/01_motion_data`` begins.
"""

import hashlib
import os
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py
import numpy as np

from cs2s.datasets.download import git_blob_id, git_blob_id_of_file
from cs2s.errors import InputError
from cs2s.files.places import cache_folder
from cs2s.files.text_rows import parse_rows
from cs2s.files.writing import replacing

__all__ = ["cache_file", "load_rows"]

_FORMAT = 2


def cache_file(folder: Path) -> Path:
    """Return where the parsed rows of a data folder are kept.

    Beside the data, or in the user's cache folder where the data folder is marked read-only.
    """
    name = f"cs2s-cache-{_FORMAT}.h5"
    marked_writable = folder.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    # The mode bits as well as the access check: the superuser may write anywhere, but should not.
    if marked_writable and os.access(folder, os.W_OK):
        return folder / name
    where = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return cache_folder() / "parsed" / where / name


def _blob_id(path: Path) -> str:
    try:
        return git_blob_id_of_file(path)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.") from error


def _read_cached(cache: Path, columns: int) -> dict[str, np.ndarray]:
    """Return the rows in the cache by the blob ids of their files; a missing or broken cache holds nothing."""
    try:
        with h5py.File(cache, "r") as file:
            # All files' rows in one array, because HDF5 takes its time for every array that it opens.
            rows, ids, lengths = (file[name][()] for name in ("rows", "ids", "lengths"))
    except (OSError, KeyError, RuntimeError, TypeError):
        return {}
    if rows.ndim != 2 or rows.shape[1] != columns or lengths.sum() != len(rows) or len(ids) != len(lengths):
        return {}
    pieces = np.split(rows, np.cumsum(lengths)[:-1])
    return dict(zip(ids.astype(str).tolist(), pieces, strict=True))


def load_rows(files: Sequence[Path], columns: int, cache: Path) -> tuple[list[np.ndarray], list[str]]:
    """Load motion files through the cache.

    Args:
        files: the text files.
        columns: numbers in a row.
        cache: the cache's HDF5 file; written anew when it lacks one of the files, and left alone if its folder
            cannot be written to.

    Returns:
        For each file, its rows ``(frames, columns)`` float32 and the git blob id of its content.

    Raises:
        InputError: if a file cannot be read or parsed.
    """
    with ThreadPoolExecutor(max_workers=2) as threads:
        # The cache is read while the threads look at the files.
        hashing = threads.map(_blob_id, files)
        cached = _read_cached(cache, columns)
        ids = list(hashing)
    if not cached.keys() >= set(ids):
        for index, path in enumerate(files):
            if ids[index] not in cached:
                content = path.read_bytes()
                # Of these very bytes, should the file have changed since it was looked at.
                ids[index] = git_blob_id(content)
                cached[ids[index]] = parse_rows(content, columns, path)
        _write_cache(cache, {blob_id: cached[blob_id] for blob_id in ids})
    return [cached[blob_id] for blob_id in ids], ids


def _write_cache(cache: Path, rows: dict[str, np.ndarray]) -> None:
    try:
        with replacing(cache) as temporary, h5py.File(temporary, "w") as file:
            file["rows"] = np.concatenate(list(rows.values()))
            file["ids"] = np.array(list(rows), dtype="S40")
            file["lengths"] = [len(array) for array in rows.values()]
    except (InputError, OSError):
        # Loading works without a cache, only slower: a full or read-only disk is no reason to stop.
        return
