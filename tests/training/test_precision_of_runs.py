"""Runs in half precision: they resume to the last bit, and keep to what they began with."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from test_precision import demo_model
from test_training import QUICK, finish, start_training

from cs2s.cli.parser import main
from cs2s.datasets.windows import dataset_statistics
from cs2s.errors import InputError
from cs2s.training.loop import train, training_batches
from cs2s.training.runs import Run
from cs2s.training.settings import Settings


def checkpoint_content(path: Path) -> dict[str, np.ndarray]:
    content = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: content.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return content


@pytest.mark.slow
def test_resumed_in_float16_it_ends_bit_identical(tmp_path):
    sizes = "--output-length 2 --batch-size 4 --window-length 8 --iterations 2 --precision mixed_float16".split()
    straight, halted = tmp_path / "straight", tmp_path / "halted"
    # The two runs are made side by side: half precision is slow on a CPU.
    whole = start_training(straight, "--dataset", "demo", *sizes)
    finish(start_training(halted, "--dataset", "demo", *sizes, "--iterations", "1"))
    finish(start_training(halted, "--resume", "--iterations", "2"))
    finish(whole)
    expected, found = (checkpoint_content(Run.open(folder).checkpoint_file(2)) for folder in (straight, halted))
    assert set(expected) == set(found)
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)


def test_other_names_are_refused(capsys, tmp_path):
    with pytest.raises(InputError, match=r"no precision 'float16'.*; choose one of: float32, mixed_float16, mixed_b"):
        Settings.for_preset("demo", precision="float16")
    run = str(tmp_path / "run")
    assert main(["train", "--dataset", "demo", "--run", run, "--precision", "half"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_run_keeps_its_precision_and_older_runs_are_float32(demo, tmp_path):
    settings = Settings.for_preset("demo", precision="mixed_bfloat16", iterations=1, **QUICK)
    run = Run.create(tmp_path / "run", settings, {"data": demo.fingerprint}, dataset_statistics(demo))
    assert Run.open(run.folder).settings == settings
    assert run.continued({"precision": "mixed_bfloat16", "iterations": 2}).settings.precision == "mixed_bfloat16"
    with pytest.raises(InputError, match="--precision float32 differs from mixed_bfloat16"):
        run.continued({"precision": "float32"})
    assert train(run, demo, verbose=0).generator.hidden.compute_dtype == "bfloat16"

    content = json.loads((run.folder / "run.json").read_text())
    del content["settings"]["precision"]
    (run.folder / "run.json").write_text(json.dumps(content))
    assert Run.open(run.folder).settings.precision == "float32"


@pytest.mark.slow
def test_the_scale_of_the_losses_is_saved_and_restored(windows, tmp_path):
    model, fresh = (demo_model(windows, "mixed_float16") for _ in range(2))
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        optimizer.dynamic_scale.assign(123.0)
        optimizer.step_counter.assign(45)
    model.save_weights(tmp_path / "model.weights.h5")
    fresh.load_weights(tmp_path / "model.weights.h5")
    for optimizer in (fresh.generator_optimizer, fresh.discriminator_optimizer):
        assert float(optimizer.dynamic_scale) == 123
        assert int(optimizer.step_counter) == 45


@pytest.mark.slow
def test_a_step_with_infinite_gradients_is_left_out_and_the_scale_halved(windows):
    model = demo_model(windows, "mixed_float16")
    before = [variable.numpy() for variable in model.trainable_variables]
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        optimizer.dynamic_scale.assign(1e38)
    model.fit(training_batches(windows, model.settings, 0, 1), verbose=0, shuffle=False)
    for variable, value in zip(model.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert float(model.generator_optimizer.dynamic_scale) == pytest.approx(5e37)
