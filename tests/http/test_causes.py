"""Where does an anomaly come from? From an uploaded file to the values that explain it."""

from typing import Any

import httpx
import pytest

from tests.support.planted_causes import BROKEN, DAYS, orders
from tests.support.served import dataset, problem


@pytest.fixture
async def sales(ada: httpx.AsyncClient) -> dict[str, Any]:
    return await dataset(ada, orders())


async def causes(client: httpx.AsyncClient, sales: dict[str, Any], **params: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/analytics/{sales['id']}/causes", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_dataset_shows_its_dimensions(sales: dict[str, Any]) -> None:
    assert [one["name"] for one in sales["dimensions"]] == ["region", "plan"]
    region = sales["dimensions"][0]
    assert region["distinct"] == 3
    assert {value["value"]: value["share"] for value in region["values"]} == {
        "North": 0.25, "South": 0.25, "East": 0.25, "": 0.25,
    }  # fmt: skip
    assert {column["name"]: column["role"] for column in sales["columns"]}["plan"] == "dimension"


async def test_the_value_that_fell_explains_the_anomaly(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    analysis = (await ada.get(f"/api/analytics/{sales['id']}")).json()
    anomaly = next(one for one in analysis["anomalies"] if one["date"] == BROKEN)
    body = await causes(ada, sales, anomaly=anomaly["id"])
    assert body["conclusion"] == "causes"
    assert [one["conditions"] for one in body["causes"]] == [[{"column": "region", "value": "North"}]]
    assert body["text"].startswith("North in region explains ")
    assert (body["start"], len(body["comparedWith"]), body["dimensions"]) == (BROKEN, 6, ["region", "plan"])
    region = next(one for one in body["shares"] if one["name"] == "region")
    assert region["values"][0]["value"] == "North"
    for shares in body["shares"]:
        assert sum(one["share"] for one in shares["values"]) + shares["othersShare"] == pytest.approx(1.0)


@pytest.mark.parametrize("aggregate", ["sum", "mean", "count"])
async def test_every_sum_can_be_asked_of_any_time(
    ada: httpx.AsyncClient, sales: dict[str, Any], aggregate: str
) -> None:
    body = await causes(ada, sales, aggregate=aggregate, **{"from": BROKEN})
    assert body["aggregate"] == aggregate
    found = [one["conditions"] for one in body["causes"]]
    assert found == ([] if aggregate == "count" else [[{"column": "region", "value": "North"}]])
    calm = await causes(ada, sales, aggregate=aggregate, **{"from": DAYS[80], "to": DAYS[82]})
    assert calm["causes"] == []


async def test_a_ratio_of_two_metrics_is_explained_by_what_changed_in_it(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    body = await causes(ada, sales, metric="revenue", per="orders", **{"from": BROKEN})
    assert body["per"] == "orders"
    assert body["actual"] == pytest.approx(body["expected"], rel=0.05)  # revenue and orders fell together


async def test_a_fall_of_everything_has_no_single_cause(ada: httpx.AsyncClient) -> None:
    whole = await dataset(ada, orders(everywhere=True))
    body = await causes(ada, whole, **{"from": BROKEN})
    assert (body["conclusion"], body["causes"]) == ("uniform", [])
    assert body["text"].startswith("No single value explains the drop: all fell alike")


async def test_what_cannot_be_explained_says_why(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    assert "no parts" in (await causes(ada, sales, aggregate="max", **{"from": BROKEN}))["text"]
    early = await causes(ada, sales, granularity="quarter", **{"from": DAYS[0]})
    assert (early["comparedWith"], early["conclusion"]) == ([], "unclear")
    plain = await dataset(ada, b"date,n\n" + b"".join(f"{day},{i % 7}\n".encode() for i, day in enumerate(DAYS)))
    assert plain["dimensions"] == []
    assert "No column of the file groups its rows" in (await causes(ada, plain, **{"from": BROKEN}))["text"]


async def test_what_is_asked_wrongly_is_named(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    path = f"/api/analytics/{sales['id']}/causes"
    refused = [
        ({}, 400, "invalid_input"),
        ({"anomaly": "x", "from": BROKEN}, 400, "invalid_input"),
        ({"from": "yesterday"}, 400, "invalid_input"),
        ({"from": DAYS[5], "to": DAYS[4]}, 400, "invalid_input"),
        ({"anomaly": "0123456789abcdef"}, 404, "anomaly_not_found"),
        ({"from": BROKEN, "per": "plan"}, 404, "metric_not_found"),
        ({"from": BROKEN, "where": "x"}, 400, "invalid_input"),
    ]
    for params, status, code in refused:
        answer = await ada.get(path, params=params)
        problem(answer, status, code)


@pytest.mark.parametrize("time", ["0001-01-01", "9999-12-31T23:59:59Z", "2024-02-30", "1e9", "2024-01-01" * 50])
async def test_times_beyond_the_calendar_are_no_fault_of_the_server(
    ada: httpx.AsyncClient, sales: dict[str, Any], time: str
) -> None:
    for granularity in ("day", "month", "native"):
        params = {"from": time, "granularity": granularity}
        answer = await ada.get(f"/api/analytics/{sales['id']}/causes", params=params)
        assert answer.status_code in {200, 400}, answer.text


async def test_causes_are_the_owners_alone(bob: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    answer = await bob.get(f"/api/analytics/{sales['id']}/causes", params={"from": BROKEN})
    problem(answer, 404, "dataset_not_found")


async def test_a_bare_date_is_its_whole_day_also_among_hours(ada: httpx.AsyncClient) -> None:
    lines = [
        f"{day} {hour:02}:00,{region},{(2 if day == BROKEN and region == 'North' else 10) + hour % 3}"
        for day in DAYS
        for hour in range(24)
        for region in ("North", "South", "East")
    ]
    hourly = await dataset(ada, ("at,region,sales\n" + "\n".join(lines) + "\n").encode())
    body = await causes(ada, hourly, granularity="hour", **{"from": BROKEN})
    assert (body["start"], body["end"]) == (f"{BROKEN}T00:00:00Z", f"{DAYS[101]}T00:00:00Z")
    assert body["causes"][0]["conditions"] == [{"column": "region", "value": "North"}]
