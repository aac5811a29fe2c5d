"""The project's own promises: one list of dependencies, an importable environment, modules of readable size."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "cs2s").glob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# The one-way flow: a module imports only from modules left of it.
FLOW = (
    "errors rotations skeleton motion reading writing hierarchy bvh asf amc amc_writing demo datasets download "
    "text_rows rows_cache motion_hdf5 motion_files resampling joint_names retargeting stand_in own_data loading "
    "augmentation windows presets settings validation runs pretrained baselines continuation evaluation samples "
    "tables corrected_metrics bootstrap corrected_protocol corrected_tables published data_report provenance "
    "test_looks tensorflow_needed figures animation charts data_figures rotation_figures error_figures "
    "training_figures beyond_figures own_motion_figures notebook tensorflow_startup encoder rollout generator "
    "discriminator learning_rate resumable_model model aligned_generator dct_mlp direct_model model_choice "
    "network_figures model_predictor original_checkpoint training workbook_run explorer verdict check_quickstart "
    "check_motion_data check_exponential_maps check_generator check_adversarial_training check_error_evaluation "
    "check_explore_predictions check_beyond_the_paper check_your_own_motion commands results results_commands cli "
    "__init__ __main__"
).split()


def imports(path: Path) -> set[str]:
    """Names of the package's modules that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "cs2s":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("cs2s."):
                found.add(node.module.split(".")[1])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_modules_import_in_one_direction(path):
    assert path.stem in FLOW, f"say in FLOW where {path.stem} stands"
    later = imports(path) & set(FLOW[FLOW.index(path.stem) :])
    assert not later, f"{path.stem} imports {later}, which comes after it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_modules_are_of_readable_size(path):
    assert len(path.read_text().splitlines()) <= 400


def test_environment_yml_refers_to_pyproject():
    from rattler import MatchSpec

    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    specs = [item for item in environment["dependencies"] if isinstance(item, str)]
    (pip,) = [item["pip"] for item in environment["dependencies"] if isinstance(item, dict)]
    parsed = {str(MatchSpec(spec, strict=True).name.normalized): spec for spec in specs}
    assert set(parsed) == {"python", "pip"}
    assert parsed["python"].removeprefix("python ") == PROJECT["requires-python"]
    extras = re.fullmatch(r"-e \.\[(.*)\]", pip[0])[1].split(",")
    assert set(extras) <= set(PROJECT["optional-dependencies"])
    assert len(pip) == 1


def test_dependencies_are_ranges():
    listed = PROJECT["dependencies"] + [d for extra in PROJECT["optional-dependencies"].values() for d in extra]
    assert all(">=" in dependency and "==" not in dependency.split(";")[0] for dependency in listed)


def test_constraints_pin_every_dependency_and_name_no_registry():
    text = (ROOT / "constraints.txt").read_text()
    assert "://" not in text
    assert "@" not in text
    pinned = {re.split(r"[=\[ ;]", line)[0] for line in text.splitlines()}
    listed = PROJECT["dependencies"] + [d for extra in PROJECT["optional-dependencies"].values() for d in extra]
    for dependency in listed:
        assert re.split(r"[>\[ ;]", dependency)[0] in pinned


def test_the_readme_tells_the_commands_that_the_makefile_runs():
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for part in ("-e '.[cpu,lab,test]'", "--nbval-lax --nbval-current-env tests notebooks"):
        assert part in readme
        assert part in makefile
    settings = re.search(r"^DEMO_SETTINGS := (.*)$", makefile, re.MULTILINE)[1]
    assert f"--dataset demo --run runs/demo {settings}" in readme


def test_public_functions_have_docstrings_that_name_their_notebook():
    taught = {"errors", "writing", "download", "text_rows", "rows_cache", "settings", "data_report", "provenance"}
    for path in MODULES:
        docstring = ast.get_docstring(ast.parse(path.read_text()))
        assert docstring, path
        if path.stem not in taught | {"commands", "cli", "__init__", "__main__", "datasets"}:
            assert re.search(r"notebooks/\d\d_\w+", docstring), f"{path.stem} names no notebook that teaches it"


def test_every_chapter_that_a_docstring_names_exists():
    for path in MODULES:
        for name in re.findall(r"notebooks/(\d\d_\w+)", path.read_text()):
            assert (ROOT / "notebooks" / f"{name}.ipynb").is_file(), f"{path.name} names the chapter {name}"
