"""The command line starts at once: what it imports before it knows that it needs it."""

import argparse
import subprocess
import sys
from importlib import import_module

import pytest

from cs2s.cli.parser import _build_parser
from cs2s.files.formats import FORMATS

HEAVY = {"scipy", "h5py", "tensorflow", "keras", "matplotlib", "PIL", "requests", "tqdm", "IPython", "ipywidgets"}


def loaded(code: str) -> set[str]:
    """The names of all modules that a Python of its own has loaded after some code."""
    code = f"import sys\n{code}\nprint('\\nloaded:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("loaded:")[2].split())


def command(*words: str) -> str:
    """Code that runs the command line; help leaves by SystemExit."""
    return f"from cs2s.cli.parser import main\ntry: main({list(words)})\nexcept SystemExit: pass"


@pytest.mark.parametrize(
    "words", [("--help",), ("train", "--help"), ("convert", "--help"), ("data", "list")], ids=" ".join
)
def test_help_and_lists_load_nothing_heavy(words):
    modules = loaded(command(*words))
    assert "cs2s.cli.parser" in modules
    assert not {module.partition(".")[0] for module in modules} & HEAVY


def test_help_loads_no_command_and_no_reader():
    modules = {module for module in loaded(command("--help")) if module.startswith("cs2s.")}
    assert not modules & {"cs2s.cli.commands", "cs2s.cli.data", "cs2s.datasets.demo", "cs2s.datasets.rows_cache"}
    assert not modules & {f"cs2s.files.{name}" for name in "hierarchy bvh asf amc text_rows hdf5".split()}


def test_a_stored_table_is_printed_without_scipy(sample_file):
    modules = loaded(command("evaluate", str(sample_file)))
    assert "cs2s.evaluation.samples" in modules
    assert not {module.partition(".")[0] for module in modules} & (HEAVY - {"h5py"})


@pytest.mark.parametrize("module", ["cs2s.training.settings", "cs2s.datasets.descriptions", "cs2s.datasets.own"])
def test_settings_and_descriptions_load_no_reader(module):
    modules = loaded(f"import {module}")
    assert not {name.partition(".")[0] for name in modules} & HEAVY
    assert not {name for name in modules if name.startswith("cs2s.files")}


def commands(parser: argparse.ArgumentParser) -> list[str]:
    """The names of the functions that a parser, or one below it, says will do what is asked."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    named = [parser.get_default("do")] if parser.get_default("do") else []
    return named + [name for action in below for choice in action.choices.values() for name in commands(choice)]


def test_every_command_that_the_parser_names_is_there():
    names = commands(_build_parser())
    assert len(names) == len(set(names)) >= 13
    for name in names:
        module, _, function = name.rpartition(".")
        assert function in import_module(f"cs2s.cli.{module}").__all__


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_finds_its_functions(ending):
    kind = FORMATS[ending]
    assert kind.load.__name__ == f"load_{kind.name}"
    assert kind.save.__name__ == f"save_{kind.name}"
