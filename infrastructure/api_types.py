"""Write what the page has of the API; with ``--check``, prove that what is committed is right.

The OpenAPI description, its TypeScript types, and the labels that the page's tests are answered with.
"""

import subprocess
import sys
from pathlib import Path

from infrastructure import prepare
from infrastructure.toolchain import ROOT, SetupError, environment

TOOL = prepare.FRONTEND / "tools" / "openapi"  # openapi-typescript wants another TypeScript than the page
COMMITTED = prepare.FRONTEND / "src" / "api"
FRESH = ROOT / ".tools" / "api"
FILES = DESCRIPTION, TYPES, LABELS = "openapi.json", "schema.d.ts", "labels.json"

LABELS_PROGRAM = (
    "import sys, msgspec; from domain.wording.labels import all_labels; "
    "sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(all_labels()), indent=2) + b'\\n')"
)


def generate(into: Path) -> None:
    """Write the description of the API as it is now, and its TypeScript types, into a folder."""
    prepare.page_packages(TOOL)
    into.mkdir(parents=True, exist_ok=True)
    description = into / DESCRIPTION
    description.write_bytes(_printed([str(prepare.VENV / "bin" / "driftline"), "openapi"], "'driftline openapi'"))
    tool = TOOL / "node_modules" / ".bin" / "openapi-typescript"
    (into / LABELS).write_bytes(_printed([str(prepare.VENV / "bin" / "python"), "-c", LABELS_PROGRAM], "the labels"))
    prepare.step([str(tool), str(description), "--output", str(into / TYPES), "--root-types=false"], TOOL)


def _printed(command: list[str], what: str) -> bytes:
    ended = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    if ended.returncode != 0:
        raise SetupError(f"{what} failed: {ended.stderr.decode(errors='replace')}")
    return ended.stdout


def main() -> int:
    """Return 0 if the committed files are, or now are, those of the API."""
    if sys.argv[1:] != ["--check"]:
        generate(COMMITTED)
        return 0
    generate(FRESH)
    stale = [name for name in FILES if (FRESH / name).read_bytes() != (COMMITTED / name).read_bytes()]
    for name in stale:
        subprocess.run(["diff", "-u", str(COMMITTED / name), str(FRESH / name)], check=False)
        print(f"{(COMMITTED / name).relative_to(ROOT)} is not what the API says: run 'make api-types' and commit it.")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
