"""How the learning rate changes during a training.

Taught in ``notebooks/04_adversarial_training`` and ``notebooks/07_beyond_the_paper``.
"""

from cs2s.networks.tensorflow import keras
from cs2s.training.settings import Settings

__all__ = ["learning_rate"]

_WARM_UP = 50


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
