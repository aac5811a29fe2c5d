"""Descriptions of the data sets: facts about each, as data.

A `Description` says where the files of a data set lie, in which order the paper reads them, and what is
peculiar about them. `cs2s.datasets.loading.load` is the one loader for all. To add a data set, add a description.
Taught in ``notebooks/01_motion_data``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cs2s.errors import InputError, near
from cs2s.motion.skeleton import CMU, CMU_ROWS, HUMAN36M_ROWS, Skeleton

__all__ = [
    "CMU_DATA",
    "DEMO_DATA",
    "DESCRIPTIONS",
    "HUMAN36M_DATA",
    "LEAST_OBSERVED",
    "OBSERVED",
    "OWN_DATA",
    "PREDICTED",
    "Description",
    "TakeId",
    "describe",
]

OBSERVED = 50
"""Frames of a window that a predictor sees, after halving; the same for all data sets."""

LEAST_OBSERVED = 10
"""Frames that a predictor must see which has learned to do with fewer."""

PREDICTED = 25
"""Frames that follow them in a window, to be predicted."""


class TakeId(NamedTuple):
    """Which recording: the split it belongs to, who moved (empty where unknown), what, and its number."""

    split: str
    subject: str
    action: str
    take: int


@dataclass(frozen=True)
class Description:
    """The facts of one data set.

    Attributes:
        name: what the command line calls it.
        skeleton: the joints of its rows.
        actions: in the order in which the paper concatenates them for its statistics.
        source_fps: frames per second of the files; the paper takes every second row of them.
        subjects: split -> subjects, in reading order (one empty name where files name no subject).
        takes: split -> take numbers of each action.
        path: pattern of a take's file below the data folder.
        folder: name of the data folder inside ``CS2S_DATA_DIR`` or the user's cache.
        root: how the root's motion is stored, see `cs2s.motion.motion.Motion`.
        padding: what the paper's convolutions do at the borders on this data set.
        t_pose_rows: rows at the start of each file which are not motion but a T-pose left by a conversion.
        wrap_angles: take the length of every triplet modulo 2 pi before anything else.
        first_start: earliest first frame of a window.
        test_tail: frames a test take must have after a window's first drawn index, None: observed + predicted.
        title: one line for people.
        source: where the data comes from and under which terms.
        manifest: name of the file of published git blob ids, if the data can be downloaded.
        url: address that the manifest's paths are appended to, if the data can be downloaded.
        made: whether the program makes the data itself (`cs2s.datasets.demo`), so that there are no files.
        found: the takes, where not the description but the data folder says which there are; else None.
    """

    name: str
    title: str
    source: str
    skeleton: Skeleton
    actions: tuple[str, ...]
    source_fps: float
    subjects: Mapping[str, tuple[str, ...]]
    takes: Mapping[str, tuple[int, ...]]
    path: str = ""
    folder: str = ""
    root: Literal["absolute", "relative"] = "absolute"
    padding: Literal["valid", "same"] = "valid"
    t_pose_rows: int = 0
    wrap_angles: bool = False
    first_start: int = 0
    test_tail: int | None = None
    manifest: str = ""
    url: str = ""
    made: bool = False
    found: tuple[TakeId, ...] | None = None

    @property
    def fps(self) -> float:
        """Frames per second after the paper's halving."""
        return self.source_fps / 2

    @property
    def classes(self) -> tuple[str, ...]:
        """Actions in alphabetical order: the order of the one-hot labels."""
        return tuple(sorted(self.actions))

    def take_ids(self, split: str) -> Iterator[TakeId]:
        """Yield the takes of ``"train"`` or ``"test"`` in the paper's reading order."""
        if self.found is not None:
            yield from (take for take in self.found if take.split == split)
            return
        for subject in self.subjects[split]:
            for action in self.actions:
                for take in self.takes[split]:
                    yield TakeId(split, subject, action, take)

    def file(self, take: TakeId) -> str:
        """Return the path of a take's file below the data folder."""
        return self.path.format(**take._asdict())


_ONE_UNNAMED = {"train": ("",), "test": ("",)}

DEMO_DATA = Description(
    name="demo",
    title="synthetic motion, made by the program in a second: needs no download",
    source="made by cs2s.datasets.demo from joint-angle curves of the biomechanics literature",
    skeleton=CMU,
    actions=("walking", "running", "squatting", "waving", "boxing"),
    source_fps=50.0,
    subjects=_ONE_UNNAMED,
    takes={"train": (1, 2, 3, 4, 5, 6, 7, 8, 9), "test": (1,)},
    made=True,
)

CMU_DATA = Description(
    name="cmu",
    title="CMU motion capture, the 8 actions of the paper",
    source=(
        "The data used in this project was obtained from mocap.cs.cmu.edu. The database was created with "
        "funding from NSF EIA-0196217. Free for all uses."
    ),
    skeleton=CMU_ROWS.skeleton,
    actions=(
        "walking",
        "running",
        "directing_traffic",
        "soccer",
        "basketball",
        "washwindow",
        "jumping",
        "basketball_signal",
    ),
    source_fps=CMU_ROWS.fps,
    subjects=_ONE_UNNAMED,
    takes={"train": (1, 2, 3, 4, 5), "test": (1,)},
    path="{split}/{action}/{action}_{take}.txt",
    folder="cmu_mocap",
    t_pose_rows=1,
    root=CMU_ROWS.root,
    manifest="cmu_mocap.txt",
    # Where the paper's authors publish the files, at the commit that the manifest was taken from.
    url=(
        "https://raw.githubusercontent.com/chaneyddtt/"
        "Convolutional-Sequence-to-Sequence-Model-for-Human-Dynamics/"
        "f27ccb4ed5b0568cde2b7cf096dd2683c901b4d8/data/cmu_mocap"
    ),
)

HUMAN36M_DATA = Description(
    name="human3.6m",
    title="Human3.6M, 15 actions of 7 people",
    source=(
        "Human3.6M may not be redistributed. Ask for it at http://vision.imar.ro/human3.6m/ and put the "
        "exponential-map text files S1/walking_1.txt ... S11/walkingtogether_2.txt into one folder."
    ),
    skeleton=HUMAN36M_ROWS.skeleton,
    actions=(
        "walking",
        "eating",
        "smoking",
        "discussion",
        "directions",
        "greeting",
        "phoning",
        "posing",
        "purchases",
        "sitting",
        "sittingdown",
        "takingphoto",
        "waiting",
        "walkingdog",
        "walkingtogether",
    ),
    source_fps=HUMAN36M_ROWS.fps,
    subjects={"train": ("1", "6", "7", "8", "9", "11"), "test": ("5",)},
    takes={"train": (1, 2), "test": (1, 2)},
    path="S{subject}/{action}_{take}.txt",
    folder="human3.6m",
    root=HUMAN36M_ROWS.root,
    padding="same",
    wrap_angles=True,
    first_start=16,
    test_tail=150,
)

OWN_DATA = Description(
    name="own",
    title="your own captures: a folder that says itself which actions and takes there are",
    source="made from BVH, AMC and other motion files by 'cs2s data add'; see cs2s.datasets.own.",
    skeleton=CMU_ROWS.skeleton,
    actions=(),
    source_fps=CMU_ROWS.fps,
    subjects=_ONE_UNNAMED,
    takes={},
    path="{split}/{action}/{action}_{take}.txt",
    folder="own",
    root=CMU_ROWS.root,
    found=(),
)

DESCRIPTIONS = {description.name: description for description in (DEMO_DATA, CMU_DATA, HUMAN36M_DATA, OWN_DATA)}


def describe(name: str) -> Description:
    """Return the description called `name`.

    Raises:
        InputError: if there is none.
    """
    if name not in DESCRIPTIONS:
        there = ", ".join(DESCRIPTIONS)
        raise InputError(f"there is no dataset '{name}'{near(name, DESCRIPTIONS)}; choose one of: {there}.")
    return DESCRIPTIONS[name]
