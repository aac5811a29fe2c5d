"""BVH files: the real ones against the benchmark, any hierarchy and channel order, and what is said of faulty ones."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.bvh import load_bvh, save_bvh
from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton

ARM = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Left Arm
  {
    OFFSET 0 100 0
    CHANNELS 3 Yrotation Xrotation Zrotation
    End Site
    {
      OFFSET 80 0 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.04
1 2 3 10 20 30 40 50 60
1 2 4 11 21 31 41 51 61
"""


@pytest.fixture
def bvh(tmp_path):
    """Write a text as BVH and return its path."""

    def write(text: str | bytes):
        path = tmp_path / "file.bvh"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_real_file_gives_the_first_rows_of_the_benchmark(reference):
    motion = load_bvh(reference / "data/raw/35_01_first_frames.bvh")
    walking = reference / "data/cmu_mocap/test/walking/walking_1.txt"
    expected = np.loadtxt(walking, delimiter=",", max_rows=3)
    # The benchmark's root differs by up to 0.0025 rad, its translation not at all.
    np.testing.assert_allclose(motion.rows[:, 6:], expected[:, 6:], atol=2e-5, rtol=0)
    np.testing.assert_allclose(motion.rows[:, 3:6], expected[:, 3:6], atol=2.5e-3, rtol=0)
    np.testing.assert_array_equal(motion.translation, expected[:, :3])
    assert motion.fps == 120
    assert motion.skeleton.unit_mm == CMU.unit_mm
    assert (motion.skeleton.joints, motion.skeleton.parents) == (CMU.joints, CMU.parents)


def test_a_real_file_goes_out_and_in_again(reference, tmp_path):
    motion = load_bvh(reference / "data/raw/01_01.bvh")
    assert len(motion) == 2752
    again = load_bvh(save_bvh(motion, tmp_path / "again.bvh"))
    np.testing.assert_allclose(again.rows, motion.rows, atol=1e-6, rtol=0)
    assert (again.skeleton.joints, again.skeleton.parents) == (motion.skeleton.joints, motion.skeleton.parents)
    np.testing.assert_allclose(again.skeleton.offsets, motion.skeleton.offsets, rtol=1e-8)


def test_channels_turn_one_after_the_other_about_turned_axes(bvh):
    motion = load_bvh(bvh(ARM))
    assert motion.skeleton.joints == ("Hips", "Left Arm", "Left ArmEnd")
    assert motion.fps == 25
    np.testing.assert_array_equal(motion.translation, [[1, 2, 3], [1, 2, 4]])

    def about(axis: int, degrees: float) -> np.ndarray:
        return Rotation.from_rotvec(np.radians(degrees) * np.eye(3)[axis]).as_matrix()

    hips = about(2, 10) @ about(0, 20) @ about(1, 30)
    arm = hips @ about(1, 40) @ about(0, 50) @ about(2, 60)
    unit = motion.skeleton.unit_mm
    shoulder = np.array([1, 2, 3]) + hips @ [0, 100, 0]
    expected = np.array([[1, 2, 3], shoulder, shoulder + arm @ [80, 0, 0]]) * unit
    np.testing.assert_allclose(motion.positions()[0], expected, atol=1e-9)


@pytest.mark.parametrize("order", ["".join(order) for n in (1, 2, 3) for order in itertools.permutations("XYZ", n)])
def test_any_order_of_channels_is_that_of_scipy(bvh, order):
    channels = f"CHANNELS {len(order)} " + " ".join(f"{axis}rotation" for axis in order)
    angles = np.random.default_rng(0).uniform(-180, 180, (2, len(order)))
    text = ARM.replace("CHANNELS 3 Yrotation Xrotation Zrotation", channels)
    for end, row in zip(("40 50 60", "41 51 61"), angles, strict=True):
        text = text.replace(end, " ".join(map(repr, row.tolist())))
    expected = Rotation.from_euler(order, angles, degrees=True).as_matrix()
    seen = Rotation.from_rotvec(-load_bvh(bvh(text)).expmaps[:, 1]).as_matrix()
    np.testing.assert_allclose(seen, expected, atol=1e-12)


def test_line_ends_marks_tabs_case_and_braces_do_not_matter(bvh):
    expected = load_bvh(bvh(ARM))
    variants = (
        ARM.replace("\n", "\r\n"),
        ARM.replace("\n", "\r"),
        "\ufeff" + ARM,
        ARM.replace("  ", "\t").replace("OFFSET ", "OFFSET\t  "),
        ARM.replace("JOINT", "Joint").replace("OFFSET", "offset").replace("rotation", "ROTATION"),
        ARM.replace("\n{", " {").replace("OFFSET 80 0 0\n    }", "OFFSET 80 0 0 }"),
        ARM + "\n\n  \n",
    )
    for text in variants:
        motion = load_bvh(bvh(text))
        np.testing.assert_array_equal(motion.rows, expected.rows)
        assert motion.skeleton.joints == expected.skeleton.joints


def test_names_in_any_script_are_kept(bvh, tmp_path):
    motion = load_bvh(bvh(ARM.replace("Left Arm", "左腕 é")))
    assert motion.skeleton.joints[1] == "左腕 é"
    assert load_bvh(save_bvh(motion, tmp_path / "again.bvh")).skeleton.joints == motion.skeleton.joints
    assert "�" in load_bvh(bvh(ARM.encode().replace(b"Left Arm", b"Br\xfcst"))).skeleton.joints[1]


RATES = {".0083333": 120, "0.008333": 120, "0.0166667": 60, "0.033333": 30, "0.0333": 30, "0.02": 50, "4e-2": 25}
RATES |= {"0.017": 60, "0.016": 60, "0.033": 30, "0.008": 125, "0.0083": 120, "0.042": 24, "0.004": 250, "0.0042": 240}
RATES |= {"0.0333667": 1 / 0.0333667, "0.03": 1 / 0.03, "1": 1, "2.5": 0.4}


@pytest.mark.parametrize(("seconds", "fps"), RATES.items())
def test_frame_times_become_the_rate_that_was_meant(bvh, seconds, fps):
    assert load_bvh(bvh(ARM.replace("0.04", seconds))).fps == pytest.approx(fps, rel=1e-12)


def test_empty_lines_between_the_sections_do_not_matter(bvh):
    expected = load_bvh(bvh(ARM))
    text = "\n \n" + ARM.replace("MOTION\n", "MOTION\n\n").replace("Frame Time", "\nFrame Time")
    motion = load_bvh(bvh(text))
    np.testing.assert_array_equal(motion.rows, expected.rows)
    assert motion.fps == expected.fps
    with pytest.raises(InputError, match="line 20: Frames: x, but 2 frames follow"):
        load_bvh(bvh(text.replace("Frames: 2", "Frames: x")))


@pytest.mark.parametrize("stated", ["1", "3", "0", "1000000000000", "9" * 5000])
def test_another_number_of_frames_is_read_with_a_note_if_all_rows_are_whole(bvh, stated):
    motion = load_bvh(bvh(ARM.replace("Frames: 2", f"Frames: {stated}")))
    np.testing.assert_array_equal(motion.rows, load_bvh(bvh(ARM)).rows)
    assert load_bvh(bvh(ARM)).notes == ()
    (note,) = motion.notes
    assert note == f"line 17 says Frames: {stated[:20]}, but 2 whole ones follow, which are read"
    # A row that is not whole is a fault, whatever number is told.
    with pytest.raises(InputError, match="line 20: 8 numbers, but a frame of these CHANNELS has 9"):
        load_bvh(bvh(ARM.replace("Frames: 2", f"Frames: {stated}").replace(" 61", "")))


def test_leading_zeros_in_the_number_of_frames_are_none_of_a_doubt(bvh):
    assert load_bvh(bvh(ARM.replace("Frames: 2", "Frames: 002"))).notes == ()


@pytest.mark.parametrize("seconds", ["1.0", "0.1", "10", "0.001"])
def test_an_unusual_rate_gets_a_note(bvh, seconds):
    (note,) = load_bvh(bvh(ARM.replace("0.04", seconds))).notes
    assert "a second is no usual rate" in note
    assert "--source-fps" in note
    assert load_motion(bvh(ARM.replace("0.04", seconds)), fps=30).notes == ()


@pytest.mark.parametrize(("factor", "unit"), [(1, 10), (10, 1), (0.01, 1000), (1 / 2.54, 25.4), (10 / 56.44, 56.44)])
def test_the_unit_of_length_is_told_by_the_size(bvh, factor, unit):
    text = ARM.replace("0 100 0", f"0 {150 * factor} 0").replace("80 0 0", f"{80 * factor} 0 0")
    assert load_bvh(bvh(text)).skeleton.unit_mm == pytest.approx(unit, rel=1e-3)


def test_positions_of_a_joint_may_repeat_its_offset_or_say_another_but_not_move(bvh):
    channels = "CHANNELS 3 Yrotation Xrotation Zrotation"
    text = ARM.replace(channels, channels.replace("3", "6") + " Xposition Yposition Zposition")
    expected = load_bvh(bvh(ARM)).rows
    for place in ("0 100 0", "0 0 0", "0.01 99.99 0"):
        same = text.replace("50 60", f"50 60 {place}").replace("51 61", f"51 61 {place}")
        np.testing.assert_array_equal(load_bvh(bvh(same)).rows, expected)
    moving = text.replace("50 60", "50 60 0 100 0").replace("51 61", "51 61 0 103 0")
    sentence = r"file.bvh, line 6: the bone to 'Left Arm' is 100 long in frame 1 and mostly 101.5"
    with pytest.raises(InputError, match=sentence):
        load_bvh(bvh(moving))


def test_a_root_without_positions_stays_where_its_offset_is(bvh):
    text = ARM.replace("CHANNELS 6 Xposition Yposition Zposition", "CHANNELS 4 Yposition").replace(
        "OFFSET 0 0 0", "OFFSET 7 8 9"
    )
    text = text.replace("1 2 3 10", "5 10").replace("1 2 4 11", "6 11")
    np.testing.assert_array_equal(load_bvh(bvh(text)).translation, [[7, 5, 9], [7, 6, 9]])


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)
def test_made_motions_go_out_and_in_again(skeleton, tmp_path):
    draws = np.random.default_rng(5)
    rows = draws.normal(size=(6, skeleton.columns))
    rows[2, 6:9] = [0, np.pi / 2, 0]  # gimbal lock
    motion = Motion(rows, skeleton, 50.0)
    again = load_bvh(save_bvh(motion, tmp_path / "again.bvh"))
    where = [again.skeleton.joints.index(joint) for joint in skeleton.joints]
    mine, theirs = (Rotation.from_rotvec(m.reshape(-1, 3)) for m in (motion.expmaps, again.expmaps[:, where]))
    assert (mine.inv() * theirs).magnitude().max() < 1e-6
    np.testing.assert_allclose(again.positions()[:, where], motion.positions(), atol=1e-3)


def test_a_relative_root_is_written_as_it_moves_in_the_world(tmp_path):
    rows = np.random.default_rng(5).normal(scale=0.1, size=(4, 99))
    motion = Motion(rows, HUMAN36M, 25.0, "relative")
    again = load_bvh(save_bvh(motion, tmp_path / "again.bvh"))
    assert again.root == "absolute"
    np.testing.assert_allclose(again.positions()[:, :5], motion.positions()[:, :5], atol=1e-3)


def test_a_chain_deeper_than_pythons_recursion_is_no_matter(tmp_path):
    joints = tuple(f"j{n}" for n in range(999))
    offsets = np.tile([0.0, 2.3, 0.0], (999, 1))
    skeleton = Skeleton("chain", joints, tuple(range(-1, 998)), offsets, 1.0)
    motion = Motion(np.full((2, skeleton.columns), 0.01), skeleton, 30.0)
    assert load_bvh(save_bvh(motion, tmp_path / "chain.bvh")).skeleton.joints == joints


def test_what_cannot_be_read_again_is_not_written(tmp_path):
    good = Motion(np.zeros((2, 117)), CMU, 60.0)
    gone = np.zeros((2, 117))
    gone[1, 50] = np.nan
    with pytest.raises(InputError, match="frame 2 of the motion holds numbers that are not finite"):
        save_bvh(Motion(gone, CMU, 60.0), tmp_path / "a.bvh")
    with pytest.raises(InputError, match="without a frame"):
        save_bvh(good[:0], tmp_path / "a.bvh")
    odd = Skeleton("odd", ("a{", "b"), (-1, 0), np.ones((2, 3)), 1.0)
    with pytest.raises(InputError, match="cannot name a joint"):
        save_bvh(Motion(np.zeros((2, 9)), odd, 60.0), tmp_path / "a.bvh")
    for strange, sentence in (
        (replace(good, rows=good.rows + 2e9), "not between -1e9 and 1e9"),
        (replace(good, skeleton=replace(CMU, offsets=CMU.offsets * 1e12)), "4.286e[+]14 mm long, which no bone is"),
        (replace(good, fps=20_000.0), "20000 frames a second cannot be saved"),
        (replace(good, fps=float("nan")), "nan frames a second cannot be saved"),
        (replace(good, skeleton=replace(CMU, unit_mm=1e7)), "units of 1e[+]07 mm cannot be saved"),
    ):
        with pytest.raises(InputError, match=sentence):
            save_bvh(strange, tmp_path / "a.bvh")
    assert not list(tmp_path.iterdir())


FAULTS = {
    "an empty file": ("", "file.bvh is empty"),
    "blanks only": (" \n\n", "file.bvh is empty"),
    "another format": ("hello\n", "line 1: 'hello', but a BVH file begins with HIERARCHY"),
    "zeros": ("HIERARCHY\0\0", "is not a text file"),
    "UTF-16": (ARM.encode("utf-16"), "saved as UTF-8"),
    "no ROOT": (ARM[:10] + ARM[ARM.index("MOTION") :], r"line 2: there is no ROOT"),
    "a brace missing": (ARM.replace("}\nMOTION", "MOTION"), r"line 15: the '{' of 'Hips' \(line 2\) is not closed"),
    "a brace too many": (ARM.replace("}\nMOTION", "}\n}\nMOTION"), r"line 16: a '}' too many"),
    "a brace never opened": (
        ARM.replace("ROOT Hips\n{", "ROOT Hips"),
        r"line 3: a '{' was expected before 'OFFSET 0 0 0'",
    ),
    "a brace for nothing": (ARM.replace("HIERARCHY\n", "HIERARCHY\n{\n"), r"line 2: a '{' without a ROOT"),
    "no MOTION": (ARM[: ARM.index("MOTION")], r"line 15: the file ends without a line MOTION"),
    "the end amid the hierarchy": (
        ARM[: ARM.index("End Site")],
        r"line 9: the '{' of 'Left Arm' \(line 6\) is not closed",
    ),
    "no OFFSET": (ARM.replace("    OFFSET 0 100 0\n", ""), "line 13: the joint of line 6 ends here and had no OFFSET"),
    "OFFSET twice": (ARM.replace("OFFSET 0 0 0", "OFFSET 0 0 0\nOFFSET 0 0 0"), "line 5: a second OFFSET"),
    "OFFSET outside": (ARM.replace("MOTION", "OFFSET 0 0 0\nMOTION"), "line 16: OFFSET stands outside"),
    "two offsets": (ARM.replace("OFFSET 80 0 0", "OFFSET 80 0"), "line 12: 2 numbers, but an OFFSET has 3"),
    "a word in an offset": (ARM.replace("OFFSET 80", "OFFSET left"), "line 12: 'left' is not a number"),
    "an endless bone": (
        ARM.replace("OFFSET 80 0 0", "OFFSET 9e8 9e8 0"),
        r"line 10: the bone to 'Left ArmEnd' is 1.273e.09 mm long, which no bone is",
    ),
    "a second ROOT": (ARM.replace("}\nMOTION", "}\nROOT two\n{\nOFFSET 0 0 0\n}\nMOTION"), "line 16: a second ROOT"),
    "a joint in an End Site": (
        ARM.replace("OFFSET 80 0 0", "OFFSET 80 0 0\nJOINT x"),
        "line 13: JOINT stands in an End",
    ),
    "a name twice": (ARM.replace("Left Arm", "Hips"), "line 6: the joint 'Hips' was there already, in line 2"),
    "no name": (ARM.replace("JOINT Left Arm", "JOINT"), "line 6: '' cannot name a joint"),
    "an unknown word": (ARM.replace("  OFFSET 0 0 0", "  SCALE 1 1 1"), "line 4: 'SCALE 1 1 1' was not expected here"),
    "an unknown channel": (ARM.replace("Xposition", "Wposition"), "line 5: 'Wposition' is no channel"),
    "a channel twice": (ARM.replace("Xposition", "Zposition"), "line 5: 'Hips' has a channel twice"),
    "a wrong count of channels": (ARM.replace("CHANNELS 6", "CHANNELS 7"), "line 5: CHANNELS 7 is followed by 6"),
    "channels twice": (
        ARM.replace("OFFSET 0 100 0", "OFFSET 0 1 0\nCHANNELS 1 Xrotation"),
        "line 10: a second line of CHANNELS",
    ),
    "no channels": (
        "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n}\nMOTION\nFrames: 1\nFrame Time: 1\n0\n",
        "no joint above has CHANNELS",
    ),
    "no Frames": (ARM.replace("Frames: 2\n", ""), "line 17: 'Frames: NUMBER' was expected, got 'Frame Time: 0.04'"),
    "no Frame Time": (ARM.replace("Frame Time: 0.04\n", ""), "line 18: 'Frame Time: NUMBER' was expected"),
    "nothing after MOTION": (ARM[: ARM.index("Frames")], "line 16: 'Frames: NUMBER' was expected"),
    "no frame": (
        ARM[: ARM.index("1 2 3")].replace("Frames: 2", "Frames: 0"),
        "line 17: Frames: 0, but no frames follow",
    ),
    "a zero frame time": (ARM.replace("0.04", "0"), "line 18: a Frame Time of 0 seconds"),
    "a negative frame time": (ARM.replace("0.04", "-0.04"), "line 18: a Frame Time of -0.04 seconds"),
    "milliseconds": (ARM.replace("0.04", "33.3"), r"a Frame Time of 33.3 seconds \(milliseconds, or frames a second\?"),
    "a frame time of nan": (ARM.replace("0.04", "nan"), "line 18: 'nan' is not a number"),
    "a decimal comma": (ARM.replace("51", "5,1"), "line 20: '5,1' has a decimal comma; export with decimal points"),
    "a decimal comma of time": (ARM.replace("0.04", "0,04"), "line 18: '0,04' has a decimal comma"),
    "a decimal comma in an offset": (ARM.replace("OFFSET 80", "OFFSET 80,5"), "line 12: '80,5' has a decimal comma"),
    "commas between": (ARM.replace("41 51 61", "41,51,61"), "line 20: '41,51,61' has commas between numbers"),
    "glued numbers": (
        ARM.replace("51 61", "51.3-61.5"),
        "line 20: '51.3-61.5' is more than one number without a blank",
    ),
    "glued with exponents": (ARM.replace("51 61", "5e-1-6.5"), "line 20: '5e-1-6.5' is more than one number"),
    "glued at a point": (ARM.replace("51 61", "51.361.5"), "line 20: '51.361.5' is more than one number"),
    "half a frame": (ARM.replace("Frames: 2", "Frames: 2.5"), r"line 17: Frames: 2.5, but 2"),
    "a number too few": (ARM.replace(" 61", ""), "line 20: 8 numbers, but a frame of these CHANNELS has 9"),
    "a number too few everywhere": (ARM.replace(" 61", "").replace(" 60", ""), "line 19: 8 numbers"),
    "nan": (ARM.replace("51", "nan"), "line 20: 'nan' is not a number"),
    "infinity": (ARM.replace("51", "-inf"), "line 20: '-inf' is not a number"),
    "too large": (ARM.replace("51", "1e300"), "line 20: '1e300' is not a number between"),
    "a word": (ARM.replace("51", "abc"), "line 20: 'abc' is not a number"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_named_with_its_line(bvh, fault):
    text, sentence = FAULTS[fault]
    with pytest.raises(InputError, match=sentence) as caught:
        load_bvh(bvh(text))
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_not_read(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load_bvh(tmp_path / "nowhere.bvh")
    with pytest.raises(InputError, match="is no file"):
        load_bvh(tmp_path)
    with pytest.raises(InputError, match="is no file"):
        load_bvh("/dev/zero")


@pytest.mark.slow
def test_a_million_frames_are_read(bvh):
    text = "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n}\nMOTION\nFrames: 1000000\nFrame Time: 0.01\n"
    motion = load_bvh(bvh(text + "12.5\n" * 1_000_000))
    assert len(motion) == 1_000_000
    assert motion.rows[-1, 3] == pytest.approx(-np.radians(12.5))


def test_a_small_file_cannot_fill_the_memory(bvh):
    ends = "End Site\n{\nOFFSET 0 1 0\n}\n" * 1999
    head = "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n"
    text = head + ends + "}\nMOTION\nFrames: 100000\nFrame Time: 0.01\n"
    with pytest.raises(InputError, match="100000 frames of 2000 joints are too many"):
        load_bvh(bvh(text + "1\n" * 100_000))
    with pytest.raises(InputError, match="more than 1000 joints"):
        load_bvh(bvh("HIERARCHY\nROOT a\n{\n" + "".join(f"JOINT j{n}\n{{\n" for n in range(1001))))


PIECES = [
    *ARM.split("\n"),
    "{",
    "}",
    "nan",
    "1e400",
    "End Site",
    "JOINT",
    "\x85",
    "\u2028",
    "٣ 1 2",
    "-",
    "0x1 1_0 1",
    "",
]


@settings(derandomize=True, max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=60).map(lambda noise: b"HIERARCHY\n" + noise),
        st.tuples(st.integers(0, len(ARM)), st.integers(0, 30), st.sampled_from(PIECES)).map(
            lambda change: (ARM[: change[0]] + change[2] + ARM[change[0] + change[1] :]).encode()
        ),
        st.lists(st.sampled_from(PIECES), max_size=25).map(lambda lines: "\n".join(["HIERARCHY", *lines]).encode()),
    )
)
@example(b"HIERARCHY\nMOTION\n")
@example(ARM.replace("Frames: 2", "Frames: ٢").encode())
@example(ARM.replace("51", "5_1").encode())
def test_whatever_is_in_a_file_it_is_a_motion_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "fuzzed.bvh"
    path.write_bytes(content)
    try:
        motion = load_bvh(path)
    except InputError as error:
        assert str(path) in str(error)
        assert "\n" not in str(error)
    else:
        assert np.isfinite(motion.rows).all()
        assert len(motion) > 0
