"""Starts the command line, for the ``cs2s`` command and ``python -m cs2s``."""

import os
import signal
import sys
from types import FrameType

__all__ = ["main"]


def main() -> int:
    """Run the command line with the words of the process; return the exit code."""
    # Whoever presses Ctrl-C while modules are imported sees no traceback: nothing has begun yet.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from cs2s.cli.parser import main as run

    return run()


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
