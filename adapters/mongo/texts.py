"""Texts that stand beside the rows: the columns that may say why, a thousand cells to a document.

datasetId, version, load   whose they are, as in ``records``
column                     its name
first, last                us: the instants of the first and the last cell
times, texts               us, and what stands there; empty cells are left out
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import duckdb
from bson import Int64, ObjectId
from pymongo.asynchronous.collection import AsyncCollection

from adapters.mongo.bucketing import Load
from adapters.mongo.database import Document, MongoDatabase, translated
from domain.ingestion import IngestReport
from domain.ports import Offload
from domain.suggestions import MOST_CHARACTERS, MOST_TEXTS, Stretch, reason_columns

CELLS: Final = 1_000  # of a document
ASKED: Final = 100  # stretches in one question


class MongoTexts:
    """Collection ``texts``. Its owner says which load counts."""

    def __init__(self, database: MongoDatabase, offload: Offload) -> None:
        self._database = database
        self._offload = offload

    @property
    def collection(self) -> AsyncCollection[Document]:
        """For the owner, who forgets versions and loads as a whole."""
        return self._database.collection("texts")

    async def store(self, load: Load, report: IngestReport) -> None:
        """Keep what the report's columns of reasons say."""
        for column in reason_columns(report.columns):
            parts = _parts(load, report, column)
            while part := await self._offload.run(lambda parts=parts: next(parts, None)):  # type: ignore[misc] # mypy does not infer a lambda with a default
                with translated():
                    await self.collection.insert_one(part)

    async def between(self, chosen: Document, column: str, stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
        """Return per stretch the different texts in order of time."""
        found: list[tuple[str, ...]] = []
        for begin in range(0, len(stretches), ASKED):
            asked = stretches[begin : begin + ASKED]
            near = [{"first": {"$lt": Int64(end)}, "last": {"$gte": Int64(start)}} for start, end in asked]
            with translated():
                cursor = self.collection.find({**chosen, "column": column, "$or": near}, sort={"first": 1, "part": 1})
                parts = await cursor.to_list()
            cells = [cell for part in parts for cell in zip(part["times"], part["texts"], strict=True)]
            found += [_different(cells, start, end) for start, end in asked]
        return tuple(found)


def _different(cells: list[tuple[int, str]], start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for at, text in cells if start <= at < end))[:MOST_TEXTS]


def _parts(load: Load, report: IngestReport, column: str) -> Iterator[Document]:
    name = '"' + column.replace('"', '""') + '"'
    query = (
        f"SELECT epoch_us(t), left(trim({name}), {MOST_CHARACTERS}) FROM read_parquet(?, file_row_number = true) "  # noqa: S608 - quoted above
        f"WHERE trim({name}) <> '' ORDER BY file_row_number"
    )
    with duckdb.connect() as connection:
        cursor = connection.execute(query, [str(report.table)])
        number = 0
        while cells := cursor.fetchmany(CELLS):
            yield _document(load, column, number, cells)
            number += 1


def _document(load: Load, column: str, number: int, cells: list[Any]) -> Document:
    return {
        "_id": ObjectId(),
        "datasetId": load.dataset_id,
        "version": load.version,
        "load": load.load,
        "column": column,
        "part": number,
        "first": Int64(cells[0][0]),
        "last": Int64(cells[-1][0]),
        "times": [Int64(at) for at, _ in cells],
        "texts": [text for _, text in cells],
    }
