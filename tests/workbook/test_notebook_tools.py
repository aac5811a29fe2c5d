"""What notebooks begin with, and their sliders: profile, data, pictures."""

import base64
import html
import io
import re
import xml.etree.ElementTree as xml

import ipywidgets as widgets
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from cs2s.errors import InputError
from cs2s.workbook.opening import as_png, begin, motion_data, show, slider_picture

MINUTES = {"smoke": 0.5, "cpu": 2, "gpu": 1.5}


def bar(height: int = 1, *, width: float = 0.5) -> Figure:
    figure = Figure(figsize=(2, 2))
    figure.add_subplot().bar([0], [height], width=width)
    return figure


def test_a_notebook_begins_with_its_profile_and_time(monkeypatch, capsys):
    monkeypatch.setenv("CS2S_PROFILE", "smoke")
    assert begin(MINUTES) == "smoke"
    assert "about 30 seconds" in capsys.readouterr().out
    monkeypatch.delenv("CS2S_PROFILE")
    assert begin(MINUTES) == "cpu"
    assert "about 2 minutes\n" in capsys.readouterr().out
    begin({**MINUTES, "cpu": 1})
    assert "about 1 minute\n" in capsys.readouterr().out


def test_the_gpu_is_reported_found_or_not(monkeypatch, capsys):
    for found, words in ((None, "none found"), ("/usr/bin/nvidia-smi", "GPU: found")):
        monkeypatch.setattr("shutil.which", lambda _, found=found: found)
        begin(MINUTES)
        assert words in capsys.readouterr().out


def test_an_unknown_profile_is_refused(monkeypatch):
    monkeypatch.setenv("CS2S_PROFILE", "tpu")
    with pytest.raises(InputError, match="CS2S_PROFILE is 'tpu'; choose one of: smoke, cpu, gpu"):
        begin(MINUTES)


def test_the_cmu_data_are_taken_where_they_are_and_said_so(monkeypatch, capsys, cmu_folder, tmp_path):
    monkeypatch.setenv("CS2S_DATA_DIR", str(cmu_folder.parent))
    dataset = motion_data()
    assert dataset.description.name == "cmu"
    assert f"{len(dataset.motions)} of the 48 files" in capsys.readouterr().out
    monkeypatch.setenv("CS2S_DATA_DIR", str(tmp_path))
    assert motion_data().description.name == "demo"
    assert "synthetic demo motion" in capsys.readouterr().out


def test_the_picture_follows_the_sliders_and_is_what_the_function_gives():
    height, width = widgets.IntSlider(1, 0, 9), widgets.FloatSlider(0.5, min=0, max=1)
    box = slider_picture(bar, height=height, width=width)
    *controls, picture = box.children
    assert controls == [height, width]
    assert picture.value == as_png(bar())
    height.value = 7
    assert picture.value == as_png(bar(7))
    width.value = 0.8
    assert picture.value == as_png(bar(7, width=0.8))
    assert len(box.children) == 3
    assert np.asarray(Image.open(io.BytesIO(picture.value))).shape[:2] == (160, 160)


def test_a_slider_between_two_steps_is_refused():
    # The browser test found this: a browser moves such a slider as soon as any other one is touched.
    with pytest.raises(ValueError, match="the slider height starts at -55, which no step of 15 from -180 meets"):
        slider_picture(bar, height=widgets.IntSlider(-55, -180, 180, 15))


@pytest.fixture
def displayed(monkeypatch):
    """What `show` puts into a notebook's outputs."""
    outputs = []
    monkeypatch.setattr("cs2s.workbook.opening.display", lambda *shown: outputs.extend(shown))
    return outputs


def test_a_figure_stands_in_the_page_with_its_alt_text_and_caption(displayed):
    show(bar(), alt='A "bar" & no more.', caption="Higher < wider.")
    (output,) = displayed
    figure = xml.fromstring(re.sub("(<img[^>]*)>", r"\1/>", output.data))
    picture, caption = figure
    assert (figure.tag, picture.tag, caption.tag) == ("figure", "img", "figcaption")
    assert picture.get("alt") == 'A "bar" & no more.' and caption.text == "Higher < wider."
    kind, content = picture.get("src").split(",")
    assert kind == "data:image/png;base64"
    # Every pixel has very nearly the colour that it should have.
    shown, drawn = (
        np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
        for png in (base64.b64decode(content), as_png(bar()))
    )
    assert np.abs(shown - drawn).max() <= 8


def test_what_moves_is_shown_in_a_frame_and_as_a_still_picture_where_asked(displayed):
    show('<p title="a & b">moves</p>', alt='a "walk"', caption="Look.", height=300)
    show("<p>moves</p>", alt="a walk", caption="Look.", still=bar())
    moving, both = (output.data for output in displayed)
    assert 'title="a &quot;walk&quot;"' in moving and "height: 300px" in moving and "<img" not in moving
    (page,) = re.findall(r'srcdoc="([^"]*)"', moving)
    assert '<p title="a & b">moves</p>' in html.unescape(page)
    assert moving.endswith(">Look.</figcaption></figure>")
    still = re.search('</iframe><details>.*(<img alt="a walk"[^>]*>)</details>', both)
    show(bar(), alt="a walk", caption="Look.")
    assert still and still[1] in displayed[-1].data
