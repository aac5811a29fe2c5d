"""What each command of the command line does. Only what needs the model imports TensorFlow."""

import json
import os
import sys
from argparse import Namespace
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

from cs2s.baselines import BASELINES, Predictor, baseline
from cs2s.data_report import data_facts, data_report
from cs2s.datasets import DESCRIPTIONS, describe
from cs2s.download import CMU_URL, data_file, download, published_files
from cs2s.errors import InputError
from cs2s.evaluation import evaluate as evaluate_predictor
from cs2s.loading import Dataset, default_folder, load
from cs2s.provenance import made_by
from cs2s.published import comparison
from cs2s.runs import Run
from cs2s.samples import read_samples, write_samples
from cs2s.settings import Settings
from cs2s.tables import error_table, write_json
from cs2s.windows import TrainingWindows, dataset_statistics
from cs2s.writing import make_folder, replacing

__all__ = ["animate", "data_download", "data_info", "data_list", "evaluate", "import_checkpoint", "sample", "train"]


def data_list(arguments: Namespace) -> None:
    """Print the known data sets."""
    for description in DESCRIPTIONS.values():
        print(f"{description.name}: {description.title}\n    {description.source}")
        if description.manifest:
            print(f"    fetch it with: cs2s data download {description.name}")
        if description.folder:
            print(f"    looked for in: {default_folder(description)}")


def data_info(arguments: Namespace) -> None:
    """Print what a data set holds and lacks."""
    dataset = load(arguments.dataset, arguments.data_dir)
    facts = data_facts(dataset)
    print(data_report(dataset, facts))
    if arguments.json:
        facts["made_from"] = made_by(data=dataset.fingerprint)
        with replacing(arguments.json) as temporary:
            temporary.write_text(json.dumps(facts, indent=1) + "\n")


def data_download(arguments: Namespace) -> None:
    """Fetch a published data set."""
    description = describe(arguments.dataset)
    if not description.manifest:
        raise InputError(f"the {description.name} data cannot be downloaded: {description.source}")
    files = published_files(data_file(description.manifest))
    folder = download(files, arguments.url or CMU_URL, arguments.to or default_folder(description))
    print(f"all {len(files)} files of the {description.name} data, as published, are in {folder}")


def train(arguments: Namespace) -> None:
    """Train a run, new or resumed."""
    named = {setting.name: getattr(arguments, setting.name) for setting in fields(Settings)}
    given = {name: value for name, value in named.items() if value is not None}
    if arguments.resume:
        run = Run.open(arguments.run).continued(given)
        dataset = _load(run.settings.dataset, arguments.data_dir)
        run.check_data(dataset.fingerprint)
        _require_tensorflow(arguments.tensorboard is not None)
        run.save_settings()
    elif "dataset" in given:
        settings = Settings(**given)
        Run.check_new(arguments.run)
        dataset = _load(settings.dataset, arguments.data_dir)
        statistics = dataset_statistics(dataset)
        # Tried before anything is written: a run directory should only be left behind if it can be trained.
        TrainingWindows(dataset, statistics, settings.output_length)
        _require_tensorflow(arguments.tensorboard is not None)
        made_from = made_by(data=dataset.fingerprint, seed=settings.seed)
        run = Run.create(arguments.run, settings, made_from, statistics)
    else:
        raise InputError("--dataset is missing: name demo, cmu or human3.6m, or go on with a run by --resume.")

    from cs2s.tensorflow_startup import keras, tf
    from cs2s.training import train as train_run

    if arguments.deterministic:
        tf.config.experimental.enable_op_determinism()
    callbacks = []
    if arguments.tensorboard:
        make_folder(arguments.tensorboard)
        callbacks.append(keras.callbacks.TensorBoard(arguments.tensorboard))
    try:
        train_run(run, dataset, verbose=2 if arguments.quiet else 1, callbacks=callbacks)
    except KeyboardInterrupt:
        done = run.checkpoints[-1] if run.checkpoints else 0
        print(
            f"\nstopped; the last checkpoint is after {done} of {run.settings.iterations} iterations.\n"
            f"Go on with: cs2s train --run {run.folder} --resume",
            file=sys.stderr,
        )
        raise
    print(f"trained {run.settings.iterations} iterations; the run is in {run.folder}")
    print(f"next: cs2s sample --run {run.folder} --out samples.h5")


def sample(arguments: Namespace) -> None:
    """Predict the test windows with a run and write the sample file."""
    run = Run.open(arguments.run)
    frames = arguments.output_length
    if frames < 1:
        raise InputError(f"--output-length {frames} makes no sense: it must be at least 1.")
    run.choose_checkpoint(arguments.checkpoint)
    dataset = _load(run.settings.dataset, arguments.data_dir)
    _require_tensorflow()
    from cs2s.model_predictor import load_predictor

    predictor = load_predictor(run.folder, arguments.checkpoint)
    evaluation, motions = evaluate_predictor(dataset, predictor, frames)
    evaluation.made_from.update(made_by())
    write_samples(arguments.out, evaluation, motions)
    print(error_table(evaluation))
    print(f"\nthe predictions are in {arguments.out}")


def import_checkpoint(arguments: Namespace) -> None:
    """Turn a TensorFlow 1 checkpoint of the original into a run directory."""
    Run.check_new(arguments.run)
    dataset = _load(arguments.dataset, arguments.data_dir)
    _require_tensorflow()
    from cs2s import original_checkpoint

    run, judged = original_checkpoint.import_checkpoint(arguments.prefix, dataset, arguments.run)
    print(f"the checkpoint is in {run.folder}, as that of iteration {run.settings.iterations}")
    if not judged:
        print("it holds no discriminator: good for predicting, and to train on only with a fresh one")
    print(f"next: cs2s sample --run {run.folder} --out samples.h5")


def evaluate(arguments: Namespace) -> None:
    """Print the error table of predictors, or the one stored in a sample file."""
    asks_for_predictors = bool(arguments.dataset or arguments.predictor or arguments.data_dir)
    if (arguments.samples is not None) == asks_for_predictors:
        raise InputError("name either a sample file, or --dataset with --predictor.")
    if arguments.samples is not None:
        evaluations = [read_samples(arguments.samples).evaluation]
    else:
        evaluations = _evaluate_predictors(arguments)
    print(error_table(*evaluations))
    if arguments.compare:
        for evaluation in evaluations:
            print("\n" + comparison(evaluation))
    if arguments.json:
        write_json(evaluations, arguments.json)


def _evaluate_predictors(arguments: Namespace) -> list:
    if not (arguments.dataset and arguments.predictor):
        raise InputError("--dataset and --predictor go together: name both.")
    predictors = [_predictor(name, arguments.dataset) for name in arguments.predictor]
    dataset = _load(arguments.dataset, arguments.data_dir)
    evaluations = [evaluate_predictor(dataset, predictor)[0] for predictor in predictors]
    for evaluation in evaluations:
        evaluation.made_from.update(made_by())
    return evaluations


def _predictor(name: str, dataset: str) -> Predictor:
    """Return the baseline called `name`, or the model of the run directory `name`."""
    predictor = baseline(name)
    if predictor is not None:
        return predictor
    if not Path(name).is_dir():
        raise InputError(f"there is no predictor '{name}': name a run directory or one of {', '.join(BASELINES)}.")
    run = Run.open(name)
    if run.settings.dataset != dataset:
        raise InputError(f"the run in {name} was trained on {run.settings.dataset}, not on {dataset}.")
    _require_tensorflow()
    from cs2s.model_predictor import load_predictor

    return load_predictor(name)


def animate(arguments: Namespace) -> None:
    """Draw one sample of a sample file."""
    # Matplotlib takes a while to import, and no other command draws.
    from cs2s.animation import save_animation

    samples = read_samples(arguments.samples)
    truth, predicted = samples.motions(arguments.action, arguments.sample)
    evaluation = samples.evaluation
    save_animation(
        truth,
        {evaluation.predictor: predicted},
        observed=len(truth) - len(evaluation.average),
        out=arguments.out,
        title=f"{evaluation.dataset}, {arguments.action}, sample {arguments.sample}",
        speed=arguments.speed,
    )
    print(f"the picture is in {arguments.out}")


def _load(name: str, folder: Path | None) -> Dataset:
    """Load a data set and say which of its files are missing: numbers from fewer files are other numbers."""
    dataset = load(name, folder)
    if dataset.missing:
        listed = ", ".join(dataset.missing[:3]) + (", ..." if len(dataset.missing) > 3 else "")
        print(
            f"note: {len(dataset.missing)} of {len(dataset.missing) + len(dataset.motions)} {name} files are "
            f"missing ({listed}); 'cs2s data info {name}' lists them.",
            file=sys.stderr,
        )
    return dataset


def _require_tensorflow(with_tensorboard: bool = False) -> None:
    """Import TensorFlow, without its start-up chatter, or say how to get it."""
    if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
        raise InputError("KERAS_BACKEND names another backend than tensorflow, which this program needs: unset it.")
    if with_tensorboard and find_spec("tensorboard") is None:
        raise InputError("--tensorboard needs TensorBoard, which is not installed: pip install tensorboard.")
    try:
        import cs2s.tensorflow_startup  # noqa: F401
    except ImportError as error:
        raise InputError(
            "this command needs TensorFlow, which is not installed: pip install 'cs2s[cpu]' or 'cs2s[gpu]'."
        ) from error
