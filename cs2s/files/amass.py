"""SMPL poses in ``.npz`` files, as AMASS and what is made from it hold them; read, not written.

Each joint's rotation vector, radians, in the frame of the one above; the way of the pelvis in metres; z up, turned here
so that y is. Rows hold MINUS the rotation vector (`cs2s.motion.rotations`). Layouts:

* AMASS (SMPL+H): ``poses`` (frames, 156), ``trans``, ``mocap_framerate``; also SMPL's own 72 and SMPL-X's 165 columns.
  The first 66 are the pelvis and the body, hands and faces are left out.
* AMASS (SMPL-X N, G): ``root_orient`` (frames, 3), ``pose_body`` (frames, 63), ``trans``, ``mocap_frame_rate``.
* ``global_orient``, ``body_pose``, ``transl``: as the model itself calls them.

No part of SMPL comes with this program: bones are as long as those of somebody of its mean shape, to a centimetre, and
the shape that a file tells is not read. SMPL turns the body about the pelvis of its shape, which is up to 25 cm from
where ``trans`` is: here the pelvis is at ``trans``, so that the whole way is shifted by a constant.

Source: Mahmood et al., "AMASS: archive of motion capture as surface shapes", ICCV 2019; Loper et al., "SMPL: a skinned
multi-person linear model", 2015.
Taught in ``notebooks/08_your_own_motion``.
"""

import math
from dataclasses import replace
from pathlib import Path
from typing import IO
from zipfile import ZipFile

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.doubts import FPS_OPTION, rate_notes
from cs2s.files.reading import existing_file
from cs2s.motion.limits import FPS, LARGEST, check_bytes, check_size
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton

__all__ = ["BODY", "load_amass", "save_amass"]

# Offsets of the mean body's joints, as many papers and simulators print them (for instance the humanoid of Luo et al.,
# "Perpetual humanoid control", ICCV 2023), made symmetric and rounded to a centimetre; ends of bones are rough.
BODY = Skeleton.from_table(
    "SMPL",
    """
    Pelvis     -           0    0    0
    L_Hip      Pelvis      7   -9   -1
    R_Hip      Pelvis     -7   -9   -1
    Spine1     Pelvis      0   11   -3
    L_Knee     L_Hip       4  -38    0
    R_Knee     R_Hip      -4  -38    0
    Spine2     Spine1      0   14    0
    L_Ankle    L_Knee     -1  -40   -4
    R_Ankle    R_Knee      1  -40   -4
    Spine3     Spine2      0    5    3
    L_Foot     L_Ankle     3   -6   12
    R_Foot     R_Ankle    -3   -6   12
    Neck       Spine3      0   21   -4
    L_Collar   Spine3      8   12   -3
    R_Collar   Spine3     -8   12   -3
    Head       Neck        0    7    5
    L_Shoulder L_Collar    9    3   -1
    R_Shoulder R_Collar   -9    3   -1
    L_Elbow    L_Shoulder 26   -1   -3
    R_Elbow    R_Shoulder -26  -1   -3
    L_Wrist    L_Elbow    25    1    0
    R_Wrist    R_Elbow   -25    1    0
    L_FootEnd  L_Foot      0   -2    6
    R_FootEnd  R_Foot      0   -2    6
    HeadEnd    Head        0   18    0
    L_WristEnd L_Wrist    17   -1    0
    R_WristEnd R_Wrist   -17   -1    0
""",
    unit_mm=10.0,
)
"""The 22 joints of SMPL's body in its order, and ends of bones: x to the left, y up, z forward."""

_JOINTS = 22
_METRE = 1000.0
_USUAL_FPS = 60.0

_RATES = ("mocap_framerate", "mocap_frame_rate", "mocap_fps", "framerate", "frame_rate", "fps")
_WAYS = ("trans", "transl")
_WHOLE = ("poses", "pose", "fullpose")
_PARTS = (("root_orient", "pose_body"), ("global_orient", "body_pose"))

_STANDS, _MOSTLY = 0.8, 0.8
"""Cosine of a trunk that stands, and the share of frames in which it does."""

# From z up to y up: about x by minus 90 degrees.
_UPRIGHT = Rotation.from_euler("x", -90, degrees=True)


def load_amass(path: Path | str) -> Motion:
    """Load SMPL poses.

    Args:
        path: the file.

    Returns:
        The motion, rows float64, on `BODY` in metres, y up. Its notes say so if the file tells no frame rate, which
        then is taken for 60, or an unusual one.

    Raises:
        InputError: if the file is damaged, holds no SMPL poses, or numbers that are not finite.
    """
    path = existing_file(path)
    try:
        with ZipFile(path) as archive:
            sizes = {member.filename.removesuffix(".npy"): member.file_size for member in archive.infolist()}
            return _read(_Arrays(archive, sizes, path), path)
    except InputError:
        raise
    except Exception as error:
        # Whatever is amiss in a file that others may have written, it is the file and not the program.
        reason = str(error).partition("\n")[0][:100]
        raise InputError(f"{path} is not a whole .npz file of SMPL poses ({reason}).") from error


def save_amass(motion: Motion, path: Path | str) -> Path:
    """Say that this format is not written: what comes from other bodies are no poses of SMPL's.

    Raises:
        InputError: always.
    """
    raise InputError(f"cannot write {path}: SMPL poses are only read here; write .bvh, .amc, .txt or .h5.")


class _Arrays:
    """The arrays of an ``.npz`` file; each is read when it is asked for, if it is no larger than it may be."""

    def __init__(self, archive: ZipFile, sizes: dict[str, int], path: Path) -> None:
        self._archive, self._sizes, self._path = archive, sizes, path

    def __contains__(self, name: str) -> bool:
        return name in self._sizes

    def names(self) -> list[str]:
        """Return the names of all arrays."""
        return list(self._sizes)

    def first(self, *names: str) -> str | None:
        """Return the first of some names that is there."""
        return next((name for name in names if name in self), None)

    def read(self, name: str) -> np.ndarray:
        """Return an array of numbers as float64.

        Raises:
            InputError: if it would take more than 1 GiB, or holds something else.
            Exception: of many kinds, if it is damaged.
        """
        with self._archive.open(name + ".npy") as member:
            shape, dtype = _header(member)
        count = math.prod(shape)
        if dtype.kind not in "fiu":
            raise InputError(f"{self._path}: '{name}' holds no numbers ({dtype}).")
        # Before it is read, since a small file may claim to hold, and be blown up to, any size.
        check_bytes(max(count * max(dtype.itemsize, 8), self._sizes[name]), self._path, f"'{name}'")
        if count * dtype.itemsize > self._sizes[name]:
            raise InputError(f"{self._path}: '{name}' is shorter than it says (cut short?).")
        with self._archive.open(name + ".npy") as member:
            array = np.lib.format.read_array(member, allow_pickle=False)
        return np.asarray(array, np.float64)


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    """Return shape and type of an array without reading it."""
    version = np.lib.format.read_magic(member)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(member)
    return shape, dtype


def _read(arrays: _Arrays, path: Path) -> Motion:
    poses = _poses(arrays, path)
    frames = len(poses)
    if not frames:
        raise InputError(f"{path} holds no frame.")
    check_size(frames, len(BODY.joints), path)
    notes: tuple[str, ...] = ()
    way = arrays.first(*_WAYS)
    place = arrays.read(way) if way else np.zeros((frames, 3))
    if place.shape != (frames, 3):
        raise InputError(
            f"{path}: '{way}' is of shape {place.shape}, but there are {frames} poses: expected {(frames, 3)}."
        )
    if not way:
        notes += ("it tells no way of the body (trans), which stays where it is",)
    for name, numbers in (("the poses", poses), (way, place)):
        # Written so that nan fails too.
        if not np.all(np.abs(numbers) <= LARGEST):
            raise InputError(f"{path}: {name} hold numbers that are not between -1e9 and 1e9.")
    rate = arrays.first(*_RATES)
    fps = _USUAL_FPS
    if rate:
        told = arrays.read(rate)
        if told.size != 1 or not FPS[0] <= (fps := float(told.reshape(-1)[0])) <= FPS[1]:
            raise InputError(f"{path}: '{rate}' must be a number between {FPS[0]:g} and {FPS[1]:g} frames a second.")
        notes += rate_notes(fps)
    else:
        notes += (f"it tells no frame rate, and is taken for {fps:g} a second; {FPS_OPTION} tells another",)
    turned = poses[:, : 3 * _JOINTS].reshape(frames, _JOINTS, 3)
    expmaps = np.zeros((frames, len(BODY.joints), 3))
    expmaps[:, :_JOINTS] = -turned
    skeleton = Skeleton(path.name, BODY.joints, BODY.parents, BODY.offsets, _METRE)
    as_told = Motion.from_parts(place, expmaps, skeleton, fps)
    if _stands_along_y(as_told):
        notes += ("the person stands along y, not along z as in AMASS, so y is taken for up",)
        return replace(as_told, notes=notes)
    expmaps[:, 0] = -(_UPRIGHT * Rotation.from_rotvec(turned[:, 0])).as_rotvec()
    return replace(Motion.from_parts(_UPRIGHT.apply(place), expmaps, skeleton, fps), notes=notes)


def _stands_along_y(motion: Motion) -> bool:
    """Tell whether the head is above the pelvis along y in most frames: such files have been turned already."""
    places = motion.positions()
    up = places[:, motion.skeleton.joints.index("Head")] - places[:, 0]
    return bool(np.mean(up[:, 1] > _STANDS * np.linalg.norm(up, axis=1)) > _MOSTLY)


def _poses(arrays: _Arrays, path: Path) -> np.ndarray:
    """Return the rotation vectors of pelvis and body, ``(frames, 66 or more)``."""
    whole = arrays.first(*_WHOLE)
    for root, body in _PARTS if not whole else ():
        if root in arrays and body in arrays:
            parts = [arrays.read(name) for name in (root, body)]
            # Frames first, whatever follows: (frames, 63) and (frames, 21, 3) are both common.
            parts = [part.reshape(len(part), -1) if part.ndim > 1 else part for part in parts]
            shapes = tuple(part.shape for part in parts)
            if (
                any(part.ndim != 2 for part in parts)
                or shapes[0][1] != 3
                or shapes[1][1] < 63
                or len({s[0] for s in shapes}) > 1
            ):
                raise InputError(
                    f"{path}: '{root}' and '{body}' are of shapes {shapes[0]} and {shapes[1]}; (frames, 3) and "
                    "(frames, 63) are expected."
                )
            return np.concatenate(parts, axis=1)
    if not whole:
        listed = ", ".join(sorted(arrays.names())[:8])
        if "betas" in arrays:
            raise InputError(f"{path} holds the shape of a body and no motion (its arrays: {listed}).")
        raise InputError(f"{path} holds no SMPL poses: an array 'poses' is expected, beside 'trans' (there: {listed}).")
    poses = arrays.read(whole)
    poses = poses.reshape(len(poses), -1) if poses.ndim > 1 and len(poses) else poses
    if poses.ndim != 2 or poses.shape[1] < 3 * _JOINTS or poses.shape[1] % 3:
        raise InputError(
            f"{path}: '{whole}' is of shape {poses.shape}; (frames, 66 or more) rotation vectors of SMPL joints are "
            "expected."
        )
    return poses
