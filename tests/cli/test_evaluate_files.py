"""``cs2s evaluate`` on motion files, as a user types it."""

import hashlib
import json

import numpy as np
import pytest
from typed import refused, run

from cs2s.datasets.descriptions import TakeId
from cs2s.evaluation.looks import read_test_looks
from cs2s.files.formats import save_motion

FROZEN = ("--predictor", "zero-velocity")


@pytest.fixture
def walk(demo, tmp_path):
    """A BVH file of somebody walking, 50 frames a second."""
    return save_motion(demo.motions[TakeId("test", "", "walking", 1)][:120], tmp_path / "walk.bvh")


@pytest.fixture
def box(demo, tmp_path):
    """A motion in HDF5, which sample files are too."""
    return save_motion(demo.motions[TakeId("test", "", "boxing", 1)][:100], tmp_path / "box.h5")


def test_files_are_evaluated_at_60_frames_a_second_beside_freezing(walk, box, tmp_path, capsys):
    looks, out = len(read_test_looks()), tmp_path / "errors.json"
    assert run("evaluate", walk, box, "--predictor", "running-average-2", "--json", out) == 0
    printed = capsys.readouterr().out
    words = [line.split() for line in printed.splitlines()]
    assert words[2] == ["zero-velocity", *["1.00"] * 4]
    assert words[3][0] == "running-average-2"
    # 120 frames at 50 a second last as long as 143 at 60, and 100 as long as 119.
    assert printed.rstrip().endswith("10 frames apart at 60 frames a second: walk.bvh 7, box.h5 5")
    frozen, average = json.loads(out.read_text())
    assert (frozen["predictor"], average["predictor"]) == ("zero-velocity", "running-average-2")
    assert frozen["ratios"]["hips_mm"] == [1.0] * 25
    for content in (frozen, average):
        checksums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (walk, box)}
        assert content["made_from"]["sha256"] == checksums
        assert {"command", "versions"} <= set(content["made_from"])
    assert len(read_test_looks()) == looks


def test_windows_are_a_stride_apart_and_freezing_is_a_row_once(walk, capsys):
    assert run("evaluate", walk, *FROZEN, *FROZEN, "--stride", 30) == 0
    printed = capsys.readouterr().out
    assert printed.rstrip().endswith("30 frames apart at 60 frames a second: walk.bvh 3")
    assert printed.count("zero-velocity") == 7


def test_a_file_that_is_too_short_is_left_out_unless_it_is_the_only_one(walk, demo, tmp_path, capsys):
    motion = demo.motions[TakeId("test", "", "walking", 1)]
    short, shorter = (save_motion(motion[:frames], tmp_path / f"{frames}.bvh") for frames in (60, 40))
    assert run("evaluate", short, walk, *FROZEN, "--json", tmp_path / "errors.json") == 0
    output = capsys.readouterr()
    assert output.err.count("\n") == 1
    assert "note: left out: 60.bvh has 71 frames at 60 a second" in output.err
    assert "walk.bvh 7" in output.out
    assert "60.bvh" not in output.out
    (content,) = json.loads((tmp_path / "errors.json").read_text())
    assert list(content["files"]) == ["walk.bvh"]
    assert content["made_from"]["left_out"] == ["60.bvh"]
    assert "60.bvh has 71 frames at 60 a second" in refused(capsys, "evaluate", short, *FROZEN)
    assert run("evaluate", short, shorter, *FROZEN) == 2
    assert "none of the files has a window" in capsys.readouterr().err


def test_files_of_one_name_are_told_apart_by_their_folders(walk, tmp_path, capsys):
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / walk.name
    other.write_bytes(walk.read_bytes())
    assert run("evaluate", walk, other, *FROZEN, "--json", tmp_path / "errors.json") == 0
    assert list(json.loads((tmp_path / "errors.json").read_text())[0]["files"]) == [str(walk), str(other)]


def test_what_makes_no_sense_gets_one_sentence(walk, box, tmp_path, capsys):
    (tmp_path / "notes.doc").write_text("walk")
    cases = [
        ((walk,), "name one or more by --predictor"),
        ((box,), "it is a motion: name --predictor"),
        ((walk, box), "name one or more by --predictor"),
        ((walk, "--dataset", "demo", *FROZEN), "name either a sample file, or motion files"),
        ((walk, "--data-dir", tmp_path, *FROZEN), "name either a sample file, or motion files"),
        ((walk, walk, *FROZEN), "is named twice"),
        ((tmp_path / "no.bvh", *FROZEN), "no.bvh does not exist"),
        ((walk, tmp_path / "no.bvh", *FROZEN), "no.bvh does not exist"),
        ((walk, tmp_path / "notes.doc", *FROZEN), "notes.doc must end in one of .bvh"),
        ((walk, "--predictor", "oracle"), "there is no predictor 'oracle'"),
        ((walk, *FROZEN, "--stride", 0), "--stride 0 makes no sense"),
        ((walk, *FROZEN, "--protocol", "corrected"), "go with --dataset"),
        ((walk, *FROZEN, "--compare"), "go with --dataset"),
    ]
    for arguments, part in cases:
        assert part in refused(capsys, "evaluate", *arguments), arguments


@pytest.mark.slow
def test_sample_files_are_no_motions_and_runs_must_be_of_60_frames_a_second(walk, trained_run, sample_file, capsys):
    assert "it is a sample file" in refused(capsys, "evaluate", sample_file, *FROZEN)
    assert "was trained on demo: its frames are those" in refused(capsys, "evaluate", walk, "--predictor", trained_run)


@pytest.mark.slow
def test_a_model_is_evaluated(walk, tmp_path):
    out = tmp_path / "errors.json"
    assert run("evaluate", walk, "--predictor", "pretrained:dct-mlp", "--json", out) == 0
    frozen, model = json.loads(out.read_text())
    assert model["predictor"] == "pretrained:dct-mlp"
    np.testing.assert_allclose(
        np.array(model["ratios"]["hips_mm"]) * frozen["errors"]["hips_mm"], model["errors"]["hips_mm"]
    )
    assert model["made_from"]["preset"] == "dct-mlp"
