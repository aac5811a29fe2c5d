"""What every notebook begins with, and how it shows pictures and sliders.

Figures here are not pyplot's, so nothing is shown twice and no open figures pile up. Used from
``notebooks/00_quickstart`` on.
"""

import base64
import html
import io
import os
import shutil
from collections.abc import Callable, Mapping

import ipywidgets as widgets
import PIL.Image
from IPython.display import HTML, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.datasets.loading import Dataset, default_folder, load
from cs2s.errors import InputError
from cs2s.pictures.player import player_page

__all__ = ["as_png", "begin", "motion_data", "show", "slider_picture"]

_PROFILES = {
    "smoke": "the smallest sizes, only to see that all cells run",
    "cpu": "sizes for a laptop",
    "gpu": "sizes for a GPU",
}


def begin(minutes: Mapping[str, float]) -> str:
    """Print which profile runs, how long that takes, and whether there is a GPU.

    Args:
        minutes: profile (``"smoke"``, ``"cpu"``, ``"gpu"``) -> about how long the notebook runs.

    Returns:
        The profile, as ``CS2S_PROFILE`` names it; ``"cpu"`` where it is not set.

    Raises:
        InputError: if ``CS2S_PROFILE`` names no profile.
    """
    profile = os.environ.get("CS2S_PROFILE", "cpu")
    if profile not in _PROFILES:
        raise InputError(f"CS2S_PROFILE is '{profile}'; choose one of: {', '.join(_PROFILES)}.")
    long = minutes[profile]
    time = f"{long:g} minute{'s' * (long != 1)}" if long >= 1 else f"{60 * long:.0f} seconds"
    print(f"profile {profile}: {_PROFILES[profile]}; running every cell takes about {time}")
    found = "found" if shutil.which("nvidia-smi") else "none found, and everything here runs without"
    print(f"GPU: {found}")
    return profile


def motion_data() -> Dataset:
    """Return the CMU data where it has been downloaded, else the synthetic demo data, and print which.

    Raises:
        InputError: if the folder of the CMU data is there but holds none of its files.
    """
    if not default_folder(CMU_DATA).is_dir():
        print("data: synthetic demo motion. For real recordings, run 'cs2s data download cmu' once and start anew.")
        return load("demo")
    dataset = load("cmu")
    files = len(dataset.motions)
    print(f"data: CMU motion capture, {files} of the {files + len(dataset.missing)} files of the paper")
    return dataset


def as_png(figure: Figure, dpi: int = 80) -> bytes:
    """Return a figure as the bytes of a PNG."""
    FigureCanvasAgg(figure)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=dpi)
    return content.getvalue()


def show(picture: Figure | str, *, alt: str, caption: str, height: int = 520, still: Figure | None = None) -> None:
    """Show a picture in a notebook: a figure, or motions that move.

    It is written as an HTML figure, with its caption: only so does what is to be seen reach those who cannot. Text in
    the metadata of an output is dropped by JupyterLab and by pages made of notebooks.

    Motions move in a frame of their own, which works where notebooks are read: in JupyterLab, Colab, VS Code, and in
    pages made of them. GitHub shows no frames, but what is beside them.

    Args:
        picture: what to show: a figure, or what `cs2s.pictures.player.player` made.
        alt: what is to be seen in it, for those who cannot.
        caption: what to notice in it, for everybody.
        height: of the frame of motions, in pixels of the screen.
        still: a figure of the same for readers of pages without frames, and on paper; it is folded away below.
    """
    shown = _in_a_frame(picture, alt, height) if isinstance(picture, str) else _as_img(picture, alt)
    if still is not None:
        shown += f"<details><summary>the same as a still picture</summary>{_as_img(still, alt)}</details>"
    words = f'<figcaption style="font-style: italic">{html.escape(caption, quote=False)}</figcaption>'
    display(HTML(f'<figure style="margin: 0">{shown}{words}</figure>'))


def _as_img(figure: Figure, alt: str) -> str:
    content = base64.b64encode(_in_256_colours(as_png(figure))).decode()
    # White behind it on dark pages too, as what is drawn is black.
    style = "max-width: 100%; background: white"
    return f'<img alt="{html.escape(alt)}" style="{style}" src="data:image/png;base64,{content}">'


def _in_256_colours(png: bytes) -> bytes:
    """Return a picture with at most 256 colours, which is more than charts need, in a third of the bytes."""
    smaller = io.BytesIO()
    picture = PIL.Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(256, method=PIL.Image.Quantize.MEDIANCUT, dither=PIL.Image.Dither.NONE)
    few.save(smaller, "png", optimize=True)
    return smaller.getvalue()


def _in_a_frame(fragment: str, alt: str, height: int) -> str:
    page = player_page(fragment, alt).replace("&", "&amp;").replace('"', "&quot;")
    style = f"width: 100%; height: {height}px; border: 0"
    return f'<iframe title="{html.escape(alt)}" style="{style}" srcdoc="{page}"></iframe>'


def slider_picture(plot: Callable[..., Figure], **controls: widgets.ValueWidget) -> widgets.VBox:
    """Return controls above a picture which follows them.

    Args:
        plot: a pure function from the controls' values to a figure; `show` what it gives in the next cell too, so
            that readers of a static page see the picture.
        **controls: one widget for each argument of `plot`; its label is the argument's name.

    Returns:
        The box of widgets. One picture is replaced again and again, so nothing piles up.

    Raises:
        ValueError: if a slider starts between two of its steps.
    """
    for name, control in controls.items():
        _check_on_grid(name, control)
    picture = widgets.Image(format="png")

    def redraw(_: object = None) -> None:
        picture.value = as_png(plot(**{name: control.value for name, control in controls.items()}))

    for name, control in controls.items():
        control.description = name.replace("_", " ")
        control.observe(redraw, names="value")
    redraw()
    # No tooltip on the image or the box: ipywidgets 8 would draw neither. The twin in the next cell has words.
    return widgets.VBox([*controls.values(), picture])


def _check_on_grid(name: str, control: widgets.ValueWidget) -> None:
    """Refuse a slider that starts between two steps: browsers move it to one, and the picture is another one."""
    if isinstance(control, widgets.IntSlider | widgets.FloatSlider):
        steps = (control.value - control.min) / control.step
        if abs(steps - round(steps)) > 1e-6:
            raise ValueError(
                f"the slider {name} starts at {control.value}, which no step of {control.step} from {control.min} meets"
            )
