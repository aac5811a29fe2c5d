"""An append-only log of every evaluation on test windows, so that how often they were looked at is known.

Whoever chooses among many models by their test error tests nothing any more. Choices are for the validation split
(`cs2s.datasets.validation`); the test windows are for the end, and each look at them leaves a line here.
Taught in ``notebooks/07_beyond_the_paper``.
"""

import json

from cs2s.errors import InputError
from cs2s.files.places import look_file
from cs2s.files.provenance import made_by
from cs2s.files.writing import make_folder

__all__ = ["count_test_looks", "log_test_look", "read_test_looks"]


def read_test_looks(data: str | None = None) -> list[dict[str, object]]:
    """Return the lines of the log, oldest first.

    Args:
        data: only those at the data with this fingerprint.

    Raises:
        InputError: if a line of the log cannot be read.
    """
    path = look_file()
    if not path.is_file():
        return []
    looks = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            look = json.loads(line)
            if data is None or look["data"] == data:
                looks.append(look)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: this is no look at test windows; mend or remove it.") from error
    return looks


def log_test_look(dataset: str, data: str, predictor: str, protocol: str) -> None:
    """Append a line to the log.

    Args:
        dataset: name of the data set.
        data: its fingerprint.
        predictor: whose predictions were measured.
        protocol: under which protocol.

    Raises:
        InputError: if the log cannot be written to.
    """
    path = look_file()
    make_folder(path.parent)
    look = made_by(dataset=dataset, data=data, predictor=predictor, protocol=protocol)
    try:
        # One short write at the end of the file: two programs at once do not mix their lines.
        with open(path, "a") as file:
            file.write(json.dumps(look) + "\n")
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); name another file by CS2S_TEST_LOOKS.") from error


def count_test_looks(dataset: str, data: str) -> str:
    """Say how often the test windows of data with this fingerprint have been evaluated, baselines included.

    Raises:
        InputError: if the log cannot be read.
    """
    count = len(read_test_looks(data))
    times = "once" if count == 1 else f"{count} times"
    return f"the test windows of this {dataset} data have been evaluated {times} (logged)"
