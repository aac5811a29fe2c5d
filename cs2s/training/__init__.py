"""From settings to a trained predictor: presets, losses, both ways of training, run directories, checkpoints (the
authors' too), shipped weights, and what comes next in a motion of one's own. Taught in
``notebooks/04_adversarial_training``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
