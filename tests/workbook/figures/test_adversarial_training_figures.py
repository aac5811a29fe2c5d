"""Pictures of adversarial training: what is drawn is what an independent computation gives."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.datasets.windows import halved
from cs2s.motion.motion import Motion
from cs2s.workbook.figures.adversarial_training import (
    KNOWS_NOTHING,
    feet_apart,
    plot_critic,
    plot_futures,
    plot_generator_losses,
    plot_history,
    plot_movement,
    plot_objective,
    plot_resumed,
    plot_steps,
    plot_two_futures,
    pulls,
    roles_changed,
    step_sizes,
)
from cs2s.workbook.two_futures import resting_place


@pytest.fixture(scope="module")
def walk() -> Motion:
    return halved(load("demo").motions[TakeId("test", "", "walking", 1)])


def line(axes: Axes, label: str) -> np.ndarray:
    """The x and y values of the line with a label, ``(2, points)``."""
    (found,) = [candidate for candidate in axes.lines if candidate.get_label() == label]
    return np.array(found.get_data(), dtype=float)


def labels(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_feet_are_apart_by_what_the_positions_say(walk):
    still = replace(walk, rows=np.where(np.arange(walk.rows.shape[1]) < 6, 0, walk.rows))
    positions = still.positions()
    joints = walk.skeleton.joints
    ahead = positions[:, joints.index("LeftFoot"), 2] - positions[:, joints.index("RightFoot"), 2]
    np.testing.assert_allclose(feet_apart(walk), ahead)
    # Wherever the person goes and faces.
    moved = replace(walk, rows=walk.rows + np.array([100, 20, 30, 0, 0.5, 0] + [0] * (walk.rows.shape[1] - 6)))
    np.testing.assert_allclose(feet_apart(moved), ahead, atol=1e-9)


@pytest.mark.parametrize("period", [20, 34, 51])
def test_half_a_stride_is_half_a_period_of_a_regular_walk(period):
    apart = 600 * np.sin(2 * np.pi * np.arange(300) / period) * np.linspace(1, 0.5, 300)
    lag = roles_changed(apart, 10, 50)
    assert lag % period == pytest.approx(period / 2, abs=1)


def test_futures_are_drawn_as_they_are(walk, bones, same_bones):
    futures = {"one": walk[:30], "other": walk[40:70]}
    figure = plot_futures(futures, moment=7)
    curves, *people = figure.axes
    for name, motion in futures.items():
        time, apart = line(curves, name)
        np.testing.assert_allclose(apart, feet_apart(motion))
        np.testing.assert_allclose(time, 40 * np.arange(1, 31))
    assert labels(curves) == [axes.get_title() for axes in people] == list(futures)
    assert [line.get_xdata()[0] for line in curves.lines if line.get_ls() == ":"] == [8 * 40]
    # Every bone on the line of its side; the right limbs' are dashed; ends where forward kinematics puts the toes.
    rows = walk.rows[7:8].copy()
    rows[:, :6] = 0
    (joints,) = replace(walk, rows=rows).positions() / 1000
    pairs = [(j, p) for j, p in enumerate(walk.skeleton.parents) if p >= 0]
    for right in (False, True):
        drawn = [bone for line, bone in bones(people[0].lines) if (line.get_ls() == "--") == right]
        side = [pair for pair in pairs if (walk.skeleton.side(pair[0]) == "right") == right]
        same_bones(drawn, [joints[[parent, joint]][:, [2, 1]] for joint, parent in side])


@pytest.mark.parametrize("logit", [-4.0, 0.0, 2.5])
def test_generator_losses_and_slopes_are_those_of_the_formulas(logit):
    values, slopes = plot_generator_losses(logit).axes
    for label, loss in (
        ("saturating: log(1 - D)", lambda x: -np.logaddexp(0, x)),
        ("non-saturating: -log D", lambda x: np.logaddexp(0, -x)),
    ):
        logits, drawn = line(values, label)
        np.testing.assert_allclose(drawn, loss(logits), atol=1e-9)
        logits, drawn = line(slopes, label)
        np.testing.assert_allclose(drawn, (loss(logits + 1e-5) - loss(logits - 1e-5)) / 2e-5, atol=1e-6)
    written = sorted(float(text.get_text()) for text in slopes.texts)
    share = 1 / (1 + np.exp(-logit))
    np.testing.assert_allclose(written, sorted([-share, share - 1]), atol=6e-4)
    assert labels(values) == labels(slopes)


def test_values_share_a_bar_and_lengths_stand_alone():
    values, lengths = {"error": 2.0, "GAN": 0.5, "L2": 7.5}, {"error": 3.0, "GAN": 0.004, "L2": 0.1}
    shares, pulled = plot_objective(values, lengths).axes
    bars = [bar for (bar,) in shares.containers]
    np.testing.assert_allclose([bar.get_width() for bar in bars], [20, 5, 75])
    np.testing.assert_allclose([bar.get_x() for bar in bars], [0, 20, 25])
    assert [text.get_text() for text in shares.texts] == ["20 %", "75 %"]
    assert labels(shares) == [text.get_text() for text in pulled.get_yticklabels()] == list(values)
    assert len({bar.get_hatch() for bar in bars}) == len({line.get_marker() for line in pulled.lines}) == 3
    np.testing.assert_allclose([line.get_xdata()[0] for line in pulled.lines], list(lengths.values()))
    assert [float(text.get_text()) for text in pulled.texts] == list(lengths.values())


@pytest.mark.parametrize("weight", [0.02, 1.0])
def test_two_futures_are_drawn_as_the_toy_has_them(weight):
    figure = plot_two_futures(weight, blur=0.5)
    shown, rests = figure.axes
    guess = resting_place(weight, 0.5)
    places, dense = line(shown, "predicted (density)")
    # As dense as a normal distribution: one in all, about the guess.
    assert np.trapezoid(dense, places) == pytest.approx(1, abs=1e-3)
    assert places[dense.argmax()] == pytest.approx(guess, abs=0.02)
    places, heaps = line(shown, "recorded (density)")
    np.testing.assert_allclose(heaps, heaps[::-1], atol=1e-12)
    np.testing.assert_allclose(line(shown, "best critic: D")[1], heaps / (heaps + dense))
    assert rests.lines[1].get_xydata().tolist() == [[weight, guess]]
    assert f"the answer is {guess:.2f}" in figure.get_suptitle()


def study(weight: float, scale: float) -> dict:
    checkpoints = [
        {"iteration": i, "pull_reconstruction": scale, "pull_gan": 4.0 + i, "reconstruction": 1 / (1 + i)}
        | {"discriminator_loss": 1.3, "right_recorded": 0.5, "right_predicted": 1.0}
        for i in (0, 100)
    ]
    moved = {"recorded": [10.0, 20.0], "predicted": [9.0, 10 * scale]}
    return {"weight": weight, "checkpoints": checkpoints, "movement": {"walking": moved, "boxing": moved}}


def test_the_critics_pull_is_drawn_with_its_weight():
    studies = {"demo": study(0.01, 2.0), "CMU": study(0.5, 4.0)}
    np.testing.assert_allclose(pulls(studies["demo"]), [2 / 0.04, 2 / 1.04])
    ratio, right, rebuilt, judged = plot_critic(studies).axes
    np.testing.assert_allclose(line(ratio, "CMU"), [[0, 100], [4 / 2, 4 / 52]])
    np.testing.assert_allclose(line(right, "demo"), [[0, 100], [75, 75]])
    np.testing.assert_allclose(line(rebuilt, "demo")[1], [1, 1 / 101])
    np.testing.assert_allclose(line(judged, "demo")[1], [1.3, 1.3])


def test_movement_is_drawn_over_the_recorded_one():
    figure = plot_movement({"none": study(0, 1.0), "strong": study(1, 3.0)})
    assert [axes.get_title() for axes in figure.axes] == ["walking", "boxing"]
    np.testing.assert_allclose(line(figure.axes[1], "strong"), [[40, 80], [0.9, 1.5]])
    np.testing.assert_allclose(line(figure.axes[0], "none"), [[40, 80], [0.9, 0.5]])


def test_steps_are_mean_distances_of_joints(walk):
    sizes = step_sizes(walk[:5])
    positions = walk[:5].positions()
    expected = [np.linalg.norm(positions[f + 1] - positions[f], axis=1).mean() for f in range(4)]
    np.testing.assert_allclose(sizes, expected)
    steps = {"recorded": np.arange(1.0, 60), "shown": np.arange(1.0, 60) ** 2}
    (axes,) = plot_steps(steps).axes
    places, drawn = line(axes, "shown")
    # The movement at place p is that from p - 1 to p, which is entry p - 1.
    np.testing.assert_array_equal(places, np.arange(40, 60))
    np.testing.assert_array_equal(drawn, places**2)
    assert labels(axes) == list(steps)


def losses(iterations: range) -> list[dict]:
    return [
        {"iteration": i, "reconstruction": 1 / i, "generator_loss": 1 / i + 0.05 * i, "discriminator_loss": 1 + i}
        for i in iterations
    ]


def test_the_resumed_training_is_drawn_over_the_first_one():
    figure = plot_resumed(losses(range(1, 7)), losses(range(5, 11)), gan_loss_weight=0.05)
    for label, iterations in (("until it was stopped", np.arange(1, 7)), ("resumed", np.arange(5, 11))):
        for axes, expected in zip(figure.axes, (1 / iterations, 1.0 * iterations, 1 + iterations), strict=True):
            np.testing.assert_allclose(line(axes, label), [iterations, expected])
    for axes, level in zip(figure.axes[1:], (KNOWS_NOTHING / 2, KNOWS_NOTHING), strict=True):
        assert set(line(axes, f"cannot tell: {level:.3f}")[1]) == {level}


def test_who_knows_nothing_has_two_cross_entropies_of_logit_zero():
    assert np.isclose(KNOWS_NOTHING, 1.3863, atol=1e-4)


def test_a_history_is_drawn_as_it_is_in_the_file():
    history = [
        {"iteration": f"{i}", "discriminator_loss": "1.3", "reconstruction": f"{i / 7:.3f}"}
        | {"test_error_f1": "0.25", "test_error_f9": f"{i / 100}"}
        for i in (250, 500)
    ]
    figure = plot_history(history)
    judge, rebuilt, tested = figure.axes
    np.testing.assert_allclose(judge.lines[0].get_xydata(), [[250, 1.3], [500, 1.3]])
    np.testing.assert_allclose(rebuilt.lines[0].get_ydata(), [35.714, 71.429])
    np.testing.assert_allclose(line(tested, "frame 9"), [[250, 500], [2.5, 5]])
    assert labels(tested) == ["frame 1", "frame 9"]
    assert labels(judge) == ["cannot tell: 1.386"]
    assert isinstance(figure, Figure)
    assert all(axes.get_xlabel() == "iteration" and axes.get_title() for axes in figure.axes)
