"""Resampling: the paper's halving exactly, else constant turning between frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from cs2s.datasets.loading import load
from cs2s.datasets.windows import halved
from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton

STICK = Skeleton("stick", ("root", "end"), (-1, 0), np.array([[0.0, 0, 0], [0, 100, 0]]), 1.0)


def turning(frames: int, fps: float, degrees_a_second: float = 90) -> Motion:
    """A stick that goes along x at 1 a second and turns at constant speed about a slanted axis."""
    time = np.arange(frames) / fps
    rows = np.zeros((frames, STICK.columns))
    rows[:, 0] = time
    axis = np.array([1, 2, 2]) / 3
    rows[:, 3:6] = Rotation.from_rotvec(np.radians(degrees_a_second) * time[:, None] * axis).as_rotvec()
    return Motion(rows, STICK, fps)


def test_a_rate_that_is_nearly_the_same_is_another_one():
    """30 to 30.00001 frames a second was taken for the same: after 50 minutes a frame is missing."""
    rows = np.zeros((90_001, CMU.columns))
    rows[:, 0] = np.arange(90_001)
    motion = Motion(rows, CMU, 30.0)
    again = resample(motion, 30.001)
    np.testing.assert_allclose(again.rows[:, 0], np.arange(len(again)) * 30 / 30.001, atol=1e-6)
    near = resample(motion, 30.00001)
    assert near.fps == 30.00001
    np.testing.assert_allclose(near.rows[:, 0], np.arange(len(near)) * 30 / 30.00001, atol=1e-6)
    # 0.0333333333333 seconds a frame are 30 frames a second, but for rounding.
    assert resample(motion, 1 / (1 / 30)).rows.base is motion.rows


def test_half_the_rate_is_the_papers_halving():
    motion = next(iter(load("demo").motions.values()))
    np.testing.assert_array_equal(resample(motion, motion.fps / 2).rows, halved(motion).rows)
    np.testing.assert_array_equal(resample(motion, motion.fps).rows, motion.rows)
    for step in (2, 3, 7):
        kept = resample(motion, motion.fps / step, keep="last")
        np.testing.assert_array_equal(kept.rows[::-1], motion.rows[::-1][::step])


@settings(derandomize=True, max_examples=60)
@given(st.integers(2, 40), st.sampled_from([24, 25, 29.97, 30, 50, 60, 100, 120]), st.floats(1, 300), st.booleans())
def test_constant_turning_stays_constant_at_any_rate(frames, before, after, last):
    motion = turning(frames, before)
    seen = resample(motion, after, "last" if last else "first")
    assert seen.fps == after
    assert len(seen) == int(np.floor((frames - 1) / before * after + 1e-9)) + 1
    time = np.arange(len(seen)) / after
    if last:
        time += (frames - 1) / before - time[-1]
    np.testing.assert_allclose(seen.translation[:, 0], time, atol=1e-9)
    expected = Rotation.from_rotvec(np.radians(90) * time[:, None] * np.array([1, 2, 2]) / 3)
    difference = expected.inv() * Rotation.from_rotvec(seen.expmaps[:, 0])
    assert difference.magnitude().max() < 1e-6


def test_the_shorter_way_is_taken_across_a_full_turn():
    rows = np.zeros((2, STICK.columns))
    rows[:, 3] = np.radians([175, -175])
    between = resample(Motion(rows, STICK, 1.0), 2.0).expmaps[1, 0]
    assert abs(np.degrees(between[0])) == pytest.approx(180)


def test_a_relative_root_becomes_absolute_where_frames_are_made():
    rows = np.random.default_rng(0).normal(scale=0.1, size=(20, 99))
    motion = Motion(rows, HUMAN36M, 50.0, "relative")
    assert resample(motion, 25).root == "relative"
    made = resample(motion, 100)
    assert made.root == "absolute"
    np.testing.assert_allclose(made.positions()[::2], motion.positions(), atol=1e-6)


def test_short_motions_and_senseless_rates():
    assert len(resample(turning(1, 30), 47)) == 1
    assert len(resample(turning(30, 30)[:0], 47)) == 0
    for fps in (0, -1, float("nan"), float("inf"), 1e300):
        with pytest.raises(InputError, match="make no sense"):
            resample(turning(5, 30), fps)
    slow = Motion(np.zeros((1000, 117)), CMU, 0.1)
    with pytest.raises(InputError, match="are too many to hold"):
        resample(slow, 9999)
