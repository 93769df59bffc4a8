"""``make run``: fetch what this machine lacks, build the page if it has changed, serve."""

import os
import sys

from infrastructure import prepare
from infrastructure.toolchain import SetupError, environment


def main() -> None:
    """Prepare, then become the server, so that Ctrl-C and signals reach it and nothing else."""
    try:
        prepare.python_packages(for_tests=False)
        prepare.page()
    except SetupError as error:
        sys.exit(f"Driftline cannot start: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    settings = {f"DRIFTLINE_{name}": os.environ[name] for name in ("HOST", "PORT") if os.environ.get(name)}
    program = str(prepare.VENV / "bin" / "driftline")
    os.execve(program, [program, "serve"], environment() | settings)


if __name__ == "__main__":
    main()
