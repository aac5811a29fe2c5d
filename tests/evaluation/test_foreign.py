"""Errors on motion files: each against a plain loop or a property, on made-up motion; and on files of others."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.datasets.loading import load
from cs2s.datasets.windows import Statistics
from cs2s.errors import InputError
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.foreign import FEET, FILE_MEASURES, POINTS, SHOWN, FileErrors, FilesEvaluation, evaluate_files
from cs2s.evaluation.foreign_tables import files_table, write_files_json
from cs2s.evaluation.measures import moving_joints
from cs2s.files.formats import load_motion
from cs2s.files.provenance import sha256
from cs2s.motion.heading import heading, looking_along, standing_at
from cs2s.motion.motion import Motion
from cs2s.motion.points import distinct_points
from cs2s.motion.skeleton import CMU
from cs2s.training.continuation import continue_motion, prepare

NAMES = [measure.name for measure in FILE_MEASURES]
TURNING = [name for name in CMU.joints if name.startswith(("LeftUp", "LeftLeg", "RightArm", "Spine", "Head"))]


def made(frames: int = 110, seed: int = 0) -> Motion:
    """Somebody who walks and turns, some of whose joints turn; float32, so that a predictor is told all of it."""
    draws, time = np.random.default_rng(seed), np.arange(frames)[:, None] / 60
    rows = np.zeros((frames, CMU.columns))
    joints = [CMU.joints.index(name) for name in TURNING if not name.endswith("End")]
    columns = [0, 1, 2, 3, 4, 5, *(3 + 3 * joint + axis for joint in joints for axis in range(3))]
    speed, phase = draws.uniform(0.5, 2, len(columns)), draws.uniform(0, 6, len(columns))
    rows[:, columns] = 0.4 * np.sin(2 * np.pi * speed * time + phase)
    rows[:, 2] += 20 * time[:, 0]
    return Motion(rows.astype(np.float32), CMU, 60.0)


class Oracle:
    """Knows a motion, and predicts what truly follows, changed by a function.

    It is shown people who look along z and stand at the origin, and knows them by how their joints are turned.
    """

    name = "oracle"

    def __init__(self, motion: Motion, change=lambda rows: rows) -> None:
        self.after = {row[6:].tobytes(): frame + 1 for frame, row in enumerate(motion.rows.astype(np.float32))}
        self.motion, self.change = motion, change

    def __call__(self, observed: Motion, frames: int) -> Motion:
        starts = [self.after[last[6:].tobytes()] for last in observed.rows[:, -1]]
        rows = np.stack([self.motion.rows[start : start + frames] for start in starts])
        newest = replace(observed, rows=np.stack([self.motion.rows[start - 1 : start] for start in starts]))
        future = replace(observed, rows=self.change(rows.astype(np.float64)))
        return looking_along(standing_at(future, newest.rows[:, 0, :3]), -heading(newest)[:, 0])


def placed(row: np.ndarray, in_space: bool) -> dict[int, np.ndarray]:
    """Where joints are, one after the other, by SciPy; maps are for row vectors."""
    turns, places = [], {}
    for joint, parent in enumerate(CMU.parents):
        turn = Rotation.from_rotvec(row[3 + 3 * joint : 6 + 3 * joint]).as_matrix()
        if parent < 0:
            turns.append(turn if in_space else np.eye(3))
            places[joint] = row[:3] * CMU.unit_mm if in_space else np.zeros(3)
        else:
            turns.append(turn @ turns[parent])
            places[joint] = places[parent] + CMU.offsets[joint] @ turns[parent]
    return places


def apart(first: np.ndarray, second: np.ndarray, in_space: bool) -> float:
    a, b = placed(first, in_space), placed(second, in_space)
    return float(np.mean([np.linalg.norm(a[point] - b[point]) for point in POINTS]))


def test_errors_and_steps_equal_a_loop_over_windows_frames_and_joints():
    motion, predictor = made(), RunningAverage(4)
    rows = motion.rows.astype(np.float64)
    errors, starts = {name: np.zeros(25) for name in NAMES}, [0, 15, 30]
    steps = {"observed_step_mm": [], "true_step_mm": [], "step_mm": []}
    joints = [CMU.joints.index(name) for name in TURNING if not name.endswith("End")]
    for start in starts:
        held = rows[start + 46 : start + 50].mean(axis=0)
        for frame in range(25):
            true = rows[start + 50 + frame]
            errors["hips_mm"][frame] += apart(true, held, in_space=False) / 3
            errors["space_mm"][frame] += apart(true, held, in_space=True) / 3
            for joint in joints:
                columns = slice(3 + 3 * joint, 6 + 3 * joint)
                between = Rotation.from_rotvec(true[columns]).inv() * Rotation.from_rotvec(held[columns])
                errors["degrees"][frame] += np.degrees(between.magnitude()) / len(joints) / 3
        steps["observed_step_mm"] += [
            apart(rows[start + frame], rows[start + frame + 1], in_space=False) for frame in range(39, 49)
        ]
        steps["true_step_mm"].append(apart(rows[start + 49], rows[start + 50], in_space=False))
        steps["step_mm"].append(apart(rows[start + 49], held, in_space=False))
    file = evaluate_files({"made": motion}, predictor, stride=15).files["made"]
    assert file.windows == 3
    for name in NAMES:
        np.testing.assert_allclose(file.errors[name], errors[name], rtol=1e-4, atol=1e-4)
    for name, numbers in steps.items():
        assert getattr(file, name) == pytest.approx(np.mean(numbers), rel=1e-4)


def test_many_windows_are_predicted_in_batches_as_one_by_one_and_joints_are_held_as_in_a_continuation():
    """131 windows are more than one batch; a model that knows some columns only leaves the others as they are."""
    motion, leg = made(75 + 130), 3 + 3 * CMU.joints.index("LeftLeg")
    held = leg + leg % 2
    used = np.flatnonzero(np.arange(CMU.columns) % 2)
    statistics = Statistics(np.zeros(CMU.columns), np.ones(CMU.columns), used)

    def model(observed: Motion, frames: int) -> Motion:
        assert observed.rows.dtype == np.float32
        return replace(observed, rows=0.5 * np.repeat(observed.rows[..., :1, :], frames, axis=-2))

    model.name, model.statistics = "half the first", statistics
    file = evaluate_files({"made": motion}, model, stride=1).files["made"]
    assert file.windows == 131
    expected = []
    for start in range(131):
        predicted = continue_motion(motion[start : start + 50], model).rows[50:]
        np.testing.assert_array_equal(predicted[:, held], np.repeat(motion.rows[start + 49, held], 25))
        truth = motion[start + 50 : start + 75]
        there = replace(motion, rows=predicted).positions() - truth.positions()
        expected.append(np.linalg.norm(there[:, list(POINTS)], axis=-1).mean(axis=-1))
    np.testing.assert_allclose(file.errors["space_mm"], np.mean(expected, axis=0), rtol=1e-5)


def test_freezing_is_exactly_as_good_as_freezing_and_the_truth_makes_no_error():
    motions = {"one": made(seed=1), "other": made(seed=2)}
    frozen = evaluate_files(motions, ZeroVelocity())
    for name in NAMES:
        np.testing.assert_array_equal(frozen.ratios[name], np.ones(25))
    assert frozen.mean("step_mm") == 0
    file = evaluate_files({"one": motions["one"]}, Oracle(motions["one"])).files["one"]
    for name in NAMES:
        np.testing.assert_allclose(file.errors[name], 0, atol=1e-4)
        np.testing.assert_allclose(file.ratios[name], 0, atol=1e-5)
    assert file.step_mm == pytest.approx(file.true_step_mm, abs=1e-4)


def test_ratios_are_averaged_over_files_and_the_worst_file_is_named():
    motions = {"short": made(80), "long": made(200, seed=3)}
    average = evaluate_files(motions, RunningAverage(4))
    frozen = evaluate_files(motions, ZeroVelocity())
    for name in NAMES:
        by_file = [average.files[file].errors[name] / frozen.files[file].errors[name] for file in motions]
        np.testing.assert_allclose(average.ratios[name], np.mean(by_file, axis=0))
        heights = {file: ratio[list(SHOWN)].mean() for file, ratio in zip(motions, by_file, strict=True)}
        assert average.worst(name) == max(heights, key=heights.get)
    late = by_hand("mine", 2, 2.1)
    late.files["second.bvh"].frozen["hips_mm"][0] = 1000.0
    late.files["second.bvh"].frozen["hips_mm"][24] = 2.0
    assert late.worst("hips_mm") == "second.bvh"
    swapped = evaluate_files(dict(reversed(motions.items())), RunningAverage(4))
    assert swapped.worst("hips_mm") == average.worst("hips_mm")


def turned(rows: np.ndarray, by: Rotation, shift: np.ndarray) -> np.ndarray:
    """The same motion elsewhere in space: the root turned and moved. The row vectors' turn in space comes last."""
    rows = rows.astype(np.float64)
    shape = rows.shape[:-1]
    own = Rotation.from_rotvec(rows[..., 3:6].reshape(-1, 3)).as_matrix()
    rows[..., 3:6] = Rotation.from_matrix(own @ by.as_matrix()).as_rotvec().reshape(*shape, 3)
    rows[..., :3] = rows[..., :3] @ by.as_matrix() + shift
    return rows


def test_hips_relative_errors_know_no_place_and_errors_in_space_do():
    motion = made()
    quarter, shift = Rotation.from_rotvec([0.0, np.pi / 2, 0.0]), np.array([3.0, 0.0, 4.0])

    def astray(rows: np.ndarray) -> np.ndarray:
        return turned(0.9 * rows, quarter, shift)

    right = evaluate_files({"made": motion}, Oracle(motion, lambda rows: 0.9 * rows)).files["made"]
    wrong = evaluate_files({"made": motion}, Oracle(motion, astray)).files["made"]
    for name in ("hips_mm", "degrees"):
        np.testing.assert_allclose(wrong.errors[name], right.errors[name], atol=1e-3)
    assert (wrong.errors["space_mm"] > right.errors["space_mm"] + 100).all()
    assert wrong.step_mm == pytest.approx(right.step_mm, abs=1e-4)

    moved_away = Oracle(motion, lambda rows: turned(rows, Rotation.identity(), shift))
    file = evaluate_files({"made": motion}, moved_away).files["made"]
    np.testing.assert_allclose(file.errors["space_mm"], 5 * CMU.unit_mm, rtol=1e-4)
    np.testing.assert_allclose(file.errors["hips_mm"], 0, atol=1e-4)

    # Truth and prediction elsewhere together: nothing changes but for what freezing is given.
    elsewhere = replace(motion, rows=turned(motion.rows, quarter, shift).astype(np.float32))
    held = evaluate_files({"made": motion}, ZeroVelocity()).files["made"]
    there = evaluate_files({"made": elsewhere}, ZeroVelocity()).files["made"]
    for name in NAMES:
        np.testing.assert_allclose(there.errors[name], held.errors[name], atol=1e-2)
    assert there.planted == held.planted


def gliding(mm_per_s: float, frames: int = 75) -> Motion:
    """A figure that glides along x without moving its legs, and turns its head."""
    rows = np.zeros((frames, CMU.columns))
    rows[:, 0] = mm_per_s / 60 / CMU.unit_mm * np.arange(frames)
    rows[:, 3 + 3 * CMU.joints.index("Head")] = 0.3 * np.sin(np.arange(frames) / 5)
    return Motion(rows.astype(np.float32), CMU, 60.0)


def times_as_fast(rows: np.ndarray) -> np.ndarray:
    rows[..., 0] = rows[..., :1, 0] + 3 * (rows[..., 0] - rows[..., :1, 0]) + 7
    return rows


def test_feet_slide_in_frames_where_they_are_planted():
    slow = gliding(100)
    file = evaluate_files({"slow": slow}, Oracle(slow, times_as_fast)).files["slow"]
    # Of 25 predicted frames the first is reached by the jump of 7 units, which is no sliding.
    assert file.planted == 24 * len(FEET)
    assert file.true_sliding_mm_per_s == pytest.approx(100, rel=1e-3)
    assert file.sliding_mm_per_s == pytest.approx(300, rel=1e-3)
    assert evaluate_files({"slow": slow}, ZeroVelocity()).files["slow"].sliding_mm_per_s == 0


def test_no_foot_is_planted_that_is_fast_or_high():
    fast = gliding(210)
    file = evaluate_files({"fast": fast, "slow": gliding(190)}, ZeroVelocity())
    assert file.files["fast"].planted == 0
    assert np.isnan(file.files["fast"].true_sliding_mm_per_s)
    assert np.isnan(file.files["fast"].sliding_mm_per_s)
    assert file.files["slow"].planted == 24 * len(FEET)
    assert file.mean("true_sliding_mm_per_s") == pytest.approx(190, rel=1e-3)
    for raised, planted in ((29.0, 24), (31.0, 14)):
        motion = gliding(100)
        motion.rows[65:, 1] += raised / CMU.unit_mm
        assert evaluate_files({"made": motion}, ZeroVelocity()).files["made"].planted == planted * len(FEET)


def test_one_foot_may_be_planted_while_the_other_swings():
    motion = gliding(0)
    motion.rows[:, 3 + 3 * CMU.joints.index("LeftUpLeg")] = 0.5 * np.sin(np.arange(75) / 2)
    file = evaluate_files({"made": motion}, Oracle(motion, times_as_fast)).files["made"]
    assert 24 <= file.planted < 30


def test_the_points_are_those_of_the_benchmark(cmu_folder):
    dataset = load("cmu", cmu_folder)
    assert distinct_points(CMU, moving_joints(dataset)) == POINTS


def test_only_joints_that_turn_in_frames_to_be_predicted_count():
    """As on the CMU data, where a T-pose in the first row makes joints turn that never do."""
    motion = made()
    posed = replace(motion, rows=motion.rows.copy())
    posed.rows[0, 6:] += 0.5
    errors = [
        evaluate_files({"made": one}, RunningAverage(4)).files["made"].errors["degrees"] for one in (motion, posed)
    ]
    np.testing.assert_array_equal(*errors)


def test_windows_start_at_every_stride_while_they_fit():
    for frames, windows in ((75, 1), (84, 1), (85, 2), (95, 3)):
        assert evaluate_files({"made": made(frames)}, ZeroVelocity()).files["made"].windows == windows


def test_what_cannot_be_evaluated_is_said():
    good, still = made(), gliding(100)
    still.rows[50:, 6:] = 0
    refused = {
        r"made has 74 frames at 60 a second, but a window .* takes 75: .* 1\.25 seconds": {"made": made(74)},
        "no joint turns in made after its first 50 frames": {"made": still},
        "made is not on the CMU skeleton": {"made": replace(good, root="relative")},
        "one frame rate, and these have 2": {"made": good, "other": replace(good, fps=30.0)},
        "one frame rate, and these have 0": {},
    }
    for said, motions in refused.items():
        with pytest.raises(InputError, match=said):
            evaluate_files(motions, ZeroVelocity())
    with pytest.raises(InputError, match="stride 0 makes no sense"):
        evaluate_files({"made": good}, ZeroVelocity(), stride=0)
    with pytest.raises(InputError, match="oracle predicts numbers that are not finite"):
        evaluate_files({"made": good}, Oracle(good, lambda rows: np.full_like(rows, np.nan)))


def by_hand(predictor: str, ratio: float, second: float | None = None) -> FilesEvaluation:
    """An evaluation whose errors are ten units where freezing makes ten divided by `ratio`."""

    def file(ratio: float, sliding: float) -> FileErrors:
        errors = {name: np.full(25, 10.0) for name in NAMES}
        frozen = {name: np.full(25, 10.0 / ratio if ratio else 0.0) for name in NAMES}
        return FileErrors(4, errors, frozen, 7.0, 8.0, 9.0, 3, 50.0, sliding)

    files = {"first.bvh": file(ratio, 60.0)} | ({} if second is None else {"second.bvh": file(second, np.nan)})
    return FilesEvaluation(predictor, 60.0, 10, files, {"command": "cs2s evaluate"})


def test_tables_say_ratios_first_then_errors_steps_and_windows():
    lines = files_table([by_hand("zero-velocity", 1, 1), by_hand("mine", 2, 3)]).splitlines()
    assert lines[0] == "errors divided by those of freezing (below 1 is better), mean over 2 files"
    words = [line.split() for line in lines]
    assert ["position,", "hips-relative", "17", "ms", "67", "ms", "167", "ms", "417", "ms"] in words
    assert words.index(["mine", *["2.50"] * 4]) < words.index(["mine", *["10.0"] * 4])
    assert ["worst:", "second.bvh", *["3.00"] * 4] in words
    assert ["mine", "9.0", "60"] in words
    assert ["truth", "8.0", "50"] in words
    assert ["mine", *["3.00"] * 4, "9.0", "-"] in words
    assert "windows, 10 frames apart at 60 frames a second: first.bvh 4, second.bvh 4" in lines
    assert max(map(len, lines)) <= 80
    single = files_table([by_hand("zero-velocity", 1), by_hand("mine", 2)])
    assert "worst" not in single
    assert "file by file" not in single


def test_files_without_a_ratio_are_left_out_of_the_mean():
    """Freezing may be right where nobody moves, and nothing can be divided by that."""
    evaluation = by_hand("mine", 2, 0)
    np.testing.assert_array_equal(evaluation.ratios["hips_mm"], np.full(25, 2.0))
    assert evaluation.worst("hips_mm") == "first.bvh"
    assert np.isnan(by_hand("mine", 0).ratios["hips_mm"]).all()
    assert ["mine", *["-"] * 4] in [line.split() for line in files_table([by_hand("mine", 0)]).splitlines()]


def test_json_holds_every_frame_and_no_nan(tmp_path):
    path = tmp_path / "errors.json"
    write_files_json([by_hand("zero-velocity", 1, 1), by_hand("mine", 2, 0)], path)
    assert "NaN" not in path.read_text()
    frozen, mine = json.loads(path.read_text())
    assert (frozen["predictor"], mine["predictor"], mine["stride"], mine["fps"]) == ("zero-velocity", "mine", 10, 60)
    assert mine["milliseconds"][0] == pytest.approx(1000 / 60)
    assert mine["ratios"]["hips_mm"] == [2.0] * 25
    assert mine["worst"]["degrees"] == "first.bvh"
    assert mine["files"]["second.bvh"]["ratios"]["space_mm"] == [None] * 25
    assert mine["files"]["second.bvh"]["sliding_mm_per_s"] is None
    assert mine["files"]["first.bvh"]["planted"] == 3
    assert mine["made_from"] == {"command": "cs2s evaluate"}


def test_what_is_kept_with_numbers(tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    assert sha256(tmp_path / "file") == hashlib.sha256(b"abc").hexdigest()
    evaluation = evaluate_files({"made": made()}, ZeroVelocity(), made_from={"sha256": {"made": "0"}})
    assert evaluation.made_from["sha256"] == {"made": "0"}
    assert {"command", "versions"} <= set(evaluation.made_from)


def test_files_of_others(reference):
    """Foreign walks: freezing is beside itself exactly, running averages lag behind, feet are planted half of the time.

    One file is the output of a network whose feet never rest.
    """
    folder = reference / "data" / "wild"
    if not folder.is_dir():
        pytest.skip(f"the folder {folder} of other people's files is not there")
    names = ("bvhtb_freebvh.bvh", "bvhtb_walk01.bvh", "dme_raw.bvh", "xia_neutral.bvh")
    motions = {name: prepare(load_motion(folder / name), CMU_DATA)[0] for name in names}
    frozen, average = (evaluate_files(motions, predictor) for predictor in (ZeroVelocity(), RunningAverage(4)))
    assert [file.windows for file in frozen.files.values()] == [7, 18, 3, 9]
    for name in NAMES:
        np.testing.assert_array_equal(frozen.ratios[name], np.ones(25))
        assert (average.ratios[name][:10] > 1.05).all()
    for name, file in frozen.files.items():
        share = file.planted / (file.windows * 24 * len(FEET))
        assert share == 0 if name == "dme_raw.bvh" else 0.25 < share < 0.65
        assert name == "dme_raw.bvh" or 20 < file.true_sliding_mm_per_s < 150
        assert 0.8 < file.true_step_mm / file.observed_step_mm < 1.2
