"""A motion without place and heading: how the joints turn, and the root's way as seen from one of its own frames.

Where a person stands and looks says nothing of what the body does next, and other people's files stand and look
anywhere. So a predictor that is to work on them sees the joints' own rotations, and of the root only how it moved and
turned relative to the last observed frame, and where up is. Taught in ``notebooks/07_beyond_the_paper``.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap

__all__ = ["ROOT_NUMBERS", "RootFrame", "nearest_rotation", "orthonormal", "root_in_space"]

ROOT_NUMBERS = 12
"""Numbers of a frame that `RootFrame.seen` gives: place, two rows of the turn, and up."""


def nearest_rotation(matrices: np.ndarray) -> np.ndarray:
    """Return the rotation that is nearest to each matrix, ``(..., 3, 3)``: how rotations are averaged.

    Source: Moakher, "Means and averaging in the group of rotations", SIAM J. Matrix Anal. Appl. 24(1), 2002.
    """
    left, _, right = np.linalg.svd(matrices)
    # Where the product would be a reflection, the direction that matters least is turned round.
    left[..., -1] *= np.sign(np.linalg.det(left @ right))[..., None]
    return left @ right


def orthonormal(matrices: np.ndarray) -> np.ndarray:
    """Make rotations of matrices that nearly are, ``(..., 3, 3)``, going by their first two rows.

    Source: Gram and Schmidt.
    """
    first = matrices[..., 0, :] / np.linalg.norm(matrices[..., 0, :], axis=-1, keepdims=True)
    second = matrices[..., 1, :] - np.sum(first * matrices[..., 1, :], axis=-1, keepdims=True) * first
    second /= np.linalg.norm(second, axis=-1, keepdims=True)
    return np.stack([first, second, np.cross(first, second)], axis=-2)


def root_in_space(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """Return how the root of a motion with an absolute root is turned in space, and where it is.

    Returns:
        Rotation matrices ``(..., frames, 3, 3)`` for row vectors, and places ``(..., frames, 3)``, metres.
    """
    return expmap_to_rotmat(motion.expmaps[..., 0, :]), motion.translation * motion.skeleton.unit_mm / 1000


@dataclass(frozen=True, eq=False)
class RootFrame:
    """The root's place and turn at one frame of each motion of a batch, which all else is told relative to.

    Attributes:
        turn: ``(..., 1, 3, 3)`` rotation matrix of the root in space, for row vectors.
        place: ``(..., 1, 3)``, metres.
    """

    turn: np.ndarray
    place: np.ndarray

    @classmethod
    def of(cls, motion: Motion, frame: int) -> Self:
        """Return the root of a motion with an absolute root at a frame (-1 for the last)."""
        turns, places = root_in_space(motion[frame : frame + 1 or None])
        return cls(turns, places)

    def relative(self, turns: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tell turns ``(..., frames, 3, 3)`` and places ``(..., frames, 3)``, metres, as seen from this frame.

        Neither changes if the whole motion is moved and turned in space.
        """
        back = np.swapaxes(self.turn, -1, -2)
        return turns @ back, ((places - self.place)[..., None, :] @ back)[..., 0, :]

    def absolute(self, turns: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Undo `relative`."""
        return turns @ self.turn, (places[..., None, :] @ self.turn)[..., 0, :] + self.place

    def seen(self, turns: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return what a network sees of the root, ``(..., frames, 12)``.

        Three numbers of its place and two rows of its turn, both relative to this frame, and which way is up, seen
        from this frame.

        Args:
            turns: ``(..., frames, 3, 3)`` rotation matrices in space.
            places: ``(..., frames, 3)``, metres.
        """
        turned, moved = self.relative(turns, places)
        up = np.broadcast_to(self.turn[..., 1], moved.shape)
        rows = turned[..., :2, :].reshape(*moved.shape[:-1], 6)
        return np.concatenate([moved, rows, up], axis=-1)

    def rows(self, motion: Motion, turns: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return the six root columns of rows, ``(..., frames, 6)``, for relative turns and places.

        Args:
            motion: whose unit of length the translation is in.
            turns: ``(..., frames, 3, 3)``.
            places: ``(..., frames, 3)``, metres.
        """
        turned, moved = self.absolute(turns, places)
        return np.concatenate([moved * 1000 / motion.skeleton.unit_mm, rotmat_to_expmap(turned)], axis=-1)
