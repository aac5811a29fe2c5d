"""Files are written whole or not at all."""

import os

import pytest

from cs2s.errors import InputError
from cs2s.files.writing import clear_half_written, make_folder, replacing, save_json


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


def test_what_a_killed_process_left_goes_when_the_file_is_written_again_an_hour_later(tmp_path):
    old, new, other = (tmp_path / name for name in (".a.b.12.tmp.weights.h5", ".a.b.13.tmp.weights.h5", ".c.12.tmp.h5"))
    for path in (old, new, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    with replacing(tmp_path / "a.b.weights.h5") as temporary:
        temporary.touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == [new.name, other.name, "a.b.weights.h5"]


def test_links_in_a_circle_are_named(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match="a is a link that leads in a circle"), replacing(tmp_path / "a"):
        pytest.fail("nothing may be written")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_json_holds_no_number_that_json_does_not_know(tmp_path, number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        save_json({"error": number}, tmp_path / "a.json")
    assert not list(tmp_path.iterdir())
