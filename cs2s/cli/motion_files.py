"""Motion files on the command line: ``cs2s convert``, and what it has in common with other commands that take them."""

import sys
from argparse import Namespace
from pathlib import Path

from cs2s.datasets.descriptions import Description
from cs2s.datasets.loading import load
from cs2s.errors import InputError
from cs2s.files.doubts import person_metres
from cs2s.files.formats import format_of, load_motion, save_motion
from cs2s.files.names_file import load_names
from cs2s.files.writing import resolved
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.retargeting import RetargetReport, retarget
from cs2s.motion.skeleton import CMU_ROWS, HUMAN36M_ROWS

__all__ = [
    "DEMO",
    "add_notes",
    "check_apart",
    "convert",
    "goes_on_itself",
    "load_told",
    "retargeted",
    "save_going_on",
    "tell_notes",
    "told_names",
]

DEMO = "demo:"
"""Before an action, instead of the name of a file: its test take in the demo data, for who has no file at hand."""


def convert(arguments: Namespace) -> None:
    """Turn a motion file into one of another format."""
    check_apart(arguments.motion, arguments.out)
    kind = format_of(arguments.out, write=True)
    motion = load_told(arguments.motion, arguments)
    if arguments.retarget or (kind.of_benchmark and motion.skeleton.joints != HUMAN36M_ROWS.skeleton.joints):
        motion = retargeted(motion, arguments)
    if arguments.fps is not None:
        # Leaving frames out would lose the steps in them.
        motion = resample(motion.in_world(), arguments.fps)
    save_motion(motion, arguments.out)
    print(f"{len(motion)} frames at {motion.fps:g} a second are in {arguments.out}")
    add_notes(motion, arguments.out)


def check_apart(motion: Path, out: Path) -> None:
    """Make sure that what is written does not replace what is read.

    Raises:
        InputError: if both are the same file.
    """
    if resolved(motion) == resolved(out):
        raise InputError(f"{out} would be written over the motion that is read; name another file.")


def add_notes(motion: Motion, out: Path) -> None:
    """Say where the skeleton of a motion file is, and that rows were written at another rate than taken for."""
    if format_of(out).with_asf:
        print(f"its skeleton is in {out.with_suffix('.asf')}")
    usual = (HUMAN36M_ROWS if motion.skeleton.joints == HUMAN36M_ROWS.skeleton.joints else CMU_ROWS).fps
    if format_of(out).of_benchmark and motion.fps != usual:
        print(
            f"note: such rows say no frame rate, and are taken for {usual:g} a second; 'cs2s convert --fps {usual:g}' "
            f"makes them so, and --source-fps {motion.fps:g} reads them as they are."
        )


def load_told(path: Path, arguments: Namespace) -> Motion:
    """Load a motion file, or a take of the demo data, and say what it holds, and what is doubtful in it."""
    if str(path).startswith(DEMO):
        motion = _demo_take(str(path).removeprefix(DEMO))
    else:
        motion = load_motion(path, asf=arguments.asf, fps=arguments.source_fps, unit_mm=arguments.unit_mm)
    metres = person_metres(motion.skeleton)
    print(
        f"{path}: {len(motion)} frames at {motion.fps:g} a second, {len(motion.skeleton.joints)} joints and ends of "
        f"bones, unit of length {motion.skeleton.unit_mm:.4g} mm"
        + (f" (a person of about {metres:.2f} m)" if metres is not None else "")
    )
    tell_notes(motion)
    return motion


def _demo_take(action: str) -> Motion:
    """Return the test take of an action of the demo data.

    Raises:
        InputError: if there is no such action.
    """
    takes = {take.action: motion for take, motion in load("demo").split("test").items()}
    if action not in takes:
        raise InputError(f"there is no {DEMO}{action}: choose one of {', '.join(DEMO + known for known in takes)}.")
    return takes[action]


def tell_notes(motion: Motion, name: str = "") -> None:
    """Say what the reader found doubtful in a file; with its name, where several files are read."""
    for note in motion.notes:
        print(f"note: {name}{': ' if name else ''}{note}", file=sys.stderr)


def told_names(arguments: Namespace) -> dict[str, str] | None:
    """Return which joint is which, if the command line names a file that says it."""
    return load_names(arguments.names) if arguments.names is not None else None


def retargeted(motion: Motion, arguments: Namespace) -> Motion:
    """Put a motion onto the CMU skeleton and say what became of its joints."""
    motion, report = retarget(motion, names=told_names(arguments), up=arguments.up, forward=arguments.forward)
    print(report)
    return motion


def goes_on_itself(arguments: Namespace, description: Description) -> bool:
    """Tell whether a prediction goes onto the file's own skeleton: from BVH to BVH it does, unless CMU's is asked for.

    Raises:
        InputError: if the own skeleton is asked for where it cannot be written.
    """
    both_bvh = all(path.suffix.lower() == ".bvh" for path in (arguments.motion, arguments.out))
    can = both_bvh and description.skeleton is CMU_ROWS.skeleton
    if arguments.skeleton == "own" and not can:
        raise InputError(
            "--skeleton own goes from a BVH file to a BVH file, with a run trained on the CMU skeleton; other files "
            "are written on the predictor's skeleton (--skeleton cmu)."
        )
    return can and arguments.skeleton != "cmu"


def save_going_on(source: Motion, predicted: Motion, report: RetargetReport, arguments: Namespace) -> None:
    """Write a BVH file with predicted frames after its own, on its own skeleton, and say what it holds.

    Args:
        source: the motion of the file as it was loaded.
        predicted: what comes next, on the CMU skeleton.
        report: of how the file was retargeted.
        arguments: of the command line.

    Raises:
        InputError: if what is predicted is shorter than one frame of the file.
    """
    from cs2s.files.bvh_continued import continue_bvh

    going_on = report.back.going_on(predicted, source.fps)
    if len(going_on) < 2:
        raise InputError(
            f"{len(predicted)} frames at {predicted.fps:g} a second are less than one frame of {arguments.motion} at "
            f"{source.fps:g} a second: predict more by --frames, tell another rate by --source-fps, or write on the "
            "CMU skeleton by --skeleton cmu."
        )
    told_rate = arguments.source_fps is not None
    observed = continue_bvh(arguments.motion, going_on, report.matched["Hips"], arguments.out, new_rate=told_rate)
    print(
        f"{arguments.out} holds all {observed} frames of the file, and {len(going_on) - 1} predicted ones at "
        f"{source.fps:g} a second, on the file's own skeleton (--skeleton cmu: on the predictor's)"
    )
    if source.skeleton.unit_mm != 1000:
        print(
            f"its unit of length is {source.skeleton.unit_mm:.4g} mm: import it into Blender with scale "
            f"{source.skeleton.unit_mm / 1000:.4g}"
        )
