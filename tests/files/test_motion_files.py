"""Every format in and out by the ending of the file's name, and hostile HDF5."""

import shutil
from dataclasses import replace

import h5py
import numpy as np
import pytest

from cs2s.errors import InputError
from cs2s.files.formats import FORMATS, WRITTEN, load_motion, save_motion
from cs2s.files.other_formats import OTHERS
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M


def made(skeleton=CMU, root="absolute", dtype=np.float64) -> Motion:
    rows = np.random.default_rng(3).normal(scale=0.5, size=(7, skeleton.columns))
    rows[:, [3 + 3 * end + axis for end in skeleton.end_sites for axis in range(3)]] = 0
    return Motion(rows.astype(dtype), skeleton, 120.0 if skeleton is CMU else 50.0, root)


@pytest.mark.parametrize("ending", WRITTEN)
def test_every_format_brings_back_the_motion(tmp_path, ending):
    motion = made(dtype=np.float32)
    again = load_motion(save_motion(motion, tmp_path / f"motion{ending.upper()}"))
    where = [0, *(again.skeleton.joints.index(name) for name in CMU.joints[1:] if name in again.skeleton.joints)]
    kept = [0, *(n for n, name in enumerate(CMU.joints) if n and name in again.skeleton.joints)]
    assert len(kept) >= 31
    np.testing.assert_allclose(again.positions()[:, where], motion.positions()[:, kept], atol=1e-2)
    assert again.fps == 120


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)
@pytest.mark.parametrize("ending", [".txt", ".h5"])
def test_rows_are_kept_to_the_last_bit(tmp_path, skeleton, ending):
    motion = made(skeleton, "relative" if skeleton is HUMAN36M else "absolute", np.float32)
    again = load_motion(save_motion(motion, tmp_path / f"motion{ending}"))
    np.testing.assert_array_equal(again.rows, motion.rows)
    assert again.rows.dtype == np.float32
    assert (again.fps, again.root) == (motion.fps, motion.root)
    assert (again.skeleton.joints, again.skeleton.parents) == (skeleton.joints, skeleton.parents)
    np.testing.assert_array_equal(again.skeleton.offsets, skeleton.offsets)


def test_a_file_of_the_benchmark_comes_back_as_it_was(cmu_folder, tmp_path):
    path = cmu_folder / "test/walking/walking_1.txt"
    again = load_motion(save_motion(load_motion(path), tmp_path / "again.txt"))
    np.testing.assert_array_equal(again.rows, np.loadtxt(path, delimiter=",", dtype=np.float32))


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)
@pytest.mark.parametrize("root", ["absolute", "relative"])
def test_rows_of_the_benchmark_move_as_the_motion_in_its_unit_and_kind_of_root(tmp_path, skeleton, root):
    motion = made(replace(skeleton, unit_mm=10.0), root)
    again = load_motion(save_motion(motion, tmp_path / "motion.txt"))
    assert (again.root, again.skeleton.unit_mm) == ("absolute" if skeleton is CMU else "relative", skeleton.unit_mm)
    np.testing.assert_allclose(again.positions(), motion.positions(), atol=0.01)


def test_steps_are_the_inverse_of_the_way_in_the_world():
    steps = made(HUMAN36M, "relative")
    np.testing.assert_allclose(steps.in_world().in_steps().rows, steps.rows, atol=1e-12)
    assert steps.in_steps() is steps


def test_rate_and_unit_can_be_told(tmp_path):
    path = save_motion(made(), tmp_path / "motion.bvh")
    told = load_motion(path, fps=30, unit_mm=10)
    assert (told.fps, told.skeleton.unit_mm) == (30, 10)
    np.testing.assert_allclose(told.positions() * CMU.unit_mm / 10, made().positions(), atol=1e-3)


def test_arguments_that_make_no_sense_get_one_sentence(tmp_path):
    path = save_motion(made(), tmp_path / "motion.bvh")
    cases = [
        ((tmp_path / "motion.doc", {}), r"motion.doc must end in one of .bvh, .amc, .txt, .h5"),
        ((tmp_path / "01.asf", {}), "is a skeleton without motion"),
        ((path, {"asf": tmp_path / "01.asf"}), "needs no ASF file"),
        ((path, {"fps": 0}), "fps is 0; it must be between"),
        ((path, {"fps": float("nan")}), "fps is nan; it must be between"),
        ((path, {"unit_mm": float("inf")}), "unit_mm is inf; it must be between"),
        ((tmp_path / "none.txt", {}), "does not exist"),
        ((tmp_path / "none.h5", {}), "does not exist"),
    ]
    for (file, arguments), sentence in cases:
        with pytest.raises(InputError, match=sentence):
            load_motion(file, **arguments)


@pytest.mark.parametrize("ending", OTHERS)
def test_other_formats_are_named_with_the_way_to_one_that_is_read(tmp_path, ending):
    # Nothing is looked at but the name, so that the sentence comes for damaged files too.
    with pytest.raises(InputError) as caught:
        load_motion(tmp_path / f"walk{ending.upper()}")
    what, way = OTHERS[ending]
    assert str(caught.value) == f"{tmp_path / f'walk{ending.upper()}'} is not read: it holds {what}; {way}."
    assert "\n" not in what + way
    assert ending not in FORMATS
    assert "BVH" in way or ".npz" in way or ".txt" in way or ending == ".zip"


def test_the_formats_of_the_field_are_all_known():
    wanted = ".fbx .glb .gltf .c3d .trc .cdf .npy .pkl .csv .json .blend .bip .usd .vrm".split()
    assert set(wanted) <= set(OTHERS)
    assert ".npz" in FORMATS


def test_what_is_only_read_is_not_written(tmp_path):
    for name, what in (("walk.npz", "SMPL poses"), ("walk.fbx", "an Autodesk FBX scene")):
        with pytest.raises(InputError, match=f"{name} cannot be written .{what}.*must end in one of .bvh, .amc"):
            save_motion(made(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_rows_of_another_skeleton_are_not_written(tmp_path):
    odd = load_motion(save_motion(made(), tmp_path / "motion.amc"))
    with pytest.raises(InputError, match="retarget the motion first"):
        save_motion(odd, tmp_path / "motion.txt")
    gone = made()
    gone.rows[3, 3] = np.inf
    for ending in WRITTEN:
        with pytest.raises(InputError, match="finite"):
            save_motion(gone, tmp_path / f"gone{ending}")
    assert not list(tmp_path.glob("*gone*"))
    assert not (tmp_path / "motion.txt").exists()


def test_faulty_rows_are_named_with_their_line(tmp_path):
    for text, sentence in (("1,2,3\n", "line 1: 3 numbers, but a row has 117"), ("", "is empty")):
        (tmp_path / "rows.txt").write_text(text)
        with pytest.raises(InputError, match=sentence):
            load_motion(tmp_path / "rows.txt")


def lie(file: h5py.File, name: str, shape: tuple[int, ...]) -> None:
    """Put a dataset of a great size that takes no room in place of another."""
    kind = file[name].dtype
    del file[name]
    file.create_dataset(name, shape, kind, chunks=tuple(max(1, min(size, 100)) for size in shape))


FAULTS = {
    "no format": (lambda f: f.attrs.pop("format"), "attribute 'format' is not"),
    "a sample file": (lambda f: (f.attrs.pop("format"), f.create_group("expmap")), "it is a sample file: see 'cs2s an"),
    "rows missing": (lambda f: f.pop("rows"), "is not a motion in HDF5"),
    "rows claimed": (lambda f: lie(f, "rows", (10**12, 117)), "a file may hold at most 1 GiB"),
    "joints claimed": (lambda f: lie(f, "offsets_mm", (10**12, 3)), "a file may hold at most 1 GiB"),
    "no frame": (lambda f: f.pop("rows") and f.create_dataset("rows", (0, 117)), "it has no frame"),
    "nan": (lambda f: f["rows"].__setitem__((2, 2), np.nan), "numbers that are not between"),
    "words": (lambda f: (f.pop("rows"), f.__setitem__("rows", np.full((2, 117), b"x"))), "do not fit together"),
    "parents in a ring": (lambda f: f["parents"].__setitem__(1, 5), "are no tree"),
    "two roots": (lambda f: f["parents"].__setitem__(1, -1), "are no tree"),
    "a joint too many": (lambda f: lie(f, "joints", (39,)), "cannot name a joint"),
    "a name twice": (lambda f: f["joints"].__setitem__(1, "Hips"), "two joints are called 'Hips'"),
    "columns": (lambda f: lie(f, "rows", (4, 99)), "has rows of 117 numbers"),
    "a rate of zero": (lambda f: f.attrs.__setitem__("fps", 0.0), "0 frames a second"),
    "a strange root": (lambda f: f.attrs.__setitem__("root", "x"), "neither absolute nor relative"),
    "a rate in words": (lambda f: f.attrs.__setitem__("fps", "fast"), "is not a motion in HDF5"),
    "a rate that is true": (lambda f: f.attrs.__setitem__("fps", True), "True frames a second cannot be"),
    "a unit that is true": (lambda f: f.attrs.__setitem__("unit_mm", True), "True mm in a unit cannot be"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_hostile_hdf5_gets_one_sentence(tmp_path, fault):
    change, sentence = FAULTS[fault]
    path = save_motion(made(), tmp_path / "motion.h5")
    with h5py.File(path, "r+") as file:
        change(file)
    with pytest.raises(InputError, match=sentence) as caught:
        load_motion(path)
    assert "\n" not in str(caught.value)


def test_hdf5_cut_short_gets_one_sentence(tmp_path):
    path = save_motion(made(), tmp_path / "motion.h5")
    content = path.read_bytes()
    # Behind what the library reads stand 16 bytes of checksum.
    for length in (0, 8, 100, len(content) // 2, len(content) - 17):
        path.write_bytes(content[:length])
        with pytest.raises(InputError, match="is not a motion in HDF5"):
            load_motion(path)
    # Cut within the checksum, it is whole.
    path.write_bytes(content[:-1])
    np.testing.assert_array_equal(load_motion(path).rows, made().rows)


def test_nothing_is_left_where_writing_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(np, "savetxt", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    for ending in (".bvh", ".txt"):
        with pytest.raises(InputError, match="No space left on device"):
            save_motion(made(), tmp_path / f"motion{ending}")
    assert not list(tmp_path.iterdir())
    shutil.rmtree(tmp_path)
    (tmp_path).write_text("")
    with pytest.raises(InputError, match="cannot write into folder"):
        save_motion(made(), tmp_path / "motion.amc")


@pytest.mark.parametrize("unit_mm", [0.1, 1.0, 56.44])
@pytest.mark.parametrize("size", [1e7, 9e8, 1.2e9, 6e10])
@pytest.mark.parametrize("of", ["bones", "place", "root"])
@pytest.mark.parametrize("ending", WRITTEN)
def test_what_is_written_can_be_read_however_large(tmp_path, ending, of, size, unit_mm):
    """An ASF file with a bone of 1e9 was turned into a file that no reader took."""
    motion = made(replace(CMU, unit_mm=unit_mm))
    if of == "bones":
        offsets = CMU.offsets.copy()
        offsets[3] = size * unit_mm
        motion = replace(motion, skeleton=replace(motion.skeleton, offsets=offsets))
    elif of == "place":
        motion.rows[3, :3] = size
    else:
        offsets = CMU.offsets.copy()
        offsets[0] = motion.rows[:, :3] = size
        motion = replace(motion, skeleton=replace(motion.skeleton, offsets=offsets))
    try:
        path = save_motion(motion, tmp_path / f"a{ending}")
    except InputError as error:
        assert size > 1e8
        assert "which cannot be read again" in str(error) or "mm long, which no bone is" in str(error)
        assert not list(tmp_path.iterdir())
    else:
        assert len(load_motion(path)) == len(motion)


def test_the_bone_of_1e9_of_an_asf_file_is_refused_when_it_is_read(tmp_path):
    """What no format can hold is not read either."""
    save_motion(made(), tmp_path / "a.amc")
    asf = tmp_path / "a.asf"
    lines = asf.read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if "    length" in line)
    lines[place] = "    length 1e9"
    asf.write_text("\n".join(lines))
    with pytest.raises(InputError, match=r"a.asf, line \d+: the bone to '\w+' is 5.644e.10 mm long"):
        load_motion(tmp_path / "a.amc")


def test_a_bone_that_a_told_unit_or_an_hdf5_file_makes_endless_is_refused(tmp_path):
    offsets = CMU.offsets.copy()
    offsets[3] = (0, 1e8, 0)
    path = save_motion(Motion(made().rows, replace(CMU, offsets=offsets), 120.0), tmp_path / "a.h5")
    assert load_motion(path).skeleton.offsets[3, 1] == 1e8
    with pytest.raises(InputError, match=r"the bone to '\w+' is 1.772e.12 mm long"):
        load_motion(path, unit_mm=1e6)
    with h5py.File(path, "r+") as file:
        file["offsets_mm"][3] = (8e8, 8e8, 0)
    with pytest.raises(InputError, match=r"a.h5 is not a motion in HDF5 .*the bone to '\w+' is 1.131e.09 mm long"):
        load_motion(path)
