"""What predictors of our own minimise, counted by hand."""

from typing import get_args

import numpy as np
import pytest

from cs2s.datasets.windows import Statistics, dataset_statistics
from cs2s.training.losses import frame_loss
from cs2s.training.settings import Loss


@pytest.fixture(scope="module")
def statistics(demo):
    return dataset_statistics(demo)


def test_the_absolute_loss_is_counted_by_hand():
    std = np.array([2, 1, 1, 1, 1, 1, 0.5, 0.25], np.float32)
    statistics = Statistics(np.zeros(8, np.float32), std, np.array([0, 3, 6, 7]))
    true, predicted = np.zeros((1, 2, 4), np.float32), np.zeros((1, 2, 4), np.float32)
    predicted[0, 0] = [1, 3, -2, 4]
    # Two columns of the root share a weight of 0.4 in normalised space; two of joints count in radians.
    expected = (0.2 * 1 + 0.2 * 3 + 0.5 * 2 + 0.25 * 4) / 2
    assert float(frame_loss("absolute", statistics)(true, predicted)) == pytest.approx(expected)
    assert float(frame_loss("squared", statistics)(true, predicted)) == pytest.approx((1 + 9 + 4 + 16) / 8)


def test_the_balanced_loss_weighs_frames_by_hand():
    statistics = Statistics(np.zeros(8, np.float32), np.full(8, 0.5, np.float32), np.array([6, 7]))
    balanced, absolute = frame_loss("balanced", statistics), frame_loss("absolute", statistics)
    true, predicted = np.zeros((1, 4, 2), np.float32), np.zeros((1, 4, 2), np.float32)
    predicted[0, :, 0] = [1, 2, 0, 6]
    weights = [1, 2**-0.5, 3**-0.5, 0.5]
    expected = (0.5 * 1 * weights[0] + 0.5 * 2 * weights[1] + 0.5 * 6 * weights[3]) / sum(weights)
    assert float(balanced(true, predicted)) == pytest.approx(expected)
    # Errors that are the same in all frames weigh what they weigh without balancing.
    assert float(balanced(true, true + 1)) == pytest.approx(float(absolute(true, true + 1)))


@pytest.mark.parametrize("kind", get_args(Loss))
def test_every_loss_is_nothing_for_the_truth_and_grows_with_the_error(kind, statistics):
    loss, true = frame_loss(kind, statistics), np.zeros((2, 3, len(statistics.used)), np.float32)
    found = [float(loss(true, true + error)) for error in (0.0, 0.1, -0.2)]
    assert found[0] == 0 < found[1] < found[2]
