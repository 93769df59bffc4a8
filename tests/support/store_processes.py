"""What other processes do to one store while a test watches: run as ``python -m tests.support.store_processes``."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from adapters.filesystem.blobs import FilesystemBlobs
from adapters.filesystem.temp_workspace import FilesystemTempWorkspace
from adapters.sqlite.accounts import SqliteRefreshSessions
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.datasets import SqliteDatasets
from domain.errors import InvalidTokenError, StaleVersionError
from tests.support.builders import ANN, SALES, a_dataset, a_session
from tests.support.fakes import NOON, uuid_of


def begin(task: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a process that carries out one of the tasks below and prints what it achieved."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.store_processes", task, *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


async def count_up(path: str, times: str) -> None:
    """Add so many versions, each with a row count one higher than the one before; print how many."""
    async with _datasets(path) as datasets:
        done = 0
        while done < int(times):
            before = await datasets.get(ANN, SALES)
            after = msgspec.structs.replace(before, version=before.version + 1, row_count=(before.row_count or 0) + 1)
            try:
                await datasets.replace(after, before.revision)
            except StaleVersionError:
                continue
            done += 1
        _say(done)


async def rotate(path: str, name: str, rounds: str) -> None:
    """Use the tokens token0, token1 ... once each; print the numbers of those that were won."""
    database = SqliteDatabase(Path(path))
    await database.open()
    sessions = SqliteRefreshSessions(database)
    for number in range(int(rounds)):
        try:
            await sessions.rotate(f"token{number}", a_session(f"{name}{number}"), NOON)
        except InvalidTokenError:
            continue
        _say(number)
    await database.close()


async def add_forever(path: str) -> None:
    """Add datasets until killed; print each number once it is stored."""
    async with _datasets(path) as datasets:
        number = 1000
        while True:
            number += 1
            await datasets.add(a_dataset(id=uuid_of(number)))
            _say(number)


async def upload_forever(root: str) -> None:
    """Write one blob that never ends."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * (1 << 20)
            _say("more")
            await asyncio.sleep(0.01)

    blobs = FilesystemBlobs(Path(root))
    await blobs.open()
    await blobs.write("users/u1/source", endless())


async def work_forever(root: str) -> None:
    """Hold a temporary folder with a file in it until killed; print its name."""
    async with FilesystemTempWorkspace(Path(root)).folder() as folder:
        (folder / "half").write_bytes(b"x")
        _say(folder.name)
        await asyncio.Event().wait()


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


@asynccontextmanager
async def _datasets(path: str) -> AsyncIterator[SqliteDatasets]:
    database = SqliteDatabase(Path(path))
    await database.open()
    yield SqliteDatasets(database)
    await database.close()


if __name__ == "__main__":
    tasks = {task.__name__: task for task in (count_up, rotate, add_forever, upload_forever, work_forever)}
    asyncio.run(tasks[sys.argv[1]](*sys.argv[2:]))
