"""cs2s: a workbook on predicting human motion with a convolutional sequence-to-sequence model."""
