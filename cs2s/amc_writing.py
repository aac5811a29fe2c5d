"""Saving motions as AMC files, with the ASF file of their skeleton: what `cs2s.amc` reads.

Taught in ``notebooks/08_your_own_motion``.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cs2s.errors import InputError
from cs2s.hierarchy import bone_ends, children, euler_degrees, savable
from cs2s.motion import Motion
from cs2s.writing import replacing

__all__ = ["save_amc"]

_INCH_MM = 25.4


@dataclass(frozen=True)
class _Bone:
    """A bone to write: its parent's place in the list (-1 for the root), and the joint that it turns, if any."""

    name: str
    parent: int
    vector: np.ndarray
    joint: int | None


def save_amc(motion: Motion, path: Path | str) -> Path:
    """Save a motion as AMC, and its skeleton beside it as ASF; each whole or not at all.

    Bones are not tilted and turn freely. Where the children of a joint begin at different places, still bones called
    ``PARENT-CHILD`` lead to them, as ``lhipjoint`` does in the CMU files. The root is called ``root``, and what has a
    meaning in the format (blanks, ``#``, ``:``, commas, parentheses) becomes ``_`` in names.

    Args:
        motion: what to save, in its skeleton's unit of length; a relative root is made absolute.
        path: the AMC file; the ASF file is that with the ending ``.asf``. The AMC file is replaced
            if it is there, another skeleton is not: motions may belong to it.

    Returns:
        `path`.

    Raises:
        InputError: if the motion is not `cs2s.hierarchy.savable`, another ASF file of that name is there, or a file
            cannot be written.
    """
    path = Path(path)
    motion = savable(motion)
    bones = _bones(motion)
    told: dict[str, np.ndarray] = {}
    for place, bone in enumerate(bones):
        if bone.joint is None or not (place == 0 or motion.expmaps[:, bone.joint].any()):
            continue
        told[bone.name] = euler_degrees(motion.expmaps[:, bone.joint], "xyz")
    root_offset = motion.skeleton.offsets[motion.skeleton.parents.index(-1)] / motion.skeleton.unit_mm
    told["root"] = np.concatenate([motion.translation + root_offset, told["root"]], axis=1)
    columns = [(name, values.tolist()) for name, values in told.items()]
    asf_path = path.with_suffix(".asf")
    content = "\n".join([*_asf_lines(bones, motion.skeleton.unit_mm, set(told)), ""]).encode()
    if asf_path.is_file() and asf_path.read_bytes() != content:
        raise InputError(f"{asf_path} is there and holds another skeleton than {path} needs; choose another name.")
    with replacing(asf_path) as asf, replacing(path) as amc:
        asf.write_bytes(content)
        with open(amc, "w", encoding="utf-8", newline="\n") as file:
            file.write(f":FULLY-SPECIFIED\n:SAMPLES-PER-SECOND {motion.fps:.10g}\n:DEGREES\n")
            for frame in range(len(motion)):
                file.write(f"{frame + 1}\n")
                file.writelines(
                    f"{name} {' '.join([f'{value:.10g}' for value in values[frame]])}\n" for name, values in columns
                )
    return path


def _bones(motion: Motion) -> list[_Bone]:
    """Return the bones of a motion's skeleton, depth first: one for each joint, and those that lead to children."""
    skeleton = motion.skeleton
    offsets, below = skeleton.offsets / skeleton.unit_mm, children(skeleton)
    ends = bone_ends(skeleton, motion.expmaps)
    bones: list[_Bone] = []
    taken = {"begin", "end"}
    ahead = [(skeleton.parents.index(-1), -1)]
    while ahead:
        joint, parent = ahead.pop()
        begins = offsets[below[joint]]
        # One bone does for all children that begin at the same place; the root has no bone of its own.
        together = len(begins) > 0 and (begins == begins[0]).all() and (parent >= 0 or not begins[0].any())
        name = _bone_name("root" if parent < 0 else skeleton.joints[joint], taken)
        here = len(bones)
        bones.append(_Bone(name, parent, begins[0] if together else np.zeros(3), joint))
        following = []
        for child in below[joint]:
            leading = here
            if not together and offsets[child].any():
                leading = len(bones)
                between = _bone_name(f"{name}-{skeleton.joints[child]}", taken)
                bones.append(_Bone(between, here, offsets[child], None))
            if child not in ends:
                following.append((child, leading))
        ahead += reversed(following)
    return bones


def _bone_name(name: str, taken: set[str]) -> str:
    """Return a name that the format can hold and that is not taken yet; note it as taken."""
    name = "_".join(name.translate(str.maketrans("#:,()", "_____")).split())
    while name.lower() in taken:
        name += "_"
    taken.add(name.lower())
    return name


def _asf_lines(bones: list[_Bone], unit_mm: float, free: set[str]) -> list[str]:
    """Return the lines of the ASF file; the bones that are `free` can turn about all axes."""
    lines = [
        ":version 1.10",
        ":name cs2s",
        ":units",
        "  mass 1.0",
        f"  length {_INCH_MM / unit_mm:.12g}",
        "  angle deg",
        ":root",
        "  order TX TY TZ RX RY RZ",
        "  axis XYZ",
        "  position 0 0 0",
        "  orientation 0 0 0",
        ":bonedata",
    ]
    for number, bone in enumerate(bones[1:], start=1):
        length = float(np.linalg.norm(bone.vector))
        x, y, z = bone.vector / length if length else (1.0, 0.0, 0.0)
        lines += ["  begin", f"    id {number}", f"    name {bone.name}", f"    direction {x:.12g} {y:.12g} {z:.12g}"]
        lines += [f"    length {length:.12g}", "    axis 0 0 0 XYZ"]
        lines += ["    dof rx ry rz"] * (bone.name in free)
        lines.append("  end")
    lines += [":hierarchy", "  begin"]
    below: list[list[str]] = [[] for _ in bones]
    for bone in bones[1:]:
        below[bone.parent].append(bone.name)
    lines += [f"    {' '.join([bone.name, *names])}" for bone, names in zip(bones, below, strict=True) if names]
    return [*lines, "  end"]
