"""``ready`` names the store that is away, while ``live`` stays; and says so when it is back."""

from pathlib import Path

import httpx

from tests.support.cloud import cloud_settings
from tests.support.served import served, until_async
from tests.support.servers import mongo_uri_of, redis_url_of, start_mongo, start_redis


async def failing(client: httpx.AsyncClient) -> set[str]:
    """The dependencies that do not answer."""
    answer = await client.get("/api/health/ready")
    named: dict[str, str] = answer.json()["dependencies"]
    assert set(named) == {"postgres", "mongodb", "redis", "s3", "sqs"}
    away = {name for name, said in named.items() if said != "ok"}
    assert answer.status_code == (503 if away else 200)
    return away


async def test_ready_names_the_store_that_is_away(tmp_path: Path, aws_keys: None) -> None:
    with start_mongo() as mongo, start_redis() as cache:
        stores = {"mongo_uri": mongo_uri_of(mongo).replace("/?", "/ready?"), "redis_url": redis_url_of(cache)}
        async with cloud_settings(tmp_path, **stores) as settings, served(tmp_path, **settings) as server:
            anybody = await server.client()

            async def becomes(away: set[str]) -> bool:
                return await until_async(lambda: _is(anybody, away))

            assert await becomes(set())
            cache.kill9()
            assert await becomes({"redis"})
            mongo.pause()  # hangs: connections stay open, nothing is answered
            assert await becomes({"redis", "mongodb"})
            assert (await anybody.get("/api/health/live")).status_code == 200
            mongo.resume()
            cache.start()
            assert await becomes(set())


async def _is(client: httpx.AsyncClient, away: set[str]) -> bool:
    return await failing(client) == away
