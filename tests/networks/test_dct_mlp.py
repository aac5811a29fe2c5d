"""The small modern predictor: its transform, its shapes, what it must not depend on."""

import numpy as np
import pytest
from scipy.fft import dct, idct

from cs2s.networks.dct_mlp import DctMlp, cosine_basis
from cs2s.networks.tensorflow import tf


def built(columns: int = 9, seed: int = 0, **options) -> DctMlp:
    layer = DctMlp(columns, seed=seed, **options)
    layer.build()
    return layer


def trained_looking(columns: int = 9, **options) -> DctMlp:
    """A network whose last layer is no longer zero."""
    layer = built(columns, **options)
    draws = np.random.default_rng(1)
    for weight in layer.leave:
        weight.assign(draws.normal(scale=0.1, size=weight.shape))
    return layer


def motion(windows: int = 3, frames: int = 50, columns: int = 9) -> np.ndarray:
    steps = np.random.default_rng(2).normal(scale=0.1, size=(windows, frames, columns))
    return steps.cumsum(axis=1).astype(np.float32)


@pytest.mark.parametrize("frames", [1, 25, 50])
def test_cosine_basis_is_the_orthonormal_dct(frames):
    basis = cosine_basis(frames)
    assert basis.dtype == np.float32
    np.testing.assert_allclose(basis, dct(np.eye(frames), axis=0, norm="ortho"), atol=1e-6)
    np.testing.assert_allclose(basis.T @ basis, np.eye(frames), atol=1e-5)


@pytest.mark.parametrize("scale", [1.0, 0.01])
def test_the_network_is_what_its_description_says(scale):
    """Computed once more by NumPy and SciPy, also where features are so small that the 1e-5 beside variances counts."""
    layer, observed = trained_looking(blocks=2), scale * motion()
    draws = np.random.default_rng(3)
    for weight in layer.trainable_variables:
        if len(weight.shape) == 1:
            weight.assign(weight.numpy() + draws.normal(scale=0.1 * scale, size=weight.shape))
    newest = observed[:, -1:].astype(np.float64)
    pose = np.repeat(newest[..., 3:], 50, axis=1)
    (kernel, bias), (leave, shift) = layer.enter, layer.leave
    features = dct(np.concatenate([observed - newest, pose], axis=-1), axis=1, norm="ortho") @ kernel.numpy() + bias
    for matrix, offset, gamma, beta in layer.mixing:
        mixed = np.einsum("kf,wfc->wkc", matrix.numpy(), features) + offset.numpy()[:, None]
        spread = np.sqrt(mixed.var(axis=-1, keepdims=True) + 1e-5)
        features = features + (mixed - mixed.mean(axis=-1, keepdims=True)) / spread * gamma + beta
    expected = newest + idct(features @ leave.numpy() + shift, axis=1, norm="ortho")[:, :25]
    np.testing.assert_allclose(layer(observed), expected, atol=2e-5)


def test_an_untrained_network_predicts_zero_velocity():
    observed = motion()
    predicted = built(blocks=3)(observed, frames=30).numpy()
    assert predicted.shape == (3, 30, 9)
    np.testing.assert_array_equal(predicted, np.repeat(observed[:, -1:], 30, axis=1))


def test_fewer_frames_are_the_first_and_more_come_from_its_own_predictions():
    layer, observed = trained_looking(blocks=2), motion()
    whole = layer(observed).numpy()
    assert whole.shape == (3, 25, 9)
    np.testing.assert_array_equal(layer(observed, frames=7).numpy(), whole[:, :7])
    more = layer(observed, frames=60).numpy()
    np.testing.assert_array_equal(more[:, :25], whole)
    then = layer(np.concatenate([observed, whole], axis=1)[:, -50:]).numpy()
    np.testing.assert_allclose(more[:, 25:50], then, atol=1e-5)
    last = layer(np.concatenate([observed, whole, then], axis=1)[:, -50:], frames=10).numpy()
    np.testing.assert_allclose(more[:, 50:], last, atol=1e-5)


def test_few_frames_at_once():
    layer, observed = trained_looking(blocks=2, frames=10), motion()
    assert layer(observed, frames=25).shape == (3, 25, 9)


def test_where_the_person_is_changes_nothing_but_the_place_predicted():
    layer, observed = trained_looking(blocks=2), motion()
    place = np.array([4, -1, 2] + [0] * 6, np.float32)
    moved = layer(observed + place).numpy()
    np.testing.assert_allclose(moved, layer(observed).numpy() + place, atol=1e-4)
    posed = layer(observed + place[::-1]).numpy()
    assert np.abs(posed - layer(observed).numpy() - place[::-1]).max() > 0.01


def test_every_observed_frame_matters():
    layer, observed = trained_looking(blocks=2), motion(windows=1)
    plain = layer(observed).numpy()
    for frame in range(50):
        other = observed.copy()
        other[:, frame, 3:] += 0.5
        assert np.abs(layer(other).numpy() - plain).max() > 1e-3


def test_windows_do_not_touch_each_other():
    layer, observed = trained_looking(blocks=2), motion()
    np.testing.assert_allclose(layer(observed[1:2]).numpy()[0], layer(observed).numpy()[1], atol=1e-5)


def test_weights_are_a_function_of_the_seed():
    one, same, other = (built(seed=seed).get_weights() for seed in (1, 1, 2))
    for a, b in zip(one, same, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any((a != b).any() for a, b in zip(one, other, strict=True))
    kernels = [a for a in one if a.shape == (50, 50)]
    assert not any((kernels[0] == k).all() for k in kernels[1:])


def test_it_is_small():
    assert 50_000 < built(columns=70).count_params() < 150_000


def test_all_weights_learn():
    layer, observed = trained_looking(blocks=2), motion()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.abs(layer(observed) - 1))
    weights = [weight.value for weight in layer.trainable_variables]
    for weight, gradient in zip(layer.trainable_variables, tape.gradient(loss, weights), strict=True):
        assert gradient is not None and np.abs(gradient).max() > 0, weight.path


def test_it_can_be_compiled_for_batches_of_any_size():
    layer = trained_looking(blocks=2)
    compiled = tf.function(layer, input_signature=[tf.TensorSpec((None, 50, 9))])
    for windows in (1, 4):
        observed = motion(windows)
        np.testing.assert_allclose(compiled(observed).numpy(), layer(observed).numpy(), atol=1e-5)
