"""``make audit``: known weaknesses of what is locked. Asks the registries, so it is no part of ``make test``."""

import subprocess
import sys

from infrastructure.prepare import FRONTEND
from infrastructure.toolchain import ROOT, environment, uv

PIP_AUDIT = "pip-audit@2.10.1"  # run by uv, in an environment of its own
REQUIREMENTS = ROOT / ".tools" / "requirements.txt"
EXPORT = ("export", "--quiet", "--frozen", "--all-extras", "--no-dev", "--no-emit-project", "--output-file")


def main() -> int:
    """Return 0 if no weakness is known of any package that a user gets."""
    tool = str(uv())
    commands = (
        (tool, *EXPORT, str(REQUIREMENTS)),
        (tool, "tool", "run", PIP_AUDIT, "--strict", "--disable-pip", "--require-hashes", "-r", str(REQUIREMENTS)),
        ("npm", "--prefix", str(FRONTEND), "audit", "--omit=dev"),
    )
    codes = [subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode for command in commands]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
