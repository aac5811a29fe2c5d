"""What the paper's network really does, quirks included, as named options, and the variants of it that have a name.

Each option has the paper's value and a corrected one. Needs no TensorFlow. Taught in ``notebooks/03_generator`` and
``notebooks/04_adversarial_training``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cs2s.datasets.descriptions import Description

__all__ = ["VARIANTS", "NetworkOptions", "network_options"]


@dataclass(frozen=True)
class NetworkOptions:
    """The choices in which the paper's network differs from what one would expect.

    Attributes:
        padding: at the borders of all convolutions. ``"valid"`` (the paper, on CMU) drops what does not fill a stride,
            so the short-term encoder is blind to the newest 4 of its 20 frames; ``"same"`` (the paper, on Human3.6M)
            pads and sees all. Implemented in `cs2s.networks.encoder.EncodingModule`.
        blended_frame: the true frame that is blended with prediction t when it is fed back in training: the ``"next"``
            one (the paper; an off-by-one) or the ``"same"`` one. Implemented in `cs2s.networks.generator.Generator`.
        feedback: how prediction and truth share what is fed back, where the sampling setting says how much: the
            ``"blend"`` of both frames (the paper) or the toss of a ``"coin"`` for each window and frame, which is what
            sampling means elsewhere (Bengio et al. 2015). Implemented in `cs2s.networks.generator.Generator`.
        fake_past: what precedes the prediction in the motion shown to the discriminator as predicted: frames 0 to 48
            and then the true frame 50, which ``"skips"`` 49 (the paper), or the ``"whole"`` past, frames 0 to 49.
            Implemented in `cs2s.training.adversarial.fake_motion`.
        class_logits: the long-term encoder's extra outputs, one an action, which no loss and no layer uses:
            ``"unused"`` (the paper) or ``"absent"``. Implemented in `cs2s.networks.generator.Generator`.
        long_term: whether the decoder is told the code of the long-term encoder, ``"used"`` (the paper), or zeros in
            its place, ``"absent"``: one of the paper's ablations. Implemented in `cs2s.networks.generator.Generator`.
    """

    padding: Literal["valid", "same"] = "valid"
    blended_frame: Literal["next", "same"] = "next"
    feedback: Literal["blend", "coin"] = "blend"
    fake_past: Literal["skips", "whole"] = "skips"
    class_logits: Literal["unused", "absent"] = "unused"
    long_term: Literal["used", "absent"] = "used"


VARIANTS: Mapping[str, NetworkOptions] = {
    "paper": NetworkOptions(),
    "corrected": NetworkOptions(
        padding="same", blended_frame="same", feedback="coin", fake_past="whole", class_logits="absent"
    ),
    "no-long-term": NetworkOptions(long_term="absent"),
}
"""The paper's network, with its quirks, without them, and without its long-term encoder: presets of a training."""


def network_options(variant: str, description: Description) -> NetworkOptions:
    """Return the options of a variant on a data set: the paper's network pads on Human3.6M and not on CMU."""
    options = VARIANTS[variant]
    return options if variant == "corrected" else replace(options, padding=description.padding)
