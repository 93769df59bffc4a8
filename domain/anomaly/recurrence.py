"""Habits: what a series does again and again is how it behaves, not news."""

from typing import Final

import numpy as np

from domain.anomaly.events import Span
from domain.anomaly.series import BoolArray, FloatArray

FROM: Final = 1_000  # points; in a shorter series a handful of equal spikes may well be a handful of mistakes
SIMILAR: Final = 0.75  # an event this large compared with another is of its kind
ONE_IN: Final = 400  # more than one of a kind in so many points is a habit ...
FEWEST: Final = 6  # ... if there are at least so many


def habits(spans: list[Span], scores: FloatArray, points: int) -> BoolArray:
    """Return which events are habits: many others on the same side are as large, or nearly.

    One event far larger than the habit stays news. Equal events are all habits or none.

    Args:
        spans: every event that some sensitivity would report, so that the answer does not depend on the dial.
        scores: signed, per point.
        points: length of the series.
    """
    found = np.zeros(len(spans), dtype=np.bool_)
    if points < FROM or not spans:
        return found
    peaks = scores[[s.peak for s in spans]]
    for sign in (1.0, -1.0):
        mine = np.flatnonzero(peaks * sign > 0)
        size = np.sort(np.abs(peaks[mine]))
        as_large = len(size) - np.searchsorted(size, SIMILAR * np.abs(peaks[mine]))
        found[mine] = as_large - 1 >= max(FEWEST, points / ONE_IN)
    return found


def points_of(spans: list[Span], chosen: BoolArray, points: int) -> BoolArray:
    """Return the points that the chosen events cover."""
    change = np.zeros(points + 1)
    for span, is_chosen in zip(spans, chosen, strict=True):
        if is_chosen:
            change[span.start] += 1
            change[span.end + 1] -= 1
    return np.cumsum(change)[:-1] > 0
