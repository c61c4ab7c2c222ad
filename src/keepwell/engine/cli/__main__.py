"""``python -m keepwell.engine.cli``: the same as ``keepwell``."""

import sys

from keepwell.engine.cli import main

sys.exit(main())
