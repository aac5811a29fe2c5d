"""Leaps of Euler angles: against a naive loop, a rotation by hand, and the two that the paper's model has on CMU."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.datasets.loading import load
from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, evaluate
from cs2s.evaluation.leaps import check_study, find_leaps, leap_table, study_leaps
from cs2s.evaluation.measures import angle_error
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import expmap_to_euler
from cs2s.motion.skeleton import CMU


@pytest.fixture(scope="module")
def frozen(demo) -> Evaluation:
    return evaluate(demo, ZeroVelocity())


def made_up(turns: dict[str, list[tuple[float, float]]]) -> Evaluation:
    """Two predicted frames of a LeftArm that turns about z: action -> of each window its true and predicted degrees."""
    motions, arm = {}, 3 + 3 * CMU.joints.index("LeftArm") + 2
    for action, windows in turns.items():
        truth, predicted = np.zeros((len(windows), 52, CMU.columns)), np.zeros((len(windows), 2, CMU.columns))
        truth[:, :50, 3 + 3 * 6] = np.linspace(0, 1, 50)  # a leg that moves and is predicted as it is
        for window, (true, guess) in enumerate(windows):
            truth[window, :, arm] = np.radians(np.linspace(true - 52, true, 52))
            predicted[window, :, arm] = np.radians(guess)
        motions[action] = Motion(truth, CMU, 60), Motion(predicted, CMU, 60)
    errors = {action: angle_error(*pair).mean(axis=0) for action, pair in motions.items()}
    return replace(Evaluation.of_errors("cmu", "made up", 60, errors), motions=motions)


@pytest.mark.parametrize(("frame", "over"), [(9, 3.0), (24, 3.2)])
def test_leaps_are_those_of_a_loop_over_windows_and_joints(frozen, frame, over):
    expected, windows = [], {}
    for action, (truth, predicted) in frozen.motions.items():
        for window in range(8):
            parts, maps = {}, truth.expmaps[window, 50 + frame]
            for joint in range(1, len(truth.skeleton.joints)):
                counts = expmap_to_euler(truth.expmaps[window, :, joint]).std(axis=0) > 1e-4
                guess = predicted.expmaps[window, frame, joint]
                parts[joint] = np.sum(((expmap_to_euler(maps[joint]) - expmap_to_euler(guess)) * counts) ** 2)
            windows[action, window] = np.sqrt(sum(parts.values()))
            for joint, squared in parts.items():
                if np.sqrt(squared) > over:
                    between = Rotation.from_rotvec(maps[joint]).inv()
                    between *= Rotation.from_rotvec(predicted.expmaps[window, frame, joint])
                    by_angle = np.sqrt(sum(parts.values()) - squared + between.magnitude() ** 2)
                    expected.append((action, window, joint, np.sqrt(squared), between.magnitude(), by_angle))
    found = find_leaps(frozen, frame, over)
    names = next(iter(frozen.motions.values()))[0].skeleton.joints
    assert len(found) >= 5
    assert [(leap.action, leap.window, leap.joint) for leap in found] == [(a, w, names[j]) for a, w, j, *_ in expected]
    for leap, (action, window, _, euler, angle, by_angle) in zip(found, expected, strict=True):
        replaced = {**windows, (action, window): by_angle}
        assert leap.euler == pytest.approx(euler, rel=1e-5)
        assert leap.euler == pytest.approx(np.linalg.norm(leap.differences))
        assert leap.degrees == pytest.approx(np.degrees(angle), rel=1e-4)
        assert (leap.error, leap.error_by_angle) == pytest.approx((windows[action, window], by_angle), rel=1e-5)
        # Eight windows of every action: the average over actions is that over windows.
        assert leap.average_by_angle == pytest.approx(np.mean(list(replaced.values())), rel=1e-5)


def test_a_joint_that_passes_half_a_turn_leaps_and_its_rotation_does_not():
    evaluation = made_up({"one": [(179, -179), (20, 10)], "other": [(100, 40)]})
    (leap,) = find_leaps(evaluation, frame=1)
    assert (leap.action, leap.window, leap.joint) == ("one", 0, "LeftArm")
    assert np.abs(leap.differences) == pytest.approx([0, 0, np.radians(358)])
    assert (leap.euler, leap.degrees) == pytest.approx((np.radians(358), 2))
    assert (leap.error, leap.error_by_angle) == pytest.approx((np.radians(358), np.radians(2)))
    # Each action counts once, however many windows it has.
    assert leap.average_by_angle == pytest.approx(np.radians(((2 + 10) / 2 + 60) / 2))


def test_a_rotation_that_is_wrong_by_much_is_listed_with_an_angle_as_large():
    (leap,) = find_leaps(made_up({"one": [(150, 20)], "other": [(10, 10)]}), frame=1)
    assert np.degrees(leap.euler) == pytest.approx(leap.degrees) == pytest.approx(130)
    assert leap.average_by_angle == pytest.approx(np.radians(65))
    assert leap.error_by_angle == pytest.approx(leap.error)


def test_only_what_is_over_the_threshold_is_listed():
    evaluation = made_up({"one": [(100, 40)]})
    assert find_leaps(evaluation, 1, np.radians(60.01)) == []
    assert len(find_leaps(evaluation, 1, np.radians(59.99))) == 1


def test_a_joint_that_never_turns_in_the_truth_does_not_count():
    evaluation = made_up({"one": [(100, 40)]})
    _, predicted = evaluation.motions["one"]
    still = 3 + 3 * CMU.joints.index("RightArm")
    predicted.rows[..., still + 1] = np.radians(80)
    (leap,) = find_leaps(evaluation, 1, 1.0)
    assert leap.joint == "LeftArm" and leap.error == pytest.approx(np.radians(60))


def test_the_study_holds_every_window_and_the_table_shows_the_largest_first(frozen):
    leaps, study = find_leaps(frozen, 9, 3.0), study_leaps(frozen, 9, 3.0)
    assert study["average"] == pytest.approx(np.mean(list(study["errors"].values())), abs=1e-4)
    assert study["average"] == pytest.approx(frozen.average[9], abs=1e-4)
    assert list(study["errors"]) == list(frozen.motions)
    assert [leap["joint"] for leap in study["leaps"]] == [leap.joint for leap in leaps]
    assert study["leaps"][0]["error_by_angle"] == pytest.approx(leaps[0].error_by_angle, abs=1e-4)
    shown = [float(line.split(" rad")[0].split()[-1]) for line in leap_table(leaps).splitlines()[1:]]
    assert shown == sorted(shown, reverse=True) and len(shown) == len(leaps)


def test_what_cannot_be_studied_is_refused(frozen):
    for other in (replace(frozen, motions={}), replace(frozen, protocol="corrected")):
        with pytest.raises(InputError, match="under the paper's protocol that has its motions"):
            find_leaps(other)
    for frame in (-1, 25):
        with pytest.raises(InputError, match=f"frame {frame} makes no sense: the predicted frames are 0 to 24"):
            find_leaps(frozen, frame)
    check_study(24, 0.1)
    for over in (0, -1, float("nan")):
        with pytest.raises(InputError, match="it must be more than 0"):
            find_leaps(frozen, 9, over)


@pytest.mark.slow
def test_two_arms_make_the_rise_of_the_papers_model(cmu_folder):
    from cs2s.training.predictors import load_predictor

    evaluation = evaluate(load("cmu", cmu_folder), load_predictor("pretrained:paper"))
    leaps = [leap for leap in find_leaps(evaluation) if leap.euler > 2 * np.radians(leap.degrees)]
    assert [(leap.action, leap.window, leap.joint) for leap in leaps] == [
        ("soccer", 6, "LeftArm"),
        ("washwindow", 3, "LeftArm"),
    ]
    assert [leap.euler for leap in leaps] == pytest.approx([5.59, 7.45], abs=0.02)
    assert [leap.degrees for leap in leaps] == pytest.approx([38, 15], abs=1)
    adds = [evaluation.average[9] - leap.average_by_angle for leap in leaps]
    assert adds == pytest.approx([0.084, 0.119], abs=0.001)
    later = {leap.action: leap.euler for leap in find_leaps(evaluation, 24) if leap.joint == "LeftArm"}
    assert later == pytest.approx({"soccer": 2.57, "washwindow": 6.40}, abs=0.02)
