"""What the command line says of a motion file that is read: whose it is, what is doubtful, and which joint is which."""

import json
from dataclasses import replace

import numpy as np
import pytest
from typed import refused, run

from cs2s.files.bvh import save_bvh
from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, Skeleton
from cs2s.workbook.stand_in import PERFORMER


def saved(path, skeleton: Skeleton = PERFORMER, frames: int = 400, fps: float = 60.0):
    """A BVH file of somebody who hardly moves."""
    rows = np.zeros((frames, skeleton.columns))
    rows[:, 1] = 1000 / skeleton.unit_mm
    rows[:, 3:] = 0.05 * np.sin(np.arange(frames) / 20)[:, None]
    return save_bvh(Motion(rows, skeleton, fps), path)


def test_the_height_is_told_and_doubts_are_notes(tmp_path, capsys):
    child = replace(PERFORMER, offsets=PERFORMER.offsets * 0.53)
    path = saved(tmp_path / "child.bvh", child, fps=5.0)
    assert run("convert", path, tmp_path / "o.txt") == 0
    told = capsys.readouterr()
    assert "unit of length 10 mm (a person of about 1.03 m)" in told.out
    notes = [line for line in told.err.splitlines() if line]
    assert [line.partition(":")[0] for line in notes] == ["note", "note"]
    assert "in centimetres the person is 1.03 m tall, but would be 2.6" in told.err
    assert "5 frames a second is no usual rate" in told.err
    assert run("convert", path, tmp_path / "o.txt", "--unit-mm", 10, "--source-fps", 30) == 0
    assert capsys.readouterr().err == ""


def test_a_file_of_names_says_which_joint_is_which(tmp_path, capsys):
    joints = tuple(f"q{n}" for n in range(len(CMU.joints)))
    path = saved(tmp_path / "strange.bvh", replace(CMU, joints=joints))
    assert "say which they are by --names FILE" in refused(capsys, "convert", path, tmp_path / "o.txt")
    names = tmp_path / "names.txt"
    told = [f"{joint} q{n}" for n, joint in enumerate(CMU.joints) if n not in CMU.end_sites]
    names.write_text("\n".join(["# a strange one", *told]))
    assert run("convert", path, tmp_path / "o.txt", "--names", names) == 0
    assert "31 of the 31 CMU joints found" in capsys.readouterr().out
    assert load_motion(tmp_path / "o.txt").rows[:, 3:].any()
    assert run("data", "add", path, "--action", "odd", "--to", tmp_path / "own", "--names", names) == 0
    assert "31 of the 31 CMU joints found" in capsys.readouterr().out
    names.write_text("Hips q99")
    assert "the file has no joint 'q99' for Hips" in refused(
        capsys, "convert", path, tmp_path / "o.txt", "--names", names
    )
    names.write_text("Hps q0")
    assert "has no joint 'Hps'" in refused(capsys, "convert", path, tmp_path / "o.txt", "--names", names)


def test_evaluating_files_tells_their_doubts_by_name_and_takes_names(tmp_path, capsys):
    joints = tuple(f"q{n}" for n in range(len(CMU.joints)))
    path = saved(tmp_path / "strange.bvh", replace(CMU, joints=joints), fps=600.0, frames=3000)
    names = tmp_path / "names.txt"
    names.write_text("\n".join(f"{joint} q{n}" for n, joint in enumerate(CMU.joints) if n not in CMU.end_sites))
    frozen = ("--predictor", "zero-velocity", "--json", tmp_path / "a.json")
    assert run("evaluate", path, *frozen, "--names", names) == 0
    assert "note: strange.bvh: 600 frames a second is no usual rate" in capsys.readouterr().err
    assert json.loads((tmp_path / "a.json").read_text())
    assert run("evaluate", path, *frozen) == 2
    assert "by --names FILE" in capsys.readouterr().err


def test_smpl_poses_become_bvh_and_are_not_written(tmp_path, capsys):
    poses = np.zeros((60, 72))
    poses[:, 0] = np.pi / 2
    np.savez(tmp_path / "walk.npz", poses=poses, trans=np.full((60, 3), 0.9), mocap_framerate=30)
    assert run("convert", tmp_path / "walk.npz", tmp_path / "walk.bvh") == 0
    assert "60 frames at 30 a second" in capsys.readouterr().out
    before, after = load_motion(tmp_path / "walk.npz"), load_motion(tmp_path / "walk.bvh")
    assert after.skeleton.unit_mm == 1000
    where = [after.skeleton.joints.index(name) for name in before.skeleton.joints[:22]]
    np.testing.assert_allclose(after.positions()[:, where], before.positions()[:, :22], atol=0.1)
    for out in ("o.npz", "o.fbx"):
        assert "must end in one of .bvh" in refused(capsys, "convert", tmp_path / "walk.npz", tmp_path / out)
    # Before anything is predicted.
    sentence = refused(
        capsys, "predict", tmp_path / "walk.bvh", "--run", tmp_path / "none", "--out", tmp_path / "o.npz"
    )
    assert "o.npz cannot be written" in sentence


@pytest.mark.parametrize("command", ["convert", "evaluate", "predict", "data add"])
def test_other_formats_are_named(tmp_path, capsys, command):
    path = tmp_path / "walk.fbx"
    path.write_bytes(b"Kaydara FBX Binary")
    words = {
        "convert": ("convert", path, tmp_path / "o.bvh"),
        "evaluate": ("evaluate", path, "--predictor", "zero-velocity"),
        "predict": ("predict", path, "--out", tmp_path / "o.bvh"),
        "data add": ("data", "add", path, "--action", "walk", "--to", tmp_path / "own"),
    }[command]
    sentence = refused(capsys, *words)
    assert (
        "walk.fbx is not read: it holds an Autodesk FBX scene; open it in Blender (File, Import) and export" in sentence
    )
