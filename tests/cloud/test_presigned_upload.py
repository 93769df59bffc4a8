"""Uploads straight into the bucket, on a server that checks signatures, conditions and expiry."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from adapters.aws.s3_blobs import S3Blobs
from domain.datasets.pending_upload import PresignedUpload
from tests.support.aws_stores import make_bucket
from tests.support.servers import REGION, weed_endpoint

ROWS = b"date,visits\n2024-01-01,7\n"
KEY = "users/u1/datasets/d1/v1/u1/source"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
async def blobs(aws_keys: None) -> AsyncIterator[S3Blobs]:
    store = S3Blobs(await make_bucket(weed_endpoint()), REGION, weed_endpoint())
    await store.open()
    yield store
    await store.close()


async def rows() -> AsyncIterator[bytes]:
    yield ROWS


async def sent(form: PresignedUpload, content: bytes, **changes: str) -> int:
    async with httpx.AsyncClient(verify=False) as browser:
        return (await browser.post(form.url, data=form.fields | changes, files={"file": content})).status_code


async def test_form_takes_one_file_under_its_own_key(blobs: S3Blobs) -> None:
    form = await blobs.form(KEY, len(ROWS), MINUTE)
    assert await sent(form, ROWS) == 204
    assert b"".join([chunk async for chunk in blobs.read(KEY)]) == ROWS


@pytest.mark.parametrize("content", [b"", ROWS[:-1], ROWS + b"x", b"x" * 1_000_000])
async def test_form_takes_exactly_as_many_bytes_as_it_says(blobs: S3Blobs, content: bytes) -> None:
    form = await blobs.form(KEY + "2", len(ROWS), MINUTE)
    assert await sent(form, content) == 400
    assert await blobs.size(KEY + "2") is None


async def test_form_takes_no_other_key_neither_another_users_nor_ones_own(blobs: S3Blobs) -> None:
    form = await blobs.form(KEY + "3", 1, MINUTE)
    for key in ("users/u2/datasets/d1/v1/u1/source", "users/u1/datasets/d1/v2/u1/source"):
        assert await sent(form, b"x", key=key) == 403
    assert await blobs.keys("users/u2/") == ()
    assert await blobs.keys("users/u1/datasets/d1/v2/") == ()


async def test_fields_of_one_users_form_open_no_key_of_another(blobs: S3Blobs) -> None:
    mine = await blobs.form("users/u1/datasets/d3/v1/a/source", 1, MINUTE)
    theirs = await blobs.form("users/u2/datasets/d4/v1/b/source", 1, MINUTE)
    for name in ("policy", "x-amz-signature"):
        assert await sent(theirs, b"x", **{name: mine.fields[name]}) == 403
    assert await blobs.keys("users/u2/") == ()


async def test_form_that_was_tampered_with_or_is_too_old_is_refused(blobs: S3Blobs) -> None:
    form = await blobs.form(KEY + "4", 1, timedelta(seconds=1))
    assert await sent(form, b"x", policy=form.fields["policy"][:-8] + "AAAAAAAA") == 403
    await asyncio.sleep(1.5)
    assert await sent(form, b"x") == 403
    assert await blobs.size(KEY + "4") is None


async def test_form_may_be_sent_to_where_browsers_see_the_store(blobs: S3Blobs) -> None:
    assert await blobs.origin() == weed_endpoint()
    seen = S3Blobs("bucket", REGION, weed_endpoint(), public_url="https://files.example.com:8443")
    await seen.open()
    assert await seen.origin() == "https://files.example.com:8443"
    assert (await seen.form(KEY, 1, MINUTE)).url.startswith("https://files.example.com:8443/bucket")
    await seen.close()


async def test_link_gives_one_file_as_a_download_for_a_while_and_no_other(blobs: S3Blobs) -> None:
    report, other = "users/u1/reports/r1.csv", "users/u1/reports/r2.csv"
    for key in (report, other):
        await blobs.write(key, rows())
    link = await blobs.link(report, "Sales-v1.csv", "text/csv", MINUTE)
    short = await blobs.link(report, "Sales-v1.csv", "text/csv", timedelta(seconds=1))
    async with httpx.AsyncClient(verify=False) as anybody:
        answer = await anybody.get(link)
        assert (answer.status_code, answer.content) == (200, ROWS)
        assert answer.headers["content-disposition"] == 'attachment; filename="Sales-v1.csv"'
        assert (await anybody.get(link.replace("r1.csv", "r2.csv"))).status_code == 403
        await asyncio.sleep(1.5)
        assert (await anybody.get(short)).status_code == 403


async def test_link_leads_to_where_browsers_see_the_store(aws_keys: None) -> None:
    seen = S3Blobs("bucket", REGION, weed_endpoint(), public_url="https://files.example.com:8443")
    await seen.open()
    link = await seen.link("users/u1/reports/r1.csv", "r.csv", "text/csv", MINUTE)
    assert link.startswith("https://files.example.com:8443/bucket/users/u1/reports/r1.csv?")
    assert "X-Amz-Expires=60" in link
    await seen.close()


async def test_write_whose_process_died_is_found_by_its_age_and_dropped(blobs: S3Blobs) -> None:
    await blobs._opened.create_multipart_upload(Bucket=blobs._bucket, Key="users/u1/half")
    now = datetime.now(UTC)
    assert await blobs.unfinished(now - timedelta(hours=1)) == 0
    assert await blobs.unfinished(now + timedelta(hours=1)) == 1
    await blobs.drop_unfinished(now - timedelta(hours=1))
    assert await blobs.unfinished(now + timedelta(hours=1)) == 1
    await blobs.drop_unfinished(now + timedelta(hours=1))
    assert await blobs.unfinished(now + timedelta(hours=1)) == 0


async def test_large_file_goes_up_in_parts_and_comes_back_whole(blobs: S3Blobs) -> None:
    content = bytes(range(256)) * 4096 * 10  # 10 MiB: two parts

    async def chunks() -> AsyncIterator[bytes]:
        for begin in range(0, len(content), 1_000_000):
            yield content[begin : begin + 1_000_000]

    stored = await blobs.write(KEY + "5", chunks())
    assert stored.size_bytes == len(content)
    assert b"".join([chunk async for chunk in blobs.read(KEY + "5")]) == content
