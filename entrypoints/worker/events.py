"""What a message of the queue says: events of the bucket, or a job of our own. Pure.

S3's events: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html. Keys in them are
URL-encoded with blanks as plus signs; the first message of a new notification is ``s3:TestEvent``.
"""

import re
from typing import Any, Final
from urllib.parse import unquote_plus

import msgspec

from domain.errors import DriftlineError
from domain.ports.work import Job
from domain.struct import Struct

CREATED: Final = "ObjectCreated:"
# domain.dataset.source_key: points, rejects and reports are objects of the same bucket, and no jobs.
_SOURCE: Final = re.compile(r"users/(?P<user>[^/]+)/datasets/(?P<dataset>[^/]+)/v\d+/[^/]+/source")


class UnreadableMessageError(DriftlineError):
    """A message that is neither the bucket's event nor a job of ours."""

    code = "unreadable_message"


class FileArrived(Struct, frozen=True):
    """A source file was written to the bucket. ``name`` is the same for every delivery of the same content."""

    user_id: str
    dataset_id: str
    key: str
    name: str


class JobAsked(Struct, frozen=True):
    """A job that was submitted by a use case."""

    job: Job
    name: str
    traceparent: str = ""


Notice = FileArrived | JobAsked


def notices(body: str | bytes) -> tuple[Notice, ...]:
    """What there is to do because of a message; nothing for events that are none of a worker's business.

    Raises:
        UnreadableMessageError: it can never be read.
    """
    try:
        content = msgspec.json.decode(body)
        if "driftlineJob" in content:
            job = msgspec.convert(content["driftlineJob"], Job)
            return (JobAsked(job=job, name=str(content["name"]), traceparent=str(content.get("traceparent", ""))),)
        if content.get("Event") == "s3:TestEvent":
            return ()
        arrived = (_arrived(record) for record in content["Records"])
        return tuple(notice for notice in arrived if notice is not None)
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableMessageError(f"A message of the queue cannot be read: {error}.") from error


def _arrived(record: dict[str, Any]) -> FileArrived | None:
    if not record["eventName"].removeprefix("s3:").startswith(CREATED):
        return None
    described = record["s3"]["object"]
    key = unquote_plus(described["key"])
    match = _SOURCE.fullmatch(key)
    if match is None:
        return None
    return FileArrived(
        user_id=match["user"], dataset_id=match["dataset"], key=key, name=f"{key}@{described.get('eTag', '')}"
    )
