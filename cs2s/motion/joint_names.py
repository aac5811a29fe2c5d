"""What the joints of the CMU skeleton are called elsewhere: one table for each common naming scheme.

A joint is matched by its place in the body: the CMU spine, for instance, has two joints where it leaves the hips, so
that Mixamo's ``Spine`` is its ``LowerBack``. Names are compared without prefix (``mixamorig:``) and case.
AMC files call the first joint ``root``, whatever the others are called.
Taught in ``notebooks/08_your_own_motion``.
"""

import re
from collections.abc import Iterable, Mapping

from cs2s.motion.skeleton import CMU, Skeleton

__all__ = ["SCHEMES", "find_scheme", "plain_name", "sides"]


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Read lines of ``CMU_NAME name other_name ...``; those of the left side stand for both."""
    table: dict[str, tuple[str, ...]] = {}
    for joint, *names in filter(None, map(str.split, text.splitlines())):
        table[joint] = tuple(names)
        if mirrored := _mirrored(joint):
            table[mirrored] = tuple(_mirrored(name) for name in names)
    return table


def _mirrored(name: str) -> str:
    """Return the name of the same joint on the right, or nothing for one that is in the middle."""
    for left, right in (("Left", "Right"), ("LHip", "RHip"), ("LThumb", "RThumb"), ("LFing", "RFing")):
        if name.startswith(left):
            return right + name.removeprefix(left)
    return "r" + name[1:] if re.match(r"l(?!ower)[a-z]", name) else ""


_LIMBS = """
    LeftUpLeg      LeftUpLeg
    LeftLeg        LeftLeg
    LeftFoot       LeftFoot
    LeftShoulder   LeftShoulder
    LeftArm        LeftArm
    LeftForeArm    LeftForeArm
    LeftHand       LeftHand
"""

SCHEMES = {
    "CMU BVH": _table(
        _LIMBS
        + """
    Hips           Hips root
    LHipJoint      LHipJoint
    LeftToeBase    LeftToeBase
    LowerBack      LowerBack
    Spine          Spine
    Spine1         Spine1
    Neck           Neck
    Neck1          Neck1
    Head           Head
    LeftFingerBase LeftFingerBase
    LeftHandIndex1 LeftHandIndex1 LFingers
    LThumb         LThumb
"""
    ),
    "ASF": _table("""
    Hips           root
    LHipJoint      lhipjoint
    LeftUpLeg      lfemur
    LeftLeg        ltibia
    LeftFoot       lfoot
    LeftToeBase    ltoes
    LowerBack      lowerback
    Spine          upperback
    Spine1         thorax
    Neck           lowerneck
    Neck1          upperneck
    Head           head
    LeftShoulder   lclavicle
    LeftArm        lhumerus
    LeftForeArm    lradius
    LeftHand       lwrist
    LeftFingerBase lhand
    LeftHandIndex1 lfingers
    LThumb         lthumb
"""),
    "Mixamo": _table(
        _LIMBS
        + """
    Hips           Hips root
    LeftToeBase    LeftToeBase LeftToe
    LowerBack      Spine
    Spine          Spine1
    Spine1         Spine2
    Neck           Neck
    Head           Head
    LeftHandIndex1 LeftHandIndex1
    LThumb         LeftHandThumb1
"""
    ),
    "Human3.6M": _table(
        _LIMBS
        + """
    Hips           Hips root
    LeftToeBase    LeftToeBase
    LowerBack      Spine
    Spine          Spine1
    Neck           Neck
    Head           Head
    LThumb         LeftHandThumb
"""
    ),
}
"""Naming scheme -> CMU joint -> what it may be called there."""


def plain_name(name: str) -> str:
    """Return a name without prefix and in lower case: ``mixamorig:LeftArm`` and ``mixamorig_LeftArm`` are leftarm."""
    return re.sub(r"^mixamorig\d*[_:]?", "", name.rpartition(":")[2] or name, flags=re.IGNORECASE).lower()


def find_scheme(names: Iterable[str], told: Mapping[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """Return the naming scheme that fits a file's joints best, and CMU joint -> the file's joint.

    The best is the one that finds most of the CMU joints; of equals the first in `SCHEMES`.

    Args:
        names: of the file's joints.
        told: CMU joint -> the file's joint, which go before what the scheme says.
    """
    there: dict[str, str] = {}
    for name in names:
        there.setdefault(plain_name(name), name)
    found: dict[str, dict[str, str]] = {}
    for scheme, table in SCHEMES.items():
        known = {joint: [n for n in table.get(joint, ()) if plain_name(n) in there] for joint in CMU.joints}
        found[scheme] = {joint: there[plain_name(names[0])] for joint, names in known.items() if names}
    best = max(found, key=lambda scheme: len(found[scheme]))
    return best, found[best] | dict(told or {})


def sides(skeleton: Skeleton) -> list[str]:
    """Return ``"left"``, ``"right"`` or ``"middle"`` for each joint of a skeleton, whatever its naming scheme.

    A joint is where the CMU joint is that the scheme knows it for. Of others (the end of a limb, a ring finger) the own
    name tells, or else the parent does.
    """
    known = {theirs: CMU.joints.index(ours) for ours, theirs in find_scheme(skeleton.joints)[1].items()}
    told: list[str] = []
    for joint, (name, parent) in enumerate(zip(skeleton.joints, skeleton.parents, strict=True)):
        side = CMU.side(known[name]) if name in known else skeleton.side(joint)
        told.append(told[parent] if side == "middle" and name not in known and parent >= 0 else side)
    return told
