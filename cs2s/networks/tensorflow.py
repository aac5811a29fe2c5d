"""TensorFlow and Keras: imported at their first use, without the chatter that TensorFlow writes while it starts.

Modules that need them import them from here. Commands that need them call `require_tensorflow` before they do anything.
First used in ``notebooks/00_quickstart``.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from cs2s.errors import InputError

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

__all__ = ["has_tensorflow", "keras", "require_tensorflow", "tf"]


def has_tensorflow() -> bool:
    """Tell whether TensorFlow and Keras are installed, without importing them."""
    return all(sys.modules.get(name) or find_spec(name) for name in ("tensorflow", "keras"))


def require_tensorflow(with_tensorboard: bool = False) -> None:
    """Import TensorFlow and Keras, or say how to get them.

    Args:
        with_tensorboard: whether TensorBoard is needed too.

    Raises:
        InputError: if one of them is not installed, or Keras is told to compute with something else.
    """
    if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
        raise InputError("KERAS_BACKEND names another backend than tensorflow, which this program needs: unset it.")
    if with_tensorboard and find_spec("tensorboard") is None:
        raise InputError("--tensorboard needs TensorBoard, which is not installed: pip install tensorboard.")
    if "tf" in globals():
        return
    try:
        with _chatter_held_back():
            import keras
            import tensorflow as tf
    except ImportError as error:
        raise InputError(
            "this command needs TensorFlow, which is not installed: pip install 'cs2s[cpu]' or 'cs2s[gpu]'."
        ) from error
    globals().update(keras=keras, tf=tf)


def __getattr__(name: str) -> Any:
    """Import TensorFlow when somebody asks for `keras` or `tf`."""
    if name not in ("keras", "tf"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require_tensorflow()
    return globals()[name]


@contextlib.contextmanager
def _chatter_held_back() -> Iterator[None]:
    """Hold back what is written to the process's standard error; show it only if the import fails.

    ``TF_CPP_MIN_LOG_LEVEL`` does not reach what TensorFlow's C++ code writes before it has read it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
