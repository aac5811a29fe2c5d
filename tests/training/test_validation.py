"""The validation split, the log of looks at test windows, and what windows are drawn."""

import json

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.validation import hold_out, trained_on
from cs2s.datasets.windows import Drawing, Statistics, TrainingWindows, all_windows, dataset_statistics, halved
from cs2s.errors import InputError
from cs2s.evaluation.looks import count_test_looks, log_test_look, look_file, read_test_looks
from cs2s.motion.mirror import mirrored, mirrored_joints
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton


@pytest.fixture(scope="module", params=["demo", "cmu"])
def cut(request):
    """A data set whole, and with its validation split cut out."""
    folder = request.getfixturevalue("cmu_folder") if request.param == "cmu" else None
    whole = load(request.param, folder)
    return whole, hold_out(whole)


def test_windows_are_held_out_only_where_they_are_watched(demo):
    assert trained_on(demo, "validation").split("validation")
    for watch in ("test", "nothing"):
        assert trained_on(demo, watch) is demo


def test_nothing_that_validation_asks_for_was_trained_on(cut):
    whole, held = cut
    assert held.split("test") == whole.split("test")
    assert {take.action for take in held.split("validation")} == set(whole.actions("train"))
    for take, motion in held.split("validation").items():
        before = whole.motions[take._replace(split="train")]
        assert len(motion) >= 150
        np.testing.assert_array_equal(motion.rows, before.rows[len(before) - len(motion) :])
        kept = held.motions.get(take._replace(split="train"))
        if kept is None:
            continue
        # Together they are the file, but for the 50 frames (100 rows) observed before what was cut off.
        assert len(kept) + len(motion) - 100 == len(before)
        np.testing.assert_array_equal(kept.rows, before.rows[: len(kept)])
        held_rows = len(motion) - 100
        # About a fifth, and never fewer rows than 35 frames have, the last of which may be half a frame.
        assert held_rows == pytest.approx(max(0.2 * len(before), 70), abs=2)


def test_whole_files_validate_only_where_no_file_can_be_cut(cut):
    whole, held = cut
    for take in whole.split("train"):
        whole_file = take not in held.motions
        can_be_cut = any(
            other in held.motions and other._replace(split="validation") in held.motions
            for other in whole.split("train")
            if other.action == take.action
        )
        assert not (whole_file and can_be_cut)


def test_cmu_validates_on_seven_actions_and_gives_its_longest_run(cmu_folder):
    held = hold_out(load("cmu", cmu_folder))
    runs = [take for take in held.split("validation") if take.action == "running"]
    assert runs == [TakeId("validation", "", "running", 2)]
    windows = all_windows(held, dataset_statistics(held), "validation", 5)
    assert {w.action: len(w) for w in windows} == {
        "walking": 23,
        "running": 4,
        "directing_traffic": 126,
        "soccer": 33,
        "basketball": 27,
        "jumping": 40,
        "basketball_signal": 296,
    }


def test_a_data_set_too_small_to_hold_anything_out_says_so(demo):
    first = next(iter(demo.split("train")))
    short = {first: demo.motions[first][:160]}
    with pytest.raises(InputError, match="too few training files to hold any out"):
        hold_out(type(demo)(demo.description, short, (), {}, "x"))


def test_all_windows_are_all_there_are(cmu_folder):
    cmu = load("cmu", cmu_folder)
    statistics = dataset_statistics(cmu)
    (running,) = [w for w in all_windows(cmu, statistics, "test", 1) if w.action == "running"]
    ((take, motion),) = [(t, halved(m)) for t, m in cmu.split("test").items() if t.action == "running"]
    # 82 frames, the first of them the T-pose: windows start at frames 1 to 7.
    assert [start for _, start in running.starts] == list(range(1, len(motion) - 74))
    for rows, (found, start) in zip(running.motion.rows, running.starts, strict=True):
        assert found == take
        expected = statistics.unnormalise(statistics.normalise(motion.rows[start : start + 75]))
        np.testing.assert_array_equal(rows, expected)
    (strided,) = [w for w in all_windows(cmu, statistics, "test", 5) if w.action == "running"]
    assert [start for _, start in strided.starts] == [1, 6]


def symmetric() -> Skeleton:
    """The CMU skeleton with its right bones those of the left, mirrored, and the middle in the middle."""
    offsets = CMU.offsets.copy()
    for joint, other in enumerate(mirrored_joints(CMU)):
        offsets[other] = offsets[joint] * (-1, 1, 1) if other > joint else offsets[other]
        if other == joint:
            offsets[joint, 0] = 0
    return Skeleton("symmetric", CMU.joints, CMU.parents, offsets, CMU.unit_mm)


def test_mirrored_motion_puts_every_joint_where_the_mirror_shows_its_partner():
    body = symmetric()
    rows = np.random.default_rng(0).normal(0, 0.8, (20, body.columns))
    motion = Motion(rows, body, 60)
    there, seen = motion.positions(), mirrored(motion).positions()
    np.testing.assert_allclose(seen, there[:, mirrored_joints(body)] * (-1, 1, 1), atol=1e-9)
    np.testing.assert_array_equal(mirrored(mirrored(motion)).rows, rows)


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M])
def test_partners_are_each_others(skeleton):
    partners = mirrored_joints(skeleton)
    assert [partners[other] for other in partners] == list(range(len(skeleton.joints)))
    for joint, other in enumerate(partners):
        sides = {skeleton.side(joint), skeleton.side(other)}
        assert sides in ({"left", "right"}, {"middle"})


def drawn(dataset, drawing: Drawing, count: int = 400) -> np.ndarray:
    flat = Statistics(np.zeros(117, np.float32), np.ones(117, np.float32), np.arange(117))
    return TrainingWindows(dataset, flat, 25, drawing).draw(count, 0, 0)[0]


@pytest.mark.slow
def test_windows_are_drawn_from_where_the_drawing_says(cmu_folder):
    cmu = load("cmu", cmu_folder)
    takes = [m.rows for m in cmu.split("train").values()]

    def origins(windows: np.ndarray) -> set[tuple[str, int]]:
        """For each window, whether it is found forwards, backwards or mirrored, and the parity of its first row."""
        found = set()
        for window in windows:
            versions = {
                "forwards": window,
                "backwards": window[::-1],
                "mirrored": mirrored(Motion(window, CMU, 60)).rows,
            }
            versions["mirrored backwards"] = versions["mirrored"][::-1]
            hits = {
                (name, int(row) % 2)
                for name, values in versions.items()
                for rows in takes
                for row in np.flatnonzero((rows == values[0]).all(axis=1))
                if np.array_equal(rows[row : row + 150 : 2][:75], values)
            }
            assert hits
            found |= hits
        return found

    paper = drawn(cmu, Drawing(), 40)
    assert origins(paper) == {("forwards", 0)}
    assert origins(drawn(cmu, Drawing(rows="both"), 40)) == {("forwards", 0), ("forwards", 1)}
    assert origins(drawn(cmu, Drawing(mirror=1.0), 10)) == {("mirrored", 0)}
    assert origins(drawn(cmu, Drawing(reverse=1.0), 10)) == {("backwards", 0)}
    assert {name for name, _ in origins(drawn(cmu, Drawing(mirror=0.5, reverse=0.5), 40))} == {
        "forwards",
        "backwards",
        "mirrored",
        "mirrored backwards",
    }


def test_the_t_pose_is_drawn_by_the_paper_and_not_when_dropped(cmu_folder):
    cmu = load("cmu", cmu_folder)
    first_rows = {m.rows[0].tobytes() for m in cmu.split("train").values()}

    def with_t_pose(drawing: Drawing) -> int:
        return sum(row.tobytes() in first_rows for row in drawn(cmu, drawing)[:, 0])

    assert with_t_pose(Drawing()) > 0
    assert with_t_pose(Drawing(t_pose="dropped", starts="all", rows="both")) == 0


def test_the_last_window_is_drawn_only_if_all_starts_are(cmu_folder):
    cmu = load("cmu", cmu_folder)
    last_windows = {halved(m).rows[-75:].tobytes() for m in cmu.split("train").values()}
    for starts, expected in (("but_last", False), ("all", True)):
        windows = drawn(cmu, Drawing(starts=starts), 1000)
        assert any(window.tobytes() in last_windows for window in windows) == expected


def test_looks_are_appended_and_counted(tmp_path, monkeypatch):
    monkeypatch.setenv("CS2S_TEST_LOOKS", str(tmp_path / "state" / "looks.jsonl"))
    assert read_test_looks() == []
    log_test_look("cmu", "abc", "runs/a@5", "paper")
    assert "have been evaluated once" in count_test_looks("cmu", "abc")
    before = look_file().read_text()
    log_test_look("cmu", "abc", "runs/b@5", "corrected")
    log_test_look("cmu", "other data", "runs/b@5", "paper")
    assert look_file().read_text().startswith(before)
    assert "have been evaluated 2 times" in count_test_looks("cmu", "abc")
    assert [look["predictor"] for look in read_test_looks("abc")] == ["runs/a@5", "runs/b@5"]
    assert {"made", "command", "versions", "protocol"} <= set(read_test_looks()[0])


def test_evaluating_from_the_command_line_leaves_a_look(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CS2S_TEST_LOOKS", str(tmp_path / "looks.jsonl"))
    arguments = ["evaluate", "--dataset", "demo", "--predictor", "zero-velocity", "--predictor", "running-average-2"]
    assert main(arguments) == 0
    assert "demo data have been evaluated 2 times" in capsys.readouterr().out
    lines = [json.loads(line) for line in (tmp_path / "looks.jsonl").read_text().splitlines()]
    assert [line["predictor"] for line in lines] == ["zero-velocity", "running-average-2"]
