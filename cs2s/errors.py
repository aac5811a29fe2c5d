"""The one exception that means: the input is wrong, and this sentence says how to put it right."""

import unicodedata
from collections.abc import Iterable


class InputError(ValueError):
    """Bad input, told in one sentence that names the file, line or argument and what would be right.

    The command line prints the sentence and exits with code 2; notebooks show it as it is.
    """


def near(name: object, names: Iterable[str]) -> str:
    """Return words that suggest the nearest of the names that there are, for a sentence: empty if none is near."""
    # Imported here, because nearly always nothing is wrong.
    from difflib import get_close_matches

    found = get_close_matches(str(name), names, 1, cutoff=0.7)
    return f" (did you mean '{found[0]}'?)" if found else ""


def printable(text: object) -> str:
    """Return a text as a terminal can show it: what would move its cursor, or is no character, is spelled out."""
    return "".join(
        character
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")
        else ascii(character)[1:-1]
        for character in str(text)
    )
