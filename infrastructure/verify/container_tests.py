"""The contract suites on containers, where no engine runs and no registry answers.

``python3 -m infrastructure.tool python -m infrastructure.verify.container_tests [pytest's arguments]``: starts the
engine of ``infrastructure/verify-compose`` if none answers, builds its images, and runs the suites with
``TEST_SERVICES=containers``.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from infrastructure.toolchain import ROOT, SetupError, environment
from infrastructure.verify import bases
from infrastructure.verify.engine import engine

WORK: Final = Path(
    "/var/tmp/driftline-verify"
)  # as of infrastructure/verify-compose, which then need not make the images
EMULATOR: Final = f"{bases.PREFIX}/aws-emulator"


def main() -> int:
    """Return pytest's exit code, or 1 if there is no engine to be had."""
    WORK.mkdir(exist_ok=True)
    try:
        with engine(WORK):
            bases.make(WORK)
            file = ROOT / "infrastructure" / "images" / "aws-emulator.Dockerfile"
            subprocess.run(
                ["docker", "build", "--quiet", "--build-arg", f"PYTHON_IMAGE={bases.PYTHON}", "--file", file,
                 "--tag", EMULATOR, "."],
                cwd=ROOT, stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            given = {**bases.IMAGES, "EMULATOR_IMAGE": EMULATOR, "TEST_SERVICES": "containers"}
            arguments = sys.argv[1:] or ["-q", "tests/contract"]
            return subprocess.run(["pytest", *arguments], cwd=ROOT, env=environment() | given, check=False).returncode
    except (SetupError, subprocess.CalledProcessError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("An engine of one's own needs root.")
    sys.exit(main())
