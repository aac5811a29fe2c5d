"""Checkpoints of the authors' own program, turned into runs of this one.

The original wrote them with TensorFlow 1's Saver: a ``.index`` file and a ``.data`` file of a common prefix.
Taught in ``notebooks/04_adversarial_training``.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import dataset_statistics
from cs2s.errors import InputError
from cs2s.files.provenance import made_by
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.adversarial import ConvSeq2Seq, build_model
from cs2s.training.checkpoints import save_checkpoint
from cs2s.training.runs import Run
from cs2s.training.settings import PAPER

__all__ = ["ORIGINAL_NAMES", "assign_original", "import_checkpoint"]

_ENCODER = ("conv1/weights", "conv2/weights", "conv3/weights", "fc1/weights", "fc1/biases")

ORIGINAL_NAMES = {
    "generator": (
        *(f"VAESkeleton/EncoderSkeleton/{name}" for name in _ENCODER),
        *(f"VAESkeleton/DecoderSkeleton/DecoderSkeletonEnc/{name}" for name in _ENCODER),
        *(f"VAESkeleton/DecoderSkeleton/{name}" for name in ("fc3/weights", "fc3/biases", "fc4/weights", "fc4/biases")),
    ),
    "discriminator": (
        *(f"VAESkeleton/DiscriminatorSkeleton/DiscriminatorSkeletonEnc/{name}" for name in _ENCODER),
        *(
            f"VAESkeleton/DiscriminatorSkeleton/{name}"
            for name in ("fc1/weights", "fc1/biases", "fully_connected/weights", "fully_connected/biases")
        ),
    ),
}
"""The original's names of the variables of each network, in the order in which ours are created."""


def _read(prefix: Path) -> dict[str, np.ndarray]:
    """Read all variables of a checkpoint."""
    index = prefix.with_name(f"{prefix.name}.index")
    if not index.is_file():
        raise InputError(
            f"there is no checkpoint {prefix}: name the common start of its .index and .data files, "
            "such as Models/NAME-20000."
        )
    try:
        reader = tf.train.load_checkpoint(str(prefix))
        return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    except Exception as error:
        # TensorFlow's reader reports a cut file as an IndexError, a DataLossError or others, by where it is cut.
        raise InputError(f"the checkpoint {prefix} is damaged: its .index or .data file is cut or changed.") from error


def assign_original(variables: list[keras.Variable], names: tuple[str, ...], values: dict[str, np.ndarray]) -> None:
    """Give variables the values that the original's variables have.

    Args:
        variables: of one of our networks, in order of creation.
        names: of the original's, see `ORIGINAL_NAMES`.
        values: by the original's names.

    Raises:
        InputError: if a variable is missing or has another shape.
    """
    for variable, name in zip(variables, names, strict=True):
        if name not in values:
            raise InputError(f"it has no variable {name}: it is not a checkpoint of this model.")
        if values[name].shape != tuple(variable.shape):
            raise InputError(
                f"its {name} has shape {values[name].shape} instead of {tuple(variable.shape)}: it was trained on "
                "another dataset, or on data with other used columns."
            )
    for variable, name in zip(variables, names, strict=True):
        variable.assign(values[name])


def _assign(model: ConvSeq2Seq, values: dict[str, np.ndarray]) -> bool:
    """Assign both networks; return whether the discriminator was in the checkpoint at all."""
    assign_original(model.generator.trainable_variables, ORIGINAL_NAMES["generator"], values)
    judged = any(name in values for name in ORIGINAL_NAMES["discriminator"])
    if judged:
        assign_original(model.discriminator.trainable_variables, ORIGINAL_NAMES["discriminator"], values)
    return judged


def import_checkpoint(prefix: Path, dataset: Dataset, folder: Path) -> tuple[Run, bool]:
    """Make a run directory of a checkpoint of the original.

    The generator is what predicts; a checkpoint without the discriminator (the original's sampling program writes
    such) leaves ours with fresh weights. The optimisers' states are not taken over.

    Args:
        prefix: common start of the checkpoint's files; a number at its end is the iteration.
        dataset: the data it was trained on: the normalisation is not in the checkpoint.
        folder: the run directory to make; written only if all fits.

    Returns:
        The run, and whether the discriminator was in the checkpoint.

    Raises:
        InputError: if the checkpoint is missing, damaged, or does not fit the data set, or the folder holds a run.
    """
    Run.check_new(folder)
    number = re.search(r"-(\d+)$", prefix.name)
    description = dataset.description
    iterations = int(number[1]) if number else PAPER.iterations
    settings = replace(PAPER, dataset=description.name, iterations=iterations)
    statistics = dataset_statistics(dataset)
    values = _read(prefix)
    model = build_model(settings, len(statistics.used), len(description.classes))
    try:
        judged = _assign(model, values)
    except InputError as error:
        raise InputError(f"the checkpoint {prefix} does not fit the {description.name} data: {error}") from error
    made_from = made_by(data=dataset.fingerprint, imported_from=prefix.name)
    run = Run.create(folder, settings, made_from, statistics, description)
    save_checkpoint(model, run, settings.iterations)
    return run, judged
