"""A validation split, cut from the end of the training files: what choices are made on, so that none needs the test.

The paper has none and watches the test error while it trains. Here the last fifth of every training file is held
out. A window that validates may observe frames that were trained on, but what it has to predict was never seen: it
comes later. Files too short to be cut stay whole, and an action that has only such files gives its longest one.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from dataclasses import replace

from cs2s.datasets.descriptions import OBSERVED, PREDICTED, TakeId
from cs2s.datasets.loading import Dataset
from cs2s.errors import InputError
from cs2s.motion.motion import Motion

__all__ = ["VALIDATION_STRIDE", "hold_out", "trained_on"]

_SHARE = 0.2
_LEAST = PREDICTED + 10

VALIDATION_STRIDE = 5
"""Frames between the starts of two validation windows of a take."""


def hold_out(dataset: Dataset) -> Dataset:
    """Cut a validation split from the training files, by time.

    Args:
        dataset: the loaded data.

    Returns:
        The data with shorter training takes, and takes of the split ``"validation"``: each holds the frames that were
        cut off (a fifth of the file, at least 35 frames after halving), preceded by the 50 to observe before them.

    Raises:
        InputError: if no training file is present, or nothing would be left to train on.
    """
    train = dataset.split("train")
    first_start = dataset.description.first_start
    # Frames that open a file without being motion that may be asked about: a T-pose above all.
    opening = max(first_start, (dataset.description.t_pose_rows + 1) // 2)
    kept: dict[TakeId, Motion] = {}
    held: dict[TakeId, Motion] = {}
    for take, motion in train.items():
        # In frames after halving; doubled where rows are meant, so that even rows stay even.
        frames = (len(motion) + 1) // 2
        cut = frames - max(_LEAST, round(_SHARE * frames))
        if cut > OBSERVED + PREDICTED + first_start:
            kept[take] = motion[: 2 * cut]
            held[take] = motion[2 * (cut - OBSERVED) :]
    for action in dict.fromkeys(take.action for take in train):
        takes = [take for take in train if take.action == action]
        if not any(take in held for take in takes):
            longest = max(takes, key=lambda take: len(train[take]))
            held[longest] = train[longest][2 * opening :]
            takes.remove(longest)
        kept.update({take: train[take] for take in takes if take not in held})
    if not kept:
        raise InputError(
            f"the {dataset.description.name} data has too few training files to hold any out: "
            "add takes, or train without --watch validation."
        )
    motions = {take: kept[take] for take in train if take in kept}
    motions |= {take._replace(split="validation"): held[take] for take in train if take in held}
    motions |= dataset.split("test")
    return replace(dataset, motions=motions)


def trained_on(dataset: Dataset, watch: str) -> Dataset:
    """Return what a training is given of a data set: all, or all but what validates if ``"validation"`` is watched.

    Raises:
        InputError: see `hold_out`.
    """
    return hold_out(dataset) if watch == "validation" else dataset
