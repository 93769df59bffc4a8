"""Tables whose columns are times: a date, month, quarter, year or hour in each header. They are turned."""

import re
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.column_plan import NUMBER_SHARE, TIME_SHARE, ColumnPlan
from adapters.duckdb.reader.columns.name_words import nameless
from adapters.duckdb.reader.columns.plan import time_candidates
from adapters.duckdb.reader.columns.time_choice import weighed
from adapters.duckdb.reader.columns.time_formats import COUNTED, MONTHS, Family
from adapters.duckdb.reader.columns.time_words import months_named
from adapters.duckdb.reader.columns.times import infer_time
from adapters.duckdb.reader.shape.derive import Derived, trimmed
from adapters.duckdb.sql_text import literal
from domain.datasets.columns import ColumnType

FEWEST: Final = 3  # columns with a time in their header: fewer are two years beside each other, a comparison
_LABEL: Final = re.compile(r"(?:[XxYyFf]|[Yy][Rr]?_?)?(\d{4})(?: ?\[[^\]]*\])?", re.ASCII)  # "X2010", "2010 [YR2010]"
_QUARTER: Final = re.compile(r"[Qq](?:uarter|tr)? ?([1-4])|([1-4])\.? ?[Qq](?:uarter|tr)?", re.ASCII)
_HOUR: Final = re.compile(r"(?:[Hh](?:our|r|E)? ?_?)?(\d{1,2})(?::00(?::00)?)?[hH]?", re.ASCII)
VALUE: Final = "value"
HOURS: Final = 23  # in the headers: as many as the day has on which a clock goes forward
_SUMS: Final = frozenset(
    (
        "annual",
        "yearly",
        "total",
        "sum",
        "mean",
        "average",
        "avg",
        "jahr",
        "gesamt",
        "ytd",
        "j-d",
        "d-n",
        "djf",
        "mam",
        "jja",
        "son",
    )
)
HALF_A_YEAR: Final = 6  # months in the headers: fewer are a comparison


def turned(columns: Sequence[ColumnPlan]) -> Derived | None:
    """Return the table with a row for each column whose header is a time; None if there are none."""
    return _months_beside_a_year(columns) or _hours_beside_a_date(columns) or _times_in_headers(columns)


def numeric(columns: Sequence[ColumnPlan], places: Sequence[int]) -> bool:
    """Return whether nearly all of these columns hold numbers, empty ones apart."""
    kinds = [columns[i] for i in places if columns[i].type is not ColumnType.EMPTY]
    good = [c for c in kinds if c.number_share >= NUMBER_SHARE or (c.number_share > 0 and _one_wrong(c))]
    return bool(kinds) and len(good) >= 0.8 * len(kinds)


def _one_wrong(column: ColumnPlan) -> bool:
    return round((1 - column.number_share) * len(column.cells)) <= 1


def has_own_time(columns: Sequence[ColumnPlan], places: Sequence[int]) -> bool:
    """Return whether one of the other columns is a time by itself."""
    rest = [c for i, c in enumerate(columns) if i not in places and c.time is not None and c.time.families]
    return any(
        len(set(column.cells)) > 1 and weighed(column).points > 5 and not weighed(column).constant  # noqa: PLR2004 - reads and is filled
        for column in rest
    )


def _times_in_headers(columns: Sequence[ColumnPlan]) -> Derived | None:
    labels = {i: _label(column.name) for i, column in enumerate(columns)}
    form, _, _ = infer_time([label for label in labels.values() if any(c.isdecimal() for c in label)], named_time=True)
    families = [family for family in form.families if family not in COUNTED]
    if not families:
        return None
    places = [i for i, label in labels.items() if _is_time(label, families)]
    if len(places) < FEWEST or not numeric(columns, places) or has_own_time(columns, places):
        return None
    kind = "year" if set(families) <= {Family.YEAR, Family.FINANCIAL} else "date"
    time = next(name for name in (kind, "period", "header_time") if name not in {c.name for c in columns})
    rest = [i for i in range(len(columns)) if i not in places and columns[i].type is not ColumnType.EMPTY]
    rows = tuple({"p": literal(labels[i]), "v": trimmed(f"c{i}")} for i in places)
    note = (
        f"{len(places)} columns have a time in their header (“{columns[places[0]].name}” to"
        f" “{columns[places[-1]].name}”): the table was turned, one row for each of them and each row of the file,"
        f" with the time in “{time}” and the number in “{VALUE}”. Choose the shape “as it is” if that is wrong."
    )
    return _derived(columns, rest, (time, "u.p"), rows, note)


def _label(name: str) -> str:
    match = _LABEL.fullmatch(name.strip())
    return match[1] if match else re.sub(r"_\d$", "", name.strip())


def _is_time(label: str, families: Sequence[Family]) -> bool:
    form, share, _ = infer_time([label], named_time=True)
    return share == 1.0 and bool(set(form.families) & set(families))


def _months_beside_a_year(columns: Sequence[ColumnPlan]) -> Derived | None:
    year = next((i for i, c in enumerate(columns) if c.time and Family.YEAR in c.time.families and _reads(c)), None)
    if year is None:
        return _nameless_months(columns)
    months = months_named([c.name for c in columns])
    places = [i for i, month in enumerate(months) if month and i != year]
    numbered = [i for i, c in enumerate(columns) if re.fullmatch(r"0?[1-9]|1[0-2]", c.name)]
    if len(places) < HALF_A_YEAR and len(numbered) == len(MONTHS):
        months, places = [int(c.name) if i in numbered else 0 for i, c in enumerate(columns)], numbered
    quarters = {i: (m[1] or m[2]) for i, c in enumerate(columns) if (m := _QUARTER.fullmatch(c.name.strip()))}
    y = f"regexp_replace({trimmed(f'c{year}')}, '\\.0+$', '')"
    if len(places) >= HALF_A_YEAR and numeric(columns, places):
        rows = tuple({"p": literal(f"-{months[i]:02d}"), "v": trimmed(f"c{i}")} for i in places)
        named, what = (
            f"{MONTHS[months[places[0]] - 1].capitalize()} to {MONTHS[months[places[-1]] - 1].capitalize()}",
            "month",
        )
    elif len(quarters) == 4 and numeric(columns, list(quarters)):  # noqa: PLR2004 - of a year
        places = list(quarters)
        rows = tuple({"p": literal(f"-Q{quarters[i]}"), "v": trimmed(f"c{i}")} for i in places)
        named, what = "Q1 to Q4", "quarter"
    else:
        return None
    name = columns[year].name
    note = (
        f"The columns {named} are the {what}s of “{name}”: the table was turned, one row for each {what}, with the"
        f" number in “{VALUE}”. Choose the shape “as it is” if that is wrong."
    )
    rest = [i for i, c in enumerate(columns) if i not in places and i != year and not _sums_up(c)]
    return _derived(columns, rest, (what, f"{y} || u.p"), rows, note)


def _nameless_months(columns: Sequence[ColumnPlan]) -> Derived | None:
    """A year and twelve numbers in each row, none of which has a name: as files of climate indices are written."""
    if len(columns) != 1 + len(MONTHS) or not all(nameless(column.name) for column in columns):
        return None
    years = time_candidates(columns)
    places = list(range(1, len(columns)))
    if not years or years[0][0].name != columns[0].name or not numeric(columns, places):
        return None
    rows = tuple({"p": literal(f"-{i:02d}"), "v": trimmed(f"c{i}")} for i in places)
    note = (
        "Each row has a year and twelve numbers without names: they were taken for its months, and the table was"
        f" turned, one row for each month, with the number in “{VALUE}”. Choose the shape “as it is” if that is wrong."
    )
    return _derived(columns, [], ("month", f"regexp_replace({trimmed('c0')}, '\\.0+$', '') || u.p"), rows, note)


def _hours_beside_a_date(columns: Sequence[ColumnPlan]) -> Derived | None:
    date = next((i for i, c in enumerate(columns) if c.type is ColumnType.TIME and _reads(c)), None)
    hours = {i: int(m[1]) for i, c in enumerate(columns) if (m := _HOUR.fullmatch(c.name.strip()))}
    if date is None or len(hours) < 23 or not numeric(columns, list(hours)):  # noqa: PLR2004 - the day a clock goes forward
        return None
    if (
        sorted(hours.values()) != list(range(min(hours.values()), min(hours.values()) + len(hours)))
        or min(hours.values()) > 1
    ):
        return None
    rows = tuple({"p": literal(f" {hour:02d}:00"), "v": trimmed(f"c{i}")} for i, hour in hours.items())
    note = (
        f"The columns “{columns[min(hours)].name}” to “{columns[max(hours)].name}” are the hours of"
        f" “{columns[date].name}”: the table was turned, one row for each hour, with the number in “{VALUE}”."
        " Choose the shape “as it is” if that is wrong."
    )
    rest = [i for i, c in enumerate(columns) if i not in hours and i != date]
    return _derived(columns, rest, ("hour", f"{trimmed(f'c{date}')} || u.p"), rows, note)


def _reads(column: ColumnPlan) -> bool:
    return column.time_share >= TIME_SHARE


def _sums_up(column: ColumnPlan) -> bool:
    """Whether a column beside the months is their total or mean, which turning would repeat in every row."""
    return bool(
        re.fullmatch(
            r"(?i)(annual|yearly|year|total|sum|mean|average|avg|jahr|gesamt|ytd|j-d|d-n|djf|mam|jja|son)",
            column.name.strip(),
        )
    )


def _derived(
    columns: Sequence[ColumnPlan],
    rest: Sequence[int],
    time: tuple[str, str],
    rows: tuple[dict[str, str], ...],
    note: str,
) -> Derived:
    taken = {columns[i].name for i in rest}
    name = next(n for n in (time[0], f"{time[0]}_of_row", "header_time") if n not in taken)
    value = next(n for n in (VALUE, "value_of_cell") if n not in taken)
    return Derived(
        names=(*(columns[i].name for i in rest), name, value),
        exprs=(*(f"c{i}" for i in rest), time[1], "u.v"),
        note=note,
        where="u.v IS NOT NULL AND u.v <> ''",
        turned=rows,
    )
