"""Numbers, dates and counts for people: ``89,000``, ``1.2M``, ``3.6 times``, ``12.5%``, ``3 Jan 2024``.

One place, so that an insight, a table and a printed report write the same figure the same way. Observed values are
written as they are, estimates (an expected value, a band) to as many digits as the spread of the series bears.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from msgspec.structs import replace

from domain.struct import Struct
from domain.timeseries.aggregation import Granularity

MINUS: Final = "\u2212"  # the typographic minus: as wide as the plus, never broken off at the end of a line
TIMES: Final = "\u00d7"
FIXED: Final = "\u00a0"  # between a number and its unit: no line ends there (SI brochure, 5.4.3)
SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PERCENT: Final = "%"
PREFIX_UNITS: Final = frozenset("$€£¥₹₩₽₺₪฿₫₦₴₱¢")  # written before the number, as their countries' papers do
COMPACT_FROM: Final = 1e6  # below it a number is written in full
COMPACT: Final = ((1e15, ""), (1e12, "T"), (1e9, "B"), (1e6, "M"))  # beyond 1e15 there is no word people know
SMALLEST_PLAIN: Final = 1e-4  # below it an exponent reads better than a row of zeros
DIGITS: Final = 3  # of an estimate: its own uncertainty is nearly always above 0.5%
SPREAD_DIGITS: Final = 2  # of the spread: what a reader can compare two values of the series by
BRIEF_DIGITS: Final = 4  # of a figure on a card
MOST_DIGITS: Final = 7  # more are not read
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SMALL_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SAYABLE_FOLD: Final = 1.5  # below it "1.2 times" reads worse than "20% above"
MOST_FOLD: Final = 100.0  # beyond it the multiple says more of how small the other number is
NOUNS: Final = {
    Granularity.MINUTE: "minute",
    Granularity.HOUR: "hour",
    Granularity.DAY: "day",
    Granularity.WEEK: "week",
    Granularity.MONTH: "month",
    Granularity.QUARTER: "quarter",
    Granularity.YEAR: "year",
}
CALENDAR: Final = frozenset({Granularity.WEEK, Granularity.MONTH, Granularity.QUARTER, Granularity.YEAR})


def number(value: float, digits: int = DIGITS) -> str:
    """Write an estimate to ``digits`` significant digits: ``24,500``, ``0.0372``, ``1.23M``."""
    if not math.isfinite(value) or value == 0:
        return "0" if value == 0 else "no number"
    return _decimal(value, digits - 1 - _magnitude(value))


def _magnitude(value: float) -> int:
    """Return the exponent of ten of the leading digit."""
    return math.floor(math.log10(abs(value)))


def _decimal(value: float, decimals: int) -> str:
    """Write ``value`` rounded to ``decimals`` places (negative ones round before the point), shortened from 1e6."""
    if abs(value) < COMPACT[0][0]:  # beyond, rounding to places before the point may overflow
        value = float(round(value, decimals))
    if value == 0:
        return "0"
    size = abs(value)
    if size >= COMPACT[0][0] or size < SMALLEST_PLAIN:
        return scientific(f"{value:.{DIGITS - 1}e}")
    suffix = ""
    if size >= COMPACT_FROM:
        unit, suffix = next(pair for pair in COMPACT if size >= pair[0])
        value, decimals = value / unit, decimals + round(math.log10(unit))
    text = f"{abs(value):,.{max(decimals, 0)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (MINUS if value < 0 else "") + text + suffix


def scientific(text: str) -> str:
    """Write ``8.02e-06`` as people do: ``8.02`` times ten to the power of -6, in superscript."""
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa.replace('-', MINUS)}{TIMES}10{str(int(exponent)).translate(SUPERSCRIPTS)}"


class Figures(Struct, frozen=True):
    """Writes the values of one series: with its unit, and as precisely as its spread asks for.

    Attributes:
        unit: the sign its numbers carry, None without one.
        spread: a typical distance between two values of the series, >= 0.
    """

    unit: str | None = None
    spread: float = 0.0

    def observed(self, value: float) -> str:
        """Write a value that was measured: whole numbers below a million in full."""
        if float(value).is_integer() and abs(value) < COMPACT_FROM:
            return self.signed(_decimal(value, 0))
        return self.signed(_decimal(value, max(self._decimals(value), 0 if abs(value) < COMPACT_FROM else -15)))

    def about(self, value: float) -> str:
        """Write an estimate: three significant digits, or more where the spread is finer than that."""
        return self.signed(_decimal(value, self._decimals(value)))

    def brief(self, value: float) -> str:
        """Write a figure of a card or of a table of figures: as a measured value, millions with four digits.

        The page's cards are written in the same way (``short`` in ``frontend/src/components/format.ts``).
        """
        if self.spread > 0 and abs(value) < COMPACT_FROM:
            return self.observed(value)
        return self.signed(number(value, BRIEF_DIGITS))

    def between(self, lower: float, upper: float) -> str:
        """Write a range with its unit once: ``17,300 to 34,600``, ``$1 to $2``, ``827.2 to 840.9 °C``."""
        if self.unit and self.unit not in PREFIX_UNITS:
            bare = Figures(spread=self.spread)
            return f"{bare.about(lower)} to {self.about(upper)}"
        return f"{self.about(lower)} to {self.about(upper)}"

    def change(self, value: float) -> str:
        """Write a difference with its sign: ``+5.1 °C``, of percentages ``+2.4 pp``."""
        figures = replace(self, unit="pp") if self.unit == PERCENT else self
        text = figures.about(value)
        return text if value <= 0 or text == figures.about(0.0) else f"+{text}"

    def distance(self, amount: float) -> str:
        """Write how far two values are apart: ``5.1 °C``. Percentages are percentage points apart, not percent."""
        if self.unit != PERCENT:
            return self.about(amount)
        text = replace(self, unit=None).about(amount)
        return f"{text}{FIXED}percentage {'point' if text == '1' else 'points'}"

    def _decimals(self, value: float) -> int:
        if value == 0 or not math.isfinite(value):
            return 0
        magnitude = _magnitude(value)
        wanted = DIGITS - 1 - magnitude
        if self.spread > 0 and math.isfinite(self.spread):
            wanted = max(wanted, SPREAD_DIGITS - 1 - _magnitude(self.spread))
            if _magnitude(self.spread) > magnitude:  # near zero no more digits than its neighbours have
                wanted = min(wanted, max(DIGITS - 1 - _magnitude(self.spread), 0))
        return min(wanted, MOST_DIGITS - 1 - magnitude)

    def signed(self, text: str) -> str:
        """Put the unit where it belongs: before the number for a currency, behind it for others."""
        if not self.unit:
            return text
        if self.unit in PREFIX_UNITS:
            return f"{MINUS}{self.unit}{text[1:]}" if text.startswith(MINUS) else f"{self.unit}{text}"
        return f"{text}{'' if self.unit == PERCENT else FIXED}{self.unit}"


def percent(share: float) -> str:
    """Write a share (0.125) as ``12.5%``; from 20% on without a fraction, under 1% with two digits."""
    points = 100.0 * share
    if points and abs(points) < 1:
        return f"{number(points, 2)}%"
    return f"{_decimal(points, 1 if abs(points) < 20 else 0)}%"  # noqa: PLR2004 - below a fifth a tenth still tells


def off_by(deviation: float, share: float | None, figures: Figures, *, as_ratio: bool) -> str:
    """Write how far a value is from the expected one: ``+64,500 (+263%)``.

    The share only where both are on a ratio scale: of an expected value that may be near zero it says nothing.
    """
    text = figures.change(deviation)
    if share is None or not as_ratio or abs(share) >= MOST_FOLD:
        return text
    return f"{text} ({'+' if share > 0 else ''}{percent(share)})"


def times(ratio: float) -> str:
    """Write a ratio: ``3.6 times``, ``twice``, ``41 times``."""
    text = _decimal(ratio, 1 if ratio < 10 else 0)  # noqa: PLR2004 - two digits are enough of a ratio
    return "twice" if text == "2" else f"{text} times"


def compared(value: float, expected: float, figures: Figures, *, as_ratio: bool) -> str:
    """Compare a value with the expected one: ``3.6 times the expected 24,500``, ``instead of the expected 24,500``.

    With ``as_ratio`` (both on a ratio scale) as a multiple or in percent, else as a distance.
    """
    goal = f"the expected {figures.about(expected)}"
    side = "above" if value > expected else "below"
    if not as_ratio or expected <= 0 or value < 0:
        distance = min(abs(value - expected), float(np.finfo(np.float64).max))  # of two huge values it overflows
        return f"{figures.distance(distance)} {side} {goal}"
    if value == 0:
        return f"instead of {goal}"
    ratio = value / expected
    if ratio >= MOST_FOLD:
        return f"{figures.distance(value - expected)} {side} {goal}"
    if ratio >= SAYABLE_FOLD:
        return f"{times(ratio)} {goal}"
    return f"{percent(abs(ratio - 1))} {side} {goal}"


def plural(count: int, noun: str) -> str:
    """Write ``1 day``, ``12,500 days``."""
    return f"{count:,} {noun if count == 1 else plural_of(noun)}"


def plural_of(noun: str) -> str:
    """Return the plural of the nouns used here."""
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"


def in_words(count: int) -> str:
    """Write small counts as words (``three``), others as figures."""
    return SMALL_NUMBERS[count] if count < len(SMALL_NUMBERS) else f"{count:,}"


def join(parts: Sequence[str]) -> str:
    """Write ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def noun_of(granularity: Granularity, cadence_seconds: float | None = None) -> str:
    """Return what one point of the series is called: ``day``, ``hour``; ``reading`` where it has no name."""
    if granularity in NOUNS:
        return NOUNS[granularity]
    named = {60.0: "minute", 3_600.0: "hour", 86_400.0: "day", 604_800.0: "week"}
    return named.get(cadence_seconds or 0.0, "reading")


def moment(at: np.datetime64, granularity: Granularity, *, year: bool = True) -> str:
    """Write a wall-clock time as precisely as its unit: ``3 Jan 2024``, ``Jan 2024``, ``10 Oct 2026, 02:00``.

    Args:
        at: naive wall-clock time.
        granularity: the unit of the series; ``native`` shows the time of day where there is one.
        year: False leaves the year out where the reader knows it (never for months and longer).
    """
    when: datetime = at.astype("datetime64[us]").item()
    if granularity is Granularity.YEAR:
        return f"{when.year}"
    if granularity is Granularity.QUARTER:
        return f"Q{(when.month + 2) // 3} {when.year}"
    if granularity is Granularity.MONTH:
        return f"{MONTHS[when.month - 1]} {when.year}"
    day = f"{when.day} {MONTHS[when.month - 1]}" + (f" {when.year}" if year else "")
    if granularity is Granularity.WEEK:
        return f"the week of {day}"
    if granularity is Granularity.DAY or (granularity is Granularity.NATIVE and when.time() == datetime.min.time()):
        return day
    clock = f"{when:%H:%M:%S}" if when.second else f"{when:%H:%M}"
    return f"{day}, {clock}"


def on(at: np.datetime64, granularity: Granularity, *, year: bool = True) -> str:
    """Write a time with its preposition: ``on 3 Jan``, ``in Jan 2024``, ``in the week of 5 Feb``."""
    word = "in" if granularity in CALENDAR else "on"
    return f"{word} {moment(at, granularity, year=year)}"


def stretch(start: np.datetime64, end: np.datetime64, granularity: Granularity, *, year: bool = True) -> str:
    """Write a stretch of time: ``3 to 5 Jan 2024``, ``2 Mar, 14:00 to 18:00``, ``30 Dec 2023 to 2 Jan 2024``."""
    last = moment(end, granularity, year=year)
    first = moment(start, granularity, year=year)
    if first == last:
        return first
    begins, ends = (t.astype("datetime64[us]").item() for t in (start, end))
    if begins.date() == ends.date() and ", " in first:
        return f"{first} to {last.split(', ')[-1]}"
    if ", " in first or granularity in CALENDAR:
        return f"{first} to {last}"
    if (begins.year, begins.month) == (ends.year, ends.month):
        return f"{begins.day} to {last}"
    if begins.year == ends.year:
        return f"{moment(start, granularity, year=False)} to {last}"
    return f"{first} to {last}"


def duration(seconds: float) -> str:
    """Write a length of time in its largest fitting unit: ``45 minutes``, ``3.5 hours``, ``12 days``."""
    for size, noun in ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * size or seconds == size:
            amount = round(seconds / size, 1 if seconds < 10 * size else 0)
            return f"{amount:g} {noun if amount == 1 else plural_of(noun)}"
    return plural(round(seconds), "second")


def wall_clock(at: datetime, offset: timedelta) -> np.datetime64:
    """Return the naive wall-clock time of an aware one."""
    return np.datetime64((at + offset).replace(tzinfo=None), "us")
