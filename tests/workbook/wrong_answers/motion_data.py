"""What learners really answer in 01_motion_data, and the word that its checks must say of it."""

import numpy as np

WRONG = {
    "columns": [
        ([93, 94, 95], "RightArm"),
        (slice(93, 96), "RightArm"),
        (slice("a", "b"), "type slice"),
        ([99, 100, 101], "joint after"),
        ([97, 98, 99], "off by one column"),
        ([69, 70, 71], "left forearm"),
        (31, "joint's number"),
        (96, "first of its three"),
        ([31, 32, 33], "begins at the joint's number"),
        ([34, 35, 36], "multiply"),
        ([96, 97], "shape"),
    ],
    "milliseconds": [
        (400, "paper's label"),
        (150, "off by one"),
        (360, "off by one"),
        (83.3, "120"),
        (0.1667, "seconds"),
        (16.7, "single frame"),
        (200, "50 frames"),
        (416.7, "frame 24"),
        (165, "small"),
    ],
    "starts": [
        (lambda rows: (rows + 1) // 2 - 75, "the paper draws"),
        (lambda rows: rows // 2 - 75 + 1, "odd"),
        (lambda rows: rows // 2 - 75, "off by one"),
        (lambda rows: rows / 2 - 74, "75.5"),
        (lambda rows: rows - 75 + 1, "not halved"),
        (lambda rows: rows - 75, "not halved"),
        (lambda rows: (rows + 1) // 2 // 75, "overlap"),
    ],
    "rate": [
        ("A", "sprinter"),
        ("film a", "sprinter"),
        (60.0, "sprinter"),
        (50, "choose one of"),
        (24.6, "choose one of"),
        ("C", "choose one of"),
        (["A"], "60"),
        ([25, 60], "choose one of"),
        (True, "choose one of"),
    ],
    "unnormalise": [
        (lambda z, mean, std, used: z * std[used] + mean[used], "other columns are missing"),
        (lambda z, mean, std, used: placed(z * std[used] + mean[used], 0 * mean, used), "not 0"),
        (lambda z, mean, std, used: placed((z - mean[used]) / std[used], mean, used), "once more"),
        (lambda z, mean, std, used: placed((z + mean[used]) * std[used], mean, used), "too early"),
        (lambda z, mean, std, used: placed(z * std[used], mean, used), "mean is not added"),
        (lambda z, mean, std, used: placed(z + mean[used], mean, used), "standard deviation is missing"),
        (lambda z, mean, std, used: placed(z / std[used] + mean[used], mean, used), "divides by"),
        (lambda z, mean, std, used: z * std + mean, "ValueError"),
    ],
    "spike": [
        (lambda c, p: np.sqrt((1 - p) / p), "sign"),
        (lambda c, p: -c * (1 - p), "in radians"),
        (lambda c, p: -c * (1 - p) / (c**2 * p * (1 - p)), "variance"),
        (lambda c, p: -c / (c * np.sqrt(p * (1 - p))), "a share p of the rows"),
        (lambda c, p: -np.sqrt(p / (1 - p)), "upside down"),
        (lambda c, p: c * (1 - p), "mean of the column"),
        (lambda c, p: -np.sqrt(1 / p), "called with"),
        (-32, "function"),
    ],
    "t_pose_row": [
        (lambda rows: np.abs((rows - rows.mean(0)) / rows.std(0)).max(axis=1).argmax(), "not far out"),
        (lambda rows: np.abs(rows[:, 3:]).max(axis=1).argmin(), "small numbers"),
        (lambda rows: np.linalg.norm(rows, axis=1).argmin(), "small numbers"),
        (lambda rows: 0, "not here"),
        (lambda rows: (rows == 0).any(axis=1).argmax(), "has a 0"),
        (lambda rows: np.abs(rows).min(axis=1).argmin(), "has a 0"),
        (lambda rows: np.abs(rows.prod(axis=1)).argmin(), "has a 0"),
        (lambda rows: np.median(np.abs(rows), axis=1).argmin(), "lost"),
        (lambda rows: (rows == 0).sum(axis=0).argmax(), "a column"),
        (lambda rows: (rows == 0).sum(axis=1).max(), "how many columns"),
        (lambda rows: np.flatnonzero((rows == 0).all(axis=1)), "0 numbers"),
        (lambda rows: rows[(rows == 0).sum(axis=1).argmax()], "numbers"),
        (lambda rows: print((rows == 0).sum(axis=1).argmax()), "return"),
    ],
}


def placed(inner, row, used):
    rows = np.tile(row, (len(inner), 1))
    rows[:, used] = inner
    return rows
