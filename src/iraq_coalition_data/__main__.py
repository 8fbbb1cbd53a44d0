"""``python -m iraq_coalition_data`` is the command ``iraq-coalition-data``."""

import sys

from iraq_coalition_data.cli import main

sys.exit(main())
