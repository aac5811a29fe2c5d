"""The losses of every single iteration of a training, where Keras tells means since the last checkpoint.

Used in ``notebooks/04_adversarial_training``.
"""

from cs2s.networks.tensorflow import keras

__all__ = ["Diary"]


class Diary(keras.callbacks.Callback):
    """Writes down the losses of every iteration, and may stop the training.

    Attributes:
        rows: one entry an iteration: its number (``iteration``, from 1) and its losses by the names of `fit`.
    """

    def __init__(self, interval: int, stop: int | None = None) -> None:
        """Begin an empty diary.

        Args:
            interval: iterations between two checkpoints; it is what Keras takes for an epoch.
            stop: the iteration after which to stop, as if somebody had interrupted the training; None for never.
        """
        super().__init__()
        self.interval, self.stop = interval, stop
        self.rows: list[dict[str, float]] = []
        self._first, self._sums = 0, dict[str, float]()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Begin the next stretch: Keras' means begin anew."""
        self._first, self._sums = epoch * self.interval, {}

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Turn the means since the last checkpoint into sums: the difference of two is what an iteration added."""
        sums = {loss: mean * (batch + 1) for loss, mean in (logs or {}).items()}
        losses = {loss: total - self._sums.get(loss, 0.0) for loss, total in sums.items()}
        self._sums = sums
        self.rows.append({"iteration": self._first + batch + 1, **losses})
        if self.rows[-1]["iteration"] == self.stop:
            self.model.stop_training = True
