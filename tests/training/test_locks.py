"""One holder a run: whoever comes second is told so and touches nothing, and death lets go."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cs2s.datasets.windows import dataset_statistics
from cs2s.errors import InputError
from cs2s.files.locking import holding
from cs2s.training.loop import train
from cs2s.training.runs import Run
from cs2s.training.settings import Settings

HOLD = """
import sys, time
from pathlib import Path
from cs2s.training.runs import Run
with Run.held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def run(demo, tmp_path: Path) -> Run:
    settings = Settings.for_preset(
        "demo", output_length=2, batch_size=2, window_length=8, iterations=1, watch="nothing"
    )
    return Run.create(tmp_path / "run", settings, {"data": demo.fingerprint}, dataset_statistics(demo))


@pytest.fixture
def other(run: Run):
    """Another process that holds the run."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, run.folder], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_training_is_refused_and_changes_nothing(run, other, demo, monkeypatch, capsys):
    from cs2s.cli.parser import main

    half_written = run.folder / "checkpoints" / f".iteration-000001.{other.pid}.tmp.weights.h5"
    half_written.parent.mkdir()
    half_written.write_bytes(b"half")
    before = content(run.folder)
    said = f"another process is training the run in {run.folder}: wait until it is done, or stop it."
    assert main(["train", "--run", str(run.folder), "--resume", "--iterations", "7"]) == 2
    assert capsys.readouterr().err == f"cs2s: {said}\n"
    with pytest.raises(InputError) as refused:
        train(run, demo, verbose=0)
    assert str(refused.value) == said
    assert content(run.folder) == before
    assert Run.open(run.folder).settings.iterations == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.slow
def test_death_lets_go_of_a_run(run, other, demo, number):
    other.send_signal(number)
    other.wait()
    leftover = run.folder / "checkpoints" / f".iteration-000001.{other.pid}.tmp.weights.h5"
    leftover.parent.mkdir()
    leftover.write_bytes(b"half")
    train(run, demo, verbose=0)
    assert run.checkpoints == [1]
    assert not leftover.exists()


def test_a_new_run_is_not_made_where_another_process_makes_one(run, other, demo):
    (run.folder / "run.json").unlink()
    before = content(run.folder)
    with pytest.raises(InputError, match="another process is training"):
        Run.create(run.folder, run.settings, {"data": "x"}, dataset_statistics(demo))
    assert content(run.folder) == before


def test_what_others_write_into_the_folder_is_left_alone(run):
    others = [run.folder / ".samples.123.tmp.h5", run.folder / "pictures" / ".film.123.tmp.mp4"]
    ours = [run.folder / ".history.123.tmp.csv", run.folder / "samples" / ".iteration-000002.123.tmp.h5"]
    for path in others + ours:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    with Run.held(run.folder):
        run.clear_half_written()
    assert all(path.exists() for path in others)
    assert not any(path.exists() for path in ours)


def test_a_block_inside_a_block_holds_too_and_lets_go_of_nothing(run, tmp_path):
    code = "import sys; from pathlib import Path; from cs2s.files.locking import holding\n"
    code += "with holding(Path(sys.argv[1])) as alone: sys.exit(not alone)"

    def is_free() -> bool:
        return not subprocess.run([sys.executable, "-c", code, tmp_path / "lock"]).returncode

    assert is_free()
    with holding(tmp_path / "lock") as outer:
        with holding(tmp_path / "lock") as inner:
            assert (outer, inner) == (True, True)
        assert not is_free()
    assert is_free()


@pytest.mark.slow
def test_two_trainings_started_at_once_make_one_run(tmp_path):
    """Whichever comes first trains; the other is refused by one sentence."""
    words = ["train", "--dataset", "demo", "--run", "run", "--iterations", "2", "--output-length", "2", "--quiet"]
    words += ["--batch-size", "2", "--window-length", "8", "--watch", "nothing"]
    command = [sys.executable, "-m", "cs2s", *words]
    both = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = {process.wait(): process.stderr.read() for process in both}
    assert set(said) == {0, 2}
    assert said[2].startswith("cs2s: ") and said[2].count("\n") == 1
    assert "another process is training the run in run" in said[2] or "run holds a run already" in said[2]
    assert Run.open(tmp_path / "run").checkpoints == [2]
