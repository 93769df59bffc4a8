"""Use cases: every injected dependency is used, and every one is passed by its name."""

import ast
from pathlib import Path

import pytest

from tests.support.source_tree import ROOT, python_files

FILES = [path for path in python_files("domain") if "use_cases" in path.parts]


def use_cases(path: Path) -> list[ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.ClassDef) and _dataclass(node) is not None]


def _dataclass(node: ast.ClassDef) -> ast.Call | None:
    calls = (one for one in node.decorator_list if isinstance(one, ast.Call))
    return next((call for call in calls if ast.unparse(call.func) == "dataclass"), None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_injected_dependency_is_used(path: Path) -> None:
    for case in use_cases(path):
        nodes = list(ast.walk(case))
        declared = [one.target for one in case.body if isinstance(one, ast.AnnAssign)]
        fields = {target.id for target in declared if isinstance(target, ast.Name)}
        used = {one.attr for one in nodes if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self"}
        assert fields <= used, f"{case.name} is given {sorted(fields - used)} and does not use it"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_dependencies_are_passed_by_name(path: Path) -> None:
    for case in use_cases(path):
        decorator = _dataclass(case)
        assert decorator is not None
        assert {"frozen", "kw_only"} <= {keyword.arg for keyword in decorator.keywords}, case.name
