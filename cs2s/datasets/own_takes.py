"""Adding motions to a folder of one's own captures, see `cs2s.datasets.own`.

Taught in ``notebooks/08_your_own_motion``.
"""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from cs2s.datasets.descriptions import OBSERVED, OWN_DATA, PREDICTED, TakeId
from cs2s.datasets.own import ACTION, SETTINGS, frame_rate, takes_in
from cs2s.errors import InputError
from cs2s.files.text_rows import save_text
from cs2s.files.writing import make_folder, replacing
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.skeleton import CMU

__all__ = ["add_takes"]


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
    if not ACTION.fullmatch(action):
        raise InputError(f"{action[:60]!r} cannot name an action: use letters, digits, '_' and '-', like 'walking'.")
    settled = (folder / SETTINGS).exists() or bool(takes_in(folder))
    rate = frame_rate(folder) if settled or fps is None else fps
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
    numbers = [take.take for take in takes_in(folder) if (take.split, take.action) == (split, action)]
    first = max(numbers, default=0) + 1
    files = [folder / OWN_DATA.file(TakeId(split, "", action, first + n)) for n in range(len(ready))]
    make_folder(folder)
    with ExitStack() as together:
        # Each file is written beside its place, and all are put there when the last one is whole.
        temporary = [together.enter_context(replacing(file)) for file in files]
        settings = together.enter_context(replacing(folder / SETTINGS))
        settings.write_text(json.dumps({"fps": rate, "skeleton": CMU.name}) + "\n", encoding="utf-8")
        for motion, path in zip(ready, temporary, strict=True):
            save_text(motion, path)
    return files
