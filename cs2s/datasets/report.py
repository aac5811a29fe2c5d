"""What a data set holds, as text, and what measuring it finds out about it, as data.

``cs2s data info`` prints and keeps it. What it found in the CMU files is read in ``notebooks/01_motion_data``.
"""

from typing import Any

import numpy as np

from cs2s.datasets.download import published_files
from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import OBSERVED, PREDICTED, Statistics, dataset_statistics, halved, test_windows
from cs2s.errors import InputError
from cs2s.files.places import data_file
from cs2s.motion.motion import Motion

__all__ = ["STRIDE_SECONDS", "data_facts", "data_report", "likeness", "stride_period"]

STRIDE_SECONDS = 1.1
"""About how long a stride, which is two steps, takes people who walk as they like; most are within 0.2 s of it."""

_SHORTEST_STRIDE = 5  # frames
_ALIKE = 0.5


def likeness(curve: np.ndarray, lag: int) -> float:
    """Return the correlation of a curve ``(frames,)`` with itself `lag` frames later: its autocorrelation.

    It is 1 where the curve repeats itself after so many frames, and nan where one of the two parts is constant.
    """
    earlier, later = curve[:-lag] - curve[:-lag].mean(), curve[lag:] - curve[lag:].mean()
    norm = np.sqrt((earlier @ earlier) * (later @ later))
    return float(earlier @ later / norm) if norm > 0 else float("nan")


def stride_period(motion: Motion) -> int | None:
    """Measure after how many frames a walk or run repeats itself.

    That is the first lag at which the left thigh's first angle is more like itself than at the lags beside it, with a
    correlation above 0.5, after one below 0. The first frame is left out: it may be a T-pose.

    Returns:
        Frames of the motion as it is given (halve it before, or not), or None where nothing repeats.
    """
    curve = motion.expmaps[1:, motion.skeleton.joints.index("LeftUpLeg"), 0].astype(np.float64)
    # Longer lags than two thirds of the take leave too little to compare.
    likenesses = [likeness(curve, lag) for lag in range(_SHORTEST_STRIDE - 1, 2 * len(curve) // 3)]
    has_been_unlike = False
    for at in range(1, len(likenesses) - 1):
        before, here, after = likenesses[at - 1 : at + 2]
        has_been_unlike |= here < 0
        if has_been_unlike and here > _ALIKE and before < here >= after:
            return _SHORTEST_STRIDE - 1 + at
    return None


def _strides(dataset: Dataset) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for take, motion in dataset.split("test").items():
        period = stride_period(halved(motion)) if take.action in ("walking", "running") else None
        if period is not None:
            stride = {"file": dataset.file(take), "action": take.action, "frames_after_halving": period}
            if take.action == "walking":
                stride |= {"seconds_assumed": STRIDE_SECONDS, "fps_implied": round(period / STRIDE_SECONDS, 1)}
            found.append(stride)
    return found


def _first_rows(dataset: Dataset, statistics: Statistics, without: Statistics) -> list[dict[str, Any]]:
    """Judge the first row of every file by `statistics` of all rows, and of those `without` first rows."""

    def largest(rows: np.ndarray, measured: Statistics) -> float:
        return round(float(np.abs(measured.normalise(rows)).max(initial=0)), 2)

    found: list[dict[str, Any]] = []
    for take, motion in dataset.motions.items():
        first = motion.rows[0]
        zeros = float((first[statistics.used] == 0).mean())
        others = (motion.rows[1:, statistics.used] == 0).mean(axis=1)
        found.append(
            {
                "file": dataset.file(take),
                "rows": len(motion),
                # In a T-pose nothing is turned. Rows of real motion have few angles that are exactly 0.
                "t_pose": zeros > 0.5,
                "zeros": round(zeros, 3),
                "most_zeros_elsewhere": round(float(others.max(initial=0)), 3),
                "largest_z": largest(first, statistics),
                "largest_z_elsewhere": largest(motion.rows[1:], statistics),
                "largest_z_by_other_rows": largest(first, without),
            }
        )
    return found


def _training_starts(dataset: Dataset) -> dict[str, Any]:
    """Count the places where the paper lets training windows start, and how often they hold a file's first row."""
    first = dataset.description.first_start
    starts = {take: len(halved(m)) - OBSERVED - PREDICTED - first for take, m in dataset.split("train").items()}
    starts = {take: count for take, count in starts.items() if count > 0}
    if not starts:
        return {}
    fewest = min(starts, key=lambda take: starts[take])
    return {
        "fewest": {"file": dataset.file(fewest), "starts": starts[fewest]},
        "most": max(starts.values()),
        # Each file is as likely as any other, and each start in it.
        "share_with_first_row": 0.0 if first else round(float(np.mean([1 / n for n in starts.values()])), 4),
    }


def _test_starts(dataset: Dataset, statistics: Statistics) -> list[dict[str, Any]]:
    """Tell where the paper's test windows start; nothing where a take is missing or too short for them."""
    try:
        windows = test_windows(dataset, statistics)
    except InputError:
        return []
    found: list[dict[str, Any]] = []
    for window in windows:
        takes = dict.fromkeys(take for take, _ in window.starts)
        rows = [len(halved(dataset.motions[take])) for take in takes]
        starts = [int(start) for _, start in window.starts]
        found.append({"action": window.action, "rows_after_halving": rows, "starts": starts})
    return found


def data_facts(dataset: Dataset) -> dict[str, Any]:
    """Measure what is peculiar about a loaded data set.

    Returns:
        Plain data, ready for JSON. ``first_rows`` says of each file whether its first row is a T-pose (most used
        columns exactly 0) and how far it is from the training mean in standard deviations: ``largest_z`` in the
        columns used, ``largest_z_by_other_rows`` by the statistics and columns of the files without their first rows.
        ``strides`` are frames after halving; ``fps_implied`` is what they mean if a walking stride takes
        `STRIDE_SECONDS`.

    Raises:
        InputError: if no training file is present.
    """
    train = [motion.rows for motion in dataset.split("train").values()]
    statistics = dataset_statistics(dataset)
    other_rows = np.concatenate([rows[1:] for rows in train])
    without = Statistics.of(other_rows)
    spread = np.concatenate(train).std(axis=0)
    left_out = np.delete(other_rows.std(axis=0), without.used)
    return {
        "dataset": dataset.description.name,
        "files": len(dataset.motions),
        "files_missing": len(dataset.missing),
        "train_files": len(train),
        "train_rows": sum(map(len, train)),
        "fps_after_halving": dataset.description.fps,
        "columns": dataset.description.skeleton.columns,
        "used_columns": len(statistics.used),
        "used_columns_without_first_rows": len(without.used),
        "used_because_of_first_rows": sorted(map(int, set(statistics.used) - set(without.used))),
        "unused_but_not_constant": int(((spread > 0) & (spread < 1e-4)).sum()),
        # In float32 a constant column has some spread, from rounding the sums.
        "largest_unused_std_without_first_rows": float(f"{left_out.max(initial=0):.3g}"),
        "first_rows": _first_rows(dataset, statistics, without),
        "strides": _strides(dataset),
        "training_starts": _training_starts(dataset),
        "test_starts": _test_starts(dataset, statistics),
    }


def _findings(facts: dict[str, Any]) -> list[str]:
    """Say the facts that hold for few data sets in lines of text."""
    lines = []
    poses = [row for row in facts["first_rows"] if row["t_pose"]]
    if poses:
        far = max(row["largest_z"] for row in poses)
        lines += [
            f"peculiar: the first row of {len(poses)} of {facts['files']} files is a T-pose left by a conversion, "
            f"not motion, up to {far:.1f} standard deviations from the mean",
            f"peculiar: without first rows {facts['used_columns_without_first_rows']} columns would be used",
        ]
    for stride in facts["strides"]:
        meaning = f": about {stride['fps_implied']:.0f} a second" if "fps_implied" in stride else ""
        lines.append(f"stride of {stride['file']}: {stride['frames_after_halving']} frames after halving{meaning}")
    return lines


def data_report(dataset: Dataset, facts: dict[str, Any] | None = None) -> str:
    """Describe a loaded data set in lines of text: files, frames, actions, used columns, what is missing.

    Args:
        dataset: what to describe.
        facts: what `data_facts` found about it, if that has been called already.
    """
    description = dataset.description
    facts = facts if facts is not None else data_facts(dataset)
    lines = [
        f"{description.name}: {description.title}",
        f"source: {description.source}",
        f"skeleton: {len(description.skeleton.joints)} joints, {description.skeleton.columns} columns a row, "
        f"{facts['used_columns']} of them used",
        f"frame rate: {description.source_fps:g} a second in the files, {description.fps:g} after the paper's halving",
    ]
    lines += [
        *_findings(facts),
        f"fingerprint: {dataset.fingerprint}",
        "",
        f"{'action':<20}{'train':>8}{'frames':>10}{'test':>8}{'frames':>10}",
    ]
    for action in description.classes:
        cells = []
        for split in ("train", "test"):
            takes = [m for take, m in dataset.split(split).items() if take.action == action]
            cells.append(f"{len(takes):>8}{sum(map(len, takes)):>10}")
        lines.append(f"{action:<20}{''.join(cells)}")
    lines.append("")
    total = len(dataset.motions) + len(dataset.missing)
    lines.append(f"{len(dataset.motions)} of {total} takes are present")
    lines += [f"missing: {file}" for file in dataset.missing]
    if description.manifest:
        published = published_files(data_file(description.manifest))
        changed = [file for file, blob_id in dataset.blob_ids.items() if published.get(file) != blob_id]
        lines += [f"not as published: {file}" for file in changed]
        if not changed:
            lines.append("all present files are as published")
    return "\n".join(lines)
