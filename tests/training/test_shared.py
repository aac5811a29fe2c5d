"""Devices and workers that share each batch learn what one device learns; whoever ends, ends all."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.errors import InputError
from cs2s.training.models import model_for
from cs2s.training.runs import Run
from cs2s.training.settings import Settings
from cs2s.training.workers import Worker

SCRIPT = Path(__file__).with_name("shared_training.py")
QUICK = "--dataset demo --batch-size 4 --iterations 4 --checkpoint-interval 2 --learning-rate 1e-3 --quiet".split()
SMALL = ["--output-length", "2", "--watch", "validation"]
# The paper's networks against each other, the coin of its scheduled sampling left untossed; a predictor of rows, whose
# gradients are shortened; and the single model, without what it drops.
PRESETS = {
    "paper": [*SMALL, "--window-length", "8", "--sampling", "1"],
    "dct-mlp": ["--preset", "dct-mlp", *SMALL],
    "pose-mlp": "--preset pose-mlp --dropout 0 --width 16 --blocks 2 --mixtures 8 --watch nothing".split(),
}


def start(folder: Path, *words: str, cluster: str = "") -> subprocess.Popen:
    command = [sys.executable, SCRIPT, "--run", folder, *words]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_CONFIG": cluster}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def start_two(folder: Path, *words: str) -> list[subprocess.Popen]:
    """Two workers on the loopback interface, the chief first."""
    with socket.socket() as one, socket.socket() as two:
        for port in (one, two):
            port.bind(("127.0.0.1", 0))
        addresses = ["{}:{}".format(*port.getsockname()) for port in (one, two)]
    clusters = [
        json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}) for index in (0, 1)
    ]
    return [start(folder, *words, "--distribute", "workers", cluster=cluster) for cluster in clusters]


def finish(process: subprocess.Popen) -> str:
    out, said = process.communicate()
    assert process.returncode == 0, said[-3000:]
    return out


def weights(folder: Path) -> dict[str, np.ndarray]:
    """What the last checkpoint holds, but for states of random generators."""
    content = {}
    run = Run.open(folder)
    with h5py.File(run.checkpoint_file(run.checkpoints[-1])) as file:
        file.visititems(lambda name, item: content.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return {name: value for name, value in content.items() if "random_state" not in name and "seed" not in name}


def same(one: Path, shared: Path) -> None:
    """Both runs have the same history, and their weights have gone the same way."""
    rows, others = (Run.open(folder).read_history() for folder in (one, shared))
    assert [row["iteration"] for row in others] == [row["iteration"] for row in rows] == ["2", "4"]
    for row, other in zip(rows, others, strict=True):
        assert {name: float(value) for name, value in other.items()} == pytest.approx(
            {name: float(value) for name, value in row.items()}, rel=2e-4, abs=2e-4
        )
    run = Run.open(one)
    assert run.checkpoints == Run.open(shared).checkpoints == [2, 4]
    fresh, last, other = shared.parent / "fresh.weights.h5", weights(one), weights(shared)
    model_for(run.settings, run.statistics, len(run.description.classes)).save_weights(fresh)
    assert set(last) == set(other)
    with h5py.File(fresh) as file:
        for name, value in last.items():
            # Where a gradient is all but zero, the direction of Adam's step hangs on rounding.
            gone, apart = np.linalg.norm(value - file[name][()]), np.linalg.norm(other[name] - value)
            assert apart <= 0.02 * gone or np.abs(other[name] - value).max() <= 1e-5, name


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run that one process and one device learn, of each preset, trained when it is first asked for."""
    folder = tmp_path_factory.mktemp("alone")

    @cache
    def run(preset: str) -> Path:
        finish(start(folder / preset, *QUICK, *PRESETS[preset]))
        return folder / preset

    return run


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_two_workers_learn_what_one_process_learns(preset, alone, tmp_path):
    chief, other = start_two(tmp_path / "two", *QUICK, *PRESETS[preset])
    assert f"the run is in {tmp_path / 'two'}" in finish(chief)
    assert finish(other) == ""
    same(alone(preset), tmp_path / "two")


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_two_devices_learn_what_one_learns(preset, alone, tmp_path):
    finish(start(tmp_path / "two", *QUICK, *PRESETS[preset], "--distribute", "devices"))
    same(alone(preset), tmp_path / "two")


@pytest.mark.slow
@pytest.mark.parametrize("killed", [0, 1], ids=["chief", "other"])
def test_a_killed_worker_ends_the_others_and_the_run_goes_on(killed, alone, tmp_path):
    folder = tmp_path / "two"
    workers = start_two(folder, *QUICK, *PRESETS["paper"])
    run = Run(folder, Settings.for_preset("demo"), {}, None)
    while run.checkpoints != [2]:
        assert all(worker.poll() is None for worker in workers), [w.communicate()[1][-2000:] for w in workers]
        time.sleep(0.002)
    os.kill(workers[killed].pid, signal.SIGKILL)
    _, said = workers[1 - killed].communicate(timeout=300)
    assert workers[1 - killed].returncode == 2
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("cs2s: another worker has ended (")
    assert said.splitlines()[-1].endswith("after 2 of 4 iterations. Start all workers again with --resume.")
    workers[killed].communicate()
    for worker in start_two(folder, "--resume", "--quiet"):
        finish(worker)
    same(alone("paper"), folder)


@pytest.mark.slow
def test_workers_that_were_told_different_things_are_refused(tmp_path):
    with socket.socket() as one, socket.socket() as two:
        for port in (one, two):
            port.bind(("127.0.0.1", 0))
        addresses = ["{}:{}".format(*port.getsockname()) for port in (one, two)]
    words = [*QUICK, *PRESETS["dct-mlp"], "--distribute", "workers"]
    workers = []
    for index in (0, 1):
        cluster = json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}})
        workers.append(start(tmp_path / "run", *words, "--seed", str(index), cluster=cluster))
    for worker in workers:
        said = worker.communicate()[1]
        assert worker.returncode == 2
        assert "the workers differ in their settings, their data or the checkpoint" in said.splitlines()[-1]
    assert Run.open(tmp_path / "run").checkpoints == []


DRAWS = """
import tensorflow as tf
cpus = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], cpus)
from cs2s.training.adversarial import build_model
from cs2s.training.distributed import Shares
from cs2s.training.settings import Settings
settings = Settings.for_preset("demo", window_length=8, output_length=2)
shares = Shares("devices", settings)
with shares.strategy.scope():
    model = build_model(settings, 70, 8)
kept = [state.numpy().tolist() for state in model.random_states]
shares.spread_random_states(model)
assert [state.numpy().tolist() for state in model.random_states] == kept
drawn = []
for state in model.random_states:
    first, second = (own.numpy().tolist() for own in shares.strategy.experimental_local_results(state.value))
    drawn += [tuple(first), tuple(second)]
assert len(set(drawn)) == 2 * len(kept) == 22, drawn
"""


@pytest.mark.slow
def test_each_share_has_draws_of_its_own_and_checkpoints_keep_the_first(tmp_path):
    done = subprocess.run([sys.executable, "-c", DRAWS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


CLUSTER = {"worker": ["a:1", "b:2", "c:3"]}


@pytest.mark.parametrize(
    "cluster, task, number",
    [
        (CLUSTER, {"type": "worker", "index": 0}, 0),
        (CLUSTER, {"type": "worker", "index": 2}, 2),
        ({"chief": ["d:4"], **CLUSTER}, {"type": "chief", "index": 0}, 0),
        ({"chief": ["d:4"], **CLUSTER}, {"type": "worker", "index": 0}, 1),
    ],
)
def test_tf_config_says_which_worker_this_is(cluster, task, number, monkeypatch):
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": task}))
    worker = Worker.of_environment()
    assert (worker.number, worker.of) == (number, sum(map(len, cluster.values())))
    assert worker.is_chief == (number == 0)


@pytest.mark.parametrize(
    "told",
    [
        "{",
        "[]",
        "{}",
        '{"cluster": {"worker": ["a:1", "b:2"]}}',
        '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 2}}',
        '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": -1}}',
        '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": "0"}}',
        '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "ps", "index": 0}}',
    ],
)
def test_a_tf_config_without_sense_is_refused(told, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TF_CONFIG", told)
    with pytest.raises(InputError, match="TF_CONFIG makes no sense"):
        Worker.of_environment()
    assert main(["train", "--run", str(tmp_path / "run"), *QUICK, "--distribute", "workers"]) == 2
    assert capsys.readouterr().err.startswith("cs2s: TF_CONFIG makes no sense")
    assert not (tmp_path / "run").exists()


def test_one_worker_or_none_is_refused(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(InputError, match="needs TF_CONFIG"):
        Worker.of_environment()
    monkeypatch.setenv("TF_CONFIG", '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 0}}')
    with pytest.raises(InputError, match="names one worker only"):
        Worker.of_environment()


def test_devices_are_not_workers(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": CLUSTER, "task": {"type": "worker", "index": 0}}))
    assert main(["train", "--run", str(tmp_path / "run"), *QUICK, *PRESETS["dct-mlp"], "--distribute", "devices"]) == 2
    assert "TF_CONFIG names workers: choose --distribute workers, or unset it." in capsys.readouterr().err


def test_one_device_is_not_shared(tmp_path, capsys):
    assert main(["train", "--run", str(tmp_path / "run"), *QUICK, *PRESETS["dct-mlp"], "--distribute", "devices"]) == 2
    assert "there is one device on this machine: leave out --distribute." in capsys.readouterr().err


@pytest.mark.slow
def test_a_batch_that_cannot_be_shared_alike_is_refused(tmp_path):
    words = [word if word != "4" else "3" for word in QUICK]
    process = start(tmp_path / "run", *words, *PRESETS["dct-mlp"], "--distribute", "devices")
    assert "--batch-size 3 cannot be shared by 2 alike: choose a multiple of 2." in process.communicate()[1]
    assert process.returncode == 2
