"""What learners really answer in 04_adversarial_training, and the word that its checks must say of it."""

import numpy as np


def D(logits):
    return 1 / (1 + np.exp(-logits))


def raw_logits(real, fake):
    with np.errstate(invalid="ignore"):
        return -np.mean(np.log(real)) - np.mean(np.log(1 - fake))


WRONG = {
    "best_guesses": [
        ({0.3, 0}, "order"),
        ((0.5, 0.5), "more often"),
        ([0.5, 0], "squared errors"),
        ([0.3, 0.3], "step of 0.1"),
        ([0.7, 1], "30 of 100"),
        ([0.7, 0], "mean of 70"),
        ((0, 0.3), "swapped"),
        ((0, 0), "large error"),
        (0.3, "shape"),
    ],
    "best_losses": [
        ((1.386, np.inf), "never is"),
        ((0, np.inf), "where it is right"),
        ((0, 1.386), "cannot tell"),
        ((np.log(2), 0), "two cross-entropies"),
        ((0.5, 1), "probabilities"),
        ((1.386, 1.386), "nothing in common"),
        ((2, 0), "base 2"),
        ((0, 0), "coin"),
        ((np.inf, 0), "not sure"),
        ((-1.386, 0), "sign"),
        (1.386, "shape"),
    ],
    "leaves_the_mean": [
        ("larger", "surer"),
        ("the same", "steep"),
        ("weight", "Choose"),
        (0.1, "Choose"),
    ],
    "equal_pull": [
        (lambda r, g, w: g * w, "without its weight"),
        (lambda r, g, w: r / g / w, "multiply"),
        (lambda reconstruction, gan, weight: weight * gan / reconstruction, "upside down"),
        (lambda reconstruction, gan, weight: reconstruction / gan, "so many times"),
        (lambda reconstruction, gan, weight: weight * np.sqrt(reconstruction / gan), "square"),
        (lambda reconstruction, gan, weight: print(weight * reconstruction / gan), "return"),
        (lambda reconstruction, gan: reconstruction / gan, "TypeError"),
        (lambda reconstruction, gan, weight: [weight * reconstruction / gan], "brackets"),
    ],
    "frames_shown": [
        ([*range(50)], "should be shown"),
        ([*range(49)], "one more"),
        ([*range(1, 51)], "from 0"),
        ([*range(51)], "49 is not shown"),
        ([*range(48), 49, 50], "not frame 48"),
        ([*range(25)], "shape"),
    ],
    "learning_rate": [
        (lambda n: 5e-5 * 0.99 ** (max(n - 1, 0) // 10_000), "too late"),
        (lambda n: 5e-5 * 0.99 ** (n / 10_000), "steps"),
        (lambda n: 5e-5 * 0.99**n, "exponent"),
        (lambda n: 5e-5 * 0.99 ** (n // 10_000 + 1), "too many"),
        (lambda n: 5e-5 * 0.99 ** ((n + 1) // 10_000), "too early"),
        (lambda n: 5e-5 * 0.99 ** (n % 10_000), "left over"),
        (lambda n: 5e-5 * 0.99**n // 10_000, "exponent is the number"),
        (lambda n: 5e-5 * 0.99 * (n // 10_000), "raised"),
        (lambda n: 5e-5 * (1 - 0.01 * (n // 10_000)), "rate of then"),
        (lambda n: 5e-5 * 0.99 ** round(n / 10_000), "rounded down"),
        (lambda n: 5e-5 if n < 10_000 else 5e-5 * 0.99, "only once"),
        (lambda n: "5e-5", "type str"),
        (lambda n: [5e-5, 4.95e-5, 4.9005e-5][n // 10_000], "counting starts at 0"),
        (lambda n: np.array([5e-5]), "brackets"),
        (5e-5, "function"),
    ],
    "discriminator_loss": [
        (raw_logits, "sigmoid"),
        (lambda real, fake: -np.log(D(real)).mean() - np.log(1 - D(fake)).mean(), "1000"),
        (lambda real, fake: np.log(1 + np.exp(-real)).mean() + np.log(1 + np.exp(fake)).mean(), "1000"),
        (
            lambda real, fake: -np.log(np.clip(D(real), 1e-7, 1)).mean() - np.log(np.clip(1 - D(fake), 1e-7, 1)).mean(),
            "too little",
        ),
        (lambda r, f: (np.logaddexp(0, -r).sum() + np.logaddexp(0, f).sum()) / len(r), "one batch"),
        (lambda real, fake: print(real), "return"),
        (lambda real, fake: -np.log(1 - D(real)).mean() - np.log(D(fake)).mean(), "swapped"),
        (lambda real, fake: -np.log(D(real)).sum() - np.log(1 - D(fake)).sum(), "sums"),
        (lambda real, fake: -np.log(D(real)).mean(), "predicted motions cost"),
        (lambda real, fake: -np.log(1 - D(fake)).mean(), "recorded motions cost"),
        (lambda real, fake: -np.log(D(real)).mean() + np.log(1 - D(fake)).mean(), "subtracted"),
        (lambda real, fake: -np.log(D(real)).mean() - np.log(D(fake)).mean(), "both sides are treated"),
        (lambda real, fake: -np.log(D(real)) - np.log(1 - D(fake)), "each motion"),
        (lambda real, fake: np.log(D(real)).mean() + np.log(1 - D(fake)).mean(), "sign"),
    ],
}
