"""Packed places come out again as they went in, to a reader that goes bit by bit."""

import base64

import numpy as np
import pytest

from cs2s.motion.skeleton import CMU
from cs2s.pictures.packed import pack, whole_millimetres

PARENTS = (-1, 0, 1, 0)


def unpacked(text, low, parents, before):
    """Read the two texts of `pack` after the frames `before`, one bit at a time."""
    bits = "".join(f"{byte:08b}" for byte in base64.b64decode(text))
    at = 0
    bones = [
        [frame[j] - (frame[parents[j]] if parents[j] >= 0 else 0) for j in range(len(parents))] for frame in before
    ]
    frames = [frame.tolist() for frame in before]
    while at + 8 <= len(bits) or at == 0:
        if "1" not in bits[at:] and len(bits) - at < 8:
            break
        bone = []
        for joint in range(len(parents)):
            axes = []
            for axis in range(3):
                ones = 0
                while ones < 24 and bits[at] == "1":
                    ones, at = ones + 1, at + 1
                width = 32 if ones == 24 else int(low[3 * joint + axis], 36)
                at += ones < 24
                number = (0 if ones == 24 else ones << width) + int(bits[at : at + width] or "0", 2)
                at += width
                left = -(number + 1) // 2 if number % 2 else number // 2
                one = bones[-1][joint][axis] if bones else 0
                two = bones[-2][joint][axis] if len(bones) > 1 else one
                axes.append(left + 2 * one - two)
            bone.append(axes)
        bones.append(bone)
        placed = []
        for joint, parent in enumerate(parents):
            above = placed[parent] if parent >= 0 else [0, 0, 0]
            placed.append([a + b for a, b in zip(above, bone[joint], strict=True)])
        frames.append(placed)
    return np.array(frames)


@pytest.mark.parametrize("size", [1, 40, 3000, 10**8])
@pytest.mark.parametrize("known", [0, 1, 2, 5])
def test_what_is_packed_comes_out_again(size, known):
    draws = np.random.default_rng(size + known)
    places = draws.integers(-size, size, (9, 4, 3), endpoint=True)
    low, text = pack(places, PARENTS, known)
    assert len(low) == 12
    out = unpacked(text, low, PARENTS, places[:known])
    # Up to seven bits at the end may read as one more frame of nothing.
    np.testing.assert_array_equal(out[:9], places)


def test_nothing_is_written_of_what_is_known():
    places = np.zeros((4, 4, 3), np.int64)
    assert pack(places, PARENTS, 4)[1] == ""


def test_a_steady_move_costs_a_bit_a_number(stride):
    steady = np.arange(100)[:, None, None] * np.array([[[3, -2, 1]]]) + np.zeros((1, 4, 1), np.int64)
    _, text = pack(steady, PARENTS)
    assert len(base64.b64decode(text)) < 100 * 12 / 8 + 20
    _, text = pack(whole_millimetres(stride(CMU, frames=200).positions()), CMU.parents)
    assert len(base64.b64decode(text)) < 200 * 38 * 3 / 3


def test_places_are_rounded_and_end_somewhere():
    assert whole_millimetres(np.array([0.6, -1.4, 1e30, -1e30])).tolist() == [1, -1, 10**8, -(10**8)]
