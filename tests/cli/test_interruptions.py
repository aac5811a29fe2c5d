"""Ctrl-C and SIGTERM: quiet from the first import on, and the line that goes on with a training can be pasted."""

import os
import shlex
import signal
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import h5py
import numpy as np
import pytest

from cs2s.cli.commands import _going_on
from cs2s.cli.parser import main
from cs2s.training.runs import Run
from cs2s.training.settings import Settings

AT_IMPORT = """
import os, sys
module, number = sys.argv[1], int(sys.argv[2])
sys.argv[1:] = sys.argv[3:]

class Interrupts:
    def find_spec(self, name, path, target=None):
        if name == module:
            os.kill(os.getpid(), number)

sys.meta_path.insert(0, Interrupts())
from cs2s.__main__ import main
sys.exit(main())
"""


def interrupted_at(module: str, number: int, *words: str) -> subprocess.CompletedProcess:
    """Run a command that gets a signal when it begins to import a module."""
    command = [sys.executable, "-c", AT_IMPORT, module, str(number), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize(
    "module",
    [
        "cs2s.cli.parser",
        "numpy",
        "cs2s.training.settings",
        "cs2s.cli.commands",
        "h5py",
        "tensorflow",
        "tensorflow.python.framework",
        "tensorflow.python.keras",
        "keras.src.layers",
        "cs2s.training.loop",
    ],
)
def test_ctrl_c_while_modules_are_imported_is_quiet(module, tmp_path):
    words = ["train", "--dataset", "demo", "--run", str(tmp_path / "run"), "--quiet"]
    done = interrupted_at(module, signal.SIGINT, *words)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("module", ["cs2s.cli.commands", "tensorflow", "keras.src.layers"])
def test_so_is_sigterm(module, tmp_path):
    words = ["train", "--dataset", "demo", "--run", str(tmp_path / "run"), "--quiet"]
    done = interrupted_at(module, signal.SIGTERM, *words)
    assert (done.returncode, done.stdout, done.stderr) == (143, "", "")
    assert not (tmp_path / "run").exists()


def test_what_libraries_make_of_an_interruption_is_an_interruption(monkeypatch, capsys):
    def converts(_: Namespace) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        except KeyboardInterrupt:
            raise RuntimeError("something else") from None

    monkeypatch.setattr("cs2s.cli.data.show_list", converts)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert main(["data", "list"]) == 130
    assert capsys.readouterr().err == ""
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_what_is_told_to_ignore_a_signal_ignores_it(monkeypatch):
    monkeypatch.setattr("cs2s.cli.data.show_list", lambda _: os.kill(os.getpid(), signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert main(["data", "list"]) == 0
    finally:
        signal.signal(signal.SIGINT, before)


ODD = [
    "plain",
    "two words",
    "it's",
    'a "quote"',
    "$HOME `id` $(id)",
    "semi;colon & more",
    "star*?",
    "back\\slash",
    "-dash",
]


@pytest.mark.parametrize("name", ODD)
def test_the_line_to_go_on_is_read_by_a_shell_as_it_was_meant(name):
    told = Namespace(
        run=Path(name), data_dir=Path(name), tensorboard=Path(name), distribute=None, deterministic=True, quiet=True
    )
    line = _going_on(told)
    words = subprocess.run(
        ["sh", "-c", f"cs2s() {{ printf '%s\\0' \"$@\"; }}; {line}"], capture_output=True, text=True, check=True
    ).stdout.split("\0")[:-1]
    safe = f"./{name}" if name.startswith("-") else name
    expected = ["train", "--run", safe, "--resume", "--data-dir", safe, "--tensorboard", safe]
    assert words == [*expected, "--deterministic", "--quiet"]
    assert shlex.split(line)[1:] == words


WORDS = "--output-length 2 --batch-size 4 --window-length 8 --iterations 24 --checkpoint-interval 12 --watch nothing"


def weights(run: Path) -> dict[str, np.ndarray]:
    content = {}
    with h5py.File(Run.open(run).checkpoint_file(24)) as file:
        file.visititems(lambda name, item: content.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return content


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_line_that_is_shown_can_be_pasted_and_goes_on_bit_for_bit(cmu_folder, tmp_path, number):
    data, folder = tmp_path / "my data; it's", tmp_path / "the $run"
    data.symlink_to(cmu_folder.resolve())
    begin = ["--dataset", "cmu", "--data-dir", str(data), *WORDS.split(), "--deterministic", "--quiet"]
    command = [sys.executable, "-m", "cs2s", "train"]
    straight = subprocess.Popen([*command, "--run", str(tmp_path / "straight"), *begin], stdout=subprocess.DEVNULL)
    stopped = subprocess.Popen(
        [*command, "--run", str(folder), *begin], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    run = Run(folder, Settings.for_preset("demo"), {}, None)
    # Twelve iterations remain: with two, a training has ended before a busy machine had let the signal through.
    while run.checkpoints != [12]:
        assert stopped.poll() is None, stopped.stderr.read()
        time.sleep(0.002)
    stopped.send_signal(number)
    said = stopped.communicate()[1]
    assert stopped.returncode == 128 + number
    assert "Traceback" not in said
    assert "stopped; the last checkpoint is after 12 of 24 iterations." in said
    (line,) = [line.partition("Go on with: ")[2] for line in said.splitlines() if "Go on with: " in line]

    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "cs2s").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cs2s "$@"\n')
    (programs / "cs2s").chmod(0o755)
    elsewhere = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["sh", "-c", line], env=elsewhere, check=True, stdout=subprocess.DEVNULL)
    assert straight.wait() == 0
    expected, found = weights(tmp_path / "straight"), weights(folder)
    assert set(found) == set(expected)
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
    assert (folder / "history.csv").read_text() == (tmp_path / "straight" / "history.csv").read_text()
