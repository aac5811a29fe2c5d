"""What if: the changes of the past that one may put together in the explorer, as one value.

Some change what happened, and with it what should have followed; others only what was seen of it, as a poor camera
does. Taught in ``notebooks/06_explore_predictions``.
"""

import math
from dataclasses import dataclass, replace

from cs2s.motion.edits import (
    at_rest,
    bent,
    faster,
    frames_lost,
    held,
    limb,
    noisy,
    shifted,
    turned_and_moved,
)
from cs2s.motion.mirror import mirrored
from cs2s.motion.motion import Motion

__all__ = ["AS_IT_WAS", "WhatIf"]

_AXES = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}


@dataclass(frozen=True)
class WhatIf:
    """Another past. As it is made without arguments, it is the past as it was.

    Attributes:
        mirror: whether left and right are swapped.
        faster: how many times as fast everything happens; the last observed frame stays.
        shift: how many frames later everything happens; a negative number of frames earlier.
        bend, bend_about, bend_degrees: a joint that is bent further, about which of its axes, by how much.
        hold, hold_frames: a joint that stopped to move so many frames ago, and rests in the future too.
        turn: degrees to the person's left.
        move_x, move_z: metres along the ground.
        noise: degrees by which each joint that moves is shaken, a standard deviation.
        lost_limb, lost_limb_frames: a limb that was not seen in so many last frames.
        lost_frames: the share of frames that were not seen.
    """

    mirror: bool = False
    faster: float = 1.0
    shift: int = 0
    bend: str = ""
    bend_about: str = "y"
    bend_degrees: float = 0.0
    hold: str = ""
    hold_frames: int = 25
    turn: float = 0.0
    move_x: float = 0.0
    move_z: float = 0.0
    noise: float = 0.0
    lost_limb: str = ""
    lost_limb_frames: int = 25
    lost_frames: float = 0.0

    def happened(self, motion: Motion, now: int) -> Motion:
        """Return the motion as it would have been, from its first frame to its last.

        Args:
            motion: one motion.
            now: the last observed frame.
        """
        root = motion.root
        if self.mirror:
            motion = mirrored(motion)
        if self.faster != 1:
            motion = faster(motion, self.faster, now)
        if self.shift:
            motion = shifted(motion, self.shift)
        if self.bend and self.bend_degrees:
            motion = bent(motion, self.bend, [self.bend_degrees * axis for axis in _AXES[self.bend_about]])
        if self.hold and self.hold_frames:
            motion = held(motion, self.hold, max(0, now - self.hold_frames))
        if self.turn or self.move_x or self.move_z:
            motion = turned_and_moved(motion, self.turn, (self.move_x, self.move_z), now)
        return motion.in_steps() if root == "relative" else motion

    def seen(self, observed: Motion, seed: int = 0) -> Motion:
        """Return what a poor camera would see of the observed frames; `seed` is that of what is left to chance."""
        if self.noise:
            observed = noisy(observed, self.noise, seed)
        if self.lost_limb and self.lost_limb_frames:
            joints = limb(observed.skeleton, self.lost_limb)
            observed = at_rest(observed, joints, max(0, len(observed) - self.lost_limb_frames))
        if self.lost_frames:
            observed = frames_lost(observed, self.lost_frames, seed)
        return observed

    def reach(self, observed: int, future: int) -> tuple[int, int]:
        """Return how many frames up to `now`, and how many after it, must be known for so many to be made of them."""
        quick = max(1.0, self.faster)
        return math.ceil(quick * observed) + max(0, self.shift), math.ceil(quick * future) + max(0, -self.shift)

    @property
    def changes_what_happened(self) -> bool:
        """Whether another future should follow."""
        return self._told(camera=False) != ""

    def _told(self, camera: bool = True) -> str:
        told: dict[str, object] = {
            "mirrored": self.mirror,
            f"{self.faster:g} times as fast": self.faster != 1,
            f"{abs(self.shift)} frames {'later' if self.shift > 0 else 'earlier'}": self.shift != 0,
            f"{self.bend} bent by {self.bend_degrees:g}° about {self.bend_about}": self.bend and self.bend_degrees,
            f"{self.hold} held for {self.hold_frames} frames": self.hold and self.hold_frames,
            f"turned by {self.turn:g}°": self.turn,
            f"moved by {self.move_x:g} m and {self.move_z:g} m": self.move_x or self.move_z,
        }
        seen: dict[str, object] = {
            f"shaken by {self.noise:g}°": self.noise,
            f"{self.lost_limb} unseen for {self.lost_limb_frames} frames": self.lost_limb and self.lost_limb_frames,
            f"{self.lost_frames:.0%} of the frames unseen": self.lost_frames,
        }
        listed = told | (seen if camera else {})
        return ", ".join(words for words, so in listed.items() if so)

    def __str__(self) -> str:
        return self._told() or "as it was"

    def only_what_matters(self) -> "WhatIf":
        """Return the same past with the values of what is not asked for as they are at first."""
        unused = WhatIf()
        groups = {
            "bend": (bool(self.bend and self.bend_degrees), ("bend", "bend_about", "bend_degrees")),
            "hold": (bool(self.hold and self.hold_frames), ("hold", "hold_frames")),
            "limb": (bool(self.lost_limb and self.lost_limb_frames), ("lost_limb", "lost_limb_frames")),
        }
        reset = {name: getattr(unused, name) for used, names in groups.values() if not used for name in names}
        return replace(self, **reset)


AS_IT_WAS = WhatIf()
"""The past as it was."""
