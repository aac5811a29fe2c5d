"""The networks against a forward pass of the original graph.

Weights and input are recipes (design/protocol.md), so the quoted numbers, which the authors' implementation
printed, prove the same where the reference folder is not.
"""

import json
import zlib

import numpy as np
import pytest

from cs2s.datasets.descriptions import CMU_DATA, HUMAN36M_DATA
from cs2s.datasets.windows import OBSERVED
from cs2s.errors import InputError
from cs2s.networks.encoder import EncodingModule
from cs2s.networks.options import VARIANTS, network_options
from cs2s.training.adversarial import build_model, fake_motion
from cs2s.training.original_checkpoint import ORIGINAL_NAMES
from cs2s.training.settings import Settings

# dataset -> file stem, used columns, classes, and what golden/original_*.npz says (dropout off).
ORIGINAL = {
    "cmu": {
        "stem": "original_cmu",
        "shape": (4, 75, 70),
        "classes": 8,
        "reconstruction_error": 0.11041911,
        "loss_g": 0.11778361,
        "loss_g_with_l2": 1.20939839,
        "loss_d": 1.39755821,
        "loss_d_with_l2": 2.09994936,
        "real_logits": (-0.10947251, -0.07225939, -0.12413878, -0.10395430),
        "fake_logits": (-0.11120465, -0.10732350, -0.07785288, -0.04210997),
        "inference_prediction": (-0.85518920, -0.60155600, 0.45474869),
        "training_prediction": (-0.46508926, -0.27972966, 0.35150039),
    },
    "human3.6m": {
        "stem": "original_h36m",
        "shape": (4, 75, 54),
        "classes": 15,
        "reconstruction_error": 0.09356039,
        "loss_g": 0.10046668,
        "loss_g_with_l2": 1.19536185,
        "loss_d": 1.38069510,
        "loss_d_with_l2": 2.08286762,
        "real_logits": (-0.10915834, 0.04150556, 0.08189327, 0.06818321),
        "fake_logits": (-0.11303645, 0.02596782, 0.09289115, 0.01994427),
        "inference_prediction": (0.08740309, -1.67716682, -1.20789099),
        "training_prediction": (-0.07303788, -1.39174843, -1.01298058),
    },
}

# Our variables in creation order, by the names that the original gives them.
NAMES = [name for network in ("generator", "discriminator") for name in ORIGINAL_NAMES[network]]


def recipe(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """The weights with which the original's numbers were made."""
    spread = 0.02 if name.endswith("/fc4/weights") else 1.0
    scale = 0.01 if len(shape) == 1 else np.sqrt(spread / np.prod(shape[:-1]))
    draws = np.random.default_rng(zlib.crc32(name.encode()))
    return (draws.standard_normal(shape) * scale).astype(np.float32)


@pytest.fixture(scope="module", params=list(ORIGINAL))
def case(request):
    """Settings, expected numbers, a model with the recipe's weights, and what it computes."""
    expected = ORIGINAL[request.param]
    model = build_model(Settings.for_preset(request.param), expected["shape"][2], expected["classes"])
    for variable, name in zip(model.trainable_variables, NAMES, strict=True):
        variable.assign(recipe(name, tuple(variable.shape)))
    windows = 0.1 * np.random.default_rng(2018).standard_normal(expected["shape"]).cumsum(axis=1)
    windows = windows.astype(np.float32)
    labels = np.eye(expected["classes"], dtype=np.float32)[:4]
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
    return expected, model, windows, labels, computed


def relative(actual: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(actual - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("name", [n for n in ORIGINAL["cmu"] if n not in ("stem", "shape", "classes")])
def test_quoted_numbers_hold(case, name):
    expected, _, _, _, computed = case
    actual = computed[name][0, -1, :3] if name.endswith("prediction") else computed[name]
    assert relative(actual, np.array(expected[name])) < 1e-4


def test_every_number_of_the_original_holds(case, reference):
    expected, _, windows, labels, computed = case
    with np.load(reference / "golden" / f"{expected['stem']}.npz") as golden:
        np.testing.assert_allclose(windows, golden["input"], atol=1e-7)
        np.testing.assert_array_equal(labels, golden["labels"])
        for name, value in computed.items():
            assert relative(value, golden[name]) < 1e-4, name


def test_variables_have_the_originals_shapes(case, reference):
    expected, model, _, _, _ = case
    shapes = json.loads((reference / "golden" / f"{expected['stem']}_variables.json").read_text())
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
    with pytest.raises(InputError, match="no preset 'papper'; choose one of: paper, corrected"):
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
