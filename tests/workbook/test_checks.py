"""The answer checks reject what learners really get wrong, and say what it is; they survive any answer.

Each chapter's wrong answers are in ``wrong_answers/CHAPTER.py``: ``WRONG`` maps the name of a check to pairs of a wrong
answer and a word that its verdict must contain. Right answers are those of the chapters' solutions, which run with the
notebooks.
"""

import importlib
import inspect
import itertools
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from cs2s.motion.rotations import expmap_to_rotmat, quat_to_expmap, rotmat_to_quat
from cs2s.workbook.verdict import Verdict, chosen_names, judge_array, judge_choice, judge_function, single_number

ROOT = Path(__file__).parents[2]
CHAPTERS = [path.stem.split("_", 1)[1] for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.py"))]


def checks(chapter: str) -> dict:
    module = importlib.import_module(f"cs2s.workbook.checks.{chapter}")
    return {name: getattr(module, name) for name in module.__all__}


def wrong_answers(chapter: str) -> dict:
    return importlib.import_module(f"wrong_answers.{chapter}").WRONG


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_check_is_tried_on_two_wrong_answers_at_least(chapter):
    found = wrong_answers(chapter)
    assert set(found) == set(checks(chapter))
    for name, answers in found.items():
        assert len(answers) >= 2, f"{chapter}.{name} has fewer than two wrong answers"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_wrong_answers_are_rejected_by_name(chapter):
    for name, answers in wrong_answers(chapter).items():
        for answer, word in answers:
            verdict = checks(chapter)[name](answer)
            assert not verdict, f"{chapter}.{name} takes a wrong answer for right"
            assert word.lower() in verdict.words.lower(), f"{chapter}.{name} says '{verdict.words}', not '{word}'"


def rolled_by_tensorflow(step, observed, frames):
    tf = pytest.importorskip("tensorflow")
    window, found = tf.constant(observed), []
    for _ in range(frames):
        found.append(window[-1] + step(window))
        window = tf.concat([window[1:], found[-1][None]], axis=0)
    return tf.stack(found)


def blind_by_sets(length, stride):
    rows = [{frame} for frame in range(length)]
    for _ in range(3):
        rows = [rows[start] | rows[start + 1] for start in range(0, len(rows) - 1, stride)]
    return set(range(length)) - set().union(*rows)


def half_way(one, other):
    return Slerp([0, 1], Rotation.from_rotvec([one, other]))(0.5).as_rotvec()


def of_two_quaternions(one, other):
    first, second = (rotmat_to_quat(expmap_to_rotmat(vector)) for vector in (one, other))
    total = first + np.sign(first @ second) * second
    return quat_to_expmap(total / np.linalg.norm(total))


def by_scipy(rotmat):
    return Rotation.from_matrix(rotmat).as_rotvec()


def other_sign_at_half_a_turn(rotmat):
    vector = by_scipy(rotmat)
    return -vector if np.linalg.norm(vector) > np.pi - 1e-9 else vector


def around_the_centre(vector, point):
    angle = np.linalg.norm(vector)
    axis = vector / max(angle, 1e-300)
    centre = axis * (axis @ point)
    return centre + np.cos(angle) * (point - centre) + np.sin(angle) * np.cross(axis, point)


def kept_going_by_sums(observed, frames):
    step = observed[:, -1] - observed[:, -2]
    return observed[:, -1][:, None] + np.cumsum(np.stack([step] * frames, axis=1), axis=1)


def paired_draw_by_draw(first, second, times):
    differences = [np.average(first, weights=often) - np.average(second, weights=often) for often in times]
    return sorted(np.quantile(differences, (0.025, 0.975)))


def paired_by_sorting(first, second, times):
    drawn = np.sort(times @ (first - second) / times.sum(axis=1))
    return drawn[int(0.025 * len(drawn))], drawn[int(0.975 * len(drawn))]


def beyond_a_seed_frame_by_frame(seeds, variant):
    found = []
    for three, one in zip(seeds.T, variant, strict=True):
        others = [np.mean(np.delete(three, n)) for n in range(3)]
        found.append(abs(one - three.mean()) / three.mean() > max(np.abs(three - others) / others))
    return found


def tensor(number):
    return pytest.importorskip("tensorflow").constant(number)


def unnormalised_column_by_column(z, mean, std, used):
    rows = [mean.tolist() for _ in z]
    for row, numbers in zip(rows, z, strict=True):
        for column, number in zip(used, numbers, strict=True):
            row[column] = number * std[column] + mean[column]
    return rows


def by_loops(true, guess):
    errors = [0.0] * guess.shape[1]
    for window, predicted in zip(true, guess, strict=True):
        counted = [c for c in range(window.shape[1]) if np.std(window[:, c]) > 0.0001]
        for frame, row in enumerate(predicted):
            pose = window[len(window) - len(predicted) + frame]
            errors[frame] += sum((pose[c] - row[c]) ** 2 for c in counted) ** 0.5 / len(true)
    return errors


def by_numpy_in_float32(true, guess):
    true, guess = true.astype("float32"), guess.astype("float32")
    moving = true.std(axis=1, keepdims=True) > 1e-4
    return np.linalg.norm((true[:, -guess.shape[1] :] - guess) * moving, axis=2).mean(axis=0)


def by_the_trace_in_float32(first, second):
    return np.arccos(np.clip((np.trace((first.T @ second).astype("float32")) - 1) / 2, -1, 1))


def by_sorting(first, second, chosen):
    """The draw that has 2.5 % of all below it, and the one that has as many above it."""
    out = len(chosen) // 40
    return np.sort((second - first)[chosen].mean(axis=1))[[out, -1 - out]]


def channels_from_the_last(angles, order):
    matrix = np.eye(3)
    for angle, axis in list(zip(angles, order, strict=True))[::-1]:
        matrix = expmap_to_rotmat(np.radians(angle) * np.eye(3)["XYZ".index(axis)]) @ matrix
    return list(-Rotation.from_matrix(matrix).as_rotvec())


def step_by_step(places):
    return sum(np.hypot(*(after - before)[:2]) for before, after in itertools.pairwise(places))


def test_right_answers_in_another_style_are_right():
    for check, answer in (
        (checks("generator")["blind_frames"], set(range(24, 30))),
        (checks("generator")["blind_frames"], range(24, 30)),
        (checks("generator")["blind_frames"], list(range(29, 23, -1))),
        (checks("generator")["blind_frames"], dict.fromkeys(range(24, 30)).keys()),
        (checks("generator")["blind_frames"], (frame for frame in range(30) if frame > 23)),
        (checks("generator")["conv2_parameters"], 114688.0),
        (checks("generator")["blind_by_stride"], lambda n, s: sorted(blind_by_sets(n, s))[::-1]),
        (checks("generator")["blind_by_stride"], lambda n, s: dict.fromkeys(blind_by_sets(n, s)).keys()),
        (checks("generator")["blind_by_stride"], lambda n, s: (frame for frame in blind_by_sets(n, s))),
        (checks("generator")["blind_by_stride"], blind_by_sets),
        (checks("generator")["blind_by_stride"], lambda n, s: sorted(blind_by_sets(n, s))),
        (checks("generator")["roll_out"], rolled_by_tensorflow),
        (checks("error_evaluation")["error_by_hand"], by_loops),
        (
            checks("error_evaluation")["at_the_frame"],
            lambda until: [u + t * (u - until[t - 1]) for t, u in enumerate(until)],
        ),
        (checks("error_evaluation")["angle_between"], lambda a, b: (Rotation.from_matrix(a.T @ b)).magnitude()),
        (
            checks("error_evaluation")["angle_between"],
            lambda a, b: 2 * np.arcsin(min(1, np.linalg.norm(a - b) / 8**0.5)),
        ),
        (checks("error_evaluation")["paired"], lambda a, b, c: np.quantile((b - a)[c].mean(axis=1), (0.025, 0.975))),
        (
            checks("error_evaluation")["paired"],
            lambda a, b, c: tuple(np.percentile([(b[w] - a[w]).mean() for w in c], [2.5, 97.5])),
        ),
        (checks("error_evaluation")["paired"], by_sorting),
        (
            checks("error_evaluation")["paired"],
            lambda a, b, c: np.percentile((b - a)[c].mean(1), [2.5, 97.5], method="nearest"),
        ),
        (
            checks("error_evaluation")["paired"],
            lambda a, b, c: np.percentile((b - a).astype("float32")[c].mean(1), [2.5, 97.5]),
        ),
        (checks("error_evaluation")["error_by_hand"], by_numpy_in_float32),
        (checks("error_evaluation")["angle_between"], by_the_trace_in_float32),
        (checks("exponential_maps")["average"], half_way),
        (checks("exponential_maps")["average"], of_two_quaternions),
        (checks("exponential_maps")["average"], lambda *two: Rotation.from_rotvec(two).mean().as_rotvec()),
        (checks("exponential_maps")["survive"], by_scipy),
        (checks("exponential_maps")["survive"], other_sign_at_half_a_turn),
        (checks("exponential_maps")["survive"], lambda rotmat: list(by_scipy(rotmat))),
        (checks("exponential_maps")["turn"], around_the_centre),
        (checks("exponential_maps")["turn"], lambda vector, point: Rotation.from_rotvec(vector).apply(point)),
        (checks("exponential_maps")["cycle"], [1.209] * 3),
        # The same rotation the other way round, and one full turn more.
        (checks("exponential_maps")["cycle"], [-4 * np.pi / 3 / 3**0.5] * 3),
        (checks("exponential_maps")["cycle"], (8 * np.pi / 3 / 3**0.5,) * 3),
        (checks("exponential_maps")["lock"], [-1.209] * 3),
        (checks("exponential_maps")["lock"], Rotation.from_euler("xyz", [70, 90, 0], degrees=True).as_rotvec()),
        (checks("exponential_maps")["lock"], Rotation.from_euler("xyz", [70, -90, 20], degrees=True).as_rotvec()),
        (checks("your_own_motion")["joint_numbers"], lambda a, o: -Rotation.from_euler(o, a, degrees=True).as_rotvec()),
        (checks("your_own_motion")["joint_numbers"], channels_from_the_last),
        (checks("your_own_motion")["unharmed"], {"Knee", "neck", "wrist"}),
        (checks("your_own_motion")["unharmed"], ("wrist", "knee", "neck")),
        (checks("your_own_motion")["kmh"], lambda p, fps: step_by_step(p) / 1e5 / ((len(p) - 1) / fps / 3600)),
        (checks("your_own_motion")["rate"], 31.6),
        (checks("your_own_motion")["rate"], np.int64(25)),
        (checks("your_own_motion")["rate"], 23.976),
        (checks("your_own_motion")["rate"], np.array(29.97)),
        (checks("your_own_motion")["rate"], np.array(300 / 9.5)),
        (checks("your_own_motion")["rate"], tensor(29.97)),
        (checks("your_own_motion")["kmh"], lambda p, fps: round(step_by_step(p) * fps / (len(p) - 1) * 0.036, 1)),
        (checks("your_own_motion")["left_behind"], np.array(474)),
        (checks("your_own_motion")["left_behind"], tensor(474.5)),
        (checks("your_own_motion")["left_behind"], 480),
        (checks("your_own_motion")["left_behind"], np.float64(474.5)),
        (checks("your_own_motion")["ahead"], 834),
        (checks("your_own_motion")["warning"], " UP"),
        (checks("your_own_motion")["warning"], ["up"]),
        (checks("your_own_motion")["warning"], {"up"}),
        (checks("explore_predictions")["wins_and_loses"], [0.5] * 6 + [9, 0.5]),
        (checks("explore_predictions")["wins_and_loses"], (0, 0, 0, 0, 0, 0, 0, 8.1)),
        (checks("explore_predictions")["elbow"], -0.2),
        (checks("explore_predictions")["elbow"], np.float32(0.11)),
        (checks("explore_predictions")["unmoved_by"], {"Move", "mirror", "turn "}),
        (checks("explore_predictions")["unmoved_by"], ("turn", "mirror", "move")),
        (checks("explore_predictions")["wins_and_loses"], (error for error in [0.5] * 6 + [9, 0.5])),
        (checks("exponential_maps")["lock"], iter([-1.209] * 3)),
        (checks("motion_data")["rate"], ["B"]),
        (checks("motion_data")["rate"], "B."),
        (checks("your_own_motion")["left_behind"], 466),
        (checks("quickstart")["freeze"], lambda observed, frames: observed[:, [-1] * frames]),
        (checks("quickstart")["right_again"], lambda period, frames: range(period - 1, frames, period)),
        (checks("quickstart")["right_again"], lambda p, n: {f for f in range(n) if (f + 1) % p == 0}),
        (checks("quickstart")["keep_going"], kept_going_by_sums),
        (checks("quickstart")["seconds_predicted"], Fraction(1)),
        (checks("quickstart")["gain"], lambda frozen, learned: float((frozen - learned) / frozen)),
        (checks("quickstart")["gain"], lambda frozen, learned: (frozen - learned) / frozen if frozen > 0 else 0),
        (checks("motion_data")["columns"], slice(96, 99)),
        (checks("motion_data")["columns"], range(96, 99)),
        (checks("motion_data")["milliseconds"], 166),
        (checks("motion_data")["milliseconds"], 167),
        (checks("motion_data")["rate"], "b"),
        (checks("motion_data")["rate"], "Film B "),
        (checks("motion_data")["rate"], "25"),
        (checks("motion_data")["rate"], np.array(25)),
        (checks("motion_data")["rate"], 25.0),
        (checks("motion_data")["rate"], np.int64(25)),
        (checks("motion_data")["spike"], lambda c, p: -(((1 - p) / p) ** 0.5)),
        (checks("motion_data")["unnormalise"], unnormalised_column_by_column),
        (checks("motion_data")["t_pose_row"], lambda rows: [list(row).count(0) for row in rows].index(25)),
        (checks("motion_data")["t_pose_row"], lambda rows: np.argmin((rows != 0).sum(axis=1))),
        (checks("beyond_the_paper")["cut"], lambda frames: np.array(frames - max(35, round(frames / 5)))),
        (checks("beyond_the_paper")["cut"], lambda n: min(n - 35, n - round(n / 5))),
        (checks("beyond_the_paper")["blind"], lambda recent: {t for t in (48, 49) if t >= 50 - recent % 8}),
        (checks("beyond_the_paper")["blind"], lambda recent: np.arange(50)[max(48, 50 - recent % 8) :]),
        (checks("beyond_the_paper")["blind"], lambda n: [49, 48][: min(2, n % 8)]),
        (checks("beyond_the_paper")["blind"], lambda n: dict.fromkeys(range(max(48, 50 - n % 8), 50)).keys()),
        (checks("beyond_the_paper")["blind"], lambda n: (t for t in range(48, 50) if t >= 50 - n % 8)),
        (checks("beyond_the_paper")["paired"], paired_draw_by_draw),
        (checks("beyond_the_paper")["paired"], paired_by_sorting),
        (
            checks("beyond_the_paper")["paired"],
            lambda f, s, t: np.percentile(t @ (f - s) / len(f), [2.5, 97.5], method="nearest"),
        ),
        (checks("beyond_the_paper")["beyond_a_seed"], beyond_a_seed_frame_by_frame),
        (checks("beyond_the_paper")["split_verdict"], ("Jumping", " walking", "washwindow ")),
        (checks("adversarial_training")["learning_rate"], lambda n: np.float32(5e-5) * 0.99 ** (n // 10_000)),
    ):
        assert check(answer), check(answer)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_answer_whatever_makes_a_check_fail(chapter):
    class Hostile:
        def __array__(self, *_, **__):
            raise RuntimeError

        def __eq__(self, other):
            raise RuntimeError

    strange = ["a text", [], {}, [[1], [1, 2]], np.nan, np.full((3, 3), np.nan), True, 10**400, Hostile(), print]
    for check in checks(chapter).values():
        asked = [
            parameter
            for parameter in inspect.signature(check).parameters.values()
            if parameter.default is inspect.Parameter.empty
        ]
        assert len(asked) == 1
        for answer in (..., None):
            assert "no answer" in check(answer).words
        for answer in [*strange, lambda *_: None, lambda *_: "text", lambda *_: 1 / 0]:
            verdict = check(answer)
            assert isinstance(verdict, Verdict) and len(verdict.words) > 10


def test_numbers_are_judged_with_reasons():
    right = np.array([[0.5, -1.0], [2.0, 0.25]])
    assert judge_array(right + 1e-9, right, praise="yes")
    for wrong, word in (
        (-right, "sign"),
        (np.degrees(right), "degrees"),
        (np.radians(right), "180"),
        (right.T, "transpose"),
        (right[:1], "shape"),
        (right * np.nan, "nan"),
        (right + np.array([[0, 0], [0, 1]]), "(1, 1)."),
        (right + 5, "five too much"),
        ("0.5", "type str"),
    ):
        verdict = judge_array(wrong, right, praise="yes", mistakes={"five too much": right + 5})
        assert not verdict
        assert word in repr(verdict)
    given = judge_array([1.0, 2.0], np.array([1.0, 3.25]), praise="yes")
    assert "(1,)" in given.words and "3.25" not in given.words, "the answer is given away"
    assert "a list or an array" in judge_array("1, 3", np.array([1.0, 3.25]), praise="yes").words
    assert judge_array(Fraction(1, 2), 0.5, praise="yes") and judge_array([Decimal("0.5")], np.array([0.5]), praise="")
    assert "Not all that is in this list" in judge_array([Fraction(1, 2), None], np.array([0.5, 1]), praise="").words
    assert "too large" in repr(judge_array(3, 2.0, praise="yes"))
    assert "too small" in repr(judge_array(1, 2.0, praise="yes"))


def test_choices_are_judged_with_reasons():
    reasons = {"b": "b is wrong"}
    assert judge_choice(" A ", "a", praise="yes", reasons=reasons)
    assert judge_choice("b", "a", praise="yes", reasons=reasons).words == "b is wrong"
    assert "'a', 'b'" in judge_choice("c", "a", praise="yes", reasons=reasons).words
    assert not judge_choice(True, 1, praise="yes", reasons={})
    assert judge_choice(["a"], "a", praise="yes", reasons=reasons) and judge_choice(
        {"a"}, "a", praise="yes", reasons={}
    )
    assert judge_choice(("b",), "a", praise="yes", reasons=reasons).words == "b is wrong"
    assert "Choose" in judge_choice(["a", "b"], "a", praise="yes", reasons=reasons).words


def test_lists_count_in_any_order_where_no_order_was_asked_for():
    right = np.array([1.0, 2, 3])
    for answer in ([3, 1, 2], {3, 2, 1}, {2: "", 3: "", 1: ""}.keys(), iter([2, 3, 1]), (n for n in (3, 2, 1))):
        assert judge_array(answer, right, praise="yes", any_order=True)
    assert judge_function(lambda n: [2, 1, 3], lambda n: right, [(3,)], praise="yes", any_order=True)
    assert not judge_array([3, 1, 2], right, praise="yes")
    assert not judge_array([1, 2, 2], right, praise="yes", any_order=True)
    assert "10000" in judge_array(itertools.count(), right, praise="yes").words


def test_a_shape_is_told_once():
    for axes, wanted in (
        ("(3,)", "(3,)."),
        ("(3,), x, y, z", "(3,), x, y, z."),
        ("(joints,)", "(3,) (joints,)."),
        ("", "(3,)."),
    ):
        assert judge_array([1.0, 2], np.zeros(3), praise="yes", axes=axes).words.endswith(f"wanted is {wanted}")


def test_single_numbers_may_be_arrays_without_axes():
    for answer in (2, 2.0, np.float32(2), np.array(2), np.int64(2)):
        assert single_number(answer) == 2
    for answer in ([2], "2", None, ..., print, {"two": 2}):
        assert single_number(answer) is None


def test_names_are_taken_from_lists():
    known = ["knee", "hip", "neck"]
    for answer in (["Knee", " hip"], ("hip", "knee"), {"knee", "hip"}):
        assert chosen_names(answer, known, "joints") == {"knee", "hip"}
    assert chosen_names("neck", known, "joints") == {"neck"}
    for answer, word in (
        ("knee, hip", "commas"),
        ({"knee": False}, "dict"),
        (["ear"], "'ear'"),
        (3, "int"),
        (..., "no"),
    ):
        verdict = chosen_names(answer, known, "joints")
        assert isinstance(verdict, Verdict) and not verdict and word in verdict.words


def test_functions_are_judged_by_calling_them():
    inputs = [(np.array([1.0, 2.0]),), (np.array([-3.0, 0.5]),)]
    double = {"factor three": lambda x: 3 * x}
    assert judge_function(lambda x: 2 * x, lambda x: 2 * x, inputs, praise="yes", mistakes=double)
    assert "factor three" in repr(judge_function(lambda x: 3 * x, lambda x: 2 * x, inputs, praise="", mistakes=double))
    assert "sign" in repr(judge_function(lambda x: -2 * x, lambda x: 2 * x, inputs, praise=""))
    assert "nothing back" in repr(judge_function(print, lambda x: x, inputs, praise=""))
    assert "called with (3)" in repr(judge_function(lambda n: 2, lambda n: n, [(3,)], praise=""))
    assert "it is 4 there, where 2 is right" in repr(judge_function(lambda x: 2 * x, lambda x: x, inputs, praise=""))
    assert "out of its brackets" in repr(judge_array([2.0], 2.0, praise="yes"))
    assert "single one" in repr(judge_array([2.0, 3.0], 2.0, praise="yes"))
    assert "single number" in repr(judge_array(2.0, np.array([2.0, 3.0]), praise="yes"))
    assert "starts at 0" in repr(judge_function(lambda x: x[2], lambda x: x, inputs, praise=""))
    assert "ZeroDivisionError" in repr(judge_function(lambda x: 1 / 0, lambda x: x, inputs, praise=""))
    assert "no answer" in repr(judge_function(lambda x: ..., lambda x: x, inputs, praise=""))
    assert "wanted is a function" in repr(judge_function(3, lambda x: x, inputs, praise=""))

    def spoils_its_argument(x):
        x *= 2
        return x

    assert judge_function(spoils_its_argument, lambda x: 2 * x, inputs, praise="yes")
