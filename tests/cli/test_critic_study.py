"""How much a critic weighs: measured against slopes by finite differences."""

import json

import numpy as np
import pytest
from typed import refused, run

from cs2s.datasets.loading import load
from cs2s.datasets.windows import TrainingWindows, dataset_statistics
from cs2s.networks.tensorflow import tf
from cs2s.training.adversarial import build_model
from cs2s.training.critic_study import weigh
from cs2s.training.settings import Settings


@pytest.fixture(scope="module")
def demo():
    return load("demo")


@pytest.mark.slow
def test_a_pull_is_the_slope_against_itself(demo):
    """Going a little along its gradient, a term changes by the gradient's length times the way."""
    settings = Settings.for_preset("demo", output_length=8, batch_size=3)
    windows = TrainingWindows(demo, dataset_statistics(demo), 8)
    model = build_model(settings, windows.columns, windows.classes)
    batches = [windows.draw(3, 0, number) for number in range(2)]
    told = weigh(model, batches)
    weights = [weight.value for weight in model.generator.trainable_variables]
    with tf.GradientTape() as tape:
        loss = tf.add_n([model.generator_losses(*batch, training=False)[0] for batch in batches]) / 2
    gradient = tape.gradient(loss, weights)
    way = 1e-3
    for weight, part in zip(model.generator.trainable_variables, gradient, strict=True):
        weight.assign_add(way / told["pull_reconstruction"] * part)
    slope = (weigh(model, batches)["reconstruction"] - told["reconstruction"]) / way
    assert slope == pytest.approx(told["pull_reconstruction"], rel=0.05)
    assert 0 < told["pull_gan"] < told["pull_reconstruction"]
    assert told["right_recorded"] in {n / 6 for n in range(7)}
    assert told["discriminator_loss"] == pytest.approx(2 * np.log(2), abs=0.2)


@pytest.mark.slow
def test_a_run_is_studied_at_every_checkpoint(tmp_path, capsys):
    words = "--dataset demo --iterations 2 --checkpoint-interval 1 --batch-size 2 --output-length 8".split()
    watched, other, out = tmp_path / "watched", tmp_path / "other", tmp_path / "critic.json"
    assert run("train", *words, "--run", watched, "--watch", "validation", "--quiet") == 0
    assert run("train", *words, "--run", other, "--watch", "nothing", "--quiet") == 0
    assert run("critic-study", watched, "--json", out) == 0
    found = json.loads(out.read_text())["watched"]
    assert [moment["iteration"] for moment in found["checkpoints"]] == [0, 1, 2]
    assert found["weight"] == 0.01 and set(found["movement"]) >= {"walking", "boxing"}
    assert all(len(moved["predicted"]) == len(moved["recorded"]) == 25 for moved in found["movement"].values())
    assert len(found["shown"]["recorded"]) == 35 and len(found["shown"]["predicted"]) == 25
    assert "validation" in refused(capsys, "critic-study", other, "--json", out)
    assert "no window 9999 of walking" in refused(capsys, "critic-study", watched, "--window", 9999, "--json", out)
    assert "there is no flying" in refused(capsys, "critic-study", watched, "--action", "flying", "--json", out)
    # A curve with a gap is none: a training keeps five checkpoints, unless told otherwise.
    next(iter(sorted((watched / "checkpoints").iterdir()))).unlink()
    assert "has kept 1 of 2 checkpoints: train it with --checkpoints-kept 2" in refused(
        capsys, "critic-study", watched, "--json", out
    )
