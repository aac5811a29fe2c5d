"""A short one of each kind of the worst hour (`campaign.py`, ``make break``)."""

import hostile
import pytest
from harness import Tally, mutants
from mutants import READERS

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="limits and signals are those of POSIX")


@pytest.fixture
def tally():
    """Counts; whatever is neither done nor refused in a sentence fails the test."""
    tally = Tally()
    yield tally
    assert tally.counts
    assert not tally.faults


@pytest.mark.parametrize("reader", READERS)
def test_damaged_files(reader, tmp_path, tally):
    mutants(reader, 0, 25, tmp_path, tally)


@pytest.mark.parametrize("name", ["motion that claims 6 million rows", "samples that claim 10 million rows"])
def test_files_that_claim_much(name, tmp_path, tally):
    hostile.bomb(name, tmp_path, tally)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["weights that claim 32 GiB", "weights of nan", "BVH of 33 million lines"])
def test_large_or_slow_files_that_claim_much(name, tmp_path, tally):
    hostile.bomb(name, tmp_path, tally)


@pytest.mark.parametrize(("name", "size"), [("BVH", 4096), ("motion in HDF5", 4096), ("rows", 4096)])
def test_full_disks(name, size, tmp_path, tally):
    assert hostile.full_disk(name, size, tmp_path, tally) == "sentence"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("samples", 4096), ("training", 200_000), ("mp4", 4096), ("html", 16_384)])
def test_full_disks_of_models_and_pictures(name, size, tmp_path, tally):
    assert hostile.full_disk(name, size, tmp_path, tally) == "sentence"


@pytest.mark.parametrize("kind", ["header", "bomb"])
def test_hostile_servers(kind, tmp_path, tally):
    hostile.server(kind, tmp_path, tally)


@pytest.mark.parametrize("name", hostile.STREAMS)
def test_streams_and_names(name, tmp_path, tally):
    hostile.streams(name, tmp_path, tally)


def test_a_conversion_is_killed(tmp_path, tally):
    hostile.killed_while_writing(0, tmp_path, tally)


@pytest.mark.slow
def test_a_training_is_killed(tmp_path, tally):
    hostile.killed_training(0, tmp_path, tally)
