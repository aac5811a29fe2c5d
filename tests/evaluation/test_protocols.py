"""Protocols are data: one more is one more object, and everything else follows. And who looks is written down."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.datasets.loading import load
from cs2s.datasets.validation import hold_out
from cs2s.datasets.windows import all_windows, dataset_statistics, test_windows
from cs2s.errors import InputError
from cs2s.evaluation.baselines import BASELINES, RunningAverage, ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.looks import read_test_looks
from cs2s.evaluation.measures import ANGLE_ERROR, JOINT_POSITIONS, angle_error
from cs2s.evaluation.protocols import (
    CORRECTED,
    PAPER,
    POSITIONS,
    PROTOCOLS,
    VALIDATION,
    VALIDATION_STEPS,
    EightDraws,
    EvaluationProtocol,
    EveryStart,
    EveryWindow,
)
from cs2s.evaluation.tables import as_json, error_table, read_json, write_json
from cs2s.motion.motion import Motion


@pytest.fixture
def log(tmp_path, monkeypatch):
    """A log of looks of its own."""
    monkeypatch.setenv("CS2S_TEST_LOOKS", str(tmp_path / "looks.jsonl"))


def over_windows(numbers, windows):
    """Average the numbers of actions by how many windows each has."""
    return np.average(numbers, axis=0, weights=windows)


MILLIMETRES = EvaluationProtocol("millimetres", EveryWindow(stride=30), (JOINT_POSITIONS,), average=over_windows)


def test_a_new_protocol_is_measured_shown_and_kept(demo, tmp_path):
    evaluation = evaluate(demo, ZeroVelocity(), MILLIMETRES, frames=10)
    assert evaluation.average.shape == (10,)
    counts = {action: result.windows for action, result in evaluation.actions.items()}
    assert len(set(counts.values())) > 1
    expected = sum(counts[action] * errors for action, errors in evaluation.errors.items()) / sum(counts.values())
    np.testing.assert_allclose(evaluation.average, expected)
    corrected = evaluate(demo, ZeroVelocity(), replace(CORRECTED, cut=EveryWindow(stride=30), resamples=10), frames=10)
    for action, errors in evaluation.errors.items():
        np.testing.assert_allclose(errors, corrected.actions[action].scores["mpjpe_mm"])

    table = error_table(evaluation).splitlines()
    assert table[0] == "demo, zero-velocity: position error (MPJPE), millimetres, protocol 'millimetres'"
    assert table[-1].split()[:2] == ["average", f"{evaluation.average[1]:.1f}"]
    write_json([evaluation], tmp_path / "errors.json")
    (back,) = read_json(tmp_path / "errors.json")
    assert as_json(back) == as_json(evaluation)
    assert (back.protocol, back.measures, back.stride) == ("millimetres", (JOINT_POSITIONS,), 30)
    assert error_table(back) == error_table(evaluation)


def test_the_papers_windows_can_have_other_measures_and_intervals(demo, tmp_path):
    both = EvaluationProtocol("both", EightDraws(), (ANGLE_ERROR, JOINT_POSITIONS), resamples=20)
    evaluation, paper = evaluate(demo, RunningAverage(2), both), evaluate(demo, RunningAverage(2))
    for action, errors in paper.errors.items():
        np.testing.assert_allclose(evaluation.errors[action], errors, rtol=1e-5)
    lines = error_table(evaluation).splitlines()
    assert lines[0] == "demo, running-average-2: protocol 'both'"
    assert "mean angle error, radians" in lines and "position error (MPJPE), millimetres" in lines
    write_json([evaluation], tmp_path / "errors.json")
    (back,) = read_json(tmp_path / "errors.json")
    assert error_table(back) == error_table(evaluation)


def test_every_look_at_test_windows_is_logged_and_no_other(demo, log):
    evaluate(demo, ZeroVelocity())
    evaluate(demo, RunningAverage(4), replace(CORRECTED, cut=EveryWindow(stride=60), resamples=10))
    evaluate(demo, ZeroVelocity(), replace(POSITIONS, cut=EveryStart(stride=60), resamples=10))
    evaluate(hold_out(demo), ZeroVelocity(), VALIDATION)
    evaluate(demo, ZeroVelocity(), replace(VALIDATION, cut=EveryWindow("train", 200)))
    evaluate(demo, ZeroVelocity(), replace(POSITIONS, cut=EveryStart("train", 200), resamples=10))
    looks = [(look["dataset"], look["predictor"], look["protocol"]) for look in read_test_looks(demo.fingerprint)]
    assert looks == [
        ("demo", "zero-velocity", "paper"),
        ("demo", "running-average-4", "corrected"),
        ("demo", "zero-velocity", "positions"),
    ]


def test_validation_windows_are_judged_by_the_papers_error(demo):
    held = hold_out(demo)
    evaluation = evaluate(held, ZeroVelocity(), VALIDATION)
    assert (evaluation.protocol, evaluation.motions) == ("validation", {})
    for windows in all_windows(held, dataset_statistics(held), "validation", 5):
        errors = angle_error(windows.motion, ZeroVelocity()(windows.observed, 25))
        np.testing.assert_allclose(evaluation.errors[windows.action], errors.mean(axis=0), rtol=1e-6)


def test_what_is_kept_are_the_windows_and_what_was_predicted(demo):
    evaluation = evaluate(demo, RunningAverage(4), PAPER)
    for windows in test_windows(demo, dataset_statistics(demo)):
        truth, predicted = evaluation.motions[windows.action]
        np.testing.assert_array_equal(truth.rows, windows.motion.rows)
        np.testing.assert_array_equal(predicted.rows, RunningAverage(4)(windows.observed, 25).rows)


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_takes_one_motion_or_many(name, demo):
    (windows, *_) = test_windows(demo, dataset_statistics(demo))
    predictor = BASELINES[name]
    assert predictor.name == name
    many = predictor(windows.observed, 7)
    for number in range(len(windows)):
        one = predictor(windows.observed.one(number), 7)
        assert isinstance(one, Motion)
        np.testing.assert_array_equal(one.rows, many.rows[number])


def test_a_model_takes_one_motion_or_many(demo):
    from cs2s.training.predictors import load_predictor

    (windows, *_) = test_windows(demo, dataset_statistics(demo))
    predictor = load_predictor("pretrained:demo")
    many = predictor(windows.observed, 7)
    for number in (0, 5):
        np.testing.assert_allclose(
            predictor(windows.observed.one(number), 7).rows, many.rows[number], atol=1e-5, rtol=1e-6
        )
    twofold = replace(windows.observed, rows=windows.observed.rows.reshape(2, 4, *windows.observed.rows.shape[1:]))
    np.testing.assert_allclose(predictor(twofold, 7).rows.reshape(many.rows.shape), many.rows, atol=1e-5, rtol=1e-6)


def test_recordings_and_windows_cannot_be_written_over(demo, cmu_folder):
    for dataset in (demo, load("cmu", cmu_folder)):
        (motion, *_), (windows, *_) = dataset.motions.values(), test_windows(dataset, dataset_statistics(dataset))
        for rows in (motion.rows, motion[::2].expmaps, windows.motion.rows, windows.observed.rows):
            with pytest.raises(ValueError, match="read-only"):
                rows[0, 0] = 1


def test_the_protocol_of_positions_takes_every_start_and_gives_every_predictor_its_50_rows(demo):
    assert (PROTOCOLS["positions"], POSITIONS.cut.split, POSITIONS.cut.stride) == (POSITIONS, "test", 1)
    given = {}

    class Listener:
        name = "listener"

        def __call__(self, observed, frames):
            given.setdefault(observed.rows.shape, []).append(observed.rows[0])
            return ZeroVelocity()(observed, frames)

    evaluation = evaluate(demo, Listener(), replace(POSITIONS, resamples=10))
    assert set(given) == {(128, 50, 117)}
    for take, motion in demo.split("test").items():
        assert evaluation.actions[take.action].windows == (len(motion) + 1) // 2 - 34
    # The first batch of the first action, boxing: its first row 41 times, then rows 1 to 9.
    (boxing,) = [motion for take, motion in demo.split("test").items() if take.action == "boxing"]
    rows = boxing.rows[::2]
    np.testing.assert_array_equal(given[128, 50, 117][0], [rows[0]] * 41 + list(rows[1:10]))
    assert (evaluation.stride, evaluation.made_from["resamples"]) == (1, 10)


def test_a_window_after_a_short_past_repeats_its_first_observed_frame(demo):
    (whole, short) = (EveryWindow(stride=90, least=least)(demo, 25) for least in (50, 10))
    for full, cut in zip(whole, short, strict=True):
        assert cut.starts == full.starts
        np.testing.assert_array_equal(cut.motion.rows[:, 40:], full.motion.rows[:, 40:])
        for frame in range(40):
            np.testing.assert_array_equal(cut.motion.rows[:, frame], full.motion.rows[:, 40])


def test_steps_are_measured_on_windows_that_training_never_predicted(demo):
    held = hold_out(demo)
    both, short = (evaluate(held, ZeroVelocity(), protocol) for protocol in VALIDATION_STEPS)
    alone = evaluate(held, ZeroVelocity(), VALIDATION)
    np.testing.assert_allclose(both.average, alone.average, rtol=1e-5)
    # Freezing sees the newest frame only.
    np.testing.assert_allclose(short.average, both.overall.scores["field_mm"], rtol=1e-5)


def test_no_window_has_more_observed_frames_than_it_has_or_none(demo):
    for least in (0, 51):
        with pytest.raises(InputError, match="there must be 1 to 50"):
            EveryWindow(least=least)(demo, 25)
