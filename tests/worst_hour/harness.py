"""What the campaign and its short form in the suite share: commands in processes of their own, and what became of each.

POSIX only.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
OLD = ROOT / "tests" / "files_of_0_1"
HERE = Path(__file__).parent

MEMORY = 8 << 30
"""Bytes of addresses that a process may ask for: TensorFlow alone asks for some."""

GOOD = ("done", "sentence")


class Tally:
    """Counts what became of tries, part by part, and keeps the first lines of what must not be."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.faults: list[str] = []

    def add(self, part: str, outcome: str, what: str = "", count: int = 1) -> None:
        self.counts.setdefault(part, Counter())[outcome] += count
        if outcome not in GOOD:
            self.faults.append(f"{part}: {outcome}: {what}")

    def table(self) -> str:
        lines = ["| what | tries | done | one sentence | anything else |", "|---|---|---|---|---|"]
        for part, counts in self.counts.items():
            bad = {name: count for name, count in counts.items() if name not in GOOD}
            told = ", ".join(f"{count} {name}" for name, count in bad.items()) or "0"
            lines.append(f"| {part} | {counts.total()} | {counts['done']} | {counts['sentence']} | {told} |")
        return "\n".join(lines)


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing of the user's is read or written."""
    named = {"XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state", "CS2S_TEST_LOOKS": "looks.jsonl"}
    kept = {**os.environ, **{name: str(folder / path) for name, path in named.items()}}
    kept |= {"PYTHONPATH": str(ROOT), "no_proxy": "127.0.0.1", "TQDM_DISABLE": "1", "MPLCONFIGDIR": str(folder / "mpl")}
    kept.pop("CS2S_DATA_DIR", None)
    return kept


def limited(file_size: int | None = None, memory: int = MEMORY) -> Callable[[], None]:
    """Return what a child process calls to limit itself."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    return limit


def command(words: Sequence[object], folder: Path, *, seconds: float = 300, file_size: int | None = None) -> str:
    """Run a command and say what became of it: ``done``, one ``sentence``, or what must not be."""
    code = [sys.executable, "-m", "cs2s"]
    if file_size is not None:
        # A file that grows beyond the limit is to be an error of writing, as on a full disk, and not a signal.
        start = "import signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from cs2s.__main__ import main"
        code = [sys.executable, "-c", f"{start}; sys.exit(main())"]
    options = {"cwd": folder, "env": environment(folder), "preexec_fn": limited(file_size), "capture_output": True}
    try:
        done = subprocess.run([*code, *map(str, words)], timeout=seconds, stdin=subprocess.DEVNULL, **options)
    except subprocess.TimeoutExpired:
        return "hang"
    return judged(done.returncode, done.stderr.decode(errors="replace"))


def judged(code: int, said: str) -> str:
    """Say what an exit code and what was said on standard error mean."""
    if "Traceback" in said or "Exception ignored" in said:
        return "traceback"
    if code < 0 or code > 128:
        return "crash"
    if "HDF5-DIAG" in said or "\x1b" in said:
        return "dump"
    if code == 0:
        return "done"
    lines = [line for line in said.splitlines() if line.startswith("cs2s: ")]
    return "sentence" if code == 2 and len(lines) == 1 and said.rstrip().endswith(lines[0].rstrip()) else "other"


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path | None]:
    """Mount a disk of so many bytes, where that is allowed; else yield None."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def mutants(reader: str, first: int, count: int, folder: Path, tally: Tally, seconds: float = 60) -> None:
    """Let a reader read so many damaged files in a process of its own, and count what it made of them."""
    last = first + count
    while first < last:
        progress = folder / "progress.json"
        progress.unlink(missing_ok=True)
        words = [sys.executable, str(HERE / "mutants.py"), reader, str(first), str(last - first), str(folder)]
        try:
            run = subprocess.run(
                words, env=environment(folder), capture_output=True, timeout=seconds, preexec_fn=limited()
            )
            ended = "" if run.returncode == 0 else f"exit {run.returncode} {run.stderr.decode(errors='replace')[-300:]}"
        except subprocess.TimeoutExpired:
            ended = "no end"
        told = json.loads(progress.read_text()) if progress.is_file() else {"next": first, "counts": {}, "faults": []}
        for outcome, number in told["counts"].items():
            tally.add(f"damaged files: {reader}", outcome, str(told["faults"][:3]), number)
        if ended and told["next"] < last:
            tally.add(f"damaged files: {reader}", "crash", f"mutant {told['next']}: {ended}")
            told["next"] += 1
        elif ended:
            tally.add(f"damaged files: {reader}", "crash", f"at the end: {ended}")
        first = max(told["next"], first + 1)
