"""The values of dimensions: bucket documents hold codes, a document for each dimension says what they stand for.

datasetId, version, load   whose they are, as in ``records``
column                     its name
values                     code i stands for values[i]; "" is an empty cell
"""

from collections.abc import Collection
from typing import Final

import duckdb
from pymongo.asynchronous.collection import AsyncCollection

from adapters.mongo.bucketing import Load
from adapters.mongo.codes import Values, digits_of
from adapters.mongo.database import Document, MongoDatabase, translated
from domain.datasets.dimensions import Dimension
from domain.datasets.ingest_result import IngestResult
from domain.ports.system import WorkerPool

CODED: Final = "dimension_"  # what the types are called that number a column's values while it is stored


class MongoDictionaries:
    """Collection ``dictionaries``. Its owner says which load counts."""

    def __init__(self, database: MongoDatabase, worker_pool: WorkerPool) -> None:
        self._database = database
        self._offload = worker_pool

    @property
    def collection(self) -> AsyncCollection[Document]:
        """For the owner, who forgets versions and loads as a whole."""
        return self._database.collection("dictionaries")

    async def store(self, load: Load, report: IngestResult) -> None:
        """Keep the values of the report's dimensions."""
        for dimension in report.dimensions:
            values = await self._offload.run(lambda one=dimension: values_of(report, one))  # type: ignore[misc]
            document = {
                "datasetId": load.dataset_id,
                "version": load.version,
                "load": load.load,
                "column": dimension.name,
                "values": values,
            }
            with translated():
                await self.collection.insert_one(document)

    async def of(self, chosen: Document, columns: Collection[str]) -> Values:
        """Return the values of some dimensions of a load, of those that are there."""
        if not columns:
            return {}
        with translated():
            documents = await self.collection.find({**chosen, "column": {"$in": list(columns)}}).to_list()
        return {document["column"]: document["values"] for document in documents}


def values_of(report: IngestResult, dimension: Dimension) -> list[str]:
    """Return the values of a dimension in the order of their codes."""
    with duckdb.connect() as connection:
        rows = connection.execute(_values_sql(report, dimension)).fetchall()
    return [value for (value,) in rows]


def coding(report: IngestResult) -> tuple[list[str], str]:
    """Return statements that number the values of all dimensions, and the columns of their codes, in SQL."""
    statements: list[str] = []
    sums: dict[int, list[str]] = {}
    for i, (dimension, digit) in enumerate(zip(report.dimensions, digits_of(report.dimensions), strict=True)):
        statements.append(f"CREATE TYPE {CODED}{i} AS ENUM ({_values_sql(report, dimension)})")
        number = f"{digit.stride} * enum_code({_value(dimension)}::{CODED}{i})::BIGINT"
        sums.setdefault(digit.array, []).append(number)
    columns = (f", ({' + '.join(numbers)})::INTEGER AS p{array}" for array, numbers in sums.items())
    return statements, "".join(columns)


def _values_sql(report: IngestResult, dimension: Dimension) -> str:
    path = str(report.table).replace("'", "''")
    return f"SELECT DISTINCT {_value(dimension)} AS v FROM read_parquet('{path}') ORDER BY v"  # noqa: S608 - quoted


def _value(dimension: Dimension) -> str:
    name = dimension.name.replace('"', '""')
    return f"coalesce(trim(\"{name}\"::VARCHAR), '')"
