"""What numbers a motion may hold: beyond these a file is believed to be wrong.

Used by the readers of ``notebooks/08_your_own_motion``.
"""

from numbers import Real
from pathlib import Path

from cs2s.errors import InputError

__all__ = ["FPS", "LARGEST", "MOST_BYTES", "UNIT_MM", "check_bytes", "check_size", "checked_fps"]

LARGEST = 1e9
"""Numbers beyond this are no angles, lengths or positions of a person in any unit."""

FPS = (0.1, 10_000)
"""Frames a second that a motion may have, from and to."""

UNIT_MM = (1e-4, 1e6)
"""Millimetres that a unit of length may be, from and to."""

MOST_BYTES = 1 << 30
"""What a file may hold, on disk and as it claims to be in memory: the one limit of all readers."""


def checked_fps(told: object) -> float:
    """Return a frame rate that a file tells.

    Raises:
        ValueError: if it is no number (true is none), or not between 0.1 and 10000.
    """
    # Not `float`: it takes true and words of digits for numbers, too.
    if isinstance(told, bool) or not isinstance(told, Real) or not FPS[0] <= float(told) <= FPS[1]:
        raise ValueError(f"{str(told)[:40]} frames a second cannot be")
    return float(told)


def check_bytes(size: int, name: Path | str, what: str = "what it holds") -> None:
    """Make sure that what a file claims to hold is no more than one may, before memory is taken for it.

    Args:
        size: bytes that it would take.
        name: the file, for messages.
        what: what would take them, for messages.

    Raises:
        InputError: if that is more than 1 GiB.
    """
    if size > MOST_BYTES:
        raise InputError(f"{name}: {what} would take {size / (1 << 30):,.1f} GiB; a file may hold at most 1 GiB.")


def check_size(frames: int, joints: int, name: Path | str) -> None:
    """Make sure that rows of so many frames and joints fit into memory.

    Raises:
        InputError: if they would take more than 1 GiB.
    """
    if 8 * frames * (3 + 3 * joints) > MOST_BYTES:
        raise InputError(
            f"{name}: {frames} frames of {joints} joints are too many to hold, at most 1 GiB; cut the motion into "
            "pieces."
        )
