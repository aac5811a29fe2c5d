"""Training: batches in, checkpoints out, to be interrupted and resumed at any moment.

Taught in ``notebooks/04_adversarial_training``.
"""

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from cs2s.datasets.loading import Dataset
from cs2s.datasets.pose_windows import PoseWindows
from cs2s.datasets.validation import trained_on
from cs2s.datasets.windows import Statistics, TrainingWindows
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, evaluate, frozen
from cs2s.evaluation.looks import count_test_looks
from cs2s.evaluation.protocols import VALIDATION
from cs2s.evaluation.samples import write_samples
from cs2s.evaluation.tables import in_words, shown_frames
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.checkpoints import ResumableModel, load_checkpoint, save_checkpoint
from cs2s.training.distributed import Shares
from cs2s.training.models import model_for
from cs2s.training.predictors import predictor_of
from cs2s.training.progress import Progress, say
from cs2s.training.runs import Run
from cs2s.training.settings import PoseSettings, RowSettings, Settings
from cs2s.training.workers import Distribution

__all__ = ["train", "training_batches", "training_windows"]


def training_windows(dataset: Dataset, statistics: Statistics, settings: Settings) -> TrainingWindows | PoseWindows:
    """Return what draws the training windows that settings ask for.

    Raises:
        InputError: if no training file is present, or one is too short for a window.
    """
    if isinstance(settings, PoseSettings):
        return PoseWindows(dataset, statistics.turning_joints, settings.drawing)
    assert isinstance(settings, RowSettings)
    return TrainingWindows(dataset, statistics, settings.output_length, settings.drawing)


def training_batches(
    windows: TrainingWindows | PoseWindows, settings: Settings, first: int, last: int
) -> tf.data.Dataset:
    """Return the batches of iterations `first` to `last` (excluded), as the model's `fit` wants them.

    The paper's two steps get a batch each, a predictor that is trained directly gets one.

    Which windows an iteration gets depends on the seed and the iteration alone, so a resumed training sees the
    same ones as one that was never interrupted.
    """
    size, streams = settings.batch_size, 1 if settings.is_direct else 2
    shapes = windows.shapes(size)

    def draw(iteration: np.int64) -> tuple[np.ndarray, ...]:
        drawn = [windows.draw(size, settings.seed, int(iteration), stream) for stream in range(streams)]
        return tuple(array for batch in drawn for array in batch)

    def batch(iteration: tf.Tensor) -> tuple:
        arrays = tf.numpy_function(draw, [iteration], [tf.float32] * len(shapes) * streams)
        for array, shape in zip(arrays, streams * shapes, strict=True):
            array.set_shape(shape)
        batches = tuple(tuple(arrays[n : n + len(shapes)]) for n in range(0, len(arrays), len(shapes)))
        return batches if streams > 1 else batches[0]

    batches = tf.data.Dataset.range(first, last).map(batch).prefetch(2)
    return batches.with_options(_untuned())


def _untuned() -> tf.data.Options:
    """Return options that leave TensorFlow's tuning of batches off: there is nothing to tune, and its end is slow.

    The thread that tunes sleeps for up to a minute at a time, and an iterator's destructor waits for it. It is woken,
    but looks whether the iteration was cancelled before that is set (`CancellationManager` sets it after it has called
    back), and sleeps on: training stood still for as long as a minute at the end of a stretch.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


class _Milestone(keras.callbacks.Callback):
    """At the end of each stretch of training: what the error is, history, checkpoint, in that order.

    The checkpoint comes last: it is what a resumed training starts from, so all before it may be made twice,
    but nothing is ever missing.
    """

    def __init__(self, run: Run, dataset: Dataset, model: ResumableModel) -> None:
        super().__init__()
        self.run, self.dataset = run, dataset
        self.predictor = predictor_of(model, run.settings, run.statistics)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write everything a stretch of training leaves behind."""
        if self.model.stop_training:
            # A callback ended the stretch early: there is no checkpoint to be made of a part of it.
            return
        settings = self.run.settings
        iteration = min((epoch + 1) * settings.checkpoint_interval, settings.iterations)
        self.predictor.name = f"{self.run.folder}@{iteration}"
        evaluation = self._evaluate(iteration)

        earlier = [row for row in self.run.read_history() if int(row["iteration"]) < iteration]
        row: dict[str, Any] = {"iteration": iteration, **{name: f"{value:.6g}" for name, value in (logs or {}).items()}}
        if evaluation is not None:
            say(f"after {iteration} iterations, on the {settings.watch} windows:")
            say("  " + in_words(evaluation, self._frozen(evaluation)))
            errors = evaluation.average
            row |= {f"{settings.watch}_error_f{frame}": f"{errors[frame]:.4f}" for frame in shown_frames(evaluation)}
        self.run.write_history([*earlier, row])

        save_checkpoint(self.model, self.run, iteration)
        self.run.prune()
        if self.run.out_of_patience:
            say(f"no better for {settings.patience} checkpoints: stopped; the best is {self.run.best_checkpoint}")
            self.model.stop_training = True

    def _evaluate(self, iteration: int) -> Evaluation | None:
        """Measure the error on the windows that are watched; of test windows, write the sample file too."""
        watched = self.run.settings.watch
        if watched == "nothing":
            return None
        if watched == "validation":
            return evaluate(self.dataset, self.predictor, VALIDATION)
        evaluation = evaluate(self.dataset, self.predictor)
        evaluation = replace(evaluation, made_from={**evaluation.made_from, **self.run.made_from})
        write_samples(self.run.samples_file(iteration), evaluation)
        if evaluation.unlogged:
            # A training of hours does not end for want of a line.
            say(f"note: this look at the test windows is not logged: {evaluation.unlogged}")
        return evaluation

    def _frozen(self, evaluation: Evaluation) -> Evaluation:
        """Return what freezing has on the watched windows."""
        if self.run.settings.watch == "test":
            return frozen(evaluation)
        return self._frozen_on_validation

    @cached_property
    def _frozen_on_validation(self) -> Evaluation:
        return evaluate(self.dataset, ZeroVelocity(), VALIDATION)


def _stretches(start: int, settings: Settings) -> list[tuple[int, int]]:
    """Cut the iterations from `start` on into stretches that end at multiples of the checkpoint interval."""
    if start >= settings.iterations:
        return []
    interval = settings.checkpoint_interval
    ends = [*range((start // interval + 1) * interval, settings.iterations, interval), settings.iterations]
    return list(zip([start, *ends], ends, strict=False))


def train(
    run: Run,
    dataset: Dataset,
    *,
    verbose: int = 1,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    distribute: Distribution | None = None,
) -> ResumableModel:
    """Train a run from its last checkpoint (or from the start) to its last iteration.

    Each stretch of `checkpoint_interval` iterations is one epoch of `fit` and ends with how large the error is beside
    that of freezing (and a sample file, where the test windows are watched), a line of history and a checkpoint.

    Args:
        run: the run directory; made by `Run.create` or opened by `Run.open`.
        dataset: the data it is trained on.
        verbose: 0 tells only the errors at checkpoints; 1 shows a bar as well, or lines where there is no terminal; 2
            prints a line at each checkpoint.
        callbacks: more of them, for instance `keras.callbacks.TensorBoard`.
        distribute: whether all ``"devices"`` of this machine or all ``"workers"`` of ``TF_CONFIG`` share each batch,
            see `cs2s.training.distributed`; None: one device. Of several workers, the chief alone writes the run.

    Returns:
        The trained model, as it is after the last iteration (or the one at which patience ran out).

    Raises:
        InputError: if the data or the checkpoint does not fit the run, another process trains it, or another worker
            ends.
    """
    if distribute is None:
        with Run.held(run.folder):
            return _train(run, dataset, verbose, callbacks, None)
    shares = Shares(distribute, run.settings)
    with ExitStack() as held:
        if shares.worker.is_chief:
            held.enter_context(Run.held(run.folder))
        held.enter_context(shares.told_when_one_ends(run))
        return _train(run, dataset, verbose, callbacks, shares)


def _train(
    run: Run,
    dataset: Dataset,
    verbose: int,
    callbacks: Sequence[keras.callbacks.Callback],
    shares: Shares | None,
) -> ResumableModel:
    """Train a run that is held, see `train`."""
    settings, description = run.settings, dataset.description
    dataset = trained_on(dataset, settings.watch)
    if shares is None or shares.worker.is_chief:
        run.clear_half_written()
    windows = training_windows(dataset, run.statistics, settings)
    start = run.checkpoints[-1] if run.checkpoints else 0
    # Only this: what one worker alone does in a scope, such as to predict, waits for the others for ever.
    with shares.strategy.scope() if shares is not None else nullcontext():
        model = model_for(settings, run.statistics, len(description.classes))
        if start:
            load_checkpoint(model, run, start)
    if run.out_of_patience:
        return model
    if shares is not None:
        shares.check_agreement(run, start)
        shares.spread_random_states(model)
        step = shares.step(model)
    # Of several workers one tells how far they are.
    tells = shares is None or shares.worker.is_chief
    progress = Progress(start, settings.iterations, settings.checkpoint_interval, verbose if tells else 0)
    milestone = _Milestone(run, dataset, model)
    told = [progress, milestone, *callbacks]
    try:
        for epoch, (first, last) in enumerate(_stretches(start, settings), start // settings.checkpoint_interval):
            batches = training_batches(windows, settings, first, last)
            if shares is not None:
                shares.fit(model, step, batches, epoch, told)
            else:
                model.fit(batches, initial_epoch=epoch, epochs=epoch + 1, verbose=0, shuffle=False, callbacks=told)
            if model.stop_training:
                break
    finally:
        progress.close()
    if tells and settings.watch == "test" and start < settings.iterations:
        say(count_test_looks(settings.dataset, dataset.fingerprint))
    return model
