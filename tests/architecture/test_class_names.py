"""One name, one thing: no two classes of domain, adapters and entry points are called the same."""

import ast
from collections import defaultdict
from typing import Final

from tests.support.source_tree import ROOT, python_files

# The arithmetic of a change of level, and the facts that a sentence about it needs: neither is seen from outside.
SAME_NAME: Final = {"Shift"}


def test_class_names_are_unique() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in python_files("domain", "adapters", "entrypoints"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1 and name not in SAME_NAME} == {}
