"""Reads damaged files: ``python mutants.py READER FIRST COUNT FOLDER``. Which damage it is, its number alone says."""

import json
import random
import shutil
import signal
import sys
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from cs2s.datasets.download import published_files
from cs2s.datasets.loading import load
from cs2s.datasets.own import frame_rate
from cs2s.datasets.rows_cache import cache_file
from cs2s.errors import InputError
from cs2s.evaluation.looks import read_test_looks
from cs2s.evaluation.samples import read_samples
from cs2s.evaluation.tables import read_json
from cs2s.files import hdf5_trial
from cs2s.files.formats import load_motion, save_motion
from cs2s.files.hdf5_access import reading_hdf5
from cs2s.files.hierarchy import check_savable
from cs2s.files.places import look_file
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU
from cs2s.training.pretrained import read as read_weights
from cs2s.training.pretrained import save as save_weights
from cs2s.training.runs import Run

OLD = Path(__file__).parents[1] / "files_of_0_1"
_WORDS = b"nan inf -1 0 1e999 1e38 true null 99999999999999999999 ab { } [ ] , : # ../ $\\frac$".split()
_WORDS += [b"\x1b[2J", b"\xff", b"\x00", b"\n", b" ", b'"', b"\xef\xbb\xbf"]


def damaged(content: bytes, number: int) -> bytes:
    """Return a content with the damage of that number: bits, bytes, pieces doubled, cut or moved, words put in."""
    draws, content = random.Random(number), bytearray(content)
    for _ in range(draws.choice((1, 1, 1, 1, 1, 2, 5))):
        place, size = draws.randrange(len(content) + 1), draws.choice((1, 1, 4, 8, 40, 400))
        kind = draws.choice((0, 0, 0, 1, 2, 3, 5, 5, 6, 7, 4))
        if kind == 0 and content:
            content[place % len(content)] ^= 1 << draws.randrange(8)
        elif kind == 1:
            content[place : place + size] = draws.randbytes(min(size, 100))
        elif kind == 2:
            content[place:place] = content[place : place + size]
        elif kind == 3:
            del content[place : place + size]
        elif kind == 4:
            del content[place:]
        elif kind == 5:
            content[place : place + draws.randrange(8)] = draws.choice(_WORDS)
        elif kind == 6:
            content[place : place + size] = bytes([draws.choice((0, 255))]) * min(size, len(content) - place)
        else:
            content[place : place + 8] = draws.choice((2**31, 2**63 - 1, 2**64 - 1, 10**9)).to_bytes(8, "little")
    return bytes(content)


class Reader(ABC):
    """A kind of file: a good one, and what reads it. What is read must make sense."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def good(self) -> Path:
        """Make a good file and whatever belongs to it."""

    @abstractmethod
    def read(self, path: Path) -> None:
        """Read a file."""


def made_motion(frames: int = 12) -> Motion:
    rows = np.random.default_rng(3).normal(scale=0.5, size=(frames, CMU.columns))
    rows[:, [3 + 3 * end + axis for end in CMU.end_sites for axis in range(3)]] = 0
    return Motion(rows, CMU, 120.0)


class Motions(Reader):
    ending = ".bvh"

    def good(self) -> Path:
        return save_motion(made_motion(), self.folder / f"motion{self.ending}")

    def read(self, path: Path) -> None:
        motion = load_motion(path)
        assert len(motion) and np.isfinite(motion.rows).all() and 0.1 <= motion.fps <= 10_000
        assert all(name.isprintable() for name in motion.skeleton.joints)
        try:
            check_savable(motion)
        except InputError as error:
            raise AssertionError(f"it is read and cannot be written: {error}") from error


class Amc(Motions):
    ending = ".amc"


class Asf(Amc):
    def good(self) -> Path:
        return super().good().with_suffix(".asf")

    def read(self, path: Path) -> None:
        super().read(path.with_suffix(".amc"))


class Rows(Motions):
    ending = ".txt"


class Hdf5(Motions):
    ending = ".h5"


class OthersHdf5(Hdf5):
    """Without the checksum, which would notice every damage before the library reads any."""

    def good(self) -> Path:
        path = super().good()
        with h5py.File(path, "r+"):
            return path


class Samples(Reader):
    def good(self) -> Path:
        return Path(shutil.copy(OLD / "samples.h5", self.folder / "samples.h5"))

    def read(self, path: Path) -> None:
        samples = read_samples(path)
        assert 0.1 <= samples.evaluation.fps <= 10_000
        for errors in samples.evaluation.errors.values():
            assert (errors >= 0).all()


class Errors(Reader):
    def good(self) -> Path:
        return Path(shutil.copy(OLD / "corrected.json", self.folder / "errors.json"))

    def read(self, path: Path) -> None:
        for evaluation in read_json(path):
            assert 0.1 <= evaluation.fps <= 10_000


class RunFile(Reader):
    name = "run.json"

    def good(self) -> Path:
        shutil.copytree(OLD / "runs" / "small", self.folder / "run", dirs_exist_ok=True)
        content = json.loads((self.folder / "run" / "run.json").read_text())
        content["settings"]["watch"] = "validation"
        (self.folder / "run" / "run.json").write_text(json.dumps(content))
        history = "iteration,loss,validation_error_f1,validation_error_f3\n"
        history += "".join(f"{n},{1 / n:.4f},{3 / n:.4f},{2 / n:.4f}\n" for n in range(2, 40, 2))
        (self.folder / "run" / "history.csv").write_text(history)
        return self.folder / "run" / self.name

    def read(self, path: Path) -> None:
        run = Run.open(path.parent)
        assert (run.statistics.std > 0).all()
        run.choose_checkpoint()
        assert run.out_of_patience in (True, False)


class StatisticsFile(RunFile):
    name = "statistics.npz"


class History(RunFile):
    name = "history.csv"


class Checkpoint(Reader):
    """All but what Keras does, which takes too long."""

    def good(self) -> Path:
        path = OLD / "runs" / "small" / "checkpoints" / "iteration-000002.weights.h5"
        return Path(shutil.copy(path, self.folder / "a.weights.h5"))

    def read(self, path: Path) -> None:
        try:
            with reading_hdf5(path) as file:
                file.visititems(lambda _, thing: thing[()] is None if isinstance(thing, h5py.Dataset) else None)
        except InputError:
            raise
        except Exception as error:
            # As `load_checkpoint` says it of whatever Keras raises.
            raise InputError("damaged") from error


class Weights(Reader):
    def good(self) -> Path:
        path = self.folder / "weights.npz"
        save_weights(path, [(Run.open(OLD / "runs" / "small"), 2, [np.ones((9, 9)), np.ones(9)])])
        return path

    def read(self, path: Path) -> None:
        for member in read_weights(path):
            assert all(np.isfinite(weight).all() for weight in member.weights)


class Cache(Reader):
    """Whatever is wrong, the same rows come again, and nobody hears of it."""

    def good(self) -> Path:
        data = self.folder / "own"
        for split in ("train", "test"):
            (data / split / "walking").mkdir(parents=True, exist_ok=True)
            save_motion(made_motion(20), data / split / "walking" / "walking_1.txt")
        self.expected = load("own", data)
        return cache_file(data)

    def read(self, path: Path) -> None:
        dataset = load("own", path.parent)
        assert dataset.fingerprint == self.expected.fingerprint
        for take, motion in self.expected.motions.items():
            np.testing.assert_array_equal(dataset.motions[take].rows, motion.rows)


class Settings(Reader):
    def good(self) -> Path:
        path = self.folder / "dataset.json"
        path.write_text('{"fps": 120, "skeleton": "CMU"}\n')
        return path

    def read(self, path: Path) -> None:
        assert 1 <= frame_rate(path.parent) <= 10_000


class Looks(Reader):
    def good(self) -> Path:
        return Path(shutil.copy(OLD / "looks.jsonl", look_file()))

    def read(self, path: Path) -> None:
        read_test_looks()


class Manifest(Reader):
    def good(self) -> Path:
        return Path(shutil.copy(Path(__file__).parents[2] / "data" / "cmu_mocap.txt", self.folder / "manifest.txt"))

    def read(self, path: Path) -> None:
        for name in published_files(path):
            assert not name.startswith("/") and ".." not in name


READERS = {
    "BVH": Motions,
    "ASF": Asf,
    "AMC": Amc,
    "rows": Rows,
    "motions in HDF5": Hdf5,
    "motions in HDF5 of others": OthersHdf5,
    "sample files": Samples,
    "errors": Errors,
    "run.json": RunFile,
    "statistics": StatisticsFile,
    "history": History,
    "checkpoints": Checkpoint,
    "shipped weights": Weights,
    "rows cache": Cache,
    "dataset.json": Settings,
    "looks": Looks,
    "manifest": Manifest,
}


def main() -> None:
    """Read the mutants and write down, after each, what has become of them."""
    name, first, count, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    reader = READERS[name](folder)
    path = reader.good()
    content, counts, faults = path.read_bytes(), Counter(), []
    # What is not damaged is read.
    reader.read(path)

    def late(*_: object) -> None:
        raise TimeoutError("it takes more than 20 seconds")

    signal.signal(signal.SIGALRM, late)
    # A file that never ends is tried twice, if the process has read others before: within the 20 seconds.
    hdf5_trial.SECONDS = 5.0
    for number in range(first, first + count):
        path.write_bytes(damaged(content, number))
        told = {"next": number, "counts": counts, "faults": faults}
        (folder / "progress.json").write_text(json.dumps(told))
        signal.alarm(20)
        try:
            reader.read(path)
            counts["done"] += 1
        except InputError as error:
            counts["sentence" if "\n" not in str(error) else "several lines"] += 1
        except AssertionError as error:
            counts["wrong"] += 1
            faults.append(f"{number}: {str(error)[:200]}")
        except Exception as error:
            counts["hang" if isinstance(error, TimeoutError) else "traceback"] += 1
            faults.append(f"{number}: {type(error).__name__} {str(error)[:200]}")
        signal.alarm(0)
    (folder / "progress.json").write_text(json.dumps({"next": first + count, "counts": counts, "faults": faults}))


if __name__ == "__main__":
    main()
