"""No pattern that sees what a user sends can be made to backtrack: each is run on texts built to make it do so.

The texts run in a process of their own, which the operating system ends when its processor time is spent: a pattern
that is quadratic takes some 10 s on the longest of them, a linear one 2 ms.
"""

import ast
import importlib
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
OF_CELLS = "adapters.duckdb.reader.columns."  # these are held to cells of 64 characters (`MAX_MATCHED`)
LENGTH = 20_000  # characters, where nothing holds a pattern to less
CPU_SECONDS = 20  # for all patterns together; they take 3 s, and a single quadratic one some 60 s
METHODS = ("match", "fullmatch", "search")
NOT_OF_USERS = {
    "entrypoints.http.static._HASHED": "names of the files of our own page",
}
SIX_GAPS = "gaps"  # stands for a pattern that does backtrack

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for folder in ("adapters", "domain", "entrypoints")
    for path in (ROOT / folder).rglob("*.py")
    if re.search(r"\bre\.[a-z]", path.read_text(encoding="utf-8"))
)


@dataclass(frozen=True)
class Used:
    """A pattern and by which methods it is used."""

    name: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    methods: tuple[str, ...]


def patterns_of(module: str) -> Iterator[Used]:
    """The patterns of a module: those it holds, those it builds, and those that its functions write where needed."""
    for name, value in vars(importlib.import_module(module)).items():
        for key, one in value.items() if isinstance(value, dict) else [("", value)]:
            if isinstance(one, re.Pattern) and f"{module}.{name}" not in NOT_OF_USERS:
                yield Used(f"{module}.{name} {key}", one, methods_of(module, name))
    for name, one in built_at_run_time(module).items():
        yield Used(f"{module} {name}", one, methods_of(module, name))
    for call in calls(module):
        method = getattr(call.func, "attr", "")
        if isinstance(call.args[0], ast.Constant) and method != "compile":
            yield Used(f"{module}:{call.lineno}", re.compile(call.args[0].value), _method(method))


def built_at_run_time(module: str) -> dict[str, re.Pattern[str]]:
    """Patterns that a module's functions put together."""
    if module == "adapters.duckdb.reader.columns.numbers":
        numbers = importlib.import_module(module)
        forms = [numbers.NumberFormat(plain=False, decimal=sign, scaled=scaled) for sign in ".," for scaled in (0, 1)]
        return {f"_finder {form}": numbers._finder(form) for form in forms}
    if module == "adapters.duckdb.reader.row_parser":
        parser = importlib.import_module(module).RowParser(",", 2)
        return {name: getattr(parser, name) for name in ("_quoted", "_bare", "_ends")}
    return {}


def calls(module: str) -> list[ast.Call]:
    """The calls of ``re`` inside a module's functions and methods."""
    functions = [node for node in ast.walk(source(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = {node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call)}
    return [call for call in found if isinstance(call.func, ast.Attribute) and _is_re(call.func)]


def _is_re(function: ast.Attribute) -> bool:
    return isinstance(function.value, ast.Name) and function.value.id == "re" and function.attr in FUNCTIONS


def methods_of(module: str, name: str) -> tuple[str, ...]:
    """By which methods the pattern of this name is used in its module; all of them where that cannot be seen."""
    used = {
        node.attr
        for node in ast.walk(source(module))
        if isinstance(node, ast.Attribute) and name in {getattr(node.value, "id", ""), getattr(node.value, "attr", "")}
    }
    return tuple(sorted({one for method in used & FUNCTIONS for one in _method(method)})) or METHODS


def _method(name: str) -> tuple[str, ...]:
    return (name,) if name in METHODS else ("search",)


def source(module: str) -> ast.Module:
    return ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))


def run_within(seconds: int, *modules: str) -> subprocess.CompletedProcess[str]:
    """Try the patterns of modules in a process that may use so much of the processor."""
    return subprocess.run(
        [sys.executable, __file__, *modules],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)),
    )


def test_hostile_texts_cost_a_pattern_no_more_than_their_length() -> None:
    run = run_within(CPU_SECONDS, *MODULES)
    assert run.returncode == 0, f"{run.stdout.splitlines()[-1:]} was not through in time\n{run.stderr}"


def test_a_pattern_whose_neighbours_match_the_same_blanks_is_found() -> None:
    assert run_within(1, SIX_GAPS).returncode < 0


@pytest.mark.parametrize("module", MODULES)
def test_patterns_inside_functions_are_constants_or_known_to_this_test(module: str) -> None:
    built = [f"{module}:{call.lineno}" for call in calls(module) if not isinstance(call.args[0], ast.Constant)]
    assert len(built) <= len(built_at_run_time(module)), built


def _run(module: str) -> None:
    short = module.startswith(OF_CELLS) or module == SIX_GAPS
    gaps = Used("gaps", re.compile(r"\s*(-)?\s*(a)?\s*(-)?\s*(b)?\s*(c)?\s*(\))?\s*$"), ("match",))
    for used in [gaps] if module == SIX_GAPS else patterns_of(module):
        print(used.name, used.pattern.pattern, flush=True)  # noqa: T201 - what the test says if this process is ended
        for text in hostile(used.pattern, 64 if short else LENGTH):
            subject = text[-64:] if short else text
            for method in used.methods:
                getattr(used.pattern, method)(subject.encode() if isinstance(used.pattern.pattern, bytes) else subject)


if __name__ == "__main__":
    from tests.support.hostile_texts import hostile

    for one in sys.argv[1:]:
        _run(one)
