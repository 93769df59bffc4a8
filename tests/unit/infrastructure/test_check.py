"""``make test`` runs the stages that are named; an unknown name is an error, not a green run."""

import json
from pathlib import Path

import pytest

from infrastructure import check
from infrastructure.toolchain import SetupError


def _names(*asked: str) -> list[str]:
    return [stage.name for stage in check.selected(asked)]


def test_without_a_name_every_stage_runs() -> None:
    assert _names() == [stage.name for stage in check.stages()]


def test_a_part_of_a_name_selects_every_stage_that_has_it() -> None:
    assert _names("RUFF", "pytest") == ["ruff", *(name for name in _names() if name.startswith("pytest"))]


def test_a_stage_that_two_names_select_runs_once() -> None:
    assert _names("ruff", "ruf") == ["ruff"]


def test_an_unknown_stage_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SetupError, match=r"no stage pytets\. Stages: ruff; .*Lanes: unit, front"):
        check.selected(("ruff", "pytets"))


def test_an_unknown_stage_fails_the_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["check", "pytets"])
    monkeypatch.setattr(check, "RESULTS", Path("/nonexistent"))
    assert check.main() == 1
    assert capsys.readouterr().out.endswith("0 passed, 1 failed\n")


def test_every_test_folder_is_run_by_exactly_one_stage_of_pytest() -> None:
    domain, rest = (stage.commands[0] for stage in check.stages() if stage.name.startswith("pytest"))
    folders = {argument for argument in domain if argument.startswith("tests/")}
    assert folders == {argument.removeprefix("--ignore=") for argument in rest if argument.startswith("--ignore=")}
    assert "tests" in rest


def test_the_unit_lane_leaves_out_slow_tests_alone() -> None:
    command = check.lanes()["unit"][-1].commands[0]
    assert command[command.index("-m") + 1] == "not slow"


def test_coverage_lists_the_modules_below_the_aim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: {"summary": {"percent_covered": percent}} for name, percent in {"a.py": 94.9, "b.py": 95.0}.items()}
    report = {"totals": {"percent_covered": 94.95}, "files": files}
    (tmp_path / "coverage.json").write_text(json.dumps(report), encoding="utf-8")
    monkeypatch.setattr(check, "RESULTS", tmp_path)
    assert check.coverage_report() == "  branch coverage of domain/: 95.0 %\n     94.9 %  a.py"
