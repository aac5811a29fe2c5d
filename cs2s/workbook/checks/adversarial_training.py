"""Answer checks of ``notebooks/04_adversarial_training``."""

import numpy as np

from cs2s.datasets.windows import OBSERVED
from cs2s.training.settings import PAPER
from cs2s.workbook.verdict import Verdict, judge_array, judge_function

__all__ = [
    "cross_entropy_of_zero",
    "discriminator_loss",
    "frames_shown",
    "generator_gan_loss",
    "l2_penalty",
    "learning_rate",
]


def _recorded(logits: np.ndarray) -> np.ndarray:
    """Return the cross-entropies of logits whose motions were recorded: -log D."""
    return np.logaddexp(0, -np.asarray(logits, dtype=np.float64))


def _predicted(logits: np.ndarray) -> np.ndarray:
    """Return the cross-entropies of logits whose motions were predicted: -log(1 - D)."""
    return np.logaddexp(0, np.asarray(logits, dtype=np.float64))


def _d(logits: np.ndarray) -> np.ndarray:
    return np.exp(-_recorded(logits))


def cross_entropy_of_zero(answer: object) -> Verdict:
    """Judge the cross-entropy of logit 0."""
    return judge_array(
        answer,
        _recorded(np.array(0.0)),
        praise="log 2 = 0.693, for recorded and predicted motion alike: nothing is known.",
        mistakes={
            "That is the probability that logit 0 stands for; its minus logarithm is wanted.": 0.5,
            "That is the logarithm to the base 2, in bits; the natural logarithm is wanted.": 1,
            "That is the sum of both sides; the cross-entropy of one motion is wanted.": 2 * np.log(2),
            "That is the logit itself: first the sigmoid, then the minus logarithm.": 0,
            "That is the logarithm to the base 10; the natural logarithm is wanted.": np.log10(2),
        },
        tolerance=1e-3,  # the chapter shows three decimals
    )


def frames_shown(answer: object) -> Verdict:
    """Judge the frame numbers that precede the prediction in what the paper's discriminator is shown."""
    last = OBSERVED - 1
    return judge_array(
        answer,
        np.array([*range(last), OBSERVED]),
        praise="Frame 49 is missing, and frame 50 is the first one of the future.",
        axes="(50,)",
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
        [(0,), (7_000,), (9_999,), (10_000,), (20_000,), (34_999,)],
        praise="A staircase; in 20,000 iterations it has one step.",
        mistakes={
            "This falls a little at every iteration; it should fall in steps, after every 10,000.": (
                lambda n: rate * factor ** (n / interval)
            ),
            "The exponent is the number of iterations; it should be how many whole 10,000 of them are done.": (
                lambda n: rate * factor**n
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
        tolerance=1e-9,
    )


def _without_sigmoid(real: np.ndarray, fake: np.ndarray) -> float:
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(-np.log(real).mean() - np.log(1 - fake).mean())


def discriminator_loss(answer: object) -> Verdict:
    """Judge a function ``discriminator_loss(real_logits, fake_logits)``."""
    draws = np.random.default_rng(4)
    inputs = [(draws.normal(1, 1, 6), draws.normal(-0.5, 1, 6)), (draws.normal(0, 2, 3), draws.normal(0, 2, 3))]
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
                lambda r, f: _recorded(r) + _predicted(f)
            ),
        },
    )


def generator_gan_loss(answer: object) -> Verdict:
    """Judge a function ``generator_gan_loss(fake_logits)``: the non-saturating one."""
    draws = np.random.default_rng(5)
    return judge_function(
        answer,
        lambda fake: _recorded(fake).mean(),
        [(draws.normal(-1, 1, 6),), (draws.normal(0, 2, 3),)],
        praise="It is large when the predictions are found out, and then it pushes hard.",
        mistakes={
            "That is the saturating loss, log(1 - D): hardly any slope when the discriminator is sure.": (
                lambda f: -_predicted(f).mean()
            ),
            "That is the discriminator's cost of predictions, -log(1 - D): the generator wants the opposite.": (
                lambda f: _predicted(f).mean()
            ),
            "The sign is the other way round: minimising log D would make predictions worse.": (
                lambda f: -_recorded(f).mean()
            ),
            "This is a sum over the batch; a mean is wanted.": lambda f: _recorded(f).sum(),
            "The sigmoid is forgotten: a logit is no probability; 1 / (1 + exp(-logit)) is.": (
                lambda f: _without_sigmoid(f, 0 * f)
            ),
            "This is one cost for each motion; take the mean over the batch.": _recorded,
            "This takes the logarithm of the mean; the mean of the logarithms is wanted.": (
                lambda f: -np.log(_d(f).mean())
            ),
            "The logarithm is missing: this is the mean of 1 - D.": lambda f: (1 - _d(f)).mean(),
            "The weight 0.01 is not wanted here.": lambda f: 0.01 * _recorded(f).mean(),
        },
    )


def l2_penalty(answer: object) -> Verdict:
    """Judge a function ``l2_penalty(weights)``: the paper's penalty on a dictionary of named arrays."""
    draws = np.random.default_rng(6)
    shapes = {"conv1/kernel": (2, 7, 1, 64), "fc1/kernel": (40, 30), "fc1/bias": (30,), "fc4/kernel": (30, 7)}
    weights = {name: draws.normal(3, 2, shape) for name, shape in shapes.items()}
    fewer = {name: weights[name] for name in ("fc1/bias", "fc4/kernel")}

    def squares(named: dict, *, of: str = "kernel") -> float:
        return sum(float(np.square(array).sum()) for name, array in named.items() if name.endswith(of))

    scale = PAPER.l2_weight
    return judge_function(
        answer,
        lambda named: scale * squares(named) / 2,
        [(weights,), (fewer,)],
        praise="Kernels pay, biases go free.",
        mistakes={
            "The biases are counted too; only kernels pay.": lambda named: scale * squares(named, of="") / 2,
            "The factor one half is forgotten.": lambda named: scale * squares(named),
            "The biases are counted too, and the factor one half is forgotten.": (
                lambda named: scale * squares(named, of="")
            ),
            "The weight 0.001 is forgotten.": lambda named: squares(named) / 2,
            "The weight 0.001 and the factor one half are forgotten.": squares,
            "This is a length, the root of the sum; the sum of squares itself is wanted.": (
                lambda named: scale * squares(named) ** 0.5 / 2
            ),
            "These are means of squares; sums are wanted, so that every weight pays alike.": (
                lambda named: scale * sum(np.square(a).mean() for n, a in named.items() if n.endswith("kernel")) / 2
            ),
            "These are absolute values (an L1 penalty); squares are wanted.": (
                lambda named: scale * sum(np.abs(a).sum() for n, a in named.items() if n.endswith("kernel")) / 2
            ),
            "This is the penalty of the biases; the kernels pay.": lambda named: scale * squares(named, of="bias") / 2,
        },
    )
