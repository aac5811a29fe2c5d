"""What numbers a motion may hold: beyond these a file is believed to be wrong.

Used by the readers of ``notebooks/08_your_own_motion``.
"""

from pathlib import Path

from cs2s.errors import InputError

__all__ = ["FPS", "LARGEST", "UNIT_MM", "check_size"]

LARGEST = 1e9
"""Numbers beyond this are no angles, lengths or positions of a person in any unit."""

FPS = (0.1, 10_000)
"""Frames a second that a motion may have, from and to."""

UNIT_MM = (1e-4, 1e6)
"""Millimetres that a unit of length may be, from and to."""

_MOST_NUMBERS = 1 << 28


def check_size(frames: int, joints: int, name: Path | str) -> None:
    """Make sure that rows of so many frames and joints fit into memory.

    Raises:
        InputError: if they would take more than 2 GiB.
    """
    if frames * (3 + 3 * joints) > _MOST_NUMBERS:
        raise InputError(
            f"{name}: {frames} frames of {joints} joints are too many to hold; cut the motion into pieces."
        )
