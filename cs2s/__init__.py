"""cs2s: a workbook on predicting human motion with a convolutional sequence-to-sequence model."""

__all__ = ["__version__"]

__version__ = "0.1.0"
