"""What only a directory can do wrong: crashes, leftovers, things in the way."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.filesystem.blobs import FilesystemBlobs
from adapters.filesystem.temp_workspace import FilesystemTempWorkspace
from domain.errors import UnavailableError
from tests.support.store_processes import begin

DAY_AND_A_BIT = 25 * 3600


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def opened(root: Path) -> FilesystemBlobs:
    blobs = FilesystemBlobs(root)
    await blobs.open()
    return blobs


async def test_blobs_are_there_after_reopening(tmp_path: Path) -> None:
    await (await opened(tmp_path)).write("users/u1/a", chunks(b"x"))
    again = await opened(tmp_path)
    assert await again.keys("users/") == ("users/u1/a",)


async def test_local_is_the_blob_itself_and_no_copy(tmp_path: Path) -> None:
    blobs = await opened(tmp_path)
    await blobs.write("users/u1/a", chunks(b"x"))
    async with blobs.local("users/u1/a") as path:
        assert path == tmp_path / "users/u1/a"
    assert path.read_bytes() == b"x"


async def test_writer_killed_half_way_leaves_no_blob_and_its_leftovers_go_after_a_day(tmp_path: Path) -> None:
    writer = begin("upload_forever", tmp_path)
    assert writer.stdout is not None
    for _ in range(5):
        await asyncio.to_thread(writer.stdout.readline)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    blobs = await opened(tmp_path)
    assert await blobs.keys("users/") == ()
    (left,) = files(tmp_path)
    assert left.startswith(".incoming/")
    old = time.time() - DAY_AND_A_BIT
    os.utime(tmp_path / left, (old, old))
    await opened(tmp_path)
    assert files(tmp_path) == []


async def test_deletion_leaves_no_empty_folders(tmp_path: Path) -> None:
    blobs = await opened(tmp_path)
    await blobs.write("users/u1/datasets/d1/v1/source", chunks(b"x"))
    await blobs.write("users/u1/datasets/d2/v1/source", chunks(b"x"))
    await blobs.delete("users/u1/datasets/d1/")
    assert names(tmp_path / "users/u1/datasets") == ["d2"]
    await blobs.delete("users/")
    assert names(tmp_path) == [".incoming"]


async def test_failed_write_leaves_no_temporary_file(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 2_000_000
        raise ConnectionResetError

    blobs = await opened(tmp_path)
    with pytest.raises(ConnectionResetError):
        await blobs.write("users/u1/a", broken())
    assert files(tmp_path) == []


async def test_something_in_the_way_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    blobs = FilesystemBlobs(tmp_path / "file")
    for attempt in (blobs.open(), blobs.ping(), blobs.write("users/u1/a", chunks(b"x"))):
        with pytest.raises(UnavailableError):
            await attempt


async def test_ping_notices_that_the_directory_is_gone(tmp_path: Path) -> None:
    blobs = await opened(tmp_path / "blobs")
    await blobs.ping()
    (tmp_path / "blobs/.incoming").rmdir()
    with pytest.raises(UnavailableError):
        await blobs.ping()


async def test_scratch_folder_is_gone_with_all_in_it_when_its_context_ends(tmp_path: Path) -> None:
    temp_workspace = FilesystemTempWorkspace(tmp_path / "scratch")
    await temp_workspace.open()

    async def fail_inside() -> None:
        async with temp_workspace.folder() as folder, temp_workspace.folder() as other:
            assert folder != other
            (folder / "deep").mkdir()
            (folder / "deep/file").write_text("x")
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail_inside()
    assert files(tmp_path) == []
    assert names(tmp_path / "scratch") == []


async def test_scratch_of_a_process_that_was_killed_goes_at_the_next_start_and_that_of_a_living_one_stays(
    tmp_path: Path,
) -> None:
    killed = begin("work_forever", tmp_path)
    assert killed.stdout is not None
    left = killed.stdout.readline().strip()
    killed.kill()
    killed.communicate()
    ours = FilesystemTempWorkspace(tmp_path)
    await ours.open()
    assert left not in names(tmp_path)
    async with ours.folder() as used:
        await FilesystemTempWorkspace(tmp_path).open()
        assert names(tmp_path) == [used.name]


async def test_scratch_without_its_directory_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    temp_workspace = FilesystemTempWorkspace(tmp_path / "file")
    with pytest.raises(UnavailableError):
        await temp_workspace.open()
    with pytest.raises(UnavailableError):
        async with temp_workspace.folder():
            pass


async def test_write_whose_process_died_is_found_by_its_age_and_dropped(tmp_path: Path) -> None:
    blobs = FilesystemBlobs(tmp_path)
    await blobs.open()
    (tmp_path / ".incoming" / "half").write_bytes(b"x")
    now = datetime.now(UTC)
    assert await blobs.unfinished(now - timedelta(hours=1)) == 0
    assert await blobs.unfinished(now + timedelta(hours=1)) == 1
    await blobs.drop_unfinished(now - timedelta(hours=1))
    assert files(tmp_path) != []
    await blobs.drop_unfinished(now + timedelta(hours=1))
    assert files(tmp_path) == []
