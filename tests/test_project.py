"""The project's own promises: one list of dependencies, an importable environment, modules of readable size."""

import ast
import importlib
import re
import shlex
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

import cs2s
from cs2s.cli.experiments import read_experiments
from cs2s.cli.parser import _build_parser

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cs2s"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# The stairs: a package imports only from packages left of it (and all may import `cs2s.errors`).
STAIRS = "motion files datasets networks evaluation training pictures workbook cli".split()


def module_name(path: Path) -> str:
    """The dotted name of a module below the package, such as ``motion.rotations``."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """Dotted names, below the package, of what a module or a stub imports from it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("cs2s.") for alias in node.names if alias.name.startswith("cs2s.")}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("cs2s"):
            below = node.module.removeprefix("cs2s").removeprefix(".")
            names = {f"{below}.{alias.name}".lstrip(".") for alias in node.names}
            modules = {name for name in names if name in NAMES}
            found |= modules or {below}
    return found - {""}


NAMES = {module_name(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_packages_import_in_one_direction(path):
    above, _, module = module_name(path).partition(".")
    if not module:
        assert above in {*STAIRS, "errors", "__init__", "__main__"}, f"say in STAIRS where {above} stands"
        return
    allowed = {*STAIRS[: STAIRS.index(above) + 1], "errors"}
    wrong = {name for name in imports(path) if name.partition(".")[0] not in allowed}
    assert not wrong, f"{path} imports {wrong}, which is up the stairs {' -> '.join(STAIRS)}"


def test_modules_import_in_no_circle():
    graph = {module_name(path): imports(path) for path in MODULES}
    # Raises CycleError, which names the circle.
    assert tuple(TopologicalSorter(graph).static_order())


def test_modules_import_from_modules_and_chapters_from_packages():
    """Inside the package an import names the module, so that a package's face loads nothing; chapters name packages."""
    packages = {name for name in NAMES if (PACKAGE / name.replace(".", "/")).is_dir()}
    for path in MODULES:
        assert not imports(path) & packages, f"{path} imports from a package's face: name the module"


@pytest.mark.parametrize("package", STAIRS)
def test_the_face_of_a_package_says_what_it_is_and_names_what_it_exports(package):
    docstring = ast.get_docstring(ast.parse((PACKAGE / package / "__init__.py").read_text()))
    assert re.search(r"notebooks/\d\d_\w+", docstring), f"{package} names no chapter that teaches it"
    module = importlib.import_module(f"cs2s.{package}")
    assert module.__all__
    for name in module.__all__:
        assert getattr(module, name, None) is not None, f"{package}.{name} is exported and not there"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_modules_are_of_readable_size(path):
    assert len(path.read_text().splitlines()) <= 500


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


def test_the_readme_tells_the_commands_that_the_makefile_runs(tmp_path, monkeypatch):
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for part in ("-e '.[cpu,lab,test]'", "CS2S_PROFILE=smoke", "-m pytest", "--nbval-lax --nbval-current-env"):
        assert part in readme
        assert part in makefile
    monkeypatch.chdir(tmp_path)  # where nothing has been trained yet
    (run,) = read_experiments()["demo"].runs
    (told,) = re.findall(r"cs2s (train --dataset demo --run runs/demo .*)", readme)
    given = vars(_build_parser().parse_args(shlex.split(told)))
    assert given == vars(_build_parser().parse_args(run.command))


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text()
    (known,) = re.findall(r"^EXPERIMENTS := (.*)$", makefile, re.MULTILINE)
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    return {*known.split(), *phony.split()} - {"$(EXPERIMENTS)"}


def test_make_runs_every_experiment_by_its_name_and_helps_with_every_target():
    assert set(read_experiments()) <= make_targets()
    makefile = (ROOT / "Makefile").read_text()
    assert set(re.findall(r'@echo "make (\w+)', makefile)) == make_targets() - {"help", "constraints"}


def test_the_commands_of_experiments_are_commands():
    for experiment in read_experiments().values():
        assert experiment.about
        for command in (*experiment.first, *experiment.then):
            assert _build_parser().parse_args(command).do


def test_the_workflow_calls_make_targets_that_exist():
    workflow, weekly = (
        yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text()) for name in ("test", "break")
    )
    jobs = [*workflow["jobs"].values(), *weekly["jobs"].values()]
    steps = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    called = {target for step in steps for target in re.findall(r"\bmake ([\w./]+)", step)}
    assert {"test", "lane", "lint", "break"} <= called
    assert called - {".venv/.installed"} <= make_targets()
    systems = {entry.get("system") for entry in workflow["jobs"]["test"]["strategy"]["matrix"]["include"]}
    assert systems == {"macos-latest", "windows-latest"}


def test_hooks_run_what_make_lint_runs_and_files_that_exist():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    entries = [hook["entry"].split() for repo in config["repos"] for hook in repo["hooks"]]
    installed = {re.split(r"[>\[ ;]", dependency)[0] for dependency in PROJECT["optional-dependencies"]["test"]}
    for program, *words in entries:
        assert Path(program).name in installed | {"python"}
        assert all((ROOT / word).exists() for word in words if "/" in word)
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    assert {"ruff", "mypy"} == set(re.findall(r"\$\(BIN\)/(\w+)", lint))
    assert {"ruff", "mypy"} <= {Path(program).name for program, *_ in entries}


@pytest.mark.parametrize("form", ["mistake", "exercise"])
def test_issue_forms_ask_chapter_cell_and_environment(form):
    asked = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml").read_text())["body"]
    assert {"chapter", "cell", "environment"} <= {field["id"] for field in asked}


def test_the_demo_shows_a_picture_before_it_trains_and_prints_two_tables():
    demo = read_experiments()["demo"]
    assert [command[0] for command in demo.first] == ["sample", "animate"]
    commands = [*demo.first, *demo.then]
    printing = [words for words in commands if words[0] in ("sample", "evaluate") and "--brief" not in words]
    assert len(printing) == 2
    pictures = [words[words.index("--out") + 1] for words in commands if words[0] == "animate"]
    assert len({Path(picture).parent for picture in pictures}) == 1
    assert demo.then[-1][0] == "evaluate" and "--brief" in demo.then[-1]
    assert all(f"{{here}}/{picture}" in demo.next for picture in pictures) and "make lab" in demo.next


def test_the_citation_is_of_this_version():
    assert cs2s.__version__ == PROJECT["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_map_in_the_readme_names_every_package_and_only_modules_that_exist():
    readme = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| `cs2s/(\w+)/` \|(.*)\|", readme, re.MULTILINE)
    assert [package for package, _ in rows] == STAIRS
    for package, text in rows:
        for name in re.findall(r"`([\w/]+)`", text):
            folder = PACKAGE / package / name.removesuffix("/CHAPTER")
            assert folder.is_dir() or folder.with_suffix(".py").is_file(), f"README names {package}/{name}"


def test_files_that_contributing_and_readme_name_exist():
    for page in ("README.md", "CONTRIBUTING.md"):
        for word in re.findall(r"`((?:cs2s|tests|notebooks|data)/[\w./-]+)`", (ROOT / page).read_text()):
            if not re.search(r"NAME|CHAPTER|NN_|folder", word):
                assert (ROOT / word).exists(), f"{page} names {word}"


def test_modules_have_docstrings_that_name_their_notebook():
    for path in MODULES:
        docstring = ast.get_docstring(ast.parse(path.read_text()))
        assert docstring, path
        # What is not taught anywhere: the errors and the command line.
        package, _, name = module_name(path).partition(".")
        if name and package != "cli" and "." not in name:
            assert re.search(r"notebooks/\d\d_\w+", docstring), f"{path} names no notebook that teaches it"


def test_every_chapter_that_a_docstring_names_exists():
    for path in MODULES:
        for name in re.findall(r"notebooks/(\d\d_\w+)", path.read_text()):
            assert (ROOT / "notebooks" / f"{name}.ipynb").is_file(), f"{path.name} names the chapter {name}"


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: path.stem)
def test_no_test_judges_a_time(path):
    """A busy machine is no fault of ours: speed is measured, as a ratio of two things in one run, by the benchmark."""
    if path.name != "benchmark.py":
        read = {f"time.{clock}" for clock in ("perf_counter", "process_time", "time", "thread_time")}
        found = {ast.unparse(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert not found & read, "move what is timed to tests/benchmark.py"
