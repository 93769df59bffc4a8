"""One file, no account: the reader and DuckDB in a folder that is gone afterwards."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from adapters.duckdb.records import DuckDBRecords
from adapters.filesystem.scratch import FilesystemScratch
from adapters.ingest.reader import DuckDBTableReader
from adapters.system import SystemClock, ThreadOffload
from adapters.tsdownsample.thinner import MinMaxLttbThinner
from domain.use_cases.analysing import AnalyseMetric
from domain.use_cases.files import AnalyseFile
from entrypoints.bootstrap.settings import Settings


@asynccontextmanager
async def local(settings: Settings) -> AsyncIterator[AnalyseFile]:
    """Open what ``driftline analyze`` needs, in a temporary folder."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="driftline-") as name:
        folder = Path(name)
        offload = ThreadOffload(settings.processing_threads)
        scratch = FilesystemScratch(folder / "scratch")
        records = DuckDBRecords(
            folder / "records", offload, threads=settings.processing_threads, memory=settings.processing_memory
        )
        reader = DuckDBTableReader(
            threads=settings.processing_threads,
            memory=settings.processing_memory,
            max_unpacked_bytes=settings.max_unpacked_bytes,
        )
        async with AsyncExitStack() as stack:
            for resource in (offload, scratch, records):
                await resource.open()
                stack.push_async_callback(resource.close)
            analyse = AnalyseMetric(records, MinMaxLttbThinner(), offload, clock)
            yield AnalyseFile(reader, records, analyse, offload, scratch, clock)
