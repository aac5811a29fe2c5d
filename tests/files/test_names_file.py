"""Which joint is which, told in a text file."""

import numpy as np
import pytest

from cs2s.errors import InputError
from cs2s.files.names_file import load_names
from cs2s.motion.joint_names import find_scheme
from cs2s.motion.motion import Motion
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU, Skeleton

TEXT = """# a robot's joints
Hips base link
LeftUpLeg\tjoint 1   # thigh

LeftHand -
"""


def test_lines_blanks_and_comments(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text(TEXT)
    assert load_names(path) == {"Hips": "base link", "LeftUpLeg": "joint 1", "LeftHand": "-"}
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_names(path) == {"Hips": "base link", "LeftUpLeg": "joint 1", "LeftHand": "-"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    {
        "Hips": "line 1: 'Hips' is one word",
        "# nothing": "line 1: no line names a joint",
        "\nhips a": "line 2: the CMU skeleton has no joint 'hips'; it has Hips,",
        "HeadEnd a": "line 1: the CMU skeleton has no joint 'HeadEnd'",
        "Hips a\nHips b": "line 2: Hips was there already",
        "Hips a\nHead a": "line 2: 'a' was there already, for another joint",
        "": "is empty",
    }.items(),
)
def test_faults_are_named_with_their_line(tmp_path, text, sentence):
    (tmp_path / "names.txt").write_text(text)
    with pytest.raises(InputError, match=sentence):
        load_names(tmp_path / "names.txt")


def test_told_names_go_before_found_ones():
    joints = ["Hips", "LeftArm", "LeftForeArm", "claw"]
    assert "LeftHand" not in find_scheme(joints)[1]
    assert find_scheme(joints, {"LeftHand": "claw"})[1]["LeftHand"] == "claw"
    # What is told to be another joint is not found again.
    told = find_scheme(joints, {"LeftShoulder": "LeftArm"})[1]
    assert (told["LeftShoulder"], told.get("LeftArm")) == ("LeftArm", None)
    assert "LeftForeArm" not in find_scheme(joints, {"LeftForeArm": "-"})[1]
    # The own spelling, though it was told in another.
    assert find_scheme(["x:Claw"], {"LeftHand": "claw"})[1] == {"LeftHand": "x:Claw"}


def test_told_names_that_are_not_there_get_one_sentence():
    with pytest.raises(InputError, match="the file has no joint 'clam' for LeftHand; it has for instance claw"):
        find_scheme(["Hips", "claw"], {"LeftHand": "clam"})
    with pytest.raises(InputError, match=r"the CMU skeleton has no joint 'LeftHnd'; is LeftHand meant\?"):
        find_scheme(["Hips", "claw"], {"LeftHnd": "claw"})
    with pytest.raises(InputError, match="no joint 'HeadEnd'"):
        find_scheme(["Hips", "claw"], {"HeadEnd": "claw"})


def test_names_of_no_scheme_are_retargeted_as_told():
    rows = np.random.default_rng(3).normal(scale=0.3, size=(4, CMU.columns))
    strange = Skeleton("strange", tuple(f"q{n}" for n in range(38)), CMU.parents, CMU.offsets, CMU.unit_mm)
    told = {name: f"q{n}" for n, name in enumerate(CMU.joints) if n not in CMU.end_sites}
    with pytest.raises(InputError, match=r"without Hips, .*; say which they are by --names FILE, .* 'Hips q0'"):
        retarget(Motion(rows, strange, 60.0))
    motion, report = retarget(Motion(rows, strange, 60.0), names=told)
    assert len(report.matched) == 31
    np.testing.assert_allclose(motion.positions()[:, :20], Motion(rows, CMU, 60.0).positions()[:, :20], atol=1e-6)
