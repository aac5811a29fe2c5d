"""Files are written whole or not at all."""

import os

import pytest

from cs2s.errors import InputError
from cs2s.files.writing import clear_half_written, make_folder, replacing


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "file.txt"
    with replacing(path) as temporary:
        temporary.write_text("half")
        assert temporary.suffix == ".txt"
        assert not path.exists()
    assert path.read_text() == "half"
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("new")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    with replacing(tmp_path / "link.txt") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_what_is_no_file_is_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, kind in ((tmp_path, "a folder"), (tmp_path / "pipe", "no file")):
        with pytest.raises(InputError, match=f"it is {kind}"), replacing(path):
            pytest.fail("nothing may be written")
    assert (tmp_path / "pipe").is_fifo()


def test_what_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot write into folder .*file/below"):
        make_folder(tmp_path / "file" / "below")
    with pytest.raises(InputError, match=r"cannot write .*never written"), replacing(tmp_path / "never written"):
        pass


def test_the_longest_name_can_be_written(tmp_path):
    with replacing(tmp_path / ("x" * 255)) as temporary:
        temporary.write_text("")
    assert [len(path.name) for path in tmp_path.iterdir()] == [255]


def test_what_a_killed_process_left_is_cleared_and_nothing_else(tmp_path):
    left = tmp_path / "checkpoints" / ".iteration-000002.123.tmp.weights.h5"
    kept = [tmp_path / "checkpoints" / "iteration-000002.weights.h5", tmp_path / ".hidden", tmp_path / "a.tmp.txt"]
    left.parent.mkdir()
    for path in (left, *kept):
        path.touch()
    clear_half_written(tmp_path)
    assert not left.exists()
    assert all(path.exists() for path in kept)
