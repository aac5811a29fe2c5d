"""Files that the first version wrote are read, and give what it gave; ``files_of_0_1`` says how they were made."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import test_windows
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.looks import read_test_looks
from cs2s.evaluation.measures import angle_error
from cs2s.evaluation.samples import read_samples
from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU
from cs2s.training.predictors import load_predictor
from cs2s.training.runs import Run

OLD = Path(__file__).with_name("files_of_0_1")


@pytest.fixture(scope="module")
def expected() -> dict[str, np.ndarray]:
    with np.load(OLD / "expected.npz") as arrays:
        return dict(arrays)


def predictions(run: Path, demo: Dataset) -> np.ndarray:
    """Five frames after the first two walking windows."""
    (walking,) = [w for w in test_windows(demo, Run.open(run).statistics) if w.action == "walking"]
    return load_predictor(run)(walking.observed, 5).rows[:2]


def close(found: object, wanted: object) -> bool:
    """Whether two contents of JSON files are the same, numbers to six digits."""
    if isinstance(wanted, dict):
        return set(found) == set(wanted) and all(close(found[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(close(a, b) for a, b in zip(found, wanted, strict=True))
    return found == (pytest.approx(wanted, rel=1e-6, abs=1e-6, nan_ok=True) if isinstance(wanted, float) else wanted)


@pytest.mark.parametrize("name", ["small", "paper"])
def test_a_run_opens_with_the_settings_that_it_was_given(name):
    recorded = json.loads((OLD / "runs" / name / "run.json").read_text())
    run = Run.open(OLD / "runs" / name)
    assert run.made_from == recorded["made_from"]
    # Of a preset's settings only those that mean something to it need be there.
    known = {key: value for key, value in recorded["settings"].items() if hasattr(run.settings, key)}
    assert {key: getattr(run.settings, key) for key in known} == known
    common = {"dataset", "preset", "iterations", "batch_size", "learning_rate", "output_length", "seed", "watch"}
    own = {
        "small": {"loss", "schedule", "rows", "t_pose", "mirror", "averaging", "weight_decay"},
        "paper": {"gan_loss_weight", "l2_weight", "window_length", "sampling", "rollout", "batches"},
    }
    assert common | own[name] <= set(known)
    assert run.checkpoints == ([2] if name == "small" else [])
    assert run.statistics.used.tolist() == Run.open(OLD / "runs" / "small").statistics.used.tolist()


@pytest.mark.slow
def test_a_run_predicts_what_it_predicted(demo, expected):
    run = OLD / "runs" / "small"
    np.testing.assert_allclose(predictions(run, demo), expected["predicted"], atol=1e-5)
    evaluation = evaluate(demo, load_predictor(run), frames=2)
    errors = [evaluation.errors[action] for action in sorted(evaluation.errors)]
    np.testing.assert_allclose(errors, expected["errors"], atol=1e-5)


@pytest.mark.slow
def test_a_run_goes_on_as_it_would_have(demo, expected, tmp_path):
    run = shutil.copytree(OLD / "runs" / "small", tmp_path / "small")
    assert main(["train", "--run", str(run), "--resume", "--iterations", "4", "--quiet"]) == 0
    before, after = Run.open(run).read_history()
    assert before == Run.open(OLD / "runs" / "small").read_history()[0]
    np.testing.assert_allclose([float(value) for value in after.values()], expected["history"], atol=2e-4)
    np.testing.assert_allclose(predictions(run, demo), expected["resumed"], atol=1e-4)


def test_samples_are_what_they_were(capsys):
    samples = read_samples(OLD / "samples.h5")
    evaluation = samples.evaluation
    assert (evaluation.dataset, evaluation.fps, evaluation.predictor) == ("demo", 25, "runs/small@2")
    assert evaluation.made_from["command"] == "cs2s sample --run runs/small --output-length 2 --out samples.h5"
    windows = zip(*(samples.motions("walking", number) for number in range(8)), strict=True)
    truth, predicted = (Motion.stacked(motions) for motions in windows)
    assert truth.rows.shape == predicted.rows.shape == (8, 52, 117)
    errors = angle_error(truth, predicted[50:]).mean(axis=0)
    np.testing.assert_allclose(evaluation.errors["walking"], errors, rtol=1e-5)
    assert main(["evaluate", str(OLD / "samples.h5")]) == 0
    assert f"{errors[1]:.3f}" in capsys.readouterr().out


@pytest.mark.parametrize("protocol", ["paper", "corrected"])
def test_an_evaluation_writes_what_it_wrote(protocol, tmp_path):
    arguments = ["evaluate", "--dataset", "demo", "--predictor", "zero-velocity", "--protocol", protocol]
    assert main([*arguments, "--json", str(tmp_path / "now.json")]) == 0
    now, before = (json.loads(path.read_text()) for path in (tmp_path / "now.json", OLD / f"{protocol}.json"))
    assert set(now.pop("made_from")) == set(before.pop("made_from"))
    assert close(now, before)


def test_a_motion_is_the_same_to_the_last_bit(demo, expected):
    motion = load_motion(OLD / "motion.h5")
    np.testing.assert_array_equal(motion.rows, expected["motion"])
    assert (motion.fps, motion.root, motion.skeleton.name) == (50, "absolute", CMU.name)
    assert (motion.skeleton.joints, motion.skeleton.parents) == (CMU.joints, CMU.parents)
    np.testing.assert_array_equal(motion.skeleton.offsets, CMU.offsets)


def test_looks_are_counted_on(monkeypatch):
    monkeypatch.setenv("CS2S_TEST_LOOKS", str(OLD / "looks.jsonl"))
    looks = read_test_looks(Run.open(OLD / "runs" / "small").made_from["data"])
    assert [(look["predictor"], look["protocol"]) for look in looks] == [
        ("runs/small@2", "paper"),
        ("zero-velocity", "paper"),
        ("zero-velocity", "corrected"),
    ]
