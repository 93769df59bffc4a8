"""``make test``: everything that must hold, stage by stage, from a bare checkout.

Stops at the first stage that fails and names it. The last line is ``N passed, N failed``: pytest, vitest and
Playwright together, read from the reports they write. A skipped test counts as failed: nothing here may be skipped.

Arguments select stages: each is part of a stage's name, in any case, or ``unit`` and ``front`` for the fast lanes.
``SERVICES=containers`` takes the test servers from container images (``tests/support/containers.py``).
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from infrastructure import machine, prepare
from infrastructure.toolchain import ROOT, SetupError, environment

RESULTS = ROOT / "test-results"
FRONTEND = prepare.FRONTEND

# Seconds. On two busy cores the longest stage took 1,386 s (quiet: about 300 s); a stage that hangs must still be
# named before the 90 minutes of a CI run are over.
_STAGE_LIMIT = 3600
_TAIL = 400  # lines of a failed stage to show; the whole is in test-results/

# Branch coverage is measured where the domain runs in the tests' own process: 15 s more for workers and HTTP. Other
# servers and processes are not traced.
_DOMAIN_TESTS = ("tests/architecture", "tests/unit", "tests/property", "tests/worker", "tests/http")
_COVERAGE = ("--cov=domain", "--cov-branch", f"--cov-report=json:{RESULTS / 'coverage.json'}")
_SERVICES = ("wheels", "containers")  # where the tests' servers come from: docs/decisions/
_FAST = ("-m", "not slow")
_COVERAGE_AIM = 95  # percent; the modules below it are listed, so that a reader sees what is left


@dataclass(frozen=True)
class Tests:
    """What a test runner reported."""

    passed: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Stage:
    """One thing that must hold: commands that must succeed, and the report that counts their tests.

    ``summary`` prints one more line below the stage's own, from a report that its commands wrote.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    folder: Path = ROOT
    count: Callable[[], Tests] = Tests
    summary: Callable[[], str] = str


def pytest_report(name: str) -> Tests:
    """Count a JUnit report of pytest."""
    suite = next(ET.parse(RESULTS / f"{name}.xml").getroot().iter("testsuite"))
    tests, *not_passed = (int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped"))
    return Tests(tests - sum(not_passed), sum(not_passed))


def vitest_report() -> Tests:
    """Count vitest's JSON report."""
    report = _read("vitest.json")
    broken_files = sum(
        1 for file in report["testResults"] if file["status"] == "failed" and not file["assertionResults"]
    )
    return Tests(report["numPassedTests"], report["numTotalTests"] - report["numPassedTests"] + broken_files)


def playwright_report() -> Tests:
    """Count Playwright's JSON report; a test that passed only when tried again has failed."""
    stats = _read("playwright.json")["stats"]
    return Tests(stats["expected"], stats["unexpected"] + stats["flaky"] + stats["skipped"])


def coverage_report() -> str:
    """Return the branch coverage of ``domain/`` and the modules below ``_COVERAGE_AIM``, the least covered first."""
    report = _read("coverage.json")
    below = sorted(
        (file["summary"]["percent_covered"], path)
        for path, file in report["files"].items()
        if file["summary"]["percent_covered"] < _COVERAGE_AIM
    )
    lines = [f"  branch coverage of domain/: {report['totals']['percent_covered']:.1f} %"]
    return "\n".join(lines + [f"    {percent:5.1f} %  {path}" for percent, path in below])


def stages() -> tuple[Stage, ...]:
    """Return what ``make test`` proves, the quickest answers first."""
    npm = ("npm", "run", "--silent")
    return (
        Stage("ruff", (("ruff", "check"), ("ruff", "format", "--check"))),
        Stage("mypy", (("mypy",),)),
        Stage("import-linter", (("lint-imports", "--no-cache"),)),
        Stage("Biome", ((*npm, "lint"),), FRONTEND),
        Stage("API types are those of the API", (("python", "-m", "infrastructure.api_types", "--check"),)),
        Stage("page: tsc and vite build", (("python", "-c", "from infrastructure import prepare; prepare.page()"),)),
        Stage(
            "vitest",
            ((*npm, "test", "--", "--reporter=default", "--reporter=json", f"--outputFile={RESULTS / 'vitest.json'}"),),
            FRONTEND,
            vitest_report,
        ),
        _pytest("pytest: domain, workers and HTTP", _DOMAIN_TESTS, *_COVERAGE),
        _pytest("pytest: adapters and services", ("tests", *(f"--ignore={folder}" for folder in _DOMAIN_TESTS))),
        Stage("Playwright, end to end", ((*npm, "e2e"),), FRONTEND, playwright_report),
    )


def _pytest(name: str, where: tuple[str, ...], *options: str) -> Stage:
    report = _slug(name)
    command = ("pytest", "-q", "-n", "2", f"--junitxml={RESULTS / report}.xml", *options, *where)
    return Stage(
        name, (command,), count=lambda: pytest_report(report), summary=coverage_report if options else lambda: ""
    )


def lanes() -> dict[str, tuple[Stage, ...]]:
    """Return the fast lanes: what to run after each change, under a minute each on two quiet cores, once warm."""
    every = {stage.name: stage for stage in stages()}
    types = Stage("page: tsc", (("npm", "run", "--silent", "typecheck"),), FRONTEND)
    return {
        "unit": (every["ruff"], every["import-linter"], _pytest("pytest: unit", ("tests/unit", *_FAST))),
        "front": (every["Biome"], types, every["vitest"]),
    }


def selected(names: Sequence[str]) -> tuple[Stage, ...]:
    """Return the stages that ``make test STAGE=...`` asks for: all of them without a name.

    Raises:
        SetupError: a name is that of no stage and no lane.
    """
    if not names:
        return stages()
    if unknown := [name for name in names if name not in lanes() and not _named(name)]:
        listed = "; ".join(stage.name for stage in stages())
        raise SetupError(f"there is no stage {', '.join(unknown)}. Stages: {listed}. Lanes: {', '.join(lanes())}.")
    chosen = [stage for name in names for stage in lanes().get(name) or _named(name)]
    return tuple({stage.name: stage for stage in chosen}.values())


def _named(name: str) -> list[Stage]:
    return [stage for stage in stages() if name.lower() in stage.name.lower()]


def main() -> int:
    """Run the stages; return 0 if all of them hold."""
    start = time.monotonic()
    passed, failed = 0, 0
    try:
        chosen = selected(sys.argv[1:])
        shutil.rmtree(RESULTS, ignore_errors=True)
        RESULTS.mkdir()
        env = _prepared()
        print(f"{'tools and packages':34}{'ok':>6}{time.monotonic() - start:8.1f} s", flush=True)
        for stage in chosen:
            tests, holds = _run(stage, env)
            passed, failed = passed + tests.passed, failed + max(tests.failed, int(not holds))
            if not holds:
                break
    except SetupError as error:
        print(f"FAILED: {error}")
        failed += 1
    print(f"{'in all':34}{'ok' if not failed else 'FAILED':>6}{time.monotonic() - start:8.1f} s\n")
    print(f"{passed} passed, {failed} failed", flush=True)
    return int(failed > 0)


def _prepared() -> dict[str, str]:
    prepare.python_packages(for_tests=True)
    prepare.page_packages()
    machine.libraries()
    services = os.environ.get("TEST_SERVICES", "wheels")
    if services not in _SERVICES:
        raise SetupError(f"SERVICES={services}: there is {' and '.join(_SERVICES)}")
    own = {key: value for key, value in environment().items() if not key.startswith("DRIFTLINE_")}
    return own | {"CHROMIUM": machine.browser(), "NGINX": machine.nginx(), "RESULTS": str(RESULTS), "NO_COLOR": "1"}


def _run(stage: Stage, env: dict[str, str]) -> tuple[Tests, bool]:
    log = RESULTS / f"{_slug(stage.name)}.log"
    print(f"{stage.name:34}", end="", flush=True)
    start = time.monotonic()
    failure = None
    with log.open("w", encoding="utf-8") as output:
        for command in stage.commands:
            if failure := _failure(command, stage.folder, env, output):
                break
    tests = Tests()
    try:
        tests = stage.count()
    except (OSError, ValueError, LookupError, ET.ParseError, StopIteration) as error:
        failure = failure or f"left no report to count: {error!r}"
    if tests.failed and not failure:
        failure = f"{tests.failed} tests were skipped, or passed only when tried again"
    took = time.monotonic() - start
    outcome, counted = "FAILED" if failure else "ok", f"{tests.passed:7} tests" if tests.passed else ""
    print(f"{outcome:>6}{took:8.1f} s{counted}", flush=True)
    if not failure and (summary := stage.summary()):
        print(summary, flush=True)
    if failure:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(lines[-_TAIL:]))
        print(f"\nFAILED: {stage.name}: {failure}\nIts whole output: {log.relative_to(ROOT)}")
    return tests, not failure


def _failure(command: tuple[str, ...], folder: Path, env: dict[str, str], output: Any) -> str | None:
    """Run a command in a process group of its own, so that nothing it started outlives it; say what went wrong."""
    program = shutil.which(command[0], path=env["PATH"]) or command[0]
    try:
        process = subprocess.Popen(
            [program, *command[1:]],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return f"'{command[0]}' cannot be started: {error}"
    try:
        code = process.wait(_STAGE_LIMIT)
    except subprocess.TimeoutExpired:
        return f"not done after {_STAGE_LIMIT} s, ended"
    finally:
        _end_group(process)
    return f"'{' '.join(command[:3])}' ended with exit code {code}" if code else None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # all of it is gone: as it should be
    process.wait()


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def _read(name: str) -> Any:
    return json.loads((RESULTS / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
