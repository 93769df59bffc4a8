"""The contract of ``Blobs``, on every store."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import InvalidInputError, NotFoundError
from domain.ports.datasets import Blobs

KEY = "users/u1/datasets/d1/v1/source"
HOSTILE = [
    "",
    "/",
    "/etc/passwd",
    "../outside",
    "users/../../outside",
    "users/..",
    "users/./x",
    ".",
    "..",
    "users//x",
    "users/x/",
    "users\\..\\x",
    "users/x\x00y",
    "users/x\ny",
    "users/.incoming",
    ".incoming/x",
    "users/ x",
    "users/ü",
    "C:/x",
    "~/x",
    "a" * 2_000,
    "a/" * 600 + "a",
    "users/" + "a" * 300,
]
PREFIX_ONLY = ["/users/", "../", "users/../", "", "users//", "\x00"]


class BrokenUploadError(Exception):
    """What a client that hangs up looks like from here."""


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken_after(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise BrokenUploadError


async def content(blobs: Blobs, key: str) -> bytes:
    return b"".join([chunk async for chunk in blobs.read(key)])


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_001])
async def test_blob_comes_back_byte_for_byte_with_its_size_and_digest(blobs: Blobs, size: int) -> None:
    data = random.Random(size).randbytes(size)
    parts = [data[start : start + 70_001] for start in range(0, size, 70_001)]
    stored = await blobs.write(KEY, chunks(*parts))
    assert (stored.size_bytes, stored.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert await content(blobs, KEY) == data
    assert await blobs.size(KEY) == size
    async with blobs.local(KEY) as path:
        assert path.read_bytes() == data


async def test_empty_chunks_and_other_byte_types_are_written_as_they_are(blobs: Blobs) -> None:
    stored = await blobs.write(KEY, chunks(b"", bytearray(b"ab"), b"", memoryview(b"cd")))
    assert stored.size_bytes == 4
    assert await content(blobs, KEY) == b"abcd"


async def test_local_file_is_stored_and_stays(blobs: Blobs, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 2_500_000)
    stored = await blobs.write_file(KEY, source)
    assert stored.sha256 == hashlib.sha256(b"x" * 2_500_000).hexdigest()
    assert await blobs.size(KEY) == source.stat().st_size == 2_500_000
    source.write_bytes(b"changed later")
    assert len(await content(blobs, KEY)) == 2_500_000


async def test_writing_again_replaces_the_whole_blob(blobs: Blobs) -> None:
    await blobs.write(KEY, chunks(b"long long long"))
    await blobs.write(KEY, chunks(b"short"))
    assert await content(blobs, KEY) == b"short"
    assert await blobs.keys("users/") == (KEY,)


@pytest.mark.parametrize("sent", [0, 1, 3_000_000])
async def test_stream_that_breaks_half_way_leaves_no_blob(blobs: Blobs, sent: int) -> None:
    with pytest.raises(BrokenUploadError):
        await blobs.write(KEY, broken_after(b"x" * sent))
    assert await blobs.size(KEY) is None
    assert await blobs.keys("users/") == ()
    with pytest.raises(NotFoundError):
        await content(blobs, KEY)


async def test_stream_that_breaks_half_way_leaves_the_old_blob_as_it_was(blobs: Blobs) -> None:
    await blobs.write(KEY, chunks(b"the old one"))
    with pytest.raises(BrokenUploadError):
        await blobs.write(KEY, broken_after(b"x" * 3_000_000))
    assert await content(blobs, KEY) == b"the old one"


async def _write_endlessly(blobs: Blobs, parts: AsyncIterator[bytes]) -> None:
    await blobs.write(KEY, parts)


async def test_cancelled_upload_leaves_no_blob(blobs: Blobs) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_500_000
            begun.set()
            await asyncio.sleep(0)

    upload = asyncio.create_task(_write_endlessly(blobs, endless()))
    await begun.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert await blobs.size(KEY) is None
    assert await blobs.keys("users/") == ()


async def test_of_concurrent_writes_one_whole_blob_remains(blobs: Blobs) -> None:
    candidates = [bytes([letter]) * 1_100_000 for letter in b"abcdef"]
    await asyncio.gather(*(blobs.write(KEY, chunks(one[:600_000], one[600_000:])) for one in candidates))
    assert await content(blobs, KEY) in candidates


async def test_missing_blob_is_said_before_the_first_chunk(blobs: Blobs) -> None:
    assert await blobs.size(KEY) is None
    with pytest.raises(NotFoundError):
        await anext(blobs.read(KEY))
    with pytest.raises(NotFoundError):
        async with blobs.local(KEY):
            pass


async def test_folder_of_blobs_is_no_blob(blobs: Blobs) -> None:
    await blobs.write(KEY, chunks(b"x"))
    folder = "users/u1/datasets"
    assert await blobs.size(folder) is None
    with pytest.raises(NotFoundError):
        await content(blobs, folder)
    with pytest.raises(NotFoundError):
        async with blobs.local(folder):
            pass


async def test_keys_and_deletion_go_by_prefix_and_touch_nothing_else(blobs: Blobs) -> None:
    keys = ["users/u1/d1/v1/source", "users/u1/d1/v10/source", "users/u1/d1/v1/rejects.csv", "users/u12/d1/v1/source"]
    for key in keys:
        await blobs.write(key, chunks(b"x"))
    assert await blobs.keys("users/u1/") == tuple(sorted(keys[:3]))
    assert await blobs.keys("users/u1") == tuple(sorted(keys))
    assert await blobs.keys("users/u1/d1/v1/s") == (keys[0],)
    assert await blobs.delete("users/u1/d1/v1/") == 2
    assert await blobs.keys("users/") == (keys[1], keys[3])
    assert await blobs.delete("users/u1/d1/v1/") == 0
    assert await blobs.delete(keys[3]) == 1
    assert await blobs.keys("users/") == (keys[1],)


async def test_many_keys_are_listed_and_deleted_completely(blobs: Blobs) -> None:
    keys = sorted(f"users/u1/points/{number:04d}" for number in range(1_203))  # S3 lists 1,000 at a time
    for key in keys:
        await blobs.write(key, chunks(b""))
    assert await blobs.keys("users/u1/") == tuple(keys)
    assert await blobs.delete("users/u1/") == len(keys)
    assert await blobs.keys("users/u1/") == ()


async def test_key_can_be_written_again_after_its_deletion(blobs: Blobs) -> None:
    for body in (b"first", b"second"):
        await blobs.write(KEY, chunks(body))
        assert await content(blobs, KEY) == body
        assert await blobs.delete("users/u1/") == 1


async def test_writing_beside_a_deletion_never_fails(blobs: Blobs) -> None:
    async def write() -> None:
        for number in range(30):
            await blobs.write(f"users/u1/datasets/d2/v{number}/source", chunks(b"x"))

    async def delete() -> None:
        for _ in range(60):
            await blobs.delete("users/u1/datasets/")

    await asyncio.gather(write(), delete())
    await blobs.delete("users/u1/datasets/")
    assert await blobs.keys("users/") == ()


@pytest.mark.parametrize("key", HOSTILE)
async def test_hostile_key_is_refused_by_every_method(blobs: Blobs, key: str) -> None:
    async def enter() -> None:
        async with blobs.local(key):
            pass

    for attempt in (blobs.write(key, chunks(b"x")), blobs.size(key), enter(), content(blobs, key)):
        with pytest.raises(InvalidInputError):
            await attempt


@pytest.mark.parametrize("prefix", [*PREFIX_ONLY, *(key for key in HOSTILE if key != "users/x/")])
async def test_hostile_prefix_is_refused(blobs: Blobs, prefix: str) -> None:
    await blobs.write(KEY, chunks(b"x"))
    for attempt in (blobs.keys(prefix), blobs.delete(prefix)):
        with pytest.raises(InvalidInputError):
            await attempt
    assert await blobs.size(KEY) == 1


async def test_what_is_kept_is_listed_with_size_and_age(blobs: Blobs) -> None:
    before = datetime.now(UTC)
    for key, size in (("users/u1/b", 3), ("users/u1/a", 0), ("users/u2/c", 9)):
        await blobs.write(key, chunks(b"x" * size))
    found = await blobs.kept("users/u1/")
    assert [(blob.key, blob.size_bytes) for blob in found] == [("users/u1/a", 0), ("users/u1/b", 3)]
    for blob in found:
        assert abs(blob.written_at - before) < timedelta(minutes=5)
    assert await blobs.kept("users/nobody/") == ()
    with pytest.raises(InvalidInputError):
        await blobs.kept("../")


async def test_writes_that_ended_one_way_or_the_other_are_not_unfinished(blobs: Blobs) -> None:
    await blobs.write(KEY, chunks(b"x" * 9_000_000))
    with pytest.raises(BrokenUploadError):
        await blobs.write(KEY + "2", broken_after(b"x" * 9_000_000))
    later = datetime.now(UTC) + timedelta(days=1)
    assert await blobs.unfinished(later) == 0
    await blobs.drop_unfinished(later)
    assert await blobs.keys("users/") == (KEY,)
