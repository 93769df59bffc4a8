"""Long tables: a column that names the metric, and a category that is the total of the others."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.name_words import (
    FREQUENCY,
    METRIC_NAME,
    SURE_METRIC_NAME,
    TOTAL,
    VALUE,
    says,
    tokens,
)
from adapters.duckdb.reader.columns.numbers import BLANKS, parse_number
from adapters.duckdb.reader.shape.derive import Derived, trimmed
from adapters.duckdb.sql_text import literal
from domain.datasets.columns import ColumnType

MOST_METRICS: Final = 60  # names in one column that become columns: more are things, not metrics
FEWEST_NAMES: Final = 2
FEWEST_PARTS: Final = 4
APART: Final = 30.0  # times: medians of metrics that differ by more are of unlike things
SAME: Final = 0.005  # of a total: sums of rounded parts differ by so much
FEWEST_TIMES: Final = 3
NAMED_ROWS: Final = 0.9  # of the rows: a column that is mostly empty names an exception, not the metric of its row
FEWEST_VALUES: Final = 2  # of a metric on the average: what comes once is the name of its row
_IDENTIFIES: Final = frozenset(("id", "ids", "identifier", "code", "no", "number", "key"))
Row = Sequence[str | None]


def metrics_named(
    columns: Sequence[ColumnPlan], time: ColumnPlan, rows: Sequence[Row], every_name: Callable[[int], Sequence[str]]
) -> Derived | None:
    """Return the table with a column for each metric that another column names; None if none does.

    Args:
        columns: of the table.
        time: the column of time.
        rows: a sample.
        every_name: gives the different names of a column (by its place) in the whole file; no more than are allowed.
    """
    values = [
        (i, c) for i, c in enumerate(columns) if c.type is ColumnType.NUMBER and c.name != time.name and not c.naming
    ]
    values = [pair for pair in values if len(set(pair[1].cells)) > 1] or values  # a constant is no metric's value
    main = sorted((pair for pair in values if says(pair[1].name, VALUE)), key=lambda pair: len(tokens(pair[1].name)))
    main = main or values
    if not main or (len(values) > 1 and not says(main[0][1].name, VALUE)):
        return None
    at, value = main[0]
    for place, column in enumerate(columns):
        if column.type is not ColumnType.TEXT or column.name == time.name:
            continue
        names = _names(place, rows)
        if not FEWEST_NAMES <= len(names) <= MOST_METRICS or not _names_rows(place, rows, names):
            continue
        if not _once_each(place, columns, time, rows, at):
            continue
        if _names_metrics(column, names, (place, at), value, rows):
            names = list(dict.fromkeys([*names, *every_name(place)]))
            return _by_metric(columns, (place, at), names) if len(names) <= MOST_METRICS else None
    return None


def _measures(column: ColumnPlan) -> bool:
    return column.type is ColumnType.NUMBER and not column.naming


def _names(place: int, rows: Sequence[Row]) -> list[str]:
    """Return the different names in the column, in the file's order."""
    seen = dict.fromkeys(cell.strip(BLANKS) for row in rows if (cell := row[place]) and cell.strip(BLANKS))
    return list(seen)


def _names_rows(place: int, rows: Sequence[Row], names: Sequence[str]) -> bool:
    """Whether nearly every row has a name, and the names come again: a metric has more than one value."""
    filled = sum(bool(row[place]) for row in rows)
    return filled >= NAMED_ROWS * len(rows) and filled >= FEWEST_VALUES * len(names)


def _once_each(place: int, columns: Sequence[ColumnPlan], time: ColumnPlan, rows: Sequence[Row], at: int) -> bool:
    """Whether a name comes once at each time (and for each value of the other text columns)."""
    keys = [
        i for i, c in enumerate(columns) if i == place or c.name == time.name or (c.type is ColumnType.TEXT and i != at)
    ]
    seen = [tuple(row[i] for i in keys) for row in rows]
    return len(set(seen)) >= 0.98 * len(seen)


def _names_metrics(
    column: ColumnPlan, names: Sequence[str], places: tuple[int, int], value: ColumnPlan, rows: Sequence[Row]
) -> bool:
    if not _IDENTIFIES.isdisjoint(tokens(column.name)[-1:]):
        return False
    if says(column.name, SURE_METRIC_NAME):
        return len(names) <= MOST_METRICS
    if not says(column.name, METRIC_NAME) and not says(value.name, VALUE):
        return False
    place, at = places
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        name, cell = row[place], row[at]
        number = parse_number(cell, value.number) if name and cell and value.number else None
        if name and number is not None:
            groups[name.strip(BLANKS)].append(abs(number))
    medians = sorted(
        m for group in groups.values() if len(group) >= FEWEST_TIMES and (m := statistics.median(group)) > 0
    )
    # A shop sells ten times what another does; a temperature beside a turnover is farther away, in one clear step.
    if len(medians) < 2 or len(medians) > 12:  # noqa: PLR2004 - two to compare; a dozen sizes make no step
        return False
    steps = [math.log(after / before) for before, after in pairwise(medians)]
    return says(column.name, METRIC_NAME) and max(steps) >= math.log(APART)


def _by_metric(columns: Sequence[ColumnPlan], places: tuple[int, int], names: Sequence[str]) -> Derived:
    place, at = places
    rest = [i for i in range(len(columns)) if i not in places]
    taken = {columns[i].name for i in rest}
    fresh = [name if name not in taken else f"{name} ({columns[at].name})" for name in names]
    cells = [f"CASE WHEN {trimmed(f'c{place}')} = {literal(name)} THEN c{at} END" for name in names]
    listed = ", ".join(f"“{name}”" for name in names[:6]) + (" and others" if len(names) > 6 else "")  # noqa: PLR2004 - a line
    note = (
        f"Column “{columns[place].name}” names what “{columns[at].name}” holds: each became a metric of its own"
        f" ({listed}), never their mean. Choose the shape “as it is” to keep one column."
    )
    return Derived(
        names=(*(columns[i].name for i in rest), *fresh), exprs=(*(f"c{i}" for i in rest), *cells), note=note
    )


def without_total(columns: Sequence[ColumnPlan], time: ColumnPlan, rows: Sequence[Row]) -> Derived | None:
    """Return the table without the rows of a category that is the total of the others; None if there is none."""
    when = next(i for i, c in enumerate(columns) if c.name == time.name)
    values = [(i, c) for i, c in enumerate(columns) if _measures(c) and i != when]
    texts = [(i, c) for i, c in enumerate(columns) if c.type is ColumnType.TEXT and i != when]
    numbers = {i: _numbers(i, column, rows) for i, column in values} if texts else {}
    for place, column in texts:
        if says(column.name, FREQUENCY):
            continue
        names = _names(place, rows)
        if not 3 <= len(names) <= 1_000:  # noqa: PLR2004 - two parts and their total
            continue
        sums = [_sums(place, when, numbers[i], rows) for i, _ in values]
        for name in names:
            words = tokens(name)
            named = not TOTAL.isdisjoint(words) and len(words) <= 3  # noqa: PLR2004 - "all regions", "grand total"
            # Of two parts without a telling name either may be near the double of the other.
            if (named or len(names) >= FEWEST_PARTS) and any(one.adds_up(name, named=named) for one in sums):
                return _left_out(columns, place, name)
    return None


def _numbers(at: int, column: ColumnPlan, rows: Sequence[Row]) -> list[float | None]:
    form = column.number
    return [parse_number(cell, form) if (cell := row[at]) and form else None for row in rows]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums of one value column.

    Attributes:
        by_name: for each name, the sum at each time.
        by_time: the sum and the count of all rows at each time.
        counts: for each name, the count of rows at each time.
    """

    by_name: dict[str, dict[str, float]]
    counts: dict[str, Counter[str]]
    by_time: dict[str, tuple[float, int]]

    def adds_up(self, name: str, *, named: bool) -> bool:
        """Whether the rows of a name hold the sum of the other rows at their time."""
        both, near = 0, 0
        for moment, total in self.by_name.get(name, {}).items():
            whole, count = self.by_time[moment]
            if count - self.counts[name][moment] < 2:  # noqa: PLR2004 - of one part it is a copy
                continue
            both += 1
            near += total != 0 and abs(total - (whole - total)) <= SAME * abs(total)
        return both >= (FEWEST_TIMES if named else 3 * FEWEST_TIMES) and near >= 0.9 * both


def _sums(place: int, when: int, numbers: Sequence[float | None], rows: Sequence[Row]) -> _Sums:
    by_name: defaultdict[str, dict[str, float]] = defaultdict(dict)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_time: dict[str, tuple[float, int]] = {}
    for row, number in zip(rows, numbers, strict=True):
        moment = row[when]
        if number is None or not moment:
            continue
        name = (row[place] or "").strip(BLANKS)
        by_name[name][moment] = by_name[name].get(moment, 0.0) + number
        counts[name][moment] += 1
        total, count = by_time.get(moment, (0.0, 0))
        by_time[moment] = (total + number, count + 1)
    return _Sums(dict(by_name), dict(counts), by_time)


def _left_out(columns: Sequence[ColumnPlan], place: int, name: str) -> Derived:
    note = (
        f"“{name}” in column “{columns[place].name}” is the total of the other values: its rows are left out, so that"
        " nothing is counted twice. Choose the shape “as it is” to keep them."
    )
    return Derived(
        names=tuple(column.name for column in columns),
        exprs=tuple(f"c{i}" for i in range(len(columns))),
        note=note,
        where=f"coalesce({trimmed(f'c{place}')}, '') <> {literal(name)}",
    )
