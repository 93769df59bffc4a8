"""What only a file can lose: durability, several processes, migrations, damage."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from adapters.sqlite.accounts import SqliteRefreshSessions, SqliteUsers
from adapters.sqlite.analyses import SqliteAnalyses
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.datasets import SqliteDatasets
from domain.accounts.account import REUSE_GRACE
from domain.datasets.parse_options import ParseOptions
from domain.datasets.superseded import as_older
from domain.errors import ConfigurationError, CorruptedError, TokenReusedError, UnavailableError
from tests.support.builders import ANN, SALES, a_dataset, a_session, a_user, an_analysis
from tests.support.fakes import NOON, uuid_of
from tests.support.store_processes import begin


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "driftline.db"


async def reopened(database: SqliteDatabase, path: Path) -> SqliteDatabase:
    await database.close()
    again = SqliteDatabase(path)
    await again.open()
    return again


async def test_everything_is_there_after_reopening_the_file(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    await SqliteUsers(database).add(a_user())
    await SqliteRefreshSessions(database).begin(a_session("one"))
    await SqliteRefreshSessions(database).rotate("one", a_session("two"), NOON)
    await SqliteDatasets(database).add(a_dataset())
    await SqliteDatasets(database).replace(a_dataset(version=2), a_dataset().revision)
    await SqliteAnalyses(database).save("field", an_analysis())
    database = await reopened(database, path)
    assert await SqliteUsers(database).by_email("ann@example.com") == a_user()
    assert await SqliteDatasets(database).versions(ANN, SALES) == (a_dataset(version=2), as_older(a_dataset()))
    assert await SqliteAnalyses(database).get(SALES, 1, "revenue", "field") == an_analysis()
    with pytest.raises(TokenReusedError):
        await SqliteRefreshSessions(database).rotate("one", a_session("three"), NOON + REUSE_GRACE)
    await database.close()


async def test_what_was_confirmed_survives_kill_9(path: Path) -> None:
    path.parent.mkdir()
    writer = begin("add_forever", path)
    assert writer.stdout is not None
    confirmed = [int(await asyncio.to_thread(writer.stdout.readline)) for _ in range(50)]
    writer.send_signal(signal.SIGKILL)
    confirmed += [int(line) for line in writer.communicate()[0].split("\n")[:-1]]
    database = SqliteDatabase(path)
    await database.open()
    page = await SqliteDatasets(database).list(ANN, 10_000, 0)
    assert {uuid_of(number) for number in confirmed} <= {dataset.id for dataset in page.items}
    await database.close()


async def test_two_processes_lose_no_change_of_one_dataset(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    await SqliteDatasets(database).add(a_dataset(row_count=0))
    processes = [begin("count_up", path, 60) for _ in range(2)]
    outputs = [await asyncio.to_thread(process.communicate) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert [int(output.split()[0]) for output, _ in outputs] == [60, 60]
    versions = await SqliteDatasets(database).versions(ANN, SALES)
    assert [(one.version, one.row_count) for one in versions] == [(n + 1, n) for n in range(120, -1, -1)]
    await database.close()


async def test_two_processes_that_use_one_refresh_token_at_once_both_get_a_successor(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    for number in range(60):
        await SqliteRefreshSessions(database).begin(a_session(f"token{number}", family_id=uuid_of(number)))
    processes = [begin("rotate", path, name, 60) for name in ("left", "right")]
    outputs = [(await asyncio.to_thread(process.communicate))[0].split() for process in processes]
    assert [sorted(map(int, output)) for output in outputs] == [list(range(60))] * 2
    await database.close()


async def test_many_who_open_a_new_file_at_once_all_find_it_ready(path: Path) -> None:
    databases = [SqliteDatabase(path) for _ in range(12)]
    await asyncio.gather(*(database.open() for database in databases))
    await asyncio.gather(*(database.ping() for database in databases))
    await SqliteUsers(databases[0]).add(a_user())
    assert await SqliteUsers(databases[-1]).by_id(ANN) == a_user()
    await asyncio.gather(*(database.close() for database in databases))


async def test_new_file_can_be_read_by_its_owner_only(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    await SqliteUsers(database).add(a_user())
    modes = {file.name: oct(file.stat().st_mode & 0o077) for file in [path.parent, *path.parent.iterdir()]}
    assert set(modes.values()) == {"0o0"}
    assert "driftline.db-wal" in modes
    await database.close()


async def test_file_of_a_newer_driftline_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(ConfigurationError, match="999"):
        await SqliteDatabase(path).open()
    assert sqlite3.connect(path).execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


async def test_file_with_damaged_pages_is_refused_when_it_is_opened(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    for number in range(200):
        await SqliteDatasets(database).add(a_dataset(id=uuid_of(number)))
    await database.close()
    content = bytearray(await asyncio.to_thread(path.read_bytes))
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\x5a" * 8192
    await asyncio.to_thread(path.write_bytes, content)
    with pytest.raises(ConfigurationError, match=r"is damaged .* Restore it from a backup"):
        await SqliteDatabase(path).open()


async def test_file_that_is_no_database_is_refused_in_words(path: Path) -> None:
    path.parent.mkdir()
    await asyncio.to_thread(path.write_bytes, b"a text file that is longer than the header of a database " * 20)
    with pytest.raises(UnavailableError, match="is not a SQLite database"):
        await SqliteDatabase(path).open()


async def test_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match="file"):
        await SqliteDatabase(tmp_path / "file" / "driftline.db").open()


async def test_damaged_document_is_said_to_be_damaged(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    await SqliteDatasets(database).add(a_dataset())
    await SqliteAnalyses(database).save("field", an_analysis())
    await database.rows("UPDATE datasets SET document = '{\"id\": 7}'")
    await database.rows("UPDATE analyses SET document = '{'")
    with pytest.raises(CorruptedError):
        await SqliteDatasets(database).get(ANN, SALES)
    with pytest.raises(CorruptedError):
        await SqliteAnalyses(database).get(SALES, 1, "revenue", "field")
    await database.close()


async def test_closed_database_is_unavailable_and_can_be_opened_again(path: Path) -> None:
    database = SqliteDatabase(path)
    with pytest.raises(UnavailableError):
        await database.ping()
    await database.open()
    await database.open()
    await database.ping()
    await database.close()
    await database.close()
    with pytest.raises(UnavailableError):
        await SqliteUsers(database).by_id(ANN)
    await database.open()
    await database.ping()
    await database.close()


async def test_file_locked_by_another_program_is_unavailable_until_it_lets_go(path: Path) -> None:
    database = SqliteDatabase(path, busy_seconds=0.05)
    await database.open()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match="locked by another program"):
        await SqliteUsers(database).add(a_user())
    with pytest.raises(UnavailableError, match="locked by another program"):
        await SqliteRefreshSessions(database).begin(a_session("one"))
    assert await SqliteUsers(database).by_id(ANN) is None
    other.execute("ROLLBACK")
    other.close()
    await SqliteUsers(database).add(a_user())
    assert await SqliteUsers(database).by_id(ANN) == a_user()
    await database.close()


async def test_cancelled_transaction_leaves_nothing_behind_and_the_database_usable(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    begun = asyncio.Event()

    async def half_done() -> None:
        async with database.transaction() as transaction:
            await transaction.row("INSERT INTO users VALUES ('1', 'e', 'e', 'h', 'c', NULL)")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(half_done())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await database.rows("SELECT * FROM users") == []
    await SqliteUsers(database).add(a_user())
    await database.close()


async def test_parse_options_that_the_release_before_kept_as_roles_are_read(path: Path) -> None:
    database = SqliteDatabase(path)
    await database.open()
    options = ParseOptions(time_column="date", delimiter=";")
    first, second = a_dataset(parse_options=options), a_dataset(version=2, parse_options=options)
    await SqliteDatasets(database).add(first)
    await SqliteDatasets(database).replace(second, first.revision)
    await database.close()
    with sqlite3.connect(path) as older:
        for table in ("datasets", "older_versions"):
            older.execute(f"UPDATE {table} SET document = replace(document, '\"parseOptions\"', '\"roles\"')")
        older.execute("PRAGMA user_version = 3")
    await database.open()
    assert await SqliteDatasets(database).versions(ANN, SALES) == (second, as_older(first))
    await database.close()
