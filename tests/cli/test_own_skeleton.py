"""``cs2s predict`` from BVH to BVH goes on on the file's own skeleton; ``--up`` and ``--forward`` turn a file."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from typed import refused, run

from cs2s.datasets.loading import load
from cs2s.files.bvh import load_bvh, save_bvh
from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU
from cs2s.workbook.stand_in import PERFORMER, perform, save_as_elsewhere


@pytest.fixture(scope="module")
def somebody(tmp_path_factory):
    """A file of another program, in centimetres, 40 frames a second."""
    walk = next(iter(load("demo").motions.values()))[100:200]
    return save_as_elsewhere(replace(perform(walk), fps=40.0), tmp_path_factory.mktemp("own") / "walk.bvh")


def test_a_file_goes_on_as_it_is(somebody, trained_run, tmp_path, capsys):
    out = tmp_path / "next.bvh"
    assert run("predict", somebody, "--run", trained_run, "--out", out) == 0
    told = capsys.readouterr().out
    assert "holds all 100 frames of the file, and 40 predicted ones at 40 a second, on the file's own skeleton" in told
    assert "unit of length is 10 mm: import it into Blender with scale 0.01" in told
    before, frames = somebody.read_bytes().split(b"Frames: 100\r\n")
    assert out.read_bytes().startswith(before + b"Frames: 140\r\n" + frames)
    again = load_bvh(out)
    assert (again.skeleton.joints, len(again), again.fps) == (PERFORMER.joints, 140, 40)
    angles = np.loadtxt(out.read_text().partition("Frame Time:")[2].splitlines()[100:])
    # The demo's run knows nothing, but no channel leaps by a whole turn.
    assert np.abs(np.diff(angles[:, 3:], axis=0)).max() < 200


def test_the_predictors_skeleton_may_be_asked_for(somebody, trained_run, tmp_path, capsys):
    assert run("predict", somebody, "--run", trained_run, "--out", tmp_path / "a.bvh", "--skeleton", "cmu") == 0
    assert "50 observed frames and 25 predicted ones at 25 a second" in capsys.readouterr().out
    cmu = load_bvh(tmp_path / "a.bvh")
    assert (cmu.skeleton.joints, len(cmu)) == (CMU.joints, 75)
    assert run("predict", somebody, "--run", trained_run, "--out", tmp_path / "a.h5") == 0
    assert "a file's own is kept from BVH to BVH only" in capsys.readouterr().out
    assert load_motion(tmp_path / "a.h5").skeleton.joints == CMU.joints
    for wrong in ("a.h5", "a.png"):
        command = ("predict", somebody, "--run", trained_run, "--out", tmp_path / wrong, "--skeleton", "own")
        assert "--skeleton own goes from a BVH file to a BVH file" in refused(capsys, *command)


def test_less_than_a_frame_cannot_be_written(somebody, trained_run, tmp_path, capsys):
    slow = tmp_path / "slow.bvh"
    slow.write_text(somebody.read_text().replace("Frame Time: 0.025000", "Frame Time: 1.0"))
    command = ("predict", slow, "--run", trained_run, "--out", tmp_path / "b.bvh")
    assert run(*command, "--frames", 10) == 2
    # Before it a note says that such a rate is unusual.
    assert "less than one frame of" in capsys.readouterr().err
    assert not (tmp_path / "b.bvh").exists()
    assert run(*command, "--source-fps", 40) == 0
    assert load_bvh(tmp_path / "b.bvh").fps == 40


def test_axes_may_be_told(somebody, tmp_path, capsys):
    walk = load_bvh(somebody)
    places = walk.positions()
    assert run("convert", somebody, tmp_path / "a.h5", "--retarget", "--up", "-y", "--forward", "z") == 0
    upside_down = load_motion(tmp_path / "a.h5").positions()
    head = CMU.joints.index("Head")
    assert (upside_down[:, head, 1] < upside_down[:, 0, 1]).all()
    assert run("convert", somebody, tmp_path / "b.h5", "--retarget", "--forward", "x") == 0
    turned = load_motion(tmp_path / "b.h5").positions()
    assert (turned[:, head, 1] > turned[:, 0, 1]).all()
    gone, there = (one[-1, 0] - one[0, 0] for one in (turned, places))
    np.testing.assert_allclose(gone[[0, 2]], [-there[2] * 0.88, there[0] * 0.88], atol=90)
    to = ("--action", "walking", "--to", tmp_path / "own")
    assert run("data", "add", somebody, *to, "--up", "-y") == 0
    assert "--up y and --forward y" in refused(
        capsys, "convert", somebody, tmp_path / "c.txt", "--up", "y", "--forward", "y"
    )
    assert "invalid choice: 'up'" in refused(capsys, "convert", somebody, tmp_path / "c.txt", "--up", "up")
    assert run("evaluate", somebody, "--predictor", "zero-velocity", "--up", "-y", "--stride", 30) == 0


def test_doubts_about_axes_are_said(somebody, tmp_path, capsys):
    walk = load_bvh(somebody)
    # About x, so that the frames stand along z.
    turn, expmaps = Rotation.from_euler("x", 90, degrees=True), walk.expmaps.copy()
    expmaps[:, 0] = -(turn * Rotation.from_rotvec(-expmaps[:, 0])).as_rotvec()
    save_bvh(Motion.from_parts(turn.apply(walk.translation), expmaps, walk.skeleton, walk.fps), tmp_path / "lies.bvh")
    assert run("evaluate", tmp_path / "lies.bvh", "--predictor", "zero-velocity") == 0
    assert "note: lies.bvh: the rest pose stands along y, but in the frames" in capsys.readouterr().err
    assert run("convert", tmp_path / "lies.bvh", tmp_path / "a.txt") == 0
    assert "--up y" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("file", ["bvhtb_freebvh", "bvhtb_walk01", "dme_raw", "pymo_walk", "xia_neutral"])
def test_files_that_people_have_go_on_without_a_step(reference, file, tmp_path):
    source, out = reference / f"data/wild/{file}.bvh", tmp_path / "next.bvh"
    assert run("predict", source, "--out", out) == 0
    motion = load_bvh(out)
    observed = len(load_bvh(source))
    steps = np.linalg.norm(np.diff(motion.positions(), axis=0), axis=-1).mean(axis=-1)
    assert steps[observed - 1] <= 2 * steps[observed - 11 : observed - 1].mean()
    head, hips = (
        next(n for n, name in enumerate(motion.skeleton.joints) if name.endswith(end)) for end in ("Head", "Hips")
    )
    assert (motion.positions()[:, head, 1] > motion.positions()[:, hips, 1] + 200).all()
