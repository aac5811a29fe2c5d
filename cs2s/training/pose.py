"""Training the single small model on where joints are, in metres; and the running mean of its weights that predicts.

Taught in ``notebooks/07_beyond_the_paper``.
"""

import numpy as np

from cs2s.datasets.descriptions import OBSERVED
from cs2s.datasets.windows import Statistics
from cs2s.networks.kinematics import (
    Kinematics,
    euler_circles,
    length,
    orthonormal,
    product,
    rotation,
    transposed,
    turned,
)
from cs2s.networks.pose_mlp import PoseMlp
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.averaging import AveragedModel
from cs2s.training.settings import PoseSettings

__all__ = ["PoseModel"]


@keras.saving.register_keras_serializable("cs2s")
class PoseModel(AveragedModel):
    """A `PoseMlp` and the running mean of its weights, trained on windows of poses.

    `fit` takes what `cs2s.datasets.pose_windows.PoseWindows` draws.

    The loss is the mean distance of joints (metres, the root held still), plus that of their steps from frame to frame,
    plus the mean distance of rotation matrices, plus an error as the benchmark measures it, the length of what all
    Euler angles of a pose are off (`cs2s.networks.kinematics.euler_circles`); and the first two for the root: of joints
    in space, with the body as predicted. Settings weigh all of them. Early frames weigh more: a pose is soon anywhere,
    and what comes first is seen first.

    Args:
        settings: of the training.
        statistics: of the training data: which joints turn, and how the others are.

    Source: ours.
    """

    settings: PoseSettings

    def __init__(self, settings: PoseSettings, statistics: Statistics, **kwargs) -> None:
        super().__init__(settings, statistics, **kwargs)
        self.kinematics = self.network.kinematics
        weights = np.arange(1, settings.output_length + 1) ** -settings.early
        self.frame_weights = tf.constant(weights / weights.mean(), tf.float32)
        self.trackers = {name: keras.metrics.Mean(name=name) for name in ("body_mm", "root_mm", "rotations")}

    def _fresh_network(self) -> PoseMlp:
        settings = self.settings
        return PoseMlp(
            Kinematics.of(settings.dataset, self.statistics),
            mixtures=settings.mixtures,
            width=settings.width,
            blocks=settings.blocks,
            branches=settings.branches,
            dropout=settings.dropout,
            seed=settings.seed,
        )

    def call(self, turns: tf.Tensor, root: tf.Tensor, observed: tf.Tensor, training: bool = False) -> tuple:
        """Predict with the mean weights, see `PoseMlp.call`."""
        return self.averaged(turns, root, observed, training=training)

    def train_step(self, data: tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """One step down the loss, and one step of the mean weights towards the new ones."""
        matrices, root, observed, strange = data
        turns = orthonormal(tf.reshape(matrices[..., :2, :], (*matrices.shape[:-2], 6)))
        turns = self._strange(turns, strange)
        share = 1.0 / tf.distribute.get_strategy().num_replicas_in_sync
        with tf.GradientTape() as tape:
            predicted = self.network(turns[:, :OBSERVED], root[:, :OBSERVED], observed, training=True)
            losses = self._errors(turns[:, OBSERVED:], root[:, OBSERVED:], predicted)
            objective = share * (losses["body"] + losses["rotations"] + losses["root"])
        self.step_down(tape, objective)
        for name, tracker in self.trackers.items():
            tracker.update_state(losses[name])
        return self.get_metrics_result()

    def _strange(self, turns: tf.Tensor, strange: tf.Tensor) -> tf.Tensor:
        """Turn each joint's unturned position, all window long, without turning what is below it.

        In space each bone is turned by a constant, as seen from its own joint: the same motion on a skeleton whose
        bones point elsewhere.

        Args:
            turns: ``(batch, frames, turning, 3, 3)``.
            strange: ``(batch, turning, 3)`` exponential maps, radians.
        """
        own = rotation(strange)
        unturned = tf.broadcast_to(tf.eye(3), tf.shape(own[:, 0]))
        above = [unturned if joint is None else transposed(own[:, joint]) for joint in self.kinematics.above]
        return product(product(own[:, None], turns), tf.stack(above, axis=1)[:, None])

    def _errors(self, turns: tf.Tensor, root: tf.Tensor, predicted: tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Return the parts of the loss, and the mean distances of joints in millimetres that `fit` shows."""
        settings = self.settings
        guessed, root_turns, root_places = predicted
        true, places = (self.kinematics.positions(rotations) for rotations in (turns, guessed))
        body, steps = self._distances(places - true)
        # What the root should make up for is known, and no part of its task.
        held = tf.stop_gradient(places)
        really = root[:, :, None, :3] + turned(true, orthonormal(root[..., 3:9])[:, :, None])
        way, way_steps = self._distances(root_places[:, :, None] + turned(held, root_turns[:, :, None]) - really)
        between = length(tf.reshape(guessed - turns, (*turns.shape[:-2], 9)))
        rotations = settings.rotation_weight * tf.reduce_mean(between * self.frame_weights[:, None])
        circles = euler_circles(guessed) - euler_circles(turns)
        whole = length(tf.reshape(circles, (*circles.shape[:-2], circles.shape[-2] * circles.shape[-1])))
        rotations += settings.euler_weight * tf.reduce_mean(whole * self.frame_weights)
        return {
            "body": settings.position_weight * (body + steps),
            "body_mm": 1000 * body,
            "rotations": rotations,
            "root": settings.root_weight * (way + way_steps),
            "root_mm": 1000 * way,
        }

    def _distances(self, error: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the mean length of errors ``(batch, frames, points, 3)``, and of their steps; the first from 0.

        Of errors, not of steps, early frames weigh more, if settings say so.
        """
        steps = tf.concat([error[:, :1], error[:, 1:] - error[:, :-1]], axis=1)
        mean, step = (tf.reduce_sum(length(e) * self.kinematics.weights, axis=-1) for e in (error, steps))
        return tf.reduce_mean(mean * self.frame_weights), tf.reduce_mean(step)
