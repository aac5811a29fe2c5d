"""Tables look as they did in version 0.1, and files of errors hold what they held."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.evaluation import evaluate
from cs2s.evaluation.protocols import CORRECTED, EveryWindow
from cs2s.evaluation.tables import error_table, read_json, write_json

KEPT = Path(__file__).parents[2] / "data" / "results" / "predictors"


def kept(name: str, protocol: str):
    return read_json(KEPT / f"{name}.{protocol}.json")[0]


@pytest.mark.parametrize("number", range(4))
def test_tables_of_the_kept_numbers_are_those_that_version_0_1_printed(number):
    """One predictor and two, under both protocols; ``tables_of_0_1.txt`` was printed by version 0.1."""
    names = ["zero-velocity"] if number < 2 else ["zero-velocity", "dct-mlp"]
    protocol = ("paper", "corrected")[number % 2]
    printed = Path(__file__).with_name("tables_of_0_1.txt").read_text().removesuffix("\n").split("\n=====\n")
    assert error_table(*(kept(name, protocol) for name in names)) == printed[number]


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
