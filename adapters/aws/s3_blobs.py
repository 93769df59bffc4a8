"""Blobs as objects of one bucket."""

import asyncio
import contextlib
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from typing_extensions import override

from adapters.aws.clients import client, translated
from domain.datasets.pending_upload import PresignedUpload
from domain.datasets.storage_keys import check_key, check_prefix
from domain.errors import NotFoundError, UnavailableError
from domain.ports.datasets import Blobs, KeptBlob, PresignedDownloads, PresignedUploads, StoredBlob
from domain.ports.system import Dependency, TempWorkspace

PART_BYTES: Final = 8 * 1024**2  # at most 10,000 parts (S3's limit) make 80 GB; S3 takes none under 5 MiB but the last
CHUNK_BYTES: Final = 1024**2
DELETED_AT_ONCE: Final = 1_000  # S3's limit for one call
READ_SECONDS: Final = 60
_SIGNATURE: Final = "s3v4"  # for forms too: newer regions and encrypted buckets take nothing else
_translated = partial(translated, "S3")


class S3Blobs(Blobs, PresignedUploads, PresignedDownloads, Dependency):
    """A blob is written as one object, or part by part if it is large; S3 shows a whole object or none.

    An upload that breaks is aborted. One whose process died is taken away by the bucket's lifecycle rule.
    """

    name = "s3"

    def __init__(
        self,
        bucket: str,
        region: str,
        endpoint_url: str | None = None,
        temp_workspace: TempWorkspace | None = None,
        public_url: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._region = region
        self._endpoint_url = endpoint_url
        self._temp_workspace = temp_workspace
        self._public_url = public_url
        self._stack = AsyncExitStack()
        self._client: Any = None
        self._signer: Any = None

    async def open(self) -> None:
        """Prepare the client; the bucket is not asked for."""
        if self._client is None:
            self._client = self._signer = await self._stack.enter_async_context(self._of(self._endpoint_url))
            if self._public_url is not None:
                # The address is part of what a link signs; this client only signs.
                self._signer = await self._stack.enter_async_context(self._of(self._public_url))

    def _of(self, endpoint_url: str | None) -> AbstractAsyncContextManager[Any]:
        return client("s3", self._region, endpoint_url, read_seconds=READ_SECONDS, signature=_SIGNATURE)

    async def close(self) -> None:
        """Close the connections."""
        self._client = self._signer = None
        await self._stack.aclose()

    @override
    async def ping(self) -> None:
        with _translated():
            await self._opened.head_bucket(Bucket=self._bucket)

    @override
    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> StoredBlob:
        check_key(key)
        digest, size = hashlib.sha256(), 0
        parts = _parts(chunks)
        first = await anext(parts, b"")
        digest.update(first)
        size += len(first)
        if len(first) < PART_BYTES:
            with _translated():
                await self._opened.put_object(Bucket=self._bucket, Key=key, Body=first)
            return StoredBlob(size_bytes=size, sha256=digest.hexdigest())
        upload = _Multipart(self._opened, self._bucket, key)
        await upload.begin()
        try:
            await upload.add(first)
            async for part in parts:
                digest.update(part)
                size += len(part)
                await upload.add(part)
            await upload.complete()
        except BaseException:
            await asyncio.shield(upload.abort())
            raise
        return StoredBlob(size_bytes=size, sha256=digest.hexdigest())

    @override
    async def write_file(self, key: str, path: Path) -> StoredBlob:
        return await self.write(key, _of_file(path))

    @override
    async def read(self, key: str) -> AsyncIterator[bytes]:
        check_key(key)
        with _translated():
            answer = await self._opened.get_object(Bucket=self._bucket, Key=key)
        body = answer["Body"]
        async with body:
            while True:
                with _translated():
                    chunk = await body.read(CHUNK_BYTES)
                if not chunk:
                    return
                yield chunk

    @override
    async def size(self, key: str) -> int | None:
        check_key(key)
        try:
            with _translated():
                answer = await self._opened.head_object(Bucket=self._bucket, Key=key)
        except NotFoundError:
            return None
        return int(answer["ContentLength"])

    @override
    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        async with AsyncExitStack() as stack:
            if self._temp_workspace is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            else:
                folder = await stack.enter_async_context(self._temp_workspace.folder())
            path = folder / "blob"
            with path.open("wb") as file:
                async for chunk in self.read(key):
                    await asyncio.to_thread(file.write, chunk)
            yield path

    @override
    async def delete(self, prefix: str) -> int:
        keys = await self.keys(prefix)
        for begin in range(0, len(keys), DELETED_AT_ONCE):
            objects = [{"Key": key} for key in keys[begin : begin + DELETED_AT_ONCE]]
            with _translated():
                answer = await self._opened.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
                )
            if failed := answer.get("Errors"):
                raise UnavailableError(
                    f"S3 did not delete {len(failed)} files: {failed[0]['Message']}.", dependency="s3"
                )
        return len(keys)

    @override
    async def keys(self, prefix: str) -> tuple[str, ...]:
        return tuple(blob.key for blob in await self.kept(prefix))

    @override
    async def kept(self, prefix: str) -> tuple[KeptBlob, ...]:
        check_prefix(prefix)
        blobs: list[KeptBlob] = []
        with _translated():
            pages = self._opened.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            async for page in pages:
                blobs += [
                    KeptBlob(key=item["Key"], size_bytes=int(item["Size"]), written_at=item["LastModified"])
                    for item in page.get("Contents", ())
                ]
        return tuple(sorted(blobs, key=lambda blob: blob.key))

    @override
    async def unfinished(self, before: datetime) -> int:
        return len(await self._left_over(before))

    @override
    async def drop_unfinished(self, before: datetime) -> None:
        for upload in await self._left_over(before):
            with contextlib.suppress(NotFoundError), _translated():  # finished or given up in between
                await self._opened.abort_multipart_upload(Bucket=self._bucket, **upload)

    async def _left_over(self, before: datetime) -> list[dict[str, str]]:
        with _translated():
            pages = self._opened.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket)
            return [
                {"Key": upload["Key"], "UploadId": upload["UploadId"]}
                async for page in pages
                for upload in page.get("Uploads", ())
                if upload["Initiated"] < before
            ]

    @override
    async def origin(self) -> str:
        parts = urlsplit((await self.form("origin", 1, timedelta(minutes=1))).url)
        return f"{parts.scheme}://{parts.netloc}"

    @override
    async def form(self, key: str, size_bytes: int, lifetime: timedelta) -> PresignedUpload:
        check_key(key)
        with _translated():
            form = await self._opened.generate_presigned_post(
                self._bucket, key,
                Conditions=[["content-length-range", size_bytes, size_bytes]], ExpiresIn=int(lifetime.total_seconds()),
            )  # fmt: skip
        return PresignedUpload(url=self._seen_by_browsers(form["url"]), fields=form["fields"])

    @override
    async def link(self, key: str, file_name: str, media_type: str, lifetime: timedelta) -> str:
        check_key(key)
        parameters = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
            "ResponseContentType": media_type,
        }
        if self._signer is None:
            raise UnavailableError("S3 is not open.", dependency="s3")
        with _translated():
            link = await self._signer.generate_presigned_url("get_object", parameters, int(lifetime.total_seconds()))
        return str(link)

    def _seen_by_browsers(self, url: str) -> str:
        if self._public_url is None:
            return url
        # What is signed is the policy, not the address.
        public = urlsplit(self._public_url)
        return urlunsplit(urlsplit(url)._replace(scheme=public.scheme, netloc=public.netloc))

    @property
    def _opened(self) -> Any:
        if self._client is None:
            raise UnavailableError("S3 is not open.", dependency="s3")
        return self._client


class _Multipart:
    """An upload in parts (S3 user guide, "Uploading an object using multipart upload")."""

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self._client = client
        self._where = {"Bucket": bucket, "Key": key}
        self._parts: list[dict[str, Any]] = []

    async def begin(self) -> None:
        with _translated():
            begun = await self._client.create_multipart_upload(**self._where)
        self._where["UploadId"] = begun["UploadId"]

    async def add(self, part: bytes) -> None:
        number = len(self._parts) + 1
        with _translated():
            stored = await self._client.upload_part(**self._where, PartNumber=number, Body=part)
        self._parts.append({"PartNumber": number, "ETag": stored["ETag"]})

    async def complete(self) -> None:
        with _translated():
            await self._client.complete_multipart_upload(**self._where, MultipartUpload={"Parts": self._parts})

    async def abort(self) -> None:
        with _translated():
            await self._client.abort_multipart_upload(**self._where)


async def _parts(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in parts of exactly ``PART_BYTES``, the last one shorter; none of zero length."""
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        while len(buffer) >= PART_BYTES:
            yield bytes(buffer[:PART_BYTES])
            del buffer[:PART_BYTES]
    if buffer:
        yield bytes(buffer)


async def _of_file(path: Path) -> AsyncIterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk
    except FileNotFoundError as error:
        raise NotFoundError("There is no such file.") from error
