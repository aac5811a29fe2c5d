"""TensorFlow and Keras, imported without the chatter that TensorFlow's C++ code writes while it starts.

Modules that need them import them from here. ``TF_CPP_MIN_LOG_LEVEL`` does not reach what is written before
TensorFlow has read it. First used in ``notebooks/00_quickstart``.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

__all__ = ["keras", "tf"]


@contextlib.contextmanager
def _chatter_held_back() -> Iterator[None]:
    """Hold back what is written to the process's standard error; show it only if the import fails."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


with _chatter_held_back():
    import keras
    import tensorflow as tf
