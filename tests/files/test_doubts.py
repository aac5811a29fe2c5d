"""Units of length and frame rates that files leave unsaid or say wrongly, judged by the person."""

from dataclasses import replace

import numpy as np
import pytest

from cs2s.files.amc import load_amc, save_amc
from cs2s.files.bvh import load_bvh, save_bvh
from cs2s.files.doubts import checked_unit, guessed_unit, person_metres, rate_notes
from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton
from cs2s.workbook.stand_in import PERFORMER

UNITS = {"mm": 1.0, "cm": 10.0, "inch": 25.4, "CMU": CMU.unit_mm, "dm": 100.0, "foot": 304.8, "m": 1000.0}


def tall(metres: float) -> Skeleton:
    """The performer's skeleton, grown or shrunk until it is so tall."""
    return replace(PERFORMER, offsets=PERFORMER.offsets * metres / person_metres(PERFORMER))


def guess(metres: float, unit_mm: float):
    body = tall(metres)
    return guessed_unit(body.joints, body.parents, body.offsets / unit_mm)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("metres", [1.48, 1.55, 1.65, 1.75, 1.85, 1.94])
def test_a_grown_up_is_measured_in_any_unit_without_a_doubt(unit, metres):
    assert guess(metres, UNITS[unit]) == (UNITS[unit], ())


@pytest.mark.parametrize("unit", ["mm", "cm", "m"])
@pytest.mark.parametrize("metres", [0.9, 1.02, 1.1, 1.24, 1.3, 1.4])
def test_a_child_is_measured_in_metric_units_and_a_small_one_gets_a_note(unit, metres):
    unit_mm, notes = guess(metres, UNITS[unit])
    assert unit_mm == UNITS[unit]
    assert len(notes) == (metres < 1.25)
    if notes:
        assert f"the person is {metres:.2f} m tall" in notes[0]
        assert "--unit-mm" in notes[0]


def test_where_two_units_fit_both_readings_are_said():
    # Small in centimetres is tall in inches.
    unit_mm, (note,) = guess(0.8, 10.0)
    assert unit_mm == 25.4
    assert "in inches the person is 2.03 m tall, but would be 0.80 m in centimetres (--unit-mm 10)" in note


def test_where_none_fits_that_is_said():
    for metres in (0.4, 0.012, 5000.0):
        _, (note,) = guess(metres, 10.0)
        assert "no known unit makes a person of usual size" in note or "would be" in note
    unit_mm, (note,) = guess(3.0, 10.0)
    assert (unit_mm, "no known unit makes a person of usual size; in " in note) == (10.0, True)


def test_what_has_no_legs_is_guessed_by_its_longest_way():
    names, parents = ("a", "b", "c"), (-1, 0, 1)
    for unit in UNITS.values():
        offsets = np.array([[0, 0, 0], [0, 1500, 0], [800, 0, 0]]) / unit
        assert guessed_unit(names, parents, offsets) == (unit, ())
    assert guessed_unit(names, parents, np.zeros((3, 3))) == (10.0, ())


def test_heights_are_those_of_people():
    assert person_metres(CMU) == pytest.approx(1.71, abs=0.01)
    assert person_metres(HUMAN36M) == pytest.approx(1.83, abs=0.01)
    assert person_metres(Skeleton("snake", ("a", "b"), (-1, 0), np.ones((2, 3)), 1.0)) is None


def test_a_told_unit_or_rate_settles_the_doubt(tmp_path):
    motion = Motion(np.zeros((2, PERFORMER.columns)), tall(1.02), 1.0)
    path = save_bvh(replace(motion, fps=1.0), tmp_path / "child.bvh")
    unit_note, rate_note = load_motion(path).notes
    assert load_motion(path).skeleton.unit_mm == 10
    assert "the unit of length is a guess" in unit_note
    assert "1 frame a second is no usual rate" in rate_note
    assert load_motion(path, unit_mm=10).notes == (rate_note,)
    assert load_motion(path, fps=30).notes == (unit_note,)
    assert load_motion(path, fps=30, unit_mm=10).notes == ()


def test_a_unit_that_an_asf_file_says_wrongly_is_replaced(tmp_path):
    """Lengths in centimetres, said to be in inches, make a giant."""
    motion = Motion(np.zeros((2, CMU.columns)), replace(CMU, unit_mm=10.0), 120.0)
    path = save_amc(motion, tmp_path / "a.amc")
    assert load_amc(path).notes == ()
    asf = path.with_suffix(".asf")
    asf.write_text(asf.read_text().replace("length 2.54", "length 1"))
    again = load_amc(path)
    assert again.skeleton.unit_mm == 10
    np.testing.assert_allclose(again.positions()[0].max(axis=0), load_amc(path).positions()[0].max(axis=0))
    (note,) = again.notes
    assert "a.asf says a unit of length of 25.4 mm, which makes a person of 4.3" in note
    assert "taken for 10 mm (1.71 m); --unit-mm 25.4 keeps what it says" in note
    kept = load_motion(path, unit_mm=25.4)
    assert (kept.skeleton.unit_mm, kept.notes) == (25.4, ())


def test_a_unit_that_makes_a_person_is_believed():
    for metres in (0.9, 1.3, 2.0):
        body = tall(metres)
        assert checked_unit(body.joints, body.parents, body.offsets / 25.4, 25.4, "x.asf") == (25.4, ())
    unit, (note,) = checked_unit(PERFORMER.joints, PERFORMER.parents, tall(3.0).offsets / 10, 10.0, "x.asf")
    assert unit == 10
    assert "which makes a person of 3.00 m; no known unit makes one of usual size" in note


def test_usual_rates_get_no_note():
    for fps in (12, 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 100, 119.88, 120, 240, 480):
        assert rate_notes(fps) == ()
    for fps in (0.5, 1, 5, 10, 1000):
        (note,) = rate_notes(fps)
        assert "is no usual rate" in note
        assert "--source-fps" in note


@pytest.mark.parametrize(
    "name", "raw/01_01 raw/35_01_first_frames wild/xia_neutral wild/dme_raw wild/ad_cmu1_jumping_jacks".split()
)
def test_bodies_of_the_cmu_database_are_in_its_unit(reference, name):
    motion = load_bvh(reference / "data" / f"{name}.bvh")
    assert motion.skeleton.unit_mm == CMU.unit_mm
    assert motion.notes == ()


@pytest.mark.parametrize(
    ("name", "unit"),
    {"bvhtb_freebvh": 10, "bvhtb_walk01": 10, "pymo_walk": 25.4}.items(),
)
def test_units_of_public_files(reference, name, unit):
    motion = load_bvh(reference / "data/wild" / f"{name}.bvh")
    assert (motion.skeleton.unit_mm, motion.notes) == (unit, ())


def test_the_open_cases(own_motion):
    child = load_bvh(own_motion / "12/child.bvh")
    assert child.skeleton.unit_mm == 10
    assert person_metres(child.skeleton) == pytest.approx(1.02, abs=0.02)
    assert "1.03 m tall, but would be 2.61 m in inches (--unit-mm 25.4)" in child.notes[0]
    placeholder = load_bvh(own_motion / "19/onefps.bvh")
    assert placeholder.fps == 1
    assert "1 frame a second is no usual rate" in placeholder.notes[0]
    counted = load_bvh(own_motion / "11/count.bvh")
    assert len(counted) == 3
    assert counted.notes == ("line 64 says Frames: 2, but 3 whole ones follow, which are read",)
