"""Run directories and their checkpoints.

A run directory holds ``run.json`` (settings and what made the run), ``statistics.npz`` (the normalisation),
``history.csv``, ``checkpoints/iteration-NNNNNN.weights.h5`` and ``samples/iteration-NNNNNN.h5``. Whoever trains it
holds the lock of the empty file ``.lock``.
Nothing here needs TensorFlow. Taught in ``notebooks/04_adversarial_training``.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from cs2s.datasets.descriptions import Description, describe
from cs2s.datasets.windows import Statistics
from cs2s.errors import InputError
from cs2s.files.locking import holding
from cs2s.files.reading import load_json, printable_name, read_arrays
from cs2s.files.writing import clear_half_written, make_folder, replacing, save_json
from cs2s.motion.limits import LARGEST, MOST_BYTES, checked_fps
from cs2s.training.settings import Settings

__all__ = ["RUN_FOLDERS", "Run"]

RUN_FOLDERS = (Path("..") / "runs", Path("runs"))
"""Where notebooks look for runs: seen from the project's folder of notebooks, and from its top or anywhere else."""

_HALF_WRITTEN = (
    ".run.*.tmp.json",
    ".statistics.*.tmp.npz",
    ".history.*.tmp.csv",
    "checkpoints/.iteration-*.tmp.*",
    "samples/.iteration-*.tmp.*",
)
"""What a training that is killed may leave; files that others write into the folder have other names."""

_CHECKPOINT = re.compile(r"iteration-(\d+)\.weights\.h5")


@dataclass(frozen=True)
class Run:
    """A run directory.

    Attributes:
        folder: where it is.
        settings: of the training.
        made_from: command, versions, data fingerprint and the like.
        statistics: the normalisation of the training data.
        found: what the data folder said of itself, for data that only the folder describes (`cs2s.datasets.own`).
    """

    folder: Path
    settings: Settings
    made_from: dict[str, Any]
    statistics: Statistics
    found: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        folder: Path,
        settings: Settings,
        made_from: dict[str, Any],
        statistics: Statistics,
        description: Description | None = None,
    ) -> "Run":
        """Start a run directory.

        Args:
            folder: the directory to make.
            settings: of the training.
            made_from: command, versions, data fingerprint and the like.
            statistics: the normalisation of the training data.
            description: of that data; needed only for data that its folder describes.

        Raises:
            InputError: if the folder holds a run already, or another process just makes one of it, or it cannot be
                written to.
        """
        cls.check_new(folder)
        make_folder(folder)
        found = {}
        if description is not None and description.found is not None:
            found = {"actions": list(description.actions), "source_fps": description.source_fps}
        run = cls(folder, settings, made_from, statistics, found)
        with cls.held(folder):
            # Once more, now that nobody else can make one.
            cls.check_new(folder)
            with replacing(folder / "statistics.npz") as temporary:
                np.savez(temporary, mean=statistics.mean, std=statistics.std, used=statistics.used)
            run.save_settings()
        return run

    @staticmethod
    @contextmanager
    def held(folder: Path) -> Iterator[None]:
        """Hold a run for the length of a block: nobody else can train it meanwhile.

        It is let go when the process ends, however it ends. A block inside such a block holds it too.

        Raises:
            InputError: if another process holds it, or the folder cannot be written to.
        """
        with ExitStack() as held:
            try:
                alone = held.enter_context(holding(folder / ".lock"))
            except OSError as error:
                raise InputError(f"cannot write into folder {folder} ({error.strerror}).") from error
            if not alone:
                raise InputError(f"another process is training the run in {folder}: wait until it is done, or stop it.")
            yield

    def clear_half_written(self) -> None:
        """Remove what a training of this run that was killed left half written. The run must be held."""
        for names in _HALF_WRITTEN:
            clear_half_written(self.folder, names)

    @property
    def description(self) -> Description:
        """The description of the data that the run was trained on."""
        known = describe(self.settings.dataset)
        if not self.found:
            return known
        actions, source_fps = self.found["actions"], self.found["source_fps"]
        return replace(known, actions=tuple(actions), source_fps=checked_fps(source_fps))

    @staticmethod
    def check_new(folder: Path) -> None:
        """Make sure that a folder holds no run yet.

        Raises:
            InputError: if it does.
        """
        if (folder / "run.json").exists():
            raise InputError(f"{folder} holds a run already: continue it with --resume or name another folder.")

    def save_settings(self) -> None:
        """Write ``run.json``."""
        content = {"settings": self.settings.as_dict(), "made_from": self.made_from}
        if self.found:
            content["found"] = self.found
        save_json(content, self.folder / "run.json", indent=2)

    @classmethod
    def open(cls, folder: Path | str) -> "Run":
        """Open a run directory.

        Raises:
            InputError: if it is none, or one of its files is broken.
        """
        folder = Path(folder)
        if not (folder / "run.json").is_file():
            raise InputError(f"{folder} is not a run directory: it has no run.json (make one with 'cs2s train').")
        try:
            content = load_json(folder / "run.json")
            settings = Settings.from_file(content["settings"])
            arrays = read_arrays(folder / "statistics.npz")
            statistics = Statistics(arrays["mean"], arrays["std"], arrays["used"])
            statistics.checked(describe(settings.dataset).skeleton.columns)
            made_from = {"data": content["made_from"]["data"], **content["made_from"]}
            run = cls(folder, settings, made_from, statistics, dict(content.get("found", {})))
            if not [printable_name(action) for action in run.description.actions]:
                raise ValueError("run.json does not say which actions it was trained on")
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"the run in {folder} is damaged ({error}); train it again.") from error
        return run

    def continued(self, given: dict[str, Any]) -> "Run":
        """Return this run with more iterations, if `given` settings ask for it; all others must be as they are.

        Raises:
            InputError: if one of the given settings differs from the run's, or the run's preset has no use for it.
        """
        self.settings.check_use(given)
        for name, value in given.items():
            if name != "iterations" and value != getattr(self.settings, name):
                raise InputError(
                    f"--{name.replace('_', '-')} {value} differs from {getattr(self.settings, name)}, with which "
                    f"the run in {self.folder} was started: leave it out, or start another run."
                )
        settings = replace(self.settings, **given)
        done = self.checkpoints[-1] if self.checkpoints else 0
        if settings.iterations < done:
            raise InputError(f"--iterations {settings.iterations} is less than the {done} that the run has done.")
        return replace(self, settings=settings)

    def is_trained_on(self, fingerprint: str) -> bool:
        """Tell whether the run can predict data with this fingerprint: trained on it, with a checkpoint."""
        return bool(self.checkpoints) and self.made_from["data"] == fingerprint

    def check_data(self, fingerprint: str) -> None:
        """Make sure that data with this fingerprint is what the run was trained on.

        Raises:
            InputError: if it is not.
        """
        if fingerprint != self.made_from["data"]:
            raise InputError(
                f"the run in {self.folder} was trained on other data than this (other files, or made by another "
                "version of the program): name the same data, or start another run."
            )

    def checkpoint_file(self, iteration: int) -> Path:
        """Return the path of the checkpoint made after `iteration` iterations."""
        return self.folder / "checkpoints" / f"iteration-{iteration:06d}.weights.h5"

    def samples_file(self, iteration: int) -> Path:
        """Return the path of the sample file made after `iteration` iterations."""
        return self.folder / "samples" / f"iteration-{iteration:06d}.h5"

    @property
    def checkpoints(self) -> list[int]:
        """The iterations at which there are checkpoints, ascending."""
        folder = self.folder / "checkpoints"
        names = [_CHECKPOINT.fullmatch(path.name) for path in folder.iterdir()] if folder.is_dir() else []
        return sorted(int(match[1]) for match in names if match)

    def choose_checkpoint(self, iteration: int | None = None) -> int:
        """Return `iteration` if there is a checkpoint of it; if it is None, the best one or else the last one.

        The best one is known where validation windows were watched.

        Raises:
            InputError: if there is none.
        """
        checkpoints = self.checkpoints
        if not checkpoints:
            raise InputError(f"the run in {self.folder} has no checkpoint yet; let it train on with --resume.")
        if iteration is not None and iteration not in checkpoints:
            there = ", ".join(map(str, checkpoints))
            raise InputError(f"the run in {self.folder} has no checkpoint {iteration}; it has: {there}.")
        return (self.best_checkpoint or checkpoints[-1]) if iteration is None else iteration

    def _watched_errors(self) -> dict[int, float]:
        """The mean error on the validation windows by iteration; empty where something else was watched."""
        if self.settings.watch != "validation":
            return {}
        errors = {}
        for row in self.read_history():
            values = [float(value) for name, value in row.items() if name.startswith("validation_error_f")]
            errors[int(row["iteration"])] = sum(values) / max(len(values), 1)
        return errors

    @property
    def best_checkpoint(self) -> int | None:
        """The iteration with the least error on the validation windows, or None where they were not watched."""
        errors = {iteration: error for iteration, error in self._watched_errors().items() if error == error}
        there = [iteration for iteration in self.checkpoints if iteration in errors]
        return min(there, key=lambda iteration: errors[iteration], default=None)

    @property
    def out_of_patience(self) -> bool:
        """Whether as many checkpoints as the setting says have passed since the best one."""
        best, patience = self.best_checkpoint, self.settings.patience
        return bool(patience and best and sum(i > best for i in self._watched_errors()) >= patience)

    def prune(self) -> None:
        """Delete all but the best checkpoint and as many of the newest as the setting says.

        One is 110 MB on CMU; the original kept five.
        """
        best = self.best_checkpoint
        for iteration in self.checkpoints[: -self.settings.checkpoints_kept]:
            if iteration != best:
                self.checkpoint_file(iteration).unlink(missing_ok=True)

    def read_history(self) -> list[dict[str, str]]:
        """Return the rows of ``history.csv``; none if there is no such file yet.

        Raises:
            InputError: if it is damaged.
        """
        path = self.folder / "history.csv"
        if not path.is_file():
            return []
        try:
            if path.stat().st_size > MOST_BYTES // 128:
                raise ValueError("it is too large")
            with open(path, newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file, strict=True))
            for number, row in enumerate(rows, start=1):
                # Of a row that is too long or too short, the name or the entry is None.
                if None in row or None in row.values():
                    raise ValueError(f"row {number} has another length than the head")
                if not re.fullmatch(r"[1-9]\d{0,9}", row["iteration"], re.ASCII):
                    raise ValueError(f"row {number} is of no iteration")
                if min(map(float, row.values()), default=0) < -LARGEST:
                    raise ValueError(f"row {number} holds numbers that cannot be")
        except (OSError, ValueError, KeyError, csv.Error) as error:
            raise InputError(
                f"{path} is damaged ({error}); mend it, or delete it: then the last checkpoint is taken for the best."
            ) from error
        return rows

    def write_history(self, rows: list[dict[str, Any]]) -> None:
        """Replace ``history.csv`` by these rows."""
        with replacing(self.folder / "history.csv") as temporary, open(temporary, "w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
