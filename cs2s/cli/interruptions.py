"""Ctrl-C and SIGTERM: a command ends quietly, after it has said what there is to say."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from cs2s.networks.tensorflow import require_tensorflow

__all__ = ["Interruption", "Terminated", "interruptible"]


class Terminated(KeyboardInterrupt):
    """SIGTERM: a command ends as it does after Ctrl-C."""


class Interruption:
    """What has interrupted a command.

    Attributes:
        code: the exit code that says so, 130 or 143; 0 as long as nothing has.
    """

    code = 0

    def handle(self, number: int, frame: FrameType | None) -> None:
        """End the command by an exception; the second time, when it takes too long to end, the process at once."""
        again, self.code = bool(self.code), 128 + number
        if again or _is_importing(frame):
            with suppress(Exception):
                sys.stdout.flush()
            os._exit(self.code)
        raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


def _is_importing(frame: FrameType | None) -> bool:
    """Whether TensorFlow is being imported: it makes an ImportError of any exception, and nothing is half done yet."""
    while frame is not None:
        if frame.f_code is require_tensorflow.__code__:
            return True
        frame = frame.f_back
    return False


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Let Ctrl-C and SIGTERM end a block by an exception. What is told to be ignored (``nohup``) stays ignored."""
    interruption, before = Interruption(), {}
    # Python hears signals in its main thread alone; others are nobody's to interrupt.
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, interruption.handle)
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
