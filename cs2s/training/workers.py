"""Which of several workers this process is, as TensorFlow's ``TF_CONFIG`` says. Nothing here needs TensorFlow.

Taught in ``notebooks/04_adversarial_training``.
"""

import json
import os
from dataclasses import dataclass
from typing import Literal, get_args

from cs2s.errors import InputError

__all__ = ["DISTRIBUTIONS", "Distribution", "Worker"]

Distribution = Literal["devices", "workers"]

DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)
"""What a batch is shared by: all devices of this machine, or all workers of ``TF_CONFIG``."""


@dataclass(frozen=True)
class Worker:
    """A process of a training that several share.

    Attributes:
        number: which one, from 0; the first is the chief, who alone writes the run.
        of: how many there are.
    """

    number: int = 0
    of: int = 1

    @property
    def is_chief(self) -> bool:
        """Whether it writes the run."""
        return self.number == 0

    @classmethod
    def of_environment(cls) -> "Worker":
        """Return what ``TF_CONFIG`` says of this process.

        Raises:
            InputError: if it is not set or makes no sense, or names one worker only.
        """
        told = os.environ.get("TF_CONFIG")
        if not told:
            raise InputError(
                "--distribute workers needs TF_CONFIG, which says who the workers are and which one this is."
            )
        try:
            content = json.loads(told)
            workers = {kind: list(content["cluster"].get(kind, [])) for kind in ("chief", "worker")}
            kind, index = content["task"]["type"], content["task"]["index"]
            if type(index) is not int or not 0 <= index < len(workers[kind]):
                raise ValueError(f"there is no {kind} {index}")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"TF_CONFIG makes no sense ({error}): it must name cluster.worker and task.") from error
        of = sum(map(len, workers.values()))
        if of < 2:
            raise InputError("TF_CONFIG names one worker only: leave out --distribute.")
        return cls(index if kind == "chief" or not workers["chief"] else index + len(workers["chief"]), of)
