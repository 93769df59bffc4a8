"""Rows as time buckets in MongoDB against one document per row, on the same server, in one run.

    python -m benchmarks.mongo [rows] [every]

A text column ``note`` says something in one of ``every`` rows (100; 0: there is none), and is kept on both sides.

Ours begins at the reader's Parquet file and includes reading it and the profile of every metric; the other side
begins with its documents already made. Budgets (docs/decisions/0011): ingest >= 10x, daily series >= 50x,
storage <= 1/4.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from adapters.mongo import pipelines
from adapters.mongo.database import MongoDatabase
from adapters.mongo.migrations import migrate
from adapters.mongo.records import MongoRecords
from adapters.system import ThreadWorkerPool
from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import DataQuality
from domain.datasets.ingest_result import IngestResult
from domain.timeseries.aggregation import Aggregate, Granularity, SeriesQuestion
from tests.support.builders import a_dataset
from tests.support.servers import mongo_uri_of, start_mongo

ROWS = 1_000_000
METRICS = ("revenue", "orders", "latency")
EVERY = 100
REPEATS = 5
BEGIN = 1_577_836_800  # 2020-01-01
MADE = """
    SELECT make_timestamp((BEGIN + 60 * i) * 1000000) AS t,
    round(100 + 20 * sin(i / 229.2) + 10 * random(), 2) AS revenue,
    floor(50 * random())::DOUBLE AS orders,
    round(40 - 20 * ln(random() + 1e-9), 1) AS latency,
    CASE WHEN EVERY > 0 AND i % EVERY = 0 THEN 'note ' || i || ': flash sale in the north' END AS note
    FROM range(ROWS) r(i)
""".replace("BEGIN", str(BEGIN))


def table(folder: Path, rows: int, every: int) -> IngestResult:
    path = folder / "table.parquet"
    query = MADE.replace("ROWS", str(rows)).replace("% EVERY", f"% {max(every, 1)}").replace("EVERY", str(every))
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    columns = (Column(name="note", type=ColumnType.TEXT),) if every else ()
    return IngestResult(
        table=path, rejects=path, columns=columns, time_column="t", metric_columns=METRICS, row_count=rows,
        first_time=datetime.fromtimestamp(BEGIN, UTC), last_time=datetime.fromtimestamp(BEGIN + 60 * rows - 60, UTC),
        quality=DataQuality(total_rows=rows, usable_rows=rows, rejected_rows=0),
    )  # fmt: skip


async def timed(work: Callable[[], Awaitable[Any]], repeats: int = 1) -> float:
    """The shortest of some times."""
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        await work()
        best = min(best, time.perf_counter() - began)
    return best


async def megabytes(database: MongoDatabase, name: str) -> float:
    await database.handle.client.admin.command("fsync")
    stats = await database.handle.command("collStats", name)
    return float(stats["storageSize"] + stats["totalIndexSize"]) / 1e6


def show(what: str, ours: float, theirs: float, unit: str, *, least: float) -> None:
    ratio = theirs / ours
    verdict = "ok" if ratio >= least else "BELOW BUDGET"
    print(f"{what:24} {ours:10.3f} {theirs:10.3f} {unit:4} {ratio:8.1f}x   budget {least:g}x   {verdict}")


async def compare(database: MongoDatabase, report: IngestResult) -> None:
    worker_pool = ThreadWorkerPool(2)
    await worker_pool.open()
    records, dataset = MongoRecords(database, worker_pool), a_dataset()
    await migrate(database)
    rows = database.collection("rows")
    notes = await asyncio.to_thread(lambda: duckdb.read_parquet(str(report.table)).count("note").fetchall()[0][0])
    print(
        f"{report.row_count:,} rows of {len(METRICS)} columns, {notes:,} notes; "
        "time buckets, one document per row, ratio"
    )

    async def insert_rows() -> None:
        await rows.insert_many(documents)

    query = f"SELECT t, note, {', '.join(METRICS)} FROM read_parquet('{report.table}')"
    ours = await timed(lambda: records.store(dataset, report))
    documents = [
        {"datasetId": dataset.id, "version": 1, "t": t, **dict(zip(METRICS, numbers, strict=True))}
        | ({"note": note} if note else {})
        for t, note, *numbers in duckdb.sql(query).fetchall()
    ]
    show("ingest", ours, await timed(insert_rows), "s", least=10)
    documents.clear()
    stored = await megabytes(database, "records") + await megabytes(database, "texts")
    show("storage with indexes", stored, await megabytes(database, "rows"), "MB", least=4)

    table_of = await database.collection("tables").find_one({"datasetId": dataset.id}) or {}
    source = pipelines.PipelineSource(dataset.id, 1, table_of["load"], Granularity(table_of["base"]), "m0")
    by_bucket = [
        pipelines.select(source), *pipelines.points_from_partials(source, Granularity.DAY, Aggregate.SUM),
    ]  # fmt: skip
    day = {"$dateTrunc": {"date": "$t", "unit": "day"}}
    by_row = [{"$match": {"datasetId": dataset.id}}, {"$group": {"_id": day, "value": {"$sum": "$revenue"}}}]

    async def ask(name: str, stages: list[dict[str, Any]]) -> None:
        await (await database.collection(name).aggregate(stages)).to_list()

    ours, theirs = await timed(lambda: ask("records", by_bucket), REPEATS), await timed(lambda: ask("rows", by_row), 2)
    show("daily sums", ours, theirs, "s", least=50)
    question = SeriesQuestion(
        dataset_id=dataset.id, version=1, metric="revenue", granularity=Granularity.DAY, aggregate=Aggregate.SUM,
        time_zone="UTC", rolling_window=7,
    )  # fmt: skip
    whole = await timed(lambda: records.series(question), REPEATS)
    show("daily series, all of it", whole, theirs, "s", least=50)
    print(
        "(all of it: sums, quartiles, rolling mean and deviation, z-scores, as arrays; against the other's sums alone)"
    )
    await worker_pool.close()


async def main() -> None:
    rows, every = [*map(int, sys.argv[1:]), *(ROWS, EVERY)[len(sys.argv) - 1 :]]
    with start_mongo() as server, tempfile.TemporaryDirectory() as folder:
        database = MongoDatabase(mongo_uri_of(server))
        await database.open()
        await compare(database, table(Path(folder), rows, every))
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
