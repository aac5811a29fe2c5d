"""A data set of one's own captures: a folder in the benchmark's layout that says itself what is in it.

``train/ACTION/ACTION_N.txt`` and ``test/ACTION/ACTION_N.txt`` hold rows of the CMU skeleton; ``dataset.json`` says at
how many frames a second they are (120 if it is absent). Taught in ``notebooks/08_your_own_motion``.
"""

import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from cs2s.datasets.descriptions import OBSERVED, OWN_DATA, PREDICTED, Description, TakeId
from cs2s.errors import InputError
from cs2s.files.text_rows import save_text
from cs2s.files.writing import make_folder, replacing
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.skeleton import CMU

__all__ = ["add_takes", "describe_folder"]

_ACTION = re.compile(r"[A-Za-z0-9][\w-]{0,60}", re.ASCII)
_SETTINGS = "dataset.json"


def describe_folder(folder: Path) -> Description:
    """Describe a folder of one's own captures: the actions and takes that it holds, and their frame rate.

    Raises:
        InputError: if there is no such folder, it holds no take, or its ``dataset.json`` is broken.
    """
    description = replace(OWN_DATA, source_fps=_frame_rate(folder), found=_takes(folder))
    if not description.found:
        raise InputError(
            f"folder {folder} holds no file of your own data; expected for instance train/walking/walking_1.txt "
            f"(make it with 'cs2s data add FILES --action walking --to {folder}')."
        )
    return replace(description, actions=tuple(sorted({take.action for take in description.found})))


def _takes(folder: Path) -> tuple[TakeId, ...]:
    """Return the takes in a folder: training first, actions in alphabetical order, takes ascending."""
    takes = []
    for split in ("train", "test"):
        for path in (folder / split).glob("*/*.txt"):
            action, _, number = path.stem.rpartition("_")
            take = TakeId(split, "", action, int(number)) if re.fullmatch(r"[1-9]\d{0,8}", number, re.ASCII) else None
            # The name must be the very one that the description makes of it, or it could not be read.
            if take and _ACTION.fullmatch(action) and folder / OWN_DATA.file(take) == path:
                takes.append(take)
    return tuple(sorted(takes, key=lambda take: (take.split == "test", take.action, take.take)))


def _frame_rate(folder: Path) -> float:
    path = folder / _SETTINGS
    if not path.exists():
        return OWN_DATA.source_fps
    try:
        fps = float(json.loads(path.read_text(encoding="utf-8"))["fps"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f'{path} is not readable; it should hold for instance {{"fps": 120}}.') from error
    if not 1 <= fps <= 10_000:
        raise InputError(f"{path} says {fps:g} frames a second; it must be between 1 and 10000.")
    return fps


def add_takes(
    motions: Sequence[Motion],
    action: str,
    folder: Path,
    split: str = "train",
    fps: float | None = None,
) -> list[Path]:
    """Add motions to a folder of one's own captures, all of them or none.

    Each is brought to the folder's frame rate and gets the next free number.

    Args:
        motions: on the CMU skeleton, as `cs2s.motion.retargeting.retarget` gives them.
        action: what is done in them; letters, digits, ``_`` and ``-``.
        folder: the data folder; made if it is not there.
        split: ``"train"`` or ``"test"``.
        fps: frames a second of the folder's files. The first call for a folder settles it (120 if None, which is
            that of the CMU files); the paper's windows take every second of them.

    Returns:
        The files written.

    Raises:
        InputError: if the name of the action cannot be one, a motion is on another skeleton, the folder is settled on
            another frame rate, a motion is shorter than a window, or a file cannot be written.
    """
    if not _ACTION.fullmatch(action):
        raise InputError(f"{action[:60]!r} cannot name an action: use letters, digits, '_' and '-', like 'walking'.")
    settled = (folder / _SETTINGS).exists() or bool(_takes(folder))
    rate = _frame_rate(folder) if settled or fps is None else fps
    if not 1 <= (rate if fps is None else fps) <= 10_000:
        raise InputError(f"{fps:g} frames a second make no sense: name between 1 and 10000.")
    if fps is not None and fps != rate:
        raise InputError(f"the files in {folder} are at {rate:g} frames a second, not {fps:g}: leave it out.")
    for motion in motions:
        if motion.skeleton is not CMU:
            raise InputError(
                f"own captures are on the CMU skeleton, not on that of {motion.skeleton.name}; retarget them first."
            )
    ready = [resample(motion, rate) for motion in motions]
    for motion in ready:
        frames = len(motion[::2])
        if frames <= OBSERVED + PREDICTED:
            raise InputError(
                f"a take of {motion.seconds:.2f} seconds is too short: at {rate / 2:g} frames a second, half of those "
                f"of {folder}, it must have more than {OBSERVED + PREDICTED} frames, and has {frames}."
            )
    numbers = [take.take for take in _takes(folder) if (take.split, take.action) == (split, action)]
    first = max(numbers, default=0) + 1
    files = [folder / OWN_DATA.file(TakeId(split, "", action, first + n)) for n in range(len(ready))]
    make_folder(folder)
    with ExitStack() as together:
        # Each file is written beside its place, and all are put there when the last one is whole.
        temporary = [together.enter_context(replacing(file)) for file in files]
        settings = together.enter_context(replacing(folder / _SETTINGS))
        settings.write_text(json.dumps({"fps": rate, "skeleton": CMU.name}) + "\n", encoding="utf-8")
        for motion, path in zip(ready, temporary, strict=True):
            save_text(motion, path)
    return files
