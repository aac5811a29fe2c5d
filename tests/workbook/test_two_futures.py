"""The toy of two futures: its critic is the best, its loss SciPy's distance, its answer rests where nothing pushes."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm

from cs2s.workbook.two_futures import best_critic, best_critic_loss, recorded_density, resting_place

PLACES = np.linspace(-8, 8, 40001)


@pytest.mark.parametrize(("guess", "blur"), [(0.0, 0.5), (0.7, 0.5), (1.0, 0.2), (-1.0, 0.3)])
def test_the_loss_is_two_log_two_less_the_distance_of_both(guess, blur):
    recorded, predicted = recorded_density(PLACES, blur), norm.pdf(PLACES, guess, blur)
    # SciPy gives the root of the Jensen-Shannon divergence.
    distance = jensenshannon(recorded, predicted) ** 2
    assert best_critic_loss(guess, blur) == pytest.approx(2 * np.log(2) - 2 * distance, abs=1e-6)


@pytest.mark.parametrize("guess", [0.0, 0.7])
def test_no_other_critic_loses_less(guess):
    recorded, predicted = recorded_density(PLACES, 0.5), norm.pdf(PLACES, guess, 0.5)

    def loss(critic):
        return np.trapezoid(-recorded * np.log(critic) - predicted * np.log(1 - critic), PLACES)

    best = best_critic(PLACES, guess, 0.5)
    assert loss(np.clip(best, 1e-12, 1 - 1e-12)) == pytest.approx(best_critic_loss(guess, 0.5), abs=1e-6)
    for change in (0.01, -0.01):
        assert loss(np.clip(best + change, 1e-9, 1 - 1e-9)) > best_critic_loss(guess, 0.5)


def test_it_rests_where_a_long_descent_ends():
    weight, blur = (grid.ravel() for grid in np.meshgrid([0.0, 0.1, 0.25, 1.0, 10.0], [0.5, 0.3]))

    def bell(place, middle):
        return np.exp(-((place - middle) ** 2) / (2 * blur**2))

    guess, aside = np.full(len(weight), 0.01), 1e-5
    for _ in range(20_000):
        # The critic of the moment is kept while the generator's slope is taken, by differences.
        losses = []
        for here in (guess - aside, guess + aside):
            recorded = (bell(here, -1) + bell(here, 1)) / 2
            critic = recorded / (recorded + bell(here, guess))
            losses.append(((here - 1) ** 2 + (here + 1) ** 2) / 2 - weight * np.log(critic))
        guess = guess - 1e-3 * (losses[1] - losses[0]) / (2 * aside)
    found = [resting_place(*told) for told in zip(weight, blur, strict=True)]
    np.testing.assert_allclose(found, guess, atol=1e-4)


def test_it_leaves_the_mean_at_the_weight_that_the_slopes_give():
    blur = 0.5
    leaves = 2 * blur**4 / ((1 - blur**2) * (1 - best_critic(0.0, 0.0, blur)))
    assert resting_place(0.99 * leaves, blur) == 0 < resting_place(1.01 * leaves, blur)
