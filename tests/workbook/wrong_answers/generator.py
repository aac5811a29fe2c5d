"""What learners really answer in 03_generator, and the word that its checks must say of it."""

import numpy as np


def _rolled(step, observed, frames, residual=True, slide=True):
    recent, predictions = observed, []
    for _ in range(frames):
        predicted = step(recent) + (recent[-1] if residual else 0)
        predictions.append(predicted)
        recent = np.vstack([recent[1:], predicted]) if slide else recent
    return np.array(predictions)


def _fed(step, observed, frames, looks=None, added=None, feed=None):
    recent, predictions = observed, []
    for _ in range(frames):
        change = step(recent if looks is None else observed)
        predictions.append((recent if added is None else observed)[-1] + change)
        back = {"step": change, "past": observed[-1], None: predictions[-1]}[feed]
        recent = np.vstack([recent[1:], back])
    return np.array(predictions)


def _grown(step, observed, frames):
    motion = observed
    for _ in range(frames):
        motion = np.vstack([motion, motion[-1] + step(motion)])
    return motion[-frames:]


def _in_front(step, observed, frames):
    recent, predictions = observed, []
    for _ in range(frames):
        predictions.append(recent[-1] + step(recent))
        recent = np.vstack([predictions[-1], recent[:-1]])
    return np.array(predictions)


def _in_place(step, observed, frames):
    recent, predictions = observed, []
    for _ in range(frames):
        predicted = recent[-1]
        predicted += step(recent)
        predictions.append(predicted)
        recent = np.concatenate([recent[1:], predicted[None]])
    return np.stack(predictions)


def by_halving(length, stride):
    """Frames that are seen, for those who take n // stride rows of n."""
    seen = set(range(length // stride // stride // stride))
    for _ in range(3):
        seen = {frame for row in seen for frame in (stride * row, stride * row + 1)}
    return seen


def reached(length, stride, layers=3):
    """Frames that reach the last row, found by carrying sets of frames upwards."""
    rows = [{frame} for frame in range(length)]
    for _ in range(layers):
        rows = [rows[start] | rows[start + 1] for start in range(0, len(rows) - 1, stride)]
    return set().union(*rows)


WRONG = {
    "columns_seen": [
        (7 + 7, "two kernels"),
        (7 + 6, "one column apart"),
        (7 * 7, "overlap"),
        (7, "layer 1"),
        (43, "layer 3"),
        (4, "frames"),
        (18, "off by one"),
        (21, "large"),
    ],
    "blind_frames": [
        ({25, 26, 27, 28, 29}, "frame 24"),
        ([0, 1, 2, 3, 4, 5], "oldest"),
        ([25, 26, 27, 28, 29, 30], "from 0"),
        ([23, 24, 25, 26, 27, 28, 29], "frame 23"),
        ([25, 26, 27, 28, 29], "frame 24"),
        ([26, 27, 28, 29], "window of 20"),
        ([28, 29], "layer 2"),
        (6, "how many"),
        (list(range(24)), "are seen"),
        (dict.fromkeys(range(25, 30)), "frame 24"),
        ((frame for frame in range(24)), "are seen"),
    ],
    "conv2_parameters": [
        (2 * 7 * 64 * 128 + 128, "bias"),
        (2 * 7 * 128, "input channels"),
        (2 * 7 * 64, "128 filters"),
        (2 * 7 * 128 * 128, "third"),
        (2 * 114688, "both encoders"),
        (114689, "large"),
        (114687.0, "small"),
        (64 * 128, "forgets the kernel"),
        (14, "one kernel"),
        (10, "small"),
    ],
    "blind_by_stride": [
        (lambda n, s: range(max(reached(n, s)) + 1, n), "gaps between"),
        (lambda n, s: reached(n, s), "are seen"),
        (lambda n, s: n - len(reached(n, s)), "how many"),
        (lambda n, s: list(range(n // 8 * 8, n)), "stride 2 alone"),
        (lambda n, s: list(range(n // s**3 * s**3, n)), "with 3 there are gaps"),
        (lambda n, s: sorted(set(range(n)) - reached(n, s, 1)), "one convolution"),
        (lambda n, s: sorted(set(range(n)) - reached(n, s, 2)), "two convolutions"),
        (lambda n, s: range(n - len(reached(n, s))), "oldest"),
        (lambda n, s: [frame + 1 for frame in range(n) if frame not in reached(n, s)], "off by one"),
        (lambda n, s: [frame for frame in range(n) if frame not in by_halving(n, s)], "too few"),
        (lambda n, s: print(n % 8), "nothing back"),
        (6, "function"),
    ],
    "roll_out": [
        (
            lambda step, observed, frames: np.diff(_rolled(step, observed, frames), axis=0, prepend=observed[-1:]),
            "steps",
        ),
        (lambda step, observed, frames: _rolled(step, observed, frames, residual=False), "residual"),
        (lambda step, observed, frames: _rolled(step, observed, frames, slide=False), "does not move"),
        (lambda step, observed, frames: _fed(step, observed, frames, looks="observed"), "always given"),
        (lambda step, observed, frames: _fed(step, observed, frames, added="observed"), "last observed"),
        (lambda step, observed, frames: _fed(step, observed, frames, feed="step"), "the step is put"),
        (lambda step, observed, frames: _fed(step, observed, frames, feed="past"), "again and again"),
        (_grown, "grows"),
        (_in_front, "beginning"),
        (lambda step, observed, frames: np.vstack([observed[-1:], _rolled(step, observed, frames - 1)]), "off by one"),
        (lambda step, observed, frames: _rolled(step, observed, frames).T, "transpose"),
        (_in_place, "no copy"),
    ],
}
