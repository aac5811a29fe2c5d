"""What learners really answer in 01_motion_data, and the word that its checks must say of it."""

import numpy as np

WRONG = {
    "columns": [
        ([93, 94, 95], "translation"),
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
        (166, "small"),
    ],
    "file_rate": [
        (lambda frames, seconds: frames / seconds, "after halving"),
        (lambda frames, seconds: seconds / frames, "upside down"),
        (lambda frames, seconds: seconds / frames / 2, "upside down"),
        (lambda frames, seconds: 1000 * seconds / frames, "milliseconds"),
        (lambda frames, seconds: frames / seconds / 2, "once more"),
        (lambda frames, seconds: 2 * frames * seconds, "multiplies"),
        (lambda frames, seconds: frames * seconds, "forgets the halving"),
        (120, "function"),
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
    "normalise": [
        (lambda rows, mean, std, used: (rows[:, used] - mean[used]) / std[used] ** 2, "variance"),
        (lambda rows, mean, std, used: rows[:, used] / std[used], "mean is not"),
        (lambda rows, mean, std, used: rows[:, used] - mean[used], "missing"),
        (lambda rows, mean, std, used: rows[:, used] - mean[used] / std[used], "brackets"),
        (lambda rows, mean, std, used: (rows - mean) / std, "not selected"),
        (lambda rows, mean, std, used: ((rows - rows.mean(0)) / rows.std(0))[:, used], "training rows"),
        (lambda rows, mean, std, used: (rows[:, used] - mean) / std, "ValueError"),
        (lambda rows, mean, std, used: np.zeros((7, 6)), "shape"),
    ],
}
