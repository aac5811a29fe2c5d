"""What learners really answer in 05_error_evaluation, and the word that its checks must say of it."""

import numpy as np
from scipy.spatial.transform import Rotation


def of(measure=lambda d: np.sqrt((d**2).sum(axis=2)).mean(axis=0), moves=lambda t, p: t.std(axis=1) > 1e-4):
    """A function that measures in some way the future differences of columns that move in some sense."""
    return lambda t, p: measure((t[:, t.shape[1] - p.shape[1] :] - p) * moves(t, p)[:, None, :])


by_numpy = of()


def sliced(chosen):
    """A function that takes other true frames for those that were predicted."""
    return lambda t, p: np.linalg.norm((t[:, chosen(p.shape[1])] - p) * (t.std(1) > 1e-4)[:, None], axis=2).mean(0)


def printed(*arguments):
    print(len(arguments))


def angles_of(rotmat):
    # The other order of axes' names turns about axes that stand still; rows are the transpose.
    return Rotation.from_matrix(np.array(rotmat).T).as_euler("xyz")


def raw_arccos(a, b):
    with np.errstate(invalid="ignore"):
        return np.arccos((np.trace(a.T @ b) - 1) / 2)


def means(values, chosen):
    return np.array([values[one].mean() for one in chosen])


WRONG = {
    "error_by_hand": [
        (of(lambda d: np.sqrt((np.arctan2(np.sin(d), np.cos(d)) ** 2).sum(axis=2)).mean(axis=0)), "wrapped"),
        (of(lambda d: np.sqrt((d**2).sum(2)).sum(0)), "sum over the windows"),
        (of(lambda d: np.sqrt(((d[:, 1:] - d[:, :-1]) ** 2).sum(2)).mean(0)), "steps from frame to frame"),
        (of(lambda d: np.mean(np.sum(d**2, axis=2), axis=0)), "root"),
        (of(lambda d: np.linalg.norm(d.mean(axis=0), axis=-1)), "cancel"),
        (of(lambda d: np.sqrt(np.mean(np.sum(d**2, axis=2), axis=0))), "under the root"),
        (of(lambda d: np.mean(np.sqrt(np.mean(d**2, axis=2)), axis=0)), "averaged over columns"),
        (of(lambda d: np.abs(d).sum(axis=2).mean(axis=0)), "absolute"),
        (of(lambda d: np.linalg.norm(d, axis=2)), "missing"),
        (of(lambda d: np.linalg.norm(d, axis=1).mean(axis=0)), "axis 1"),
        (of(lambda d: np.linalg.norm(d, axis=0).mean(axis=1)), "axis 0"),
        (of(lambda d: np.sqrt(np.mean(d**2, axis=(0, 2)))), "together"),
        (of(lambda d: np.array([np.linalg.norm(d, axis=2)[:, : k + 1].mean() for k in range(d.shape[1])])), "until"),
        (sliced(lambda n: slice(0, n)), "first frames"),
        (sliced(lambda n: slice(-n - 1, -1)), "off by one"),
        (of(moves=lambda t, p: np.ones_like(t[:, 0])), "all columns"),
        (of(moves=lambda t, p: t.std(axis=1, ddof=1) > 1e-4), "ddof"),
        (of(moves=lambda t, p: t.std(axis=1) <= 1e-4), "other way round"),
        (of(moves=lambda t, p: t.std(axis=1) >= 1e-4), "exactly"),
        (of(moves=lambda t, p: np.tile(t.std(axis=(0, 1)) > 1e-4, (len(t), 1))), "together"),
        (of(moves=lambda t, p: np.tile(t[0].std(axis=0) > 1e-4, (len(t), 1))), "first window decides"),
        (of(moves=lambda t, p: np.tile((t.std(1) > 1e-4).all(0), (len(t), 1))), "in all windows"),
        (of(moves=lambda t, p: np.tile((t.std(1) > 1e-4).any(0), (len(t), 1))), "in any"),
        (of(moves=lambda t, p: np.diff(t, axis=1).std(axis=1) > 1e-4), "steady turn"),
        (lambda t, p: set(by_numpy(t, p)), "no order"),
        (of(moves=lambda t, p: t.var(axis=1) > 1e-4), "variance"),
        (of(moves=lambda t, p: t.max(axis=1) != t.min(axis=1)), "all but constant"),
        (of(moves=lambda t, p: t[:, -p.shape[1] :].std(axis=1) > 1e-4), "future frames only"),
        (of(moves=lambda t, p: t[:, : -p.shape[1]].std(axis=1) > 1e-4), "observed frames only"),
        (of(moves=lambda t, p: p.std(axis=1) > 1e-4), "in the prediction"),
        (of(moves=lambda t, p: np.std(t, axis=1) > 1e-3), "too much"),
        (of(moves=lambda t, p: t.max(axis=1) - t.min(axis=1) > 1e-4), "range"),
        (printed, "nothing back"),
        (lambda t, p: np.linalg.norm(t[:, 99] - p[:, 0], axis=1), "counting starts at 0"),
    ],
    "at_the_frame": [
        (lambda until: np.diff(until, prepend=0), "do not subtract"),
        (lambda until: until[1:] - until[:-1], "lost"),
        (lambda until: until, "as they were given"),
        (lambda until: np.array([until[: t + 1].mean() for t in range(len(until))]), "once more"),
        (lambda until: [u * (t + 1) for t, u in enumerate(until)], "sums"),
        (lambda until: np.diff(until * np.arange(len(until)), prepend=0), "numbered from 0"),
        (lambda until: np.diff(until * np.arange(1, len(until) + 1)), "first frame is missing"),
        (lambda until: until[-1], "single number"),
        (lambda until: set(np.diff(until * np.arange(1, len(until) + 1), prepend=0)), "no order"),
    ],
    "angle_between": [
        (raw_arccos, "clip"),
        (lambda a, b: np.nan_to_num(raw_arccos(a, b)), "do not mend the nan"),
        (lambda a, b: np.arccos(min(1, abs(np.trace(a.T @ b) - 1) / 2)), "abs"),
        (lambda a, b: np.arccos(np.clip((np.trace(a @ b) - 1) / 2, -1, 1)), "transpose"),
        (lambda a, b: (np.trace(a.T @ b) - 1) / 2, "cosine"),
        (lambda a, b: np.arccos(np.clip(np.sum(a * b), -1, 1)), "halve"),
        (lambda a, b: np.linalg.norm(angles_of(a) - angles_of(b)), "jumps"),
        (
            lambda a, b: np.linalg.norm((angles_of(a) - angles_of(b) + np.pi) % (2 * np.pi) - np.pi),
            "still a lock",
        ),
        (lambda a, b: np.sqrt(((a - b) ** 2).sum()), "not an angle"),
        (lambda a, b: np.degrees(Rotation.from_matrix(a.T @ b).magnitude()), "degrees"),
        (
            lambda a, b: np.linalg.norm(Rotation.from_matrix(a).as_rotvec() - Rotation.from_matrix(b).as_rotvec()),
            "340",
        ),
        (
            lambda a, b: abs(Rotation.from_matrix(a).magnitude() - Rotation.from_matrix(b).magnitude()),
            "axes count",
        ),
        (lambda a, b: np.arcsin(np.clip(np.sin(Rotation.from_matrix(a.T @ b).magnitude()), -1, 1)), "20"),
        (lambda a, b: Rotation.from_matrix(a.T @ b).as_rotvec(), "length"),
        (lambda a, b: [np.arccos(np.clip((np.trace(a.T @ b) - 1) / 2, -1, 1))], "brackets"),
    ],
    "paired": [
        (
            lambda a, b, c: np.percentile(means(b, c), [2.5, 97.5]) - np.percentile(means(a, c), [2.5, 97.5]),
            "pairs nothing",
        ),
        (lambda a, b, c: np.percentile(means(a, c) - means(b, c), [2.5, 97.5]), "second minus first"),
        (lambda a, b, c: np.percentile(b[c] - a[c], [2.5, 97.5]), "single windows"),
        (lambda a, b, c: np.percentile(8 * means(b - a, c), [2.5, 97.5]), "sums"),
        (lambda a, b, c: np.percentile(b - a, [2.5, 97.5]), "all windows"),
        (lambda a, b, c: np.percentile((b - a)[c].mean(0), [2.5, 97.5]), "axis 0"),
        (lambda a, b, c: np.percentile(means(b, c), [2.5, 97.5]), "alone"),
        (lambda a, b, c: np.percentile(means(b - a, c), [0.025, 0.975]), "0 to 100"),
        (lambda a, b, c: np.quantile(means(b - a, c), [2.5, 97.5]), "stops with"),
        (lambda a, b, c: np.percentile(means(b - a, c), [5, 95]), "90 %"),
        (lambda a, b, c: np.percentile(means(b - a, c), [2.5, 95]), "92.5 %"),
        (lambda a, b, c: np.percentile(means(b - a, c), [0, 95]), "smallest"),
        (lambda a, b, c: (min(means(b - a, c)), max(means(b - a, c))), "smallest"),
        (
            lambda a, b, c: means(b - a, c).mean() + 1.96 * means(b - a, c).std() / len(c) ** 0.5 * np.array([-1, 1]),
            "standard error",
        ),
        (lambda a, b, c: means(b - a, c).mean() + 2 * means(b - a, c).std() * np.array([-1, 1]), "bell"),
        (lambda a, b, c: np.percentile(means(b - a, c), [97.5, 2.5]), "comes first"),
        (lambda a, b, c: np.percentile(means(b - a, c), 95), "shape"),
        (lambda a, b, c: set(np.percentile(means(b - a, c), [2.5, 97.5])), "no order"),
        (lambda a, b, c: np.sort(means(b - a, c))[[20, -21]], "largest difference"),
        (lambda a, b, c: ["low", "high"], "not all"),
    ],
}
