"""Weights that come with the program: what they say they are, they are."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.descriptions import DESCRIPTIONS
from cs2s.datasets.loading import load
from cs2s.datasets.windows import test_windows
from cs2s.errors import InputError
from cs2s.evaluation import tables
from cs2s.evaluation.foreign import SHOWN
from cs2s.evaluation.measured import errors_file
from cs2s.files.formats import load_motion, save_motion
from cs2s.files.places import data_file
from cs2s.training.predictors import load_predictor
from cs2s.training.pretrained import (
    DEFAULT,
    PREFIX,
    pretrained_description,
    pretrained_for,
    pretrained_names,
    read,
    read_pretrained,
    save,
)
from cs2s.training.runs import Run

NAMES = pretrained_names()


def test_there_is_one_of_each_kind():
    assert {"demo", "paper", "aligned-conv", "dct-mlp", "average"} <= set(NAMES)
    assert pretrained_for("demo") == ["pretrained:demo"]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_small_and_has_a_card_and_numbers(name):
    assert data_file("pretrained").joinpath(f"{name}.npz").stat().st_size <= 10_000_000
    card = data_file("pretrained").joinpath(f"{name}.md").read_text()
    members = read_pretrained(name)
    for member in members:
        assert f"| {member.settings.seed} | `{member.settings.preset}` | {member.iteration} of" in card
        assert member.made_from["data"] in card
        assert {"command", "made", "versions", "data", "seed"} <= set(member.made_from)
        assert all(np.isfinite(weight).all() for weight in member.weights)
    assert DESCRIPTIONS[members[0].settings.dataset].source in card
    (evaluation,) = tables.read_json(errors_file(name))
    row = (
        "| average | "
        + " | ".join(f"{evaluation.average[frame]:.3f}" for frame in tables.shown_frames(evaluation))
        + " |"
    )
    assert row in card


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_evaluating_gives_the_committed_numbers(name, request, tmp_path):
    dataset = pretrained_description(name).name
    folder = request.getfixturevalue("cmu_folder") if dataset == "cmu" else None
    arguments = ["evaluate", "--dataset", dataset, "--predictor", PREFIX + name, "--json", str(tmp_path / "e.json")]
    assert main(arguments + (["--data-dir", str(folder)] if folder else [])) == 0
    found = json.loads((tmp_path / "e.json").read_text())
    committed = json.loads(errors_file(name).read_text())
    assert found["actions"].keys() == committed["actions"].keys()
    np.testing.assert_allclose(found["average"], committed["average"], atol=1e-3)
    for action, errors in committed["actions"].items():
        np.testing.assert_allclose(found["actions"][action], errors, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name != "demo"])
def test_evaluating_every_window_gives_the_committed_numbers(name, cmu_folder, tmp_path):
    arguments = ["evaluate", "--dataset", "cmu", "--data-dir", str(cmu_folder), "--predictor", PREFIX + name]
    assert main([*arguments, "--protocol", "positions", "--json", str(tmp_path / "e.json")]) == 0
    (found,), (committed,) = (tables.read_json(path) for path in (tmp_path / "e.json", errors_file(name, "positions")))
    assert found.errors.keys() == committed.errors.keys()
    for action, errors in committed.errors.items():
        np.testing.assert_allclose(found.errors[action], errors, atol=1e-3)


@pytest.mark.slow
def test_the_average_is_the_mean_of_its_members(demo):
    predictor = load_predictor("pretrained:average")
    assert len(predictor.members) > 1
    (windows,) = [w for w in test_windows(demo, predictor.statistics) if w.action == "walking"]
    alone = [member(windows.observed, 25).rows for member in predictor.members]
    np.testing.assert_allclose(predictor(windows.observed, 25).rows, np.mean(alone, axis=0), atol=1e-6)
    # They are not the same model twice.
    assert np.abs(alone[0] - alone[1]).max() > 0.01


def test_the_better_predictors_treat_both_sides_of_the_body_alike(demo):
    from cs2s.motion.mirror import mirrored

    predictor = load_predictor("pretrained:dct-mlp")
    (windows,) = [w for w in test_windows(demo, predictor.statistics) if w.action == "boxing"]
    seen = predictor(windows.observed, 25).rows
    in_mirror = mirrored(predictor(mirrored(windows.observed), 25)).rows
    used = predictor.statistics.used
    np.testing.assert_allclose(seen[..., used], in_mirror[..., used], atol=1e-5)
    assert np.abs(seen - windows.observed.rows[:, -1:]).max() > 0.1, "it predicts a movement"


@pytest.mark.slow
def test_predict_takes_a_shipped_predictor(demo, tmp_path):
    motion = next(iter(demo.split("test").values()))
    save_motion(motion, tmp_path / "mine.bvh")
    arguments = ["predict", str(tmp_path / "mine.bvh"), "--run", "pretrained:demo", "--out", str(tmp_path / "next.h5")]
    assert main(arguments) == 0
    assert len(load_motion(tmp_path / "next.h5")) == 75


def test_what_is_not_there_is_said_in_one_sentence(tmp_path, capsys):
    for arguments, sentence in (
        (["evaluate", "--dataset", "cmu", "--predictor", "pretrained:nothing"], "there is: pretrained:aligned-conv"),
        (["evaluate", "--dataset", "cmu", "--predictor", "nothing"], "name a run directory or one of zero-velocity"),
        (["evaluate", "--dataset", "cmu", "--predictor", "pretrained:demo"], "was trained on demo, not on cmu"),
        (
            ["predict", "x.bvh", "--run", "pretrained:demo", "--checkpoint", "3", "--out", "y.bvh"],
            "--checkpoint is for run directories",
        ),
    ):
        assert main(arguments) == 2
        error = capsys.readouterr().err
        assert sentence in error and error.count("\n") == 1, error
    broken = tmp_path / "broken.npz"
    broken.write_bytes(data_file("pretrained").joinpath("dct-mlp.npz").read_bytes()[:5000])
    with pytest.raises(InputError, match=r"broken\.npz is damaged"):
        read(broken)


@pytest.mark.slow
def test_an_exported_run_predicts_what_the_run_predicts(trained_run, demo, tmp_path):
    out = tmp_path / "mine.npz"
    assert main(["export", str(trained_run), "--out", str(out), "--full-precision"]) == 0
    (member,) = read(out)
    run = Run.open(trained_run)
    assert (member.settings, member.iteration) == (run.settings, 3)
    of_run = load_predictor(trained_run)
    for exported, weight in zip(member.weights, of_run.model.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(exported, weight)
    assert main(["export", str(trained_run), str(trained_run), "--out", str(out)]) == 0
    assert len(read(out)) == 2
    np.testing.assert_allclose(read(out)[1].weights[0], member.weights[0], atol=1e-3)


def test_eight_bits_are_off_by_no_more_than_a_step_of_their_column(trained_run, tmp_path):
    draws = np.random.default_rng(0)
    kernel = draws.normal(size=(2, 3, 40, 5)) * np.array([1e-4, 1, 30, 0, 1])
    bias = draws.normal(size=5)
    save(tmp_path / "small.npz", [(Run.open(trained_run), 3, [kernel, bias])], bits=8)
    with np.load(tmp_path / "small.npz") as arrays:
        assert arrays["0/weight000"].dtype == np.int8 and arrays["0/weight001"].dtype == np.float16
    (member,) = read(tmp_path / "small.npz")
    largest = np.abs(kernel).max(axis=(0, 1, 2))
    off = np.abs(member.weights[0] - kernel).max(axis=(0, 1, 2))
    assert (off <= largest / 254 * 1.001).all() and (off[largest > 0] > 0).all()
    np.testing.assert_allclose(member.weights[1], bias, rtol=1e-3)
    assert {weight.dtype for weight in member.weights} == {np.dtype(np.float32)}


def test_the_demo_is_no_larger_than_the_papers_network():
    sizes = {name: data_file("pretrained").joinpath(f"{name}.npz").stat().st_size for name in ("demo", "paper")}
    assert sizes["demo"] <= 1.1 * sizes["paper"]


@pytest.mark.slow
def test_an_installed_wheel_has_them_too(tmp_path):
    root = Path(__file__).parents[2]
    build = [sys.executable, "-m", "uv", "build", "--wheel", "--out-dir", str(tmp_path), str(root)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    inside = tmp_path / "inside"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(inside)
    code = (
        "from cs2s.training.pretrained import pretrained_names, __file__ as file; from cs2s.training.predictors import "
        "load_predictor; from cs2s.motion import CMU, Motion; import numpy; print(file, pretrained_names(), "
        "load_predictor('pretrained:dct-mlp')(Motion(numpy.zeros((1, 50, 117), 'f'), CMU, 60.0), 3).rows.shape)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(inside), "PATH": ""}, capture_output=True,
        text=True,
    )  # fmt: skip
    assert str(inside) in result.stdout, result.stderr[-2000:]
    assert "'dct-mlp'" in result.stdout and "(1, 3, 117)" in result.stdout
    # The chapters come along, and a command copies them out.
    copied = [sys.executable, "-m", "cs2s", "notebooks", "--to", str(tmp_path / "mine")]
    subprocess.run(copied, cwd=tmp_path, env={"PYTHONPATH": str(inside), "PATH": ""}, check=True)
    assert [path.name for path in sorted((tmp_path / "mine").iterdir())] == [
        path.name for path in sorted((root / "notebooks").glob("*.ipynb"))
    ]
    assert len(list(inside.rglob("demo.npz"))) == 1 and not list(inside.rglob("build.py"))


def test_the_committed_numbers_are_of_the_six_actions_present(cmu_folder):
    cmu = load("cmu", cmu_folder)
    for name in pretrained_for("cmu"):
        (evaluation,) = tables.read_json(errors_file(name.removeprefix(PREFIX)))
        assert tuple(evaluation.errors) == cmu.actions("test")
        assert evaluation.made_from["data"] == cmu.fingerprint


WILD = ("bvhtb_freebvh.bvh", "bvhtb_walk01.bvh", "dme_raw.bvh", "pymo_walk.bvh", "xia_neutral.bvh")


@pytest.mark.slow
def test_the_default_is_better_than_freezing_on_every_foreign_file_and_lets_feet_stand(reference, tmp_path, capsys):
    files = [str(reference / "data/wild" / name) for name in WILD]
    files += [str(reference / "data/raw" / name) for name in ("01_01.bvh", "11_01.amc")]
    out = tmp_path / "files.json"
    committed = json.loads(data_file("results/foreign_files.json").read_text())
    _, *others, last = (one["predictor"] for one in committed)
    assert last == PREFIX + DEFAULT and PREFIX + "dct-mlp" in others
    predictors = [word for name in (*others, PREFIX) for word in ("--predictor", name)]
    assert main(["evaluate", *files, *predictors, "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    for one, kept in zip(found, committed, strict=True):
        assert one["predictor"] == kept["predictor"]
        for name, file in one["files"].items():
            for measure, ratios in file["ratios"].items():
                np.testing.assert_allclose(ratios, kept["files"][name]["ratios"][measure], atol=1e-3)
    told = found[-1]
    for measure in ("hips_mm", "space_mm"):
        for name, file in told["files"].items():
            assert (np.array(file["ratios"][measure])[list(SHOWN)] < 1).all(), (name, measure)
    slides = [(f["sliding_mm_per_s"], f["true_sliding_mm_per_s"]) for f in told["files"].values() if f["planted"]]
    predicted, true = np.mean(slides, axis=0)
    assert predicted < true


@pytest.mark.slow
def test_predict_takes_the_default_and_clips_of_ten_frames(reference, tmp_path, capsys):
    whole = load_motion(reference / "data/raw/11_01.amc")
    assert main(["predict", str(reference / "data/raw/11_01.amc"), "--out", str(tmp_path / "whole.bvh")]) == 0
    said = capsys.readouterr().out
    assert "50 observed frames and 25 predicted ones at 60 a second" in said
    assert re.search(r"tried on \d+ stretches of the file itself, after 50 frames each", said)
    for frames, sentence in (
        (21, "cannot be told: clip.bvh has 11 frames at 60 a second"),
        (19, None),
        (90, "after 20 frames each"),
    ):
        save_motion(whole[200 : 200 + frames], tmp_path / "clip.bvh")
        code = main(["predict", str(tmp_path / "clip.bvh"), "--out", str(tmp_path / f"{frames}.bvh")])
        said = capsys.readouterr()
        if sentence is None:
            # At half the rate, nineteen frames are ten: enough.
            assert code == 0 and "all 19 frames of the file, and 50 predicted ones at 120" in said.out
        else:
            assert code == 0 and sentence in said.out
    save_motion(whole[200:217], tmp_path / "clip.bvh")
    assert main(["predict", str(tmp_path / "clip.bvh"), "--out", str(tmp_path / "never.bvh")]) == 2
    assert "has 9 frames at 60 a second, but the model observes 10" in capsys.readouterr().err
