"""Reading files: what is wrong in one is said in one sentence, and the cache is never stale."""

import json
import os
import shutil
import subprocess
import sys
import zlib

import numpy as np
import pytest

from cs2s.datasets import loading
from cs2s.datasets.descriptions import CMU_DATA, TakeId
from cs2s.datasets.download import git_blob_id
from cs2s.datasets.loading import load
from cs2s.datasets.rows_cache import cache_file
from cs2s.errors import InputError

WALKING = TakeId("train", "", "walking", 1)


@pytest.fixture
def folder(tmp_path):
    """A folder with two small CMU files in it."""
    draws = np.random.default_rng(0)
    for take in (WALKING, TakeId("test", "", "walking", 1)):
        path = tmp_path / "cmu" / CMU_DATA.file(take)
        path.parent.mkdir(parents=True)
        np.savetxt(path, draws.normal(size=(20, 117)), delimiter=",", fmt="%.6f")
    return tmp_path / "cmu"


def spoil(folder, change) -> None:
    path = folder / CMU_DATA.file(WALKING)
    lines = path.read_text().splitlines()
    change(lines)
    path.write_text("\n".join(lines) + "\n")


def test_loads_what_is_there_and_lists_what_is_missing(folder):
    dataset = load("cmu", folder)
    assert list(dataset.motions) == [WALKING, TakeId("test", "", "walking", 1)]
    assert len(dataset.missing) == 46
    assert "train/walking/walking_2.txt" in dataset.missing
    expected = np.loadtxt(folder / CMU_DATA.file(WALKING), delimiter=",")
    np.testing.assert_allclose(dataset.motions[WALKING].rows, expected, atol=1e-6)
    assert dataset.motions[WALKING].fps == 120


def test_rows_come_from_the_cache_the_second_time(folder, monkeypatch):
    first = load("cmu", folder)
    assert cache_file(folder).is_file()
    monkeypatch.setattr("cs2s.datasets.rows_cache.parse_rows", lambda *_: pytest.fail("parsed again"))
    monkeypatch.setattr("cs2s.datasets.rows_cache._write_cache", lambda *_: pytest.fail("written again"))
    second = load("cmu", folder)
    np.testing.assert_array_equal(first.motions[WALKING].rows, second.motions[WALKING].rows)
    assert first.fingerprint == second.fingerprint


def test_a_changed_file_is_never_served_stale(folder):
    before = load("cmu", folder)
    path = folder / CMU_DATA.file(WALKING)
    stamp = path.stat()
    spoil(folder, lambda lines: lines.__setitem__(3, ",".join(["0.5"] * 117)))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    after = load("cmu", folder)
    np.testing.assert_array_equal(after.motions[WALKING].rows[3], np.full(117, 0.5))
    assert after.fingerprint != before.fingerprint


def test_a_broken_cache_is_made_anew(folder):
    expected = load("cmu", folder).motions[WALKING].rows
    cache = cache_file(folder)
    cache.write_bytes(cache.read_bytes()[:1000])
    np.testing.assert_array_equal(load("cmu", folder).motions[WALKING].rows, expected)
    np.testing.assert_array_equal(load("cmu", folder).motions[WALKING].rows, expected)


def test_a_cache_with_anything_wrong_in_it_is_made_anew_quietly(folder, capfd):
    """One flipped bit gave other rows under the same fingerprint when only shapes were looked at."""
    expected = load("cmu", folder)
    cache = cache_file(folder)
    whole, draws = cache.read_bytes(), np.random.default_rng(1)
    for place in draws.integers(8 * len(whole), size=100):
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << (place % 8)
        cache.write_bytes(damaged)
        loaded = load("cmu", folder)
        assert loaded.fingerprint == expected.fingerprint
        for take, motion in expected.motions.items():
            np.testing.assert_array_equal(loaded.motions[take].rows, motion.rows)
        assert cache.read_bytes() == whole
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("lengths", [[-5, 45], [0, 40], [20.0, 20.0], ["2", "3"], [20], [1e300, 20], [20, 20, 0]])
@pytest.mark.parametrize("fill", [0.5, np.nan, 1e38])
def test_a_cache_with_a_right_checksum_is_looked_at_too(folder, lengths, fill):
    expected = load("cmu", folder).motions[WALKING].rows
    ids = [git_blob_id((folder / CMU_DATA.file(take)).read_bytes()) for take in load("cmu", folder).motions]
    told = {"columns": 117, "files": [[blob_id, length] for blob_id, length in zip([*ids, "x"], lengths, strict=False)]}
    content = json.dumps(told).encode() + b"\n" + np.full((40, 117), fill, "<f4").tobytes()
    cache_file(folder).write_bytes(zlib.crc32(content).to_bytes(4, "little") + content)
    np.testing.assert_array_equal(load("cmu", folder).motions[WALKING].rows, expected)


def test_a_number_beyond_what_people_are_made_of_is_refused(folder):
    """A row of 1e38 is finite, but its square is not: the training had an infinite deviation."""
    spoil(folder, lambda lines: lines.__setitem__(6, ",".join(["1e38"] * 117)))
    with pytest.raises(InputError, match=r"walking_1.txt, line 7: '1e38' is not a number between -1e9 and 1e9"):
        load("cmu", folder)


def test_the_cache_of_an_older_version_goes(folder):
    (folder / "cs2s-cache-2.h5").write_bytes(b"old")
    load("cmu", folder)
    assert sorted(path.name for path in folder.iterdir()) == [cache_file(folder).name, "test", "train"]


def test_a_read_only_folder_is_cached_in_the_users_cache(folder, user_cache):
    folder.chmod(0o555)
    try:
        load("cmu", folder)
        assert user_cache in cache_file(folder).parents
        assert cache_file(folder).is_file()
        assert sorted(path.name for path in folder.iterdir()) == ["test", "train"]
    finally:
        folder.chmod(0o755)


def test_loading_works_where_no_cache_can_be_written(folder, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("cs2s.datasets.rows_cache.cache_file", lambda _: tmp_path / "file" / "cache.h5")
    assert len(load("cmu", folder).motions) == 2


FAULTS = {
    "a row of 116 numbers": (
        lambda lines: lines.__setitem__(4, lines[4].rpartition(",")[0]),
        r"walking_1.txt, line 5: 116 numbers, but a row has 117",
    ),
    "a word": (
        lambda lines: lines.__setitem__(2, "hello" + lines[2][lines[2].index(",") :]),
        r"walking_1.txt, line 3: 'hello' is not a finite number",
    ),
    "nan": (
        lambda lines: lines.__setitem__(0, lines[0].rpartition(",")[0] + ",nan"),
        r"walking_1.txt, line 1: 'nan' is not a finite number",
    ),
    "infinity": (
        lambda lines: lines.__setitem__(19, "inf" + lines[19][lines[19].index(",") :]),
        r"walking_1.txt, line 20: 'inf' is not a finite number",
    ),
    "an empty file": (lambda lines: lines.clear(), r"walking_1.txt is empty"),
    "another data set": (
        lambda lines: lines.__setitem__(slice(None), [",".join(["0"] * 99)] * 9),
        r"line 1: 99 numbers, but a row has 117",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_named_with_its_line(folder, fault):
    change, sentence = FAULTS[fault]
    spoil(folder, change)
    with pytest.raises(InputError, match=sentence):
        load("cmu", folder)


def test_byte_order_marks_windows_line_ends_and_blank_lines_are_fine(folder):
    expected = load("cmu", folder).motions[WALKING].rows
    path = folder / CMU_DATA.file(WALKING)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    np.testing.assert_array_equal(load("cmu", folder).motions[WALKING].rows, expected)


def test_a_missing_or_empty_folder_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no folder .*nowhere .*cs2s data download cmu"):
        load("cmu", tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no file of the cmu data; expected for instance train/walking"):
        load("cmu", tmp_path)
    with pytest.raises(InputError, match=r"no folder .*cs2s data list"):
        load("human3.6m", tmp_path / "nowhere")


def test_an_unknown_dataset_lists_the_known_ones():
    with pytest.raises(
        InputError, match=r"no dataset 'cmuu' \(did you mean 'cmu'\?\); choose one of: demo, cmu, human3\.6m"
    ):
        load("cmuu")


def test_made_data_takes_no_folder(tmp_path):
    with pytest.raises(InputError, match="leave out the data folder"):
        load("demo", tmp_path)


def test_the_default_folder_is_in_the_named_or_the_users_cache(folder, monkeypatch, user_cache):
    monkeypatch.delenv("CS2S_DATA_DIR", raising=False)
    assert user_cache in loading.default_folder(CMU_DATA).parents
    monkeypatch.setenv("CS2S_DATA_DIR", str(folder.parent))
    shutil.move(folder, folder.with_name("cmu_mocap"))
    assert len(load("cmu").motions) == 2


@pytest.mark.slow
def test_the_demo_data_loads_whole_and_the_same_each_time():
    first, second = load("demo"), load("demo")
    assert first.missing == ()
    assert first.fingerprint == second.fingerprint
    assert len(first.actions("train")) >= 5
    assert first.actions("train") == first.actions("test")


@pytest.mark.slow
def test_what_needs_no_model_leaves_tensorflow_alone():
    code = "import sys, cs2s.cli.parser, cs2s.cli.commands, cs2s.pictures.film; assert 'tensorflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
