"""What the paper's network really does, quirks included, as named options; and the presets.

Each option has the paper's value and a corrected one. Taught in ``notebooks/03_generator``,
``notebooks/04_adversarial_training`` and ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cs2s.datasets import Description
from cs2s.errors import InputError

__all__ = ["DIRECT_PRESETS", "PRESETS", "NetworkOptions", "network_options", "preset_settings"]


@dataclass(frozen=True)
class NetworkOptions:
    """The choices in which the paper's network differs from what one would expect.

    Attributes:
        padding: at the borders of all convolutions. ``"valid"`` (the paper, on CMU) drops what does not fill a stride,
            so the short-term encoder is blind to the newest 4 of its 20 frames; ``"same"`` (the paper, on Human3.6M)
            pads and sees all. Implemented in `cs2s.encoder.EncodingModule`.
        blended_frame: the true frame that is blended with prediction t when it is fed back in training: the ``"next"``
            one (the paper; an off-by-one) or the ``"same"`` one. Implemented in `cs2s.generator.Generator`.
        feedback: how prediction and truth share what is fed back, where the sampling setting says how much: the
            ``"blend"`` of both frames (the paper) or the toss of a ``"coin"`` for each window and frame, which is what
            sampling means elsewhere (Bengio et al. 2015). Implemented in `cs2s.generator.Generator`.
        fake_past: what precedes the prediction in the motion shown to the discriminator as predicted: frames 0 to 48
            and then the true frame 50, which ``"skips"`` 49 (the paper), or the ``"whole"`` past, frames 0 to 49.
            Implemented in `cs2s.model.ConvSeq2Seq.judge_fake`.
        class_logits: the long-term encoder's extra outputs, one an action, which no loss and no layer uses:
            ``"unused"`` (the paper) or ``"absent"``. Implemented in `cs2s.generator.Generator`.
        long_term: whether the decoder is told the code of the long-term encoder, ``"used"`` (the paper), or zeros in
            its place, ``"absent"``: one of the paper's ablations. Implemented in `cs2s.generator.Generator`.
    """

    padding: Literal["valid", "same"] = "valid"
    blended_frame: Literal["next", "same"] = "next"
    feedback: Literal["blend", "coin"] = "blend"
    fake_past: Literal["skips", "whole"] = "skips"
    class_logits: Literal["unused", "absent"] = "unused"
    long_term: Literal["used", "absent"] = "used"


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
