"""The PostgreSQL database: pool of connections, migrations, and the translation of its errors."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import resources
from typing import Any, Final

import asyncpg
from typing_extensions import override

from domain.errors import ConfigurationError, ConflictError, UnavailableError
from domain.ports.system import Dependency

CONNECT_SECONDS: Final = 5.0  # a server in the same region answers in milliseconds
COMMAND_SECONDS: Final = 10.0  # every statement here is one indexed lookup: what takes longer hangs
STANDARD_CONNECTIONS: Final = 10  # per process; PostgreSQL allows 100 in all unless told otherwise
_MIGRATION_LOCK: Final = 0x6472_6966_746C  # "driftl": any number that nothing else locks


class PostgresDatabase(Dependency):
    """A pool of connections to one database. A connection that was lost is replaced at its next use."""

    name = "postgres"

    def __init__(
        self, dsn: str, connections: int = STANDARD_CONNECTIONS, command_seconds: float = COMMAND_SECONDS
    ) -> None:
        self._dsn = dsn
        self._connections = connections
        self._command_seconds = command_seconds
        self._pool: Any = None

    async def open(self) -> None:
        """Connect, and bring the tables up to date; any number of processes may do so at once.

        Raises:
            UnavailableError: the server does not answer.
            ConfigurationError: the DSN cannot be read, or a newer Driftline has been here.
        """
        if self._pool is not None:
            return
        with translated():
            try:
                pool = await asyncpg.create_pool(
                    self._dsn,
                    min_size=1,
                    max_size=self._connections,
                    timeout=CONNECT_SECONDS,
                    command_timeout=self._command_seconds,
                )
            except ValueError as error:  # a DSN that cannot be read; it may hold a password, so it is not repeated
                raise ConfigurationError(
                    "DRIFTLINE_POSTGRES_DSN is no DSN. Write it like postgresql://user:password@host:5432/database.",
                    settings=["POSTGRES_DSN"],
                ) from error
        self._pool = pool
        try:
            async with self.transaction() as connection:
                await _migrate(connection)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Wait for what is running, then let the connections go."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(self._command_seconds):
                await pool.close()
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()  # a server that is gone takes no farewell

    @override
    async def ping(self) -> None:
        await self.row("SELECT 1")

    async def row(self, sql: str, *parameters: object) -> Any:
        """Run one statement, as a transaction of its own, and return its first row (or None)."""
        with translated():
            async with self._opened().acquire(timeout=self._command_seconds) as connection:
                return await connection.fetchrow(sql, *parameters)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """Several statements as one step: all of them, or none on any error."""
        with translated():
            async with self._opened().acquire(timeout=self._command_seconds) as connection, connection.transaction():
                yield connection

    def _opened(self) -> Any:
        if self._pool is None:
            raise UnavailableError("The database is not open.", dependency="postgres")
        return self._pool


@contextmanager
def translated() -> Iterator[None]:
    """Turn asyncpg's errors into the domain's."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise ConflictError("That is stored already, or its owner does not exist.") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError) as error:
        # Class names only: a driver's message may quote the connection string.
        raise UnavailableError(
            f"PostgreSQL does not answer as it should ({type(error).__name__}).", dependency="postgres"
        ) from error


async def _migrate(connection: Any) -> None:
    """Apply the numbered files that are missing, each once, all or none: the lock ends with the transaction."""
    migrations = _migrations()
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK, timeout=None)
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    applied = await connection.fetchval("SELECT coalesce(max(number), 0) FROM migrations")
    if applied > len(migrations):
        raise ConfigurationError(
            f"The database was brought to format {applied} by a newer Driftline; this one knows {len(migrations)}. "
            "Use that one, or another database.",
            settings=["POSTGRES_DSN"],
        )
    for number, script in enumerate(migrations[applied:], start=applied + 1):
        await connection.execute(script)
        await connection.execute("INSERT INTO migrations (number) VALUES ($1)", number)


def _migrations() -> list[str]:
    """The SQL files in the order of their numbers."""
    folder = resources.files("adapters.postgres") / "migrations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [file.read_text(encoding="utf-8") for file in files]
