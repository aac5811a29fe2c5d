"""The optimisers of both kinds of training, and how their learning rate changes.

Taught in ``notebooks/04_adversarial_training`` and ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Sequence

from cs2s.networks.tensorflow import keras, tf
from cs2s.training.settings import AdversarialSettings, DirectSettings, PoseSettings, Settings

__all__ = ["LARGEST_GRADIENT", "adam", "clipped_sum", "decaying_adam", "learning_rate"]

_WARM_UP = 50

LARGEST_GRADIENT = 4.0
"""How long the gradients of a predictor of our own may be, all together."""


def learning_rate(settings: Settings) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return the learning rate as a function of the iteration.

    The ``"staircase"`` of the paper multiplies it by the decay at every interval. The ``"cosine"`` rises for 50
    iterations and then falls to a hundredth by the last one, slowly at both ends.

    Source: the paper's code; Loshchilov and Hutter 2017.
    """
    if settings.schedule == "staircase":
        return keras.optimizers.schedules.ExponentialDecay(
            settings.learning_rate, settings.decay_interval, settings.learning_rate_decay, staircase=True
        )
    warm_up = min(_WARM_UP, settings.iterations // 2)
    return keras.optimizers.schedules.CosineDecay(
        0.0,
        settings.iterations - warm_up,
        alpha=0.01,
        warmup_target=settings.learning_rate,
        warmup_steps=warm_up,
    )


def adam(settings: AdversarialSettings, name: str) -> keras.optimizers.Optimizer:
    """Return the Adam of one of the paper's networks."""
    optimiser = keras.optimizers.Adam(learning_rate(settings), epsilon=1e-8, name=name)
    if settings.precision != "mixed_float16":
        return optimiser
    # Gradients below 3e-8 become 0 in float16: so the loss is multiplied by a factor, the gradients divided by it.
    return keras.optimizers.LossScaleOptimizer(optimiser, name=f"{name}_scaled")


def decaying_adam(settings: DirectSettings | PoseSettings) -> keras.optimizers.Optimizer:
    """Return the AdamW of a predictor of our own: it shrinks kernels, and shortens gradients that are too long.

    Source: Loshchilov and Hutter 2019.
    """
    optimiser = keras.optimizers.AdamW(
        learning_rate(settings),
        settings.weight_decay,
        beta_2=0.99,
        epsilon=1e-8,
        global_clipnorm=LARGEST_GRADIENT,
        name="adam",
    )
    optimiser.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimiser


def clipped_sum(gradients: Sequence[tf.Tensor], largest: float) -> list[tf.Tensor]:
    """Return a share of the gradients of the whole batch, shortened if they are too long; all shares are alike.

    Keras shortens the gradients of each share before it adds them up, which is not the same. So they are added up here,
    shortened together, and divided among the shares for Keras to add up again.

    Args:
        gradients: of this share's part of the loss.
        largest: the length beyond which the gradients of the whole batch are shortened.
    """
    here = tf.distribute.get_replica_context()
    summed = here.all_reduce(tf.distribute.ReduceOp.SUM, list(gradients))
    clipped, _ = tf.clip_by_global_norm(summed, largest)
    return [gradient / here.num_replicas_in_sync for gradient in clipped]
