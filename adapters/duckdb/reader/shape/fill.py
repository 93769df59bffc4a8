"""Merged cells, events without a number, and columns of yes and no."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.column_plan import BOOLEANS, ColumnPlan
from adapters.duckdb.reader.columns.numbers import is_missing
from adapters.duckdb.reader.shape.derive import Derived, trimmed
from adapters.duckdb.sql_text import literal
from domain.datasets.columns import ColumnType

ROWS: Final = "rows"  # the metric of a table without numbers: how many rows there are
YES: Final = ("true", "yes", "t", "y")
FEWEST_RUNS: Final = 2  # of blank cells below a filled one: a single run is a hole in the data
BLANK_SHARE: Final = 0.2  # of the cells of the time: fewer blanks are rows without a time
Row = Sequence[str | None]


def filled_down(columns: Sequence[ColumnPlan], time: ColumnPlan, rows: Sequence[Row]) -> Derived | None:
    """Return the table in which the date above holds for the blank cells below it; None if no cells are merged."""
    when = next(i for i, c in enumerate(columns) if c.name == time.name)
    blank = [is_missing(row[when]) for row in rows]
    runs = sum(now and not before for before, now in pairwise(blank))
    if not rows or blank[0] or sum(blank) < BLANK_SHARE * len(rows) or runs < FEWEST_RUNS:
        return None
    numbers = [i for i, c in enumerate(columns) if c.type is ColumnType.NUMBER and i != when]
    # Rows below a merged cell hold numbers as the others do; without these they are blank lines or remarks.
    has_number = [any(not is_missing(row[i]) for i in numbers) for row, empty in zip(rows, blank, strict=True) if empty]
    if not numbers or sum(has_number) < 0.9 * len(has_number):
        return None
    below = [row for row, empty in zip(rows, blank, strict=True) if empty]
    also = [i for i, c in enumerate(columns) if c.type is ColumnType.TEXT and all(is_missing(row[i]) for row in below)]
    places = {when, *also}
    exprs = tuple(_above(i) if i in places else f"c{i}" for i in range(len(columns)))
    listed = ", ".join(f"“{columns[i].name}”" for i in sorted(places))
    note = f"Cells of {listed} are merged: the value above holds for the empty cells below it."
    return Derived(tuple(c.name for c in columns), exprs, note, numbered=True)


def _above(place: int) -> str:
    cell = f"nullif({trimmed(f'c{place}')}, '')"
    return f"last_value({cell} IGNORE NULLS) OVER (ORDER BY n0 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"


def counted(columns: Sequence[ColumnPlan], time: ColumnPlan) -> Derived | None:
    """Return a table without numbers with a metric: the share of yes, or the count of rows; None if it has numbers."""
    if any(c.type is ColumnType.NUMBER and c.name != time.name and not c.naming for c in columns):
        return None
    names, exprs, notes = [c.name for c in columns], [f"c{i}" for i in range(len(columns))], []
    answers = [i for i, c in enumerate(columns) if c.type is ColumnType.BOOLEAN]
    for place in answers:
        exprs[place] = _as_number(place)
    if answers:
        listed = ", ".join(f"“{columns[i].name}”" for i in answers)
        notes.append(
            f"The file has no column of numbers: {listed} counts 1 for yes and 0 for no; its mean is the share of yes."
        )
    if not answers or any(c.type is ColumnType.TEXT for c in columns):
        name = next(n for n in (ROWS, "rows_counted", "count_of_rows") if n not in names)
        names.append(name)
        exprs.append("'1'")
        notes.append(
            "The file lists events without a number: the count of rows per day, hour or other period is the metric"
            f" “{name}”."
        )
    return Derived(tuple(names), tuple(exprs), " ".join(notes))


def _as_number(place: int) -> str:
    text = f"lower({trimmed(f'c{place}')})"
    yes = ", ".join(literal(word) for word in YES)
    no = ", ".join(literal(word) for word in sorted(BOOLEANS - set(YES)))
    return f"CASE WHEN {text} IN ({yes}) THEN '1' WHEN {text} IN ({no}) THEN '0' ELSE c{place}::VARCHAR END"
