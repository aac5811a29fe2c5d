"""Speed, as ratios of two things done in one run. Not a test: `python tests/benchmark.py [CMU_FOLDER]`.

Prints how much faster the cached load is than `np.loadtxt` of the same files, and the vectorised angle error than a
loop over frames and joints.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cs2s.baselines import ZeroVelocity
from cs2s.datasets import CMU
from cs2s.evaluation import angle_error
from cs2s.loading import load
from cs2s.windows import dataset_statistics, test_windows


def seconds(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the wall-clock seconds of each repetition."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def compare(name: str, slow: Callable[[], object], fast: Callable[[], object], repeats: int) -> None:
    """Time both ways, the slow one less often, and print the ratio of the medians."""
    slow_times, fast_times = seconds(slow, 3), seconds(fast, repeats)
    ratio = statistics.median(slow_times) / statistics.median(fast_times)
    print(
        f"{name}: {statistics.median(slow_times):.3f} s against {statistics.median(fast_times):.4f} s "
        f"({min(fast_times):.4f} to {max(fast_times):.4f}), {ratio:.0f} times faster"
    )


def plain_angles(expmap: np.ndarray) -> tuple[float, float, float]:
    """Return the paper's Euler angles of one exponential map ``(3,)``, as one writes it down without thinking."""
    angle = np.linalg.norm(expmap)
    x, y, z = expmap / (angle + np.finfo(np.float32).eps)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    second = -np.arcsin(np.clip(matrix[0, 2], -1, 1))
    cosine = np.cos(second)
    first = np.arctan2(matrix[1, 2] / cosine, matrix[2, 2] / cosine)
    return first, second, np.arctan2(matrix[0, 1] / cosine, matrix[0, 0] / cosine)


def loop_error(truth: np.ndarray, predicted: np.ndarray, joint_angles: Callable = plain_angles) -> np.ndarray:
    """Return the paper's error the slow way, one frame and one joint at a time, as the original does it.

    Arguments and result are those of `cs2s.evaluation.angle_error`; `joint_angles` turns one exponential map into
    three Euler angles.
    """

    def angles(rows: np.ndarray) -> np.ndarray:
        result = np.zeros_like(rows)
        for frame, row in enumerate(rows):
            for column in range(6, len(row), 3):
                result[frame, column : column + 3] = joint_angles(row[column : column + 3])
        return result

    errors = []
    for true_rows, predicted_rows in zip(truth, predicted, strict=True):
        true_angles = angles(true_rows)
        use = np.std(true_angles, axis=0) > 1e-4
        difference = true_angles[-len(predicted_rows) :] - angles(predicted_rows)
        errors.append(np.sqrt((difference[:, use] ** 2).sum(axis=1)))
    return np.mean(errors, axis=0)


def main() -> None:
    """Run both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/cmu_mocap"))
    folder = parser.parse_args().folder
    dataset = load("cmu", folder)
    files = [folder / CMU.file(take) for take in dataset.motions]
    compare(
        f"loading {len(files)} CMU files, cached, against np.loadtxt",
        lambda: [np.loadtxt(file, delimiter=",") for file in files],
        lambda: load("cmu", folder),
        repeats=20,
    )
    windows = test_windows(dataset, dataset_statistics(dataset))[0]
    predicted = ZeroVelocity()(windows.observed, 25)
    # Both must give the same numbers for the comparison to mean anything.
    np.testing.assert_allclose(loop_error(windows.rows, predicted), angle_error(windows.rows, predicted), atol=1e-3)
    compare(
        "angle error of 8 windows, against a loop over frames and joints",
        lambda: loop_error(windows.rows, predicted),
        lambda: angle_error(windows.rows, predicted),
        repeats=20,
    )


if __name__ == "__main__":
    main()
