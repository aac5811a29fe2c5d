"""Fetch a published data set: every file checked by its git blob id, all of them moved into place or none.

A server is not trusted either: it cannot make this wait, or take memory, for longer or more than a file is worth.

What to fetch is data: a manifest, one ``<git blob id> <path>`` per line, as in ``data/cmu_mocap.txt``.
``cs2s data download`` does it; ``notebooks/06_explore_predictions`` needs it for the authors' checkpoints.
"""

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from cs2s.errors import InputError
from cs2s.files.locking import holding
from cs2s.files.writing import resolved

if TYPE_CHECKING:
    import requests

__all__ = ["download", "git_blob_id", "git_blob_id_of_file", "published_files"]

# Seconds to wait for a connection, and for the next bytes of an answer.
_TIMEOUT = 30

# What must arrive in so many seconds: whoever sends less would never end.
_WATCHED, _LEAST_BYTES = 60, 60_000

# The largest file of the CMU data has 4 MB. Its id says nothing of its size.
_MOST_BYTES = 64 << 20

_PIECE = 1 << 14

# A blob id and a path that cannot leave the folder: no leading slash, no "..".
_MANIFEST_LINE = re.compile(r"([0-9a-f]{40}) ([\w-]+(?:[./][\w-]+)*)", re.ASCII)


def git_blob_id(content: bytes) -> str:
    """Return the id that git gives to a file with this content.

    Source: Git's object format, https://git-scm.com/book/en/v2/Git-Internals-Git-Objects.
    """
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def git_blob_id_of_file(path: Path) -> str:
    """Return the id that git gives to a file, reading it piece by piece.

    Raises:
        OSError: if the file cannot be read.
    """
    piece = memoryview(bytearray(1 << 20))
    with open(path, "rb", buffering=0) as file:
        digest = hashlib.sha1(b"blob %d\0" % os.fstat(file.fileno()).st_size, usedforsecurity=False)
        while count := file.readinto(piece):
            digest.update(piece[:count])
    return digest.hexdigest()


def published_files(manifest: str | Path) -> dict[str, str]:
    """Read a manifest: lines ``<git blob id> <path>``, empty lines and lines starting with ``#`` left out.

    Args:
        manifest: the text itself, or the `Path` of a file of it.

    Returns:
        Path below the data folder -> git blob id, in the manifest's order.

    Raises:
        InputError: for a line of another form, or a path that comes twice.
    """
    # What is no UTF-8 is in no line as it should be.
    text = manifest.read_text(encoding="utf-8", errors="replace") if isinstance(manifest, Path) else manifest
    name = manifest if isinstance(manifest, Path) else "manifest"
    files: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _MANIFEST_LINE.fullmatch(line)
        if match is None:
            raise InputError(f"{name}, line {number}: expected '<git blob id> <relative path>', got {line!r}")
        blob_id, path = match.groups()
        if path in files:
            raise InputError(f"{name}, line {number}: {path} is listed twice, keep one of the lines")
        files[path] = blob_id
    return files


def download(files: Mapping[str, str], base_url: str, folder: Path, *, progress: bool = True) -> Path:
    """Bring the published files into `folder`, fetching what is not there yet.

    Files gather in ``<folder>.partial`` beside the folder, each checked before it is kept; a later call takes
    up what an interrupted one left there. Only when all are right do they move into place, so a fetch that
    fails or is interrupted leaves `folder` as it was; where it existed, a failing disk can stop the moving between
    two files, never within one. Files of `folder` that are not among `files` are never touched. If
    everything is in place already, the network is not used.

    Args:
        files: path below the folder -> git blob id, see `published_files`.
        base_url: address that a file's path is appended to, http or https.
        folder: where the files go; may exist and hold some of them.
        progress: show a progress bar on stderr.

    Returns:
        `folder`.

    Raises:
        InputError: if a file cannot be fetched, arrives with other content than published, lies in `folder`
            with other content, if the folder cannot be written, or another process is fetching into it.
    """
    # Resolved, so that staging lies on the target's own disk even if `folder` is a link to another one.
    target = resolved(folder)
    staging = target.with_name(f"{target.name}.partial")
    try:
        missing = _missing(files, target)
        if missing:
            _check_url(base_url)
            if target.exists() and not os.access(target, os.W_OK):
                raise _stop(f"{target} cannot be written to: choose another folder or change its permissions")
            target.parent.mkdir(parents=True, exist_ok=True)
            lock = target.with_name(f".{target.name}.lock")
            with holding(lock) as alone:
                if not alone:
                    raise _stop(f"another process is fetching files into {target}: wait until it is done")
                try:
                    # Once more, now that nobody else can fetch them.
                    missing = _missing(files, target)
                    if missing:
                        staging.mkdir(exist_ok=True)
                        _fill(staging, missing, base_url, already=len(files) - len(missing), progress=progress)
                        _move_into_place(staging, target, missing)
                finally:
                    # Left there only if it holds what a later call takes up.
                    with suppress(OSError):
                        staging.rmdir()
                    with suppress(OSError):
                        lock.unlink()
    except OSError as error:
        path = error.filename2 or error.filename or target  # filename2: where a file was to move
        raise _stop(f"cannot read or write {path} ({error.strerror or error})") from error
    return folder


def _stop(reason: str) -> InputError:
    """Return the error for `reason`, with what every failure here has in common: nothing right is lost."""
    return InputError(f"{reason}; files already verified are kept, running the same command again goes on")


def _missing(files: Mapping[str, str], target: Path) -> dict[str, str]:
    """Return the files that `target` does not hold, after checking that those it holds are right."""
    if not target.name or (target.exists() and not target.is_dir()):
        raise _stop(f"{target} is not a folder that data can be put into: choose another one")
    missing = {}
    for path, blob_id in files.items():
        if not (target / path).exists():
            missing[path] = blob_id
        elif (found := git_blob_id_of_file(target / path)) != blob_id:
            raise _stop(
                f"{target / path} is not the published file (git blob id {found}, expected {blob_id}): "
                "move it away, nothing was fetched or overwritten"
            )
    return missing


def _check_url(base_url: str) -> None:
    """Refuse what is no web address before anything is written."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # for example an unfinished IPv6 address
        usable = False
    if not usable:
        shown = _shown(base_url)
        raise _stop(f"{shown!r} is no address to download from: it must start with http://HOST or https://HOST")


def _shown(text: str) -> str:
    """Return an address, or a text with one in it, without the name and password in it."""
    return re.sub(r"//[^/\s]*@", "//", text)


def _fill(staging: Path, missing: Mapping[str, str], base_url: str, *, already: int, progress: bool) -> None:
    """Make `staging` hold every missing file, fetching those that an earlier attempt did not leave there."""
    # Imported here, because what else is asked of data sets needs no network.
    import requests
    from tqdm import tqdm

    total = already + len(missing)
    bar = tqdm(missing.items(), total=total, initial=already, unit="file", disable=not progress)
    with requests.Session() as session, bar:
        for path, blob_id in bar:
            bar.set_postfix_str(path)
            staged = staging / path
            if staged.exists():
                if git_blob_id_of_file(staged) == blob_id:
                    continue
                staged.unlink()  # the process ended while writing it
            content = _fetch(session, f"{base_url.rstrip('/')}/{quote(path)}", path, blob_id)
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(content)


def _fetch(session: "requests.Session", url: str, path: str, blob_id: str) -> bytes:
    """Return the verified content of one file; at a few megabytes at most, memory holds it."""
    transfer = _Transfer(session, url)
    # Watched from here: a server that sends a byte a second lets no waiting time of a library run out.
    transfer.start()
    had = 0
    while transfer.is_alive():
        transfer.join(_WATCHED)
        if transfer.is_alive() and transfer.size - had < _LEAST_BYTES:
            reason = f"{urlsplit(url).hostname} sends less than {_LEAST_BYTES} bytes in {_WATCHED} seconds"
            break
        had = transfer.size
    else:
        reason = transfer.reason
        if not reason:
            found = git_blob_id(transfer.content)
            if found == blob_id:
                return transfer.content
            reason = f"wrong content, expected git blob id {blob_id}, got {found}"
    raise _stop(f"{path} could not be fetched from {_shown(url)}: {reason}")


class _Transfer(threading.Thread):
    """Fetches one file in a thread that can be left alone, since a blocked read cannot be ended.

    Attributes:
        size: bytes that have arrived.
        content: all of them, in the end.
        reason: why they are not there, if they are not.
    """

    def __init__(self, session: "requests.Session", url: str) -> None:
        super().__init__(daemon=True)
        self._session, self._url = session, url
        self.size, self.content, self.reason = 0, b"", "it ended without a word"

    def run(self) -> None:
        """Fetch the file."""
        import requests

        # What is sent as it is needs not be unpacked: into who knows how much.
        asked = {"Accept-Encoding": "identity"}
        pieces = []
        try:
            with self._session.get(self._url, timeout=_TIMEOUT, stream=True, headers=asked) as response:
                response.raise_for_status()
                for piece in response.iter_content(_PIECE):
                    self.size += len(piece)
                    pieces.append(piece)
                    if self.size > _MOST_BYTES:
                        self.reason = f"it is larger than {_MOST_BYTES >> 20} MiB, which no published file is"
                        return
            self.content, self.reason = b"".join(pieces), ""
        except requests.HTTPError:
            self.reason = f"the server answers {response.status_code} {response.reason}"
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            self.reason = "the transfer was cut before its end"
        except (requests.ConnectionError, requests.Timeout) as error:
            host = urlsplit(self._url).hostname
            self.reason = f"{host} cannot be reached or stopped answering ({type(error).__name__})"
        except Exception as error:  # beside those of requests: some hosts that urllib3 refuses
            self.reason = f"{type(error).__name__}, {_shown(str(error))}"


def _move_into_place(staging: Path, target: Path, missing: Mapping[str, str]) -> None:
    """Move the complete, verified files from `staging` to `target`; what else `target` holds stays."""
    if not target.exists():
        os.rename(staging, target)
        return
    # All subfolders before the first file, so that one that cannot be made stops before anything is moved.
    for path in missing:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
    for path in missing:
        os.replace(staging / path, target / path)
    shutil.rmtree(staging)
