"""What is each column? Decided from cells of the whole file: its head, middle and end."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.column_plan import BOOLEANS, NUMBER_SHARE, TIME_SHARE, ColumnPlan, Plan
from adapters.duckdb.reader.columns.decimal_signs import decimal_evidence
from adapters.duckdb.reader.columns.eras import LOOKED_AT, in_their_era, is_thai
from adapters.duckdb.reader.columns.mixed_cells import few_wrong, words_among
from adapters.duckdb.reader.columns.name_words import (
    KEY_FIGURE,
    PARTS,
    identifies,
    nameless,
    names_things,
    part_of_calendar,
    says,
    standing,
    tokens,
)
from adapters.duckdb.reader.columns.numbers import NumberFormat, infer_number, is_missing
from adapters.duckdb.reader.columns.quality_flags import has_flags
from adapters.duckdb.reader.columns.time_choice import CLOSE, TimeEvidence, ranked, weighed
from adapters.duckdb.reader.columns.time_formats import EPOCHS, Family
from adapters.duckdb.reader.columns.time_marks import unmarked
from adapters.duckdb.reader.columns.times import infer_time
from adapters.duckdb.reader.columns.yearless import without_year
from domain.datasets.columns import ColumnType
from domain.datasets.parse_options import ParseOptions
from domain.errors import ColumnNotFoundError, NoNumericColumnError, NoTimeColumnError

__all__ = ["BOOLEANS", "NUMBER_SHARE", "TIME_SHARE", "ColumnPlan", "Plan", "judge_columns", "make_plan"]

FIRST_COLUMNS: Final = 2  # where bare years without a telling name stand: at the left, or behind the number of the row
FEWEST_YEARS: Final = 5  # of even steps: fewer are chance
EARLIEST_YEAR, LATEST_YEAR = 1700, 2151  # of years without a telling name
_DURATION_WORDS: Final = frozenset(("downtime", "uptime", "duration", "elapsed", "runtime", "lap", "pace", "dauer"))
NAMED_SHARE: Final = 0.5  # the user says it is one: then half must read as it
_TIME_WORDS: Final = re.compile(
    r"(?:^|[^a-z])(?:date|time|timestamp|datetime|ts|day|month|week|quarter|year|period|epoch|when|at|created|updated|"
    r"datum|fecha|zeit|ds|hour|minute)(?:$|[^a-z])"
)


_TIME_ENDINGS: Final = (
    "date",
    "time",
    "year",
    "datum",
    "jahr",
    "jaar",
    "fecha",
)  # of compounds: "iyear", "Buchungsdatum"


def time_named(name: str) -> bool:
    """Return whether a column's name suggests a time."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
    long = {word for part in ("date", "year", "month") for word in PARTS[part] if len(word) > 1}
    if says(name, frozenset(long)) and not says(name, KEY_FIGURE):
        return True
    return bool(_TIME_WORDS.search(spaced)) or spaced in {"t", "dt"} or spaced.endswith(_TIME_ENDINGS)


def judge_columns(
    names: Sequence[str],
    samples: Sequence[Sequence[str]],
    options: ParseOptions,
    delimiter: str,
    filled: Sequence[float] = (),
) -> tuple[tuple[ColumnPlan, ...], str]:
    """Say what each column is, and the file's decimal sign.

    Args:
        names: of the columns.
        samples: cells of each column, missing ones left out.
        options: what the user said.
        delimiter: a semicolon is what writers use whose decimal sign is the comma.
        filled: share of rows in which each column holds something.
    """
    votes = [decimal_evidence(cells) for cells in samples]
    total: Counter[str] = sum(votes, Counter())
    standard = "," if total[","] > total["."] or (not total and delimiter == ";") else "."
    if options.decimal_comma is not None:
        standard = "," if options.decimal_comma else "."
    thai = is_thai(names) or any(is_thai(cells[:LOOKED_AT]) for cells in samples)
    columns = []
    for i, (name, cells, vote) in enumerate(zip(names, samples, votes, strict=True)):
        decimal = standard
        if options.decimal_comma is None and vote:
            decimal = "," if vote[","] > vote["."] else "."
        elif options.decimal_comma is None and has_flags([text.strip() for text in cells]):
            decimal = "."
        forced = name == options.time_column
        column = _judge(name, f"c{i}", cells, decimal, forced=forced)
        guessed = "" if total or options.decimal_comma is not None else _grouped(cells, column.number)
        share = filled[i] if filled else 1.0
        column = replace(column, guessed=guessed, cells=tuple(cells), filled=share)
        columns.append(in_their_era(column, thai=thai))
    return tuple(columns), standard


def _judge(name: str, cell: str, cells: Sequence[str], decimal: str, *, forced: bool) -> ColumnPlan:
    named = time_named(name) or forced
    if not cells:
        return ColumnPlan(name, cell, ColumnType.EMPTY, named=named)
    number, number_share = infer_number(cells, decimal)
    # Numbers with a fraction are no times unless the name says so: most columns need no second look.
    bare = number_share == 1.0 and not named and not all(cell.strip().isdecimal() for cell in cells[:3])
    no_time = bare or (number_share == 1.0 and not named and identifies(name))
    form, time_share, order = infer_time([] if no_time else cells, named_time=named)
    kind = ColumnType.TEXT
    clock = number.duration and _DURATION_WORDS.isdisjoint(tokens(name)) and named  # times of a day, not lengths
    if clock:
        number_share = 0.0
    if (
        number_share >= NUMBER_SHARE
        or few_wrong(len(cells), number_share)
        or (number_share >= NAMED_SHARE > time_share and words_among(cells, number))
    ):
        kind = ColumnType.NUMBER
    elif time_share >= TIME_SHARE:
        kind = ColumnType.TIME
    elif all(value.strip().lower() in BOOLEANS for value in cells):
        kind = ColumnType.BOOLEAN
    return ColumnPlan(
        name,
        cell,
        kind,
        number=number,
        time=form if form.families else None,
        time_share=time_share,
        number_share=number_share,
        order=order,
        named=named,
        example=cells[0],
        naming=_naming(name, cells) if kind is ColumnType.NUMBER else "",
    )


def _naming(name: str, cells: Sequence[str]) -> str:
    why = names_things(name, cells)
    if not why and part_of_calendar(name, cells):
        return "its name says that it is a part of the date"
    return why


def _grouped(cells: Sequence[str], form: NumberFormat | None) -> str:
    """Return a cell with a separator of thousands, if the format takes it for one."""
    if form is None or form.thousands not in {",", "."}:
        return ""
    return next((cell for cell in cells if form.thousands in cell), "")


def make_plan(columns: Sequence[ColumnPlan], decimal: str, options: ParseOptions) -> Plan:
    """Choose the column of time and the metrics.

    Raises:
        ColumnNotFoundError, NoTimeColumnError, NoNumericColumnError.
    """
    listed = [column.name for column in columns]
    wanted = [options.time_column] if options.time_column is not None else []
    for name in (*wanted, *options.metric_columns, *options.dimensions, *options.not_dimensions):
        if name not in listed:
            raise ColumnNotFoundError(
                f"There is no column “{name}” in the file. It has: {', '.join(listed)}.", columns=listed, column=name
            )
    time = time_column(columns, options)
    time = replace(time, type=ColumnType.TIME)
    rest = [column for column in columns if column.name != time.name]
    rest = [_other_time(column, time) for column in rest]
    metrics = _metrics(rest, options)
    chosen = {column.name for column in metrics}
    by_name = {column.name: column for column in (time, *rest)}
    ordered = tuple(by_name[column.name] for column in columns)
    others = tuple(column for column in rest if column.name not in chosen)
    return Plan(time=time, metrics=tuple(metrics), others=others, columns=ordered, decimal=decimal)


def time_column(columns: Sequence[ColumnPlan], options: ParseOptions) -> ColumnPlan:
    """Return the column of time. Raises NoTimeColumnError."""
    if options.time_column is not None:
        column = next(column for column in columns if column.name == options.time_column)
        if column.time is None or column.time_share < NAMED_SHARE:
            raise NoTimeColumnError(
                f"Column “{column.name}” does not read as time (“{column.example}”)."
                f"{without_year([(column.name, column.cells)])} "
                "Name another column, or write its times like 2024-01-31 or 2024-01-31T14:05:00Z.",
                columns=[c.name for c in columns],
            )
        return _as_text(column)
    candidates = time_candidates(columns)
    if not candidates:
        raise _no_time(columns)
    return _as_text(candidates[0][0])


def time_candidates(columns: Sequence[ColumnPlan]) -> list[tuple[ColumnPlan, TimeEvidence]]:
    """Return the columns that may be the time with the evidence for each, the best first."""
    candidates = ranked([c for c in columns if c.time is not None and c.time_share >= NAMED_SHARE])
    return candidates or ranked([fresh for c in columns[:FIRST_COLUMNS] if (fresh := _years(c)) is not None])


def _years(column: ColumnPlan) -> ColumnPlan | None:
    """Return a column of bare years (with or without a fraction) that rise by an even step, whatever its name."""
    if column.type is not ColumnType.NUMBER or len(column.cells) < FEWEST_YEARS:
        return None
    if column.naming and not nameless(column.name):
        return None
    try:
        years = [float(unmarked(cell.strip())) for cell in column.cells]
    except ValueError:
        return None
    steps = [after - before for before, after in pairwise(years)]
    even = min(steps) > 0 and max(steps) - min(steps) <= 0.02 and max(steps) <= 10  # noqa: PLR2004 - of rounding; a decade
    if not even or not EARLIEST_YEAR <= years[0] <= years[-1] < LATEST_YEAR:
        return None
    form, share, order = infer_time(column.cells, named_time=True)
    if not set(form.families) <= {Family.YEAR, Family.DECIMAL_YEAR, Family.DECIMAL_MONTH}:
        return None
    return replace(column, time=form, time_share=share, order=order)


def rivals(columns: Sequence[ColumnPlan]) -> list[str]:
    """Return the names of the columns that are as plausible as the time as the one that was chosen."""
    candidates = time_candidates(columns)
    return [column.name for column, evidence in candidates[1:] if evidence.points >= candidates[0][1].points - CLOSE]


def _as_text(column: ColumnPlan) -> ColumnPlan:
    """Whole numbers of a typed file that are times are read as their digits."""
    if column.native and column.time is not None and not column.time.native:
        return replace(column, cell=f"{column.cell}::VARCHAR", native=False)
    return column


def _no_time(columns: Sequence[ColumnPlan]) -> NoTimeColumnError:
    names = [column.name for column in columns]
    shown = next((c for c in columns if c.named and c.cells), None) or next((c for c in columns if c.cells), None)
    cell = (
        f" “{shown.name}” begins with “{shown.example.strip()[:60]}”, which is no way of writing a time."
        if shown
        else ""
    )
    cell = without_year([(column.name, column.cells) for column in columns]) or cell
    return NoTimeColumnError(
        f"No time column found.{cell} The file has: {', '.join(names)}. "
        "Choose the time column, or write times like 2024-01-31 or 2024-01-31T14:05:00Z.",
        columns=names,
    )


def _other_time(column: ColumnPlan, time: ColumnPlan) -> ColumnPlan:
    """Numbers that are instants of the same days as the time are a second time, whatever their name: no metric."""
    form = column.time
    if column.type is not ColumnType.NUMBER or form is None or not set(form.families) & set(EPOCHS):
        return column
    mine, theirs = weighed(column), weighed(time)
    if mine.first is None or mine.last is None or theirs.first is None or theirs.last is None:
        return column
    meet = mine.first <= theirs.last and theirs.first <= mine.last
    return replace(column, type=ColumnType.TIME) if meet else column


def _metrics(rest: Sequence[ColumnPlan], options: ParseOptions) -> list[ColumnPlan]:
    if options.metric_columns:
        by_name = {column.name: column for column in rest}
        for name in options.metric_columns:
            column = by_name.get(name)
            if column is None or column.number_share < NAMED_SHARE:
                example = f" (“{column.example}”)" if column and column.example else ""
                raise NoNumericColumnError(
                    f"Column “{name}” cannot be a metric: it does not read as numbers{example}. "
                    "Choose a numeric column.",
                    column=name,
                )
        return [replace(by_name[name], type=ColumnType.NUMBER) for name in dict.fromkeys(options.metric_columns)]
    groups = set(options.dimensions)
    numbers = [column for column in rest if column.type is ColumnType.NUMBER and column.name not in groups]
    metrics = [column for column in numbers if not column.naming] or numbers
    if not metrics:
        raise _no_numbers(rest)
    return sorted(metrics, key=_standing)


def _standing(column: ColumnPlan) -> tuple[bool, bool, bool, int]:
    """Where a metric stands: what varies, is filled and is named like a key figure comes first."""
    constant = len(set(column.cells)) == 1 and len(column.cells) > 1
    return (bool(column.naming), column.filled < NAMED_SHARE, constant, standing(column.name))


def _no_numbers(rest: Sequence[ColumnPlan]) -> NoNumericColumnError:
    nearest = max((c for c in rest if c.cells), key=lambda c: c.number_share, default=None)
    cell = ""
    if nearest is not None:
        cell = f" The nearest is “{nearest.name}”, which holds “{nearest.example.strip()[:60]}”."
    return NoNumericColumnError(
        f"No numeric column found.{cell} The file has: {', '.join(c.name for c in rest) or 'only its time column'}. "
        "Add a numeric column, or set a column's type to number.",
        columns=[column.name for column in rest],
    )


def cells_of(rows: Sequence[Sequence[str | None]], place: int, limit: int) -> list[str]:
    """Return cells of a column that hold something, at most so many, evenly from all rows."""
    cells = [cell for row in rows if (cell := row[place]) is not None and not is_missing(cell)]
    return cells[:: max(1, -(-len(cells) // limit))]
