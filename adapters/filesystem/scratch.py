"""Temporary folders on the disk of the data directory, not in memory-backed /tmp."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from typing_extensions import override

from domain.errors import UnavailableError
from domain.ports import Scratch

_ABANDONED_SECONDS: Final = 24 * 3600  # no processing takes a day; another process may still use a younger folder


class FilesystemScratch(Scratch):
    """Folders below one directory; those a crash left behind go when the next one opens it, after a day."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def open(self) -> None:
        """Make the directory and remove what crashed processes left. Raises UnavailableError."""
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Nothing is held open."""

    @override
    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        folder = await asyncio.to_thread(self._make)
        try:
            yield folder
        finally:
            await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))

    def _open(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            for left in self._root.iterdir():
                if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)
        except OSError as error:
            raise _unavailable(error) from error

    def _make(self) -> Path:
        try:
            return Path(tempfile.mkdtemp(dir=self._root))
        except OSError as error:
            raise _unavailable(error) from error


def _unavailable(error: OSError) -> UnavailableError:
    return UnavailableError(f"There is no room for temporary files: {error.strerror}.", dependency="scratch")
