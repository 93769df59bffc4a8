"""What the service and a reading process write to each other: MessagePack in frames of a known length."""

from pathlib import Path
from typing import Any, Final

import msgspec

from adapters.duckdb.limits import ReadLimits
from domain.datasets.ingest_result import IngestResult, Preview
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import TableShape
from domain.struct import Struct

LENGTH_BYTES: Final = 4  # of the length in front of a frame, big end first
MAX_FRAME: Final = 256 * 1024 * 1024  # a result names every column; a longer frame is no message of ours


class Setup(Struct, frozen=True, tag="setup"):
    """What holds for a process as long as it lives.

    Attributes:
        threads: that DuckDB may use.
        memory: that DuckDB may use before it spills to disk, in its words ("512MB").
        address_space_bytes: that the process may ask for in all.
        file_bytes: largest file that it may write.
        limits: of what a file may hold.
    """

    threads: int
    memory: str
    address_space_bytes: int
    file_bytes: int
    limits: ReadLimits


class PreviewRequest(Struct, frozen=True, tag="preview"):
    """``TableReader.preview``, with a folder for unpacked copies."""

    path: Path
    options: ParseOptions
    like: TableShape | None
    work: Path
    seconds: int


class IngestRequest(Struct, frozen=True, tag="ingest"):
    """``TableReader.ingest``."""

    path: Path
    options: ParseOptions
    like: TableShape | None
    into: Path
    seconds: int


class AppendRequest(Struct, frozen=True, tag="append"):
    """``TableReader.append``."""

    earlier: Path
    added: IngestResult
    into: Path
    options: ParseOptions
    seconds: int


class Ready(Struct, frozen=True, tag="ready"):
    """The process has loaded everything and waits for a request."""


class Progressed(Struct, frozen=True, tag="progressed"):
    """A part of the file, 0 to 1, is done."""

    fraction: float
    message: str


class Previewed(Struct, frozen=True, tag="previewed"):
    """The answer to a ``PreviewRequest``."""

    preview: Preview


class Ingested(Struct, frozen=True, tag="ingested"):
    """The answer to an ``IngestRequest`` or an ``AppendRequest``."""

    result: IngestResult


class Refused(Struct, frozen=True, tag="refused"):
    """An error of the domain's tree, by its code."""

    code: str
    message: str
    details: dict[str, Any]


class OutOfMemory(Struct, frozen=True, tag="memory"):
    """The process was refused more memory."""


class Broken(Struct, frozen=True, tag="broken"):
    """An error outside of the domain's tree: a fault of ours. ``traceback`` is for the log."""

    kind: str
    traceback: str


Request = PreviewRequest | IngestRequest | AppendRequest
Answer = Previewed | Ingested | Refused | OutOfMemory | Broken
FromChild = Ready | Progressed | Answer


def framed(message: object) -> bytes:
    """Return a message with its length in front. Raises UnicodeEncodeError for text that is no Unicode."""
    body = msgspec.msgpack.encode(message, enc_hook=_encoded)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def parsed(body: bytes, kind: Any) -> Any:
    """Return the message in a frame, of this kind or one of this union. Raises msgspec.DecodeError."""
    return msgspec.msgpack.decode(body, type=kind, dec_hook=_decoded)


def _encoded(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _decoded(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(kind.__name__)
