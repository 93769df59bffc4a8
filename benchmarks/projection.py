"""What do 1,000 users with 100 datasets each need, and one dataset of a billion rows, and what gives way first?

Measures the unit costs of this machine as processor time (a busy machine changes them little): reading a CSV, storing
its rows in MongoDB and analysing a metric, each with a fixed part and one that grows with rows x metrics, fitted to a
small and a large file. Then multiplies.

    python -m benchmarks.projection [--rows 1000000] [--users 1000] [--datasets 100] [--uploads-per-day 2]

A model, not a measurement: nothing waits for locks, caches or neighbours in it. Prices are Amazon's list prices in
us-east-1, as remembered in November 2026: put in your own.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import psutil
from msgspec.structs import replace

from adapters.duckdb.reader.reader import DuckDBTableReader
from adapters.mongo.database import MongoDatabase
from adapters.mongo.migrations import migrate
from adapters.mongo.records import MongoRecords
from adapters.system import SystemClock, ThreadWorkerPool
from adapters.tsdownsample.downsampler import MinMaxLttbDownsampler
from benchmarks.mongo import megabytes
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Status
from domain.datasets.parse_options import ParseOptions
from domain.use_cases.analyses.compute import AnalyseMetric
from domain.use_cases.processing.process import with_ingest_result
from tests.support.builders import a_dataset
from tests.support.fakes import uuid_of
from tests.support.server_process import Server
from tests.support.servers import mongo_uri_of, start_mongo

SMALL = 10_000
METRICS = 3
MILLION = 1_000_000
BODY_BYTES = 18_000  # of a finished analysis in the cache (docs/decisions/0011)
CACHED_READS = 6_582  # a second and API process, each answered by Redis (README)
READS_PER_USER = 200  # analyses looked at by one user in a day of work: one every two minutes and a half
BUSY_HOURS = 8  # of a day, in which all of it happens
CORE_MONTH = 26.0  # USD: half of a c7g.large for 730 hours
MONGO_CORE_MONTH = 197.0  # USD: half of an Atlas M30
S3_GB_MONTH = 0.023  # USD
UPLOAD_LIMIT = 500_000_000  # DRIFTLINE_MAX_ROWS


@dataclass
class Costs:
    """Processor seconds by step and by who spends them, for so many rows x metrics; bytes likewise."""

    cells: float
    seconds: dict[str, float] = field(default_factory=dict)
    stored: float = 0.0
    file: float = 0.0


@contextmanager
def spending(costs: Costs, step: str, server: Server) -> Iterator[None]:
    """Note what this process and the database spend on a step."""
    spenders = {"worker": psutil.Process(), "mongod": psutil.Process(server.pid)}

    def now() -> dict[str, float]:
        return {who: sum(one.cpu_times()[:2]) for who, one in spenders.items()}

    before = now()
    yield
    for who, after in now().items():
        costs.seconds[f"{step}, {who}"] = after - before[who]


async def measured(rows: int, server: Server, database: MongoDatabase, folder: Path, number: int) -> Costs:
    """Take one file all the way, and note the costs of each step."""
    path, pool = folder / f"{rows}.csv", ThreadWorkerPool(2)
    names = ", ".join(f"round(100 + 20 * sin(i / {200 + m}) + 10 * random(), 2) AS m{m}" for m in range(METRICS))
    minutes = "make_timestamp(1577836800000000 + 60000000 * i) AS t"
    duckdb.sql(f"COPY (SELECT {minutes}, {names} FROM range({rows}) r(i)) TO '{path}' (HEADER)")
    await pool.open()
    costs = Costs(rows * METRICS / MILLION, file=path.stat().st_size / 1e6)
    records, into = MongoRecords(database, pool), folder / f"into{rows}"
    into.mkdir()
    with spending(costs, "read", server):
        report = DuckDBTableReader().ingest(path, ParseOptions(), into, lambda *_: None)
    dataset = with_ingest_result(replace(a_dataset(id=uuid_of(number)), status=Status.PROCESSED), report)
    before = await megabytes(database, "records")
    with spending(costs, "store", server):
        await records.store(dataset, report)
    costs.stored = await megabytes(database, "records") - before
    analyse = AnalyseMetric(records=records, downsampler=MinMaxLttbDownsampler(), worker_pool=pool, clock=SystemClock())
    with spending(costs, "analyse", server):
        for metric in dataset.metric_columns:
            await analyse(dataset, metric, AnalysisSettings())
    await pool.close()
    return costs


@dataclass(frozen=True)
class Line:
    """Costs as a straight line: of a file, and of each million rows x metrics."""

    fixed: float
    growing: float

    def at(self, cells: float) -> float:
        return self.fixed + self.growing * cells


def fitted(small: Costs, large: Costs) -> dict[str, Line]:
    """Return the line of each step through two measurements."""
    lines = {}
    for step, seconds in large.seconds.items():
        growing = max(0.0, (seconds - small.seconds[step]) / (large.cells - small.cells))
        lines[step] = Line(max(0.0, small.seconds[step] - growing * small.cells), growing)
    return lines


def of(lines: dict[str, Line], who: str, cells: float) -> float:
    return sum(line.at(cells) for step, line in lines.items() if step.endswith(who))


def project(lines: dict[str, Line], large: Costs, asked: argparse.Namespace) -> None:
    """Print what the users need, and the one large dataset."""
    cells, uploads = asked.rows * METRICS / MILLION, asked.users * asked.uploads_per_day
    stored, file = large.stored / large.cells, large.file / large.cells
    files = asked.users * asked.datasets
    busy = BUSY_HOURS * 3_600
    worker, mongod = (of(lines, who, cells) * uploads / busy for who in ("worker", "mongod"))
    database, bucket = files * cells * stored / 1e3, files * cells * file / 1e3
    reads = asked.users * READS_PER_USER / busy
    cache = files * METRICS * BODY_BYTES / 1e9
    print(f"\n{asked.users:,} users, {asked.datasets} datasets each of {asked.rows:,} rows x {METRICS} metrics:")
    print(f"  {uploads:,} files a day in {BUSY_HOURS} h: {worker:.1f} cores of workers, {mongod:.1f} of MongoDB")
    print(f"  stored: {database:,.0f} GB in MongoDB, {bucket:,.0f} GB in S3; every analysis cached: {cache:,.1f} GB")
    print(f"  {reads:.0f} reads a second: {reads / CACHED_READS:.3f} API processes")
    months = {
        "MongoDB": MONGO_CORE_MONTH * max(2, mongod / 0.5), "workers": CORE_MONTH * max(2, worker / 0.7),
        "API": CORE_MONTH * 2, "S3": S3_GB_MONTH * bucket,
    }  # fmt: skip
    print(f"  about USD {sum(months.values()):,.0f} a month: " + ", ".join(f"{k} {v:,.0f}" for k, v in months.items()))
    limits = {
        "one worker (1 core): more workers, by the age of the queue": 1 / worker,
        "MongoDB's processor (2 cores): a larger member, then shards by datasetId": 2 / mongod,
        "MongoDB's disk (1 TB): a larger disk, then shards": 1_000 / database,
        "the cache (0.25 GB; what falls out is computed or read again): Redis maxmemory": 0.25 / cache,
        "one API process: more of them": CACHED_READS / reads,
    }
    print("  what gives way first, as times this load:")
    for limit, times in sorted(limits.items(), key=lambda item: item[1]):
        print(f"    {times:8.2f}  {limit}")
    billion = 1_000 * METRICS
    print(f"\none dataset of 1,000,000,000 rows x {METRICS} metrics:")
    for who in ("worker", "mongod"):
        steps = {step.partition(",")[0]: line.at(billion) for step, line in lines.items() if step.endswith(who)}
        print(f"  {who:<7}" + ", ".join(f"{step} {seconds / 3_600:.1f} h" for step, seconds in steps.items()))
    print(f"  {billion * stored / 1e3:,.0f} GB in MongoDB on one shard, a CSV of {billion * file / 1e3:,.0f} GB")
    print(f"  refused before that: DRIFTLINE_MAX_ROWS is {UPLOAD_LIMIT:,}; DRIFTLINE_READING_SECONDS ends a reading")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000, help="of a user's dataset")
    parser.add_argument("--users", type=int, default=1_000)
    parser.add_argument("--datasets", type=int, default=100)
    parser.add_argument("--uploads-per-day", type=float, default=2)
    parser.add_argument("--largest", type=int, default=MILLION, help="rows of the large file that is measured")
    asked = parser.parse_args()
    begun = time.perf_counter()
    with start_mongo() as server, tempfile.TemporaryDirectory() as folder:
        database = MongoDatabase(mongo_uri_of(server).replace("/?", "/projection?"))
        await database.open()
        await migrate(database)
        (Path(folder) / "first").mkdir()
        await measured(SMALL, server, database, Path(folder) / "first", 900)  # imports and connections count once
        small = await measured(SMALL, server, database, Path(folder), 901)
        large = await measured(asked.largest, server, database, Path(folder), 902)
        await database.close()
    print(f"processor seconds, {SMALL:,} and {asked.largest:,} rows x {METRICS} metrics; {os.cpu_count()} cores")
    lines = fitted(small, large)
    for step, line in lines.items():
        both = f"{small.seconds[step]:7.2f} {large.seconds[step]:7.2f}"
        print(f"  {step:<16} {both}   {line.fixed:.2f} + {line.growing:.3f} for each million rows x metrics")
    print(f"  stored {large.stored / large.cells:.1f} MB, file {large.file / large.cells:.1f} MB for each million")
    print(f"  measured in {time.perf_counter() - begun:.0f} s")
    project(lines, large, asked)


if __name__ == "__main__":
    asyncio.run(main())
