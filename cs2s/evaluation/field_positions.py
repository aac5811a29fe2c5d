"""The position error that papers print on the CMU data since 2020, in the millimetres of that field.

It is kept to compare with what they print, not because it is right. Four things to know when you read it:

- The offsets of the skeleton are multiplied by 70 a unit, where 56.44 is right (an inch / 0.45): these millimetres are
  1.24 times too long, and the thighs are 53 cm.
- Columns called 80, 160, 320, 400, 560 and 1000 ms lie 33, 67, 133, 167, 233 and 417 ms ahead: the files have 120 rows
  a second, not 50.
- The hips are held still: where the person walks and turns to does not count.
- The mean is over all 38 joints: 6 of them cannot be wrong, and the error of 7 is that of another at the same place,
  counted once more.

`cs2s.evaluation.measures.mpjpe` measures the same with true millimetres and every place once. Taught in
``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU

__all__ = ["FIELD_MM", "HELD", "TWINS", "field_position_error", "field_positions"]

FIELD_MM = 70.0
"""What the field takes a unit of the CMU skeleton for, in millimetres."""

HELD = ("Hips", "LHipJoint", "LeftUpLeg", "RHipJoint", "RightUpLeg", "LowerBack")
"""Joints that a prediction has from the truth: with the hips held still they cannot move (0, 1, 2, 7, 8 and 13)."""

TWINS = {
    "Neck": "Spine1",
    "LeftShoulder": "Spine1",
    "RightShoulder": "Spine1",
    "LeftFingerBase": "LeftHand",
    "LThumb": "LeftHand",
    "RightFingerBase": "RightHand",
    "RThumb": "RightHand",
}
"""Joint -> the one at the same place, whose predicted position it gets (16, 20, 29, 24, 27, 33 and 36).

Whoever predicts positions has to be told; whoever predicts rotations, as here, gets it from forward kinematics, since
these bones have length zero.
"""

_HELD = [CMU.joints.index(joint) for joint in HELD]


def field_positions(motion: Motion) -> np.ndarray:
    """Return where the joints are while the root stands at the origin, unturned.

    Args:
        motion: rows ``(..., frames, columns)``, on the CMU skeleton.

    Returns:
        ``(..., frames, joints, 3)``, millimetres of the field.
    """
    expmaps = motion.expmaps.astype(np.float64)
    expmaps[..., 0, :] = 0
    placed = motion.skeleton.forward_kinematics(expmaps, np.zeros((*expmaps.shape[:-2], 3)))
    return placed * (FIELD_MM / motion.skeleton.unit_mm)


def field_position_error(truth: Motion, predicted: Motion) -> np.ndarray:
    """Measure the position error of the field, frame by frame.

    Args:
        truth: rows ``(..., frames, columns)``, on the CMU skeleton.
        predicted: rows ``(..., frames, columns)``, of the same frames.

    Returns:
        ``(..., frames)``: distance between true and predicted position, averaged over all 38 joints, millimetres of
        the field.

    Source: the test on CMU in the code of PGBIG (Ma et al., CVPR 2022), which took it over from Mao et al., ICCV 2019.
    """
    true, wrong = field_positions(truth), field_positions(predicted)
    wrong[..., _HELD, :] = true[..., _HELD, :]
    return np.linalg.norm(true - wrong, axis=-1).mean(axis=-1)
