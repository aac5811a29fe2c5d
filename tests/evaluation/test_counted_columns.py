"""Which columns the angle error counts: those whose true Euler angle has a standard deviation of more than 1e-4."""

import numpy as np
import pytest

from cs2s.evaluation import angle_error
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_euler
from cs2s.motion.skeleton import Skeleton

LIMIT = 1e-4
THREE = Skeleton.from_table("three", "A - 0 0 0\nB A 1 0 0\nC B 1 0 0", unit_mm=1.0)


def swaying(angle: float) -> np.ndarray:
    """A window ``(1, 10, 12)`` in which one joint turns about and another sways by ``angle`` about a mean of 0."""
    truth = np.zeros((1, 10, 12))
    truth[0, :, 6] = np.linspace(0, 1, 10)
    truth[0, :, 9] = angle * np.resize([1, -1], 10)
    return truth


def counts(truth: np.ndarray) -> bool:
    """Whether the error sees a prediction that turns the swaying joint by 0.7, and predicts all else as it is."""
    predicted = truth[:, -3:].copy()
    predicted[..., 9] = 0.7
    errors = angle_error(Motion(truth, THREE, 25.0), Motion(predicted, THREE, 25.0))[0]
    assert (errors < 1e-12).all() or (abs(errors - 0.7) < 0.01).all()
    return bool(errors[0] > 0)


@pytest.mark.parametrize(("share", "counted"), [(0, False), (0.9, False), (1.1, True), (5, True), (20, True)])
def test_a_column_that_all_but_stands_still_does_not_count(share, counted):
    assert counts(swaying(share * LIMIT)) == counted


def test_a_column_exactly_at_the_limit_does_not_count():
    # Rounding decides which angle has exactly that deviation.
    for ulps in range(-400, 400):
        truth = swaying(LIMIT * (1 + ulps * np.finfo(float).eps))
        angles = expmap_to_euler(truth.reshape(1, 10, 4, 3)).reshape(truth.shape)
        if angles.std(axis=1)[0, 9] == LIMIT:
            assert not counts(truth)
            return
    pytest.fail("no angle has a standard deviation of exactly 1e-4")


def test_the_whole_window_decides_not_what_is_predicted_of_it():
    truth = swaying(0)
    truth[0, :5, 9] = 0.01
    assert counts(truth)
