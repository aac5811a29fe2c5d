"""What the command line refuses, in one sentence each, and what it mentions."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from typed import refused, run

from cs2s.datasets.own import frame_rate
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


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("evaluate", "--dataset", "cmuu", "--predictor", "zero-velocity"), "cmu"),
        (("evaluate", "--dataset", "demo", "--predictor", "zero-velocty"), "zero-velocity"),
        (("evaluate", "--dataset", "demo", "--protocol", "postions"), "positions"),
        (("trian",), "train"),
        (("experiments", "singel"), "single"),
        (("train", "--dataset", "demo", "--run", "r", "--preset", "pose-mpl"), "pose-mlp"),
        (("train", "--dataset", "demo", "--run", "r", "--watch", "validaton"), "validation"),
        (("predict", "a.bvh", "--run", "pretrained:pose-mpl", "--out", "b.bvh"), "pose-mlp"),
    ],
)
def test_the_nearest_word_is_suggested(words, meant, capsys):
    assert f"(did you mean '{meant}'?)" in refused(capsys, *words)


def test_a_far_word_suggests_nothing(capsys):
    assert "did you mean" not in refused(capsys, "evaluate", "--dataset", "xyz", "--predictor", "zero-velocity")


def test_a_folder_that_is_misspelt_is_not_made(tmp_path, capsys):
    words = ("evaluate", "--dataset", "demo", "--predictor", "zero-velocity", "--json", tmp_path / "no" / "a.json")
    assert f"there is no folder {tmp_path / 'no'} to write a.json into: make it first" in refused(capsys, *words)
    assert not list(tmp_path.iterdir())


def test_links_in_a_circle_and_names_that_cannot_be_printed_get_one_sentence(tmp_path, capsys):
    (tmp_path / "a.bvh").symlink_to("b.bvh")
    (tmp_path / "b.bvh").symlink_to("a.bvh")
    assert "is a link that leads in a circle" in refused(capsys, "convert", tmp_path / "a.bvh", tmp_path / "c.bvh")
    for name in ("\x1b[2J.bvh", "\udcff.bvh", "a\nb.bvh"):
        assert "cannot be a name" in refused(capsys, "convert", tmp_path / name, tmp_path / "c.bvh")


@pytest.mark.parametrize(
    "content", ["\ufeff{}", '{"fps": 1' + 400 * "0" + "}", '{"fps": true}', '{"fps": NaN}', "[" * 99_999, "1"]
)
def test_a_broken_dataset_json_gets_one_sentence(content, tmp_path, capsys):
    (tmp_path / "train" / "walking").mkdir(parents=True)
    (tmp_path / "train" / "walking" / "walking_1.txt").write_text("")
    (tmp_path / "dataset.json").write_text(content)
    assert "dataset.json" in refused(capsys, "data", "info", "own", "--data-dir", tmp_path)
    (tmp_path / "dataset.json").unlink()
    os.mkfifo(tmp_path / "dataset.json")
    assert "dataset.json is not readable" in refused(capsys, "data", "info", "own", "--data-dir", tmp_path)


def test_a_byte_order_mark_is_no_damage(tmp_path):
    (tmp_path / "dataset.json").write_text('\ufeff{"fps": 50}')
    assert frame_rate(tmp_path) == 50


OLD_RUN = Path(__file__).parents[1] / "files_of_0_1" / "runs" / "small"
HISTORY = "iteration,loss,validation_error_f1\n2,1.5,0.5\n4,1.2,0.4\n"
DAMAGE = {
    "a deviation of 0": lambda run: statistics(run, std=0.0),
    "a deviation of nan": lambda run: statistics(run, std=np.nan),
    "statistics of another length": lambda run: statistics(run, columns=99),
    "true for a number": lambda run: settings(run, iterations=True),
    "true for a rate": lambda run: settings(run, learning_rate=True),
    "a list for a number": lambda run: settings(run, mirror=[0.5]),
    "a number for a word": lambda run: settings(run, schedule=3),
    "history: another length": lambda run: history(run, HISTORY + "6,1\n"),
    "history: a word": lambda run: history(run, HISTORY.replace("0.4", "ab")),
    "history: no iteration": lambda run: history(run, HISTORY.replace("iteration", "x")),
    "history: nul": lambda run: history(run, HISTORY.replace("0.4", "\0")),
    "history: no UTF-8": lambda run: history(run, HISTORY.replace("0.4", "\udcff")),
    "history: half an iteration": lambda run: history(run, HISTORY.replace("4,1.2", "4.5,1.2")),
    "history: an endless field": lambda run: history(run, HISTORY + '"' + "x" * 200_000),
}


def statistics(run: Path, std: float = 1.0, columns: int = 117) -> None:
    np.savez(run / "statistics.npz", mean=np.zeros(columns), std=np.full(columns, std), used=np.arange(9))


def settings(run: Path, **changes: object) -> None:
    content = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(content | {"settings": content["settings"] | changes}))


def history(run: Path, content: str) -> None:
    settings(run, watch="validation")
    (run / "history.csv").write_bytes(content.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_run_gets_one_sentence(damage, tmp_path, capsys):
    run = Path(shutil.copytree(OLD_RUN, tmp_path / "run"))
    DAMAGE[damage](run)
    sentence = refused(capsys, "sample", "--run", run, "--out", tmp_path / "s.h5")
    assert "damaged" in sentence or "makes no sense" in sentence or "there is no schedule '3'" in sentence
    assert not (tmp_path / "s.h5").exists()


def test_a_history_as_it_should_be_is_read(tmp_path):
    run = Path(shutil.copytree(OLD_RUN, tmp_path / "run"))
    history(run, HISTORY)
    assert Run.open(run).best_checkpoint == 2
