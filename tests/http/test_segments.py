"""Only some rows: `where=region:North` on every question that an analysis answers."""

from typing import Any

import httpx
import pytest

from tests.support.planted_causes import BROKEN, DAYS, orders
from tests.support.served import dataset, problem, until_async

NORTH = {"where": "region:North"}


@pytest.fixture
async def sales(ada: httpx.AsyncClient) -> dict[str, Any]:
    return await dataset(ada, orders())


async def body(client: httpx.AsyncClient, path: str, **params: Any) -> dict[str, Any]:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_segment_is_an_analysis_of_its_own(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    path = f"/api/analytics/{sales['id']}"
    whole, north, south = [await body(ada, path, **where) for where in ({}, NORTH, {"where": "region:South"})]
    assert (whole["summary"]["rows"], north["summary"]["rows"]) == (12 * len(DAYS), 3 * len(DAYS))
    assert "empty_cells" not in {one["code"] for one in north["insights"]}
    assert north["settings"]["where"] == ["region:North"]
    assert north["settings"]["granularity"] == whole["settings"]["granularity"] == "day"
    assert [one["date"] for one in north["anomalies"]] == [BROKEN]
    assert [one["date"] for one in south["anomalies"]] == []
    assert (await ada.get(path, params=NORTH)).headers["x-cache"] == "hit"


async def test_values_of_one_column_are_alternatives_and_columns_must_all_hold(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    path = f"/api/analytics/{sales['id']}"
    counts = [
        ({"where": ["region:North", "region:South"]}, 6),
        ({"where": ["region:North", "plan:pro"]}, 1),
        ({"where": ["region:North", "region:South", "plan:pro", "plan:free"]}, 4),
        ({"where": ["region:"]}, 3),  # empty cells
    ]
    for where, rows_a_day in counts:
        assert (await body(ada, path, **where))["summary"]["rows"] == rows_a_day * len(DAYS), where


async def test_zoom_export_run_causes_and_reports_take_a_segment(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    path = f"/api/analytics/{sales['id']}"
    zoomed = await body(ada, f"{path}/series", **NORTH, **{"from": DAYS[0], "to": DAYS[9]})
    whole = await body(ada, f"{path}/series", **{"from": DAYS[0], "to": DAYS[9]})
    assert zoomed["rangeSummary"]["total"] < whole["rangeSummary"]["total"] / 3
    lines = (await ada.get(f"{path}/series.csv", params=NORTH)).text.splitlines()
    assert sum(line.split(",")[1] != "" for line in lines[1:]) == len(DAYS)
    run = await ada.post("/api/analytics/run", json={"datasetId": sales["id"], "where": ["region:North"]})
    assert run.json()["summary"]["rows"] == 3 * len(DAYS)
    explained = await body(ada, f"{path}/causes", **NORTH, **{"from": BROKEN})
    assert explained["conclusion"] == "uniform"  # in the North every plan fell
    asked = {"datasetId": sales["id"], "format": "html", "where": ["region:North"]}
    report = (await ada.post("/api/reports/generate", json=asked)).json()

    async def is_ready() -> bool:
        return (await ada.get(f"/api/reports/{report['reportId']}/status")).json()["status"] == "ready"

    assert await until_async(is_ready)
    assert "only region: North" in (await ada.get(report["url"])).text
    refused = {"datasetId": sales["id"], "where": ["colour:red"]}
    problem(await ada.post("/api/reports/generate", json=refused), 404, "dimension_not_found")


async def test_a_verdict_belongs_to_its_segment(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    path = f"/api/analytics/{sales['id']}"
    given = {"metric": "revenue", "date": BROKEN, "verdict": "expected", "where": ["plan:pro", "region:North"]}
    answer = await ada.put(f"{path}/verdicts", json=given)
    assert answer.json()["where"] == given["where"]
    both = {"where": ["region:North", "plan:pro"]}  # in any order
    assert [one["verdict"] for one in (await body(ada, path, **both))["anomalies"]] == ["expected"]
    assert {one["verdict"] for one in (await body(ada, path))["anomalies"]} == {None}
    listed = await body(ada, f"{path}/verdicts", metric="revenue", **both)
    assert [one["date"] for one in listed["items"]] == [BROKEN]
    assert (await body(ada, f"{path}/verdicts", metric="revenue"))["items"] == []
    await ada.put(f"{path}/verdicts", json=given | {"verdict": None})
    assert (await body(ada, f"{path}/verdicts", metric="revenue", **both))["items"] == []


async def test_what_is_no_segment_is_named(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    path = f"/api/analytics/{sales['id']}"
    for where, status, code in [
        ("North", 400, "invalid_input"),
        (":North", 400, "invalid_input"),
        (["region:North"] * 21, 400, "invalid_input"),
        ("colour:red", 404, "dimension_not_found"),
        ("revenue:7", 404, "dimension_not_found"),
        ("region:West", 422, "no_usable_row"),
        ("region:' OR 1=1 --", 422, "no_usable_row"),
    ]:
        problem(await ada.get(path, params={"where": where}), status, code)
