"""Install from the lock files and build the page: each step only when what it is made from has changed.

A step's stamp holds a digest of the *contents* it was made from, so ``git pull``, a switch of branches or a copied
tree redo what really changed and nothing else.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from infrastructure.toolchain import ROOT, SetupError, ensure_node, environment, uv

FRONTEND = ROOT / "frontend"
VENV = ROOT / ".venv"

_NOT_SOURCES = {"node_modules", "dist", "test-results", "playwright-report", "coverage", "e2e"}
_FOR_TESTS = ["--all-extras", "--group", "dev", "--group", "services"]


def python_packages(*, for_tests: bool) -> None:
    """Bring ``.venv`` to the state of ``uv.lock``; what the tests need on top is left there if it is there."""
    stamp = VENV / ".driftline-stamp"
    digest = _digest([ROOT / "uv.lock", ROOT / "pyproject.toml"])
    done = stamp.read_text(encoding="utf-8") if stamp.exists() and (VENV / "bin" / "python").exists() else ""
    if done == f"tests {digest}" or (done == f"run {digest}" and not for_tests):
        return
    activate = VENV / "bin" / "activate"
    if activate.exists() and str(VENV) not in activate.read_text(encoding="utf-8"):
        shutil.rmtree(VENV)  # the tree was moved, and the programs in .venv name the place they were made for
    print("installing Python packages from uv.lock", flush=True)
    wanted = _FOR_TESTS if for_tests else ["--no-dev", "--inexact", "--compile-bytecode"]
    step([str(uv()), "sync", "--frozen", "--quiet", *wanted], ROOT)
    stamp.write_text(f"{'tests' if for_tests else 'run'} {digest}", encoding="utf-8")


def page_packages(folder: Path = FRONTEND) -> None:
    """Bring ``node_modules`` of a folder to the state of its ``package-lock.json``."""
    stamp = folder / "node_modules" / ".driftline-stamp"
    digest = _digest([folder / "package-lock.json", folder / "package.json"])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return
    ensure_node()
    print(f"installing page packages from {folder.relative_to(ROOT)}/package-lock.json", flush=True)
    step(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder)
    stamp.write_text(digest, encoding="utf-8")


def page() -> None:
    """Build ``frontend/dist`` if a source of it has changed."""
    stamp = FRONTEND / ".build-stamp"
    digest = _digest(_sources())
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest and (FRONTEND / "dist" / "index.html").exists():
        return
    page_packages()
    print("building the page", flush=True)
    step(["npm", "run", "--silent", "build"], FRONTEND)
    stamp.write_text(digest, encoding="utf-8")


def step(command: list[str], folder: Path) -> None:
    """Run a command of the set-up; its output goes where ours goes.

    Raises:
        SetupError: it failed.
    """
    done = subprocess.run(command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise SetupError(f"'{' '.join(command[:3])}' failed (exit code {done.returncode}); what it said is above.")


def _sources() -> Iterator[Path]:
    for folder, below, files in os.walk(FRONTEND):
        below[:] = sorted(name for name in below if name not in _NOT_SOURCES and not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith("."))


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(str(ROOT).encode())  # scripts in .venv name their folder:a moved tree is prepared again
    for path in paths:
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
