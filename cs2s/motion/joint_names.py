"""Which joint of a file is which of the CMU skeleton's: told by its name, in one of the common naming schemes.

A joint is matched by its place in the body: the CMU spine, for instance, has two joints where it leaves the hips, so
that Mixamo's ``Spine`` is its ``LowerBack``. The tables are in `cs2s.motion.naming_schemes`; how names are compared is
said in `cs2s.motion.plain_names`. AMC files call the first joint ``root``, whatever the others are called.
Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from cs2s.errors import InputError
from cs2s.motion.naming_schemes import TABLES
from cs2s.motion.plain_names import mirrored_name, plain_name, plain_names
from cs2s.motion.skeleton import CMU, Skeleton

__all__ = ["NO_JOINT", "SCHEMES", "find_scheme", "plain_name", "sides", "with_hips"]

NO_JOINT = "-"
"""What `find_scheme` is told for a CMU joint that the file does not have."""

_CHAINS = {"spine": ("LowerBack", "Spine", "Spine1"), "neck": ("Neck", "Neck1")}
"""The rows of tables that name any number of joints from below, and the CMU joints over which these are spread."""

_ROOT = "root"


def _rows(text: str) -> dict[str, tuple[str, ...]]:
    """Read lines of ``CMU_NAME name other_name ...``; those of the left side stand for both."""
    table: dict[str, tuple[str, ...]] = {}
    for joint, *names in filter(None, map(str.split, text.splitlines())):
        table[joint] = tuple(names)
        if joint not in _CHAINS and CMU.side(CMU.joints.index(joint)) == "left":
            table[mirrored_name(joint)] = tuple(mirrored_name(name) for name in names)
    if _ROOT not in table["Hips"]:
        table["Hips"] += (_ROOT,)
    return table


def _spread(chain: str, names: Sequence[str]) -> dict[str, str]:
    """Spread joints of a chain, from below, over CMU's: the lowest, the highest, and one of the middle.

    What hangs on the highest one (arms on the spine, the head on the neck) so hangs on CMU's highest one; of the spine
    a single joint is that at the hips, where it bends most.
    """
    lowest, *_, highest = _CHAINS[chain]
    found = dict(zip((lowest, highest), (names[0], names[-1]), strict=True)) if len(names) > 1 else {}
    if len(names) == 1:
        found = {lowest: names[0]}
    if len(names) > 2 and chain == "spine":
        found["Spine"] = names[len(names) // 2]
    return found


_TABLES = {scheme: _rows(text) for scheme, text in TABLES.items()}

SCHEMES: dict[str, dict[str, tuple[str, ...]]] = {
    scheme: {joint: names for joint, names in table.items() if joint not in _CHAINS}
    | {joint: (name,) for chain in _CHAINS if chain in table for joint, name in _spread(chain, table[chain]).items()}
    for scheme, table in _TABLES.items()
}
"""Naming scheme -> CMU joint -> what it may be called there; of a spine or neck with fewer joints, others count."""


@cache
def _plain_tables() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return `_TABLES` with plain names."""
    plain = {}
    for scheme, table in _TABLES.items():
        names = [name for row in table.values() for name in row]
        # Not all at once: what a scheme's names have in common is part of them here.
        of = {name: _plain_in(name, names) for name in names}
        plain[scheme] = {joint: tuple(of[name] for name in row) for joint, row in table.items()}
    return plain


def _plain_in(name: str, names: Sequence[str]) -> str:
    """Return the plain form of a name of a table, where both sides are there."""
    other = mirrored_name(name)
    return plain_names([name, other])[0] if other in names else plain_name(name)


@cache
def _meanings() -> dict[str, str]:
    """Return plain name -> the CMU joint that it stands for in every scheme that has it."""
    meant: dict[str, set[str]] = {}
    for table in _plain_tables().values():
        for joint, names in table.items():
            for name in names:
                meant.setdefault(name, set()).add(joint)
    return {name: joints.pop() for name, joints in meant.items() if len(joints) == 1 and not joints & set(_CHAINS)}


def find_scheme(names: Iterable[str], told: Mapping[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """Return the naming scheme that fits a file's joints best, and CMU joint -> the file's joint.

    The best is the one that finds most of the CMU joints, of equals the one that knows most of the file's, of equals
    the first in `SCHEMES`. Joints that it lacks are found by names that mean the same in all other schemes.

    Args:
        names: of the file's joints.
        told: CMU joint -> the file's joint, or `NO_JOINT` if it has none; goes before what is found.

    Raises:
        InputError: if what is told names a joint that the CMU skeleton or the file does not have.
    """
    names = list(names)
    there: dict[str, str] = {}
    for name, plain in zip(names, plain_names(names), strict=True):
        there.setdefault(plain, name)
    chosen = _told(told or {}, names, there)
    free = {plain: name for plain, name in there.items() if name not in chosen.values()}
    fits = {scheme: _match(table, free) for scheme, table in _plain_tables().items()}
    best = max(fits, key=lambda scheme: (len(fits[scheme][0]), fits[scheme][1]))
    found = fits[best][0]
    used = set(found.values())
    for plain, name in free.items():
        joint = _meanings().get(plain)
        if joint is not None and joint not in found and name not in used:
            found[joint] = name
    found = {joint: name for joint, name in (found | chosen).items() if name != NO_JOINT or joint not in chosen}
    return best, {joint: found[joint] for joint in CMU.joints if joint in found}


def _match(table: Mapping[str, Sequence[str]], there: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Return CMU joint -> the file's joint by one table, and how many of the file's joints it knows."""
    found: dict[str, str] = {}
    known = 0
    for joint, names in table.items():
        here = [there[name] for name in names if name in there]
        if joint in _CHAINS:
            found |= _spread(joint, here) if here else {}
            known += len(here)
        elif here:
            found[joint] = here[0]
            known += 1
    return found, known


def _told(told: Mapping[str, str], names: Sequence[str], there: Mapping[str, str]) -> dict[str, str]:
    """Check what is told, and return CMU joint -> the file's joint in its own spelling, or `NO_JOINT`."""
    chosen = {}
    for joint, name in told.items():
        if joint not in CMU.joints or CMU.joints.index(joint) in CMU.end_sites:
            close = get_close_matches(joint, CMU.joints, 1)
            hint = f"; is {close[0]} meant?" if close else f"; it has {', '.join(CMU.joints[:3])} and so on."
            raise InputError(f"the CMU skeleton has no joint '{joint}'{hint}")
        own = name if name in names or name == NO_JOINT else there.get(plain_name(name))
        if own is None:
            close = get_close_matches(name, names, 3) or list(names)[:3]
            raise InputError(f"the file has no joint '{name}' for {joint}; it has for instance {', '.join(close)}.")
        chosen[joint] = own
    return chosen


def with_hips(matched: Mapping[str, str], joints: Sequence[str], parents: Sequence[int]) -> dict[str, str]:
    """Return what `find_scheme` matched; hips that no scheme knows by name are where both thighs hang.

    Args:
        matched: CMU joint -> the file's joint.
        joints: the file's joints.
        parents: index of each joint's parent, -1 for the root.
    """
    found = dict(matched)
    if "Hips" in found or not {"LeftUpLeg", "RightUpLeg"} <= set(found):
        return found
    above: list[list[int]] = []
    for side in ("Left", "Right"):
        joint, way = joints.index(found[side + "UpLeg"]), []
        while (joint := parents[joint]) >= 0:
            way.append(joint)
        above.append(way)
    both = next((joint for joint in above[0] if joint in above[1]), None)
    if both is not None and joints[both] not in found.values():
        found = {"Hips": joints[both]} | found
    return found


def sides(skeleton: Skeleton) -> list[str]:
    """Return ``"left"``, ``"right"`` or ``"middle"`` for each joint of a skeleton, whatever its naming scheme.

    A joint is where the CMU joint is that the scheme knows it for. Of others (the end of a limb, a ring finger) the own
    name tells, or else the parent does.
    """
    known = {theirs: CMU.joints.index(ours) for ours, theirs in find_scheme(skeleton.joints)[1].items()}
    told: list[str] = []
    for name, plain, parent in zip(skeleton.joints, plain_names(skeleton.joints), skeleton.parents, strict=True):
        side = next((side for side in ("left", "right") if plain.startswith(side)), "middle")
        side = CMU.side(known[name]) if name in known else side
        told.append(told[parent] if side == "middle" and name not in known and parent >= 0 else side)
    return told
