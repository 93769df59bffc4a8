"""Find a Chromium for the end-to-end tests, or have the machine's package manager install one."""

import os
import shutil
import subprocess
from pathlib import Path

from infrastructure.toolchain import SetupError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# A bare Debian has no font at all: charts, PDF and screenshots would show empty boxes.
_PACKAGES = ("chromium", "fonts-liberation", "fonts-dejavu-core")


def browser() -> str:
    """Return the path of a Chromium or Chrome.

    Raises:
        SetupError: there is none and it cannot be installed from here.
    """
    if named := os.environ.get("CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise SetupError(f"CHROMIUM={named} cannot be run.")
        return named
    if found := _on_this_machine():
        return found
    _install()
    if found := _on_this_machine():
        return found
    raise SetupError(
        "The end-to-end tests need Chromium or Chrome, and it could not be installed from here. "
        "Install one (Debian: apt-get install chromium), or say CHROMIUM=/path/to/it."
    )


def _on_this_machine() -> str | None:
    on_path = (shutil.which(name) for name in _NAMES)
    in_place = (place for place in _PLACES if Path(place).exists())
    return next((found for found in (*on_path, *in_place) if found), None)


def _install() -> None:
    if not shutil.which("apt-get"):
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if as_root and not shutil.which("sudo"):
        return
    print(f"installing {', '.join(_PACKAGES)} with apt-get", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", *_PACKAGES]):
        subprocess.run(
            [*as_root, "apt-get", "-y", *command],
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,  # whether it worked is asked afterwards: is there a browser?
        )
