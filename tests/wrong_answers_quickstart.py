"""What learners really answer in 00_quickstart, and the word that its checks must say of it."""

import numpy as np

WRONG = {
    "seconds_predicted": [
        (25, "frames"),
        (0.04, "one frame"),
        (0.96, "off by one"),
        (1000, "milliseconds"),
        (3, "large"),
    ],
    "gain": [
        (lambda frozen, learned: learned / frozen - 1, "sign"),
        (lambda frozen, learned: (frozen - learned) / learned, "divides by the network"),
        (lambda frozen, learned: learned / frozen, "left"),
        (lambda frozen, learned: frozen - learned, "radians"),
        (lambda frozen, learned: 100 * (frozen - learned) / frozen, "per cent"),
        (0.25, "function"),
    ],
    "freeze": [
        (lambda observed, frames: np.repeat(observed[:, :1], frames, axis=1), "first"),
        (lambda observed, frames: np.repeat(observed[:, -2:-1], frames, axis=1), "off by one"),
        (lambda observed, frames: np.stack([observed[:, -1]] * frames), "swapped"),
        (lambda observed, frames: np.repeat(observed[:, -1], frames, axis=0), "shape"),
        (lambda observed, frames: observed[:, -1], "missing"),
    ],
}
