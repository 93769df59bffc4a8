"""What a client is handed to send a file straight to the store."""

from datetime import datetime

from domain.struct import Struct


class UploadTicket(Struct, frozen=True):
    """Where to send the file: multipart/form-data to `url`, every one of `fields` first, the file last as `file`.

    No Authorization header, no cookie. 204 means it is there; then follow
    `/api/datasets/{datasetId}/events?version={version}`. The store takes exactly `sizeBytes` bytes, begun before
    `expiresAt`; until the file is there no list shows anything of it.
    """

    dataset_id: str
    version: int
    upload_id: str
    url: str
    fields: dict[str, str]
    size_bytes: int
    expires_at: datetime
