"""What the command line refuses, in one sentence each, and what it mentions."""

import json

import pytest
from typed import refused, run

from cs2s.training.runs import Run


def test_human36m_is_not_downloaded(capsys):
    assert "may not be redistributed" in refused(capsys, "data", "download", "human3.6m")


@pytest.mark.slow
def test_bad_arguments_get_one_sentence(trained_run, sample_file, human36m_folder, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    cases = [
        (("train", "--run", tmp_path / "r"), "--dataset is missing"),
        (("train", "--dataset", "demo", "--run", trained_run), "holds a run already"),
        (("train", "--dataset", "demo", "--run", tmp_path / "file" / "r"), "cannot write into folder"),
        (("train", "--dataset", "demo", "--run", tmp_path / "r", "--batch-size", 0), "--batch-size 0 makes no sense"),
        (("train", "--dataset", "demo", "--run", tmp_path / "r", "--sampling", 1.5), "between 0 and 1"),
        (("train", "--dataset", "demo", "--run", tmp_path / "r", "--learning-rate", "nan"), "--learning-rate nan"),
        (("train", "--dataset", "demo", "--run", tmp_path / "r", "--window-length", 4), "at least 8 frames"),
        (("train", "--dataset", "demo", "--run", tmp_path / "r", "--seed", 2**32), "--seed 4294967296 makes no sense"),
        (("train", "--dataset", "demo", "--run", tmp_path / "r", "--output-length", 999), "need more than 1049"),
        (("train", "--run", trained_run, "--resume", "--iterations", 1), "less than the 3 that the run has done"),
        (("train", "--dataset", "demoo", "--run", tmp_path / "r"), "invalid choice: 'demoo'"),
        (("train", "--run", tmp_path / "nothing", "--resume"), "is not a run directory"),
        (("sample", "--run", tmp_path, "--out", tmp_path / "s.h5"), "is not a run directory"),
        (("sample", "--run", trained_run, "--checkpoint", 7, "--out", tmp_path / "s.h5"), "it has: 2, 3"),
        (("sample", "--run", trained_run, "--output-length", 0, "--out", tmp_path / "s.h5"), "at least 1"),
        (("sample", "--run", trained_run, "--output-length", 5000, "--out", tmp_path / "s.h5"), "need more than 5050"),
        (("sample", "--run", trained_run, "--out", tmp_path / "file" / "s.h5"), "cannot write into folder"),
        (("evaluate",), "name either a sample file"),
        (("evaluate", sample_file, "--dataset", "demo"), "name either a sample file"),
        (("evaluate", sample_file, "--data-dir", tmp_path), "name either a sample file"),
        (("evaluate", tmp_path / ("x" * 300)), "File name too long"),
        (("evaluate", sample_file, "--json", tmp_path), "it is a folder"),
        (("evaluate", "--dataset", "demo"), "go together"),
        (("evaluate", "--dataset", "demo", "--predictor", "oracle"), "there is no predictor 'oracle'"),
        (("evaluate", "--dataset", "cmu", "--predictor", trained_run), "was trained on demo, not on cmu"),
        (("evaluate", "--dataset", "cmu", "--data-dir", tmp_path / "no", "--predictor", "zero-velocity"), "no folder"),
        (("evaluate", tmp_path / "no.h5"), "there is no sample file"),
        (("animate", sample_file, "--action", "flying", "--out", tmp_path / "a.gif"), "no action 'flying'"),
        (("animate", sample_file, "--action", "walking", "--sample", 8, "--out", tmp_path / "a.gif"), "0 to 7"),
        (("animate", sample_file, "--action", "walking", "--out", tmp_path / "a.avi"), ".gif"),
        (("animate", sample_file, "--action", "walking", "--out", tmp_path / "file" / "a.gif"), "cannot write"),
        (("data", "info", "cmu", "--data-dir", human36m_folder), "holds no file of the cmu data"),
        ((), "required"),
    ]
    for arguments, part in cases:
        assert part in refused(capsys, *arguments), arguments
    assert not (tmp_path / "r").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


@pytest.mark.slow
def test_damaged_runs_get_one_sentence(trained_run, tmp_path, capsys):
    import shutil

    folder = shutil.copytree(trained_run, tmp_path / "run")
    checkpoint = Run.open(folder).checkpoint_file(3)
    checkpoint.write_bytes(checkpoint.read_bytes()[:10_000])
    sentence = refused(capsys, "sample", "--run", folder, "--out", tmp_path / "s.h5")
    assert "iteration-000003.weights.h5 is damaged" in sentence
    assert run("sample", "--run", folder, "--checkpoint", 2, "--output-length", 2, "--out", tmp_path / "s.h5") == 0
    content = json.loads((folder / "run.json").read_text())
    for change in ({"made_from": {}}, {"settings": {"dataset": "x"}}, {"settings": 7}):
        (folder / "run.json").write_text(json.dumps(content | change))
        refused(capsys, "sample", "--run", folder, "--out", tmp_path / "s.h5")
    (folder / "run.json").write_text(json.dumps(content))
    (folder / "statistics.npz").write_bytes(b"nothing")
    assert "is damaged" in refused(capsys, "sample", "--run", folder, "--out", tmp_path / "s.h5")


@pytest.mark.slow
def test_a_run_of_other_files_is_not_resumed(human36m_folder, trained_run, tmp_path, capsys):
    import shutil

    folder = shutil.copytree(trained_run, tmp_path / "run")
    content = json.loads((folder / "run.json").read_text())
    content["made_from"]["data"] = "0" * 64
    (folder / "run.json").write_text(json.dumps(content))
    assert "was trained on other data" in refused(capsys, "train", "--run", folder, "--resume", "--iterations", 9)


@pytest.mark.slow
def test_another_keras_backend_is_refused(trained_run, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert "KERAS_BACKEND" in refused(capsys, "sample", "--run", trained_run, "--out", tmp_path / "s.h5")


def test_positions_are_measured_on_the_cmu_skeleton_only(human36m_folder, capsys):
    words = ("evaluate", "--dataset", "human3.6m", "--data-dir", human36m_folder, "--predictor", "zero-velocity")
    sentence = refused(capsys, *words, "--protocol", "positions")
    assert "made of the CMU skeleton, but the human3.6m data has the Human3.6M one" in sentence


def test_missing_files_are_mentioned(cmu_folder, capsys):
    if (cmu_folder / "test/basketball_signal/basketball_signal_1.txt").is_file():
        pytest.skip("the CMU data is complete here")
    run("evaluate", "--dataset", "cmu", "--data-dir", cmu_folder, "--predictor", "zero-velocity")
    assert "10 of 48 cmu files are missing" in capsys.readouterr().err
