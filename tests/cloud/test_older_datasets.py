"""Datasets that an earlier release read: nothing of them breaks, and processing them again brings what is new."""

from typing import Any

import httpx
from pymongo import AsyncMongoClient

from tests.support.served import Served, dataset, settled

SPIKE = b"date,sales,event\n" + b"".join(
    b"2024-%02d-%02d,%d,%s\n" % ((m, d, 900, b"flash sale") if (m, d) == (2, 9) else (m, d, 100 + d % 7, b""))
    for m in (1, 2, 3)
    for d in range(1, 29)
)


async def reasons(user: httpx.AsyncClient, dataset_id: str) -> list[Any]:
    answer = await user.post("/api/analytics/run", json={"datasetId": dataset_id, "metric": "sales"})
    assert answer.status_code == 200, answer.text
    return [anomaly["suggestedReason"] for anomaly in answer.json()["anomalies"]]


async def test_dataset_read_before_texts_were_kept_suggests_nothing_until_it_is_processed_again(
    cloud_product: Served,
) -> None:
    ada = await cloud_product.user("older@example.com")
    made = await dataset(ada, SPIKE, "sales.csv")
    told = {"column": "event", "text": "flash sale"}
    assert await reasons(ada, made["id"]) == [told]
    async with AsyncMongoClient[dict[str, Any]](cloud_product.running.settings.mongo_uri) as client:
        await client.get_default_database().drop_collection("texts")  # as it was, the next migration not yet made
        assert await reasons(ada, made["id"]) == [None]
        for path in (f"/api/datasets/{made['id']}", f"/api/analytics/{made['id']}", "/api/datasets"):
            assert (await ada.get(path)).status_code == 200
        assert (await ada.post(f"/api/datasets/{made['id']}/reprocess")).status_code == 200
        await settled(ada, made["id"])
    assert await reasons(ada, made["id"]) == [told]
