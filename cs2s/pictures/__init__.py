"""Motions as pictures: stick figures, film strips, films and players, in one style, which colours by their meaning.

Taught in ``notebooks/06_explore_predictions``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
