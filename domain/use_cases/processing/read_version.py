"""From a version's file to its table; where rows were added to an earlier version, to the table of both."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from domain.datasets.dataset import Dataset
from domain.datasets.derived_keys import earlier_key
from domain.datasets.ingest_result import IngestResult
from domain.datasets.table_schema import TableShape, note_of, shape_of
from domain.errors import SourceChangedError
from domain.ports.datasets import Blobs, Datasets, TableReader
from domain.ports.system import WorkerPool

Heard = Callable[[float, str], Awaitable[None]]
# Shares of the reading: the earlier rows are read once more only the first time, and mostly from Parquet.
EARLIER_SHARE: Final = 0.4
ADDED_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVersion:
    """Read what a version consists of.

    A version made by adding rows keeps the table it was added to beside its own file, from its first reading on: it
    can be read again whatever becomes of the older versions, and a chain of additions is never walked twice.
    """

    datasets: Datasets
    blobs: Blobs
    reader: TableReader
    worker_pool: WorkerPool

    async def __call__(self, dataset: Dataset, folder: Path, heard: Heard) -> IngestResult:
        """Return what was read, as files inside ``folder``.

        Raises:
            UnusableFileError and its subclasses; ColumnsDifferError; SourceChangedError.
        """
        if dataset.appended_to is None:
            # A version that has been read before is read the same way again.
            return await self._file(dataset, folder, heard, shape_of(dataset) if dataset.is_ready else None)
        earlier = await self.datasets.get_version(dataset.user_id, dataset.id, dataset.appended_to)
        async with self._earlier(dataset, earlier, folder / "earlier", _part(heard, 0.0, EARLIER_SHARE)) as table:
            added = await self._file(
                dataset, folder / "added", _part(heard, EARLIER_SHARE, ADDED_SHARE), shape_of(earlier)
            )
            await heard(EARLIER_SHARE + ADDED_SHARE, f"Adding {added.row_count:,} rows to version {earlier.version}")
            report = await self.worker_pool.run(
                lambda: self.reader.append(table, added, folder / "both", dataset.parse_options)
            )
        quality = report.quality
        notes = (note_of(quality.appended, earlier.version),) if quality.appended else ()
        return replace(report, quality=replace(quality, notes=(*notes, *quality.notes)))

    async def _file(self, dataset: Dataset, folder: Path, heard: Heard, like: TableShape | None) -> IngestResult:
        async with self.blobs.local(dataset.source_key) as path:
            check_sum(dataset, await self.worker_pool.run(lambda: sha256_of(path)))
            return await self.worker_pool.run_reporting(
                lambda tell: self.reader.ingest(path, dataset.parse_options, folder, tell, like), heard
            )

    @asynccontextmanager
    async def _earlier(self, dataset: Dataset, earlier: Dataset, folder: Path, heard: Heard) -> AsyncIterator[Path]:
        key = earlier_key(dataset)
        if await self.blobs.size(key) is None:
            report = await self(earlier, folder, heard)
            await self.blobs.write_file(key, report.table)
            yield report.table
            return
        async with self.blobs.local(key) as path:
            yield path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sum(dataset: Dataset, actual: str) -> None:
    """Raise SourceChangedError if the stored file of a version is not the one that was uploaded."""
    if dataset.sha256 and actual != dataset.sha256:
        raise SourceChangedError(
            f"The stored file of version {dataset.version} is not the one that was uploaded: its SHA-256 is {actual}, "
            f"that of the upload was {dataset.sha256}. Upload the file again, or restore it from a backup.",
            expected=dataset.sha256,
            actual=actual,
        )


def _part(heard: Heard, begin: float, share: float) -> Heard:
    async def told(fraction: float, message: str) -> None:
        await heard(begin + share * fraction, message)

    return told
