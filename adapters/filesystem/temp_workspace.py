"""Temporary folders on the disk of the data directory, not in memory-backed /tmp."""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from typing_extensions import override

from domain.errors import UnavailableError
from domain.ports.system import TempWorkspace


class FilesystemTempWorkspace(TempWorkspace):
    """Folders below one directory.

    A folder is locked by the process that uses it, and the system frees the locks of a process that ended: what a crash
    left behind is removed when the next process opens the directory.
    """

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
        folder, lock = await asyncio.to_thread(self._make)
        try:
            yield folder
        finally:
            await asyncio.shield(asyncio.to_thread(_remove, folder, lock))

    def _open(self) -> None:
        with translated():
            self._root.mkdir(parents=True, exist_ok=True)
            for left in self._root.iterdir():
                if (lock := _locked(left)) is not None:
                    _remove(left, lock)

    def _make(self) -> tuple[Path, int]:
        with translated():
            folder = Path(tempfile.mkdtemp(dir=self._root))
            return folder, _locked(folder, wait=True) or 0


def _locked(folder: Path, *, wait: bool = False) -> int | None:
    """Return the file descriptor that locks a folder; None if another process uses it, or removed it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _remove(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of the file system into UnavailableError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnavailableError(f"There is no room for temporary files: {reason}.", dependency="scratch") from error
