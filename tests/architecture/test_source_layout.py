"""Files and functions stay short enough to be read in one go; names say what things are."""

import ast
import subprocess

import pytest

from tests.support.source_tree import PACKAGES, ROOT, python_files

MAX_LINES = 320  # about 300
MAX_FUNCTION_LINES = 45  # about 40; of its body, without the docstring
LONGER_FOR_A_REASON = {
    "frontend/src/api/schema.d.ts": "generated from the OpenAPI description",
}
STRAIGHT_LISTS = "bootstrap"  # the composition root names every part once, one line each
ROUTES = "entrypoints/http/routes.py"  # one line for each route
MEANINGLESS_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
SOURCES = (*PACKAGES, "infrastructure", "benchmarks", "tests", "frontend/src")


def _ours() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *SOURCES],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [
        name for name in listed.stdout.splitlines() if name.endswith((".py", ".ts", ".tsx")) and (ROOT / name).exists()
    ]


def test_files_stay_short() -> None:
    long = {
        name: lines
        for name in _ours()
        if name not in LONGER_FOR_A_REASON
        and (lines := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_every_exception_to_the_file_limit_is_still_needed() -> None:
    short = [
        name
        for name in LONGER_FOR_A_REASON
        if (ROOT / name).exists() and len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    ]
    assert short == []


def test_functions_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines"
        for path in python_files(*PACKAGES, "infrastructure")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and STRAIGHT_LISTS not in path.parts
        and path.relative_to(ROOT).as_posix() != ROUTES
        and (lines := _body_lines(node)) > MAX_FUNCTION_LINES
    ]
    assert long == []


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("folder", PACKAGES)
def test_modules_are_named_for_what_they_hold(folder: str) -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.stem.lower() in MEANINGLESS_NAMES and "__pycache__" not in path.parts
    ]
    assert wrong == []
