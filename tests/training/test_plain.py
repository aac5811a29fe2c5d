"""The shipped predictors without TensorFlow: what they say, and that it is what Keras says."""

import subprocess
import sys

import numpy as np
import pytest

from cs2s.datasets.windows import every_start
from cs2s.files.formats import load_motion, save_motion
from cs2s.training.plain import plain_predictor
from cs2s.training.predictors import load_predictor
from cs2s.training.pretrained import pretrained_names

WITHOUT = """
import sys
sys.modules.update(tensorflow=None, keras=None)
from cs2s.cli.parser import main
status = main(sys.argv[1:])
sys.exit(status)
"""


def test_only_the_single_model_can_do_without():
    assert [name for name in pretrained_names() if plain_predictor(f"pretrained:{name}")] == ["pose-mlp"]


@pytest.mark.slow
def test_it_predicts_what_keras_does_on_every_test_window_of_the_demo(demo):
    plain, keras = plain_predictor("pretrained:"), load_predictor("pretrained:")
    assert (plain.name, plain.mirror, plain.least_observed) == (keras.name, keras.mirror, keras.least_observed)
    for windows in every_start(demo, stride=7):
        one, other = (predictor(windows.observed, 25) for predictor in (plain, keras))
        np.testing.assert_allclose(one.expmaps, other.expmaps, atol=1e-5)
        np.testing.assert_allclose(one.positions(), other.positions(), atol=0.01)


@pytest.mark.slow
def test_the_commands_predict_and_evaluate_without_it_and_say_so(demo, tmp_path):
    take = next(iter(demo.split("test")))
    motion = tmp_path / "walk.txt"
    save_motion(demo.motions[take][:300], motion)
    outs = [tmp_path / "plain.txt", tmp_path / "keras.txt"]
    predict = ["predict", str(motion), "--run", "pretrained:", "--frames", "30", "--out"]
    for start, out in zip((["-c", WITHOUT], ["-m", "cs2s"]), outs, strict=True):
        done = subprocess.run([sys.executable, *start, *predict, str(out)], capture_output=True, text=True, check=True)
        assert ("NumPy computes the same network" in done.stderr) == (out is outs[0])
    one, other = (load_motion(out) for out in outs)
    np.testing.assert_allclose(one.positions(), other.positions(), atol=0.01)
    evaluate = [sys.executable, "-c", WITHOUT, "evaluate", str(motion), "--predictor", "pretrained:"]
    done = subprocess.run(evaluate, capture_output=True, text=True, check=True)
    assert "pretrained:pose-mlp" in done.stdout and "NumPy computes the same network" in done.stderr
    done = subprocess.run([*evaluate[:-1], "pretrained:dct-mlp"], capture_output=True, text=True)
    assert done.returncode and "needs TensorFlow, which is not installed" in done.stderr
