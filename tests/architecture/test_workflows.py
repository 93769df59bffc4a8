"""What runs on GitHub was looked at: actions by full hash, no right that is not needed, and what .ci/run runs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.source_tree import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def jobs(workflow: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return found


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(workflow).values() for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_their_full_hash(workflow: Path) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert [one for one in used if not PINNED.fullmatch(one)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_jobs_have_no_right_but_to_read(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text(encoding="utf-8"))["permissions"] == {}
    assert {str(job["permissions"]) for job in jobs(workflow).values()} == {str({"contents": "read"})}
    kept = [step for step in steps(workflow) if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in kept)


def test_workflow_runs_what_ci_runs_and_builds_files_that_exist() -> None:
    said = "\n".join(step["run"] for step in steps(ROOT / ".github" / "workflows" / "ci.yml") if "run" in step)
    assert "bash .ci/run" in said
    assert "make audit" in said
