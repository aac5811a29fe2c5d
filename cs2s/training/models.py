"""The model that settings ask for: the paper's, trained adversarially, or a predictor of our own.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from functools import partial
from pkgutil import resolve_name

from cs2s.datasets.windows import Statistics
from cs2s.networks.tensorflow import keras
from cs2s.training.adversarial import ConvSeq2Seq, build_model
from cs2s.training.direct import DirectModel
from cs2s.training.settings import DIRECT_PRESETS, AdversarialSettings, DirectSettings, Settings

__all__ = ["model_for", "predicting_network"]


def model_for(settings: Settings, statistics: Statistics, classes: int) -> ConvSeq2Seq | DirectModel:
    """Make a model with fresh weights (a function of the seed) and compile it.

    Args:
        settings: of the training.
        statistics: the normalisation of the training data.
        classes: actions of the data set.
    """
    if isinstance(settings, AdversarialSettings):
        return build_model(settings, len(statistics.used), classes)
    assert isinstance(settings, DirectSettings)
    layer = DIRECT_PRESETS[settings.preset].layer
    root_columns = int((statistics.used < 3).sum())
    network = partial(
        resolve_name(f"cs2s.networks.{layer}"),
        len(statistics.used),
        root_columns,
        seed=100 * settings.seed,
        name=layer.partition(":")[0],
    )
    keras.utils.set_random_seed(settings.seed)
    model = DirectModel(settings, network, statistics, name="direct")
    model.build()
    model.compile()
    return model


def predicting_network(settings: Settings, statistics: Statistics, classes: int) -> keras.layers.Layer:
    """Make only the part of a model that predicts: what a shipped predictor consists of."""
    return model_for(settings, statistics, classes).predicting
