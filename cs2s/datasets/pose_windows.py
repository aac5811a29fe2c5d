"""Training windows of poses: rotations, at any speed, after a short past, of bodies made strange.

Where `cs2s.datasets.windows` draws what the paper's training sees, rows as they are in the files, this draws what a
motion by somebody else could look like. Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cs2s.datasets.descriptions import LEAST_OBSERVED
from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.errors import InputError
from cs2s.motion.feet import legs_of
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion
from cs2s.motion.pose import ROOT_NUMBERS, RootFrame, orthonormal, root_in_space
from cs2s.motion.rotations import expmap_to_rotmat
from cs2s.motion.skeleton import Skeleton

__all__ = ["PoseDrawing", "PoseWindows", "seen_frames"]

_FRAMES = OBSERVED + PREDICTED
_SPEEDS = (0.8, 1.25)
_COARSE = (1.2, 2.0, 2.0, 2.4, 2.5, 4.0)
"""Frames of ours in one of a coarser file: at 60 a second, those of files of 50, 30, 25, 24 and 15."""


def seen_frames(past: np.ndarray) -> np.ndarray:
    """Return 1 for frames that were observed and 0 for repetitions before them, ``(windows, 50, 1)``.

    Args:
        past: ``(windows,)``, how many frames were observed.
    """
    return (np.arange(OBSERVED) >= OBSERVED - past[:, None]).astype(np.float32)[..., None]


@dataclass(frozen=True)
class PoseDrawing:
    """How windows of poses are drawn: shares of the windows, each between 0 and 1.

    Attributes:
        mirror: are seen in a mirror.
        speed: are played faster or slower, at .8 to 1.25 of the speed.
        short: have a past of only 10 to 50 frames, the first of them repeated before.
        coarse: are interpolated from a file with fewer frames a second.
        turned: have joints whose unturned position is another one, all window long, as another skeleton's may be.
        turn: of those: how far that position is turned about each axis, radians (standard deviation).
        grafted: of all with a whole past: have the back and head, an arm, or several of these, of another window.
    """

    mirror: float = 0.0
    speed: float = 0.0
    short: float = 0.0
    coarse: float = 0.0
    turned: float = 0.0
    turn: float = 0.12
    grafted: float = 0.0


class PoseWindows:
    """Draws batches of training windows of poses, each a function of seed and iteration alone.

    An action is drawn uniformly, then one of its files, then a start in it, at the files' full frame rate: a window
    takes every second row from there. Between rows, numbers are interpolated. T-pose rows are left out.

    Args:
        dataset: the loaded data.
        turning: indices of the joints whose rotations are seen, without the root.
        drawing: how windows are drawn.

    Raises:
        InputError: if no training file is present, or one is too short for the shortest window.
    """

    def __init__(self, dataset: Dataset, turning: Sequence[int], drawing: PoseDrawing) -> None:
        self.turning, self.drawing = list(turning), drawing
        self._above_legs = _above_legs(dataset.description.skeleton, turning)
        takes = dataset.split("train")
        if not takes:
            raise InputError(f"no training file of the {dataset.description.name} data is present.")
        self._where: dict[str, list[tuple[int, int]]] = {}
        rows, done = [], 0
        for take, motion in takes.items():
            motion = motion[dataset.description.t_pose_rows :].in_world()
            needed = 2 * (LEAST_OBSERVED + PREDICTED)
            if len(motion) < needed:
                raise InputError(
                    f"{dataset.file(take)} has {len(motion)} frames, but a window needs {needed} at this frame rate."
                )
            # The mirror image follows: it starts as many rows later as the take is long.
            self._where.setdefault(take.action, []).append((done, len(motion)))
            rows += [self._numbers(motion), self._numbers(mirrored(motion))]
            done += 2 * len(motion)
        self._rows = np.concatenate(rows)

    def _numbers(self, motion: Motion) -> np.ndarray:
        """Return what is interpolated, ``(frames, 9 * turning + 12)``: matrices, the root's place in metres last."""
        motion = replace(motion, rows=motion.rows.astype(np.float64))
        root, places = root_in_space(motion)
        matrices = np.concatenate([expmap_to_rotmat(motion.expmaps[:, self.turning]), root[:, None]], axis=1)
        return np.concatenate([matrices.reshape(len(motion), -1), places], axis=1).astype(np.float32)

    def shapes(self, batch_size: int) -> list[tuple[int, ...]]:
        """Return the shapes of what `draw` returns."""
        joints = len(self.turning)
        return [
            (batch_size, _FRAMES, joints, 3, 3),
            (batch_size, _FRAMES, ROOT_NUMBERS),
            (batch_size, OBSERVED, 1),
            (batch_size, joints, 3),
        ]

    def draw(self, batch_size: int, seed: int, iteration: int, stream: int = 0) -> tuple[np.ndarray, ...]:
        """Draw one batch.

        Args:
            batch_size: windows in the batch.
            seed: of the training run.
            iteration: of the training run.
            stream: tells batches of one iteration apart.

        Returns:
            All float32: rotations ``(batch, 75, turning, 3, 3)``, between rows not quite orthonormal; the root as
            `RootFrame.seen` tells it, from the last observed frame, ``(batch, 75, 12)``; which of the observed frames
            were not repeated, ``(batch, 50, 1)``; and by how much the joints' unturned positions are turned,
            exponential maps ``(batch, turning, 3)``, radians.
        """
        draws = np.random.default_rng((seed, iteration, stream))
        drawing = self.drawing
        actions = list(self._where)
        base, length, first, rate, past, coarse = (np.zeros(batch_size) for _ in range(6))
        for window in range(batch_size):
            takes = self._where[actions[draws.integers(len(actions))]]
            base[window], length[window] = takes[draws.integers(len(takes))]
            rate[window], past[window], first[window] = self._stretch(draws, int(length[window]))
            if draws.random() < drawing.mirror:
                base[window] += length[window]
            if draws.random() < drawing.coarse:
                coarse[window] = draws.choice(_COARSE)
        # Before the past begins its first frame is repeated.
        begin = OBSERVED - past[:, None]
        frames = np.maximum(np.arange(_FRAMES), begin)

        def at(frames: np.ndarray) -> np.ndarray:
            rows = np.clip(first[:, None] + rate[:, None] * frames, 0, length[:, None] - 1)
            before = np.minimum(rows.astype(int), length[:, None].astype(int) - 2)
            after = (rows - before).astype(np.float32)[..., None]
            place = base[:, None].astype(int) + before
            return self._rows[place] * (1 - after) + self._rows[place + 1] * after

        rows = at(frames)
        some = np.flatnonzero(coarse)
        if len(some):
            # The last observed frame is one of the file's own, as it is when a file is resampled for a prediction.
            steps = np.where(coarse > 0, coarse, 1)[:, None]
            before = np.floor((frames - OBSERVED + 1) / steps) * steps + OBSERVED - 1
            after = ((frames - before) / steps).astype(np.float32)[..., None]
            between = at(np.maximum(before, begin)) * (1 - after) + at(np.maximum(before + steps, begin)) * after
            rows[some] = between[some]
        return self._parts(rows, past, draws)

    def _stretch(self, draws: np.random.Generator, length: int) -> tuple[float, int, float]:
        """Draw rows a frame, frames of the past, and the row that the window's first frame would be on."""
        rate, past = 2.0, OBSERVED
        if draws.random() < self.drawing.speed:
            rate *= np.exp(draws.uniform(*np.log(_SPEEDS)))
        if draws.random() < self.drawing.short:
            past = int(draws.integers(LEAST_OBSERVED, OBSERVED + 1))
        # A take may be too short for all of it: then the past is shorter still, and what is left is not slowed down.
        most = int((length - 1) / rate) - PREDICTED + 1
        if most < LEAST_OBSERVED:
            rate, most = 2.0, LEAST_OBSERVED
        past = min(past, most)
        start = draws.uniform(0, max(length - 1 - (past + PREDICTED - 1) * rate, 0))
        if rate == 2.0:
            start = np.floor(start)
        return rate, past, start - (OBSERVED - past) * rate

    def _parts(self, rows: np.ndarray, past: np.ndarray, draws: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Take interpolated rows ``(batch, 75, numbers)`` apart, and draw how joints are turned."""
        joints, batch = len(self.turning), len(rows)
        matrices = rows[..., :-3].reshape(batch, _FRAMES, joints + 1, 3, 3)
        turns, place = matrices[..., -1, :, :], rows[..., -3:]
        # Between two rows a matrix is no rotation.
        turns = orthonormal(turns)
        last = slice(OBSERVED - 1, OBSERVED)
        root = RootFrame(turns[:, last], place[:, last]).seen(turns, place)
        drawing = self.drawing
        some = draws.random(batch) < drawing.turned
        strange = draws.standard_normal((batch, joints, 3)) * drawing.turn * some[:, None, None]
        self._graft(matrices, past, draws)
        parts = matrices[..., :-1, :, :], root, seen_frames(past), strange
        return tuple(np.ascontiguousarray(part, np.float32) for part in parts)

    def _graft(self, matrices: np.ndarray, past: np.ndarray, draws: np.random.Generator) -> None:
        """Give windows the back and head, the left arm, the right arm, or several of these, of others.

        So no arm can be guessed from what legs do in the few takes there are. The root stays with the legs that carry
        it. Only windows with a whole past take part: of two with short ones, one would begin before the other.

        Args:
            matrices: ``(batch, 75, turning + 1, 3, 3)``, changed in place.
            past: ``(batch,)``, how many frames were observed.
            draws: what is drawn from.
        """
        whole = np.flatnonzero(past == OBSERVED)
        some = draws.random(len(whole)) < self.drawing.grafted
        # A bit a part; at least one is set.
        which = draws.integers(1, 2 ** len(self._above_legs), len(whole))
        others = np.roll(whole, 1)
        for number, part in enumerate(self._above_legs):
            here = some & (which >> number & 1 == 1)
            matrices[whole[here, None], :, part] = matrices[others[here, None], :, part]


def _above_legs(skeleton: Skeleton, turning: Sequence[int]) -> list[list[int]]:
    """Return which of the joints that turn are back and head, the left arm, the right arm: places in `turning`.

    None are any of these where a skeleton has no legs: then there is nothing that could stay.
    """
    legs = legs_of(skeleton)
    parts: dict[str, list[int]] = {"middle": [], "left": [], "right": []}
    for place, joint in enumerate(turning):
        if legs and joint not in legs:
            parts[skeleton.side(joint)].append(place)
    return list(parts.values())
