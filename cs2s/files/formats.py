"""One way in and one way out for motion files: the ending of a file's name says its format.

`FORMATS` is the list of formats; to add one, write its module and add an entry. Of others `cs2s.files.other_formats`
says how to get there.
Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from cs2s.errors import InputError
from cs2s.files.other_formats import OTHERS
from cs2s.motion.limits import FPS, UNIT_MM
from cs2s.motion.motion import Motion

__all__ = ["FORMATS", "WRITTEN", "Format", "format_of", "load_motion", "save_motion"]


@dataclass(frozen=True)
class Format:
    """A format of motion files. Its module is imported when a file is read or written, not before.

    Attributes:
        title: one line for people.
        module: of this package; its functions ``load_NAME`` and ``save_NAME`` read and write the format.
        name: the NAME in them.
        of_benchmark: holds rows of the benchmark's skeletons and no others.
        with_asf: belongs to a skeleton file, the second argument of ``load_NAME``.
        written: whether motions can be saved in it.
    """

    title: str
    module: str
    name: str
    of_benchmark: bool = False
    with_asf: bool = False
    written: bool = True

    @property
    def load(self) -> Callable[..., Motion]:
        """The function that reads a file."""
        return self._function(f"load_{self.name}")

    @property
    def save(self) -> Callable[[Motion, Path], Path]:
        """The function that writes a motion into a file."""
        return self._function(f"save_{self.name}")

    def _function(self, name: str) -> Any:
        return getattr(import_module(f"cs2s.files.{self.module}"), name)


FORMATS = {
    ".bvh": Format("Biovision hierarchy", "bvh", "bvh"),
    ".amc": Format("Acclaim motion, with its skeleton in an .asf file", "amc", "amc", with_asf=True),
    ".txt": Format("rows of the benchmark", "text_rows", "text", of_benchmark=True),
    ".h5": Format("HDF5, as this program writes it", "hdf5", "hdf5"),
    ".npz": Format("SMPL poses, as in AMASS (read only)", "amass", "amass", written=False),
}

WRITTEN = tuple(ending for ending, kind in FORMATS.items() if kind.written)
"""Endings of files that can be written."""


def format_of(path: Path | str, write: bool = False) -> Format:
    """Return the format that the ending of a file's name says.

    Args:
        path: the file.
        write: whether it is to be written, else read.

    Raises:
        InputError: if it is none of `FORMATS`, or one that is only read is to be written.
    """
    ending = Path(path).suffix.lower()
    if ending in FORMATS and (FORMATS[ending].written or not write):
        return FORMATS[ending]
    if write:
        what = (
            f" ({FORMATS[ending].title})"
            if ending in FORMATS
            else f" ({OTHERS[ending][0]})"
            if ending in OTHERS
            else ""
        )
        raise InputError(f"{path} cannot be written{what}; the file must end in one of {', '.join(WRITTEN)}.")
    if ending == ".asf":
        raise InputError(f"{path} is a skeleton without motion; name the .amc file (it finds its .asf, or use --asf).")
    if ending in OTHERS:
        what, way = OTHERS[ending]
        raise InputError(f"{path} is not read: it holds {what}; {way}.")
    raise InputError(f"{path} must end in one of {', '.join(FORMATS)}.")


def load_motion(
    path: Path | str, *, asf: Path | str | None = None, fps: float | None = None, unit_mm: float | None = None
) -> Motion:
    """Load a motion file of any of the `FORMATS`.

    Args:
        path: the file.
        asf: the skeleton of an AMC file; if None it is looked for beside it.
        fps: frames a second, for files that do not say or are wrong.
        unit_mm: millimetres in the file's unit of length, for files that do not say or are wrong.

    Returns:
        The motion, on the file's own skeleton; its notes say what is doubtful and not settled by `fps` or `unit_mm`.

    Raises:
        InputError: if the file is not as its format wants it, or an argument makes no sense.
    """
    # Imported here, because help and lists need the table of formats alone.
    from cs2s.files.doubts import FPS_OPTION, UNIT_OPTION
    from cs2s.files.hierarchy import check_lengths

    kind = format_of(path)
    for name, value, low, high in (("fps", fps, *FPS), ("unit_mm", unit_mm, *UNIT_MM)):
        if value is not None and not low <= value <= high:
            raise InputError(f"{name} is {value:g}; it must be between {low:g} and {high:g}.")
    if asf is not None and not kind.with_asf:
        raise InputError(f"{path} needs no ASF file: leave out {asf}.")
    motion = kind.load(Path(path), asf) if kind.with_asf else kind.load(Path(path))
    if fps is not None:
        motion = replace(motion, fps=float(fps), notes=_unsettled(motion.notes, FPS_OPTION))
    if unit_mm is not None:
        skeleton = motion.skeleton
        offsets = skeleton.offsets / skeleton.unit_mm * unit_mm
        skeleton = replace(skeleton, offsets=offsets, unit_mm=float(unit_mm))
        check_lengths(skeleton)
        motion = replace(motion, skeleton=skeleton, notes=_unsettled(motion.notes, UNIT_OPTION))
    return motion


def _unsettled(notes: tuple[str, ...], option: str) -> tuple[str, ...]:
    """Return the notes that do not name an option that has been given."""
    return tuple(note for note in notes if option not in note)


def save_motion(motion: Motion, path: Path | str) -> Path:
    """Save a motion in the format that the file's ending says, whole or not at all.

    Returns:
        `path`.

    Raises:
        InputError: if the ending is none of `WRITTEN`, the format cannot hold the motion, or writing fails.
    """
    return format_of(path, write=True).save(motion, Path(path))
