"""The networks against a forward pass of the original graph; ``tests/golden`` says how weights and input were made."""

import json

import numpy as np
import pytest
from original import NAMES, give_weights

from cs2s.datasets.descriptions import CMU_DATA, HUMAN36M_DATA
from cs2s.datasets.windows import OBSERVED
from cs2s.errors import InputError
from cs2s.networks.encoder import EncodingModule
from cs2s.networks.options import VARIANTS, network_options
from cs2s.training.adversarial import build_model, fake_motion
from cs2s.training.settings import Settings

# dataset -> file stem in tests/golden, shape of its windows, classes.
ORIGINAL = {"cmu": ("original_cmu", (4, 75, 70), 8), "human3.6m": ("original_h36m", (4, 75, 54), 15)}


@pytest.fixture(scope="module", params=list(ORIGINAL))
def case(request):
    """The stem of the golden files, a model with the original's weights, and what it computes."""
    stem, shape, classes = ORIGINAL[request.param]
    model = build_model(Settings.for_preset(request.param), shape[2], classes)
    give_weights(model)
    windows = 0.1 * np.random.default_rng(2018).standard_normal(shape).cumsum(axis=1)
    windows = windows.astype(np.float32)
    labels = np.eye(classes, dtype=np.float32)[:4]
    predicted = model.rollout(windows, training=False)
    reconstruction, loss_g, loss_g_with_l2 = model.generator_losses(windows, labels, training=False)
    loss_d, loss_d_with_l2 = model.discriminator_losses(windows, labels, predicted, training=False)
    computed = {
        "inference_prediction": model(windows[:, :OBSERVED]),
        "training_prediction": predicted,
        "real_logits": model.discriminator(windows, labels),
        "fake_logits": model.discriminator(fake_motion(windows, predicted, model.settings.options), labels),
        "reconstruction_error": reconstruction,
        "loss_g": loss_g,
        "loss_g_with_l2": loss_g_with_l2,
        "loss_d": loss_d,
        "loss_d_with_l2": loss_d_with_l2,
    }
    computed = {name: np.asarray(value) for name, value in computed.items()}
    return stem, model, windows, labels, computed


def relative(actual: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(actual - expected).max() / np.abs(expected).max())


def test_every_number_of_the_original_holds(case, golden):
    stem, _, windows, labels, computed = case
    with np.load(golden / f"{stem}.npz") as printed:
        np.testing.assert_allclose(windows, printed["input"], atol=1e-7)
        np.testing.assert_array_equal(labels, printed["labels"])
        assert set(printed) == {"input", "labels", *computed}
        for name, value in computed.items():
            assert relative(value, printed[name]) < 1e-4, name


def test_variables_have_the_originals_shapes(case, golden):
    stem, model, _, _, _ = case
    shapes = json.loads((golden / f"{stem}_variables.json").read_text())
    assert list(shapes) == NAMES
    for variable, shape in zip(model.trainable_variables, shapes.values(), strict=True):
        assert list(variable.shape) == shape


def test_the_classes_logits_change_nothing(case):
    _, model, windows, _, computed = case
    kernel = model.generator.long_term.dense.kernel
    before = kernel.numpy()
    changed = before.copy()
    changed[:, 512:] += 1
    kernel.assign(changed)
    np.testing.assert_array_equal(model(windows[:, :OBSERVED]), computed["inference_prediction"])
    kernel.assign(before)


@pytest.mark.parametrize(("padding", "blind"), [("valid", 4), ("same", 0)])
def test_valid_padding_is_blind_to_the_newest_four_of_twenty_frames(padding, blind):
    module = EncodingModule(8, padding=padding)
    module.build((None, 20, 70))
    motion = np.random.default_rng(0).standard_normal((1, 20, 70)).astype(np.float32)
    code = module(motion)
    for frame in range(20):
        changed = motion.copy()
        changed[0, frame] += 1
        unseen = np.array_equal(code, module(changed))
        assert unseen == (frame >= 20 - blind)


@pytest.mark.slow
def test_other_lengths_and_batches_are_predicted(case):
    _, model, windows, _, computed = case
    for frames in (1, 10, 30):
        predicted = model(windows[:2, :OBSERVED], frames=frames)
        assert predicted.shape == (2, frames, windows.shape[2])
        count = min(frames, 25)
        np.testing.assert_allclose(
            predicted[:, :count], computed["inference_prediction"][:2, :count], rtol=1e-4, atol=1e-5
        )


def test_without_sampling_the_decoder_sees_only_ground_truth(case):
    _, model, windows, _, _ = case
    generator = model.generator
    generator.sampling, before = 0, generator.sampling
    predicted = np.asarray(model.rollout(windows, training=False))
    generator.sampling = before
    code = generator.long_term(windows[:, :49])[:, :512]
    for frame in (0, 1, 24):
        alone = generator.decode(code, windows[:, 30 + frame : 50 + frame])
        np.testing.assert_allclose(predicted[:, frame], alone, rtol=1e-4, atol=1e-5)


def test_weights_are_a_function_of_the_seed():
    first, again, other = (build_model(Settings.for_preset("cmu", seed=seed), 70, 8) for seed in (1, 1, 2))
    for a, b in zip(first.trainable_variables, again.trainable_variables, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(first.trainable_variables[0], other.trainable_variables[0])


def test_the_paper_pads_on_human36m_only():
    assert network_options("paper", CMU_DATA).padding == "valid"
    assert network_options("paper", HUMAN36M_DATA).padding == "same"
    assert (
        network_options("corrected", CMU_DATA) == network_options("corrected", HUMAN36M_DATA) == VARIANTS["corrected"]
    )
    with pytest.raises(InputError, match=r"no preset 'papper'.*; choose one of: paper, corrected"):
        Settings.for_preset("cmu", preset="papper")


@pytest.fixture(scope="module")
def corrected():
    return build_model(Settings.for_preset("cmu", preset="corrected", output_length=4, sampling=0.7), 70, 8)


def test_corrected_feeds_back_the_prediction_or_the_true_frame_of_the_same_time(corrected):
    windows = np.random.default_rng(0).standard_normal((40, 54, 70)).astype(np.float32)
    predicted = np.asarray(corrected.rollout(windows, training=False))
    code = corrected.generator.long_term(windows[:, :49])
    recent = windows[:, 30:50]
    kept = []
    for frame in range(3):
        fed = {"prediction": predicted[:, frame], "truth": windows[:, 50 + frame]}
        after = {name: np.concatenate([recent[:, 1:], value[:, None]], axis=1) for name, value in fed.items()}
        following = {name: np.asarray(corrected.generator.decode(code, value)) for name, value in after.items()}
        matches = {
            name: np.isclose(value, predicted[:, frame + 1], rtol=1e-3, atol=1e-4).all(axis=1)
            for name, value in following.items()
        }
        # Each window took one of the two, whole.
        assert (matches["prediction"] ^ matches["truth"]).all()
        recent = np.where(matches["prediction"][:, None, None], after["prediction"], after["truth"])
        kept.append(matches["prediction"])
    assert 0.5 < np.mean(kept) < 0.9


def test_corrected_shows_the_whole_past_as_fake(corrected):
    windows = np.random.default_rng(1).standard_normal((2, 54, 70)).astype(np.float32)
    labels = np.eye(8, dtype=np.float32)[:2]
    # A prediction that is the truth must look like the truth.
    np.testing.assert_allclose(
        corrected.discriminator(fake_motion(windows, windows[:, 50:], corrected.settings.options), labels),
        corrected.discriminator(windows, labels),
        rtol=1e-5,
    )


def test_corrected_has_no_outputs_that_nobody_uses(corrected):
    assert corrected.generator.long_term.dense.units == 512
