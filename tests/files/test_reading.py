"""Files that claim to be small: what is in them is weighed before memory is taken for it."""

import io
import math
import zipfile

import numpy as np
import pytest

from cs2s.errors import InputError
from cs2s.files.reading import existing_file, load_json, parse_json, printable_name, read_arrays, read_lines
from cs2s.motion.limits import MOST_BYTES


def test_json_with_a_byte_order_mark_and_numbers_of_any_length(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("\ufeff" + '{"a": 1' + 400 * "0" + ', "b": -1' + 5000 * "0" + ', "c": 12}')
    assert load_json(path) == {"a": math.inf, "b": -math.inf, "c": 12}
    for text in ("[" * 99_999, b"\xff", "{", ""):
        with pytest.raises(ValueError):
            parse_json(text)


@pytest.mark.parametrize("size", [MOST_BYTES // 32 + 1, MOST_BYTES + 1])
def test_json_that_would_take_more_than_a_gibibyte_is_refused(tmp_path, size):
    path = tmp_path / "a.json"
    with open(path, "wb") as file:
        file.truncate(size)  # a hole, which takes no place on the disk
    with pytest.raises(InputError, match="a file may hold at most 1 GiB"):
        load_json(path)


def test_a_text_of_very_many_lines_is_refused_before_it_is_cut_into_them(tmp_path):
    path = tmp_path / "a.bvh"
    path.write_bytes(b"a\n" * (MOST_BYTES // 130 + 1))
    with pytest.raises(InputError, match=r"a text of \d+ lines would take 1\.0 GiB; a file may hold at most 1 GiB"):
        read_lines(path, "BVH")


def test_arrays_are_read_and_those_that_claim_more_than_there_is_are_not(tmp_path):
    path = tmp_path / "a.npz"
    np.savez_compressed(path, a=np.arange(5), b="text")
    arrays = read_arrays(path)
    assert arrays["a"].tolist() == [0, 1, 2, 3, 4]
    assert str(arrays["b"]) == "text"
    lying = io.BytesIO()
    np.lib.format.write_array_header_1_0(lying, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", lying.getvalue())
    with pytest.raises(ValueError, match=r"a\.npy is shorter than it says"):
        read_arrays(path)


def test_a_bomb_of_zeros_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.npy", "w", force_zip64=True) as file,
    ):
        for _ in range(MOST_BYTES // (1 << 24) + 1):
            file.write(bytes(1 << 24))
    assert path.stat().st_size < 1 << 21
    with pytest.raises(InputError, match="a file may hold at most 1 GiB"):
        read_arrays(path)


@pytest.mark.parametrize("name", ["", "a\nb", "\x1b[31m", "\udcff", 3, None, "x" * 1001])
def test_what_cannot_be_printed_is_no_name(name):
    with pytest.raises(ValueError, match="cannot be a name"):
        printable_name(name)
    assert printable_name("Ω walking 歩く") == "Ω walking 歩く"


def test_what_is_no_file_is_not_read(tmp_path):
    for path in (tmp_path, tmp_path / "no"):
        with pytest.raises(InputError, match="name a file"):
            existing_file(path)
