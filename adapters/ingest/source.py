"""From bytes to a plain file of known kind: by content, never by name. Compression, encoding, binary."""

import codecs
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.dataset import Encoding, FileFormat
from domain.errors import BinaryFileError, EmptyFileError, InvalidInputError, MalformedFileError

CHUNK: Final = 8 * 1024 * 1024  # big enough that numpy's passes dominate, small against the memory budget
HEAD: Final = 64 * 1024
MAX_DECOMPRESSED: Final = 8 * 1024**3  # eight times the largest file the memory budget is promised for
_MAGIC: Final = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"ORC": "an ORC file",
    b"ARROW1": "an Arrow file",
    b"\x7fELF": "a program",
}
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read as it is: Parquet, or text in UTF-8 without a BOM at ``start``.

    Attributes:
        path: the file itself, or a plain copy in the scratch folder.
        parquet: whether it is Parquet; else text.
        encoding: what the text was in.
        compression: "gzip" or None.
        start: where the text begins, in bytes (behind a BOM).
        whole: False if it is only the head of a file.
    """

    path: Path
    parquet: bool
    encoding: str | None
    compression: str | None
    start: int = 0
    whole: bool = True

    def head(self, size: int = HEAD) -> bytes:
        """Return the first bytes of the text."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(size)


def open_source(
    path: Path, work: Path, *, max_bytes: int, encoding: Encoding | None = None, whole: bool = True
) -> Source:
    """Make a file plain.

    Args:
        path: the file as it came.
        work: scratch folder for plain copies.
        max_bytes: limit for what a compressed file may grow to.
        encoding: what the user said the text is in; no other is tried then.
        whole: False if ``path`` may be cut off anywhere.

    Raises:
        EmptyFileError, BinaryFileError, MalformedFileError, InvalidInputError.
    """
    with path.open("rb") as file:
        magic = file.read(8)
    compression = None
    if magic[:2] == b"\x1f\x8b":
        path, compression = _gunzip(path, work / "plain", max_bytes=max_bytes, whole=whole), "gzip"
        with path.open("rb") as file:
            magic = file.read(8)
    if magic[:4] == b"PAR1":
        if encoding is not None:
            raise InvalidInputError(
                f"The file is Parquet, which has no encoding to choose: leave {encoding} out.", field="encoding"
            )
        return Source(path, parquet=True, encoding=None, compression=compression, whole=whole)
    for start, kind in _MAGIC.items():
        if magic.startswith(start[:8]):
            raise BinaryFileError(
                f"The file is {kind}, not a table that can be read here. "
                "Export it as CSV, JSON or Parquet and upload that."
            )
    with path.open("rb") as file:
        head = file.read(HEAD)
    if encoding is not None:
        codec = (_bare_utf16(head) or "utf-16") if encoding is Encoding.UTF_16 else encoding.value
        return transcode(Source(path, False, encoding, compression, whole=whole), codec, work)  # noqa: FBT003 - not Parquet
    return _text(path, head, work, compression=compression, whole=whole)


def _text(path: Path, head: bytes, work: Path, *, compression: str | None, whole: bool) -> Source:
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if encoding is None and not head.strip():
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if chunk.strip():
                    break
            else:
                raise EmptyFileError("The file is empty: it holds no row. Choose a file with a header and rows.")
    encoding = encoding or _bare_utf16(head)
    if encoding is None and (head.count(0) > 0.01 * len(head) or _control_share(head) > 0.05):  # noqa: PLR2004 - text holds next to none
        raise BinaryFileError("The file is binary, whatever its name says. Upload CSV, JSON or Parquet.")
    if encoding == "utf-8-sig":
        return Source(path, parquet=False, encoding="utf-8", compression=compression, start=3, whole=whole)
    if encoding is None:
        return Source(path, parquet=False, encoding="utf-8", compression=compression, whole=whole)
    return transcode(Source(path, False, encoding, compression, whole=whole), encoding, work)  # noqa: FBT003


def _bare_utf16(head: bytes) -> str | None:
    """Recognise UTF-16 without a BOM: in ASCII text every other byte is zero."""
    pairs = head[: len(head) // 2 * 2]
    if len(pairs) < 8:  # noqa: PLR2004 - too short to tell
        return None
    even, odd = pairs[::2].count(0) / (len(pairs) / 2), pairs[1::2].count(0) / (len(pairs) / 2)
    if odd > 0.7 and even < 0.05:  # noqa: PLR2004
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else None  # noqa: PLR2004


def _control_share(head: bytes) -> float:
    plain = head.translate(None, bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32)) + b"\x7f")
    return 1 - len(plain) / len(head) if head else 0.0


def _gunzip(path: Path, target: Path, *, max_bytes: int, whole: bool) -> Path:
    """Decompress every member of a gzip file, up to a limit of bytes."""
    written, inside = 0, False
    decoder = zlib.decompressobj(wbits=31)
    with path.open("rb") as source, target.open("wb") as out:
        pending = b""
        while pending := pending or source.read(1024 * 1024):
            inside = True
            try:
                plain = decoder.decompress(pending, CHUNK)
            except zlib.error as error:
                raise MalformedFileError(
                    f"The gzip file is damaged after {written:,} bytes of text ({error}). Compress it again."
                ) from error
            written += len(plain)
            if written > max_bytes:
                raise MalformedFileError(
                    f"The gzip file grows beyond {max_bytes:,} bytes when unpacked. Upload less at once.",
                    limitBytes=max_bytes,
                )
            out.write(plain)
            pending = decoder.unconsumed_tail
            if decoder.eof:  # another member may follow (RFC 1952 section 2.2), zero padding may too
                pending, inside = decoder.unused_data.lstrip(b"\x00"), False
                decoder = zlib.decompressobj(wbits=31)
    if whole and inside:
        raise MalformedFileError(
            f"The gzip file ends before its data do (after {written:,} bytes of text). Upload it again."
        )
    return target


def transcode(source: Source, encoding: str, work: Path) -> Source:
    """Write the text as UTF-8 into the scratch folder.

    Raises:
        MalformedFileError: it is not text of this encoding.
    """
    target = work / "utf8"
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    with source.path.open("rb") as read, target.open("wb") as out:
        read.seek(source.start)
        first = True
        while True:
            chunk = read.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk and source.whole)
            except UnicodeDecodeError as error:
                raise MalformedFileError(
                    f"The text is not {encoding.upper()} all through: it cannot be decoded near byte {read.tell():,}. "
                    "Choose the encoding it was saved in, or save it as UTF-8 and upload it again."
                ) from error
            if first:
                text, first = text.removeprefix("\ufeff"), False
            out.write(text.encode())
            if not chunk:
                break
    return Source(target, parquet=False, encoding=encoding, compression=source.compression, whole=source.whole)


def legacy_encoding(source: Source) -> str:
    """Choose between the two one-byte encodings: cp1252, unless a byte occurs that it does not define."""
    undefined = b"\x81\x8d\x8f\x90\x9d"
    with source.path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if len(chunk.translate(None, undefined)) != len(chunk):
                return "latin-1"
    return "cp1252"


def json_format(head: bytes) -> FileFormat | None:
    """Tell JSON from delimited text by the first characters."""
    text = head.lstrip()
    if text[:1] == b"[":
        return FileFormat.JSON if text[1:].lstrip()[:1] in {b"{", b"]", b"["} else None
    if text[:1] != b"{":
        return None
    first_line = text.split(b"\n", 1)[0].rstrip()
    return FileFormat.NDJSON if first_line.endswith(b"}") and b"\n" in text.rstrip() else FileFormat.JSON
