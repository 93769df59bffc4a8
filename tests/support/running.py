"""The embedded profile on a folder, and the steps a user takes with it."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset
from domain.datasets.progress import Stage
from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.embedded import embedded
from entrypoints.bootstrap.settings import Settings
from tests.support.builders import ANN
from tests.support.workshop import a_request, chunks_of

DEFAULTS = AnalysisSettings()


@asynccontextmanager
async def running(folder: Path, *, work: bool = True) -> AsyncIterator[Application]:
    """The embedded profile on a folder, with its worker or without."""
    async with embedded(Settings(data_dir=folder, bcrypt_cost=4)) as app:
        worker = asyncio.create_task(app.worker()) if work else None
        try:
            yield app
        finally:
            if worker:
                worker.cancel()
                await asyncio.wait([worker])


async def uploaded(app: Application, content: bytes, dataset_id: str | None = None, **roles: object) -> Dataset:
    return await app.use_cases.upload_dataset(ANN, dataset_id, chunks_of(content), a_request(**roles))


async def settled(app: Application, dataset: Dataset) -> Dataset:
    """Follow the news until processing is over, as a browser does."""
    async with asyncio.timeout(60), app.use_cases.watch_dataset(ANN, dataset.id) as reports:
        async for report in reports:
            if report.stage is Stage.DONE and report.version == dataset.version:
                break
    return await app.use_cases.get_dataset(ANN, dataset.id)


async def analysis_of(app: Application, dataset: Dataset, metric: str | None = None, **more: Any) -> tuple[Any, bool]:
    entry, hit = await app.use_cases.serve_analysis(ANN, dataset.id, metric, DEFAULTS, **more)
    return json.loads(zlib.decompress(entry.body, wbits=31)), hit
