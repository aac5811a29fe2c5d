"""HDF5 files from which the library does not come back, or of which it dies."""

import shutil

import h5py
import pytest

from cs2s.errors import InputError
from cs2s.files import hdf5_trial
from cs2s.files.hdf5_access import reading_hdf5
from cs2s.files.hdf5_trial import try_to_read

_HEAP_HEADER, _OBJECT_HEADER = 16, 16
"""Bytes of the headers of a global heap and of an object in it (HDF5 File Format Specification, III.E)."""


@pytest.fixture(autouse=True)
def no_reader_of_another_test(monkeypatch):
    monkeypatch.setattr(hdf5_trial, "_reader", None)
    yield
    if hdf5_trial._reader is not None:
        hdf5_trial._reader.end()


@pytest.fixture
def good(tmp_path):
    with h5py.File(tmp_path / "good.h5", "w") as file:
        file.attrs["format"] = "text of any length lies in the global heap"
        file["a/rows"] = [1.0, 2.0]
    return tmp_path / "good.h5"


@pytest.fixture
def endless(good):
    """A file whose heap begins with a free object of no size: the next one begins where it does."""
    content = bytearray(good.read_bytes())
    first = content.index(b"GCOL") + _HEAP_HEADER
    content[first : first + _OBJECT_HEADER] = bytes(_OBJECT_HEADER)
    path = good.with_name("endless.h5")
    path.write_bytes(content)
    return path


def test_a_file_without_end_is_refused_and_the_next_one_read(endless, good, monkeypatch):
    monkeypatch.setattr(hdf5_trial, "SECONDS", 2.0)
    with pytest.raises(InputError, match=r"endless\.h5 is damaged: the HDF5 library does not come back from it"):
        try_to_read(endless)
    # It was killed, and did not end of itself.
    assert hdf5_trial._reader.process.poll() not in (None, 0)
    monkeypatch.setattr(hdf5_trial, "SECONDS", 60.0)
    with reading_hdf5(good) as file:
        assert file["a/rows"][()].tolist() == [1, 2]
    # The process of the good file stays: the next file is read by the same.
    process = hdf5_trial._reader.process
    try_to_read(good)
    assert hdf5_trial._reader.process is process
    assert process.poll() is None


def test_a_process_that_died_of_another_file_is_not_this_ones_fault(good):
    try_to_read(good)
    killed = hdf5_trial._reader.process
    killed.kill()
    try_to_read(good)
    assert hdf5_trial._reader.process is not killed


def test_what_is_no_hdf5_or_damaged_in_a_plain_way_ends(tmp_path):
    """What is wrong with it, its reader says."""
    path = tmp_path / "line's\nend.h5"
    path.write_bytes(b"no HDF5")
    try_to_read(path)


@pytest.mark.parametrize("program", [shutil.which("true") or "no-true", "no-such-python"])
def test_where_no_process_can_be_started_it_is_said(good, monkeypatch, program):
    monkeypatch.setattr(hdf5_trial.sys, "executable", program)
    with pytest.raises(InputError, match=f"cannot start {program}, which is needed to read HDF5 files of others"):
        try_to_read(good)
