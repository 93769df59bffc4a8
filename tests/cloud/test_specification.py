"""The product owner's specification in the cloud profile: the API, and the documents and keys in the stores."""

from typing import Any
from uuid import UUID

from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from tests.support.served import Served
from tests.support.specification import TYPES, plays_the_specification


async def test_api_and_stores_are_as_the_specification_says(cloud_product: Served) -> None:
    user, dataset, _client = await plays_the_specification(cloud_product, "owner@example.com")
    settings = cloud_product.running.settings
    async with AsyncMongoClient[dict[str, Any]](settings.mongo_uri, uuidRepresentation="standard") as client:
        database = client.get_default_database()
        await _documents(database, user, dataset, settings.s3_bucket or "")
    async with Redis.from_url(settings.redis_url or "") as redis:
        keys = {key.decode() async for key in redis.scan_iter(match=f"analytics:{dataset}:*")}
    assert f"analytics:{dataset}:revenue" in keys


async def _documents(database: Any, user: str, dataset: str, bucket: str) -> None:
    document = await database["datasets"].find_one({"_id": dataset})
    assert document["userId"] == UUID(user)
    assert (document["datasetName"], document["status"]) == ("Sales", "cached")
    assert document["s3FilePath"].startswith(f"s3://{bucket}/users/{user}/datasets/{dataset}/v1/")
    assert document["columns"] == ["date", "revenue", "orders"]
    assert [column["type"] for column in document["columnDetails"]] == ["time", "number", "number"]
    assert document["metricColumns"] == ["revenue"]
    analysis = await database["analytics"].find_one({"datasetId": dataset, "metric": "revenue"})
    assert analysis["summary"].keys() >= {"mean", "median", "stdDev"}
    assert analysis["anomalies"]
    assert {anomaly["type"] for anomaly in analysis["anomalies"]} <= TYPES
    assert analysis["anomalies"][0].keys() >= {"date", "value", "type", "severity"}
    report = await database["reports"].find_one({"datasetId": dataset})
    assert (report["userId"], report["format"]) == (UUID(user), "pdf")
