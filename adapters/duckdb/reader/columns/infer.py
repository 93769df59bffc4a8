"""What the columns of an opened table are taken for, from a sample of its cells."""

from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.numbers import is_missing, parse_number
from adapters.duckdb.reader.columns.overrides import typed_as_said
from adapters.duckdb.reader.columns.plan import ColumnPlan, cells_of, judge_columns
from adapters.duckdb.reader.columns.time_cells import parse_time
from adapters.duckdb.reader.columns.time_formats import EPOCHS, PROVEN_BY_ROWS, Family
from adapters.duckdb.reader.columns.zone_names import AMBIGUOUS
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.stage import Unread
from domain.datasets.columns import ColumnRole, ColumnType
from domain.datasets.parse_options import ParseOptions

SAMPLE_CELLS: Final = 1_000  # per column, from the head, the middle and the end of the file
SAMPLE_TOTAL: Final = 40_000  # over all columns: 0.3 s of looking, however wide the file
FEWEST_CELLS: Final = 100


def judged(opened: Opened, options: ParseOptions) -> tuple[tuple[ColumnPlan, ...], str]:
    """Return what each column is, as said by the user or by its cells, and the file's decimal sign."""
    each = max(FEWEST_CELLS, min(SAMPLE_CELLS, SAMPLE_TOTAL // len(opened.names)))
    samples = [cells_of(opened.sample, i, each) for i in range(len(opened.names))]
    rows = max(1, len(opened.sample))
    filled = [sum(not is_missing(row[i]) for row in opened.sample) / rows for i in range(len(opened.names))]
    columns, decimal = judge_columns(opened.names, samples, options, opened.dialect.delimiter or "", filled)
    if opened.natives is not None:
        columns = tuple(native.applied(column) for native, column in zip(opened.natives, columns, strict=True))
    return typed_as_said(columns, options), decimal


def guesses(columns: Sequence[ColumnPlan]) -> list[str]:
    """Say which separators were taken for thousands without a proof."""
    return [
        f"Column “{column.name}”: “{column.guessed.strip()}” was read as"
        f" {parse_number(column.guessed, column.number):,.15g}, for nothing in the file proves that its"
        f" “{column.number.thousands}” is a decimal sign. Say which decimal sign it has if that is wrong."
        for column in columns
        if column.guessed and column.number is not None and parse_number(column.guessed, column.number) is not None
    ]


def time_notes(time: ColumnPlan) -> list[str]:
    """Say how the times were read where their cells do not show it."""
    form, name = time.time, time.name
    if form is None or form.native:
        return []
    notes = [text.format(name) for family, text in _READ_AS.items() if family in form.families]
    if set(form.families) & set(PROVEN_BY_ROWS) and (read := parse_time(time.example, form)) is not None:
        notes.append(
            f"“{time.example.strip()[:20]}” in “{name}” is read as month {read[0].month} of {read[0].year}: the file"
            " gives no century."
        )
    if form.span:
        notes.append(f"Column “{name}” holds intervals: each is taken at its beginning.")
    if any(minutes is not None and zone in AMBIGUOUS for zone, minutes in form.zones):
        notes.append(f"Names of time zones in “{name}” are read as your time zone has them.")
    return notes


_READ_AS: Final = {
    Family.EXCEL: "The numbers in “{}” are read as the serial days of Excel, counted from 1899-12-30.",
    Family.DECIMAL_YEAR: "The numbers in “{}” are read as years with a fraction.",
    Family.DECIMAL_MONTH: "The numbers in “{}” are read as years with a fraction, of months.",
    Family.FINANCIAL: "The years in “{}” go from one into the next: each is taken at its first.",
    **{family: "The numbers in “{}” are read as " + family + " since 1970." for family in EPOCHS},
}


def unread_notes(unread: dict[str, Unread]) -> list[str]:
    """Say which cells of rows that stay are no numbers."""
    return [
        f"Column “{name}”: {one.staying:,} cell{'' if one.staying == 1 else 's'} could not be read as a number"
        f" (“{one.example.strip()[:60]}”) and count{'s' if one.staying == 1 else ''} as empty."
        for name, one in unread.items()
    ]


MOST_VALUES: Final = 10_000  # of a dimension: more are names of rows
REPEATS: Final = 2  # rows for each value on the average: fewer name rows


def role_of(column: ColumnPlan, time: str | None, metrics: Sequence[str]) -> ColumnRole:
    """Return what a column is for, a dimension by a sample of its cells."""
    if column.name == time or column.type is ColumnType.TIME:
        return ColumnRole.TIME if column.name == time else ColumnRole.OTHER
    if column.name in metrics:
        return ColumnRole.METRIC
    different = len(set(column.cells))
    groups = column.type in {ColumnType.TEXT, ColumnType.BOOLEAN} or bool(column.naming)
    many = REPEATS * different <= len(column.cells) and different <= MOST_VALUES
    return ColumnRole.DIMENSION if groups and different > 1 and many else ColumnRole.OTHER
