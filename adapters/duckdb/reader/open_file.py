"""From a file as it came to a plain file: unpacked, and of no kind that is known to hold no table."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.duckdb.reader.unpack import unpack

CHUNK: Final = 8 * 1024 * 1024  # big enough that numpy's passes dominate, small against the memory budget
HEAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file to read as it is; text is UTF-8 without a BOM at ``start`` once ``encoding`` is set.

    Attributes:
        path: the file itself, or a plain copy in the scratch folder.
        encoding: what the text was in; None for a binary format.
        compression: "gzip", "zip", ... or None.
        start: where the text begins, in bytes (behind a BOM).
        whole: False if it is only the head of a file.
    """

    path: Path
    encoding: str | None = None
    compression: str | None = None
    start: int = 0
    whole: bool = True

    def head(self, size: int = HEAD) -> bytes:
        """Return the first bytes of the text."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(size)


def open_source(path: Path, work: Path, *, max_bytes: int, member: str | None = None, whole: bool = True) -> OpenedFile:
    """Make a file plain.

    Args:
        path: the file as it came.
        work: scratch folder for plain copies.
        max_bytes: limit for what a compressed file may grow to.
        member: the file inside an archive that the user chose.
        whole: False if ``path`` may be cut off anywhere.

    Raises:
        MalformedFileError, SeveralTablesError, InvalidInputError.
    """
    plain, compression = unpack(path, work, max_bytes=max_bytes, whole=whole, member=member)
    return OpenedFile(plain, compression=compression, whole=whole)
