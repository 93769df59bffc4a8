"""``make test``: everything that must hold, stage by stage, from a bare checkout.

Stops at the first stage that fails and says which. The last line is ``N passed, N failed``: pytest, vitest and
Playwright together, read from the reports they write. A skipped test counts as failed: nothing here may be skipped.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from infrastructure import machine, prepare
from infrastructure.toolchain import ROOT, SetupError, environment

RESULTS = ROOT / "test-results"
FRONTEND = prepare.FRONTEND

_STAGE_LIMIT = 1500  # seconds; a stage that hangs must say so long before CI's 90 minutes are over
_TAIL = 400  # lines of a failed stage to show; the whole is in test-results/


@dataclass(frozen=True)
class Tests:
    """What a test runner reported."""

    passed: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Stage:
    """One thing that must hold: commands that must succeed, and the report that counts their tests."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    folder: Path = ROOT
    count: Callable[[], Tests] = Tests


def pytest_report() -> Tests:
    """Count pytest's JUnit report."""
    suite = next(ET.parse(RESULTS / "pytest.xml").getroot().iter("testsuite"))
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
        Stage("pytest", (("pytest", "-q", "-n", "2", f"--junitxml={RESULTS / 'pytest.xml'}"),), count=pytest_report),
        Stage("Playwright, end to end", ((*npm, "e2e"),), FRONTEND, playwright_report),
    )


def main() -> int:
    """Run the stages; return 0 if all of them hold."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    start = time.monotonic()
    passed, failed, names = 0, 0, sys.argv[1:]
    try:
        env = _prepared()
        print(f"{'tools and packages':34}{'ok':>6}{time.monotonic() - start:8.1f} s", flush=True)
        for stage in stages():
            if names and not any(name.lower() in stage.name.lower() for name in names):
                continue
            tests, holds = _run(stage, env)
            passed, failed = passed + tests.passed, failed + max(tests.failed, int(not holds))
            if not holds:
                break
    except SetupError as error:
        print(f"FAILED: setting up: {error}")
        failed += 1
    print(f"{'in all':34}{'ok' if not failed else 'FAILED':>6}{time.monotonic() - start:8.1f} s\n")
    print(f"{passed} passed, {failed} failed", flush=True)
    return int(failed > 0)


def _prepared() -> dict[str, str]:
    prepare.python_packages(for_tests=True)
    prepare.page_packages()
    machine.libraries()
    own = {key: value for key, value in environment().items() if not key.startswith("DRIFTLINE_")}
    return own | {"CHROMIUM": machine.browser(), "NGINX": machine.nginx(), "RESULTS": str(RESULTS), "NO_COLOR": "1"}


def _run(stage: Stage, env: dict[str, str]) -> tuple[Tests, bool]:
    log = RESULTS / f"{stage.name.split()[0].strip(',:').lower()}.log"
    print(f"{stage.name:34}", end="", flush=True)
    start = time.monotonic()
    said = None
    with log.open("w", encoding="utf-8") as output:
        for command in stage.commands:
            if said := _failure(command, stage.folder, env, output):
                break
    tests = Tests()
    try:
        tests = stage.count()
    except (OSError, ValueError, LookupError, ET.ParseError, StopIteration) as error:
        said = said or f"left no report to count: {error!r}"
    if tests.failed and not said:
        said = f"{tests.failed} tests were skipped, or passed only when tried again"
    took = time.monotonic() - start
    print(
        f"{'FAILED' if said else 'ok':>6}{took:8.1f} s{f'{tests.passed:7} tests' if tests.passed else ''}", flush=True
    )
    if said:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(lines[-_TAIL:]))
        print(f"\nFAILED: {stage.name}: {said}\nIts whole output: {log.relative_to(ROOT)}")
    return tests, not said


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


def _read(name: str) -> Any:
    return json.loads((RESULTS / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
