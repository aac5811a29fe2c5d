"""What moves: rotations, skeletons, and a `Motion`, one recording or prediction of one person; mirror images, other
frame rates and other bodies. Taught in ``notebooks/01_motion_data`` and ``notebooks/02_exponential_maps``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
