"""The cloud profile at work, over real stores on this machine: a cold analysis, and two workers against one.

    python -m benchmarks.cloud_work [--rows 1000000] [--files 24] [--file-rows 50000] [--rounds 2]

- Cold analysis: ``run`` of a default analysis over a dataset of a million rows, computed by MongoDB's pipelines,
  against the daily sums alone by ``$group`` over one document per row, which is where one would begin without time
  buckets. Same server, same run.
- Workers: files uploaded before any worker runs; from the first to the last that is finished. All stores share this
  machine's cores with the workers, so that two of them reach the double only where cores are left. Each round has a
  bucket, queue and databases of its own: the emulator answers a long poll whose worker has gone, and hands it a
  message of the next round, which is then out of sight for a minute.
"""

import argparse
import asyncio
import contextlib
import os
import sysconfig
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import duckdb
import psutil
from pymongo import AsyncMongoClient

from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset, Status
from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.cloud import cloud
from entrypoints.bootstrap.settings import Settings
from tests.support.builders import ANN
from tests.support.cloud import cloud_settings, environment_of, working
from tests.support.servers import ACCESS_KEY, SECRET_KEY
from tests.support.workshop import a_request, chunks_of

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"
REPEATS = 5
BATCH = 50_000  # documents per insert_many
MADE = """
    COPY (SELECT make_timestamp((1577836800 + 60 * i) * 1000000) AS t,
    round(100 + 20 * sin(i / 229.2) + 10 * random(), 2) AS revenue, floor(50 * random()) AS orders
    FROM range(ROWS) r(i)) TO 'PATH' (FORMAT csv)
"""


def made(folder: Path, rows: int) -> tuple[Path, bytes]:
    """A CSV of two metrics, a row every minute."""
    path = folder / "made.csv"
    duckdb.sql(MADE.replace("ROWS", str(rows)).replace("PATH", str(path)))
    return path, path.read_bytes()


async def processed(app: Application, uploaded: list[Dataset]) -> int:
    datasets = (await app.ports.datasets.list(ANN, len(uploaded), 0)).items  # one question: waiting takes no CPU time
    failed = [one.failure for one in datasets if one.status is Status.FAILED]
    assert not failed, failed
    return sum(one.status is Status.CACHED for one in datasets)


async def until_done(app: Application, uploaded: list[Dataset], number: int) -> float:
    """When so many were done."""
    while await processed(app, uploaded) < number:  # noqa: ASYNC110 - other processes do it
        await asyncio.sleep(0.05)
    return time.perf_counter()


async def cold_analysis(app: Application, settings: dict[str, Any], folder: Path, rows: int) -> None:
    path, content = made(folder, rows)
    async with working(settings):
        dataset = await app.use_cases.upload_dataset(ANN, None, chunks_of(content), a_request())
        await until_done(app, [dataset], 1)
    ours = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        await app.use_cases.run_analysis(ANN, dataset.id, "revenue", AnalysisSettings())
        ours.append(time.perf_counter() - began)
    theirs = await daily_sums_of_rows(settings, path)
    print(f"cold analysis of {rows:,} rows, {len(content) / 1e6:.0f} MB")
    print(f"  daily sums by $group over row documents  {theirs:8.3f} s")
    print(f"  whole analysis from time buckets         {min(ours):8.3f} s   {min(ours) / theirs:.1f} times it")


async def daily_sums_of_rows(settings: dict[str, Any], path: Path) -> float:
    table = duckdb.read_csv(str(path))
    async with AsyncMongoClient(settings["mongo_uri"]) as client:
        rows = client.get_default_database()["rows"]
        for begin in range(0, len(table), BATCH):
            page = table.limit(BATCH, begin).fetchall()
            await rows.insert_many([{"t": t, "revenue": revenue, "orders": orders} for t, revenue, orders in page])
        day = {"$dateTrunc": {"date": "$t", "unit": "day"}}
        took = []
        for _ in range(2):
            began = time.perf_counter()
            await (await rows.aggregate([{"$group": {"_id": day, "value": {"$sum": "$revenue"}}}])).to_list()
            took.append(time.perf_counter() - began)
        await rows.drop()
    return min(took)


@asynccontextmanager
async def workers(settings: dict[str, Any], number: int, folder: Path) -> AsyncIterator[None]:
    """So many ``driftline worker`` processes, each with one thread for reading."""
    environment = environment_of(settings | {"processing_threads": 1})
    async with AsyncExitStack() as stack:
        for _ in range(number):
            log = stack.enter_context((folder / "worker.log").open("ab"))
            process = await asyncio.create_subprocess_exec(
                DRIFTLINE, "worker", env=environment, stdout=log, stderr=log, cwd=folder
            )
            stack.push_async_callback(process.wait)
            stack.callback(process.terminate)
        yield


def cpu_seconds() -> dict[str, float]:
    """CPU time so far of other processes on this machine's cores; it takes what more workers could bring."""
    spent = {
        "workers": 0.0,
        "S3 and SQS emulator": 0.0,
        "MongoDB": 0.0,
        "all else": sum(psutil.Process().cpu_times()[:2]),
    }
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            command = " ".join(process.cmdline())
            known = {"driftline worker": "workers", "moto_server": "S3 and SQS emulator", "mongod": "MongoDB"}
            name = next((name for part, name in known.items() if part in command), "all else")
            spent[name] += sum(process.cpu_times()[:2])
    return spent


async def files_per_second(content: bytes, files: int, number: int, folder: Path) -> tuple[float, dict[str, float]]:
    """Files per second, and CPU seconds per file of the workers and of everything else."""
    async with cloud_settings(folder) as settings, cloud(Settings(**settings)) as app:
        upload = app.use_cases.upload_dataset
        uploaded = [await upload(ANN, None, chunks_of(content), a_request()) for _ in range(files)]
        async with workers(settings, number, folder):
            first = number  # each worker's first file bears its start
            began, before = await until_done(app, uploaded, first), cpu_seconds()
            ended, after = await until_done(app, uploaded, files), cpu_seconds()
    done = files - first
    return done / (ended - began), {name: (after[name] - before[name]) / done for name in after}


async def run(arguments: argparse.Namespace, folder: Path) -> None:
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    async with cloud_settings(folder) as settings, cloud(Settings(**settings)) as app:
        await cold_analysis(app, settings, folder, arguments.rows)
    _, content = made(folder, arguments.file_rows)
    print(
        f"{arguments.files} files of {arguments.file_rows:,} rows, {arguments.rounds} rounds, the best of each counts"
    )
    best = {1: 0.0, 2: 0.0}
    for number in (1, 2) * arguments.rounds:
        rate, work = await files_per_second(content, arguments.files, number, folder)
        spent = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in work.items())
        print(f"  workers: {number}  {rate:6.2f} files/s; CPU of each file: {spent}", flush=True)
        best[number] = max(best[number], rate)
    print(f"  two against one: {best[2] / best[1]:.2f} times as many, on {os.cpu_count()} cores")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=24)
    parser.add_argument("--file-rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=2)
    with tempfile.TemporaryDirectory(prefix="driftline-bench-") as place:
        asyncio.run(run(parser.parse_args(), Path(place)))
