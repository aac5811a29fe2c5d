"""Published tables, and what is said when ours stand beside them."""

import numpy as np
import pytest

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.evaluation.evaluation import Evaluation
from cs2s.evaluation.published import PUBLISHED, comparison

PRESENT = ("basketball", "jumping", "running", "soccer", "walking", "washwindow")


def test_averages_are_those_of_the_rows():
    for table in PUBLISHED:
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
