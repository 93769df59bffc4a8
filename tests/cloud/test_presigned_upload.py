"""Uploads straight into the bucket, on a server that checks signatures, conditions and expiry."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from adapters.s3.blobs import PresignedPost, S3Blobs
from tests.support.aws_stores import make_bucket
from tests.support.servers import REGION, weed_endpoint

KEY = "users/u1/datasets/d1/v1/u1/source"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
async def blobs(aws_keys: None) -> AsyncIterator[S3Blobs]:
    store = S3Blobs(await make_bucket(weed_endpoint()), REGION, weed_endpoint())
    await store.open()
    yield store
    await store.close()


async def sent(form: PresignedPost, content: bytes, **changes: str) -> int:
    async with httpx.AsyncClient(verify=False) as browser:
        return (await browser.post(form.url, data=form.fields | changes, files={"file": content})).status_code


async def test_form_takes_one_file_under_its_own_key(blobs: S3Blobs) -> None:
    form = await blobs.presigned_post(KEY, 1_000, MINUTE)
    assert await sent(form, b"date,visits\n2024-01-01,7\n") == 204
    assert b"".join([chunk async for chunk in blobs.read(KEY)]) == b"date,visits\n2024-01-01,7\n"


async def test_form_takes_no_more_bytes_than_it_says_and_no_empty_file(blobs: S3Blobs) -> None:
    form = await blobs.presigned_post(KEY + "2", 1_000, MINUTE)
    assert await sent(form, b"x" * 1_001) == 400
    assert await sent(form, b"") == 400
    assert await blobs.size(KEY + "2") is None


async def test_form_takes_no_other_key(blobs: S3Blobs) -> None:
    form = await blobs.presigned_post(KEY + "3", 1_000, MINUTE)
    assert await sent(form, b"x", key="users/u2/datasets/d1/v1/u1/source") == 403
    assert await blobs.keys("users/u2/") == ()


async def test_form_that_was_tampered_with_or_is_too_old_is_refused(blobs: S3Blobs) -> None:
    form = await blobs.presigned_post(KEY + "4", 1_000, timedelta(seconds=1))
    assert await sent(form, b"x", policy=form.fields["policy"][:-8] + "AAAAAAAA") == 403
    await asyncio.sleep(1.5)
    assert await sent(form, b"x") == 403


async def test_large_file_goes_up_in_parts_and_comes_back_whole(blobs: S3Blobs) -> None:
    content = bytes(range(256)) * 4096 * 10  # 10 MiB: two parts

    async def chunks() -> AsyncIterator[bytes]:
        for begin in range(0, len(content), 1_000_000):
            yield content[begin : begin + 1_000_000]

    stored = await blobs.write(KEY + "5", chunks())
    assert stored.size_bytes == len(content)
    assert b"".join([chunk async for chunk in blobs.read(KEY + "5")]) == content
