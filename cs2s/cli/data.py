"""The commands about data sets: ``cs2s data list | info | download | add``."""

from argparse import Namespace

from cs2s.datasets.descriptions import DESCRIPTIONS, describe
from cs2s.datasets.download import download, published_files
from cs2s.datasets.loading import default_folder, load
from cs2s.datasets.report import data_facts, data_report
from cs2s.errors import InputError
from cs2s.files.places import data_file
from cs2s.files.provenance import made_by
from cs2s.files.writing import save_json

__all__ = ["add", "fetch", "show_info", "show_list"]


def show_list(arguments: Namespace) -> None:
    """Print the known data sets."""
    for description in DESCRIPTIONS.values():
        print(f"{description.name}: {description.title}\n    {description.source}")
        if description.manifest:
            print(f"    fetch it with: cs2s data download {description.name}")
        if description.folder:
            print(f"    looked for in: {default_folder(description)}")


def show_info(arguments: Namespace) -> None:
    """Print what a data set holds and lacks."""
    dataset = load(arguments.dataset, arguments.data_dir)
    facts = data_facts(dataset)
    print(data_report(dataset, facts))
    if arguments.json:
        facts["made_from"] = made_by(data=dataset.fingerprint)
        save_json(facts, arguments.json)


def fetch(arguments: Namespace) -> None:
    """Fetch a published data set."""
    description = describe(arguments.dataset)
    if not description.manifest:
        raise InputError(f"the {description.name} data cannot be downloaded: {description.source}")
    files = published_files(data_file(description.manifest))
    folder = download(files, arguments.url or description.url, arguments.to or default_folder(description))
    print(f"all {len(files)} files of the {description.name} data, as published, are in {folder}")


def add(arguments: Namespace) -> None:
    """Add motion files to a folder of one's own captures."""
    # Imported here, because these load SciPy, which what is told of data sets does not need.
    from cs2s.cli.motion_files import load_told, retargeted
    from cs2s.datasets.own_takes import add_takes

    motions = []
    for path in arguments.files:
        motion = load_told(path, arguments)
        if not 0 <= arguments.skip < len(motion):
            raise InputError(f"--skip {arguments.skip} makes no sense: {path} has {len(motion)} frames.")
        motions.append(retargeted(motion[arguments.skip :], arguments))
    files = add_takes(motions, arguments.action, arguments.to, arguments.split, arguments.fps)
    for path, file in zip(arguments.files, files, strict=True):
        print(f"{path} is now {file}")
    if (arguments.to / "train").is_dir():
        print(f"next: cs2s data info own --data-dir {arguments.to}")
    else:
        print(f"next: add takes to train on: cs2s data add FILES --action {arguments.action} --to {arguments.to}")
