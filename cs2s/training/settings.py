"""The settings of a training: every argument of the original under a clear name, with the paper's values.

Taught in ``notebooks/04_adversarial_training``.
"""

from dataclasses import Field, asdict, dataclass, field, fields

from cs2s.datasets.descriptions import describe
from cs2s.datasets.windows import OBSERVED, Drawing
from cs2s.errors import InputError
from cs2s.networks.options import NetworkOptions
from cs2s.training.presets import DIRECT_PRESETS, PRESETS, network_options, preset_settings

__all__ = ["PRECISIONS", "Settings"]

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
"""In which numbers the layers compute, by Keras' names; weights, losses and predictions are always float32."""


def _setting(default: object, help: str, low: float = 0, high: float | None = None) -> object:
    """A field with its default, its help text and the range of values that make sense."""
    return field(default=default, metadata={"help": help, "low": low, "high": high})


def _choice(default: str, help: str, *others: str) -> object:
    """A field with its default, its help text and what else it may be."""
    return field(default=default, metadata={"help": help, "choices": (default, *others)})


_ADVERSARIAL = ("gan_loss_weight", "l2_weight", "window_length", "sampling", "rollout", "batches")
_DIRECT = ("loss", "averaging", "weight_decay")


@dataclass(frozen=True)
class Settings:
    """What a training run is told. The defaults are the paper's; `for_preset` takes those of a preset.

    Raises:
        InputError: if a value makes no sense.
    """

    dataset: str
    preset: str = field(
        default="paper",
        metadata={"help": f"which predictor: {', '.join([*PRESETS, *DIRECT_PRESETS])} (see cs2s.training.presets)"},
    )
    iterations: int = _setting(20000, "training iterations, each one step of both networks", 1)
    batch_size: int = _setting(16, "windows in a batch", 1)
    learning_rate: float = _setting(5e-5, "learning rate of both Adam optimisers")
    learning_rate_decay: float = _setting(0.99, "factor on the learning rate every decay interval", 0, 1)
    decay_interval: int = _setting(10000, "iterations between two decays of the learning rate", 1)
    gan_loss_weight: float = _setting(0.01, "weight of the adversarial loss")
    l2_weight: float = _setting(0.001, "weight of the L2 penalty on kernels")
    window_length: int = _setting(20, "frames the short-term encoder sees", 1, OBSERVED)
    output_length: int = _setting(25, "frames predicted in training", 1)
    sampling: float = _setting(
        0.95, "share of the prediction in what is fed back; the rest is ground truth (0: ground truth only)", 0, 1
    )
    loss: str = _choice(
        "squared",
        "'squared' error of normalised values, 'absolute' error of angles, or 'balanced', which is absolute with more "
        "weight on early frames",
        "absolute",
        "balanced",
    )
    schedule: str = _choice(
        "staircase", "learning rate: a 'staircase' down, or half a 'cosine' down to a hundredth", "cosine"
    )
    rows: str = _choice("even", "of each file, the 'even' rows, or 'both' halves", "both")
    t_pose: str = _choice("kept", "the T-pose row of each file, which is no motion: 'kept' or 'dropped'", "dropped")
    starts: str = _choice("but_last", "windows start anywhere 'but_last' or at 'all' places of a file", "all")
    mirror: float = _setting(0.0, "share of the windows that are seen in a mirror", 0, 1)
    reverse: float = _setting(0.0, "share of the windows that run backwards", 0, 1)
    averaging: float = _setting(
        0.0, "decay of the running mean of weights that predicts (0: the last weights)", 0, 0.9999
    )
    weight_decay: float = _setting(0.0, "weights shrink by this share of the learning rate each iteration")
    patience: int = _setting(0, "stop after so many checkpoints without a better watched error (0: never)")
    checkpoint_interval: int = _setting(2000, "iterations between checkpoints, sample files and error tables", 1)
    seed: int = _setting(0, "seed of weights, dropout and window drawing", 0, 2**32 - 1)
    watch: str = _choice(
        "test",
        "windows that checkpoints are judged on: 'test', 'validation' (cut from the training files), or 'nothing'",
        "validation",
        "nothing",
    )
    rollout: str = _choice("fast", "'fast', or 'plain': every window encoded anew (see cs2s.networks.rollout)", "plain")
    batches: str = _choice(
        "two", "'two': each network's step draws its own; 'one': both share one and its rollout", "one"
    )
    precision: str = field(
        default="float32",
        metadata={
            "help": f"numbers the layers compute in: {', '.join(PRECISIONS)}; half precision is for GPUs",
            "choices": PRECISIONS,
        },
    )

    @classmethod
    def for_preset(cls, **given: object) -> "Settings":
        """Return the settings of a preset (the paper's, unless `given` names another), changed as `given` says.

        Raises:
            InputError: if a value makes no sense, or the preset has no use for it.
        """
        preset = str(given.get("preset", "paper"))
        settings = cls(**{**preset_settings(preset), **given})
        for name in _ADVERSARIAL if settings.is_direct else _DIRECT:
            if name in given:
                raise InputError(f"--{name.replace('_', '-')} means nothing to the preset '{preset}': leave it out.")
        return settings

    def __post_init__(self) -> None:
        preset_settings(self.preset)
        for setting in fields(self):
            if setting.type is str:
                self._check_choice(setting)
                continue
            value, low, high = getattr(self, setting.name), setting.metadata["low"], setting.metadata["high"]
            argument = "--" + setting.name.replace("_", "-")
            if setting.type is int and not isinstance(value, int):
                raise InputError(f"{argument} {value} makes no sense: it must be a whole number.")
            # Written so that nan fails too.
            if not (low <= value and (high is None or value <= high)) or value == float("inf"):
                wanted = f"at least {low}" if high is None else f"between {low} and {high}"
                raise InputError(f"{argument} {value} makes no sense: it must be {wanted}.")
        if self.is_direct:
            return
        if self.options.padding == "valid" and self.window_length < 8:
            raise InputError(
                f"--window-length {self.window_length} is too short for {self.dataset}: three unpadded "
                "convolutions, each halving the time axis, need at least 8 frames."
            )

    def _check_choice(self, setting: Field) -> None:
        value, choices = getattr(self, setting.name), setting.metadata.get("choices")
        if choices and value not in choices:
            name = setting.name.replace("_", " ")
            raise InputError(f"there is no {name} '{value}'; choose one of: {', '.join(choices)}.")

    @property
    def is_direct(self) -> bool:
        """Whether the preset is a predictor of our own, trained without a discriminator (`cs2s.training.direct`)."""
        return self.preset in DIRECT_PRESETS

    @property
    def drawing(self) -> Drawing:
        """How training windows are drawn."""
        return Drawing(self.rows, self.t_pose, self.starts, self.mirror, self.reverse)

    @property
    def options(self) -> NetworkOptions:
        """What the paper's network does in detail: the preset, on this data set."""
        return network_options(self.preset, describe(self.dataset))

    def as_dict(self) -> dict[str, object]:
        """Return the settings as plain data, for JSON."""
        return asdict(self)
