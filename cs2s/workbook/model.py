"""The trained model that chapters predict with: yours if there is one, else one that comes with the program.

Used by ``notebooks/00_quickstart`` and by every chapter that shows predictions.
"""

from pathlib import Path

from cs2s.datasets.loading import Dataset
from cs2s.datasets.windows import dataset_statistics
from cs2s.files.provenance import made_by
from cs2s.training.loop import train
from cs2s.training.pretrained import DEFAULT, PREFIX, pretrained_for, read_pretrained
from cs2s.training.runs import RUN_FOLDERS, Run
from cs2s.training.settings import Settings

__all__ = ["workbook_predictor", "workbook_run"]

_SHIPPED = {"demo": "demo", "cmu": DEFAULT}
"""Data set -> the predictor that comes with the program: of the demo data its own, of CMU the single small model."""


def _own_run(dataset: Dataset) -> Run | None:
    """Return ``runs/demo`` or ``runs/cmu``, if it was trained on this very data."""
    for folder in (parent / dataset.description.name for parent in RUN_FOLDERS):
        if (folder / "run.json").is_file():
            run = Run.open(folder)
            if run.is_trained_on(dataset.fingerprint):
                print(f"model: {folder.as_posix()}, trained for {run.checkpoints[-1]} iterations")
                return run
    return None


def workbook_predictor(dataset: Dataset, profile: str) -> str:
    """Return the name of a trained predictor for a data set, and print where it comes from.

    That is your own run, if there is one (see `workbook_run`), or else the one that comes with the program; where
    there is none for this data set, a short training makes one.

    Args:
        dataset: what to predict.
        profile: says how long to train, if need be.

    Returns:
        What `cs2s.training.predictors.load_predictor` and ``cs2s predict --run`` take.
    """
    run = _own_run(dataset)
    if run is None:
        shipped = PREFIX + _SHIPPED.get(dataset.description.name, "")
        if shipped in pretrained_for(dataset.description.name):
            (member,) = read_pretrained(shipped)
            print(f"model: {shipped}, trained for {member.iteration} iterations; it came with the program")
            return shipped
        run = workbook_run(dataset, profile)
    return str(run.folder.resolve())


def workbook_run(dataset: Dataset, profile: str) -> Run:
    """Return a trained run for a data set, and print where it comes from.

    That is ``runs/demo`` or ``runs/cmu`` if it was trained on the same data (by ``make demo`` or ``cs2s train``);
    else a short training of the paper's network, which is kept beside them for the next chapter.

    Args:
        dataset: what to predict.
        profile: says how long to train: 2 iterations for ``"smoke"``, 100 for ``"cpu"``, 2000 for ``"gpu"``.
    """
    own, name = _own_run(dataset), dataset.description.name
    if own is not None:
        return own
    settings = Settings.for_preset(
        name,
        iterations={"smoke": 2, "cpu": 100, "gpu": 2000}[profile],
        batch_size=8,
        learning_rate=1e-3,
        window_length=16,
        output_length=10,
    )
    in_project = Path.cwd().name == "notebooks"
    folder = RUN_FOLDERS[0 if in_project else 1] / f"{name}-{dataset.fingerprint[:8]}-{settings.iterations}"
    made_from = made_by(data=dataset.fingerprint, seed=settings.seed)
    run = (
        Run.open(folder)
        if (folder / "run.json").is_file()
        else Run.create(folder, settings, made_from, dataset_statistics(dataset))
    )
    if settings.iterations not in run.checkpoints:
        print(f"no model in runs/{name}: training one for {settings.iterations} iterations, this once")
        train(run, dataset, verbose=2)
    print(f"model: trained for {settings.iterations} iterations only; 'make demo' or 'cs2s train' makes a better one")
    return run
