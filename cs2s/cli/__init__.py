"""The command line, and the commands that make the project's own tables. Shown in ``notebooks/00_quickstart``."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
