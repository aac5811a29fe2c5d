"""Pictures and sliders in notebooks.

Figures here are not pyplot's, so nothing is shown twice and no open figures pile up. Used from
``notebooks/00_quickstart`` on.
"""

import io
from collections.abc import Callable

import ipywidgets as widgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["as_png", "slider_picture"]


def as_png(figure: Figure, dpi: int = 80) -> bytes:
    """Return a figure as the bytes of a PNG."""
    FigureCanvasAgg(figure)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=dpi)
    return content.getvalue()


def slider_picture(plot: Callable[..., Figure], **controls: widgets.ValueWidget) -> widgets.VBox:
    """Return controls above a picture which follows them.

    Args:
        plot: a pure function from the controls' values to a figure; call it in the next cell too, so that readers
            of a static page see the picture.
        **controls: one widget for each argument of `plot`; its label is the argument's name.

    Returns:
        The box of widgets. One picture is replaced again and again, so nothing piles up.
    """
    picture = widgets.Image(format="png")

    def show(_: object = None) -> None:
        picture.value = as_png(plot(**{name: control.value for name, control in controls.items()}))

    for name, control in controls.items():
        control.description = name.replace("_", " ")
        control.observe(show, names="value")
    show()
    return widgets.VBox([*controls.values(), picture])
