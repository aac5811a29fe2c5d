"""What is left of a joint's name when all that differs from program to program is taken off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs2s.motion.plain_names import mirrored_name, plain_name, plain_names


@pytest.mark.parametrize(
    "name",
    "LeftArm leftArm LEFT_ARM left_arm left.arm L_Arm l_arm arm_l arm.L Arm-L lArm LArm ArmLeft mixamorig:LeftArm "
    "mixamorig12_LEFTARM mixamorigLeftArm a:b:LeftArm scene|LeftArm Character1_LeftArm DEF-arm.L J_Bip_L_Arm".split(),
)
def test_one_joint_in_all_spellings(name):
    assert plain_name(name) == "leftarm"


def test_numbers_and_separators_do_not_matter():
    assert plain_names(["spine_01", "Spine1", "spine.001", "Spine 1"]) == ["spine1"] * 4
    assert plain_name("Toe0") == "toe0"
    assert plain_name("finger100") == "finger100"
    assert plain_name("trailing:") == "trailing"


def test_a_letter_is_a_side_only_if_the_other_side_is_there():
    assert plain_names(["lfemur", "rfemur", "lowerback", "root"]) == ["leftfemur", "rightfemur", "lowerback", "root"]
    assert plain_names(["thighL", "thighR", "LOWERBACK"]) == ["leftthigh", "rightthigh", "lowerback"]
    assert plain_names(["lfemur", "lowerback"]) == ["lfemur", "lowerback"]
    assert plain_name("L5") == "l5"


def test_what_most_names_share_is_taken_off_and_sides_are_not():
    assert plain_names(["Bob_Hips", "Bob_Head", "Bob_LeftArm", "Camera"]) == ["hips", "head", "leftarm", "camera"]
    assert plain_names(["jointHips", "jointHead", "jointLeftArm"]) == ["hips", "head", "leftarm"]
    assert plain_names(["L_Hip", "L_Knee", "L_Ankle"]) == ["lefthip", "leftknee", "leftankle"]
    assert plain_names(["hips_jnt", "l_arm_jnt", "head_jnt"]) == ["hips", "leftarm", "head"]


def test_the_other_side_is_spelled_alike():
    pairs = {"LeftArm": "RightArm", "l_arm": "r_arm", "arm.L": "arm.R", "lThigh": "rThigh", "HipLeft": "HipRight"}
    pairs |= {
        "LHipJoint": "RHipJoint",
        "lfemur": "rfemur",
        "index_01_l": "index_01_r",
        "lTorso_Clavicle": "rTorso_Clavicle",
    }
    for left, right in pairs.items():
        assert (mirrored_name(left), mirrored_name(right)) == (right, left)
    assert mirrored_name("Hips") == "Hips"


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_names_have_a_plain_form(names):
    assert len(plain_names(names)) == len(names)
