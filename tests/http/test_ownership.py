"""Two users: what belongs to the other does not exist."""

from typing import Any

import httpx
import pytest

from tests.support.served import SALES, Served, dataset, problem, upload

CALLS = [
    ("GET", "/api/datasets/{id}", None),
    ("PATCH", "/api/datasets/{id}", {"datasetName": "Mine"}),
    ("DELETE", "/api/datasets/{id}", None),
    ("GET", "/api/datasets/{id}/versions", None),
    ("GET", "/api/datasets/{id}/rejects", None),
    ("GET", "/api/datasets/{id}/events", None),
    ("POST", "/api/datasets/{id}/reprocess", None),
    ("POST", "/api/datasets/{id}/restore", {"version": 1}),
    ("GET", "/api/analytics/{id}", None),
    ("GET", "/api/analytics/{id}?metric=revenue", None),
    ("GET", "/api/analytics/{id}/series?metric=revenue", None),
    ("GET", "/api/analytics/{id}/compare?metric=revenue&before=1&after=1", None),
    ("GET", "/api/analytics/{id}/verdicts?metric=revenue", None),
    ("PUT", "/api/analytics/{id}/verdicts", {"metric": "revenue", "date": "2024-01-03", "verdict": "confirmed"}),
    ("POST", "/api/analytics/run", {"datasetId": "{id}", "metric": "revenue"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_somebody_elses_dataset_is_not_found_just_as_one_that_never_was(
    carol: httpx.AsyncClient,
    carols: dict[str, Any],
    bob: httpx.AsyncClient,
    method: str,
    path: str,
    body: dict[str, str] | None,
) -> None:
    assert (await carol.get(f"/api/analytics/{carols['id']}?metric=revenue")).status_code == 200  # it is in the cache

    async def ask(dataset_id: str) -> httpx.Response:
        sent = {name: dataset_id if value == "{id}" else value for name, value in body.items()} if body else None
        return await bob.request(method, path.replace("{id}", dataset_id), json=sent)

    theirs = problem(await ask(carols["id"]), 404, "dataset_not_found")
    nobodys = problem(await ask("00000000-0000-4000-8000-000000000000"), 404, "dataset_not_found")
    assert theirs["detail"] == nobodys["detail"]
    assert (await carol.get(f"/api/datasets/{carols['id']}")).json() == carols


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_without_a_token_nothing_is_answered(
    anonymous: httpx.AsyncClient, method: str, path: str, body: dict[str, str] | None
) -> None:
    problem(await anonymous.request(method, path, json=body), 401, "unauthenticated")


async def test_nobody_adds_a_version_to_somebody_elses_dataset(
    server: Served, ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    adas = await dataset(ada)
    before = server.blobs()
    problem(await upload(bob, SALES, datasetId=adas["id"]), 404, "dataset_not_found")
    assert server.blobs() == before
    assert (await ada.get(f"/api/datasets/{adas['id']}")).json()["version"] == 1


async def test_a_list_holds_ones_own_only_the_latest_first_in_pages(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await dataset(bob, datasetName="Bob's")
    for name in ("first", "second", "third"):
        await dataset(ada, datasetName=name)
    page = (await ada.get("/api/datasets", params={"limit": 2})).json()
    assert set(page) == {"items", "total", "limit", "offset", "sizeBytes"}
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 0)
    assert [item["datasetName"] for item in page["items"]] == ["third", "second"]
    rest = (await ada.get("/api/datasets", params={"limit": 2, "offset": 2})).json()
    assert [item["datasetName"] for item in rest["items"]] == ["first"]
    assert "userId" not in rest["items"][0]
    assert "sourceKey" not in rest["items"][0]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "offset=-1", "limit=1.5"])
async def test_a_page_that_cannot_be_is_refused(ada: httpx.AsyncClient, query: str) -> None:
    body = problem(await ada.get(f"/api/datasets?{query}"), 400, "invalid_input")
    assert body["field"] == query.partition("=")[0]


async def test_deleting_takes_everything_with_it(server: Served, ada: httpx.AsyncClient) -> None:
    before = server.blobs()
    made = await dataset(ada)
    await dataset(ada, SALES + b"2024-01-28,24000,119\n", datasetId=made["id"])
    assert (await ada.get(f"/api/analytics/{made['id']}?version=1")).status_code == 200
    answer = await ada.delete(f"/api/datasets/{made['id']}")
    assert answer.status_code == 204
    assert answer.content == b""
    problem(await ada.get(f"/api/datasets/{made['id']}"), 404, "dataset_not_found")
    problem(await ada.get(f"/api/analytics/{made['id']}?metric=revenue"), 404, "dataset_not_found")
    problem(await ada.delete(f"/api/datasets/{made['id']}"), 404, "dataset_not_found")
    assert server.blobs() == before


async def test_renaming_shows_everywhere(ada: httpx.AsyncClient) -> None:
    made = await dataset(ada)
    answer = await ada.patch(f"/api/datasets/{made['id']}", json={"datasetName": "  Sales, all of them "})
    assert answer.json()["datasetName"] == "Sales, all of them"
    analysis = (await ada.get(f"/api/analytics/{made['id']}?metric=revenue")).json()
    assert analysis["datasetName"] == "Sales, all of them"
    problem(await ada.patch(f"/api/datasets/{made['id']}", json={"datasetName": "  "}), 400, "invalid_input")
