"""Every class of error that a driver has is translated, and its own words never reach a user."""

import builtins
import inspect
import sqlite3
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import asyncpg
import botocore.exceptions
import duckdb
import pymongo.errors
import pytest
import redis.exceptions

from adapters.aws.clients import translated as translated_aws
from adapters.duckdb.reader.translate import translated as translated_reader
from adapters.duckdb.records.records import translated as translated_records
from adapters.filesystem.blobs import translated as translated_blobs
from adapters.filesystem.temp_workspace import translated as translated_workspace
from adapters.mongo.database import translated as translated_mongo
from adapters.postgres.database import translated as translated_postgres
from adapters.redis.connection import RedisConnection
from adapters.sqlite.database import translated as translated_sqlite
from domain.errors import (
    ConflictError,
    CorruptedError,
    DriftlineError,
    MalformedFileError,
    ReadingTooCostlyError,
    UnavailableError,
)

SECRET = "db-17.internal:5432 password=hunter2"


def classes_of(module: Any, *roots: type[BaseException]) -> list[type[BaseException]]:
    """Every public class of errors below ``roots``."""
    found = (one for _name, one in inspect.getmembers(module, inspect.isclass))
    return [one for one in found if issubclass(one, roots)]


def made(kind: type[BaseException]) -> BaseException:
    """An error of this class with a text that must not leave the process."""
    error = kind.__new__(kind)
    error.args = (SECRET,)
    if isinstance(error, botocore.exceptions.ClientError):
        error.response = {"Error": {"Code": "AccessDenied", "Message": SECRET}}
    return error


CASES: list[tuple[Any, type[BaseException]]] = [
    *((translated_mongo, kind) for kind in classes_of(pymongo.errors, pymongo.errors.PyMongoError)),
    *((translated_sqlite, kind) for kind in classes_of(sqlite3, sqlite3.Error)),
    *(
        (translated_postgres, kind)
        for kind in classes_of(asyncpg.exceptions, asyncpg.PostgresError, asyncpg.InterfaceError)
    ),
    *(
        (partial(translated_aws, "S3"), kind)
        for kind in classes_of(botocore.exceptions, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError)
    ),
    *((partial(translated_reader, "512MB"), kind) for kind in classes_of(duckdb, duckdb.Error)),
    *((partial(translated_records, "512MB"), kind) for kind in classes_of(duckdb, duckdb.Error)),
    *((translated_blobs, kind) for kind in classes_of(builtins, OSError)),
    *((translated_workspace, kind) for kind in classes_of(builtins, OSError)),
    *((partial(translated_reader, "512MB"), kind) for kind in classes_of(builtins, OSError)),
]
OURS = UnavailableError | ConflictError | CorruptedError | MalformedFileError | ReadingTooCostlyError


@pytest.mark.parametrize(("translated", "kind"), CASES, ids=[kind.__qualname__ for _, kind in CASES])
def test_error_of_a_driver_becomes_one_of_ours_without_its_words(
    translated: "type[AbstractContextManager[None]]", kind: type[BaseException]
) -> None:
    with pytest.raises(DriftlineError) as caught, translated():
        raise made(kind)
    assert isinstance(caught.value, OURS), caught.value
    assert SECRET not in caught.value.message
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    "kind", classes_of(redis.exceptions, redis.exceptions.RedisError), ids=lambda kind: kind.__name__
)
async def test_error_of_redis_is_unavailability_without_its_words(kind: type[BaseException]) -> None:
    connection = RedisConnection("redis://127.0.0.1:1/0")
    await connection.open()

    async def fails(_client: Any) -> None:
        raise made(kind)

    with pytest.raises(UnavailableError) as caught:
        await connection.call(fails)
    assert SECRET not in caught.value.message
    await connection.close()
