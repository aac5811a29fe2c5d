"""Pictures of chapter 07 show what they are given: every bar and mark against an independent computation."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.validation import hold_out
from cs2s.networks.dct_mlp import cosine_basis
from cs2s.pictures.style import SECOND
from cs2s.workbook.figures import beyond_the_paper as figures


def test_lengths_of_the_split_are_those_of_the_motions(demo):
    held_out = hold_out(demo)
    lengths = figures.split_lengths(demo, held_out)
    for action, pairs in lengths.items():
        takes = [take for take in demo.split("train") if take.action == action]
        for take, (train, held) in zip(takes, pairs, strict=True):
            assert train + held == (len(demo.motions[take]) + 1) // 2
            assert train == len(held_out.motions[take]) // 2
            # 50 of its frames are only observed, and train.
            validating = held_out.motions[take._replace(split="validation")]
            assert held == (len(validating) + 1) // 2 - 50


def test_files_that_stay_whole_train_or_validate_as_a_whole(cmu_folder):
    cmu = load("cmu", cmu_folder)
    lengths = figures.split_lengths(cmu, hold_out(cmu))
    running = lengths["running"]
    longest = max(range(len(running)), key=lambda number: sum(running[number]))
    for number, (train, held) in enumerate(running):
        assert (train == 0) == (number == longest)
        assert (held == 0) == (number != longest)
    assert sum(sum(pair) for pair in running) == sum(
        (len(cmu.motions[TakeId("train", "", "running", take)]) + 1) // 2 for take in range(1, 6)
    )


def test_the_split_is_drawn_as_one_bar_a_file_of_two_parts():
    figure = figures.plot_split({"a": [(100, 50), (80, 0)], "b": [(0, 60)]}, fps=10.0)
    (axes,) = figure.axes
    bars = [bar for bar in axes.patches if bar.get_height()]
    assert [(bar.get_x(), bar.get_width()) for bar in bars] == [(0, 10), (10, 5), (0, 8), (8, 0), (0, 0), (0, 6)]
    assert [bool(bar.get_hatch()) for bar in bars] == 3 * [False, True]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert "[s]" in axes.get_xlabel()


def test_frames_that_are_not_seen_are_hatched_and_named():
    influence = np.arange(50.0)
    (axes,) = figures.plot_sight({"a network": influence}).axes
    heights = [bar.get_height() for bar in axes.patches[:50]]
    np.testing.assert_allclose(heights, 100 * influence / influence.sum())
    assert "blind to frame 0" in axes.get_title()
    assert [patch.get_hatch() for patch in axes.patches[50:]] == ["////"]
    (seeing,) = figures.plot_sight({"a network": influence + 1}).axes
    assert "sees every frame" in seeing.get_title()


@pytest.mark.parametrize("kept", [1, 7, 50])
def test_cosines_give_back_what_their_coefficients_say(kept):
    curve = np.random.default_rng(0).normal(size=50).cumsum()
    left, right = figures.plot_cosines(curve, cosine_basis(50), 25.0, kept).axes
    time = np.arange(50)
    rebuilt = np.zeros(50)
    for k in range(kept):
        wave = np.cos(np.pi / 50 * (time + 0.5) * k) * np.sqrt((1 if k == 0 else 2) / 50)
        rebuilt += (wave @ curve) * wave
    drawn = right.get_lines()[1].get_xydata()
    np.testing.assert_allclose(drawn[:, 0], 40 * time)
    np.testing.assert_allclose(drawn[:, 1], rebuilt, atol=1e-4)
    hatched = [bool(bar.get_hatch()) for bar in left.patches]
    assert (hatched.count(False), hatched.count(True)) == (kept, 50 - kept)


def test_every_window_is_a_dot_and_a_leap_points_at_where_its_angle_puts_it():
    leap = {"action": "b", "joint": "Neck", "euler": 6.04, "degrees": 14.7, "error": 6.2, "error_by_angle": 1.3}
    (axes,) = figures.plot_leaps({"errors": {"a": [0.5, 0.7], "b": [1.0, 6.2]}, "leaps": [leap]}).axes
    points = [np.column_stack(line.get_data()).tolist() for line in axes.get_lines()]
    assert points == [[[0.5, 0], [0.7, 0]], [[1.0, 1], [6.2, 1]], [[1.3, 1]]]
    arrow, words = axes.texts
    assert (arrow.xyann, arrow.xy) == ((6.2, 1), (1.3, 1)) and arrow.arrow_patch is not None
    assert words.get_text() == "Neck: 6.0 rad, 15°" and words.xy == (6.2, 1)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert "[radians]" in axes.get_xlabel()


def test_a_seed_is_compared_with_the_mean_of_the_others_and_a_variant_with_the_mean_of_all():
    errors = {
        "a": np.array([1.0, 2.0]),
        "b": np.array([1.1, 2.0]),
        "c": np.array([1.2, 2.0]),
        "v": np.array([2.2, 1.5]),
    }
    changed, yard = figures.beside_seeds(errors, ("a", "b", "c"))
    assert list(changed) == ["v"]
    np.testing.assert_allclose(changed["v"], [100, -25])
    # Of a, b and c: 1 against 1.15, 1.1 against 1.1, 1.2 against 1.05.
    np.testing.assert_allclose(yard, [100 * 0.15 / 1.05, 0], atol=1e-9)


def test_changes_are_marks_on_bars_of_what_a_seed_changes_and_filled_beyond_them():
    figure = figures.plot_changes(
        {"frame 1": {"x": [3.0, -8.0], "y": [-1.0, 2.0]}, "frame 9": {"x": [1.0, 1.0], "y": [20.0, 0.0]}},
        {"frame 1": [2.0, 9.0], "frame 9": [0.5, 4.0]},
        ("best", "last"),
        "the mean",
    )
    first, second = figure.axes
    assert [axes.get_title() for axes in figure.axes] == ["frame 1", "frame 9"]
    assert [label.get_text() for label in first.get_yticklabels()] == ["x", "y"]

    def marks(axes, filled):
        lines = [line for line in axes.get_lines() if line.get_marker() not in ("", "None", None)]
        chosen = [line for line in lines if (to_hex(line.get_markerfacecolor()) != "#ffffff") == filled]
        return sorted((line.get_marker(), *point) for line in chosen for point in line.get_xydata().tolist())

    assert marks(first, True) == [("o", 3.0, -0.13)]
    assert marks(first, False) == [("o", -1.0, 0.87), ("s", -8.0, 0.13), ("s", 2.0, 1.13)]
    assert marks(second, True) == [("o", 1.0, -0.13), ("o", 20.0, 0.87)]
    bars = sorted({(round(bar.get_x(), 6), round(bar.get_width(), 6)) for bar in first.patches})
    assert bars == [(-9, 18), (-2, 4)] and all(bar.get_hatch() for bar in first.patches)
    low, high = second.get_xlim()
    assert low < -20 < 20 < high
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["best", "last", "what another seed changes"]


def test_intervals_stand_left_and_that_of_the_difference_right():
    numbers = {"a": (10.0, 9.0, 11.0), "b": (10.5, 9.5, 11.5), "minus b": (0.5, 0.4, 0.6)}
    left, right = figures.plot_paired(numbers, "a", "error [degrees]").axes
    for axes, names in ((left, ["a", "b"]), (right, ["minus b"])):
        bars = [line.get_xdata() for line in axes.get_lines() if line.get_marker() == "|"]
        rings = [line.get_xdata()[0] for line in axes.get_lines() if line.get_marker() == "o"]
        np.testing.assert_allclose(bars, [numbers[name][1:] for name in names])
        assert rings == [numbers[name][0] for name in names]
        assert axes.get_xlabel() == "error [degrees]"
    assert [label.get_text() for label in right.get_yticklabels()] == ["b"]
    assert any(list(line.get_xdata()) == [0, 0] for line in right.get_lines())


def test_actions_on_which_two_measures_disagree_are_diamonds_on_hatched_ground():
    across, up = {"a": -10.0, "b": 5.0, "c": 4.0}, {"a": 20.0, "b": 7.0, "c": -3.0}
    (axes,) = figures.plot_disagreement(across, up, ("radians [%]", "mm [%]")).axes
    marks = {line.get_marker(): [] for line in axes.get_lines() if line.get_marker() in ("o", "D")}
    for line in axes.get_lines():
        if line.get_marker() in marks:
            marks[line.get_marker()].append(tuple(line.get_xydata()[0]))
    assert marks == {"D": [(-10, 20), (4, -3)], "o": [(5, 7)]}
    for x, y in [*marks["D"], *marks["o"]]:
        hatched = any(patch.get_extents().contains(*axes.transData.transform((x, y))) for patch in axes.patches)
        assert hatched == (x * y < 0)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("radians [%]", "mm [%]")
    assert sorted(text.get_text() for text in axes.texts) == ["a", "b", "c"]


def test_a_road_has_a_ring_a_run_and_leaves_out_what_was_not_measured():
    panels = {"error [rad]": {"a": [1.0, 1.2], "b": [0.5], "c": [0.4]}, "error [mm]": {"a": [30.0], "c": [10.0]}}
    first, second = figures.plot_road(("a", "b", "c"), panels).axes
    rings = [line.get_xydata().tolist() for line in second.get_lines() if line.get_marker() == "o"]
    assert rings == [[[30, 0]], [[10, 2]]]
    rings = [line for line in first.get_lines() if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in rings] == [[1, 1.2], [0.5], [0.4]]
    faces = [to_hex(line.get_markerfacecolor()) for line in rings]
    assert faces == ["#ffffff", "#ffffff", SECOND.lower()]
    assert [text.get_text() for text in first.texts] == ["1.1", "0.5", "0.4"]
    assert [label.get_text() for label in first.get_yticklabels()] == ["a", "b", "c"]
    assert first.get_ylim()[0] > first.get_ylim()[1]
