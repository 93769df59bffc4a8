"""Verdicts over HTTP: kept, shown, acting, counted, taken back."""

from typing import Any

import httpx
import pytest

from tests.support.served import SALES, dataset, problem, settled, until_async

ORDERS = 3  # the open anomalies of the other metric


@pytest.fixture
async def sales(ada: httpx.AsyncClient) -> dict[str, Any]:
    return await dataset(ada, datasetName="Sales")


async def test_a_verdict_is_kept_shown_and_taken_back(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    path = f"/api/analytics/{sales['id']}/verdicts"
    said = {"metric": "revenue", "date": "2024-01-03", "verdict": "expected", "reason": "New Year's sale"}
    answer = await ada.put(path, json=said)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in said} == said
    listed = (await ada.get(path, params={"metric": "revenue"})).json()["items"]
    assert [entry["date"] for entry in listed] == ["2024-01-03"]
    shown = (await ada.get(f"/api/analytics/{sales['id']}?metric=revenue")).json()["anomalies"][0]
    assert (shown["verdict"], shown["reason"]) == ("expected", "New Year's sale")
    back = await ada.put(path, json={"metric": "revenue", "date": "2024-01-03", "verdict": None})
    assert back.json()["verdict"] is None
    assert (await ada.get(path, params={"metric": "revenue"})).json()["items"] == []


async def test_verdicts_outlive_runs_and_versions_and_are_counted_in_the_list(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    path = f"/api/analytics/{sales['id']}"
    said = {"metric": "revenue", "date": "2024-01-03", "verdict": "expected", "reason": "New Year's sale"}
    await ada.put(f"{path}/verdicts", json=said)

    async def counted() -> int:
        return int((await ada.get(f"/api/datasets/{sales['id']}")).json()["anomalyCount"])

    async def counts(number: int) -> bool:
        """Whether the list comes to this sum: a worker counts after a verdict."""

        async def is_so() -> bool:
            return await counted() == number

        return await until_async(is_so)

    async def shown() -> list[tuple[str, str | None]]:
        body = (await ada.get(path, params={"metric": "revenue"})).json()
        assert body["verdicts"]["open"] + ORDERS == await counted()
        return [(one["date"], one["reason"]) for one in body["anomalies"]]

    kept = [("2024-01-03", "New Year's sale"), ("2024-01-15", None), ("2024-01-27", None)]
    assert await counts(2 + ORDERS)
    assert await shown() == kept
    assert (await ada.post("/api/analytics/run", json={"datasetId": sales["id"], "metric": "revenue"})).is_success
    assert await shown() == kept
    assert (await ada.post(f"/api/datasets/{sales['id']}/reprocess")).is_success
    await settled(ada, sales["id"])
    assert await shown() == kept
    await dataset(ada, SALES.replace(b"62000", b"63000"), datasetId=sales["id"])
    assert await shown() == kept
    codes = [one["code"] for one in (await ada.get(path)).json()["insights"]]
    assert "changed_since_version" in codes
    await ada.put(f"{path}/verdicts", json={**said, "date": "2024-01-15", "verdict": "false_alarm"})
    again = [one["code"] for one in (await ada.get(path)).json()["insights"]]
    assert "changed_since_version" in again  # a verdict throws no knowledge of the version before away
    assert await counts(1 + ORDERS)
    for date in ("2024-01-03", "2024-01-15"):
        await ada.put(f"{path}/verdicts", json={**said, "date": date, "verdict": None})
    assert await counts(3 + ORDERS)
    await ada.put(f"{path}/verdicts", json={**said, "metric": "orders"})
    assert await counts(3 + ORDERS - 1)


async def test_a_verdict_acts_on_what_follows_and_back_again(ada: httpx.AsyncClient) -> None:
    rows = [f"2024-{1 + day // 28:02d}-{1 + day % 28:02d},{100 + day * 7 % 11}" for day in range(112)]
    rows[108:] = [row.replace(",1", ",9") for row in rows[108:]]  # from 25 April on nine times as much
    made = await dataset(ada, "\n".join(["date,visits", *rows]).encode())
    path = f"/api/analytics/{made['id']}?metric=visits"

    async def found() -> list[tuple[str, str, str | None]]:
        return [(a["start"], a["end"], a["verdict"]) for a in (await ada.get(path)).json()["anomalies"]]

    ((start, end, _),) = before = await found()
    assert (start, end) == ("2024-04-25", "2024-04-28")
    date = (await ada.get(path)).json()["anomalies"][0]["date"]
    said = {"metric": "visits", "date": date, "verdict": "new_normal"}
    await ada.put(f"/api/analytics/{made['id']}/verdicts", json=said)
    assert await found() == [(date, date, "new_normal")]
    assert [s["date"] for s in (await ada.get(path)).json()["profile"]["levelShifts"]] == ["2024-04-25"]
    await ada.put(f"/api/analytics/{made['id']}/verdicts", json={**said, "verdict": None})
    assert await found() == before


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"verdict": "maybe"}, 400, "invalid_input"),
        ({"date": "soon"}, 400, "invalid_input"),
        ({"date": "9999-12-31"}, 400, "invalid_input"),
        ({"reason": "x" * 501}, 400, "invalid_input"),
        ({"metric": "profit"}, 404, "metric_not_found"),
    ],
)
async def test_a_wrong_verdict_is_refused(
    carol: httpx.AsyncClient, carols: dict[str, Any], changes: dict[str, Any], status: int, code: str
) -> None:
    said = {"metric": "revenue", "date": "2024-01-03", "verdict": "expected", **changes}
    problem(await carol.put(f"/api/analytics/{carols['id']}/verdicts", json=said), status, code)


async def test_a_column_of_notes_suggests_the_reason_and_saves_nothing(ada: httpx.AsyncClient) -> None:
    head, *rows = SALES.decode().splitlines()
    notes = {"2024-01-03": "flash sale", "2024-01-15": '=HYPERLINK("x")', "2024-01-20": "quiet"}
    lines = [f"{head},Event note"] + [f"{row},{notes.get(row[:10], '')}" for row in rows]
    lines.append('2024-01-03,0,0,"second till"')
    made = await dataset(ada, "\n".join(lines).encode())
    path = f"/api/analytics/{made['id']}?metric=revenue"
    first, second, third = (await ada.get(path)).json()["anomalies"]
    assert first["suggestedReason"] == {"column": "Event note", "text": "flash sale; second till"}
    assert second["suggestedReason"] == {"column": "Event note", "text": '=HYPERLINK("x")'}
    assert third["suggestedReason"] is None
    assert {one["reason"] for one in (first, second, third)} == {None}
    said = {"metric": "revenue", "date": "2024-01-03", "verdict": "expected", "reason": "flash sale"}
    await ada.put(f"/api/analytics/{made['id']}/verdicts", json=said)
    again = (await ada.get(path)).json()["anomalies"][0]
    assert (again["reason"], again["suggestedReason"]["text"]) == ("flash sale", "flash sale; second till")


async def test_reporting_a_missed_anomaly_of_a_short_series_hides_none_that_was_found(
    ada: httpx.AsyncClient, sales: dict[str, Any]
) -> None:
    path = f"/api/analytics/{sales['id']}"
    said = {"metric": "revenue", "date": "2024-01-05", "verdict": "missed", "reason": "The till was closed"}
    assert (await ada.put(f"{path}/verdicts", json=said)).is_success
    body = (await ada.get(path, params={"metric": "revenue"})).json()
    assert [one["date"] for one in body["anomalies"]] == ["2024-01-03", "2024-01-15", "2024-01-27"]
    assert [one["date"] for one in body["verdicts"]["missed"]] == ["2024-01-05"]


async def test_a_verdict_on_an_hour_leaves_its_day_alone_and_one_on_a_day_speaks_of_its_hours(
    ada: httpx.AsyncClient,
) -> None:
    rows = [(day, hour, 100 + (7 * hour + 3 * day) % 11) for day in range(1, 29) for hour in range(24)]
    spiked = {(14, 5): 9_000}
    lines = [f"2024-03-{day:02} {hour:02}:00:00,{spiked.get((day, hour), value)}" for day, hour, value in rows]
    made = await dataset(ada, ("time,load\n" + "\n".join(lines) + "\n").encode())
    path = f"/api/analytics/{made['id']}"

    async def seen(granularity: str) -> dict[str, Any]:
        body: dict[str, Any] = (await ada.get(path, params={"metric": "load", "granularity": granularity})).json()
        return body

    async def say(date: str, verdict: str | None, granularity: str) -> None:
        said = {"metric": "load", "date": date, "verdict": verdict, "granularity": granularity}
        assert (await ada.put(f"{path}/verdicts", json=said)).is_success

    plain = await seen("day")
    (day,), (hour,) = plain["anomalies"], (await seen("hour"))["anomalies"]
    assert (day["date"], hour["date"]) == ("2024-03-14", "2024-03-14T05:00:00Z")

    await say(hour["date"], "confirmed", "hour")
    assert (await seen("hour"))["anomalies"][0]["verdict"] == "confirmed"
    after = await seen("day")
    assert after["profile"] == plain["profile"]  # the day still teaches what is usual
    assert after["anomalies"][0]["verdict"] is None
    assert [one["date"] for one in after["verdicts"]["unmatched"]] == [hour["date"]]
    await say(hour["date"], None, "hour")

    await say(day["date"], "expected", "day")
    (closed,) = (await seen("hour"))["anomalies"]
    assert (closed["verdict"], closed["verdictDate"]) == ("expected", day["date"])
    assert (await seen("hour"))["verdicts"]["open"] == 0
    await say(closed["verdictDate"], None, "hour")
    assert (await seen("day"))["anomalies"][0]["verdict"] is None
