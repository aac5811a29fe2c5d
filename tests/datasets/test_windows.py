"""Loading, normalisation and windows against the original's numbers."""

import json

import numpy as np
import pytest

from cs2s.datasets.descriptions import CMU_DATA, HUMAN36M_DATA, TakeId
from cs2s.datasets.loading import Dataset, load
from cs2s.datasets.windows import Statistics, TrainingWindows, dataset_statistics, every_start, test_windows
from cs2s.errors import InputError
from cs2s.motion.motion import Motion


@pytest.fixture(scope="module")
def cmu(cmu_folder):
    return load("cmu", cmu_folder)


@pytest.fixture(scope="module")
def human36m(human36m_folder):
    return load("human3.6m", human36m_folder)


def made_dataset(lengths: dict[TakeId, int], description=CMU_DATA) -> Dataset:
    """A data set of random rows with takes of the given lengths."""
    draws = np.random.default_rng(5)
    columns = description.skeleton.columns
    motions = {
        take: Motion(draws.normal(size=(frames, columns)).astype(np.float32), description.skeleton, 120.0)
        for take, frames in lengths.items()
    }
    return Dataset(description, motions, (), {}, "made")


def test_cmu_windows_start_where_the_original_cuts_them(cmu, golden):
    printed = json.loads((golden / "cmu_protocol.json").read_text())
    statistics = dataset_statistics(cmu)
    windows = {w.action: w for w in test_windows(cmu, statistics)}
    assert set(printed["actions"]) <= set(windows)
    np.testing.assert_array_equal(statistics.used, printed["dimensions_used"])
    for action, numbers in printed["actions"].items():
        take = TakeId("test", "", action, 1)
        assert [start for _, start in windows[action].starts] == numbers["window_starts"]
        assert len(cmu.motions[take][::2]) == numbers["frames_after_downsampling"]


def test_the_originals_starts_hold_without_the_files(golden):
    for action, numbers in json.loads((golden / "cmu_protocol.json").read_text())["actions"].items():
        rows = 2 * numbers["frames_after_downsampling"] - 1
        dataset = made_dataset({TakeId("train", "", "walking", 1): 200, TakeId("test", "", action, 1): rows})
        (windows,) = test_windows(dataset, dataset_statistics(dataset))
        assert [start for _, start in windows.starts] == numbers["window_starts"]


def test_normalised_walking_windows_equal_the_original(cmu, reference):
    statistics = dataset_statistics(cmu)
    walking = next(w for w in test_windows(cmu, statistics) if w.action == "walking")
    if len(cmu.split("train")) != 32:
        pytest.skip("the golden statistics are those of the 32 training files in the reference folder")
    with np.load(reference / "golden" / "cmu_walking_windows.npz") as printed:
        np.testing.assert_allclose(statistics.mean, printed["mean"], atol=1e-6)
        np.testing.assert_allclose(statistics.std, printed["std"], atol=1e-6)
        np.testing.assert_array_equal(statistics.used, np.flatnonzero(printed["std"] != 1))
        np.testing.assert_allclose(statistics.normalise(walking.motion.rows), printed["normalised"], atol=1e-5)


def test_the_order_of_the_files_and_float32_make_the_originals_last_digits(cmu, reference):
    if len(cmu.split("train")) != 32:
        pytest.skip("the golden statistics are those of the 32 training files in the reference folder")
    alphabetical = np.concatenate([motion.rows for _, motion in sorted(cmu.split("train").items())])
    ordered = np.concatenate([motion.rows for motion in cmu.split("train").values()])
    with np.load(reference / "golden" / "cmu_walking_windows.npz") as printed:
        for rows in (alphabetical, ordered.astype(np.float64)):
            mean = rows.mean(axis=0)
            # Relative to the spread, as in normalised windows; the right order and precision agree to 1e-5.
            assert np.abs((mean - printed["mean"]) / printed["std"]).max() > 1e-4


def test_cmu_uses_70_columns_and_the_t_pose_row_makes_two_of_them(cmu):
    statistics = dataset_statistics(cmu)
    assert len(statistics.used) == 70
    without = np.concatenate([motion.rows[1:] for motion in cmu.split("train").values()])
    assert set(statistics.used) - set(Statistics.of(without).used) == {80, 107}


def test_statistics_are_a_float32_mean_and_spread():
    rows = np.random.default_rng(3).normal(size=(50, 4)).astype(np.float32)
    rows[:, 1] = 7
    rows[:, 2] = 1 + 5e-5 * rows[:, 2]
    statistics = Statistics.of(rows)
    np.testing.assert_array_equal(statistics.used, [0, 3])
    np.testing.assert_array_equal(statistics.std[1:3], [1, 1])
    assert statistics.mean.dtype == np.float32
    back = statistics.unnormalise(statistics.normalise(rows))
    np.testing.assert_allclose(back[:, [0, 3]], rows[:, [0, 3]], atol=1e-6)
    np.testing.assert_array_equal(back[:, 1:3], np.broadcast_to(statistics.mean[1:3], (50, 2)))


def test_human36m_windows_alternate_between_takes(human36m):
    statistics = dataset_statistics(human36m)
    windows = test_windows(human36m, statistics)
    assert [w.action for w in windows] == list(HUMAN36M_DATA.actions)
    for window in windows:
        assert [take.take for take, _ in window.starts] == [1, 2] * 4
        draws = np.random.RandomState(1234567890)
        for row, (take, start) in zip(window.motion.rows, window.starts, strict=True):
            motion = human36m.motions[take].rows[::2]
            assert start == draws.randint(16, len(motion) - 150)
            used = statistics.used
            np.testing.assert_allclose(row[:, used], motion[start : start + 75][:, used], atol=1e-5)


def test_human36m_uses_the_54_columns_that_vary(human36m):
    assert len(dataset_statistics(human36m).used) == 54


def test_human36m_angles_beyond_a_turn_are_wrapped(human36m, human36m_folder):
    take = TakeId("train", "1", "walking", 1)
    raw = np.loadtxt(human36m_folder / HUMAN36M_DATA.file(take), delimiter=",")
    triplets = human36m.motions[take].rows.reshape(len(raw), 33, 3)
    assert np.linalg.norm(raw.reshape(len(raw), 33, 3), axis=-1).max() > 2 * np.pi
    assert np.linalg.norm(triplets, axis=-1).max() < 2 * np.pi
    untouched = np.linalg.norm(raw.reshape(len(raw), 33, 3), axis=-1) < 2 * np.pi
    np.testing.assert_allclose(triplets[untouched], raw.reshape(len(raw), 33, 3)[untouched], atol=1e-5)


def test_human36m_reads_subject_by_subject(human36m):
    train = list(human36m.split("train"))
    assert [take.subject for take in train[::30]] == ["1", "6", "7", "8", "9", "11"]
    assert train[:3] == [
        TakeId("train", "1", "walking", 1),
        TakeId("train", "1", "walking", 2),
        TakeId("train", "1", "eating", 1),
    ]


def test_training_batches_depend_on_seed_iteration_and_stream_alone(cmu):
    windows = TrainingWindows(cmu, dataset_statistics(cmu))
    first, labels = windows.draw(16, seed=1, iteration=7)
    assert first.shape == (16, 75, 70)
    assert labels.shape == (16, 8)
    again, _ = TrainingWindows(cmu, dataset_statistics(cmu)).draw(16, seed=1, iteration=7)
    np.testing.assert_array_equal(first, again)
    for other in ({"seed": 2, "iteration": 7}, {"seed": 1, "iteration": 8}, {"seed": 1, "iteration": 7, "stream": 1}):
        assert not np.array_equal(first, windows.draw(16, **other)[0])


def test_training_windows_are_real_stretches_with_the_right_label():
    takes = {TakeId("train", "", "walking", 1): 170, TakeId("train", "", "jumping", 3): 400}
    dataset = made_dataset(takes)
    statistics = dataset_statistics(dataset)
    drawn, labels = TrainingWindows(dataset, statistics).draw(600, seed=0, iteration=0)
    starts = {}
    for window, label in zip(drawn, labels, strict=True):
        action = CMU_DATA.classes[int(np.argmax(label))]
        (take,) = [t for t in takes if t.action == action]
        values = statistics.normalise(dataset.motions[take].rows[::2])
        (start,) = np.flatnonzero((np.abs(values - window[0]) < 1e-6).all(axis=1))
        np.testing.assert_allclose(window, values[start : start + 75], atol=1e-6)
        starts.setdefault(action, set()).add(int(start))
    # Files are drawn uniformly, whatever their length; starts lie in [0, n - 75).
    assert 240 < (labels[:, CMU_DATA.classes.index("walking")] == 1).sum() < 360
    assert starts["walking"] == set(range(85 - 75))
    assert min(starts["jumping"]) == 0
    assert max(starts["jumping"]) < 200 - 75


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_file_shorter_than_a_window_is_named(split):
    takes = {TakeId("train", "", "walking", 1): 200, TakeId("test", "", "walking", 1): 200}
    takes[TakeId(split, "", "jumping", 1)] = 140
    dataset = made_dataset(takes)
    statistics = dataset_statistics(dataset)
    with pytest.raises(InputError, match=rf"{split}/jumping/jumping_1.txt has 70 frames .* need more than 75"):
        if split == "train":
            TrainingWindows(dataset, statistics)
        else:
            test_windows(dataset, statistics)


def test_windows_without_files_are_refused():
    only_test = made_dataset({TakeId("test", "", "walking", 1): 200})
    with pytest.raises(InputError, match="no training file"):
        dataset_statistics(only_test)
    only_train = made_dataset({TakeId("train", "", "walking", 1): 200})
    with pytest.raises(InputError, match="no test file"):
        test_windows(only_train, dataset_statistics(only_train))


@pytest.mark.parametrize(("stride", "frames", "least"), [(1, 25, 10), (3, 4, 1), (7, 25, 50)])
def test_every_start_repeats_the_first_row_where_a_take_has_too_few_before(stride, frames, least):
    takes = [TakeId("test", "", "soccer", 1), TakeId("test", "", "soccer", 2), TakeId("test", "", "walking", 1)]
    dataset = made_dataset({TakeId("train", "", "walking", 1): 200, **dict(zip(takes, (201, 160, 180), strict=True))})
    (walking, soccer) = every_start(dataset, "test", stride, frames, least)
    assert (walking.action, soccer.action) == ("walking", "soccer")
    expected, starts = [], []
    for take in takes[:2]:
        rows = [row for number, row in enumerate(dataset.motions[take].rows) if number % 2 == 0]
        for predicted in range(least, len(rows) - frames + 1, stride):
            before = [rows[max(0, number)] for number in range(predicted - 50, predicted)]
            expected.append(before + rows[predicted : predicted + frames])
            starts.append((take, predicted - 50))
    np.testing.assert_array_equal(soccer.motion.rows, expected)
    assert soccer.starts == tuple(starts)
    assert soccer.motion.fps == 60
    assert len(soccer.future) == frames
    with pytest.raises(ValueError, match="read-only"):
        soccer.motion.rows[0, 0, 0] = 1


def test_every_start_needs_one_window_and_numbers_that_make_sense():
    take = TakeId("test", "", "soccer", 1)
    (windows,) = every_start(made_dataset({take: 69}))
    assert windows.starts == ((take, -40),)
    with pytest.raises(InputError, match=r"34 frames after halving, but windows of 10 observed and 25 .* more than 34"):
        every_start(made_dataset({take: 68}))
    with pytest.raises(InputError, match="no test file"):
        every_start(made_dataset({TakeId("train", "", "soccer", 1): 200}))
    for wrong in ({"least": 0}, {"least": 51}, {"stride": 0}, {"stride": -1}):
        with pytest.raises(InputError, match="no sense"):
            every_start(made_dataset({take: 200}), **wrong)


@pytest.mark.parametrize(("mean", "std"), [(1e6, 1.0), (-1e6, 1.0), (1e5, 0.5), (1e4, 30.0), (0.0, 1.0), (1e6, 0.0)])
def test_statistics_of_columns_far_from_0(mean, std):
    """At 1e6 float32 sums made a deviation of 30 out of 1."""
    exact = mean + std * np.random.default_rng(5).normal(size=(50_000, 2))
    rows = exact.astype(np.float32)
    statistics = Statistics.of(rows)
    np.testing.assert_allclose(statistics.mean, rows.astype(np.float64).mean(axis=0), rtol=1e-6, atol=1e-4)
    expected = rows.astype(np.float64).std(axis=0)
    np.testing.assert_allclose(statistics.std, np.where(expected < 1e-4, 1, expected), rtol=1e-4)
    assert len(statistics.used) == (2 if std else 0)
    assert statistics.mean.dtype == statistics.std.dtype == np.float32


def test_statistics_of_cmu_are_the_float32_sums_of_the_original(cmu_folder):
    rows = np.concatenate([motion.rows for motion in load("cmu", cmu_folder).split("train").values()])
    statistics = Statistics.of(rows)
    np.testing.assert_array_equal(statistics.mean, rows.mean(axis=0))
    np.testing.assert_array_equal(statistics.std[statistics.used], rows.std(axis=0)[statistics.used])


STRANGE = {
    "a deviation of 0": lambda s: (s.mean, np.where(np.arange(9) == 2, 0, s.std), s.used),
    "a deviation of nan": lambda s: (s.mean, np.where(np.arange(9) == 2, np.nan, s.std), s.used),
    "a negative deviation": lambda s: (s.mean, -s.std, s.used),
    "an infinite mean": lambda s: (s.mean + np.inf, s.std, s.used),
    "another length": lambda s: (s.mean[1:], s.std, s.used),
    "all of another length": lambda s: (s.mean[1:], s.std[1:], s.used[:-1]),
    "words": lambda s: (s.mean, s.std.astype(bytes), s.used),
    "a column that is not there": lambda s: (s.mean, s.std, s.used + 1),
    "a column from behind": lambda s: (s.mean, s.std, s.used - 1),
    "a column twice": lambda s: (s.mean, s.std, np.zeros_like(s.used)),
    "no columns": lambda s: (s.mean, s.std, s.used[:0]),
    "columns of half": lambda s: (s.mean, s.std, s.used / 2),
}


@pytest.mark.parametrize("fault", STRANGE)
def test_statistics_that_cannot_be_are_refused(fault):
    good = Statistics.of(np.random.default_rng(5).normal(size=(50, 9)).astype(np.float32))
    assert good.checked(9) is good
    with pytest.raises(ValueError, match="of its statistics"):
        Statistics(*STRANGE[fault](good)).checked(9)
