"""What a file format is to the reader: how it is recognised and how it becomes a table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.duckdb.limits import DEFAULT_LIMITS, ReadLimits
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import Opened
from domain.datasets.ingest_result import Reject
from domain.datasets.parse_options import FileFormat, ParseOptions


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A file to open as a table.

    Attributes:
        source: the file, unpacked; text has been decoded to UTF-8.
        work: scratch folder.
        options: what the user set.
        reject: receives every row of a wrong shape.
        whole: False to look at the head only: the relation is then not to be read.
        report: receives the fraction checked, 0 to 1.
        limits: of what the file may hold.
    """

    source: OpenedFile
    work: Path
    options: ParseOptions
    reject: Callable[[Reject], None]
    whole: bool = True
    report: Callable[[float], None] = lambda _: None
    limits: ReadLimits = DEFAULT_LIMITS

    def of(self, source: OpenedFile) -> "OpenRequest":
        """Return the same request for another copy of the file."""
        return replace(self, source=source)


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    Attributes:
        kinds: the values of ``FileFormat`` it stands for.
        name: as messages call it.
        text: whether it is text, which is decoded before it is opened.
        matches: whether a file is of this format, by its content.
        header: whether a line or row of it may name the columns.
        open: makes a table of it; raises ``UnusableFileError`` and its subclasses, ``InvalidInputError``.
    """

    kinds: tuple[FileFormat, ...]
    name: str
    text: bool
    matches: Callable[[OpenedFile], bool]
    open: Callable[[OpenRequest], Opened]
    header: bool = False
