"""What chapter 03 measures of networks: what a code depends on, what a prediction depends on, alone and with help.

Taught in ``notebooks/03_generator``.
"""

import numpy as np
import tensorflow as tf

from cs2s.datasets.windows import OBSERVED
from cs2s.networks.encoder import EncodingModule
from cs2s.networks.generator import Generator

__all__ = ["alone_and_helped", "dependence", "influence", "step_sees"]

_ROUNDING = 1e-5


def influence(module: EncodingModule, recent: np.ndarray) -> np.ndarray:
    """Return how strongly a code depends on each number of a window: a gradient, exactly 0 where it is blind.

    Args:
        module: makes the code.
        recent: ``(frames, columns)``, normalised.

    Returns:
        ``(frames, columns)``, the size of the gradient of the code's squared length.
    """
    motion = tf.Variable(recent[None])
    with tf.GradientTape() as tape:
        size = tf.reduce_sum(module(motion) ** 2)
    return np.abs(tape.gradient(size, motion)[0])


def step_sees(generator: Generator, observed: np.ndarray, prediction: int = 0) -> np.ndarray:
    """Return which of 50 observed frames have a say in the step of a prediction, whose sum is taken away.

    Args:
        generator: whatever rollout it has.
        observed: ``(50, columns)``, normalised.
        prediction: its number, from 0.

    Returns:
        Frame numbers, ascending.
    """
    motion = tf.Variable(observed[None])
    with tf.GradientTape() as tape:
        poses = generator(motion, frames=prediction + 1)
        step = poses[:, prediction] - (poses[:, prediction - 1] if prediction else motion[:, OBSERVED - 1])
        size = tf.reduce_sum(step**2)
    return np.flatnonzero(np.abs(tape.gradient(size, motion)[0]).sum(axis=1))


def dependence(generator: Generator, window: np.ndarray, frames: int = 6) -> np.ndarray:
    """Move one true frame at a time by 1, as in training, and see which predictions move.

    Args:
        generator: gets the truth, as while it trains, but drops nothing out.
        window: ``(50 + frames or more, columns)``, normalised.
        frames: how many to predict.

    Returns:
        ``(true frames, predictions)``: the mean movement of each prediction for each moved true frame.
    """
    truth = np.repeat(window[None, OBSERVED : OBSERVED + frames], frames + 1, axis=0)
    truth[range(frames), range(frames)] += 1
    observed = np.repeat(window[None, :OBSERVED], frames + 1, axis=0)
    predicted = generator(observed, frames=frames, truth=truth).numpy()
    moved = np.abs(predicted[:frames] - predicted[frames]).mean(axis=-1)
    return np.where(moved < _ROUNDING, 0, moved)


def alone_and_helped(generator: Generator, windows: np.ndarray) -> dict[str, np.ndarray]:
    """Predict windows by the network alone, fed its own predictions, and with the true frames at every step.

    Args:
        generator: a trained one.
        windows: ``(windows, 50 + frames, columns)``, normalised.

    Returns:
        Who -> ``(windows, frames, columns)``, beside freezing with and without that help. Steps with help, added up
        from the last observed frame on, are compared at the same distance as the network alone.
    """
    past, frames = windows[:, :OBSERVED], windows.shape[1] - OBSERVED
    held, before = past[:, -1:], windows[:, OBSERVED - 1 : -1]
    code = generator.long_term(past[:, : OBSERVED - 1])[:, : generator.short_term.dense.units]
    ends = range(OBSERVED, OBSERVED + frames)
    length = generator.window_length
    helped = np.stack([generator.decode(code, windows[:, end - length : end]) for end in ends], axis=1)
    return {
        "freezing (zero velocity)": np.repeat(held, frames, axis=1),
        "helped steps, added up": held + np.cumsum(helped - before, axis=1),
        "network alone": generator(past, frames=frames).numpy(),
        "freezing, helped": before,
        "network, helped": helped,
    }
