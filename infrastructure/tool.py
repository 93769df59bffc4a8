"""Run one command with the locked tools: ``python3 -m infrastructure.tool ruff check --fix``."""

import os
import shutil
import sys

from infrastructure import prepare
from infrastructure.toolchain import SetupError, environment


def main() -> None:
    """Prepare what the tests have, then become the command."""
    try:
        prepare.python_packages(for_tests=True)
        prepare.page_packages()
    except SetupError as error:
        sys.exit(str(error))
    env = environment()
    program = shutil.which(sys.argv[1], path=env["PATH"])
    if program is None:
        sys.exit(f"There is no {sys.argv[1]} in .venv or on PATH.")
    os.execve(program, sys.argv[1:], env)


if __name__ == "__main__":
    main()
