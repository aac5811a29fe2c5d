"""Places of joints in few bytes: whole millimetres, each told by how much it misses a steady move of its bone.

A joint is taken from its parent, and from where it would be if it had gone on as between the last two frames. What is
left are small numbers, which Rice's code writes in about half a byte each; ``player.js`` reads them again. Used by the
player of ``notebooks/06_explore_predictions``.
"""

import base64
from collections.abc import Sequence

import numpy as np

__all__ = ["pack", "whole_millimetres"]

# A number that would take more ones than this is written out, in 32 bits.
_MOST_ONES = 24
_FARTHEST = 10**8  # mm


def whole_millimetres(places: np.ndarray) -> np.ndarray:
    """Round places in mm, which are finite, to whole ones; what is more than 100 km away stays there."""
    return np.clip(np.rint(places), -_FARTHEST, _FARTHEST).astype(np.int64)


def _expected(places: np.ndarray, parents: Sequence[int]) -> np.ndarray:
    """Return what is left of places ``(frames, joints, 3)`` once parents and steady moves are taken away."""
    above = np.array([max(parent, 0) for parent in parents])
    hung = np.array([parent >= 0 for parent in parents])[:, None]
    bones = places - np.where(hung, places[:, above], 0)
    steps = np.diff(bones, axis=0, prepend=0 * bones[:1])
    # The first frame is as it is, the second a step from it, each later one a change of the step.
    return np.concatenate([steps[:2], np.diff(steps[1:], axis=0)])


def pack(places: np.ndarray, parents: Sequence[int], known: int = 0) -> tuple[str, str]:
    """Write places down as text.

    Args:
        places: ``(frames, joints, 3)``, whole mm; see `whole_millimetres`.
        parents: of the joints, -1 for those without one; a parent comes before its children.
        known: how many frames at the beginning the reader has from elsewhere, and are left out.

    Returns:
        Two texts. The first has a letter for each coordinate of a joint: how many low bits of its numbers are written
        as they are, in base 36. The second is base64 of the numbers, frame by frame, joint by joint: even ones are
        twice a number from 0 on, odd ones stand for negative numbers. The high bits of each are as many ones, then a
        zero, then come the low bits; 24 ones mean that all 32 bits follow.
    """
    left = _expected(places, parents)[known:].reshape(len(places) - known, 3 * len(parents))
    numbers = np.where(left < 0, -2 * left - 1, 2 * left)
    cost = np.array([(numbers >> low).sum(axis=0) + low * len(numbers) for low in range(32)])
    low = cost.argmin(axis=0)
    letters = "".join(np.base_repr(int(bits), 36) for bits in low)
    numbers, low = numbers.ravel(), np.tile(low, len(numbers))
    ones = numbers >> low
    written_out = ones >= _MOST_ONES
    ones = np.where(written_out, _MOST_ONES, ones)
    low = np.where(written_out, 32, low)
    # The zero after the ones; there is none before a number that is written out.
    first_low = ones + ~written_out
    starts = np.cumsum(first_low + low) - (first_low + low)
    bits = np.zeros(int((first_low + low).sum()), np.uint8)
    for place in range(_MOST_ONES):
        bits[starts[ones > place] + place] = 1
    for place in range(32):
        there = low > place
        bits[(starts + first_low)[there] + place] = (numbers >> np.maximum(low - 1 - place, 0))[there] & 1
    return letters, base64.b64encode(np.packbits(bits).tobytes()).decode()
