"""The answer checks of each chapter, in a module that is called after it, from ``notebooks/00_quickstart`` on."""
