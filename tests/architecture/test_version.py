"""The version of the program stands in ``pyproject.toml`` and nowhere else."""

import re
import subprocess
import sys
import tomllib

from entrypoints.http.openapi import document
from entrypoints.version import program_version
from tests.support.source_tree import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSION = str(PYPROJECT["project"]["version"])


def test_the_installed_program_has_the_version_of_the_project() -> None:
    assert program_version() == VERSION


def test_the_api_and_the_command_line_show_it() -> None:
    asked = [sys.executable, "-c", "from entrypoints.cli import main; main()", "--version"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (document()["info"]["version"], done.stdout.strip()) == (VERSION, VERSION)


def test_the_changelog_releases_nothing_newer() -> None:
    released = re.findall(
        r"^## \[(\d+)\.(\d+)\.(\d+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert all(tuple(map(int, version)) <= tuple(map(int, VERSION.split("."))) for version in released)
