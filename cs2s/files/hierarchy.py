"""The tree of joints as a motion file tells it, on its way to or from a `Skeleton`.

Files name joints, not the ends of the last bones; here, as in the benchmark, an end is called after its joint:
``Head`` ends in ``HeadEnd``. Taught in ``notebooks/08_your_own_motion``.
"""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.reading import fault
from cs2s.motion.limits import FPS, LARGEST, UNIT_MM
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton

__all__ = [
    "MOST_JOINTS",
    "JointNames",
    "bone_ends",
    "check_lengths",
    "check_name",
    "check_numbers",
    "check_savable",
    "children",
    "end_name",
    "euler_degrees",
    "savable",
]

MOST_JOINTS = 1000


def check_name(name: str) -> None:
    """Make sure that motion files can hold a joint's name.

    Raises:
        InputError: if it is empty, or holds braces or characters that cannot be printed.
    """
    if not name.strip() or not name.isprintable() or set(name) & set("{}") or len(name) > 200:
        raise InputError(f"{name[:40]!r} cannot name a joint: use 1 to 200 printable characters without braces.")


class JointNames:
    """Keeps the names of a file's joints apart.

    Args:
        path: the file, for messages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[str, int] = {}

    def add(self, name: str, line: int) -> None:
        """Note the joint that is named in a line.

        Raises:
            InputError: if the name is taken or no name, or there are more than 1000 joints.
        """
        try:
            check_name(name)
        except InputError as error:
            raise fault(self._path, line, str(error)) from error
        if name in self._lines:
            raise fault(self._path, line, f"the joint '{name}' was there already, in line {self._lines[name]}.")
        if len(self._lines) == MOST_JOINTS:
            raise fault(self._path, line, f"more than {MOST_JOINTS} joints; a motion file has fewer.")
        self._lines[name] = line


def euler_degrees(expmaps: np.ndarray, order: str) -> np.ndarray:
    """Return Euler angles ``(frames, 3)``, degrees, in SciPy's `order`, of stored exponential maps ``(frames, 3)``."""
    with warnings.catch_warnings():
        # In gimbal lock one of many equal triplets is chosen, and SciPy warns of it: any will do.
        warnings.simplefilter("ignore", UserWarning)
        return Rotation.from_rotvec(-expmaps).as_euler(order, degrees=True)


def end_name(joint: str, taken: Collection[str]) -> str:
    """Name the end of a joint's bone: ``HeadEnd`` for ``Head``, or ``HeadEnd2`` and so on where that is taken."""
    name, count = f"{joint}End", 1
    while name in taken:
        count += 1
        name = f"{joint}End{count}"
    return name


def check_numbers(*numbers: np.ndarray) -> None:
    """Make sure that numbers to be written can be read again.

    Raises:
        InputError: if one is not finite or beyond what the readers accept.
    """
    if not all(np.abs(some).max(initial=0) <= LARGEST for some in numbers):
        raise InputError("the motion holds numbers that are not between -1e9 and 1e9, which cannot be read again.")


def check_lengths(skeleton: Skeleton, lines: tuple[Path, Mapping[str, int]] | None = None) -> None:
    """Make sure that a skeleton's bones are no longer than files of every format can hold.

    Args:
        skeleton: whose bones.
        lines: the file that they were read from and the line in which each joint begins, for messages.

    Raises:
        InputError: if a bone is longer than 1e9 millimetres, or 1e9 of the skeleton's units of length.
    """
    # Told in millimetres in some files, in the unit of length in others; as offsets, or as lengths of bones.
    lengths = np.linalg.norm(skeleton.offsets, axis=1) / min(1, skeleton.unit_mm)
    joint = int(np.argmax(lengths))
    if lengths[joint] <= LARGEST:
        return
    name = skeleton.joints[joint]
    sentence = f"the bone to '{name}' is {np.linalg.norm(skeleton.offsets[joint]):.4g} mm long, which no bone is."
    raise fault(lines[0], lines[1][name], sentence) if lines and name in lines[1] else InputError(sentence)


def check_savable(motion: Motion) -> None:
    """Make sure that what is written of a motion can be read again.

    Raises:
        InputError: if there is no frame, a joint's name cannot stand in a file, or a number is not finite or beyond
            what the loaders accept.
    """
    if not len(motion):
        raise InputError("a motion without a frame cannot be saved.")
    finite = np.isfinite(motion.rows).all(axis=1)
    if not finite.all():
        raise InputError(f"frame {int(np.argmin(finite)) + 1} of the motion holds numbers that are not finite.")
    skeleton = motion.skeleton
    if not FPS[0] <= motion.fps <= FPS[1]:
        raise InputError(f"a motion of {motion.fps:g} frames a second cannot be saved: between 0.1 and 10000 can.")
    if not UNIT_MM[0] <= skeleton.unit_mm <= UNIT_MM[1]:
        raise InputError(f"lengths in units of {skeleton.unit_mm:g} mm cannot be saved: between 0.0001 and 1e6 can.")
    check_numbers(motion.rows)
    check_lengths(skeleton)
    for name in motion.skeleton.joints:
        check_name(name)


def savable(motion: Motion) -> Motion:
    """Return a motion as files of joints can hold it: its root absolute, its rows float64.

    Raises:
        InputError: if it does not pass `check_savable`.
    """
    check_savable(motion)
    motion = replace(motion, rows=np.asarray(motion.rows, np.float64)).in_world()
    check_numbers(motion.rows)
    return motion


def children(skeleton: Skeleton) -> list[list[int]]:
    """Return for each joint the indices of its children, in the skeleton's order."""
    below: list[list[int]] = [[] for _ in skeleton.joints]
    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0:
            below[parent].append(joint)
    return below


def bone_ends(skeleton: Skeleton, expmaps: np.ndarray) -> set[int]:
    """Return the joints that only mark where a bone ends, so that a file need not name them.

    These have no children, are called after their joint (``Head``, ``HeadEnd``) and never turn.

    Args:
        skeleton: the joints.
        expmaps: ``(frames, joints, 3)``, radians: how they turn.
    """
    below = children(skeleton)
    still = ~np.any(expmaps, axis=(0, 2))
    names = skeleton.joints
    called = (parent >= 0 and names[joint] == names[parent] + "End" for joint, parent in enumerate(skeleton.parents))
    return {joint for joint, fits in enumerate(called) if fits and still[joint] and not below[joint]}
