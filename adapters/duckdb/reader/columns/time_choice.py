"""Which of several columns that read as time is *the* time: by coverage, order, step and name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.bare_times import ORDERED_SHARE
from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.name_words import EVENT, OTHER_MATTER, RECORD, says
from adapters.duckdb.reader.columns.time_cells import parse_time
from adapters.duckdb.reader.columns.time_formats import BARE, EPOCHS, PERIODS, Family, TimeFormat

_WHOLE: Final = re.compile(r"\d{1,4}(\.0+)?", re.ASCII)
JUDGED: Final = 300  # cells that are read to judge order and step
REGULAR: Final = 0.55  # of steps that are the same: more make a cadence, as in domain.timeseries.granularity
CLOSE: Final = 1.0  # points between two columns: so close that both are plausible and the preview asks
# Points of evidence. The order of size is what matters: what is constant is out, what reads counts most, a name that
# says "record" or "birth" outweighs order and step, and a bare number needs both to stand against a date.
_CONSTANT, _READS, _FILLED, _IN_ORDER, _STEADY, _NAMED, _EVENT = -100.0, 4.0, 3.0, 2.0, 1.5, 1.0, 0.5
_RECORD, _OTHER, _YEAR, _NUMBER, _DETAILED = -2.5, -4.0, -1.5, -3.0, 5.0


@dataclass(frozen=True, slots=True)
class TimeEvidence:
    """The evidence that a column is the time.

    Attributes:
        points: the more, the better.
        constant: all its cells hold one time.
        ordered: its times rise (or fall) nearly all the way.
        steady: one step is usual.
        first, last: of the sample.
        why: in words.
    """

    points: float
    constant: bool
    ordered: bool
    steady: bool
    first: datetime | None
    last: datetime | None
    why: str


def weighed(column: ColumnPlan) -> TimeEvidence:
    """Weigh one column by its name and a sample of its cells in the file's order."""
    times = _times(column)
    distinct = len(set(times))
    constant = distinct < 2 <= len(times)  # noqa: PLR2004 - two cells can differ
    steps = [(after - before).total_seconds() for before, after in pairwise(times) if after != before]
    up = sum(step > 0 for step in steps)
    ordered = bool(steps) and max(up, len(steps) - up) >= ORDERED_SHARE * len(steps)
    steady = bool(steps) and Counter(_rough(step) for step in steps).most_common(1)[0][1] >= REGULAR * len(steps)
    families = set(column.time.families) if column.time else set[Family]()
    unnamed_number = bool(families & set(EPOCHS)) and not column.named
    named = [
        (constant, _CONSTANT, "the same in every row"),
        (column.time_share >= 0.8, _READS, "nearly every cell reads as time"),  # noqa: PLR2004 - plan.TIME_SHARE
        (True, _FILLED * column.filled, "" if column.filled > 0.99 else f"{column.filled:.0%} of its cells are filled"),  # noqa: PLR2004
        (ordered, _IN_ORDER, "in order"),
        (steady, _STEADY, "with an even step"),
        (column.named, _NAMED, "named like a time"),
        (says(column.name, EVENT), _EVENT, ""),
        (says(column.name, RECORD), _RECORD, "named like the time of the record, not of what happened"),
        (says(column.name, OTHER_MATTER), _OTHER, "named like the time of another matter"),
        (families == {Family.YEAR}, _YEAR, "years"),
        (unnamed_number, _NUMBER, "numbers that may be instants"),
        (bool(families & BARE) and not ordered, -1.0, ""),
    ]
    points = sum(weight for holds, weight, _ in named if holds)
    why = ", ".join(text for holds, _, text in named if holds and text)
    first, last = (min(times), max(times)) if times else (None, None)
    return TimeEvidence(points, constant, ordered, steady, first, last, why)


def _times(column: ColumnPlan) -> Sequence[datetime]:
    if column.time is None:
        return ()
    return _read(column.cells[:JUDGED], column.time)


@lru_cache(maxsize=64)  # a column is weighed again by each step that looks for the time
def _read(cells: tuple[str, ...], form: TimeFormat) -> tuple[datetime, ...]:
    if form.native:
        return tuple(at for cell in cells if (at := _iso(cell)) is not None)
    return tuple(parsed[0] for cell in cells if (parsed := parse_time(cell, form)) is not None)


def _iso(cell: str) -> datetime | None:
    try:
        return datetime.fromisoformat(cell.replace(" ", "T", 1)).replace(tzinfo=None)
    except ValueError:
        return None


def _rough(step: float) -> int:
    """Return a step as a class: months and years are never exactly alike."""
    days = abs(step) / 86_400
    return round(days / 30.44) * 1_000_000_000 if days > 27 else round(step)  # noqa: PLR2004 - a month's least days


def _detailed(column: ColumnPlan, evidence: TimeEvidence, columns: Sequence[ColumnPlan]) -> TimeEvidence:
    """Weigh a date more where another column holds just its years: it tells the same time in more detail."""
    families = set(column.time.families) if column.time else set[Family]()
    if not families or families & BARE or families <= PERIODS or evidence.constant:
        return evidence
    for other in columns:
        if other.time is not None and set(other.time.families) == {Family.YEAR} and _years_of(column, other):
            why = f"{evidence.why}, its years are those of “{other.name}”"
            return replace(evidence, points=evidence.points + _DETAILED, why=why)
    return evidence


def _years_of(column: ColumnPlan, years: ColumnPlan) -> bool:
    """Whether two columns whose cells all stand side by side agree in their years, as far as these are written."""
    if len(column.cells) != len(years.cells) or column.time is None or not column.cells:
        return False
    pairs = list(zip(column.cells, years.cells, strict=True))[:JUDGED]
    times = [(parse_time(cell, column.time), year) for cell, year in pairs]
    same = [
        at is not None and at[0].year % 100 == int(float(year)) % 100 for at, year in times if _WHOLE.fullmatch(year)
    ]
    return bool(same) and sum(same) >= ORDERED_SHARE * len(pairs)


def ranked(columns: Sequence[ColumnPlan]) -> list[tuple[ColumnPlan, TimeEvidence]]:
    """Return columns that may be the time, the best first; what stands first in the file wins a tie."""
    judged = [(column, _detailed(column, weighed(column), columns)) for column in columns]
    return sorted(judged, key=lambda pair: -pair[1].points)
