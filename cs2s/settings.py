"""The settings of a training: every argument of the original under a clear name, with the paper's values."""

from dataclasses import Field, asdict, dataclass, field, fields

from cs2s.datasets import describe
from cs2s.errors import InputError
from cs2s.presets import NetworkOptions, network_options
from cs2s.windows import OBSERVED

__all__ = ["PRECISIONS", "Settings"]

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
"""In which numbers the layers compute, by Keras' names; weights, losses and predictions are always float32."""


def _setting(default: object, help: str, low: float = 0, high: float | None = None) -> object:
    """A field with its default, its help text and the range of values that make sense."""
    return field(default=default, metadata={"help": help, "low": low, "high": high})


@dataclass(frozen=True)
class Settings:
    """What a training run is told. The defaults are the paper's.

    Raises:
        InputError: if a value makes no sense.
    """

    dataset: str
    preset: str = field(
        default="paper", metadata={"help": "'paper' with all its quirks, or 'corrected' without (see cs2s.presets)"}
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
    checkpoint_interval: int = _setting(2000, "iterations between checkpoints, sample files and error tables", 1)
    seed: int = _setting(0, "seed of weights, dropout and window drawing", 0, 2**32 - 1)
    watch: str = field(
        default="test",
        metadata={
            "help": "windows that checkpoints are judged on: 'test', 'validation' (cut from the training files, not "
            "trained on), or 'nothing'",
            "choices": ("test", "validation", "nothing"),
        },
    )
    rollout: str = field(
        default="fast",
        metadata={
            "help": "'fast', or 'plain': every window encoded anew, the same numbers slowly (see cs2s.rollout)",
            "choices": ("fast", "plain"),
        },
    )
    batches: str = field(
        default="two",
        metadata={
            "help": "'two': each network's step draws its own batch; 'one': both share one and its rollout",
            "choices": ("two", "one"),
        },
    )
    precision: str = field(
        default="float32",
        metadata={
            "help": f"numbers the layers compute in: {', '.join(PRECISIONS)}; half precision is for GPUs",
            "choices": PRECISIONS,
        },
    )

    def __post_init__(self) -> None:
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
    def options(self) -> NetworkOptions:
        """What the network does in detail: the preset, on this data set."""
        return network_options(self.preset, describe(self.dataset))

    def as_dict(self) -> dict[str, object]:
        """Return the settings as plain data, for JSON."""
        return asdict(self)
