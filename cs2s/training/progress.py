"""How far a training is and how long it will still take: a bar on a terminal, plain lines elsewhere.

First seen in ``notebooks/04_adversarial_training``.
"""

import sys
import time
from collections import deque
from collections.abc import Callable, Mapping

import numpy as np
from tqdm import tqdm

from cs2s.networks.tensorflow import keras

__all__ = ["Pace", "Progress", "rest_in_words", "say"]

_REMEMBERED = 50
_LINES = 10
_LOSSES = ("reconstruction", "body_mm", "loss")
"""What is shown: how wrong predictions are, by the names that models give it; not who fools whom."""


def say(text: str) -> None:
    """Print a text on standard output, above the bar if there is one."""
    tqdm.write(text, file=sys.stdout)
    sys.stdout.flush()


def rest_in_words(seconds: float) -> str:
    """Return how long it still takes, no more exactly than an estimate can be."""
    if seconds < 15:
        return "a few seconds left"
    if seconds < 90:
        return f"about {10 * round(seconds / 10)} s left"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min left"
    return f"about {round(seconds / 3600)} h left"


class Pace:
    """What is known of how long iterations take, and what lies between two stretches of them.

    The first iteration of a stretch is not counted: the very first one compiles the network, which takes as long as
    hundreds of others, so that an estimate that holds it would be many times too long.
    """

    def __init__(self) -> None:
        self._steps: deque[float] = deque(maxlen=_REMEMBERED)
        self._last: float | None = None
        self._between = 0.0

    def begin(self, now: float) -> None:
        """Note that a stretch begins, at a time in seconds."""
        if self._last is not None:
            self._between = now - self._last
        self._last = None

    def step(self, now: float) -> None:
        """Note that an iteration is done, at a time in seconds."""
        if self._last is not None:
            self._steps.append(now - self._last)
        self._last = now

    def rest(self, iterations: int, stretches: int) -> float | None:
        """Return how many seconds so many more iterations take, and the ends of so many stretches; None if unknown."""
        if not self._steps:
            return None
        return float(np.mean(self._steps)) * iterations + self._between * stretches


class Progress(keras.callbacks.Callback):
    """Tells how far a training is, over all of its stretches.

    Args:
        start: after how many iterations it begins.
        iterations: after how many it ends.
        interval: how many there are in a stretch.
        verbose: 0 tells nothing; 1 shows a bar where standard error is a terminal, and elsewhere prints some ten lines;
            2 prints a line at the end of each stretch.
        clock: what tells the time in seconds.
    """

    def __init__(
        self, start: int, iterations: int, interval: int, verbose: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self.done, self.iterations, self.interval = start, iterations, interval
        self._clock, self._pace = clock, Pace()
        self._every = max(1, iterations // _LINES) if verbose == 1 else 0
        self._each_stretch = verbose == 2
        self._bar = None
        if start >= iterations:
            return
        if verbose == 1 and sys.stderr.isatty():
            self._every = 0
            self._bar = tqdm(
                total=iterations,
                initial=start,
                bar_format="{percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}{postfix}",
                postfix="compiling the network",
                dynamic_ncols=True,
                file=sys.stderr,
            )
        elif verbose == 1:
            say(f"training {iterations - start} iterations; the first takes longest, since it compiles the network")

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Note that a stretch begins."""
        self._pace.begin(self._clock())

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Note that an iteration is done, and tell it."""
        self.done += 1
        self._pace.step(self._clock())
        if self._bar is not None:
            self._bar.set_postfix_str(self._told(logs), refresh=False)
            self._bar.update()
            if self.done == self.iterations:
                self._bar.refresh()
        elif self._every and self.done % self._every == 0:
            say(f"{self.done} of {self.iterations} iterations, {self._told(logs)}")

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Tell how far the training is at the end of a stretch."""
        if self._each_stretch:
            say(f"{self.done} of {self.iterations} iterations, {self._told(logs)}")

    def close(self) -> None:
        """Leave the bar as it is: what is printed next stands below it."""
        if self._bar is not None:
            self._bar.close()

    def _told(self, logs: Mapping[str, float] | None) -> str:
        """Name the loss of the predictions, averaged over the stretch, and the time that is left."""
        logs = logs or {}
        told = [f"{name} {float(logs[name]):.3g}" for name in _LOSSES if name in logs]
        left = self.iterations - self.done
        rest = self._pace.rest(left, -(-left // self.interval))
        if left and rest is not None:
            told.append(rest_in_words(rest))
        return ", ".join(told)
