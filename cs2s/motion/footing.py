"""Keeping feet where they stand when a body of other measures does what a motion does.

With bones that point where they pointed, and a way as much longer as the legs are, feet nearly stay: what is left comes
from hips of another width, thighs and shanks of other shares and longer feet. The root makes up for it, so that the
foot that stands stays where it stands. Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU

__all__ = ["Footing"]

_SLOWER, _FASTEST = 100.0, 1000.0
"""Millimetres a second along the ground: a foot that is so much slower than the other counts by a factor of e more;
faster than the second makes no difference."""
_LOWER = 30.0
"""Millimetres: a foot that is so much lower counts by a factor of e more."""
_SMOOTH = 0.05
"""Seconds over which the root goes from one foot to the other: the deviation of a bell curve."""
_ON_FLOOR_MM = 30.0
"""So far above or below the file's the figure may stand: feet are of other heights, and the hips' height tells of the
pose."""


@dataclass(frozen=True, eq=False)
class Footing:
    """How the hips of the CMU skeleton move for those of a file.

    Attributes:
        longer: what the way is multiplied by: the CMU skeleton's legs in those of the file.
        lift: how far the hips are lifted after that, millimetres.
        hips: index of the file's hips.
        feet: for each foot the point that stands, as a CMU joint and as the file's joint or end of a bone; none where
            the root makes up for nothing.
    """

    longer: float = 1.0
    lift: float = 0.0
    hips: int = 0
    feet: tuple[tuple[int, int], ...] = ()
    along: float = 1.0

    @property
    def scale(self) -> np.ndarray:
        """What places are multiplied by, ``(3,)``."""
        return np.array([self.along, self.longer, self.along])

    @classmethod
    def of(
        cls, theirs: Motion, expmaps: np.ndarray, longer: float, hips: int, feet: Mapping[str, int]
    ) -> tuple["Footing", np.ndarray]:
        """Tell how the hips are to move so that feet stay where they stand, on about the file's floor.

        Args:
            theirs: on the file's skeleton, y up.
            expmaps: ``(frames, joints, 3)``, radians, of the CMU skeleton.
            longer: the CMU skeleton's legs in those of the file.
            hips: index of the file's hips.
            feet: CMU joint -> the file's joint or end of a bone: what stands.

        Returns:
            How, and where the hips of the CMU skeleton are, ``(frames, 3)``, millimetres.
        """
        pairs = tuple((CMU.joints.index(ours), joint) for ours, joint in feet.items())
        places, ours = theirs.positions(), CMU.forward_kinematics(expmaps, np.zeros((len(expmaps), 3)))
        at = places[:, [joint for _, joint in pairs]]
        along = _along(at, at - places[:, [hips]], ours[:, [joint for joint, _ in pairs]], longer, theirs.fps)
        plain = cls(longer, 0.0, hips, pairs, along)
        moved = plain._moved(places, ours, _sureness(at * plain.scale, theirs.fps), theirs.fps)
        floor = _floor(places[..., 1])
        # As high as scaled, seen from the floor.
        lift = (1 - longer) * floor - float(moved[:, 1].mean() if len(moved) else 0)
        place = places[:, hips] * plain.scale + moved + np.array([0, lift, 0])
        gap = floor - _floor(ours[..., 1] + place[:, None, 1])
        more = float(np.sign(gap)) * max(0.0, abs(gap) - _ON_FLOOR_MM)
        return cls(longer, lift + more, hips, pairs, along), place + np.array([0, more, 0])

    def back(self, place: np.ndarray, theirs: np.ndarray, expmaps: np.ndarray, fps: float) -> np.ndarray:
        """Return where the file's hips are, ``(frames, 3)``, millimetres: what `of` does, undone.

        Which foot stands is told by the CMU skeleton's feet here, so that the two differ by some millimetres.

        Args:
            place: ``(frames, 3)``, where the hips of the CMU skeleton are, millimetres.
            theirs: ``(frames, joints, 3)``, places on the file's skeleton with its hips anywhere, millimetres, y up.
            expmaps: ``(frames, joints, 3)``, radians, of the same frames on the CMU skeleton.
            fps: frames a second.
        """
        ours = CMU.forward_kinematics(expmaps, np.zeros((len(expmaps), 3)))
        sure = _sureness((ours + place[:, None])[:, [joint for joint, _ in self.feet]], fps)
        return (place - self._moved(theirs, ours, sure, fps) - np.array([0, self.lift, 0])) / self.scale

    def _moved(self, theirs: np.ndarray, ours: np.ndarray, sure: np.ndarray, fps: float) -> np.ndarray:
        """Return by how much the hips are moved for the feet's sake, ``(frames, 3)``, millimetres.

        Args:
            theirs: ``(frames, joints, 3)``, places on the file's skeleton, millimetres, y up.
            ours: the same on the CMU skeleton, its hips at the origin.
            sure: ``(frames, feet)``, how surely each foot stands.
            fps: frames a second.
        """
        if not self.feet:
            return np.zeros((len(theirs), 3))
        at = theirs[:, [foot for _, foot in self.feet]] - theirs[:, [self.hips]]
        apart = at * self.scale - ours[:, [foot for foot, _ in self.feet]]
        sure = gaussian_filter1d(sure, _SMOOTH * fps, axis=0, mode="nearest")
        return (sure[..., None] * apart).sum(axis=1)


def _along(feet: np.ndarray, theirs: np.ndarray, ours: np.ndarray, longer: float, fps: float) -> float:
    """Return how many times longer the way along the ground is to be so that feet that stand slide least.

    Args:
        feet: ``(frames, feet, 3)``, on the file's skeleton, millimetres, y up.
        theirs: the same, as seen from the hips.
        ours: the same on the CMU skeleton, as seen from the hips.
        longer: the CMU skeleton's legs in those of the file.
        fps: frames a second.
    """
    if len(feet) < 2 or not feet.shape[1]:
        return longer
    speeds = np.linalg.norm(np.diff(feet[..., [0, 2]], axis=0), axis=-1) * fps
    low = feet[1:, :, 1] < np.percentile(feet[..., 1], 10, axis=0) + _LOWER
    stands = low & (speeds < 2 * _SLOWER)
    them, us = (np.diff(places[..., [0, 2]], axis=0)[stands] for places in (theirs, ours))
    if np.linalg.norm(them, axis=-1).sum() < 300:
        return longer
    return float(np.clip((them * us).sum() / (them**2).sum(), longer / 1.15, longer * 1.15))


def _sureness(feet: np.ndarray, fps: float) -> np.ndarray:
    """Return how surely each foot is the one that stands, ``(frames, feet)``, their sum 1.

    Args:
        feet: ``(frames, feet, 3)``, millimetres, y up.
        fps: frames a second.
    """
    if len(feet) < 2 or not feet.shape[1]:
        return np.full(feet.shape[:2], 1 / max(1, feet.shape[1]))
    steps = np.linalg.norm(np.diff(feet[..., [0, 2]], axis=0), axis=-1) * fps
    speeds = np.minimum((np.concatenate([steps[:1], steps]) + np.concatenate([steps, steps[-1:]])) / 2, _FASTEST)
    heights = feet[..., 1] - np.percentile(feet[..., 1], 10, axis=0)
    score = -speeds / _SLOWER - np.minimum(heights, 10 * _LOWER) / _LOWER
    sure = np.exp(score - score.max(axis=1, keepdims=True))
    return sure / sure.sum(axis=1, keepdims=True)


def _floor(heights: np.ndarray) -> float:
    """Return where the lowest point of ``(frames, joints)`` heights mostly is, millimetres."""
    return float(np.percentile(heights.min(axis=-1), 5))
