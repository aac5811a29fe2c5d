"""Checkpoints of the authors' program as runs of ours."""

import shutil

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.loading import load
from cs2s.errors import InputError
from cs2s.training.original_checkpoint import import_checkpoint
from cs2s.training.predictors import load_predictor
from cs2s.training.runs import Run


@pytest.fixture(scope="module")
def prefix(reference):
    return reference / "golden" / "tf1_checkpoint_cmu" / "original-24000"


@pytest.fixture(scope="module")
def cmu(cmu_folder):
    return load("cmu", cmu_folder)


@pytest.fixture(scope="module")
def imported(prefix, cmu_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported") / "run"
    arguments = ("import-checkpoint", prefix, "--dataset", "cmu", "--data-dir", cmu_folder, "--run", folder)
    assert main([str(argument) for argument in arguments]) == 0
    return folder


def test_the_imported_run_predicts_what_the_original_predicted(imported, golden):
    predictor = load_predictor(imported)
    with np.load(golden / "original_cmu.npz") as printed:
        predicted = np.asarray(predictor.model(printed["input"][:, :50]))
        expected = printed["inference_prediction"]
    assert np.abs(predicted - expected).max() / np.abs(expected).max() < 1e-4


@pytest.mark.slow
def test_the_imported_run_is_used_like_any_other(imported, cmu_folder, tmp_path, capsys):
    run = Run.open(imported)
    assert run.checkpoints == [24000]
    assert run.made_from["imported_from"] == "original-24000"
    data = ("--data-dir", str(cmu_folder))
    assert main(["evaluate", "--dataset", "cmu", *data, "--predictor", str(imported), "--compare"]) == 0
    text = capsys.readouterr().out
    # A table of 80 columns keeps the end of a long name.
    assert f"{imported}@24000"[-13:] in text
    assert "LTD" in text
    assert main(["sample", "--run", str(imported), *data, "--out", str(tmp_path / "s.h5")]) == 0


def test_a_checkpoint_of_another_dataset_is_refused(prefix, human36m_folder, tmp_path):
    with pytest.raises(InputError, match=r"does not fit the human3.6m data: its .*shape .*another dataset"):
        import_checkpoint(prefix, load("human3.6m", human36m_folder), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_missing_and_damaged_files_are_refused(prefix, cmu, tmp_path):
    with pytest.raises(InputError, match="there is no checkpoint"):
        import_checkpoint(tmp_path / "nothing-1", cmu, tmp_path / "run")
    for part in (".index", ".data-00000-of-00001"):
        for file in prefix.parent.glob("original-24000.*"):
            shutil.copy(file, tmp_path / file.name)
        damaged = tmp_path / f"original-24000{part}"
        damaged.chmod(0o644)
        damaged.write_bytes(damaged.read_bytes()[: damaged.stat().st_size // 2])
        with pytest.raises(InputError, match="is damaged"):
            import_checkpoint(tmp_path / "original-24000", cmu, tmp_path / "run")
        for file in tmp_path.glob("original-24000.*"):
            file.unlink()
    assert not (tmp_path / "run").exists()


def test_a_missing_variable_is_named(cmu, tmp_path):
    import tensorflow as tf

    checkpoint = tf.train.Checkpoint(other=tf.Variable(1.0))
    written = checkpoint.write(str(tmp_path / "other-5"))
    with pytest.raises(InputError, match="no variable VAESkeleton/EncoderSkeleton/conv1/weights"):
        import_checkpoint(type(tmp_path)(written), cmu, tmp_path / "run")
