"""What a training is told: every argument of the original under a clear name, and the presets that give them values.

Some settings mean something to every training (`Settings`), some to the paper's two networks alone
(`AdversarialSettings`), some to predictors of our own, of rows (`DirectSettings`) or of poses (`PoseSettings`). The
values of each preset stand in one table below. To add a predictor of rows, write its network as a layer in
`cs2s.networks` and give it an entry in `DIRECT_PRESETS`.
Taught in ``notebooks/04_adversarial_training`` and ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints

from cs2s.datasets.descriptions import LEAST_OBSERVED, OBSERVED, PREDICTED, describe
from cs2s.errors import InputError, near
from cs2s.networks.options import VARIANTS, NetworkOptions, network_options

if TYPE_CHECKING:
    from cs2s.datasets.pose_windows import PoseDrawing
    from cs2s.datasets.windows import Drawing

__all__ = [
    "DIRECT_PRESETS",
    "KINDS",
    "PAPER",
    "POSE_PRESETS",
    "PRECISIONS",
    "PRESETS",
    "AdversarialSettings",
    "AnySettings",
    "DirectPreset",
    "DirectSettings",
    "Loss",
    "PoseSettings",
    "RowSettings",
    "Setting",
    "Settings",
    "preset_defaults",
    "settings_of",
]

Loss = Literal["squared", "absolute", "balanced"]
"""What a predictor of our own minimises, see `cs2s.training.losses`."""

Precision = Literal["float32", "mixed_float16", "mixed_bfloat16"]

PRECISIONS: tuple[Precision, ...] = get_args(Precision)
"""In which numbers the layers compute, by Keras' names; weights, losses and predictions are always float32."""


@dataclass(frozen=True)
class Setting:
    """What the command line and the checks know of a setting.

    Attributes:
        help: what it is, in a few words.
        low, high: the range of numbers that make sense.
        kind: what it is written as.
        choices: the words it may be; empty if it is none of a few words.
    """

    help: str
    low: float = 0
    high: float = inf
    kind: type[int | float | str] = str
    choices: tuple[str, ...] = ()

    def check(self, name: str, value: Any) -> None:
        """Make sure that a value makes sense.

        Raises:
            InputError: if it does not.
        """
        if self.kind is str:
            if not isinstance(value, str) or (self.choices and value not in self.choices):
                raise InputError(
                    f"there is no {name.replace('_', ' ')} '{value}'{near(value, self.choices)}; "
                    f"choose one of: {', '.join(self.choices)}."
                )
            return
        # To Python, true and false are numbers too.
        if isinstance(value, bool) or not isinstance(value, int if self.kind is int else int | float):
            wanted = "a whole number" if self.kind is int else "a number"
            raise InputError(f"{_argument(name)} {value} makes no sense: it must be {wanted}.")
        # Written so that nan fails too.
        if not self.low <= value <= self.high or value == inf:
            wanted = f"at least {self.low}" if self.high == inf else f"between {self.low} and {self.high}"
            raise InputError(f"{_argument(name)} {value} makes no sense: it must be {wanted}.")


def _argument(name: str) -> str:
    """How a setting is called on the command line."""
    return "--" + name.replace("_", "-")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every training is told; `for_preset` makes one from the values of a preset.

    What has a default here is how a run is run. What is learned from what, and how, stands in the tables of presets.

    Raises:
        InputError: if a value makes no sense.
    """

    dataset: str
    preset: Annotated[str, Setting("which predictor")]
    iterations: Annotated[int, Setting("training iterations, each one step of both networks", 1)]
    batch_size: Annotated[int, Setting("windows in a batch", 1)]
    learning_rate: Annotated[float, Setting("learning rate of both Adam optimisers")]
    learning_rate_decay: Annotated[float, Setting("factor on the learning rate every decay interval", 0, 1)]
    decay_interval: Annotated[int, Setting("iterations between two decays of the learning rate", 1)]
    schedule: Annotated[
        Literal["staircase", "cosine"],
        Setting("learning rate: a 'staircase' down, or half a 'cosine' down to a hundredth"),
    ]
    output_length: Annotated[int, Setting("frames predicted in training", 1)]
    mirror: Annotated[float, Setting("share of the windows that are seen in a mirror", 0, 1)]
    patience: Annotated[int, Setting("stop after so many checkpoints without a better watched error (0: never)")] = 0
    checkpoint_interval: Annotated[int, Setting("iterations between checkpoints, sample files and error tables", 1)] = (
        2000
    )
    checkpoints_kept: Annotated[int, Setting("how many of the newest checkpoints stay, beside the best one", 1)] = 5
    seed: Annotated[int, Setting("seed of weights, dropout and window drawing", 0, 2**32 - 1)] = 0
    watch: Annotated[
        Literal["test", "validation", "nothing"],
        Setting(
            "windows that checkpoints are judged on: 'test', 'validation' (cut from the training files), or 'nothing'"
        ),
    ] = "test"

    @staticmethod
    def for_preset(dataset: str, preset: str = "paper", **changes: Any) -> "AnySettings":
        """Return the settings of a preset (the paper's, unless another is named) on a data set, with some changed.

        Raises:
            InputError: if there is no such preset, or it has no use for what is changed, or a value makes no sense.
        """
        defaults = preset_defaults(preset)
        defaults.check_use(changes)
        return replace(defaults, dataset=dataset, **changes)

    @staticmethod
    def from_file(told: Mapping[str, Any]) -> "AnySettings":
        """Return the settings that a file holds, as `as_dict` gave them.

        Files of version 0.1 hold all settings of both kinds; those that the preset has no use for are left out.

        Raises:
            InputError: if there is no such preset, or a value makes no sense.
            TypeError, KeyError: if there is no such setting, or one is missing.
        """
        defaults = preset_defaults(told.get("preset", "paper"))
        useless = _useless_to(type(defaults))
        used = {name: value for name, value in told.items() if name not in useless}
        return replace(defaults, **{"dataset": told["dataset"], **used})

    def __post_init__(self) -> None:
        for name, setting in settings_of(type(self)).items():
            setting.check(name, getattr(self, name))

    def check_use(self, names: Iterable[str]) -> None:
        """Make sure that the preset has a use for settings of these names.

        Raises:
            InputError: if it has none for one of them.
        """
        for name in names:
            if name in _useless_to(type(self)):
                raise InputError(f"{_argument(name)} means nothing to the preset '{self.preset}': leave it out.")

    @property
    def is_direct(self) -> bool:
        """Whether the preset is a predictor of our own, trained without a discriminator."""
        return not isinstance(self, AdversarialSettings)

    @property
    def least_observed(self) -> int:
        """How many frames a trained predictor must see."""
        return OBSERVED

    @property
    def t_pose_in_statistics(self) -> Literal["kept", "dropped"]:
        """Whether T-pose rows count among those that training data is normalised by."""
        return "kept"

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain data, for JSON."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class RowSettings(Settings):
    """What a training on rows of files (`cs2s.datasets.windows`) is told beside."""

    rows: Annotated[Literal["even", "both"], Setting("of each file, the 'even' rows, or 'both' halves")]
    t_pose: Annotated[
        Literal["kept", "dropped"], Setting("the T-pose row of each file, which is no motion: 'kept' or 'dropped'")
    ]
    starts: Annotated[
        Literal["but_last", "all"], Setting("windows start anywhere 'but_last' or at 'all' places of a file")
    ]
    reverse: Annotated[float, Setting("share of the windows that run backwards", 0, 1)]

    @property
    def drawing(self) -> "Drawing":
        """How training windows are drawn."""
        # Imported here because windows load data, and with them the readers of motion files.
        from cs2s.datasets.windows import Drawing

        return Drawing(self.rows, self.t_pose, self.starts, self.mirror, self.reverse)


@dataclass(frozen=True, kw_only=True)
class AdversarialSettings(RowSettings):
    """What the paper's training, of a generator against a discriminator, is told beside.

    Raises:
        InputError: if a value makes no sense.
    """

    gan_loss_weight: Annotated[float, Setting("weight of the adversarial loss")]
    l2_weight: Annotated[float, Setting("weight of the L2 penalty on kernels")]
    window_length: Annotated[int, Setting("frames the short-term encoder sees", 1, OBSERVED)]
    sampling: Annotated[
        float,
        Setting("share of the prediction in what is fed back; the rest is ground truth (0: ground truth only)", 0, 1),
    ]
    batches: Annotated[
        Literal["two", "one"],
        Setting("'two': each network's step draws its own; 'one': both share one and its rollout"),
    ]
    rollout: Annotated[
        Literal["fast", "plain"], Setting("'fast', or 'plain': every window encoded anew (see cs2s.networks.rollout)")
    ] = "fast"
    precision: Annotated[
        Precision, Setting(f"numbers the layers compute in: {', '.join(PRECISIONS)}; half precision is for GPUs")
    ] = "float32"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.options.padding == "valid" and self.window_length < 8:
            raise InputError(
                f"--window-length {self.window_length} is too short for {self.dataset}: three unpadded "
                "convolutions, each halving the time axis, need at least 8 frames."
            )

    @property
    def options(self) -> NetworkOptions:
        """What the paper's network does in detail: the preset, on this data set."""
        return network_options(self.preset, describe(self.dataset))


@dataclass(frozen=True, kw_only=True)
class DirectSettings(RowSettings):
    """What the training of a predictor of our own, directly on its error, is told beside."""

    loss: Annotated[
        Loss,
        Setting(
            "'squared' error of normalised values, 'absolute' error of angles, or 'balanced', which is absolute with "
            "more weight on early frames"
        ),
    ]
    averaging: Annotated[
        float, Setting("decay of the running mean of weights that predicts (0: the last weights)", 0, 0.9999)
    ]
    weight_decay: Annotated[float, Setting("weights shrink by this share of the learning rate each iteration")]


@dataclass(frozen=True, kw_only=True)
class PoseSettings(Settings):
    """What the training of the single small model (`cs2s.training.pose`) is told beside."""

    speed: Annotated[float, Setting("share of the windows that are played at .8 to 1.25 of the speed", 0, 1)]
    short: Annotated[float, Setting("share of the windows with a past of only 10 to 50 frames", 0, 1)]
    coarse: Annotated[float, Setting("share of the windows that are interpolated from fewer frames a second", 0, 1)]
    turned: Annotated[float, Setting("share of the windows on a skeleton whose unturned joints are turned", 0, 1)]
    grafted: Annotated[float, Setting("share of the windows with the back or arms of another window", 0, 1)] = 0.0
    position_weight: Annotated[float, Setting("weight of the error of where joints are")] = 1.0
    rotation_weight: Annotated[float, Setting("weight of the error of how joints are turned")]
    euler_weight: Annotated[float, Setting("weight of the error of Euler angles, over a whole pose")] = 0.0
    root_weight: Annotated[float, Setting("weight of the root's error, which trains its own blocks alone")]
    early: Annotated[float, Setting("predicted frame f, from 1, weighs 1 / f ** early: 0 weighs all alike")]
    dropout: Annotated[float, Setting("share of features that is dropped", 0, 0.9)]
    mixtures: Annotated[int, Setting("mixtures of frames that the network computes with", 1, OBSERVED + PREDICTED)]
    width: Annotated[int, Setting("features of the network", 1)]
    blocks: Annotated[int, Setting("blocks of the network, in each of its branches", 1)]
    branches: Annotated[
        int, Setting("branches of the network, each of which learns from its own part of a batch", 1)
    ] = 1
    averaging: Annotated[
        float, Setting("decay of the running mean of weights that predicts (0: the last weights)", 0, 0.9999)
    ]
    weight_decay: Annotated[float, Setting("weights shrink by this share of the learning rate each iteration")]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.output_length != PREDICTED:
            raise InputError(f"the preset '{self.preset}' predicts {PREDICTED} frames: leave out --output-length.")
        if self.batch_size % self.branches:
            raise InputError(
                f"--batch-size {self.batch_size} cannot be shared by {self.branches} branches alike: choose a multiple "
                f"of {self.branches}."
            )

    @property
    def least_observed(self) -> int:
        """As few as training shows."""
        return LEAST_OBSERVED if self.short else OBSERVED

    @property
    def t_pose_in_statistics(self) -> Literal["kept", "dropped"]:
        """They do not: a joint that moves in them alone does not turn."""
        return "dropped"

    @property
    def drawing(self) -> "PoseDrawing":
        """How training windows are drawn."""
        from cs2s.datasets.pose_windows import PoseDrawing

        return PoseDrawing(self.mirror, self.speed, self.short, self.coarse, self.turned, grafted=self.grafted)


AnySettings = AdversarialSettings | DirectSettings | PoseSettings

KINDS: tuple[type[Settings], ...] = (AdversarialSettings, DirectSettings, PoseSettings)
"""The kinds of settings, each with what only its presets have a use for."""


def settings_of(kind: type[Settings]) -> Mapping[str, Setting]:
    """Return what is known of each setting of a kind, by name, those of all kinds first; of the data set, nothing."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is Annotated:
            of, setting = get_args(hint)
            is_choice = get_origin(of) is Literal
            found[name] = replace(setting, kind=str if is_choice else of, choices=get_args(of) if is_choice else ())
    return found


def _useless_to(kind: type[Settings]) -> set[str]:
    """The settings of other kinds that mean nothing to this one, by name."""
    return {name for other in KINDS for name in settings_of(other)} - settings_of(kind).keys()


PAPER = AdversarialSettings(
    dataset="cmu",
    preset="paper",
    iterations=20_000,
    batch_size=16,
    learning_rate=5e-5,
    learning_rate_decay=0.99,
    decay_interval=10_000,
    schedule="staircase",
    output_length=25,
    rows="even",
    t_pose="kept",
    starts="but_last",
    mirror=0.0,
    reverse=0.0,
    gan_loss_weight=0.01,
    l2_weight=0.001,
    window_length=20,
    sampling=0.95,
    batches="two",
)
"""The paper's training, on its data. Those of its network's other variants (`VARIANTS`) have the same values."""


@dataclass(frozen=True)
class DirectPreset:
    """A predictor of our own.

    Attributes:
        layer: its network, as ``module:class`` in `cs2s.networks`: a layer from normalised ``(batch, 50, columns)`` and
            a number of frames to ``(batch, frames, columns)``, made from the number of columns, how many of the first
            are the place of the root, a seed and a name. Named and not imported, since layers need TensorFlow.
        defaults: its training on CMU.
    """

    layer: str
    defaults: DirectSettings


_ALIGNED_CONV = DirectSettings(
    dataset="cmu",
    preset="aligned-conv",
    iterations=5000,
    batch_size=16,
    learning_rate=1e-3,
    learning_rate_decay=0.99,
    decay_interval=10_000,
    schedule="cosine",
    output_length=25,
    rows="both",
    t_pose="dropped",
    starts="all",
    mirror=0.5,
    reverse=0.0,
    loss="balanced",
    averaging=0.995,
    weight_decay=0.0,
)
# The same but for what stands here.
_DCT_MLP = replace(
    _ALIGNED_CONV,
    preset="dct-mlp",
    iterations=2400,
    batch_size=64,
    learning_rate=3e-3,
    averaging=0.99,
    weight_decay=0.3,
)

DIRECT_PRESETS: Mapping[str, DirectPreset] = {
    "aligned-conv": DirectPreset(layer="aligned_generator:AlignedGenerator", defaults=_ALIGNED_CONV),
    "dct-mlp": DirectPreset(layer="dct_mlp:DctMlp", defaults=_DCT_MLP),
}
"""Predictors of our own, trained without a discriminator: a convolutional one and a small one without convolutions."""

POSE_PRESETS: Mapping[str, PoseSettings] = {
    "pose-mlp": PoseSettings(
        dataset="cmu",
        preset="pose-mlp",
        iterations=3000,
        batch_size=128,
        learning_rate=1.5e-3,
        learning_rate_decay=0.99,
        decay_interval=10_000,
        schedule="cosine",
        output_length=PREDICTED,
        mirror=0.5,
        speed=0.5,
        short=0.3,
        coarse=0.2,
        turned=0.4,
        grafted=0.4,
        position_weight=1.0,
        rotation_weight=0.3,
        euler_weight=0.2,
        root_weight=0.3,
        early=0.5,
        dropout=0.2,
        mixtures=40,
        width=112,
        blocks=8,
        branches=2,
        averaging=0.995,
        weight_decay=0.3,
    ),
}
"""The single small model, which sees poses: its training on CMU."""

PRESETS = (*VARIANTS, *DIRECT_PRESETS, *POSE_PRESETS)
"""The names of all presets."""


def preset_defaults(preset: str) -> "AnySettings":
    """Return the settings that a preset has on CMU, unless others are given.

    Raises:
        InputError: if there is no such preset.
    """
    if preset in VARIANTS:
        return replace(PAPER, preset=preset)
    if preset in DIRECT_PRESETS:
        return DIRECT_PRESETS[preset].defaults
    if preset in POSE_PRESETS:
        return POSE_PRESETS[preset]
    raise InputError(f"there is no preset '{preset}'{near(preset, PRESETS)}; choose one of: {', '.join(PRESETS)}.")
