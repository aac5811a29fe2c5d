"""The model that settings ask for: the paper's, trained adversarially, or a predictor of our own.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from cs2s.datasets.windows import Statistics
from cs2s.networks.tensorflow import keras
from cs2s.training.adversarial import ConvSeq2Seq, build_model
from cs2s.training.direct import DirectModel
from cs2s.training.pose import PoseModel
from cs2s.training.settings import AdversarialSettings, DirectSettings, PoseSettings, Settings

__all__ = ["model_for", "predicting_network"]


def model_for(settings: Settings, statistics: Statistics, classes: int) -> ConvSeq2Seq | DirectModel | PoseModel:
    """Make a model with fresh weights (a function of the seed) and compile it.

    Args:
        settings: of the training.
        statistics: the normalisation of the training data.
        classes: actions of the data set.
    """
    if isinstance(settings, AdversarialSettings):
        return build_model(settings, len(statistics.used), classes)
    if isinstance(settings, PoseSettings):
        return PoseModel.fresh(settings, statistics, name="pose")
    assert isinstance(settings, DirectSettings)
    return DirectModel.fresh(settings, statistics, name="direct")


def predicting_network(settings: Settings, statistics: Statistics, classes: int) -> keras.layers.Layer:
    """Make only the part of a model that predicts: what a shipped predictor consists of."""
    return model_for(settings, statistics, classes).predicting
