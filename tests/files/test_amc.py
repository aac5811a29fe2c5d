"""ASF/AMC files: the same performance as BVH, round trips, and what is said of faulty ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.amc import find_asf, load_amc, save_amc
from cs2s.files.asf import load_asf
from cs2s.files.bvh import load_bvh, save_bvh
from cs2s.motion.joint_names import find_scheme
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton

ASF = """# a leg and half an arm
:version 1.10
:units
  mass 1.0
  length 0.45
  angle deg
:documentation
  made by hand
:root
  order TX TY TZ RX RY RZ
  axis XYZ
  position 0 0 0
  orientation 0 0 0
:bonedata
  begin
    id 1
    name hip
    direction 0.6 -0.8 0
    length 2
    axis 0 0 0 XYZ
  end
  begin
    id 2
    name thigh
    direction 0 -1 0
    length 7
    axis 10 20 30 XYZ
    dof rx ry rz
    limits (-160.0 20.0)
           (-70.0 70.0)
           (-60.0 70.0)
  end
  begin
    id 3
    name shin
    direction 0 -1 0
    length 6
    axis 0 0 20 XYZ
    dof rx
  end
:hierarchy
  begin
    root hip
    hip thigh
    thigh shin
  end
"""

AMC = """#!OML:ASF made.ASF
:FULLY-SPECIFIED
:DEGREES
1
root 1 2 3 10 20 30
thigh 40 50 60
shin 70
2
root 1 2 4 11 21 31
thigh 41 51 61
shin 71
"""


@pytest.fixture
def acclaim(tmp_path):
    """Write texts as ASF and AMC and return the path of the AMC file."""

    def write(asf: str | bytes = ASF, amc: str | bytes = AMC):
        for name, text in (("made.asf", asf), ("made.amc", amc)):
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "made.amc"

    return write


@pytest.fixture(scope="session")
def performances(reference):
    """The same performance as AMC and as BVH; frame i of the AMC file is row i + 1 of the BVH file."""
    return load_amc(reference / "data/raw/01_01.amc"), load_bvh(reference / "data/raw/01_01.bvh")


def distances(amc: Motion, bvh: Motion) -> dict[str, float]:
    """Return CMU joint -> the largest distance between the two motions, as a share of the body's height."""
    after, before = amc.positions(), bvh[1:].positions()
    height = np.ptp(bvh[1:2].positions()[0, :, 1])  # the person begins standing
    ours, theirs = find_scheme(amc.skeleton.joints)[1], find_scheme(bvh.skeleton.joints)[1]
    where = {j: (amc.skeleton.joints.index(ours[j]), bvh.skeleton.joints.index(theirs[j])) for j in ours}
    return {j: float(np.linalg.norm(after[:, a] - before[:, b], axis=-1).max() / height) for j, (a, b) in where.items()}


def without_length(motion: Motion, bone: str) -> Motion:
    """Return a motion whose skeleton lacks the length of a bone: its children begin where it begins."""
    skeleton = motion.skeleton
    offsets = skeleton.offsets.copy()
    offsets[[parent == skeleton.joints.index(bone) for parent in skeleton.parents]] = 0
    return replace(motion, skeleton=replace(skeleton, offsets=offsets))


LOWER = {"Hips", "LowerBack", "Spine", "Spine1"} | {
    j for j in CMU.joints if j.endswith(("Leg", "Foot", "ToeBase", "HipJoint"))
}
HANDS = {"LeftFingerBase", "LeftHandIndex1", "LThumb", "RightFingerBase", "RightHandIndex1", "RThumb"}
UPPER = {joint for n, joint in enumerate(CMU.joints) if n not in CMU.end_sites} - LOWER - HANDS


def test_amc_and_bvh_are_the_same_performance(performances):
    amc, bvh = performances
    assert len(amc) == len(bvh) - 1 == 2751
    assert amc.fps == bvh.fps == 120
    apart = distances(amc, bvh)
    assert max(apart[joint] for joint in LOWER) < 1e-3
    # The conversion to BVH dropped the thorax, 11.7 cm: head and arms sit that much lower.
    assert all(apart[joint] == pytest.approx(0.079, abs=0.001) for joint in UPPER)
    apart = distances(without_length(amc, "thorax"), bvh)
    assert max(apart[joint] for joint in LOWER | UPPER) < 1e-3
    # It dropped the wrists, 9.8 cm, as well: that is why thumbs and fingers hang elsewhere.
    assert all(apart[joint] == pytest.approx(0.066, abs=0.001) for joint in HANDS)
    for wrist in ("lwrist", "rwrist"):
        amc = without_length(amc, wrist)
    apart = distances(without_length(amc, "thorax"), bvh)
    print({joint: f"{share:.1e}" for joint, share in apart.items()})
    assert max(apart.values()) < 1e-3


def test_amc_and_bvh_hold_the_same_exponential_maps(performances):
    amc, bvh = performances
    ours, theirs = find_scheme(amc.skeleton.joints)[1], find_scheme(bvh.skeleton.joints)[1]
    assert len(ours) == len(theirs) == 31
    for joint in ours:
        a = amc.expmaps[:, amc.skeleton.joints.index(ours[joint])]
        b = bvh[1:].expmaps[:, bvh.skeleton.joints.index(theirs[joint])]
        np.testing.assert_allclose(a, b, atol=1e-5, rtol=0, err_msg=joint)


@pytest.mark.slow
def test_amc_to_bvh_and_back_is_the_same_motion(performances, tmp_path):
    amc = performances[0]
    for again in (load_bvh(save_bvh(amc, tmp_path / "a.bvh")), load_amc(save_amc(amc, tmp_path / "a.amc"))):
        assert (again.skeleton.joints, again.skeleton.parents) == (amc.skeleton.joints, amc.skeleton.parents)
        np.testing.assert_allclose(again.rows, amc.rows, atol=1e-6, rtol=0)
        np.testing.assert_allclose(again.skeleton.offsets, amc.skeleton.offsets, atol=1e-4)
        assert (again.fps, again.skeleton.unit_mm) == (120, pytest.approx(CMU.unit_mm))


def test_angles_turn_about_the_bones_own_fixed_axes(acclaim):
    motion = load_amc(acclaim())
    assert motion.skeleton.joints == ("root", "hip", "thigh", "shin", "shinEnd")
    assert motion.skeleton.unit_mm == CMU.unit_mm
    assert motion.fps == 120

    def about(degrees: list[float]) -> np.ndarray:
        x, y, z = (
            Rotation.from_rotvec(np.radians(d) * axis).as_matrix() for d, axis in zip(degrees, np.eye(3), strict=True)
        )
        return z @ y @ x

    root = about([10, 20, 30])
    thigh = root @ about([10, 20, 30]) @ about([40, 50, 60]) @ about([10, 20, 30]).T
    shin = thigh @ about([0, 0, 20]) @ about([70, 0, 0]) @ about([0, 0, 20]).T
    place = np.array([1, 2, 3])
    knee = place + root @ [1.2, -1.6, 0] + thigh @ [0, -7, 0]
    expected = np.array([place, place, place + root @ [1.2, -1.6, 0], knee, knee + shin @ [0, -6, 0]])
    np.testing.assert_allclose(motion.positions()[0], expected * CMU.unit_mm, atol=1e-9)


def test_orders_and_subsets_of_freedom(acclaim):
    asf = (
        ASF.replace("TX TY TZ RX RY RZ", "RZ TY RX")
        .replace("dof rx ry rz", "dof rz rx")
        .replace("axis 10 20 30 XYZ", "axis 10 20 30 ZXY")
    )
    amc = AMC.replace("root 1 2 3 10 20 30", "root 30 2 10").replace("root 1 2 4 11 21 31", "root 31 2 11")
    motion = load_amc(acclaim(asf, amc.replace("40 50 60", "40 50").replace("41 51 61", "41 51")))
    np.testing.assert_array_equal(motion.translation, [[0, 2, 0], [0, 2, 0]])
    root = Rotation.from_euler("zx", [30, 10], degrees=True)
    tilt = Rotation.from_euler("zxy", [30, 10, 20], degrees=True)
    thigh = tilt * Rotation.from_euler("zx", [40, 50], degrees=True) * tilt.inv()
    for joint, expected in ((0, root), (2, thigh)):
        seen = Rotation.from_rotvec(-motion.expmaps[0, joint])
        assert (seen.inv() * expected).magnitude() < 1e-12


def test_radians_and_rates_are_told_by_either_file(acclaim):
    expected = load_amc(acclaim()).rows

    def radians(text: str) -> str:
        lines = [line.split() for line in text.splitlines()]
        turned = {"root": 4, "thigh": 1, "shin": 1, "axis": 1}
        for words in lines:
            for n in range(turned.get(words[0], 99), len(words)):
                if words[n] != "XYZ":
                    words[n] = repr(float(np.radians(float(words[n]))))
        return "\n".join(map(" ".join, lines))

    amc = radians(AMC)
    np.testing.assert_allclose(load_amc(acclaim(ASF, amc.replace(":DEGREES", ":RADIANS"))).rows, expected, atol=1e-12)
    asf = "\n".join(radians(line) if line.startswith("    axis") else line for line in ASF.splitlines())
    asf = asf.replace("angle deg", "angle rad")
    plain = amc.replace(":DEGREES", ":SAMPLES-PER-SECOND 60")
    motion = load_amc(acclaim(asf, plain))
    np.testing.assert_allclose(motion.rows, expected, atol=1e-12)
    assert motion.fps == 60
    np.testing.assert_allclose(load_amc(acclaim(asf, AMC)).rows, expected, atol=1e-12)


def test_what_a_frame_leaves_out_stays_unless_the_file_is_fully_specified(acclaim):
    cut = AMC.replace("thigh 41 51 61\n", "")
    motion = load_amc(acclaim(ASF, cut.replace(":FULLY-SPECIFIED\n", "")))
    np.testing.assert_array_equal(motion.expmaps[1, 2], motion.expmaps[0, 2])
    with pytest.raises(InputError, match=r"made.amc, line 8: the frame that begins here lacks the bone 'thigh'"):
        load_amc(acclaim(ASF, cut))


def test_windows_line_ends_and_marks_do_not_matter(acclaim):
    expected = load_amc(acclaim()).rows
    np.testing.assert_array_equal(load_amc(acclaim(ASF.replace("angle deg", "ANGLE Deg"), AMC)).rows, expected)
    motion = load_amc(acclaim("\ufeff" + ASF.replace("\n", "\r\n"), AMC.replace("\n", " \r\n") + "\r\n"))
    np.testing.assert_array_equal(motion.rows, expected)
    remarked = AMC.replace("\n2\n", "\n# half time\n2\n#another\n")
    np.testing.assert_array_equal(load_amc(acclaim(ASF, remarked)).rows, expected)


def test_a_skeleton_that_is_there_is_not_replaced(acclaim, tmp_path):
    path = acclaim()
    motion = load_amc(path)
    with pytest.raises(InputError, match=r"made.asf is there and holds another skeleton"):
        save_amc(motion, path)
    assert (path.with_suffix(".asf").read_text(), path.read_text()) == (ASF, AMC)
    # One that is the same may be there, so that the same can be written again.
    again = save_amc(motion, save_amc(motion, tmp_path / "again.amc"))
    assert len(load_amc(again)) == 2


def test_the_skeleton_is_found_beside_the_motion(acclaim, tmp_path):
    path = acclaim()
    assert find_asf(path) == path.with_suffix(".asf")
    (tmp_path / "01.asf").write_text(ASF)
    assert find_asf(tmp_path / "01_14.amc") == tmp_path / "01.asf"
    with pytest.raises(InputError, match=r"several ASF files beside .* name its skeleton by --asf"):
        find_asf(tmp_path / "02_01.amc")
    (tmp_path / "01.asf").unlink()
    assert find_asf(tmp_path / "02_01.amc") == path.with_suffix(".asf")
    path.with_suffix(".asf").unlink()
    with pytest.raises(InputError, match="there is no ASF file beside"):
        load_amc(path)


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)
def test_any_skeleton_goes_out_and_in_again(skeleton, tmp_path):
    rows = np.random.default_rng(7).normal(size=(5, skeleton.columns))
    turning = [3 + 3 * joint + axis for joint in skeleton.end_sites for axis in range(3)]
    rows[:, turning] = 0
    motion = Motion(rows, skeleton, 50.0)
    again = load_amc(save_amc(motion, tmp_path / "a.amc"))
    assert again.fps == 50
    ours = [joint for joint in range(1, len(skeleton.joints)) if joint not in skeleton.end_sites]
    theirs = [again.skeleton.joints.index(skeleton.joints[joint]) for joint in ours]
    np.testing.assert_allclose(again.positions()[:, theirs], motion.positions()[:, ours], atol=1e-3)
    np.testing.assert_allclose(again.translation, motion.translation, atol=1e-6)


def test_names_that_mean_something_in_the_format_are_changed(tmp_path):
    joints = ("Hips", "begin", "mixamorig:Left Arm", "root", "a#b")
    skeleton = Skeleton("odd", joints, (-1, 0, 1, 2, 3), np.full((5, 3), 100.0), 10.0)
    motion = Motion(np.random.default_rng(1).normal(size=(2, 18)), skeleton, 60.0)
    again = load_amc(save_amc(motion, tmp_path / "odd.amc"))
    assert {"begin_", "mixamorig_Left_Arm", "root_", "a_b"} <= set(again.skeleton.joints)
    places = [again.skeleton.joints.index(name) for name in ("begin_", "mixamorig_Left_Arm", "root_", "a_b")]
    np.testing.assert_allclose(again.positions()[:, places], motion.positions()[:, 1:], atol=1e-6)


ASF_FAULTS = {
    "an empty file": ("", "made.asf is empty"),
    "no bones": (ASF.replace(":bonedata", ":bones"), "it has no section :bonedata"),
    "a section twice": (ASF + ":root\n", "line 47: a second section :root"),
    "a length of zero": (ASF.replace("length 0.45", "length 0"), "line 5: a length of 0; it must be"),
    "a unit of 25 km": (ASF.replace("length 0.45", "length 0.000001"), "line 5: a length of 1e-06; it must be"),
    "a bone of 1e9": (ASF.replace("length 7", "length 1e9"), "line 22: the bone to 'shin' is 5.644e.10 mm long"),
    "a last bone of 1e9": (ASF.replace("length 6", "length 1e9"), "line 33: the bone to 'shinEnd' is 5.644e.10 mm"),
    "angles twice": (ASF.replace("angle deg", "angle deg deg"), "line 6: the angle is 'deg deg'; it must"),
    "another angle": (ASF.replace("angle deg", "angle grad"), "line 6: the angle is 'grad'"),
    "a preset position": (ASF.replace("position 0 0 0", "position 0 1 0"), "line 12: the root's preset position"),
    "an unknown freedom": (ASF.replace("dof rx\n", "dof rx l\n"), "line 39: 'l' is no degree of freedom here"),
    "a freedom twice": (ASF.replace("dof rx ry rz", "dof rx ry rx"), "line 28: a degree of freedom comes twice"),
    "an order of axes": (ASF.replace("axis 0 0 20 XYZ", "axis 0 0 20 XXZ"), "line 38: 'XXZ' is no order of axes"),
    "an axis too short": (ASF.replace("axis 0 0 20 XYZ", "axis 0 20 XYZ"), "line 38: 2 numbers, but an axis"),
    "an empty axis": (ASF.replace("axis 0 0 20 XYZ", "axis"), "line 38: '' is no order of axes"),
    "no name": (ASF.replace("    name shin\n", ""), "line 33: the bone that begins here has no name"),
    "a name twice": (ASF.replace("name shin", "name hip"), "line 33: the joint 'hip' was there already, in line 15"),
    "a long direction": (ASF.replace("0.6 -0.8 0", "6 -8 0"), "line 18: the direction of 'hip' must be of length 1"),
    "nan": (ASF.replace("length 7", "length nan"), "line 26: 'nan' is not a number"),
    "no end": (ASF.replace("  end\n:hier", ":hier"), "line 33: the 'end' of this 'begin' is missing"),
    "begin twice": (ASF.replace("  end\n  begin\n    id 2", "  begin\n    id 2"), "line 21: a second 'begin'"),
    "a bone outside": (ASF.replace(":bonedata\n", ":bonedata\n name x\n"), "line 15: 'name' stands outside of 'begin'"),
    "an unknown bone": (ASF.replace("thigh shin", "thigh foot"), "line 45: there is no bone 'foot' in :bonedata"),
    "two parents": (ASF.replace("thigh shin", "thigh shin hip"), "line 45: the bone 'hip' has a parent already"),
    "a ring": (ASF.replace("root hip", "root").replace("thigh shin", "thigh hip"), "line 15: the bone 'hip' does not"),
    "a loose bone": (ASF.replace("    thigh shin\n", ""), "line 33: the bone 'shin' does not hang on the root"),
}  # fmt: skip


@pytest.mark.parametrize("fault", ASF_FAULTS)
def test_a_faulty_skeleton_is_named_with_its_line(acclaim, fault):
    text, sentence = ASF_FAULTS[fault]
    with pytest.raises(InputError, match=sentence) as caught:
        load_asf(acclaim(text).with_suffix(".asf"))
    assert "\n" not in str(caught.value)


AMC_FAULTS = {
    "an empty file": ("", "made.amc is empty"),
    "no frame": (AMC[: AMC.index("1\n")], "made.amc holds no frame"),
    "no frame number": (
        AMC.replace(":DEGREES\n1\n", ":DEGREES\n"),
        "line 4: a frame's number was expected before 'root",
    ),
    "a frame missing": (AMC.replace("\n2\n", "\n3\n"), "line 8: frame 3 follows frame 1"),
    "a frame doubled": (AMC.replace("\n2\n", "\n1\n"), "line 8: frame 1 follows frame 1"),
    "an endless number": (AMC.replace("\n2\n", "\n" + "9" * 5000 + "\n"), "frame 999999999999999999 follows"),
    "a bone missing": (AMC.replace("shin 70\n", ""), "line 4: the frame that begins here lacks the bone 'shin'"),
    "the end amid a frame": (AMC[: AMC.index("thigh 41")], "line 8: the frame that begins here lacks the bone 'thigh'"),
    "the end amid a line": (AMC[: AMC.index(" 61")], "line 10: 2 numbers, but 'thigh' has 3 degrees of freedom"),
    "a bone twice": (AMC.replace("shin 71", "thigh 1 2 3"), "line 11: 'thigh' comes twice in this frame"),
    "an unknown bone": (
        AMC.replace("shin 71", "foot 71"),
        r"line 11: .*made.asf has no bone 'foot'; name the right one",
    ),
    "a number too many": (AMC.replace("shin 71", "shin 71 72"), "line 11: 2 numbers, but 'shin' has 1 degrees"),
    "nan": (AMC.replace("shin 71", "shin nan"), "line 11: 'nan' is not a number"),
    "too large": (AMC.replace("shin 71", "shin 1e12"), "line 11: '1e12' is not a number between"),
    "a word": (AMC.replace("41 51", "41 x"), "line 10: 'x' is not a number"),
    "an underscore": (AMC.replace("41 51", "4_1 51"), "line 10: '4_1' is not a number"),
    "digits of another script": (AMC.replace("41 51", "٤١ 51"), "line 10: '٤١' is not a number"),
    "a frame's number of another script": (AMC.replace("\n2\n", "\n٢\n"), "line 8: .* has no bone '٢'"),
    "a strange rate": (AMC.replace(":DEGREES", ":SAMPLES-PER-SECOND 0"), "line 3: the samples per second must be"),
}


@pytest.mark.parametrize("fault", AMC_FAULTS)
def test_a_faulty_motion_is_named_with_its_line(acclaim, fault):
    text, sentence = AMC_FAULTS[fault]
    with pytest.raises(InputError, match=sentence) as caught:
        load_amc(acclaim(ASF, text))
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_a_small_file_cannot_fill_the_memory(acclaim):
    frames = "".join(f"{n}\n" for n in range(1, 1_000_000))
    bones = "".join(f"begin\nname b{n}\ndirection 0 1 0\nlength 1\ndof rx\nend\n" for n in range(999))
    ties = "".join(f"root b{n}\n" for n in range(999))
    asf = f":root\n:bonedata\n{bones}:hierarchy\nbegin\n{ties}end\n"
    with pytest.raises(InputError, match="999999 frames of 1999 joints are too many"):
        load_amc(acclaim(asf, frames))


PIECES = [*ASF.split("\n"), *AMC.split("\n"), "nan", "1e400", "(", "#", "\u2028", "٣", "-1", "begin", "end", ":", ""]


def spoiled(text: str) -> st.SearchStrategy[bytes]:
    """Bytes made from a text by putting something else in place of a part of it, or lines of the format at random."""
    change = st.tuples(st.integers(0, len(text)), st.integers(0, 40), st.sampled_from(PIECES))
    return st.one_of(
        change.map(lambda c: (text[: c[0]] + c[2] + text[c[0] + c[1] :]).encode()),
        st.lists(st.sampled_from(PIECES), max_size=25).map(lambda lines: "\n".join(lines).encode()),
        st.binary(max_size=60),
    )


@pytest.mark.slow
@settings(derandomize=True, max_examples=400)
@given(st.one_of(st.tuples(spoiled(ASF), st.just(AMC.encode())), st.tuples(st.just(ASF.encode()), spoiled(AMC))))
@example((ASF.replace("axis 10 20 30 XYZ", "axis").encode(), AMC.encode()))
@example((ASF.replace("root hip", "root hip\nroot").encode(), AMC.encode()))
@example((ASF.encode(), AMC.replace("2\nroot", "٢\nroot").encode()))
@example((ASF.encode(), b":DEGREES x y\n1\n"))
def test_whatever_is_in_the_files_they_are_a_motion_or_a_sentence(tmp_path_factory, contents):
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    (folder / "f.asf").write_bytes(contents[0])
    (folder / "f.amc").write_bytes(contents[1])
    try:
        motion = load_amc(folder / "f.amc")
    except InputError as error:
        assert str(folder) in str(error)
        assert "\n" not in str(error)
    else:
        assert np.isfinite(motion.rows).all()
        assert len(motion) > 0
