"""Wrong answers to the exercises of ``notebooks/06_explore_predictions`` and a word of what must be said to each."""

import numpy as np


def _ahead(observed: np.ndarray, made: np.ndarray) -> np.ndarray:
    return observed[:, -1:] + made[:, None] * (observed[:, -1:] - observed[:, -2:-1])


def _without(differences: np.ndarray, joint: int) -> float:
    return float(np.sqrt((np.delete(differences, joint, axis=0) ** 2).sum()))


def _without_worst_of_wrapped(differences: np.ndarray) -> float:
    wrapped = (differences + np.pi) % (2 * np.pi) - np.pi
    return _without(wrapped, np.linalg.norm(wrapped, axis=1).argmax())


FROZEN = np.array([1.0, 0.8, 1.2, 0.9, 1.1, 1.0, 0.7, 1.3])

WRONG = {
    "wins_and_loses": [
        (FROZEN - 0.1, "better in 8"),
        (FROZEN, "better in 0"),
        ([0.9, 0.7, 1.1, 0.8, 1.0, 0.9, 0.6, 1.4], "how bad"),
        ([-1, 0.7, 1.1, 0.8, 1.0, 0.9, 0.6, 9], "below 0"),
        ([0.9] * 7, "shape"),
        (0.9, "single number"),
        ([0.9, 0.7, 1.1, 0.8, 1.0, 0.9, 0.6, np.inf], "infinity"),
        ("seven", "type str"),
        ([str(error) for error in FROZEN - 0.1], "not all"),
    ],
    "without_worst_joint": [
        (lambda d: np.linalg.norm(d) - np.linalg.norm(d, axis=1).max(), "subtract"),
        (lambda d: np.linalg.norm(d), "whole error"),
        (lambda d: np.linalg.norm(d, axis=1).max(), "left without"),
        (lambda d: np.linalg.norm(d, axis=1).argmax(), "number of the worst"),
        (lambda d: _without(d, np.linalg.norm(d, axis=1).argmax()) ** 2, "root is missing"),
        (lambda d: _without(d, np.abs(d).max(axis=1).argmax()), "largest single"),
        (lambda d: _without(d, d.sum(axis=1).argmax()), "cancel"),
        (lambda d: _without(d, np.abs(d).sum(axis=1).argmax()), "sum of sizes"),
        (lambda d: _without(d, np.abs(d.prod(axis=1)).argmax()), "product"),
        (lambda d: _without(d, d.std(axis=1).argmax()), "too"),
        (lambda d: _without(d, np.ptp(d, axis=1).argmax()), "too"),
        (lambda d: _without(d, 2), "too"),
        (_without_worst_of_wrapped, "wrapped"),
        (lambda d: _without(d, np.linalg.norm(d, axis=1).argmin()), "best joint"),
        (lambda d: np.linalg.norm(np.sort(np.abs(d).ravel())[:-1]), "one angle"),
        (lambda d: (n := np.linalg.norm(d, axis=1))[n < n.max()], "a number a joint"),
        (lambda d: np.sort(np.linalg.norm(d, axis=1))[:-1].sum(), "adds the lengths"),
    ],
    "elbow": [
        (0.1, "must be larger"),
        (0.05, "must be larger"),
        (0.23, "nearer"),
        (2, "degrees"),
        (-0.5, "nearer"),
        ([0.05], "must be larger"),
        (8.6, "degrees"),
        ([0.15], "brackets"),
        ("0.15", "type str"),
        (np.nan, "nan"),
    ],
    "unmoved_by": [
        (["turn", "move"], "1 more"),
        ("turn", "2 more"),
        ([], "empty"),
        (["turn", "move", "mirror", "faster"], "not faster: who hurries is at other poses"),
        (["noise"], "shaken"),
        ({"turn", "move", "lost frames"}, "older pose"),
        (["hold"], "none of the changes"),
        (3, "list of changes"),
        ({"mirror": 1, "turn": 0, "move": 0}, "dict"),
        ("mirror, turn, move", "commas"),
    ],
    "damped_velocity": [
        (lambda o, n: np.repeat(o[:, -1:], n, axis=1), "repeated"),
        (lambda o, n: _ahead(o, np.arange(1, n + 1)), "constant velocity"),
        (lambda o, n: _ahead(o, np.concatenate([[0], np.cumsum(0.8 ** np.arange(1, n))])), "late"),
        (lambda o, n: _ahead(o, np.cumsum(0.8 ** np.arange(n))), "not damped"),
        (lambda o, n: _ahead(o, np.cumsum(0.8 ** np.arange(1, 6))), "always predicts 5"),
        (lambda o, n: _ahead(o, 0.8 * np.arange(1, n + 1)), "the one before"),
        (lambda o, n: _ahead(o, 0.8 ** np.arange(1, n + 1)), "add up"),
        (lambda o, n: _ahead(o, np.arange(1, n + 1) * 0.8 ** np.arange(1, n + 1)), "cumsum"),
        (lambda o, n: o[:, -1:] * 0.8 ** np.arange(1, n + 1)[:, None], "shrinks"),
        (lambda o, n: _ahead(o, -np.cumsum(0.8 ** np.arange(1, n + 1))), "backwards"),
        (lambda o, n: _ahead(o, np.cumsum(0.8 ** np.arange(1, n + 1)))[0], "shape"),
        (lambda o, n: _ahead(o[:, 1::-1], np.cumsum(0.8 ** np.arange(1, n + 1))), "numbers are not"),
        (
            lambda o, n: o[:, -1:] + np.cumsum(0.8 ** np.arange(1, n + 1))[:, None] * (o[:, 1:2] - o[:, :1]),
            "first two",
        ),
        (
            lambda o, n: o[:, -1:] + np.cumsum(0.8 ** np.arange(1, n + 1))[:, None] * (o[-1] - o[-2])[-1],
            "axis 1",
        ),
        (lambda o, n: _ahead(o, np.cumsum(0.8 ** np.arange(1, n + 1))) - o[:, -1:], "only the new"),
    ],
}
