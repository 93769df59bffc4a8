"""From a form to a finished analysis: the browser sends the file to the bucket, whose event reaches a worker."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cloud import cloud_settings, working
from tests.support.served import DAILY, Served, dataset, events, problem, served


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory, aws_keys: None) -> AsyncIterator[Served]:
    folder: Path = tmp_path_factory.mktemp("direct")
    async with cloud_settings(folder) as settings, working(settings), served(folder, **settings) as running:
        yield running


@pytest.fixture(scope="module")
async def ada(product: Served) -> httpx.AsyncClient:
    return await product.user("ada@example.com")


async def asked(user: httpx.AsyncClient, content: bytes = DAILY, **fields: Any) -> httpx.Response:
    body = {"fileName": "visits.csv", "sizeBytes": len(content)} | fields
    return await user.post("/api/datasets/upload-url", json=body)


async def sent(ticket: dict[str, Any], content: bytes = DAILY) -> None:
    """Send it as a page does: no token, the file last."""
    async with httpx.AsyncClient(verify=False) as browser:
        answer = await browser.post(ticket["url"], data=ticket["fields"], files={"file": ("visits.csv", content)})
    assert answer.status_code in {200, 204}, answer.text


async def followed(user: httpx.AsyncClient, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    seen = []
    async for event in events(user, ticket["datasetId"], version=ticket["version"]):
        if not seen:
            await sent(ticket)
        seen.append(event)
    return seen


async def test_file_sent_to_the_bucket_becomes_a_finished_dataset(ada: httpx.AsyncClient) -> None:
    ticket = (await asked(ada, datasetName="Direct", metricColumns=["visits"], timeZone="Europe/Berlin")).json()
    at = f"/api/datasets/{ticket['datasetId']}"
    problem(await ada.get(at), 404, "dataset_not_found")
    first, *_, last = await followed(ada, ticket)
    assert (first["stage"], first["message"]) == ("storing", "Waiting for the file to arrive")
    assert (last["stage"], last["status"], last["version"]) == ("done", "cached", 1)
    ready = (await ada.get(at)).json()
    assert (ready["datasetName"], ready["timeZone"], ready["rowCount"]) == ("Direct", "Europe/Berlin", 84)
    assert (ready["sizeBytes"], ready["sha256"]) == (len(DAILY), hashlib.sha256(DAILY).hexdigest())
    assert (await ada.get(f"/api/analytics/{ready['id']}")).headers["x-cache"] == "hit"


async def test_next_version_sent_to_the_bucket_leaves_the_old_one_until_it_is_there(ada: httpx.AsyncClient) -> None:
    before = await dataset(ada, DAILY, "visits.csv", datasetName="Twice")
    ticket = (await asked(ada, datasetId=before["id"])).json()
    assert (ticket["datasetId"], ticket["version"]) == (before["id"], 2)
    assert (await ada.get(f"/api/datasets/{before['id']}")).json()["version"] == 1
    *_, last = await followed(ada, ticket)
    assert (last["stage"], last["version"]) == ("done", 2)
    assert (await ada.get(f"/api/datasets/{before['id']}")).json()["version"] == 2


async def test_upload_that_is_announced_and_never_comes_shows_nowhere(product: Served) -> None:
    eve = await product.user("eve@example.com")
    ticket = (await asked(eve)).json()
    assert (await eve.get("/api/datasets")).json()["total"] == 0
    assert await product.running.ports.datasets.find(ticket["datasetId"]) is None


async def test_other_users_neither_follow_nor_extend_what_is_not_theirs(
    product: Served, ada: httpx.AsyncClient
) -> None:
    bob = await product.user("bob@example.com")
    ticket = (await asked(ada)).json()
    at = f"/api/datasets/{ticket['datasetId']}/events"
    problem(await bob.get(at, params={"version": 1}), 404, "dataset_not_found")
    mine = await dataset(ada, DAILY, "visits.csv")
    problem(await asked(bob, datasetId=mine["id"]), 404, "dataset_not_found")


async def test_what_no_upload_may_be_is_refused_before_it_is_sent(product: Served, ada: httpx.AsyncClient) -> None:
    problem(await asked(ada, sizeBytes=0), 422, "empty_file")
    limits = (await ada.get("/api/datasets/limits")).json()
    assert limits["directUpload"] is True
    problem(await asked(ada, sizeBytes=limits["maxUploadBytes"] + 1), 413, "upload_too_large")
    assert problem(await asked(ada, fileName=" "), 400, "invalid_input")["field"] == "fileName"
    assert problem(await asked(ada, timeZone="Mars"), 400, "invalid_input")["field"] == "timeZone"
    assert problem(await asked(ada, delimiter="::"), 400, "invalid_input")["field"] == "delimiter"
    nobody = await product.client()
    problem(await asked(nobody), 401, "unauthenticated")


async def test_page_is_allowed_to_send_to_the_store_and_nowhere_else(product: Served, ada: httpx.AsyncClient) -> None:
    policy = (await ada.get("/api/health/live")).headers["content-security-policy"]
    origin = "/".join((await asked(ada)).json()["url"].split("/")[:3])
    assert f"connect-src 'self' {origin};" in policy
    assert policy.count("http") == 1
