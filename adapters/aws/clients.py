"""Clients of AWS and their errors: the only module that names aioboto3 (docs/decisions/0008-aioboto3.md)."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, Final

import aioboto3
from aiobotocore.config import AioConfig
from botocore.exceptions import BotoCoreError, ClientError

from domain.errors import NotFoundError, UnavailableError

CONNECT_SECONDS: Final = 3
ATTEMPTS: Final = 3  # in botocore's "standard" mode: with growing pauses, and only what may be tried again
_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchUpload"})


def client(
    service: str, region: str, endpoint_url: str | None, *, read_seconds: int, signature: str | None = None
) -> AbstractAsyncContextManager[Any]:
    """Return a client of a service, open within ``async with``; it connects at its first call.

    Args:
        service: as AWS names it, ``"s3"`` or ``"sqs"``.
        region: where the service is.
        endpoint_url: in place of AWS' own address.
        read_seconds: the longest wait for a part of an answer.
        signature: the version of signatures; None for the service's own choice.
    """
    config = AioConfig(
        connect_timeout=CONNECT_SECONDS, read_timeout=read_seconds, signature_version=signature,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )  # fmt: skip
    opened: AbstractAsyncContextManager[Any] = aioboto3.Session().client(
        service, region_name=region, endpoint_url=endpoint_url, config=config
    )
    return opened


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Translate errors of the driver; ``name`` is the service as a user reads it, ``"S3"``.

    Raises:
        NotFoundError: the object or the upload is not there.
        UnavailableError: the service refused or did not answer.
    """
    try:
        yield
    except ClientError as error:
        problem = error.response.get("Error", {})
        if problem.get("Code") in _MISSING:
            raise NotFoundError("There is no such file.") from error
        raise UnavailableError(f"{name} refused ({problem.get('Code', '')}).", dependency=name.lower()) from error
    except (TimeoutError, BotoCoreError, OSError, asyncio.IncompleteReadError) as error:
        raise UnavailableError(f"{name} does not answer ({type(error).__name__}).", dependency=name.lower()) from error
