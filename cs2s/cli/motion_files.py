"""Motion files on the command line: ``cs2s convert``, and what it has in common with other commands that take them."""

from argparse import Namespace
from pathlib import Path

from cs2s.errors import InputError
from cs2s.files.formats import format_of, load_motion, save_motion
from cs2s.files.writing import resolved
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU_ROWS, HUMAN36M_ROWS

__all__ = ["add_notes", "check_apart", "convert", "load_told", "retargeted"]


def convert(arguments: Namespace) -> None:
    """Turn a motion file into one of another format."""
    check_apart(arguments.motion, arguments.out)
    kind = format_of(arguments.out)
    motion = load_told(arguments.motion, arguments)
    if arguments.retarget or (kind.of_benchmark and motion.skeleton.joints != HUMAN36M_ROWS.skeleton.joints):
        motion = retargeted(motion)
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
    """Load a motion file and say what it holds."""
    motion = load_motion(path, asf=arguments.asf, fps=arguments.source_fps, unit_mm=arguments.unit_mm)
    print(
        f"{path}: {len(motion)} frames at {motion.fps:g} a second, {len(motion.skeleton.joints)} joints and ends of "
        f"bones, unit of length {motion.skeleton.unit_mm:.4g} mm"
    )
    return motion


def retargeted(motion: Motion) -> Motion:
    """Put a motion onto the CMU skeleton and say what became of its joints."""
    motion, report = retarget(motion)
    print(report)
    return motion
