"""Settings: what a preset's table says, what files of today and of version 0.1 hold, and how little they need."""

import json
import shutil
import subprocess
import sys
from dataclasses import MISSING, fields, replace
from pkgutil import resolve_name

import numpy as np
import pytest

from cs2s.cli.parser import main
from cs2s.datasets.windows import Statistics
from cs2s.errors import InputError
from cs2s.files.places import data_file
from cs2s.training.runs import Run
from cs2s.training.settings import (
    DIRECT_PRESETS,
    KINDS,
    PAPER,
    POSE_PRESETS,
    PRESETS,
    AdversarialSettings,
    DirectSettings,
    Settings,
    preset_defaults,
    settings_of,
)

# What version 0.1 wrote into run.json and shipped files, whatever the preset.
FLAT = {
    **{"dataset": "demo", "preset": "paper", "iterations": 7, "batch_size": 2, "learning_rate": 5e-05},
    **{"learning_rate_decay": 0.99, "decay_interval": 10000, "gan_loss_weight": 0.01, "l2_weight": 0.001},
    **{"window_length": 16, "output_length": 2, "sampling": 0.95, "loss": "squared", "schedule": "staircase"},
    **{"rows": "even", "t_pose": "kept", "starts": "but_last", "mirror": 0.0, "reverse": 0.0, "averaging": 0.0},
    **{"weight_decay": 0.0, "patience": 0, "checkpoint_interval": 1, "seed": 3, "watch": "nothing"},
    **{"rollout": "fast", "batches": "two", "precision": "float32"},
}


def test_importing_settings_loads_no_reader_of_files_no_scipy_and_no_tensorflow():
    code = "import sys, cs2s.training.settings; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "cs2s.training.settings" in loaded
    assert not {"scipy", "tensorflow", "keras", "h5py", "matplotlib"} & set(loaded)
    assert not [name for name in loaded if name.startswith("cs2s.files")]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_table_of_a_preset_says_its_name_and_holds_only_what_counts(preset):
    defaults = preset_defaults(preset)
    assert defaults.preset == preset
    assert set(defaults.as_dict()) == {"dataset", *settings_of(type(defaults))}
    ours = {**DIRECT_PRESETS, **POSE_PRESETS}
    assert defaults.is_direct == (preset in ours) == (not isinstance(defaults, AdversarialSettings))
    assert Settings.for_preset("demo", preset, seed=4) == replace(defaults, dataset="demo", seed=4)
    assert Settings.from_file(json.loads(json.dumps(defaults.as_dict()))) == defaults


def test_the_papers_values_are_those_of_the_paper():
    assert (PAPER.iterations, PAPER.batch_size, PAPER.learning_rate, PAPER.learning_rate_decay) == (
        20000,
        16,
        5e-5,
        0.99,
    )
    assert (PAPER.gan_loss_weight, PAPER.l2_weight, PAPER.window_length, PAPER.sampling) == (0.01, 0.001, 20, 0.95)
    assert preset_defaults("corrected") == replace(PAPER, preset="corrected")


@pytest.mark.parametrize("name", DIRECT_PRESETS)
def test_the_layer_of_a_predictor_of_our_own_is_there(name):
    assert callable(resolve_name(f"cs2s.networks.{DIRECT_PRESETS[name].layer}"))


def must_be_said(settings: Settings, told: dict) -> dict:
    """The settings that a file must hold: all but those that are newer than it, which have a default."""
    newer = {f.name for f in fields(settings) if f.default is not MISSING and f.name not in told}
    return {name: value for name, value in settings.as_dict().items() if name not in newer}


@pytest.mark.parametrize(("preset", "kind"), [("paper", AdversarialSettings), ("dct-mlp", DirectSettings)])
def test_files_of_version_0_1_hold_the_settings_of_both_kinds(preset, kind):
    told = FLAT | {"preset": preset, "loss": "absolute", "averaging": 0.9}
    settings = Settings.from_file(told)
    assert type(settings) is kind
    # Nothing is taken from the preset's table: what the file says counts, though it has no use for all of it.
    assert must_be_said(settings, told).items() <= told.items()


def test_runs_of_version_0_1_are_opened_and_continued(tmp_path):
    statistics = Statistics(np.zeros(117, np.float32), np.ones(117, np.float32), np.arange(117))
    run = Run.create(tmp_path / "run", Settings.from_file(FLAT), {"data": "0" * 64}, statistics)
    path = run.folder / "run.json"
    written = json.loads(path.read_text())
    assert "loss" not in written["settings"] and written["settings"]["batches"] == "two"
    path.write_text(json.dumps(written | {"settings": FLAT}))
    opened = Run.open(run.folder)
    assert opened.settings == run.settings
    assert opened.continued({"iterations": 9, "window_length": 16}).settings == replace(run.settings, iterations=9)
    with pytest.raises(InputError, match="--window-length 20 differs from 16, with which the run in"):
        opened.continued({"window_length": 20})
    with pytest.raises(InputError, match="--averaging means nothing to the preset 'paper': leave it out"):
        opened.continued({"averaging": 0.0})


def test_settings_that_nobody_knows_are_damage(trained_run, tmp_path):
    folder = shutil.copytree(trained_run, tmp_path / "run")
    content = json.loads((folder / "run.json").read_text())
    for damage in ({"wisdom": 3}, {"batch_size": "many"}):
        (folder / "run.json").write_text(json.dumps(content | {"settings": content["settings"] | damage}))
        with pytest.raises(InputError, match=r"is damaged|makes no sense"):
            Run.open(folder)


def test_shipped_files_say_settings_of_their_kind():
    from cs2s.training.pretrained import read

    for path in data_file("pretrained").glob("*.npz"):
        with np.load(path) as arrays:
            told = json.loads(str(arrays["members"]))
        for member, written in zip(read(path), told, strict=True):
            kept = must_be_said(member.settings, written["settings"])
            assert kept.items() <= written["settings"].items()
            assert set(member.settings.as_dict()) == {"dataset", *settings_of(type(member.settings))}


def test_the_command_line_offers_the_settings_of_every_preset(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    help = capsys.readouterr().out
    for kind in KINDS:
        for name in settings_of(kind):
            assert f"--{name.replace('_', '-')} " in help
    assert main(["train", "--dataset", "demo", "--preset", "dct-mlp", "--run", "never", "--precision", "float32"]) == 2
    assert "--precision means nothing to the preset 'dct-mlp': leave it out." in capsys.readouterr().err
