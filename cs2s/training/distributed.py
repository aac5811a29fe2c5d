"""Training on several devices or workers: one loop for both, in which each computes its share of every batch.

What is learned is what one device learns from the same batches, but for rounding and for what is drawn at random in the
network (dropout and the like): there each share has its own draws. Keras' `fit` cannot do it with several workers.
Taught in ``notebooks/04_adversarial_training``.
"""

import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from cs2s.errors import InputError
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.checkpoints import ResumableModel
from cs2s.training.runs import Run
from cs2s.training.settings import Settings
from cs2s.training.workers import Distribution, Worker

__all__ = ["Shares"]

_SPREAD = 1_000_003
"""Between the seeds of two shares; seeds of one network are few and small."""


class Shares:
    """The devices or workers that share each batch of a training.

    Args:
        distribution: ``"devices"``: all GPUs of this machine, or all that TensorFlow counts as CPUs if there is none;
            ``"workers"``: those of ``TF_CONFIG``. TensorFlow must not have computed anything yet.
        settings: of the training.

    Attributes:
        worker: which worker this process is.

    Raises:
        InputError: if there is one device only, the batch cannot be shared alike, or ``TF_CONFIG`` makes no sense.
    """

    def __init__(self, distribution: Distribution, settings: Settings) -> None:
        self.worker = Worker.of_environment() if distribution == "workers" else Worker()
        if distribution == "workers":
            if getattr(settings, "precision", "") == "mixed_float16":
                raise InputError("--precision mixed_float16 goes with one worker: choose mixed_bfloat16 or float32.")
            _check_shares(settings, self.worker.of)
            print(
                f"worker {self.worker.number} of {self.worker.of}: waiting for the others", file=sys.stderr, flush=True
            )
            try:
                self.strategy = tf.distribute.MultiWorkerMirroredStrategy()
            except RuntimeError as error:
                raise InputError(f"workers must be named before TensorFlow computes anything ({error}).") from error
        else:
            # TensorFlow would look for workers here too, and fail at words that it cannot read.
            if os.environ.get("TF_CONFIG"):
                raise InputError("TF_CONFIG names workers: choose --distribute workers, or unset it.")
            os.environ.pop("TF_CONFIG", None)
            devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
            if len(devices) < 2:
                raise InputError("there is one device on this machine: leave out --distribute.")
            self.strategy = tf.distribute.MirroredStrategy([device.name for device in devices])
        _check_shares(settings, self.count)

    @property
    def count(self) -> int:
        """How many shares a batch has."""
        return self.strategy.num_replicas_in_sync

    @property
    def _own(self) -> int:
        """How many of them are this worker's."""
        return self.count // self.worker.of

    def check_agreement(self, run: Run, start: int) -> None:
        """Make sure that all workers are about to do the same.

        Raises:
            InputError: if their settings, data or checkpoints differ.
        """
        told = json.dumps([run.settings.as_dict(), run.made_from["data"]], sort_keys=True).encode()
        facts = self._from_all([zlib.crc32(told), start])
        if (facts != facts[0]).any():
            raise InputError(
                "the workers differ in their settings, their data or the checkpoint they go on from: give all of them "
                "the same words, the same data and the same run directory."
            )

    def _from_all(self, numbers: Sequence[int]) -> np.ndarray:
        """Return the whole numbers that each worker gives, ``(shares, numbers)``; waits for all of them."""
        told = tf.constant([numbers], tf.int64)

        @tf.function
        def gather() -> tf.Tensor:
            return self.strategy.run(lambda: tf.distribute.get_replica_context().all_gather(told, axis=0))

        return self.strategy.experimental_local_results(gather())[0].numpy()

    def spread_random_states(self, model: ResumableModel) -> None:
        """Give each share draws of its own; the first share's, which checkpoints keep, stay as they are."""
        first = self.worker.number * self._own
        for state in model.random_states:
            for number, own in enumerate(self.strategy.experimental_local_results(state.value), start=first):
                value = own.numpy()
                value[0] += np.asarray(number * _SPREAD).astype(value.dtype)
                own.assign(value)

    def batches(self, whole: tf.data.Dataset) -> Iterator:
        """Return what each share gets of whole batches."""

        def of_worker(context: tf.distribute.InputContext) -> tf.data.Dataset:
            first = context.input_pipeline_id * self._own

            def shares(*batch: object) -> tf.data.Dataset:
                return tf.data.Dataset.from_tensor_slices(tf.nest.map_structure(cut, batch))

            def cut(array: tf.Tensor) -> tf.Tensor:
                # In turns: so a part of a share, which one branch of a network has, is of the same part of the batch.
                return tf.stack([array[share :: self.count] for share in range(first, first + self._own)])

            return whole.flat_map(shares).prefetch(2)

        return iter(self.strategy.distribute_datasets_from_function(of_worker))

    def step(self, model: ResumableModel) -> Callable:
        """Return the function that does one training step of a model on all shares, and returns its running means."""

        @tf.function
        def step(batch: tuple) -> dict[str, tf.Tensor]:
            means = self.strategy.run(model.train_step, args=(batch,))
            return {name: self.strategy.reduce("MEAN", mean, axis=None) for name, mean in means.items()}

        return step

    def fit(
        self,
        model: ResumableModel,
        step: Callable,
        whole: tf.data.Dataset,
        epoch: int,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ) -> None:
        """Train one epoch, as `keras.Model.fit` would on one device; callbacks are the chief's alone.

        Args:
            model: made in the strategy's scope.
            step: see `step`.
            whole: the batches.
            epoch: which one, from 0.
            callbacks: as in `keras.Model.fit`.
        """
        told = keras.callbacks.CallbackList(
            list(callbacks) if self.worker.is_chief else [],
            model=model,
            epochs=epoch + 1,
            steps=int(whole.cardinality()),
        )
        model.stop_training = False
        told.on_train_begin()
        for metric in model.metrics:
            metric.reset_state()
        told.on_epoch_begin(epoch)
        logs: dict[str, float] = {}
        for number, batch in enumerate(self.batches(whole)):
            told.on_train_batch_begin(number)
            logs = {name: float(mean) for name, mean in step(batch).items()}
            told.on_train_batch_end(number, logs)
            if model.stop_training:
                break
        told.on_epoch_end(epoch, logs)
        told.on_train_end(logs)
        # What stops one stops all; and nobody goes on before the chief has written the checkpoint.
        model.stop_training = bool(self._from_all([int(model.stop_training)]).any())

    @contextmanager
    def told_when_one_ends(self, run: Run) -> Iterator[None]:
        """Turn what TensorFlow says when another worker has ended into a sentence.

        Raises:
            InputError: if one has.
        """
        try:
            yield
        except tf.errors.OpError as error:
            if self.worker.of == 1:
                raise
            done = run.checkpoints[-1] if run.checkpoints else 0
            raise InputError(
                f"another worker has ended ({type(error).__name__}), and the training with it; the last checkpoint is "
                f"after {done} of {run.settings.iterations} iterations. Start all workers again with --resume."
            ) from error


def _check_shares(settings: Settings, count: int) -> None:
    parts = count * getattr(settings, "branches", 1)
    if settings.batch_size % parts:
        raise InputError(
            f"--batch-size {settings.batch_size} cannot be shared by {count} alike: choose a multiple of {parts}."
        )
