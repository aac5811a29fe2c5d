"""The single small model in NumPy against the same in Keras."""

from collections.abc import Sequence

import numpy as np
import pytest

from cs2s.motion.points import distinct_points
from cs2s.motion.rotations import expmap_to_rotmat
from cs2s.motion.skeleton import CMU
from cs2s.networks.kinematics import Kinematics
from cs2s.networks.plain_pose_mlp import PlainPoseMlp
from cs2s.networks.pose_mlp import PoseMlp

# The back, a thigh and the neck carry one bone, the chest several, the feet none that is no line with the toes.
TURNING = (2, 3, 5, 13, 15, 21, 22, 30)


@pytest.fixture(scope="module", params=[1, 2], ids=["one branch", "two branches"])
def keras_network(request):
    draws = np.random.default_rng(2)
    still = expmap_to_rotmat(draws.normal(0, 0.4, (len(CMU.joints), 3)))
    joints = Kinematics(CMU, TURNING, still, distinct_points(CMU, TURNING))
    network = PoseMlp(joints, width=16, blocks=3, root_width=8, root_blocks=1, branches=request.param)
    network.build()
    # Where it starts at zero it would do nothing; no gain should be 1, nor the features be without an offset.
    network.set_weights([w + draws.normal(0, 0.03, w.shape) for w in network.get_weights()])
    return network


def seen(windows: int) -> tuple[np.ndarray, ...]:
    draws = np.random.default_rng(3)
    turns = expmap_to_rotmat(draws.normal(0, 0.8, (windows, 50, len(TURNING), 3)))
    observed = (np.arange(50) >= draws.integers(0, 40, (windows, 1)))[..., None]
    return turns, draws.normal(0, 1, (windows, 50, 12)), observed.astype(np.float32)


def in_numpy(network: PoseMlp, weights: Sequence[np.ndarray]) -> PlainPoseMlp:
    return PlainPoseMlp(network.kinematics, weights, network.branches)


@pytest.mark.parametrize("windows", [1, 5, 300])
def test_it_predicts_what_keras_does(keras_network, windows):
    plain = in_numpy(keras_network, keras_network.get_weights())
    ours, expected = (network.predict(*seen(windows)) for network in (plain, keras_network))
    assert [part.shape for part in ours] == [(windows, 25, len(TURNING), 3, 3), (windows, 25, 3, 3), (windows, 25, 3)]
    for one, other in zip(ours, expected, strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_every_weight_matters(keras_network):
    weights, arguments = keras_network.get_weights(), seen(2)
    before = in_numpy(keras_network, weights).predict(*arguments)
    names = [variable.name for variable in keras_network.weights]
    for number, weight in enumerate(weights):
        # One number is added to all features of a mixture, and their mean then taken off.
        if names[number].endswith("time_bias"):
            continue
        changed = [w + 0.5 * (n == number) for n, w in enumerate(weights)]
        after = in_numpy(keras_network, changed).predict(*arguments)
        differs = any(not np.allclose(one, other, atol=1e-6) for one, other in zip(before, after, strict=True))
        assert differs, (number, weight.shape)


def test_weights_of_another_network_are_refused(keras_network):
    weights = keras_network.get_weights()
    for wrong in (weights[:-1], weights[:4] + weights[5:], weights[:3], [*weights[:2], weights[2][1:], *weights[3:]]):
        with pytest.raises(ValueError, match="not those of a PoseMlp"):
            in_numpy(keras_network, wrong)
