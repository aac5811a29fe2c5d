"""What trainings minimise: errors of predicted frames, the adversarial loss, and the penalty on large weights.

How the paper's two networks add them up stands in `cs2s.training.adversarial.ConvSeq2Seq`. To add a loss for predictors
of our own, name it in `cs2s.training.settings.Loss` and define it in `frame_loss`.
Taught in ``notebooks/04_adversarial_training`` and ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Callable, Iterable

import numpy as np

from cs2s.datasets.windows import Statistics
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.settings import Loss

__all__ = ["cross_entropy", "frame_loss", "l2_penalty", "squared_error"]

_ROOT_WEIGHT = 0.4
"""Weight of the root's columns, whose error no table counts: enough for the figure to stay on its way."""


def squared_error(true: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Return the mean squared error (a scalar) of normalised frames ``(batch, frames, used)``.

    Source: section 3.4 of the paper, which calls it the reconstruction loss.
    """
    return tf.reduce_mean(tf.square(true - predicted))


def cross_entropy(logits: tf.Tensor, label: float) -> tf.Tensor:
    """Return the mean cross-entropy (a scalar) of logits ``(batch,)`` whose motions all have one label.

    Args:
        logits: of the discriminator; positive for "recorded".
        label: 1 for recorded, 0 for predicted.

    Source: section 3.4 of the paper; that the generator wants its motions labelled 1 is Goodfellow et al. 2014.
    """
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.fill(tf.shape(logits), label), logits=logits)
    )


def l2_penalty(weights: Iterable[keras.Variable]) -> tf.Tensor:
    """Return half the sum of squares (a scalar) of every kernel among `weights`; biases go free.

    Source: the weight decay of the original implementation.
    """
    return tf.add_n([tf.nn.l2_loss(weight.value) for weight in weights if weight.path.endswith("kernel")])


def frame_loss(kind: Loss, statistics: Statistics) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """Return a loss of predicted frames, for predictors of our own.

    Args:
        kind: ``"squared"``: the mean squared error in the model's space, as in the paper. ``"absolute"``: the absolute
            error in radians, summed over the columns of joints, averaged over frames; the root counts a little. It is
            nearer to what is measured in the end, and a few wild windows do not outweigh all others. ``"balanced"``:
            the same, but frame f weighs 1 / sqrt(f), with a mean weight of 1: about what a pose moves in f frames, so
            that each frame matters, and not the last ones most.
        statistics: the normalisation.

    Returns:
        A function from true and predicted normalised frames ``(batch, frames, used)`` to a scalar.
    """
    if kind == "squared":
        return squared_error
    root = statistics.used < 6
    radians = tf.constant(np.where(root, 0, statistics.std[statistics.used]), tf.float32)
    of_root = tf.constant(root * (_ROOT_WEIGHT / max(root.sum(), 1)), tf.float32)

    def absolute(true: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
        of_frames = tf.reduce_sum(tf.abs(true - predicted) * (radians + of_root), axis=-1)
        if kind == "balanced":
            weights = np.arange(1, true.shape[1] + 1) ** -0.5
            of_frames *= tf.constant(weights / weights.mean(), tf.float32)
        return tf.reduce_mean(of_frames)

    return absolute
