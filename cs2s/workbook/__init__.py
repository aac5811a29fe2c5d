"""What only the chapters need: how they begin, the model they predict with, their figures and their answer checks. What
belongs to one chapter is called after it, in `figures` and in `checks`. Used from ``notebooks/00_quickstart`` on.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
