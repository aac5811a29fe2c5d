"""Motion files of others, in and out: BVH, ASF/AMC, the benchmark's rows of text, HDF5; and how files are written whole
or not at all. To add a format, add an entry to `formats.FORMATS`. Taught in ``notebooks/08_your_own_motion``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
