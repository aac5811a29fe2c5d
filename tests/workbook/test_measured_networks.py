"""What chapter 03 measures of networks, against moved numbers and plain loops."""

import numpy as np
import pytest

from cs2s.networks.encoder import EncodingModule
from cs2s.networks.generator import Generator
from cs2s.networks.options import VARIANTS
from cs2s.workbook.measured_networks import alone_and_helped, dependence, influence, step_sees

COLUMNS = 46  # enough for a kernel of the third layer


@pytest.fixture(scope="module")
def generator():
    built = Generator(COLUMNS, 3, VARIANTS["paper"])
    built.build()
    return built


@pytest.fixture(scope="module")
def windows():
    return np.random.default_rng(0).normal(size=(2, 75, COLUMNS)).astype("float32")


def test_influence_is_zero_where_moving_a_number_changes_nothing(windows):
    module = EncodingModule(6, filters=(3, 3, 3))
    module.build((None, 19, COLUMNS))
    recent = windows[0, :19]
    found = influence(module, recent)
    assert found.shape == recent.shape
    code = np.asarray(module(recent[None]))
    for frame, column in ((0, 0), (15, 42), (16, 0), (18, 5), (3, 45)):
        moved = recent.copy()
        moved[frame, column] += 1
        assert (found[frame, column] > 0) == bool(np.any(np.asarray(module(moved[None])) != code))


@pytest.mark.parametrize("prediction", [0, 3, 4, 6])
def test_a_step_sees_what_changes_it(generator, windows, prediction):
    found = step_sees(generator, windows[0, :50], prediction)
    observed = np.repeat(windows[:1, :50], 51, axis=0)
    observed[range(50), range(50)] += 1
    poses = np.asarray(generator(observed, frames=prediction + 1))
    steps = poses[:, -1] - (poses[:, -2] if prediction else observed[:, 49])
    changed = np.abs(steps[:50] - steps[50]).max(axis=1) > 1e-5
    np.testing.assert_array_equal(found, np.flatnonzero(changed))


def test_dependence_is_that_of_one_moved_frame(generator, windows):
    found = dependence(generator, windows[0], 3)
    assert found.shape == (3, 3)
    truth = windows[:1, 50:53].copy()
    before = np.asarray(generator(windows[:1, :50], frames=3, truth=truth))
    truth[0, 1] += 1
    after = np.asarray(generator(windows[:1, :50], frames=3, truth=truth))
    np.testing.assert_allclose(found[1], np.abs(after - before)[0].mean(axis=-1), atol=1e-5)
    assert found[1, 1] == pytest.approx(0.05, abs=1e-3) and found[1, 0] == 0


def test_helped_steps_are_those_of_a_window_of_the_truth(generator, windows):
    found = alone_and_helped(generator, windows)
    for name, values in found.items():
        assert values.shape == (2, 25, COLUMNS), name
    np.testing.assert_array_equal(found["freezing, helped"], windows[:, 49:74])
    np.testing.assert_array_equal(found["freezing (zero velocity)"][:, 24], windows[:, 49])
    # The short-term encoder of a later moment, with the past that the long-term one has seen.
    code = generator.long_term(windows[:, :49])[:, :512]
    for frame in (0, 11):
        np.testing.assert_allclose(
            found["network, helped"][:, frame],
            generator.decode(code, windows[:, 30 + frame : 50 + frame]),
            atol=1e-5,
        )
    added = windows[:, 49].copy()
    for frame in range(25):
        added += found["network, helped"][:, frame] - windows[:, 49 + frame]
        np.testing.assert_allclose(found["helped steps, added up"][:, frame], added, atol=1e-4)
    np.testing.assert_allclose(found["network alone"][:, 0], found["network, helped"][:, 0], atol=1e-5)
