"""Columns of bare numbers: years, days, months, epochs, told by the name or by their order."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.time_cells import moment_of
from adapters.duckdb.reader.columns.time_formats import (
    EPOCHS,
    Family,
)

ORDERED_SHARE: Final = 0.95  # of steps that go one way: numbers in this order may be times without a name that says so
# What an unnamed epoch may be: from 1995 to two years ahead. An id or a counter seldom falls into it in order.
_EPOCH_FROM: Final = datetime(1995, 1, 1, tzinfo=UTC).timestamp()
_EXCEL: Final = (14_000, 73_050)  # 1938-04-30 to 2099-12-31


def bare_family(bare: Sequence[str], *, named_time: bool) -> Family | None:
    """Return what most of these bare numbers are as times; None if they are none."""
    possible: Counter[Family] = Counter(family for text in bare for family in bare_families(text))
    enough = [family for family, count in possible.items() if count >= 0.9 * len(bare)]
    if named_time:
        half = [family for family, count in possible.items() if count >= len(bare) / 2]
        enough += [family for family in half if family not in enough and family is not Family.DECIMAL_MONTH]
    else:
        enough = [family for family in enough if family not in EPOCHS or all(_recent(text, family) for text in bare)]
    distinct = len(set(bare))
    if distinct < 2:  # noqa: PLR2004 - a constant is no time without a name
        enough = enough if named_time else []
    ordered = _ordered([float(text) for text in bare])
    return next((f for f in _RANKS if f in enough and _proven(f, named=named_time, ordered=ordered)), None)


def _recent(text: str, family: Family) -> bool:
    """Return whether an epoch lies where events that are recorded lie."""
    ahead = (datetime.now(UTC) + timedelta(days=731)).timestamp()
    return _EPOCH_FROM <= float(text) / EPOCHS[family][0] <= ahead


def drops_zero(bare: Sequence[str]) -> bool:
    """Return whether "2019.1" is October: other months have two digits, and no October is written in full."""
    months = {text.partition(".")[2] for text in bare}
    return "10" not in months and any(len(month) == 2 for month in months)  # noqa: PLR2004 - "01"


def _ordered(values: Sequence[float]) -> bool:
    """Return whether numbers rise (or fall) nearly all the way."""
    steps = [after - before for before, after in pairwise(values) if after != before]
    up = sum(step > 0 for step in steps)
    return bool(steps) and max(up, len(steps) - up) >= ORDERED_SHARE * len(steps)


# In order of trust: what bare numbers are tried as first.
_RANKS: Final = (
    *(Family.COMPACT, Family.EPOCH_NS, Family.EPOCH_US, Family.EPOCH_MS, Family.EPOCH_S),
    *(Family.COMPACT_MONTH, Family.YEAR_MONTH, Family.MONTH_YEAR, Family.YEAR, Family.COMPACT_SHORT, Family.EXCEL),
    *(Family.DECIMAL_MONTH, Family.DECIMAL_YEAR),
)
_BY_ORDER: Final = frozenset({Family.COMPACT, *EPOCHS})  # numbers so long that order alone proves them
_NEED_ORDER: Final = frozenset({Family.YEAR_MONTH, Family.DECIMAL_MONTH, Family.DECIMAL_YEAR})  # a name is not enough


def _proven(family: Family, *, named: bool, ordered: bool) -> bool:
    return (named and (ordered or family not in _NEED_ORDER)) or (ordered and family in _BY_ORDER)


def bare_families(text: str) -> list[Family]:
    """Return what a bare number may be as a time."""
    if text[0] in "+-":
        return []
    whole, _, fraction = text.partition(".")
    out = [f for f in (Family.COMPACT, Family.COMPACT_MONTH) if moment_of(text, f) is not None]
    # Older years are read where the column is one of years; by themselves they are as well a clock's 15:30.
    year = not fraction.strip("0") and len(whole) == 4 and 1600 <= int(whole) < 2300  # noqa: PLR2004 - digits of a year
    out += [Family.YEAR] if year else []
    if not fraction.strip("0"):
        out += [Family.COMPACT_SHORT] if len(text) in {6, 10, 12} and moment_of(text, Family.COMPACT_SHORT) else []
    elif (len(fraction) == 2 or fraction == "1") and len(whole) == 4:  # noqa: PLR2004 - "2019.01", a number's "2019.1"
        out += [Family.YEAR_MONTH] if 1 <= int(fraction) <= 12 else []  # noqa: PLR2004
    elif len(whole) <= 2 and len(fraction) == 4:  # noqa: PLR2004 - "01.2019"
        out += [Family.MONTH_YEAR] if 1 <= int(whole) <= 12 and 1600 <= int(fraction) < 2300 else []  # noqa: PLR2004
    value = float(text)
    for family, (_, low, high) in EPOCHS.items():
        if low <= len(whole) <= high and (_recent(text, family) or len(whole) == high):
            out.append(family)
    if _EXCEL[0] <= value <= _EXCEL[1]:
        out.append(Family.EXCEL)
    if 1500 <= value < 2300 and fraction.strip("0"):  # noqa: PLR2004 - years
        twelfths = (value % 1) * 12
        halves = 2 * twelfths  # months by their first day (.083) or by their middle (.042)
        out += [Family.DECIMAL_MONTH] if abs(halves - round(halves)) < 0.06 else []  # noqa: PLR2004 - a day
        out.append(Family.DECIMAL_YEAR)
    elif 1500 <= value < 2300:  # noqa: PLR2004
        out += [Family.DECIMAL_MONTH, Family.DECIMAL_YEAR]
    return out
