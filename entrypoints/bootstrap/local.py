"""One file, no account: the reader and DuckDB in a folder that is gone afterwards."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from adapters.duckdb.records.records import DuckDBRecords
from adapters.filesystem.temp_workspace import FilesystemTempWorkspace
from adapters.system import SystemClock, ThreadWorkerPool
from adapters.tsdownsample.downsampler import MinMaxLttbDownsampler
from domain.use_cases.analyses.analyse_file import AnalyseFile
from domain.use_cases.analyses.causes import ExplainChange
from domain.use_cases.analyses.compute import AnalyseMetric
from entrypoints.bootstrap.reading import isolated_reader
from entrypoints.bootstrap.settings import Settings


@asynccontextmanager
async def local(settings: Settings) -> AsyncIterator[AnalyseFile]:
    """Open what ``driftline analyze`` needs, in a temporary folder."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="driftline-") as name:
        folder = Path(name)
        worker_pool = ThreadWorkerPool(settings.processing_threads)
        temp_workspace = FilesystemTempWorkspace(folder / "scratch")
        records = DuckDBRecords(
            folder / "records", worker_pool, threads=settings.processing_threads, memory=settings.processing_memory
        )
        reader = isolated_reader(settings, folder / "scratch")
        async with AsyncExitStack() as stack:
            for resource in (worker_pool, temp_workspace, reader, records):
                await resource.open()
                stack.push_async_callback(resource.close)
            analyse = AnalyseMetric(
                records=records, downsampler=MinMaxLttbDownsampler(), worker_pool=worker_pool, clock=clock
            )
            yield AnalyseFile(
                reader=reader,
                records=records,
                analyse=analyse,
                explain=ExplainChange(records=records, worker_pool=worker_pool),
                worker_pool=worker_pool,
                temp_workspace=temp_workspace,
                clock=clock,
            )
