"""The page on which a browser predicts, as a file: what it holds, how large it is, and that it asks nobody."""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
import pytest

import cs2s.pictures.page
from cs2s.datasets.descriptions import CMU_DATA
from cs2s.errors import InputError
from cs2s.motion.resampling import resample
from cs2s.pictures.page import FUTURE, prediction_page
from cs2s.pictures.shipped_model import packed_weights, shipped_model
from cs2s.training.pretrained import read_pretrained

FOLDER = Path(cs2s.pictures.page.__file__).parent


@pytest.fixture(scope="module")
def page():
    return prediction_page(links={"chapters & more": "chapters.html"})


def data_of(page):
    return json.loads(re.search(r'id="cs2s-page">(.*?)</script>', page, re.DOTALL)[1])


def test_it_is_small_and_asks_nobody(page):
    assert len(page.encode()) <= 1_200_000
    script = "".join((FOLDER / name).read_text() for name in ("page.js", "pose_mlp.js"))
    assert not re.search(r"https?:|fetch|XMLHttp|WebSocket|import\b|eval\(|sendBeacon|\.src\b", script)
    assert not re.search(r'(src|href)="(?!chapters\.html|data:,)', page)
    assert "default-src 'none'" in page
    assert '<a href="chapters.html">chapters &amp; more</a>' in page


def test_its_weights_are_those_of_the_file():
    weights = read_pretrained("pretrained:")[0].weights
    unpacked = np.frombuffer(zlib.decompress(base64.b64decode(packed_weights(weights))), np.uint8)
    flat = unpacked.reshape(4, -1).T.copy().view("<f4").ravel()
    np.testing.assert_array_equal(flat, np.concatenate([weight.ravel() for weight in weights]))
    model = shipped_model()
    assert [weight.shape for weight in weights] == model["shapes"]
    assert model["branches"] == 2 and model["blocks"] == [8, 2]


def test_its_motions_are_the_demo_datas(page, demo):
    told = data_of(page)
    assert [take["name"] for take in told["takes"]] == list(demo.description.actions)
    assert told["fps"] == CMU_DATA.fps and told["future"] == FUTURE
    for take, name in zip(demo.split("test"), told["takes"], strict=True):
        motion = resample(demo.motions[take], CMU_DATA.fps)
        assert name["frames"] <= len(motion)
        left_out = set(range(0, 117, 3)) - set(name["columns"])
        assert not any(motion.rows[:, column : column + 3].any() for column in left_out)
    assert "made by its own program" in page and "EIA-0196217" in page


def test_a_predictor_of_rows_cannot_be_in_a_page():
    with pytest.raises(InputError, match="pretrained:dct-mlp does not see poses"):
        prediction_page("pretrained:dct-mlp")
