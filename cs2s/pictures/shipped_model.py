"""The single small model as a page can hold it: its weights in few letters, and what it must know of the body.

Used by the page on which a browser predicts (`cs2s.pictures.page`). Taught in ``notebooks/07_beyond_the_paper``.
"""

import base64
import zlib
from typing import Any

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.feet import feet_of
from cs2s.motion.mirror import mirrored_joints
from cs2s.networks.turning_joints import TurningJoints
from cs2s.training.pretrained import full_name, read_pretrained
from cs2s.training.settings import PoseSettings

__all__ = ["packed_weights", "shipped_model"]

_BEFORE, _BETWEEN, _AFTER = 4, 5, 2
"""Arrays of a branch of `PoseMlp` before the body's blocks, between these and the root's, and after. A block has 6."""


def packed_weights(weights: list[np.ndarray]) -> str:
    """Return weights, float32, in base64: first all lowest bytes, ..., last all highest ones, deflated.

    So sorted, what half precision left unused takes hardly any room.
    """
    flat = np.concatenate([np.asarray(weight, "<f4").ravel() for weight in weights])
    return base64.b64encode(zlib.compress(flat.view(np.uint8).reshape(-1, 4).T.tobytes(), 9)).decode()


def shipped_model(name: str = "pretrained:") -> dict[str, Any]:
    """Return all that ``pose_mlp.js`` needs to predict, of a predictor that comes with the program.

    Args:
        name: ``pretrained:NAME``; of one network that sees poses.

    Raises:
        InputError: if there is no such predictor, or it is of another kind.
    """
    member, *others = read_pretrained(name)
    settings = member.settings
    if others or not isinstance(settings, PoseSettings) or not settings.mirror:
        raise InputError(f"{full_name(name)} does not see poses: a page can hold pretrained:pose-mlp only.")
    joints = TurningJoints.of(settings.dataset, member.statistics)
    skeleton = joints.skeleton
    of_root = len(member.weights) // settings.branches - 6 * settings.blocks - _BEFORE - _BETWEEN - _AFTER
    return {
        "name": full_name(name),
        "joints": skeleton.joints,
        "parents": skeleton.parents,
        "offsets": skeleton.offsets.tolist(),
        "unit": skeleton.unit_mm,
        "turning": joints.turning,
        "means": _matrices(joints.means),
        "still": _matrices(joints.still),
        "points": joints.points,
        "shares": joints.weights.astype(float).tolist(),
        "mirror": mirrored_joints(skeleton),
        "bones": [None if bone is None else bone.astype(float).tolist() for bone in joints.bones],
        "above": joints.above,
        "feet": feet_of(skeleton),
        "branches": settings.branches,
        "blocks": [settings.blocks, of_root // 6],
        "shapes": [weight.shape for weight in member.weights],
        "weights": packed_weights(member.weights),
    }


def _matrices(rotations: np.ndarray) -> list[list[float]]:
    """Return rotation matrices ``(..., 3, 3)`` as nine numbers each, which single precision still tells apart."""
    return [[float(f"{number:.9g}") for number in matrix.ravel()] for matrix in rotations]
