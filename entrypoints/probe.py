"""Is this container well? ``python -m entrypoints.probe api | worker``: exit code 0 if so, a line that says why not.

Of the standard library alone: it runs every few seconds in every container.
"""

import os
import sys
import urllib.error
import urllib.request
from typing import Final

ANSWER_SECONDS: Final = 8.0  # Docker waits 10
ASKED: Final = {
    "api": ("DRIFTLINE_PORT", "8000", "/api/health/ready"),
    "worker": ("DRIFTLINE_METRICS_PORT", "9100", "/api/health/live"),
}


def trouble(port: int, path: str) -> str:
    """What is wrong with the process on this port; empty if nothing is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=ANSWER_SECONDS):
            return ""
    except urllib.error.HTTPError as refused:
        return refused.read().decode(errors="replace")
    except OSError as error:
        return f"no answer on port {port}: {error}"


def main(arguments: list[str]) -> str | None:
    """What ``sys.exit`` takes: None if all is well."""
    if len(arguments) != 1 or arguments[0] not in ASKED:
        return f"say one of: {', '.join(ASKED)}"
    variable, default, path = ASKED[arguments[0]]
    return trouble(int(os.environ.get(variable, default)), path) or None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
