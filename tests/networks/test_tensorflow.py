"""TensorFlow: imported when it is needed, and asked for in one sentence where it is not there."""

import subprocess
import sys

import pytest

from cs2s.errors import InputError
from cs2s.networks import tensorflow


def test_it_is_imported_at_the_first_use_and_without_chatter():
    code = (
        "import sys, cs2s.networks.tensorflow as module; assert 'tensorflow' not in sys.modules; "
        "from cs2s.networks.tensorflow import keras, tf; assert module.tf is tf is sys.modules['tensorflow']; "
        "assert module.keras is keras is sys.modules['keras']"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_it_does_not_have_is_missed():
    with pytest.raises(AttributeError, match="has no attribute 'torch'"):
        tensorflow.__getattr__("torch")


def test_what_is_not_installed_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    monkeypatch.delitem(vars(tensorflow), "tf", raising=False)
    for needed in (tensorflow.require_tensorflow, lambda: tensorflow.tf):
        with pytest.raises(InputError, match="needs TensorFlow, which is not installed: pip install"):
            needed()


def test_tensorboard_and_the_backend_are_asked_for_too(monkeypatch):
    monkeypatch.setattr(tensorflow, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="--tensorboard needs TensorBoard, which is not installed"):
        tensorflow.require_tensorflow(with_tensorboard=True)
    tensorflow.require_tensorflow()
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(InputError, match="KERAS_BACKEND names another backend than tensorflow"):
        tensorflow.require_tensorflow()
