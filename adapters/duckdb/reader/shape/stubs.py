"""Tables whose headers hold a name and a time each are turned: ``sales_2019``, ``Jan-24 Cost``, two header rows."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.time_formats import COUNTED, Family
from adapters.duckdb.reader.columns.times import family_of
from adapters.duckdb.reader.shape.derive import Derived, trimmed
from adapters.duckdb.reader.shape.wide import FEWEST, has_own_time, numeric
from adapters.duckdb.sql_text import literal
from domain.datasets.columns import ColumnType

COMPLETE: Final = 0.6  # of names and times there are columns: fewer are names that happen to hold a year
MOST_NAMES: Final = 60  # different names beside times, as many as one column may name metrics
LONGEST: Final = 80  # characters of a header that is taken apart
_BETWEEN: Final = re.compile(r"[ _:|(\[,-]+")
_DIGITS: Final = re.compile(r"\d+(?:\.0)?", re.ASCII)
_YEARS: Final = (4, 6, 8)  # digits of a year, a month and a day
Split = tuple[str, str]  # name and time


def named_and_timed(columns: Sequence[ColumnPlan]) -> Derived | None:
    """Return the table with a row for each time and a metric for each name; None if headers hold no such pairs."""
    splits = {i: split for i, c in enumerate(columns) if (split := _split(c.name.strip())) is not None}
    counts = Counter(name for name, _ in splits.values())
    splits = {i: split for i, split in splits.items() if counts[split[0]] >= FEWEST}
    names = list(dict.fromkeys(name for name, _ in splits.values()))
    times = list(dict.fromkeys(time for _, time in splits.values()))
    if len(times) < FEWEST or len(names) > MOST_NAMES or len(set(splits.values())) < len(splits):
        return None
    places = list(splits)
    if (
        len(places) < COMPLETE * len(names) * len(times)
        or not numeric(columns, places)
        or has_own_time(columns, places)
    ):
        return None
    at = {split: place for place, split in splits.items()}
    rows = tuple(
        {"p": literal(time)}
        | {f"v{n}": trimmed(f"c{at[name, time]}") if (name, time) in at else "''" for n, name in enumerate(names)}
        for time in times
    )
    rest = [i for i in range(len(columns)) if i not in splits and columns[i].type is not ColumnType.EMPTY]
    taken = {columns[i].name for i in rest} | set(names)
    kind = "year" if all(family_of(time, named_time=True) is Family.YEAR for time in times) else "date"
    time = next(name for name in (kind, "period", "header_time", "time_of_header") if name not in taken)
    fresh = [name if name not in {columns[i].name for i in rest} else f"{name} (value)" for name in names]
    listed = ", ".join(f"“{name}”" for name in names[:6]) + (" and others" if len(names) > 6 else "")  # noqa: PLR2004 - a line
    note = (
        f"{len(places)} columns have a name and a time in their header (“{columns[places[0]].name}” to"
        f" “{columns[places[-1]].name}”): the table was turned, one row for each time and each row of the file, with"
        f" the time in “{time}” and the numbers in {listed}. Choose the shape “as it is” if that is wrong."
    )
    return Derived(
        names=(*(columns[i].name for i in rest), time, *fresh),
        exprs=(*(f"c{i}" for i in rest), "u.p", *(f"u.v{n}" for n in range(len(names)))),
        note=note,
        where=" OR ".join(f"u.v{n} <> ''" for n in range(len(names))),
        turned=rows,
    )


def _split(header: str) -> Split | None:
    """Return the name and the time of a header, the longest time that stands at one of its ends."""
    if len(header) > LONGEST or not any(sign.isdecimal() for sign in header):
        return None
    for match in _BETWEEN.finditer(header):
        name, time = header[: match.start()], header[match.end() :].rstrip(")] ")
        if _is_time(time) and any(map(str.isalpha, name)):
            return name.strip(), time
    for match in reversed(list(_BETWEEN.finditer(header))):
        time, name = header[: match.start()], header[match.end() :]
        if _is_time(time) and any(map(str.isalpha, name)):
            return name.rstrip(")] ").strip(), time
    return None


def _is_time(text: str) -> bool:
    if _DIGITS.fullmatch(text) and len(text) not in _YEARS:
        return False
    family = family_of(text, named_time=True)
    return family is not None and family not in COUNTED and (len(text) != 6 or family is not Family.COMPACT_SHORT)  # noqa: PLR2004 - digits
