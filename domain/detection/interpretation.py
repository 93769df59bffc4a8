"""What the numbers of a series are, where judging them as they stand would be wrong.

Values that only rise are judged by their increments, codes for missing values are left out, and monthly sums are
compared per day where that fits better. Results come back in the unit of the input.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from domain.detection.detectors import flatline
from domain.detection.prepared_series import BoolArray, FloatArray, IntArray
from domain.detection.robust_stats import spread

CUMULATIVE_FROM: Final = 30  # values
RISING: Final = 0.97  # share of steps that do not fall; an annual reset and a bad reading may
MOVING: Final = 0.5  # share of steps that rise: a price list that changes twice a year is no counter
# Of a smooth curve that rises, neighbours differ by nearly the same amount; of a counter each increment is a new one.
SMOOTH: Final = 0.12  # of the median increment: by so little the increments of a smooth curve change
RESET_SHARE: Final = 0.5  # of the value before: less is a reset, more a correction

# Numbers that writers of files use for "no value": all nines, and the ends of 16-bit integers.
CODES: Final = (
    99.0,
    999.0,
    9_999.0,
    99_999.0,
    999_999.0,
    -99.0,
    -999.0,
    -9_999.0,
    -99_999.0,
    -32_768.0,
    32_767.0,
)
CODES_FEWEST: Final = 2  # times it occurs; once may be a spike
CODES_MOST: Final = 0.5  # of the values
CODES_APART: Final = 2.0  # times the range of all other values between them and the code

MONTH_DAYS: Final = (28.0, 31.0)
MONTHS_FROM: Final = 24
YEAR, YEARS_FROM = 12, 48  # months; four years have three changes from year to year of each month
PER_DAY_GAIN: Final = 0.9  # of the spread of month-to-month changes that must be left per day


class Nature(StrEnum):
    """What the values of a series are."""

    PLAIN = "plain"
    CUMULATIVE = "cumulative"  # judged by increments
    PER_MONTH = "per_month"  # judged per day of the month
    PER_WORKING_DAY = "per_working_day"  # judged per Monday to Friday of the month


@dataclass(frozen=True, slots=True)
class Increments:
    """A cumulative series as its increments.

    Attributes:
        values: per point, its rise since the last usable point; NaN where there is none, and at bad readings.
        base: what is added to an increment to be in the unit of the input again.
        resets: positions at which counting began again.
        bad: single readings that fall (or jump) and are back at once.
    """

    values: FloatArray
    base: FloatArray
    resets: IntArray
    bad: IntArray


def codes_for_missing(values: FloatArray) -> tuple[BoolArray, float | None]:
    """Return where a code stands for a missing value, and the code; None without one."""
    finite = np.isfinite(values)
    nothing = np.zeros(len(values), dtype=np.bool_)
    if finite.sum() < CUMULATIVE_FROM:
        return nothing, None
    low, high = float(values[finite].min()), float(values[finite].max())
    for code in (high, low):
        if code not in CODES:
            continue
        there = values == code
        others = values[finite & ~there]
        if not CODES_FEWEST <= there.sum() <= CODES_MOST * finite.sum() or len(others) == 0:
            continue
        away = float(np.abs(others - code).min())
        if away > CODES_APART * max(float(others.max() - others.min()), float(np.abs(others).max()) / 2):
            return there, code
    return nothing, None


def increments(values: FloatArray, places: IntArray) -> Increments | None:
    """Return the increments of values that (nearly) only rise, None of others.

    Args:
        values: in order of time, finite.
        places: of each on the grid of all points; missing ones leave numbers out.
    """
    n = len(values)
    if n < CUMULATIVE_FROM or values.min() < 0:
        return None
    steps = np.diff(values)
    if (steps >= 0).mean() < RISING or (steps > 0).mean() < MOVING:
        return None
    bad = _bad_readings(values)
    good = np.setdiff1d(np.arange(n), bad)
    rises = np.diff(values[good])
    resets = good[1:][rises < 0]
    if (values[resets] > RESET_SHARE * values[good[np.flatnonzero(rises < 0)]]).any() or _smooth(rises):
        return None
    base = np.full(n, np.nan)
    base[good[1:]] = values[good[:-1]]
    base[resets] = 0.0
    rise = values - base
    rise[_idle(rise)] = np.nan
    rise[good[1:][np.diff(places[good]) > 1]] = np.nan  # a rise over several steps is none of one
    return Increments(rise, base, resets, bad)


def _bad_readings(values: FloatArray) -> IntArray:
    """Return single readings that leave the rise and are back at once."""
    before, here, after = values[:-2], values[1:-1], values[2:]
    back = (after >= before) & ((here < before) | (here > after))
    return np.asarray(np.flatnonzero(back) + 1, dtype=np.int64)


def _idle(rise: FloatArray) -> BoolArray:
    """Return where nothing is counted for longer than chance explains: a meter at rest, not a series of zeros."""
    idle = np.zeros(len(rise), dtype=np.bool_)
    for run in flatline.find(np.nan_to_num(rise)):
        if rise[run.start] == 0:
            idle[run.start : run.end + 1] = True
    return idle


def _smooth(rises: FloatArray) -> bool:
    moving = rises[rises > 0]
    return len(moving) == 0 or float(np.median(np.abs(np.diff(moving)))) < SMOOTH * float(np.median(moving))


def month_weights(time: np.ndarray, values: FloatArray) -> tuple[FloatArray, Nature] | None:
    """Return the days of each point's month over their mean, if monthly values vary less per day; else None.

    The days that count are all, or Monday to Friday. That February is short is the same every year; that it has 20
    working days, not 21, is not, and shows in what changes from year to year.

    Args:
        time: wall-clock starts in order, datetime64.
        values: positive and finite.
    """
    if len(values) < MONTHS_FROM or values.min() <= 0:
        return None
    month = time.astype("datetime64[M]")
    if (np.diff(month.astype(np.int64)) != 1).any():
        return None
    days = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.float64)
    weight = days / days.mean()
    logs = np.log(values)
    before, after = (_changes(x) for x in (logs, logs - np.log(weight)))
    by_days = after < PER_DAY_GAIN * before
    if len(values) >= YEARS_FROM:
        working = np.busday_count(month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")).astype(np.float64)
        worked = working / working.mean()
        plain, all_days, work_days = (_changes(x, YEAR) for x in (logs, logs - np.log(weight), logs - np.log(worked)))
        if work_days < PER_DAY_GAIN * (min(plain, all_days) if by_days else plain):
            return worked, Nature.PER_WORKING_DAY
    return (weight, Nature.PER_MONTH) if by_days else None


def _changes(logs: FloatArray, months: int = 1) -> float:
    """Return the spread of changes over so many months."""
    steps = logs[months:] - logs[:-months]
    return spread(steps - np.median(steps))
