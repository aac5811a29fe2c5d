"""Predictors of our own: the loss, the mean weights, the aligned generator, and training them as runs."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.validation import hold_out
from cs2s.datasets.windows import OBSERVED, TrainingWindows, all_windows, dataset_statistics
from cs2s.errors import InputError
from cs2s.networks.aligned_generator import AlignedGenerator
from cs2s.networks.tensorflow import tf
from cs2s.training.models import model_for
from cs2s.training.optimisers import learning_rate
from cs2s.training.predictors import load_predictor
from cs2s.training.runs import Run
from cs2s.training.settings import DIRECT_PRESETS, DirectPreset, Settings


@pytest.fixture(scope="module")
def statistics(demo):
    return dataset_statistics(demo)


def test_checkpoints_hold_all_random_states_of_the_aligned_generator_in_the_order_of_version_0_1(statistics):
    model = model_for(settings("aligned-conv"), statistics, 5)
    network = model.network
    dropouts = [encoder.dropouts[n] for encoder in (network.long_term, network.short_term) for n in (2, 1, 0)]
    expected = [dropout.seed_generator.state for dropout in [*dropouts, network.dropout]]
    assert [id(state) for state in model.random_states] == [id(state) for state in expected]
    assert len(network.variables) == len(network.weights) + len(expected)


def settings(preset: str, **changes) -> Settings:
    return Settings.for_preset(dataset="demo", preset=preset, **({"iterations": 40, "batch_size": 4} | changes))


@pytest.mark.slow
@pytest.mark.parametrize("preset", DIRECT_PRESETS)
def test_a_network_starts_near_zero_velocity_and_learns(preset, demo, statistics):
    chosen = settings(preset, learning_rate=2e-3, averaging=0.5, schedule="staircase")
    model = model_for(chosen, statistics, 5)
    batch = TrainingWindows(demo, statistics, 25, chosen.drawing).draw(4, 0, 0)
    observed, future = batch[0][:, :OBSERVED], batch[0][:, OBSERVED:]
    untrained = np.asarray(model(observed, frames=25))
    np.testing.assert_allclose(untrained, np.repeat(observed[:, -1:], 25, axis=1), atol=0.1)
    before = float(model.loss_of(future, untrained))
    step = tf.function(model.train_step)
    for _ in range(40):
        step(batch)
    assert float(model.loss_of(future, model(observed, frames=25))) < 0.8 * before


def test_a_layer_and_an_entry_in_the_table_make_a_predictor(monkeypatch, statistics):
    defaults = replace(DIRECT_PRESETS["dct-mlp"].defaults, preset="mine", loss="squared")
    monkeypatch.setitem(DIRECT_PRESETS, "mine", DirectPreset("dct_mlp:DctMlp", defaults))
    model = model_for(settings("mine"), statistics, 5)
    assert (model.settings.loss, model.settings.batch_size) == ("squared", 4)
    assert model.predicting.name == "dct_mlp"


@pytest.mark.slow
@pytest.mark.parametrize("preset", DIRECT_PRESETS)
def test_weights_are_a_function_of_the_seed(preset, statistics):
    first, again, other = (
        model_for(settings(preset, seed=seed), statistics, 5).predicting.get_weights() for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("preset", DIRECT_PRESETS)
@pytest.mark.slow
def test_no_preset_has_half_as_many_weights_again_as_the_papers_generator(preset, statistics):
    paper = model_for(Settings.for_preset("demo"), statistics, 5).generator.count_params()
    assert model_for(settings(preset), statistics, 5).predicting.count_params() <= 1.5 * paper


@pytest.mark.slow
def test_the_mean_weights_follow_the_recursion(demo, statistics):
    model = model_for(settings("aligned-conv", averaging=0.6), statistics, 5)
    windows = TrainingWindows(demo, statistics, 25)
    expected = model.averaged.get_weights()
    for iteration in range(4):
        model.train_step(windows.draw(4, 0, iteration))
        decay = min(0.6, (iteration + 1) / (iteration + 10))
        new = model.network.get_weights()
        expected = [decay * mean + (1 - decay) * weight for mean, weight in zip(expected, new, strict=True)]
    for mean, wanted in zip(model.averaged.get_weights(), expected, strict=True):
        np.testing.assert_allclose(mean, wanted, atol=1e-6)


def test_the_aligned_generator_sees_every_recent_frame_and_every_column():
    generator = AlignedGenerator(20, filters=(4, 8, 8), units=16, seed=3)
    generator.build()
    generator.steps.kernel.assign(np.random.default_rng(0).normal(0, 0.1, generator.steps.kernel.shape))
    observed = np.random.default_rng(1).normal(0, 1, (1, 50, 20)).astype(np.float32)
    before = np.asarray(generator(observed, frames=5)) - observed[:, -1:]
    for frame, column in [*((frame, 7) for frame in (1, 2, 33, 40, 45, 46, 47, 48, 49)), (44, 19), (49, 0), (49, 19)]:
        changed = observed.copy()
        changed[0, frame, column] += 1
        after = np.asarray(generator(changed, frames=5)) - changed[:, -1:]
        assert not np.allclose(after, before, atol=1e-6), (frame, column)


def test_the_aligned_generator_does_not_care_where_in_the_room_somebody_stands():
    generator = AlignedGenerator(20, filters=(4, 8, 8), units=16)
    generator.build()
    generator.steps.kernel.assign(np.random.default_rng(0).normal(0, 0.1, generator.steps.kernel.shape))
    observed = np.random.default_rng(1).normal(0, 1, (2, 50, 20)).astype(np.float32)
    moved = observed + np.array([3, -2, 5] + 17 * [0], np.float32)
    np.testing.assert_allclose(
        np.asarray(generator(moved, frames=12)) - np.asarray(generator(observed, frames=12)),
        np.broadcast_to(np.array([3, -2, 5] + 17 * [0]), (2, 12, 20)),
        atol=1e-4,
    )


@pytest.mark.parametrize("frames", [1, 5, 7, 25, 60])
@pytest.mark.slow
def test_a_shorter_prediction_is_the_start_of_a_longer_one(frames):
    generator = AlignedGenerator(20, filters=(4, 8, 8), units=16)
    generator.build()
    observed = np.random.default_rng(1).normal(0, 1, (2, 50, 20)).astype(np.float32)
    long, short = (np.asarray(generator(observed, frames=count)) for count in (60, frames))
    assert short.shape == (2, frames, 20)
    np.testing.assert_allclose(short, long[:, :frames], atol=1e-5)


def test_the_cosine_rises_and_falls():
    rate = learning_rate(Settings.for_preset("demo", schedule="cosine", learning_rate=0.4, iterations=1050))
    found = [float(rate(iteration)) for iteration in (0, 25, 50, 550, 1050)]
    half = 0.4 * (0.99 * 0.5 + 0.01)
    np.testing.assert_allclose(found, [0, 0.2, 0.4, half, 0.004], rtol=1e-5, atol=1e-8)


def test_settings_say_what_a_preset_has_no_use_for():
    for preset, name, value in (("dct-mlp", "gan_loss_weight", 0.1), ("paper", "averaging", 0.9)):
        with pytest.raises(InputError, match=f"--{name.replace('_', '-')} means nothing to the preset '{preset}'"):
            Settings.for_preset(dataset="demo", preset=preset, **{name: value})
    with pytest.raises(InputError, match="no preset 'mlp'; choose one of: paper, corrected"):
        Settings.for_preset(dataset="demo", preset="mlp")
    with pytest.raises(InputError, match="no watch 'train'; choose one of: test, validation, nothing"):
        Settings.for_preset("demo", watch="train")


@pytest.fixture(scope="module")
def watched_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("direct") / "run"
    arguments = "train --dataset demo --preset aligned-conv --iterations 30 --checkpoint-interval 2 --quiet"
    more = "--watch validation --patience 2 --batch-size 2 --learning-rate 0.1"
    assert main([*arguments.split(), *more.split(), "--run", str(folder)]) == 0
    return folder


@pytest.mark.slow
def test_patience_ends_a_training_that_gets_no_better_and_the_best_is_kept(watched_run, capsys):
    run = Run.open(watched_run)
    history = run.read_history()
    errors = [np.mean([float(v) for k, v in row.items() if k.startswith("validation_error")]) for row in history]
    # A learning rate this high ruins the network, so the training is over long before its 30 iterations.
    best = int(np.nanargmin(errors))
    assert len(history) == best + 3 < 15
    assert run.best_checkpoint == run.choose_checkpoint() == int(history[best]["iteration"])
    assert not (watched_run / "samples").exists(), "nobody looked at the test windows"
    before = (watched_run / "history.csv").read_text()
    assert main(["train", "--run", str(watched_run), "--resume", "--quiet"]) == 0
    assert (watched_run / "history.csv").read_text() == before


@pytest.mark.slow
def test_the_watched_error_is_that_of_the_validation_windows(watched_run, demo):
    run = Run.open(watched_run)
    held = hold_out(demo)
    np.testing.assert_array_equal(run.statistics.mean, dataset_statistics(held).mean)
    predictor = load_predictor(watched_run)
    from cs2s.evaluation.measures import angle_error

    errors = [
        angle_error(w.motion, predictor(w.observed, 25)).mean(axis=0)
        for w in all_windows(held, run.statistics, "validation", 5)
    ]
    (row,) = [row for row in run.read_history() if int(row["iteration"]) == run.best_checkpoint]
    assert float(row["validation_error_f9"]) == pytest.approx(np.mean(errors, axis=0)[9], abs=1e-3)


@pytest.mark.slow
def test_the_best_checkpoint_outlives_the_newest(watched_run, tmp_path):
    run = Run(tmp_path, Settings.for_preset("demo", watch="validation", checkpoints_kept=3), {}, None)
    (tmp_path / "checkpoints").mkdir()
    for iteration in range(1, 9):
        run.checkpoint_file(iteration).touch()
    rows = [{"iteration": i, "validation_error_f1": abs(i - 2), "validation_error_f3": 1} for i in range(1, 9)]
    run.write_history(rows)
    run.prune()
    assert run.checkpoints == [2, 6, 7, 8]
    assert run.choose_checkpoint() == 2
