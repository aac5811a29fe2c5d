"""The single small model: its training in metres, and its predictions wherever and however a person moves."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.pose_windows import PoseWindows
from cs2s.datasets.windows import OBSERVED, dataset_statistics
from cs2s.errors import InputError
from cs2s.motion.feet import standing
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.networks.kinematics import euler_circles
from cs2s.networks.tensorflow import keras, tf
from cs2s.training.models import model_for
from cs2s.training.pose import PoseModel
from cs2s.training.pose_predictor import PosePredictor
from cs2s.training.predictors import load_predictor
from cs2s.training.settings import PoseSettings, Settings


@pytest.fixture(scope="module")
def statistics(demo):
    return dataset_statistics(demo, "dropped")


def settings(**changes) -> PoseSettings:
    small = {"iterations": 40, "batch_size": 4, "mixtures": 20, "width": 24, "blocks": 2}
    chosen = Settings.for_preset("demo", "pose-mlp", **(small | changes))
    assert isinstance(chosen, PoseSettings)
    return chosen


def batches(demo, statistics, chosen, count=1):
    windows = PoseWindows(demo, statistics.turning_joints, chosen.drawing)
    return [windows.draw(chosen.batch_size, chosen.seed, iteration) for iteration in range(count)]


@pytest.fixture(scope="module")
def model(demo, statistics) -> PoseModel:
    """A small model that has learned a little."""
    chosen = settings(averaging=0.5, schedule="staircase", learning_rate=5e-3, turned=0.0, short=0.0, dropout=0.0)
    model = model_for(chosen, statistics, 5)
    assert isinstance(model, PoseModel)
    step = tf.function(model.train_step)
    for batch in 40 * batches(demo, statistics, chosen, 2):
        step(batch)
    return model


@pytest.fixture(scope="module")
def predictor(model) -> PosePredictor:
    """What the network says, feet sliding as they may; `standing` is tested with `cs2s.motion.feet`."""
    return PosePredictor(model.predicting, "small", feet=False)


@pytest.fixture(scope="module")
def motion(demo) -> Motion:
    """Three windows of a test take, single precision."""
    take = next(iter(demo.split("test").values()))[demo.description.t_pose_rows :: 2]
    rows = np.stack([take.rows[start : start + 75] for start in (0, 10, 40)]).astype(np.float32)
    return replace(take, rows=rows)


def placed(motion: Motion) -> np.ndarray:
    return motion.positions()


def elsewhere(motion: Motion) -> Motion:
    """The same motion turned about the vertical and moved."""
    turn = expmap_to_rotmat(np.array([0, 2.5, 0.0]))
    rows = motion.rows.astype(np.float64)
    rows[..., :3] = rows[..., :3] @ turn + [10, -3, 4]
    rows[..., 3:6] = rotmat_to_expmap(expmap_to_rotmat(rows[..., 3:6]) @ turn)
    return replace(motion, rows=rows)


def test_learning_lowers_the_error_of_body_and_root(demo, statistics, model):
    (batch,) = batches(demo, statistics, model.settings)
    matrices, root, observed, _ = batch
    fresh = model_for(model.settings, statistics, 5)

    def error(network):
        predicted = network(matrices[:, :OBSERVED], root[:, :OBSERVED], observed)
        told = model._errors(matrices[:, OBSERVED:], root[:, OBSERVED:], predicted)
        return np.array([float(told["body_mm"]), float(told["root_mm"])])

    assert (error(model.averaged) < 0.8 * error(fresh.averaged)).all()


def test_the_loss_equals_a_loop_over_frames_and_joints(demo, statistics):
    model = model_for(settings(early=0.7, position_weight=0.6, euler_weight=0.05), statistics, 5)
    _, root, _, _ = batches(demo, statistics, model.settings)[0]
    draws = np.random.default_rng(2)
    skeleton, turning = demo.description.skeleton, list(statistics.turning_joints)
    true, guess = (expmap_to_rotmat(draws.normal(0, 0.5, (4, 25, len(turning), 3))) for _ in range(2))
    turns, places = expmap_to_rotmat(draws.normal(0, 0.5, (4, 25, 3))), draws.normal(0, 1, (4, 25, 3))
    as_single = [np.asarray(a, np.float32) for a in (true, root[:, OBSERVED:], guess, turns, places)]
    told = model._errors(as_single[0], as_single[1], as_single[2:])

    def points(rotations: np.ndarray) -> np.ndarray:
        maps = np.tile(statistics.mean[3:].reshape(-1, 3), (*rotations.shape[:2], 1, 1)).astype(np.float64)
        maps[:, :, turning], maps[:, :, 0] = rotmat_to_expmap(rotations), 0
        return skeleton.forward_kinematics(maps, np.zeros((*maps.shape[:2], 3)))[:, :, model.kinematics.points] / 1000

    x, y = points(true), points(guess)
    way = root[:, OBSERVED:]
    up_to_three = np.stack([way[..., 3:6], way[..., 6:9], np.cross(way[..., 3:6], way[..., 6:9])], axis=-2)
    body = step = root_way = root_step = rotations = 0.0
    frame_weights = np.arange(1, 26) ** -0.7
    frame_weights /= frame_weights.mean()
    for window in range(4):
        before = before_root = 0.0
        for frame in range(25):
            error = y[window, frame] - x[window, frame]
            in_space = places[window, frame] + y[window, frame] @ turns[window, frame]
            really = way[window, frame, :3] + x[window, frame] @ up_to_three[window, frame]
            for point, weight in enumerate(model.kinematics.weights):
                share = weight / 100
                body += share * frame_weights[frame] * np.linalg.norm(error[point])
                step += share * np.linalg.norm((error - before)[point])
                root_way += share * frame_weights[frame] * np.linalg.norm((in_space - really)[point])
                root_step += share * np.linalg.norm((in_space - really - before_root)[point])
            before, before_root = error, in_space - really
            for joint in range(len(turning)):
                apart = np.linalg.norm(guess[window, frame, joint] - true[window, frame, joint])
                rotations += frame_weights[frame] * apart / 100 / len(turning)
    assert float(told["body"]) == pytest.approx(model.settings.position_weight * (body + step), rel=1e-4)
    circles = np.asarray(euler_circles(as_single[0]) - euler_circles(as_single[2]))
    euler = (np.linalg.norm(circles.reshape(4, 25, -1), axis=-1) * frame_weights).mean()
    expected = model.settings.rotation_weight * rotations + model.settings.euler_weight * euler
    assert float(told["rotations"]) == pytest.approx(expected, rel=1e-4)
    assert float(told["root"]) == pytest.approx(model.settings.root_weight * (root_way + root_step), rel=1e-4)


def test_a_strange_body_has_each_bone_turned_by_a_constant_of_its_own(statistics):
    model = model_for(settings(), statistics, 5)
    draws, joints = np.random.default_rng(0), len(statistics.turning_joints)
    turns = expmap_to_rotmat(draws.normal(0, 0.5, (2, 6, joints, 3))).astype(np.float32)
    by = draws.normal(0, 0.3, (2, joints, 3)).astype(np.float32)
    changed = np.asarray(model._strange(turns, by))

    def in_space(rotations: np.ndarray) -> list[np.ndarray]:
        spaces: list[np.ndarray] = []
        for joint, above in enumerate(model.kinematics.above):
            own = rotations[:, :, joint]
            spaces.append(own if above is None else own @ spaces[above])
        return spaces

    for joint, (before, after) in enumerate(zip(in_space(turns), in_space(changed), strict=True)):
        np.testing.assert_allclose(after, expmap_to_rotmat(by[:, joint])[:, None] @ before, atol=1e-5)


def test_wherever_a_person_stands_and_looks_the_prediction_goes_with_them(predictor, motion):
    here = predictor(motion[:OBSERVED], 25)
    there = predictor(elsewhere(motion)[:OBSERVED], 25)
    np.testing.assert_allclose(placed(elsewhere(here)), placed(there), atol=0.2)


def test_a_mirrored_person_is_predicted_as_in_a_mirror(predictor, motion):
    here = predictor(motion[:OBSERVED], 25)
    image = mirrored(predictor(mirrored(motion)[:OBSERVED], 25))
    np.testing.assert_allclose(placed(image), placed(here), atol=0.2)
    alone = replace(predictor, mirror=False)
    assert (
        np.abs(placed(mirrored(alone(mirrored(motion)[:OBSERVED], 25))) - placed(alone(motion[:OBSERVED], 25))).max()
        > 1
    )


def test_one_motion_is_predicted_as_in_a_batch_and_further_ahead_by_feeding_back(predictor, motion):
    together = predictor(motion[:OBSERVED], 60)
    alone = predictor(motion[:OBSERVED].one(1), 60)
    assert together.rows.shape == (3, 60, motion.rows.shape[-1]) and alone.rows.shape == (60, motion.rows.shape[-1])
    np.testing.assert_allclose(placed(alone), placed(together.one(1)), atol=0.1)
    np.testing.assert_allclose(predictor(motion[:OBSERVED], 25).rows, together.rows[:, :25], atol=1e-5)
    again = predictor(motion[:OBSERVED].then(together[:25]), 25)
    np.testing.assert_allclose(again.rows, together.rows[:, 25:50], atol=1e-4)


def test_feet_that_stand_are_kept_where_they_are_also_elsewhere(predictor, motion):
    keeping = replace(predictor, feet=True)
    here = keeping(motion[:OBSERVED], 25)
    plain = motion[:OBSERVED].then(predictor(motion[:OBSERVED], 25))
    expected = standing(replace(plain, rows=plain.rows.astype(np.float64)), OBSERVED)[OBSERVED:]
    np.testing.assert_allclose(placed(here), placed(expected), atol=1.0)
    there = keeping(elsewhere(motion)[:OBSERVED], 25)
    np.testing.assert_allclose(placed(elsewhere(here)), placed(there), atol=1.0)


def test_joints_that_never_turned_stay_as_they_are(predictor, motion, statistics):
    odd = motion.rows.copy()
    still = [j for j in range(1, len(motion.skeleton.joints)) if j not in statistics.turning_joints]
    columns = np.array(still)[:, None] * 3 + 3 + np.arange(3)
    odd[..., columns] = 0.3
    predicted = predictor(replace(motion, rows=odd)[:OBSERVED], 25)
    np.testing.assert_allclose(predicted.rows[..., columns], 0.3, atol=1e-6)
    others = predictor(motion[:OBSERVED], 25)
    np.testing.assert_allclose(np.delete(predicted.rows, columns, axis=-1), np.delete(others.rows, columns, axis=-1))


def test_a_short_past_is_one_whose_first_frame_is_repeated(predictor, motion):
    short = motion[OBSERVED - 15 : OBSERVED]
    filled = replace(short, rows=np.concatenate([np.repeat(short.rows[:, :1], 35, axis=1), short.rows], axis=1))
    np.testing.assert_allclose(predictor(short, 25).rows, predictor(filled, 25).rows, atol=1e-6)
    # It is not the same as a person who really stood still for so long.
    assert np.abs(predictor(short, 25).rows - predictor(motion[:OBSERVED], 25).rows).max() > 1e-3


def test_what_comes_before_a_leap_is_not_seen(predictor, motion):
    leaping = motion[:OBSERVED].rows.copy()
    # A T-pose in front of motion: no body could come from there in a sixtieth of a second.
    leaping[:, :20, 6:] = 0
    seen = predictor(replace(motion, rows=leaping), 25)
    np.testing.assert_allclose(seen.rows, predictor(motion[20:OBSERVED], 25).rows, atol=1e-6)


def test_one_who_stands_still_goes_on_standing(predictor, motion):
    still = replace(motion, rows=np.repeat(motion.rows[:, :1], OBSERVED, axis=1))
    predicted = predictor(still, 25)
    assert np.isfinite(predicted.rows).all()
    assert np.linalg.norm(placed(predicted)[:, 0] - placed(still)[:, -1], axis=-1).mean() < 60


def test_relative_roots_come_back_relative(predictor, motion):
    steps = predictor(motion.in_steps()[:OBSERVED], 25)
    assert steps.root == "relative"
    whole = motion.in_steps()[:OBSERVED].then(steps).in_world()
    # From the origin on: only the start differs.
    expected = motion[:OBSERVED].then(predictor(motion[:OBSERVED], 25))
    np.testing.assert_allclose(placed(whole), placed(expected), atol=0.5)


@pytest.mark.slow
def test_a_run_is_trained_resumed_evaluated_and_shipped(tmp_path, capsys, monkeypatch):
    small = "--preset pose-mlp --dataset demo --mixtures 12 --width 16 --blocks 1 --batch-size 4".split()
    short = [*small, "--checkpoint-interval", "4", "--quiet"]
    assert main(["train", "--run", str(tmp_path / "whole"), "--iterations", "8", *short]) == 0
    assert (
        main(["train", "--run", str(tmp_path / "parts"), "--iterations", "4", "--schedule", "staircase", *short]) == 0
    )
    assert main(["train", "--run", str(tmp_path / "all"), "--iterations", "8", "--schedule", "staircase", *short]) == 0
    assert main(["train", "--run", str(tmp_path / "parts"), "--resume", "--iterations", "8", "--quiet"]) == 0
    capsys.readouterr()
    weights = [load_predictor(tmp_path / name).network.get_weights() for name in ("all", "parts")]
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)
    table = tmp_path / "table.json"
    arguments = ["evaluate", "--dataset", "demo", "--predictor", str(tmp_path / "whole"), "--protocol", "positions"]
    assert main([*arguments, "--json", str(table)]) == 0
    assert json.loads(table.read_text())["made_from"]["preset"] == "pose-mlp"
    assert main(["export", str(tmp_path / "whole"), "--out", str(tmp_path / "small.npz")]) == 0
    two = [str(tmp_path / name) for name in ("whole", "all")]
    assert main(["export", *two, "--out", str(tmp_path / "two.npz")]) == 2
    assert "only predictors of rows can be averaged" in capsys.readouterr().err
    assert main(["train", "--run", str(tmp_path / "never"), *small, "--output-length", "10"]) == 2
    assert "predicts 25 frames: leave out --output-length" in capsys.readouterr().err


def test_keras_saves_and_loads_the_model(tmp_path, model, motion):
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.models.load_model(path)
    expected, found = (PosePredictor(m.predicting, "", feet=False)(motion[:OBSERVED], 25).rows for m in (model, loaded))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_branches_share_a_batch_alike():
    for size in (2, 5, 7):
        sentence = f"--batch-size {size} cannot be shared by 3 branches alike: choose a multiple of 3."
        with pytest.raises(InputError, match=sentence):
            Settings.for_preset("cmu", "pose-mlp", batch_size=size, branches=3)
    assert Settings.for_preset("cmu", "pose-mlp", batch_size=2).branches == 2


def test_settings_of_rows_mean_nothing_to_it():
    with pytest.raises(InputError, match="--t-pose means nothing to the preset 'pose-mlp': leave it out"):
        Settings.for_preset("cmu", "pose-mlp", t_pose="dropped")
