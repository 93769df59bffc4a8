"""The ways of writing a time. One pattern per way serves Python (on collapsed blanks) and SQL (RE2)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from adapters.duckdb.reader.columns.zone_names import ZONE_PATTERN

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    "(?i:(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))"
)
_WEEKDAY: Final = r"(?i:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_CLOCK: Final = (
    r"(?:(?:[Tt_:-]|,?\s+|,)(?:at\s+|-\s+)?(\d{1,2})(?:[:.hH](\d{2})(?:[:.](\d{2}(?:[.,:]\d{1,9})?))?)?[hH]?"
    rf"\s*([AaPp]\.?\s?[Mm]\.?)?\s*{ZONE_PATTERN}?(?:\s*[\[(][^\])]*[\])])?)?"
)
_ORDINAL: Final = r"(?:st|nd|rd|th|\.|º|er)?"
_SHORT: Final = r"['’]?(\d{4}|\d{2})"  # a year of four digits or two
_QUARTER: Final = r"(?:[Qq](?:uarter|UARTER|tr|TR)?|[Kk])"
_WEEK: Final = r"(?:[Ww](?:eek|EEK|k|K)?|[Kk][Ww]|[Vv])"
CLOCK_GROUPS: Final = ("h", "mi", "s", "ap", "z")


class Family(StrEnum):
    """A way of writing a time; its text is what a user reads of it."""

    YMD = "ymd"
    NUMERIC = "numeric"  # day and month by number, year last: which comes first has to be proven
    DAY_NAME_YEAR = "day month-name year"
    NAME_DAY_YEAR = "month-name day year"
    YEAR_NAME_DAY = "year month-name day"
    CTIME = "weekday month-name day clock year"
    COMPACT = "compact"
    COMPACT_SHORT = "yymmdd"
    YEAR_MONTH = "year-month"
    MONTH_YEAR = "month-year"
    COMPACT_MONTH = "yyyymm"
    SHORT_YEAR_MONTH = (
        "yy-mm"  # these two mean as well a day and a month, a score, a ratio: the rows have to prove them
    )
    SHORT_MONTH_YEAR = "mm-yy"
    NAME_YEAR = "month-name year"
    YEAR_NAME = "year month-name"
    QUARTER = "quarter"
    QUARTER_YEAR = "quarter year"
    QUARTER_COUNT = "quarter count"
    HALF = "half-year"
    WEEK = "ISO week"
    WEEK_YEAR = "week year"
    FINANCIAL = "financial year"
    FINANCIAL_NAMED = "financial year FY"
    EPOCH_S = "epoch seconds"
    EPOCH_MS = "epoch milliseconds"
    EPOCH_US = "epoch microseconds"
    EPOCH_NS = "epoch nanoseconds"
    EXCEL = "Excel serial day"
    DECIMAL_MONTH = "decimal year by months"
    DECIMAL_YEAR = "decimal year"
    YEAR = "year"


PATTERNS: Final[dict[Family, tuple[str, tuple[str, ...]]]] = {
    Family.YMD: (
        rf"^\s*{_WEEKDAY}(\d{{4}})[-/._: ](\d{{1,2}})[-/._: ](\d{{1,2}}){_CLOCK}\s*$",
        ("y", "m", "d", *CLOCK_GROUPS),
    ),
    Family.NUMERIC: (
        rf"^\s*{_WEEKDAY}(\d{{1,2}})[-/.]\s*(\d{{1,2}})[-/.]\s*(\d{{4}}|\d{{2}}){_CLOCK}\s*$",
        ("a", "b", "y", *CLOCK_GROUPS),
    ),
    Family.DAY_NAME_YEAR: (
        rf"^\s*{_WEEKDAY}(\d{{1,2}}){_ORDINAL}[\s\-/.]*{_MONTH}\.?,?[\s\-/.]*{_SHORT}{_CLOCK}\s*$",
        ("d", "n", "y", *CLOCK_GROUPS),
    ),
    Family.NAME_DAY_YEAR: (
        rf"^\s*{_WEEKDAY}{_MONTH}\.?[\s\-/.]*(\d{{1,2}}){_ORDINAL},?[\s\-/.]+(\d{{4}}|\d{{2}}){_CLOCK}\s*$",
        ("n", "d", "y", *CLOCK_GROUPS),
    ),
    Family.YEAR_NAME_DAY: (
        rf"^\s*(\d{{4}})[\s\-/.]*{_MONTH}\.?[\s\-/.]+(\d{{1,2}}){_CLOCK}\s*$",
        ("y", "n", "d", *CLOCK_GROUPS),
    ),
    Family.CTIME: (
        (
            rf"^\s*{_WEEKDAY}{_MONTH}\s+(\d{{1,2}})\s+(\d{{1,2}}):(\d{{2}}):(\d{{2}}(?:\.\d{{1,9}})?)"
            rf"(?:\s+{ZONE_PATTERN})?\s+(\d{{4}})\s*$"
        ),
        ("n", "d", "h", "mi", "s", "z", "y"),
    ),
    Family.COMPACT: (
        (
            r"^\s*((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)(?:[Tt _:\-]{0,2}(\d{2})"
            r"(?::?(\d{2})(?::?(\d{2}(?:[.,:]\d{1,9}|\d{3})?))?)?"
            r"(Z|z|[+-]\d{2}:?\d{2})?)?(?:\.0+)?\s*$"
        ),
        ("y", "m", "d", "h", "mi", "s", "z"),
    ),
    Family.COMPACT_SHORT: (
        r"^\s*(\d{2})(0[1-9]|1[0-2])([0-3]\d)(?:[Tt\s_]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?\s*$",
        ("y", "m", "d", "h", "mi", "s"),
    ),
    Family.YEAR_MONTH: (r"^\s*(\d{4})(?:[-/.]|[\s\-]*[Mm])(\d{1,2})\s*$", ("y", "m")),
    Family.MONTH_YEAR: (r"^\s*(\d{1,2})\s*[-/.]\s*(\d{4})\s*$", ("m", "y")),
    Family.COMPACT_MONTH: (r"^\s*((?:1[6-9]|2[0-2])\d{2})(0[1-9]|1[0-2])(?:\.0+)?\s*$", ("y", "m")),
    Family.SHORT_YEAR_MONTH: (r"^\s*['’]?(\d{1,2})[-/](\d{1,2})\s*$", ("y", "m")),
    Family.SHORT_MONTH_YEAR: (r"^\s*(\d{1,2})[-/]['’]?(\d{1,2})\s*$", ("m", "y")),
    Family.NAME_YEAR: (rf"^\s*{_MONTH}\.?,?[\s\-/_.]*{_SHORT}\s*$", ("n", "y")),
    Family.YEAR_NAME: (rf"^\s*(\d{{4}})[\s\-/_.]*{_MONTH}\.?\s*$", ("y", "n")),
    Family.QUARTER: (rf"^\s*(\d{{4}})[\s\-/:._]*{_QUARTER}\s*([1-4])\s*$", ("y", "q")),
    Family.QUARTER_YEAR: (rf"^\s*{_QUARTER}\s*([1-4])[\s\-/:.,_]*{_SHORT}\s*$", ("q", "y")),
    Family.QUARTER_COUNT: (rf"^\s*([1-4])\.?\s*[Qq](?:uarter|tr)?[\s\-/:.]*{_SHORT}\s*$", ("q", "y")),
    Family.HALF: (r"^\s*(\d{4})[\s\-/]*[HhSs]([12])\s*$", ("y", "hf")),
    Family.WEEK: (rf"^\s*(\d{{4}})[\s\-/]*{_WEEK}\s*(\d{{1,2}})(?:-([1-7]))?\s*$", ("y", "w", "wd")),
    Family.WEEK_YEAR: (rf"^\s*{_WEEK}\.?\s*(\d{{1,2}})[\s\-/,.]*(\d{{4}})\s*$", ("w", "y")),
    Family.FINANCIAL: (r"^\s*(?:[Ff][Yy]\s*)?(\d{4})\s*[-/–]\s*(\d{4}|\d{2})\s*$", ("y", "e")),
    Family.FINANCIAL_NAMED: (r"^\s*(?:[Ff][Yy]|[Cc][Yy])[\s\-]*['’]?(\d{4}|\d{2})\s*$", ("y",)),
    Family.YEAR: (r"^\s*(1\d{3}|2[0-2]\d{2})(?:\.0+)?\s*$", ("y",)),
}
# Microseconds of one unit, and the digits that a time between 2001-09-09 and 2286-11-20 has.
EPOCHS: Final = {
    Family.EPOCH_S: (1.0, 9, 10),
    Family.EPOCH_MS: (1e3, 12, 13),
    Family.EPOCH_US: (1e6, 15, 16),
    Family.EPOCH_NS: (1e9, 18, 19),
}
COUNTED: Final = frozenset({*EPOCHS, Family.EXCEL, Family.DECIMAL_YEAR, Family.DECIMAL_MONTH})  # numbers, no digits
BARE: Final = frozenset({*COUNTED, Family.YEAR, Family.COMPACT_MONTH, Family.COMPACT_SHORT})  # doubtful without a name
PROVEN_BY_ROWS: Final = (Family.SHORT_YEAR_MONTH, Family.SHORT_MONTH_YEAR)
PERIODS: Final = frozenset(
    {
        *PROVEN_BY_ROWS,
        *(Family.YEAR_MONTH, Family.MONTH_YEAR, Family.COMPACT_MONTH, Family.NAME_YEAR, Family.YEAR_NAME),
        *(Family.QUARTER, Family.QUARTER_YEAR, Family.QUARTER_COUNT, Family.HALF, Family.WEEK, Family.WEEK_YEAR),
        *(Family.FINANCIAL, Family.FINANCIAL_NAMED, Family.YEAR, Family.DECIMAL_MONTH, Family.DECIMAL_YEAR),
    }
)  # written without a day of the month
IN_RANGE: Final = "BETWEEN TIMESTAMP '0001-01-03' AND TIMESTAMP '9999-12-29'"  # datetime's, less two days of offsets
# Shapes that SQL's own cast reads exactly; it must be held to the shape, for it drops offsets silently (DuckDB 2.0).
FAST_SHAPES: Final = (
    "____-__-__",
    "____-__-__ __:__:__",
    "____-__-__T__:__:__",
    "____-__-__ __:__",
    "____-__-__T__:__",
)
EXCEL_EPOCH: Final = (
    "1899-12-30"  # day 0 of the 1900 system for every day from 1900-03-01 on (ECMA-376 part 1, 18.17.4)
)


BUDDHIST: Final = 543  # years ahead of the common era, as counted in Thailand since 1941


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """How the times of a column are written.

    Attributes:
        families: every way that occurs.
        day_first: of ``Family.NUMERIC``; None if it does not occur or is not decided.
        shapes: LIKE patterns that the fast cast serves.
        aware: whether some cells carry an offset from UTC.
        native: whether the source's column already is a TIMESTAMP.
        pivot: first two-digit year of the 1900s.
        words: month and weekday names of another language, and what each is in English.
        span: the sign between begin and end where cells are intervals; the begin is read.
        prefix: text that stands before every time ("Week of ").
        clock_first: whether the clock stands before the date.
        marked: whether some times carry the mark of a footnote or of a provisional figure ("2019p", "2019*").
        october: whether "2019.1" is October: a spreadsheet's number drops the last zero of "2019.10".
        era: years that are counted ahead of the common era's (543 in the Buddhist calendar).
        zones: names of time zones that occur, with minutes east of UTC; None while an ambiguous one is not settled.
    """

    families: tuple[Family, ...]
    day_first: bool | None = None
    shapes: tuple[str, ...] = ()
    aware: bool = False
    native: bool = False
    pivot: int = 69
    words: tuple[tuple[str, str], ...] = ()
    span: str = ""
    zones: tuple[tuple[str, int | None], ...] = ()
    prefix: str = ""
    clock_first: bool = False
    marked: bool = False
    october: bool = False
    era: int = 0


# On collapsed blanks a pattern has no two neighbours that match the same text: it cannot backtrack far.
COMPILED: Final = {
    family: re.compile(
        pattern.replace(r"\s*", " ?").replace(r"\s+", " ").replace(r"\s?", " ?"), re.ASCII if family else 0
    )
    for family, (pattern, _) in PATTERNS.items()
}
