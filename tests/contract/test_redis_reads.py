"""Reads that share one connection to Redis: each gets its own answer, whatever becomes of the others."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.redis.connection import RedisConnection
from domain.errors import UnavailableError
from tests.support.redis_processes import connected
from tests.support.server_process import Server


@pytest.fixture
async def connection(valkey: Server) -> AsyncIterator[RedisConnection]:
    async with connected(valkey) as made:
        for number in range(40):
            await made.call(lambda client, n=number: client.hset("bucket", f"f{n}", b"%d" % n * 5000))
        await made.call(lambda client: client.set("no bucket", b"x"))
        yield made


async def connections(connection: RedisConnection) -> int:
    return len(await connection.call(lambda client: client.client_list()))


async def test_reads_at_once_share_a_connection_and_each_gets_its_own_answer(connection: RedisConnection) -> None:
    before = await connections(connection)
    for _ in range(3):
        found = await asyncio.gather(*(connection.read("HGET", "bucket", f"f{number}") for number in range(41)))
        assert found == [*(b"%d" % number * 5000 for number in range(40)), None]
    assert await connections(connection) == before + 1


async def test_one_that_is_answered_by_an_error_harms_no_other(connection: RedisConnection) -> None:
    good, bad, other = await asyncio.gather(
        connection.read("HGET", "bucket", "f1"),
        connection.read("HGET", "no bucket", "f1"),
        connection.read("HGET", "bucket", "f2"),
        return_exceptions=True,
    )
    assert (good, other) == (b"1" * 5000, b"2" * 5000)
    assert isinstance(bad, UnavailableError)


async def test_one_that_waits_no_longer_harms_no_other(connection: RedisConnection) -> None:
    for _ in range(20):
        given_up = asyncio.create_task(connection.read("HGET", "bucket", "f1"))
        kept = asyncio.create_task(connection.read("HGET", "bucket", "f2"))
        await asyncio.sleep(0)
        given_up.cancel()
        assert await kept == b"2" * 5000
        assert await connection.read("HGET", "bucket", "f3") == b"3" * 5000


async def test_server_that_was_restarted_meanwhile_is_connected_to_again_unnoticed(
    connection: RedisConnection, valkey: Server
) -> None:
    assert await connection.read("HGET", "bucket", "f1")
    valkey.kill9()
    valkey.start()
    assert await asyncio.gather(*(connection.read("HGET", "bucket", "f1") for _ in range(3))) == [None] * 3


async def test_late_answer_of_a_server_that_hung_is_nobodys(connection: RedisConnection, valkey: Server) -> None:
    valkey.pause()
    for _ in range(2):
        failed = await asyncio.gather(
            *(connection.read("HGET", "bucket", f"f{number}") for number in (1, 2)), return_exceptions=True
        )
        assert all(isinstance(error, UnavailableError) for error in failed)
    valkey.resume()
    connection._circuit.succeeded()
    assert await connection.read("HGET", "bucket", "f3") == b"3" * 5000


async def test_who_waits_while_the_connection_is_closed_is_told(connection: RedisConnection, valkey: Server) -> None:
    valkey.pause()
    waiting = [asyncio.create_task(connection.read("HGET", "bucket", "f1")) for _ in range(3)]
    await asyncio.sleep(0.01)
    await connection.close()
    assert all(isinstance(error, UnavailableError) for error in await asyncio.gather(*waiting, return_exceptions=True))
    with pytest.raises(UnavailableError):
        await connection.read("HGET", "bucket", "f1")
