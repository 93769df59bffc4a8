"""Texts that stand beside the rows: the columns that may say why, up to a thousand cells to a document.

datasetId, version, load   whose they are, as in ``records``
column                     its name
first, last                us: the instants of the first and the last cell
times, texts               us, and what stands there; empty cells are left out
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

import bson
from bson import Int64, ObjectId
from pymongo.asynchronous.collection import AsyncCollection

from adapters.mongo.bson_arrays import array, with_array
from adapters.mongo.bucketing import Load
from adapters.mongo.database import Document, MongoDatabase, translated
from adapters.mongo.loading import load as load_into
from adapters.mongo.loading import stretches
from domain.analysis.suggested_reasons import MOST_CHARACTERS, MOST_TEXTS, Stretch, reason_columns
from domain.datasets.ingest_result import IngestResult
from domain.ports.system import WorkerPool
from domain.timeseries.aggregation import Ints

CELLS: Final = 1_000  # of a document
ASKED: Final = 100  # stretches in one question


class MongoTexts:
    """Collection ``texts``. Its owner says which load counts."""

    def __init__(self, database: MongoDatabase, worker_pool: WorkerPool) -> None:
        self._database = database
        self._offload = worker_pool

    @property
    def collection(self) -> AsyncCollection[Document]:
        """For the owner, who forgets versions and loads as a whole."""
        return self._database.collection("texts")

    async def store(self, load: Load, report: IngestResult) -> None:
        """Keep what the report's columns of reasons say."""
        for column in reason_columns(report.columns):
            await load_into(self.collection, _documents(load, report, column), self._offload)

    async def between(self, chosen: Document, column: str, stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
        """Return per stretch the different texts in order of time."""
        texts: list[tuple[str, ...]] = []
        for begin in range(0, len(stretches), ASKED):
            batch = stretches[begin : begin + ASKED]
            near = [{"first": {"$lt": Int64(end)}, "last": {"$gte": Int64(start)}} for start, end in batch]
            with translated():
                cursor = self.collection.find({**chosen, "column": column, "$or": near}, sort={"first": 1, "part": 1})
                parts = await cursor.to_list()
            cells = [cell for part in parts for cell in zip(part["times"], part["texts"], strict=True)]
            texts += [_different(cells, start, end) for start, end in batch]
        return tuple(texts)


def _different(cells: list[tuple[int, str]], start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for at, text in cells if start <= at < end))[:MOST_TEXTS]


def _documents(load: Load, report: IngestResult, column: str) -> Iterator[bytes]:
    name = '"' + column.replace('"', '""') + '"'
    wanted, text_column = f"epoch_us(t) AS t, left(trim({name}), {MOST_CHARACTERS}) AS said", f"trim({name}) <> ''"
    parts = count()
    for times, texts in stretches(report, wanted, text_column):
        for begin in range(0, len(times), CELLS):
            end = begin + CELLS
            yield _document(load, column, next(parts), times[begin:end], texts[begin:end].tolist())


def _document(load: Load, column: str, part: int, times: Ints, texts: list[str]) -> bytes:
    head = {
        "_id": ObjectId(),
        "datasetId": load.dataset_id,
        "version": load.version,
        "load": load.load,
        "column": column,
        "part": part,
        "first": Int64(times[0]),
        "last": Int64(times[-1]),
        "texts": texts,
    }
    return with_array(bson.encode(head), "times", array(times))
