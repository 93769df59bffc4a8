"""What the columns of an opened table are taken for, from a sample of its cells."""

from collections.abc import Collection, Sequence
from typing import Final

from adapters.duckdb.reader.columns.eras import far_ahead
from adapters.duckdb.reader.columns.numbers import is_missing, parse_number
from adapters.duckdb.reader.columns.overrides import typed_as_said
from adapters.duckdb.reader.columns.plan import ColumnPlan, cells_of, judge_columns
from adapters.duckdb.reader.columns.time_cells import parse_time
from adapters.duckdb.reader.columns.time_formats import EPOCHS, PROVEN_BY_ROWS, Family, TimeFormat
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
    """Say which separators were taken for thousands without a proof, and which for those of a flag."""
    flags = [
        f"Column “{column.name}”: “{column.example.strip()}” was read as"
        f" {parse_number(column.example, column.number):,.15g}, for the comma and the digit behind it look like a flag"
        " of quality. Say that the decimal sign is a comma if that is wrong."
        for column in columns
        if column.number is not None and column.number.flagged
    ]
    return flags + [
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
    if read := parse_time(time.example, form):
        notes.extend(_era_notes(time, form, read[0].year))
    if form.span:
        notes.append(f"Column “{name}” holds intervals: each is taken at its beginning.")
    if any(minutes is not None and zone in AMBIGUOUS for zone, minutes in form.zones):
        notes.append(f"Names of time zones in “{name}” are read as your time zone has them.")
    return notes


def _era_notes(time: ColumnPlan, form: TimeFormat, year: int) -> list[str]:
    example = time.example.strip()[:30]
    if form.era:
        return [f"Years in “{time.name}” are those of the Buddhist calendar, 543 ahead: “{example}” is read as {year}."]
    if far_ahead(year):
        note = (
            f"“{example}” in “{time.name}” is read as the year {year}, far ahead of today. If these are years of the"
            " Buddhist calendar, take 543 off them and upload the file again."
        )
        return [note]
    return []


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


def role_of(column: ColumnPlan, time: str | None, metrics: Sequence[str], dimensions: Collection[str]) -> ColumnRole:
    """Return what a column is for; ``dimensions`` are those whose values were counted and group rows."""
    if column.name == time:
        return ColumnRole.TIME
    if column.name in metrics:
        return ColumnRole.METRIC
    return ColumnRole.DIMENSION if column.name in dimensions else ColumnRole.OTHER


def dimension_candidates(
    columns: Sequence[ColumnPlan], time: str | None, metrics: Sequence[str], options: ParseOptions
) -> list[ColumnPlan]:
    """Return the columns whose values may group rows: those that the user named, else texts and names not excluded."""
    settled = {time, *metrics}
    rest = [column for column in columns if column.name not in settled and options.may_group(column.name)]
    if options.dimensions:
        return rest
    kinds = {ColumnType.TEXT, ColumnType.BOOLEAN}
    return [column for column in rest if column.type in kinds or (column.type is ColumnType.NUMBER and column.naming)]
