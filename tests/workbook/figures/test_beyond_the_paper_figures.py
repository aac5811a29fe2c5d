"""Pictures of chapter 07 show what they are given: every bar and mark against an independent computation."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.validation import hold_out
from cs2s.evaluation.evaluation import Evaluation, Result
from cs2s.evaluation.protocols import CORRECTED
from cs2s.motion.mirror import mirrored
from cs2s.networks.dct_mlp import cosine_basis
from cs2s.pictures.style import BEHIND, SECOND, limb
from cs2s.workbook.figures import beyond_the_paper as figures


def evaluation(scale: float, spread: float = 0.0) -> Evaluation:
    errors = scale * np.linspace(0.2, 2.0, 25)
    return Evaluation.of_errors("cmu", "made up", 60.0, {"one": errors - spread, "other": errors + spread})


def corrected(scale: float, half: float | None) -> Evaluation:
    values = scale * np.linspace(1, 13, 25)

    def scores(side: float) -> dict[str, np.ndarray]:
        return {"degrees": values + side, "mpjpe_mm": 10 * values, "npss": np.float64(0.5)}

    ends = None if half is None else (scores(-half), scores(half))
    result = Result(scores(0), 30, 4, "takes", ends)
    return Evaluation("cmu", "made up", 60.0, "corrected", CORRECTED.measures, {"one": result}, result, 5)


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


def test_ablations_are_drawn_in_per_cent_of_the_reference():
    made = {"paper": evaluation(1), "worse": evaluation(1.1), "better": evaluation(0.95)}
    (axes,) = figures.plot_ablations(made, "paper", (3, 9), spread=2.0).axes
    marks = [line for line in axes.get_lines() if line.get_marker() not in ("", "None", None)]
    assert len(marks) == 2
    assert len({line.get_marker() for line in marks}) == 2
    for line in marks:
        np.testing.assert_allclose(line.get_xdata(), [10, -5], atol=1e-9)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["worse", "better"]
    low, high = axes.get_xlim()
    assert low < -10 < 10 < high
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert any("67 ms" in label for label in labels)
    assert any("2.0 %" in label for label in labels)
    band = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    np.testing.assert_allclose([band.x0, band.x1], [-2, 2])


def test_a_mirrored_pose_is_drawn_as_the_mirror_image(demo, bones):
    pose = next(iter(demo.split("train").values()))[30:31]
    figure = figures.plot_mirror({"recorded": pose, "in the mirror": mirrored(pose)})
    first, second = figure.axes

    colours = [limb(side)["color"] for side in ("left", "right")]

    def of_colour(axes, colour):
        return np.array([bone for line, bone in bones(axes.get_lines()) if line.get_color() == colour])

    left, right = of_colour(first, colours[0]), of_colour(second, colours[1])
    assert left.shape == right.shape
    assert len(left) > 10
    # In any order, every left bone is where the mirror shows a right one.
    ends = (left * [-1, 1]).reshape(-1, 4)
    for bone in right.reshape(-1, 4):
        assert np.abs(ends - bone).sum(axis=1).min() < 0.05
    dashes = [{line.get_linestyle() for line in first.get_lines() if line.get_color() == c} for c in colours]
    assert not dashes[0] & dashes[1]


def test_frames_that_are_not_seen_are_hatched_and_named():
    influence = np.arange(50.0)
    (axes,) = figures.plot_sight({"a network": influence}).axes
    heights = [bar.get_height() for bar in axes.patches[:50]]
    np.testing.assert_allclose(heights, 100 * influence / influence.sum())
    assert "blind to frame 0" in axes.get_title()
    assert [patch.get_hatch() for patch in axes.patches[50:]] == ["////"]
    (seeing,) = figures.plot_sight({"a network": influence + 1}).axes
    assert "sees every frame" in seeing.get_title()


def test_parts_of_a_loss_are_those_of_its_worst_numbers():
    losses = {"even": np.ones((4, 25)), "wild": np.concatenate([np.full(10, 9.0), np.ones(90)])}
    (axes,) = figures.plot_loss_shares(losses, worst=0.1).axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[:2] == ["even: 10 %", "wild: 50 %"]
    marks = [line.get_xydata()[0] for line in axes.get_lines() if line.get_marker() in ("o", "s")]
    np.testing.assert_allclose(marks, [[10, 10], [10, 50]])
    assert len({line.get_linestyle() for line in axes.get_lines() if len(line.get_xdata()) > 2}) == 2


def test_parts_of_a_loss_are_drawn_frame_by_frame():
    missed = np.array([1.0, 2.0, 4.0])
    (axes,) = figures.plot_frame_shares(missed, 1 / missed, 10.0).axes
    plain, weighted, alike = (np.asarray(line.get_ydata(), float) for line in axes.get_lines())
    np.testing.assert_allclose(plain, [100 / 7, 200 / 7, 400 / 7])
    np.testing.assert_allclose(weighted, 100 / 3)
    np.testing.assert_allclose(alike, 100 / 3)
    np.testing.assert_allclose(axes.get_lines()[0].get_xdata(), [100, 200, 300])


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


def test_predictors_are_drawn_with_a_ring_a_run_and_lines_of_others():
    made = {"a": [evaluation(1.0), evaluation(1.2)], "b": [evaluation(0.8, spread=0.1)]}
    figure = figures.plot_predictors(made, {"printed": {3: 0.4, 9: 0.9}}, frames=(3, 9))
    for axes, frame, printed in zip(figure.axes, (3, 9), (0.4, 0.9), strict=True):
        error = 0.2 + 0.075 * frame
        rings = [line.get_xdata() for line in axes.get_lines() if line.get_marker() == "o"]
        np.testing.assert_allclose(rings[0], [error, 1.2 * error])
        np.testing.assert_allclose(rings[1], [0.8 * error])
        (other,) = [line for line in axes.get_lines() if line.get_label() == "printed"]
        assert list(other.get_xdata()) == [printed, printed]
        assert f"{1.1 * error:.2f}" in [text.get_text() for text in axes.texts]
        assert "[radians]" in axes.get_xlabel()


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


def test_both_rankings_are_sorted_and_moved_places_are_joined_by_dashes():
    paper = {"a": [evaluation(1.0), evaluation(1.1)], "b": [evaluation(0.8)], "c": [evaluation(2.0)]}
    better = {"a": [corrected(1.0, 0.5)] * 2, "b": [corrected(1.5, None)], "c": [corrected(2.0, 0.1)]}
    figure = figures.plot_rankings(paper, better, frame=9)
    left, right = figure.axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["1  b", "2  a", "3  c"]
    assert [label.get_text() for label in right.get_yticklabels()] == ["1  a", "2  b", "3  c"]
    bars = [line.get_xdata() for line in right.get_lines() if line.get_marker() == "|"]
    np.testing.assert_allclose(bars, [[5, 6], [8.25, 8.25], [10.9, 11.1]])
    joined = [(to_hex(artist.get_edgecolor()), artist.get_linestyle()) for artist in figure.artists]
    assert joined == [(SECOND.lower(), "--"), (SECOND.lower(), "--"), (BEHIND.lower(), "-")]


def test_ranking_puts_the_least_error_first():
    assert figures.ranked({"a": 2.0, "b": 1.0, "c": 3.0}) == ["b", "a", "c"]
