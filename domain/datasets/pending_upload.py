"""Uploads that were announced: a browser sends the file straight to the store, and the store tells a worker.

Until the file is there nothing of it is a dataset: a list shows none that may never come, and the version that is
being viewed stays the newest. An announcement whose file never comes is forgotten.
"""

from datetime import datetime, timedelta
from typing import Final

from domain.datasets.parse_options import ParseOptions
from domain.struct import Struct

FORM_LIFETIME: Final = timedelta(hours=1)  # to begin sending: S3 checks the time when a form arrives, not when it ends
STILL_AWAITED: Final = timedelta(hours=1)  # after that: the last byte of a large file on a slow line, and the queue
REMEMBERED: Final = timedelta(days=15)  # SQS keeps the message that tells of the file for at most 14
MAX_FORM_BYTES: Final = 5 * 1024**3  # what S3 takes by a form (user guide, "Uploading objects")


class PresignedUpload(Struct, frozen=True):
    """A form that a browser sends to ``url`` as multipart/form-data: ``fields`` first, the file last, as ``file``."""

    url: str
    fields: dict[str, str]


class PendingUpload(Struct, frozen=True):
    """A file that may come: under which key, whose, and what it is to become.

    ``version`` is what the user was told; the file becomes a later one if another upload came first. Version 1
    begins a new dataset. With ``appended_to`` its rows join those of an earlier version: of this one, or of a newer one
    that is there when the file comes.
    """

    key: str
    user_id: str
    dataset_id: str
    dataset_name: str | None
    version: int
    file_name: str
    size_bytes: int
    parse_options: ParseOptions
    announced_at: datetime
    expires_at: datetime
    appended_to: int | None = None

    @property
    def upload_id(self) -> str:
        """What tells this upload from others for the same version (``domain.datasets.dataset.source_key``)."""
        return self.key.split("/")[-2]

    def is_awaited(self, now: datetime) -> bool:
        """Whether its file may still be on its way."""
        return now < self.expires_at + STILL_AWAITED
