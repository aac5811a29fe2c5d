"""The networks: the paper's encoders, generator, rollout and discriminator, its quirks as named options, and predictors
of our own. Needs TensorFlow. Taught in ``notebooks/03_generator``, ``notebooks/04_adversarial_training`` and
``notebooks/07_beyond_the_paper``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
