"""What the tests need from the machine itself: a browser with fonts, Nginx, and a library that a test server links to.

Where something is missing and apt-get answers (as root, or by sudo without a password) it is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from infrastructure.toolchain import TOOLS, SetupError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# A bare Debian has no font at all: charts and screenshots would show empty boxes.
_BROWSER_PACKAGES = ("chromium", "fonts-liberation", "fonts-dejavu-core")


def browser() -> str:
    """Return the path of a Chromium or Chrome.

    Raises:
        SetupError: there is none and it cannot be installed from here.
    """
    if named := os.environ.get("CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise SetupError(f"CHROMIUM={named} cannot be run.")
        return named
    if path := _browser_here():
        return path
    _install(*_BROWSER_PACKAGES)
    if path := _browser_here():
        return path
    raise SetupError(
        "The end-to-end tests need Chromium or Chrome, and it could not be installed from here. "
        "Install one (Debian: apt-get install chromium), or say CHROMIUM=/path/to/it."
    )


def libraries() -> None:
    """Have libcurl: the MongoDB server that the contract tests start is linked to it.

    Raises:
        SetupError: it is not there and cannot be installed from here.
    """
    if _loads("libcurl.so.4"):
        return
    _install("libcurl4")
    if not _loads("libcurl.so.4"):
        raise SetupError(
            "The tests start a MongoDB that needs libcurl 4. Install it (Debian: apt-get install libcurl4)."
        )


def nginx() -> str:
    """Return the path of Nginx; Debian's is unpacked into .tools, for an installed one would listen on port 80.

    Raises:
        SetupError: there is none and it cannot be had from here.
    """
    unpacked = TOOLS / "nginx"
    places = (os.environ.get("PATH", os.defpath), "/usr/sbin", str(unpacked / "usr" / "sbin"))
    if path := shutil.which("nginx", path=os.pathsep.join(places)):
        return path
    unpacked.mkdir(parents=True, exist_ok=True)
    _apt_get(("update", "-qq"))
    if shutil.which("apt-get"):
        subprocess.run(["apt-get", "download", "-qq", "nginx"], cwd=unpacked, capture_output=True, check=False)
        for package in unpacked.glob("nginx_*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, unpacked], check=False)
    if path := shutil.which("nginx", path=os.pathsep.join(places)):
        return path
    raise SetupError("The tests start Nginx, and it could not be had from here. Put an nginx on PATH.")


def _browser_here() -> str | None:
    on_path = (shutil.which(name) for name in _NAMES)
    in_place = (place for place in _PLACES if Path(place).exists())
    return next((path for path in (*on_path, *in_place) if path), None)


def _loads(library: str) -> bool:
    if sys.platform != "linux":
        return True  # its MongoDB brings what it needs
    program = (
        f"import ctypes; ctypes.CDLL({library!r})"  # in a process of its own: the loader remembers what was missing
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def _install(*packages: str) -> None:
    """Try; whether it worked is asked afterwards."""
    print(f"installing {', '.join(packages)} with apt-get", flush=True)
    _apt_get(("update", "-qq"), ("install", "-qq", "--no-install-recommends", *packages))


def _apt_get(*commands: tuple[str, ...]) -> None:
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if not shutil.which("apt-get") or (as_root and not shutil.which("sudo")):
        return
    for command in commands:
        subprocess.run(
            [*as_root, "apt-get", "-y", *command],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
