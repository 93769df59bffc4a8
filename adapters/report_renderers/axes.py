"""Axes: where values and times lie on a chart, and which of them are written beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Granularity
from domain.wording.formatting import MINUS, moment, scientific

MANTISSAS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)  # steps whose multiples people read at a glance (Heckbert 1990)
LARGEST_PLAIN: Final = 1e15  # beyond, and below the next, an exponent reads better than a row of digits
SMALLEST_PLAIN: Final = 1e-4
MOST_DECIMALS: Final = 12  # no axis of floats has finer steps than that below 1e-4
SECOND: Final = timedelta(seconds=1)
DAY_SECONDS: Final = 86_400
SHORT_STEPS: Final = (  # within a month, in seconds
    *(60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200),
    *(DAY_SECONDS, 2 * DAY_SECONDS, 7 * DAY_SECONDS, 14 * DAY_SECONDS),
)
MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200)
MONTH_SECONDS: Final = 30.44 * DAY_SECONDS  # the mean length of a month
LATEST_MONTH: Final = 9_999 * 12 + 11  # December of the last year a datetime knows


@dataclass(frozen=True, slots=True)
class AxisScale:
    """Maps ``low``..``high`` onto ``start``..``end`` (pixels)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value lies."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        # Halved before they are subtracted: the distance of two huge values may exceed the largest float.
        share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return self.start + share * (self.end - self.start)


def value_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round values that span ``low`` to ``high``, the outermost at or beyond them."""
    if not low < high or high / 2 - low / 2 < 1e-12 * max(abs(low), abs(high)):
        pad = abs(low) * 0.1 or 1.0
        low, high = low - pad, high + pad
    raw = 2 * ((high / 2 - low / 2) / about)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in MANTISSAS if m * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step), math.ceil(high / step)
    return [k * step for k in range(first, last + 1)]


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Write ticks with as many digits as their step needs, shortened from ten thousand on."""
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else abs(ticks[0])
    size = max(abs(tick) for tick in ticks)
    for unit, suffix, least in ((1e12, "T", 1e12), (1e9, "B", 1e9), (1e6, "M", 1e6), (1e3, "K", 1e4)):
        if least <= size < LARGEST_PLAIN:
            return [_fixed(tick / unit, step / unit, suffix) for tick in ticks]
    plain = SMALLEST_PLAIN <= size < LARGEST_PLAIN
    return [_fixed(tick, step, "") if plain else _shortest(tick) for tick in ticks]


def _shortest(tick: float) -> str:
    text = f"{tick:.6g}"
    return scientific(text) if "e" in text else text.replace("-", MINUS)


def _fixed(value: float, step: float, suffix: str) -> str:
    exact = (d for d in range(MOST_DECIMALS) if step and math.isclose(round(step, d), step, rel_tol=1e-6))
    decimals = next(exact, 0)
    text = f"{abs(value):,.{decimals}f}"
    if not float(text.replace(",", "")):
        return "0"
    return (MINUS if value < 0 else "") + text + suffix


def time_ticks(first: datetime, last: datetime, about: int = 6) -> list[tuple[datetime, str]]:
    """Return round times between two naive wall-clock times with their labels."""
    span = max((last - first).total_seconds(), 1.0)
    for seconds in SHORT_STEPS:
        if span / seconds <= about + 1:
            return _short(first, last, seconds)
    months = next((m for m in MONTH_STEPS if span / (m * MONTH_SECONDS) <= about + 1), MONTH_STEPS[-1])
    ticks = []
    at = first.year * 12 + first.month - 1
    at += -at % months
    while at <= min(last.year * 12 + last.month - 1, LATEST_MONTH):
        when = datetime(at // 12, at % 12 + 1, 1)  # noqa: DTZ001 - wall clock
        if first <= when <= last:
            unit = Granularity.YEAR if months >= 12 else Granularity.MONTH  # noqa: PLR2004 - months of a year
            ticks.append((when, moment(np.datetime64(when, "us"), unit)))
        at += months
    return ticks


def _short(first: datetime, last: datetime, seconds: int) -> list[tuple[datetime, str]]:
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    steps = math.ceil((first - midnight) / (seconds * SECOND))
    labels = []
    while (when := midnight + steps * seconds * SECOND) <= last:
        clock = when.hour or when.minute
        text = f"{when:%H:%M}" if clock else moment(np.datetime64(when, "us"), Granularity.DAY, year=False)
        labels.append((when, text))
        steps += 1
    return labels
