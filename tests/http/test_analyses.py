"""From upload to analysis; hits, tags and copies; what is asked wrongly."""

import gzip
from typing import Any

import httpx
import pytest

from tests.support.served import DAILY, SALES, dataset, problem


@pytest.fixture
async def sales(ada: httpx.AsyncClient) -> dict[str, Any]:
    return await dataset(ada, datasetName="Sales")


async def test_the_example_shows_exactly_its_three_days(carol: httpx.AsyncClient, carols: dict[str, Any]) -> None:
    assert carols["status"] == "cached"
    assert carols["metricColumns"] == ["revenue", "orders"]
    assert carols["timeColumn"] == "date"
    body = (await carol.get(f"/api/analytics/{carols['id']}", params={"metric": "revenue"})).json()
    found = [(anomaly["date"], anomaly["value"], anomaly["severity"]) for anomaly in body["anomalies"]]
    assert found == [("2024-01-03", 89000, "high"), ("2024-01-15", 62000, "medium"), ("2024-01-27", 8000, "high")]
    assert body["summary"]["mean"] == pytest.approx(36685.714, abs=0.01)
    assert body["summary"]["median"] == 24500
    assert body["datasetName"] == "Sales"
    assert body["insights"]


async def test_an_analysis_has_the_fields_of_the_contract(carol: httpx.AsyncClient, carols: dict[str, Any]) -> None:
    body = (await carol.get(f"/api/analytics/{carols['id']}")).json()
    assert {
        "datasetId", "datasetName", "version", "metric", "settings", "summary", "series", "histogram", "box",
        "anomalies", "insights", "createdAt",
    } <= set(body)  # fmt: skip
    assert {"count", "missing", "mean", "median", "stdDev", "min", "max", "q1", "q3", "iqr"} <= set(body["summary"])
    assert {
        "granularity",
        "time",
        "value",
        "rolling",
        "expected",
        "lower",
        "upper",
        "totalPoints",
        "downsampled",
    } <= set(body["series"])
    assert {
        "date", "value", "expected", "lower", "upper", "deviationPct", "type", "score", "methods", "severity",
        "direction", "kind", "reason", "verdict", "explanation",
    } <= set(body["anomalies"][0])  # fmt: skip


async def test_the_first_read_after_processing_is_a_hit_and_another_setting_a_miss_once(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    path = f"/api/analytics/{sales['id']}?metric=revenue"
    assert (await ada.get(path)).headers["x-cache"] == "hit"
    assert (await ada.get(path + "&sensitivity=0.9")).headers["x-cache"] == "miss"
    assert (await ada.get(path + "&sensitivity=0.9")).headers["x-cache"] == "hit"


async def test_an_unchanged_analysis_is_not_sent_again(carol: httpx.AsyncClient, carols: dict[str, Any]) -> None:
    path = f"/api/analytics/{carols['id']}?metric=revenue"
    first = await carol.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in first.headers["vary"]
    tag = first.headers["etag"]
    for header in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await carol.get(path, headers={"if-none-match": header})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert (await carol.get(path, headers={"if-none-match": '"other"'})).status_code == 200


async def test_a_new_version_changes_the_tag_and_is_what_one_sees(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    path = f"/api/analytics/{sales['id']}?metric=revenue"
    tag = (await ada.get(path)).headers["etag"]
    await dataset(ada, SALES + b"2024-01-28,24000,119\n", datasetId=sales["id"])
    second = await ada.get(path, headers={"if-none-match": tag})
    assert second.status_code == 200
    assert second.json()["version"] == 2
    assert second.json()["summary"]["count"] == 8
    first = await ada.get(path + "&version=1")
    assert first.json()["version"] == 1
    assert first.json()["summary"]["count"] == 7


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("br;q=1, gzip;q=0.0", None),
    ],
)
async def test_the_body_is_compressed_only_for_those_who_take_it(
    carol: httpx.AsyncClient, carols: dict[str, Any], accepted: str, encoding: str | None
) -> None:
    path = f"/api/analytics/{carols['id']}?metric=revenue"
    async with carol.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    plain = gzip.decompress(raw) if encoding else raw
    assert plain == (await carol.get(path)).content


async def test_running_computes_anew_and_renews_the_cache(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    path = f"/api/analytics/{sales['id']}?metric=revenue"
    before = (await ada.get(path)).json()["createdAt"]
    ran = await ada.post("/api/analytics/run", json={"datasetId": sales["id"], "metric": "revenue"})
    assert ran.status_code == 200
    assert ran.json()["createdAt"] > before
    after = await ada.get(path)
    assert after.headers["x-cache"] == "hit"
    assert after.json()["createdAt"] == ran.json()["createdAt"]


async def test_settings_come_back_as_they_were_applied(ada: httpx.AsyncClient) -> None:
    made = await dataset(ada, DAILY)
    asked = {
        "metric": "visits", "granularity": "week", "aggregate": "max", "sensitivity": "0.25", "direction": "up",
        "minChange": "20%",
    }  # fmt: skip
    body = (await ada.get(f"/api/analytics/{made['id']}", params=asked)).json()
    applied = body["settings"]
    assert (applied["granularity"], applied["aggregate"], applied["direction"]) == ("week", "max", "up")
    assert applied["sensitivity"] == 0.25
    assert applied["minChange"] == {"amount": 20, "percent": True}
    ran = await ada.post(
        "/api/analytics/run", json={"datasetId": made["id"], **asked, "sensitivity": 0.25, "minChange": "500"}
    )
    assert ran.json()["settings"]["minChange"] == {"amount": 500, "percent": False}


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("granularity=fortnight", "granularity", "auto, native, minute, hour, day, week, month, quarter, year"),
        ("aggregate=median", "aggregate", "sum, mean, min, max, count"),
        ("direction=sideways", "direction", "up, down, both"),
        ("sensitivity=1.01", "sensitivity", "it goes from 0 to 1"),
        ("sensitivity=-0.1", "sensitivity", "it goes from 0 to 1"),
        ("sensitivity=nan", "sensitivity", "it goes from 0 to 1"),
        ("sensitivity=high", "sensitivity", "no number"),
        ("minChange=lots", "minChange", "20%"),
        ("minChange=-5", "minChange", "above 0"),
        ("minChange=inf", "minChange", "above 0"),
        ("version=0", "version", "from 1"),
        ("version=two", "version", "whole number"),
        ("version=%C2%B2", "version", "whole number"),
        ("metrik=revenue", "metrik", "metric"),
        ("metric=revenue&metric=orders", "metric", "twice"),
        ("points=100", "points", "no parameter"),
    ],
)
async def test_a_wrong_parameter_is_refused_with_what_it_may_be(
    carol: httpx.AsyncClient, carols: dict[str, Any], query: str, field: str, words: str
) -> None:
    body = problem(await carol.get(f"/api/analytics/{carols['id']}?{query}"), 400, "invalid_input")
    assert body["field"] == field
    assert words in body["detail"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"granularity": "fortnight"}, "granularity", "auto, native"),
        ({"sensitivity": 2}, "sensitivity", "sensitivity: it goes from 0 to 1."),
        ({"sensitivity": "high"}, "sensitivity", "number"),
        ({"minChange": "lots"}, "minChange", "20%"),
        ({"sensitvity": 0.5}, "sensitvity", "not a field"),
    ],
)
async def test_a_wrong_field_of_a_run_is_refused_with_what_it_may_be(
    carol: httpx.AsyncClient, carols: dict[str, Any], changes: dict[str, Any], field: str, words: str
) -> None:
    answer = await carol.post("/api/analytics/run", json={"datasetId": carols["id"], "metric": "revenue", **changes})
    body = problem(answer, 400, "invalid_input")
    assert body["field"] == field
    assert words in body["detail"]


@pytest.mark.parametrize("path", ["/api/analytics/{id}?metric=profit", "/api/analytics/{id}/series?metric=profit"])
async def test_an_unknown_metric_is_answered_with_those_there_are(
    carol: httpx.AsyncClient, carols: dict[str, Any], path: str
) -> None:
    body = problem(await carol.get(path.replace("{id}", carols["id"])), 404, "metric_not_found")
    assert body["metrics"] == ["revenue", "orders"]


async def test_an_unknown_version_is_not_found(carol: httpx.AsyncClient, carols: dict[str, Any]) -> None:
    problem(await carol.get(f"/api/analytics/{carols['id']}?version=7"), 404, "dataset_not_found")
    problem(await carol.get(f"/api/datasets/{carols['id']}?version=7"), 404, "dataset_not_found")


async def test_a_stretch_of_the_series_includes_its_last_day(ada: httpx.AsyncClient) -> None:
    made = await dataset(ada, DAILY)
    answer = await ada.get(
        f"/api/analytics/{made['id']}/series",
        params={"metric": "visits", "from": "2024-02-03", "to": "2024-02-10", "points": 100},
    )
    assert answer.status_code == 200, answer.text
    times = answer.json()["time"]
    assert {"2024-02-03", "2024-02-10"} <= set(times)
    assert len(times) <= 10


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=soon", "from"),
        ("to=never", "to"),
        ("from=2024-01-15&to=2024-01-02", "to"),
        ("points=3", "points"),
        ("points=100000", "points"),
        ("points=many", "points"),
        ("until=2024-02-01", "until"),
    ],
)
async def test_a_stretch_that_cannot_be_is_refused(
    carol: httpx.AsyncClient, carols: dict[str, Any], query: str, field: str
) -> None:
    body = problem(
        await carol.get(f"/api/analytics/{carols['id']}/series?metric=revenue&{query}"), 400, "invalid_input"
    )
    assert body["field"] == field


async def test_versions_are_compared_and_an_older_one_comes_back_as_the_next(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    await dataset(ada, SALES.replace(b"89000", b"24100"), datasetId=sales["id"])
    asked = {"metric": "revenue", "before": 1, "after": 2}
    compared = (await ada.get(f"/api/analytics/{sales['id']}/compare", params=asked)).json()
    assert [anomaly["date"] for anomaly in compared["gone"]] == ["2024-01-03"]
    restored = await ada.post(f"/api/datasets/{sales['id']}/restore", json={"version": 1})
    assert restored.json()["version"] == 3
    problem(await ada.get(f"/api/analytics/{sales['id']}/compare?metric=revenue&before=1"), 400, "invalid_input")
    problem(await ada.post(f"/api/datasets/{sales['id']}/restore", json={"version": 9}), 404, "dataset_not_found")


async def test_a_sample_is_loaded_and_shows_what_was_planted(ada: httpx.AsyncClient) -> None:
    samples = (await ada.get("/api/samples")).json()["items"]
    assert samples
    loaded = await ada.post(f"/api/samples/{samples[0]['name']}")
    assert loaded.json()["version"] == 1
    problem(await ada.post("/api/samples/nothing"), 404, "not_found")


async def test_metrics_are_named_for_people_with_the_unit_that_their_column_had(ada: httpx.AsyncClient) -> None:
    """Two that would be called the same keep the names of their columns, so that one can tell them apart."""
    rows = "\n".join(f"2024-01-{day:02},₹{89_000 + day},{20 + day % 3}.5,{day},{2 * day}" for day in range(1, 20))
    content = f"date;revenue;temperature_c;net_sales;Net sales\n{rows.replace(',', ';')}\n".encode()
    found = await dataset(ada, content, datasetName="Pune")
    assert found["metrics"] == [
        {"name": "revenue", "title": "Revenue", "unit": "₹"},
        {"name": "temperature_c", "title": "Temperature", "unit": "°C"},
        {"name": "net_sales", "title": "net_sales", "unit": None},
        {"name": "Net sales", "title": "Net sales", "unit": None},
    ]


async def test_a_series_is_downloaded_as_csv_with_its_expected_range(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    where = f"/api/analytics/{sales['id']}/series.csv"
    answer = await ada.get(where, params={"metric": "revenue", "from": "2024-01-02", "to": "2024-01-03"})
    assert answer.headers["content-type"].startswith("text/csv")
    header, *lines = answer.text.strip().split("\r\n")
    assert header == "time,value,expected,lower,upper,rollingAverage"
    assert [line.split(",")[:2] for line in lines] == [["2024-01-02", "25500.0"], ["2024-01-03", "89000.0"]]
    assert (await ada.get(where, params={"from": "soon"})).status_code == 400
