"""Training the single small model on where joints are, in metres; and the running mean of its weights that predicts.

Taught in ``notebooks/07_beyond_the_paper``.
"""

from typing import Any

import numpy as np

from cs2s.datasets.descriptions import OBSERVED, describe
from cs2s.datasets.windows import Statistics
from cs2s.motion.points import distinct_points
from cs2s.motion.rotations import expmap_to_rotmat
from cs2s.networks.kinematics import Kinematics, length, orthonormal, product, rotation, transposed, turned
from cs2s.networks.pose_mlp import PoseMlp
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.checkpoints import ResumableModel
from cs2s.training.optimisers import decaying_adam
from cs2s.training.settings import PoseSettings, Settings

__all__ = ["PoseModel", "build_pose_model", "kinematics_of"]

_LOW, _SLOW = 0.04, 0.2
"""A planted foot is less than so many metres above its lowest place, and slower than so many metres a second."""


def kinematics_of(dataset: str, statistics: Statistics) -> Kinematics:
    """Return the kinematics of a data set's skeleton; joints that never turn stay at their mean."""
    skeleton = describe(dataset).skeleton
    turning = statistics.turning_joints
    means = expmap_to_rotmat(statistics.mean[3:].reshape(-1, 3).astype(np.float64))
    return Kinematics(skeleton, turning, means, distinct_points(skeleton, turning))


@keras.saving.register_keras_serializable("cs2s")
class PoseModel(ResumableModel):
    """A `PoseMlp` and the running mean of its weights, trained on windows of poses.

    `fit` takes what `cs2s.datasets.pose_windows.PoseWindows` draws. Outside of training, the network with the mean
    weights predicts.

    The loss is the mean distance of joints (metres, the root held still), plus that of their steps from frame to frame,
    plus a share of the mean distance of rotation matrices; and a share of the first two for the root: of joints in
    space, with the body as predicted. Early frames weigh more: a pose is soon anywhere, and what comes first is seen
    first. Of feet that are planted, body and root together are to let them stand.

    Args:
        settings: of the training.
        statistics: of the training data: which joints turn, and how the others are.

    Source: the loss is ours; the running mean is Polyak's (Polyak and Juditsky 1992).
    """

    def __init__(self, settings: PoseSettings, statistics: Statistics, **kwargs) -> None:
        super().__init__(**kwargs)
        self.settings, self.statistics = settings, statistics
        self.kinematics = kinematics_of(settings.dataset, statistics)
        self.fps = describe(settings.dataset).fps
        skeleton, points = self.kinematics.skeleton, self.kinematics.points
        self.feet = [n for n, point in enumerate(points) if skeleton.joints[point].endswith("ToeBase")]
        self.network, self.averaged = self._fresh_network(), self._fresh_network()
        self.averaged.trainable = False
        weights = np.arange(1, settings.output_length + 1) ** -settings.early
        self.frame_weights = tf.constant(weights / weights.mean(), tf.float32)
        self.trackers = {name: keras.metrics.Mean(name=name) for name in ("body_mm", "root_mm", "feet_mm", "rotations")}

    def _fresh_network(self) -> PoseMlp:
        settings = self.settings
        return PoseMlp(
            self.kinematics,
            mixtures=settings.mixtures,
            width=settings.width,
            blocks=settings.blocks,
            dropout=settings.dropout,
            seed=settings.seed,
        )

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs, for Keras' own `save`."""
        statistics = {name: getattr(self.statistics, name).tolist() for name in ("mean", "std", "used")}
        return {"settings": self.settings.as_dict(), "statistics": statistics}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> "PoseModel":
        """Make a compiled model with fresh weights, as `keras.models.load_model` does before it loads them."""
        settings, told = Settings.from_file(config["settings"]), config["statistics"]
        assert isinstance(settings, PoseSettings)
        mean, std = (np.array(told[name], np.float32) for name in ("mean", "std"))
        return build_pose_model(settings, Statistics(mean, std, np.array(told["used"])))

    def build(self, input_shape: tuple | None = None) -> None:
        """Create all weights; they depend on the constructor's arguments alone."""
        for network in (self.network, self.averaged):
            network.build()
        self.averaged.set_weights(self.network.get_weights())
        self.built = True

    def compile(self, **kwargs) -> None:
        """Give the network its AdamW optimiser. Further arguments go to `keras.Model.compile`."""
        super().compile(**{"optimizer": None, "jit_compile": False, **kwargs})
        self.adam = decaying_adam(self.settings)
        # Created now, so that a checkpoint can be loaded before the first step.
        self.adam.build(self.network.trainable_variables)

    @property
    def predicting(self) -> PoseMlp:
        """The network that predicts, and all that a shipped predictor needs."""
        return self.averaged

    @property
    def random_states(self) -> list[keras.Variable]:
        """The state of the random generator of the network that is trained."""
        return list(self.network.dropout.variables)

    def call(self, turns: tf.Tensor, root: tf.Tensor, observed: tf.Tensor, training: bool = False) -> tuple:
        """Predict with the mean weights, see `PoseMlp.call`."""
        return self.averaged(turns, root, observed, training=training)

    def train_step(self, data: tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """One step down the loss, and one step of the mean weights towards the new ones."""
        matrices, root, observed, strange = data
        turns = orthonormal(tf.reshape(matrices[..., :2, :], (*matrices.shape[:-2], 6)))
        turns = self._strange(turns, strange)
        share = 1.0 / tf.distribute.get_strategy().num_replicas_in_sync
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            predicted = self.network(turns[:, :OBSERVED], root[:, :OBSERVED], observed, training=True)
            losses = self._errors(turns[:, OBSERVED:], root[:, OBSERVED:], predicted)
            objective = share * (losses["body"] + losses["rotations"] + losses["root"])
        gradients = tape.gradient(objective, [variable.value for variable in variables])
        self.adam.apply_gradients(zip(gradients, variables, strict=True))
        # At first the mean is over few iterations: it should soon forget the random start.
        done = tf.cast(self.adam.iterations, tf.float32)
        decay = tf.minimum(self.settings.averaging, done / (done + 9))
        for mean, variable in zip(self.averaged.weights, self.network.weights, strict=True):
            mean.assign(decay * mean + (1 - decay) * variable)
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
        way, way_steps = self._distances(_in_space(held, root_turns, root_places) - really)
        between = length(tf.reshape(guessed - turns, (*turns.shape[:-2], 9)))
        rotations = settings.rotation_weight * tf.reduce_mean(between * self.frame_weights[:, None])
        sliding = self._sliding(really, _in_space(places, root_turns, root_places), root[:, :1, 9:])
        return {
            "body": body + steps,
            "body_mm": 1000 * body,
            "rotations": rotations,
            "root": settings.root_weight * (way + way_steps) + settings.feet_weight * sliding,
            "root_mm": 1000 * way,
            "feet_mm": 1000 * sliding,
        }

    def _sliding(self, really: tf.Tensor, predicted: tf.Tensor, up: tf.Tensor) -> tf.Tensor:
        """Return how far feet that are planted move along the ground from one predicted frame to the next, metres.

        A foot is planted where it truly is low and slow.

        Args:
            really: ``(batch, frames, points, 3)``, in space.
            predicted: the same, as predicted.
            up: ``(batch, 1, 3)``, the vertical.
        """
        true_feet, feet = (tf.gather(places, self.feet, axis=2) for places in (really, predicted))
        height = tf.reduce_sum(true_feet * up[:, :, None], axis=-1)
        low = height[:, 1:] < tf.reduce_min(height, axis=1, keepdims=True) + _LOW

        def along_the_ground(places: tf.Tensor) -> tf.Tensor:
            steps = places[:, 1:] - places[:, :-1]
            return length(steps - tf.reduce_sum(steps * up[:, :, None], axis=-1, keepdims=True) * up[:, :, None])

        slow = along_the_ground(true_feet) * self.fps < _SLOW
        planted = tf.cast(low & slow, tf.float32)
        return tf.reduce_sum(along_the_ground(feet) * planted) / (tf.reduce_sum(planted) + 1)

    def _distances(self, error: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the mean length of errors ``(batch, frames, points, 3)``, and of their steps; the first from 0.

        Of errors, not of steps, early frames weigh more, if settings say so.
        """
        steps = tf.concat([error[:, :1], error[:, 1:] - error[:, :-1]], axis=1)
        mean, step = (tf.reduce_sum(length(e) * self.kinematics.weights, axis=-1) for e in (error, steps))
        return tf.reduce_mean(mean * self.frame_weights), tf.reduce_mean(step)


def _in_space(places: tf.Tensor, root_turns: tf.Tensor, root_places: tf.Tensor) -> tf.Tensor:
    """Place points ``(batch, frames, points, 3)``, told from the root, where the root's turns and places put them."""
    return root_places[:, :, None] + turned(places, root_turns[:, :, None])


def build_pose_model(settings: PoseSettings, statistics: Statistics) -> PoseModel:
    """Make the model with fresh weights (a function of the seed) and compile it."""
    keras.utils.set_random_seed(settings.seed)
    model = PoseModel(settings, statistics, name="pose")
    model.build()
    model.compile()
    return model
