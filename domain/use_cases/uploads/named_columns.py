"""Are the columns that the user named in the file? Asked before an upload is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from domain.datasets.ingest_result import PREVIEW_BYTES
from domain.datasets.parse_options import FileFormat, ParseOptions
from domain.errors import ColumnNotFoundError, UnusableFileError
from domain.ports.datasets import Blobs, TableReader
from domain.ports.system import WorkerPool

WHOLE_FILE_BYTES: Final = 64 * 1024 * 1024  # of larger files the head alone is read: S3 would send all of it again
_KEYS_MAY_COME_LATER: Final = frozenset({FileFormat.JSON, FileFormat.NDJSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckNamedColumns:
    """Refuse an upload whose time column, metrics or typed columns are not in its file.

    Whatever else is wrong with the file is left to its processing, which reads all of it.
    """

    blobs: Blobs
    reader: TableReader
    worker_pool: WorkerPool

    async def __call__(self, key: str, size_bytes: int, options: ParseOptions) -> None:
        """Return if every named column is there, or if the head of the file cannot tell.

        Args:
            key: of the stored file.
            size_bytes: its size.
            options: as given with the upload.

        Raises:
            ColumnNotFoundError: with the names of the columns there are.
            InvalidInputError: the options contradict each other.
        """
        if not options.named_columns:
            return
        async with self.blobs.local(key) if size_bytes <= WHOLE_FILE_BYTES else self._head(key) as path:
            try:
                await self.worker_pool.run(lambda: self.reader.preview(path, options))
            except ColumnNotFoundError as error:
                if not await self._may_come_later(path, key, options, str(error.details.get("column", ""))):
                    raise
            except UnusableFileError:
                return

    async def _may_come_later(self, path: Path, key: str, options: ParseOptions, missing: str) -> bool:
        """Whether a column that the first records lack may be a key of later JSON objects."""
        unnamed = options.shape_free()
        try:
            preview = await self.worker_pool.run(lambda: self.reader.preview(path, unnamed))
        except UnusableFileError:
            return False
        if preview.format not in _KEYS_MAY_COME_LATER:
            return False
        return not missing.isascii() or await self._holds(key, msgspec.json.encode(missing))

    async def _holds(self, key: str, text: bytes) -> bool:
        end = b""
        async for chunk in self.blobs.read(key):
            if text in end + chunk:
                return True
            end = chunk[-len(text) :]
        return False

    @asynccontextmanager
    async def _head(self, key: str) -> AsyncIterator[Path]:
        head = f"{key}-head"
        await self.blobs.write(head, self._first_bytes(key))
        try:
            async with self.blobs.local(head) as path:
                yield path
        finally:
            await self.blobs.delete(head)

    async def _first_bytes(self, key: str) -> AsyncIterator[bytes]:
        left = PREVIEW_BYTES
        async for chunk in self.blobs.read(key):
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return
