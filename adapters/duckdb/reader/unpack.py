"""Compressed files and archives: unpacked into the scratch folder, never beyond a limit of bytes.

A new kind is one entry of ``UNPACKERS``.
"""

import bz2
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from adapters.duckdb.limits import ReadLimits
from adapters.duckdb.reader.formats.workbook_mark import is_workbook
from domain.errors import InvalidInputError, MalformedFileError, SeveralTablesError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BLOCK: Final = 8 * 1024 * 1024  # of unpacked bytes at a time
READ: Final = 64 * 1024  # what follows a member is copied once per member: no more than this at a time
MAX_LAYERS: Final = 3  # of one packing inside another: a .csv.gz inside a .zip, and one to spare
XZ_MEMORY: Final = 128 * 1024 * 1024  # a dictionary of 64 MiB (xz -9) needs 65 MiB
ZSTD_WINDOW_LOG: Final = 27  # 128 MiB, what the zstd tool reads without --long
PREVIEW_BYTES: Final = 16 * 1024 * 1024  # unpacked: a preview reads 1 MiB of text, or a small Parquet file whole
MAX_EMPTY: Final = 10_000  # members in a row without a byte; tools that append to a log write one now and then
MAX_MEMBERS: Final = 10_000  # of an archive that are looked through
SHOWN_MEMBERS: Final = 20


class Decoder(Protocol):
    """What the decompressors of bz2, lzma and zstd share."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed file and where its content may go.

    Attributes:
        path: the file.
        target: to write.
        max_bytes: that it may grow to.
        whole: False if the file may be cut off anywhere.
        member: the file inside an archive that the user chose.
    """

    path: Path
    target: Path
    max_bytes: int
    whole: bool
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Unpacker:
    """One kind of compressed file or archive: its name, the bytes it begins with, and how it is unpacked."""

    name: str
    magic: bytes
    unpack: Callable[[Packed], None]


class _Gzip:
    """Zlib's decoder of one gzip member with the interface of the others."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


def unpack(path: Path, work: Path, *, max_bytes: int, whole: bool, member: str | None) -> tuple[Path, str | None]:
    """Unpack a file as often as it is packed.

    Args:
        path: the file as it came.
        work: scratch folder.
        max_bytes: limit of what it may grow to, over all layers.
        whole: False if the file may be cut off anywhere.
        member: the file inside an archive that the user chose.

    Returns:
        The plain file and the name of the outermost compression, None if there was none.

    Raises:
        MalformedFileError: it is damaged, cut off, encrypted or grows beyond the limit.
        SeveralTablesError: an archive holds several files and none was chosen.
        InvalidInputError: a member was chosen that is not there.
    """
    outermost = None
    for layer in range(MAX_LAYERS + 1):
        unpacker = _unpacker_of(path)
        if unpacker is None:
            break
        if layer == MAX_LAYERS:
            raise MalformedFileError(f"The file is packed more than {MAX_LAYERS} times. Unpack it and upload that.")
        target = work / f"plain-{layer}"
        unpacker.unpack(Packed(path, target, max_bytes, whole, member))
        if layer:
            path.unlink()
        path, outermost = target, outermost or unpacker.name
    if member is not None and outermost != "zip":
        raise InvalidInputError(
            f"The file is not an archive, so it has no “{member}” to choose. Leave it out.", field="member"
        )
    return path, outermost


def _unpacker_of(path: Path) -> Unpacker | None:
    with path.open("rb") as file:
        head = file.read(8)
    unpacker = next((each for each in UNPACKERS if head.startswith(each.magic)), None)
    return None if unpacker is None or (unpacker.name == "zip" and is_workbook(path)) else unpacker


def _stream(name: str, make: Callable[[], Decoder], errors: tuple[type[Exception], ...]) -> Callable[[Packed], None]:
    """Return what unpacks a compressed stream, every member of it."""

    def unpack_stream(packed: Packed) -> None:
        try:
            with packed.path.open("rb") as source, packed.target.open("wb") as out:
                complete = _copy(_decoded(source, make), out, packed, name)
        except errors as error:
            raise MalformedFileError(f"The {name} file is damaged. Compress it again.") from error
        if packed.whole and not complete:
            raise MalformedFileError(f"The {name} file is incomplete. Upload it again.")

    return unpack_stream


def _decoded(source: BinaryIO, make: Callable[[], Decoder]) -> Iterator[tuple[bytes, bool]]:
    """Yield blocks of plain bytes, and whether a member ends with them."""
    decoder, pending = make(), b""
    while True:
        if not pending and decoder.needs_input and not (pending := source.read(READ)):
            return
        plain = decoder.decompress(pending, BLOCK)
        pending = b""
        yield plain, decoder.eof
        if decoder.eof:  # another member may follow (RFC 1952 section 2.2), zero padding may too
            pending = decoder.unused_data.lstrip(b"\x00")
            while not pending and (more := source.read(READ)):
                pending = more.lstrip(b"\x00")
            if not pending:
                return
            decoder = make()


def _copy(blocks: Iterator[tuple[bytes, bool]], out: BinaryIO, packed: Packed, name: str) -> bool:
    """Write blocks up to the limit; return whether the last member was complete."""
    written, complete, empty = 0, False, 0
    for plain, ends in blocks:
        complete = ends
        empty = 0 if plain else empty + 1
        if empty > MAX_EMPTY:
            raise MalformedFileError(f"The {name} file holds nothing in its first {empty:,} parts. Compress it again.")
        written += len(plain)
        if written > packed.max_bytes:
            ReadLimits(max_unpacked_bytes=packed.max_bytes).check_unpacked(written)
        out.write(plain)
        if written > PREVIEW_BYTES and not packed.whole:
            break
    return complete


def _unzip(packed: Packed) -> None:
    try:
        with zipfile.ZipFile(packed.path) as archive:
            member = _member_of(archive, packed.member)
            if member.flag_bits & 1:
                raise MalformedFileError("The ZIP archive is encrypted. Upload it without a password.")
            with archive.open(member) as source, packed.target.open("wb") as out:
                _copy(((block, True) for block in iter(lambda: source.read(BLOCK), b"")), out, packed, "zip")
    except NotImplementedError as error:
        raise MalformedFileError(
            "The ZIP archive uses an unsupported compression method. Use the standard one (deflate)."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, lzma.LZMAError, OSError) as error:
        cut = "" if packed.whole else " A preview of a ZIP archive needs the whole file."
        raise MalformedFileError(f"The ZIP archive is damaged or incomplete.{cut} Zip it again.") from error


def _member_of(archive: zipfile.ZipFile, chosen: str | None) -> zipfile.ZipInfo:
    """Return the file to read. Raises InvalidInputError, SeveralTablesError, MalformedFileError."""
    infos = [info for info in archive.infolist()[:MAX_MEMBERS] if not info.is_dir() and not _is_clutter(info.filename)]
    names = [info.filename for info in infos]
    listed = ", ".join(f"“{name}”" for name in names[:SHOWN_MEMBERS])
    more = f" and {len(names) - SHOWN_MEMBERS:,} more" if len(names) > SHOWN_MEMBERS else ""
    if chosen is not None:
        if chosen not in names:
            raise InvalidInputError(
                f"The ZIP archive has no file “{chosen}”. It has {listed or 'none'}{more}.", field="member"
            )
        return infos[names.index(chosen)]
    if not infos:
        raise MalformedFileError("The ZIP archive is empty. Zip the file with your data and upload that.")
    if len(infos) > 1:
        raise SeveralTablesError(
            f"The ZIP archive holds {len(names):,} files: {listed}{more}. Choose one (member), or upload it alone.",
            field="member",
            members=names[:MAX_MEMBERS],
        )
    return infos[0]


def _is_clutter(name: str) -> bool:
    """Whether a file is what operating systems add to archives."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".") or name.endswith("Thumbs.db")


def _zstd_decoder() -> Any:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})


UNPACKERS: Final = (
    Unpacker("gzip", b"\x1f\x8b", _stream("gzip", _Gzip, (zlib.error,))),
    Unpacker("bzip2", b"BZh", _stream("bzip2", bz2.BZ2Decompressor, (OSError, ValueError))),
    Unpacker(
        "xz",
        b"\xfd7zXZ\x00",
        _stream("xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY), (lzma.LZMAError,)),
    ),
    Unpacker("zstd", b"\x28\xb5\x2f\xfd", _stream("Zstandard", _zstd_decoder, (zstd.ZstdError,))),
    Unpacker("zip", b"PK\x03\x04", _unzip),
)
