"""The worst hour, in ten minutes: ``make break``. Prints a table of counts; fails if anything is wrong.

What is tried: damaged files of every kind, files that claim much, disks that fill, servers that mean no good, closed
and full streams, and kills. ``python tests/worst_hour/campaign.py --seconds 600``
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import hostile
from harness import Tally, mutants
from mutants import READERS

_BATCH = 200
_SIZES = (4096, 16 << 10, 64 << 10, 200 << 10, 1 << 20)


def _in_folders(tries: Iterable[Callable[[Path], None]], until: float) -> None:
    """Make one try after the other, each in a fresh folder, until a moment."""
    for attempt in tries:
        if time.monotonic() > until:
            return
        with tempfile.TemporaryDirectory(prefix="worst-hour-", ignore_cleanup_errors=True) as folder:
            attempt(Path(folder))


def main() -> int:
    """Run the campaign; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=570, help="how long it may take")
    parser.add_argument("--seed", type=int, default=0, help="which damage; the same seed does the same")
    told = parser.parse_args()
    tally, begin = Tally(), time.monotonic()

    def until(share: float) -> float:
        return begin + share * told.seconds

    def kills(one: Callable[[int, Path, Tally], None], end: float) -> None:
        with tempfile.TemporaryDirectory(prefix="worst-hour-", ignore_cleanup_errors=True) as folder:
            for number in itertools.count(told.seed):
                if time.monotonic() > end:
                    return
                one(number, Path(folder), tally)

    pairs = [(name, size) for size in _SIZES for name in hostile.WRITERS]
    batches = ((name, first) for first in itertools.count(told.seed * 1_000_000, _BATCH) for name in READERS)
    try:
        _in_folders((lambda f, n=n: hostile.streams(n, f, tally) for n in hostile.STREAMS), until(0.1))
        _in_folders((lambda f, n=n: hostile.server(n, f, tally) for n in hostile.SERVERS), until(0.15))
        _in_folders((lambda f, n=n: hostile.bomb(n, f, tally) for n in hostile.BOMBS), until(0.3))
        _in_folders((lambda f, n=n, s=s: hostile.full_disk(n, s, f, tally) and None for n, s in pairs), until(0.6))
        kills(hostile.killed_while_writing, until(0.65))
        _in_folders((lambda f, n=n, k=k: mutants(n, k, _BATCH, f, tally) for n, k in batches), until(0.85))
        kills(hostile.killed_training, until(0.95))
    finally:
        print(tally.table())
        print(*(f"- {fault}" for fault in tally.faults), sep="\n")
        print(f"{time.monotonic() - begin:.0f} seconds")
    return bool(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
