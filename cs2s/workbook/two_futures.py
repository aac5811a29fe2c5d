"""A toy of adversarial training, small enough to be solved: two futures, a generator of one number, the best critic.

Recordings are the numbers -1 and 1, equally often, each blurred by a normal distribution. The generator has no noise:
its answer is one number, blurred alike. The critic is the best there is, and stands still while the generator moves.
Taught in ``notebooks/04_adversarial_training``.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

__all__ = ["best_critic", "best_critic_loss", "recorded_density", "resting_place"]


def recorded_density(place: ArrayLike, blur: float) -> np.ndarray:
    """Return how dense recordings are at places: half of them about -1, half about 1.

    Args:
        place: any shape.
        blur: standard deviation of each half.
    """
    return (norm.pdf(place, -1, blur) + norm.pdf(place, 1, blur)) / 2


def best_critic(place: ArrayLike, guess: float, blur: float) -> np.ndarray:
    """Return the probability "recorded" that the best critic gives to what it sees at places.

    It is p / (p + q), of the densities p of recordings and q of predictions (Goodfellow et al. 2014, proposition 1).

    Args:
        place: any shape.
        guess: the generator's answer.
        blur: of recordings and of predictions.
    """
    recorded = recorded_density(place, blur)
    return recorded / (recorded + norm.pdf(place, guess, blur))


def best_critic_loss(guess: float, blur: float) -> float:
    """Return the loss of the best critic, the sum of its two mean cross-entropies.

    It is 2 log 2 less twice the Jensen-Shannon divergence of recordings and predictions (Goodfellow et al. 2014,
    theorem 1), so 2 log 2 if they are alike, and 0 if they have no place in common.

    Args:
        guess: the generator's answer.
        blur: of recordings and of predictions.
    """

    def cost(place: float) -> float:
        recorded, predicted = float(recorded_density(place, blur)), float(norm.pdf(place, guess, blur))
        both = recorded + predicted
        return -sum(part * np.log(part / both) for part in (recorded, predicted) if part > 0)

    far = 1 + abs(guess) + 8 * blur
    return float(quad(cost, -far, far, points=[-1, 1, guess], limit=200)[0])


def resting_place(weight: float, blur: float = 0.5) -> float:
    """Return where the generator's answer comes to rest, if chance first moves it up a little.

    It descends on mean squared error + weight * (-log D), D of the best critic of the moment. Where it rests, both
    gradients cancel: 2 g and the critic's, which pushes to where recordings are denser.

    Args:
        weight: of the critic's term, 0 or more.
        blur: of recordings and of predictions.

    Returns:
        The number; 0, the mean of both futures, until the weight is large enough to leave it.
    """

    def push(guess: float) -> float:
        uphill = (np.tanh(guess / blur**2) - guess) / blur**2  # the slope of log p
        return weight * uphill * (1 - float(best_critic(guess, guess, blur))) - 2 * guess

    nearly = 1e-4
    return float(brentq(push, nearly, 1)) if push(nearly) > 0 else 0.0
