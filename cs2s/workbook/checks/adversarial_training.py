"""Answer checks of ``notebooks/04_adversarial_training``."""

import numpy as np

from cs2s.datasets.windows import OBSERVED
from cs2s.training.settings import PAPER
from cs2s.workbook.verdict import NO_ORDER, Verdict, judge_array, judge_choice, judge_function

__all__ = [
    "best_guesses",
    "best_losses",
    "discriminator_loss",
    "equal_pull",
    "frames_shown",
    "learning_rate",
    "leaves_the_mean",
]


def _recorded(logits: np.ndarray) -> np.ndarray:
    """Return the cross-entropies of logits whose motions were recorded: -log D."""
    return np.logaddexp(0, -np.asarray(logits, dtype=np.float64))


def _predicted(logits: np.ndarray) -> np.ndarray:
    """Return the cross-entropies of logits whose motions were predicted: -log(1 - D)."""
    return np.logaddexp(0, np.asarray(logits, dtype=np.float64))


def best_guesses(answer: object) -> Verdict:
    """Judge the best constant guesses if 70 of 100 futures are 0 and 30 are 1: squared, and absolute error."""
    if isinstance(answer, set | frozenset):
        return NO_ORDER
    return judge_array(
        answer,
        np.array([0.3, 0.0]),
        praise="The mean hesitates between both. The absolute error wants the median, which is one of them, here 0, "
        "whatever the other 30 are.",
        mistakes={
            "That is the middle between both futures; one of them comes more often.": np.array([0.5, 0.5]),
            "The middle is not the best for squared errors: one of the futures comes more often.": np.array([0.5, 0.0]),
            "Of absolute errors: from 0.3, a step of 0.1 towards 0 makes 70 errors smaller and 30 larger, by 0.1 "
            "each. Where does that end?": np.array([0.3, 0.3]),
            "The futures are swapped: 30 of 100 are 1.": np.array([0.7, 1.0]),
            "The mean of 70 zeros and 30 ones is not 0.7.": np.array([0.7, 0.0]),
            "The two are swapped: the squared error comes first.": np.array([0.0, 0.3]),
            "Right for absolute errors. For squared ones, one large error costs more than several small ones.": (
                np.array([0.0, 0.0])
            ),
        },
    )


def best_losses(answer: object) -> Verdict:
    """Judge the loss of the best critic where predictions are as recordings, and where they have nothing in common."""
    nothing = 2 * np.log(2)
    if isinstance(answer, set | frozenset):
        return NO_ORDER
    return judge_array(
        answer,
        np.array([nothing, 0.0]),
        praise="So the best critic's loss measures how far apart both are, between 0 and 2 log 2. A critic that is not "
        "the best loses more, and then its loss measures the critic, too.",
        mistakes={
            "The two are swapped: a critic that cannot tell loses more.": np.array([0.0, nothing]),
            "That is the cost of one side; the loss is the sum of two cross-entropies.": np.array([np.log(2), 0.0]),
            "Those are probabilities D; the loss is made of their minus logarithms.": np.array([0.5, 1.0]),
            "If they have nothing in common, the best critic is always right, and sure.": np.array([nothing, nothing]),
            "Who cannot tell is no better than a coin; what does that cost, on both sides?": np.array([0.0, 0.0]),
            "That is the logarithm to the base 2; the natural one is wanted.": np.array([2.0, 0.0]),
            "Only who is sure and wrong pays without limit, and the best critic never is.": np.array([nothing, np.inf]),
            "Only who is sure and wrong pays without limit, and the best critic is sure where it is right.": (
                np.array([0.0, np.inf])
            ),
            "Sure and wrong costs without limit; but the best critic of motions that are alike is not sure.": (
                np.array([np.inf, 0.0])
            ),
        },
        tolerance=5e-3,  # 1.39 is as good
    )


def leaves_the_mean(answer: object) -> Verdict:
    """Judge at which weight the answer leaves the mean if recordings are blurred half as much."""
    return judge_choice(
        answer,
        "smaller",
        praise="Narrow heaps have steep slopes, and far between them the critic is surer: a smaller weight will do.",
        reasons={
            "larger": "Try it: `resting_place(weight, blur=0.25)` for a few weights. Is the critic surer of a guess at "
            "0, or less sure?",
            "the same": "Try it: `resting_place(weight, blur=0.25)` for a few weights. The blur changes how steep the "
            "hills are that the critic pushes up.",
        },
    )


def equal_pull(answer: object) -> Verdict:
    """Judge a function ``equal_pull(reconstruction, gan, weight)``: the weight at which both gradients are as long."""
    return judge_function(
        answer,
        lambda reconstruction, gan, weight: weight * reconstruction / gan,
        [(2.0, 0.1, 0.05), (0.3, 0.3, 0.01), (0.05, 0.2, 0.5)],
        praise="A gradient is as many times as long as its term is weighted. But the critic, trained against another "
        "generator, would be another one: this holds for the moment only.",
        mistakes={
            "The ratio is upside down: where the critic pulls less, its weight must grow.": lambda r, g, w: w * g / r,
            "The length was measured at a weight; it takes so many times *that* weight.": lambda r, g, w: r / g,
            "A gradient grows with the weight itself, not with its square.": lambda r, g, w: w * (r / g) ** 0.5,
            "The weight at which it was measured counts as often as the length grows: multiply by it.": (
                lambda r, g, w: r / g / w
            ),
            "That is the length that the critic's gradient has without its weight, or with it twice.": lambda r, g, w: (
                g * w
            ),
            "Lengths do not add: a factor is wanted, not a difference.": lambda r, g, w: w + r - g,
            "That is how long the critic's gradient would have to be; which weight makes it so?": lambda r, g, w: r,
        },
    )


def frames_shown(answer: object) -> Verdict:
    """Judge the frame numbers that precede the prediction in what the paper's discriminator is shown."""
    last = OBSERVED - 1
    return judge_array(
        answer,
        np.array([*range(last), OBSERVED]),
        praise="Frame 49 is missing, and frame 50 is the first one of the future.",
        mistakes={
            "That is what should be shown, and is with fake_past='whole'; the paper skips a frame.": np.arange(
                OBSERVED
            ),
            "These are 0 to 48: there is one more true frame before the prediction.": np.arange(last),
            "Off by one: frames are counted from 0 here.": np.arange(1, OBSERVED + 1),
            "Frame 49 is not shown; 51 frames would be one too many.": np.arange(OBSERVED + 1),
            "Frame 49 is the one that is missing, not frame 48.": np.array([*range(last - 1), last, OBSERVED]),
            "Frame 50 comes once here; the second time it is the prediction of it.": np.array(
                [*range(last), OBSERVED, OBSERVED]
            ),
        },
    )


def learning_rate(answer: object) -> Verdict:
    """Judge a function ``rate_after(iteration)``: the paper's learning rate, which falls in steps."""
    rate, factor, interval = PAPER.learning_rate, PAPER.learning_rate_decay, PAPER.decay_interval
    return judge_function(
        answer,
        lambda n: rate * factor ** (n // interval),
        # In this order each usual mistake is told from the others.
        [(20_100,), (34_999,), (7_000,), (9_999,), (10_000,), (20_000,), (0,)],
        praise="A staircase; among the first 20,000 iterations it has one step.",
        mistakes={
            "This falls a little at every iteration; it should fall in steps, after every 10,000.": (
                lambda n: rate * factor ** (n / interval)
            ),
            "The exponent is the number of iterations; it should be how many whole 10,000 of them are done.": (
                lambda n: rate * factor**n
            ),
            "This falls one iteration too early: when 9,999 are done, the rate is still the first.": (
                lambda n: rate * factor ** ((n + 1) // interval)
            ),
            "This falls one iteration too late: when 10,000 are done, the first step is made.": (
                lambda n: rate * factor ** (max(n - 1, 0) // interval)
            ),
            "% gives what is left over; // gives how many whole 10,000 are done.": (
                lambda n: rate * factor ** (n % interval)
            ),
            "The exponent is rounded to the nearest; it should be rounded down.": (
                lambda n: rate * factor ** round(n / interval)
            ),
            "One decay too many: in the first 10,000 iterations the rate is 5e-5.": (
                lambda n: rate * factor ** (n // interval + 1)
            ),
            "This takes 1 % of the first rate away each time; each time 1 % of the rate of then is wanted.": (
                lambda n: rate * (1 - (1 - factor) * (n // interval))
            ),
            "This multiplies 0.99 by the number of decays; it should be raised to it: **.": (
                lambda n: rate * factor * (n // interval)
            ),
            "This falls only once; it should fall after every 10,000.": (
                lambda n: rate * (factor if n >= interval else 1)
            ),
            "This rises: the factor 0.99 should be multiplied with, not divided by.": (
                lambda n: rate / factor ** (n // interval)
            ),
        },
        tolerance=1e-11,
    )


def _without_sigmoid(real: np.ndarray, fake: np.ndarray) -> float:
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(-np.log(real).mean() - np.log(1 - fake).mean())


def _by_probabilities(real: np.ndarray, fake: np.ndarray, least: float = 0) -> float:
    """The loss by way of probabilities, which are kept so far away from 0 and 1."""
    with np.errstate(over="ignore", divide="ignore"):
        real_d, fake_d = (np.clip(1 / (1 + np.exp(-logits)), least, 1 - least) for logits in (real, fake))
        return float(-np.log(real_d).mean() - np.log(1 - fake_d).mean())


def discriminator_loss(answer: object) -> Verdict:
    """Judge a function ``discriminator_loss(real_logits, fake_logits)``."""
    draws = np.random.default_rng(4)
    inputs = [(draws.normal(1, 1, 6), draws.normal(-0.5, 1, 6)), (draws.normal(0, 2, 3), draws.normal(0, 2, 5))]
    # Sure, and wrong: here a probability rounds to 0 or 1.
    inputs.append((np.array([-1000.0, 2.0, 0.5]), np.array([1400.0, -1.0])))
    return judge_function(
        answer,
        lambda real, fake: _recorded(real).mean() + _predicted(fake).mean(),
        inputs,
        praise="Both sides count alike; at logits of 0 it is 1.386.",
        mistakes={
            "The labels are swapped: recorded motions cost -log D, predicted ones -log(1 - D).": (
                lambda r, f: _predicted(r).mean() + _recorded(f).mean()
            ),
            "These are sums over the batch; means are wanted.": lambda r, f: _recorded(r).sum() + _predicted(f).sum(),
            "At logits of 1000 this is no finite number: the probability rounds to 0 or 1. Simplify the logarithm, "
            "then look for a function of NumPy that adds exponentials safely.": _by_probabilities,
            "The probability is kept away from 0 and 1; then who is sure and wrong pays too little. Simplify the "
            "logarithm instead.": lambda r, f: _by_probabilities(r, f, 1e-7),
            "The sums are divided by one batch's size; each batch has its own.": (
                lambda r, f: (_recorded(r).sum() + _predicted(f).sum()) / len(r)
            ),
            "The sigmoid is forgotten: a logit is no probability; 1 / (1 + exp(-logit)) is.": _without_sigmoid,
            "One side is forgotten: predicted motions cost something too.": lambda r, f: _recorded(r).mean(),
            "One side is forgotten: recorded motions cost something too.": lambda r, f: _predicted(f).mean(),
            "Both sides are treated as recorded; the second one is predicted: -log(1 - D).": (
                lambda r, f: _recorded(r).mean() + _recorded(f).mean()
            ),
            "The predicted motions' cost is subtracted; it should be added.": (
                lambda r, f: _recorded(r).mean() - _predicted(f).mean()
            ),
            "This is the mean of both sides; their sum is wanted.": (
                lambda r, f: (_recorded(r).mean() + _predicted(f).mean()) / 2
            ),
            "This is one cost for each motion; take the mean over each batch.": (
                lambda r, f: _recorded(r) + _predicted(f) if len(r) == len(f) else np.nan
            ),
        },
    )
