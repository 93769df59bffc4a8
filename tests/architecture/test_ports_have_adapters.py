"""Adapters say which port they serve by inheriting it, so that mypy compares them and a reader finds them."""

import importlib
import inspect
from typing import Any

import pytest
from typing_extensions import is_protocol

from domain.ports import accounts, analyses, datasets, system, work
from tests.support.source_tree import module_name, python_files

PORTS = [
    kind
    for module in (system, accounts, datasets, analyses, work)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if is_protocol(kind) and kind.__module__ == module.__name__
]


def _adapter_classes() -> list[type[Any]]:
    modules = [importlib.import_module(module_name(path)) for path in python_files("adapters")]
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__ and not kind.__name__.startswith("_")
    ]


def _methods(port: type[Any]) -> set[str]:
    return set(getattr(port, "__abstractmethods__", ()))


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_port_has_an_adapter_that_inherits_it(port: type[Any]) -> None:
    assert [kind.__name__ for kind in _adapter_classes() if port in kind.__mro__] != []


def test_adapters_leave_no_method_of_their_port_open() -> None:
    unfinished = {
        kind.__name__: sorted(_methods(kind))
        for kind in _adapter_classes()
        if not is_protocol(kind) and any(port in kind.__mro__ for port in PORTS) and inspect.isabstract(kind)
    }
    assert unfinished == {}


def test_class_that_answers_like_a_port_inherits_it() -> None:
    alike = [
        f"{kind.__module__}.{kind.__name__} has all of {port.__name__}"
        for kind in _adapter_classes()
        for port in PORTS
        if len(_methods(port)) > 1 and _methods(port) <= set(vars(kind)) and port not in kind.__mro__
    ]
    assert alike == []
