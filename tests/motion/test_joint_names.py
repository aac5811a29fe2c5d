"""Sides are told in every naming scheme, by the place in the body that a name stands for."""

from dataclasses import replace

import pytest

from cs2s.motion.joint_names import SCHEMES, sides
from cs2s.motion.skeleton import CMU, HUMAN36M


@pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)
def test_sides_are_those_of_our_skeletons(skeleton):
    assert sides(skeleton) == [skeleton.side(joint) for joint in range(len(skeleton.joints))]


@pytest.mark.parametrize("prefix", ["", "mixamorig:"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_sides_are_told_in_every_scheme(scheme, prefix):
    names = [SCHEMES[scheme].get(joint, (f"bone{number}",))[0] for number, joint in enumerate(CMU.joints)]
    # What the scheme has no name for is an end or lies between: it is where its parent is.
    wanted: list[str] = []
    for joint, (name, parent) in enumerate(zip(names, CMU.parents, strict=True)):
        wanted.append(wanted[parent] if name == f"bone{joint}" else CMU.side(joint))
    renamed = replace(CMU, joints=tuple(prefix + name for name in names))
    assert sides(renamed) == wanted
    assert {"left", "right", "middle"} == set(wanted)


def test_names_that_begin_like_a_side_are_not_taken_for_one():
    told = dict(zip((names := [SCHEMES["ASF"].get(joint, (f"end of {joint}",))[0] for joint in CMU.joints]),
                    sides(replace(CMU, joints=tuple(names))), strict=True))  # fmt: skip
    expected = {"root": "middle", "lowerback": "middle", "lowerneck": "middle", "head": "middle", "lfemur": "left"}
    assert expected | {"rwrist": "right"} == {name: told[name] for name in (*expected, "rwrist")}


def test_a_joint_that_no_scheme_knows_is_told_by_its_name_or_by_its_parent():
    more = {"LeftHandRing1": "LeftHand", "LeftHandRing2": "LeftHandRing1", "LeftEye": "Head", "Jaw": "Head"}
    joints = (*CMU.joints, *more)
    parents = (*CMU.parents, *(joints.index(parent) for parent in more.values()))
    assert sides(replace(CMU, joints=joints, parents=parents))[-4:] == ["left", "left", "left", "middle"]
