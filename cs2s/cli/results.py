"""The commands that make the project's own results: shipped weights, measured errors, tables.

``cs2s results RUN...`` measures runs under all protocols and keeps, in ``data/results/predictors/``, a file of errors
for each preset and length of training, and what each run says of itself. Runs that held validation windows out are
measured on those only, into ``ablations/``, ``changes/`` or ``steps/``. Every table is made from the files of errors
(`cs2s.evaluation.measured`; ``cs2s results`` without runs makes them anew). Taught in
``notebooks/07_beyond_the_paper``.
"""

import re
import shutil
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cs2s.cli.commands import predictor_named
from cs2s.datasets.descriptions import describe
from cs2s.datasets.loading import Dataset, load
from cs2s.datasets.validation import hold_out
from cs2s.errors import InputError
from cs2s.evaluation.baselines import Predictor, RunningAverage, ZeroVelocity
from cs2s.evaluation.evaluation import Evaluation, evaluate
from cs2s.evaluation.leaps import check_study, find_leaps, leap_table, study_leaps
from cs2s.evaluation.looks import check_logged, count_test_looks
from cs2s.evaluation.measured import (
    MEASURED_FRAMES,
    action_markdown,
    blocks_markdown,
    corrected_markdown,
    measured,
    overview_markdown,
    paper_markdown,
    positions_markdown,
    steps_markdown,
)
from cs2s.evaluation.protocols import CORRECTED, PAPER, POSITIONS, VALIDATION, VALIDATION_STEPS
from cs2s.evaluation.tables import read_json, write_json
from cs2s.files.places import data_file
from cs2s.files.provenance import made_by
from cs2s.files.writing import make_folder, replacing, save_json
from cs2s.networks.tensorflow import require_tensorflow
from cs2s.training.pretrained import PREFIX, pretrained_for, read_pretrained, save
from cs2s.training.runs import Run
from cs2s.training.settings import AdversarialSettings, PoseSettings, Settings

__all__ = [
    "by_preset_and_length",
    "critic_study",
    "draw_network",
    "export",
    "keep_history",
    "keep_run",
    "leap_study",
    "put_tables",
    "results",
    "window_study",
]

_PROTOCOLS = (PAPER, CORRECTED, POSITIONS)

_POSITIONS_SAY = "Position error, every test window, protocol 'positions', the field's mm (1.24 times too long):"


def export(arguments: Namespace) -> None:
    """Write the networks that predict of runs into one file of shipped weights."""
    require_tensorflow()
    from cs2s.training.checkpoints import load_checkpoint
    from cs2s.training.models import model_for

    exported = []
    for folder in arguments.runs:
        run = Run.open(folder)
        iteration = run.choose_checkpoint()
        model = model_for(run.settings, run.statistics, len(run.description.classes))
        load_checkpoint(model, run, iteration)
        exported.append((run, iteration, model.predicting.get_weights()))
    if len({run.settings.dataset for run, _, _ in exported}) > 1:
        raise InputError("the runs were trained on different data sets: only predictors of one can be averaged.")
    if len(exported) > 1 and any(isinstance(run.settings, PoseSettings) for run, _, _ in exported):
        raise InputError("only predictors of rows can be averaged: name one run of the preset pose-mlp.")
    save(arguments.out, exported, arguments.bits)
    count = sum(weight.size for _, _, weights in exported for weight in weights)
    size = arguments.out.stat().st_size
    print(f"{arguments.out} holds {len(exported)} network(s), {count} weights, {size / 1e6:.1f} MB")


def results(arguments: Namespace) -> None:
    """Measure runs, keep what was measured, and write all tables anew."""
    kept, unlogged = arguments.out / "predictors", []
    if arguments.runs:
        runs = [Run.open(folder) for folder in arguments.runs]
        if {run.settings.dataset for run in runs} != {"cmu"}:
            raise InputError("the project's results are of CMU: name runs that were trained on cmu.")
        cmu = load("cmu", arguments.data_dir)
        validating = [run for run in runs if run.settings.watch == "validation"]
        if validating:
            _measure_on_validation(cmu, validating, arguments.out)
        tested = [run for run in runs if run not in validating]
        if tested:
            unlogged = _measure(cmu, tested, arguments.out)
            _measure_demo(arguments.out)
    paper, corrected, positions = (measured(kept, protocol.name) for protocol in (PAPER, CORRECTED, POSITIONS))
    made = {
        "overview table": overview_markdown(
            read_json(arguments.out / "demo.json"), read_json(arguments.out / "cmu_main_job.json")
        ),
        "paper table": paper_markdown(paper),
        "corrected table": corrected_markdown(corrected),
        "blocks table": blocks_markdown(*(next(iter(of.values()))[0] for of in (corrected, positions))),
        "positions table": positions_markdown(positions),
        "five actions table": positions_markdown(positions, without="washwindow"),
    }
    steps = arguments.out / "steps"
    if steps.is_dir():
        made["steps table"] = steps_markdown(*(measured(steps, protocol.name) for protocol in VALIDATION_STEPS))
    actions = next(iter(paper.values()))[0].errors
    by_action = [f"### {action}\n\n{paper_markdown(paper, action)}" for action in [*actions, "average"]]
    with replacing(arguments.out / "tables.md") as temporary:
        heading = f"# Mean angle error by action, frames {', '.join(map(str, MEASURED_FRAMES))}, radians"
        parts = [heading, *by_action, "# Corrected protocol", made["corrected table"]]
        temporary.write_text("\n\n".join(parts) + "\n")
    count = put_tables(arguments.page, made)
    print(f"all tables by action are in {arguments.out / 'tables.md'}; {count} tables written into {arguments.page}")
    check_logged(*unlogged)


def _measure(dataset: Dataset, runs: list[Run], out: Path) -> list[str]:
    """Let baselines, runs and shipped predictors of CMU predict the test windows, under all protocols.

    Returns:
        Why looks at them could not be logged, of each evaluation; empty words where they were.
    """
    require_tensorflow()
    from cs2s.training.predictors import load_predictor

    groups: dict[str, list[Predictor]] = {"zero-velocity": [ZeroVelocity()], "running-average-2": [RunningAverage(2)]}
    for name, equal in by_preset_and_length(runs).items():
        for run in equal:
            keep_run(run, out / "runs")
            groups.setdefault(name, []).append(load_predictor(run.folder))
    for name in pretrained_for("cmu"):
        groups[name] = [load_predictor(name)]
    make_folder(out / "predictors")
    unlogged = []
    for group, predictors in groups.items():
        evaluations: dict[str, list[Evaluation]] = {protocol.name: [] for protocol in _PROTOCOLS}
        for predictor in predictors:
            print(f"measuring {predictor.name}", flush=True)
            for protocol in _PROTOCOLS:
                evaluations[protocol.name].append(evaluate(dataset, predictor, protocol))
        name = group.removeprefix(PREFIX)
        if group.startswith(PREFIX):
            (paper,), (positions,) = evaluations[PAPER.name], evaluations[POSITIONS.name]
            _write_card(name, paper, positions)
        for protocol_name, of_runs in evaluations.items():
            kept = out / "predictors" / f"{name}.{protocol_name}.json"
            # A shipped network is one of several runs, which stand for it where they have been measured.
            of_runs_there = kept.is_file() and not read_json(kept)[0].predictor.startswith(PREFIX)
            if not (group.startswith(PREFIX) and of_runs_there):
                write_json(of_runs, kept)
            elif protocol_name != CORRECTED.name:
                write_json(of_runs, data_file("pretrained") / kept.name)
            unlogged += [evaluation.unlogged for evaluation in of_runs]
    print(count_test_looks("cmu", dataset.fingerprint))
    return unlogged


def _measure_on_validation(dataset: Dataset, runs: list[Run], out: Path) -> None:
    """Measure runs that held windows out on just those windows: they are experiments, not results.

    Of the paper's network a run is an ablation (or another seed to compare with); of a predictor of rows it shows what
    one of its changes gives. The run's history is kept beside its errors. Zero velocity is measured too: what one has
    without learning anything. Of the single model, runs that differ in the seed alone (``step-NAME-SEED``) show
    together what a step towards it gives, in both benchmarks' errors.
    """
    require_tensorflow()
    from cs2s.training.predictors import load_predictor

    held = hold_out(dataset)

    def measure(predictor: Predictor, path: Path, **facts: object) -> None:
        evaluation = evaluate(held, predictor, VALIDATION)
        write_json([replace(evaluation, made_from={**evaluation.made_from, **facts})], path)

    steps: dict[str, list[Run]] = {}
    for run in runs:
        if isinstance(run.settings, PoseSettings):
            name = run.folder.resolve().name.removeprefix("step-").removesuffix(f"-{run.settings.seed}")
            steps.setdefault(name, []).append(run)
            continue
        kind = "change" if run.settings.is_direct else "ablation"
        name = run.folder.resolve().name.removeprefix(f"{kind}-")
        measure(load_predictor(run.folder), out / f"{kind}s" / f"{name}.json", settings=run.settings.as_dict())
        keep_history(run, out / f"{kind}s" / f"{name}.csv")
        print(f"measured {run.folder} on its validation windows")
    if len(runs) > sum(map(len, steps.values())):
        measure(ZeroVelocity(), out / "zero_velocity_on_validation.json")
    for name, equal in steps.items():
        for protocol in VALIDATION_STEPS:
            evaluations = []
            for run in equal:
                evaluation = evaluate(held, load_predictor(run.folder), protocol)
                made_from = {**evaluation.made_from, "settings": run.settings.as_dict()}
                evaluations.append(replace(evaluation, made_from=made_from))
            write_json(evaluations, out / "steps" / f"{name}.{protocol.name}.json")
        print(f"measured {len(equal)} runs of {name} on their validation windows", flush=True)


def _measure_demo(out: Path) -> None:
    """Let the baselines and the shipped predictor of the demo data predict its test windows."""
    from cs2s.training.predictors import load_predictor

    demo, evaluations = load("demo"), []
    for predictor in (ZeroVelocity(), RunningAverage(4), *map(load_predictor, pretrained_for("demo"))):
        evaluation = evaluate(demo, predictor)
        evaluations.append(evaluation)
        if predictor.name.startswith(PREFIX):
            write_json(
                [evaluation], data_file("pretrained") / f"{predictor.name.removeprefix(PREFIX)}.{PAPER.name}.json"
            )
            _write_card(predictor.name.removeprefix(PREFIX), evaluation)
    write_json(evaluations, out / "demo.json")


def _write_card(name: str, evaluation: Evaluation, positions: Evaluation | None = None) -> None:
    """Write the model card of a shipped predictor: what it is, what made it, what it measured.

    Args:
        name: of the predictor.
        evaluation: under the paper's protocol.
        positions: under that of positions, if the data has the skeleton for it.
    """
    members = read_pretrained(name)
    first = members[0]
    count = sum(weight.size for weight in first.weights)
    made = [
        f"| {m.settings.seed} | `{m.settings.preset}` | {m.iteration} of {m.settings.iterations} | "
        f"`{m.made_from.get('command', '')}` | {m.made_from.get('made', '')} |"
        for m in members
    ]
    missing = evaluation.made_from.get("missing", [])
    lines = [
        f"# {PREFIX}{name}",
        "",
        f"{len(members)} trained network{'s, whose predictions are averaged' if len(members) > 1 else ''}; "
        f"{count:,} weights{' in the first' if len(members) > 1 else ''}. Predicts 25 frames at {evaluation.fps:g} a "
        "second from 50. Used by `cs2s evaluate --predictor` and `cs2s predict --run`.",
        "",
        "| seed | preset | iterations | command | started |",
        "| --- | --- | --- | --- | --- |",
        *made,
        "",
        f"Trained on the {first.settings.dataset} data, fingerprint `{first.made_from['data']}`, "
        f"{len(missing)} files of the benchmark missing" + (f": {', '.join(missing)}." if missing else "."),
        f"Versions: {', '.join(f'{k} {v}' for k, v in first.made_from.get('versions', {}).items())}.",
        "",
        "Mean angle error on the test windows, protocol of the paper, radians:",
        "",
        action_markdown(evaluation),
        "",
        *([_POSITIONS_SAY, "", action_markdown(positions), ""] if positions is not None else []),
        f"Licence of the data: {describe(first.settings.dataset).source}",
        "The weights are under the project's licence (MIT).",
    ]
    with replacing(data_file("pretrained") / f"{name}.md") as temporary:
        temporary.write_text("\n".join(lines) + "\n")


def by_preset_and_length(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Group runs whose errors may be averaged: those of one preset (and rollout) that were trained equally long.

    Returns:
        Name -> runs. The longest runs of a preset go by its name, such as ``paper``; shorter ones have their iterations
        in it, such as ``paper-6000``. Those with the plain rollout are ``paper-plain``.

    Raises:
        InputError: if a run has no checkpoint yet.
    """

    def kind(settings: Settings) -> str:
        plain = isinstance(settings, AdversarialSettings) and settings.rollout == "plain"
        return f"{settings.preset}-plain" if plain else settings.preset

    lengths = [(kind(run.settings), run.choose_checkpoint()) for run in runs]
    groups: dict[str, list[Run]] = {}
    for run, (preset, length) in zip(runs, lengths, strict=True):
        longest = length == max(other for name, other in lengths if name == preset)
        groups.setdefault(preset if longest else f"{preset}-{length}", []).append(run)
    return groups


def keep_run(run: Run, folder: Path) -> None:
    """Keep what a run says of itself, without its weights: settings and making, and its history.

    Raises:
        InputError: if the files cannot be written.
    """
    make_folder(folder)
    name = run.folder.resolve().name
    told = {
        "settings": run.settings.as_dict(),
        "made_from": run.made_from,
        "done": run.checkpoints[-1],
        "measured_at": run.choose_checkpoint(),
    }
    save_json(told, folder / f"{name}.json")
    keep_history(run, folder / f"{name}.csv")


def keep_history(run: Run, path: Path) -> None:
    """Keep a copy of a run's history, if it has one: its losses and watched errors at each checkpoint.

    Raises:
        InputError: if the file cannot be written.
    """
    if (run.folder / "history.csv").is_file():
        with replacing(path) as temporary:
            shutil.copyfile(run.folder / "history.csv", temporary)


def put_tables(path: Path, made: Mapping[str, str]) -> int:
    """Write tables into a Markdown file, between the marks ``<!-- NAME: ... -->`` and ``<!-- end of NAME -->``.

    Args:
        path: the file.
        made: name -> table.

    Returns:
        How many tables were found in the file and written.

    Raises:
        InputError: if the file is missing or cannot be written.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path} to write tables into.")

    def filled(marks: re.Match[str]) -> str:
        return f"{marks[1]}\n{made[marks['name']]}\n\n{marks[3]}"

    names = "|".join(map(re.escape, made))
    between = rf"(<!-- (?P<name>{names}):[^\n]*-->\n).*?(<!-- end of (?P=name) -->)"
    text, count = re.subn(between, filled, path.read_text(), flags=re.DOTALL)
    with replacing(path) as temporary:
        temporary.write_text(text)
    return count


def window_study(arguments: Namespace) -> None:
    """Measure what hangs on the choice of eight windows and on single joints, and write it as JSON."""
    from cs2s.workbook.figures import error_evaluation

    dataset = load(arguments.dataset, arguments.data_dir)
    found = {**error_evaluation.window_study(dataset), "made_from": made_by(missing=list(dataset.missing))}
    save_json(found, arguments.json, indent=None)
    print(f"what hangs on the choice of eight windows is in {arguments.json}")


def leap_study(arguments: Namespace) -> None:
    """Find the joints whose Euler angles leap in the paper's test windows, print them, and write them as JSON."""
    check_study(arguments.frame, arguments.over)
    predictor = predictor_named(arguments.predictor, arguments.dataset)
    dataset = load(arguments.dataset, arguments.data_dir)
    evaluation = evaluate(dataset, predictor)
    found = find_leaps(evaluation, arguments.frame, arguments.over)
    print(count_test_looks(evaluation.dataset, dataset.fingerprint))
    print(leap_table(found))
    print(f"average at frame {arguments.frame}: {evaluation.average[arguments.frame]:.3f} radians")
    if arguments.json:
        study = study_leaps(evaluation, arguments.frame, arguments.over)
        save_json({**study, "made_from": evaluation.made_from}, arguments.json, indent=None)
    check_logged(evaluation.unlogged)


def critic_study(arguments: Namespace) -> None:
    """Measure how much the critic of each run weighs along its training, and write it as JSON."""
    require_tensorflow()
    from cs2s.training.critic_study import study_critic

    studied = {}
    for folder in arguments.runs:
        run = Run.open(folder)
        dataset = load(run.settings.dataset)
        found = study_critic(run, dataset, arguments.action, arguments.window)
        for moment in found["checkpoints"]:
            pulls = moment["pull_reconstruction"], found["weight"] * moment["pull_gan"]
            right = moment["right_recorded"], moment["right_predicted"]
            print(f"{folder.name} after {moment['iteration']}: pulls {pulls[0]:.4f} and {pulls[1]:.6f}, ", end="")
            print(f"right of recorded {right[0]:.0%}, of predicted {right[1]:.0%}", flush=True)
        studied[folder.resolve().name] = {**found, "made_from": made_by(data=dataset.fingerprint)}
    save_json(studied, arguments.json, indent=None)
    print(f"what was found is in {arguments.json}")


def draw_network(arguments: Namespace) -> None:
    """Draw the paper's generator."""
    from cs2s.workbook.figures.generator import plot_network

    with replacing(arguments.out) as temporary:
        plot_network().savefig(temporary, format=arguments.out.suffix[1:] or "png", dpi=160)
    print(f"the network is drawn in {arguments.out}")
