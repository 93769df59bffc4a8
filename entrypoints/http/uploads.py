"""Multipart uploads, read as they arrive: a file is never held whole, its form's fields may come in any order."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from litestar import Request
from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from domain.datasets.parse_options import OF_THE_DATASET, ParseOptions
from domain.datasets.table_schema import UploadMode
from domain.errors import InvalidInputError
from domain.ports.system import TempWorkspace
from domain.use_cases.uploads.upload import too_large
from entrypoints.http.problems import ClientGoneError
from entrypoints.parameters import option_fields, texts_to

FILE: Final = "file"
OPTIONS: Final = {option.form_name: option for option in option_fields(ParseOptions)}
FIELDS: Final = frozenset({*OPTIONS, "datasetName", "datasetId", "mode"})
REPEATABLE: Final = frozenset(name for name, option in OPTIONS.items() if option.repeated)
MAX_FIELD_BYTES: Final = 64 * 1024  # the longest plausible column name, times a thousand
MAX_PARTS: Final = 4096  # a metric column each, of the widest table DuckDB sniffs
FORM_OVERHEAD: Final = 1024 * 1024  # boundaries, headers and fields around the largest file allowed
MAX_FILE_NAME: Final = 255  # what file systems take
SPOOL_CHUNK: Final = 1024 * 1024  # one write to disk, off the event loop


class MultipartUpload:
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
            raise too_large(self._limit)

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
                    raise too_large(self._limit)
                yield bytes(event)
        await self._read_fields(until_file=False)

    def one(self, name: str) -> str | None:
        """The value of a field; None if it is missing or blank."""
        values = self.fields.get(name)
        return values[0] if values and values[0].strip() else None

    def parse_options(self) -> ParseOptions:
        """What the fields say of the file's columns. Raises InvalidInputError."""
        return texts_to(ParseOptions, self.fields)

    def mode(self) -> UploadMode:
        """What the file is to the dataset. Raises InvalidInputError."""
        text = self.one("mode") or UploadMode.REPLACE
        if text not in list(UploadMode):
            raise InvalidInputError(f"mode: {text!r} is not possible; choose replace or append.", field="mode")
        if text == UploadMode.APPEND:
            check_of_added_rows({option.field: name for name, option in OPTIONS.items() if self.fields.get(name)})
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


async def head_of(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """Read everything, yield the first ``size`` bytes."""
    left = size
    async for chunk in chunks:
        if left > 0:
            yield chunk[:left]
            left -= len(chunk)


@asynccontextmanager
async def spooled(chunks: AsyncIterator[bytes], temp_workspace: TempWorkspace) -> AsyncIterator[Path]:
    """Everything that comes, as a file for as long as the context lasts."""
    async with temp_workspace.folder() as folder:
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


def check_of_added_rows(given: Mapping[str, str]) -> None:
    """Refuse options of rows to add that are the dataset's own.

    Args:
        given: what the request calls each field of ParseOptions that it has.

    Raises:
        InvalidInputError: names the first such option.
    """
    for option in OF_THE_DATASET:
        if option in given:
            name = given[option]
            raise InvalidInputError(
                f"Rows that are added are read with the dataset's own {name}: leave it out.", field=name
            )


def _text(name: str, value: bytearray) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"The field {name} is not UTF-8 text.", field=name) from error
