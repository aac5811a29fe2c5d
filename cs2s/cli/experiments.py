"""The command that runs the project's experiments: which runs to train, and what to measure then, is data.

``data/experiments.toml`` says how it is written.
"""

import shlex
import shutil
import subprocess
import sys
import tomllib
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cs2s.cli.interruptions import Terminated
from cs2s.cli.results import keep_history
from cs2s.errors import InputError, near
from cs2s.files.places import data_file
from cs2s.training.runs import Run
from cs2s.training.settings import Settings

__all__ = ["RUNS", "Experiment", "PlannedRun", "read_experiments", "run_or_list"]

RUNS = Path("runs")
"""Where experiments keep their runs, seen from where the command is called."""


@dataclass(frozen=True)
class PlannedRun:
    """A run as an experiment wants it.

    Attributes:
        folder: its run directory.
        told: the settings that the experiment gives it; all others are its preset's.
        begins_as: the run of which it starts as a copy, or None.
        history: where a copy of its history is kept, or None.
    """

    folder: Path
    told: Mapping[str, Any]
    begins_as: Path | None = None
    history: Path | None = None

    @property
    def iterations(self) -> int:
        """How many iterations it is to have."""
        return Settings.for_preset(**self.told).iterations

    def begun(self) -> Run | None:
        """Return the run as far as it has come, or None where it has not begun.

        Raises:
            InputError: if there is a run of this name with other settings.
        """
        if not (self.folder / "run.json").exists():
            return None
        return Run.open(self.folder).continued({**self.told, "iterations": self.iterations})

    @property
    def done(self) -> int:
        """After how many iterations its last checkpoint was made; 0 where there is none."""
        run = self.begun()
        return run.checkpoints[-1] if run is not None and run.checkpoints else 0

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to train."""
        run = self.begun()
        return run is not None and (self.done >= self.iterations or run.out_of_patience)

    @property
    def state(self) -> str:
        """How far it has come, in a few words."""
        if self.is_finished:
            return f"finished, {self.done:,} iterations"
        if self.begun() is not None:
            return f"goes on after {self.done:,} of {self.iterations:,} iterations"
        start = f", begins as a copy of {self.begins_as}" if self.begins_as else ""
        return f"{self.iterations:,} iterations to train{start}"

    @property
    def command(self) -> list[str]:
        """The words after ``cs2s`` that train it, or go on with it."""
        words = ["train", "--run", str(self.folder)]
        if self.begins_as is not None or self.begun() is not None:
            return [*words, "--resume", "--iterations", str(self.iterations)]
        for name, value in self.told.items():
            words += ["--" + name.replace("_", "-"), str(value)]
        return words

    def train(self) -> None:
        """Train what is left to train, in a process of its own.

        Raises:
            InputError: if the training fails, or the run that it begins as is not there.
        """
        if self.begins_as is not None and self.begun() is None:
            # Renamed when it is whole: a copy that was interrupted is no run.
            copy = self.folder.with_name(self.folder.name + ".partial")
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.begins_as, copy)
            copy.rename(self.folder)
        _call(self.command)


@dataclass(frozen=True)
class Experiment:
    """Runs that are trained for one question, and what is measured then.

    Attributes:
        name: what it is called.
        about: what it is for.
        runs: what it trains, in this order.
        then: the commands that follow, each the words after ``cs2s``.
        next: what to tell whoever has run it.
        first: the commands before the training, that something is to be seen while it takes its time.
    """

    name: str
    about: str
    runs: tuple[PlannedRun, ...]
    then: tuple[list[str], ...]
    next: str = ""
    first: tuple[list[str], ...] = ()

    @classmethod
    def planned(cls, name: str, written: Mapping[str, Any]) -> "Experiment":
        """Return the experiment that a table of the file describes.

        Raises:
            InputError: if a run has a setting that makes no sense, or begins as a run that does not come before it.
        """
        unknown = set(written) - {"about", "settings", "runs", "first", "then", "next"}
        if unknown:
            raise InputError(f"experiment {name}: there is no '{sorted(unknown)[0]}' in an experiment.")
        runs: dict[str, PlannedRun] = {}
        for run, changes in written.get("runs", {}).items():
            told = {**written.get("settings", {}), **changes}
            original, history = told.pop("begins_as", None), told.pop("history", None)
            if original is not None:
                if original not in runs:
                    raise InputError(f"experiment {name}: {run} begins as '{original}', which does not come before it.")
                told = {**runs[original].told, **told}
            try:
                Settings.for_preset(**told)
            except (InputError, TypeError) as error:
                raise InputError(f"experiment {name}: {run} cannot be trained ({error}).") from error
            runs[run] = PlannedRun(
                RUNS / run, told, RUNS / original if original else None, Path(history) if history else None
            )
        first, then = (
            tuple(_filled_in(shlex.split(line), list(runs.values())) for line in written.get(part, ()))
            for part in ("first", "then")
        )
        return cls(name, written.get("about", ""), tuple(runs.values()), then, written.get("next", ""), first)

    def show(self) -> None:
        """Print what running it would do now."""
        print(f"{self.name}: {self.about}")
        for command in self.first:
            print(f"  {_shown(command)}")
        for run in self.runs:
            print(f"  {run.folder}: {run.state}")
            if not run.is_finished:
                print(f"    {_shown(run.command)}")
        for command in self.then:
            print(f"  {_shown(command)}")

    def run(self) -> None:
        """Train what is not finished, in turn, and do what follows.

        Raises:
            InputError: if one of the commands fails.
        """
        for command in self.first:
            _call(command)
        for number, run in enumerate(self.runs, start=1):
            print(f"run {number} of {len(self.runs)}: {run.folder}, {run.state}", flush=True)
            if not run.is_finished:
                run.train()
            if run.history is not None:
                keep_history(Run.open(run.folder), run.history)
        for command in self.then:
            _call(command)
        if self.next:
            # The full path, since a file manager or a browser knows nothing of where the command was called.
            print(self.next.replace("{here}", str(Path.cwd())))


def _filled_in(words: list[str], runs: list[PlannedRun]) -> list[str]:
    """Return the words of a command with each pattern of run directories replaced by those runs that it matches."""
    found = []
    for word in words:
        if not set("*?") & set(word):
            found.append(word)
            continue
        matching = sorted(run.folder.as_posix() for run in runs if fnmatchcase(run.folder.as_posix(), word))
        if not matching:
            raise InputError(f"no run of the experiment is called {word}.")
        found += matching
    return found


def _shown(command: list[str]) -> str:
    return shlex.join(["cs2s", *command])


def _call(command: list[str]) -> None:
    """Run a command of the program in a process of its own, so that each training begins with fresh memory."""
    print(_shown(command), flush=True)
    process = subprocess.Popen([sys.executable, "-m", "cs2s", *command])
    try:
        code = process.wait()
    except KeyboardInterrupt as interruption:
        # Ctrl-C interrupts the command, too: let it say where it stopped. SIGTERM goes to this process alone.
        if isinstance(interruption, Terminated):
            process.terminate()
        process.wait()
        raise
    if code == 130:
        raise KeyboardInterrupt
    if code == 143:
        raise Terminated
    if code:
        raise InputError(f"this command failed, and the experiment with it: {_shown(command)}")


def read_experiments(path: Path | None = None) -> dict[str, Experiment]:
    """Return the experiments of a file by name: the project's own if it is None.

    Raises:
        InputError: if there is no such file, or an experiment in it makes no sense.
    """
    path = path or data_file("experiments.toml")
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is no file of experiments ({error}).") from error
    return {name: Experiment.planned(name, table) for name, table in written.items()}


def run_or_list(arguments: Namespace) -> None:
    """Run an experiment, show what running it would do, or list all of them."""
    known = read_experiments(arguments.file)
    if arguments.name is None:
        for experiment in known.values():
            print(f"{experiment.name}: {experiment.about}")
        return
    if arguments.name not in known:
        meant = near(arguments.name, known)
        raise InputError(f"there is no experiment '{arguments.name}'{meant}; choose one of: {', '.join(known)}.")
    if arguments.list:
        known[arguments.name].show()
    else:
        known[arguments.name].run()
