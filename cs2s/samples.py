"""Sample files: predictions beside their ground truth, in HDF5, in the layout of the original.

``expmap/gt/{action}_{0..7}`` holds the observed and true frames ``(75, columns)``, ``expmap/preds/{action}_{0..7}``
the prediction ``(25, columns)``, ``mean_{action}_error`` the mean angle error ``(25,)``; all un-normalised. Attributes
of the file say what made it. Files of the original, which have no attributes, are read too.
Taught in ``notebooks/05_error_evaluation``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from cs2s.datasets import CMU, DESCRIPTIONS, HUMAN36M, Description
from cs2s.errors import InputError
from cs2s.evaluation import Evaluation
from cs2s.motion import Motion
from cs2s.writing import replacing

__all__ = ["SampleFile", "write_samples"]


def write_samples(path: Path, evaluation: Evaluation, motions: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Path:
    """Write a sample file.

    Args:
        path: the HDF5 file; replaced if it is there.
        evaluation: errors of the predictions.
        motions: action -> true rows ``(windows, 50 + frames, columns)``, predicted rows
            ``(windows, frames, columns)``, as `cs2s.evaluation.evaluate` returns them.

    Raises:
        InputError: if the file cannot be written.
    """
    with replacing(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["dataset"] = evaluation.dataset
        file.attrs["predictor"] = evaluation.predictor
        file.attrs["protocol"] = evaluation.protocol
        file.attrs["made_from"] = json.dumps(evaluation.made_from)
        for action, (truth, predicted) in motions.items():
            for number, (true_rows, predicted_rows) in enumerate(zip(truth, predicted, strict=True)):
                file[f"expmap/gt/{action}_{number}"] = true_rows
                file[f"expmap/preds/{action}_{number}"] = predicted_rows
            file[f"mean_{action}_error"] = evaluation.errors[action]
    return Path(path)


@dataclass(frozen=True)
class SampleFile:
    """A sample file, opened for reading.

    Raises:
        InputError: if the file is missing, broken or no sample file.
    """

    path: Path

    def __post_init__(self) -> None:
        if not self.path.is_file():
            raise InputError(f"there is no sample file {self.path}; make one with 'cs2s sample'.")
        if not self.actions:
            raise InputError(f"{self.path} holds no samples; make a sample file with 'cs2s sample'.")

    def _open(self) -> h5py.File:
        try:
            return h5py.File(self.path, "r")
        except OSError as error:
            raise InputError(
                f"{self.path} is not a readable HDF5 file (cut short or of another kind); "
                "make it again with 'cs2s sample'."
            ) from error

    @property
    def actions(self) -> tuple[str, ...]:
        """Actions in the file, alphabetically."""
        with self._open() as file:
            names = [name for name in file if name.startswith("mean_") and name.endswith("_error")]
        return tuple(sorted(name.removeprefix("mean_").removesuffix("_error") for name in names))

    @property
    def description(self) -> Description:
        """The data set of the file; told by the number of columns where the file does not name it."""
        with self._open() as file:
            named = file.attrs.get("dataset")
            columns = next(iter(file["expmap/gt"].values())).shape[1]
        if named in DESCRIPTIONS:
            return DESCRIPTIONS[named]
        for description in (CMU, HUMAN36M):
            if description.skeleton.columns == columns:
                return description
        raise InputError(f"{self.path} holds rows of {columns} numbers; rows of 117 or 99 are known.")

    def evaluation(self) -> Evaluation:
        """Return the errors stored in the file."""
        description = self.description
        with self._open() as file:
            errors = {action: file[f"mean_{action}_error"][()] for action in self.actions}
            return Evaluation(
                description.name,
                str(file.attrs.get("predictor", self.path.name)),
                description.fps,
                errors,
                str(file.attrs.get("protocol", "paper")),
                json.loads(file.attrs.get("made_from", "{}")),
            )

    def motions(self, action: str, sample: int) -> tuple[Motion, Motion]:
        """Return one sample as motions: the truth, and the observed frames followed by the prediction.

        Raises:
            InputError: if the action or the sample's number is not in the file.
        """
        if action not in self.actions:
            raise InputError(f"{self.path} has no action '{action}'; it has: {', '.join(self.actions)}.")
        description = self.description
        with self._open() as file:
            samples = file["expmap/gt"]
            count = sum(name.rpartition("_")[0] == action for name in samples)
            if not 0 <= sample < count:
                raise InputError(f"{self.path} has no sample {sample} of {action}; its samples are 0 to {count - 1}.")
            truth = samples[f"{action}_{sample}"][()]
            predicted = file[f"expmap/preds/{action}_{sample}"][()]
        observed = truth[: len(truth) - len(predicted)]
        rows = (truth, np.concatenate([observed, predicted]))
        return tuple(Motion(r, description.skeleton, description.fps, description.root) for r in rows)
