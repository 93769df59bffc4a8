"""What happens on days that the calendar puts together, learnt from the series itself.

A rhythm of the month (month end, paydays) belongs to the season. A day that comes once a year is a pattern once it is
known from several years; before that it is reported, by its rule. Either way a day is judged among its own kind, so
that a peak which is missing is found where nothing else looks unusual.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from domain.detection.baseline.calendar_rules import (
    DAY_SECONDS,
    DAYS_PER_WEEK,
    CalendarDay,
    CalendarRule,
    NamedDay,
    Places,
    dates_of,
    easter_months,
    monthly_rules,
    yearly_rules,
)
from domain.detection.prepared_series import (
    CALENDAR_STEPS,
    CALENDAR_WITHIN,
    BoolArray,
    FloatArray,
    PreparedSeries,
)
from domain.detection.robust_stats import TO_SIGMA

CADENCE_WITHIN: Final = 0.05  # of a day
FROM: Final = 90  # points: three months
MONTHS_FROM: Final = 36  # points of a series of months: three years
MOST_RULES: Final = 40  # patterns that are looked for, each on what the ones before it left
# A pattern of the month is seen at least so often, and its median deviation is no smaller: five days out of five two
# deviations off on one side are a chance of (1 / 44)^5 for each of the 80 rules.
MONTHLY_FEWEST: Final = 5
MONTHLY_LEAST: Final = 2.0
MONTHLY_EXPLAINED: Final = 0.5  # of the absolute deviation on its days
# Of a year: days four deviations off on one side (1 in 16,000 each) are no chance among 366 dates, but where such days
# are common two of them meet on one date now and then (a bank account: 14 in 581 days), so that dates need three. The
# days that a calendar knows beforehand are few: two will do.
YEARLY_FEWEST: Final = 3
KNOWN_BEFOREHAND_FEWEST: Final = 2
DATES: Final = 1_000  # rules of the year that are tried: dates, working and observed dates, nth weekdays
YEARLY_BY_CHANCE: Final = 0.1  # of them may look like a pattern because such days are common
YEARLY_LEAST: Final = 4.0
YEARLY_EXPLAINED: Final = 0.4
ON_IT: Final = 0.7  # share of the days that show the pattern; where three show it the fourth may miss it
ON_IT_LEAST: Final = 0.35  # of the median: a day with less does not show it
JUDGED_FROM: Final = 3  # days that show it, of which a day is then judged by the others; two only share a name
KNOWN_FROM: Final = 5  # days that show a yearly pattern: from here on it is how the series behaves, ...
KNOWN_IF_SMALL: Final = 4  # ... from here on if its days are not several times (or a fraction of) what others are, ...
KNOWN_IF_ALWAYS: Final = 3  # ... and from here on if no such day is without it
KIND_SCALE: Final = 0.15  # of the effect: no kind of day is steadier, whatever two or three of them say
SMALL_IF: Final = 0.5  # at most so many of its days are large
PAIR: Final = 2
KNOWN_BEFOREHAND: Final = frozenset({CalendarRule.NAMED, CalendarRule.EASTER, CalendarRule.EASTER_MONTH})


@dataclass(frozen=True, slots=True)
class CalendarPattern:
    """Days of one rule on which the series differs.

    Attributes:
        day: the rule.
        places: positions of its days.
        effects: on each, the median deviation of its other days, on the scale of judgement.
        shown: which of them show it.
        expected: whether the pattern is part of what is expected; otherwise its days are reported, by their rule.
    """

    day: CalendarDay
    places: Places
    effects: FloatArray
    shown: BoolArray
    expected: bool


@dataclass(frozen=True, slots=True)
class CalendarEffects:
    """All patterns of a series.

    Attributes:
        patterns: strongest first.
        season: per point, what expected patterns add, on the scale of judgement.
        kind: per point, what its kind of day adds, of patterns that are reported; 0 elsewhere.
        wider: per point, how much less certain its kind of day is, on the scale of judgement; 0 elsewhere.
        pattern_of: per point the index of its pattern, -1 without one.
    """

    patterns: tuple[CalendarPattern, ...]
    season: FloatArray
    kind: FloatArray
    wider: FloatArray
    pattern_of: Places

    @property
    def reported(self) -> BoolArray:
        """Return where a pattern is not part of what is expected."""
        inside = np.array([not p.expected for p in self.patterns] + [False], dtype=np.bool_)
        return np.asarray(inside[self.pattern_of], dtype=np.bool_)

    @property
    def judged(self) -> BoolArray:
        """Return where a pattern that is reported is known well enough to judge its days by it."""
        enough = [not p.expected and int(p.shown.sum()) >= JUDGED_FROM for p in self.patterns]
        return np.asarray(np.array([*enough, False], dtype=np.bool_)[self.pattern_of], dtype=np.bool_)

    @property
    def wider_if_expected(self) -> FloatArray:
        """Return how much less certain the days of expected patterns are; 0 elsewhere."""
        return np.where(self.reported, 0.0, self.wider)


def none(points: int) -> CalendarEffects:
    """Return that nothing is known of a series' calendar."""
    nothing = np.zeros(points)
    return CalendarEffects((), nothing, nothing, nothing, np.full(points, -1, dtype=np.int64))


def among_all(effects: CalendarEffects, at: Places, points: int) -> CalendarEffects:
    """Return the effects of the points ``at`` as those of all ``points``; the others have none."""

    def placed(figures: FloatArray) -> FloatArray:
        out = np.zeros(points)
        out[at] = figures
        return out

    pattern_of = np.full(points, -1, dtype=np.int64)
    pattern_of[at] = effects.pattern_of
    patterns = tuple(replace(pattern, places=at[pattern.places]) for pattern in effects.patterns)
    return CalendarEffects(patterns, placed(effects.season), placed(effects.kind), placed(effects.wider), pattern_of)


def find(
    series: PreparedSeries,
    residual: FloatArray,
    scale: FloatArray,
    named: tuple[NamedDay, ...] = (),
    large: Callable[[], BoolArray] | None = None,
) -> CalendarEffects:
    """Find the calendar's patterns in what season and level leave.

    The strongest first, each on what the ones before it left (forward selection). Effects are leave-one-out medians:
    no day props up its own expectation.

    Args:
        series: of days, or of months; others have no patterns.
        residual: on the scale of judgement.
        scale: one robust deviation, per point.
        named: public holidays and events.
        large: returns where a value is several times what is expected, or a fraction of it; None: nowhere.
    """
    n = len(series)
    cadence = 0.0 if series.cadence is None else series.cadence
    of_days = n >= FROM and abs(cadence / DAY_SECONDS - 1) <= CADENCE_WITHIN
    of_months = n >= MONTHS_FROM and abs(cadence / CALENDAR_STEPS[0] - 1) <= CALENDAR_WITHIN
    if not (of_days or of_months):
        return none(n)
    dates = dates_of(series.seconds)
    if (np.diff(dates.day) <= 0).any():
        return none(n)
    suited = easter_months(dates) if of_months else (*monthly_rules(dates), *yearly_rules(dates, named))
    rules = [(day, at) for day, at in suited if _often(day, at)]
    rest, left = residual.copy(), np.ones(n, dtype=np.bool_)
    common = _common(residual / scale, dates.weekday)
    candidates = {number: _candidate(*rule, rest, scale, left, common) for number, rule in enumerate(rules)}
    patterns: list[CalendarPattern] = []
    while len(patterns) < MOST_RULES:
        best = max((c for c in candidates.values() if c is not None), key=lambda c: c.gain, default=None)
        if best is None:
            break
        patterns.append(best.pattern)
        rest[best.pattern.places] -= best.pattern.effects
        left[best.pattern.places] = False
        for number, (day, at) in enumerate(rules):
            if candidates[number] is not None and not left[at].all():
                candidates[number] = _candidate(day, at, rest, scale, left, common)
    several_fold = large() if large is not None and patterns else np.zeros(n, dtype=np.bool_)
    known = [replace(pattern, expected=_is_known(pattern, several_fold)) for pattern in patterns]
    return _put_together(known, n, rest, scale)


def _often(day: CalendarDay, at: Places) -> bool:
    return len(at) >= _fewest(day)


def _fewest(day: CalendarDay) -> int:
    """Return on how many days a pattern of this kind must be seen."""
    if not day.rule.yearly:
        return MONTHLY_FEWEST
    return KNOWN_BEFOREHAND_FEWEST if day.rule in KNOWN_BEFOREHAND else YEARLY_FEWEST


@dataclass(frozen=True, slots=True)
class _Candidate:
    pattern: CalendarPattern
    gain: float


def _common(deviations: FloatArray, weekday: Places) -> FloatArray:
    """Return per side (above, below) and point how common days so far out are on its weekday."""
    days = np.bincount(weekday, minlength=DAYS_PER_WEEK).clip(1)
    far = (np.bincount(weekday, weights=s * deviations >= YEARLY_LEAST, minlength=DAYS_PER_WEEK) for s in (1.0, -1.0))
    return np.stack([(of_weekday / days)[weekday] for of_weekday in far])


def _by_chance(days: int, shown: int, share: float) -> float:
    """Return how many of all dates would show so many days by chance, if every day had this ``share``."""
    return DATES * math.comb(days, shown) * share**shown


def _candidate(
    day: CalendarDay, at: Places, rest: FloatArray, scale: FloatArray, left: BoolArray, common: FloatArray
) -> _Candidate | None:
    """Return the pattern of a rule on the days that are ``left``, and the deviation it explains; None if it is none."""
    places = at[left[at]]
    if not _often(day, places):
        return None
    size = rest[places] / scale[places]
    ordered = np.sort(size)  # a third of the time of np.median, for so few
    middle = float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    yearly = day.rule.yearly
    if abs(middle) < (YEARLY_LEAST if yearly else MONTHLY_LEAST):
        return None
    shown = size * np.sign(middle) > max(ON_IT_LEAST * abs(middle), MONTHLY_LEAST / PAIR)
    if shown.mean() < ON_IT or shown.sum() < (_fewest(day) if yearly else MONTHLY_FEWEST - 1):
        return None
    if yearly and day.rule not in KNOWN_BEFOREHAND:
        share = float(common[int(middle < 0), places].mean())
        if _by_chance(len(places), int(shown.sum()), share) > YEARLY_BY_CHANCE:
            return None
    effects = _others(rest[places])
    before = np.abs(size)
    explained = before - np.abs(size - effects / scale[places])
    gain = float(
        explained[shown].sum() if yearly else explained.sum()
    )  # a year without it is reported, and no counter-evidence
    if gain < (YEARLY_EXPLAINED if yearly else MONTHLY_EXPLAINED) * float(before[shown].sum()):
        return None
    return _Candidate(CalendarPattern(day, places, effects, shown, not yearly), gain)


def _is_known(pattern: CalendarPattern, large: BoolArray) -> bool:
    """Whether a pattern is how the series behaves: of the month, or seen often, or every year from the third on."""
    times = int(pattern.shown.sum())
    small = float(large[pattern.places[pattern.shown]].mean()) < SMALL_IF
    return (
        not pattern.day.rule.yearly
        or times >= (KNOWN_IF_SMALL if small else KNOWN_FROM)
        or (times >= KNOWN_IF_ALWAYS and bool(pattern.shown.all()))
    )


def _others(values: FloatArray) -> FloatArray:
    """Return for each value the median of the others; of two others the one nearer to zero."""
    n = len(values)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    low, high = max(n - 2, 0) // 2, (n - 1) // 2
    below = ordered[np.minimum(low + (low >= rank), n - 1)]
    above = ordered[np.minimum(high + (high >= rank), n - 1)]
    if n - 1 == PAIR:
        return np.asarray(np.where(np.abs(below) < np.abs(above), below, above), dtype=np.float64)
    return np.asarray((below + above) / 2, dtype=np.float64)


def _put_together(patterns: list[CalendarPattern], points: int, rest: FloatArray, scale: FloatArray) -> CalendarEffects:
    season, kind, wider = np.zeros(points), np.zeros(points), np.zeros(points)
    pattern_of = np.full(points, -1, dtype=np.int64)
    for number, pattern in enumerate(patterns):
        at = pattern.places
        pattern_of[at] = number
        (season if pattern.expected else kind)[at] += pattern.effects
        spread = TO_SIGMA * float(np.median(np.abs(rest[at][pattern.shown])))
        wider[at] = np.maximum(np.maximum(spread, KIND_SCALE * np.abs(pattern.effects)) - scale[at], 0.0)
    return CalendarEffects(tuple(patterns), season, kind, wider, pattern_of)
