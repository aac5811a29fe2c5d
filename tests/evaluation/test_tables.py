"""Tables show the numbers that version 0.1 showed, in 80 columns and once; files of errors hold what they held."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cs2s.errors import InputError
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, evaluate
from cs2s.evaluation.protocols import CORRECTED, EveryWindow
from cs2s.evaluation.tables import error_table, in_words, read_json, write_json

KEPT = Path(__file__).parents[2] / "data" / "results" / "predictors"


def kept(name: str, protocol: str):
    return read_json(KEPT / f"{name}.{protocol}.json")[0]


def shown_by_0_1(printed: str) -> tuple[dict, list]:
    """Take apart a table of version 0.1: (block, predictor, action) -> its numbers; and the ends of intervals."""
    rows, intervals = {}, []
    predictor, block = "", 0
    for line in printed.splitlines():
        if " compared" in line:
            break
        if line.startswith("cmu, "):
            predictor, block = line.removeprefix("cmu, ").split(": ")[0], -1
        elif line.startswith("action "):
            block, counted = block + 1, "windows" in line
        elif line.startswith("  95 %"):
            ends = [end.split("-") for end in line.split()[2:]]
            intervals.append(tuple([pair[side] for pair in ends] for side in (0, 1)))
        elif re.match(r"\w+ +\d", line) and not line.startswith("95 %"):
            action, *numbers = line.split()
            rows[block, predictor, action] = numbers[2:] if counted else numbers
    return rows, intervals


def shown(table: str, predictors: list[str]) -> tuple[dict, list]:
    """Take apart a table of today, in the same way."""
    rows, low, high = {}, [], []
    block, action = -1, ""
    for line in table.splitlines():
        name, *numbers = line.split() or [""]
        counts = re.match(r"([a-z_]+) \d+ \(\d+\)", line)
        if counts:  # beside the name of an action stand its windows and blocks
            line = line.replace(counts[0], counts[1], 1)
            name, *numbers = line.split()
        if " f1 " in line:
            block += 1
        elif line.lstrip().startswith("95 % from"):
            low.append(numbers[2:])
        elif name == "to":
            high.append(numbers)
        elif len(predictors) == 1 and re.fullmatch(r"[a-z]+( +\d+\.\d+)+", line):
            rows[block, predictors[0], name] = numbers
        elif re.fullmatch(r"[a-z_]+", line):
            action = name
        elif line.startswith("  ") and name in predictors:
            rows[block, name, action] = numbers
    return rows, list(zip(low, high, strict=True))


@pytest.mark.parametrize("number", range(4))
def test_a_table_shows_every_number_that_version_0_1_showed_once_and_in_80_columns(number):
    """One predictor and two, under both protocols; ``tables_of_0_1.txt`` was printed by version 0.1."""
    names = ["zero-velocity"] if number < 2 else ["zero-velocity", "dct-mlp"]
    protocol = ("paper", "corrected")[number % 2]
    printed = Path(__file__).with_name("tables_of_0_1.txt").read_text().removesuffix("\n").split("\n=====\n")[number]
    evaluations = [kept(name, protocol) for name in names]
    table = error_table(*evaluations)
    assert max(map(len, table.splitlines())) <= 80 and not any(line.endswith(" ") for line in table.splitlines())
    (rows, intervals), (old, old_intervals) = (
        shown(table, [evaluation.predictor for evaluation in evaluations]),
        shown_by_0_1(printed),
    )
    assert rows == old and len(rows) == len(names) * 7 * (1 + number % 2)
    # Version 0.1 had the intervals predictor by predictor, now they stand block by block.
    assert sorted(intervals) == sorted(old_intervals) and len(intervals) == len(names) * 2 * (number % 2)
    for evaluation in evaluations:
        walking = re.escape(rows[0, evaluation.predictor, "walking"][0])
        assert len(re.findall(rf"(?<!\d){walking} ", table)) == 1, "a number stands there twice"


@pytest.mark.parametrize("protocol", ["paper", "corrected", "positions"])
def test_the_unit_is_named_once_for_each_block(protocol):
    evaluation = kept("zero-velocity", protocol)
    table = error_table(evaluation)
    for measure in evaluation.measures:
        assert table.count(measure.title) == 1
        if measure.unit:
            assert measure.unit.split()[0] in measure.title or "mm" in measure.title


def test_the_time_that_papers_print_is_shown_only_where_it_is_another():
    errors = {"a": np.arange(1.0, 26)}
    at = {fps: error_table(Evaluation.of_errors("own", "p", fps, errors)).splitlines() for fps in (25.0, 60.0)}
    assert at[25.0][2].split() == ["ms", "ahead", "80", "160", "320", "400", "560", "1000"]
    assert at[60.0][2].split() == ["ms", "ahead", "33", "67", "133", "167", "233", "417"]
    assert at[60.0][3].split() == ["paper", "prints", "80", "160", "320", "400", "560", "1000"]
    assert [len(lines) for lines in at.values()] == [5, 6]


def test_the_average_can_be_had_alone():
    lines = error_table(kept("zero-velocity", "paper"), kept("dct-mlp", "paper"), of_actions=False).splitlines()
    assert [line.split()[0] for line in lines[4:7]] == ["average", "zero-velocity", "runs/dct-mlp-0@2400"]
    assert lines[7].startswith("runs/dct-mlp-0@2400: ") and "walking" not in "".join(lines)


def test_freezing_among_several_predictors_is_what_the_others_are_compared_with_in_words():
    def constant(name: str, *errors: float) -> Evaluation:
        numbers = np.ones(25)
        numbers[[1, 9, 24]] = errors
        return Evaluation.of_errors("demo", name, 25.0, {"a": numbers})

    still, better, same = (
        constant("zero-velocity", 2, 4, 4),
        constant("better", 1.3, 2.4, 5),
        constant("same", 2.001, 4, 4),
    )
    said = "better: 35 % less error than freezing 80 ms ahead, 40 % less at 400 ms, 25 %\n  more at 1000 ms"
    assert in_words(better, still) == said
    assert error_table(still, better, same).endswith(
        f"{said}\nsame: as much error as freezing 80 ms ahead, as much at 400 ms, as much at\n  1000 ms"
    )
    assert "freezing" not in error_table(better, same) and "freezing" not in error_table(still)
    assert in_words(better, constant("zero-velocity", 0, 0, 0)) == "better: freezing makes no error here"


def test_a_long_name_is_cut_on_the_left():
    long = Evaluation.of_errors("cmu", "runs/" + "very-" * 30 + "long@600", 60.0, {"a": np.ones(25)})
    for table in (error_table(long), error_table(long, long)):
        assert max(map(len, table.splitlines())) <= 80 and "long@600" in table


@pytest.mark.parametrize("protocol", ["paper", "corrected"])
def test_one_predictor_is_written_as_an_object_and_several_as_a_list(protocol, tmp_path):
    path = tmp_path / "errors.json"
    one, other = kept("zero-velocity", protocol), kept("dct-mlp", protocol)
    write_json([one], path)
    assert json.loads(path.read_text())["predictor"] == one.predictor
    write_json([one, other], path)
    assert [content["predictor"] for content in json.loads(path.read_text())] == [one.predictor, other.predictor]


def test_kept_numbers_are_of_the_protocol_as_it_is():
    zero = kept("zero-velocity", "corrected")
    assert zero.stride == CORRECTED.cut.stride
    assert zero.made_from["resamples"] == CORRECTED.resamples
    assert zero.made_from["bootstrap_seed"] == CORRECTED.seed
    assert zero.measures == CORRECTED.measures


def test_one_block_has_no_interval_and_one_draw_and_one_frame_apart_make_sense(demo):
    protocol = replace(CORRECTED, cut=EveryWindow(stride=400), resamples=1)
    evaluation = evaluate(demo, ZeroVelocity(), protocol, frames=2)
    assert evaluation.overall.blocks >= len(evaluation.actions)
    single = replace(evaluation, overall=replace(evaluation.overall, blocks=1, interval=None))
    assert "bootstrap intervals" in error_table(single)
    assert EveryWindow(stride=1)(demo, 25)[0].starts[1][1] == EveryWindow(stride=1)(demo, 25)[0].starts[0][1] + 1


@pytest.mark.parametrize("rate", ["true", "0", "-25", "1e999", "NaN", '"25"', "null", "1" + "0" * 400])
@pytest.mark.parametrize("protocol", ["paper", "corrected"])
def test_errors_at_no_frame_rate_are_refused(rate, protocol, tmp_path):
    old = Path(__file__).parents[1] / "files_of_0_1" / f"{protocol}.json"
    text = json.dumps(json.loads(old.read_text()) | {"fps": "RATE"})
    path = tmp_path / "errors.json"
    path.write_text(text.replace('"RATE"', "25"))
    assert read_json(path)[0].fps == 25
    path.write_text(text.replace('"RATE"', rate))
    with pytest.raises(InputError, match=r"errors.json is not a file of errors \(.* frames a second cannot be\)"):
        read_json(path)
