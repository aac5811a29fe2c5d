"""A made-up body with the names of each scheme, spelled as its files are, is found whole and stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs2s.files.bvh import load_bvh
from cs2s.motion.joint_names import SCHEMES, find_scheme
from cs2s.motion.naming_schemes import TABLES
from cs2s.motion.plain_names import mirrored_name, plain_names
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU

# Centimetres; arms straight out, legs straight down.
LEFT = {
    "LHipJoint": ("Hips", 1, 0, 0),
    "LeftUpLeg": ("LHipJoint", 8, -4, 0),
    "LeftLeg": ("LeftUpLeg", 0, -43, 0),
    "LeftFoot": ("LeftLeg", 0, -42, 0),
    "LeftToeBase": ("LeftFoot", 0, -6, 13),
    "LeftShoulder": ("spine", 3, 16, 0),
    "LeftArm": ("LeftShoulder", 14, 0, 0),
    "LeftForeArm": ("LeftArm", 28, 0, 0),
    "LeftHand": ("LeftForeArm", 25, 0, 0),
    "LeftFingerBase": ("LeftHand", 1, 0, 0),
    "LeftHandIndex1": ("LeftFingerBase", 8, 0, 2),
    "LThumb": ("LeftHand", 3, -1, 3),
}


def rows_of(scheme: str) -> dict[str, list[str]]:
    """CMU joint, or chain, -> the names in a scheme's table, as they stand there."""
    return {row[0]: row[1:] for row in map(str.split, TABLES[scheme].splitlines()) if row}


def body_of(scheme: str) -> dict[str, tuple[str, tuple[float, float, float]]]:
    """Name -> the parent's name and the offset: every joint that a scheme names, the whole body from the hips on."""
    rows = rows_of(scheme)
    hips = rows["Hips"][0]
    body: dict[str, tuple[str, tuple[float, float, float]]] = {hips: ("", (0, 0, 0))}
    above = hips
    spine = rows.get("spine", [rows[joint][0] for joint in ("LowerBack", "Spine", "Spine1") if joint in rows])
    neck = rows.get("neck", [rows[joint][0] for joint in ("Neck", "Neck1") if joint in rows])
    for name in spine:
        body[name], above = (above, (0, 36 / len(spine), 0)), name
    chest = above
    for name in neck:
        body[name], above = (above, (0, 20 / len(neck), 0)), name
    if "Head" in rows:
        body[rows["Head"][0]] = above, (0, 9, 1)
    for mirrored in (False, True):
        named = {"Hips": hips, "spine": chest}
        for joint, (parent, *offset) in LEFT.items():
            if joint not in rows:
                named[joint] = named[parent]
                continue
            name = mirrored_name(rows[joint][0]) if mirrored else rows[joint][0]
            body[name] = named[parent], (-offset[0] if mirrored else offset[0], *offset[1:])
            named[joint] = name
    return body


def text_of(body, spelled, arms: tuple[str, str]) -> str:
    """A BVH file of two frames in which the arms hang down."""
    lines, values = ["HIERARCHY"], []

    def write(name: str, depth: int) -> None:
        offset = " ".join(map(str, body[name][1]))
        lines.extend([f"{'JOINT' if depth else 'ROOT'} {spelled(name)}", "{", f"OFFSET {offset}"])
        lines.append(
            "CHANNELS " + ("3 " if depth else "6 Xposition Yposition Zposition ") + "Zrotation Xrotation Yrotation"
        )
        values.extend([] if depth else [0, 95, 0])
        values.extend([{arms[0]: -75, arms[1]: 75}.get(name, 0), 0, 0])
        below = [other for other, (parent, _) in body.items() if parent == name]
        for other in below:
            write(other, depth + 1)
        if not below:
            lines.extend(["End Site", "{", "OFFSET 0 4 0", "}"])
        lines.append("}")

    write(next(iter(body)), 0)
    row = " ".join(map(str, values))
    return "\n".join([*lines, "MOTION", "Frames: 2", "Frame Time: 0.0333333", row, row, ""])


SPELLED = {
    "as it is": lambda name: name,
    "Character1_": lambda name: "Character1_" + name,
    "a scene and a number": lambda name: "scene:mixamorig7:" + name,
    "a person's name": lambda name: "Anna-Lena_" + name,
    "_JNT": lambda name: name + "_JNT",
}


@pytest.mark.parametrize("spelling", SPELLED)
@pytest.mark.parametrize("scheme", TABLES)
def test_a_body_with_the_names_of_each_scheme_is_found_and_stands(scheme, spelling, tmp_path):
    body, rows, spelled = body_of(scheme), rows_of(scheme), SPELLED[spelling]
    arm = rows["LeftArm"][0]
    (tmp_path / "made.bvh").write_text(text_of(body, spelled, (arm, mirrored_name(arm))))
    source = load_bvh(tmp_path / "made.bvh")
    assert source.notes == ()
    motion, report = retarget(source)
    for joint in LEFT:
        if joint in rows:
            assert report.matched[joint] == spelled(rows[joint][0])
            assert report.matched[mirrored_name(joint)] == spelled(mirrored_name(rows[joint][0]))
    spine = rows.get("spine", ["", "", ""])
    assert {"LowerBack"} <= set(report.matched)
    if "spine" in rows:
        assert report.matched["LowerBack"] == spelled(spine[0])
        assert len(spine) < 2 or report.matched["Spine1"] == spelled(spine[-1])
        assert len(spine) < 3 or report.matched["Spine"] in map(spelled, spine[1:-1])
    assert len(set(report.matched.values())) == len(report.matched)

    place = dict(zip(CMU.joints, motion.positions()[0], strict=True))
    for side, sign in (("Left", 1), ("Right", -1)):
        assert place[side + "ForeArm"][1] < place[side + "Arm"][1] - 150
        assert place[side + "Hand"][1] < place[side + "ForeArm"][1] - 100
        assert place[side + "Foot"][1] < place[side + "Leg"][1] - 200 < place[side + "UpLeg"][1] - 400
        assert sign * place[side + "Arm"][0] > 50
    assert place["Head"][1] > place["Spine1"][1] > place["Hips"][1]


@pytest.mark.parametrize(
    ("scheme", "names"),
    {
        "Mixamo": "hips_JNT spine_JNT spine1_JNT spine2_JNT neck_JNT head_JNT l_upleg_JNT l_leg_JNT l_foot_JNT "
        "l_toebase_JNT l_shoulder_JNT l_arm_JNT l_forearm_JNT l_hand_JNT",
        "3ds Max Biped": "Bip01|Bip01 Pelvis|Bip01 Spine|Bip01 Spine1|Bip01 Neck|Bip01 Head|Bip01 L Thigh|Bip01 L Calf|"
        "Bip01 L Foot|Bip01 L Toe0|Bip01 L Clavicle|Bip01 L UpperArm|Bip01 L Forearm|Bip01 L Hand",
        "SMPL": "m_avg_Pelvis m_avg_L_Hip m_avg_L_Knee m_avg_L_Ankle m_avg_L_Foot m_avg_Spine1 m_avg_Spine2 "
        "m_avg_Spine3 m_avg_Neck m_avg_Head m_avg_L_Collar m_avg_L_Shoulder m_avg_L_Elbow m_avg_L_Wrist",
        "Unity, VRM": "J_Bip_C_Hips J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_UpperChest J_Bip_C_Neck J_Bip_C_Head "
        "J_Bip_L_UpperLeg J_Bip_L_LowerLeg J_Bip_L_Foot J_Bip_L_ToeBase J_Bip_L_Shoulder J_Bip_L_UpperArm "
        "J_Bip_L_LowerArm J_Bip_L_Hand J_Sec_Hair1_01",
        "Blender Rigify": "DEF-spine DEF-spine.001 DEF-spine.002 DEF-spine.003 DEF-spine.004 DEF-spine.006 DEF-thigh.L "
        "DEF-thigh.L.001 DEF-shin.L DEF-shin.L.001 DEF-foot.L DEF-toe.L DEF-shoulder.L DEF-upper_arm.L DEF-forearm.L "
        "DEF-hand.L",
        "Character Creator": "CC_Base_Hip CC_Base_Pelvis CC_Base_Waist CC_Base_Spine01 CC_Base_Spine02 "
        "CC_Base_NeckTwist01 CC_Base_Head CC_Base_L_Thigh CC_Base_L_Calf CC_Base_L_Foot CC_Base_L_ToeBase "
        "CC_Base_L_Clavicle CC_Base_L_Upperarm CC_Base_L_Forearm CC_Base_L_Hand",
    }.items(),
)
def test_spellings_of_the_programs_themselves(scheme, names):
    left = names.split("|" if "|" in names else None)
    joints = [*left, *(mirrored_name(name) for name in left if mirrored_name(name) != name)]
    found, matched = find_scheme(joints)
    assert found == scheme
    needed = [joint for joint in LEFT if joint.startswith("Left") and "Finger" not in joint and "Index" not in joint]
    for joint in (*needed, *map(mirrored_name, needed), "Hips", "LowerBack", "Neck", "Head"):
        assert joint in matched, joint
    # The first half of a thigh in two bones.
    assert not matched["LeftUpLeg"].endswith("001")


def test_upper_case_and_bare_names_are_the_same_scheme():
    names = [name for names in SCHEMES["Unreal"].values() for name in names]
    expected = find_scheme(names)[1]
    shouted = find_scheme([name.upper() for name in names])[1]
    assert shouted == {joint: name.upper() for joint, name in expected.items()}
    assert len(expected) >= 27


def test_hips_of_any_name_are_where_both_thighs_hang(tmp_path):
    body = {("middle" if name == "Hips" else name): ("middle" if parent == "Hips" else parent, offset)
            for name, (parent, offset) in body_of("Mixamo").items()}  # fmt: skip
    (tmp_path / "made.bvh").write_text(text_of(body, str, ("LeftArm", "RightArm")))
    source = load_bvh(tmp_path / "made.bvh")
    assert "Hips" not in find_scheme(source.skeleton.joints)[1]
    assert retarget(source)[1].matched["Hips"] == "middle"


@pytest.mark.parametrize("scheme", TABLES)
def test_plain_names_of_a_scheme_are_all_different(scheme):
    names = [name for row in SCHEMES[scheme].values() for name in row]
    assert len(set(plain_names(names))) == len(names)


@given(st.lists(st.sampled_from(sorted({n for t in SCHEMES.values() for row in t.values() for n in row})), max_size=30))
def test_no_joint_of_a_file_is_taken_twice(names):
    _, matched = find_scheme(names)
    assert len(set(matched.values())) == len(matched)
    assert set(matched.values()) <= set(names)


def test_two_schemes_that_share_words_keep_them_apart():
    """A shoulder is a collar bone here and an upper arm there: what else there is decides."""
    collar = find_scheme(["Hips", "LeftShoulder", "LeftArm", "LeftForeArm"])[1]
    upper_arm = find_scheme(["Hips", "LeftCollar", "LeftShoulder", "LeftElbow"])[1]
    assert (collar["LeftShoulder"], upper_arm["LeftArm"]) == ("LeftShoulder", "LeftShoulder")


def test_spines_of_any_number_are_spread_from_the_hips_to_the_arms():
    for count, expected in ((1, "LowerBack"), (2, "LowerBack Spine1"), (3, "LowerBack Spine Spine1")):
        names = ["Hips", "Spine", "Spine1", "Spine2", "Spine3"][: 1 + count]
        assert list(find_scheme(names)[1]) == ["Hips", *expected.split()]
    four = find_scheme(["Hips", "Spine", "Spine1", "Spine2", "Spine3"])[1]
    assert (four["LowerBack"], four["Spine1"]) == ("Spine", "Spine3")
    assert four["Spine"] in ("Spine1", "Spine2")
