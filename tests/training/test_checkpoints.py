"""Models survive Keras' own ``save``, too: with weights, optimisers and random states."""

import numpy as np
import pytest

from cs2s.datasets.windows import TrainingWindows, dataset_statistics
from cs2s.networks.tensorflow import keras
from cs2s.training.models import model_for
from cs2s.training.settings import Settings


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["paper", "aligned-conv", "dct-mlp"])
def test_a_saved_model_goes_on_as_it_was(preset, demo, tmp_path):
    statistics = dataset_statistics(demo)
    settings = Settings.for_preset(
        "demo", preset, output_length=3, **({"window_length": 16} if preset == "paper" else {})
    )
    windows = TrainingWindows(demo, statistics, frames=3)
    batches = [windows.draw(4, 0, iteration) for iteration in range(3)]

    def step(model, number):
        model.train_step((batches[number], batches[number]) if preset == "paper" else batches[number])

    model = model_for(settings, statistics, windows.classes)
    step(model, 0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    observed = batches[1][0][:, :50]
    np.testing.assert_array_equal(loaded(observed), model(observed))
    for each in (model, loaded):
        step(each, 1)
    assert len(loaded.variables) == len(model.variables)
    for ours, theirs in zip(model.variables, loaded.variables, strict=True):
        np.testing.assert_allclose(theirs.numpy(), ours.numpy(), atol=1e-5, err_msg=ours.path)
