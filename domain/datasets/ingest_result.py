"""Reading a file: what a preview shows, and what reading it all found."""

from datetime import datetime
from pathlib import Path
from typing import Final

from domain.datasets.columns import Column, ColumnRole, ColumnType
from domain.datasets.dataset import DataQuality
from domain.datasets.dimensions import Dimension
from domain.datasets.parse_options import FileFormat
from domain.struct import Struct

PREVIEW_BYTES: Final = 4 * 1024 * 1024  # tens of thousands of rows: enough to tell types and dialect


class Dialect(Struct, frozen=True):
    """How the text was read. Fields that do not apply to a format are None."""

    encoding: str | None = None
    compression: str | None = None
    sheet: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_line: int | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: str | None = None


class PreviewColumn(Struct, frozen=True):
    """A column as it will be stored, with some of its cells.

    Attributes:
        role: what it is for.
        evidence: why, where that is a guess; else "".
    """

    name: str
    type: ColumnType
    unit: str | None
    samples: tuple[str, ...]
    role: ColumnRole | None = None
    evidence: str = ""


class Guess(Struct, frozen=True):
    """What was decided from the file, and how to decide otherwise.

    Attributes:
        field: the upload's option that overrules it.
        value: what was decided, as that option writes it; None where the file does not tell.
        evidence: why, in a sentence.
        alternatives: other values of the option that are possible.
        asks: whether the user should answer before the file is read.
    """

    field: str
    value: str | None
    evidence: str
    alternatives: tuple[str, ...] = ()
    asks: bool = False


class Preview(Struct, frozen=True):
    """What the head of a file tells: the table as it will be stored. ``warnings`` are sentences.

    ``dimensions`` are counted in a sample of its rows.
    """

    format: FileFormat
    dialect: Dialect
    columns: tuple[PreviewColumn, ...]
    time_column: str | None
    metric_columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    warnings: tuple[str, ...]
    guesses: tuple[Guess, ...] = ()
    dimensions: tuple[Dimension, ...] = ()


class Reject(Struct, frozen=True):
    """A row that could not be used: 1-based line (or record) number, the column, its raw value, and why."""

    line: int
    column: str
    value: str
    reason: str


class IngestResult(Struct, frozen=True):
    """What came of reading the whole file.

    ``table`` is a Parquet file: column ``t`` (TIMESTAMP, UTC, ascending) and one DOUBLE column per metric, named
    as in ``metric_columns``; text and boolean columns are kept under their own names. ``rejects`` is the CSV of
    every rejected row. ``dimensions`` are counted in all rows.
    """

    table: Path
    rejects: Path
    columns: tuple[Column, ...]
    time_column: str
    metric_columns: tuple[str, ...]
    row_count: int
    first_time: datetime
    last_time: datetime
    quality: DataQuality
    dimensions: tuple[Dimension, ...] = ()
