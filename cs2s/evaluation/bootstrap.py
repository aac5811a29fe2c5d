"""Bootstrap: how much would a mean error change if the same people had been recorded once more?

What is drawn again must be independent. Windows are not: two that start 5 frames apart share nearly everything, and
drawing them one by one would make intervals several times too narrow. So blocks of windows are drawn: whole takes,
or, where an action has one take, stretches of it. Taught in ``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Sequence

import numpy as np

from cs2s.datasets.descriptions import TakeId

__all__ = ["bootstrap_ratios", "interval", "window_blocks"]


def window_blocks(starts: Sequence[tuple[TakeId, int]], length: int) -> tuple[np.ndarray, str]:
    """Say which block each window of an action belongs to.

    Several takes are a block each. One take is cut into as many equal stretches as windows fit into it without
    overlap, each then at least as long as a window, and a window belongs to the stretch that its middle lies in.
    Windows of neighbouring stretches can still share frames at the border, so that even these intervals are a little
    too narrow rather than too wide.

    Args:
        starts: for each window, its take and first frame, as in `cs2s.datasets.windows.Windows`.
        length: frames in a window.

    Returns:
        ``(windows,)`` numbers of blocks, from 0 without gaps; and what the blocks are: ``"takes"`` or
        ``"stretches"``.
    """
    takes = list(dict.fromkeys(take for take, _ in starts))
    if len(takes) > 1:
        return np.array([takes.index(take) for take, _ in starts]), "takes"
    firsts = np.array([start for _, start in starts])
    span = int(firsts.max() - firsts.min()) + length
    middles = firsts - firsts.min() + length / 2
    stretches = np.floor(middles * (span // length) / span).astype(int)
    # With a large stride a stretch may hold no window: then it is none.
    return np.unique(stretches, return_inverse=True)[1].reshape(-1), "stretches"


def bootstrap_ratios(totals: np.ndarray, weights: np.ndarray, resamples: int, draws: np.random.Generator) -> np.ndarray:
    """Draw blocks with replacement, as many as there are, and form the ratio of their sums, over and over.

    A mean over windows is such a ratio, of the blocks' sums and their numbers of windows; so is any weighted mean.

    Args:
        totals: ``(blocks, values)``, each block's sum.
        weights: ``(blocks, values)``, each block's sum of weights.
        resamples: how many times to draw.
        draws: where the random numbers come from.

    Returns:
        ``(resamples, values)``; nan where the drawn weights sum to 0.

    Source: Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1), 1979; by blocks:
    Carlstein, "The use of subseries values ...", Annals of Statistics 14(3), 1986.
    """
    blocks = len(totals)
    times = draws.multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples)
    drawn, weight = times @ totals, times @ weights
    return np.divide(drawn, weight, out=np.full(drawn.shape, np.nan), where=weight > 0)


def interval(estimates: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentile interval that holds a share of the estimates.

    Args:
        estimates: ``(resamples, values)``.
        level: the share.

    Returns:
        Lower and upper ends, ``(values,)`` each.
    """
    outside = 50 * (1 - level)
    low, high = np.percentile(estimates, [outside, 100 - outside], axis=0)
    return low, high
