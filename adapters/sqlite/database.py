"""The SQLite file: opening, migrations, transactions, and the translation of its errors."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import resources
from pathlib import Path
from typing import Final

import aiosqlite
from typing_extensions import override

from domain.errors import ConfigurationError, ConflictError, UnavailableError
from domain.ports.system import Dependency

BUSY_SECONDS: Final = 10.0  # longer than any of our transactions; a writer that waits more is stuck
_JOURNAL_TRIES: Final = 50  # entering WAL mode does not wait for others by itself (sqlite.org/wal.html section 2.2)
_JOURNAL_PAUSE: Final = 0.1  # seconds; 50 of them are BUSY_SECONDS / 2

_WHY: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another program",
    sqlite3.SQLITE_LOCKED: "is locked by another program",
    sqlite3.SQLITE_NOTADB: "file is not a SQLite database",
    sqlite3.SQLITE_CORRUPT: "file is damaged: restore it from a backup",
    sqlite3.SQLITE_FULL: "has no room left on its disk",
    sqlite3.SQLITE_READONLY: "file cannot be written",
    sqlite3.SQLITE_CANTOPEN: "file cannot be opened",
    sqlite3.SQLITE_IOERR: "file cannot be read or written",
}

Row = sqlite3.Row
Parameters = tuple[object, ...]


class SqliteDatabase(Dependency):
    """One file, one connection, used by one caller after the other. Several processes may share the file.

    Every commit is flushed to disk before it is answered (``synchronous=FULL``). ``before_writing`` is called ahead of
    each write: it may make room on the disk.
    """

    name = "sqlite"

    def __init__(
        self, path: Path, busy_seconds: float = BUSY_SECONDS, before_writing: Callable[[], None] = lambda: None
    ) -> None:
        self._path = path
        self._before_writing = before_writing
        self._busy_seconds = busy_seconds
        self._lock = asyncio.Lock()
        self._connection: aiosqlite.Connection | None = None

    async def open(self) -> None:
        """Create the file if there is none and bring it up to date.

        Raises:
            UnavailableError: it cannot be opened.
            ConfigurationError: it is damaged, or a newer Driftline has written it.
        """
        if self._connection is not None:
            return
        with translated():
            _make_private(self._path)
            connection = await aiosqlite.connect(self._path, isolation_level=None, timeout=self._busy_seconds)
            try:
                connection.row_factory = sqlite3.Row
                # SQLite's own lower() knows ASCII alone.
                await connection.create_function("casefold", 1, str.casefold, deterministic=True)
                await _enter_wal(connection)
                await connection.execute("PRAGMA synchronous = FULL")
                await _check_integrity(connection, self._path)
                await _migrate(connection, self._path)
            except BaseException:
                await connection.close()
                raise
            self._connection = connection

    async def close(self) -> None:
        """Wait for running statements, then close the file."""
        async with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                with translated():
                    await connection.close()

    @override
    async def ping(self) -> None:
        await self.rows("SELECT 1")

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run one statement, as a transaction of its own, and return its rows."""
        async with self._lock:
            if not sql.startswith("SELECT"):
                await asyncio.to_thread(self._before_writing)
            with translated():
                return await _rows(self._opened(), sql, parameters)

    async def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """As ``rows``, for a statement with at most one row."""
        rows = await self.rows(sql, parameters)
        return rows[0] if rows else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["SqliteTransaction"]:
        """Several statements as one step: all of them, or none on any error (being cancelled included)."""
        async with self._lock:
            connection = self._opened()
            await asyncio.to_thread(self._before_writing)
            with translated():
                try:
                    await connection.execute("BEGIN IMMEDIATE")
                    yield SqliteTransaction(connection)
                    await connection.execute("COMMIT")
                except BaseException:
                    # Queued behind whatever was cancelled, and nothing to undo is no error.
                    await asyncio.shield(connection.rollback())
                    raise

    def _opened(self) -> aiosqlite.Connection:
        if self._connection is None:
            raise UnavailableError("The database is not open.", dependency="sqlite")
        return self._connection


class SqliteTransaction:
    """What may be done inside ``SqliteDatabase.transaction``."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Run one statement and return its first row."""
        rows = await _rows(self._connection, sql, parameters)
        return rows[0] if rows else None


def _make_private(path: Path) -> None:
    """Make the file for this user only, before SQLite would for everybody: it holds password hashes."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise UnavailableError(f"{path} cannot be made: {error.strerror}.", dependency="sqlite") from error


@contextmanager
def translated() -> Iterator[None]:
    """Turn SQLite's errors into the domain's."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise ConflictError("That is stored already.") from error
    except sqlite3.Error as error:
        raise UnavailableError(_why(error), dependency="sqlite") from error
    except ValueError as error:
        # aiosqlite's word for a connection that was closed meanwhile
        if str(error) not in {"no active connection", "Connection closed"}:
            raise
        raise UnavailableError("The database is closed.", dependency="sqlite") from error


def _why(error: sqlite3.Error) -> str:
    # The primary result code is the last byte of the extended one: https://www.sqlite.org/rescode.html
    words = _WHY.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return f"The database {words}." if words else f"The database does not answer ({type(error).__name__})."


async def _rows(connection: aiosqlite.Connection, sql: str, parameters: Parameters) -> list[Row]:
    rows: Iterable[Row] = await connection.execute_fetchall(sql, parameters)
    return list(rows)


async def _enter_wal(connection: aiosqlite.Connection) -> None:
    for attempt in range(_JOURNAL_TRIES):
        try:
            await connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if attempt == _JOURNAL_TRIES - 1:
                raise
            await asyncio.sleep(_JOURNAL_PAUSE)
        else:
            return


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Apply the numbered files that are missing, each once, under the write lock of the file."""
    migrations = _migrations()
    await connection.execute("BEGIN IMMEDIATE")
    try:
        applied = (await _rows(connection, "PRAGMA user_version", ()))[0][0]
        _check_format(path, applied, len(migrations))
        for number, script in enumerate(migrations[applied:], start=applied + 1):
            for statement in _statements(script):
                await connection.execute(statement)
            await connection.execute(f"PRAGMA user_version = {number}")
        await connection.execute("COMMIT")
    except BaseException:
        await asyncio.shield(connection.rollback())
        raise


async def _check_integrity(connection: aiosqlite.Connection, path: Path) -> None:
    """Read every page once: a damaged file must not take uploads that cannot be found again."""
    try:
        faults = [row[0] for row in await _rows(connection, "PRAGMA quick_check(1)", ())]
    except sqlite3.DatabaseError as error:
        faults = [str(error)]
    if faults != ["ok"]:
        raise ConfigurationError(
            f"{path} is damaged ({faults[0].splitlines()[-1]}). Restore it from a backup, or choose another data "
            "directory.",
            settings=["DATA_DIR"],
        )


def _check_format(path: Path, applied: int, known: int) -> None:
    if applied > known:
        raise ConfigurationError(
            f"{path} was written by a newer Driftline (its format is {applied}; this one knows {known}). "
            "Use that one, or another data directory.",
            settings=["DATA_DIR"],
        )


def _migrations() -> list[str]:
    """The SQL files in the order of their numbers."""
    folder = resources.files("adapters.sqlite") / "migrations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [file.read_text(encoding="utf-8") for file in files]


def _statements(script: str) -> Iterator[str]:
    """Cut a script after each whole statement (``executescript`` would commit first and lose the lock)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
