"""HDF5 files that claim much, point elsewhere, or meet a full disk."""

import subprocess
import sys

import h5py
import numpy as np
import pytest

from cs2s.errors import InputError
from cs2s.files.hdf5_access import reading_hdf5, writing_hdf5, written_in_memory


def test_what_is_written_is_read(tmp_path):
    rows = np.random.default_rng(0).normal(size=(50, 60))
    with writing_hdf5(tmp_path / "new" / "a.h5") as file:
        file["a/b"] = rows
        file.attrs["name"] = "Ω"
        assert not list((tmp_path / "new").iterdir())
    with reading_hdf5(tmp_path / "new" / "a.h5") as file:
        np.testing.assert_array_equal(file["a/b"][()], rows)
        assert file.attrs["name"] == "Ω"
    with h5py.File(tmp_path / "new" / "a.h5") as file:
        np.testing.assert_array_equal(file["a/b"][()], rows)


def test_a_library_that_takes_a_path_writes_into_memory(tmp_path):
    path, other = tmp_path / "a.weights.h5", tmp_path / "other.h5"
    usual = h5py.File
    with written_in_memory(path):
        with h5py.File(str(path), mode="w") as file, h5py.File(other, "w") as another:
            file["a"], another["b"] = [1, 2], [3]
        assert not path.exists()
        assert other.exists()
    assert h5py.File is usual
    with h5py.File(path) as file, h5py.File(other) as another:
        assert file["a"][()].tolist() == [1, 2]
        assert another["b"][()].tolist() == [3]


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_a_disk_that_fills_leaves_the_old_file_and_one_sentence(tmp_path, part):
    """With HDF5 on the disk itself this was a segmentation fault as Python ended: hence a process of its own."""
    path = tmp_path / "a.h5"
    path.write_bytes(b"old")
    code = f"""
import resource, signal, sys
import numpy as np
from pathlib import Path
from cs2s.errors import InputError
from cs2s.files.hdf5_access import writing_hdf5
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({int(part * 800_000)}, resource.RLIM_INFINITY))
try:
    with writing_hdf5(Path({str(path)!r})) as file:
        for number in range(100):
            file[f"group/{{number}}"] = np.ones(1000)
except InputError as error:
    sys.exit(str(error))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == f"cannot write {path} (File too large); choose another place.\n"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_whatever_bit_is_flipped_is_noticed(tmp_path):
    path = tmp_path / "a.h5"
    with writing_hdf5(path) as file:
        file["rows"] = np.zeros((5, 5))
        file.attrs["format"] = "rows"
    content = path.read_bytes()
    for place in range(0, len(content) - 16, 97):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"a\.h5 is damaged"), reading_hdf5(path):
            pytest.fail("it must not be opened")


def test_a_file_that_another_program_has_changed_is_read(tmp_path):
    path = tmp_path / "a.h5"
    with writing_hdf5(path) as file:
        file["rows"] = np.zeros(5)
    with h5py.File(path, "r+") as file:
        file["rows"][2] = 7
    with reading_hdf5(path) as file:
        assert file["rows"][()].tolist() == [0, 0, 7, 0, 0]


def claims(file):
    file.create_dataset("rows", (1 << 20, 1 << 20), chunks=(1000, 1000), compression="gzip")


def claims_in_parts(file):
    for number in range(20):
        file.create_dataset(str(number), (1 << 23,), dtype="f8", chunks=(1000,))


def claims_a_chunk(file):
    file.create_dataset("rows", (1,), dtype="f8", maxshape=(None,), chunks=(1 << 28,))


def external_storage(file):
    file.create_dataset("rows", (4,), dtype="u1", external=[("/etc/hostname", 0, 4)])


def external_link(file):
    file["rows"] = h5py.ExternalLink("/etc/hostname", "/")


def external_link_below(file):
    file.create_group("a")["rows"] = h5py.ExternalLink("other.h5", "/rows")


def soft_link(file):
    file["rows"] = h5py.SoftLink("/rows")


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "rows", (4,))
    file.create_virtual_dataset("rows", layout)


REFUSED = {
    claims: r"would take 4,096\.0 GiB; a file may hold at most 1 GiB",
    claims_in_parts: "would take 1.1 GiB; a file may hold at most 1 GiB",
    claims_a_chunk: "would take 2.0 GiB; a file may hold at most 1 GiB",
    external_storage: "'rows' is kept in another file",
    external_link: "'rows' is a link",
    external_link_below: "'a/rows' is a link",
    soft_link: "'rows' is a link",
    virtual: "'rows' is kept in another file",
}


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_files_that_claim_much_or_point_elsewhere_are_refused(tmp_path, make):
    path = tmp_path / "odd.h5"
    with h5py.File(path, "w") as file:
        make(file)
    assert path.stat().st_size < 10_000
    with pytest.raises(InputError, match=REFUSED[make]), reading_hdf5(path):
        pytest.fail("it must not be opened")
