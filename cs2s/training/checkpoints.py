"""Checkpoints: all that a training needs to go on as if it had not been interrupted, in a file, and back.

Where they lie and which one is the best, the run knows (`cs2s.training.runs.Run`); those of the authors' own program
are read by `cs2s.training.original_checkpoint`. Taught in ``notebooks/04_adversarial_training``.
"""

from abc import abstractmethod
from collections.abc import Mapping, MutableMapping

import numpy as np

from cs2s.errors import InputError
from cs2s.files.hdf5_access import reading_hdf5, written_in_memory
from cs2s.files.writing import replacing
from cs2s.networks.tensorflow import keras
from cs2s.training.runs import Run

__all__ = ["ResumableModel", "load_checkpoint", "save_checkpoint"]


class ResumableModel(keras.Model):
    """A model that saves the states of its random generators with its weights, which Keras does not.

    Attributes:
        trackers: the running means that `fit` shows and resets, by name.
    """

    trackers: dict[str, keras.metrics.Mean]

    def get_build_config(self) -> None:
        """Nothing: a model that Keras loads is built and compiled when it is made of its config."""

    def get_compile_config(self) -> None:
        """Nothing, for the same reason."""

    @property
    @abstractmethod
    def predicting(self) -> keras.layers.Layer:
        """The network that predicts, and all that a shipped predictor needs."""

    @property
    @abstractmethod
    def random_states(self) -> list[keras.Variable]:
        """The states of all random generators, always in the same order."""

    def save_own_variables(self, store: MutableMapping[str, np.ndarray]) -> None:
        """Add the random states to what `save_weights` saves, so that a resumed training drops the same units."""
        for number, state in enumerate(self.random_states):
            store[f"random_state_{number}"] = state.numpy()

    def load_own_variables(self, store: Mapping[str, np.ndarray]) -> None:
        """Load what `save_own_variables` saved."""
        for number, state in enumerate(self.random_states):
            state.assign(store[f"random_state_{number}"][()])

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means that `fit` shows and resets."""
        return list(self.trackers.values())


def save_checkpoint(model: ResumableModel, run: Run, iteration: int) -> None:
    """Save weights, optimisers, iteration count and random state of a compiled model, whole or not at all.

    Raises:
        InputError: if the file cannot be written.
    """
    # Keras writes HDF5, whose library dies of a disk that is full: into memory first.
    with replacing(run.checkpoint_file(iteration)) as temporary, written_in_memory(temporary):
        model.save_weights(temporary)


def load_checkpoint(model: ResumableModel, run: Run, iteration: int) -> None:
    """Load weights, optimisers, iteration count and random state into a compiled model.

    Raises:
        InputError: if the file is damaged, does not fit the model, or holds numbers that are not finite.
    """
    path = run.checkpoint_file(iteration)
    try:
        with reading_hdf5(path):
            pass
        model.load_weights(path)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"the checkpoint {path} is damaged or belongs to another model; delete it to use the one before."
        ) from error
    optimisers = [part for part in vars(model).values() if isinstance(part, keras.optimizers.Optimizer)]
    variables = [variable for part in (model, *optimisers) for variable in part.variables]
    if not all(np.isfinite(variable.numpy()).all() for variable in variables):
        raise InputError(
            f"the checkpoint {path} holds numbers that are not finite: it is damaged, or its training diverged; delete "
            "it to use the one before."
        )
