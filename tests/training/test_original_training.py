"""Ten training iterations of the authors' program, made again: both losses of each, and all weights afterwards."""

import json

import numpy as np
import pytest
from original import NAMES, give_weights, training_batch, without_dropout

from cs2s.networks.tensorflow import tf
from cs2s.training.adversarial import build_model
from cs2s.training.settings import Settings


@pytest.mark.slow
@pytest.mark.parametrize("rollout", ["plain", "fast"])
def test_ten_iterations_are_those_of_the_original(golden, rollout):
    printed = json.loads((golden / "original_cmu_training.json").read_text())
    model = without_dropout(build_model(Settings.for_preset("cmu", rollout=rollout), 70, 8))
    give_weights(model)
    step = tf.function(model.train_step)
    losses = []
    for iteration in range(10):
        model.reset_metrics()
        means = step((training_batch(2 * iteration), training_batch(2 * iteration + 1)))
        losses.append([float(means[name]) for name in ("discriminator_loss", "generator_loss")])
    np.testing.assert_allclose(np.transpose(losses), [printed["losses_d"], printed["losses_g"]], rtol=1e-6)
    assert list(printed["variables"]) == NAMES
    for variable, (name, numbers) in zip(model.trainable_variables, printed["variables"].items(), strict=True):
        value = variable.numpy().astype(np.float64).ravel()
        assert np.linalg.norm(value) == pytest.approx(numbers["norm"], rel=4e-6), name
        np.testing.assert_allclose(value[numbers["at"]], numbers["values"], atol=2e-6, err_msg=name)
