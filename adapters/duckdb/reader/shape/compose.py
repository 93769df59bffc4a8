"""One time from several columns: date and time, date and hour, year and month (and day, and hour)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.name_words import PARTS, is_part, nameless
from adapters.duckdb.reader.columns.time_cells import parse_time, pivot_for
from adapters.duckdb.reader.columns.time_choice import weighed
from adapters.duckdb.reader.columns.time_formats import EPOCHS, PERIODS, Family
from adapters.duckdb.reader.columns.zone_names import AMBIGUOUS, MINUTES
from adapters.duckdb.reader.shape.derive import Derived, trimmed
from adapters.duckdb.reader.shape.nameless_parts import with_parts_named
from adapters.duckdb.reader.shape.periods_of_day import with_period
from adapters.duckdb.sql_text import literal
from domain.datasets.columns import ColumnType

JOINT: Final = " + "  # between the names of the columns that make one time
_CLOCK: Final = re.compile(r"\d{1,2}[:.h]\d{2}([:.]\d{2}([.,]\d{1,9})?)?( ?[AaPp]\.?[Mm]\.?)?", re.ASCII)
_CLOCK_SPAN: Final = re.compile(
    r"\d{1,2}[:.h]\d{2}([:.]\d{2})? ?(-|\u2013|to) ?\d{1,2}[:.h]\d{2}([:.]\d{2})?", re.ASCII
)
_MIDNIGHT: Final = re.compile(r".*[T ]00:00(:00(\.0+)?)?Z?", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,6}(\.0+)?", re.ASCII)
ZONES: Final = frozenset((*MINUTES, *AMBIGUOUS))
_NO_CLOCK: Final = frozenset(
    ("0", "00", "0000", "000000", "24", "2400", "240000", "00:00", "24:00")
)  # in every row: a day
_LOCAL_CLOCKS: Final = frozenset(("lst", "lct", "local", "mez", "mesz", "local standard time", "hh:mm", "hh:mm:ss"))
MOST: Final = 0.9  # of the cells that must fit: slips apart


@dataclass(frozen=True, slots=True)
class Composed:
    """Columns that make one time.

    Attributes:
        parts: positions of the columns, in the order of their names.
        sql: the joined cell, of ``c0``, ``c1`` ...
        why: what to add to the note.
    """

    parts: tuple[int, ...]
    sql: str
    why: str = ""


def composed(columns: Sequence[ColumnPlan], rows: Sequence[Sequence[str | None]] = ()) -> Composed | None:
    """Return the columns that make one time together, if none alone is better.

    Args:
        columns: of the table.
        rows: a sample.
    """
    whole = [c for c in columns if c.time is not None and c.type is not ColumnType.NUMBER and _has_clock(c)]
    if any(not weighed(column).constant and weighed(column).points > 5 for column in whole):  # noqa: PLR2004 - a full time stands alone
        return None
    if (periods := with_period(columns, [i for i, column in enumerate(columns) if _is_date(column)], rows)) is not None:
        return Composed(*periods)
    parts = _date_and_clock(columns) or _date_and_year(columns, rows) or _by_parts(columns) or _month_and_day(columns)
    return parts or _by_parts(with_parts_named(columns, rows))


def applied(composed: Composed, columns: Sequence[ColumnPlan]) -> Derived:
    """Return the table with one column in place of the parts."""
    first = composed.parts[0]
    names, exprs = [], []
    for place, column in enumerate(columns):
        if place == first:
            names.append(JOINT.join(columns[part].name for part in composed.parts))
            exprs.append(composed.sql)
        elif place not in composed.parts:
            names.append(column.name)
            exprs.append(f"c{place}")
    listed = ", ".join(f"“{columns[part].name}”" for part in composed.parts)
    note = f"The time is put together from the columns {listed}.{composed.why}"
    return Derived(tuple(names), tuple(exprs), note=note)


def _has_clock(column: ColumnPlan) -> bool:
    """Whether cells hold an instant of a day by themselves: then nothing is to be added."""
    if column.time is None or set(column.time.families) <= PERIODS - {Family.DECIMAL_YEAR}:
        return False
    if set(column.time.families) & {*EPOCHS, Family.DECIMAL_YEAR}:
        return True
    clocked = [cell for cell in column.cells[:100] if ":" in cell or re.search(r"[T ]\d\d", cell)]
    return len(clocked) > len(column.cells[:100]) / 2 and not all(_MIDNIGHT.fullmatch(cell.strip()) for cell in clocked)


def _date_and_clock(columns: Sequence[ColumnPlan]) -> Composed | None:
    dates = [(place, c) for place, c in enumerate(columns) if _is_date(c)]
    clocks = [(place, sql) for place, column in enumerate(columns) if (sql := _clock_sql(column, f"c{place}"))]
    for place, date in dates:
        # The nearest clock behind the date, else before it: "Date, Time, ..., Time of the next".
        others = [pair for pair in clocks if pair[0] != place]
        near = sorted(others, key=lambda pair: (pair[0] < place, abs(pair[0] - place)))
        if not near:
            continue
        other, clock = near[0]
        cell = trimmed(f"c{place}")
        if any(_MIDNIGHT.fullmatch(text.strip()) for text in date.cells[:20]):
            cell = f"regexp_replace({cell}, '[T ]00:00(:00(\\.0+)?)?Z?$', '')"
        minute = _numbered(columns, "minute", 0, 59, {place, other})
        if minute is None or ":" in columns[other].example:
            return Composed((place, other), f"{cell} || ' ' || {clock}")
        return Composed((place, other, minute), f"{cell} || ' ' || {_two(other)} || ':' || {_two(minute)}")
    return None


_SHORT_YEAR: Final = r"^(.*[^0-9])[0-9]{2}$"  # of a date that ends with its year
_ENDS_SHORT: Final = re.compile(_SHORT_YEAR)


def _date_and_year(columns: Sequence[ColumnPlan], rows: Sequence[Sequence[str | None]]) -> Composed | None:
    """Put the century of a column of years into dates with two digits, where these alone would be of another one."""
    years = [(i, c) for i, c in enumerate(columns) if is_part(c.name, "year") and _within(c, 1000, 2299)]
    for place, date in enumerate(columns):
        if not years or not _is_date(date) or not all(_ENDS_SHORT.match(cell.strip()[:40]) for cell in date.cells[:50]):
            continue
        for at, _ in years:
            if _other_century(date, [(row[place], row[at]) for row in rows]):
                text = trimmed(f"c{place}")
                return Composed(
                    (place, at), f"regexp_replace({text}, {literal(_SHORT_YEAR)}, '\\1' || {_digits(f'c{at}')})"
                )
    return None


def _other_century(date: ColumnPlan, cells: Sequence[tuple[str | None, str | None]]) -> bool:
    """Whether years agree with those of dates but for the century, and differ from how these are read."""
    full = [(day, year.strip()) for day, year in cells if day and year and _WHOLE.fullmatch(year.strip())]
    times = [(parse_time(day, date.time), int(float(year))) for day, year in full if date.time]
    pairs = [(at[0].year, year) for at, year in times if at]
    alike = sum(a % 100 == b % 100 for a, b in pairs)
    return bool(pairs) and alike >= MOST * len(full) and any(a != b for a, b in pairs if a % 100 == b % 100)


def _two(place: int) -> str:
    """Return SQL for a whole number in two digits."""
    return f"lpad({_digits(f'c{place}')}, 2, '0')"


def _is_date(column: ColumnPlan) -> bool:
    if column.time is None or column.time_share < MOST or _has_clock(column):
        return False
    families = set(column.time.families)
    return not families & {*EPOCHS, *PERIODS, Family.EXCEL} and (column.type is not ColumnType.NUMBER or column.named)


def _clock_sql(column: ColumnPlan, cell: str) -> str | None:
    """Return SQL for a clock's text of a cell, if the column is one of clocks or hours."""
    texts = [" ".join(text.split()) for text in column.cells[:200]]
    named = is_part(column.name, "clock") or is_part(column.name, "hour")
    name = column.name.strip()
    known = name in ZONES or name.lower() in _LOCAL_CLOCKS or nameless(name)
    zoned = known and all(":" in text for text in texts)
    if not texts or not (named or zoned) or (not _NO_CLOCK.isdisjoint(texts) and len(set(texts)) == 1):
        return None
    text = trimmed(cell)
    if _share(texts, _CLOCK) >= MOST:
        return f"CASE WHEN substr({text}, 2, 1) IN (':', '.', 'h') THEN '0' ELSE '' END || {text}"
    if not named:
        return None
    if _share(texts, _CLOCK_SPAN) >= MOST:
        return f"regexp_extract({text}, '^[0-9]{{1,2}}[:.h][0-9]{{2}}(?:[:.][0-9]{{2}})?')"
    return _clock_of_digits(texts, _digits(cell)) if _share(texts, _WHOLE) >= MOST else None


def _clock_of_digits(texts: Sequence[str], digits: str) -> str | None:
    """Return SQL for a clock's text of bare digits: hours, hhmm or hhmmss."""
    numbers = [int(float(text)) for text in texts if _WHOLE.fullmatch(text)]
    if max(numbers) <= 24:  # noqa: PLR2004 - hours of a day
        return f"lpad({digits}, 2, '0') || ':00'"
    if all(number % 100 < 60 and number <= 2400 for number in numbers):  # noqa: PLR2004 - hhmm
        four = f"lpad({digits}, 4, '0')"
        return f"substr({four}, 1, 2) || ':' || substr({four}, 3, 2)"
    if all(n % 100 < 60 and n // 100 % 100 < 60 and n < 250_000 for n in numbers):  # noqa: PLR2004 - hhmmss
        six = f"lpad({digits}, 6, '0')"
        return f"substr({six}, 1, 2) || ':' || substr({six}, 3, 2) || ':' || substr({six}, 5, 2)"
    return None


def _by_parts(columns: Sequence[ColumnPlan]) -> Composed | None:
    """Year and month (and day, hour, minute, second), year and quarter, year and week, year and day of the year."""
    dated = [weighed(c) for c in columns if _is_date(c)]
    if any(not evidence.constant and evidence.points > 8 for evidence in dated):  # noqa: PLR2004 - a good date stands alone
        return None
    year = next((i for i, c in enumerate(columns) if is_part(c.name, "year") and _within(c, 1000, 2299)), None)
    month = next((i for i, c in enumerate(columns) if i != year and is_part(c.name, "month") and _is_month(c)), None)
    if year is None and month is not None:
        year = next(
            (
                i
                for i, c in enumerate(columns)
                if i != month and c.name.strip().lower() in _YEAR_ALONE and _within(c, 0, 99)
            ),
            None,
        )
    if year is None:
        return None
    y = _year_sql(columns[year], year)
    return _by_other(columns, year, y) if month is None else _by_month(columns, year, month)


_YEAR_ALONE: Final = PARTS["year"] - {"y"}


def _year_sql(column: ColumnPlan, place: int) -> str:
    """Return SQL for the digits of a year; two of them get their century as those of dates do."""
    digits = _digits(f"c{place}")
    short = {int(float(text)) for text in column.cells if _WHOLE.fullmatch(text.strip())}
    if not short or max(short) > 99:  # noqa: PLR2004 - years of two digits
        return digits
    two = f"lpad({digits}, 2, '0')"
    return f"CASE WHEN {two} >= '{pivot_for(short):02}' THEN '19' ELSE '20' END || {two}"


def _by_month(columns: Sequence[ColumnPlan], year: int, month: int) -> Composed:
    named = not _within(columns[month], 1, 12)
    sign, cell = (" ", trimmed(f"c{month}")) if named else ("-", _two(month))
    places, sql = [year, month], f"{_year_sql(columns[year], year)} || '{sign}' || {cell}"
    day = _numbered(columns, "day", 1, 31, {year, month})
    if day is None:
        return Composed(tuple(places), sql)
    places.append(day)
    sql += f" || '{sign}' || {_two(day)}"
    clocks = ((i, clock) for i, c in enumerate(columns) if i not in places and (clock := _clock_sql(c, f"c{i}")))
    hour = next(clocks, None)
    if hour is None:
        return Composed(tuple(places), sql)
    places.append(hour[0])
    minute = _numbered(columns, "minute", 0, 59, set(places))
    if minute is None or ":" in columns[hour[0]].example:
        return Composed(tuple(places), f"{sql} || ' ' || {hour[1]}")
    places.append(minute)
    sql += f" || ' ' || {_two(hour[0])} || ':' || {_two(minute)}"
    if (second := _numbered(columns, "second", 0, 59, set(places))) is not None:
        places.append(second)
        sql += f" || ':' || {_two(second)}"
    return Composed(tuple(places), sql)


def _month_and_day(columns: Sequence[ColumnPlan]) -> Composed | None:
    """A month with its year in one column, the day of the month in another: "January 2024" and 17."""
    for place, column in enumerate(columns):
        families = set(column.time.families) if column.time and column.time_share >= MOST else set[Family]()
        day = _numbered(columns, "day", 1, 31, {place}) if families and column.time and not column.time.words else None
        several = len(column.cells) > 2 * len(set(column.cells))  # rows for each month: days of it, not their number
        if day is None or not several or len(set(columns[day].cells)) <= 1:
            continue
        cell, two = trimmed(f"c{place}"), _two(day)
        if families == {Family.NAME_YEAR}:
            return Composed((place, day), f"{two} || ' ' || {cell}")
        if families == {Family.YEAR_NAME}:
            return Composed((place, day), f"{cell} || ' ' || {two}")
        if families == {Family.YEAR_MONTH} and all(text.strip()[4:5] in {"-", "/"} for text in column.cells[:50]):
            return Composed((place, day), f"{cell} || substr({cell}, 5, 1) || {two}")
    return None


_QUARTER_CELL: Final = re.compile(r"[QqKkTt]?\.? ?[1-4](\.0+)?", re.ASCII)
_PERIOD_CELL: Final = re.compile(r"M(0[1-9]|1[0-3])|Q0?[1-5]", re.ASCII)  # of the American BLS: M13 is the year's mean
_WEEK_CELL: Final = re.compile(r"[A-Za-z]{0,4} ?\d{1,2}(\.0+)?", re.ASCII)


def _by_other(columns: Sequence[ColumnPlan], year: int, y: str) -> Composed | None:
    for place, column in enumerate(columns):
        texts = [text.strip() for text in column.cells[:200]]
        if place == year or not texts:
            continue
        cell = f"c{place}::VARCHAR"
        if is_part(column.name, "quarter") and _share(texts, _QUARTER_CELL) >= MOST:
            return Composed((year, place), f"{y} || '-Q' || regexp_extract({cell}, '[1-4]')")
        if (
            column.name.strip().lower() in {"period", "per", "periodo", "periode"}
            and _share(texts, _PERIOD_CELL) >= MOST
        ):
            return Composed((year, place), f"{y} || '-' || regexp_replace({trimmed(f'c{place}')}, '^Q0', 'Q')")
        if is_part(column.name, "week") and _share(texts, _WEEK_CELL) >= MOST:
            return Composed((year, place), f"{y} || '-W' || lpad(regexp_extract({cell}, '[0-9]+'), 2, '0')")
        if is_part(column.name, "doy") and _within(column, 1, 366):
            day = f"make_date(try_cast({y} AS INT), 1, 1) + try_cast({_digits(f'c{place}')} AS INT) - 1"
            return Composed((year, place), f"strftime({day}, '%Y-%m-%d')")
    return None


def _numbered(columns: Sequence[ColumnPlan], part: str, low: int, high: int, taken: set[int]) -> int | None:
    return next(
        (i for i, c in enumerate(columns) if i not in taken and is_part(c.name, part) and _within(c, low, high)), None
    )


def _is_month(column: ColumnPlan) -> bool:
    if _within(column, 1, 12):
        return True
    texts = [text.strip() for text in column.cells[:200]]
    return bool(texts) and len(set(texts)) <= 24 and all(not any(c.isdecimal() for c in text) for text in texts)  # noqa: PLR2004 - 12 months, two spellings


def _within(column: ColumnPlan, low: int, high: int) -> bool:
    texts = [text.strip() for text in column.cells[:200]]
    fit = sum(bool(_WHOLE.fullmatch(text)) and low <= float(text) <= high for text in texts)
    return bool(texts) and fit >= MOST * len(texts)


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(text[:40])) for text in texts) / len(texts) if texts else 0.0


def _digits(cell: str) -> str:
    return f"regexp_replace({trimmed(cell)}, '\\.0+$', '')"
