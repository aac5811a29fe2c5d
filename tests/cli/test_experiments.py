"""Experiments: what a file says is trained, in turn; what is finished is skipped, what was interrupted goes on."""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from cs2s.cli import experiments
from cs2s.cli.experiments import read_experiments
from cs2s.cli.parser import main
from cs2s.errors import InputError
from cs2s.training.runs import Run

TINY = """
[tiny]
about = "three runs, one of which begins as another"
first = ["data list"]
then = ["export runs/first runs/th* --out mean.npz"]
next = "look into {here}: and now?"

[tiny.settings]
dataset = "demo"
iterations = 1
batch_size = 2
output_length = 1
learning_rate = 1e-3
watch = "nothing"

[tiny.runs]
first = { history = "kept/first.csv" }
third = { seed = 2 }
longer = { begins_as = "first", iterations = 2 }
"""


@pytest.fixture
def called(tmp_path, monkeypatch) -> list[str]:
    """The commands that an experiment calls, which run in this process instead of one of their own."""
    monkeypatch.chdir(tmp_path)
    Path("tiny.toml").write_text(TINY)
    commands: list[str] = []

    def call(command: list[str]) -> None:
        commands.append(shlex.join(command))
        words = [*command, "--quiet"] if command[0] == "train" else command
        assert main(words) == 0

    monkeypatch.setattr(experiments, "_call", call)
    return commands


@pytest.mark.slow
def test_an_experiment_trains_what_is_not_finished_and_then_measures(called, capsys):
    assert main(["experiments", "tiny", "--file", "tiny.toml"]) == 0
    told = "--dataset demo --iterations 1 --batch-size 2 --output-length 1 --learning-rate 0.001 --watch nothing"
    assert called == [
        "data list",
        f"train --run runs/first {told}",
        f"train --run runs/third {told} --seed 2",
        "train --run runs/longer --resume --iterations 2",
        "export runs/first runs/third --out mean.npz",
    ]
    assert Run.open("runs/first").checkpoints == [1]
    assert Run.open("runs/longer").checkpoints == [1, 2]
    first, copy = (Run.open(f"runs/{name}").checkpoint_file(1).read_bytes() for name in ("first", "longer"))
    assert first == copy
    assert Path("kept/first.csv").read_text() == Path("runs/first/history.csv").read_text()
    assert Path("mean.npz").is_file()
    printed = capsys.readouterr().out
    assert "run 2 of 3: runs/third, 1 iterations to train" in printed
    assert printed.rstrip().endswith(f"look into {Path.cwd()}: and now?")

    # Another time all is there; and of what is to be trained longer, only what is missing is trained.
    called.clear()
    assert main(["experiments", "tiny", "--file", "tiny.toml"]) == 0
    assert called == ["data list", "export runs/first runs/third --out mean.npz"]
    Path("tiny.toml").write_text(TINY.replace("seed = 2", "seed = 2, iterations = 2"))
    assert main(["experiments", "tiny", "--file", "tiny.toml", "--list"]) == 0
    listed = capsys.readouterr().out
    assert "runs/first: finished, 1 iterations" in listed
    assert (
        "runs/third: goes on after 1 of 2 iterations\n    cs2s train --run runs/third --resume --iterations 2" in listed
    )
    assert len(called) == 2, "a list does nothing"
    assert main(["experiments", "tiny", "--file", "tiny.toml"]) == 0
    assert Run.open("runs/third").checkpoints == [1, 2]

    # A run of that name that was told something else is no run of the experiment.
    Path("tiny.toml").write_text(TINY.replace("1e-3", "2e-3"))
    assert main(["experiments", "tiny", "--file", "tiny.toml"]) == 2
    assert "--learning-rate 0.002 differs from 0.001" in capsys.readouterr().err


def test_a_run_without_a_checkpoint_goes_on_from_its_start(called, trained_run, capsys):
    shutil.copytree(trained_run, "runs/first")
    shutil.rmtree("runs/first/checkpoints")
    settings = Run.open("runs/first").settings.as_dict()
    written = TINY.split("first =")[0] + "[tiny.settings]\n"
    written += "\n".join(f"{name} = {value!r}" for name, value in settings.items() if name != "preset")
    Path("tiny.toml").write_text(written + "\n[tiny.runs]\nfirst = {}\n")
    assert main(["experiments", "tiny", "--file", "tiny.toml", "--list"]) == 0
    assert f"goes on after 0 of {settings['iterations']} iterations" in capsys.readouterr().out


def test_a_command_that_fails_ends_the_experiment_in_one_sentence(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    Path("e.toml").write_text('[e]\nthen = ["evaluate --dataset demo --predictor nobody", "data list"]\n')
    assert main(["experiments", "e", "--file", "e.toml"]) == 2
    printed = capfd.readouterr()
    assert "there is no predictor 'nobody'" in printed.err
    assert "this command failed, and the experiment with it: cs2s evaluate" in printed.err
    assert "data list" not in printed.out


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[e", "no file of experiments"),
        ("[e]\nrun = {}", "there is no 'run' in an experiment"),
        ("[e.runs]\na = { dataset = 'demo', rate = 1 }", "a cannot be trained .*rate"),
        ("[e.runs]\na = { dataset = 'demo', iterations = 0 }", "a cannot be trained .*--iterations 0 makes no sense"),
        ("[e.runs]\na = { iterations = 1 }", "a cannot be trained .*dataset"),
        ("[e.runs]\na = { begins_as = 'b' }\nb = { dataset = 'demo' }", "begins as 'b', which does not come before it"),
        ("[e]\nthen = ['results runs/c-*']\n[e.runs]\na = { dataset = 'demo' }", "no run .* is called runs/c-"),
    ],
)
def test_what_makes_no_sense_is_said(tmp_path, written, said):
    path = tmp_path / "e.toml"
    path.write_text(written)
    with pytest.raises(InputError, match=said):
        read_experiments(path)


def test_unknown_experiments_are_named_and_known_ones_listed(capsys):
    assert main(["experiments", "nothing"]) == 2
    assert "there is no experiment 'nothing'; choose one of: demo, results" in capsys.readouterr().err
    assert main(["experiments"]) == 0
    assert capsys.readouterr().out.count("\n") == len(read_experiments())


def test_the_network_is_drawn(tmp_path):
    assert main(["draw-network", str(tmp_path / "network.png")]) == 0
    assert (tmp_path / "network.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_committed_window_study_is_that_of_the_command(cmu_folder, tmp_path):
    made = tmp_path / "study.json"
    assert main(["window-study", "cmu", "--data-dir", str(cmu_folder), "--json", str(made)]) == 0
    kept = Path(__file__).parents[2] / "data" / "results" / "cmu_window_study.json"
    found, committed = (json.loads(path.read_text()) for path in (made, kept))
    found.pop("made_from"), committed.pop("made_from")
    assert found == committed


def test_leaps_are_printed_and_written_with_what_made_them(tmp_path, capsys):
    made = tmp_path / "leaps.json"
    words = ["leap-study", "demo", "--predictor", "zero-velocity", "--over", "3.3"]
    assert main([*words, "--json", str(made)]) == 0
    looks, heading, *rows, average = capsys.readouterr().out.splitlines()
    study = json.loads(made.read_text())
    assert "the test windows of this demo data have been evaluated" in looks and heading.startswith("action  ")
    assert [row.split()[:3] for row in rows] == [
        [leap["action"], str(leap["window"]), leap["joint"]]
        for leap in sorted(study["leaps"], key=lambda leap: -leap["euler"])
    ]
    assert len(rows) == 3 and average == f"average at frame 9: {study['average']:.3f} radians"
    assert (study["predictor"], study["frame"], study["over"]) == ("zero-velocity", 9, 3.3)
    assert {"data", "command", "versions"} <= set(study["made_from"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--frame", "25"], "frame 25 makes no sense"),
        (["--over", "0"], "it must be more than 0"),
        (["--predictor", "nobody"], "there is no predictor 'nobody'"),
    ],
)
def test_a_leap_study_that_makes_no_sense_looks_at_nothing(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CS2S_TEST_LOOKS", str(tmp_path / "looks.jsonl"))
    assert main(["leap-study", "demo", "--predictor", "zero-velocity", *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "looks.jsonl").exists()


def flat(found, path=()):
    """All that plain data holds, as path -> value."""
    if not isinstance(found, dict | list):
        return {path: found}
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    return {place: value for key, one in pairs for place, value in flat(one, (*path, key)).items()}


@pytest.mark.slow
def test_the_committed_leap_study_is_that_of_the_command(cmu_folder, tmp_path):
    made = tmp_path / "study.json"
    words = ["--data-dir", str(cmu_folder), "--predictor", "pretrained:paper", "--frame", "9", "--json", str(made)]
    assert main(["leap-study", "cmu", *words]) == 0
    kept = Path(__file__).parents[2] / "data" / "results" / "cmu_leap_study.json"
    found, committed = (json.loads(path.read_text()) for path in (made, kept))
    # Sums on another machine differ in their last digits: numbers are compared as numbers.
    found.pop("made_from"), committed.pop("made_from")
    found, committed = flat(found), flat(committed)
    assert found.keys() == committed.keys()
    for place, value in committed.items():
        assert found[place] == (value if isinstance(value, str) else pytest.approx(value, abs=0.02)), place
