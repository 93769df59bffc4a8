"""From a form to a finished analysis: the browser sends the file to the bucket, whose event reaches a worker."""

import asyncio
import hashlib
from typing import Any

import httpx
import pytest

from tests.support.served import DAILY, Served, dataset, events, problem, signed_up


@pytest.fixture(scope="module")
def product(cloud_product: Served) -> Served:
    return cloud_product


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


async def followed(user: httpx.AsyncClient, ticket: dict[str, Any], content: bytes = DAILY) -> list[dict[str, Any]]:
    seen = []
    async for event in events(user, ticket["datasetId"], version=ticket["version"]):
        if not seen:
            await sent(ticket, content)
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
    stranger = await product.client()
    problem(await asked(stranger), 401, "unauthenticated")


async def test_page_is_allowed_to_send_to_the_store_and_nowhere_else(product: Served, ada: httpx.AsyncClient) -> None:
    policy = (await ada.get("/api/health/live")).headers["content-security-policy"]
    origin = "/".join((await asked(ada)).json()["url"].split("/")[:3])
    assert f"connect-src 'self' {origin};" in policy
    assert policy.count("http") == 1


MORE = b"date,visits\n2024-03-28,50\n2024-03-29,60\n"


async def test_rows_sent_to_the_bucket_join_those_that_are_there(ada: httpx.AsyncClient) -> None:
    first = await dataset(ada, DAILY, "visits.csv", datasetName="Grows")
    ticket = (await asked(ada, MORE, datasetId=first["id"], mode="append")).json()
    *_, last = await followed(ada, ticket, MORE)
    after = (await ada.get(f"/api/datasets/{first['id']}")).json()
    assert (last["stage"], after["version"], after["appendedTo"]) == ("done", 2, 1)
    assert (after["timeColumn"], after["lastTime"][:10]) == (first["timeColumn"], "2024-03-29")
    said = after["quality"]["appended"]
    assert (said["addedRows"], said["replacedRows"], after["rowCount"]) == (2, 1, first["rowCount"] + 1)


async def test_rows_of_other_columns_sent_to_the_bucket_fail_with_the_reason(ada: httpx.AsyncClient) -> None:
    first = await dataset(ada, DAILY, "visits.csv")
    wrong = b"date,sales\n2024-03-24,5\n"
    ticket = (await asked(ada, wrong, datasetId=first["id"], mode="append")).json()
    *_, last = await followed(ada, ticket, wrong)
    assert (last["status"], last["code"]) == ("failed", "columns_differ")
    earlier = (await ada.get(f"/api/datasets/{first['id']}", params={"version": 1})).json()
    assert earlier["rowCount"] == first["rowCount"]


async def test_rows_that_cannot_be_added_are_refused_before_they_are_sent(ada: httpx.AsyncClient) -> None:
    first = await dataset(ada, DAILY, "visits.csv")
    assert problem(await asked(ada, MORE, mode="append"), 400, "invalid_input")["field"] == "datasetId"
    for field, value in (("timeZone", "Asia/Tokyo"), ("timeColumn", "date"), ("metricColumns", ["visits"])):
        said = {"datasetId": first["id"], "mode": "append", field: value}
        assert problem(await asked(ada, MORE, **said), 400, "invalid_input")["field"] == field
    assert (await asked(ada, MORE, datasetId=first["id"], mode="merge")).status_code == 400
    wrong = await dataset(ada, b"date,visits\n", "empty.csv")
    problem(await asked(ada, MORE, datasetId=wrong["id"], mode="append"), 409, "conflict")


async def withdrawn(user: httpx.AsyncClient, ticket: dict[str, Any]) -> dict[str, Any]:
    body = {name: ticket[name] for name in ("datasetId", "version", "uploadId")}
    answer = await user.post("/api/datasets/upload-url/withdraw", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_page_that_never_heard_the_buckets_answer_learns_that_its_file_is_there(ada: httpx.AsyncClient) -> None:
    ticket = (await asked(ada, datasetName="Lost answer")).json()
    await sent(ticket)
    there = {"arrived": True, "datasetId": ticket["datasetId"], "version": 1}
    assert [await withdrawn(ada, ticket) for _ in range(2)] == [there] * 2
    *_, last = [event async for event in events(ada, ticket["datasetId"], version=1)]
    assert (last["stage"], last["status"]) == ("done", "cached")
    versions = (await ada.get(f"/api/datasets/{ticket['datasetId']}/versions")).json()["items"]
    assert [one["version"] for one in versions] == [1]


async def test_file_that_comes_after_it_was_withdrawn_becomes_nothing(product: Served, ada: httpx.AsyncClient) -> None:
    ticket = (await asked(ada)).json()
    mallory = await product.user("mallory@example.com")
    assert not (await withdrawn(mallory, ticket))["arrived"]
    assert not (await withdrawn(ada, ticket))["arrived"]
    await sent(ticket)
    again = await dataset(ada, DAILY, "visits.csv", datasetName="Sent again")  # its event comes later than the other's
    assert await product.running.ports.datasets.find(ticket["datasetId"]) is None
    assert again["status"] == "cached"
    problem(await ada.get(f"/api/datasets/{ticket['datasetId']}"), 404, "dataset_not_found")


async def test_the_client_sends_a_file_to_the_bucket_and_waits_for_it(product: Served) -> None:
    def journey() -> None:
        with signed_up(product, "the-client@example.com") as bob:
            sent: list[tuple[int, int]] = []
            ticket = bob.upload_directly(
                DAILY, name="Direct", time_zone="Europe/Berlin", progress=lambda done, whole: sent.append((done, whole))
            )
            assert sent[-1] == (len(DAILY), len(DAILY))
            ready = bob.wait(ticket.dataset_id, version=ticket.version)
            assert (ready.dataset_name, ready.time_zone, ready.row_count) == ("Direct", "Europe/Berlin", 84)
            again = bob.upload_directly(DAILY + b"2024-04-01,103\n", dataset_id=ready.id)
            assert bob.wait(ready.id, version=again.version).row_count == 85

    await asyncio.to_thread(journey)
