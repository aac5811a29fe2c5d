"""The test windows of a data set, what predictors make of them, and what they would of another past.

Taught in ``notebooks/06_explore_predictions``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import OBSERVED, PREDICTED, dataset_statistics, halved, test_windows
from cs2s.errors import InputError
from cs2s.evaluation.baselines import BASELINES, Predictor
from cs2s.evaluation.evaluation import milliseconds
from cs2s.evaluation.measures import angle_error, geodesic_angle, squared_differences
from cs2s.motion.motion import Motion
from cs2s.training.pretrained import is_pretrained, pretrained_for
from cs2s.training.runs import RUN_FOLDERS, Run
from cs2s.workbook.what_if import AS_IT_WAS, WhatIf

__all__ = ["LONGEST", "Predictions", "found_predictors", "joint_differences"]

LONGEST = 100
"""The most frames that can be predicted."""

_REMEMBERED = 64  # answers to other pasts


@dataclass
class _LoadedWhenAsked:
    """A trained predictor, loaded when it first predicts: TensorFlow takes seconds to import.

    One thread may ask while another waits for the first answer.
    """

    source: Path | str
    name: str
    answered: bool = False
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def _model(self) -> Predictor:
        from cs2s.training.predictors import load_predictor

        return load_predictor(self.source)

    def __call__(self, observed: Motion, frames: int) -> Motion:
        with self._lock:
            predicted = self._model(observed, frames)
        self.answered = True
        return predicted


def found_predictors(
    dataset: Dataset, network: Path | str | None = None, folders: Sequence[Path] = RUN_FOLDERS
) -> dict[str, Predictor]:
    """Return everything there is that can predict a data set, by name: baselines, runs and shipped predictors.

    Args:
        dataset: what is to be predicted.
        network: the run directory or ``pretrained:NAME`` to be called ``"network"``; it is not listed a second time.
        folders: where to look for run directories. All that were trained on this very data and have a checkpoint
            count, imported ones too; damaged ones do not.
    """
    found: dict[str, Predictor] = dict(BASELINES)
    if network is not None:
        found["network"] = _LoadedWhenAsked(network, "network")
    seen = {Path(network).resolve()} if network is not None and not is_pretrained(network) else set()
    for folder in sorted(path.parent for parent in folders for path in parent.glob("*/run.json")):
        try:
            other = Run.open(folder)
        except InputError:
            continue
        if other.is_trained_on(dataset.fingerprint) and folder.resolve() not in seen:
            seen.add(folder.resolve())
            found[f"runs/{folder.name}"] = _LoadedWhenAsked(folder, f"runs/{folder.name}")
    shipped = [name for name in pretrained_for(dataset.description.name) if name != network]
    return found | {name: _LoadedWhenAsked(name, name) for name in shipped}


class Predictions:
    """The paper's test windows of a data set, and what predictors make of them.

    A predictor is asked once for 25 frames of all windows of an action, and once for `LONGEST` where more than 25
    are wanted; for another past it is asked anew. What is asked for again comes out of memory. Unknown names and
    numbers raise an `InputError`.

    Attributes:
        dataset: the data.
        predictors: by the names that pictures show.
        actions: of the test takes, alphabetically.
    """

    def __init__(self, dataset: Dataset, predictors: Mapping[str, Predictor]) -> None:
        self.dataset = dataset
        self.predictors = dict(predictors)
        self.actions = dataset.actions("test")
        statistics = dataset_statistics(dataset)
        # Of each window its recording, and which is its last observed frame.
        self._recorded: dict[str, list[tuple[Motion, int]]] = {}
        for windows in test_windows(dataset, statistics):
            takes = {}
            for take in {take for take, _ in windows.starts}:
                # The windows of every table are cut from these very numbers.
                motion = halved(dataset.motions[take])
                takes[take] = replace(motion, rows=statistics.unnormalise(statistics.normalise(motion.rows)))
            self._recorded[windows.action] = [(takes[take], start + OBSERVED - 1) for take, start in windows.starts]
        # (action, predictor, 25 or LONGEST, past) -> all windows at once
        self._predicted: dict[tuple[str, str, int, WhatIf], Motion] = {}
        self._errors: dict[tuple[str, str, int, WhatIf], np.ndarray] = {}
        self._of_window: dict[tuple[str, int, str, int, WhatIf], tuple[Motion, np.ndarray]] = {}
        self._edited: dict[tuple[str, int, int, WhatIf], Motion] = {}

    def windows(self, action: str) -> int:
        """Return how many windows an action has."""
        return len(self._windows(action))

    def _windows(self, action: str) -> list[tuple[Motion, int]]:
        if action not in self._recorded:
            raise InputError(f"there is no action '{action}'; choose one of: {', '.join(self.actions)}.")
        return self._recorded[action]

    def _as_if(self, action: str, window: int, length: int, what_if: WhatIf) -> Motion:
        """Return a window with so many frames to come, or as many as its recording has."""
        key = action, window, length, what_if
        if key not in self._edited:
            before, after = what_if.reach(OBSERVED, length)
            recorded, now = self._windows(action)[window]
            first = max(0, now + 1 - before)
            happened = what_if.happened(recorded[first : now + 1 + after], now - first)
            start = now + 1 - OBSERVED - first
            cut = happened[start : start + OBSERVED + min(length, len(recorded) - now - 1)]
            rows = what_if.seen(cut[:OBSERVED], seed=window).then(cut[OBSERVED:]).rows
            _remember(self._edited, key, replace(cut, rows=rows.astype(recorded.rows.dtype)))
        return self._edited[key]

    def truth(self, action: str, window: int, frames: int = PREDICTED, what_if: WhatIf = AS_IT_WAS) -> Motion:
        """Return a window of 50 observed frames and so many true ones more; fewer if the recording ends before.

        With another past, the observed frames are those that would have been seen, and the others what would have
        followed. Where that is beyond the end of the recording, its last frame stays.
        """
        windows = self._windows(action)
        if not 0 <= window < len(windows):
            raise InputError(f"{action} has no window {window}, but windows 0 to {len(windows) - 1}.")
        if not 1 <= frames <= LONGEST:
            raise InputError(f"a horizon of {frames} frames makes no sense: it must be from 1 to {LONGEST}.")
        length = PREDICTED if frames <= PREDICTED else LONGEST
        return self._as_if(action, window, length, what_if.only_what_matters())[: OBSERVED + frames]

    def is_ready(self, predictor: str) -> bool:
        """Tell whether a predictor answers at once, or has to be loaded first."""
        found = self.predictors.get(predictor)
        return not isinstance(found, _LoadedWhenAsked) or found.answered

    def predicted(self, action: str, predictor: str, frames: int = PREDICTED, what_if: WhatIf = AS_IT_WAS) -> Motion:
        """Return what follows all windows of an action, a batch, rows ``(windows, frames, columns)``.

        Raises:
            InputError: if the predictor is unknown, or what it returns is no motion or has rows of another shape.
        """
        length = PREDICTED if frames <= PREDICTED else LONGEST
        key = action, predictor, length, what_if.only_what_matters()
        if key not in self._predicted:
            windows = [self.truth(action, window, frames, what_if) for window in range(self.windows(action))]
            observed = Motion.stacked([window[:OBSERVED] for window in windows])
            _remember(self._predicted, key, self._ask(predictor, observed, length))
        return self._predicted[key][:frames]

    def _ask(self, predictor: str, observed: Motion, length: int) -> Motion:
        if predictor not in self.predictors:
            raise InputError(f"there is no predictor '{predictor}'; choose one of: {', '.join(self.predictors)}.")
        found = self.predictors[predictor](observed, length)
        if not isinstance(found, Motion):
            raise InputError(f"{predictor} returned a {type(found).__name__} instead of a Motion.")
        wanted = (len(observed.rows), length, observed.rows.shape[-1])
        if found.rows.shape != wanted:
            raise InputError(f"{predictor} returned rows of shape {found.rows.shape} instead of {wanted}.")
        return found

    def of_window(
        self, action: str, window: int, predictor: str, frames: int = PREDICTED, what_if: WhatIf = AS_IT_WAS
    ) -> tuple[Motion, np.ndarray]:
        """Return what follows one window, and its angle errors ``(frames,)``; for another past only it is predicted."""
        if what_if.only_what_matters() == AS_IT_WAS:
            predicted = self.predicted(action, predictor, frames).one(window)
            return predicted, self.errors(action, predictor, frames)[window]
        length = PREDICTED if frames <= PREDICTED else LONGEST
        key = action, window, predictor, length, what_if.only_what_matters()
        if key not in self._of_window:
            truth = self.truth(action, window, length, what_if)
            # As many times as there are windows: for one alone a network would build a graph of its own first.
            observed = Motion.stacked([truth[:OBSERVED]] * self.windows(action))
            predicted = self._ask(predictor, observed, length).one(0)
            _remember(self._of_window, key, (predicted, _errors(truth, predicted)))
        predicted, errors = self._of_window[key]
        return predicted[:frames], errors[:frames]

    def errors(self, action: str, predictor: str, frames: int = PREDICTED, what_if: WhatIf = AS_IT_WAS) -> np.ndarray:
        """Return the angle error of each window at each predicted frame, ``(windows, frames)``, radians.

        Over the windows, the first 25 average to what `cs2s.evaluation.evaluation.evaluate` gives. After the end of a
        recording they are nan. Where the past is another one, so is the truth that it is compared with.
        """
        length = PREDICTED if frames <= PREDICTED else LONGEST
        key = action, predictor, length, what_if.only_what_matters()
        if key not in self._errors:
            predicted = self.predicted(action, predictor, length, what_if)
            truths = [self.truth(action, window, length, what_if) for window in range(self.windows(action))]
            errors = [_errors(truth, predicted.one(window)) for window, truth in enumerate(truths)]
            _remember(self._errors, key, np.stack(errors))
        return self._errors[key][:, :frames]

    def motions(
        self,
        action: str,
        window: int,
        predictors: Sequence[str],
        frames: int = PREDICTED,
        what_if: WhatIf = AS_IT_WAS,
    ) -> tuple[Motion, dict[str, Motion]]:
        """Return a window as motions: the truth, and by predictor the observed frames and their continuation."""
        truth = self.truth(action, window, frames, what_if)
        predicted = {name: self.of_window(action, window, name, frames, what_if)[0] for name in predictors}
        return truth, {name: truth[:OBSERVED].then(motion) for name, motion in predicted.items()}

    def gains(self, predictor: str, frame: int = 9) -> dict[tuple[str, int], float]:
        """Return for each action and window how much less wrong than freezing a predictor is at a frame, radians."""
        found: dict[tuple[str, int], float] = {}
        for action in self.actions:
            frozen, other = (self.errors(action, name)[:, frame] for name in ("zero-velocity", predictor))
            found |= {(action, window): float(gain) for window, gain in enumerate(frozen - other)}
        return found

    def worst(self, predictor: str, frame: int = 9) -> tuple[str, int]:
        """Return action and window in which a predictor errs most at a frame."""
        errors = {action: self.errors(action, predictor)[:, frame] for action in self.actions}
        action = max(errors, key=lambda action: errors[action].max())
        return action, int(errors[action].argmax())

    def milliseconds(self, frames: int = PREDICTED) -> np.ndarray:
        """Return how long after the last observed frame each predicted frame is, ``(frames,)``."""
        return milliseconds(np.arange(frames), self.dataset.description.fps)


def _errors(truth: Motion, predicted: Motion) -> np.ndarray:
    """Measure the angle errors of a window, ``(frames,)``; after the end of the truth they are nan."""
    errors = np.full(len(predicted), np.nan)
    # The first 25 are measured on windows of 75 frames, whose columns at rest do not count.
    for count in dict.fromkeys((len(truth) - OBSERVED, PREDICTED)):
        errors[:count] = angle_error(truth[: OBSERVED + count], predicted[:count])
    return errors


def _remember(kept: dict, key: tuple, value: object) -> None:
    """Keep an answer; of those to other pasts only the newest."""
    kept[key] = value
    for old in [key for key in kept if key[-1] != AS_IT_WAS][:-_REMEMBERED]:
        del kept[old]


def joint_differences(truth: Motion, predicted: Motion) -> tuple[np.ndarray, np.ndarray]:
    """Measure joint by joint how wrong a prediction is, in Euler angles and in turns.

    Args:
        truth: one window, rows ``(observed + frames, columns)``, the observed frames first.
        predicted: rows ``(frames, columns)``.

    Returns:
        Twice ``(frames, joints)``, radians, the root 0. The first is the joint's part of the paper's angle error, of
        which all parts are the length of the whole; the second the angle by which the joint must be turned to be
        right, which no choice of axes can change.
    """
    squares = squared_differences(truth, predicted)[..., 3:]
    euler = np.sqrt(squares.reshape(*squares.shape[:-1], -1, 3).sum(axis=-1))
    turns = np.radians(geodesic_angle(truth[len(truth) - len(predicted) :].expmaps, predicted.expmaps))
    turns[..., 0] = 0
    return euler, turns
