"""Where everybody stands in a picture, as numbers: whoever draws motions, in whatever way, takes positions from here.

All data of a picture are shown on one `Stage`, so that panels and frames share axes and can be compared by eye.
Taught in ``notebooks/06_explore_predictions``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.joint_names import find_scheme
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton

__all__ = ["FLOOR_SQUARE", "GROUND_TRUTH", "Stage", "facing", "seen_from", "straightened", "to_plot_axes"]

# Rows are the plot's axes (forward, left, up) in the data's (left, up, forward): a cyclic exchange, so a
# rotation. Exchanging just two axes, the usual way from y up to z up, would show a mirror image.
_TO_PLOT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])

FLOOR_SQUARE = 0.5  # metres

GROUND_TRUTH = "ground truth"
"""What the panel of the recorded motion is called."""

_FACED_BY = {"LeftUpLeg", "RightUpLeg"}


def to_plot_axes(positions: np.ndarray) -> np.ndarray:
    """Turn positions ``(..., 3)`` in mm (x left, y up, z forward) into m (x forward, y left, z up)."""
    return positions @ _TO_PLOT.T / 1000


def facing(positions: np.ndarray, skeleton: Skeleton) -> tuple[np.ndarray, np.ndarray]:
    """Return the horizontal unit vectors ``(3,)`` to the left of a person and ahead of them, as the hips stand.

    Args:
        positions: of one pose, ``(joints, 3)``, y up.
        skeleton: whose joints they are, called as in any known naming scheme.
    """
    _, names = find_scheme(skeleton.joints)
    left, right = (positions[skeleton.joints.index(names[f"{side}UpLeg"])] for side in ("Left", "Right"))
    across = (left - right) * [1, 0, 1]
    across /= np.linalg.norm(across)
    return across, np.cross(across, [0, 1, 0])


def seen_from(motions: Sequence[Motion], frame: int) -> list[np.ndarray]:
    """Return the joints of motions in one room: the first stands on y = 0, and at a frame faces z.

    Args:
        motions: any, of any skeletons and lengths; what the first is turned and lifted by, all are.
        frame: which frame of the first.

    Returns:
        For each motion ``(frames, joints, 3)``, mm, y up. A first motion without hips that tell where it faces is not
        turned.
    """
    worlds = [motion.positions() for motion in motions]
    turn, floor = np.eye(3), np.zeros(3)
    if set(find_scheme(motions[0].skeleton.joints)[1]) >= _FACED_BY:
        across, ahead = facing(worlds[0][frame], motions[0].skeleton)
        turn = np.stack([across, [0, 1, 0], ahead], axis=1)
    floor[1] = np.nanmin(worlds[0][..., 1])
    return [world @ turn - floor for world in worlds]


def straightened(motion: Motion) -> np.ndarray:
    """Return joint positions ``(frames, joints, 3)``, mm, y up, with the hips kept upright at the origin, facing z."""
    rows = motion.rows.copy()
    rows[:, :6] = 0
    return replace(motion, rows=rows, root="absolute").positions()


@dataclass(frozen=True, eq=False)
class Stage:
    """The fixed box in which all panels and all frames of one picture show their motions.

    The box follows each person horizontally, so that a runner who crosses four metres is not drawn tiny:
    its middle is always the hips, and the squares of the floor, fixed to the ground, pass below. Forward is
    where the recorded person faces in the last observed frame; height 0 is that person's lowest point.

    Attributes:
        truth: the recorded motion; it has no panel where it ends with the observed frames and there are predictions.
        predictions: predicted motions by name, each beginning with the observed frames.
        observed: how many frames were observed.

    Raises:
        InputError: if the motions do not fit together.
    """

    truth: Motion
    predictions: dict[str, Motion]
    observed: int

    def __post_init__(self) -> None:
        if GROUND_TRUTH in self.predictions:
            raise InputError(f"a prediction cannot be called {GROUND_TRUTH!r}: the recorded motion is.")
        for name, motion in self.predictions.items():
            if motion.fps != self.truth.fps:
                rates = f"{motion.fps:g} frames per second, the ground truth {self.truth.fps:g}"
                raise InputError(f"the prediction {name!r} has {rates}: they must be equal to be compared")
        if not 1 <= self.observed <= len(self):
            frames = f"motions of {len(self)} frames with {self.observed} observed"
            raise InputError(f"cannot show {frames}: `observed` must be from 1 to {len(self)}")

    def __len__(self) -> int:
        """Return the number of frames that all motions have."""
        return min(len(motion) for motion in self.motions)

    @property
    def names(self) -> list[str]:
        """What the panels are called."""
        return [GROUND_TRUTH] * self._known + list(self.predictions)

    @property
    def motions(self) -> list[Motion]:
        """The motions of the panels, the recorded one first."""
        return [self.truth] * self._known + list(self.predictions.values())

    @property
    def _known(self) -> int:
        """How many panels show what really happened: one or none."""
        return int(len(self.truth) > self.observed or not self.predictions)

    @cached_property
    def _world(self) -> list[np.ndarray]:
        """Positions per motion, ``(frames, joints, 3)``, mm, y up, turned to face z and standing on y = 0."""
        return seen_from([motion[: len(self)] for motion in self.motions], self.observed - 1)

    def positions(self, panel: int, frame: int | slice) -> np.ndarray:
        """Return the joints of one panel, ``(..., joints, 3)``, mm, y up, from below the hips."""
        world = self._world[panel][frame]
        return world - world[..., :1, :] * [1, 0, 1]

    @cached_property
    def points(self) -> np.ndarray:
        """All places in the box where a joint ever is, ``(n, 3)``, in the plot's axes, metres."""
        panels = [self.positions(panel, slice(None)) for panel in range(len(self.motions))]
        return to_plot_axes(np.concatenate([panel.reshape(-1, 3) for panel in panels]))

    @cached_property
    def limits(self) -> np.ndarray:
        """Limits of the plot's axes (forward, left, up), ``(3, 2)``, metres."""
        low, high = np.nanmin(self.points, axis=0), np.nanmax(self.points, axis=0)
        reach = max(0.55, *np.abs([low[:2], high[:2]]).ravel() + 0.05)
        # A prediction that flies off must not shrink the people: it leaves the box instead.
        bottom, top = np.clip([low[2], high[2] + 0.05], -0.5, 3.0)
        return np.array([[-reach, reach], [-reach, reach], [bottom, top]])

    def floor(self, panel: int, frame: int) -> np.ndarray:
        """Return the floor's squares as one line with gaps, ``(3, points)``, in the plot's axes, metres."""
        # A prediction gone to nan has no place; its floor stays where it is.
        place = np.nan_to_num(to_plot_axes(self._world[panel][frame, 0])[:2])
        parts = []
        for axis in (0, 1):
            (low, high), (start, end) = self.limits[axis], self.limits[1 - axis]
            first = np.ceil((low + place[axis]) / FLOOR_SQUARE)
            for at in np.arange(first * FLOOR_SQUARE - place[axis], high, FLOOR_SQUARE):
                ends = [[at, at, np.nan], [start, end, np.nan], [0, 0, np.nan]]
                parts.append([ends[axis], ends[1 - axis], ends[2]])
        return np.concatenate(parts, axis=1)

    def word(self, panel: int, frame: int) -> str:
        """Return what the pose of a panel at a frame is, in a word or two."""
        if frame < self.observed:
            return "observed"
        return "predicted" if panel >= self._known else "true future"

    def milliseconds(self, frame: int) -> float:
        """Return the time of a frame relative to the last observed one."""
        return (frame - self.observed + 1) * 1000 / self.truth.fps
