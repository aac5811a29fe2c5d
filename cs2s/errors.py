"""The one exception that means: the input is wrong, and this sentence says how to put it right."""


class InputError(ValueError):
    """Bad input, told in one sentence that names the file, line or argument and what would be right.

    The command line prints the sentence and exits with code 2; notebooks show it as it is.
    """
