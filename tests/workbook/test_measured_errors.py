"""What chapter 05 asks beyond the paper's test, against plain loops."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.evaluation.baselines import RunningAverage, ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.motion.edits import at_rest
from cs2s.workbook.measured_errors import InPieces, PoorlySeen, in_other_units
from cs2s.workbook.what_if import WhatIf


class OnePerFrame:
    """Adds 1 to the newest row, 2 for the one after, and remembers what it saw."""

    name = "counter"

    def __init__(self):
        self.seen = []

    def __call__(self, observed, frames):
        self.seen.append(observed.rows.copy())
        steps = np.arange(1, frames + 1)[:, None]
        return replace(observed, rows=observed.rows[..., -1:, :] + steps)


@pytest.fixture
def walk(demo):
    return next(motion for take, motion in demo.split("test").items() if take.action == "walking")[1:51]


@pytest.mark.parametrize("piece", [1, 4, 7, 30])
def test_pieces_go_on_from_the_last_and_see_as_many_frames_each_time(walk, piece):
    counter = OnePerFrame()
    guess = InPieces(counter, piece)(walk, 13)
    np.testing.assert_allclose(guess.rows - walk.rows[-1], np.arange(1, 14)[:, None] * np.ones(walk.rows.shape[1]))
    assert len(counter.seen) == -(-13 // piece)
    everything = np.concatenate([walk.rows, guess.rows])
    for number, seen in enumerate(counter.seen):
        np.testing.assert_allclose(seen, everything[number * piece : number * piece + 50])


def test_pieces_of_a_batch_are_those_of_each(demo):
    truth, _ = evaluate(demo, ZeroVelocity()).motions["waving"]
    rolled = InPieces(RunningAverage(4), 1)(truth[:50], 6)
    one = InPieces(RunningAverage(4), 1)(truth.one(3)[:50], 6)
    np.testing.assert_allclose(rolled.one(3).rows, one.rows)
    rows = list(truth.one(3).rows[:50])
    for _ in range(6):
        rows.append(np.mean(rows[-4:], axis=0))
    np.testing.assert_allclose(one.rows, rows[50:], rtol=1e-5)


def test_a_piece_has_frames(walk):
    with pytest.raises(InputError, match="pieces of 0 frames"):
        InPieces(ZeroVelocity(), 0)(walk, 3)


def test_what_is_seen_badly_is_all_that_is_predicted_from(walk):
    arm = [joint for joint, name in enumerate(walk.skeleton.joints) if name == "LeftForeArm"]
    guess = PoorlySeen(ZeroVelocity(), WhatIf(lost_limb="left arm", lost_limb_frames=1))(walk, 3)
    assert (guess.expmaps[:, arm] == 0).all() and not (walk.expmaps[-1, arm] == 0).all()
    others = [joint for joint in range(38) if np.any(at_rest(walk, arm).expmaps[:, joint])][:10]
    np.testing.assert_allclose(guess.expmaps[0, others], walk.expmaps[-1, others])
    clean = PoorlySeen(ZeroVelocity(), WhatIf())
    np.testing.assert_array_equal(clean(walk, 3).rows, ZeroVelocity()(walk, 3).rows)
    assert "shaken by 3" in PoorlySeen(ZeroVelocity(), WhatIf(noise=3)).name


def test_other_units_against_loops(demo):
    evaluation = evaluate(demo, ZeroVelocity())
    degrees, millimetres = in_other_units(demo, evaluation)
    by_action, distances = [], []
    for truth, predicted in evaluation.motions.values():
        turned, away = [], []
        for window in range(8):
            true, guess = truth.one(window)[59:60], predicted.one(window)[9:10]
            for joint in range(1, 38):
                if any(np.ptp(m.expmaps[1:, joint], axis=0).max() > 1e-3 for m in demo.split("train").values()):
                    one, other = (Rotation.from_rotvec(m.expmaps[0, joint].astype(float)) for m in (true, guess))
                    turned.append(np.degrees((one.inv() * other).magnitude()))
            placed = []
            for motion in (true, guess):
                rows = motion.rows.copy()
                rows[:, :6] = 0
                placed.append(replace(motion, rows=rows).positions()[0])
            away.append(np.linalg.norm(placed[0] - placed[1], axis=-1))
        by_action.append(np.mean(turned))
        distances.append(np.array(away))
    assert degrees[9] == pytest.approx(np.mean(by_action), abs=0.02)
    # Every place counts once, and only where something is ever wrong.
    _, first = np.unique(np.concatenate(distances).round(3), axis=1, return_index=True)
    counted = [joint for joint in first if np.concatenate(distances)[:, joint].max() > 1e-3]
    assert millimetres[9] == pytest.approx(np.mean([away[:, counted].mean() for away in distances]), abs=0.01)
    assert degrees.shape == millimetres.shape == (25,)
