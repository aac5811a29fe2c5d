"""The command line, as a user types it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image
from typed import refused, run

import cs2s
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
    frames, times, printed = (line.split() for line in output.out.splitlines()[2:5])
    assert (frames[0], times[:3], printed[:3]) == ("f1", ["ms", "ahead", "33"], ["paper", "prints", "80"])
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
    assert "field prints" in text
    assert max(map(len, text.splitlines())) <= 80
    content = json.loads(path.read_text())
    assert (content["protocol"], content["stride"]) == ("positions", 40)
    assert len(content["average"]["field_mm"]) == 25
    (shown,) = [line.split() for line in text.splitlines() if re.match(r"average \d+ \(", line)]
    # The second and third words are how many windows, in how many blocks.
    assert shown[3] == f"{content['average']['field_mm'][1]:.1f}"
    beside = text[text.index("\nbeside what papers print") :]
    assert "PGBIG" in beside[beside.index("\naverage\n") :]


@pytest.mark.slow
def test_several_predictors_in_one_go(trained_run, tmp_path, capsys):
    predictors = ("--predictor", "zero-velocity", "--predictor", trained_run)
    assert run("evaluate", "--dataset", "demo", *predictors, "--json", tmp_path / "two.json") == 0
    lines = capsys.readouterr().out.splitlines()
    _, frozen, learned, said = lines[lines.index("average") :][:4]
    assert frozen.startswith("  zero-velocity")
    name = "..." + f"{trained_run}@3"[-21:]
    assert (
        learned.startswith(f"  {name}  ") and said.startswith(f"{name}: ") and "error than freezing 80 ms ahead" in said
    )
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
def test_freezing_stands_beside_a_predictor_and_in_no_file(trained_run, sample_file, tmp_path, capsys):
    assert run("evaluate", "--dataset", "demo", "--predictor", "zero-velocity", "--json", tmp_path / "still.json") == 0
    assert run("evaluate", "--dataset", "demo", "--predictor", trained_run, "--json", tmp_path / "run.json") == 0
    still, learned = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("still", "run"))
    assert isinstance(learned, dict) and learned["predictor"] == f"{trained_run}@3"
    capsys.readouterr()
    for words in (["--dataset", "demo", "--predictor", trained_run], [sample_file]):
        assert run("evaluate", *words) == 0
        lines = capsys.readouterr().out.splitlines()
        for action in (*still["actions"], "average"):
            errors = still["actions"].get(action, still["average"])
            expected = ["zero-velocity", *(f"{errors[frame]:.3f}" for frame in still["frames"])]
            assert lines[lines.index(action) + 1].split() == expected
    changes = [learned["average"][frame] / still["average"][frame] - 1 for frame in (1, 9)]
    assert run("evaluate", sample_file, "--brief") == 0
    said = capsys.readouterr().out
    assert said.count("\n") <= 2 and "zero-velocity" not in said
    for change in changes:
        assert f" {abs(round(100 * change))} % {'less' if change < 0 else 'more'}" in said


def test_in_words_alone_is_not_for_motion_files(tmp_path, capsys):
    assert "--brief goes with" in refused(capsys, "evaluate", "a.bvh", "--predictor", "zero-velocity", "--brief")


def test_a_predictor_that_comes_along_is_sampled(tmp_path, capsys):
    out = tmp_path / "samples.h5"
    assert run("sample", "--run", "pretrained:demo", "--out", out) == 0
    text = capsys.readouterr().out
    assert "pretrained:demo: " in text and max(map(len, text.splitlines()[:-1])) <= 80
    assert run("animate", out, "--action", "boxing", "--out", tmp_path / "boxing.png") == 0
    assert f"the picture is in {(tmp_path / 'boxing.png').resolve()}" in capsys.readouterr().out
    wanted = refused(capsys, "sample", "--run", "pretrained:demo", "--checkpoint", 3, "--out", out)
    assert "--checkpoint is for run directories" in wanted


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as stop:
        run("--version")
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"cs2s {cs2s.__version__}\n"


def test_chapters_are_copied_and_what_is_there_is_kept(tmp_path, capsys):
    chapters = sorted(path.name for path in (Path(cs2s.__file__).parents[1] / "notebooks").glob("*.ipynb"))
    folder = tmp_path / "work" / "book"
    folder.mkdir(parents=True)
    (folder / chapters[0]).write_text("my answers")
    assert run("notebooks", "--to", folder) == 0
    said = capsys.readouterr().out
    assert f"{len(chapters) - 1} chapters are in {folder.resolve()}; 1 was there" in said and "jupyter lab" in said
    assert sorted(path.name for path in folder.iterdir()) == chapters
    assert (folder / chapters[0]).read_text() == "my answers"
    source = Path(cs2s.__file__).parents[1] / "notebooks" / chapters[1]
    assert (folder / chapters[1]).read_bytes() == source.read_bytes()


@pytest.mark.slow
def test_predictions_of_several_models_are_drawn_beside_each_other(trained_run, tmp_path, capsys):
    """A shorter prediction ends the picture; windows that differ are refused, the same predictor twice, too."""
    shipped, trained, page = tmp_path / "shipped.h5", tmp_path / "trained.h5", tmp_path / "both.html"
    assert run("sample", "--run", "pretrained:demo", "--out", shipped) == 0
    assert run("sample", "--run", trained_run, "--output-length", 7, "--out", trained) == 0
    assert run("animate", shipped, trained, "--action", "boxing", "--out", page) == 0
    film = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page.read_text()).group(1))
    assert film["frames"] == 57
    names = [person["name"] for person in film["people"]]
    assert len(names) == 3 and "pretrained:demo" in names[1] and "demo@" in names[2]
    again = refused(capsys, "animate", shipped, shipped, "--action", "boxing", "--out", page)
    assert f"{shipped} holds what pretrained:demo predicts" in again
    with h5py.File(trained, "r+") as file:
        truth = file["expmap/gt/boxing_0"]
        truth[:] = truth[:] + 0.1
    other = refused(capsys, "animate", shipped, trained, "--action", "boxing", "--out", page)
    assert f"{trained} does not hold the same window 0 of boxing as {shipped}" in other


@pytest.mark.slow
@pytest.mark.parametrize("length", [1, 40])
def test_other_output_lengths_are_sampled(trained_run, tmp_path, capsys, length):
    out = tmp_path / "samples.h5"
    assert run("sample", "--run", trained_run, "--output-length", length, "--checkpoint", 2, "--out", out) == 0
    assert capsys.readouterr().out.splitlines()[2].split()[-1] == f"f{length - 1}"
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
