"""Which columns the angle error counts: those whose true Euler angle has a standard deviation of more than 1e-4."""

import numpy as np
import pytest
from test_evaluation import mean_error, motion

from cs2s.evaluation.measures import euler_columns

LIMIT = 1e-4


def swaying(angle: float) -> np.ndarray:
    """A window ``(1, 16, 12)`` in which one joint turns about and another sways by ``angle`` about a mean of 0."""
    truth = np.zeros((1, 16, 12))
    truth[0, :, 6] = np.linspace(0, 1, 16)
    truth[0, :, 9] = angle * np.resize([1, -1], 16)
    return truth


def counts(truth: np.ndarray) -> bool:
    """Whether the error sees a prediction that turns the swaying joint by 0.7, and predicts all else as it is."""
    predicted = truth[:, -3:].copy()
    predicted[..., 9] = 0.7
    errors = mean_error(truth, predicted)
    assert (errors < 1e-12).all() or (abs(errors - 0.7) < 0.01).all()
    return bool(errors[0] > 0)


@pytest.mark.parametrize(("share", "counted"), [(0, False), (0.9, False), (1.1, True), (5, True), (20, True)])
def test_a_column_that_all_but_stands_still_does_not_count(share, counted):
    assert counts(swaying(share * LIMIT)) == counted


def test_a_column_exactly_at_the_limit_does_not_count():
    # Of 16 equal squares sum and mean are exact in binary; sine and arc tangent may be off by their last bit.
    near = (swaying(LIMIT * (1 + bits * np.finfo(float).eps)) for bits in range(-9, 10))
    exact = [truth for truth in near if euler_columns(motion(truth)).std(axis=-2)[0, 9] == LIMIT]
    assert exact and not any(counts(truth) for truth in exact)


def test_the_whole_window_decides_not_what_is_predicted_of_it():
    truth = swaying(0)
    truth[0, :5, 9] = 0.01
    assert counts(truth)
