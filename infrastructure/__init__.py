"""What brings Driftline up: on this machine (``make``), in containers, on AWS."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an older one is what this is for; nothing below could say it)
    sys.exit(
        f"Driftline needs Python 3.11 or newer; this one is {sys.version.split()[0]}. Say PYTHON=/path/to/python3."
    )
