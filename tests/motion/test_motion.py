"""A motion and a batch of motions: what is true of one is true of each."""

import numpy as np
import pytest

from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M


@pytest.fixture(params=["absolute", "relative"])
def batch(request) -> Motion:
    """Two rows of three motions of nine frames."""
    rows = np.random.default_rng(0).normal(scale=0.4, size=(2, 3, 9, HUMAN36M.columns)).astype(np.float32)
    return Motion(rows, HUMAN36M, 25.0, request.param)


def each(batch: Motion):
    """Every motion of a batch, with its place."""
    for place in np.ndindex(batch.rows.shape[:-2]):
        motion = batch
        for number in place:
            motion = motion.one(number)
        yield place, motion


def test_a_batch_is_as_long_as_each_of_its_motions(batch):
    assert len(batch) == 9
    assert batch.seconds == 9 / 25
    for _, motion in each(batch):
        assert motion.rows.shape == (9, HUMAN36M.columns)
        assert (len(motion), motion.fps, motion.root) == (9, 25, batch.root)


@pytest.mark.parametrize(
    "made",
    [
        Motion.in_world,
        Motion.in_steps,
        mirrored,
        lambda motion: motion[2:7],
        lambda motion: motion[::2],
        lambda motion: motion[:4].then(motion[7:]),
    ],
    ids=["in the world", "in steps", "mirrored", "sliced", "halved", "continued"],
)
def test_what_is_made_of_a_batch_is_made_of_each(batch, made):
    whole = made(batch)
    for place, motion in each(batch):
        alone = made(motion)
        np.testing.assert_allclose(whole.rows[place], alone.rows, atol=1e-12)
        assert (whole.fps, whole.root, len(whole)) == (alone.fps, alone.root, len(alone))


def test_parts_and_positions_of_a_batch_are_those_of_each(batch):
    assert batch.expmaps.shape == (2, 3, 9, 32, 3)
    for place, motion in each(batch):
        np.testing.assert_array_equal(batch.translation[place], motion.translation)
        np.testing.assert_array_equal(batch.expmaps[place], motion.expmaps)
        np.testing.assert_allclose(batch.positions()[place], motion.positions(), atol=1e-9)


def test_steps_and_world_undo_each_other(batch):
    there = batch.in_world()
    np.testing.assert_allclose(there.in_steps().in_world().positions(), there.positions(), atol=1e-6)


def test_a_motion_is_the_sum_of_its_parts(batch):
    again = Motion.from_parts(batch.translation, batch.expmaps, batch.skeleton, batch.fps, batch.root)
    np.testing.assert_array_equal(again.rows, batch.rows)
    assert again.rows.dtype == batch.rows.dtype
    rows = np.arange(2.0 * CMU.columns).reshape(2, -1)
    by_hand = Motion.from_parts(rows[:, :3], rows[:, 3:].reshape(2, 38, 3), CMU, 60.0)
    np.testing.assert_array_equal(by_hand.rows, rows)
    with pytest.raises(ValueError, match="rows of 117 numbers, got an array of shape"):
        Motion.from_parts(batch.translation, batch.expmaps, CMU, 25.0)


def test_motions_are_stacked_and_taken_out_again(batch):
    motions = [batch.one(0).one(number) for number in range(3)]
    np.testing.assert_array_equal(Motion.stacked(motions).rows, batch.one(0).rows)


@pytest.mark.parametrize("shape", [(117,), (5, 116), (2, 5, 118)])
def test_rows_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match="has rows of 117 numbers"):
        Motion(np.zeros(shape), CMU, 25.0)
