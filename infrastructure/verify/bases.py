"""Base images without a registry: Debian by debootstrap, and on it what docker-compose.yml takes from public images."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from infrastructure.toolchain import ROOT
from infrastructure.verify.engine import MIRROR

PREFIX: Final = "driftline-verify"
PYTHON: Final = f"{PREFIX}/python:bookworm"
STAND_INS: Final = {"NGINX": "nginx", "POSTGRES": "postgres", "MONGODB": "mongodb", "REDIS": "valkey"}
# The variables by which docker-compose.yml takes them.
IMAGES: Final = {"PYTHON_IMAGE": PYTHON} | {f"{key}_IMAGE": f"{PREFIX}/{name}" for key, name in STAND_INS.items()}
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")


def make(work: Path) -> None:
    """Make the images that are missing."""
    if subprocess.run(["docker", "image", "inspect", PYTHON], capture_output=True, check=False).returncode != 0:
        _debian(work / "rootfs")
    for name in STAND_INS.values():
        print(f"building {PREFIX}/{name}", flush=True)
        file = ROOT / "infrastructure" / "verify" / "stand-ins.Dockerfile"
        subprocess.run(
            ["docker", "build", "--quiet", "--build-arg", f"PYTHON_IMAGE={PYTHON}", "--target", name,
             "--file", file, "--tag", f"{PREFIX}/{name}", "."],
            cwd=ROOT, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip


def _debian(folder: Path) -> None:
    print("making a Debian 12 with Python by debootstrap", flush=True)
    with (folder.parent / "debootstrap.log").open("wb") as log:
        subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", "bookworm",
             folder, MIRROR],
            stdout=log, stderr=log, check=True,
        )  # fmt: skip
    if CERTIFICATES.exists():
        # A company's own certificate authority is known to this machine and must be to the builds on it.
        shutil.copyfile(CERTIFICATES, folder / CERTIFICATES.relative_to("/"))
    packed = subprocess.Popen(["tar", "-C", folder, "-c", "."], stdout=subprocess.PIPE)
    subprocess.run(["docker", "import", "-", PYTHON], stdin=packed.stdout, stdout=subprocess.DEVNULL, check=True)
    packed.wait()
    shutil.rmtree(folder)
