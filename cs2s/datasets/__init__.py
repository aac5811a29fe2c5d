"""What data sets there are, the one loader for all, and the windows that are cut from them. To add a data set, add a
description to `descriptions.DESCRIPTIONS`. Taught in ``notebooks/01_motion_data``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
