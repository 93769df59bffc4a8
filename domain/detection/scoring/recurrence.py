"""Recurring patterns: events that a series repeats are its usual behaviour and are not reported one by one."""

from typing import Final

import numpy as np

from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries
from domain.detection.scoring.events import DAILY, Span

HOUR, DAY, WEEKDAYS = 3_600.0, 86_400.0, 7

FROM: Final = 1_000  # points; in a shorter series a handful of equal spikes may well be a handful of mistakes
SIMILAR: Final = 0.75  # an event this large compared with another is of its kind
REGULAR_FEWEST: Final = 8  # events of a shorter series that are a pattern if they come at regular intervals, ...
WITHIN: Final = 0.15  # ... each within this share of the interval or a multiple of it, ...
MOSTLY: Final = 0.75  # ... but for some
ONE_IN: Final = 400  # more than one of a kind in so many points is a recurring pattern ...
FEWEST: Final = 6  # ... if there are at least so many
FEWEST_LARGE: Final = 10  # ... and more of days on which the value is several times the expected one, or a fraction
TIMED_FROM: Final = 8  # is_recurring events of which one may fall on an unusual weekday or hour, ...
TIMED_EACH: Final = 3  # ... if every other weekday or hour on which they fall has so many


def recurring_events(spans: list[Span], scores: FloatArray, points: int, large: BoolArray | None = None) -> BoolArray:
    """Return which events recur: many others on the same side are as large, or nearly.

    One event far larger than the others is still reported. Of equal events all recur or none.

    Args:
        spans: every event that some sensitivity would report, so that the answer does not depend on the sensitivity.
        scores: signed, per point.
        points: length of the series.
        large: which of them must be seen more often before they recur; None for none of them.
    """
    recurs = np.zeros(len(spans), dtype=np.bool_)
    if not spans:
        return recurs
    if points < FROM:
        return _regular(spans, scores)
    peaks = scores[[s.peak for s in spans]]
    for sign in (1.0, -1.0):
        mine = np.flatnonzero(peaks * sign > 0)
        size = np.sort(np.abs(peaks[mine]))
        as_large = len(size) - np.searchsorted(size, SIMILAR * np.abs(peaks[mine]))
        fewest = np.full(len(mine), FEWEST) if large is None else np.where(large[mine], FEWEST_LARGE, FEWEST)
        recurs[mine] = as_large - 1 >= np.maximum(fewest, points / ONE_IN)
    return recurs


def at_unusual_times(spans: list[Span], is_recurring: BoolArray, series: PreparedSeries) -> BoolArray:
    """Return which recurring events are the only one on their weekday (of hours and less: in their hour of the day).

    A job that runs long every Sunday recurs; the same on a Wednesday, where it never was, is reported. Where events
    fall on any day no day is unusual.
    """
    unusual = np.zeros(len(spans), dtype=np.bool_)
    places = np.flatnonzero(is_recurring)
    if series.cadence is None or len(places) < TIMED_FROM:
        return unusual
    peaks = series.seconds[[spans[at].peak for at in places]]
    phase = np.floor(peaks / DAY) % WEEKDAYS if series.cadence >= DAILY else np.floor(peaks % DAY / HOUR)
    _, kind, counts = np.unique(phase, return_inverse=True, return_counts=True)
    alone = counts[kind] == 1
    others = counts[kind][~alone]
    if alone.sum() == 1 and len(others) and others.min() >= TIMED_EACH:
        unusual[places[alone]] = True
    return unusual


def _regular(spans: list[Span], scores: FloatArray) -> BoolArray:
    """Return the events of a shorter series that come at regular intervals: wages, a weekly job."""
    recurs = np.zeros(len(spans), dtype=np.bool_)
    peaks = scores[[s.peak for s in spans]]
    for mine in (np.abs(peaks) > 1.0, peaks > 1.0, peaks < -1.0):
        if mine.sum() >= REGULAR_FEWEST and _at_intervals(np.array([s.peak for s in spans])[mine]):
            return recurs | mine
    return recurs


def _at_intervals(at: IntArray) -> bool:
    gaps = np.diff(at)
    usual = float(np.median(gaps))
    times = np.maximum(np.rint(gaps / usual), 1.0)
    return float((np.abs(gaps - times * usual) <= WITHIN * usual).mean()) >= MOSTLY


def points_of(spans: list[Span], chosen: BoolArray, points: int) -> BoolArray:
    """Return the points that the chosen events cover."""
    change = np.zeros(points + 1)
    for span, is_chosen in zip(spans, chosen, strict=True):
        if is_chosen:
            change[span.start] += 1
            change[span.end + 1] -= 1
    return np.cumsum(change)[:-1] > 0
