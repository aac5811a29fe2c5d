"""Trains as ``cs2s train`` does, without dropout, so that shares can be compared with the whole; run by test_shared.py.

A script of its own, because workers are processes, and TensorFlow's devices can only be divided before their first use.
"""

import sys

import keras
import tensorflow as tf

from cs2s.cli.parser import main

keras.layers.Dropout.call = lambda self, inputs, training=False: inputs
if "devices" in sys.argv:
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )
sys.exit(main(["train", *sys.argv[1:]]))
