"""From a table to a collection: read a stretch of rows, send one batch of documents while the next one is made."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import duckdb
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.collection import AsyncCollection

from adapters.mongo.database import Document, translated
from domain.datasets.ingest_result import IngestResult
from domain.ports.system import WorkerPool

ROWS_PER_READ: Final = 122_880  # DuckDB's own row group: each of them is read once
BYTES_PER_INSERT: Final = 8_000_000  # several times the latency of one call, and little memory


def stretches(
    report: IngestResult, columns: str, where: str = "true", prepare: Sequence[str] = ()
) -> Iterator[tuple[Any, ...]]:
    """Yield columns of a report's table as numpy arrays, a stretch of rows at a time, in the order of its rows.

    Args:
        report: whose table.
        columns: in SQL, every name quoted; each under a name of its own.
        where: which rows, in SQL.
        prepare: statements that come first.
    """
    query = (
        f"SELECT {columns} FROM read_parquet(?, file_row_number = true) "  # noqa: S608 - quoted by the caller
        f"WHERE file_row_number BETWEEN ? AND ? AND {where} ORDER BY file_row_number"
    )
    with duckdb.connect() as connection:
        for statement in prepare:
            connection.execute(statement)
        for begin in range(0, report.row_count, ROWS_PER_READ):
            arrays = connection.execute(query, [str(report.table), begin, begin + ROWS_PER_READ - 1]).fetchnumpy()
            yield tuple(arrays.values())


async def load(collection: AsyncCollection[Document], documents: Iterator[bytes], worker_pool: WorkerPool) -> None:
    """Insert them in any order; they are made away from the event loop. Raises UnavailableError."""
    batches = _batches(documents)

    async def made() -> list[RawBSONDocument] | None:
        return await worker_pool.run(lambda: next(batches, None))

    batch = await made()
    while batch:
        with translated():
            sending = asyncio.ensure_future(collection.insert_many(batch, ordered=False))
            try:
                batch = await made()
            finally:
                await sending


def _batches(documents: Iterable[bytes]) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    size = 0
    for document in documents:
        batch.append(RawBSONDocument(document))
        size += len(document)
        if size >= BYTES_PER_INSERT:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
