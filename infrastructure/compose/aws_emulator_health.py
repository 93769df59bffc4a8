"""Exit code 0 if the emulator's bucket tells its queue of new objects: the last thing made at its start."""

import sys
import urllib.request

ASKED = "http://127.0.0.1:5000/driftline?notification"

if __name__ == "__main__":
    with urllib.request.urlopen(ASKED, timeout=8) as answer:
        sys.exit(0 if b"QueueConfiguration" in answer.read() else 1)
