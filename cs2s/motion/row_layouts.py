"""What the rows of the benchmark's text files are, which the files themselves do not say.

Both the reader (`cs2s.files.text_rows`) and the descriptions of the data sets take these facts from here.
Taught in ``notebooks/01_motion_data``.
"""

from dataclasses import dataclass
from typing import Literal

from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton

__all__ = ["CMU_ROWS", "HUMAN36M_ROWS", "LAYOUTS", "RowLayout"]


@dataclass(frozen=True)
class RowLayout:
    """What the rows of a benchmark's files are.

    Attributes:
        skeleton: its joints: a row is the root's translation and three numbers a joint.
        fps: frames a second.
        root: how the root's motion is stored, see `cs2s.motion.motion.Motion`.
    """

    skeleton: Skeleton
    fps: float
    root: Literal["absolute", "relative"]


CMU_ROWS = RowLayout(CMU, 120.0, "absolute")
HUMAN36M_ROWS = RowLayout(HUMAN36M, 50.0, "relative")
LAYOUTS = (CMU_ROWS, HUMAN36M_ROWS)
