"""Training: the two steps, `fit` and its company, and going on after any interruption."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from original import without_dropout

from cs2s.datasets.windows import TrainingWindows, dataset_statistics
from cs2s.training.adversarial import build_model
from cs2s.training.loop import train, training_batches
from cs2s.training.runs import Run
from cs2s.training.settings import Settings

QUICK = {"output_length": 2, "batch_size": 4, "window_length": 8}


def demo_model(windows: TrainingWindows, **changes) -> keras.Model:
    return build_model(Settings.for_preset("demo", **(QUICK | changes)), windows.columns, windows.classes)


@pytest.mark.slow
def test_one_iteration_is_a_discriminator_step_and_a_generator_step(windows):
    """The same iteration by hand: plain gradients, and Adam's first step written out."""
    import tensorflow as tf

    rate = 1e-3
    model = without_dropout(demo_model(windows, learning_rate=rate))
    first, second = windows.draw(4, 0, 0, 0), windows.draw(4, 0, 0, 1)

    def adam_steps(loss, variables):
        with tf.GradientTape() as tape:
            value = loss()
        gradients = tape.gradient(value, [v.value for v in variables])
        # Adam's first step from zero moments: lr * g / (|g| + eps), with TF's placing of epsilon.
        scale = np.sqrt(1 - 0.999)
        return [
            v.numpy() - rate * g.numpy() * (1 - 0.9) / (1 - 0.9) / (np.abs(g.numpy()) + 1e-8 / scale)
            for v, g in zip(variables, gradients, strict=True)
        ]

    predicted = model.rollout(first[0], training=False)
    judge = model.discriminator.trainable_variables
    maker = model.generator.trainable_variables
    expected_judge = adam_steps(lambda: model.discriminator_losses(*first, predicted, training=False)[1], judge)
    before = [v.numpy() for v in judge]
    for v, value in zip(judge, expected_judge, strict=True):
        v.assign(value)
    expected_maker = adam_steps(lambda: model.generator_losses(*second, training=False)[2], maker)
    for v, value in zip(judge, before, strict=True):
        v.assign(value)

    model.fit(training_batches(windows, model.settings, 0, 1), verbose=0, shuffle=False)
    for variables, expected in ((judge, expected_judge), (maker, expected_maker)):
        for v, value in zip(variables, expected, strict=True):
            # Where a gradient is all but zero, its sign, and so Adam's step, hangs on rounding.
            close = np.isclose(v.numpy(), value, atol=2e-6)
            assert close.mean() > 0.995, v.path


@pytest.mark.slow
def test_fit_works_with_callbacks_and_tensorboard(windows, tmp_path):
    model = demo_model(windows)
    seen = []
    callbacks = [
        keras.callbacks.LambdaCallback(on_train_batch_end=lambda step, logs: seen.append(dict(logs))),
        keras.callbacks.TensorBoard(tmp_path / "logs"),
    ]
    history = model.fit(training_batches(windows, model.settings, 0, 3), callbacks=callbacks, verbose=0, shuffle=False)
    assert len(seen) == 3
    assert set(history.history) == {"reconstruction", "generator_loss", "discriminator_loss"}
    assert all(np.isfinite(value) for logs in seen for value in logs.values())
    assert list((tmp_path / "logs").rglob("events.*"))


def test_nothing_tunes_the_batches(windows):
    """The thread that tunes may sleep for a minute when an iteration ends, and its end is waited for."""
    batches = training_batches(windows, Settings.for_preset("demo", **QUICK), 0, 3)
    assert batches.options().autotune.enabled is False


@pytest.mark.slow
def test_training_lowers_the_error(windows):
    model = demo_model(windows, learning_rate=1e-3, batch_size=8)
    held = windows.draw(64, seed=9, iteration=0)
    before = float(model.generator_losses(*held, training=False)[0])
    model.fit(training_batches(windows, model.settings, 0, 100), verbose=0, shuffle=False)
    assert float(model.generator_losses(*held, training=False)[0]) < 0.75 * before


def test_the_learning_rate_decays_in_steps(windows):
    model = demo_model(windows, learning_rate=0.5, learning_rate_decay=0.9, decay_interval=10)
    schedule = model.generator_optimizer._learning_rate
    for iteration, expected in ((0, 0.5), (9, 0.5), (10, 0.45), (25, 0.405)):
        assert float(schedule(iteration)) == pytest.approx(expected)


@pytest.mark.slow
def test_two_replicas_do_what_one_device_does():
    code = Path(__file__).with_name("distributed_training.py")
    result = subprocess.run([sys.executable, code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr[-3000:]


def test_a_run_directory_holds_what_made_it(trained_run):
    run = Run.open(trained_run)
    assert run.settings.iterations == 3
    assert run.settings.batch_size == 4
    assert {"data", "seed", "command", "versions", "made"} <= set(run.made_from)
    assert run.checkpoints == [2, 3]
    assert [row["iteration"] for row in run.read_history()] == ["2", "3"]
    assert all(run.samples_file(iteration).is_file() for iteration in (2, 3))
    assert not list(trained_run.rglob("*.tmp*"))


@pytest.mark.parametrize("kept", [1, 5, 100])
def test_only_the_newest_checkpoints_are_kept(tmp_path, kept):
    run = Run(tmp_path, Settings.for_preset("demo", checkpoints_kept=kept), {}, None)
    (tmp_path / "checkpoints").mkdir()
    for iteration in range(1, 9):
        run.checkpoint_file(iteration).touch()
    run.prune()
    assert run.checkpoints == list(range(1, 9))[-kept:]


def test_a_finished_run_is_left_as_it_is(trained_run, demo):
    run = Run.open(trained_run)
    before = {path: path.stat().st_mtime_ns for path in trained_run.rglob("*")}
    train(run, demo, verbose=0)
    assert before == {path: path.stat().st_mtime_ns for path in trained_run.rglob("*")}


@pytest.mark.slow
def test_a_callback_can_stop_the_training(demo, tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    settings = Settings.for_preset("demo", iterations=4, checkpoint_interval=2, **QUICK)
    run = Run.create(tmp_path / "run", settings, {"data": demo.fingerprint}, dataset_statistics(demo))
    train(run, demo, verbose=0, callbacks=[Stop()])
    assert run.checkpoints == []


ARGUMENTS = "--output-length 2 --batch-size 4 --window-length 8 --iterations 6 --checkpoint-interval 2".split()


def start_training(folder: Path, *more: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "cs2s", "train", "--run", str(folder), "--deterministic", "--quiet", *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen) -> None:
    assert process.wait() == 0, process.stderr.read().decode()[-2000:]


def kill_when(process: subprocess.Popen, happens) -> None:
    """Send SIGKILL as soon as something has happened."""
    while not happens():
        assert process.poll() is None, process.stderr.read().decode()[-2000:]
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def checkpoint_content(folder: Path) -> dict[str, np.ndarray]:
    content = {}
    with h5py.File(Run.open(folder).checkpoint_file(6)) as file:
        file.visititems(lambda name, item: content.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return content


@pytest.mark.slow
def test_killed_anywhere_and_resumed_it_ends_bit_identical(tmp_path):
    straight = start_training(tmp_path / "straight", "--dataset", "demo", *ARGUMENTS)
    folder = tmp_path / "killed"
    run = Run(folder, Settings.for_preset("demo"), {}, None)
    # Between checkpoints: the first one is done, the second far.
    kill_when(start_training(folder, "--dataset", "demo", *ARGUMENTS), lambda: run.checkpoints == [2])

    def second_is_being_written() -> bool:
        half_written = list((folder / "checkpoints").glob(".iteration-000004*"))
        return any(path.exists() and path.stat().st_size > 1_000_000 for path in half_written)

    kill_when(start_training(folder, "--resume"), second_is_being_written)
    assert run.checkpoints == [2]
    assert list((folder / "checkpoints").glob(".iteration-000004*")), "it was not killed while writing"
    resumed = start_training(folder, "--resume")
    finish(resumed)
    finish(straight)

    expected, found = checkpoint_content(tmp_path / "straight"), checkpoint_content(folder)
    assert set(expected) == set(found)
    for part in ("generator/", "discriminator/", "generator_optimizer/", "discriminator_optimizer/", "random_state"):
        assert any(part in name for name in expected), part
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
    assert [row["iteration"] for row in Run.open(folder).read_history()] == ["2", "4", "6"]
    straight_history = (tmp_path / "straight" / "history.csv").read_text()
    assert (folder / "history.csv").read_text() == straight_history
    assert run.checkpoints == [2, 4, 6]
    assert not list(folder.rglob("*.tmp*")), "what a killed training left half-written is cleared away"
