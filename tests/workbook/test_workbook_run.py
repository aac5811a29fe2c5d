"""Which model the chapters predict with: the reader's own, else one trained once."""

import json
import shutil
from pathlib import Path

import pytest

from cs2s.training.pretrained import pretrained_names
from cs2s.workbook import model as module
from cs2s.workbook.model import workbook_predictor, workbook_run


@pytest.fixture
def trainings(monkeypatch, tmp_path, trained_run):
    """Stand in for the training by a finished one; remember which runs were trained. Work in an empty folder."""
    done = []

    def train(run, dataset, verbose):
        done.append(run)
        shutil.copytree(trained_run / "checkpoints", run.folder / "checkpoints")
        shutil.move(run.checkpoint_file(3), run.checkpoint_file(run.settings.iterations))

    monkeypatch.setattr(module, "train", train)
    monkeypatch.chdir(tmp_path)
    return done


def test_a_run_of_the_reader_is_taken(demo, trained_run, trainings, capsys):
    shutil.copytree(trained_run, Path("runs/demo"))
    assert workbook_run(demo, "cpu").folder == Path("runs/demo")
    assert "runs/demo, trained for 3 iterations" in capsys.readouterr().out
    assert not trainings


def test_a_notebook_finds_the_runs_beside_its_folder(demo, trained_run, trainings, monkeypatch):
    shutil.copytree(trained_run, Path("runs/demo"))
    Path("notebooks").mkdir()
    monkeypatch.chdir("notebooks")
    assert workbook_run(demo, "cpu").folder == Path("../runs/demo")
    assert not trainings


def test_a_run_on_other_data_is_not_taken(demo, trained_run, trainings):
    shutil.copytree(trained_run, Path("runs/demo"))
    content = json.loads(Path("runs/demo/run.json").read_text())
    content["made_from"]["data"] = "other data"
    Path("runs/demo/run.json").write_text(json.dumps(content))
    assert workbook_run(demo, "cpu").settings.iterations == 100
    assert len(trainings) == 1


def test_without_a_run_one_is_trained_once_for_all_chapters(demo, trainings, monkeypatch, capsys):
    Path("notebooks").mkdir()
    monkeypatch.chdir("notebooks")
    first = workbook_run(demo, "smoke")
    assert first.settings.iterations == 2
    assert first.folder.parent == Path("../runs")
    assert "training one for 2 iterations" in capsys.readouterr().out
    assert workbook_run(demo, "smoke").folder == first.folder
    assert len(trainings) == 1
    assert workbook_run(demo, "cpu").settings.iterations == 100
    assert len(trainings) == 2


def test_the_predictor_of_chapters_is_yours_or_the_shipped_one_and_nothing_is_trained(demo, trained_run, trainings):
    assert "demo" in pretrained_names()
    assert workbook_predictor(demo, "cpu") == "pretrained:demo"
    shutil.copytree(trained_run, Path("runs/demo"))
    assert workbook_predictor(demo, "cpu") == str(Path("runs/demo").resolve())
    assert not trainings


def test_a_data_set_without_a_shipped_predictor_gets_one_trained(demo, trainings, monkeypatch):
    monkeypatch.setattr(module, "_SHIPPED", {})
    assert Path(workbook_predictor(demo, "smoke")).is_dir()
    assert len(trainings) == 1
