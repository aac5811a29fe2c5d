"""Sample files: what is in them, what is said of broken ones, and files of the original."""

import h5py
import numpy as np
import pytest

from cs2s.datasets.loading import load
from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.measures import angle_error
from cs2s.evaluation.samples import read_samples, write_samples
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU


def test_the_file_has_the_originals_layout(sample_file):
    demo = load("demo")
    with h5py.File(sample_file) as file:
        for action in demo.actions("test"):
            truth = np.stack([file[f"expmap/gt/{action}_{n}"][()] for n in range(8)])
            predicted = np.stack([file[f"expmap/preds/{action}_{n}"][()] for n in range(8)])
            assert truth.shape == (8, 75, 117)
            assert predicted.shape == (8, 25, 117)
            error = angle_error(*(Motion(rows, CMU, 25) for rows in (truth, predicted))).mean(axis=0)
            np.testing.assert_allclose(file[f"mean_{action}_error"][()], error, rtol=1e-5)
        assert file.attrs["dataset"] == "demo"
        assert "versions" in file.attrs["made_from"]


@pytest.mark.slow
def test_what_was_written_is_read_back(tmp_path):
    evaluation = evaluate(load("demo"), ZeroVelocity(), frames=10)
    path = write_samples(tmp_path / "samples.h5", evaluation)
    samples = read_samples(path)
    assert samples.evaluation.fps == 25
    for action, errors in evaluation.errors.items():
        np.testing.assert_array_equal(samples.evaluation.errors[action], errors)
    truth, predicted = samples.motions("walking", 3)
    np.testing.assert_array_equal(truth.rows, evaluation.motions["walking"][0].rows[3])
    np.testing.assert_array_equal(predicted.rows[:50], truth.rows[:50])
    np.testing.assert_array_equal(predicted.rows[50:], evaluation.motions["walking"][1].rows[3])
    assert len(predicted) == 60


@pytest.mark.parametrize(("columns", "name", "fps"), [(117, "cmu", 60), (99, "human3.6m", 25)])
def test_files_of_the_original_are_told_by_their_columns(tmp_path, columns, name, fps):
    with h5py.File(tmp_path / "original.h5", "w") as file:
        file["expmap/gt/walking_0"] = np.zeros((75, columns))
        file["expmap/preds/walking_0"] = np.zeros((25, columns))
        file["mean_walking_error"] = np.arange(25.0)
    samples = read_samples(tmp_path / "original.h5")
    assert samples.evaluation.dataset == name
    truth, predicted = samples.motions("walking", 0)
    assert truth.fps == predicted.fps == fps


def test_broken_files_get_one_clear_sentence(sample_file, tmp_path):
    with pytest.raises(InputError, match="no sample file"):
        read_samples(tmp_path / "nowhere.h5")
    cut = tmp_path / "cut.h5"
    cut.write_bytes(sample_file.read_bytes()[: sample_file.stat().st_size // 2])
    with pytest.raises(InputError, match=r"cut.h5 is not a readable HDF5 file"):
        read_samples(cut)


def sample_content() -> dict[str, object]:
    """The least that a sample file must hold."""
    return {
        "expmap/gt/walking_0": np.zeros((75, 117)),
        "expmap/preds/walking_0": np.zeros((25, 117)),
        "mean_walking_error": np.zeros(25),
    }


MISLAID = {
    "nothing in it": (lambda c: c.clear(), "no mean_ACTION_error"),
    "no truth": (lambda c: c.pop("expmap/gt/walking_0"), "not laid out"),
    "no prediction": (lambda c: c.pop("expmap/preds/walking_0"), "not laid out"),
    "a gap in the numbers": (lambda c: c.update({"expmap/gt/walking_2": np.zeros((75, 117))}), "not laid out"),
    "a number for errors": (lambda c: c.update({"mean_walking_error": 1.0}), "not lists of one length"),
    "errors of two lengths": (lambda c: c.update({"mean_x_error": np.zeros(9)}), "not lists of one length"),
    "another prediction length": (lambda c: c.update({"expmap/preds/walking_0": np.zeros((90, 117))}), r"\(90, 117\)"),
    "nothing observed": (lambda c: c.update({"expmap/gt/walking_0": np.zeros((25, 117))}), r"\(25, 117\)"),
    "a prediction of 99 columns": (lambda c: c.update({"expmap/preds/walking_0": np.zeros((25, 99))}), r"\(25, 99\)"),
    "nan": (lambda c: c.update({"expmap/gt/walking_0": np.full((75, 117), np.nan)}), "not finite"),
    "errors of nan": (lambda c: c.update({"mean_walking_error": np.full(25, np.nan)}), "not finite"),
    "errors of infinity": (lambda c: c.update({"mean_walking_error": np.full(25, np.inf)}), "not finite"),
    "negative errors": (
        lambda c: c.update({"mean_walking_error": np.full(25, -1.0)}),
        "an error of walking is negative",
    ),
    "complex errors": (lambda c: c.update({"mean_walking_error": np.full(25, 1j)}), "not made of real numbers"),
    "errors of words": (lambda c: c.update({"mean_walking_error": np.full(25, b"x")}), "not made of real numbers"),
    "no errors": (lambda c: c.update({"mean_walking_error": np.zeros(0)}), "not lists of one length"),
    "complex rows": (lambda c: c.update({"expmap/gt/walking_0": np.full((75, 117), 1j)}), "not made of real numbers"),
    "rows of bytes": (
        lambda c: c.update({"expmap/gt/walking_0": np.full((75, 117), b"1")}),
        "not made of real numbers",
    ),
    "rows of yes and no": (lambda c: c.update({"expmap/gt/walking_0": np.ones((75, 117), bool)}), "not made of real"),
    "rows of three axes": (
        lambda c: c.update(
            {"expmap/gt/walking_0": np.zeros((75, 117, 1)), "expmap/preds/walking_0": np.zeros((25, 117, 1))}
        ),
        "instead of 2 axes",
    ),
    "rows of one axis": (lambda c: c.update({"expmap/gt/walking_0": np.zeros(75)}), "instead of 2 axes"),
    "rows of 1e38": (lambda c: c.update({"expmap/gt/walking_0": np.full((75, 117), 1e38)}), "beyond 1e9"),
    "a folder for rows": (
        lambda c: (c.pop("expmap/gt/walking_0"), c.update({"expmap/gt/walking_0/x": 1})),
        "real numbers",
    ),
    "an action that moves the cursor": (lambda c: c.update({"mean_\x1b[2J_error": np.zeros(25)}), "cannot be a name"),
    "rows of 50 numbers": (
        lambda c: c.update({"expmap/gt/walking_0": np.zeros((75, 50)), "expmap/preds/walking_0": np.zeros((25, 50))}),
        r"\[50\] numbers instead of 117 or 99",
    ),
}


@pytest.mark.parametrize("fault", MISLAID)
def test_files_laid_out_otherwise_get_one_sentence(tmp_path, fault):
    change, sentence = MISLAID[fault]
    content = sample_content()
    change(content)
    with h5py.File(tmp_path / "odd.h5", "w") as file:
        for name, value in content.items():
            file[name] = value
    with pytest.raises(InputError, match=sentence):
        read_samples(tmp_path / "odd.h5")


ODD = [("dataset", "human3.6m"), ("dataset", "x"), ("made_from", "{oops"), ("made_from", "[" * 100_000)]
ODD += [("fps", value) for value in (0, np.nan, np.inf, -25.0, "many", [25, 25], 1 + 2j, 1e300, True, "25")]
ODD += [("predictor", value) for value in (np.bytes_(b"x\xff"), 3, "a\nb", "\x1b[31m", "", [1, 2], "x" * 2000)]
ODD += [("protocol", 3), ("dataset", 3), ("dataset", "\x1b]0;x\x07")]


@pytest.mark.parametrize(("name", "value"), ODD)
def test_attributes_that_do_not_fit_get_one_sentence(tmp_path, name, value):
    with h5py.File(tmp_path / "odd.h5", "w") as file:
        for key, array in sample_content().items():
            file[key] = array
        file.attrs[name] = value
    with pytest.raises(InputError, match=r"odd\.h5 is not laid out as a sample file"):
        read_samples(tmp_path / "odd.h5")


def test_unknown_actions_and_samples_are_named(sample_file):
    samples = read_samples(sample_file)
    with pytest.raises(InputError, match="no action 'flying'; it has: boxing"):
        samples.motions("flying", 0)
    for sample in (-1, 8):
        with pytest.raises(InputError, match=rf"no sample {sample} of walking; its samples are 0 to 7"):
            samples.motions("walking", sample)


def test_a_suggestion_is_made_for_a_near_action(sample_file):
    with pytest.raises(InputError, match=r"no action 'wlaking' \(did you mean 'walking'\?\); it has"):
        read_samples(sample_file).motions("wlaking", 0)


def test_thousands_of_actions_are_counted_once(tmp_path, monkeypatch):
    """3,000 actions took 18 seconds: for each, all names of the file were gone through."""
    with h5py.File(tmp_path / "many.h5", "w") as file:
        for number in range(300):
            file[f"expmap/gt/action{number}_0"] = np.zeros((3, 117), np.float32)
            file[f"expmap/preds/action{number}_0"] = np.zeros((1, 117), np.float32)
            file[f"mean_action{number}_error"] = np.zeros(1)
    listed, usual = [], h5py.Group.__iter__
    monkeypatch.setattr(h5py.Group, "__iter__", lambda group: listed.append(group.name) or usual(group))
    assert len(read_samples(tmp_path / "many.h5").samples) == 300
    assert listed == ["/", "/expmap/gt"]
