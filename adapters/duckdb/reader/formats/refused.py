"""Files that are known and hold no table that is read here: each kind with a sentence of its own.

A new kind is one line of ``REFUSED``.
"""

import re
from dataclasses import dataclass
from typing import Final

from adapters.duckdb.reader.formats.log_lines import is_log
from domain.errors import BinaryFileError


@dataclass(frozen=True, slots=True)
class RefusedKind:
    """A kind of file: what it is, how it is recognised, and what to do instead.

    Attributes:
        name: with its article, as the sentence needs it.
        advice: what to do instead.
        magic: bytes that such a file begins with, any of them.
        pattern: of its first bytes, where no fixed beginning tells.
    """

    name: str
    advice: str
    magic: tuple[bytes, ...] = ()
    pattern: re.Pattern[bytes] | None = None

    def matches(self, head: bytes) -> bool:
        """Return whether a file that begins so is of this kind."""
        return head.startswith(self.magic) or (self.pattern is not None and self.pattern.match(head) is not None)


_EXPORT: Final = "Export the table as CSV, Excel or Parquet and upload that."
REFUSED: Final = (
    RefusedKind(
        "an SQLite database",
        "Export one table of it (sqlite3 file.sqlite -csv -header 'SELECT * FROM table') and upload that.",
        (b"SQLite format 3\x00",),
    ),
    RefusedKind("a PDF document", "Export the table it shows as CSV or Excel from where it was made.", (b"%PDF-",)),
    RefusedKind(
        "a workbook in Excel's XML of 2003, whatever its name",
        "Open it in Excel or LibreOffice and save it as .xlsx or CSV.",
        pattern=re.compile(rb"(?s:.{0,2000})urn:schemas-microsoft-com:office:spreadsheet"),
    ),
    RefusedKind(
        "a web page (HTML) that was named like a workbook",
        "Open it in Excel or LibreOffice and save it as .xlsx or CSV.",
        pattern=re.compile(rb"(?s:.{0,2000})(?:urn:schemas-microsoft-com:office:excel|ProgId[^>]{0,20}Excel)"),
    ),
    RefusedKind(
        "the metrics page of a program for Prometheus, which holds one moment",
        "Query Prometheus for a range (/api/v1/query_range) and upload its answer.",
        pattern=re.compile(rb"# (?:HELP|TYPE) [a-zA-Z_:]"),
    ),
    RefusedKind(
        "InfluxDB's line protocol",
        "Export the result of a query as CSV.",
        pattern=re.compile(
            rb"[\w.-]{1,80}(?:,[^\s,=]{1,80}=[^\s,]{1,80}){0,20} [^\s=,]{1,80}=[^\s]{1,200} \d{16,19}\r?\n"
        ),
    ),
    RefusedKind(
        "a web page (HTML)",
        "Save the data behind it: look for its “Download” or “Export CSV”.",
        pattern=re.compile(
            rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,200}<(?:!DOCTYPE[ \t]+html|html|head|body|table)\b", re.IGNORECASE
        ),
    ),
    RefusedKind(
        "an XML document",
        "Export the records as CSV or JSON.",
        pattern=re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,200}<(?:\?xml\b|[A-Za-z][\w:.-]{0,100}[ >](?![,;\t]))"),
    ),
    RefusedKind(
        "an image",
        "Take the numbers it shows from their source, as CSV or Excel.",
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM\x36", b"<svg"),
        re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    ),
    RefusedKind(
        "an image", "Take the numbers it shows from their source.", pattern=re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
    ),
    RefusedKind("an ORC file", "Convert it to Parquet.", (b"ORC",)),
    RefusedKind("an Avro file", "Convert it to Parquet or JSON.", (b"Obj\x01",)),
    RefusedKind("an HDF5 or NetCDF file", _EXPORT, (b"\x89HDF\r\n\x1a\n", b"CDF\x01", b"CDF\x02")),
    RefusedKind(
        "a pickle of Python", "Write the table with to_csv or to_parquet.", (b"\x80\x03", b"\x80\x04", b"\x80\x05")
    ),
    RefusedKind("a NumPy array", "Write it as CSV with the times beside it.", (b"\x93NUMPY",)),
    RefusedKind("an R data file", "Write the data frame with write.csv.", (b"RDX2\n", b"RDX3\n", b"X\n\x00\x00\x00")),
    RefusedKind("a Stata file", _EXPORT, (b"<stata_dta>",)),
    RefusedKind("an SPSS file", _EXPORT, (b"$FL2", b"$FL3")),
    RefusedKind("a SAS file", _EXPORT, (b"\x00" * 12 + b"\xc2\xea\x81\x60",)),
    RefusedKind("a MATLAB file", "Write the table with writetable.", (b"MATLAB 5.0 MAT-file",)),
    RefusedKind("a 7-Zip archive", "Unpack it, or pack it as ZIP.", (b"7z\xbc\xaf\x27\x1c",)),
    RefusedKind("a RAR archive", "Unpack it, or pack it as ZIP.", (b"Rar!\x1a\x07",)),
    RefusedKind(
        "a TAR archive", "Unpack it and upload the table alone.", pattern=re.compile(rb".{257}ustar", re.DOTALL)
    ),
    RefusedKind("an LZ4 file", "Compress it with gzip or zstd.", (b"\x04\x22\x4d\x18",)),
    RefusedKind("a program", "Upload a table instead.", (b"\x7fELF", b"MZ\x90\x00", b"\xcf\xfa\xed\xfe")),
    RefusedKind("an audio or video file", "Upload a table instead.", (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")),
    RefusedKind("an RTF document", "Save the table it holds as CSV.", (b"{\\rtf",)),
    RefusedKind(
        "the pointer of a Git LFS file, not the file itself",
        "Fetch the file (git lfs pull) and upload that.",
        (b"version https://git-lfs.github.com/spec/",),
    ),
    RefusedKind(
        "a database dump (SQL)",
        "Export one table of it as CSV.",
        pattern=re.compile(
            rb"(?:--[^\n]{0,200}\n|\s){0,50}(?:CREATE TABLE|INSERT INTO|DROP TABLE|BEGIN TRANSACTION)\b", re.IGNORECASE
        ),
    ),
)


def refuse_known(head: bytes) -> None:
    """Refuse a file of a kind that is known and not read.

    Args:
        head: its first bytes.

    Raises:
        BinaryFileError: with the kind's name and what to do instead.
    """
    if is_log(head):
        raise BinaryFileError(
            "The file is a log: its lines begin with a time, but no sign divides them into columns. Write it as CSV or"
            " as one JSON object per line, or count its lines per minute or hour and upload the counts."
        )
    for kind in REFUSED:
        if kind.matches(head):
            raise BinaryFileError(f"The file is {kind.name}, which is not read here. {kind.advice}")
