"""`cs2s predict` on files that nobody here made: what comes out is motion, and what is doubtful is said."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typed import run

from cs2s.errors import InputError
from cs2s.files.formats import load_motion, save_motion
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU

WILD = ("ad_cmu1_jumping_jacks", "bvhtb_freebvh", "bvhtb_walk01", "dme_raw", "pymo_walk", "xia_neutral")


def steps(places: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.diff(places, axis=0), axis=-1).mean(axis=-1)


@pytest.mark.slow
@pytest.mark.parametrize("name", WILD)
def test_wild_files_go_on_without_a_jump_and_upright(name, reference, tmp_path):
    file, out = reference / "data" / "wild" / f"{name}.bvh", tmp_path / "next.bvh"
    assert run("predict", file, "--out", out) == 0
    observed, continued = load_motion(file), load_motion(out)
    assert continued.skeleton.joints == observed.skeleton.joints and continued.fps == observed.fps
    np.testing.assert_array_equal(continued.rows[: len(observed)], observed.rows)
    # Seen in space, on the CMU skeleton, by a camera that does not follow the hips.
    places = retarget(continued)[0].positions()[:, list(distinct_points(CMU, range(1, len(CMU.joints))))]
    usual = steps(places[len(observed) - 11 : len(observed)]).mean()
    assert steps(places[len(observed) - 1 : len(observed) + 1])[0] <= 2 * usual
    heads = retarget(continued)[0].positions()[len(observed) :, [CMU.joints.index("Head"), 0], 1]
    assert (heads[:, 0] > heads[:, 1]).all()


@pytest.mark.slow
def test_a_plain_command_says_nothing_of_retracing(reference, tmp_path):
    """Case 17 of the reference material."""
    file = reference / "cases" / "own_motion" / "01" / "stands.bvh"
    command = [sys.executable, "-m", "cs2s", "predict", str(file), "--run", "pretrained:average"]
    done = subprocess.run([*command, "--out", str(tmp_path / "o.bvh")], capture_output=True, text=True, check=True)
    assert "WARNING" not in done.stderr and "retracing" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["paper", "average", "pose-mlp"])
def test_a_long_prediction_is_traced_once_and_stays_finite(name, reference, tmp_path):
    file = reference / "cases" / "own_motion" / "03" / "walk_90.bvh"
    out = Path(tmp_path / "long.h5")
    assert run("predict", file, "--run", f"pretrained:{name}", "--frames", 1000, "--out", out) == 0
    motion = load_motion(out)
    assert len(motion) == 1050 and np.isfinite(motion.rows).all()


def test_doubts_are_told_before_anything_is_written(demo, tmp_path, capsys, monkeypatch):
    """Knees bent forwards by half a turn, and a predictor whose answer is somewhere else."""
    walk = next(motion for take, motion in demo.motions.items() if take.action == "walking")[:90:2]
    rows = walk.in_world().rows.astype(np.float64)
    for side in ("Left", "Right"):
        rows[:, 3 + 3 * CMU.joints.index(f"{side}Leg")] -= 3
    file = save_motion(Motion(rows, CMU, 60.0), tmp_path / "odd.bvh")

    def leaping(observed: Motion, frames: int) -> Motion:
        return replace(observed, rows=np.repeat(observed.rows[..., -1:, :] + 2, frames, axis=-2))

    def saving(*_: object) -> None:
        raise InputError("not written")

    leaping.name, leaping.least_observed = "leaping", 10
    monkeypatch.setattr("cs2s.training.predictors.load_predictor", lambda *_: leaping)
    monkeypatch.setattr("cs2s.cli.commands.save_motion", saving)
    assert run("predict", file, "--out", tmp_path / "o.h5") != 0
    told = capsys.readouterr().err
    assert "note: bent as hardly anything in training" in told and "the legs" in told
    assert "note: the first predicted step moves joints" in told
    assert told.index("note:") < told.index("not written")
