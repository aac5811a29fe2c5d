"""Sample files: predictions beside their ground truth, in HDF5, in the layout of the original.

The original calls a test window a sample: it is the number at the end of a name below.

``expmap/gt/{action}_{0..7}`` holds the observed and true frames ``(75, columns)``, ``expmap/preds/{action}_{0..7}``
the prediction ``(25, columns)``, ``mean_{action}_error`` the mean angle error ``(25,)``; all un-normalised. Attributes
of the file say what made it. Files of the original, which have no attributes, are read too.
Taught in ``notebooks/05_error_evaluation``.
"""

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from cs2s.datasets.descriptions import CMU_DATA, HUMAN36M_DATA, Description, describe
from cs2s.errors import InputError, near
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, freezing_error
from cs2s.files.hdf5_access import reading_hdf5, writing_hdf5
from cs2s.files.reading import parse_json, printable_name
from cs2s.motion.limits import LARGEST, checked_fps
from cs2s.motion.motion import Motion

__all__ = ["SampleFile", "read_samples", "write_samples"]


def write_samples(path: Path, evaluation: Evaluation) -> Path:
    """Write a sample file.

    Args:
        path: the HDF5 file; replaced if it is there.
        evaluation: errors and motions, under the paper's protocol.

    Raises:
        InputError: if the file cannot be written.
    """
    with writing_hdf5(path) as file:
        file.attrs["dataset"] = evaluation.dataset
        file.attrs["fps"] = evaluation.fps
        file.attrs["predictor"] = evaluation.predictor
        file.attrs["protocol"] = evaluation.protocol
        file.attrs["made_from"] = json.dumps(evaluation.made_from)
        for action, (truth, predicted) in evaluation.motions.items():
            for number, (true_rows, predicted_rows) in enumerate(zip(truth.rows, predicted.rows, strict=True)):
                file[f"expmap/gt/{action}_{number}"] = true_rows
                file[f"expmap/preds/{action}_{number}"] = predicted_rows
            file[f"mean_{action}_error"] = evaluation.errors[action]
    return Path(path)


@dataclass(frozen=True, eq=False)
class SampleFile:
    """The content of a sample file, as `read_samples` returns it.

    Attributes:
        path: the file.
        description: of the data set; told by the number of columns where the file does not name it.
        evaluation: the errors stored in it.
        samples: action -> for each window the truth, observed frames first, and the predicted frames.
    """

    path: Path
    description: Description
    evaluation: Evaluation
    samples: dict[str, list[tuple[Motion, Motion]]]

    @property
    def frozen(self) -> Evaluation:
        """What freezing (zero velocity) has on these windows."""
        errors = {
            action: np.mean([freezing_error(truth, len(predicted)) for truth, predicted in windows], axis=0)
            for action, windows in self.samples.items()
        }
        of = self.evaluation
        return Evaluation.of_errors(of.dataset, ZeroVelocity().name, of.fps, errors, of.protocol)

    def motions(self, action: str, sample: int) -> tuple[Motion, Motion]:
        """Return one window of an action: the truth, and the observed frames followed by the prediction.

        Raises:
            InputError: if the action or the number of the sample, its window, is not in the file.
        """
        if action not in self.samples:
            there = ", ".join(self.samples)
            raise InputError(f"{self.path} has no action '{action}'{near(action, self.samples)}; it has: {there}.")
        count = len(self.samples[action])
        if not 0 <= sample < count:
            raise InputError(f"{self.path} has no sample {sample} of {action}; its samples are 0 to {count - 1}.")
        truth, predicted = self.samples[action][sample]
        return truth, truth[: len(truth) - len(predicted)].then(predicted)


def read_samples(path: Path) -> SampleFile:
    """Read a sample file, of this program or of the original.

    Raises:
        InputError: if the file is missing, cut short, not laid out as a sample file, or holds more than memory should
            be taken for.
    """
    if not path.is_file():
        raise InputError(f"there is no sample file {path}; make one with 'cs2s sample'.")
    try:
        if not h5py.is_hdf5(path):
            raise OSError
        with reading_hdf5(path) as file:
            return _read(path, file)
    except InputError as error:
        # Of a name that is not known, or of the file as a whole.
        if str(error).startswith(str(path)):
            raise
        reason = str(error)
    except OSError as error:
        raise InputError(
            f"{path} is not a readable HDF5 file (cut short or of another kind); make it again with 'cs2s sample'."
        ) from error
    except Exception as error:
        # Whatever is amiss in a file that others may have written, it is the file and not the program.
        reason = str(error).partition("\n")[0]
    raise InputError(f"{path} is not laid out as a sample file ({reason}); make one with 'cs2s sample'.")


def _numbers(found: Any, what: str, axes: int) -> np.ndarray:
    """Return the numbers of a dataset of the file, and make sure that they are some.

    Raises:
        ValueError: if they are not, or have another number of axes.
    """
    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in "fiu":
        raise ValueError(f"{what} is not made of real numbers")
    if found.ndim != axes:
        raise ValueError(f"{what} has shape {found.shape} instead of {axes} axes")
    numbers = found[()]
    # Written so that nan fails too.
    if numbers.size and not -LARGEST <= numbers.min() <= numbers.max() <= LARGEST:
        raise ValueError(f"{what} holds numbers that are not finite or beyond 1e9")
    return numbers if numbers.dtype.kind == "f" and numbers.itemsize > 2 else numbers.astype(np.float64)


def _read(path: Path, file: h5py.File) -> SampleFile:
    names = sorted(name for name in file if name.startswith("mean_") and name.endswith("_error"))
    errors = {}
    for name in names:
        action = printable_name(name.removeprefix("mean_").removesuffix("_error"))
        if np.ndim(file[name]) != 1:
            raise ValueError("its errors are not lists of one length")
        errors[action] = _numbers(file[name], f"the error of {action}", 1)
        if errors[action].min(initial=0) < 0:
            raise ValueError(f"an error of {action} is negative")
    if not errors:
        hint = "; it is a motion: name --predictor, too" if "rows" in file else ""
        raise ValueError(f"it has no mean_ACTION_error{hint}")
    lengths = {len(values) for values in errors.values()}
    if len(lengths) != 1 or not (length := lengths.pop()):
        raise ValueError("its errors are not lists of one length")
    truths, predictions = file["expmap/gt"], file["expmap/preds"]
    counts = Counter(name.rpartition("_")[0] for name in truths)
    pairs: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for action in errors:
        what = f"a sample of {action}"
        names = [f"{action}_{n}" for n in range(counts[action])]
        pairs[action] = [(_numbers(truths[name], what, 2), _numbers(predictions[name], what, 2)) for name in names]
        for truth, predicted in pairs[action]:
            if len(predicted) != length or len(truth) <= length or truth.shape[1:] != predicted.shape[1:]:
                raise ValueError(f"a sample of {action} has shapes {truth.shape} and {predicted.shape}")
    of = _describe(file, {truth.shape[1] for found in pairs.values() for truth, _ in found})

    def motion(rows: np.ndarray) -> Motion:
        return Motion(rows, of.skeleton, of.fps, of.root)

    samples = {action: [(motion(t), motion(p)) for t, p in found] for action, found in pairs.items()}
    evaluation = Evaluation.of_errors(
        of.name,
        _text(file, "predictor", path.name),
        of.fps,
        errors,
        _text(file, "protocol", "paper"),
        dict(parse_json(file.attrs.get("made_from", "{}"))),
    )
    return SampleFile(path, of, evaluation, samples)


def _text(file: h5py.File, name: str, otherwise: str) -> str:
    """Return an attribute that is a name, or another one where there is none."""
    found = file.attrs.get(name, otherwise)
    if not isinstance(found, str):
        raise ValueError(f"its {name} is no text")
    return printable_name(found)


def _describe(file: h5py.File, columns: set[int]) -> Description:
    named = file.attrs.get("dataset")
    known = [describe(named)] if named is not None else [CMU_DATA, HUMAN36M_DATA]
    for description in known:
        if columns == {description.skeleton.columns}:
            # Own captures may be at any rate; files of the original do not tell theirs.
            fps = checked_fps(file.attrs.get("fps", description.fps))
            return replace(description, source_fps=2 * fps)
    wanted = " or ".join(str(description.skeleton.columns) for description in known)
    raise ValueError(f"its rows have {sorted(columns)} numbers instead of {wanted}")
