"""The diary of a training: its rows are the losses of single iterations, across checkpoints and after a stop."""

import keras
import numpy as np
import pytest

from cs2s.workbook.diary import Diary


class Told(keras.Model):
    """A model whose loss at every step is the number it is given."""

    def __init__(self):
        super().__init__()
        self.mean = keras.metrics.Mean(name="loss")

    def train_step(self, data):
        self.mean.update_state(data)
        return {"loss": self.mean.result()}

    @property
    def metrics(self):
        return [self.mean]


@pytest.mark.parametrize(("stop", "rows"), [(None, 6), (4, 4)])
def test_each_row_is_the_loss_of_one_iteration(stop, rows):
    losses = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0], np.float32)
    model, diary = Told(), Diary(interval=3, stop=stop)
    model.compile()
    for epoch in range(2):
        batches = losses[3 * epoch : 3 * epoch + 3].reshape(3, 1)
        fit = {"batch_size": 1, "shuffle": False, "verbose": 0, "callbacks": [diary]}
        model.fit(batches, initial_epoch=epoch, epochs=epoch + 1, **fit)
        if model.stop_training:
            break
    assert [row["iteration"] for row in diary.rows] == list(range(1, rows + 1))
    np.testing.assert_allclose([row["loss"] for row in diary.rows], losses[:rows], atol=1e-5)
