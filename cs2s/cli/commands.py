"""What each command of the command line does. Only what needs the model imports TensorFlow."""

import shlex
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cs2s.datasets.descriptions import CMU_DATA, DESCRIPTIONS, OBSERVED, PREDICTED, Description
from cs2s.datasets.loading import Dataset, load
from cs2s.datasets.validation import trained_on
from cs2s.datasets.windows import Statistics, dataset_statistics
from cs2s.errors import InputError, near
from cs2s.evaluation.baselines import BASELINES, Predictor, ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, frozen, milliseconds
from cs2s.evaluation.evaluation import evaluate as evaluate_predictor
from cs2s.evaluation.foreign import FILE_MEASURES, FILE_STRIDE, SHOWN, check_evaluable, evaluate_files
from cs2s.evaluation.foreign_tables import files_table, write_files_json
from cs2s.evaluation.looks import check_logged, count_test_looks
from cs2s.evaluation.protocols import PAPER, POSITIONS, PROTOCOLS, EvaluationProtocol, EveryStart, EveryWindow
from cs2s.evaluation.published import comparison
from cs2s.evaluation.samples import read_samples, write_samples
from cs2s.evaluation.strangers import leaps_at_first, unlike_training
from cs2s.evaluation.tables import error_table, in_words, write_json
from cs2s.files.formats import FORMATS, WRITTEN, format_of, load_motion, save_motion
from cs2s.files.provenance import made_by, sha256
from cs2s.files.writing import make_folder
from cs2s.motion.motion import Motion
from cs2s.networks.tensorflow import has_tensorflow, require_tensorflow
from cs2s.training.plain import plain_predictor
from cs2s.training.pretrained import PREFIX, is_pretrained, pretrained_description, pretrained_names, read_pretrained
from cs2s.training.runs import Run
from cs2s.training.settings import KINDS, Settings, settings_of
from cs2s.training.workers import Worker

if TYPE_CHECKING:
    from cs2s.training.predictors import TrainedPredictor

__all__ = [
    "animate",
    "evaluate",
    "import_checkpoint",
    "predict",
    "predictor_named",
    "sample",
    "train",
]

_TRIED_WINDOWS = 20


def train(arguments: Namespace) -> None:
    """Train a run, new or resumed."""
    names = dict.fromkeys(["dataset", *(name for kind in KINDS for name in settings_of(kind))])
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    worker = Worker.of_environment() if arguments.distribute == "workers" else Worker()
    with ExitStack() as held:
        if arguments.resume:
            Run.open(arguments.run)
            if worker.is_chief:
                held.enter_context(Run.held(arguments.run))
            # Opened once more, now that nobody else trains it on.
            run = Run.open(arguments.run).continued(given)
            dataset = _load(run.settings.dataset, arguments.data_dir)
            run.check_data(dataset.fingerprint)
            require_tensorflow(arguments.tensorboard is not None)
            if worker.is_chief:
                run.save_settings()
        elif "dataset" in given:
            settings = Settings.for_preset(**given)
            if worker.is_chief:
                Run.check_new(arguments.run)
            dataset = _load(settings.dataset, arguments.data_dir)
            part = trained_on(dataset, settings.watch)
            statistics = dataset_statistics(part, settings.t_pose_in_statistics)
            require_tensorflow(arguments.tensorboard is not None)
            from cs2s.training.loop import training_windows

            # Tried before anything is written: a run directory should only be left behind if it can be trained.
            training_windows(part, statistics, settings)
            made_from = made_by(data=dataset.fingerprint, seed=settings.seed)
            if worker.is_chief:
                held.enter_context(Run.held(make_folder(arguments.run)))
                run = Run.create(arguments.run, settings, made_from, statistics, dataset.description)
            else:
                run = Run(arguments.run, settings, made_from, statistics)
                if run.checkpoints:
                    # The chief is refused too, and would be waited for in vain.
                    Run.check_new(arguments.run)
        else:
            raise InputError(
                f"--dataset is missing: name one of {', '.join(DESCRIPTIONS)}, or go on with a run by --resume."
            )
        before = run.checkpoints[-1] if run.checkpoints else 0
        try:
            _train(run, dataset, arguments)
        except KeyboardInterrupt:
            done = run.checkpoints[-1] if run.checkpoints else 0
            print(
                f"\nstopped; the last checkpoint is after {done} of {run.settings.iterations} iterations.\n"
                f"Go on with: {_going_on(arguments)}",
                file=sys.stderr,
            )
            raise
    if not worker.is_chief:
        return
    done = run.checkpoints[-1] if run.checkpoints else 0
    if done > before:
        print(f"trained {done - before} iterations; the run is in {run.folder}")
    else:
        print(f"nothing was left to train: the run in {run.folder} has had {done} iterations")
    print(f"next: {_pasted(['cs2s', 'sample', '--run', run.folder, '--out', 'samples.h5'])}")


def _train(run: Run, dataset: Dataset, arguments: Namespace) -> None:
    """Train a run that is held."""
    from cs2s.networks.tensorflow import keras, tf
    from cs2s.training.loop import train as train_run

    if arguments.deterministic:
        tf.config.experimental.enable_op_determinism()
    callbacks = []
    if arguments.tensorboard:
        make_folder(arguments.tensorboard)
        callbacks.append(keras.callbacks.TensorBoard(arguments.tensorboard))
    verbose = 2 if arguments.quiet else 1
    train_run(run, dataset, verbose=verbose, callbacks=callbacks, distribute=arguments.distribute)


def _going_on(arguments: Namespace) -> str:
    """Return the line that goes on with a training as it was begun, to be pasted into a shell."""
    words: list[str | Path] = ["cs2s", "train", "--run", arguments.run, "--resume"]
    words += ["--data-dir", arguments.data_dir] if arguments.data_dir else []
    words += ["--tensorboard", arguments.tensorboard] if arguments.tensorboard else []
    words += ["--distribute", arguments.distribute] if arguments.distribute else []
    words += [f"--{name}" for name in ("deterministic", "quiet") if getattr(arguments, name)]
    return _pasted(words)


def _pasted(words: Sequence[str | Path]) -> str:
    """Return words as a line that can be pasted into a shell."""
    # A folder whose name begins with a dash would be taken for an option.
    told = [f"./{word}" if isinstance(word, Path) and str(word).startswith("-") else str(word) for word in words]
    return subprocess.list2cmdline(told) if sys.platform == "win32" else shlex.join(told)


def sample(arguments: Namespace) -> None:
    """Predict the test windows with a run, or with a predictor that comes with the program; write the sample file."""
    frames = arguments.output_length
    if frames < 1:
        raise InputError(f"--output-length {frames} makes no sense: it must be at least 1.")
    dataset = _load(_trained_on(arguments.run, arguments.checkpoint).name, arguments.data_dir)
    predictor = _loaded(arguments.run, arguments.checkpoint)
    evaluation = evaluate_predictor(dataset, predictor, frames=frames)
    write_samples(arguments.out, evaluation)
    print(count_test_looks(evaluation.dataset, dataset.fingerprint))
    print(error_table(frozen(evaluation), evaluation))
    print(f"the predictions are in {arguments.out}")
    check_logged(evaluation.unlogged)


def import_checkpoint(arguments: Namespace) -> None:
    """Turn a TensorFlow 1 checkpoint of the original into a run directory."""
    Run.check_new(arguments.run)
    dataset = _load(arguments.dataset, arguments.data_dir)
    require_tensorflow()
    from cs2s.training import original_checkpoint

    run, judged = original_checkpoint.import_checkpoint(arguments.prefix, dataset, arguments.run)
    print(f"the checkpoint is in {run.folder}, as that of iteration {run.settings.iterations}")
    if not judged:
        print("it holds no discriminator: good for predicting, and to train on only with a fresh one")
    print(f"next: {_pasted(['cs2s', 'sample', '--run', run.folder, '--out', 'samples.h5'])}")


def evaluate(arguments: Namespace) -> None:
    """Print the error table of predictors, on a data set or on motion files, or the one stored in a sample file."""
    samples = arguments.files[0] if arguments.files else None
    asks_for_data = bool(arguments.dataset or arguments.data_dir)
    if (samples is not None and asks_for_data) or not (arguments.files or arguments.predictor or asks_for_data):
        raise InputError("name either a sample file, or motion files with --predictor, or --dataset with --predictor.")
    # Sample files are HDF5, as motions may be: those come alone, and hold what their predictor did.
    motion_alone = samples is not None and samples.suffix.lower() in FORMATS and samples.suffix.lower() != ".h5"
    if motion_alone or len(arguments.files) > 1 or (samples is not None and arguments.predictor):
        _evaluate_files(arguments)
        return
    protocol = PROTOCOLS[arguments.protocol]
    if arguments.stride is not None:
        if not isinstance(protocol.cut, EveryWindow | EveryStart):
            raise InputError(
                "--stride goes with --protocol corrected or positions: the paper's protocol draws eight windows an "
                "action."
            )
        protocol = replace(protocol, cut=replace(protocol.cut, stride=arguments.stride))
    if protocol is not PAPER and samples is not None:
        raise InputError("a sample file holds the paper's windows only: name --dataset and --predictor instead.")
    if arguments.compare and protocol.name not in (PAPER.name, POSITIONS.name):
        raise InputError(
            "--compare goes with --protocol paper or positions: papers print nothing under the corrected one."
        )
    if samples is not None:
        stored = read_samples(samples)
        evaluations, freezing = [stored.evaluation], stored.frozen
    else:
        evaluations, freezing = _evaluate_predictors(arguments, protocol)
    if arguments.brief:
        for evaluation in evaluations:
            print(in_words(evaluation, freezing))
    else:
        beside = [] if any(e.predictor == freezing.predictor for e in evaluations) else [freezing]
        print(error_table(*beside, *evaluations))
    if arguments.compare:
        for evaluation in evaluations:
            print("\n" + comparison(evaluation))
    if arguments.json:
        write_json(evaluations, arguments.json)
    check_logged(*(evaluation.unlogged for evaluation in evaluations))


def _evaluate_predictors(arguments: Namespace, protocol: EvaluationProtocol) -> tuple[list[Evaluation], Evaluation]:
    """Evaluate the predictors that are named, and freezing, which every table shows."""
    if not (arguments.dataset and arguments.predictor):
        raise InputError("--dataset and --predictor go together: name both.")
    predictors = [predictor_named(name, arguments.dataset) for name in arguments.predictor]
    dataset = _load(arguments.dataset, arguments.data_dir)
    evaluations = [evaluate_predictor(dataset, predictor, protocol) for predictor in predictors]
    still = ZeroVelocity()
    freezing = next((evaluation for evaluation in evaluations if evaluation.predictor == still.name), None)
    if freezing is None:
        # Of windows that are kept no new look is needed.
        kept = evaluations[0].motions
        freezing = frozen(evaluations[0]) if kept else evaluate_predictor(dataset, still, protocol)
    print(count_test_looks(dataset.description.name, dataset.fingerprint))
    return evaluations, freezing


def _evaluate_files(arguments: Namespace) -> None:
    """Print the errors of predictors on motion files, those of freezing first."""
    if not arguments.predictor:
        raise InputError("motion files are there to evaluate predictors on: name one or more by --predictor.")
    if arguments.brief:
        raise InputError("--brief goes with --dataset or a sample file: of motion files there is only the table.")
    if arguments.protocol != PAPER.name or arguments.compare:
        raise InputError(
            "--protocol and --compare go with --dataset: motion files are evaluated in a way of their own."
        )
    stride = FILE_STRIDE if arguments.stride is None else arguments.stride
    if stride < 1:
        raise InputError(f"--stride {stride} makes no sense: it must be at least 1.")
    motions, facts = _motions_to_evaluate(arguments.files, arguments)
    names = dict.fromkeys([ZeroVelocity().name, *arguments.predictor])
    predictors = [predictor_named(name) for name in names]
    evaluations = [evaluate_files(motions, predictor, stride, facts) for predictor in predictors]
    print(files_table(evaluations))
    if arguments.json:
        write_files_json(evaluations, arguments.json)


def _motions_to_evaluate(paths: list[Path], arguments: Namespace) -> tuple[dict[str, Motion], dict[str, object]]:
    """Load motion files, leave out those without a window and say so; return the others by name, and checksums."""
    # Imported here, because resampling and retargeting load SciPy, and tables need neither.
    from cs2s.cli.motion_files import tell_notes, told_names
    from cs2s.files.amc import find_asf
    from cs2s.training.continuation import prepare

    joints = told_names(arguments)
    by_name = [path.name for path in paths]
    motions, checksums, left_out = {}, {}, []
    for path in paths:
        name = path.name if by_name.count(path.name) == 1 else str(path)
        if name in motions or name in left_out:
            raise InputError(f"{path} is named twice.")
        # Every predictor gets the same windows: at the rate of the CMU data, whatever it is.
        source = load_motion(path)
        tell_notes(source, name)
        motion, report = prepare(source, CMU_DATA, names=joints, up=arguments.up, forward=arguments.forward)
        for note in report.notes if report else ():
            print(f"note: {name}: {note}", file=sys.stderr)
        checksums[name] = sha256(path)
        if format_of(path).with_asf:
            skeleton = find_asf(path)
            checksums[f"{name} ({skeleton.name})"] = sha256(skeleton)
        try:
            check_evaluable(name, motion)
        except InputError as error:
            if len(paths) == 1:
                raise
            left_out.append(name)
            print(f"note: left out: {error}", file=sys.stderr)
        else:
            motions[name] = motion
    if not motions:
        raise InputError("none of the files has a window to predict: name one that lasts longer.")
    return motions, {"sha256": checksums, "left_out": left_out}


def predictor_named(name: str, dataset: str | None = None) -> Predictor:
    """Return the baseline called `name`, the model of the run directory `name`, or one that comes with the program.

    Raises:
        InputError: if there is none, or it was trained on other data than the data set, or, if that is None, on such
            as it cannot predict motion files on the CMU skeleton.
    """
    if name in BASELINES:
        return BASELINES[name]
    if not is_pretrained(name) and not Path(name).is_dir():
        known = ", ".join([*BASELINES, *(PREFIX + name for name in pretrained_names())])
        meant = near(name, [*BASELINES, *(PREFIX + name for name in pretrained_names())])
        raise InputError(f"there is no predictor '{name}'{meant}: name a run directory or one of {known}.")
    trained_on = _trained_on(name)
    if dataset is None and (trained_on.skeleton is not CMU_DATA.skeleton or trained_on.fps != CMU_DATA.fps):
        raise InputError(
            f"the predictor {name} was trained on {trained_on.name}: its frames are those of the "
            f"{trained_on.skeleton.name} skeleton at {trained_on.fps:g} a second, and motion files are evaluated on "
            f"the {CMU_DATA.skeleton.name} skeleton at {CMU_DATA.fps:g}."
        )
    if dataset is not None and trained_on.name != dataset:
        raise InputError(f"the predictor {name} was trained on {trained_on.name}, not on {dataset}.")
    return _loaded(name)


def _loaded(name: Path | str, checkpoint: int | None = None) -> "TrainedPredictor":
    """Load a trained predictor; where TensorFlow is not installed, in NumPy, if it can do without."""
    if not has_tensorflow() and is_pretrained(name) and (plain := plain_predictor(name)) is not None:
        print("note: TensorFlow is not installed; NumPy computes the same network.", file=sys.stderr)
        return plain
    require_tensorflow()
    from cs2s.training.predictors import load_predictor

    return load_predictor(name, checkpoint)


def _trained_on(name: Path | str, checkpoint: int | None = None) -> Description:
    """Return the description of the data that a run or a shipped predictor was trained on, and check that it is one."""
    if is_pretrained(name):
        if checkpoint is not None:
            raise InputError(f"--checkpoint is for run directories; {name} is one trained network.")
        return pretrained_description(name)
    run = Run.open(name)
    run.choose_checkpoint(checkpoint)
    return run.description


def _least_observed(name: Path | str) -> int:
    """Return how many frames a run or a shipped predictor must see, without TensorFlow."""
    settings = read_pretrained(name)[0].settings if is_pretrained(name) else Run.open(name).settings
    return settings.least_observed


def _statistics_of(name: Path | str) -> Statistics:
    """Return the statistics of the data that a run or a shipped predictor was trained on."""
    return read_pretrained(name)[0].statistics if is_pretrained(name) else Run.open(name).statistics


def predict(arguments: Namespace) -> None:
    """Let a run go on from the end of a motion file."""
    # Imported here, because resampling and retargeting load SciPy.
    from cs2s.cli.motion_files import add_notes, check_apart, goes_on_itself, load_told, save_going_on, told_names
    from cs2s.training.continuation import check_continuable, continue_motion, prepare

    check_apart(arguments.motion, arguments.out)
    picture = arguments.out.suffix.lower() not in FORMATS
    if arguments.held_back and not picture:
        raise InputError("--held-back draws what came beside what was predicted: OUT must be a picture.")
    if not picture:
        # Known before anything is predicted.
        format_of(arguments.out, write=True)
    else:
        # Matplotlib takes a while to import, and motion files need none.
        from cs2s.pictures.film import PICTURES, save_animation

        if arguments.out.suffix.lower() not in PICTURES:
            raise InputError(f"{arguments.out} must end in one of {', '.join([*WRITTEN, *PICTURES])}.")
    description = _trained_on(arguments.run, arguments.checkpoint)
    own = goes_on_itself(arguments, description)
    source = load_told(arguments.motion, arguments)
    motion, report = prepare(
        source, description, names=told_names(arguments), up=arguments.up, forward=arguments.forward
    )
    if report is not None:
        print(report)
    told = motion
    if arguments.held_back:
        motion = told[: max(0, len(told) - arguments.frames)]
    # Known before TensorFlow has been loaded, which takes seconds.
    check_continuable(motion, arguments.frames, _least_observed(arguments.run))
    predictor = _loaded(arguments.run, arguments.checkpoint)
    continued = continue_motion(motion, predictor, arguments.frames)
    observed = len(continued) - arguments.frames
    _tell_doubts(continued[:observed], continued[observed:], predictor, _statistics_of(arguments.run))
    if arguments.held_back:
        shown = {"freezing": continue_motion(motion, ZeroVelocity(), arguments.frames), predictor.name: continued}
        title = f"{arguments.motion.name}, its end held back"
        save_animation(told[-len(continued) :], shown, observed, arguments.out, title=title)
    elif picture:
        title = f"{arguments.motion.name}: what comes next?"
        save_animation(continued[:observed], {predictor.name: continued}, observed, arguments.out, title=title)
    elif not own:
        save_motion(continued, arguments.out)
    if own and report is not None:
        save_going_on(source, continued[observed:], report, arguments)
    else:
        print(
            f"{arguments.out} holds {observed} observed frames and {arguments.frames} predicted ones "
            f"at {continued.fps:g} a second"
        )
        if not picture and arguments.skeleton is None and source.skeleton.joints != motion.skeleton.joints:
            print("it is on the predictor's skeleton: a file's own is kept from BVH to BVH only")
    print(_tried_on(arguments.motion.name, motion, predictor, _least_observed(arguments.run)))
    if not picture and not own:
        add_notes(continued, arguments.out)


def _tell_doubts(past: Motion, future: Motion, predictor: Predictor, statistics: Statistics) -> None:
    """Say what is doubtful about a prediction, before it is written."""
    # Predictors that see rows have statistics; to others places mean nothing.
    unlike = unlike_training(past, statistics, sees_place=hasattr(predictor, "statistics"))
    for doubt in filter(None, (unlike, leaps_at_first(past, future))):
        print(f"note: {doubt}.", file=sys.stderr)


def _tried_on(name: str, motion: Motion, predictor: Predictor, least: int) -> str:
    """Say how sure a prediction is: how wrong the predictor is where a motion tells what came next."""
    observed = max(min(OBSERVED, len(motion) - PREDICTED), least)
    stride = max(1, (len(motion) - observed - PREDICTED) // _TRIED_WINDOWS)
    try:
        tried = evaluate_files({name: motion}, predictor, stride, observed=observed)
    except InputError as error:
        return f"how sure this is cannot be told: {error}"
    (file,) = tried.files.values()
    at = [milliseconds(frame, motion.fps) for frame in SHOWN]
    shown, frozen = (scores[FILE_MEASURES[0].name][list(SHOWN)] for scores in (file.errors, file.frozen))
    told = [f"{error:.0f} mm off {time:.0f} ms ahead" for error, time in zip(shown, at, strict=True)]
    doubt = "; doubt it: freezing is no worse" if (shown >= frozen)[1:].any() else ""
    return (
        f"tried on {file.windows} stretches of the file itself, after {observed} frames each, seen from "
        f"the hips, joints were {', '.join(told)} (freezing: {', '.join(f'{error:.0f}' for error in frozen)}){doubt}"
    )


def animate(arguments: Namespace) -> None:
    """Draw one window of a sample file, or of several beside each other."""
    # Matplotlib takes a while to import, and no other command draws.
    from cs2s.pictures.film import save_animation

    shown, predictions = None, {}
    for path in arguments.samples:
        samples = read_samples(path)
        evaluation = samples.evaluation
        truth, predicted = samples.motions(arguments.action, arguments.sample)
        observed = len(truth) - len(evaluation.average)
        shown = shown or (truth, observed)
        least = min(len(truth), len(shown[0]))
        if observed != shown[1] or not np.allclose(truth.rows[:least], shown[0].rows[:least], atol=1e-4):
            raise InputError(
                f"{path} does not hold the same window {arguments.sample} of {arguments.action} as "
                f"{arguments.samples[0]}: sample both from the same data, with the same seed."
            )
        if evaluation.predictor in predictions:
            raise InputError(f"{path} holds what {evaluation.predictor} predicts, as another of the files does.")
        predictions[evaluation.predictor] = predicted
    assert shown is not None
    save_animation(
        shown[0],
        predictions,
        observed=shown[1],
        out=arguments.out,
        title=f"{evaluation.dataset}, {arguments.action}, window {arguments.sample}",
        speed=arguments.speed,
    )
    print(f"the picture is in {arguments.out.resolve()}")


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
