"""SMPL poses in the layouts of AMASS: made-up files against a plain loop, and what is said of damaged ones."""

import io
import zipfile

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.amass import BODY, load_amass
from cs2s.files.formats import load_motion
from cs2s.motion.retargeting import retarget

FRAMES = 5
UP = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0.0]])  # turns columns: z becomes y


def parts(seed: int = 0, columns: int = 156) -> dict[str, np.ndarray]:
    """What a file of AMASS (SMPL+H) holds, of somebody who stands, z up."""
    draws = np.random.default_rng(seed)
    poses = draws.normal(scale=0.3, size=(FRAMES, columns))
    poses[:, :3] = Rotation.from_euler("xz", [[90, 20 * n] for n in range(FRAMES)], degrees=True).as_rotvec()
    trans = draws.normal((1, 2, 0.95), 0.1, (FRAMES, 3))
    return {
        "poses": poses,
        "trans": trans,
        "mocap_framerate": np.array(120.0),
        "betas": np.zeros(16),
        "gender": np.array("male"),
        "dmpls": np.zeros((FRAMES, 8)),
    }


def saved(path, **arrays):
    np.savez(path, **arrays)
    return path


def naive(poses: np.ndarray, trans: np.ndarray) -> np.ndarray:
    """Where joints are, ``(frames, 22, 3)``, metres, z up: the model's kinematics, one joint after the other."""
    places = np.zeros((len(poses), 22, 3))
    for frame, pose in enumerate(poses):
        turned = []
        for joint, parent in enumerate(BODY.parents[:22]):
            own = Rotation.from_rotvec(pose[3 * joint : 3 * joint + 3]).as_matrix()
            if parent < 0:
                turned.append(own)
                places[frame, joint] = trans[frame]
            else:
                turned.append(turned[parent] @ own)
                places[frame, joint] = places[frame, parent] + turned[parent] @ (BODY.offsets[joint] / 1000)
    return places


@pytest.mark.parametrize("columns", [66, 72, 156, 165])
def test_joints_are_where_the_model_has_them_with_y_up(tmp_path, columns):
    made = parts(columns=columns)
    motion = load_motion(saved(tmp_path / "walk_poses.npz", **made))
    expected = naive(made["poses"], made["trans"]) @ UP.T
    np.testing.assert_allclose(motion.positions()[:, :22] / 1000, expected, atol=1e-9)
    assert (motion.fps, motion.notes, motion.skeleton.unit_mm, motion.root) == (120, (), 1000, "absolute")
    assert expected[:, :, 1].max() > 1.3


def test_other_layouts_hold_the_same(tmp_path):
    made = parts()
    expected = load_amass(saved(tmp_path / "a.npz", **made))
    root, body = made["poses"][:, :3], made["poses"][:, 3:66]
    rate = {"mocap_frame_rate": np.array([120])}
    for other in (
        {"root_orient": root, "pose_body": body, "pose_hand": np.zeros((FRAMES, 90)), "trans": made["trans"]},
        {"global_orient": root, "body_pose": body.reshape(FRAMES, 21, 3), "transl": made["trans"]},
        {"poses": made["poses"].reshape(FRAMES, 52, 3), "trans": made["trans"]},
        {"poses": made["poses"].astype(np.float32), "trans": made["trans"].astype(np.float32)},
    ):
        motion = load_amass(saved(tmp_path / "b.npz", **other, **rate))
        np.testing.assert_allclose(motion.rows, expected.rows, atol=1e-5)
        assert motion.fps == 120
    np.savez_compressed(tmp_path / "c.npz", **made)
    np.testing.assert_array_equal(load_amass(tmp_path / "c.npz").rows, expected.rows)


def test_it_is_retargeted_by_its_names(tmp_path):
    made = parts()
    made["poses"][:, 3:66] = 0
    made["poses"][:, 3 * 16 + 2], made["poses"][:, 3 * 17 + 2] = -1.2, 1.2  # the arms hang
    motion, report = retarget(load_amass(saved(tmp_path / "a.npz", **made)))
    assert report.scheme == "SMPL"
    assert len(report.matched) == 22
    place = {name: motion.positions()[0, n] for n, name in enumerate(motion.skeleton.joints)}
    assert place["LeftHand"][1] < place["LeftForeArm"][1] - 150 < place["LeftArm"][1] - 350
    assert place["LeftFoot"][1] < place["LeftLeg"][1] - 300 < place["Hips"][1] - 600
    assert place["Head"][1] > place["Hips"][1] + 300
    assert place["LeftArm"][0] > place["RightArm"][0] + 200


def test_the_mean_body_is_one_of_a_person():
    rest = BODY.rest
    assert np.ptp(rest[:, 1]) == pytest.approx(1680, abs=50)
    joints = dict(zip(BODY.joints, rest, strict=True))
    for name, place in joints.items():
        other = joints.get(name.replace("L_", "R_"), place)
        np.testing.assert_allclose(other, place * [-1, 1, 1] if name.startswith("L_") else place)


def test_what_it_does_not_tell_gets_a_note(tmp_path):
    made = parts()
    del made["mocap_framerate"]
    motion = load_motion(saved(tmp_path / "a.npz", **made))
    assert motion.fps == 60
    assert "it tells no frame rate, and is taken for 60 a second; --source-fps tells another" in motion.notes[0]
    assert load_motion(tmp_path / "a.npz", fps=30).notes == ()
    motion = load_motion(saved(tmp_path / "a.npz", poses=made["poses"], fps=1))
    assert "tells no way of the body" in motion.notes[0]
    assert "1 frame a second is no usual rate" in motion.notes[1]
    np.testing.assert_array_equal(motion.translation, 0)


FAULTS = {
    "no poses": ({"poses": None}, r"holds the shape of a body and no motion"),
    "something else": ({"poses": None, "betas": None}, r"holds no SMPL poses: an array 'poses' is expected"),
    "no frame": ({"poses": np.zeros((0, 66))}, "holds no frame"),
    "few columns": ({"poses": np.zeros((5, 63))}, r"'poses' is of shape \(5, 63\)"),
    "one pose": ({"poses": np.zeros(66)}, r"'poses' is of shape \(66,\)"),
    "odd columns": ({"poses": np.zeros((5, 67))}, r"'poses' is of shape \(5, 67\)"),
    "another way": ({"trans": np.zeros((4, 3))}, r"'trans' is of shape \(4, 3\), but there are 5 poses"),
    "nan": ({"trans": np.full((5, 3), np.nan)}, "trans hold numbers that are not between"),
    "infinity": ({"poses": np.full((5, 66), np.inf)}, "the poses hold numbers that are not between"),
    "words": ({"poses": np.full((5, 66), "x")}, "'poses' holds no numbers"),
    "objects": ({"poses": np.full((5, 66), None)}, "'poses' holds no numbers"),
    "complex": ({"poses": np.zeros((5, 66), complex)}, "'poses' holds no numbers"),
    "a rate of zero": ({"mocap_framerate": 0.0}, "'mocap_framerate' must be a number between 0.1 and 10000"),
    "a rate of nan": ({"mocap_framerate": np.nan}, "'mocap_framerate' must be a number"),
    "two rates": ({"mocap_framerate": [30.0, 60.0]}, "'mocap_framerate' must be a number"),
    "parts that do not fit": (
        {"poses": None, "root_orient": np.zeros((4, 3)), "pose_body": np.zeros((5, 63))},
        r"are of shapes \(4, 3\) and \(5, 63\)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_files_get_one_sentence(tmp_path, fault):
    change, sentence = FAULTS[fault]
    made = {name: array for name, array in (parts() | change).items() if array is not None}
    with pytest.raises(InputError, match=sentence) as caught:
        load_amass(saved(tmp_path / "a.npz", **made))
    assert "\n" not in str(caught.value)


def test_files_cut_short_and_other_files_get_one_sentence(tmp_path):
    content = saved(tmp_path / "a.npz", **parts()).read_bytes()
    for cut in (0, 4, 100, len(content) // 2, len(content) - 1):
        (tmp_path / "b.npz").write_bytes(content[:cut])
        with pytest.raises(InputError, match=r"is not a whole \.npz file of SMPL poses"):
            load_amass(tmp_path / "b.npz")
    for flip in range(30, len(content), 397):
        (tmp_path / "b.npz").write_bytes(content[:flip] + bytes([content[flip] ^ 255]) + content[flip + 1 :])
        try:
            assert np.isfinite(load_amass(tmp_path / "b.npz").rows).all()
        except InputError as error:
            assert "\n" not in str(error)


def claimed(shape: tuple[int, ...], content: bytes) -> bytes:
    """An array's file that claims a shape, and holds something."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return head.getvalue() + content


def test_a_small_file_cannot_fill_the_memory(tmp_path):
    for shape, content, sentence in (
        ((10**9, 66), b"", r"'poses' would take 491.7 GiB; a file may hold at most 1 GiB"),
        ((1000, 66), b"\0" * 100, "is shorter than it says"),
    ):
        with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
            archive.writestr("poses.npy", claimed(shape, content))
        with pytest.raises(InputError, match=sentence):
            load_amass(tmp_path / "a.npz")
    # A gibibyte of zeros is a mebibyte in the file; never asked for, since nobody needs this array.
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("big.npy", "w") as big:
        for _ in range(64):
            big.write(b"\0" * (1 << 20))
    with pytest.raises(InputError, match="holds no SMPL poses"):
        load_amass(tmp_path / "a.npz")


def test_pickles_are_not_opened(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "trapped"), "w"))

    np.savez(tmp_path / "a.npz", poses=np.array([Trap()], dtype=object), trans=np.zeros((1, 3)))
    with pytest.raises(InputError, match="holds no numbers"):
        load_amass(tmp_path / "a.npz")
    assert not (tmp_path / "trapped").exists()


def test_the_open_case(own_motion):
    motion = load_motion(own_motion / "16/amass.npz")
    assert (len(motion), motion.fps) == (60, 60)
    # All its numbers are zero: a model at rest, which stands along y.
    (note,) = motion.notes
    assert "y is taken for up" in note
    head = motion.positions()[:, motion.skeleton.joints.index("Head")] - motion.positions()[:, 0]
    assert (head[:, 1] > 400).all()
    for name, sentence in (("walk.fbx", "an Autodesk FBX scene; open it in Blender"), ("marks.c3d", "C3D marker pos")):
        with pytest.raises(InputError, match=sentence):
            load_motion(own_motion / "16" / name)
