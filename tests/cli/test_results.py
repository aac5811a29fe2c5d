"""The project's results: every table on the page of results is what its committed numbers say."""

import csv
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.cli.results import by_preset_and_length, put_tables
from cs2s.datasets.loading import load
from cs2s.datasets.validation import VALIDATION_STRIDE, hold_out
from cs2s.datasets.windows import all_windows, dataset_statistics
from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation
from cs2s.evaluation.measured import measured, paper_markdown
from cs2s.evaluation.measures import angle_error
from cs2s.evaluation.tables import read_json, write_json
from cs2s.training.settings import Settings

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "data" / "results"


def test_the_committed_tables_are_those_of_the_committed_numbers(tmp_path):
    page = tmp_path / "page.md"
    page.write_text((KEPT / "README.md").read_text())
    before = (KEPT / "tables.md").read_text()
    shutil.copytree(KEPT, tmp_path / "results", ignore=shutil.ignore_patterns("tables.md"))
    assert main(["results", "--out", str(tmp_path / "results"), "--page", str(page)]) == 0
    assert page.read_text() == (KEPT / "README.md").read_text()
    assert (tmp_path / "results" / "tables.md").read_text() == before
    assert "f24" in re.search(r"<!-- paper table:.*?<!-- end of paper table -->", before + page.read_text(), re.S)[0]


def made(name: str, errors: list[list[float]]) -> Evaluation:
    rows = dict(zip(("jumping", "walking"), (np.array(row, float) for row in errors), strict=True))
    return Evaluation.of_errors("cmu", name, 60.0, rows)


def trained(preset: str, length: int) -> SimpleNamespace:
    return SimpleNamespace(settings=SimpleNamespace(preset=preset), choose_checkpoint=lambda: length)


def test_only_runs_of_one_length_are_averaged(tmp_path):
    paper = [trained("paper", length) for length in (6000, 20000, 6000)]
    mine = [trained("dct-mlp", 2400) for _ in range(2)]
    groups = by_preset_and_length([*paper, *mine])
    assert groups == {"paper-6000": [paper[0], paper[2]], "paper": [paper[1]], "dct-mlp": mine}
    plain = SimpleNamespace(settings=Settings.for_preset("cmu", rollout="plain"), choose_checkpoint=lambda: 6000)
    assert by_preset_and_length([paper[0], plain]) == {"paper": [paper[0]], "paper-plain": [plain]}
    lengths = {"paper-6000": 6000, "paper": 20000, "dct-mlp": 2400}
    for name, runs in groups.items():
        evaluations = [made(f"runs/{name}-{seed}@{lengths[name]}", [np.ones(25)] * 2) for seed, _ in enumerate(runs)]
        write_json(evaluations, tmp_path / f"{name}.paper.json")
    lines = paper_markdown(measured(tmp_path)).splitlines()[2:5]
    assert [line.split("|")[1:3] for line in lines] == [
        [" the paper's model (`paper`) ", " 1 × 20,000 "],
        [" the paper's model (`paper`), stopped at 6,000 ", " 2 × 6,000 "],
        [" small model (`dct-mlp`) ", " 2 × 2,400 "],
    ]


def test_tables_are_put_between_their_marks_and_nothing_else_moves(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n<!-- one: made by x -->\nold\n| rows |\n<!-- end of one -->\ntail <!-- two: y -->\n")
    assert put_tables(page, {"one": "| new |", "two": "never"}) == 1
    assert page.read_text() == (
        "# A\n<!-- one: made by x -->\n\n| new |\n\n<!-- end of one -->\ntail <!-- two: y -->\n"
    )
    with pytest.raises(InputError, match="there is no file"):
        put_tables(tmp_path / "nothing.md", {})
    with pytest.raises(InputError, match="measure runs with"):
        measured(tmp_path)


def test_results_of_other_data_are_refused(trained_run, capsys):
    assert main(["results", str(trained_run)]) == 2
    assert "the project's results are of CMU" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_that_held_windows_out_is_measured_on_those_and_on_no_test_window(cmu_folder, tmp_path, monkeypatch):
    log = tmp_path / "looks.jsonl"
    monkeypatch.setenv("CS2S_TEST_LOOKS", str(log))
    shutil.copytree(KEPT, tmp_path / "results", ignore=shutil.ignore_patterns("changes", "ablations"))
    page = tmp_path / "page.md"
    page.write_text((KEPT / "README.md").read_text())
    data = ["--data-dir", str(cmu_folder)]
    folder = tmp_path / "change-no-mirror"
    asked = ["--preset", "dct-mlp", "--iterations", "1", "--batch-size", "2", "--mirror", "0", "--watch", "validation"]
    assert main(["train", "--dataset", "cmu", *data, "--run", str(folder), *asked, "--quiet"]) == 0
    out = ["--out", str(tmp_path / "results"), "--page", str(page)]
    assert main(["results", str(folder), *data, *out]) == 0
    (evaluation,) = read_json(tmp_path / "results" / "changes" / "no-mirror.json")
    assert evaluation.protocol == "validation"
    assert evaluation.made_from["settings"]["mirror"] == 0
    (still,) = read_json(tmp_path / "results" / "zero_velocity_on_validation.json")
    assert (still.predictor, still.protocol) == ("zero-velocity", "validation")
    held = hold_out(load("cmu", cmu_folder))
    windows = all_windows(held, dataset_statistics(held), "validation", VALIDATION_STRIDE)
    expected = [angle_error(w.future, ZeroVelocity()(w.observed, 25)).mean(axis=0)[9] for w in windows]
    assert still.average[9] == pytest.approx(np.mean(expected), rel=1e-5)
    with (tmp_path / "results" / "changes" / "no-mirror.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert evaluation.predictor.endswith("@1")
    assert row["iteration"] == "1"
    assert float(row["validation_error_f9"]) == pytest.approx(evaluation.average[9], abs=1e-3)
    assert not log.exists()
    assert page.read_text() == (KEPT / "README.md").read_text()
