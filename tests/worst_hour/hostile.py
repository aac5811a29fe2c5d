"""Files that claim much, disks that fill, servers that never end, and processes that are killed."""

import contextlib
import gzip
import math
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import h5py
import numpy as np
from harness import OLD, Tally, command, environment, judged, limited, small_disk

MOST_MEMORY = 4 << 30
"""Bytes of addresses that a command may ask for when it is given a small file. (Threads of libraries ask for some.)"""

_BVH = "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 3 Zrotation Yrotation Xrotation\n"
_BVH += "End Site\n{\nOFFSET 0 1 0\n}\n}\nMOTION\n"


def _motion(path: Path) -> None:
    shutil.copy(OLD / "motion.h5", path)


def _rows_claimed(path: Path) -> None:
    _motion(path)
    with h5py.File(path, "r+") as file:
        del file["rows"]
        file.create_dataset("rows", (6_000_000, 117), "f8", chunks=(1000, 117), compression="gzip")


def _sample_claimed(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["mean_walking_error"] = np.zeros(25)
        file.create_dataset("expmap/gt/walking_0", (10_000_000, 117), "f8", chunks=(1000, 117))
        file.create_dataset("expmap/preds/walking_0", (25, 117), "f8", chunks=(25, 117))


def _elsewhere(link: object) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        _motion(path)
        with h5py.File(path, "r+") as file:
            del file["rows"]
            if link == "storage":
                file.create_dataset("rows", (9, 117), "f4", external=[("/dev/urandom", 0, 9 * 117 * 4)])
            else:
                file["rows"] = link

    return make


def _run(change: Callable[[Path], None]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        shutil.copytree(OLD / "runs" / "small", path)
        change(path)

    return make


def _claimed_weights(run: Path) -> None:
    with h5py.File(run / "checkpoints" / "iteration-000002.weights.h5", "r+") as file:
        names: list[str] = []
        file.visititems(lambda name, thing: names.append(name) if isinstance(thing, h5py.Dataset) else None)
        del file[names[0]]
        file.create_dataset(names[0], (1 << 17, 1 << 16), "f4", chunks=(1024, 1024))


def _nan_weights(run: Path) -> None:
    with h5py.File(run / "checkpoints" / "iteration-000002.weights.h5", "r+") as file:
        file.visititems(
            lambda _, thing: (
                thing.__setitem__((), np.nan) if isinstance(thing, h5py.Dataset) and thing.dtype.kind == "f" else None
            )
        )


def _bomb(run: Path) -> None:
    np.savez_compressed(run / "statistics.npz", mean=np.zeros(300_000_000, np.float32), std=[1], used=[1])


def _text(content: str, times: int = 1, end: str = "") -> Callable[[Path], None]:
    return lambda path: path.write_text(content.split("|")[0] + content.split("|")[-1] * times + end) and None


_SAMPLE = ("sample", "--run", "FILE", "--out", "out.h5")
BOMBS: dict[str, tuple[str, Callable[[Path], None], tuple[str, ...]]] = {
    "motion that claims 6 million rows": ("a.h5", _rows_claimed, ("convert", "FILE", "out.h5")),
    "samples that claim 10 million rows": ("a.h5", _sample_claimed, ("evaluate", "FILE")),
    "weights that claim 32 GiB": ("run", _run(_claimed_weights), _SAMPLE),
    "weights of nan": ("run", _run(_nan_weights), _SAMPLE),
    "statistics that unpack to 1.2 GB": ("run", _run(_bomb), _SAMPLE),
    "run.json of 100 MB": ("run", _run(lambda run: _text("[|[],", 33_000_000)(run / "run.json")), _SAMPLE),
    "BVH of 33 million lines": ("a.bvh", _text("HIERARCHY\n|ab\n", 33_000_000), ("convert", "FILE", "out.h5")),
    "BVH of 20 million frames": (
        "a.bvh",
        _text(_BVH + "Frames: 20000000\nFrame Time: 0.01\n|0 0 0\n", 20_000_000),
        ("convert", "FILE", "out.h5"),
    ),
    "rows of 33 million lines": ("a.txt", _text("|ab\n", 33_000_000), ("convert", "FILE", "out.h5")),
    "a link to another file": (
        "a.h5",
        _elsewhere(h5py.ExternalLink("/etc/hostname", "/x")),
        ("convert", "FILE", "o.h5"),
    ),
    "rows kept in a device": ("a.h5", _elsewhere("storage"), ("convert", "FILE", "o.h5")),
}


def bomb(name: str, folder: Path, tally: Tally) -> None:
    """Give a command one of the `BOMBS`: it must refuse it in a sentence, without taking much memory."""
    file, make, words = BOMBS[name]
    make(folder / file)
    code = (
        "import resource, sys; from cs2s.__main__ import main; code = main(); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=open('rss', 'w')); sys.exit(code)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *(word.replace("FILE", file) for word in words)],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        timeout=300,
        preexec_fn=limited(memory=MOST_MEMORY * 4),
    )
    outcome = judged(run.returncode, run.stderr.decode(errors="replace"))
    taken = int((folder / "rss").read_text()) << 10 if (folder / "rss").exists() else math.inf
    if outcome == "sentence" and taken > MOST_MEMORY / 2:
        outcome = f"{taken / 2**30:.1f} GiB"
    outcome = "wrong" if outcome == "done" else outcome
    tally.add(
        "files that claim much or point elsewhere", outcome, f"{name}: {run.stderr.decode(errors='replace')[-300:]}"
    )


WRITERS: dict[str, tuple[tuple[object, ...], str]] = {
    "BVH": (("convert", OLD / "motion.h5", "out.bvh"), "out.bvh"),
    "AMC": (("convert", OLD / "motion.h5", "--fps", 200, "out.amc"), "out.amc"),
    "rows": (("convert", OLD / "motion.h5", "--fps", 200, "out.txt"), "out.txt"),
    "motion in HDF5": (("convert", OLD / "motion.h5", "out.h5"), "out.h5"),
    "mp4": (("animate", OLD / "samples.h5", "--action", "walking", "--out", "out.mp4"), "out.mp4"),
    "gif": (("animate", OLD / "samples.h5", "--action", "walking", "--out", "out.gif"), "out.gif"),
    "html": (("animate", OLD / "samples.h5", "--action", "walking", "--out", "out.html"), "out.html"),
    "png": (("animate", OLD / "samples.h5", "--action", "walking", "--out", "out.png"), "out.png"),
    "errors": (("evaluate", OLD / "samples.h5", "--json", "out.json"), "out.json"),
    "samples": (("sample", "--run", OLD / "runs" / "small", "--out", "out.h5"), "out.h5"),
    "training": (
        "train --dataset demo --run out --preset dct-mlp --iterations 2 --checkpoint-interval 1 --batch-size 4 "
        "--watch nothing --quiet".split(),
        "out/run.json",
    ),
}


def full_disk(name: str, size: int, folder: Path, tally: Tally) -> str:
    """Let a command write to a disk of so many bytes, or where none can be mounted, files no larger than that.

    An old file must still be there if the new one is not.
    """
    words, out = WRITERS[name]
    with small_disk(folder / "disk", size) as disk:
        place = disk or folder
        old = place / out
        if old.parent == place and size > 4096:
            old.write_bytes(b"old")
        outcome = command(words, place, file_size=None if disk else size)
        left = [path.name for path in place.rglob("*") if ".tmp" in path.name]
        if left:
            outcome = f"left {left}"
        elif outcome == "sentence" and old.parent == place and size > 4096 and old.read_bytes() != b"old":
            outcome = "the old file is gone"
        elif outcome == "done" and (not old.is_file() or old.read_bytes() == b"old"):
            outcome = "no file"
    tally.add(f"full disks{'' if disk else ' (limits of files)'}", outcome, f"{name}, {size} bytes")
    return outcome


class _Hostile(BaseHTTPRequestHandler):
    """Answers as the last part of its address says."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        with contextlib.suppress(OSError):
            if kind == "garbage":
                self.wfile.write(random.Random(self.path).randbytes(5000))
                return
            if kind == "header":
                self.wfile.write(b"HTTP/1.0 200 \x1b[2J\r\n" + b"X: " + b"y" * 10_000_000)
                return
            if kind == "circle":
                self.send_response(302)
                self.send_header("Location", self.path)
                self.end_headers()
                return
            self.send_response(404 if kind == "missing" else 200, "\x1b[2J")
            if kind in ("bomb", "no gzip"):
                self.send_header("Content-Encoding", "gzip")
            if kind == "length":
                self.send_header("Content-Length", str(1 << 60))
            self.end_headers()
            piece = gzip.compress(bytes(1 << 24)) if kind == "bomb" else b"x" * (1 << 16)
            for _ in range(10 if kind in ("short", "missing", "no gzip") else 1 << 30):
                self.wfile.write(piece)

    def log_message(self, *words: object) -> None:
        pass


SERVERS = ("garbage", "header", "circle", "missing", "bomb", "no gzip", "length", "short", "endless")


def server(kind: str, folder: Path, tally: Tally) -> None:
    """Download from a server on the loopback interface that means no good."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hostile) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        address = f"http://me:secret@127.0.0.1:{listening.server_port}/{kind.replace(' ', '%20')}"
        words = ("data", "download", "cmu", "--from", address, "--to", "data")
        outcome = command(words, folder)
        listening.shutdown()
    outcome = "wrong" if outcome == "done" or (folder / "data").exists() else outcome
    tally.add("hostile servers", outcome, kind)


def killed_while_writing(number: int, folder: Path, tally: Tally) -> None:
    """Kill a conversion at some moment: the old file is there, or the new one, whole."""
    source, out = folder / "source.h5", folder / "out.txt"
    if not source.exists():
        with h5py.File(OLD / "motion.h5") as file:
            rows = np.resize(file["rows"][()], (60_000, file["rows"].shape[1]))
        shutil.copy(OLD / "motion.h5", source)
        with h5py.File(source, "r+") as file:
            del file["rows"]
            file["rows"] = rows
    out.write_bytes(b"old")
    words = [sys.executable, "-m", "cs2s", "convert", str(source), str(out)]
    with subprocess.Popen(words, env=environment(folder), stdout=-3, stderr=-3, cwd=folder) as process:
        wait = random.Random(number).uniform(0.3, 6)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait)
        process.send_signal(signal.SIGKILL)
    content = out.read_bytes()
    outcome = "done" if content == b"old" or content.count(b"\n") == 60_000 else "half a file"
    tally.add("killed while writing", outcome, f"after {wait:.2f} s")


TRAINING = (
    "--dataset demo --preset dct-mlp --iterations 12 --checkpoint-interval 2 --batch-size 4 --watch nothing --quiet"
)


def killed_training(number: int, folder: Path, tally: Tally) -> None:
    """Kill a training, again and again, and resume it: its last checkpoint is that of one that was left alone."""
    words = [sys.executable, "-m", "cs2s", "train", *TRAINING.split(), "--deterministic", "--run"]
    options = {"env": environment(folder), "cwd": folder, "capture_output": True}
    if not (folder / "whole").exists():
        subprocess.run([*words, "whole"], check=True, **options)
    run = folder / f"run{number}"
    with subprocess.Popen([*words, str(run)], env=options["env"], cwd=folder, stdout=-3, stderr=-3) as process:
        # From the first checkpoint on.
        while process.poll() is None and not list(run.glob("checkpoints/iteration*")):
            time.sleep(0.02)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(random.Random(number).uniform(0, 1.5))
        process.send_signal(signal.SIGKILL)
    resumed = subprocess.run([*words[:3], "train", "--run", str(run), "--resume", "--deterministic"], **options)
    outcome = judged(resumed.returncode, resumed.stderr.decode(errors="replace"))
    if outcome == "done" and _numbers(run) != _numbers(folder / "whole"):
        outcome = "other weights"
    tally.add("killed trainings", outcome, resumed.stderr.decode(errors="replace")[-300:])
    shutil.rmtree(run)


def _numbers(run: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with h5py.File(run / "checkpoints" / "iteration-000012.weights.h5") as file:
        file.visititems(
            lambda name, thing: found.update({name: thing[()].tobytes()}) if isinstance(thing, h5py.Dataset) else None
        )
    return found


STREAMS = {
    "stdout closed": ("data list", {"preexec_fn": lambda: __import__("os").close(1)}),
    "stderr closed": ("evaluate nothing.h5", {"preexec_fn": lambda: __import__("os").close(2)}),
    "all closed": ("data list", {"preexec_fn": lambda: [__import__("os").close(n) for n in (0, 1, 2)]}),
    "stdout full": ("data list", {"stdout": "/dev/full"}),
    "stderr full": ("evaluate nothing.h5", {"stderr": "/dev/full"}),
    "a name that is no UTF-8": (b"evaluate \xff\xfe.h5", {}),
    "a name that clears the screen": ("evaluate \x1b[2J.h5", {}),
    "stdout of ASCII": (f"evaluate {OLD / 'samples.h5'} --json \u03a9.json", {"ascii": True}),
}


def streams(name: str, folder: Path, tally: Tally) -> None:
    """Close, fill or narrow the streams of a command."""
    words, options = STREAMS[name][0], dict(STREAMS[name][1])
    words = words.split(b" " if isinstance(words, bytes) else " ")
    named = environment(folder) | ({"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"} if options.pop("ascii", 0) else {})
    with tempfile.TemporaryFile() as said, contextlib.ExitStack() as opened:
        kept = {"stdout": subprocess.DEVNULL, "stderr": said}
        kept |= {k: opened.enter_context(open(v, "wb")) if isinstance(v, str) else v for k, v in options.items()}
        run = subprocess.run([sys.executable, "-m", "cs2s", *words], cwd=folder, env=named, timeout=100, **kept)
        said.seek(0)
        text = said.read().decode(errors="replace")
    silent = name.startswith(("stderr", "all"))
    outcome = ("done" if run.returncode in (0, 2) else "crash") if silent else judged(run.returncode, text)
    tally.add("streams and names", outcome, f"{name}: {run.returncode} {text[-300:]!r}")
