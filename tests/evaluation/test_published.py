"""Published tables, and what is said when ours stand beside them."""

import json
import re

import numpy as np
import pytest

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.evaluation.evaluation import Evaluation, Result
from cs2s.evaluation.measures import FIELD_POSITIONS
from cs2s.evaluation.published import PUBLISHED, PUBLISHED_POSITIONS, comparison

PRESENT = ("basketball", "jumping", "running", "soccer", "walking", "washwindow")


def test_averages_are_those_of_the_rows():
    assert {table.protocol for table in PUBLISHED} == {"paper"}
    for table in (*PUBLISHED, *PUBLISHED_POSITIONS):
        rows = [errors for action, errors in table.rows.items() if action != "average"]
        assert all(len(errors) == len(table.frames) for errors in table.rows.values())
        if rows:
            assert set(table.rows) == {*CMU_DATA.actions, "average"}
            np.testing.assert_allclose(np.mean(rows, axis=0), table.rows["average"], atol=0.0075)


@pytest.mark.parametrize(
    ("method", "average"),
    # Counted by hand from the published rows of the six actions present.
    [("conv seq2seq", ("0.33", "0.50", "0.83", "0.95", "1.39")), ("LTD", ("0.28", "0.44", "0.75", "0.86", "1.28"))],
)
def test_averages_are_taken_over_the_actions_that_were_evaluated(method, average):
    errors = {action: np.full(25, 0.5) for action in PRESENT}
    text = comparison(Evaluation.of_errors("cmu", "ours", 60.0, errors, made_from={"missing": ["a", "b"]}))
    last = text[text.index("\naverage\n") :].splitlines()
    (row,) = [line.split() for line in last if line.startswith(f"  {method}")]
    np.testing.assert_allclose([float(x) for x in row[-5:]], [float(x) for x in average], atol=0.0051)
    assert "2 files are missing" in text
    assert "33 to 417 ms" in text
    assert "not checked" in text


def test_human36m_has_averages_only():
    errors = {action: np.full(25, 0.5) for action in ("walking", "eating")}
    text = comparison(Evaluation.of_errors("human3.6m", "ours", 25.0, errors))
    assert "HisRep" in text
    assert "ms ahead" not in text


def test_the_demo_has_nothing_to_compare_with():
    assert "nothing to compare" in comparison(Evaluation.of_errors("demo", "ours", 25.0, {"walking": np.zeros(25)}))


def of_positions(errors, dataset="cmu", fps=60.0):
    """What an evaluation under the protocol of positions is, with so many millimetres at every frame of an action."""
    actions = {action: Result({FIELD_POSITIONS.name: np.full(25, error)}) for action, error in errors.items()}
    overall = Result({FIELD_POSITIONS.name: np.full(25, np.mean(list(errors.values())))})
    return Evaluation(dataset, "ours", fps, "positions", (FIELD_POSITIONS,), actions, overall, 1)


def rows_below(text, heading):
    """Method -> its numbers, of one block of a comparison."""
    below = text[text.index(f"\n{heading}\n") :].splitlines()[2:]
    ends = next(number for number, line in enumerate(below) if not line.startswith("  "))
    split = (line.strip().rsplit(maxsplit=6) for line in below[:ends])
    return {name: [float(number) for number in numbers] for name, *numbers in split}


def test_printed_positions_are_those_of_the_golden_file_and_stand_beside_ours(reference):
    golden = json.loads((reference / "golden" / "cmu_positions_all_windows.json").read_text())
    (printed,) = [rows for key, rows in golden.items() if key.startswith("printed by the peers")]
    called = {"LTD": "Traj-GCN", "residual RNN": "Residual sup."}
    ours = dict(zip(PRESENT, (10.0, 20.0, 30.0, 40.0, 50.0, 300.0), strict=True))
    text = comparison(of_positions(ours))
    seen = [action for action in PRESENT if action != "washwindow"]
    assert len(PUBLISHED_POSITIONS) == len(printed) == 5
    for table in PUBLISHED_POSITIONS:
        (rows,) = [r for key, r in printed.items() if key.startswith(called.get(table.method, table.method))]
        for action in PRESENT:
            np.testing.assert_array_equal(table.rows[action], rows[action])
            assert rows_below(text, action)[table.method] == rows[action]
        np.testing.assert_allclose(rows_below(text, "average")[table.method], rows["mean"], atol=0.011)
        without = np.mean([rows[action] for action in seen], axis=0)
        np.testing.assert_allclose(rows_below(text, "average without washwindow")[table.method], without, atol=0.0051)
    assert rows_below(text, "average")["ours"] == [75] * 6
    assert rows_below(text, "average without washwindow")["ours"] == [30] * 6


def test_what_is_not_comparable_of_positions_is_said():
    text = comparison(of_positions({"walking": 9.0, "washwindow": 7.0}))
    first, second, *_ = text.splitlines()
    assert first == "beside what papers print: position error, mm of the field (1.24 times too long)"
    assert second.split() == ["f1", "f3", "f7", "f9", "f13", "f24"]
    assert max(map(len, text.splitlines())) <= 80
    notes = [note.replace("\n  ", " ") for note in re.split(r"\n(?! )", text) if note.startswith("not comparable: ")]
    for part in (
        "33 to 417 ms",
        "best on test windows",
        "observe 10 frames",
        "no training file of washwindow",
        "1.24 times",
    ):
        assert any(part in note for note in notes), part
    assert "eight test windows" not in text


@pytest.mark.parametrize("actions", [["walking", "soccer"], ["washwindow"]])
def test_washwindow_is_left_out_once_where_it_is_one_of_several(actions):
    assert "\naverage without" not in comparison(of_positions(dict.fromkeys(actions, 1.0)))


@pytest.mark.parametrize("dataset", ["demo", "human3.6m"])
def test_of_other_data_nobody_prints_positions(dataset):
    assert "nothing to compare with" in comparison(of_positions({"walking": 1.0}, dataset, 25.0))


def test_angle_errors_and_positions_are_not_mixed():
    of_paper = comparison(Evaluation.of_errors("cmu", "ours", 60.0, dict.fromkeys(PRESENT, np.full(25, 0.5))))
    assert "PGBIG" not in of_paper
    first, second, *_ = of_paper.splitlines()
    assert (
        first == "beside what papers print: mean angle error, radians" and second.split() == "f1 f3 f7 f9 f24".split()
    )
    assert "conv seq2seq" not in comparison(of_positions({"walking": 1.0}))
    corrected = Evaluation.of_errors("cmu", "ours", 60.0, {"walking": np.zeros(25)}, "corrected")
    assert "nothing to compare with" in comparison(corrected)
