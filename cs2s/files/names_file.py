"""Which joint is which, told by a person for a file whose names no scheme knows.

A text of lines ``CMU_NAME name in the file``; ``#`` begins a comment, ``-`` says that the file has no such joint.
Taught in ``notebooks/08_your_own_motion``.
"""

from pathlib import Path

from cs2s.files.reading import fault, read_lines
from cs2s.motion.joint_names import NO_JOINT
from cs2s.motion.skeleton import CMU

__all__ = ["load_names"]

_JOINTS = [joint for number, joint in enumerate(CMU.joints) if number not in CMU.end_sites]


def load_names(path: Path | str) -> dict[str, str]:
    """Load CMU joint -> the joint of other files.

    Raises:
        InputError: naming file and line, if a line is not ``CMU_NAME name``, names a joint that CMU does not have, or
            names one twice; or if there is no line.
    """
    path = Path(path)
    told: dict[str, str] = {}
    for count, text in enumerate(read_lines(path, "names"), start=1):
        # In the middle of a line, a comment needs a blank before it: names may hold the sign.
        line = "" if text.lstrip().startswith("#") else text.partition(" #")[0].strip()
        if not line:
            continue
        joint, _, name = line.partition(" ") if "\t" not in line else line.partition("\t")
        name = name.strip()
        if not name:
            raise fault(
                path, count, f"'{line[:40]}' is one word; write a CMU joint and its name in the file: Hips pelvis."
            )
        if joint not in _JOINTS:
            raise fault(path, count, f"the CMU skeleton has no joint '{joint[:40]}'; it has {', '.join(_JOINTS)}.")
        if joint in told:
            raise fault(path, count, f"{joint} was there already.")
        if name != NO_JOINT and name in told.values():
            raise fault(path, count, f"'{name[:40]}' was there already, for another joint.")
        told[joint] = name
    if not told:
        raise fault(path, 1, "no line names a joint; write lines like 'Hips pelvis'.")
    return told
