"""Everything is lost and comes back: each store by its own backup, as docs/operation.md says."""

from pathlib import Path
from typing import Any

import httpx
import redis

from tests.support.aws_stores import announce, make_bucket, make_queue
from tests.support.backups import (
    VersionedBucket,
    lose_mongo,
    lose_postgres,
    restore_mongo,
    restore_postgres,
    save_data_folder,
    save_mongo,
    save_postgres,
)
from tests.support.cloud import cloud_settings, working
from tests.support.served import DAILY, PASSWORD, Served, dataset, served, settled
from tests.support.servers import aws_endpoint, mongo_uri_of, redis_url_of, start_mongo, start_redis

METRIC = {"metric": "visits"}


async def signed_in(server: Served) -> httpx.AsyncClient:
    """An account registered before the loss."""
    client = await server.client()
    answer = await client.post("/api/auth/login", json={"email": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.headers["authorization"] = f"Bearer {answer.json()['accessToken']}"
    return client


async def analysis_of(client: httpx.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/api/analytics/{made['id']}", params=METRIC)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_data_folder_saved_while_in_use_is_whole_elsewhere(tmp_path: Path) -> None:
    async with served(tmp_path / "data") as server:
        ada = await server.user()
        made = await dataset(ada, DAILY, "visits.csv")
        before = await analysis_of(ada, made)
        save_data_folder(tmp_path / "data", tmp_path / "copy")
        later = await dataset(ada, DAILY, "later.csv")
    async with served(tmp_path / "copy") as server:
        ada = await signed_in(server)
        assert await analysis_of(ada, made) == before
        assert (await ada.get(f"/api/datasets/{later['id']}")).status_code == 404
        again = await dataset(ada, DAILY, "visits.csv", datasetId=made["id"])
        assert (again["version"], again["status"]) == (2, "cached")


async def test_every_store_of_the_cloud_comes_back_from_its_backup(tmp_path: Path, aws_keys: None) -> None:
    bucket = await make_bucket(aws_endpoint())
    versions = VersionedBucket(aws_endpoint(), bucket)
    queue, _dead = await make_queue(aws_endpoint())
    await announce(aws_endpoint(), bucket, queue)
    with start_mongo() as mongo, start_redis() as cache:
        resources = {"s3_bucket": bucket, "s3_endpoint_url": aws_endpoint(), "sqs_queue_url": queue}
        stores = {"mongo_uri": mongo_uri_of(mongo).replace("/?", "/saved?"), "redis_url": redis_url_of(cache)}
        # moto may hand a message to the worker that has left: it comes again after the hold
        hold = {"worker_hold_seconds": 3}
        async with cloud_settings(tmp_path / "scratch", **resources, **stores, **hold) as settings:
            async with working(settings), served(tmp_path, **settings) as server:
                ada = await server.user()
                made = await dataset(ada, DAILY, "visits.csv")
                before = await analysis_of(ada, made)
            save_postgres(settings["postgres_dsn"], tmp_path / "postgres.dump")
            save_mongo(mongo, tmp_path / "mongo")

            lose_postgres(settings["postgres_dsn"])
            lose_mongo(mongo)
            redis.Redis.from_url(settings["redis_url"]).flushall()
            await _lose_files(settings)

            restore_postgres(settings["postgres_dsn"], tmp_path / "postgres.dump")
            restore_mongo(mongo, tmp_path / "mongo")
            assert versions.undelete() > 0
            async with working(settings), served(tmp_path, **settings) as server:
                ada = await signed_in(server)
                assert await analysis_of(ada, made) == before
                rerun = await ada.post(f"/api/datasets/{made['id']}/reprocess")  # reads the file itself
                assert rerun.status_code == 200, rerun.text
                assert (await settled(ada, made["id"]))["status"] == "cached"


async def _lose_files(settings: dict[str, Any]) -> None:
    from adapters.aws.s3_blobs import S3Blobs  # noqa: PLC0415 - deletes as the product itself does

    blobs = S3Blobs(settings["s3_bucket"], settings["aws_region"], settings["s3_endpoint_url"])
    await blobs.open()
    assert await blobs.delete("users") > 0
    await blobs.close()
