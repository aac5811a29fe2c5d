"""Whether TensorFlow is there, asked by the commands that need it before they do anything.

Used by the command line of ``notebooks/00_quickstart``.
"""

import os
from importlib.util import find_spec

from cs2s.errors import InputError

__all__ = ["require_tensorflow"]


def require_tensorflow(with_tensorboard: bool = False) -> None:
    """Import TensorFlow, without its start-up chatter, or say how to get it."""
    if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
        raise InputError("KERAS_BACKEND names another backend than tensorflow, which this program needs: unset it.")
    if with_tensorboard and find_spec("tensorboard") is None:
        raise InputError("--tensorboard needs TensorBoard, which is not installed: pip install tensorboard.")
    try:
        import cs2s.networks.tensorflow  # noqa: F401
    except ImportError as error:
        raise InputError(
            "this command needs TensorFlow, which is not installed: pip install 'cs2s[cpu]' or 'cs2s[gpu]'."
        ) from error
