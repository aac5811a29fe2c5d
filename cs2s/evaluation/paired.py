"""Paired comparison: is one predictor better than another on the same windows, or is it the windows?

What is hard to predict is hard for everybody: draw a hard block twice, and all errors rise. So two intervals may
overlap although one predictor is better in nearly every draw. The bootstrap of `cs2s.evaluation.evaluation.evaluate`
draws equal blocks for all predictors, so that differences can be formed draw by draw. Taught in
``notebooks/07_beyond_the_paper``.
"""

from collections.abc import Mapping

import numpy as np

from cs2s.errors import InputError
from cs2s.evaluation.bootstrap import interval
from cs2s.evaluation.evaluation import Evaluation, Result, Scores

__all__ = ["difference", "pairable"]


def _windows(evaluation: Evaluation) -> tuple[object, ...]:
    """Return what two evaluations must share if their draws are to be pairs."""
    facts: Mapping[str, object] = evaluation.made_from
    counts = [(action, result.windows, result.blocks) for action, result in evaluation.actions.items()]
    drawn = [facts.get(name) for name in ("data", "split", "resamples", "bootstrap_seed")]
    frames = len(evaluation.average)
    return evaluation.dataset, evaluation.protocol, evaluation.stride, evaluation.measures, frames, counts, drawn


def pairable(first: Evaluation, second: Evaluation) -> bool:
    """Tell whether both are of the same windows and hold what a bootstrap drew."""
    return first.overall.drawn is not None is not second.overall.drawn and _windows(first) == _windows(second)


def difference(first: Evaluation, second: Evaluation) -> Result:
    """Return by how much the first predictor's average is above the second's, draw by draw.

    Args:
        first: what was just measured: a file does not hold the draws.
        second: the same of another predictor, on the same windows.

    Returns:
        Differences, first minus second, and their 95 % interval; below 0 the first is better. An action of one block
        is held fixed here too.

    Raises:
        InputError: if the two are not of the same windows and protocol, or hold no draws.
    """
    if not pairable(first, second):
        raise InputError(
            "a paired difference needs two predictors measured here, on the same windows, under a protocol that has "
            "intervals (such as CORRECTED)."
        )
    assert first.overall.drawn is not None and second.overall.drawn is not None
    drawn = _less(first.overall.drawn, second.overall.drawn)
    ends = {name: interval(draws) for name, draws in drawn.items()}
    low, high = ({name: both[end] for name, both in ends.items()} for end in (0, 1))
    scores, one = _less(first.overall.scores, second.overall.scores), first.overall
    return Result(scores, one.windows, one.blocks, one.over, (low, high), drawn)


def _less(first: Scores, second: Scores) -> Scores:
    return {name: np.subtract(first[name], second[name]) for name in first}
