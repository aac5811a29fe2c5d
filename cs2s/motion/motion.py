"""A `Motion`: one recording, or one prediction, of one person; or many equally long ones, a batch.

Everything in this package takes and gives motions: files are read into them, windows cut from them,
predictions returned as them, errors and pictures made of them. Taught in ``notebooks/01_motion_data``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import Skeleton

__all__ = ["Motion"]


@dataclass(frozen=True, eq=False)
class Motion:
    """Frames of joint rotations on a skeleton.

    A batch holds equally long motions of one skeleton, stacked along axes before that of the frames. Everything
    below works on each of them.

    Attributes:
        rows: ``(..., frames, 3 + 3 * joints)``: root translation in the skeleton's file unit, then one exponential
            map in radians per joint, in the skeleton's order: a row of the benchmark's text files.
        skeleton: the joints the rows talk about.
        fps: frames per second.
        root: ``"absolute"`` where the root's translation and rotation are those in the world (CMU),
            ``"relative"`` where each is the step from the frame before (Human3.6M).
        notes: what a reader found doubtful in a file, sentences for people.

    Raises:
        ValueError: if the rows do not fit the skeleton.
    """

    rows: np.ndarray
    skeleton: Skeleton
    fps: float
    root: Literal["absolute", "relative"] = "absolute"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.rows.ndim < 2 or self.rows.shape[-1] != self.skeleton.columns:
            raise ValueError(
                f"a motion on the {self.skeleton.name} skeleton has rows of {self.skeleton.columns} numbers, "
                f"got an array of shape {self.rows.shape}"
            )

    @classmethod
    def from_parts(
        cls,
        translation: np.ndarray,
        expmaps: np.ndarray,
        skeleton: Skeleton,
        fps: float,
        root: Literal["absolute", "relative"] = "absolute",
    ) -> "Motion":
        """Put a motion together from where the root is and how the joints turn.

        Args:
            translation: ``(..., frames, 3)``, in the skeleton's file unit.
            expmaps: ``(..., frames, joints, 3)``, radians.
            skeleton: the joints.
            fps: frames per second.
            root: what the root's numbers mean, as above.

        Raises:
            ValueError: if the parts do not fit each other or the skeleton.
        """
        turns = np.asarray(expmaps)
        flat = turns.reshape(*turns.shape[:-2], 3 * turns.shape[-2])
        return cls(np.concatenate([translation, flat], axis=-1), skeleton, fps, root)

    @classmethod
    def stacked(cls, motions: Sequence["Motion"]) -> "Motion":
        """Stack equally long motions of one kind into a batch ``(motions, ..., frames, columns)``."""
        return replace(motions[0], rows=np.stack([motion.rows for motion in motions]))

    def __len__(self) -> int:
        return self.rows.shape[-2]

    def __getitem__(self, frames: slice) -> "Motion":
        """Return the motion of a slice of frames; a step divides the frame rate (``motion[::2]`` halves it)."""
        return replace(self, rows=self.rows[..., frames, :], fps=self.fps / (frames.step or 1))

    def one(self, number: int) -> "Motion":
        """Return one motion of a batch, by its place along the first axis."""
        return replace(self, rows=self.rows[number])

    def then(self, other: "Motion") -> "Motion":
        """Return this motion continued by the frames of another on the same skeleton."""
        return replace(self, rows=np.concatenate([self.rows, other.rows], axis=-2))

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self) / self.fps

    @property
    def translation(self) -> np.ndarray:
        """Root translation, ``(..., frames, 3)``, in the skeleton's file unit."""
        return self.rows[..., :3]

    @property
    def expmaps(self) -> np.ndarray:
        """Exponential maps, ``(..., frames, joints, 3)``, radians."""
        return self.rows[..., 3:].reshape(*self.rows.shape[:-1], len(self.skeleton.joints), 3)

    def in_world(self) -> "Motion":
        """Return the motion with an absolute root, starting at the origin if it was relative.

        A relative root is summed up frame by frame: ``T += R^T t`` and ``R = r R`` with row vectors.

        Source: the "revert coordinate space" step of the original's visualisation.
        """
        if self.root == "absolute":
            return self
        rows = self.rows.astype(np.float64)
        steps = expmap_to_rotmat(self.expmaps[..., 0, :].astype(np.float64))
        rotation, position = np.eye(3), np.zeros(3)
        for frame in range(len(self)):
            position = position + np.einsum("...ji,...j->...i", rotation, rows[..., frame, :3])
            rotation = steps[..., frame, :, :] @ rotation
            rows[..., frame, :3] = position
            rows[..., frame, 3:6] = rotmat_to_expmap(rotation)
        return replace(self, rows=rows, root="absolute")

    def in_steps(self) -> "Motion":
        """Return the motion with a relative root: the inverse of `in_world`, from the origin on."""
        if self.root == "relative":
            return self
        rows = self.rows.astype(np.float64)
        turned = expmap_to_rotmat(rows[..., 3:6])
        first = np.broadcast_to(np.eye(3), (*rows.shape[:-2], 1, 3, 3))
        before = np.concatenate([first, turned[..., :-1, :, :]], axis=-3)
        gone = np.diff(rows[..., :3], axis=-2, prepend=np.zeros((*rows.shape[:-2], 1, 3)))
        rows[..., :3] = np.einsum("...ij,...j->...i", before, gone)
        rows[..., 3:6] = rotmat_to_expmap(turned @ np.swapaxes(before, -1, -2))
        return replace(self, rows=rows, root="relative")

    def positions(self) -> np.ndarray:
        """Return joint positions in the world, ``(..., frames, joints, 3)``, millimetres, y up."""
        world = self.in_world()
        return self.skeleton.forward_kinematics(world.expmaps, world.translation)
