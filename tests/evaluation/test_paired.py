"""Paired differences: the draws of two predictors are those of one loop over blocks, and tables show what comes out."""

import re
from dataclasses import replace

import numpy as np
import pytest

from cs2s.datasets.windows import all_windows, dataset_statistics
from cs2s.errors import InputError
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.bootstrap import window_blocks
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.measures import joint_angle_error, moving_joints
from cs2s.evaluation.paired import difference, pairable
from cs2s.evaluation.protocols import CORRECTED, PAPER, EveryWindow
from cs2s.evaluation.tables import error_table, read_json, write_json

PROTOCOL = replace(CORRECTED, cut=EveryWindow(stride=20), resamples=40)


@pytest.fixture(scope="module")
def both(demo):
    return [evaluate(demo, predictor, PROTOCOL) for predictor in (ZeroVelocity(), RunningAverage(4))]


def test_differences_are_those_of_a_loop_over_draws_of_blocks(demo, both):
    frozen, mean = both
    found = difference(mean, frozen)
    drawn = np.zeros(40)
    actions = sorted(all_windows(demo, dataset_statistics(demo), "test", 20), key=lambda w: w.action)
    for number, w in enumerate(actions):
        errors = [
            joint_angle_error(w.future, predictor(w.observed, 25), moving_joints(demo))[:, 9]
            for predictor in (ZeroVelocity(), RunningAverage(4))
        ]
        blocks, _ = window_blocks(w.starts, 75)
        count = blocks.max() + 1
        times = np.random.default_rng((0, number)).multinomial(count, np.full(count, 1 / count), size=40)
        for draw, often in enumerate(times):
            weights = often[blocks]
            drawn[draw] += weights @ (errors[1] - errors[0]) / weights.sum() / len(actions)
    low, high = found.interval
    np.testing.assert_allclose([low["degrees"][9], high["degrees"][9]], np.percentile(drawn, [2.5, 97.5]), rtol=1e-5)
    averages = [one.overall.scores["degrees"][9] for one in (mean, frozen)]
    np.testing.assert_allclose(found.scores["degrees"][9], averages[0] - averages[1])


def test_what_both_find_hard_drops_out(both):
    frozen, mean = both
    low, high = difference(mean, frozen).interval
    ends = [one.overall.interval for one in both]
    widths = [upper["degrees"] - lower["degrees"] for lower, upper in ends]
    assert (high["degrees"] - low["degrees"] < np.minimum(*widths)).mean() > 0.8
    # At first a running average is worse in every draw, although the two intervals overlap before they part.
    assert low["degrees"][3] > 0
    assert ends[0][1]["degrees"][3] > ends[1][0]["degrees"][3] - 0.5
    same = difference(frozen, frozen)
    assert all(np.all(np.asarray(end[name]) == 0) for end in same.interval for name in end)


def test_what_is_no_pair_is_refused(demo, both, tmp_path):
    frozen, _ = both
    write_json([frozen], tmp_path / "errors.json")
    (from_file,) = read_json(tmp_path / "errors.json")
    others = (
        evaluate(demo, ZeroVelocity(), replace(PROTOCOL, seed=1)),
        evaluate(demo, ZeroVelocity(), replace(PROTOCOL, cut=EveryWindow(stride=40))),
        evaluate(demo, ZeroVelocity(), PROTOCOL, frames=10),
        evaluate(demo, ZeroVelocity(), PAPER),
        from_file,
    )
    for other in others:
        assert not pairable(other, frozen) and not pairable(frozen, other)
        with pytest.raises(InputError, match="on the same windows"):
            difference(other, frozen)


def test_a_table_of_several_ends_each_block_with_differences_from_the_first(both, tmp_path):
    frozen, mean = both
    table = error_table(frozen, mean)
    assert table.count("minus zero-velocity\n") == 2
    assert max(map(len, table.splitlines())) <= 80
    found = difference(mean, frozen)
    rows = re.search(r"minus zero-velocity\n(.*)\n(.*)\n(.*)\n", table).groups()
    numbers = [re.findall(r"-?\d+\.\d+", row) for row in rows]
    assert numbers[0] == [f"{found.scores['degrees'][frame]:.2f}" for frame in (1, 3, 7, 9, 13, 24)]
    for row, end in zip(numbers[1:], found.interval, strict=True):
        assert row == [f"{end['degrees'][frame]:.2f}" for frame in (1, 3, 7, 9, 13, 24)]
    assert "draw by draw" in table.replace("\n", " ")
    path = tmp_path / "errors.json"
    write_json(both, path)
    kept = error_table(*read_json(path)).replace("\n", " ")
    assert "minus" not in kept and "overlap" in kept


def test_windows_and_blocks_stand_in_the_table(both):
    lines = error_table(both[0]).splitlines()
    for action, result in both[0].actions.items():
        assert sum(line.startswith(f"{action} {result.windows} ({result.blocks})  ") for line in lines) == 2
