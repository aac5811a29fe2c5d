"""The command line: ``cs2s data | train | sample | evaluate | animate | predict | convert | import-checkpoint``."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from cs2s import __version__
from cs2s.cli.interruptions import interruptible
from cs2s.cli.streams import abandon, check_printable, complain, usable_streams
from cs2s.datasets.descriptions import DESCRIPTIONS, PREDICTED
from cs2s.errors import InputError, near, printable
from cs2s.evaluation.foreign import FILE_STRIDE
from cs2s.evaluation.leaps import LEAP
from cs2s.evaluation.protocols import POSITIONS, PROTOCOLS, STRIDE
from cs2s.files.formats import FORMATS, WRITTEN
from cs2s.motion.orientation import AXES
from cs2s.networks.options import VARIANTS
from cs2s.training.pretrained import DEFAULT, PREFIX
from cs2s.training.settings import KINDS, PRESETS, preset_defaults, settings_of
from cs2s.training.workers import DISTRIBUTIONS

__all__ = ["main"]

_CHECKPOINT = "which checkpoint (default: the best on validation windows if they were watched, else the last)"

_EPILOG = """\
examples:
  cs2s train --dataset demo --run runs/mine --iterations 300 --learning-rate 1e-3
  cs2s sample --run runs/mine --out samples.h5
  cs2s evaluate --dataset demo --predictor zero-velocity
  cs2s animate samples.h5 --action walking --out walking.gif
  cs2s predict mine.bvh --run runs/mine --out next.bvh
"""


class _Parser(argparse.ArgumentParser):
    """Reports a wrong argument in one sentence and points at the help, without printing all of the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"cs2s: {printable(message)}; see '{self.prog} --help'.\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Suggest the nearest of a few words."""
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += near(value, map(str, action.choices or ()))
            raise


def _new_file(word: str) -> Path:
    """Return the file to write that a word names, whose folder must be there: one that is misspelt is not made."""
    path = Path(word)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent} to write {path.name} into: make it first")
    return path


def _build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cs2s",
        description="Predict human motion: the convolutional sequence-to-sequence model of Li et al., CVPR 2018.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cs2s {__version__}", help="print the version")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    _add_data(subparsers)
    _add_train(subparsers)
    _add_sample(subparsers)
    _add_evaluate(subparsers)
    _add_animate(subparsers)
    _add_predict(subparsers)
    _add_convert(subparsers)
    _add_import(subparsers)
    _add_results(subparsers)
    _add_experiments(subparsers)
    _add_notebooks(subparsers)
    return parser


def _add_data_choice(parser: argparse.ArgumentParser, *names: str, required: bool = True) -> None:
    extra: dict[str, Any] = {"required": required} if names[0].startswith("-") else {}
    parser.add_argument(*names, metavar="DATASET", choices=list(DESCRIPTIONS), help=", ".join(DESCRIPTIONS), **extra)
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="D",
        help="folder of the data set (default: its folder in $CS2S_DATA_DIR, else where 'data download' puts it)",
    )


def _add_data(subparsers: argparse._SubParsersAction) -> None:
    data = subparsers.add_parser("data", help="list, describe and download data sets")
    actions = data.add_subparsers(required=True, metavar="ACTION", dest="action")
    listing = actions.add_parser("list", help="what data sets there are, and where to get them")
    listing.set_defaults(do="data.show_list")
    info = actions.add_parser("info", help="what a data set holds: files, frames, actions, what is missing")
    _add_data_choice(info, "dataset")
    info.add_argument("--json", type=_new_file, metavar="FILE", help="also write what was measured to this file")
    info.set_defaults(do="data.show_info")
    fetch = actions.add_parser("download", help="fetch a data set from its public source, checked file by file")
    fetch.add_argument("dataset", metavar="DATASET", help="cmu (human3.6m may not be redistributed)")
    fetch.add_argument("--to", type=Path, metavar="D", help="folder to put it into (default: where it is looked for)")
    fetch.add_argument("--from", dest="url", metavar="URL", help="another address of the same files")
    fetch.set_defaults(do="data.fetch")
    _add_own(actions)


def _add_own(actions: argparse._SubParsersAction) -> None:
    own = actions.add_parser(
        "add",
        help="add your own motion files to a folder that 'train --dataset own --data-dir D' takes",
        description="Put motion files onto the CMU skeleton and into a folder in the benchmark's layout.",
    )
    own.add_argument("files", nargs="+", type=Path, metavar="FILE", help=", ".join(FORMATS))
    own.add_argument("--action", required=True, metavar="NAME", help="what is done in them")
    own.add_argument("--to", type=Path, required=True, metavar="DIR", help="the data folder; made if it is not there")
    own.add_argument("--split", choices=("train", "test"), default="train", help="to train on (default), or to test")
    own.add_argument(
        "--fps",
        type=float,
        metavar="F",
        help="frames a second of the folder, settled by its first files (default: 120; windows take every second one)",
    )
    own.add_argument(
        "--skip", type=int, default=0, metavar="N", help="leave out the first N frames (1: the T-pose of CMU BVH files)"
    )
    _add_source(own)
    own.set_defaults(do="data.add")


def _add_source(parser: argparse.ArgumentParser) -> None:
    """Add what motion files do not say of themselves, or say wrongly."""
    parser.add_argument("--asf", type=Path, metavar="FILE", help="skeleton of an AMC file (default: found beside it)")
    parser.add_argument(
        "--source-fps", type=float, metavar="F", help="frames a second of the file (default: what it says; AMC: 120)"
    )
    parser.add_argument(
        "--unit-mm",
        type=float,
        metavar="U",
        help="millimetres in the file's unit of length (default: what it says; BVH: guessed from the person's size)",
    )
    _add_names(parser)
    _add_axes(parser)


def _add_axes(parser: argparse.ArgumentParser) -> None:
    """Add how a motion file's axes lie."""
    for option, help_of in (
        ("--up", "which axis of the file is up: y, z, x, -y, ... (default: judged from the frames)"),
        ("--forward", "which axis of the file becomes z (default: none is turned, or where the rest pose looks)"),
    ):
        parser.add_argument(option, choices=AXES, metavar="AXIS", help=help_of)


def _add_names(parser: argparse.ArgumentParser) -> None:
    """Add the option that says which joint is which."""
    parser.add_argument(
        "--names",
        type=Path,
        metavar="FILE",
        help="a text of lines 'CMU_NAME name in the motion file', for joints that no known naming scheme has",
    )


def _add_train(subparsers: argparse._SubParsersAction) -> None:
    train = subparsers.add_parser(
        "train",
        help="train the model; can be interrupted and resumed at any moment",
        description="Train the model. The defaults are those of the preset; without one, the paper's settings.",
    )
    _add_data_choice(train, "--dataset", required=False)
    train.add_argument("--run", type=Path, required=True, metavar="DIR", help="run directory")
    train.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the run directory")
    _add_settings(train)
    train.add_argument("--tensorboard", type=Path, metavar="DIR", help="write TensorBoard logs into this folder")
    train.add_argument(
        "--deterministic", action="store_true", help="bit-identical repetition on the same machine; slower"
    )
    train.add_argument(
        "--distribute",
        choices=DISTRIBUTIONS,
        help="share each batch among all 'devices' of this machine or all 'workers' of TF_CONFIG (default: one device)",
    )
    train.add_argument("--quiet", action="store_true", help="a line for each stretch instead of a progress bar")
    train.set_defaults(do="commands.train")


def _add_settings(train: argparse.ArgumentParser) -> None:
    """Offer all settings, those that only some presets have a use for in groups of their own."""
    defaults = {preset: preset_defaults(preset).as_dict() for preset in PRESETS}
    groups: dict[tuple[str, ...], argparse._ActionsContainer] = {PRESETS: train}
    known = {name: setting for kind in KINDS for name, setting in settings_of(kind).items()}
    # Those of all presets first.
    for name in sorted(known, key=lambda name: -sum(name in values for values in defaults.values())):
        setting, users = known[name], tuple(preset for preset in PRESETS if name in defaults[preset])
        if users not in groups:
            groups[users] = train.add_argument_group(f"settings of the presets {', '.join(users)}")
        # The values of the paper's variants are the paper's.
        told = {preset: defaults[preset][name] for preset in users if preset not in VARIANTS or preset == "paper"}
        if name == "preset":
            default = f"{', '.join(PRESETS)}; default: paper"
        elif len(told) > 1 and len(set(told.values())) == 1:
            default = f"default: {next(iter(told.values()))}"
        else:
            default = ", ".join(f"{preset}: {value}" for preset, value in told.items())
        # No default for argparse: what was not given is taken from the preset, or from the run that is resumed.
        groups[users].add_argument(
            "--" + name.replace("_", "-"),
            type=setting.kind,
            metavar=setting.kind.__name__.upper(),
            help=f"{setting.help} ({default})",
        )


def _add_sample(subparsers: argparse._SubParsersAction) -> None:
    sample = subparsers.add_parser(
        "sample", help="predict the test windows with a trained run, and write them to a file"
    )
    sample.add_argument("--run", type=Path, required=True, metavar="DIR", help=f"run directory, or {PREFIX}NAME")
    sample.add_argument("--checkpoint", type=int, metavar="N", help=_CHECKPOINT)
    sample.add_argument(
        "--output-length", type=int, default=PREDICTED, metavar="N", help=f"frames to predict (default: {PREDICTED})"
    )
    sample.add_argument("--data-dir", type=Path, metavar="D", help="folder of the data set of the run")
    sample.add_argument("--out", type=Path, required=True, metavar="FILE", help="the sample file (HDF5) to write")
    sample.set_defaults(do="commands.sample")


def _add_import(subparsers: argparse._SubParsersAction) -> None:
    convert = subparsers.add_parser(
        "import-checkpoint", help="turn a TensorFlow 1 checkpoint of the paper's authors into a run directory"
    )
    convert.add_argument("prefix", type=Path, metavar="PREFIX", help="common start of its .index and .data files")
    _add_data_choice(convert, "--dataset")
    convert.add_argument("--run", type=Path, required=True, metavar="DIR", help="run directory to make")
    convert.set_defaults(do="commands.import_checkpoint")


def _add_results(subparsers: argparse._SubParsersAction) -> None:
    export = subparsers.add_parser(
        "export", help="write the predicting weights of runs into one file, like those that come with the program"
    )
    export.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="run directories; several are averaged")
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="file to write, ending in .npz")
    export.add_argument(
        "--full-precision", dest="bits", action="store_const", const=32, help="32 bits a weight, not 16"
    )
    export.add_argument("--eight-bits", dest="bits", action="store_const", const=8, help="8 bits a weight, not 16")
    export.set_defaults(bits=16)
    export.set_defaults(do="results.export")
    tables = subparsers.add_parser(
        "results",
        help="write the project's tables anew, after measuring runs if some are named",
        description="Measure runs trained on CMU, and every predictor that comes with the program, under both "
        "protocols; keep the numbers in data/results; write all tables from them. Runs that held out validation "
        "windows are measured on those alone.",
    )
    tables.add_argument("runs", nargs="*", type=Path, metavar="RUN", help="run directories to measure")
    tables.add_argument("--data-dir", type=Path, metavar="D", help="folder of the CMU data")
    tables.add_argument("--out", type=Path, default=Path("data/results"), metavar="DIR", help="where numbers are kept")
    tables.add_argument(
        "--page", type=Path, default=Path("data/results/README.md"), metavar="FILE", help="file with tables in it"
    )
    tables.set_defaults(do="results.results")
    study = subparsers.add_parser(
        "window-study", help="measure what hangs on the choice of eight test windows, for zero velocity"
    )
    _add_data_choice(study, "dataset")
    study.add_argument("--json", type=_new_file, required=True, metavar="FILE", help="file to write")
    study.set_defaults(do="results.window_study")
    leaps = subparsers.add_parser(
        "leap-study",
        help="find the joints whose Euler angles leap in the paper's test windows, and what they make of the error",
    )
    _add_data_choice(leaps, "dataset")
    leaps.add_argument(
        "--predictor", required=True, metavar="P", help="a baseline, a run directory or pretrained:NAME, as in evaluate"
    )
    leaps.add_argument("--frame", type=int, default=9, metavar="N", help="the predicted frame, from 0 (default: 9)")
    leaps.add_argument(
        "--over", type=float, default=LEAP, metavar="R", help=f"radians of Euler error of a joint (default: {LEAP:g})"
    )
    leaps.add_argument("--json", type=_new_file, metavar="FILE", help="also write what was found to this file")
    leaps.set_defaults(do="results.leap_study")
    critic = subparsers.add_parser(
        "critic-study",
        help="measure how much the critic weighs at every checkpoint of runs that were watched on validation windows",
    )
    critic.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="run directories of the paper's network")
    critic.add_argument("--action", default="walking", metavar="A", help="whose prediction to keep (default: walking)")
    critic.add_argument("--window", type=int, default=0, metavar="N", help="which of its windows (default: 0)")
    critic.add_argument("--json", type=_new_file, required=True, metavar="FILE", help="file to write")
    critic.set_defaults(do="results.critic_study")
    network = subparsers.add_parser("draw-network", help="draw the paper's generator")
    network.add_argument("out", type=Path, metavar="FILE", help="picture to write, ending in .png or .svg")
    network.set_defaults(do="results.draw_network")


def _add_experiments(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "experiments",
        help="run one of the project's experiments: train or resume each of its runs, then measure",
        description="Run one of the project's experiments, which data/experiments.toml describes: train its runs in "
        "runs/, one after the other (what is finished is skipped, what was interrupted goes on), then measure them. "
        "Without a name: list the experiments.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="which experiment")
    parser.add_argument("--list", action="store_true", help="only show how far its runs are and what would be done")
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="other experiments, written like data/experiments.toml"
    )
    parser.set_defaults(do="experiments.run_or_list")


def _add_notebooks(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "notebooks", help="copy the chapters of the workbook into a folder, to open and change"
    )
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="the folder; files that are there already are kept"
    )
    parser.set_defaults(do="chapters.copy")


def _add_evaluate(subparsers: argparse._SubParsersAction) -> None:
    evaluate = subparsers.add_parser(
        "evaluate", help="print the error table of a baseline, a run or a sample file, or of predictors on motion files"
    )
    evaluate.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help=f"a sample file whose stored table to print; or motion files ({', '.join(FORMATS)}) to evaluate "
        "predictors on, beside freezing",
    )
    _add_data_choice(evaluate, "--dataset", required=False)
    evaluate.add_argument(
        "--predictor",
        action="append",
        metavar="P",
        help="zero-velocity, running-average-2, running-average-4, a run directory or pretrained:NAME; may be repeated",
    )
    evaluate.add_argument(
        "--protocol",
        choices=list(PROTOCOLS),
        default="paper",
        help="paper (default): eight windows an action, its angle error; corrected: all windows, degrees, millimetres, "
        "NPSS, intervals; positions: as papers since 2020 print on CMU, all windows, positions in their millimetres",
    )
    evaluate.add_argument(
        "--stride",
        type=int,
        metavar="N",
        help=f"frames between two windows (default: {STRIDE} for corrected, {POSITIONS.cut.stride} for positions, "
        f"{FILE_STRIDE} for motion files)",
    )
    evaluate.add_argument(
        "--compare",
        action="store_true",
        help="paper, positions: also print what papers print, and what is not comparable",
    )
    _add_axes(evaluate)
    _add_names(evaluate)
    evaluate.add_argument(
        "--brief", action="store_true", help="say only how the predictors compare with freezing, without a table"
    )
    evaluate.add_argument("--json", type=_new_file, metavar="FILE", help="also write all errors to this file")
    evaluate.set_defaults(do="commands.evaluate")


def _add_animate(subparsers: argparse._SubParsersAction) -> None:
    animate = subparsers.add_parser("animate", help="draw a window of a sample file: prediction beside ground truth")
    animate.add_argument(
        "samples", type=Path, nargs="+", help="a sample file; several, of the same windows, are shown side by side"
    )
    animate.add_argument("--action", required=True, metavar="A", help="which action")
    animate.add_argument("--sample", type=int, default=0, metavar="N", help="which of its windows (default: 0)")
    animate.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="picture to write: .gif, .mp4, .html or .png"
    )
    animate.add_argument("--speed", type=float, default=1.0, metavar="S", help="1 is real time, 0.5 half of it")
    animate.set_defaults(do="commands.animate")


def _add_predict(subparsers: argparse._SubParsersAction) -> None:
    predict = subparsers.add_parser(
        "predict",
        help="predict what comes next in a motion file of your own",
        description="Take the last 50 frames of a motion file and append what a trained run predicts.",
    )
    predict.add_argument(
        "motion", type=Path, metavar="MOTION", help=f"a motion file: {', '.join(FORMATS)}; or demo:walking and the like"
    )
    predict.add_argument(
        "--run",
        type=Path,
        default=Path(PREFIX),
        metavar="DIR",
        help=f"run directory, or {PREFIX}NAME (default: {PREFIX}{DEFAULT})",
    )
    predict.add_argument("--checkpoint", type=int, metavar="N", help=_CHECKPOINT)
    predict.add_argument(
        "--frames", type=int, default=PREDICTED, metavar="N", help=f"frames to predict (default: {PREDICTED})"
    )
    predict.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="a motion file, or a picture: .gif, .mp4, .html, .png"
    )
    predict.add_argument(
        "--skeleton",
        choices=("own", "cmu"),
        help="whose skeleton a BVH file is written on: the file's own, with all its frames (default where MOTION and "
        "OUT are BVH), or the predictor's",
    )
    predict.add_argument(
        "--held-back",
        action="store_true",
        help="predict the last frames of the file, and draw what came beside it and freezing; OUT is a picture",
    )
    _add_source(predict)
    predict.set_defaults(do="commands.predict")


def _add_convert(subparsers: argparse._SubParsersAction) -> None:
    convert = subparsers.add_parser("convert", help="turn a motion file into one of another format")
    convert.add_argument(
        "motion", type=Path, metavar="IN", help=f"a motion file: {', '.join(FORMATS)}; or demo:walking and the like"
    )
    convert.add_argument("out", type=Path, metavar="OUT", help=f"the file to write: {', '.join(WRITTEN)}")
    convert.add_argument("--fps", type=float, metavar="F", help="frames a second of OUT (default: as in IN)")
    convert.add_argument(
        "--retarget", action="store_true", help="put it onto the CMU skeleton (.txt always is on it, or Human3.6M's)"
    )
    _add_source(convert)
    convert.set_defaults(do="motion_files.convert")


def _joined(words: Sequence[str]) -> list[str]:
    """Join ``--up -y`` to ``--up=-y``: argparse takes an axis with a minus for an option."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in ("--up", "--forward") and word in AXES:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: the words after ``cs2s``; those of the process if None.

    Returns:
        The exit code: 0, 2 for bad input (after one sentence on stderr), 130 when interrupted, 143 when terminated.
    """
    with usable_streams(), interruptible() as interruption:
        try:
            code = _main(arguments)
        except BaseException:
            # Libraries may make something else of an interruption.
            if not interruption.code:
                raise
            code = interruption.code
        return code and (interruption.code or code)


def _main(arguments: Sequence[str] | None) -> int:
    """Run the command line, see `main`."""
    try:
        words = sys.argv[1:] if arguments is None else arguments
        for word in words:
            check_printable(word)
        parsed = _build_parser().parse_args(_joined(words))
        # Imported only now, by name, so that help and plain tables need not wait for what other commands load.
        module, _, function = parsed.do.rpartition(".")
        getattr(import_module(f"cs2s.cli.{module}"), function)(parsed)
        # Flushed here, so that a reader who has gone away is noticed inside this block.
        sys.stdout.flush()
    except InputError as error:
        complain(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `cs2s ... | head`: the reader has enough.
        abandon(sys.stdout)
    except OSError as error:
        # What no module foresaw: a name too long, a disk that is full, a folder without permission.
        complain(f"{error.filename or 'a file'}: {error.strerror or error}.")
        abandon(sys.stdout)
        return 2
    return 0
