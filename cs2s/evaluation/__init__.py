"""Who is judged and how: the predictor's contract and the baselines, the error measures, the protocols, tables, what
papers print, sample files, and the log of looks at test windows. Taught in ``notebooks/05_error_evaluation`` and
``notebooks/07_beyond_the_paper``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
