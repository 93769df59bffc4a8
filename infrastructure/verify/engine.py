"""A container engine: the one that answers, or one of Debian's packages started for as long as it is needed."""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infrastructure.toolchain import SetupError

PACKAGES: Final = ("docker.io", "debootstrap", "iptables")
MIRROR: Final = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
# Debian 12 has neither; those of Debian 13 need no newer library.
PLUGINS: Final = ("docker-compose", "docker-buildx")
START_SECONDS: Final = 60.0


@contextlib.contextmanager
def engine(work: Path) -> Iterator[None]:
    """Have ``docker``, ``docker compose`` and BuildKit.

    Raises:
        SetupError: they cannot be had here.
    """
    missing = [name for name in ("dockerd", "debootstrap", "iptables") if shutil.which(name) is None]
    if missing:
        _apt_get("update", "-qq")
        _apt_get("install", "-qq", "--no-install-recommends", *PACKAGES)
    os.environ["DOCKER_CONFIG"] = str(work / "docker")
    for plugin in PLUGINS:
        if _quiet("docker", plugin.removeprefix("docker-"), "version") != 0:
            _fetch_plugin(plugin, work)
    if _quiet("docker", "info") == 0:
        yield
        return
    with _started(work):
        yield


@contextlib.contextmanager
def _started(work: Path) -> Iterator[None]:
    print("starting dockerd", flush=True)
    folders = [f"--data-root={work}/data", f"--exec-root={work}/exec", f"--pidfile={work}/dockerd.pid"]
    with (work / "dockerd.log").open("wb") as log:
        daemon = subprocess.Popen(["dockerd", *folders], stdout=log, stderr=log)
    try:
        end = time.monotonic() + START_SECONDS
        while _quiet("docker", "info") != 0:
            if daemon.poll() is not None or time.monotonic() > end:
                raise SetupError(f"dockerd does not start here; {work}/dockerd.log says why.")
            time.sleep(0.5)
        yield
    finally:
        daemon.terminate()
        daemon.wait(60)


def _fetch_plugin(name: str, work: Path) -> None:
    print(f"fetching {name} of Debian 13", flush=True)
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    index = work / "Packages.xz"
    if not index.exists():
        urllib.request.urlretrieve(f"{MIRROR}/dists/trixie/main/binary-{architecture}/Packages.xz", index)
    listed = subprocess.run(["xz", "-dc", index], capture_output=True, text=True, check=True).stdout
    entry = next(part for part in listed.split("\n\n") if part.startswith(f"Package: {name}\n"))
    field = dict(re.findall(r"^(\S+): (.*)$", entry, re.MULTILINE))
    package = work / f"{name}.deb"
    urllib.request.urlretrieve(f"{MIRROR}/{field['Filename']}", package)
    if hashlib.sha256(package.read_bytes()).hexdigest() != field["SHA256"]:
        raise SetupError(f"{package} is not what the list of packages says.")
    subprocess.run(["dpkg-deb", "-x", package, work / name], check=True)
    plugins = work / "docker" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    shutil.copy2(next((work / name).glob(f"usr/libexec/docker/cli-plugins/{name}")), plugins)


def _quiet(*command: str) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode


def _apt_get(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-y", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdout=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        sys.exit("This needs root on a Debian that reaches its packages.")
