"""Cells that are times. One pattern per way of writing serves Python and SQL (RE2)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from adapters.ingest.numbers import literal

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    "(?i:(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))"
)
_WEEKDAY: Final = r"(?i:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_CLOCK: Final = (
    r"(?:(?:[T ]|,\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d{1,9})?))?"
    r"\s*([AaPp]\.?[Mm]\.?)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_ORDINAL: Final = "(?:st|nd|rd|th)?"
CLOCK_GROUPS: Final = ("h", "mi", "s", "ap", "z")


class Family(StrEnum):
    """A way of writing a time."""

    YMD = "ymd"
    NUMERIC = "numeric"  # day and month by number, year last: which comes first has to be proven
    DAY_NAME_YEAR = "day month-name year"
    NAME_DAY_YEAR = "month-name day year"
    COMPACT = "compact"
    YEAR_MONTH = "year-month"
    NAME_YEAR = "month-name year"
    QUARTER = "quarter"
    EPOCH_S = "epoch seconds"
    EPOCH_MS = "epoch milliseconds"
    EPOCH_US = "epoch microseconds"
    EPOCH_NS = "epoch nanoseconds"
    YEAR = "year"


PATTERNS: Final[dict[Family, tuple[str, tuple[str, ...]]]] = {
    Family.YMD: (rf"^\s*(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}\s*$", ("y", "m", "d", *CLOCK_GROUPS)),
    Family.NUMERIC: (
        rf"^\s*{_WEEKDAY}(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){_CLOCK}\s*$",
        ("a", "b", "y", *CLOCK_GROUPS),
    ),
    Family.DAY_NAME_YEAR: (
        rf"^\s*{_WEEKDAY}(\d{{1,2}}){_ORDINAL}[\s\-/.]+{_MONTH}\.?,?[\s\-/.]+(\d{{4}}|\d{{2}}){_CLOCK}\s*$",
        ("d", "n", "y", *CLOCK_GROUPS),
    ),
    Family.NAME_DAY_YEAR: (
        rf"^\s*{_WEEKDAY}{_MONTH}\.?[\s\-/.]+(\d{{1,2}}){_ORDINAL},?[\s\-/.]+(\d{{4}}){_CLOCK}\s*$",
        ("n", "d", "y", *CLOCK_GROUPS),
    ),
    Family.COMPACT: (
        (
            r"^\s*((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?"
            r"(Z|z|[+-]\d{2}:?\d{2})?)?\s*$"
        ),
        ("y", "m", "d", "h", "mi", "s", "z"),
    ),
    Family.YEAR_MONTH: (r"^\s*(\d{4})[-/](\d{1,2})\s*$", ("y", "m")),
    Family.NAME_YEAR: (rf"^\s*{_MONTH}\.?[\s\-/]+(\d{{4}})\s*$", ("n", "y")),
    Family.QUARTER: (r"^\s*(\d{4})[\s\-/]?[Qq]([1-4])\s*$", ("y", "q")),
    Family.YEAR: (r"^\s*(1[6-9]\d{2}|2[0-2]\d{2})\s*$", ("y",)),
}
# Digits that a time between 2001-09-09 and 2286-11-20 has; earlier epochs are plain numbers unless the name says time.
EPOCHS: Final = {
    Family.EPOCH_S: (1.0, 9, 10),
    Family.EPOCH_MS: (1e3, 12, 13),
    Family.EPOCH_US: (1e6, 15, 16),
    Family.EPOCH_NS: (1e9, 18, 19),
}
FAMILY_SHARE: Final = 0.1  # of a sample's times: as many as may be wrong before a column is looked at again
TWO_DIGIT_PIVOT: Final = 69  # POSIX strptime %y: 69-99 are 1969-1999, 00-68 are 2000-2068
IN_RANGE: Final = "BETWEEN TIMESTAMP '0001-01-03' AND TIMESTAMP '9999-12-29'"  # datetime's, less two days of offsets
# Shapes that SQL's own cast reads exactly; it must be held to the shape, for it drops offsets silently (DuckDB 2.0).
FAST_SHAPES: Final = (
    "____-__-__",
    "____-__-__ __:__:__",
    "____-__-__T__:__:__",
    "____-__-__ __:__",
    "____-__-__T__:__",
)


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """How the times of a column are written.

    Attributes:
        families: every way that occurs.
        day_first: of ``Family.NUMERIC``; None if it does not occur or is not decided.
        shapes: LIKE patterns that the fast cast serves.
        aware: whether some cells carry an offset from UTC.
        native: whether the source's column already is a TIMESTAMP.
    """

    families: tuple[Family, ...]
    day_first: bool | None = None
    shapes: tuple[str, ...] = ()
    aware: bool = False
    native: bool = False


@dataclass(slots=True)
class OrderEvidence:
    """How many cells prove which order of day and month; an example of each."""

    day_first: int = 0
    month_first: int = 0
    undecided: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, cell: str, first: int, second: int) -> None:
        """Count one cell."""
        if first > 12 >= second:  # noqa: PLR2004 - months of a year
            self.day_first += 1
        elif second > 12 >= first:  # noqa: PLR2004
            self.month_first += 1
        elif first != second:
            self.undecided += 1
            if len(self.examples) < 1:
                self.examples.append(cell)


def family_of(cell: str, *, named_time: bool) -> Family | None:
    """Return how a cell is written. Bare numbers count as times only under a name that says so."""
    text = cell.strip()
    if text.isascii() and text.lstrip("-").replace(".", "", 1).isdigit():
        return _numeric_family(text) if named_time else None
    for family, (pattern, _) in PATTERNS.items():
        if family is not Family.YEAR and re.match(pattern, text, re.ASCII):
            return family
    return None


def _numeric_family(text: str) -> Family | None:
    if re.match(PATTERNS[Family.COMPACT][0], text, re.ASCII) and len(text) in {8, 12, 14}:
        return Family.COMPACT
    whole = len(text.split(".", maxsplit=1)[0])
    for family, (_, low, high) in EPOCHS.items():
        if low <= whole <= high and not text.startswith("-"):
            return family
    return Family.YEAR if re.match(PATTERNS[Family.YEAR][0], text, re.ASCII) else None


def infer_time(cells: Sequence[str], *, named_time: bool) -> tuple[TimeFormat, float, OrderEvidence]:
    """Find how a column's times are written, and the share of cells that are any."""
    found: dict[Family, int] = {}
    shapes: dict[str, None] = {}
    order, aware = OrderEvidence(), False
    for cell in cells:
        family = family_of(cell, named_time=named_time)
        if family is None:
            continue
        found[family] = found.get(family, 0) + 1
        if family is Family.YMD:
            shape = re.sub(r"[0-9]", "_", cell)
            if shape in FAST_SHAPES:
                shapes[shape] = None
        parts = parts_of(cell, family)
        if family is Family.NUMERIC and parts:
            order.add(cell, int(parts["a"]), int(parts["b"]))
        aware = aware or bool(parts.get("z")) or family in EPOCHS
    # A way that next to no cell is written in is an error: "20-01-01" among ISO dates is no day of 2001.
    least = min(max(found.values(), default=0), max(2, FAMILY_SHARE * sum(found.values())))
    ways = tuple(family for family, count in found.items() if count >= least)
    form = TimeFormat(families=ways, shapes=tuple(shapes), aware=aware)
    return form, sum(found.values()) / len(cells) if cells else 0.0, order


def parts_of(cell: str, family: Family) -> dict[str, str]:
    """Return the named groups of a cell ("" where empty), or nothing."""
    if family in EPOCHS:
        return {}
    pattern, names = PATTERNS[family]
    match = re.match(pattern, cell, re.ASCII)
    return {name: match[i + 1] or "" for i, name in enumerate(names)} if match else {}


def parse_time(cell: str, form: TimeFormat) -> tuple[datetime, bool] | None:
    """Return the naive time a cell holds and whether that is UTC by its own offset; None if it holds none."""
    for family in form.families:
        if family in EPOCHS:
            if re.fullmatch(r"\s*\d+(?:\.\d*)?\s*", cell, re.ASCII):
                micros = round(float(cell) * 1e6 / EPOCHS[family][0])
                return datetime(1970, 1, 1) + timedelta(microseconds=micros), True  # noqa: DTZ001 - naive by contract
            continue
        parts = parts_of(cell, family)
        if parts:
            return _moment(parts, day_first=bool(form.day_first))
    return None


def _moment(parts: dict[str, str], *, day_first: bool) -> tuple[datetime, bool] | None:
    if "a" in parts:
        parts["d"], parts["m"] = (parts["a"], parts["b"]) if day_first else (parts["b"], parts["a"])
    year = int(parts["y"])
    if len(parts["y"]) == 2:  # noqa: PLR2004 - digits of a short year
        year += 1900 if year >= TWO_DIGIT_PIVOT else 2000
    month = _MONTHS.index(parts["n"][:3].lower()) + 1 if "n" in parts else int(parts.get("m") or 1)
    month = int(parts["q"]) * 3 - 2 if "q" in parts else month
    hour = int(parts.get("h") or 0)
    if parts.get("ap"):
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock's face
            return None
        hour = hour % 12 + (12 if parts["ap"][0] in "pP" else 0)
    seconds = float((parts.get("s") or "0").replace(",", "."))
    try:
        day = datetime(year, month, int(parts.get("d") or 1))  # noqa: DTZ001 - naive by contract
        if not (hour <= 24 and int(parts.get("mi") or 0) < 60 and seconds < 60):  # noqa: PLR2004 - a day
            return None
        moment = day + timedelta(hours=hour, minutes=int(parts.get("mi") or 0), microseconds=int(seconds * 1e6 + 0.5))
        offset = parts.get("z", "")
        return moment - timedelta(minutes=_offset_minutes(offset)), bool(offset)
    except (ValueError, OverflowError):
        return None


def _offset_minutes(text: str) -> int:
    if not text or text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if text[0] == "-" else minutes


def time_sql(cell: str, form: TimeFormat) -> tuple[str, str]:
    """Return SQL for the naive TIMESTAMP a cell holds (NULL if none), and for whether its own offset was applied.

    The time counts only if it is ``IN_RANGE``.
    """
    if form.native:
        return f"try_cast({cell} AS TIMESTAMP)", "true" if form.aware else "false"
    fast = " OR ".join(f"{cell} LIKE {literal(shape)}" for shape in form.shapes)
    branches = [f"CASE WHEN {fast} THEN try_cast({cell} AS TIMESTAMP) END"] if fast else []
    aware: list[str] = []
    for family in form.families:
        if family in EPOCHS:
            scale, low, high = EPOCHS[family]
            micros = f"try_cast(round(try_cast({cell} AS DECIMAL(38, 9)) * {1e6 / scale:.9f}) AS BIGINT)"
            match = rf"^\s*\d{{{max(low - 2, 1)},{high}}}(?:\.\d*)?\s*$"
            found = f"regexp_matches({cell}, {literal(match)})"
            branches.append(f"CASE WHEN {found} THEN try(make_timestamp({micros})) END")
            aware.append(found)
        else:
            branches.append(_family_sql(cell, family, day_first=bool(form.day_first)))
            if form.aware and "z" in PATTERNS[family][1]:
                aware.append(rf"regexp_matches({cell}, '(?:Z|z|UTC|GMT|:\d\d[^-+:]*[+-]\d\d(?::?\d\d)?)\s*$')")
    moment = branches[0] if len(branches) == 1 else f"coalesce({', '.join(branches)})"
    return moment, " OR ".join(dict.fromkeys(aware)) or "false"


def _family_sql(cell: str, family: Family, *, day_first: bool) -> str:
    pattern, names = PATTERNS[family]
    listed = ", ".join(f"'{name}'" for name in names)
    day, month = "x.d", "x.m"
    if family is Family.NUMERIC:
        day, month = ("x.a", "x.b") if day_first else ("x.b", "x.a")
    if "n" in names:
        month = f"list_position([{', '.join(literal(m) for m in _MONTHS)}], lower(x.n[1:3]))::VARCHAR"
    if family is Family.QUARTER:
        month = "(x.q::INT * 3 - 2)::VARCHAR"
    if family is Family.YEAR:
        month = "'1'"
    if "d" not in names and family is not Family.NUMERIC:
        day = "'1'"
    year = (
        f"CASE WHEN length(x.y) = 2 THEN CASE WHEN x.y::INT >= {TWO_DIGIT_PIVOT} THEN '19' ELSE '20' END || x.y"
        " ELSE x.y END"
    )
    date = f"try_cast({year} || '-' || {month} || '-' || {day} AS TIMESTAMP)"
    body = f"CASE WHEN x.y <> '' THEN {date}{_clock_sql(names)} END"
    return f"list_transform([regexp_extract({cell}, {literal(pattern)}, [{listed}])], lambda x: {body})[1]"


def _clock_sql(names: Iterable[str]) -> str:
    if "h" not in names:
        return ""
    hour, limit = "x.h::BIGINT", "x.h::BIGINT <= 24"
    if "ap" in names:
        hour = "CASE WHEN x.ap = '' THEN x.h::BIGINT ELSE x.h::BIGINT % 12 + 12 * (lower(x.ap[1]) = 'p')::INT END"
        limit = "(CASE WHEN x.ap = '' THEN x.h::INT <= 24 ELSE x.h::INT BETWEEN 1 AND 12 END)"
    second = "CASE WHEN x.s = '' THEN 0 ELSE replace(x.s, ',', '.')::DECIMAL(18, 9) END"
    micros = f"(({hour}) * 3600 + x.mi::BIGINT * 60) * 1000000 + round(({second}) * 1000000)::BIGINT"
    valid = f"{limit} AND x.mi::INT < 60 AND ({second}) < 60"
    clock = f" + CASE WHEN x.h = '' THEN INTERVAL 0 SECOND WHEN {valid} THEN to_microseconds({micros}) END"
    if "z" not in names:
        return clock
    digits = "replace(x.z[2:], ':', '')"
    minutes = f"({digits}[1:2]::INT * 60 + CASE WHEN length({digits}) > 2 THEN {digits}[3:]::INT ELSE 0 END)"
    return clock + (
        f" - CASE WHEN x.z[1] IN ('+', '-') THEN to_minutes({minutes} * CASE x.z[1] WHEN '-' THEN -1 ELSE 1 END)"
        " ELSE INTERVAL 0 SECOND END"
    )
