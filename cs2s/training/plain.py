"""The shipped predictors that need no TensorFlow to predict: those of poses, computed in NumPy.

Used by ``cs2s predict`` and ``cs2s evaluate`` where TensorFlow is not installed. Taught in
``notebooks/07_beyond_the_paper``.
"""

from pathlib import Path

from cs2s.networks.plain_pose_mlp import PlainPoseMlp
from cs2s.networks.turning_joints import TurningJoints
from cs2s.training.pose_predictor import PosePredictor
from cs2s.training.pretrained import full_name, read_pretrained
from cs2s.training.settings import PoseSettings

__all__ = ["plain_predictor"]


def plain_predictor(name: str | Path) -> PosePredictor | None:
    """Load a predictor that comes with the program in NumPy; None where its network is not a `PlainPoseMlp`.

    Args:
        name: ``pretrained:NAME``, see `cs2s.training.pretrained`.

    Raises:
        InputError: if there is no such predictor, or its file is damaged.
    """
    member, *others = read_pretrained(name)
    settings = member.settings
    if others or not isinstance(settings, PoseSettings):
        return None
    network = PlainPoseMlp(TurningJoints.of(settings.dataset, member.statistics), member.weights, settings.branches)
    made_from = {
        "seed": settings.seed,
        "preset": settings.preset,
        "trained": member.made_from,
        "computed_with": "NumPy",
    }
    mirror = settings.mirror > 0
    return PosePredictor(network, full_name(name), made_from, mirror, least_observed=settings.least_observed)
