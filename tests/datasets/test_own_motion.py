"""One's own motion through the whole program: predicted, converted, added to a data set, trained on."""

import json
from dataclasses import replace

import h5py
import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation

from cs2s.cli.parser import main
from cs2s.datasets.descriptions import CMU_DATA, DEMO_DATA, HUMAN36M_DATA, TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.own import describe_folder
from cs2s.datasets.own_takes import add_takes
from cs2s.datasets.windows import halved
from cs2s.errors import InputError
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.samples import read_samples
from cs2s.files.formats import load_motion, save_motion
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.training.continuation import continue_motion, prepare
from cs2s.training.runs import Run


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def captures(demo) -> dict[str, Motion]:
    """Takes of two actions of the demo data: what somebody recorded with their own equipment."""
    return {
        f"{split}-{action}": demo.motions[TakeId(split, "", action, 1)]
        for split in ("train", "test")
        for action in ("walking", "boxing")
    }


@pytest.fixture
def walk(captures, tmp_path):
    """A BVH file of somebody walking, 50 frames a second."""
    return save_motion(captures["test-walking"], tmp_path / "walk.bvh")


def test_the_last_frames_are_observed_and_the_prediction_is_appended(captures):
    motion, report = prepare(captures["test-walking"], DEMO_DATA)
    assert motion.fps == DEMO_DATA.fps == 25
    np.testing.assert_array_equal(motion.rows[-1], captures["test-walking"].rows[-1])
    assert len(report.matched) == 31
    continued = continue_motion(motion, ZeroVelocity(), 10)
    np.testing.assert_array_equal(continued.rows[:50], motion.rows[-50:])
    np.testing.assert_array_equal(continued.rows[50:], np.repeat(motion.rows[-1:], 10, axis=0))
    assert continued.fps == 25


def test_a_motion_that_cannot_be_continued_is_refused(captures):
    motion, _ = prepare(captures["test-walking"], DEMO_DATA)
    with pytest.raises(InputError, match=r"has 49 frames at 25 a second, but the model observes 50: .* 2.00 seconds"):
        continue_motion(motion[:49], ZeroVelocity())
    for frames in (0, -3, 1001):
        with pytest.raises(InputError, match="between 1 and 1000"):
            continue_motion(motion, ZeroVelocity(), frames)
    with pytest.raises(InputError, match="takes rows of that data only"):
        prepare(motion, HUMAN36M_DATA)

    def gone(observed: Motion, frames: int) -> Motion:
        return replace(observed, rows=np.full((frames, observed.rows.shape[-1]), np.nan))

    gone.name = "gone"
    with pytest.raises(InputError, match="gone predicts numbers that are not finite"):
        continue_motion(motion, gone)


def test_rows_of_human36m_are_continued_as_they_are():
    rows = np.random.default_rng(0).normal(scale=0.1, size=(120, 99)).astype(np.float32)
    motion = Motion(rows, HUMAN36M_DATA.skeleton, 50.0, "relative")
    ready, report = prepare(motion, HUMAN36M_DATA)
    assert report is None
    np.testing.assert_array_equal(ready.rows, rows[1::2])
    assert continue_motion(ready, RunningAverage(2), 3).root == "relative"


def test_joints_that_the_model_does_not_predict_stay_as_they_are(captures, trained_run):
    statistics = Run.open(trained_run).statistics
    motion, _ = prepare(captures["test-walking"], DEMO_DATA)
    expmaps = motion.expmaps.copy()
    expmaps[:, CMU_DATA.skeleton.joints.index("LeftHandIndex1"), 0] = 0.3
    motion = Motion.from_parts(motion.translation, expmaps, motion.skeleton, motion.fps)

    def model(observed: Motion, frames: int) -> Motion:
        return replace(observed, rows=np.tile(statistics.mean, (*observed.rows.shape[:-2], frames, 1)))

    model.name, model.statistics = "mean", statistics
    continued = continue_motion(motion, model, 4)
    held = np.setdiff1d(np.arange(117), statistics.used)
    np.testing.assert_array_equal(continued.rows[50:, held], np.repeat(continued.rows[49:50, held], 4, axis=0))
    # Where the person is and looks is told from where it was.
    joints = statistics.used[statistics.used >= 6]
    np.testing.assert_allclose(continued.rows[50:, joints], np.tile(statistics.mean[joints], (4, 1)), rtol=1e-6)


@pytest.mark.parametrize("ending", ["bvh", "h5", "txt"])
@pytest.mark.slow
def test_predict_writes_observation_and_prediction(walk, trained_run, tmp_path, capsys, ending):
    out = tmp_path / f"next.{ending}"
    assert run("predict", walk, "--run", trained_run, "--frames", 7, "--out", out) == 0
    text = capsys.readouterr().out
    assert "31 of the 31 CMU joints found" in text
    # From BVH to BVH a file is continued as it stands, at its own rate: 7 frames at 25 are 14 at 50.
    own = ending == "bvh"
    told = "all 1389 frames of the file, and 14 predicted ones at 50 a second" if own else "50 observed frames and 7"
    assert told in text
    assert ("taken for 120 a second; 'cs2s convert --fps 120' makes them so, and --source-fps 25 reads" in text) == (
        ending == "txt"
    )
    motion = load_motion(out, fps=50 if own else 25)
    assert len(motion) == (1389 + 14 if own else 57)
    expected = load_motion(walk) if own else prepare(load_motion(walk), DEMO_DATA)[0][-50:]
    where = [motion.skeleton.joints.index(j) for j in ("LeftFoot", "Head", "RightHand")]
    there = [expected.skeleton.joints.index(j) for j in ("LeftFoot", "Head", "RightHand")]
    observed = len(expected)
    np.testing.assert_allclose(motion.positions()[:observed, where], expected.positions()[:, there], atol=0.01)


@pytest.mark.slow
def test_predict_draws_the_prediction_alone(walk, trained_run, tmp_path):
    out = tmp_path / "next.gif"
    assert run("predict", walk, "--run", trained_run, "--frames", 5, "--out", out) == 0
    with Image.open(out) as picture:
        assert picture.width > 300
        assert picture.n_frames == 55


@pytest.mark.slow
def test_predict_on_real_files(reference, trained_run, tmp_path, capsys):
    for file, frames, fps in (("01_01.bvh", 2752 + 120, 120), ("11_01.amc", 75, 25)):
        out = tmp_path / f"{file}.bvh"
        assert run("predict", reference / "data/raw" / file, "--run", trained_run, "--out", out) == 0
        motion = load_motion(out)
        assert (len(motion), motion.fps) == (frames, fps)
        assert "31 of the 31" in capsys.readouterr().out


def test_convert_answers_how_to_get_rows_of_the_benchmark(reference, tmp_path, capsys):
    out = tmp_path / "walking.txt"
    assert run("convert", reference / "data/raw/35_01_first_frames.bvh", out) == 0
    rows = np.loadtxt(out, delimiter=",")
    expected = np.loadtxt(reference / "data/cmu_mocap/test/walking/walking_1.txt", delimiter=",", max_rows=3)
    np.testing.assert_allclose(rows[:, 6:], expected[:, 6:], atol=2e-5, rtol=0)
    assert run("convert", reference / "data/raw/11_01.amc", tmp_path / "11.txt") == 0
    assert "joint names as in ASF: 31 of the 31 CMU joints found" in capsys.readouterr().out
    assert np.loadtxt(tmp_path / "11.txt", delimiter=",").shape == (597, 117)


@pytest.mark.slow
def test_convert_changes_rate_and_skeleton(captures, tmp_path, capsys):
    source = save_motion(captures["test-walking"], tmp_path / "a.amc")
    assert run("convert", source, tmp_path / "b.h5", "--fps", 30, "--retarget") == 0
    motion = load_motion(tmp_path / "b.h5")
    assert motion.fps == 30
    assert motion.skeleton.joints == CMU_DATA.skeleton.joints
    expected = resample(captures["test-walking"], 30)
    np.testing.assert_allclose(motion.positions(), expected.positions(), atol=0.05)
    capsys.readouterr()
    assert run("convert", tmp_path / "b.h5", tmp_path / "b.txt") == 0
    assert "are taken for 120 a second; 'cs2s convert --fps 120' makes them so" in capsys.readouterr().out
    assert run("convert", tmp_path / "b.h5", tmp_path / "c.bvh", "--source-fps", 60, "--unit-mm", 10) == 0
    assert (load_motion(tmp_path / "c.bvh").fps, load_motion(tmp_path / "c.bvh").skeleton.unit_mm) != (
        30,
        CMU_DATA.skeleton.unit_mm,
    )


def test_convert_keeps_the_way_whatever_the_unit_and_the_rate(captures, tmp_path):
    walked = captures["test-walking"]
    source = save_motion(walked, tmp_path / "a.bvh")
    assert run("convert", source, tmp_path / "cm.txt", "--unit-mm", 10) == 0
    rows = load_motion(tmp_path / "cm.txt")
    np.testing.assert_allclose(rows.translation * rows.skeleton.unit_mm, walked.translation * 10, rtol=1e-5)
    steps = np.random.default_rng(0).normal(scale=0.05, size=(20, 99))
    steps = save_motion(Motion(steps, HUMAN36M_DATA.skeleton, 50.0, "relative"), tmp_path / "h.txt")
    assert run("convert", steps, tmp_path / "h25.txt", "--fps", 25) == 0
    halved_way = load_motion(tmp_path / "h25.txt", fps=25).positions()
    np.testing.assert_allclose(halved_way, load_motion(steps).positions()[::2], atol=0.01)


def test_convert_names_the_skeleton_that_it_writes(walk, tmp_path, capsys):
    assert run("convert", walk, tmp_path / "walk.amc") == 0
    assert f"its skeleton is in {tmp_path / 'walk.asf'}" in capsys.readouterr().out


def test_what_cannot_be_predicted_is_said_before_tensorflow_is_loaded(walk, trained_run, monkeypatch, capsys):
    def loaded(with_tensorboard: bool = False) -> None:
        raise AssertionError("TensorFlow was asked for")

    monkeypatch.setattr("cs2s.cli.commands.require_tensorflow", loaded)
    for wrong, part in ((("--frames", 2000), "between 1 and 1000"), (("--source-fps", 5000), "at least 2.00 seconds")):
        assert run("predict", walk, "--run", trained_run, "--out", walk.with_name("n.bvh"), *wrong) == 2
        assert part in capsys.readouterr().err


@pytest.fixture
def own(captures, tmp_path):
    """A folder of own captures: two actions, from BVH and AMC, one take of each to train on and one to test."""
    for name, motion in captures.items():
        split, action = name.split("-")
        file = save_motion(motion, tmp_path / f"{name}{'.bvh' if action == 'walking' else '.amc'}")
        added = ("--action", action, "--to", tmp_path / "own", "--split", split)
        assert run("data", "add", file, *added, *(("--fps", 50) if name == "train-walking" else ())) == 0
    return tmp_path / "own"


def test_own_captures_are_a_data_set(own, captures, capsys):
    dataset = load("own", own)
    assert dataset.description.actions == ("boxing", "walking")
    assert (dataset.description.source_fps, dataset.description.fps) == (50, 25)
    assert dataset.missing == ()
    assert [dataset.file(take) for take in dataset.motions] == [
        f"{split}/{action}/{action}_1.txt" for split in ("train", "test") for action in ("boxing", "walking")
    ]
    for take, motion in dataset.motions.items():
        expected = captures[f"{take.split}-{take.action}"]
        first, second = (Rotation.from_rotvec(m.expmaps.reshape(-1, 3)) for m in (motion, expected))
        assert (first.inv() * second).magnitude().max() < 1e-5
        np.testing.assert_allclose(motion.translation, expected.translation, atol=1e-4)
    assert run("data", "info", "own", "--data-dir", own) == 0
    assert "4 of 4 takes are present" in capsys.readouterr().out


@pytest.mark.slow
def test_own_captures_are_trained_on_sampled_evaluated_and_continued(own, tmp_path, walk, capsys):
    data, folder = ("--data-dir", own), tmp_path / "run"
    quick = ("--iterations", 1, "--batch-size", 2, "--output-length", 2, "--quiet")
    assert run("train", "--dataset", "own", *data, "--run", folder, *quick) == 0
    assert Run.open(folder).description.classes == ("boxing", "walking")
    assert run("sample", "--run", folder, *data, "--out", tmp_path / "s.h5") == 0
    capsys.readouterr()
    assert run("evaluate", "--dataset", "own", *data, "--predictor", "zero-velocity", "--predictor", folder) == 0
    assert "walking" in capsys.readouterr().out
    truth, _ = read_samples(tmp_path / "s.h5").motions("walking", 0)
    assert truth.fps == 25
    # The run knows what its folder said, so that it predicts without it.
    own.rename(tmp_path / "elsewhere")
    assert run("predict", walk, "--run", folder, "--out", tmp_path / "next.bvh") == 0
    assert load_motion(tmp_path / "next.bvh").fps == 50
    assert run("predict", walk, "--run", folder, "--skeleton", "cmu", "--out", tmp_path / "cmu.bvh") == 0
    assert load_motion(tmp_path / "cmu.bvh").fps == 25


def test_takes_are_numbered_on_and_the_rate_stays(own, captures, tmp_path):
    motion = captures["train-walking"]
    files = add_takes([motion, motion[:400]], "walking", own)
    assert [file.name for file in files] == ["walking_2.txt", "walking_3.txt"]
    assert len(load("own", own).motions[TakeId("train", "", "walking", 3)]) == 400
    with pytest.raises(InputError, match="must have more than 75 frames, and has 75"):
        add_takes([motion, motion[:150]], "walking", own)
    with pytest.raises(InputError, match="are at 50 frames a second, not 120"):
        add_takes([motion], "walking", own, fps=120)
    with pytest.raises(InputError, match="retarget them first"):
        add_takes([replace(motion, skeleton=replace(motion.skeleton, name="somebody"))], "walking", own)
    # Without a settled rate it is that of the CMU files.
    (file,) = add_takes([motion], "walking", tmp_path / "other")
    assert json.loads((tmp_path / "other/dataset.json").read_text())["fps"] == 120
    assert len(load_motion(file)) == int((len(motion) - 1) * 120 / 50) + 1
    np.testing.assert_allclose(halved(load_motion(file)).fps, 60)


def test_the_t_pose_row_can_be_left_out(captures, tmp_path):
    file = save_motion(captures["train-walking"], tmp_path / "walk.bvh")
    assert run("data", "add", file, "--action", "walk", "--to", tmp_path / "own", "--fps", 50, "--skip", 1) == 0
    rows = load_motion(tmp_path / "own/train/walk/walk_1.txt").rows
    np.testing.assert_allclose(rows[:, :3], captures["train-walking"].translation[1:], atol=1e-4)


def test_all_files_are_added_or_none(walk, tmp_path, capsys):
    (tmp_path / "bad.bvh").write_text("HIERARCHY\n")
    assert run("data", "add", walk, tmp_path / "bad.bvh", "--action", "walk", "--to", tmp_path / "own") == 2
    assert "bad.bvh, line 1: there is no ROOT" in capsys.readouterr().err
    assert not (tmp_path / "own").exists()


def test_folders_of_own_captures_that_are_wrong_get_one_sentence(own, tmp_path):
    with pytest.raises(InputError, match=r"there is no folder .*nowhere with the own data"):
        load("own", tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"holds no file of your own data; .*cs2s data add FILES"):
        load("own", tmp_path / "empty")
    for strange in ("walking_01.txt", "walking_x.txt", "boxing_4.txt", "walking_0.txt"):
        (own / "train/walking" / strange).write_text("not a take")
    assert len(describe_folder(own).found) == 4
    for broken in ("{", "[]", '{"fps": "fast"}', '{"fps": null}', "[" * 100_000):
        (own / "dataset.json").write_text(broken)
        with pytest.raises(InputError, match=r'dataset.json is not readable; it should hold for instance {"fps": 120}'):
            load("own", own)
    (own / "dataset.json").write_text('{"fps": NaN}')
    with pytest.raises(InputError, match="says nan frames a second"):
        load("own", own)
    (own / "dataset.json").unlink()
    assert load("own", own).description.source_fps == 120


@pytest.mark.slow
def test_bad_arguments_get_one_sentence(walk, trained_run, tmp_path, capsys):
    before = sorted(path.name for path in tmp_path.iterdir())
    out = tmp_path / "out"
    cases = [
        (
            ("predict", walk, "--run", trained_run, "--out", tmp_path / "n.fbx"),
            "must end in one of .bvh, .amc, .txt, .h5, .gif",
        ),
        (("predict", walk, "--run", tmp_path, "--out", tmp_path / "n.bvh"), "is not a run directory"),
        (("predict", tmp_path / "no.bvh", "--run", trained_run, "--out", tmp_path / "n.bvh"), "does not exist"),
        (("predict", walk, "--run", trained_run, "--frames", 0, "--out", tmp_path / "n.bvh"), "between 1 and 1000"),
        (("predict", walk, "--run", trained_run, "--checkpoint", 9, "--out", tmp_path / "n.bvh"), "it has: 2, 3"),
        (
            ("predict", walk, "--run", trained_run, "--source-fps", 5000, "--out", tmp_path / "n.bvh"),
            "at least 2.00 seconds",
        ),
        (("predict", walk, "--run", trained_run, "--out", walk), "would be written over the motion that is read"),
        (("convert", walk, walk.parent / ".." / walk.parent.name / walk.name), "over the motion that is read"),
        (("convert", walk, tmp_path / "n.fbx"), "must end in one of"),
        (("convert", walk, tmp_path / "n.bvh", "--fps", 0), "0 frames a second make no sense"),
        (("convert", walk, tmp_path / "n.bvh", "--asf", walk), "needs no ASF file"),
        (("convert", "/dev/zero", tmp_path / "n.bvh"), "must end in one of"),
        (("data", "add", walk, "--action", "../up", "--to", out), "cannot name an action"),
        (("data", "add", walk, "--action", "walk", "--to", out, "--fps", 0), "0 frames a second make no sense"),
        (("data", "add", walk, "--action", "walk", "--to", out, "--skip", 10**6), "--skip 1000000 makes no sense"),
        (("data", "add", walk, "--action", "walk", "--to", out, "--fps", "nan"), "nan frames a second make no sense"),
        (
            ("data", "add", walk, "--action", "walk", "--to", out, "--fps", 50, "--source-fps", 1000),
            "it must have more than 75 frames",
        ),
        (("data", "add", walk, "--action", "walk", "--to", walk), "cannot write into folder"),
        (("data", "download", "own"), "cannot be downloaded"),
    ]
    for arguments, part in cases:
        capsys.readouterr()
        assert run(*arguments) == 2, arguments
        err = capsys.readouterr().err
        assert part in err, arguments
        assert err.startswith("cs2s: ") and err.strip().count("\n") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_runs_that_do_not_say_their_actions_are_damaged(trained_run, tmp_path):
    import shutil

    folder = shutil.copytree(trained_run, tmp_path / "run")
    content = json.loads((folder / "run.json").read_text())
    for found in (
        {},
        {"actions": []},
        {"actions": 5, "source_fps": 1},
        {"actions": ["a"], "source_fps": "x"},
        {"actions": ["a"], "source_fps": True},
    ):
        content["settings"]["dataset"], content["found"] = "own", found
        (folder / "run.json").write_text(json.dumps(content))
        with pytest.raises(InputError, match="is damaged"):
            Run.open(folder)


def test_sample_files_without_a_rate_are_read(sample_file, tmp_path):
    import shutil

    path = shutil.copy(sample_file, tmp_path / "old.h5")
    with h5py.File(path, "r+") as file:
        del file.attrs["fps"]
    assert read_samples(tmp_path / "old.h5").evaluation.fps == 25
