"""Training windows of poses: what is drawn, and what each way of drawing does to it."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.datasets.descriptions import LEAST_OBSERVED
from cs2s.datasets.loading import Dataset
from cs2s.datasets.pose_windows import PoseDrawing, PoseWindows, seen_frames
from cs2s.datasets.windows import dataset_statistics
from cs2s.errors import InputError
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion
from cs2s.motion.pose import RootFrame
from cs2s.motion.rotations import expmap_to_rotmat

SIZE = 24


@pytest.fixture(scope="module")
def turning(demo):
    return dataset_statistics(demo, "dropped").turning_joints


def drawn(demo: Dataset, turning: tuple[int, ...], **drawing: float) -> tuple[np.ndarray, ...]:
    windows = PoseWindows(demo, turning, PoseDrawing(**drawing))
    batch = windows.draw(SIZE, 7, 3)
    assert [part.shape for part in batch] == windows.shapes(SIZE)
    assert {part.dtype for part in batch} == {np.dtype(np.float32)}
    return batch


def found_in(demo: Dataset, turning: tuple[int, ...], window: np.ndarray, mirror: bool = False) -> Motion | None:
    """Find the stretch of a training file that a window of rotations ``(75, turning, 3, 3)`` is, if it is one."""
    for motion in demo.split("train").values():
        motion = motion[demo.description.t_pose_rows :]
        motion = mirrored(motion) if mirror else motion
        matrices = expmap_to_rotmat(motion.expmaps[:, list(turning)])
        for start in range(len(motion) - 2 * 75 + 2):
            if np.abs(matrices[start] - window[0]).max() < 1e-5:
                stretch = motion[start : start + 2 * 75 - 1 : 2]
                if np.abs(expmap_to_rotmat(stretch.expmaps[:, list(turning)]) - window).max() < 1e-5:
                    return stretch
    return None


def test_without_changes_windows_are_stretches_of_the_files_at_half_their_rate(demo, turning):
    matrices, root, observed, strange = drawn(demo, turning)
    assert observed.all() and not strange.any()
    for window in range(6):
        stretch = found_in(demo, turning, matrices[window])
        assert stretch is not None
        places = stretch.translation * stretch.skeleton.unit_mm / 1000
        seen = RootFrame.of(stretch, 49).seen(expmap_to_rotmat(stretch.expmaps[:, 0]), places)
        np.testing.assert_allclose(root[window], seen, atol=2e-4)


def test_mirrored_windows_are_stretches_of_mirrored_files(demo, turning):
    matrices, *_ = drawn(demo, turning, mirror=1.0)
    for window in range(4):
        assert found_in(demo, turning, matrices[window], mirror=True) is not None
        assert found_in(demo, turning, matrices[window]) is None


def test_a_batch_is_a_function_of_seed_and_iteration(demo, turning):
    windows = PoseWindows(demo, turning, PoseDrawing(0.5, 0.5, 0.5, 0.5, 0.5, grafted=0.5))
    first, again = (windows.draw(4, 1, 2) for _ in range(2))
    others = windows.draw(4, 1, 3), windows.draw(4, 2, 2), windows.draw(4, 1, 2, stream=1)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(np.array_equal(first[0], other[0]) for other in others)


def test_before_a_short_past_its_first_frame_is_repeated(demo, turning):
    matrices, root, observed, _ = drawn(demo, turning, short=1.0)
    pasts = observed.sum(axis=(1, 2)).astype(int)
    assert LEAST_OBSERVED <= pasts.min() < 20 and pasts.max() > 40
    for window, past in enumerate(pasts):
        begin = 50 - past
        assert not observed[window, :begin].any() and observed[window, begin:].all()
        assert (matrices[window, : begin + 1] == matrices[window, begin]).all()
        assert (root[window, : begin + 1] == root[window, begin]).all()
        assert (matrices[window, begin + 1] != matrices[window, begin]).any()


def speeds(matrices: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.diff(matrices, axis=1), axis=(-1, -2)).sum(axis=(1, 2))


def test_at_another_speed_a_window_covers_more_or_less_of_a_file(demo, turning):
    # The same draws but for the speed: how far joints go in a window changes with it, by a quarter at most.
    still, fast = (drawn(demo, turning, speed=share)[0] for share in (0.0, 1.0))
    assert not np.array_equal(still, fast)
    for window in range(6):
        assert found_in(demo, turning, fast[window]) is None
    assert 0.5 < speeds(fast).mean() / speeds(still).mean() < 2


def test_a_coarse_file_goes_straight_on_between_its_frames_and_the_newest_frame_is_its_own(demo, turning):
    matrices, *_ = drawn(demo, turning, coarse=1.0)
    bends = np.linalg.norm(np.diff(matrices, n=2, axis=1), axis=(-1, -2)).sum(axis=-1)
    # Where a file has every second frame of ours or fewer, there are frames at which nothing bends ...
    straight = (bends < 1e-5).mean(axis=1)
    assert ((straight > 0.3) | (straight < 0.25)).all() and (straight > 0.3).sum() > SIZE / 2
    # ... but at the newest observed frame (bend 48 lies at frame 49 of the window) something does.
    assert (bends[:, 48] > 1e-5).all()


def test_strange_bodies_are_as_many_and_as_strange_as_asked(demo, turning):
    *_, strange = drawn(demo, turning, turned=1.0, turn=0.1)
    assert strange.std() == pytest.approx(0.1, rel=0.1)
    few = drawn(demo, turning, turned=0.3)[3].any(axis=(1, 2))
    assert 0 < few.mean() < 0.7


def test_grafted_windows_have_backs_or_arms_of_others_and_legs_of_their_own(demo, turning):
    names = [demo.description.skeleton.joints[joint] for joint in turning]
    parts = [
        [n for n, name in enumerate(names) if any(word in name for word in words)]
        for words in (
            ("Leg", "Foot", "Toe"),
            ("Back", "Spine", "Neck", "Head"),
            ("LeftShoulder", "LeftArm", "LeftFore", "LeftHand", "LeftFinger", "LThumb"),
            ("RightShoulder", "RightArm", "RightFore", "RightHand", "RightFinger", "RThumb"),
        )
    ]
    legs, *above = parts
    assert sorted(place for part in parts for place in part) == list(range(len(turning))) and all(parts)
    own, grafted = (drawn(demo, turning, short=0.3, grafted=share) for share in (0.0, 1.0))
    for before, after in zip(own[1:], grafted[1:], strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(grafted[0][:, :, legs], own[0][:, :, legs])
    whole = own[2].all(axis=(1, 2))
    assert 2 < whole.sum() < SIZE
    np.testing.assert_array_equal(grafted[0][~whole], own[0][~whole])
    before, after = own[0][whole], grafted[0][whole]
    # Every part is wholly a window's own, or wholly that of the one before it in the batch, and so is one at least.
    kept, taken = (
        np.array(
            [[np.array_equal(one[:, part], other[:, part]) for part in above] for one, other in zip(*pair, strict=True)]
        )
        for pair in ((after, before), (after, np.roll(before, 1, axis=0)))
    )
    assert (kept ^ taken).all() and taken.any(axis=1).all() and kept.any(axis=0).all() and taken.any(axis=0).all()
    some = drawn(demo, turning, grafted=0.5)[0] != drawn(demo, turning)[0]
    assert 0.2 < some.any(axis=(1, 2, 3, 4)).mean() < 0.8


def test_takes_too_short_for_a_whole_window_give_a_shorter_past(demo, turning):
    def cut(frames: int) -> Dataset:
        skip = demo.description.t_pose_rows
        return replace(demo, motions={take: motion[: frames + skip] for take, motion in demo.motions.items()})

    windows = PoseWindows(cut(100), turning, PoseDrawing(speed=1.0, short=1.0))
    observed = windows.draw(SIZE, 0, 0)[2].sum(axis=(1, 2))
    assert observed.min() >= LEAST_OBSERVED and observed.max() <= 37
    with pytest.raises(InputError, match="has 60 frames, but a window needs 70 at this frame rate"):
        PoseWindows(cut(60), turning, PoseDrawing())


def test_frames_that_were_observed_are_marked():
    np.testing.assert_array_equal(seen_frames(np.array([50, 10]))[..., 0].sum(axis=1), [50, 10])
    assert seen_frames(np.array([10]))[0, -10:].all()
