"""Which model the chapters predict with: the reader's own, else one trained once."""

import json
import shutil
from pathlib import Path

import pytest

from cs2s import workbook_run as module
from cs2s.workbook_run import workbook_run


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
