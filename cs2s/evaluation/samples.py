"""Sample files: predictions beside their ground truth, in HDF5, in the layout of the original.

The original calls a test window a sample: it is the number at the end of a name below.

``expmap/gt/{action}_{0..7}`` holds the observed and true frames ``(75, columns)``, ``expmap/preds/{action}_{0..7}``
the prediction ``(25, columns)``, ``mean_{action}_error`` the mean angle error ``(25,)``; all un-normalised. Attributes
of the file say what made it. Files of the original, which have no attributes, are read too.
Taught in ``notebooks/05_error_evaluation``.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import h5py
import numpy as np

from cs2s.datasets.descriptions import CMU_DATA, HUMAN36M_DATA, Description, describe
from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, freezing_error
from cs2s.files.writing import replacing
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
    with replacing(path) as temporary, h5py.File(temporary, "w") as file:
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
            raise InputError(f"{self.path} has no action '{action}'; it has: {', '.join(self.samples)}.")
        count = len(self.samples[action])
        if not 0 <= sample < count:
            raise InputError(f"{self.path} has no sample {sample} of {action}; its samples are 0 to {count - 1}.")
        truth, predicted = self.samples[action][sample]
        return truth, truth[: len(truth) - len(predicted)].then(predicted)


def read_samples(path: Path) -> SampleFile:
    """Read a sample file, of this program or of the original.

    Raises:
        InputError: if the file is missing, cut short, or not laid out as a sample file.
    """
    if not path.is_file():
        raise InputError(f"there is no sample file {path}; make one with 'cs2s sample'.")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise InputError(
            f"{path} is not a readable HDF5 file (cut short or of another kind); make it again with 'cs2s sample'."
        ) from error
    with file:
        try:
            content = _read(path, file)
        except Exception as error:
            # Whatever is amiss in a file that others may have written, it is the file and not the program.
            raise InputError(
                f"{path} is not laid out as a sample file ({error}); make one with 'cs2s sample'."
            ) from error
    return content


def _read(path: Path, file: h5py.File) -> SampleFile:
    names = sorted(name for name in file if name.startswith("mean_") and name.endswith("_error"))
    errors = {name.removeprefix("mean_").removesuffix("_error"): file[name][()] for name in names}
    if not errors:
        hint = "; it is a motion: name --predictor, too" if "rows" in file else ""
        raise ValueError(f"it has no mean_ACTION_error{hint}")
    frames = {np.shape(values) for values in errors.values()}
    if len(frames) != 1 or len(shape := frames.pop()) != 1:
        raise ValueError("its errors are not lists of one length")
    pairs: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for action in errors:
        count = sum(name.rpartition("_")[0] == action for name in file["expmap/gt"])
        names = [f"{action}_{n}" for n in range(count)]
        pairs[action] = [(file[f"expmap/gt/{name}"][()], file[f"expmap/preds/{name}"][()]) for name in names]
        for truth, predicted in pairs[action]:
            if len(predicted) != shape[0] or len(truth) <= shape[0] or truth.shape[1:] != predicted.shape[1:]:
                raise ValueError(f"a sample of {action} has shapes {truth.shape} and {predicted.shape}")
            if not (np.isfinite(truth).all() and np.isfinite(predicted).all()):
                raise ValueError(f"a sample of {action} holds numbers that are not finite")
    of = _describe(file, {truth.shape[1] for found in pairs.values() for truth, _ in found})

    def motion(rows: np.ndarray) -> Motion:
        return Motion(rows, of.skeleton, of.fps, of.root)

    samples = {action: [(motion(t), motion(p)) for t, p in found] for action, found in pairs.items()}
    evaluation = Evaluation.of_errors(
        of.name,
        str(file.attrs.get("predictor", path.name)),
        of.fps,
        errors,
        str(file.attrs.get("protocol", "paper")),
        dict(json.loads(file.attrs.get("made_from", "{}"))),
    )
    return SampleFile(path, of, evaluation, samples)


def _describe(file: h5py.File, columns: set[int]) -> Description:
    named = file.attrs.get("dataset")
    known = [describe(named)] if named is not None else [CMU_DATA, HUMAN36M_DATA]
    for description in known:
        if columns == {description.skeleton.columns}:
            # Own captures may be at any rate; files of the original do not tell theirs.
            return replace(description, source_fps=2 * float(file.attrs.get("fps", description.fps)))
    wanted = " or ".join(str(description.skeleton.columns) for description in known)
    raise ValueError(f"its rows have {sorted(columns)} numbers instead of {wanted}")
