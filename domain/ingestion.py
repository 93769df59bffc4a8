"""Reading a file: what a preview shows, and what reading it all found."""

from datetime import datetime
from pathlib import Path

from domain.dataset import Column, ColumnType, DataQuality, FileFormat
from domain.value import Value


class Dialect(Value, frozen=True):
    """How the text was read. Fields that do not apply to a format are None."""

    encoding: str | None = None
    compression: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_line: int | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: str | None = None


class PreviewColumn(Value, frozen=True):
    """A column with some of its cells as they stand in the file."""

    name: str
    type: ColumnType
    unit: str | None
    samples: tuple[str, ...]


class Preview(Value, frozen=True):
    """What the head of a file tells. ``warnings`` are sentences; ``confidence`` of the guess is 0 to 1."""

    format: FileFormat
    dialect: Dialect
    columns: tuple[PreviewColumn, ...]
    time_column: str | None
    metric_columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    warnings: tuple[str, ...]


class Reject(Value, frozen=True):
    """A row that could not be used: 1-based line (or record) number, the column, its raw value, and why."""

    line: int
    column: str
    value: str
    reason: str


class IngestReport(Value, frozen=True):
    """What came of reading the whole file.

    ``table`` is a Parquet file: column ``t`` (TIMESTAMP, UTC, ascending) and one DOUBLE column per metric, named
    as in ``metric_columns``; text and boolean columns are kept under their own names. ``rejects`` is the CSV of
    every rejected row.
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
