"""What both kinds of model need so that a training can be interrupted anywhere and goes on as if it had not been.

Taught in ``notebooks/04_adversarial_training``.
"""

from collections.abc import Mapping, MutableMapping

import numpy as np

from cs2s.networks.tensorflow import keras

__all__ = ["ResumableModel"]


class ResumableModel(keras.Model):
    """A model that saves the states of its random generators with its weights, which Keras does not.

    Attributes:
        trackers: the running means that `fit` shows and resets, by name.
        random_states: the states of all random generators, always in the same order.
    """

    trackers: dict[str, keras.metrics.Mean]
    random_states: list[keras.Variable]

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
