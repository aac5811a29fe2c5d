"""The model that settings ask for: the paper's, trained adversarially, or a predictor of our own.

To add a predictor, write its network as a layer, name it here and give it defaults in `cs2s.training.presets`.
Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Callable

from cs2s.datasets.windows import Statistics
from cs2s.networks.aligned_generator import AlignedGenerator
from cs2s.networks.dct_mlp import DctMlp
from cs2s.networks.tensorflow import keras
from cs2s.training.adversarial import ConvSeq2Seq, build_model
from cs2s.training.direct import DirectModel
from cs2s.training.settings import Settings

__all__ = ["model_for", "predicting_network"]


def _root_columns(statistics: Statistics) -> int:
    """How many of the used columns are the place of the root: they come first."""
    return int((statistics.used < 3).sum())


_NETWORKS: dict[str, Callable[[Settings, Statistics], keras.layers.Layer]] = {
    "aligned-conv": lambda settings, statistics: AlignedGenerator(
        len(statistics.used), _root_columns(statistics), seed=100 * settings.seed, name="aligned_generator"
    ),
    "dct-mlp": lambda settings, statistics: DctMlp(
        len(statistics.used), _root_columns(statistics), seed=100 * settings.seed, name="dct_mlp"
    ),
}


def model_for(settings: Settings, statistics: Statistics, classes: int) -> ConvSeq2Seq | DirectModel:
    """Make a model with fresh weights (a function of the seed) and compile it.

    Args:
        settings: of the training.
        statistics: the normalisation of the training data.
        classes: actions of the data set.
    """
    if not settings.is_direct:
        return build_model(settings, len(statistics.used), classes)
    keras.utils.set_random_seed(settings.seed)
    model = DirectModel(settings, lambda: _NETWORKS[settings.preset](settings, statistics), statistics, name="direct")
    model.build()
    model.compile()
    return model


def predicting_network(settings: Settings, statistics: Statistics, classes: int) -> keras.layers.Layer:
    """Make only the part of a model that predicts: what a shipped predictor consists of."""
    return model_for(settings, statistics, classes).predicting
