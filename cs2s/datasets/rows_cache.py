"""A cache of parsed motion files, so that a data set is parsed once and then loads in a blink.

Entries are keyed by the git blob id of a file's content, so a changed file is never served stale. The cache begins with
the checksum of what follows, and is believed only if that is right: a line of JSON that says which files' rows come how
long, then the rows, float32. It stands behind `cs2s.datasets.loading.load`, with which ``notebooks/01_motion_data``
begins.
"""

import hashlib
import json
import os
import stat
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from cs2s.datasets.download import git_blob_id, git_blob_id_of_file
from cs2s.errors import InputError
from cs2s.files.places import cache_folder
from cs2s.files.reading import parse_json
from cs2s.files.text_rows import parse_rows
from cs2s.files.writing import replacing
from cs2s.motion.limits import LARGEST, MOST_BYTES

__all__ = ["cache_file", "load_rows"]

_FORMAT = 3
_NUMBER = np.dtype("<f4")
_CHECKSUM = 4
"""Bytes of it: CRC-32 notices every flipped bit, and is read faster than any digest."""


def cache_file(folder: Path) -> Path:
    """Return where the parsed rows of a data folder are kept.

    Beside the data, or in the user's cache folder where the data folder is marked read-only.
    """
    name = f"cs2s-cache-{_FORMAT}.rows"
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
        if not cache.is_file() or cache.stat().st_size > MOST_BYTES:
            return {}
        content = cache.read_bytes()
        if zlib.crc32(memoryview(content)[_CHECKSUM:]).to_bytes(_CHECKSUM, "little") != content[:_CHECKSUM]:
            return {}
        end = content.index(b"\n", _CHECKSUM) + 1
        told = parse_json(content[_CHECKSUM:end])
        rows = np.frombuffer(content, _NUMBER, offset=end).reshape(-1, columns)
        lengths = [length for _, length in told["files"]]
        # The checksum is right, so these are what was written: but by whom?
        if told["columns"] != columns or min(lengths) < 1 or sum(lengths) != len(rows):
            return {}
        if not (rows.max() <= LARGEST and rows.min() >= -LARGEST):
            return {}
        pieces = np.split(rows, np.cumsum(lengths)[:-1])
        return {str(blob_id): piece for (blob_id, _), piece in zip(told["files"], pieces, strict=True)}
    except (OSError, ValueError, TypeError, KeyError, MemoryError):
        return {}


def load_rows(files: Sequence[Path], columns: int, cache: Path) -> tuple[list[np.ndarray], list[str]]:
    """Load motion files through the cache.

    Args:
        files: the text files.
        columns: numbers in a row.
        cache: the cache's file; written anew when it lacks one of the files, and left alone if its folder
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
    told = {
        "columns": next(iter(rows.values())).shape[1],
        "files": [(blob_id, len(array)) for blob_id, array in rows.items()],
    }
    head = json.dumps(told).encode()
    # Numbers are read fastest where they lie at a multiple of their size.
    head += b" " * (-(_CHECKSUM + len(head) + 1) % 64) + b"\n"
    content = b"".join([head, *(array.astype(_NUMBER).tobytes() for array in rows.values())])
    try:
        with replacing(cache) as temporary:
            temporary.write_bytes(zlib.crc32(content).to_bytes(_CHECKSUM, "little") + content)
        for old in cache.parent.glob("cs2s-cache-*.h5"):
            old.unlink()
    except (InputError, OSError):
        # Loading works without a cache, only slower: a full or read-only disk is no reason to stop.
        return
