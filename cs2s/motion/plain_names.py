"""Names of joints without what differs from program to program: prefixes, case, separators, and how a side is told.

``mixamorig:LeftArm``, ``Character1_LeftArm``, ``LEFT_ARM``, ``l_arm_JNT``, ``Bip01 L Arm``, ``arm.L`` and ``lArm`` all
are ``leftarm``. Taught in ``notebooks/08_your_own_motion``.
"""

import re
from collections.abc import Collection, Iterator, Sequence

__all__ = ["mirrored_name", "plain_name", "plain_names"]

_KNOWN_PREFIX = re.compile(
    r"(mixamorig\d*[\W_]?|(bip\d+|biped\d*|character\d*|j_bip|cc_base|def|[mf]_avg|armature)[\W_]+)(?=.)", re.IGNORECASE
)
_MOST = 0.6
"""What so many of a file's names begin or end with tells nothing about a joint."""

_SWAPPED = {"left": "right", "right": "left", "l": "r", "r": "l"}

# How a side is told beyond doubt: as a word, at the beginning, or as a letter before a capital.
_SURE = [
    re.compile(r"(?:^|(?<=[\W_]))(left|right|l|r)(?=[\W_]|$)", re.IGNORECASE),
    re.compile(r"^(left|right)(?=.)", re.IGNORECASE),
    re.compile(r"(?<=[a-z0-9])(Left|Right)(?=[A-Z0-9\W_]|$)"),
    re.compile(r"^([lr])(?=[A-Z])"),
    re.compile(r"^([LR])(?=[A-Z])(?=.*[a-z])"),
]
# So a side is told only if the same joint of the other side is there too: lfemur is one, lowerback is none.
_PAIRED = [re.compile(r"^([lr])(?=[a-z])"), re.compile(r"^([LR])(?=[A-Z])"), re.compile(r"(?<=[a-z0-9])([LR])$")]


def plain_name(name: str) -> str:
    """Return the plain form of a single name, see `plain_names`."""
    return plain_names([name])[0]


def plain_names(names: Sequence[str]) -> list[str]:
    """Return a plain form of each of a file's names: ``left`` or ``right`` if it has a side, then the rest.

    The rest is in lower case, without prefix, suffix and separators, and numbers have no zeros before them:
    ``spine_01`` and ``Spine1`` are ``spine1``.

    Args:
        names: of all joints of a file, since what they have in common, and which of them come in pairs, counts.
    """
    bare = [_KNOWN_PREFIX.sub("", _last_part(name), count=1) for name in names]
    bare = _without_common(bare)
    there = set(bare)
    return [_plain(name, there) for name in bare]


def mirrored_name(name: str) -> str:
    """Return what the joint of the other side is called, in the same spelling; for a name that tells a side."""
    match = next((pattern.search(name) for pattern in (*_SURE, *_PAIRED) if pattern.search(name)), None)
    return _swapped(name, match) if match else name


def _last_part(name: str) -> str:
    """Return what stands behind the last ``:`` or ``|``, the names of scenes and of joints above."""
    return re.split(r"[:|]", name.rstrip(":|"))[-1] or name


def _plain(name: str, there: Collection[str]) -> str:
    side = ""
    for match in _told_sides(name, there):
        side = "left" if match[1].lower() in ("l", "left") else "right"
        name = name[: match.start(1)] + " " + name[match.end(1) :]
        break
    else:
        # VRoid says C where others say nothing.
        name = re.sub(r"^C(?=[_ .-])", "", name)
    word = re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]+", " ", name.lower()))
    return side + word.replace(" ", "")


def _told_sides(name: str, there: Collection[str]) -> Iterator[re.Match[str]]:
    for pattern in _SURE:
        if match := pattern.search(name):
            yield match
    for pattern in _PAIRED:
        if (match := pattern.search(name)) and _swapped(name, match) in there:
            yield match


def _swapped(name: str, match: re.Match[str]) -> str:
    told = match[1]
    other = _SWAPPED[told.lower()]
    other = other.upper() if told.isupper() else other.capitalize() if told[0].isupper() else other
    return name[: match.start(1)] + other + name[match.end(1) :]


def _without_common(names: list[str]) -> list[str]:
    """Return names without what most of them begin or end with, up to a separator: ``Bob_`` and ``_JNT``."""
    while True:
        begins = [match[0] for name in names if (match := re.match(r".*?[_ .-](?=.)", name))]
        common = _frequent(begins, len(names))
        if not common or _SURE[0].search(common):
            break
        names = [name.removeprefix(common) or name for name in names]
    ends = [match[0] for name in names if (match := re.search(r"[_ .-][A-Za-z]{3,}$", name)) and match[0] != name]
    common = _frequent(ends, len(names))
    if common and not _SURE[0].search(common):
        names = [name.removesuffix(common) or name for name in names]
    # Without a separator it must be all of them, each with a capital behind: jointHips, jointHead.
    shared = _shared(names)
    if len(names) > 2 and len(shared) > 2 and all(name[len(shared) : len(shared) + 1].isupper() for name in names):
        names = [name[len(shared) :] for name in names]
    return names


def _frequent(parts: list[str], count: int) -> str:
    """Return the part that most of `count` names have, or nothing."""
    best = max(set(parts), key=parts.count, default="")
    return best if count > 2 and parts.count(best) >= _MOST * count else ""


def _shared(names: list[str]) -> str:
    """Return what all names begin with."""
    if not names:
        return ""
    first, last = min(names), max(names)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same]
