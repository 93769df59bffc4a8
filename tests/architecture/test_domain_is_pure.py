"""The domain computes: no I/O, no clock, no randomness, no async library. So it is the same everywhere, every time."""

import ast
from pathlib import Path

import pytest

from tests.support.source_tree import ROOT, imports, python_files

# Of the standard library only what computes. pathlib is here for its type (a port hands paths on), gzip for bytes.
ALLOWED = {
    "abc", "base64", "binascii", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime",
    "decimal", "difflib", "enum", "fractions", "functools", "gzip", "hashlib", "heapq", "itertools", "math", "numbers",
    "operator", "pathlib", "re", "statistics", "string", "struct", "textwrap", "types", "typing", "typing_extensions",
    "unicodedata", "warnings", "zlib", "zoneinfo",
    "domain", "msgspec", "numpy", "scipy",
    "babel",  # names and zones of countries: tables of the package, no clock (docs/decisions/0010)
    "holidays",  # public holidays computed from rules: no network, no clock (docs/decisions/0010)
}  # fmt: skip
FORBIDDEN_INSIDE_ALLOWED = ("numpy.random", "scipy.io", "scipy.datasets", "gzip.open")
FORBIDDEN_NAMES = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
FORBIDDEN_CALLS = {
    "now", "utcnow", "today",  # clocks: ask the port Clock
    "random", "default_rng", "rvs", "shuffle", "permutation",  # chance: answers must repeat
    "read_text", "read_bytes", "write_text", "write_bytes", "exists", "is_file", "is_dir", "mkdir", "unlink", "rmdir",
    "iterdir", "glob", "rglob", "stat", "touch", "resolve", "cwd", "home",  # files: ask the port Blobs or TempWorkspace
    "fromfile", "tofile", "loadtxt", "savetxt", "genfromtxt", "memmap", "save", "savez",  # files, through numpy
}  # fmt: skip
# They choose which points are drawn and are handed the port that does it; nothing else of the model asks a port.
HANDED_A_DOWNSAMPLER = {"domain/analysis/build.py", "domain/analysis/point_table.py"}
PORTS_IN_THE_DOMAIN = {"self", "clock", "analyses"}  # `self.clock.now()`, `self.analyses.save()` ask a port

FILES = python_files("domain")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_domain_imports_only_what_computes(path: Path) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in imports(path)
        if name.split(".")[0] not in ALLOWED or name.startswith(FORBIDDEN_INSIDE_ALLOWED)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_domain_reads_no_clock_no_file_and_no_dice(path: Path) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno} calls {ast.unparse(call.func)}()"
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _touches_the_world(call.func)
    ]
    assert wrong == []


def _touches_the_world(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in FORBIDDEN_NAMES
    if isinstance(function, ast.Attribute) and function.attr in FORBIDDEN_CALLS:
        owner = ast.unparse(function.value)
        return not owner.startswith("self.") and owner not in PORTS_IN_THE_DOMAIN
    return False


def test_the_model_knows_neither_ports_nor_use_cases() -> None:
    model = [path for path in FILES if path.name != "ports.py" and "use_cases" not in path.parts]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in model
        for line, name in imports(path)
        if name.startswith(("domain.ports", "domain.use_cases"))
        and not (name == "domain.ports.analyses.Downsampler" and str(path.relative_to(ROOT)) in HANDED_A_DOWNSAMPLER)
    ]
    assert wrong == []
