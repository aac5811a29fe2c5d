"""What the charts of all chapters begin with: an empty figure, quiet axes, and colours for any colour vision.

Used from ``notebooks/01_motion_data`` on.
"""

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["BLUE", "GREEN", "ORANGE", "new_figure", "tidy", "tidy_with_grid"]

# Okabe and Ito's; each comes with a line style, a marker or a word of its own.
BLUE, GREEN, ORANGE = "#0072B2", "#009E73", "#D55E00"


def new_figure(width: float, height: float, layout: str | None = "constrained") -> Figure:
    """Return an empty figure of a size in inches; without a layout it is drawn twice as fast, as sliders want."""
    figure = Figure(figsize=(width, height), facecolor="white", layout=layout)
    FigureCanvasAgg(figure)
    return figure


def tidy(axes: Axes) -> None:
    """Leave out the lines above and to the right of the axes."""
    axes.spines[["top", "right"]].set_visible(False)


def tidy_with_grid(axes: Axes) -> None:
    """Leave out the lines above and to the right, and draw a pale grid behind everything."""
    axes.grid(color="#DDDDDD", lw=0.6)
    axes.set_axisbelow(True)
    tidy(axes)
