"""Blobs as files below one directory."""

import asyncio
import contextlib
import hashlib
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from typing_extensions import override

from adapters.filesystem.head_room import HeadRoom
from domain.datasets.orphans import WRITE_GRACE
from domain.datasets.storage_keys import check_key, check_prefix
from domain.errors import NotFoundError, UnavailableError
from domain.ports.datasets import Blobs, KeptBlob, StoredBlob
from domain.ports.system import Dependency

CHUNK_BYTES: Final = 1 << 20  # large enough that the hand-over to a thread costs nothing beside the copying
_INCOMING: Final = ".incoming"  # no key begins with a dot
_MOVE_TRIES: Final = 10  # a deletion next door may take the empty folder away between mkdir and rename


class FilesystemBlobs(Blobs, Dependency):
    """Written to a temporary file, flushed to disk, then renamed: a key shows a whole blob or none.

    Blocking calls run in threads. Folders left empty by a deletion are removed.
    """

    name = "blobs"

    def __init__(self, root: Path, head_room: HeadRoom | None = None) -> None:
        self._root = root
        self._head_room = head_room

    async def open(self) -> None:
        """Make the directory and remove what crashed writers left. Raises UnavailableError."""
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Nothing is held open."""

    @override
    async def ping(self) -> None:
        await asyncio.to_thread(self._ping)

    @override
    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> StoredBlob:
        return await self._write(key, chunks, self._head_room)

    async def _write(self, key: str, chunks: AsyncIterator[bytes], head_room: HeadRoom | None) -> StoredBlob:
        target = self._path(key)
        incoming = await asyncio.to_thread(_Incoming, self._root / _INCOMING)
        try:
            buffered: list[bytes] = []
            size = 0
            if head_room:
                await asyncio.to_thread(head_room.check_upload)
            async for chunk in chunks:
                buffered.append(bytes(chunk))
                size += len(chunk)
                if size >= CHUNK_BYTES:
                    if head_room:
                        await asyncio.to_thread(head_room.check_upload)
                    await asyncio.to_thread(incoming.write, buffered)
                    buffered, size = [], 0
            await asyncio.to_thread(incoming.write, buffered)
            return await asyncio.to_thread(incoming.become, target)
        finally:
            await asyncio.shield(asyncio.to_thread(incoming.discard))

    @override
    async def write_file(self, key: str, path: Path) -> StoredBlob:
        return await self._write(key, _chunks(path), None)  # what processing makes is not refused: it was let in

    @override
    async def read(self, key: str) -> AsyncIterator[bytes]:
        async for chunk in _chunks(self._path(key)):
            yield chunk

    @override
    async def size(self, key: str) -> int | None:
        return await asyncio.to_thread(_size, self._path(key))

    @override
    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        path = self._path(key)
        if await asyncio.to_thread(_size, path) is None:
            raise NotFoundError("There is no such file.", key=key)
        yield path

    @override
    async def delete(self, prefix: str) -> int:
        return await asyncio.to_thread(self._delete, check_prefix(prefix))

    @override
    async def keys(self, prefix: str) -> tuple[str, ...]:
        return await asyncio.to_thread(self._keys, check_prefix(prefix))

    @override
    async def kept(self, prefix: str) -> tuple[KeptBlob, ...]:
        return await asyncio.to_thread(self._kept, check_prefix(prefix))

    @override
    async def unfinished(self, before: datetime) -> int:
        return len(await asyncio.to_thread(self._left_over, before))

    @override
    async def drop_unfinished(self, before: datetime) -> None:
        with translated():
            for left in await asyncio.to_thread(self._left_over, before):
                left.unlink(missing_ok=True)

    def _kept(self, prefix: str) -> tuple[KeptBlob, ...]:
        blobs: list[KeptBlob] = []
        for key in self._keys(prefix):
            with translated(), contextlib.suppress(FileNotFoundError):  # deleted in between
                stat = self._path(key).stat()
                written = datetime.fromtimestamp(stat.st_mtime, UTC)
                blobs.append(KeptBlob(key=key, size_bytes=stat.st_size, written_at=written))
        return tuple(blobs)

    def _left_over(self, before: datetime) -> list[Path]:
        with translated():
            return [one for one in (self._root / _INCOMING).iterdir() if one.stat().st_mtime < before.timestamp()]

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*check_key(key).split("/"))

    def _open(self) -> None:
        with translated():
            (self._root / _INCOMING).mkdir(parents=True, exist_ok=True)
            for left in self._left_over(datetime.now(UTC) - WRITE_GRACE):
                left.unlink(missing_ok=True)

    def _ping(self) -> None:
        with translated(), tempfile.TemporaryFile(dir=self._root / _INCOMING) as file:
            file.write(b"ping")

    def _keys(self, prefix: str) -> tuple[str, ...]:
        folder = self._root / (prefix.rpartition("/")[0])
        with translated():
            keys = (
                Path(parent, name).relative_to(self._root).as_posix()
                for parent, folders, names in os.walk(folder)
                for name in names
            )
            return tuple(sorted(key for key in keys if key.startswith(prefix)))

    def _delete(self, prefix: str) -> int:
        deleted = 0
        with translated():
            for key in self._keys(prefix):
                path = self._path(key)
                try:
                    path.unlink()
                except FileNotFoundError:
                    continue  # deleted meanwhile
                deleted += 1
                self._prune(path.parent)
        return deleted

    def _prune(self, folder: Path) -> None:
        while folder != self._root:
            try:
                folder.rmdir()
            except OSError:
                return  # not empty (or gone)
            folder = folder.parent


class _Incoming:
    """A blob being written. Its methods block.

    They exclude each other: a write whose upload was cancelled may still be running in its thread.
    """

    def __init__(self, folder: Path) -> None:
        with translated():
            descriptor, name = tempfile.mkstemp(dir=folder)
        self._path = Path(name)
        self._file: BinaryIO = os.fdopen(descriptor, "wb", buffering=0)
        self._hash = hashlib.sha256()
        self._size = 0
        self._lock = threading.Lock()

    def write(self, chunks: list[bytes]) -> None:
        with self._lock, translated():
            for chunk in chunks:
                self._hash.update(chunk)
                self._size += len(chunk)
                rest = memoryview(chunk)
                while rest:
                    rest = rest[self._file.write(rest) :]

    def become(self, target: Path) -> StoredBlob:
        with self._lock, translated():
            os.fsync(self._file.fileno())
            self._file.close()
            _move(self._path, target)
            _flush_folder(target.parent)
        return StoredBlob(size_bytes=self._size, sha256=self._hash.hexdigest())

    def discard(self) -> None:
        """Remove the temporary file, if it has not become a blob."""
        with self._lock, translated():
            self._file.close()
            self._path.unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    for attempt in range(_MOVE_TRIES):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        except FileNotFoundError:
            if attempt == _MOVE_TRIES - 1:
                raise
        else:
            return


def _flush_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with translated():
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotFoundError("There is no such file.") from error
    with file:
        while True:
            with translated():
                chunk = await asyncio.to_thread(file.read, CHUNK_BYTES)
            if not chunk:
                return
            yield chunk


def _size(path: Path) -> int | None:
    with translated():
        try:
            return path.stat().st_size if path.is_file() else None
        except FileNotFoundError:
            return None  # deleted in between


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of the file system into UnavailableError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnavailableError(f"The file store does not answer: {reason}.", dependency="blobs") from error
