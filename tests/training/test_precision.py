"""Half precision: layers compute in 16 bits; weights, losses and predictions stay in 32; resuming stays exact."""

import keras
import numpy as np
import pytest
from test_training import QUICK

from cs2s.datasets.windows import OBSERVED, TrainingWindows
from cs2s.training.adversarial import ConvSeq2Seq, build_model
from cs2s.training.loop import training_batches
from cs2s.training.settings import PRECISIONS, Settings

HALF = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}


def demo_model(windows: TrainingWindows, precision: str, **changes) -> ConvSeq2Seq:
    return build_model(
        Settings.for_preset("demo", precision=precision, **(QUICK | changes)), windows.columns, windows.classes
    )


@pytest.fixture(scope="module", params=HALF)
def pair(request, windows):
    """The same weights twice: a model in float32 and one in half precision."""
    return demo_model(windows, "float32"), demo_model(windows, request.param)


def test_half_precision_predicts_what_float32_does_to_a_percent(pair, windows):
    observed = windows.draw(8, 0, 0)[0][:, :OBSERVED]
    expected, found = (np.asarray(model(observed, frames=10)) for model in pair)
    # bfloat16 keeps 8 binary digits, float16 11.
    tolerance = {"mixed_float16": 0.0025, "mixed_bfloat16": 0.01}[pair[1].settings.precision]
    assert np.abs(found - expected).max() < tolerance * np.abs(expected).max()
    # It really is another computation.
    assert not np.array_equal(found, expected)


def test_half_precision_judges_and_counts_losses_as_float32_does(pair, windows):
    exact, _ = pair
    drawn = windows.draw(8, 0, 0)
    predicted = exact.rollout(drawn[0], training=False)
    for losses in ("generator_losses", "discriminator_losses"):
        arguments = drawn if losses == "generator_losses" else (*drawn, predicted)
        expected, found = (np.array(getattr(model, losses)(*arguments, training=False)) for model in pair)
        np.testing.assert_allclose(found, expected, rtol=0.005, err_msg=losses)


def test_layers_compute_in_half_and_everything_that_leaves_them_is_float32(pair, windows):
    _, half = pair
    inner = [layer for layer in half._flatten_layers() if isinstance(layer, keras.layers.Conv2D | keras.layers.Dense)]
    dtypes = {layer.name: layer.compute_dtype for layer in inner}
    last = {dtypes.pop("fc4"), dtypes.pop("logit")}
    assert last == {"float32"}
    assert set(dtypes.values()) == {HALF[half.settings.precision]}
    assert {variable.dtype for variable in half.trainable_variables} == {"float32"}
    drawn = windows.draw(2, 0, 0)
    predicted = half.rollout(drawn[0], training=True)
    tensors = [predicted, half.discriminator(*drawn), half(drawn[0][:, :OBSERVED])]
    tensors += [*half.generator_losses(*drawn, training=True)]
    tensors += [*half.discriminator_losses(*drawn, predicted, training=True)]
    assert {tensor.dtype.name for tensor in tensors} == {"float32"}


def test_only_float16_scales_its_losses(windows):
    for precision in PRECISIONS:
        model = demo_model(windows, precision)
        for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
            scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
            assert scaled == (precision == "mixed_float16")


@pytest.mark.slow
@pytest.mark.parametrize("precision", HALF)
def test_training_in_half_precision_lowers_the_error(windows, precision):
    model = demo_model(windows, precision, learning_rate=1e-3)
    held = windows.draw(16, seed=9, iteration=0)  # in float16 each window takes a CPU long
    before = float(model.generator_losses(*held, training=False)[0])
    model.fit(training_batches(windows, model.settings, 0, 10), verbose=0, shuffle=False)
    assert float(model.generator_losses(*held, training=False)[0]) < 0.9 * before
