"""The fast rollout and the fast discriminator against the plain ones, which they must equal to rounding."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.networks.discriminator import Discriminator
from cs2s.networks.encoder import EncodingModule
from cs2s.networks.generator import Generator
from cs2s.networks.options import VARIANTS
from cs2s.networks.rollout import WindowEncoder
from cs2s.networks.tensorflow import tf
from cs2s.training.adversarial import build_model
from cs2s.training.settings import Settings


def motion(*shape: int, seed: int = 0) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(shape).cumsum(axis=1)).astype(np.float32)


def both(generator: Generator, observed: np.ndarray, frames: int, truth: np.ndarray | None) -> list[np.ndarray]:
    results = []
    for generator.rollout in ("plain", "fast"):
        results.append(np.asarray(generator(observed, frames=frames, truth=truth)))
    return results


# Every number of rows modulo 8 that three halvings can meet, short and long windows, one frame and many.
QUICK = [("valid", 20, 25), ("same", 20, 25), ("valid", 9, 7), ("same", 3, 7), ("same", 21, 7), ("valid", 20, 1)]
SLOW = [("valid", length, 25) for length in (8, 11, 14, 50)]
SLOW += [("same", length, 25) for length in (1, 2, 5, 12, 15, 50)]
SLOW += [(padding, 20, frames) for padding in ("valid", "same") for frames in (2, 5, 40)]
CASES = [*QUICK, *(pytest.param(*case, marks=pytest.mark.slow) for case in SLOW)]


@pytest.mark.parametrize(("padding", "length", "frames"), CASES)
def test_the_fast_rollout_predicts_what_the_plain_one_does(padding, length, frames):
    options = replace(VARIANTS["paper"], padding=padding)
    generator = Generator(48, 8, options, window_length=length)
    generator.build()
    observed, future = motion(2, 50, 48), motion(2, frames, 48, seed=1)
    for truth in (None, future):
        plain, fast = both(generator, observed, frames, truth)
        np.testing.assert_allclose(fast, plain, atol=1e-5)
        assert np.abs(plain[:, 1:] - plain[:, :-1]).max(initial=1) > 1e-3, "a prediction that moves"


@pytest.mark.slow
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_every_code_is_that_of_its_window(padding):
    for length in range(8 if padding == "valid" else 1, 25):
        module = EncodingModule(16, (4, 8, 8), padding=padding)
        module.build((None, length, 48))
        frames = motion(1, length + 12, 48)
        encoder = WindowEncoder(module, length, windows=13, training=False)
        encoder.append(tf.unstack(frames[:, :length], axis=1))
        codes, at = [], 0
        while at < 13:
            stop = min(at + encoder.blind + 1, 13)
            codes.append(encoder.codes(at, stop))
            encoder.append(tf.unstack(frames[:, length + at : length + stop], axis=1))
            at = stop
        expected = [module(frames[:, start : start + length]) for start in range(13)]
        np.testing.assert_allclose(tf.concat(codes, axis=1), np.stack(expected, axis=1), atol=1e-5, err_msg=str(length))


def test_a_window_is_blind_to_as_many_frames_as_the_cache_says():
    for padding, length, blind in (("valid", 20, 4), ("valid", 16, 0), ("valid", 23, 7), ("same", 20, 0)):
        assert WindowEncoder(EncodingModule(8, padding=padding), length, 5, training=False).blind == blind


def gradients(model, of) -> list[np.ndarray]:
    with tf.GradientTape() as tape:
        loss = of()
    found = tape.gradient(loss, [v.value for v in model.trainable_variables], unconnected_gradients="zero")
    return [np.asarray(gradient) for gradient in found]


@pytest.mark.parametrize(
    ("dataset", "output_length"),
    [("cmu", 2), pytest.param("cmu", 25, marks=pytest.mark.slow), pytest.param("human3.6m", 6, marks=pytest.mark.slow)],
)
def test_both_losses_and_their_gradients_are_the_same(dataset, output_length):
    models = [
        build_model(Settings.for_preset(dataset, rollout=rollout, output_length=output_length), 48, 3)
        for rollout in ("plain", "fast")
    ]
    windows, labels = motion(3, 50 + output_length, 48), np.eye(3, dtype=np.float32)
    predicted = motion(3, output_length, 48, seed=1)
    found = [
        gradients(model, lambda model=model: model.generator_losses(windows, labels, training=False)[2])
        + gradients(model, lambda model=model: model.discriminator_losses(windows, labels, predicted, False)[1])
        for model in models
    ]
    assert len(found[0]) == len(found[1]) == 2 * len(models[0].trainable_variables)
    for plain, fast in zip(*found, strict=True):
        np.testing.assert_allclose(fast, plain, atol=1e-5 + 1e-4 * np.abs(plain).max())


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_motions_compared_get_the_logits_they_get_alone(padding):
    discriminator = Discriminator(48, 75, 3, padding)
    discriminator.build()
    past, labels = motion(3, 48, 48), np.eye(3, dtype=np.float32)
    futures = [motion(3, 27, 48, seed=seed) for seed in (1, 2)]
    compared = discriminator.compare(past, futures, labels)
    for logits, future in zip(compared, futures, strict=True):
        alone = discriminator(np.concatenate([past, future], axis=1), labels)
        np.testing.assert_allclose(logits, alone, atol=1e-5)
    assert not np.allclose(compared[0], compared[1], atol=1e-4)


@pytest.mark.slow
def test_one_batch_for_both_steps_leaves_the_discriminators_batch_alone(windows):
    def trained(batches: str, first: int) -> list[np.ndarray]:
        settings = Settings.for_preset(
            "demo", batches=batches, output_length=2, batch_size=4, window_length=8, learning_rate=1e-3
        )
        model = build_model(settings, windows.columns, windows.classes)
        for encoder in (model.generator.long_term, model.generator.short_term, model.discriminator.encoder):
            for dropout in encoder.dropouts:
                dropout.rate = 0
        model.generator.dropout.rate = 0
        model.train_step((windows.draw(4, 0, first), windows.draw(4, 0, 7)))
        return [variable.numpy() for variable in model.trainable_variables]

    one, other_first, same_twice = trained("one", 1), trained("one", 2), trained("two", 7)
    for a, b, c in zip(one, other_first, same_twice, strict=True):
        np.testing.assert_array_equal(a, b)
        # Two batches that happen to be equal are one batch, but for the rounding of a gradient near 0 in Adam.
        assert np.mean(np.abs(a - c) > 1e-4) < 0.01
    assert any(np.abs(a - b).max() > 1e-4 for a, b in zip(one, trained("two", 1), strict=True))
