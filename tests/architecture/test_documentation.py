"""What the documentation says is what there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.settings_table import README, TABLE, table
from tests.support.source_tree import ROOT

DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"```(?:sh|bash|console)?\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def _code(document: Path) -> str:
    found = CODE.findall(document.read_text(encoding="utf-8"))
    return "\n".join(block or inline for block, inline in found)


def _ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_ids)
def test_every_make_command_in_a_document_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z-]+)", _code(document), re.MULTILINE)) - targets == set()


def test_every_driftline_command_in_the_readme_exists() -> None:
    named = set(re.findall(r"^(?:\.venv/bin/)?driftline ([a-z]+)", _code(README), re.MULTILINE))
    assert named
    for command in named:
        program = "from entrypoints.cli import main; main()"
        asked = [sys.executable, "-c", program, command, "--help"]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"driftline {command}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=_ids)
def test_every_local_link_in_a_document_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_table_of_settings_in_the_readme_is_that_of_the_code() -> None:
    written = TABLE.search(README.read_text(encoding="utf-8"))
    assert written is not None
    assert written.group() == table(), "run 'make settings-table'"
