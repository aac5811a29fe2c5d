"""Windows and what becomes of them: the numbers of the tables, each asked for once; and those of other pasts."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.loading import load
from cs2s.datasets.windows import dataset_statistics, halved, test_windows
from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.measures import angle_error
from cs2s.motion.edits import noisy
from cs2s.motion.mirror import mirrored
from cs2s.training.pretrained import pretrained_for
from cs2s.workbook.predictions import LONGEST, Predictions, found_predictors, joint_differences
from cs2s.workbook.what_if import AS_IT_WAS, WhatIf


class Counting:
    """Freezes the person, and counts how often it is asked."""

    name = "counting"

    def __init__(self):
        self.asked = []

    def __call__(self, observed, frames):
        self.asked.append((observed.rows.shape, frames))
        return ZeroVelocity()(observed, frames)


@pytest.fixture(scope="module")
def predictions(demo):
    return Predictions(demo, found_predictors(demo, folders=()))


def test_windows_and_errors_are_those_of_the_tables(demo, predictions):
    for windows in test_windows(demo, dataset_statistics(demo)):
        ours = [predictions.truth(windows.action, window).rows for window in range(8)]
        np.testing.assert_array_equal(ours, windows.motion.rows)
    table = evaluate(demo, ZeroVelocity())
    for action in predictions.actions:
        for frames in (25, 10, LONGEST):
            errors = predictions.errors(action, "zero-velocity", frames)
            assert errors.shape == (8, frames)
            expected = table.errors[action][:frames]
            np.testing.assert_allclose(errors[:, :25].mean(axis=0), expected, atol=1e-6)
        predicted = predictions.predicted(action, "zero-velocity")
        np.testing.assert_array_equal(predicted.rows, table.motions[action][1].rows)


def test_the_truth_goes_on_as_the_recording_does_and_ends_with_it(demo, predictions, cmu_folder):
    (windows,) = [w for w in test_windows(demo, dataset_statistics(demo)) if w.action == "walking"]
    take, start = windows.starts[3]
    recorded = halved(demo.motions[take]).rows[start : start + 50 + LONGEST]
    np.testing.assert_allclose(predictions.truth("walking", 3, LONGEST).rows, recorded, atol=1e-5)
    cmu = load("cmu", cmu_folder)
    short = Predictions(cmu, found_predictors(cmu, folders=()))
    left = len(short.truth("running", 0, LONGEST)) - 50
    assert 25 <= left < LONGEST
    errors = short.errors("running", "zero-velocity", LONGEST)[0]
    assert np.isfinite(errors[:left]).all() and np.isnan(errors[left:]).all()


def test_wrong_names_numbers_and_shapes_are_refused(demo, predictions):
    for arguments, words in (
        (("flying", 0, "zero-velocity"), "no action 'flying'"),
        (("walking", 8, "zero-velocity"), "no window 8"),
        (("walking", 0, "nobody"), "no predictor 'nobody'"),
        (("walking", 0, "zero-velocity", 0), "horizon of 0"),
        (("walking", 0, "zero-velocity", LONGEST + 1), "horizon of 101"),
    ):
        for what_if in (AS_IT_WAS, WhatIf(turn=3)):
            with pytest.raises(InputError, match=words):
                predictions.motions(*arguments[:2], [arguments[2]], *arguments[3:], what_if=what_if)
    lazy = Predictions(demo, {"lazy": lambda observed, frames: observed})
    with pytest.raises(InputError, match=r"lazy returned rows of shape \(8, 50, 117\) instead of \(8, 25, 117\)"):
        lazy.predicted("walking", "lazy")
    arrays = Predictions(demo, {"arrays": lambda observed, frames: observed.rows})
    with pytest.raises(InputError, match="arrays returned a ndarray instead of a Motion"):
        arrays.predicted("walking", "arrays")


@pytest.mark.slow
def test_runs_are_found_by_their_data_and_their_checkpoints(demo, trained_run, cmu_folder, tmp_path):
    runs = tmp_path / "runs"
    shutil.copytree(trained_run, runs / "mine")
    shutil.copytree(trained_run, runs / "empty")
    shutil.rmtree(runs / "empty" / "checkpoints")
    (runs / "broken").mkdir()
    (runs / "broken" / "run.json").write_text("{")
    (runs / "notes").mkdir()
    # Trained on an older version of the demo data: its normalisation is another one.
    shutil.copytree(runs / "mine", runs / "older")
    content = (runs / "older" / "run.json").read_text()
    (runs / "older" / "run.json").write_text(content.replace(demo.fingerprint, "older"))
    shipped = pretrained_for("demo")
    found = found_predictors(demo, folders=(runs, tmp_path / "nothing", runs))
    assert list(found) == ["zero-velocity", "running-average-2", "running-average-4", "runs/mine", *shipped]
    assert found["runs/mine"].name == "runs/mine"
    named = found_predictors(demo, runs / "mine", folders=(runs,))
    assert list(named)[3:] == ["network", *shipped]
    assert "runs/mine" not in found_predictors(load("cmu", cmu_folder), folders=(runs,))
    observed = Predictions(demo, named).truth("walking", 0)[:50]
    from cs2s.training.predictors import load_predictor

    expected = load_predictor(trained_run)(observed, 3)
    np.testing.assert_array_equal(named["network"](observed, 3).rows, expected.rows)


@pytest.mark.slow
def test_an_imported_checkpoint_appears_and_predicts(reference, cmu_folder, tmp_path):
    prefix = reference / "golden" / "tf1_checkpoint_cmu" / "original-24000"
    run = tmp_path / "runs" / "original"
    arguments = ("import-checkpoint", prefix, "--dataset", "cmu", "--data-dir", cmu_folder, "--run", run)
    assert main([str(argument) for argument in arguments]) == 0
    cmu = load("cmu", cmu_folder)
    predictions = Predictions(cmu, found_predictors(cmu, folders=(tmp_path / "runs",)))
    assert "runs/original" in predictions.predictors
    from cs2s.training.predictors import load_predictor

    expected = evaluate(cmu, load_predictor(run))
    predicted = predictions.predicted("soccer", "runs/original")
    np.testing.assert_allclose(predicted.rows, expected.motions["soccer"][1].rows, atol=1e-5)
    errors = predictions.errors("soccer", "runs/original")
    np.testing.assert_allclose(errors.mean(axis=0), expected.errors["soccer"], atol=1e-4)


def test_a_predictor_is_asked_once(demo):
    counting = Counting()
    predictions = Predictions(demo, {"counting": counting})
    for _ in range(2):
        predictions.of_window("walking", 5, "counting")
        predictions.predicted("walking", "counting", 12)
        predictions.errors("walking", "counting", 25)
    assert counting.asked == [((8, 50, 117), 25)]
    for frames in (60, 80):
        predictions.predicted("walking", "counting", frames)
    assert counting.asked[1:] == [((8, 50, 117), LONGEST)]
    # Of another past too; what is chosen for nothing makes no other past.
    for what_if in (WhatIf(turn=5), WhatIf(turn=5, bend_degrees=30), WhatIf(hold_frames=3, bend="Neck")):
        predictions.of_window("walking", 5, "counting", what_if=what_if)
    assert counting.asked[2:] == [((8, 50, 117), 25)]


def test_another_past_is_that_of_the_recording_and_so_is_its_future(demo, predictions):
    window = 3
    (windows,) = [w for w in test_windows(demo, dataset_statistics(demo)) if w.action == "walking"]
    take, start = windows.starts[window]
    recorded = halved(demo.motions[take]).rows

    def truth(what_if):
        return predictions.truth("walking", window, what_if=what_if).rows

    # A second later and a second earlier: frames of the recording from beyond the window.
    for shift in (25, -25):
        np.testing.assert_allclose(truth(WhatIf(shift=shift)), recorded[start - shift :][:75], atol=1e-5)
    quick = truth(WhatIf(faster=2))
    for frame in (0, 49, 60, 74):
        told = start + 49 + 2 * (frame - 49)
        np.testing.assert_allclose(quick[frame, :3], recorded[told, :3], atol=1e-4)
    np.testing.assert_allclose(
        truth(WhatIf(mirror=True)), mirrored(predictions.truth("walking", window)).rows, atol=1e-6
    )


def test_what_a_camera_misses_changes_what_is_seen_and_not_what_follows(predictions):
    was = predictions.truth("walking", 3)
    for what_if in (WhatIf(noise=5), WhatIf(lost_limb="left arm"), WhatIf(lost_frames=0.5)):
        truth = predictions.truth("walking", 3, what_if=what_if)
        np.testing.assert_array_equal(truth.rows[50:], was.rows[50:])
        assert not np.array_equal(truth.rows[:50], was.rows[:50])
    seen = predictions.truth("walking", 3, what_if=WhatIf(noise=5))[:50]
    np.testing.assert_allclose(seen.rows, noisy(was[:50], 5, seed=3).rows, atol=1e-6)


def test_one_window_of_another_past_is_predicted_as_all_of_them_are(predictions):
    what_if = WhatIf(faster=1.3, turn=40, noise=2)
    for name in ("zero-velocity", "running-average-4"):
        for frames in (9, 25, 60):
            all_rows = predictions.predicted("boxing", name, frames, what_if).rows
            all_errors = predictions.errors("boxing", name, frames, what_if)
            for window in (0, 6):
                alone, errors = predictions.of_window("boxing", window, name, frames, what_if)
                np.testing.assert_allclose(alone.rows, all_rows[window], atol=1e-6)
                np.testing.assert_allclose(errors, all_errors[window], atol=1e-5)
    # Compared with what should have followed.
    truth = predictions.truth("boxing", 6, 25, what_if)
    held = replace(truth[50:], rows=np.repeat(truth.rows[49:50], 25, axis=0))
    errors = predictions.of_window("boxing", 6, "zero-velocity", 25, what_if)[1]
    np.testing.assert_allclose(errors, angle_error(truth, held), atol=1e-6)
    assert not np.allclose(errors, predictions.errors("boxing", "zero-velocity")[6], atol=0.1)


def test_only_the_newest_other_pasts_are_remembered(demo):
    counting = Counting()
    predictions = Predictions(demo, {"counting": counting})
    predictions.predicted("walking", "counting")
    for degrees in range(1, 100):
        predictions.of_window("walking", 0, "counting", what_if=WhatIf(turn=degrees))
    asked = len(counting.asked)
    predictions.of_window("walking", 0, "counting", what_if=WhatIf(turn=99))
    predictions.predicted("walking", "counting")
    assert len(counting.asked) == asked
    predictions.of_window("walking", 0, "counting", what_if=WhatIf(turn=1))
    assert len(counting.asked) == asked + 1


def test_gains_and_the_worst_window_are_those_of_the_errors(predictions):
    gains = predictions.gains("running-average-4", 3)
    assert list(gains) == [(action, window) for action in predictions.actions for window in range(8)]
    for (action, window), gain in gains.items():
        frozen, other = (predictions.errors(action, name)[window, 3] for name in ("zero-velocity", "running-average-4"))
        assert gain == pytest.approx(frozen - other)
    action, window = predictions.worst("running-average-4", 3)
    worst = predictions.errors(action, "running-average-4")[window, 3]
    assert all(predictions.errors(a, "running-average-4")[:, 3].max() <= worst for a in predictions.actions)


def test_the_joints_make_up_the_angle_error_and_turns_know_no_axes(predictions):
    for action, window in (("walking", 4), ("boxing", 6)):
        truth = predictions.truth(action, window)
        predicted, errors = predictions.of_window(action, window, "zero-velocity")
        euler, turns = joint_differences(truth, predicted)
        assert euler.shape == turns.shape == (25, 38)
        np.testing.assert_allclose(np.linalg.norm(euler, axis=1), errors, atol=1e-6)
        assert not euler[:, 0].any() and not turns[:, 0].any()
        # A mirror changes no turn; what it does to Euler angles is another matter.
        _, seen = joint_differences(mirrored(truth), mirrored(predicted))
        np.testing.assert_allclose(np.sort(seen, axis=1), np.sort(turns, axis=1), atol=1e-5)


def test_a_trained_predictor_is_ready_once_it_has_answered(demo):
    predictions = Predictions(demo, found_predictors(demo, "pretrained:demo", folders=()))
    assert predictions.is_ready("zero-velocity") and not predictions.is_ready("network")
    predictions.predicted("walking", "network")
    assert predictions.is_ready("network")


def test_the_past_as_it_was_is_no_other_past():
    assert WhatIf() == AS_IT_WAS and str(AS_IT_WAS) == "as it was"
    assert WhatIf(bend="Neck", bend_about="x").only_what_matters() == AS_IT_WAS
    assert WhatIf(hold_frames=9, lost_limb_frames=3, bend_degrees=4).only_what_matters() == AS_IT_WAS
    told = WhatIf(mirror=True, faster=1.5, shift=-3, turn=90, noise=2, lost_frames=0.25)
    assert (
        str(told)
        == "mirrored, 1.5 times as fast, 3 frames earlier, turned by 90°, shaken by 2°, 25% of the frames unseen"
    )
    assert told.changes_what_happened and not WhatIf(noise=2, lost_limb="left leg").changes_what_happened
