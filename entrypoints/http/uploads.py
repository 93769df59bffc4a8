"""Multipart uploads, read as they arrive: a file is never held whole, its form's fields may come in any order."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final, TypeVar

from litestar import Request
from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from domain.appending import UploadMode
from domain.dataset import ColumnType, Encoding, FileFormat, Roles, TypedColumn
from domain.errors import InvalidInputError, UploadTooLargeError
from domain.ports import Scratch
from entrypoints.http.problems import ClientGoneError

FILE: Final = "file"
FIELDS: Final = frozenset(
    {"datasetName", "datasetId", "timeColumn", "metricColumn", "timeZone", "dayFirst", "delimiter", "headerLine",
     "decimalComma", "format", "encoding", "columnType", "mode"}
)  # fmt: skip
OF_THE_DATASET: Final = ("timeColumn", "metricColumn", "columnType", "timeZone")  # added rows are read as those were
REPEATABLE: Final = frozenset({"metricColumn", "columnType"})
MAX_FIELD_BYTES: Final = 64 * 1024  # the longest column name anybody has, times a thousand
MAX_PARTS: Final = 4096  # a metric column each, of the widest table DuckDB sniffs
FORM_OVERHEAD: Final = 1024 * 1024  # boundaries, headers and fields around the largest file allowed
MAX_FILE_NAME: Final = 255  # what file systems take
LINE_DIGITS: Final = 6  # a header is looked for in a file's head, never a million lines down
SPOOL_CHUNK: Final = 1024 * 1024  # one write to disk, off the event loop
Choice = TypeVar("Choice", bound=StrEnum)


class UploadForm:
    """One multipart form with one file in it.

    ``start`` reads up to the file; ``chunks`` yields the file and reads what follows it. Only then are all fields
    known.

    Attributes:
        fields: the values of each field so far.
        file_name: the client's name for the file, without folders; "" before ``start``.
    """

    def __init__(self, request: Request[Any, Any, Any], max_file_bytes: int) -> None:
        self._request = request
        self._limit = max_file_bytes
        self._parser = PushMultipartParser(
            _boundary(request), max_segment_count=MAX_PARTS, max_header_size=MAX_FIELD_BYTES
        )
        self._events = self._parse()
        self.fields: dict[str, list[str]] = {}
        self.file_name = ""
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > max_file_bytes + FORM_OVERHEAD:
            raise self._too_large()

    async def start(self) -> None:
        """Read up to the first byte of the file.

        Raises:
            InvalidInputError: this is no form with one named file.
            UploadTooLargeError: already announced as larger than the limit.
        """
        await self._read_fields(until_file=True)
        if not self.file_name:
            raise InvalidInputError(
                "No file was sent. Send it as the form's part 'file', with a file name.", field=FILE
            )

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the file; when they are through, all fields are known.

        Raises:
            InvalidInputError: the form is broken, or holds a second file or an unknown field.
            UploadTooLargeError: as soon as the limit is passed; the rest is not read.
        """
        seen = 0
        async for event in self._events:
            if event is None:
                break
            if isinstance(event, bytes | bytearray):
                seen += len(event)
                if seen > self._limit:
                    raise self._too_large()
                yield bytes(event)
        await self._read_fields(until_file=False)

    def one(self, name: str) -> str | None:
        """The value of a field; None if it is missing or blank."""
        values = self.fields.get(name)
        return values[0] if values and values[0].strip() else None

    def roles(self) -> Roles:
        """What the fields say of the file's columns. Raises InvalidInputError."""
        return Roles(
            time_column=self.one("timeColumn"),
            metric_columns=tuple(name for name in self.fields.get("metricColumn", ()) if name),
            time_zone=self.one("timeZone") or "UTC",
            day_first=_boolean("dayFirst", self.one("dayFirst")),
            delimiter=delimiter_of(self.fields.get("delimiter", [""])[0]),
            header_line=_line("headerLine", self.one("headerLine")),
            decimal_comma=_boolean("decimalComma", self.one("decimalComma")),
            format=_choice("format", self.one("format"), FileFormat),
            encoding=_choice("encoding", self.one("encoding"), Encoding),
            column_types=tuple(map(_typed_column, self.fields.get("columnType", ()))),
        )

    def mode(self) -> UploadMode:
        """What the file is to the dataset. Raises InvalidInputError."""
        text = self.one("mode") or UploadMode.REPLACE
        if text not in list(UploadMode):
            raise InvalidInputError(f"mode: {text!r} is not possible; choose replace or append.", field="mode")
        if text == UploadMode.APPEND:
            for name in OF_THE_DATASET:
                if self.fields.get(name):
                    raise not_of_added_rows(name)
        return UploadMode(text)

    async def _read_fields(self, *, until_file: bool) -> None:
        name, value = "", bytearray()
        async for event in self._events:
            if isinstance(event, MultipartSegment):
                if self._is_file(event, until_file=until_file):
                    return
                name, value = self._field_name(event), bytearray()
            elif event is None:
                self.fields.setdefault(name, []).append(_text(name, value))
            else:
                value += event
                if len(value) > MAX_FIELD_BYTES:
                    raise InvalidInputError(f"The field {name} is longer than {MAX_FIELD_BYTES:,} bytes.", field=name)

    def _is_file(self, part: MultipartSegment, *, until_file: bool) -> bool:
        if part.name != FILE and part.filename is None:
            return False
        if part.name != FILE:
            raise InvalidInputError(
                f"The file came as part {part.name!r}; name the part 'file'.", field=part.name or FILE
            )
        if not until_file:
            raise InvalidInputError("Two files were sent; send one at a time.", field=FILE)
        self.file_name = plain_name(part.filename, FILE)
        return True

    def _field_name(self, part: MultipartSegment) -> str:
        name = part.name or ""
        if name not in FIELDS:
            raise InvalidInputError(
                f"The form has an unknown field {name!r}. Known are: {FILE}, {', '.join(sorted(FIELDS))}.", field=name
            )
        if name in self.fields and name not in REPEATABLE:
            raise InvalidInputError(f"The field {name} is given twice.", field=name)
        return name

    async def _parse(self) -> AsyncGenerator[MultipartSegment | bytes | bytearray | None, None]:
        try:
            async for chunk in _body(self._request):
                for event in self._parser.parse(chunk):
                    yield event
            self._parser.close()
        except ParserLimitReached as error:
            raise InvalidInputError(f"The form is too big around its file: {error}.", field=FILE) from error
        except MultipartError as error:
            raise InvalidInputError(f"This is no complete multipart form: {error}.", field=FILE) from error

    def _too_large(self) -> UploadTooLargeError:
        return UploadTooLargeError(
            f"The file is larger than the limit of {self._limit:,} bytes. "
            "Compress it (.gz) or split it, or raise DRIFTLINE_MAX_UPLOAD_BYTES.",
            limitBytes=self._limit,
        )


async def head_of(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """Read everything, yield the first ``size`` bytes."""
    left = size
    async for chunk in chunks:
        if left > 0:
            yield chunk[:left]
            left -= len(chunk)


@asynccontextmanager
async def spooled(chunks: AsyncIterator[bytes], scratch: Scratch) -> AsyncIterator[Path]:
    """Everything that comes, as a file for as long as the context lasts."""
    async with scratch.folder() as folder:
        path = folder / "spooled"
        with path.open("wb", buffering=0) as file:
            waiting = bytearray()
            async for chunk in chunks:
                waiting += chunk
                if len(waiting) >= SPOOL_CHUNK:
                    await asyncio.to_thread(file.write, waiting)
                    waiting = bytearray()
            await asyncio.to_thread(file.write, waiting)
        yield path


async def content_of(path: Path) -> AsyncIterator[bytes]:
    """A file in chunks."""
    with path.open("rb", buffering=0) as file:
        while chunk := await asyncio.to_thread(file.read, SPOOL_CHUNK):
            yield chunk


async def _body(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    # Not request.stream(): its limit is meant for JSON, and it cannot tell a hang-up from a failure of ours.
    while True:
        event = await request.receive()
        if event["type"] == "http.disconnect":
            raise ClientGoneError
        if event["type"] == "http.request":
            if event["body"]:
                yield event["body"]
            if not event.get("more_body", False):
                return


def _boundary(request: Request[Any, Any, Any]) -> str:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data":
        raise InvalidInputError(
            f"Send the file as multipart/form-data, not as {kind or 'nothing'}.", field="Content-Type"
        )
    boundary: str = options.get("boundary", "")
    if not boundary or len(boundary) > 70:  # noqa: PLR2004 - RFC 2046 section 5.1.1
        raise InvalidInputError(
            "The Content-Type names no boundary of 1 to 70 characters. Let your HTTP library write that header.",
            field="Content-Type",
        )
    return boundary


def plain_name(name: str | None, field: str) -> str:
    """A client's name for a file, without folders. Raises InvalidInputError naming the field."""
    # Some clients send a whole path, in either style. Kept for show only: it never becomes a path here.
    base = PureWindowsPath(PurePosixPath(name or "").name).name
    shown = "".join(character for character in base if character.isprintable()).strip()
    if not shown:
        raise InvalidInputError(
            f"{field!r} has an empty file name: was a file chosen? Send its name along.", field=field
        )
    return shown[-MAX_FILE_NAME:]


def not_of_added_rows(name: str) -> InvalidInputError:
    """What was said of rows to add is known of the dataset already."""
    return InvalidInputError(f"Rows that are added are read with the dataset's own {name}: leave it out.", field=name)


def _text(name: str, value: bytearray) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"The field {name} is not UTF-8 text.", field=name) from error


def _boolean(name: str, text: str | None) -> bool | None:
    if text is None:
        return None
    if text not in {"true", "false"}:
        raise InvalidInputError(f"{name}: {text!r} is not possible; choose true or false.", field=name)
    return text == "true"


def _line(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LINE_DIGITS):
        raise InvalidInputError(f"{name}: {text!r} is no line; write its number, or 0 for no header.", field=name)
    return int(text)


def _choice(name: str, text: str | None, kind: type[Choice]) -> Choice | None:
    try:
        return kind(text) if text is not None else None
    except ValueError as error:
        raise InvalidInputError(
            f"{name}: {text!r} is not possible; choose one of {', '.join(kind)}.", field=name
        ) from error


def _typed_column(text: str) -> TypedColumn:
    kind, colon, name = text.partition(":")
    chosen = _choice("columnType", kind, ColumnType)
    if not colon or not name or chosen is None:
        raise InvalidInputError(
            f"columnType: {text!r} is no type and column. Write it like number:revenue.", field="columnType"
        )
    return TypedColumn(name=name, type=chosen)


def delimiter_of(text: str) -> str | None:
    """The character that a request means; None for nothing said. Raises InvalidInputError."""
    named = {"": None, "tab": "\t", "\\t": "\t"}
    delimiter = named.get(text, text)
    if delimiter is not None and len(delimiter) != 1:
        raise InvalidInputError(f"delimiter: {text!r} is not one character (or the word tab).", field="delimiter")
    return delimiter
