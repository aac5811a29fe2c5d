"""Trained predictors that come with the program: ``pretrained:NAME``, wherever a predictor or a run is asked for.

With no name, ``pretrained:`` is the best of them (`DEFAULT`).

A file ``data/pretrained/NAME.npz`` holds one trained network or several, whose predictions are averaged, at 32, 16 or 8
bits a weight; beside it ``NAME.md`` says what it is and ``NAME.json`` what it measured. Used by
``notebooks/00_quickstart`` and taught in
``notebooks/07_beyond_the_paper``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cs2s.datasets.descriptions import Description, describe
from cs2s.datasets.windows import Statistics
from cs2s.errors import InputError, near
from cs2s.files.places import data_file
from cs2s.files.reading import parse_json, read_arrays
from cs2s.files.writing import replacing
from cs2s.training.runs import Run
from cs2s.training.settings import Settings

__all__ = [
    "DEFAULT",
    "PREFIX",
    "Member",
    "full_name",
    "is_pretrained",
    "pretrained_description",
    "pretrained_for",
    "pretrained_names",
    "read_pretrained",
    "save",
]

PREFIX = "pretrained:"

DEFAULT = "pose-mlp"
"""The predictor that is meant where no name follows the prefix."""


@dataclass(frozen=True, eq=False)
class Member:
    """One trained network of a file.

    Attributes:
        settings: of its training.
        made_from: command, seed, versions, data fingerprint and the like.
        statistics: the normalisation of its training data.
        weights: of the network that predicts, in order of creation.
        iteration: of the training, at which they were taken.
    """

    settings: Settings
    made_from: dict[str, Any]
    statistics: Statistics
    weights: list[np.ndarray] = field(repr=False)
    iteration: int


def pretrained_names() -> list[str]:
    """Return the names of the predictors that come with the program."""
    return sorted(path.stem for path in data_file("pretrained").glob("*.npz"))


def is_pretrained(name: str | Path) -> bool:
    """Tell whether a name asks for a predictor that comes with the program."""
    return str(name).startswith(PREFIX)


def full_name(name: str | Path) -> str:
    """Return ``pretrained:NAME``, with the name of the default where there is none."""
    return PREFIX + (str(name).removeprefix(PREFIX) or DEFAULT)


def _path(name: str | Path) -> Path:
    stem = full_name(name).removeprefix(PREFIX)
    if stem not in pretrained_names():
        there = ", ".join(PREFIX + known for known in pretrained_names()) or "none"
        raise InputError(f"there is no predictor '{PREFIX}{stem}'{near(stem, pretrained_names())}; there is: {there}.")
    return data_file("pretrained") / f"{stem}.npz"


def read_pretrained(name: str | Path) -> list[Member]:
    """Read the networks of a predictor that comes with the program.

    Raises:
        InputError: if there is no such predictor, or its file is damaged.
    """
    return read(_path(name))


def pretrained_description(name: str | Path) -> Description:
    """Return the description of the data that a predictor was trained on, without reading its weights.

    Raises:
        InputError: if there is no such predictor, or its file is damaged.
    """
    path = _path(name)
    try:
        with np.load(path) as arrays:
            return describe(json.loads(str(arrays["members"]))[0]["settings"]["dataset"])
    except Exception as error:
        raise InputError(f"{path} is damaged ({error}); install the program anew.") from error


def pretrained_for(dataset: str) -> list[str]:
    """Return ``pretrained:NAME`` of every predictor that was trained on a data set, in the order of names.

    Raises:
        InputError: if a file is damaged.
    """
    names = [PREFIX + stem for stem in pretrained_names()]
    return [name for name in names if pretrained_description(name).name == dataset]


def read(path: Path) -> list[Member]:
    """Read a file that `save` wrote.

    Raises:
        InputError: if it is damaged.
    """
    try:
        members, arrays = [], read_arrays(path)
        for number, told in enumerate(parse_json(str(arrays["members"]))):
            statistics = Statistics(*(arrays[f"{number}/{part}"] for part in ("mean", "std", "used")))
            weights = [_unpacked(arrays, f"{number}/weight{w:03d}") for w in range(told["weights"])]
            settings = Settings.from_file(told["settings"])
            statistics.checked(describe(settings.dataset).skeleton.columns)
            if not all(np.isfinite(weight).all() for weight in weights):
                raise ValueError("a weight is not finite")
            members.append(Member(settings, told["made_from"], statistics, weights, told["iteration"]))
        if not members:
            raise ValueError("it holds no network")
        return members
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{path} is damaged ({error}); install the program anew.") from error


def _unpacked(arrays: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    weight = arrays[name].astype(np.float32)
    return weight * arrays[f"{name}/scale"] if f"{name}/scale" in arrays else weight


def _packed(name: str, weight: np.ndarray, bits: int) -> dict[str, np.ndarray]:
    """Return a weight as it is stored.

    With 8 bits the columns of a matrix (the last axis: what feeds one number) are whole numbers from -127 to 127 times
    a scale of their own, so that none is more than 1/254 of its column's largest off. Vectors are small and have 16.
    """
    if bits > 8 or weight.ndim < 2:
        return {name: weight.astype(np.float32 if bits == 32 else np.float16)}
    largest = np.abs(weight).max(axis=tuple(range(weight.ndim - 1)))
    scale = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return {name: np.round(weight / scale).astype(np.int8), f"{name}/scale": scale}


def save(path: Path, runs: Sequence[tuple[Run, int, Sequence[np.ndarray]]], bits: int = 16) -> None:
    """Write the networks that predict of one run or several into a file of shipped weights.

    Args:
        path: ``.npz`` file to write.
        runs: for each, the run, the iteration of its checkpoint and the weights of the network that predicts.
        bits: of each weight: 32, 16 (half precision) or 8.

    Raises:
        InputError: if the file cannot be written.
    """
    told: list[dict[str, Any]] = []
    arrays: dict[str, Any] = {}
    for number, (run, iteration, weights) in enumerate(runs):
        told.append(
            {
                "settings": run.settings.as_dict(),
                "made_from": run.made_from,
                "iteration": iteration,
                "weights": len(weights),
            }
        )
        statistics = run.statistics
        arrays |= {f"{number}/{part}": getattr(statistics, part) for part in ("mean", "std", "used")}
        for w, weight in enumerate(weights):
            arrays |= _packed(f"{number}/weight{w:03d}", np.asarray(weight), bits)
    with replacing(path) as temporary:
        np.savez_compressed(temporary, members=json.dumps(told), **arrays)
