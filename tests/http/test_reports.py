"""Reports: requested, made in the background, downloaded, deleted; private to their account."""

import json
from typing import Any

import httpx
import pytest

from tests.support.served import Served, dataset, problem, until_async

BEGINNINGS = {"pdf": b"%PDF-", "html": b"<!doctype html>", "csv": b"", "json": b"{"}


async def ready(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    """Ask for a report and wait until it is made."""
    answer = await client.post("/api/reports/generate", json=asked)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()

    async def settled() -> bool:
        nonlocal report
        report = (await client.get(f"/api/reports/{report['reportId']}/status")).json()
        return report["status"] != "queued"

    assert await until_async(settled)
    assert report["status"] == "ready", report
    return report


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("pdf", "application/pdf"), ("html", "text/html"), ("csv", "text/csv"), ("json", "application/json")],
)
async def test_a_report_is_made_and_downloaded_as_a_file(
    carol: httpx.AsyncClient, carols: dict[str, Any], kind: str, media_type: str
) -> None:
    report = await ready(carol, datasetId=carols["id"], metric="revenue", format=kind)
    assert report["url"] == f"/api/reports/{report['reportId']}"
    answer = await carol.get(report["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["content-disposition"] == f'attachment; filename="Sales-revenue-v1.{kind}"'
    assert answer.content.lower().startswith(BEGINNINGS[kind].lower())
    assert len(answer.content) == report["sizeBytes"]
    if kind == "json":
        assert "2024-01-15" in json.dumps(answer.json())


async def test_following_a_report_ends_when_it_is_ready(carol: httpx.AsyncClient, carols: dict[str, Any]) -> None:
    asked = (await carol.post("/api/reports/generate", json={"datasetId": carols["id"], "format": "pdf"})).json()
    assert (asked["stage"], asked["fraction"], asked["message"]) == ("queued", 0, "Waiting for its turn")
    answer = await carol.get(f"{asked['url']}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line.startswith("data: ")]
    fractions = [one["fraction"] for one in told]
    assert fractions == sorted(fractions)
    assert (told[-1]["stage"], told[-1]["fraction"], told[-1]["message"]) == ("ready", 1, "Ready")
    assert told[-1] == (await carol.get(f"{asked['url']}/status")).json()
    assert (await carol.get(f"{asked['url']}/events")).text.count("event: progress") == 1  # late: the end at once


async def test_whoever_holds_a_link_gets_the_file_and_nothing_else(
    server: Served, carol: httpx.AsyncClient, carols: dict[str, Any]
) -> None:
    report = await ready(carol, datasetId=carols["id"], format="html")
    link = (await carol.get(f"{report['url']}/link")).json()
    assert link["url"].startswith("/api/reports/linked/")
    stranger = await server.client()
    handed = await stranger.get(link["url"])
    assert handed.content == (await carol.get(report["url"])).content
    assert handed.headers["content-disposition"] == f'attachment; filename="{report["fileName"]}"'
    assert handed.headers["content-type"] == "text/html; charset=utf-8"
    token = link["url"].rpartition("/")[2]
    as_token = await stranger.get("/api/datasets", headers={"authorization": f"Bearer {token}"})
    problem(as_token, 401, "invalid_token")
    access = carol.headers["authorization"].removeprefix("Bearer ")
    for wrong in (access, token[:-3] + "abc", "x", "a.b.c"):
        problem(await stranger.get(f"/api/reports/linked/{wrong}"), 404, "not_found")
    assert (await carol.delete(report["url"])).status_code == 204
    problem(await stranger.get(link["url"]), 404, "not_found")


async def test_reports_are_listed_the_latest_first_and_deleted_with_their_file(
    server: Served, ada: httpx.AsyncClient
) -> None:
    made = await dataset(ada)
    before = server.blobs()
    first = await ready(ada, datasetId=made["id"], format="csv")
    second = await ready(ada, datasetId=made["id"], format="json", sensitivity=0.9)
    page = (await ada.get("/api/reports")).json()
    assert [item["reportId"] for item in page["items"]] == [second["reportId"], first["reportId"]]
    assert page["total"] == 2
    for report in (first, second):
        assert (await ada.delete(report["url"])).status_code == 204
        problem(await ada.get(report["url"]), 404, "report_not_found")
    assert {path for path in server.blobs() if "reports" in path} == {path for path in before if "reports" in path}


async def test_somebody_elses_report_does_not_exist(
    carol: httpx.AsyncClient, carols: dict[str, Any], bob: httpx.AsyncClient
) -> None:
    report = await ready(carol, datasetId=carols["id"], format="csv")
    for method, path in (("GET", ""), ("GET", "/status"), ("GET", "/events"), ("DELETE", "")):
        problem(await bob.request(method, report["url"] + path), 404, "report_not_found")
    answer = await bob.post("/api/reports/generate", json={"datasetId": carols["id"], "format": "csv"})
    problem(answer, 404, "dataset_not_found")
    assert (await carol.get(report["url"])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "code", "words"),
    [
        ({"format": "docx"}, 400, "invalid_input", "pdf, html, csv, json"),
        ({"granularity": "fortnight"}, 400, "invalid_input", "auto, native"),
        ({"sensitivity": 2}, 400, "invalid_input", "sensitivity: it goes from 0 to 1."),
        ({"metric": "profit"}, 404, "metric_not_found", "revenue, orders"),
        ({"version": 9}, 404, "dataset_not_found", ""),
    ],
)
async def test_a_report_that_cannot_be_is_refused_with_what_could(
    carol: httpx.AsyncClient, carols: dict[str, Any], changes: dict[str, Any], status: int, code: str, words: str
) -> None:
    answer = await carol.post("/api/reports/generate", json={"datasetId": carols["id"], "format": "pdf", **changes})
    assert words in problem(answer, status, code)["detail"]
