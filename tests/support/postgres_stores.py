"""A PostgreSQL database of its own for each test, and the stores on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from adapters.postgres.accounts import PostgresRefreshSessions, PostgresUsers
from adapters.postgres.database import PostgresDatabase
from tests.support.builders import ANN, BOB, a_user
from tests.support.servers import postgres_dsn

__all__ = [
    "migrated_postgres",
    "postgres",
    "postgres_dsn_of_test",
    "postgres_refresh_sessions",
    "postgres_users",
]


@asynccontextmanager
async def empty_database() -> AsyncIterator[str]:
    """The DSN of a new database, dropped afterwards."""
    name = f"t{uuid4().hex}"
    server = await asyncpg.connect(postgres_dsn())
    await server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(postgres_dsn())._replace(path=f"/{name}").geturl()
    finally:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await server.close()


@pytest.fixture
async def postgres_dsn_of_test() -> AsyncIterator[str]:
    async with empty_database() as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def migrated_postgres() -> AsyncIterator[PostgresDatabase]:
    async with empty_database() as dsn:
        database = PostgresDatabase(dsn)
        await database.open()
        yield database
        await database.close()


@pytest.fixture
async def postgres(migrated_postgres: PostgresDatabase) -> PostgresDatabase:
    await migrated_postgres.row("TRUNCATE users CASCADE")
    return migrated_postgres


@pytest.fixture
def postgres_users(postgres: PostgresDatabase) -> PostgresUsers:
    return PostgresUsers(postgres)


@pytest.fixture
async def postgres_refresh_sessions(postgres: PostgresDatabase) -> PostgresRefreshSessions:
    """With two users: here a session must belong to a user."""
    await PostgresUsers(postgres).add(a_user(id=ANN))
    await PostgresUsers(postgres).add(a_user(id=BOB, email="bob@example.com"))
    return PostgresRefreshSessions(postgres)
