"""What made a result: command, time, versions, machine.

Every stored number carries it: ``notebooks/01_motion_data`` prints the command that measured the CMU files.
"""

import datetime
import hashlib
import platform
import shlex
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["MadeFrom", "made_by", "sha256"]

MadeFrom = Mapping[str, Any]
"""What made a result, by name, as JSON can hold it: data, command, versions, settings."""

_PACKAGES = ("cs2s", "numpy", "h5py", "keras", "tensorflow", "tensorflow-cpu")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


def made_by(**facts: object) -> dict[str, Any]:
    """Return what a result should record of its making: the given facts, command line, time and versions."""
    return {
        **facts,
        # In a notebook the process's own words say nothing about who made the result.
        "command": "a notebook" if "ipykernel" in sys.modules else shlex.join(["cs2s", *sys.argv[1:]]),
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "platform": platform.platform(),
        "versions": _versions(),
    }
