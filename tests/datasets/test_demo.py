"""The demo's motion, judged by forward kinematics and by what is true of people."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import find_peaks

from cs2s.datasets import demo
from cs2s.datasets.demo import take_parameters
from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU

TAKES = [
    (split, action, take)
    for split, count in (("train", demo.TRAIN_TAKES), ("test", demo.TEST_TAKES))
    for action in demo.ACTIONS
    for take in range(1, count + 1)
]


@pytest.fixture(scope="module")
def rows():
    return {take: demo.generate_take(*take) for take in TAKES}


@pytest.fixture(scope="module")
def positions(rows):
    return {take: Motion(r, CMU, demo.SOURCE_FPS).positions() for take, r in rows.items()}


def of(positions, *names):
    """Return the positions of joints: (frames, 3), or (frames, names, 3)."""
    return np.squeeze(positions[:, [CMU.joints.index(name) for name in names]], axis=1 if len(names) == 1 else ())


def facing(positions):
    """Return unit vectors, level, at right angles to the line between the hips: (frames, 3)."""
    left = of(positions, "LeftUpLeg") - of(positions, "RightUpLeg")
    forward = np.cross(left, [0, 1, 0])
    return forward / np.linalg.norm(forward, axis=1, keepdims=True)


def select(positions, *actions):
    return [p for (_, action, _), p in positions.items() if action in actions]


def test_rows_have_the_benchmarks_shape_and_length(rows):
    for (split, _, _), r in rows.items():
        assert r.dtype == np.float32 and r.shape[1] == 117 and np.isfinite(r).all()
        low, high = (16, 24) if split == "train" else (25, 30)
        assert low <= len(r) / demo.SOURCE_FPS <= high


def test_the_data_stay_what_the_shipped_weights_were_trained_on():
    """A row a second of three takes an action and of the test takes, as version 0.1 made them (``demo_rows.npz``)."""
    with np.load(Path(__file__).with_name("demo_rows.npz")) as kept:
        assert len(kept.files) == 20
        for name in kept.files:
            split, action, take = name.split("/")
            made = demo.generate_take(split, action, int(take))[25::50]
            np.testing.assert_allclose(made, kept[name], atol=1e-4, err_msg=name)


def test_same_arguments_same_rows_others_differ(rows):
    for take in TAKES[:: demo.TRAIN_TAKES]:
        assert np.array_equal(rows[take], demo.generate_take(*take))
        other = demo.generate_take(*take, seed=1)
        frames = min(len(other), len(rows[take]))
        assert np.abs(other[:frames] - rows[take][:frames]).max() > 0.1
    for first, second in itertools.combinations(TAKES, 2):
        frames = min(len(rows[first]), len(rows[second]))
        assert np.abs(rows[first][:frames] - rows[second][:frames]).max() > 0.1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("action", demo.ACTIONS)
def test_test_parameters_lie_between_training_ones(action, seed):
    training = [demo.take_parameters("train", action, k + 1, seed) for k in range(demo.TRAIN_TAKES)]
    test = demo.take_parameters("test", action, 1, seed)
    for name in ("tempo", "amplitude", "phase", "noise"):
        values = np.array([getattr(p, name) for p in training])
        assert values.min() < getattr(test, name) < values.max()
        assert np.abs(values - getattr(test, name)).min() > 0.03 * np.ptp(values)


@pytest.mark.parametrize(
    "take", [("train", "walking", 0), ("test", "walking", 2), ("dev", "walking", 1), ("test", "x", 1)]
)
def test_missing_takes_are_told(take):
    with pytest.raises(InputError, match="the demo has no take"):
        demo.generate_take(*take)


def test_joints_that_people_do_not_move_are_exactly_zero_and_the_others_move(rows):
    still = [
        *CMU.end_sites,
        *(j for j, n in enumerate(CMU.joints) if "HipJoint" in n or "Finger" in n or "Index" in n),
    ]
    for split in ("train", "test"):
        joined = np.concatenate([r for (s, _, _), r in rows.items() if s == split])
        maps = joined[:, 3:].reshape(len(joined), -1, 3)
        assert not maps[:, still].any()
        assert 60 <= (joined.std(axis=0) >= 1e-4).sum() <= 72
        moving = [j for j in range(len(CMU.joints)) if maps[:, j].any()]
        assert np.degrees(maps[:, moving].std(axis=0)).min() > 0.5


def test_maps_stay_below_pi_and_do_not_jump(rows):
    for (_, action, _), r in rows.items():
        maps = r[:, 3:].reshape(len(r), -1, 3)
        assert np.linalg.norm(maps, axis=-1).max() < 3.0
        steps = np.degrees(np.linalg.norm(np.diff(maps, axis=0), axis=-1))
        # A punch straightens the elbow at some 1000 degrees a second, 20 a frame; nothing else is as fast.
        assert steps.max() < (30 if action == "boxing" else 20)
        # No jitter: what is left after a line through every three frames is a fraction of the step.
        assert np.abs(np.diff(maps, 2, axis=0)).max() < 0.18


def test_the_last_pose_is_a_poor_prediction_for_400_ms_later(rows):
    for r in rows.values():
        maps = r[:, 3:].reshape(len(r), -1, 3)
        moved = np.linalg.norm(maps[20:] - maps[:-20], axis=-1).sum(axis=1)
        assert np.median(moved) > 1.0
        assert np.mean(moved > 0.5) > 0.9


def test_people_are_upright_and_of_human_height(positions):
    for p in positions.values():
        feet = of(p, "LeftFoot", "RightFoot", "LeftToeBase", "RightToeBase")[..., 1].max(axis=1)
        hips, head = of(p, "Hips")[:, 1], of(p, "HeadEnd")[:, 1]
        assert (hips > feet + 50).all() and (head > hips + 250).all()
    for p in select(positions, "walking"):
        height = np.ptp(p[..., 1], axis=1)
        assert height.min() > 1300 and height.max() < 1600


def test_feet_stay_near_the_ground(positions):
    for p in positions.values():
        lowest = of(p, "LeftFoot", "RightFoot", "LeftToeBase", "RightToeBase")[..., 1].min(axis=1)
        assert lowest.min() > -30 and lowest.max() < 100
    for p in select(positions, "squatting", "waving", "boxing"):
        lowest = of(p, "LeftFoot", "RightFoot", "LeftToeBase", "RightToeBase")[..., 1].min(axis=1)
        assert np.abs(lowest).max() < 20


@pytest.mark.parametrize("action", ["walking", "running"])
def test_feet_on_the_ground_do_not_slide(positions, action):
    for p in select(positions, action):
        speed = np.linalg.norm(np.gradient(of(p, "Hips")[:, [0, 2]], axis=0), axis=1) * demo.SOURCE_FPS
        slides = []
        for side in ("Left", "Right"):
            ball, ankle = of(p, side + "ToeBase"), of(p, side + "Foot")
            # Flat: ball on the ground and the ankle a few centimetres above it.
            flat = (ball[:, 1] < 12) & (ankle[:, 1] - ball[:, 1] < 70)
            sliding = np.linalg.norm(np.gradient(ball[:, [0, 2]], axis=0), axis=1) * demo.SOURCE_FPS
            assert flat.mean() > 0.1
            slides.append(sliding[flat])
        assert np.median(np.concatenate(slides)) < 0.1 * np.median(speed)


def test_actions_on_the_spot_stay_there_and_their_feet_too(positions):
    for p in select(positions, "squatting", "waving", "boxing"):
        assert np.ptp(of(p, "Hips")[:, [0, 2]], axis=0).max() < 450
        for side in ("Left", "Right"):
            assert np.ptp(of(p, side + "ToeBase")[:, [0, 2]], axis=0).max() < 250


@pytest.mark.parametrize(("action", "metres_per_second"), [("walking", (0.55, 1.6)), ("running", (1.6, 4.5))])
def test_gaits_go_where_the_person_faces_at_human_speed(positions, action, metres_per_second):
    for p in select(positions, action):
        velocity = np.gradient(of(p, "Hips"), axis=0) * demo.SOURCE_FPS / 1000
        velocity[:, 1] = 0
        # Averaged over a second or so, which holds a whole stride.
        window = np.ones(55) / 55
        smooth = np.stack([np.convolve(v, window, "valid") for v in velocity.T], axis=1)
        ahead = np.stack([np.convolve(v, window, "valid") for v in facing(p).T], axis=1)
        ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
        speed = np.linalg.norm(smooth, axis=1)
        low, high = metres_per_second
        assert low < np.median(speed) < high
        moving = speed > 0.5
        assert (np.sum(smooth * ahead, axis=1)[moving] > 0.9 * speed[moving]).all()


@pytest.mark.parametrize("action", ["walking", "running"])
def test_nobody_walks_backwards_not_even_when_stopping_or_setting_off(positions, action):
    for p in select(positions, action):
        velocity = np.gradient(of(p, "Hips"), axis=0) * demo.SOURCE_FPS / 1000
        # Where the pelvis faces, without its turning at every step; at the ends, as it faces there.
        padded = np.pad(facing(p), [(27, 27), (0, 0)], mode="edge")
        ahead = np.stack([np.convolve(v, np.ones(55) / 55, "valid") for v in padded.T], axis=1)
        ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
        for direction in (facing(p), ahead):
            assert np.sum(velocity * direction, axis=1).min() > -0.1


def test_walkers_stop_and_go_on(positions):
    for p in select(positions, "walking"):
        speed = np.linalg.norm(np.gradient(of(p, "Hips")[:, [0, 2]], axis=0), axis=1) * demo.SOURCE_FPS
        fifth = len(speed) // 5
        assert speed[fifth:-fifth].min() < 150 < 600 < min(np.median(speed[:fifth]), np.median(speed[-fifth:]))


def test_legs_and_opposite_arms_swing_forward_together(positions):
    for p in select(positions, "walking", "running"):
        ahead = facing(p)
        feet = np.sum((of(p, "LeftFoot") - of(p, "RightFoot")) * ahead, axis=1)
        hands = np.sum((of(p, "RightHand") - of(p, "LeftHand")) * ahead, axis=1)
        assert feet.max() > 350 and feet.min() < -350
        assert np.corrcoef(feet, hands)[0, 1] > 0.6


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_knees_and_elbows_bend_the_human_way(positions, side):
    for (_, action, _), p in positions.items():
        hip, knee, ankle = of(p, side + "UpLeg"), of(p, side + "Leg"), of(p, side + "Foot")
        toe_ward = of(p, side + "ToeBase") - ankle
        line = (ankle - hip) / np.linalg.norm(ankle - hip, axis=1, keepdims=True)
        bulge = (knee - hip) - np.sum((knee - hip) * line, axis=1, keepdims=True) * line
        bent = np.linalg.norm(bulge, axis=1) > 60
        assert (np.sum(bulge * toe_ward, axis=1)[bent] > 0).all(), "the knee is in front of hip and ankle"
        if action in ("walking", "running", "squatting"):
            shoulder, elbow, hand = of(p, side + "Arm"), of(p, side + "ForeArm"), of(p, side + "Hand")
            line = (hand - shoulder) / np.linalg.norm(hand - shoulder, axis=1, keepdims=True)
            bulge = (elbow - shoulder) - np.sum((elbow - shoulder) * line, axis=1, keepdims=True) * line
            # The forearm bends forward or, from a raised arm, up: away from where the elbow points.
            away = facing(p) + np.array([0, 1, 0])
            assert np.mean(np.sum(bulge * away, axis=1) < 0) > 0.98


def test_walkers_bend_their_knees_as_the_table_says_times_the_size_of_the_take(positions):
    for (split, action, take), p in positions.items():
        if action != "walking":
            continue
        told = take_parameters(split, action, take)
        for side, sign in (("Left", 1), ("Right", -1)):
            hip, knee, ankle = of(p, side + "UpLeg"), of(p, side + "Leg"), of(p, side + "Foot")
            thigh, shank = knee - hip, ankle - knee
            cosine = np.sum(thigh * shank, axis=1) / np.linalg.norm(thigh, axis=1) / np.linalg.norm(shank, axis=1)
            swings, _ = find_peaks(bend := np.degrees(np.arccos(cosine)), height=40, distance=20)
            size = told.amplitude * (1 + sign * told.asymmetry)
            assert np.median(bend[swings]) == pytest.approx(64 * size, abs=6)
            if split == "test":
                assert round(np.median(bend[swings])) == {"Left": 78, "Right": 69}[side]


def test_each_action_does_what_its_name_says(positions):
    for p in select(positions, "squatting"):
        hips = of(p, "Hips")[:, 1]
        assert hips.min() < 720 and hips.max() > 930
    for p in select(positions, "waving"):
        hands = of(p, "LeftHand", "RightHand")[..., 1]
        assert np.mean(hands.max(axis=1) > of(p, "Neck1")[:, 1]) > 0.9
        assert (hands[:, 0] > 1250).any() and (hands[:, 1] > 1250).any()
    for p in select(positions, "running"):
        lowest = of(p, "LeftFoot", "RightFoot", "LeftToeBase", "RightToeBase")[..., 1].min(axis=1)
        assert np.mean(lowest > 35) > 0.05, "a runner flies"
    for p in select(positions, "boxing"):
        middle = of(p, "Spine1")
        for side in ("Left", "Right"):
            reach = np.sum((of(p, side + "Hand") - middle) * facing(p).mean(axis=0), axis=1)
            assert reach.max() > 370 and reach.max() - np.median(reach) > 80, "fists shoot out of the guard"
