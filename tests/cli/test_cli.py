"""The command line, as a user types it."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from typed import refused, run

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.training.runs import Run


@pytest.mark.slow
def test_help_is_there_without_tensorflow():
    code = (
        "import sys; from cs2s.cli.parser import main\n"
        "for words in (['--help'], ['data', '--help'], ['train', '--help'], ['animate', '--help']):\n"
        "    try: main(words)\n"
        "    except SystemExit as stop: assert stop.code == 0\n"
        "main(['evaluate', '--dataset', 'demo', '--predictor', 'running-average-2'])\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for word in ("train", "sample", "evaluate", "animate", "examples", "--gan-loss-weight", "paper: 0.01"):
        assert word in result.stdout
    assert "average" in result.stdout


@pytest.mark.slow
def test_python_m_cs2s_is_the_command():
    result = subprocess.run([sys.executable, "-m", "cs2s", "data", "list"], capture_output=True, text=True, check=True)
    for word in ("demo", "cmu", "human3.6m", "may not be redistributed", "NSF EIA-0196217"):
        assert word in result.stdout


def test_data_info_counts_files_frames_and_used_columns(cmu_folder, capsys):
    assert run("data", "info", "cmu", "--data-dir", cmu_folder) == 0
    text = capsys.readouterr().out
    assert "70 of them used" in text
    assert "T-pose" in text
    assert "all present files are as published" in text
    for split, takes in (("train", 5), ("test", 1)):
        for action in CMU_DATA.actions:
            for take in range(1, takes + 1):
                file = f"{split}/{action}/{action}_{take}.txt"
                assert (f"missing: {file}" in text) != (cmu_folder / file).is_file()


def test_evaluate_writes_every_error_as_json(cmu_folder, tmp_path, capsys):
    path = tmp_path / "errors.json"
    arguments = ("evaluate", "--dataset", "cmu", "--data-dir", cmu_folder, "--predictor", "zero-velocity")
    assert run(*arguments, "--json", path) == 0
    output = capsys.readouterr()
    assert "f1 33 ms (paper: 80)" in output.out
    content = json.loads(path.read_text())
    assert (content["dataset"], content["protocol"], content["predictor"]) == ("cmu", "paper", "zero-velocity")
    assert content["frames"] == [1, 3, 7, 9, 13, 24]
    assert content["actions"]["walking"][9] == pytest.approx(0.951068, abs=1e-4)
    assert content["average"] == pytest.approx(np.mean(list(content["actions"].values()), axis=0))
    assert {"data", "versions", "command"} <= set(content["made_from"])


def test_evaluate_measures_positions_and_sets_them_beside_what_papers_print(cmu_folder, tmp_path, capsys):
    path = tmp_path / "errors.json"
    arguments = ("evaluate", "--dataset", "cmu", "--data-dir", cmu_folder, "--predictor", "zero-velocity")
    assert run(*arguments, "--protocol", "positions", "--stride", 40, "--compare", "--json", path) == 0
    text = capsys.readouterr().out
    assert "cmu, zero-velocity: protocol 'positions', windows 40 frames apart" in text
    assert "f1 33 ms (field: 80)" in text
    content = json.loads(path.read_text())
    assert (content["protocol"], content["stride"]) == ("positions", 40)
    assert len(content["average"]["field_mm"]) == 25
    (shown,) = [line.split() for line in text.splitlines() if line.startswith("average  ")]
    assert shown[3] == f"{content['average']['field_mm'][1]:.1f}"
    beside = text[text.index("\nbeside what papers print") :]
    assert "PGBIG" in beside[beside.index("\naverage\n") :]


@pytest.mark.slow
def test_several_predictors_in_one_go(trained_run, tmp_path, capsys):
    predictors = ("--predictor", "zero-velocity", "--predictor", trained_run)
    assert run("evaluate", "--dataset", "demo", *predictors, "--json", tmp_path / "two.json") == 0
    *_, heading, frozen, learned = capsys.readouterr().out.splitlines()
    assert heading.startswith("predictor")
    assert frozen.startswith("zero-velocity")
    assert learned.startswith(f"{trained_run}@3")
    first, second = json.loads((tmp_path / "two.json").read_text())
    assert len(first["average"]) == len(second["average"]) == 25


@pytest.mark.slow
def test_evaluating_a_sample_file_prints_its_own_table(trained_run, sample_file, capsys):
    assert run("evaluate", sample_file) == 0
    stored = capsys.readouterr().out
    assert run("evaluate", "--dataset", "demo", "--predictor", trained_run) == 0
    looks, measured = capsys.readouterr().out.split("\n", maxsplit=1)
    assert "have been evaluated" in looks
    assert stored.splitlines()[1:] == measured.splitlines()[1:]


@pytest.mark.slow
@pytest.mark.parametrize("length", [1, 40])
def test_other_output_lengths_are_sampled(trained_run, tmp_path, capsys, length):
    out = tmp_path / "samples.h5"
    assert run("sample", "--run", trained_run, "--output-length", length, "--checkpoint", 2, "--out", out) == 0
    assert f"f{length - 1} " in capsys.readouterr().out
    assert run("animate", out, "--action", "boxing", "--out", tmp_path / "boxing.png") == 0
    with Image.open(tmp_path / "boxing.png") as picture:
        assert picture.width > 300
    assert run("animate", out, "--action", "boxing", "--out", tmp_path / "boxing.html") == 0
    page = (tmp_path / "boxing.html").read_text(encoding="utf-8")
    film = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page).group(1))
    assert film["observed"] == 50 and film["frames"] == 50 + length and len(film["people"]) == 2


@pytest.mark.slow
def test_resuming_with_more_iterations(trained_run, tmp_path, capsys):
    import shutil

    folder = shutil.copytree(trained_run, tmp_path / "run")
    assert run("train", "--run", folder, "--resume", "--iterations", 4, "--quiet") == 0
    assert Run.open(folder).checkpoints == [2, 3, 4]
    assert Run.open(folder).settings.iterations == 4
    sentence = refused(capsys, "train", "--run", folder, "--resume", "--batch-size", 5)
    assert "--batch-size 5 differs from 4" in sentence


def test_an_interrupted_training_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cs2s.training.loop.train", interrupted)
    assert run("train", "--dataset", "demo", "--run", tmp_path / "run") == 130
    assert f"cs2s train --run {tmp_path / 'run'} --resume" in capsys.readouterr().err
