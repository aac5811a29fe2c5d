"""Which way is up in a file: judged from how the person stands in the frames, not from the rest pose alone.

Files have y or z up, rest poses lie, stand or fold every bone along x, and what is called up at rest need not be up in
the frames. A person, whatever is done, mostly has the trunk above the legs and the legs above the feet, and the lowest
point of the body stays on one level, which is often zero. Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cs2s.errors import InputError
from cs2s.motion.motion import Motion
from cs2s.motion.rest_poses import end_of_bone

__all__ = ["AXES", "Orientation", "axis", "orientation"]

AXES = ("y", "z", "x", "-y", "-z", "-x")
"""The names of directions that can be up, the likeliest first."""

_MOST_FRAMES = 1000
"""As many frames are looked at, spread over the motion."""
_TRUNK, _LEGS = 0.75, 0.55
"""Cosines: at least so steep are trunk, thighs and shanks of one who stands; of legs the mean of both."""
_MOSTLY, _SOMETIMES = 0.5, 0.05
"""Shares of the frames."""
_LEVEL = 0.12
"""The floor is at zero if the lowest point is no farther from it than this share of the person's height."""
_TRAVELS = 0.6
"""Whoever lies does not move sideways by more than this share of the height."""


@dataclass(frozen=True, eq=False)
class Orientation:
    """How a file's axes lie.

    Attributes:
        up: the axis that points up, one of `AXES`.
        turn: ``(3, 3)``, the rotation for row vectors that takes the file's axes to y up: a permutation with signs.
        note: a sentence for people where it was not plain, else empty.
    """

    up: str
    turn: np.ndarray
    note: str = ""


def axis(name: str) -> np.ndarray:
    """Return the unit vector ``(3,)`` that a name such as ``-y`` stands for.

    Raises:
        InputError: if it is none of `AXES`.
    """
    if name not in AXES:
        raise InputError(f"'{name}' is no axis: name one of {', '.join(AXES)}.")
    return np.eye(3)["xyz".index(name[-1])] * (-1 if name.startswith("-") else 1)


def orientation(
    motion: Motion, where: Mapping[str, int], up: str | None = None, forward: str | None = None
) -> Orientation:
    """Tell which of a file's axes is up.

    A rest pose that stands is believed unless the person never stands so in the frames but stands along another axis in
    most of them; then the file's axes are odd, or somebody lies, and the floor decides: who lies does so on a floor at
    zero along the axis of the rest pose. Where the rest pose tells nothing, the frames do.

    Args:
        motion: with an absolute root.
        where: CMU joint -> index of the file's joint; both legs and arms are among them.
        up: the axis that is up, if that is known.
        forward: the axis that is to become z, if that is known. By default what becomes z is where the rest pose looks
            if another axis than y is up and the rest pose stands along it; else axes turn by the smallest angle.

    Raises:
        InputError: if it cannot be told, or `up` and `forward` make no sense.
    """
    if forward is not None and abs(axis(forward)) @ abs(axis(up or "y")) and up is not None:
        raise InputError(f"--up {up} and --forward {forward} lie along one line: they must be at right angles.")
    seen = _seen(motion)
    body = _Body.of(seen, where)
    at_rest = _Body.of(_resting(motion), where)
    note = ""
    if up is None:
        up, note = _judged(body, at_rest.standing_along())
        if up != "y" and not note:
            note = f"{up} is up in this file, as the person stands; --up names another axis"
    if forward is not None and abs(axis(forward)) @ abs(axis(up)):
        raise InputError(f"{up} is up in this file, so --forward {forward} makes no sense: name --up too if it is not.")
    return Orientation(up, _axis_turn(up, forward or _looks_along(up, at_rest)), note)


def _seen(motion: Motion) -> Motion:
    """Return the frames to look at: without those in the rest pose, unless there are no others."""
    posed = np.abs(motion.rows[:, 3:]).max(axis=1) > 1e-3
    rows = motion.rows[posed] if posed.any() else motion.rows
    return Motion(rows[:: max(1, len(rows) // _MOST_FRAMES)], motion.skeleton, motion.fps)


def _resting(motion: Motion) -> Motion:
    return Motion(np.zeros((1, motion.skeleton.columns)), motion.skeleton, motion.fps)


@dataclass(frozen=True, eq=False)
class _Body:
    """What is looked at of a person in some frames.

    Attributes:
        trunk: ``(frames, 3)``, unit vectors from the hips to the neck.
        legs: two of them, from knees to hips and from ankles to knees, the mean of both sides; not unit vectors.
        left: ``(frames, 3)``, from the right hip joint to the left one.
        hips: ``(frames, 3)``, millimetres.
        lowest: ``(frames, axes)``, where the joint is that is lowest along each of the `AXES`, millimetres.
        height: how tall the person is, about, millimetres.
    """

    trunk: np.ndarray
    legs: tuple[np.ndarray, np.ndarray]
    left: np.ndarray
    hips: np.ndarray
    lowest: np.ndarray
    height: float

    @classmethod
    def of(cls, motion: Motion, where: Mapping[str, int]) -> "_Body":
        places = motion.positions()

        def both(joint: str) -> np.ndarray:
            return (places[:, where["Left" + joint]] + places[:, where["Right" + joint]]) / 2

        hips, knees = both("UpLeg"), both("Leg")
        top = next((where[joint] for joint in ("Neck", "Neck1", "Head") if joint in where), None)
        trunk = (both("Arm") if top is None else places[:, top]) - hips
        ends = [end_of_bone(motion.skeleton, where, side + "Leg") or where[side + "Leg"] for side in ("Left", "Right")]
        ankles = places[:, ends].mean(axis=1)
        length = np.array([np.linalg.norm(way, axis=-1).max() for way in (hips - knees, knees - ankles)])
        legs = (hips - knees) / max(length[0], 1e-9), (knees - ankles) / max(length[1], 1e-9)
        along = np.stack([axis(name) for name in AXES], axis=-1)
        size = np.linalg.norm(trunk, axis=-1)
        # Of anyone, about.
        height = 2 * float(length.sum()) or 3 * float(np.median(size))
        return cls(
            trunk / np.maximum(size, 1e-9)[:, None],
            legs,
            places[:, where["LeftUpLeg"]] - places[:, where["RightUpLeg"]],
            hips,
            (places @ along).min(axis=1),
            height,
        )

    def standing_along(self) -> np.ndarray:
        """Return in what share of the frames the person stands along each of the `AXES`, ``(axes,)``."""
        along = np.stack([axis(name) for name in AXES], axis=-1)
        steep = self.trunk @ along > _TRUNK
        for part in self.legs:
            if part.any():
                steep &= part @ along > _LEGS
        return steep.mean(axis=0)

    def upright_along(self) -> np.ndarray:
        """Return in what share of the frames the trunk stands along each of the `AXES`, ``(axes,)``."""
        along = np.stack([axis(name) for name in AXES], axis=-1)
        return (self.trunk @ along > _TRUNK).mean(axis=0)

    def on_floor_at_zero(self, up: int) -> bool:
        """Tell whether the lowest point along one of the `AXES` is about zero."""
        return bool(abs(np.percentile(self.lowest[:, up], 5)) < _LEVEL * self.height)

    def travels_across(self, up: int) -> bool:
        """Tell whether the hips move far at right angles to one of the `AXES`."""
        moved = np.ptp(self.hips, axis=0) * (axis(AXES[up]) == 0)
        return bool(np.linalg.norm(moved) > _TRAVELS * self.height)

    def steepness(self) -> np.ndarray:
        """Return how much speaks for each of the `AXES` being up, about -1 to 1, ``(axes,)``."""
        along = np.stack([axis(name) for name in AXES], axis=-1)
        told = [part @ along for part in (self.trunk, *self.legs) if part.any()]
        score = np.mean(told, axis=(0, 1))
        spread = np.ptp(np.percentile(self.lowest, (10, 90), axis=0), axis=0)
        for number in range(len(AXES)):
            score[number] += 0.1 * self.on_floor_at_zero(number) - 0.5 * (spread[number] > 0.3 * self.height)
        return score


def _judged(body: _Body, resting: np.ndarray) -> tuple[str, str]:
    """Return which axis is up, and a sentence if that was not plain."""
    standing = body.standing_along()
    rest = int(np.argmax(resting)) if resting.any() else None
    most = int(np.argmax(standing))
    if rest is None:
        if standing[most] >= _MOSTLY:
            # Whoever stood before lying down did so on the floor.
            before = [n for n in np.flatnonzero(standing >= _SOMETIMES) if n != most and body.on_floor_at_zero(int(n))]
            if before and not body.on_floor_at_zero(most):
                return AXES[before[0]], ""
            return AXES[most], ""
        score = body.steepness()
        best = int(np.argmax(score))
        if score[best] < 0.2 or np.sort(score)[-2] > score[best] - 0.15:
            raise InputError(
                "which way is up cannot be told: neither the rest pose nor the frames stand upright along an axis; "
                f"name it by --up ({', '.join(AXES)})."
            )
        return AXES[best], f"{AXES[best]} was taken for up, by most of the frames; --up names another axis"
    if standing[most] < _MOSTLY:
        # Whoever sits has only the trunk upright; but so has, lying, who crawls.
        upright = body.upright_along()
        most = int(np.argmax(upright))
        if upright[most] < _MOSTLY or upright[rest] >= _SOMETIMES:
            return AXES[rest], ""
        if body.on_floor_at_zero(rest) or not body.on_floor_at_zero(most):
            return AXES[rest], ""
    if most == rest or standing[rest] >= _SOMETIMES:
        return AXES[rest], ""
    opposite = most % 3 == rest % 3
    lies = body.on_floor_at_zero(rest) and not body.on_floor_at_zero(most)
    lies &= opposite or not body.travels_across(most)
    taken, other = (rest, most) if lies else (most, rest)
    if lies:
        how = "is upside down" if opposite else f"lies along {AXES[most]}"
        what = f"the person {how} in all frames, as the floor at zero tells"
    else:
        what = f"the rest pose stands along {AXES[rest]}, but in the frames the person stands along {AXES[most]}"
    return AXES[taken], f"{what}: {AXES[taken]} was taken for up; if it is {AXES[other]}, say --up {AXES[other]}"


def _looks_along(up: str, at_rest: _Body) -> str | None:
    """Return the axis along which the rest pose looks, if another than y is up and it stands along that."""
    if up == "y" or not at_rest.standing_along()[AXES.index(up)]:
        return None
    forward = np.cross(at_rest.left[0], axis(up))
    best = max(AXES, key=lambda name: forward @ axis(name))
    return best if forward @ axis(best) > 0.7 * np.linalg.norm(forward) else None


def _axis_turn(up: str, forward: str | None) -> np.ndarray:
    """Return the rotation for row vectors that takes `up` to y and `forward` to z.

    Without `forward` it is the smallest rotation that takes up to y; about x if up is -y.
    """
    if forward is None:
        forward = {"y": "z", "-y": "-z", "z": "-y", "-z": "y", "x": "z", "-x": "z"}[up]
    ahead, above = axis(forward), axis(up)
    # Row vectors: what is along left, up and ahead in the file gets x, y and z.
    return np.stack([np.cross(above, ahead), above, ahead], axis=-1)
