"""The presets: which predictor to train, and the settings that are its defaults.

Taught in ``notebooks/03_generator``, ``notebooks/04_adversarial_training`` and ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Mapping
from dataclasses import replace

from cs2s.datasets.descriptions import Description
from cs2s.errors import InputError
from cs2s.networks.options import NetworkOptions

__all__ = ["DIRECT_PRESETS", "PRESETS", "network_options", "preset_settings"]


PRESETS = {
    "paper": NetworkOptions(),
    "corrected": NetworkOptions(
        padding="same", blended_frame="same", feedback="coin", fake_past="whole", class_logits="absent"
    ),
    "no-long-term": NetworkOptions(long_term="absent"),
}
"""The paper's network, with its quirks, without them, and without its long-term encoder."""

_BETTER = {
    "loss": "balanced",
    "schedule": "cosine",
    "t_pose": "dropped",
    "rows": "both",
    "starts": "all",
    "mirror": 0.5,
}

DIRECT_PRESETS: Mapping[str, Mapping[str, object]] = {
    "aligned-conv": {**_BETTER, "iterations": 5000, "batch_size": 16, "learning_rate": 1e-3, "averaging": 0.995},
    "dct-mlp": {
        **_BETTER,
        "iterations": 2400,
        "batch_size": 64,
        "learning_rate": 3e-3,
        "averaging": 0.99,
        "weight_decay": 0.3,
    },
}
"""Predictors of our own, trained without a discriminator: a convolutional one and a small one without convolutions.

For each, the settings that are its defaults where they are not the paper's.
"""


def preset_settings(preset: str) -> Mapping[str, object]:
    """Return the settings that a preset changes from the paper's defaults.

    Raises:
        InputError: if there is no such preset.
    """
    if preset not in PRESETS and preset not in DIRECT_PRESETS:
        raise InputError(f"there is no preset '{preset}'; choose one of: {', '.join([*PRESETS, *DIRECT_PRESETS])}.")
    return DIRECT_PRESETS.get(preset, {})


def network_options(preset: str, description: Description) -> NetworkOptions:
    """Return the options of a preset of the paper's network on a data set; it pads on Human3.6M and not on CMU."""
    options = PRESETS[preset]
    return options if preset == "corrected" else replace(options, padding=description.padding)
