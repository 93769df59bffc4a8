"""What only DuckDB's records can meet: a damaged file, and a query that reaches outside of their folder."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import duckdb
import pytest
import pytest_asyncio

from adapters.duckdb.engine import connect
from adapters.duckdb.records.records import DuckDBRecords
from adapters.system import ThreadWorkerPool
from domain.errors import CorruptedError, UnavailableError
from tests.support.builders import a_dataset


@pytest_asyncio.fixture
async def records(tmp_path: Path) -> AsyncIterator[DuckDBRecords]:
    pool = ThreadWorkerPool(1)
    made = DuckDBRecords(tmp_path / "records", pool)
    await pool.open()
    await made.open()
    yield made
    await made.close()
    await pool.close()


def stored(records: DuckDBRecords) -> Path:
    path = records._path("d1", 1)
    path.parent.mkdir(parents=True)
    with duckdb.connect() as engine:
        engine.execute(
            "COPY (SELECT TIMESTAMP '2024-01-01' + to_days(i::INT) AS t, i::DOUBLE AS v FROM range(5000) x(i))"
            f" TO '{path}' (FORMAT parquet)"
        )
    return path


@pytest.mark.parametrize("damage", ["empty", "cut", "footer", "data"])
async def test_a_damaged_table_is_a_clear_error_without_the_driver_s_words(records: DuckDBRecords, damage: str) -> None:
    path = stored(records)
    content = path.read_bytes()
    damaged = {
        "empty": b"",
        "cut": content[: len(content) // 2],
        "footer": content[:-400] + bytes(392) + content[-8:],
        "data": content[:8] + b"\xa5" * (len(content) - 1_000) + content[-992:],
    }
    path.write_bytes(damaged[damage])
    with pytest.raises(CorruptedError) as caught:
        await records.profile(a_dataset(id="d1"), "v")
    assert caught.value.message == "The stored records cannot be read: their file is damaged."


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/driftline-outside.csv'",
        "ATTACH '/tmp/driftline-outside.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET threads = 64",
    ],
)
def test_the_engine_reaches_nothing_but_its_folders(tmp_path: Path, sql: str) -> None:
    (tmp_path / "inside.csv").write_text("a\n1\n")
    with connect(tmp_path) as engine:
        assert engine.execute(f"SELECT * FROM read_csv('{tmp_path}/inside.csv')").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            engine.execute(sql)


async def test_closing_waits_for_queries_in_hand(tmp_path: Path) -> None:
    pool = ThreadWorkerPool(1)
    await pool.open()
    made = DuckDBRecords(tmp_path, pool)
    await made.open()
    begun = threading.Event()

    def slow() -> int:
        with made._opened() as cursor:
            begun.set()
            (total,) = cursor.execute("SELECT count(a.range * b.range) FROM range(20000) a, range(10000) b").fetchone()
            return int(total)

    asked = asyncio.create_task(pool.run(slow))
    await asyncio.to_thread(begun.wait)
    await made.close()
    assert await asked == 200_000_000
    await pool.close()


async def test_a_query_after_the_engine_is_closed_is_unavailable_and_never_called_damaged(tmp_path: Path) -> None:
    pool = ThreadWorkerPool(1)
    await pool.open()
    made = DuckDBRecords(tmp_path, pool)
    await made.open()
    engine = made._engine
    assert engine is not None
    await made.close()
    with pytest.raises(UnavailableError), engine.cursor():
        pass
    with pytest.raises(UnavailableError), made._opened():
        pass
    await pool.close()
