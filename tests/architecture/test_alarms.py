"""Every alert has a runbook; dashboards and alerts ask for metrics that exist."""

import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from tests.support.cloudformation import resources
from tests.support.metrics import labels_by_sample
from tests.support.source_tree import ROOT

RUNBOOKS = ROOT / "docs" / "runbooks"
PAGES = sorted(RUNBOOKS.glob("*.md"))
ALERTS = ROOT / "infrastructure" / "prometheus" / "alerts.yaml"
DASHBOARD = ROOT / "infrastructure" / "grafana" / "driftline.json"


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def runbooks_by_alarm() -> dict[str, str]:
    """Every alarm there is, and the page it names."""
    found = {rule["alert"]: rule["annotations"]["runbook"] for rule in alerts()}
    for resource in resources("AWS::CloudWatch::Alarm").values():
        properties = resource["Properties"]
        name = properties["AlarmName"]["Fn::Sub"].replace("${Name}", "driftline")
        found[name] = properties["AlarmDescription"].rsplit(" ", maxsplit=1)[-1]
    return found


def test_every_alarm_has_a_page_that_names_it() -> None:
    named = runbooks_by_alarm()
    assert len(named) > 15
    without = {
        alarm: page
        for alarm, page in named.items()
        if not (ROOT / page).is_file() or f"`{alarm}`" not in (ROOT / page).read_text(encoding="utf-8")
    }
    assert without == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_belongs_to_alarms_that_exist_and_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    rings = next(line for line in text.splitlines() if line.startswith("Rings:"))
    alarms = set(re.findall(r"`([\w-]+)`", rings))
    assert alarms
    assert alarms <= set(runbooks_by_alarm())
    assert "**What to do.**" in text
    assert [link for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text) if not (RUNBOOKS / link).is_file()] == []


def asked_by(expression: str) -> dict[str, set[str]]:
    """The series that a PromQL expression asks for, each with the labels it is asked by."""
    asked: dict[str, set[str]] = {}
    grouped_by: set[str] = set()

    def visit(part: promql_parser.Expr) -> None:
        if isinstance(part, promql_parser.VectorSelector):
            asked.setdefault(str(part.name), set()).update(matcher.name for matcher in part.matchers.matchers)
        if isinstance(part, promql_parser.AggregateExpr) and part.modifier is not None:
            grouped_by.update(part.modifier.labels)

    promql_parser.walk(promql_parser.parse(expression.replace("$__rate_interval", "5m")), visit)
    return {name: labels | grouped_by for name, labels in asked.items()}


def wrong_in(expression: str) -> list[str]:
    known = labels_by_sample()
    asked = asked_by(expression)
    assert asked, expression
    unknown = [name for name in asked if name not in known]
    return unknown + [f"{name}{{{label}}}" for name in asked if name in known for label in asked[name] - known[name]]


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_alert_asks_for_metrics_that_exist(rule: dict[str, Any]) -> None:
    assert wrong_in(rule["expr"]) == []


def test_a_metric_or_label_that_does_not_exist_is_found() -> None:
    assert wrong_in("sum(rate(driftline_nothing_total[5m]))") == ["driftline_nothing_total"]
    assert wrong_in('driftline_jobs_total{colour="red"}') == ["driftline_jobs_total{colour}"]
    assert wrong_in("sum by (colour) (driftline_jobs_total)") == ["driftline_jobs_total{colour}"]


def expressions() -> list[str]:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


@pytest.mark.parametrize("expression", expressions())
def test_dashboard_asks_for_metrics_that_exist(expression: str) -> None:
    assert wrong_in(expression) == []


def test_dashboard_shows_every_metric_of_ours() -> None:
    shown = " ".join(expressions())
    ours = {name for name in labels_by_sample() if name.startswith("driftline_")}
    families = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in ours}
    assert {family for family in families if family not in shown} == set()
