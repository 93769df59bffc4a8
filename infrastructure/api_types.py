"""Write the page's API types from our own OpenAPI; with ``--check``, prove that the committed ones are just these."""

import json
import subprocess
import sys
from pathlib import Path

from infrastructure import prepare
from infrastructure.toolchain import ROOT, SetupError, environment

TOOL = prepare.FRONTEND / "tools" / "openapi"  # openapi-typescript wants another TypeScript than the page
TYPES = prepare.FRONTEND / "src" / "api" / "schema.d.ts"


def generate(into: Path) -> None:
    """Write the TypeScript types of the API as it is now."""
    prepare.page_packages(TOOL)
    description = ROOT / ".tools" / "openapi.json"
    description.parent.mkdir(exist_ok=True)
    program = prepare.VENV / "bin" / "driftline"
    told = subprocess.run([program, "openapi"], cwd=ROOT, env=environment(), capture_output=True, check=False)
    if told.returncode != 0:
        raise SetupError(f"'driftline openapi' failed: {told.stderr.decode(errors='replace')}")
    description.write_text(json.dumps(json.loads(told.stdout), indent=2), encoding="utf-8")
    tool = TOOL / "node_modules" / ".bin" / "openapi-typescript"
    prepare.step([str(tool), str(description), "--output", str(into), "--root-types=false"], TOOL)


def main() -> int:
    """Return 0 if the committed types are, or now are, those of the API."""
    if sys.argv[1:] != ["--check"]:
        generate(TYPES)
        return 0
    fresh = ROOT / ".tools" / "schema.d.ts"
    generate(fresh)
    if fresh.read_text(encoding="utf-8") == TYPES.read_text(encoding="utf-8"):
        return 0
    subprocess.run(["diff", "-u", str(TYPES), str(fresh)], check=False)
    print(f"{TYPES.relative_to(ROOT)} is not what the API says: run 'make api-types' and commit it.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
