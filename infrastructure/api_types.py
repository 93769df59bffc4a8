"""Write the OpenAPI description and the page's types of it; with ``--check``, prove that those committed are right."""

import subprocess
import sys
from pathlib import Path

from infrastructure import prepare
from infrastructure.toolchain import ROOT, SetupError, environment

TOOL = prepare.FRONTEND / "tools" / "openapi"  # openapi-typescript wants another TypeScript than the page
COMMITTED = prepare.FRONTEND / "src" / "api"
FRESH = ROOT / ".tools" / "api"
DESCRIPTION, TYPES = "openapi.json", "schema.d.ts"


def generate(into: Path) -> None:
    """Write the description of the API as it is now, and its TypeScript types, into a folder."""
    prepare.page_packages(TOOL)
    into.mkdir(parents=True, exist_ok=True)
    program = prepare.VENV / "bin" / "driftline"
    told = subprocess.run([program, "openapi"], cwd=ROOT, env=environment(), capture_output=True, check=False)
    if told.returncode != 0:
        raise SetupError(f"'driftline openapi' failed: {told.stderr.decode(errors='replace')}")
    description = into / DESCRIPTION
    description.write_bytes(told.stdout)
    tool = TOOL / "node_modules" / ".bin" / "openapi-typescript"
    prepare.step([str(tool), str(description), "--output", str(into / TYPES), "--root-types=false"], TOOL)


def main() -> int:
    """Return 0 if the committed files are, or now are, those of the API."""
    if sys.argv[1:] != ["--check"]:
        generate(COMMITTED)
        return 0
    generate(FRESH)
    stale = [name for name in (DESCRIPTION, TYPES) if (FRESH / name).read_bytes() != (COMMITTED / name).read_bytes()]
    for name in stale:
        subprocess.run(["diff", "-u", str(COMMITTED / name), str(FRESH / name)], check=False)
        print(f"{(COMMITTED / name).relative_to(ROOT)} is not what the API says: run 'make api-types' and commit it.")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
