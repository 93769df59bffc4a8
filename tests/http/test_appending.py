"""Rows added through the API: what is answered, what the dataset then says, what is refused."""

from typing import Any

import httpx
import pytest

from tests.support.served import SALES, dataset, events, problem, settled, upload

MORE = b"date,revenue,orders\n2024-01-27,9000,40\n2024-01-28,24100,121\n"


@pytest.fixture
async def sales(ada: httpx.AsyncClient) -> dict[str, Any]:
    return await dataset(ada, datasetName="Sales")


async def test_rows_are_added_with_the_mode_append(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    answer = await upload(ada, MORE, "more.csv", datasetId=sales["id"], mode="append")
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    *_, last = [event async for event in events(ada, sales["id"])]
    assert last["message"] == "Ready: 8 rows"
    after = await settled(ada, sales["id"])
    assert (after["appendedTo"], after["rowCount"], after["fileName"]) == (1, 8, "more.csv")
    assert after["quality"]["appended"] == {"addedRows": 2, "keptRows": 6, "replacedRows": 1, "replacedTimes": 1}
    versions = (await ada.get(f"/api/datasets/{sales['id']}/versions")).json()["items"]
    assert [(one["version"], one["appendedTo"], one["rowCount"]) for one in versions] == [(2, 1, 8), (1, None, 7)]
    body = (await ada.get(f"/api/analytics/{sales['id']}", params={"metric": "revenue"})).json()
    assert body["summary"]["rows"] == 8


async def test_without_the_mode_a_file_is_all_there_is(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    await upload(ada, MORE, "more.csv", datasetId=sales["id"], mode="replace")
    after = await settled(ada, sales["id"])
    assert (after["appendedTo"], after["rowCount"], after["quality"]["appended"]) == (None, 2, None)


async def test_other_columns_are_refused_with_what_differs(ada: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    wrong = b"date,revenue,visits\n2024-01-28,many,3\n2024-01-29,few,4\n"
    answer = await upload(ada, wrong, datasetId=sales["id"], mode="append")
    body = problem(answer, 422, "columns_differ")
    assert "missing column “orders”; unknown column “visits”" in body["detail"]
    assert (body["missing"], body["unknown"]) == (["orders"], ["visits"])
    assert body["changed"] == [{"column": "revenue", "before": "number", "after": "text"}]
    assert await settled(ada, sales["id"]) == sales


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mode": "merge"}, "mode"),
        ({"mode": "append", "timeZone": "Asia/Tokyo"}, "timeZone"),
        ({"mode": "append", "timeColumn": "date"}, "timeColumn"),
        ({"mode": "append", "metricColumn": ["revenue"]}, "metricColumn"),
    ],
)
async def test_a_mode_that_cannot_be_is_refused(
    ada: httpx.AsyncClient, sales: dict[str, Any], fields: dict[str, Any], field: str
) -> None:
    body = problem(await upload(ada, MORE, datasetId=sales["id"], **fields), 400, "invalid_input")
    assert body["field"] == field
    assert (await settled(ada, sales["id"]))["version"] == 1


async def test_rows_need_a_dataset_that_is_there(ada: httpx.AsyncClient) -> None:
    assert problem(await upload(ada, SALES, mode="append"), 400, "invalid_input")["field"] == "datasetId"


async def test_nobody_adds_rows_to_somebody_elses_dataset(bob: httpx.AsyncClient, sales: dict[str, Any]) -> None:
    problem(await upload(bob, MORE, datasetId=sales["id"], mode="append"), 404, "dataset_not_found")
