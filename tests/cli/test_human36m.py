"""The command line on data in the exact layout of Human3.6M."""

import pytest
from typed import run


@pytest.mark.slow
def test_data_info_of_the_other_datasets(human36m_folder, capsys):
    assert run("data", "info", "human3.6m", "--data-dir", human36m_folder) == 0
    assert "210 of 210 takes are present" in capsys.readouterr().out
    assert run("data", "info", "demo") == 0
    assert "25 after the paper's halving" in capsys.readouterr().out


@pytest.mark.slow
def test_train_sample_evaluate_animate_on_human36m(human36m_folder, tmp_path, capsys):
    folder, samples = tmp_path / "run", tmp_path / "samples.h5"
    quick = ("--iterations", 1, "--batch-size", 2, "--output-length", 2, "--quiet")
    data = ("--data-dir", human36m_folder)
    assert run("train", "--dataset", "human3.6m", *data, "--run", folder, *quick) == 0
    assert run("sample", "--run", folder, *data, "--out", samples) == 0
    capsys.readouterr()
    assert run("evaluate", samples) == 0
    lines = capsys.readouterr().out.splitlines()
    # Below its name each of the 15 actions, and the average, has a line for freezing and one for the run.
    named = [line for line in lines[3:] if line and not line.startswith(" ")]
    assert len([line for line in named if ":" not in line]) == 15 + 1
    assert sum(line.startswith("  zero-velocity") for line in lines) == 15 + 1
    assert run("animate", samples, "--action", "eating", "--sample", 7, "--out", tmp_path / "eating.gif") == 0
    assert run("evaluate", "--dataset", "human3.6m", *data, "--predictor", folder) == 0
