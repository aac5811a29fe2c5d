"""Sample files: what is in them, what is said of broken ones, and files of the original."""

import h5py
import numpy as np
import pytest

from cs2s.baselines import ZeroVelocity
from cs2s.errors import InputError
from cs2s.evaluation import angle_error, evaluate
from cs2s.loading import load
from cs2s.samples import SampleFile, write_samples


def test_the_file_has_the_originals_layout(sample_file):
    demo = load("demo")
    with h5py.File(sample_file) as file:
        for action in demo.actions("test"):
            truth = np.stack([file[f"expmap/gt/{action}_{n}"][()] for n in range(8)])
            predicted = np.stack([file[f"expmap/preds/{action}_{n}"][()] for n in range(8)])
            assert truth.shape == (8, 75, 117)
            assert predicted.shape == (8, 25, 117)
            np.testing.assert_allclose(file[f"mean_{action}_error"][()], angle_error(truth, predicted), rtol=1e-5)
        assert file.attrs["dataset"] == "demo"
        assert "versions" in file.attrs["made_from"]


def test_what_was_written_is_read_back(tmp_path):
    evaluation, motions = evaluate(load("demo"), ZeroVelocity(), 10)
    path = write_samples(tmp_path / "samples.h5", evaluation, motions)
    samples = SampleFile(path)
    assert samples.evaluation().fps == 25
    for action, errors in evaluation.errors.items():
        np.testing.assert_array_equal(samples.evaluation().errors[action], errors)
    truth, predicted = samples.motions("walking", 3)
    np.testing.assert_array_equal(truth.rows, motions["walking"][0][3])
    np.testing.assert_array_equal(predicted.rows[:50], truth.rows[:50])
    np.testing.assert_array_equal(predicted.rows[50:], motions["walking"][1][3])
    assert len(predicted) == 60


@pytest.mark.parametrize(("columns", "name", "fps"), [(117, "cmu", 60), (99, "human3.6m", 25)])
def test_files_of_the_original_are_told_by_their_columns(tmp_path, columns, name, fps):
    with h5py.File(tmp_path / "original.h5", "w") as file:
        file["expmap/gt/walking_0"] = np.zeros((75, columns))
        file["expmap/preds/walking_0"] = np.zeros((25, columns))
        file["mean_walking_error"] = np.arange(25.0)
    samples = SampleFile(tmp_path / "original.h5")
    assert samples.evaluation().dataset == name
    truth, predicted = samples.motions("walking", 0)
    assert truth.fps == predicted.fps == fps


def test_broken_files_get_one_clear_sentence(sample_file, tmp_path):
    with pytest.raises(InputError, match="no sample file"):
        SampleFile(tmp_path / "nowhere.h5")
    cut = tmp_path / "cut.h5"
    cut.write_bytes(sample_file.read_bytes()[: sample_file.stat().st_size // 2])
    with pytest.raises(InputError, match=r"cut.h5 is not a readable HDF5 file"):
        SampleFile(cut)
    h5py.File(tmp_path / "empty.h5", "w").close()
    with pytest.raises(InputError, match="holds no samples"):
        SampleFile(tmp_path / "empty.h5")
    with h5py.File(tmp_path / "odd.h5", "w") as file:
        file["expmap/gt/walking_0"] = np.zeros((75, 50))
        file["mean_walking_error"] = np.zeros(25)
    with pytest.raises(InputError, match="rows of 50 numbers"):
        SampleFile(tmp_path / "odd.h5").evaluation()


def test_unknown_actions_and_samples_are_named(sample_file):
    samples = SampleFile(sample_file)
    with pytest.raises(InputError, match="no action 'flying'; it has: boxing"):
        samples.motions("flying", 0)
    for sample in (-1, 8):
        with pytest.raises(InputError, match=rf"no sample {sample} of walking; its samples are 0 to 7"):
            samples.motions("walking", sample)
