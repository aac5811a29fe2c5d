"""What is measured about a data set is so, and none of it names the machine."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.report import data_facts, data_report, likeness, stride_period
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU

ROOT = Path(__file__).parents[2]


def swinging(period, frames=200, noise=0.0):
    """A motion whose left thigh swings with a period in frames."""
    rows = np.zeros((frames, CMU.columns))
    wave = np.sin(2 * np.pi * np.arange(frames) / period)
    rows[:, 3 + 3 * CMU.joints.index("LeftUpLeg")] = wave + noise * np.random.default_rng(0).normal(size=frames)
    return Motion(rows, CMU, 60.0)


def test_likeness_is_the_correlation():
    curve = np.random.default_rng(1).normal(size=60).cumsum()
    for lag in (1, 7, 40):
        assert likeness(curve, lag) == pytest.approx(np.corrcoef(curve[:-lag], curve[lag:])[0, 1])
    assert np.isnan(likeness(np.ones(9), 2))


@pytest.mark.parametrize("period", [15, 46, 68])
def test_a_known_stride_is_found(period):
    assert stride_period(swinging(period)) == period
    assert abs(stride_period(swinging(period, noise=0.01)) - period) <= 1


def test_where_nothing_repeats_there_is_no_stride():
    assert stride_period(Motion(np.zeros((100, CMU.columns)), CMU, 60.0)) is None
    assert stride_period(swinging(46, frames=3)) is None
    assert stride_period(Motion(np.linspace(0, 1, 100)[:, None] * np.ones(CMU.columns), CMU, 60.0)) is None


def test_demo_has_no_t_pose_and_walks_at_its_own_rate(demo):
    facts = data_facts(demo)
    assert not any(row["t_pose"] for row in facts["first_rows"])
    assert facts["used_columns"] == facts["used_columns_without_first_rows"] == 72
    (walking,) = [stride for stride in facts["strides"] if stride["action"] == "walking"]
    # The test take's stride takes between 0.9 and 1.3 seconds, like most people's.
    assert 0.9 < walking["frames_after_halving"] / demo.description.fps < 1.3
    assert facts["training_starts"]["fewest"]["starts"] == min(
        (len(motion) + 1) // 2 - 75 for motion in demo.split("train").values()
    )
    assert "T-pose" not in data_report(demo)


def test_a_planted_t_pose_is_found_and_its_distance_is_how_rare_it_is(demo):
    finger = 3 + 3 * CMU.joints.index("LeftHandIndex1") + 2
    motions = {}
    for take, motion in demo.motions.items():
        rows = motion.rows.copy()
        # A quarter is added up without rounding, even in float32.
        rows[:, finger] = 0.25
        motions[take] = replace(motion, rows=np.concatenate([np.zeros((1, 117), np.float32), rows]))
    facts = data_facts(replace(demo, motions=motions))
    assert all(row["t_pose"] and row["zeros"] == 1 for row in facts["first_rows"])
    assert facts["used_because_of_first_rows"] == [finger]
    rare = np.sqrt(facts["train_rows"] / facts["train_files"] - 1)
    assert facts["first_rows"][0]["largest_z"] == pytest.approx(rare, abs=0.01)
    assert facts["first_rows"][0]["largest_z_by_other_rows"] < rare / 2
    assert f"first row of {len(motions)} of {len(motions)} files is a T-pose" in data_report(demo, facts)


def test_data_that_no_window_fits_into_are_described_all_the_same(demo):
    take = TakeId("train", "", "walking", 1)
    short = {take: demo.motions[take][:1], TakeId("test", "", "walking", 1): demo.motions[take][:40]}
    short[TakeId("train", "", "running", 1)] = demo.motions[TakeId("train", "", "running", 1)][:60]
    facts = data_facts(replace(demo, motions=short))
    assert facts["test_starts"] == [] and facts["training_starts"] == {}
    assert len(facts["first_rows"]) == 3


def test_human36m_windows_never_hold_the_first_row(human36m_folder):
    facts = data_facts(load("human3.6m", human36m_folder))
    assert facts["training_starts"]["share_with_first_row"] == 0
    assert len(facts["test_starts"]) == 15 and all(
        len(test["rows_after_halving"]) == 2 for test in facts["test_starts"]
    )


def test_info_writes_what_the_repository_holds(cmu_folder, tmp_path, capsys):
    path = tmp_path / "info.json"
    assert main(["data", "info", "cmu", "--data-dir", str(cmu_folder), "--json", str(path)]) == 0
    text, facts = capsys.readouterr().out, json.loads(path.read_text())
    assert all(row["t_pose"] for row in facts["first_rows"])
    assert (facts["used_columns"], facts["used_columns_without_first_rows"]) == (70, 68)
    assert "without first rows 68 columns would be used" in text
    (walking,) = [stride for stride in facts["strides"] if stride["action"] == "walking"]
    assert 52 < walking["fps_implied"] < 70
    made_from = facts.pop("made_from")
    assert {"data", "command", "versions"} <= set(made_from)
    stored = json.loads((ROOT / "data" / "results" / "cmu_data_info.json").read_text())
    if stored.pop("made_from")["data"] == made_from["data"]:
        assert stored == facts


def test_the_committed_findings_name_no_machine():
    text = (ROOT / "data" / "results" / "cmu_data_info.json").read_text()
    assert json.loads(text)["made_from"]["command"] == "cs2s data info cmu --json data/results/cmu_data_info.json"
    assert not any(folder in text for folder in ("/work", "/tmp", "/root", "/home", "/Users"))
