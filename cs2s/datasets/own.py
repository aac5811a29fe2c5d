"""A data set of one's own captures: a folder in the benchmark's layout that says itself what is in it.

`cs2s.datasets.own_takes` puts motions into such a folder.

``train/ACTION/ACTION_N.txt`` and ``test/ACTION/ACTION_N.txt`` hold rows of the CMU skeleton; ``dataset.json`` says at
how many frames a second they are (120 if it is absent). Taught in ``notebooks/08_your_own_motion``.
"""

import re
from dataclasses import replace
from pathlib import Path

from cs2s.datasets.descriptions import OWN_DATA, Description, TakeId
from cs2s.errors import InputError

__all__ = ["ACTION", "SETTINGS", "describe_folder", "frame_rate", "takes_in"]

ACTION = re.compile(r"[A-Za-z0-9][\w-]{0,60}", re.ASCII)
"""What an action may be called, so that it can name a folder and a file anywhere."""

SETTINGS = "dataset.json"
"""The file in such a folder that says its frame rate."""


def describe_folder(folder: Path) -> Description:
    """Describe a folder of one's own captures: the actions and takes that it holds, and their frame rate.

    Raises:
        InputError: if there is no such folder, it holds no take, or its ``dataset.json`` is broken.
    """
    description = replace(OWN_DATA, source_fps=frame_rate(folder), found=takes_in(folder))
    if not description.found:
        raise InputError(
            f"folder {folder} holds no file of your own data; expected for instance train/walking/walking_1.txt "
            f"(make it with 'cs2s data add FILES --action walking --to {folder}')."
        )
    return replace(description, actions=tuple(sorted({take.action for take in description.found})))


def takes_in(folder: Path) -> tuple[TakeId, ...]:
    """Return the takes in a folder: training first, actions in alphabetical order, takes ascending."""
    takes = []
    for split in ("train", "test"):
        for path in (folder / split).glob("*/*.txt"):
            action, _, number = path.stem.rpartition("_")
            take = TakeId(split, "", action, int(number)) if re.fullmatch(r"[1-9]\d{0,8}", number, re.ASCII) else None
            # The name must be the very one that the description makes of it, or it could not be read.
            if take and ACTION.fullmatch(action) and folder / OWN_DATA.file(take) == path:
                takes.append(take)
    return tuple(sorted(takes, key=lambda take: (take.split == "test", take.action, take.take)))


def frame_rate(folder: Path) -> float:
    """Return how many frames a second a folder's files hold: what its ``dataset.json`` says, else that of CMU.

    Raises:
        InputError: if that file is broken or names a rate that makes no sense.
    """
    # Imported here: whoever only wants descriptions needs no reader of files.
    from cs2s.files.reading import load_json

    path = folder / SETTINGS
    if not path.exists():
        return OWN_DATA.source_fps
    try:
        fps = load_json(path)["fps"]
        if isinstance(fps, bool) or not isinstance(fps, int | float):
            raise ValueError(f"{fps!r} is no number")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f'{path} is not readable; it should hold for instance {{"fps": 120}}.') from error
    fps = float(fps)
    if not 1 <= fps <= 10_000:
        raise InputError(f"{path} says {fps:g} frames a second; it must be between 1 and 10000.")
    return fps
