"""How far a training is: one bar on a terminal, plain lines elsewhere, and a rest time that can be believed."""

import os
import re
import struct
import subprocess
import sys
import threading

import pytest

from cs2s.training.progress import Pace, Progress, rest_in_words

TRAINED = [
    *(sys.executable, "-m", "cs2s", "train", "--dataset", "demo", "--output-length", "2", "--batch-size", "4"),
    *("--window-length", "8", "--iterations", "30", "--checkpoint-interval", "10"),
]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def stretch(progress: Progress, clock: Clock, seconds: list[float]) -> None:
    """Let a stretch of iterations happen that take so long each."""
    progress.on_epoch_begin(0)
    for took in seconds:
        clock.now += took
        progress.on_train_batch_end(0, {"discriminator_loss": 7.0, "loss": 0.5})
    progress.on_epoch_end(0, {"loss": 0.25})


def test_the_rest_is_what_is_left_at_the_pace_of_the_others_without_the_compilation():
    pace = Pace()
    assert pace.rest(10, 1) is None
    pace.begin(0)
    pace.step(100)  # compiles
    assert pace.rest(10, 1) is None
    for now in (102, 103, 106):
        pace.step(now)
    assert pace.rest(10, 1) == pytest.approx(20)
    pace.begin(146)  # evaluating and writing took 40 seconds
    assert pace.rest(10, 3) == pytest.approx(20 + 3 * 40)


def test_the_rest_follows_a_pace_that_changes():
    pace = Pace()
    for now in range(0, 1000, 10):
        pace.step(now)
    assert pace.rest(1, 0) == pytest.approx(10)
    for now in range(991, 1100):
        pace.step(now)
    assert pace.rest(1, 0) == pytest.approx(1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds left"),
        (14, "a few seconds left"),
        (44, "about 40 s left"),
        (89, "about 90 s left"),
        (100, "about 2 min left"),
        (3000, "about 50 min left"),
        (5500, "about 2 h left"),
    ],
)
def test_estimates_are_told_no_more_exactly_than_they_are(seconds, words):
    assert rest_in_words(seconds) == words


def test_without_a_terminal_there_are_some_ten_plain_lines(capsys):
    clock = Clock()
    progress = Progress(0, 40, 20, 1, clock)
    for _ in range(2):
        stretch(progress, clock, [30.0, *[2.0] * 19])
    progress.close()
    told = capsys.readouterr()
    first, *lines = told.out.splitlines()
    assert "training 40 iterations" in first and not told.err
    assert [line.split(",")[0] for line in lines] == [f"{n} of 40 iterations" for n in range(4, 41, 4)]
    assert lines[0] == "4 of 40 iterations, loss 0.5, about 70 s left"
    assert lines[-1] == "40 of 40 iterations, loss 0.5"
    assert re.fullmatch(r"[\x20-\x7e\n]+", told.out) and max(map(len, told.out.splitlines())) <= 80


def test_a_resumed_training_goes_on_counting(capsys):
    progress = Progress(20, 40, 20, 2, Clock())
    stretch(progress, Clock(), [1.0] * 20)
    assert capsys.readouterr().out == "40 of 40 iterations, loss 0.25\n"


@pytest.mark.parametrize(("verbose", "start"), [(0, 0), (1, 40)])
def test_nothing_is_told_where_it_is_not_asked_for_or_nothing_is_left(capsys, verbose, start):
    progress = Progress(start, 40, 20, verbose, Clock())
    if start < 40:
        stretch(progress, Clock(), [1.0] * 20)
    progress.close()
    told = capsys.readouterr()
    assert not told.out and not told.err


def on_a_terminal(command: list[str], columns: int) -> str:
    """Run a command on a pseudo-terminal of so many columns, and return all that it wrote there."""
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))  # Windows has none
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    written = []

    def read() -> None:
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                return
            if not piece:
                return
            written.append(piece)

    reader = threading.Thread(target=read)
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        reader.start()
        assert process.wait() == 0
    reader.join()
    os.close(ours)
    return b"".join(written).decode()


@pytest.mark.slow
def test_on_a_terminal_of_80_columns_there_is_one_bar_that_fits(tmp_path):
    written = on_a_terminal([*TRAINED, "--run", str(tmp_path / "run")], 80)
    shown = re.split(r"\r\n|\n|\r", re.sub(r"\x1b\[A", "", written))
    bars = [line for line in shown if "|" in line]
    assert max(map(len, bars)) <= 80 and "Epoch" not in written
    assert all("reconstruction " in line and "discriminator" not in line for line in bars[2:])
    counts = [int(re.search(r"(\d+)/30", line)[1]) for line in bars]
    assert counts == sorted(counts) and counts[0] == 0 and counts[-1] == 30
    assert "compiling the network" in bars[0]
    # The errors at the three checkpoints stand above the bar, which is left once, at the end.
    kept = [line.rsplit("\r", 1)[-1].rstrip() for line in written.replace("\r\n", "\n").split("\n")]
    assert sum("than freezing" in line or "as freezing" in line for line in kept) == 3
    assert sum("30/30" in line for line in kept) == 1 and not any("10/30" in line for line in kept)


@pytest.mark.slow
def test_in_a_pipe_there_are_plain_lines(tmp_path):
    done = subprocess.run([*TRAINED, "--run", str(tmp_path / "run")], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert "\x1b" not in done.stdout + done.stderr and "\r" not in done.stdout + done.stderr
    assert [n for n in range(3, 31, 3) if any(line.startswith(f"{n} of 30 iterations") for line in lines)] == [
        *range(3, 31, 3)
    ]
    assert f"trained 30 iterations; the run is in {tmp_path / 'run'}" in lines
    again = subprocess.run(
        [sys.executable, "-m", "cs2s", "train", "--run", str(tmp_path / "run"), "--resume"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "nothing was left to train" in again.stdout and "trained 30" not in again.stdout
