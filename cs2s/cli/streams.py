"""Standard output and standard error: closed, full, or without the letters of a name, a command still ends orderly."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, Any

from cs2s.errors import InputError, printable

__all__ = ["abandon", "check_printable", "complain", "usable_streams"]


@contextmanager
def usable_streams() -> Iterator[None]:
    """Let a block print whatever it likes, to streams that may be closed, or of an encoding that lacks letters."""
    with ExitStack() as put_back:
        for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
            # The next file to be opened would get the number of one that is closed, and what is printed with it.
            try:
                os.fstat(number)
            except OSError:
                os.dup2(os.open(os.devnull, os.O_RDWR), number)
            stream = getattr(sys, name)
            if stream is None or stream.closed:
                setattr(sys, name, put_back.enter_context(open(os.devnull, "r" if number == 0 else "w")))
                put_back.callback(setattr, sys, name, stream)
            elif number and hasattr(stream, "reconfigure") and stream.errors == "strict":
                stream.reconfigure(errors="backslashreplace")
                put_back.callback(_reconfigure, stream)
        yield


def _reconfigure(stream: Any) -> None:
    with suppress(OSError, ValueError):
        stream.reconfigure(errors="strict")


def abandon(stream: IO) -> None:
    """Throw away what a stream could not write, since Python would complain once more when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.flush()


def complain(sentence: str) -> None:
    """Print a sentence on standard error, if anybody listens."""
    try:
        print(f"cs2s: {printable(sentence)}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        abandon(sys.stderr)


def check_printable(word: str) -> None:
    """Make sure that a word of the command line can be printed, as all that is named is.

    Raises:
        InputError: if it holds bytes that are not UTF-8, or what moves a terminal's cursor.
    """
    if printable(word) != word or "\n" in word:
        shown = printable(word).replace("\n", r"\n")
        raise InputError(f"'{shown[:200]}' cannot be a name: it holds bytes that are no letters; rename the file.")
