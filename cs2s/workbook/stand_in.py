"""A motion file as another program would have written it, for readers who have none of their own at hand.

Another person does what a motion on the CMU skeleton does: with longer legs, that hang straight down at rest, with
fingers that nobody recorded, with a prefix before the joints' names, in centimetres, and with z up if so wanted. Used
in ``notebooks/08_your_own_motion``.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from cs2s.files.bvh import save_bvh
from cs2s.files.writing import replacing
from cs2s.motion.heading import looking_along
from cs2s.motion.joint_names import find_scheme
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.rotations import rotmat_to_expmap
from cs2s.motion.skeleton import CMU, Skeleton

__all__ = ["PERFORMER", "perform", "save_as_elsewhere", "save_stranger", "with_z_up"]

PERFORMER = Skeleton.from_table(
    "another program",
    """
    mixamorig:Hips             -                           0   0   0
    mixamorig:Spine            mixamorig:Hips              0  10   0
    mixamorig:Spine1           mixamorig:Spine             0  12   0
    mixamorig:Spine2           mixamorig:Spine1            0  13   0
    mixamorig:Neck             mixamorig:Spine2            0  15   0
    mixamorig:Head             mixamorig:Neck              0  10   3
    mixamorig:HeadTop_End      mixamorig:Head              0  18   2
    mixamorig:LeftShoulder     mixamorig:Spine2            6  12   0
    mixamorig:LeftArm          mixamorig:LeftShoulder     12   0  -1
    mixamorig:LeftForeArm      mixamorig:LeftArm          28   0   0
    mixamorig:LeftHand         mixamorig:LeftForeArm      28   0   0
    mixamorig:LeftHandThumb1   mixamorig:LeftHand          3  -1   3
    mixamorig:LeftHandIndex1   mixamorig:LeftHand         12   0   3
    mixamorig:LeftHandIndex2   mixamorig:LeftHandIndex1    4   0   0
    mixamorig:LeftHandIndex3   mixamorig:LeftHandIndex2    3   0   0
    mixamorig:RightShoulder    mixamorig:Spine2           -6  12   0
    mixamorig:RightArm         mixamorig:RightShoulder   -12   0  -1
    mixamorig:RightForeArm     mixamorig:RightArm        -28   0   0
    mixamorig:RightHand        mixamorig:RightForeArm    -28   0   0
    mixamorig:RightHandThumb1  mixamorig:RightHand        -3  -1   3
    mixamorig:RightHandIndex1  mixamorig:RightHand       -12   0   3
    mixamorig:RightHandIndex2  mixamorig:RightHandIndex1  -4   0   0
    mixamorig:RightHandIndex3  mixamorig:RightHandIndex2  -3   0   0
    mixamorig:LeftUpLeg        mixamorig:Hips              9  -5   0
    mixamorig:LeftLeg          mixamorig:LeftUpLeg         0 -48   0
    mixamorig:LeftFoot         mixamorig:LeftLeg           0 -47   0
    mixamorig:LeftToeBase      mixamorig:LeftFoot          0  -8  15
    mixamorig:RightUpLeg       mixamorig:Hips             -9  -5   0
    mixamorig:RightLeg         mixamorig:RightUpLeg        0 -48   0
    mixamorig:RightFoot        mixamorig:RightLeg          0 -47   0
    mixamorig:RightToeBase     mixamorig:RightFoot         0  -8  15
""",
    unit_mm=10.0,
)
"""Names and order as in Mixamo's characters; the measures are those of nobody in particular."""

_LEADS_TO = {"Spine": "Spine1", "Spine1": "Spine2", "Spine2": "Head", "Neck": "Head"} | {
    side + bone: side + end
    for side in ("Left", "Right")
    for bone, end in {
        "Shoulder": "Arm",
        "Arm": "ForeArm",
        "ForeArm": "Hand",
        "UpLeg": "Leg",
        "Leg": "Foot",
        "Foot": "ToeBase",
    }.items()
}


def perform(motion: Motion) -> Motion:
    """Let the `PERFORMER` do what a motion does: bones point where they point there.

    Args:
        motion: on the CMU skeleton.

    Returns:
        The motion on the performer's skeleton, rows float64. The hips' path is as much longer as the legs are; fingers
        are straight, as in most files.
    """
    ours = {theirs: CMU.joints.index(joint) for joint, theirs in find_scheme(PERFORMER.joints)[1].items()}
    in_space, cmu_rest, rest = CMU.rotations_in_space(motion.expmaps), CMU.rest, PERFORMER.rest
    placed: list[np.ndarray] = []
    turns: list[np.ndarray] = []
    expmaps = np.zeros((len(motion), len(PERFORMER.joints), 3))
    for joint, (name, parent) in enumerate(zip(PERFORMER.joints, PERFORMER.parents, strict=True)):
        prefix, _, plain = name.partition(":")
        turn = turns[parent] if parent >= 0 else np.eye(3)
        if plain in _LEADS_TO:
            end = f"{prefix}:{_LEADS_TO[plain]}"
            here = rest[PERFORMER.joints.index(end)] - rest[joint]
            there = cmu_rest[ours[end]] - cmu_rest[ours[name]]
            # Rows are turned by the transpose of the matrix that turns columns.
            turn = Rotation.align_vectors([there], [here])[0].as_matrix().T if there.any() else np.eye(3)
        above = placed[parent] if parent >= 0 else np.eye(3)
        turns.append(turn)
        is_finger = "Index" in plain or "Thumb" in plain
        placed.append(turn @ in_space[:, ours[name]] if name in ours and not is_finger else above)
        expmaps[:, joint] = rotmat_to_expmap(placed[joint] @ np.swapaxes(above, -1, -2))
    performed = Motion.from_parts(np.zeros((len(motion), 3)), expmaps, PERFORMER, motion.fps)
    taller = _reach_down(performed) / _reach_down(motion)
    place = motion.translation * (taller * CMU.unit_mm / PERFORMER.unit_mm)
    return Motion.from_parts(place, expmaps, PERFORMER, motion.fps)


def _reach_down(motion: Motion) -> float:
    """Return how far the lowest joint ever is below the hips, millimetres."""
    heights = motion.positions()[..., 1]
    return float((heights[:, :1] - heights).max())


def with_z_up(motion: Motion) -> Motion:
    """Tell a motion in other axes, as programs do in which z is up: x stays, what was y is z, what was z is minus y.

    Args:
        motion: of any skeleton, y up.

    Returns:
        The same movement of the same person; bones, rotations and places are told in the new axes.
    """
    told_in = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]).T
    skeleton = replace(motion.skeleton, offsets=motion.skeleton.offsets @ told_in)
    return Motion.from_parts(motion.translation @ told_in, motion.expmaps @ told_in, skeleton, motion.fps)


def save_as_elsewhere(motion: Motion, path: Path | str, order: str = "ZXY") -> Path:
    """Save a motion as BVH with other habits: another order of channels, few digits, Windows line ends.

    Args:
        motion: what to save.
        path: the file, replaced if it is there.
        order: of the rotation channels, such as ``"ZXY"``.

    Returns:
        `path`.

    Raises:
        InputError: if the motion or the file is none that `cs2s.files.bvh.save_bvh` can write.
    """
    path = save_bvh(motion, path)
    head, _, frames = path.read_text(encoding="utf-8").partition("Frame Time:")
    rotations = "Zrotation Yrotation Xrotation", " ".join(f"{axis}rotation" for axis in order)
    values = np.loadtxt(frames.splitlines()[1:], ndmin=2)
    turned = Rotation.from_euler("ZYX", values[:, 3:].reshape(-1, 3), degrees=True)
    values[:, 3:] = turned.as_euler(order, degrees=True).reshape(len(values), -1)
    lines = [" ".join(f"{value:.4f}" for value in frame) for frame in values]
    text = head.replace(*rotations) + "\n".join([f"Frame Time: {1 / motion.fps:.6f}", *lines]) + "\n"
    with replacing(path) as temporary:
        temporary.write_bytes(text.replace("\n", "\r\n").encode())
    return path


def save_stranger(motion: Motion, folder: Path) -> Motion:
    """Save what the `PERFORMER` does as ``mended.bvh``, and as ``stranger.bvh`` with a placeholder for its frame rate.

    Args:
        motion: on the CMU skeleton.
        folder: where both files go.

    Returns:
        What ``mended.bvh`` holds, but with y up: 30 frames a second, looking another way than the motion.
    """
    stranger = resample(looking_along(perform(motion), np.radians(-140)), 30)
    mended = save_as_elsewhere(with_z_up(stranger), folder / "mended.bvh").read_bytes()
    # What "Frame Time" is in a template that nobody filled in.
    placeholder = mended.replace(b"Frame Time: 0.033333", b"Frame Time: 0.1")
    with replacing(folder / "stranger.bvh") as temporary:
        temporary.write_bytes(placeholder)
    return stranger
