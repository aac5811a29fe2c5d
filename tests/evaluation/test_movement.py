"""How far people move from frame to frame, beside a plain loop; where they go does not matter."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.datasets.descriptions import OBSERVED
from cs2s.evaluation.movement import movement, movements


@pytest.fixture(scope="module")
def motion(demo):
    return next(iter(demo.motions.values()))[: OBSERVED + 5]


def steps(rows, motion):
    """The mean way of a joint from each frame to the next, of a person whose hips stay."""
    held = np.where(np.arange(rows.shape[-1]) < 6, 0, rows)
    positions, found = replace(motion, rows=held).positions(), []
    for frame in range(1, len(positions)):
        ways = [positions[frame, joint] - positions[frame - 1, joint] for joint in range(positions.shape[1])]
        found.append(np.mean([np.linalg.norm(way) for way in ways]))
    return found


def test_movement_is_that_of_a_loop(motion):
    np.testing.assert_allclose(movement(motion), steps(motion.rows, motion), rtol=1e-9)
    both = replace(motion, rows=np.stack([motion.rows, 0.5 * motion.rows]))
    expected = (np.array(steps(both.rows[0], motion)) + steps(both.rows[1], motion)) / 2
    np.testing.assert_allclose(movement(both), expected, rtol=1e-9)


def test_who_is_carried_about_does_not_move(motion):
    carried = np.repeat(motion.rows[:1], len(motion), axis=0)
    carried[:, :6] = np.random.default_rng(0).normal(size=(len(motion), 6))
    np.testing.assert_allclose(movement(replace(motion, rows=carried)), 0, atol=1e-9)


def test_the_first_step_is_from_the_last_observed_frame(motion):
    frozen = replace(motion, rows=np.repeat(motion.rows[OBSERVED - 1 : OBSERVED], 5, axis=0))
    (moved,) = movements({"walking": (motion, frozen)}).values()
    np.testing.assert_allclose(moved["recorded"], steps(motion.rows, motion)[OBSERVED - 1 :])
    np.testing.assert_allclose(moved["predicted"], np.zeros(5), atol=1e-9)
