"""Commands as a user types them, for the tests of the command line."""

import pytest

from cs2s.cli.parser import main


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def refused(capsys: pytest.CaptureFixture, *arguments: object) -> str:
    """Run a command that must be refused with exit code 2 and one sentence; return the sentence."""
    capsys.readouterr()
    try:
        code = run(*arguments)
    except SystemExit as stop:
        code = stop.code
    output = capsys.readouterr()
    assert code == 2
    assert output.err.startswith("cs2s: ")
    assert output.err.strip().count("\n") == 0
    return output.err
