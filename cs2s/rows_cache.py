"""A cache of parsed motion files, so that a data set is parsed once and then loads in a blink.

Entries are keyed by the git blob id of a file's content, so a changed file is never served stale.
"""

import hashlib
import os
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py
import numpy as np
import platformdirs

from cs2s.download import git_blob_id
from cs2s.errors import InputError
from cs2s.text_rows import parse_rows
from cs2s.writing import replacing

__all__ = ["cache_file", "load_rows"]

_FORMAT = 1


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
    return Path(platformdirs.user_cache_dir("cs2s")) / "parsed" / where / name


def _read(path: Path) -> tuple[bytes, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.") from error
    return content, git_blob_id(content)


def _read_cached(cache: Path, wanted: set[str]) -> dict[str, np.ndarray]:
    """Return those of the wanted entries that the cache holds; a missing or broken cache holds none."""
    try:
        with h5py.File(cache, "r") as file:
            return {key: file[key][()] for key in wanted & set(file)}
    except (OSError, KeyError, RuntimeError, TypeError):
        return {}


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
    with ThreadPoolExecutor(max_workers=4) as threads:
        contents, ids = zip(*threads.map(_read, files), strict=True)
    keys = [f"{blob_id}-{columns}" for blob_id in ids]
    rows = _read_cached(cache, set(keys))
    if not rows.keys() >= set(keys):
        for key, content, path in zip(keys, contents, files, strict=True):
            if key not in rows:
                rows[key] = parse_rows(content, columns, path)
        _write_cache(cache, rows)
    return [rows[key] for key in keys], list(ids)


def _write_cache(cache: Path, rows: dict[str, np.ndarray]) -> None:
    try:
        with replacing(cache) as temporary, h5py.File(temporary, "w") as file:
            for key, array in rows.items():
                # The checksum finds what a failing disk has changed.
                file.create_dataset(key, data=array, fletcher32=True)
    except (InputError, OSError):
        # Loading works without a cache, only slower: a full or read-only disk is no reason to stop.
        return
