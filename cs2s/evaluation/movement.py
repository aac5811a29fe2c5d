"""How far predicted people move from frame to frame, beside recorded ones: whether a predictor hesitates.

Taught in ``notebooks/04_adversarial_training``.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cs2s.datasets.descriptions import OBSERVED
from cs2s.motion.motion import Motion

__all__ = ["movement", "movements"]


def movement(motion: Motion) -> np.ndarray:
    """Return how far joints move to each frame from the one before, seen from the hips, ``(frames - 1,)``, mm.

    The hips' own way and turn are left out: the paper's network does not learn them well, and a person that slides
    about is no lively person.

    Args:
        motion: one, or a batch.

    Returns:
        The mean of windows and joints.
    """
    rows = np.array(motion.rows)
    rows[..., :6] = 0
    positions = replace(motion, rows=rows).positions()
    positions = positions.reshape(-1, *positions.shape[-3:])
    return np.linalg.norm(np.diff(positions, axis=1), axis=-1).mean(axis=(0, 2))


def movements(motions: Mapping[str, tuple[Motion, Motion]]) -> dict[str, dict[str, np.ndarray]]:
    """Return how far joints move to each predicted frame, action by action.

    Args:
        motions: action -> true and predicted motions, as an `Evaluation` keeps them; true ones begin with the observed
            frames.

    Returns:
        action -> ``recorded`` and ``predicted``, each ``(frames,)``, mm. The first entry is the movement from the last
        observed frame.
    """
    return {
        action: {
            "recorded": movement(truth)[OBSERVED - 1 :],
            "predicted": movement(truth[:OBSERVED].then(predicted))[OBSERVED - 1 :],
        }
        for action, (truth, predicted) in motions.items()
    }
