"""The weights and batches with which the authors' program printed the numbers in ``tests/golden``, made again."""

import zlib

import numpy as np

from cs2s.training.adversarial import ConvSeq2Seq
from cs2s.training.original_checkpoint import ORIGINAL_NAMES

# Our variables in creation order, by the names that the original gives them.
NAMES = [name for network in ("generator", "discriminator") for name in ORIGINAL_NAMES[network]]


def weights(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return the weights of one variable: a function of its name and shape alone."""
    spread = 0.02 if name.endswith("/fc4/weights") else 1.0
    scale = 0.01 if len(shape) == 1 else np.sqrt(spread / np.prod(shape[:-1]))
    draws = np.random.default_rng(zlib.crc32(name.encode()))
    return (draws.standard_normal(shape) * scale).astype(np.float32)


def give_weights(model: ConvSeq2Seq) -> None:
    """Put the original's weights into a model of ours."""
    for variable, name in zip(model.trainable_variables, NAMES, strict=True):
        variable.assign(weights(name, tuple(variable.shape)))


def without_dropout(model: ConvSeq2Seq) -> ConvSeq2Seq:
    """Switch dropout off in both networks, in training too, so that a step can be computed by hand."""
    encoders = (model.generator.long_term, model.generator.short_term, model.discriminator.encoder)
    for dropout in [*(dropout for encoder in encoders for dropout in encoder.dropouts), model.generator.dropout]:
        dropout.rate = 0.0
    return model


def training_batch(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Return batch `number` of the original's training: windows ``(16, 75, 70)`` and labels ``(16, 8)``, one-hot."""
    draws = np.random.default_rng(1000 + number)
    windows = (0.1 * draws.standard_normal((16, 75, 70)).cumsum(axis=1)).astype(np.float32)
    return windows, np.eye(8, dtype=np.float32)[draws.integers(0, 8, 16)]
