"""The single small model: kinematics in TensorFlow, and what the network sees and does before it has learned."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.motion.points import distinct_points
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_euler
from cs2s.motion.skeleton import CMU, HUMAN36M
from cs2s.networks import kinematics
from cs2s.networks.kinematics import Kinematics, euler_circles
from cs2s.networks.pose_mlp import PoseMlp
from cs2s.networks.tensorflow import tf

TURNING = (2, 3, 5, 13, 15, 21, 22, 30)


def rotations(draws: np.random.Generator, *shape: int) -> np.ndarray:
    return expmap_to_rotmat(draws.normal(0, 0.8, (*shape, 3)))


@pytest.fixture
def draws():
    return np.random.default_rng(5)


@pytest.fixture
def small():
    still = expmap_to_rotmat(np.random.default_rng(1).normal(0, 0.4, (len(CMU.joints), 3)))
    network = PoseMlp(Kinematics(CMU, TURNING, still, distinct_points(CMU, TURNING)), width=16, blocks=2, root_width=8)
    network.build()
    return network


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M])
def test_places_are_those_of_the_skeletons_own_kinematics(skeleton, draws):
    maps = draws.normal(0, 0.7, (3, 4, len(skeleton.joints), 3))
    turning = [joint for joint in range(1, len(skeleton.joints)) if joint % 3]
    still = maps[0, 0].copy()
    for joint in set(range(len(skeleton.joints))) - set(turning):
        maps[..., joint, :] = still[joint] = [0, 0, 0] if joint % 2 else still[joint]
    maps[..., 0, :] = 0
    points = range(1, len(skeleton.joints))
    ours = Kinematics(skeleton, turning, expmap_to_rotmat(still), points)
    placed = ours.positions(tf.constant(expmap_to_rotmat(maps[..., turning, :]), tf.float32))
    # The root is held at the origin: its own offset, zero in both skeletons, is left out.
    expected = skeleton.forward_kinematics(maps, np.zeros((3, 4, 3)))[..., 1:, :] / 1000
    np.testing.assert_allclose(placed, expected, atol=1e-5)


def test_rotations_equal_those_of_numpy(draws):
    maps = np.concatenate([draws.normal(0, 1, (20, 3)), np.zeros((1, 3)), draws.normal(0, 1e-4, (3, 3))])
    matrices = expmap_to_rotmat(maps)
    np.testing.assert_allclose(kinematics.rotation(tf.constant(maps, tf.float32)), matrices, atol=2e-6)
    others = rotations(draws, 24)
    first, then = (tf.constant(m, tf.float32) for m in (matrices, others))
    np.testing.assert_allclose(kinematics.product(first, then), matrices @ others, atol=1e-6)
    vectors = draws.normal(0, 1, (24, 3))
    turned = kinematics.turned(tf.constant(vectors, tf.float32), first)
    np.testing.assert_allclose(turned, (vectors[:, None] @ matrices)[:, 0], atol=1e-5)
    rows = tf.constant(matrices[:, :2].reshape(-1, 6) * [1, 1, 1, 2, 2, 2], tf.float32)
    np.testing.assert_allclose(kinematics.orthonormal(rows), matrices, atol=1e-5)


def test_an_untrained_network_freezes(small, draws):
    turns = rotations(draws, 3, 50, len(TURNING)).astype(np.float32)
    root, observed = draws.normal(0, 1, (3, 50, 12)).astype(np.float32), np.ones((3, 50, 1), np.float32)
    predicted, root_turns, root_places = small(turns, root, observed)
    np.testing.assert_allclose(predicted, np.repeat(turns[:, -1:], 25, axis=1), atol=1e-5)
    np.testing.assert_allclose(root_turns, np.tile(np.eye(3), (3, 25, 1, 1)), atol=1e-6)
    np.testing.assert_allclose(root_places, 0, atol=1e-6)


def trained_a_bit(network: PoseMlp) -> PoseMlp:
    """The network with random weights where it starts at zero, so that it does something."""
    draws = np.random.default_rng(8)
    network.set_weights([w if w.any() else draws.normal(0, 0.05, w.shape) for w in network.get_weights()])
    return network


def test_the_root_does_not_change_what_is_predicted_of_the_body(small, draws):
    network = trained_a_bit(small)
    turns, observed = rotations(draws, 2, 50, len(TURNING)).astype(np.float32), np.ones((2, 50, 1), np.float32)
    still, moving = (draws.normal(0, size, (2, 50, 12)).astype(np.float32) for size in (0, 1))
    first, other = (network(turns, root, observed) for root in (still, moving))
    np.testing.assert_array_equal(first[0], other[0])
    assert not np.allclose(first[2], other[2])


def test_every_frame_joint_and_the_mark_of_repetition_are_seen(small, draws):
    network = trained_a_bit(small)
    turns = rotations(draws, 1, 50, len(TURNING)).astype(np.float32)
    root, observed = np.zeros((1, 50, 12), np.float32), np.ones((1, 50, 1), np.float32)
    before = np.asarray(network(turns, root, observed)[0])
    other = rotations(draws, 1).astype(np.float32)[0]
    for frame in (0, 20, 48):
        for joint in range(len(TURNING)):
            changed = turns.copy()
            changed[0, frame, joint] = other
            assert not np.allclose(network(changed, root, observed)[0], before, atol=1e-7), (frame, joint)
    observed[0, :30] = 0
    assert not np.allclose(network(turns, root, observed)[0], before, atol=1e-6)


def test_predictions_are_rotations(small, draws):
    network = trained_a_bit(small)
    turns = rotations(draws, 2, 50, len(TURNING)).astype(np.float32)
    predicted, root_turns, _ = network(turns, np.zeros((2, 50, 12), np.float32), np.ones((2, 50, 1), np.float32))
    for matrices in (np.asarray(predicted), np.asarray(root_turns)):
        identity = np.broadcast_to(np.eye(3), matrices.shape)
        np.testing.assert_allclose(matrices @ np.swapaxes(matrices, -1, -2), identity, atol=1e-5)
        np.testing.assert_allclose(np.linalg.det(matrices), 1, atol=1e-5)


def test_weights_are_a_function_of_the_seed(small):
    def weights(seed: int) -> list[np.ndarray]:
        network = PoseMlp(small.kinematics, width=8, blocks=1, seed=seed)
        network.build()
        return network.get_weights()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def of_two_branches(one: PoseMlp) -> PoseMlp:
    """A network with the branches of two different ones, the first of which is given."""
    other, both = (
        PoseMlp(one.kinematics, width=16, blocks=2, root_width=8, seed=seed, branches=branches)
        for seed, branches in ((3, 1), (0, 2))
    )
    other.build()
    both.build()
    draws = np.random.default_rng(9)
    other.set_weights([weight + draws.normal(0, 0.05, weight.shape) for weight in other.get_weights()])
    both.set_weights([*one.get_weights(), *other.get_weights()])
    return both


def test_branches_begin_differently(small):
    both = PoseMlp(small.kinematics, width=16, blocks=2, root_width=8, branches=2)
    both.build()
    weights = dict(zip([weight.name for weight in both.weights], both.get_weights(), strict=True))
    alone = dict(zip([weight.name for weight in small.weights], small.get_weights(), strict=True))
    assert len(weights) == 2 * len(alone)
    assert all(np.array_equal(weights[name], weight) for name, weight in alone.items())
    drawn = [name for name in alone if name.endswith("time_kernel") or ("enter_" in name and name.endswith("kernel"))]
    assert len(drawn) == 2 + 2 + 3
    assert not any(np.array_equal(weights[name], weights[f"branch1_{name}"]) for name in drawn)


def test_what_is_predicted_is_the_mean_of_the_branches(small, draws):
    one = trained_a_bit(small)
    both = of_two_branches(one)
    other = PoseMlp(one.kinematics, width=16, blocks=2, root_width=8)
    other.build()
    other.set_weights(both.get_weights()[len(both.get_weights()) // 2 :])
    turns, observed = rotations(draws, 3, 50, len(TURNING)).astype(np.float32), np.ones((3, 50, 1), np.float32)
    root = draws.normal(0, 1, (3, 50, 12)).astype(np.float32)
    ours, first, second = (network(turns, root, observed) for network in (both, one, other))
    np.testing.assert_allclose(ours[2], (first[2] + second[2]) / 2, atol=1e-6)
    assert np.abs(first[0] - second[0]).max() > 0.05
    # Of rotations it is between the two, whichever comes first, and what each says if they are the same.
    angles = [_angle(answer[0], ours[0]) for answer in (first, second)]
    assert max(angle.mean() for angle in angles) < 0.6 * _angle(first[0], second[0]).mean()
    half = len(one.get_weights())
    for weights, expected in (
        ([*both.get_weights()[half:], *both.get_weights()[:half]], ours),
        ([*one.get_weights(), *one.get_weights()], first),
    ):
        both.set_weights(weights)
        for again, answer in zip(both(turns, root, observed), expected, strict=True):
            np.testing.assert_allclose(again, answer, atol=1e-5)


def _angle(one: tf.Tensor, other: tf.Tensor) -> np.ndarray:
    """The angles between rotations ``(..., 3, 3)``, radians."""
    cosine = (np.sum(np.asarray(one) * np.asarray(other), axis=(-1, -2)) - 1) / 2
    return np.arccos(np.clip(cosine, -1, 1))


def test_in_training_each_branch_has_its_own_part_of_the_windows(small, draws):
    one = trained_a_bit(small)
    both = of_two_branches(one)
    both.dropout.rate = 0
    turns, observed = rotations(draws, 6, 50, len(TURNING)).astype(np.float32), np.ones((6, 50, 1), np.float32)
    root = draws.normal(0, 1, (6, 50, 12)).astype(np.float32)
    weights = both.trainable_variables

    def touched(windows: slice) -> list[bool]:
        with tf.GradientTape() as tape:
            answers = both(turns, root, observed, training=True)
            total = tf.add_n([tf.reduce_sum(answer[windows] ** 2) for answer in answers])
        gradients = tape.gradient(total, [weight.value for weight in weights])
        return [bool(np.any(np.asarray(gradient))) for gradient in gradients]

    half = len(weights) // 2
    first, rest = touched(slice(0, 3)), touched(slice(3, 6))
    assert any(first[:half]) and not any(first[half:]) and any(rest[half:]) and not any(rest[:half])
    ours, alone = both(turns, root, observed, training=True), one(turns, root, observed)
    np.testing.assert_allclose(ours[0][:3], alone[0][:3], atol=1e-6)
    assert not np.allclose(ours[0][3:], alone[0][3:], atol=1e-3)


def twisted(network: PoseMlp, turns: np.ndarray, draws: np.random.Generator) -> np.ndarray:
    """The same motion in other rest frames: each joint with one bone twisted about it, by up to half a turn."""
    frames = network.rest_frames
    own = np.tile(np.eye(3), (len(turns), len(TURNING), 1, 1))
    for joint, bone in enumerate(frames._bones):
        if bone is not None:
            about = bone if bone.any() else draws.normal(0, 1, 3)
            own[:, joint] = expmap_to_rotmat(draws.uniform(-3, 3, (len(turns), 1)) * about)
    changed = own[:, None] @ turns
    for joint, above in enumerate(network.kinematics.above):
        if above is not None:
            changed[:, :, joint] = changed[:, :, joint] @ np.swapaxes(own[:, None, above], -1, -2)
    return changed.astype(np.float32)


def test_what_a_file_calls_untwisted_makes_no_difference(small, draws):
    network = trained_a_bit(small)
    turns = rotations(draws, 3, 50, len(TURNING)).astype(np.float32)
    root, observed = np.zeros((3, 50, 12), np.float32), np.ones((3, 50, 1), np.float32)
    others = twisted(network, turns, draws)
    assert np.abs(others - turns).max() > 1
    places, same = (network.kinematics.positions(motion) for motion in (turns, others))
    np.testing.assert_allclose(same, places, atol=1e-5)
    predicted, answers = (network(motion, root, observed) for motion in (turns, others))
    places, same = (network.kinematics.positions(answer[0]) for answer in (predicted, answers))
    assert np.abs(places - network.kinematics.positions(turns[:, -1:])).max() > 0.01
    np.testing.assert_allclose(same, places, atol=2e-4)
    np.testing.assert_allclose(answers[2], predicted[2], atol=2e-4)


def test_rest_frames_bring_the_newest_rotations_as_near_to_the_means_as_twists_can(small, draws):
    turns = rotations(draws, 4, len(TURNING)).astype(np.float32)
    first, second = (np.asarray(part) for part in small.rest_frames(turns))
    chosen = first @ turns @ second

    def apart(rotation: np.ndarray, joint: int) -> np.ndarray:
        return np.linalg.norm(rotation - small.kinematics.means[joint], axis=(-1, -2))

    for joint, bone in enumerate(small.rest_frames._bones):
        if bone is not None and bone.any():
            for angle in np.linspace(-3, 3, 13):
                other = expmap_to_rotmat(angle * bone) @ chosen[:, joint]
                assert (apart(chosen[:, joint], joint) <= apart(other, joint) + 1e-5).all()
        elif bone is not None:
            np.testing.assert_allclose(apart(chosen[:, joint], joint), 0, atol=1e-5)
        else:
            np.testing.assert_array_equal(first[:, joint], np.tile(np.eye(3), (4, 1, 1)))


def test_distances_of_euler_circles_are_those_of_the_benchmarks_angles_where_these_do_not_leap():
    draws = np.random.default_rng(5)
    angles = draws.uniform([-3.1, -1.2, -3.1], [3.1, 1.2, 3.1], (400, 3))
    near = angles + draws.normal(0, 0.01, angles.shape)

    def matrices(angles: np.ndarray) -> np.ndarray:
        return Rotation.from_euler("xyz", angles).as_matrix().swapaxes(-1, -2)

    turns, turned_a_little = matrices(angles), matrices(near)
    np.testing.assert_allclose(rotmat_to_euler(turns), angles, atol=1e-9)
    circles = euler_circles(tf.constant(turns, tf.float32)) - euler_circles(tf.constant(turned_a_little, tf.float32))
    expected = np.linalg.norm(near - angles, axis=-1)
    np.testing.assert_allclose(np.linalg.norm(circles, axis=-1), expected, rtol=0.03, atol=1e-4)
    # Half a turn and minus half a turn are one; in gimbal lock nothing leaps.
    for one, other in (([np.pi - 1e-4, 0, 0], [-np.pi + 1e-4, 0, 0]), ([1, np.pi / 2, 0], [0, np.pi / 2, 1])):
        both = euler_circles(tf.constant(matrices(np.array([one, other])), tf.float32)).numpy()
        assert np.linalg.norm(both[0] - both[1]) < 0.01
