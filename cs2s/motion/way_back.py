"""The way back: what happens on the CMU skeleton, done by the body that a file has.

Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cs2s.motion.footing import Footing
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU

__all__ = ["WayBack"]


@dataclass(frozen=True, eq=False)
class WayBack:
    """How a motion on the CMU skeleton becomes one on the skeleton of a file that was retargeted.

    Attributes:
        last: the file's last frame, on its own skeleton, root absolute: joints that CMU does not know stay so.
        retargeted: the same frame on the CMU skeleton.
        where: CMU joint -> index of the file's joint.
        axes: ``(3, 3)``, what turned the file so that y is up, for row vectors.
        turns: ``(joints, 3, 3)``, the constant turn of each CMU joint, see `cs2s.motion.rest_poses.BoneTurns`.
        footing: how the hips' way was changed.
    """

    last: Motion
    retargeted: Motion
    where: Mapping[str, int]
    axes: np.ndarray
    turns: np.ndarray
    footing: Footing

    def __call__(self, motion: Motion) -> Motion:
        """Put a motion onto the file's own skeleton.

        In space each joint that was matched turns as it does on the CMU skeleton; others keep the rotation of the
        file's last frame.

        Args:
            motion: on the CMU skeleton, root absolute.

        Returns:
            The motion on the file's skeleton, rows float64, at the frame rate of `motion`.
        """
        source, hips = self.last.skeleton, self.where["Hips"]
        expmaps = self._expmaps(np.asarray(motion.expmaps, np.float64))
        still = source.forward_kinematics(expmaps, np.zeros((len(motion), 3)))
        place = motion.translation * CMU.unit_mm
        way = self.footing.back(place, still @ self.axes, motion.expmaps, motion.fps)
        # The root is moved so that the hips come to be where they are to be.
        place = (way @ self.axes.T - still[:, hips]) / source.unit_mm
        return Motion.from_parts(place, expmaps, source, motion.fps)

    def going_on(self, motion: Motion, fps: float) -> Motion:
        """Put a motion that goes on from the file's last frame onto the file's own skeleton, without a step between.

        Args:
            motion: on the CMU skeleton, root absolute; its first frame comes after the file's last.
            fps: frames a second of the result.

        Returns:
            The file's last frame and what comes after it.
        """
        both = self(replace(self.retargeted, fps=motion.fps).then(motion))
        rows = both.rows.copy()
        rows[:, :3] += self.last.rows[0, :3] - rows[0, :3]
        return resample(replace(both, rows=rows), fps)

    def _expmaps(self, expmaps: np.ndarray) -> np.ndarray:
        """Return exponential maps on the file's skeleton, ``(frames, joints, 3)``, for those of the CMU skeleton."""
        source = self.last.skeleton
        in_space = CMU.rotations_in_space(expmaps)
        matched = {joint: CMU.joints.index(name) for name, joint in self.where.items()}
        held = expmap_to_rotmat(np.asarray(self.last.expmaps[0], np.float64))
        turned = np.repeat(np.asarray(self.last.expmaps, np.float64), len(expmaps), axis=0)
        placed: list[np.ndarray] = []
        for joint, parent in enumerate(source.parents):
            above = placed[parent] if parent >= 0 else np.eye(3)
            if joint in matched:
                ours = matched[joint]
                placed.append(self.turns[ours].T @ in_space[:, ours] @ self.axes.T)
                turned[:, joint] = rotmat_to_expmap(placed[joint] @ np.swapaxes(above, -1, -2))
            else:
                placed.append(held[joint] @ above)
        return turned
