"""How much a critic weighs along a training, and what it does to how far predicted people move.

At every checkpoint of a run, on the same batches of training windows and with dropout off: both losses, how often the
discriminator is right, and how long each term's gradient by the generator's weights is. At the last one, on windows
that were held out, how far joints move from frame to frame, predicted beside recorded.
Taught in ``notebooks/04_adversarial_training``.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.validation import trained_on
from cs2s.datasets.windows import OBSERVED, TrainingWindows
from cs2s.errors import InputError
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.movement import movements
from cs2s.evaluation.protocols import VALIDATION
from cs2s.networks.tensorflow import tf
from cs2s.training.adversarial import ConvSeq2Seq, build_model, fake_motion
from cs2s.training.checkpoints import load_checkpoint
from cs2s.training.losses import cross_entropy, squared_error
from cs2s.training.predictors import load_predictor
from cs2s.training.runs import Run
from cs2s.training.settings import AdversarialSettings

__all__ = ["study_critic", "weigh"]

_BATCHES = 4
_STREAM = 7
"""No training draws from it: its two steps draw from streams 0 and 1."""


def _length(gradients: Sequence[tf.Tensor | None]) -> float:
    """Return the length of a gradient; None stands for weights that it does not depend on."""
    return float(tf.linalg.global_norm([gradient for gradient in gradients if gradient is not None]))


def weigh(model: ConvSeq2Seq, batches: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Measure losses, the discriminator's verdicts, and the pull of each term on the generator, without dropout.

    Args:
        model: generator and discriminator.
        batches: of windows ``(batch, 50 + predicted frames, columns)``, normalised, and labels ``(batch, classes)``.

    Returns:
        ``reconstruction``, ``gan`` (mean of -log D, without its weight) and ``discriminator_loss``; ``right_recorded``
        and ``right_predicted``, the shares of motions that are taken for what they are; ``pull_reconstruction`` and
        ``pull_gan``, the lengths of the gradients of the first two by the generator's weights, of all batches together.
    """
    weights = [weight.value for weight in model.generator.trainable_variables]
    told: list[dict[str, float]] = []
    pulls: dict[str, list[list[tf.Tensor]]] = {"pull_reconstruction": [], "pull_gan": []}
    for windows, labels in batches:
        with tf.GradientTape(persistent=True) as tape:
            predicted = model.rollout(windows, training=False)
            logits = model.discriminator(
                fake_motion(windows, predicted, model.settings.options), labels, training=False
            )
            reconstruction, gan = squared_error(windows[:, OBSERVED:], predicted), cross_entropy(logits, 1.0)
        for name, loss in (("pull_reconstruction", reconstruction), ("pull_gan", gan)):
            pulls[name].append(tape.gradient(loss, weights, unconnected_gradients=tf.UnconnectedGradients.ZERO))
        real = model.discriminator(windows, labels, training=False)
        told.append(
            {
                "reconstruction": float(reconstruction),
                "gan": float(gan),
                "discriminator_loss": float(cross_entropy(real, 1.0) + cross_entropy(logits, 0.0)),
                "right_recorded": float(np.mean(real.numpy() > 0)),
                "right_predicted": float(np.mean(logits.numpy() < 0)),
            }
        )
    means = {name: float(np.mean([one[name] for one in told])) for name in told[0]}
    return means | {
        name: _length([tf.reduce_mean(tf.stack(of_weight), axis=0) for of_weight in zip(*found, strict=True)])
        for name, found in pulls.items()
    }


def study_critic(run: Run, dataset: Dataset, action: str, window: int) -> dict[str, Any]:
    """Measure a run of the paper's network at every checkpoint, and what its last one predicts of held-out windows.

    Args:
        run: trained with ``watch="validation"``, so that windows were held out.
        dataset: what it was trained on.
        action, window: whose prediction to keep, so that it can be shown.

    Returns:
        What JSON takes: ``settings``; ``checkpoints``, a list of what `weigh` returns, with ``iteration``, 0 first;
        ``weight``, the critic's; ``movement``, action -> ``recorded`` and ``predicted``, mm to each predicted frame;
        ``shown``, the rows of one window, ``recorded`` ``(10 + frames, columns)``, of which ten
        were observed, and ``predicted`` ``(frames, columns)``.

    Raises:
        InputError: if the run has no discriminator, held no windows out, has not kept all its checkpoints, or there is
            no such window.
    """
    settings = run.settings
    if not isinstance(settings, AdversarialSettings) or settings.watch != "validation":
        raise InputError(f"{run.folder} must be a run of the paper's network that was watched on validation windows.")
    if not run.checkpoints:
        raise InputError(f"{run.folder} has no checkpoint yet.")
    made = -(-run.checkpoints[-1] // settings.checkpoint_interval)
    if len(run.checkpoints) < made:
        kept = f"{len(run.checkpoints)} of {made} checkpoints"
        raise InputError(f"{run.folder} has kept {kept}: train it with --checkpoints-kept {made}.")
    held = trained_on(dataset, settings.watch)
    windows = TrainingWindows(held, run.statistics, settings.output_length, settings.drawing)
    batches = [windows.draw(settings.batch_size, settings.seed, number, _STREAM) for number in range(_BATCHES)]
    model = build_model(settings, windows.columns, windows.classes)
    checkpoints = [{"iteration": 0, **weigh(model, batches)}]
    for iteration in run.checkpoints:
        load_checkpoint(model, run, iteration)
        checkpoints.append({"iteration": iteration, **weigh(model, batches)})
    predictor = load_predictor(run.folder, run.checkpoints[-1])
    motions = evaluate(held, predictor, replace(VALIDATION, keeps_motions=True)).motions
    if action not in motions or not 0 <= window < len(motions[action][0].rows):
        count = f"{action} has {len(motions[action][0].rows)}" if action in motions else f"there is no {action}"
        raise InputError(f"there is no window {window} of {action} that was held out: {count}.")
    moved = {
        name: {kind: millimetres.round(3).tolist() for kind, millimetres in of_action.items()}
        for name, of_action in movements(motions).items()
    }
    truth, predicted = (motion.one(window) for motion in motions[action])
    shown = {"recorded": truth[OBSERVED - 10 :], "predicted": predicted}
    return {
        "settings": settings.as_dict(),
        "weight": settings.gan_loss_weight,
        "checkpoints": checkpoints,
        "movement": moved,
        "shown": {"fps": truth.fps, **{kind: motion.rows.round(4).tolist() for kind, motion in shown.items()}},
    }
