"""Lets ``python -m cs2s`` do what the ``cs2s`` command does."""

import sys

from cs2s.cli.parser import main

sys.exit(main())
