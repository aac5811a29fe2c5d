"""Joints that have a way of their own: what position channels say, made into bones of fixed lengths.

Many programs write positions for every joint. Where they do not change they are the bones; where they do, the person's
own way may be told by the hips instead of the root above them, or something that is no limb moves (a target of inverse
kinematics, a camera, a prop). Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cs2s.errors import InputError
from cs2s.files.reading import fault
from cs2s.motion.joint_names import find_scheme, with_hips
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap

__all__ = ["Told", "rigid"]

_STRAY = 1e-3
"""How far a joint may stray from its place, as a share of the longest bone: rounding."""
_GIVES = 1e-2
"""Up to this share bones that change are taken for rigid ones, with a note."""
_NEEDED = ("Hips", *(side + joint for side in ("Left", "Right") for joint in ("UpLeg", "Leg", "Arm", "ForeArm")))


@dataclass(frozen=True, eq=False)
class Told:
    """What a file tells of its joints.

    Attributes:
        names: of the joints; ends of bones have one too.
        parents: index of each joint's parent, -1 for the root, which comes first.
        offsets: ``(joints, 3)``, in the file's unit; that of the root is 0.
        place: ``(frames, 3)``, where the root is.
        expmaps: ``(frames, joints, 3)``, radians.
        notes: what is doubtful, sentences for people.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray
    place: np.ndarray
    expmaps: np.ndarray
    notes: tuple[str, ...] = ()


def rigid(
    names: Sequence[str],
    parents: Sequence[int],
    offsets: np.ndarray,
    positions: Mapping[int, Mapping[int, np.ndarray]],
    expmaps: np.ndarray,
    path: Path,
    lines: Sequence[int],
) -> Told:
    """Make bones of fixed lengths of what position channels say.

    The root may go where it wants. Another joint's channels replace its OFFSET if they are the same in all frames, and
    mean it if all are zero. Where the whole body hangs on a joint below the root that moves, that joint becomes the
    root, with its way and turn in space; what lies outside is left out. What moves and is no part of the body that any
    known scheme names stays at its middle place.

    Args:
        names: of the joints.
        parents: index of each joint's parent, -1 for the root, which comes first.
        offsets: ``(joints, 3)``, the OFFSETs.
        positions: joint -> axis -> ``(frames,)``, what its position channels say.
        expmaps: ``(frames, joints, 3)``, radians.
        path: the file, for messages.
        lines: where each joint begins in it.

    Raises:
        InputError: if a bone changes its length, or moves against the one above otherwise than by turning.
    """
    frames = len(expmaps)
    local = {joint: _local(offsets[joint], told, frames, joint == 0) for joint, told in positions.items()}
    local.setdefault(0, np.tile(np.asarray(offsets[0], np.float64), (frames, 1)))
    bones = np.array(offsets, np.float64)
    for joint, places in local.items():
        bones[joint] = np.median(places, axis=0)
    bones[0] = 0
    longest = float(np.linalg.norm(bones, axis=1).max())
    for joint, places in local.items():
        if joint and np.abs(places - offsets[joint]).max() <= _STRAY * longest:
            bones[joint] = offsets[joint]
    moving = [joint for joint in local if joint and np.abs(local[joint] - bones[joint]).max() > _STRAY * longest]
    body = _Body(names, parents)
    root = body.new_root(moving)
    kept = body.below(root)
    notes: list[str] = []
    place, expmaps = local[0], np.array(expmaps)
    if root:
        place, expmaps[:, root] = _in_space([*body.above(root), root], local, bones, expmaps)
        bones[root] = 0
        left = [names[joint] for joint in range(len(names)) if joint not in kept]
        notes.append(f"'{names[root]}' makes its own way below {_listed(left)}, left out: it is the root here")
    for joint in moving:
        if joint == root or joint not in kept:
            continue
        if body.known and not body.limbs & set(body.below(joint)):
            notes.append(f"'{names[joint]}' moves from its place; as no limb hangs on it, it is kept at its middle one")
            continue
        lengths = np.linalg.norm(local[joint], axis=1)
        if np.abs(local[joint] - bones[joint]).max() <= _GIVES * longest:
            notes.append(
                f"'{names[joint]}' strays by up to {np.ptp(lengths) / longest:.1%} of the longest bone: bones of fixed "
                "lengths are made of it"
            )
            continue
        raise _fault(names, joint, local[joint], lengths, bones[joint], longest, path, lines)
    number = {joint: n for n, joint in enumerate(kept)}
    return Told(
        tuple(names[joint] for joint in kept),
        tuple(number.get(parents[joint], -1) if joint != root else -1 for joint in kept),
        bones[kept],
        place,
        expmaps[:, kept],
        tuple(notes),
    )


class _Body:
    """Which joints hang on which, and which of them are limbs: those that a naming scheme knows, else all."""

    def __init__(self, names: Sequence[str], parents: Sequence[int]) -> None:
        self._parents = tuple(parents)
        matched = with_hips(find_scheme(names)[1], names, parents)
        self.known = all(joint in matched for joint in _NEEDED)
        self.limbs = {names.index(name) for name in matched.values()} if self.known else set(range(len(names)))
        self._hips = names.index(matched["Hips"]) if self.known else None

    def above(self, joint: int) -> list[int]:
        """Return the joints on which one hangs, the root first."""
        found: list[int] = []
        while (joint := self._parents[joint]) >= 0:
            found.insert(0, joint)
        return found

    def below(self, joint: int) -> list[int]:
        """Return a joint and all that hang on it, in the file's order."""
        found = {joint}
        for other, parent in enumerate(self._parents):
            if parent in found:
                found.add(other)
        return sorted(found)

    def new_root(self, moving: Sequence[int]) -> int:
        """Return the lowest of the moving joints on which the whole body hangs, or the root.

        Of joints with unknown names one on which less than two branches hang is no body's root.
        """
        for joint in sorted(moving, key=lambda joint: -len(self.above(joint))):
            below = self.below(joint)
            is_one = self._hips in below if self.known else self._parents.count(joint) > 1
            if is_one and self.limbs <= {*below, *self.above(joint)}:
                return joint
        return 0


def _local(offset: np.ndarray, told: Mapping[int, np.ndarray], frames: int, root: bool) -> np.ndarray:
    """Return where a joint is in the frame of the one above, ``(frames, 3)``.

    Some programs write zeros for all joints but the root, meaning: where the OFFSET says.
    """
    places = np.tile(np.asarray(offset, np.float64), (frames, 1))
    if root or any(values.any() for values in told.values()):
        for axis, values in told.items():
            places[:, axis] = values
    return places


def _in_space(
    chain: Sequence[int], local: Mapping[int, np.ndarray], bones: np.ndarray, expmaps: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return where the last joint of a chain is, ``(frames, 3)``, and how it is turned in space, as `expmaps` are."""
    place, turned = np.zeros((len(expmaps), 3)), np.tile(np.eye(3), (len(expmaps), 1, 1))
    for joint in chain:
        step = local.get(joint, np.tile(bones[joint], (len(expmaps), 1)))
        # Row vectors: each joint's own rotation comes first.
        place = place + np.einsum("fi,fij->fj", step, turned)
        turned = expmap_to_rotmat(expmaps[:, joint]) @ turned
    return place, rotmat_to_expmap(turned)


def _listed(names: Sequence[str]) -> str:
    """List names in short."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(f"'{name}'" for name in names[:3]) + more


def _fault(
    names: Sequence[str],
    joint: int,
    places: np.ndarray,
    lengths: np.ndarray,
    bone: np.ndarray,
    longest: float,
    path: Path,
    lines: Sequence[int],
) -> InputError:
    """Return the exception that says what a joint does that no rigid bone can."""
    hint = "bones have fixed lengths here: export with rotations only, positions for the root alone"
    changes = np.abs(lengths - np.median(lengths))
    if changes.max() > _STRAY * longest:
        frame = int(np.argmax(changes > _STRAY * longest))
        usual = float(np.median(lengths))
        what = f"the bone to '{names[joint]}' is {lengths[frame]:.4g} long in frame {frame + 1} and mostly {usual:.4g}"
    else:
        frame = int(np.argmax(np.abs(places - bone).max(axis=1) > _STRAY * longest))
        what = (
            f"the bone to '{names[joint]}' swings by position channels in frame {frame + 1}, not by rotations above it"
        )
    return fault(path, lines[joint], f"{what}; {hint}.")
