"""The one loader: from the files of a data set to `Motion` objects.

Taught in ``notebooks/01_motion_data``.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cs2s.datasets.descriptions import Description, TakeId, describe
from cs2s.datasets.own import describe_folder
from cs2s.errors import InputError
from cs2s.files.places import data_home
from cs2s.motion.motion import Motion
from cs2s.motion.rotations import wrap_angle

__all__ = ["Dataset", "default_folder", "load"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A loaded data set.

    Attributes:
        description: the facts about it.
        motions: every take that is present, at the files' full frame rate, in the paper's reading order. Their rows
            are read-only: who changes one changes a copy.
        missing: files that the description names and the folder lacks.
        blob_ids: git blob id of each file that is present, by path below the folder (empty for made data).
        fingerprint: SHA-256 over names and contents of everything loaded: equal data, equal fingerprint.
    """

    description: Description
    motions: dict[TakeId, Motion]
    missing: tuple[str, ...]
    blob_ids: dict[str, str]
    fingerprint: str

    def split(self, split: str) -> dict[TakeId, Motion]:
        """Return the takes of ``"train"`` or ``"test"``, in the paper's reading order."""
        return {take: motion for take, motion in self.motions.items() if take.split == split}

    def actions(self, split: str) -> tuple[str, ...]:
        """Return the actions that have takes in a split, alphabetically."""
        return tuple(sorted({take.action for take in self.split(split)}))

    def file(self, take: TakeId) -> str:
        """Name a take for a message: its file below the data folder, or what it is where there are no files."""
        if self.description.path:
            return self.description.file(take)
        return f"{take.split} take {take.take} of {take.action}"


def default_folder(description: Description) -> Path:
    """Return where a data set is looked for when no folder is named.

    That is its folder in ``$CS2S_DATA_DIR`` if that is set, else in the user's cache.
    """
    return data_home() / description.folder


def load(name: str, folder: Path | str | None = None) -> Dataset:
    """Load a data set.

    Args:
        name: ``"demo"``, ``"cmu"``, ``"human3.6m"`` or ``"own"`` (see `cs2s.datasets.own`).
        folder: where its files are; `default_folder` if None. Made data has no folder.

    Returns:
        The data set with every take that is present; what is absent is listed in its `missing`.

    Raises:
        InputError: if the data set is unknown, the folder is missing or holds none of its files, or a file
            is not as it should be.
    """
    description = describe(name)
    if description.made:
        if folder is not None:
            raise InputError(f"the {name} data is made by the program: leave out the data folder {folder}.")
        return _make(description)
    return _read(description, Path(folder) if folder is not None else default_folder(description))


def _make(description: Description) -> Dataset:
    # Imported here, because SciPy's interpolation takes longer to load than all else that a command needs.
    from cs2s.datasets.demo import generate_take

    digest = hashlib.sha256()
    motions = {}
    for split in ("train", "test"):
        for take in description.take_ids(split):
            rows = generate_take(take.split, take.action, take.take)
            digest.update(repr(take).encode() + rows.tobytes())
            rows.flags.writeable = False
            motions[take] = Motion(rows, description.skeleton, description.source_fps, description.root)
    return Dataset(description, motions, (), {}, digest.hexdigest())


def _read(description: Description, folder: Path) -> Dataset:
    # Imported here: reader and cache load SciPy and HDF5, and the tables of stored results need neither.
    from cs2s.datasets.rows_cache import cache_file, load_rows

    if not folder.is_dir():
        advice = (
            f"fetch it with 'cs2s data download {description.name}' or name the folder that holds it"
            if description.manifest
            else "name the folder that holds it ('cs2s data list' tells where to get it)"
        )
        raise InputError(f"there is no folder {folder} with the {description.name} data; {advice}.")
    if description.found is not None:
        description = describe_folder(folder)
    takes = [take for split in ("train", "test") for take in description.take_ids(split)]
    present = [take for take in takes if (folder / description.file(take)).is_file()]
    if not present:
        raise InputError(
            f"folder {folder} holds no file of the {description.name} data; "
            f"expected for instance {description.file(takes[0])} in it."
        )
    files = [description.file(take) for take in present]
    columns = description.skeleton.columns
    rows, ids = load_rows([folder / file for file in files], columns, cache_file(folder))
    digest = hashlib.sha256()
    motions = {}
    for take, file, blob_id, array in zip(present, files, ids, rows, strict=True):
        digest.update(f"{blob_id} {file}\n".encode())
        if description.wrap_angles:
            array = wrap_angle(array.reshape(len(array), -1, 3)).reshape(array.shape)
        array = np.ascontiguousarray(array)
        array.flags.writeable = False
        motions[take] = Motion(array, description.skeleton, description.source_fps, description.root)
    missing = tuple(description.file(take) for take in takes if take not in motions)
    return Dataset(description, motions, missing, dict(zip(files, ids, strict=True)), digest.hexdigest())
