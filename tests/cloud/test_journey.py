"""One journey from an account to a deleted dataset, over HTTP, the same in both profiles."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.cloud import cloud_settings, working
from tests.support.served import DAILY, Served, dataset, events, served, upload


@pytest.fixture(params=["embedded", "cloud"])
async def product(request: pytest.FixtureRequest, tmp_path: Path, aws_keys: None) -> AsyncIterator[Served]:
    if request.param == "embedded":
        async with served(tmp_path) as running:
            yield running
        return
    async with cloud_settings(tmp_path) as settings, working(settings), served(tmp_path, **settings) as running:
        yield running


async def test_journey_from_an_account_to_a_deleted_dataset(product: Served) -> None:
    ada, bob = await product.user(), await product.user("bob@example.com")
    ready = await dataset(ada, datasetName="Sales")
    assert (ready["status"], ready["version"], ready["rejectedRows"]) == ("cached", 1, 0)
    at = f"/api/datasets/{ready['id']}"
    metric = {"metric": ready["metricColumns"][0]}

    first = await ada.get(f"/api/analytics/{ready['id']}", params=metric)
    assert (first.status_code, first.headers["x-cache"]) == (200, "hit")
    assert first.json()["anomalies"]
    again = await ada.get(
        f"/api/analytics/{ready['id']}", params=metric, headers={"if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304
    run = await ada.post("/api/analytics/run", json={"datasetId": ready["id"], **metric, "sensitivity": 0.9})
    assert run.status_code == 200
    assert (await bob.get(at)).status_code == 404

    renewed = await upload(ada, DAILY, "visits.csv", datasetId=ready["id"])
    assert renewed.json()["version"] == 2
    *_, last = [event async for event in events(ada, ready["id"])]
    assert (last["version"], last["stage"]) == (2, "done")
    assert [one["version"] for one in (await ada.get(f"{at}/versions")).json()["items"]] == [2, 1]
    body = (await ada.get(f"/api/analytics/{ready['id']}", params={"metric": "visits"})).json()
    assert (body["version"], body["summary"]["rows"]) == (2, 84)

    later = b"date,visits\n2024-03-28,55\n2024-03-29,101\n"  # the first of them is there already
    assert (await upload(ada, later, "later.csv", datasetId=ready["id"], mode="append")).json()["version"] == 3
    *_, last = [event async for event in events(ada, ready["id"])]
    assert (last["version"], last["stage"], last["message"]) == (3, "done", "Ready: 85 rows")
    added = (await ada.get(at)).json()
    assert added["quality"]["appended"] == {"addedRows": 2, "keptRows": 83, "replacedRows": 1, "replacedTimes": 1}
    body = (await ada.get(f"/api/analytics/{ready['id']}", params={"metric": "visits"})).json()
    assert (body["series"]["value"][-2:], body["summary"]["rows"]) == ([55, 101], 85)
    compared = await ada.get(
        f"/api/analytics/{ready['id']}/compare", params={"metric": "visits", "before": 2, "after": 3}
    )
    assert compared.status_code == 200
    assert (await ada.post(f"{at}/restore", json={"version": 3})).json()["version"] == 4
    *_, last = [event async for event in events(ada, ready["id"])]
    assert (last["version"], last["message"]) == (4, "Ready: 85 rows")

    assert (await ada.delete(at)).status_code == 204
    assert (await ada.get(at)).status_code == 404
    assert (await product.running.ports.blobs.keys("users/")) == ()
    assert await product.running.ports.datasets.find(ready["id"]) is None
