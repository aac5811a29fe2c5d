"""Trains the same model on one device and on two replicas, dropout off, and compares. Run by test_training.py.

A script of its own, because TensorFlow's devices can only be divided before they are first used.
"""

import keras
import numpy as np
import tensorflow as tf

from cs2s.datasets.loading import load
from cs2s.datasets.windows import TrainingWindows, dataset_statistics
from cs2s.training.adversarial import build_model
from cs2s.training.loop import training_batches
from cs2s.training.settings import Settings

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
dataset = load("demo")
windows = TrainingWindows(dataset, dataset_statistics(dataset), frames=2)
settings = Settings.for_preset("demo", output_length=2, batch_size=4, window_length=8, learning_rate=1e-3)


def trained(strategy: tf.distribute.Strategy) -> tuple[list[np.ndarray], list[np.ndarray], dict[str, list[float]]]:
    with strategy.scope():
        model = build_model(settings, windows.columns, windows.classes)
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    before = [v.numpy() for v in model.trainable_variables]
    history = model.fit(training_batches(windows, settings, 0, 3), verbose=0, shuffle=False)
    return before, [v.numpy() for v in model.trainable_variables], history.history


before, one, one_losses = trained(tf.distribute.get_strategy())
_, two, two_losses = trained(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]))
for name, values in one_losses.items():
    np.testing.assert_allclose(two_losses[name], values, rtol=1e-4, err_msg=name)
for start, a, b in zip(before, one, two, strict=True):
    # Where a gradient is all but zero, the direction of Adam's step hangs on rounding: single weights may differ, the
    # way that all weights of a layer have gone together may not.
    assert np.linalg.norm(a - b) < 0.02 * np.linalg.norm(a - start), np.linalg.norm(a - b) / np.linalg.norm(a - start)
