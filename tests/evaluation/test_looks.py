"""The log of looks at test windows: damaged lines, full disks, and that no finished evaluation is lost to it."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from cs2s.cli.parser import main
from cs2s.datasets.loading import Dataset
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.looks import count_test_looks, log_test_look, read_test_looks

ARGUMENTS = ["evaluate", "--dataset", "demo", "--predictor", "zero-velocity"]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "looks.jsonl"
    monkeypatch.setenv("CS2S_TEST_LOOKS", str(path))
    return path


DAMAGED = [
    b'{"dataset": "demo", "da',
    b'{"dataset": "demo", "data": "abc"\xff}',
    b"\xff\xfe\x00garbage",
    b"[1, 2]",
    b"null",
    b'{"dataset": "demo"}',
    b'{"data": 3}',
    b"[" * 100_000,
    b"\x00" * 20,
]


@pytest.mark.parametrize("line", DAMAGED, ids=range(len(DAMAGED)))
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "half"])
def test_a_damaged_line_is_told_and_costs_no_look(log, line, whole):
    log_test_look("demo", "abc", "first", "paper")
    with open(log, "ab") as file:
        file.write(line + b"\n" * whole)
    log_test_look("demo", "abc", "second", "paper")
    log_test_look("demo", "other", "third", "paper")
    assert [look["predictor"] for look in read_test_looks("abc")] == ["first", "second"]
    assert [look["predictor"] for look in read_test_looks()] == ["first", "second", "third"]
    assert count_test_looks("demo", "abc") == (
        "the test windows of this demo data have been evaluated 2 times (logged); "
        f"not counted, because damaged: line 2 of {log}"
    )
    assert log.read_bytes().split(b"\n")[1] == line


def test_many_damaged_lines_are_told_in_few_words(log):
    log.write_bytes(b"a\nb\n\nc\n")
    assert count_test_looks("demo", "abc").endswith(f"because damaged: lines 1 and 2 more of {log}")


@pytest.mark.parametrize("room", [0, 1, 40, 200])
def test_what_does_not_fit_leaves_no_half_line(log, room):
    """A file may grow by so many bytes only, as on a disk that is full."""
    log_test_look("demo", "abc", "first", "paper")
    before = log.read_bytes()
    code = (
        "import resource, sys\n"
        "from cs2s.errors import InputError\n"
        "from cs2s.evaluation.looks import log_test_look\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + room}, {resource.RLIM_INFINITY}))\n"
        "try: log_test_look('demo', 'abc', 'second', 'paper')\n"
        "except InputError as error: sys.exit(str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"cannot write {log} (")
    assert log.read_bytes() == before
    log_test_look("demo", "abc", "third", "paper")
    assert [look["predictor"] for look in read_test_looks()] == ["first", "third"]


def unwritable(tmp_path: Path) -> str:
    if Path("/dev/full").exists():
        return "/dev/full"
    (tmp_path / "file").touch()
    return str(tmp_path / "file" / "looks.jsonl")


def test_a_log_that_cannot_be_written_to_costs_no_evaluation(demo, tmp_path, monkeypatch, capsys):
    assert main(ARGUMENTS) == 0
    table = capsys.readouterr().out.split("\n", maxsplit=1)[1]
    monkeypatch.setenv("CS2S_TEST_LOOKS", unwritable(tmp_path))
    assert main([*ARGUMENTS, "--json", str(tmp_path / "errors.json")]) == 2
    output = capsys.readouterr()
    assert output.out.split("\n", maxsplit=1)[1] == table
    assert output.err.startswith("cs2s: this look at the test windows is not logged: cannot write ")
    assert output.err.count("\n") == 1
    assert json.loads((tmp_path / "errors.json").read_text())["predictor"] == "zero-velocity"
    evaluation = evaluate(demo, ZeroVelocity())
    assert evaluation.unlogged.startswith("cannot write ")


def test_a_log_that_cannot_be_read_costs_no_evaluation(log, monkeypatch, capsys):
    assert main(ARGUMENTS) == 0
    capsys.readouterr()

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "cannot be told: cannot read" in count_test_looks("demo", "abc")


def test_looks_of_many_processes_at_once_are_whole_lines(log):
    code = (
        "from cs2s.evaluation.looks import log_test_look\n"
        "for number in range(50): log_test_look('demo', 'abc', f'runs/{number}' * 50, 'paper')\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert len(log.read_bytes().splitlines()) == len(read_test_looks("abc")) == 200


def test_an_unlogged_look_does_not_end_a_training(demo: Dataset, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CS2S_TEST_LOOKS", unwritable(tmp_path))
    arguments = ["train", "--dataset", "demo", "--run", str(tmp_path / "run"), "--iterations", "1", "--quiet"]
    assert main([*arguments, "--output-length", "2", "--batch-size", "2", "--window-length", "8"]) == 0
    assert "note: this look at the test windows is not logged: cannot write" in capsys.readouterr().out
    assert (tmp_path / "run" / "checkpoints" / "iteration-000001.weights.h5").is_file()
