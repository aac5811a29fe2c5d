"""Predicting with the single small model: any person, at any place, after a past as short as ten frames.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from cs2s.datasets.descriptions import LEAST_OBSERVED, OBSERVED, PREDICTED
from cs2s.datasets.pose_windows import seen_frames
from cs2s.evaluation.baselines import check_predicted
from cs2s.evaluation.measures import placed_at_root
from cs2s.files.provenance import MadeFrom
from cs2s.motion.feet import standing
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion
from cs2s.motion.pose import RootFrame, nearest_rotation, root_in_space
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.networks.turning_joints import TurningJoints

__all__ = ["PosePredictor"]

_LEAP = 5.5
"""Metres a second beyond which joints leap, on average and seen from the root; in the CMU data they reach 4.3."""


class PoseNetwork(Protocol):
    """A trained network: `cs2s.networks.pose_mlp.PoseMlp`, or `cs2s.networks.plain_pose_mlp.PlainPoseMlp`."""

    @property
    def kinematics(self) -> TurningJoints:
        """Which joints it predicts, and where they are."""

    def predict(self, turns: np.ndarray, root: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, ...]:
        """Predict as `cs2s.networks.pose_mlp.PoseMlp.call` does, arrays from arrays."""


@dataclass
class PosePredictor:
    """A `PoseMlp`, or a `PlainPoseMlp`, as a predictor of motions.

    Joints that never turned in training stay as in the newest frame, and so do those that a file lacks, whose rotations
    are all exactly zero; the network takes these for turned as usual.

    Attributes:
        network: the trained network.
        name: what tables call it.
        made_from: what made the model.
        mirror: whether it is asked twice: about the motion and about what a mirror shows of it. The mean of the two
            answers is better than either, and treats both sides of the body alike.
        feet: whether feet that stand are kept where they are, see `cs2s.motion.feet.standing`; not where only steps of
            the root are told, since which way is up is not known then.
        least_observed: frames that it has to see.
    """

    network: PoseNetwork
    name: str
    made_from: MadeFrom = field(default_factory=dict)
    mirror: bool = True
    feet: bool = True
    least_observed: int = LEAST_OBSERVED

    @property
    def kinematics(self) -> TurningJoints:
        """Which joints it predicts, and where they are."""
        return self.network.kinematics

    def __call__(self, observed: Motion, frames: int) -> Motion:
        """Predict the `frames` frames after those of `observed`, for one motion or for each of a batch.

        Of more than 50 observed frames the last 50 are seen; before fewer, the first one is repeated. What comes before
        a leap that no body can make (a T-pose that opens a file) is not seen either.
        """
        batch = replace(observed, rows=observed.rows.reshape(-1, *observed.rows.shape[-2:])).in_world()
        motion = replace(batch, rows=batch.rows.astype(np.float64))
        while len(motion) < len(observed) + frames:
            motion = motion.then(self._next(motion))
        if observed.root == "relative":
            motion = motion.in_steps()
        elif self.feet:
            motion = standing(motion, len(observed))
        rows = motion.rows[:, len(observed) : len(observed) + frames]
        return replace(observed, rows=rows.reshape(*observed.rows.shape[:-2], *rows.shape[-2:]))

    def _next(self, motion: Motion) -> Motion:
        """Predict the next 25 frames, rows ``(batch, 25, columns)``."""
        short = max(OBSERVED - len(motion), 0)
        rows = np.concatenate([np.repeat(motion.rows[:, :1], short, axis=1), motion.rows[:, -OBSERVED:]], axis=1)
        seen = replace(motion, rows=rows)
        past = self._past(seen)
        predicted = self._asked(seen, past)
        if not self.mirror:
            return predicted
        return self._mean(predicted, mirrored(self._asked(mirrored(seen), past)))

    def _mean(self, one: Motion, other: Motion) -> Motion:
        """Return the mean of two predictions: of places, and of rotations of the root and of joints that turn."""
        joints = [0, *self.kinematics.turning]
        expmaps = one.expmaps.copy()
        first, second = (expmap_to_rotmat(motion.expmaps[..., joints, :]) for motion in (one, other))
        expmaps[..., joints, :] = rotmat_to_expmap(nearest_rotation(first + second))
        return Motion.from_parts((one.translation + other.translation) / 2, expmaps, one.skeleton, one.fps, one.root)

    def _past(self, motion: Motion) -> np.ndarray:
        """Return how many of 50 frames are to be seen, ``(batch,)``.

        Frames at the beginning that repeat the first one do not, nor does anything before a leap.
        """
        places = placed_at_root(motion, self.kinematics.points) / 1000
        steps = (np.linalg.norm(np.diff(places, axis=1), axis=-1) * self.kinematics.weights).sum(axis=-1)
        still = np.diff(motion.rows, axis=1).any(axis=-1).cumsum(axis=1) == 0
        # The last step of either kind; behind it the past begins.
        begins = np.where(still | (steps * motion.fps > _LEAP), np.arange(1, OBSERVED), 0).max(axis=1)
        return OBSERVED - begins

    def _asked(self, motion: Motion, past: np.ndarray) -> Motion:
        """Ask the network for the 25 frames after 50, of which it is to see the last `past` ``(batch,)`` only."""
        first = np.maximum(np.arange(OBSERVED), OBSERVED - past[:, None])
        seen = replace(motion, rows=np.take_along_axis(motion.rows, first[:, :, None], axis=1))
        turning, newest = list(self.kinematics.turning), RootFrame.of(seen, -1)
        turns, root = expmap_to_rotmat(seen.expmaps[..., turning, :]), newest.seen(*root_in_space(seen))
        turned_at_all: np.ndarray = np.any(seen.expmaps[..., turning, :], axis=(1, 3), keepdims=True)
        turns = np.where(turned_at_all[..., None], turns, self.kinematics.means)
        # Training shows no shorter past; one who stands still may well have done so for longer than is known.
        observed = seen_frames(np.maximum(past, LEAST_OBSERVED))
        answers = self.network.predict(turns, root, observed)
        turned, root_turned, root_moved = (answer.astype(np.float64) for answer in answers)
        check_predicted(turned, self.name)
        check_predicted(root_moved, self.name)
        rows = np.repeat(seen.rows[:, -1:], PREDICTED, axis=1)
        rows[..., :6] = newest.rows(seen, root_turned, root_moved)
        predicted = replace(seen, rows=rows)
        expmaps = predicted.expmaps.copy()
        expmaps[..., turning, :] = np.where(turned_at_all, rotmat_to_expmap(turned), 0)
        return Motion.from_parts(predicted.translation, expmaps, seen.skeleton, seen.fps, seen.root)
